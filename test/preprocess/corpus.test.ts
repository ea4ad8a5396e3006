// The preprocessor over real libraries: its tokens are those of `gcc -E -P`. The corpus is that of `npm run conformance`.
// Run: npx vitest run test/preprocess/corpus.test.ts

import { describe, expect, test } from 'vitest';
import { compilerFlags, missingPackages, readCorpus } from '../conformance/corpus.mjs';
import { comparePreprocessor, firstDifference, tokensOfPreprocessed } from '../conformance/preprocessor.ts';
import { folderOf } from '../hostile/support.ts';
import { named, noGcc } from '../needs.ts';

/** Those that `npm run setup` installs; of the others, what is there. */
const REQUIRED: ReadonlySet<string> = new Set([
  'librbd',
  'librados',
  'libcephfs',
  'libiscsi',
  'libcurl',
  'libssh2',
  'libssh',
  'libgfapi',
  'libnfs',
  'bzip2',
  'gtk3',
  'sdl2',
]);

const libraries = readCorpus([]).filter(
  (library) => REQUIRED.has(library.name) || missingPackages(library).length === 0,
);

describe.skipIf(noGcc)(named('the headers of a library give the tokens that gcc gives', noGcc), () => {
  test.each(libraries.map((library) => [library.name, library] as const))('%s', (_, library) => {
    const flags = compilerFlags(library);
    const only = (letter: string): string[] => flags.filter((f) => f.startsWith(`-${letter}`)).map((f) => f.slice(2));
    const result = comparePreprocessor({ headers: library.headers, includeDirs: only('I'), defines: only('D') });
    expect(result).toMatchObject({ difference: undefined, error: undefined });
    expect(result.tokens).toBeGreaterThan(1000);
  });

  test('and the comparison would see a difference, and an error of one side', () => {
    const text = '#define v(p, q, ...) __VA_OPT__(, q x)\n#define g(x, y) x\nint a = v(1, g());\n';
    const folder = folderOf({ 'fails.h': text });
    const compare = (header: string): object => comparePreprocessor({ headers: [header] });
    expect(compare(`${folder}/fails.h`)).toMatchObject({ difference: expect.stringMatching(/^only gcc reports/) });
    expect(compare('no/such.h')).toMatchObject({ difference: undefined, error: expect.stringContaining('no/such.h') });
    const [ours, theirs] = [tokensOfPreprocessed('int a; int b;'), tokensOfPreprocessed('int a; long b;')];
    expect(firstDifference(ours, ours)).toBeUndefined();
    expect(firstDifference(ours, theirs)).toContain('token 3, from main.h:1: dlshim has `int a ; int b ;`');
    expect(firstDifference(ours, ours.slice(1))).toContain('token 0');
  });
});
