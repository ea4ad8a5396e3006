// Input that is broken, endless or malicious: a diagnostic each time, never a throw, a hang or a stack overflow.

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTemporaryFolder, run, runHeaders } from './support.ts';

const codes = (files: Parameters<typeof run>[0], options?: Parameters<typeof run>[1]): string[] =>
  run(files, options).diagnostics.map((diagnostic) => `${diagnostic.severity} ${diagnostic.code}`);

test('a missing header names the include stack and the folders searched, and the rest is processed', () => {
  const { diagnostics, words } = run(
    { 'main.h': 'a\n#include "mid.h"\nd', 'mid.h': 'b\n  #include <no/such.h>\nc' },
    { includeDirs: ['inc'], systemDirs: ['/sys'] },
  );
  expect(words).toEqual(['a', 'b', 'c', 'd']);
  expect(diagnostics).toHaveLength(1);
  const { code, message, place, notes } = diagnostics[0]!;
  expect({ code, message, notes }).toEqual({
    code: 'include-not-found',
    message: 'header "no/such.h" not found',
    notes: ['searched: inc, /sys', 'included from main.h:2'],
  });
  expect([place?.file, place?.line, place?.column, place?.length]).toEqual(['mid.h', 2, 12, 11]);
});

test('a missing entry header is an error and the others are processed', () => {
  const { diagnostics, unit } = runHeaders(['no/such/header.h', 'stdbool.h']);
  expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual(['include-not-found']);
  expect(unit.macros.has('true')).toBe(true);
});

test('a folder is not a header', () => {
  inTemporaryFolder((folder) => {
    mkdirSync(join(folder, 'dir.h'));
    writeFileSync(join(folder, 'main.h'), '#include "dir.h"\n#include <dir.h>\nx');
    const { diagnostics, words } = runHeaders([join(folder, 'main.h'), folder], [folder]);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual(Array(3).fill('include-not-found'));
    expect(words).toEqual(['x']);
  });
});

test('an unreadable file is an error with its reason', () => {
  const readFile = (): never => {
    throw new Error('EACCES: permission denied');
  };
  inTemporaryFolder((folder) => {
    const path = join(folder, 'secret.h');
    writeFileSync(path, 'x');
    chmodSync(path, 0);
    if (process.getuid?.() !== 0) expect(runHeaders([path], []).diagnostics[0]?.notes?.[0]).toContain('EACCES');
  });
  const files = new Proxy({ 'main.h': '#include "secret.h"\ny' } as Record<string, string>, {
    getOwnPropertyDescriptor: (all, name) =>
      name === 'secret.h' ? readFile() : Reflect.getOwnPropertyDescriptor(all, name),
  });
  const { diagnostics, words } = run(files);
  expect(diagnostics[0]?.notes?.[0]).toBe('secret.h cannot be read: EACCES: permission denied');
  expect(words).toEqual(['y']);
});

test('a file that includes itself stops at the depth limit', () => {
  const { diagnostics } = run('#include "main.h"\n#include "main.h"\nx');
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toMatchObject({ code: 'include-depth', severity: 'error' });
  expect(diagnostics[0]?.notes).toHaveLength(9);
});

test('a cycle of guarded files is no error', () => {
  const files = {
    'main.h': '#ifndef A\n#define A\n#include "b.h"\na\n#endif',
    'b.h': '#pragma once\n#include "main.h"\nb',
  };
  expect(run(files)).toMatchObject({ diagnostics: [], words: ['b', 'a'] });
});

test('files that include each other twice stop at the work limit', () => {
  const files: Record<string, string> = { 'main.h': '#include "0.h"', '40.h': '' };
  for (let index = 0; index < 40; index += 1)
    files[`${index}.h`] = `#include "${index + 1}.h"\n#include "${index + 1}.h"\n`;
  expect(codes(files)).toEqual(['error expansion-limit']);
});

const BOMBS: Readonly<Record<string, string>> = {
  'object-like macros that double': `${double((i) => `#define A${i} A${i + 1} A${i + 1}`)}#define A40 x\nA0`,
  'function-like macros that double': `${double((i) => `#define F${i}(x) F${i + 1}(x x)`)}#define F40(x) x\nF0(1)`,
  'nested arguments that double': `#define D(x) x x\n${'D('.repeat(40)}1${')'.repeat(40)}`,
  'pastes that double': `${double((i) => `#define P${i}(x) P${i + 1}(x##x)`)}#define P40(x) x\nP0(a)`,
  'strings of strings': `#define S(x) #x\n#define X(x) S(x)\n${'X('.repeat(40)}"\\""${')'.repeat(40)}`,
};

function double(line: (index: number) => string): string {
  return Array.from({ length: 40 }, (_, index) => `${line(index)}\n`).join('');
}

test.each(Object.entries(BOMBS))('a macro bomb stops: %s', (_name, text) => {
  expect(codes(text)).toEqual(['error expansion-limit']);
});

test('a bomb that is defined but not used is no error, and expand() gives up on it quietly', () => {
  const { diagnostics, unit } = run(`${BOMBS['object-like macros that double']!.replace('\nA0', '')}\n#define ONE (1)`);
  expect(unit.expand('A0')).toEqual([]);
  expect(unit.expand('ONE').map((token) => token.text)).toEqual(['(', '1', ')']);
  expect(diagnostics).toEqual([]);
});

test('ten thousand parentheses do not overflow the stack', () => {
  const open = '('.repeat(10_000);
  const close = ')'.repeat(10_000);
  expect(codes(`#if ${open}1${close}\n#endif`)).toEqual(['error if-expression']);
  expect(codes(`#if ${'!'.repeat(10_000)}1\n#endif`)).toEqual([]);
  expect(codes(`#if ${'1?'.repeat(10_000)}1${':1'.repeat(10_000)}\n#endif`)).toEqual(['error if-expression']);
  const { words, diagnostics } = run(`#define f(x) x\nf(${open}1${close})`);
  expect(diagnostics).toEqual([]);
  expect(words).toHaveLength(20_001);
});

test('ten thousand nested invocations are an error, three hundred are not', () => {
  const nested = (depth: number): string => `#define f(x) x\n${'f('.repeat(depth)}1${')'.repeat(depth)}`;
  expect(codes(nested(10_000))).toEqual(['error macro-nesting']);
  expect(run(nested(300))).toMatchObject({ words: ['1'], diagnostics: [] });
});

test('ten thousand nested conditionals work', () => {
  expect(run(`${'#if 1\n'.repeat(10_000)}x\n${'#endif\n'.repeat(10_000)}`)).toMatchObject({
    words: ['x'],
    diagnostics: [],
  });
  expect(run(`${'#if 0\n'.repeat(10_000)}x\n${'#endif\n'.repeat(10_000)}y`)).toMatchObject({
    words: ['y'],
    diagnostics: [],
  });
});

test('a chain of ten thousand macros expands', () => {
  const chain = Array.from({ length: 10_000 }, (_, index) => `#define A${index} A${index + 1}\n`).join('');
  expect(run(`${chain}A0`)).toMatchObject({ words: ['A10000'], diagnostics: [] });
});

const BROKEN: readonly (readonly [string, string, readonly string[]])[] = [
  ['an unterminated comment', 'a /* b', ['error unterminated-comment']],
  ['an unterminated comment in a directive', '#define A /* b', ['error unterminated-comment']],
  ['an unterminated string', 'a "b\nc', ['error unterminated-literal']],
  ['an unterminated character constant in an unused macro', "#define A 'x\nc", ['warning unterminated-literal']],
  ['an unterminated #if', '#if 1\na', ['error unterminated-conditional']],
  ['an unterminated #else of a skipped group', '#if 1\n#else\na', ['error unterminated-conditional']],
  ['an unterminated #ifdef that is skipped', '#ifdef A\na', ['error unterminated-conditional']],
  ['an #endif too many', '#endif', ['error stray-conditional']],
  ['an #else too many', '#if 1\n#else\n#else\n#endif', ['error else-after-else']],
  ['an #elif after #else', '#if 0\n#else\n#elif 1\n#endif', ['error else-after-else']],
  ['an #if without an expression', '#if\n#endif', ['error if-expression']],
  ['a division by zero in an #if', '#if 1 / 0\n#endif', ['error if-expression']],
  ['a missing operand in an #if', '#if 1 +\n#endif', ['error if-expression']],
  ['a floating constant in an #if', '#if 1.0\n#endif', ['error if-expression']],
  ['an unknown directive', '#frobnicate', ['error unknown-directive']],
  ['#error', '#error it is "broken', ['error error-directive']],
  ['#warning', '#warning careful', ['warning warning-directive']],
  ['an invocation that never ends', '#define f(x) x\nf(1', ['error macro-unterminated']],
  ['too few arguments', '#define f(x, y) x\nf(1)', ['error macro-arguments']],
  ['too many arguments', '#define f(x) x\nf(1, 2)', ['error macro-arguments']],
  ['arguments for none', '#define f() x\nf(1)', ['error macro-arguments']],
  ['a paste that makes no token', '#define c(a, b) a##b\nc(+, /)', ['error invalid-paste']],
  ['a ## at the end', '#define c(a) a##', ['error macro-paste']],
  ['a # before no parameter', '#define c(a) #b', ['error macro-stringify']],
  ['a parameter named twice', '#define c(a, a) a', ['error macro-parameters']],
  ['a parameter list that does not end', '#define c(a, b', ['error macro-parameters']],
  ['a #define of nothing', '#define', ['error macro-name']],
  ['a #define of a number', '#define 1 2', ['error macro-name']],
  ['a #define of defined', '#define defined', ['error macro-name']],
  ['a different redefinition', '#define A 1\n#define A 2', ['warning macro-redefined']],
  ['the same redefinition', '#define A  1 + /**/ 2\n#define A 1 + 2', []],
  ['a redefinition with other white space', '#define A 1+2\n#define A 1 + 2', ['warning macro-redefined']],
  ['an #include of nothing', '#include', ['error include-name']],
  ['an #include that is not closed', '#include <a.h', ['error include-name']],
  ['a bad #line', '#line x', ['error line-directive']],
  ['a bad _Pragma', '_Pragma(x) y', ['error pragma-operator']],
  ['a __VA_OPT__ that does not end', '#define f(...) __VA_OPT__(\nf(1)', ['error va-opt']],
  ['a backslash at the end of the file', 'a \\', []],
  ['a splice at the end of the file', 'a \\\n', []],
  ['NUL bytes', 'a\0b "c\0d" \0\n#define X\0 1\nX', []],
  ['an empty file', '', []],
  ['only a hash', '#', []],
  ['a byte order mark', '\ufeff#define A 1\nA', []],
];

test.each(BROKEN)('%s is reported', (_name, text, expected) => {
  expect(codes(text)).toEqual(expected);
});

test('#error carries its text', () => {
  expect(run('#error  it is "broken\n').diagnostics[0]?.message).toBe('#error it is "broken');
});

test('invalid UTF-8 is read with replacement characters', () => {
  inTemporaryFolder((folder) => {
    const path = join(folder, 'latin1.h');
    writeFileSync(path, Buffer.from('/* caf\xe9 */ int x\xe9y; "\xff"', 'latin1'));
    const { words, diagnostics } = runHeaders([path], []);
    expect(words).toEqual(['int', 'x', '\ufffd', 'y', ';', '"\ufffd"']);
    expect(diagnostics).toEqual([]);
  });
});

test('random bytes never throw', () => {
  const alphabet = [
    '#',
    'if',
    'define',
    'f(',
    ')',
    ',',
    '"',
    "'",
    '\\',
    '\n',
    '/*',
    '*/',
    '//',
    '##',
    ' ',
    'x',
    '1',
    '\0',
    '(',
    '\r\n',
    'include',
    '<',
    '>',
    '__VA_ARGS__',
    '...',
    'else',
    'endif',
    'defined',
    '_Pragma',
    '%:',
  ];
  let seed = 12345;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let round = 0; round < 3000; round += 1) {
    const text = Array.from({ length: random(60) }, () => alphabet[random(alphabet.length)]).join('');
    expect(
      () => run(`#define x f(x\n#define f(x, ...) #x x##__VA_ARGS__\n${text}`),
      JSON.stringify(text),
    ).not.toThrow();
  }
});
