// What the translation unit tells the parser beside its words: places, pragmas, files, surviving macros.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Diagnostics, placeAt, render } from '../../generator/src/diagnostics.ts';
import { preprocess } from '../../generator/src/preprocess/preprocess.ts';
import { inTemporaryFolder, run, runHeaders, target } from './support.ts';

test('tokens say where they stand, and those of a macro where it was invoked', () => {
  const text = '#define f(x) x + 1\n#define g f(2)\nint a;\n  g f(\n b) c';
  const { unit } = run(text);
  const at = unit.tokens.map((token) => `${token.text}@${token.offset}${token.fromMacro ? 'm' : ''}`);
  const [g, f, c] = [text.lastIndexOf('g f'), text.lastIndexOf('f(\n'), text.lastIndexOf('c')];
  const int = text.indexOf('int');
  expect(at.slice(0, 3)).toEqual([`int@${int}`, `a@${int + 4}`, `;@${int + 5}`]);
  expect(at.slice(3)).toEqual([`2@${g}m`, `+@${g}m`, `1@${g}m`, `b@${f}m`, `+@${f}m`, `1@${f}m`, `c@${c}`]);
});

test('tokens know whether white space came before them', () => {
  const { unit } = run('#define A x\na+b A;/**/c\nd');
  expect(unit.tokens.map((token) => (token.space ? '_' : '') + token.text)).toEqual([
    '_a',
    '+',
    'b',
    '_x',
    ';',
    '_c',
    '_d',
  ]);
});

test('files are listed in the order of inclusion with how they were found', () => {
  const files = {
    'main.h': '#include "sub/../own.h"\n#include <lib.h>',
    'own.h': '#include "lib.h"',
    'inc/lib.h': '#include "deep/x.h"',
    'inc/deep/x.h': '#include "../lib2.h"',
    'inc/lib2.h': '#pragma once\n',
  };
  const { unit, diagnostics } = run(files, { includeDirs: ['inc'] });
  expect(diagnostics).toEqual([]);
  expect(unit.files.map((file) => [file.path, file.included, file.includedFrom?.path, file.searchDir])).toEqual([
    ['main.h', 'entry', undefined, undefined],
    ['own.h', 'quote', 'main.h', undefined],
    ['inc/lib.h', 'quote', 'own.h', 'inc'],
    ['inc/deep/x.h', 'quote', 'inc/lib.h', undefined],
    ['inc/lib2.h', 'quote', 'inc/deep/x.h', undefined],
  ]);
});

test('a path with .. and the folded path are one file', () => {
  const { unit } = runHeaders(['rbd/librbd.h']);
  expect(unit.files.some((file) => file.path.includes('..'))).toBe(false);
  expect(new Set(unit.files.map((file) => file.path)).size).toBe(unit.files.length);
});

test('entry headers are paths or names, processed in order in one unit', () => {
  inTemporaryFolder((folder) => {
    mkdirSync(join(folder, 'inc'));
    writeFileSync(join(folder, 'first.h'), '#define A 1\nfirst');
    writeFileSync(join(folder, 'inc/second.h'), 'second A __INCLUDE_LEVEL__');
    const { words, unit } = runHeaders([join(folder, 'first.h'), 'second.h'], [join(folder, 'inc')]);
    expect(words).toEqual(['first', 'second', '1', '1']);
    expect(unit.files.map((file) => file.included)).toEqual(['entry', 'entry']);
  });
});

test('#include_next goes on after the folder of the file', () => {
  const files = {
    'main.h': '#include <a.h>',
    'one/a.h': 'one\n#include_next <a.h>',
    'two/a.h': 'two\n#if __has_include_next(<a.h>)\nno\n#endif',
  };
  expect(run(files, { includeDirs: ['one'], systemDirs: ['two'] }).words).toEqual(['one', 'two']);
});

test('a guarded file is read once, an unguarded one each time', () => {
  const files = {
    'main.h':
      '#include "g.h"\n#include "g.h"\n#include "p.h"\n#include "p.h"\n#include "u.h"\n#include "u.h"\n#import "i.h"\n#import "i.h"\n#undef G\n#include "g.h"',
    'g.h': '/* c */\n#if !defined(G)\n#define G\ng\n#endif\n',
    'p.h': '#pragma once\np',
    'u.h': '#ifndef U\n#define U\n#endif\nu',
    'i.h': 'i',
  };
  expect(run(files).words).toEqual(['g', 'p', 'u', 'u', 'i', 'g']);
});

test('a guard with an #else is no guard', () => {
  expect(
    run({ 'main.h': '#include "g.h"\n#include "g.h"', 'g.h': '#ifndef G\n#define G\nfirst\n#else\nagain\n#endif' })
      .words,
  ).toEqual(['first', 'again']);
});

test('#pragma pack and _Pragma pack are recorded where they stand, expanded', () => {
  const { unit, words } = run(
    '#define N 2\na\n#pragma pack(push, N)\nb c\n#pragma pack(pop)\nd _Pragma("pack(4)") e\n#pragma omp parallel\n#define P(x) _Pragma(#x)\nP(pack(8)) f\n#pragma pack()',
  );
  expect(words).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(unit.pragmas.map(({ index, tokens }) => [index, tokens.map((token) => token.text).join(' ')])).toEqual([
    [1, 'pack ( push , 2 )'],
    [3, 'pack ( pop )'],
    [4, 'pack ( 4 )'],
    [5, 'pack ( 8 )'],
    [6, 'pack ( )'],
  ]);
});

test('surviving macros have their parameters, bodies and places, and expand with the last definitions', () => {
  const { unit } = run(
    '#define A B + 1\n#define B 1\n#define F(x, ...) x __VA_ARGS__\n#define G(x...) x\n#define GONE\n#undef GONE\n#undef B\n#define B 2\n#define S "s" C(3)\n#define C(x) (x)',
    { defines: ['D', 'E=5 6', 'H(x)=x+x'] },
  );
  const { macros } = unit;
  expect(macros.get('A')).toMatchObject({
    parameters: undefined,
    variadic: false,
    offset: 8,
    file: { path: 'main.h' },
  });
  expect(macros.get('F')).toMatchObject({ parameters: ['x', '__VA_ARGS__'], variadic: true });
  expect(macros.get('G')).toMatchObject({ parameters: ['x'], variadic: true });
  expect(macros.get('H')).toMatchObject({ parameters: ['x'], file: undefined });
  expect(macros.has('GONE') || macros.has('__LINE__')).toBe(false);
  expect(macros.get('A')?.body.map((token) => token.text)).toEqual(['B', '+', '1']);
  const expand = (name: string): string =>
    unit
      .expand(name)
      .map((token) => token.text)
      .join(' ');
  expect([expand('A'), expand('S'), expand('D'), expand('E'), expand('F'), expand('nothing')]).toEqual([
    '2 + 1',
    '"s" ( 3 )',
    '1',
    '5 6',
    'F',
    '',
  ]);
});

test('undefines come after defines', () => {
  expect(run('A linux __x86_64__', { defines: ['A=1'], undefines: ['A', 'linux'] }).words).toEqual(['A', 'linux', '1']);
});

test('__FILE__, __BASE_FILE__ and the dates are fixed by the input', () => {
  const files = { 'main.h': '#include "b.h"\n__DATE__ __TIME__', 'b.h': '__FILE__ __BASE_FILE__ __INCLUDE_LEVEL__' };
  expect(run(files).words).toEqual(['"b.h"', '"main.h"', '2', '"Jan  1 1970"', '"00:00:00"']);
});

test('line markers give tokens the file that they name', () => {
  const { unit, words } = run(
    '# 1 "a.h"\nx __LINE__ __FILE__\n# 10 "/usr/include/b.h" 1 3\ny __LINE__\n# 2 "a.h" 2\nz __LINE__',
  );
  expect(words).toEqual(['x', '1', '"a.h"', 'y', '10', 'z', '2']);
  expect(unit.tokens.map((token) => token.file.path).filter((_path, index) => [0, 3, 5].includes(index))).toEqual([
    'a.h',
    '/usr/include/b.h',
    'a.h',
  ]);
  expect(
    unit.tokens.every((token) => token.file.text.startsWith(token.fromMacro ? '_' : token.text, token.offset)),
  ).toBe(true);
});

test('warnings of system headers are dropped, errors are not', () => {
  const files = {
    'main.h': '#include <s.h>\n#include <u.h>',
    's/s.h': '#warning s\n#define A 1\n#define A 2\n#error e',
    'u/u.h': '#warning u',
  };
  const { diagnostics } = run(files, { includeDirs: ['u'], systemDirs: ['s'] });
  expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual(['#error e', '#warning u']);
});

test('our freestanding headers suffice without a libc', () => {
  const dirs = [join(import.meta.dirname, '../../generator/include')];
  const headers = 'stddef stdarg stdbool stdint limits float iso646 stdalign stdnoreturn stdatomic'
    .split(' ')
    .map((name) => `${name}.h`);
  const diagnostics = new Diagnostics();
  const unit = preprocess({ headers, includeDirs: [], systemDirs: dirs, defines: [], target }, diagnostics);
  expect(diagnostics.all).toEqual([]);
  const text = unit.tokens.map((token) => token.text).join(' ');
  for (const typedef of [
    'long unsigned int size_t',
    'int wchar_t',
    'long int int64_t',
    '__builtin_va_list __gnuc_va_list',
  ])
    expect(text).toContain(`typedef ${typedef} ;`);
  expect(
    unit
      .expand('INT_MIN')
      .map((token) => token.text)
      .join(''),
  ).toBe('(-0x7fffffff-1)');
});

test('stddef.h hands out single names on request', () => {
  expect(runHeaders(['stddef.h']).words).toContain('max_align_t');
  const text = '#define __need_size_t\n#include <stddef.h>\n#define __need_NULL\n#include <stddef.h>\nNULL';
  inTemporaryFolder((folder) => {
    writeFileSync(join(folder, 'need.h'), text);
    const unit = runHeaders([join(folder, 'need.h')]);
    expect(unit.words.join(' ')).toBe('typedef long unsigned int size_t ; ( ( void * ) 0 )');
  });
});

test('a diagnostic prints its line with a caret under tabs, CRLF and wide characters', () => {
  const file = { path: 'a.h', text: 'one\r\n\tint\t\u540d bad;\r\nthree' };
  const place = placeAt(file, file.text.indexOf('bad'), 3);
  expect(place).toMatchObject({ file: 'a.h', line: 2, column: 8, length: 3, sourceLine: '\tint\t\u540d bad;' });
  expect(render({ code: 'some-code', severity: 'error', message: 'it is bad', place, notes: ['one', 'two'] })).toBe(
    ['a.h:2:8: error: it is bad [some-code]', '\tint\t\u540d bad;', '\t   \t   ^~~', '  note: one', '  note: two'].join(
      '\n',
    ),
  );
  expect(render({ code: 'c', severity: 'warning', message: 'no place' })).toBe('warning: no place [c]');
});

test('colours are printed only when asked for, and control characters never', () => {
  const place = placeAt({ path: 'a.h', text: 'x \x1b[31m' }, 0, 99);
  const diagnostic = { code: 'c', severity: 'error', message: 'm\x1b', place } as const;
  const bare = render(diagnostic);
  expect(bare).toBe('a.h:1:1: error: m\ufffd [c]\nx \ufffd[31m\n^~~~~~~');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken out
  expect(render(diagnostic, { color: true }).replace(/\x1b\[[\d;]*m/g, '')).toBe(bare);
  expect(render(diagnostic, { color: true })).toContain('\x1b[');
});

test('places at the end of a file and past it are valid', () => {
  const file = { path: 'a.h', text: 'ab\n' };
  expect(placeAt(file, 3, 5)).toMatchObject({ line: 2, column: 1, length: 1, sourceLine: '' });
  expect(placeAt(file, 99)).toMatchObject({ line: 2, column: 1 });
});
