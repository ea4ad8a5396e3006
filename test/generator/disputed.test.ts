// What GCC and Clang read differently, or read with a shrug, is said in a diagnostic that names it, and the rest of the header is used.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dlshim } from '../tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlshim-disputed-'));

interface Snapshot {
  readonly functions: readonly { name: string; type: string; unsupported?: string }[];
  readonly records: readonly { name: string; pack?: number }[];
  readonly variables: readonly { name: string; type: string }[];
  readonly enums: readonly { enumerators: readonly [string, string][] }[];
  readonly unsupported: readonly { name: string; reason: string }[];
}

function read(text: string, ...flags: string[]): { said: string[]; api: Snapshot } {
  const header = join(folder, 'disputed.h');
  writeFileSync(header, text);
  const run = dlshim('snapshot', '--header', header, '--library', 'libdisputed.so.1', ...flags);
  const said = run.stderr.split('\n').filter((line) => /: (warning|error): /.test(line));
  return { said: said.map((line) => line.replace(`${header}:`, '')), api: JSON.parse(run.stdout) as Snapshot };
}

test('#pragma pack that changes inside a record is GCC’s for a target of GCC, and named', () => {
  const { said, api } = read(
    'struct s {\n  char a;\n#pragma pack(1)\n  int b;\n};\n#pragma pack()\nint f(struct s *);\n',
  );
  expect(said).toEqual([
    '1:1: warning: struct s: `#pragma pack` changes inside of it: GCC packs it by the last one, Clang by the one in front of it [pragma-pack]',
  ]);
  expect(api.records).toEqual([expect.objectContaining({ name: 's', pack: 1 })]);
});

test('a macro in #pragma pack is named; GCC ignores such a pragma', () => {
  const { said, api } = read(
    '#define N 2\n#pragma pack(N)\nstruct s { char a; int b; };\n#pragma pack()\nint f(struct s *);\n',
  );
  expect(said).toEqual([
    '3:1: warning: struct s: a macro stands in the `#pragma pack` in front of it: Clang expands it, GCC ignores the pragma [pragma-pack]',
  ]);
  expect(api.records[0]).not.toHaveProperty('pack');
});

test('what #pragma pack leaves as it was is no dispute', () => {
  const text = 'struct s {\n  char a;\n#pragma pack(push, 1)\n  int b;\n#pragma pack(pop)\n};\nint f(struct s *);\n';
  expect(read(text).said).toEqual([]);
});

test('bit-fields of a type with a larger alignment than its own are named', () => {
  const aligned =
    'typedef int wide __attribute__((aligned(8)));\nstruct s { char c; wide x : 3; };\nint f(struct s *);\n';
  expect(read(aligned).said).toEqual([
    '2:1: warning: struct s: GCC and Clang place bit-fields of an aligned type differently; `dlshim verify` tells what yours does [bit-field-alignment]',
  ]);
  for (const agreed of ['aligned(4)', 'aligned(2)'])
    expect(read(aligned.replace('aligned(8)', agreed)).said).toEqual([]);
});

test('a declaration without a type is an int, and is named', () => {
  const { said, api } = read(
    'implicit(int a);\nextern object;\nstatic inline body() { return 1; }\nint typed(void);\n',
  );
  expect(said.map((line) => line.replace(/^(\d+):.*`(\w+)`.*/, '$1 $2'))).toEqual(['1 implicit', '2 object', '3 body']);
  expect(api.functions.map((f) => `${f.name} ${f.type}`)).toEqual([
    'implicit fn(a: int) int',
    'body fn(?) int',
    'typed fn() int',
  ]);
  expect(api.variables).toEqual([expect.objectContaining({ name: 'object', type: 'int' })]);
});

test('declarations that contradict each other are named, and the first one counts', () => {
  const { said, api } = read(
    'int f(int);\nlong f(int);\ntypedef int t;\ntypedef t t2;\ntypedef long t2;\nint g(t2);\nint h();\nint h(int);\n',
  );
  expect(said).toEqual([
    '2:6: warning: `f` is declared again with another type; the first one counts [conflicting-types]',
    '5:14: warning: the type `t2` is defined again as another one; the first one counts [conflicting-types]',
  ]);
  expect(api.functions.map((f) => f.type)).toEqual(['fn(int) int', 'fn(@t2) int', 'fn(int) int']);
});

test('what a compiler can compute and dlshim cannot is named, and the rest of the header is used', () => {
  const { said, api } = read(
    'extern char a[sizeof(struct { int x; })];\nenum e { A = sizeof(struct { int y; }), B, C = 7 };\nint f(enum e);\n',
  );
  expect(said).toEqual([]);
  expect(api.variables[0]!.type).toContain('a struct defined inside an expression');
  expect(api.enums[0]!.enumerators).toEqual([['C', '7']]);
  expect(api.unsupported.map(({ name }) => name)).toEqual(['a', 'A', 'B']);
  expect(api.functions).toHaveLength(1);
});

test('blocks and _BitInt, which Clang has, are named as what cannot be called', () => {
  const { said, api } = read(
    'void each(void (^block)(int));\nint bits(_BitInt(7) x, unsigned _BitInt(9) *p);\nint f(void);\n',
  );
  expect(said).toEqual([]);
  expect(api.functions.map((f) => f.unsupported)).toEqual([
    'parameter block: a block',
    'parameter x: the type _BitInt(7)',
    undefined,
  ]);
});

test('availability attributes are read past, and `deprecated` beside them is kept', () => {
  const { said, api } = read(
    'int f(void) __attribute__((availability(macos,introduced=10.4,deprecated=10.6,message="use g"))) __attribute__((deprecated("use g")));\n',
  );
  expect(said).toEqual([]);
  expect(api.functions).toEqual([expect.objectContaining({ name: 'f', deprecated: 'use g' })]);
});
