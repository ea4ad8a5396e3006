// dlshim packaging and the suites of Debian: each resolves what the examples' drivers depend on, as if nothing were installed; and the readers of
// notes that each has say what the command says, rpm's generator among them.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SUITES } from '../../scripts/suites.mjs';
import { named } from '../needs.ts';
import { dependsOf, install, packagingTools } from '../packages.ts';
import { dlshim } from '../tools.ts';

const DRIVERS = 'examples/drivers/*/*.ts';
/** Their package-notes: since 0.18 with rpm's generator. */
const NEWEST = 'forky';

const suites = await Promise.all(
  // Any package at all: of the older ones only the lists are of interest.
  SUITES.map(async (suite) => ({ suite, tools: await packagingTools(suite, ['python3-pyelftools']) })),
);

describe.each(suites)('$suite', ({ tools }) => {
  const { missing } = tools;
  test.skipIf(missing !== undefined)(named("resolves what the examples' drivers depend on", missing), () => {
    const { status, stdout, stderr } = install(tools, dependsOf(DRIVERS), ...tools.apt);
    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/^E:/m)]);
    for (const name of ['librbd1', 'libiscsi7', 'libssh-4']) expect(stdout).toMatch(new RegExp(`^Inst ${name} `, 'm'));
    const names = { bullseye: 'libnfs13', bookworm: 'libnfs13' } as Readonly<Record<string, string>>;
    expect(/^Inst (libnfs\d+) /m.exec(stdout)?.[1]).toBe(
      names[suites.find((one) => one.tools === tools)!.suite] ?? 'libnfs14',
    );
  });
});

const newest = await packagingTools(NEWEST, ['dh-dlopenlibdeps', 'python3-pyelftools']);

describe.skipIf(newest.missing !== undefined)(named(`package-notes of ${NEWEST}`, newest.missing), () => {
  const path = join(mkdtempSync(join(tmpdir(), 'packaging-rpm-')), 'dlopen-notes.so');

  test("has rpm's generator say of the object what the command says", () => {
    expect(dlshim('packaging', '--format', 'elf', '-o', path, DRIVERS).status).toBe(0);
    const told = ['Requires', 'Recommends', 'Suggests'].flatMap((tag) => {
      const { stdout, stderr, status } = newest.run(
        '/',
        'sh',
        '-c',
        `echo ${path} | dlopen-notes --rpm-fileattr ${tag}`,
      );
      expect([status, stderr]).toEqual([0, '']);
      const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith(';'));
      return lines.map((line) => `${tag}: ${line}`);
    });
    const ours = dlshim('packaging', '--format', 'rpm', DRIVERS).stdout.trimEnd().split('\n');
    expect(told.length).toBeGreaterThan(3);
    // Of several drivers on one library it says so several times, which rpm takes for once.
    expect([...new Set(told)].sort()).toEqual(ours.sort());
  });

  test('takes several names of a library for alternatives', () => {
    const { stdout } = newest.run('/', 'dlopen-notes', '--sonames', path);
    expect(stdout).toMatch(/^libnfs\.so\.13 libnfs\.so\.14 .*recommended$/m);
  });
});
