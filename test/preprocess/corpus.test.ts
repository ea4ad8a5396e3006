// The preprocessor over real libraries: its tokens are those of `gcc -E -P`. The corpus is that of `npm run conformance`.
// Run: npx vitest run test/preprocess/corpus.test.ts

import { describe, expect, test } from 'vitest';
import { compilerFlags, missingPackages, readCorpus } from '../conformance/corpus.mjs';
import { comparePreprocessor } from '../conformance/preprocessor.ts';
import { folderOf } from '../hostile/support.ts';
import { named, noGcc } from '../needs.ts';

/** Those that `npm run setup` installs; of the others, what is there. */
const REQUIRED: ReadonlySet<string> = new Set(['librbd', 'librados', 'libiscsi']);

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
    const folder = folderOf({
      'differs.h': "#define A 1'000\n#define f(x) #x\nint a = f(1) A;\nint b;\n",
      'fails.h': '#define v(p, q, ...) __VA_OPT__(, q x)\\n#define g(x, y) x\\nint a = v(1, g());\\n',
    });
    const compare = (header: string): string | undefined =>
      comparePreprocessor({ headers: [`${folder}/${header}`] }).difference;
    expect(compare('differs.h')).toContain('token 4, from ');
    expect(compare('fails.h')).toContain('only gcc reports an error: ');
    expect(comparePreprocessor({ headers: ['no/such.h'] })).toMatchObject({ difference: undefined, tokens: 0 });
  });
});
