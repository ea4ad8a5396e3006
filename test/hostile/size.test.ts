// Headers of tens of megabytes, and ten thousand levels of everything: a module, or a limit that is named, in seconds.
// Run: npx vitest run test/hostile/size.test.ts

import { describe, expect, test } from 'vitest';
import { folderOf, generate, generateModule } from './support.ts';

const MB = 1 << 20;
const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('');

/** What each must say; `''` where a module must come out. */
const HUGE: Readonly<Record<string, readonly [text: () => string, says: string]>> = {
  '50 MB of declarations': [
    () => lines(750_000, (i) => `int function_number_${i}(int first, const char *second, long third);\n`),
    'more than 4000000 tokens',
  ],
  '50 MB of declarations on one line': [
    () => lines(750_000, (i) => `int function_number_${i}(int first, const char *second, long third); `),
    'more than 4000000 tokens',
  ],
  'a name of 50 MB': [() => `int ${'a'.repeat(50 * MB)}(void);\n`, '4194304 are the most [token-length]'],
  'a string of 50 MB': [() => `#define S "${'a'.repeat(50 * MB)}"\nint f(void);\n`, '[token-length]'],
  'a number of 50 MB in a macro': [() => `#define N ${'1'.repeat(50 * MB)}\nint f(void);\n`, '[token-length]'],
  '50 MB of comments': [
    () => `${'/* text of a comment\n * and more of it */\n'.repeat((50 * MB) / 42)}int f(void);\n`,
    '',
  ],
  '50 MB of line comments': [() => `${'// text of a comment\n'.repeat((50 * MB) / 21)}int f(void);\n`, ''],
  '12 million comments on one line': [() => `#define X ${'/**/'.repeat(12 * MB)}\nint f(void);\n`, ''],
  '50 MB of empty lines': [() => `${'\n'.repeat(50 * MB)}int f(void);\n`, ''],
  '50 MB of splices': [() => `${'\\\n'.repeat(25 * MB)}int f(void);\n`, ''],
  'a million tokens with splices': [
    () => `int f(void); ${'a\\\nb '.repeat(1_000_000)}`,
    '1000000 are the most [too-many-declarations]',
  ],
  '50 MB of macros': [
    () => lines(1_300_000, (i) => `#define MACRO_NUMBER_${i} (${i} + 1)\n`),
    'more than 4000000 tokens',
  ],
  '50 MB of skipped lines': [() => `#if 0\n${'garbage " \' line\n'.repeat(3 * MB)}#endif\nint f(void);\n`, ''],
  'a million conditionals': [() => '#if 1\nint a;\n#endif\n'.repeat(MB), 'more than 4000000 tokens'],
  'a condition of 20 MB': [() => `#if ${'1 + '.repeat(5 * MB)}1\nint f(void);\n#endif\n`, 'more than 4000000 tokens'],
  'an argument of 20 MB': [() => `#define f(x) x\nf(${'1 + '.repeat(5 * MB)}1)\n`, 'more than 4000000 tokens'],
  'a struct of a million fields': [
    () => `struct s {\n${lines(1_000_000, (i) => `  int field_${i};\n`)}};\nint f(struct s *s);\n`,
    '[too-many-declarations]',
  ],
  'an enumeration of a million enumerators': [
    () => `enum e {\n${lines(1_000_000, (i) => `  E_${i},\n`)}};\nint f(enum e e);\n`,
    '[too-many-declarations]',
  ],
  'a function of a million parameters': [
    () => `int f(${lines(1_000_000, (i) => `int a${i},`)}int last);\n`,
    '[too-many-declarations]',
  ],
  'a struct of 100,000 fields': [
    () => `struct s {\n${lines(100_000, (i) => `  int field_${i};\n`)}};\nint f(struct s *s);\n`,
    '',
  ],
  'an enumeration of 150,000 enumerators': [
    () => `enum e {\n${lines(150_000, (i) => `  E_${i},\n`)}};\nint f(enum e e);\n`,
    '',
  ],
  'a chain of 90,000 typedefs': [
    () => `typedef int t0;\n${lines(90_000, (i) => `typedef t${i} t${i + 1};\n`)}t90000 f(void);\n`,
    '',
  ],
  '40,000 records without a name on one line': [
    () => `${lines(40_000, (i) => `struct{int a;}v${i};`)}\nint f(void);\n`,
    '',
  ],
  '100,000 macros': [() => `${lines(100_000, (i) => `#define MACRO_NUMBER_${i} (${i} + 1)\n`)}int f(void);\n`, ''],
  '30,000 attributes on one function': [() => `int f(void) ${'__attribute__((unused)) '.repeat(30_000)};\n`, ''],
  '300,000 qualifiers': [() => `int ${'const '.repeat(300_000)}*f(void);\n`, ''],
  '20 MB of quotes': [() => '"'.repeat(20 * MB), 'more than 4000000 tokens'],
  '10 million open parentheses': [() => '( '.repeat(10 * MB), 'more than 4000000 tokens'],
  'a million missing includes': [() => lines(1_000_000, (i) => `#include "no${i}.h"\n`), 'header "no0.h" not found'],
  'a million errors': [() => '#error no\n'.repeat(MB), '#error no'],
  '60,000 unknown types': [
    () => lines(60_000, (i) => `unknown${i} f${i}(void);\n`),
    'the type `unknown0` is not declared',
  ],
  '100,000 pragmas': [
    () => `${'#pragma pack(push, 1)\n'.repeat(100_000)}struct s { char a; int b; };\nint f(struct s *s);\n`,
    '',
  ],
};

describe('a huge header', () => {
  test.each(Object.entries(HUGE))('%s', (_, [text, says]) => {
    const answer = generate(folderOf({ 'x.h': text() }));
    expect(answer.stderr.slice(0, 500)).toContain(says);
    expect(answer.status).toBe(says === '' ? 0 : 3);
  });
});

const N = 10_000;
const nested = (open: string, inside: string, close: string, depth = N): string =>
  open.repeat(depth) + inside + close.repeat(depth);

const DEEP: Readonly<Record<string, readonly [text: string, says: string]>> = {
  records: [
    `${nested('struct { ', 'int x;', ' } m;')}\n`,
    'x.h:1:2312: error: this nests more than 256 deep [nesting]',
  ],
  braces: [`int a[] = ${nested('{', '1', '}')};\n`, '[nesting]'],
  'open braces': [`struct s ${'{'.repeat(N)}\n`, '[nesting]'],
  'parentheses around a declarator': [`int ${nested('(', 'f', ')')}(void);\n`, '[nesting]'],
  stars: [`int ${'*'.repeat(N)}f(void);\n`, '[nesting]'],
  dimensions: [`extern int a${'[1]'.repeat(N)};\nint f(void);\n`, '[nesting]'],
  'functions as parameters': [`void f(${nested('void (*a)(', 'int', ')')});\n`, '[nesting]'],
  'casts in an enumerator': [`enum e { A = ${'(int)'.repeat(N)}1 };\nint f(enum e e);\n`, ''],
  'parentheses in an enumerator': [`enum e { A = ${nested('(', '1', ')')} };\nint f(enum e e);\n`, '[nesting]'],
  'conditional operators in an enumerator': [
    `enum e { A = ${'1?'.repeat(N)}1${':1'.repeat(N)} };\nint f(enum e e);\n`,
    'nested more than 256 deep',
  ],
  typeof: [`typedef ${nested('__typeof__(', 'int', ')')} t;\nint f(void);\n`, '[nesting]'],
  'brackets of an attribute': [`int f(void) __attribute__((a${nested('(', '', ')')}));\n`, '[nesting]'],
  'brackets that do not fit': [`${') ] } '.repeat(N)}\n`, 'error:'],
  'parentheses in a macro': [`#define A ${nested('(', '1', ')')}\nint f(void);\n`, ''],
  'bodies of inline functions': [`static inline int f(void) ${nested('{', '', '}')}\nint g(void);\n`, ''],
  conditionals: [`${'#if 1\n'.repeat(N)}int f(void);\n${'#endif\n'.repeat(N)}`, ''],
  'conditionals that are skipped': [`${'#if 0\n'.repeat(N)}x\n${'#endif\n'.repeat(N)}int f(void);\n`, ''],
  'parentheses in an #if': [`#if ${nested('(', '1', ')')}\n#endif\n`, '[if-expression]'],
  'macro invocations': [`#define f(x) x\n${nested('f(', '1', ')')}\n`, 'macro invocations nest more than 400 deep'],
  'records at the limit': [`${nested('struct { ', 'int x;', ' } m;', 255)}\nint f(void);\n`, ''],
  'stars at the limit': [`int ${'*'.repeat(250)}f(void);\n`, ''],
};

describe('ten thousand levels of', () => {
  test.each(Object.entries(DEEP))('%s', (_, [text, says]) => {
    const answer = generateModule(folderOf({ 'x.h': text }));
    expect(answer.stderr).toContain(says);
    expect(answer.status).toBe(says === '' ? 0 : 3);
  });

  test('includes', () => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [i === 0 ? 'x.h' : `${i}.h`, `#include "${i + 1}.h"\n`]),
    );
    const answer = generate(folderOf(files));
    expect(answer.stderr).toContain('#include nested 200 deep: ');
    expect(answer.stderr).toContain('and 191 files further out');
    expect(answer.status).toBe(3);
  });
});

test('a typedef without a type that names itself', () => {
  const answer = generate(folderOf({ 'x.h': 'typedef a;\ntypedef a b;\nb f(a);\n' }));
  expect(answer.stderr).toContain('the type `a` is declared without a type');
  expect(answer.status).toBe(3);
});
