// What the committed histories say of a version holds with that version's own headers, as C compilers see them: of the oldest and of the
// newest suite of Debian. test/generator/libraries.test.ts has this machine's own, `npm run history -- --verify` all versions.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AptError } from '../../scripts/apt.mjs';
import { verify } from '../../scripts/history/dlshim.mjs';
import { fill, folderOf } from '../../scripts/history/fill.mjs';
import { readSources, type Sources } from '../../scripts/history/sources.mjs';
import { SUITES, suiteRoot } from '../../scripts/suites.mjs';
import { library, named, noCompiler } from '../needs.ts';
import { root } from '../tools.ts';

type Version = Sources['versions'][number];

const libraries = readdirSync(join(root, 'headers')).flatMap((name) => {
  const sources = library(name) && readSources(join(root, 'headers', name));
  return sources ? [{ name, sources }] : [];
});
const where = { cache: join(root, '.cache/headers'), repositories: join(root, '.cache/repositories') };

/** Why packages of a suite cannot be had; undefined where they can. */
async function noSuite(suite: string): Promise<string | undefined> {
  try {
    await suiteRoot(suite, ['libiscsi-dev'], { dependencies: false });
    return undefined;
  } catch (error) {
    if (!(error instanceof AptError)) throw error;
    return `Debian's suite ${suite} cannot be reached`;
  }
}

function holds(name: string, version: Version): void {
  const results = verify(name, version.version, folderOf(name, version, where));
  const asked = results.filter(({ skipped }) => skipped === undefined);
  expect(asked.length).toBeGreaterThan(0);
  for (const { target, held, wrong } of asked) {
    expect(wrong, target).toEqual([]);
    expect(held, target).toBeGreaterThan(50);
  }
}

for (const suite of [SUITES[0]!, SUITES.at(-1)!]) {
  const missing = noCompiler ?? (await noSuite(suite));
  describe(named(`what the history says of Debian ${suite}'s version`, missing), {
    skip: missing !== undefined,
  }, () => {
    it.each(libraries)('of $name holds with its headers', { timeout: 300_000 }, async ({ name, sources }) => {
      const version = sources.versions.find((each) => 'debian' in each && each.debian.includes(suite))!;
      await fill(name, sources, version, where);
      holds(name, version);
    });
  });
}
