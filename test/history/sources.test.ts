// headers/<library>/sources.json: where the headers of each version come from, and what is refused in it.
// Run: npx vitest run test/history/sources.test.ts

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemOf, readSources, type Sources, sourceText } from '../../scripts/history/sources.mjs';
import { library } from '../needs.ts';
import { root } from '../tools.ts';

const libraries = readdirSync(join(root, 'headers')).filter((name) => library(name) !== undefined);

describe('the sources of the libraries', () => {
  it.each(libraries)('%s has a version in each suite of Debian', (name) => {
    const { versions } = readSources(join(root, 'headers', name))!;
    const suites = versions.flatMap((version) => ('debian' in version ? version.debian : []));
    expect(suites).toEqual(['bullseye', 'bookworm', 'trixie', 'forky']);
  });

  it.each(libraries)('%s: the history has these versions, from there', (name) => {
    const { versions } = readSources(join(root, 'headers', name))!;
    const file = join(root, 'headers', name, 'history.json');
    expect(existsSync(file)).toBe(true);
    const history = JSON.parse(readFileSync(file, 'utf8')) as {
      versions: { version: string; source: string; sonames: string[] }[];
    };
    expect(history.versions.map(({ version }) => version)).toEqual(versions.map(({ version }) => version));
    for (const [at, version] of versions.entries()) {
      const { source, sonames } = history.versions[at]!;
      expect(source.startsWith(sourceText(version)), `${version.version}: ${source}`).toBe(true);
      expect(sonames, version.version).toEqual(expect.arrayContaining([...(version.sonames ?? [])]));
      expect(sonames.length, `${version.version}: no SONAME is known`).toBeGreaterThan(0);
    }
  });
});

describe('what is wrong with a sources.json is named', () => {
  const repositories = { 'a/b': { headers: { 'x.h': 'x.h' } } };
  const at = { repository: 'a/b', tag: 'v1' };
  const wrong: readonly [string, object, string][] = [
    ['no versions', { versions: [] }, 'versions: there are none'],
    ['a key that is none', { version: '1', versions: [{ version: '1', ...at }] }, 'the file: there is no key version'],
    ['a word for a version', { repositories, versions: [{ version: 'new', ...at }] }, 'versions: new is no version'],
    [
      'a version that is there twice',
      {
        repositories,
        versions: [
          { version: '1', ...at },
          { version: '1', ...at },
        ],
      },
      '1 is there twice',
    ],
    ['a repository that is not described', { versions: [{ version: '1', ...at }] }, 'the file has no repository a/b'],
    [
      'a name that is no repository',
      { repositories: { b: repositories['a/b'] }, versions: [{ version: '1', ...at }] },
      'b is not owner/name',
    ],
    [
      'a version without a place',
      { repositories, versions: [{ version: '1', repository: 'a/b' }] },
      'neither a tag nor a whole commit id',
    ],
    [
      'half a commit id',
      { repositories, versions: [{ version: '1', repository: 'a/b', commit: 'abc123' }] },
      'neither a tag nor a whole commit id',
    ],
    [
      'suites without packages',
      { versions: [{ version: '1', debian: ['bookworm'] }] },
      'the file names no packages of Debian',
    ],
    [
      'a suite that is no list',
      { debian: { headers: [], libraries: [] }, versions: [{ version: '1', debian: 'bookworm' }] },
      'debian is a list of suites',
    ],
  ];
  it.each(wrong)('%s', (_, data, message) => {
    expect(problemOf(data as Sources)).toContain(message);
  });

  it('and nothing is, of one that is right', () => {
    const debian = { headers: ['x-dev'], libraries: ['x1'] };
    const versions = [
      { version: '1.0', ...at },
      { version: '2.0', debian: ['bookworm'], sonames: ['libx.so.1'] },
    ];
    expect(problemOf({ debian, repositories, versions })).toBeUndefined();
  });
});
