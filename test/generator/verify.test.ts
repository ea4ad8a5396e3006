// `dlshim verify` proves something only if it fails where something is wrong: one fact of each kind is changed, and exactly that fact
// must be named, by each compiler.

import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { snapshotFromJson } from '../../generator/src/history/snapshot.ts';
import type { Api, ConstantValue, Field } from '../../generator/src/model/api.ts';
import { typeFromText } from '../../generator/src/model/type-text.ts';
import { DEFAULT_TARGET } from '../../generator/src/targets/targets.ts';
import { assertionFile } from '../../generator/src/verify/assertions.ts';
import { type VerifyResult, verify } from '../../generator/src/verify/run.ts';
import { compilers, named } from '../needs.ts';
import { dlshim, root } from '../tools.ts';

const cases = join(root, 'test/cases');

let api: Api;

beforeAll(() => {
  const run = dlshim('snapshot', '--header', 'facts.h', '-I', cases, '--library', 'libfacts.so.1');
  expect(run.stderr).toBe('');
  api = snapshotFromJson(run.stdout);
});

function check(changed: Api, cc: string): VerifyResult {
  return verify(assertionFile(changed, DEFAULT_TARGET), cc, ['-I', cases]);
}

function withFunction(name: string, type: string): Api {
  const functions = api.functions.map((d) =>
    d.name === name ? { ...d, type: typeFromText(type) as typeof d.type } : d,
  );
  return { ...api, functions };
}

function withConstant(name: string, value: ConstantValue): Api {
  return { ...api, constants: api.constants.map((d) => (d.name === name ? { ...d, value } : d)) };
}

function withFields(key: string, change: (fields: readonly Field[]) => readonly Field[]): Api {
  const records = api.records.map((d) => (d.key === key ? { ...d, fields: change(d.fields!) } : d));
  return { ...api, records };
}

/** A member of a record, changed. */
function withField(key: string, name: string, change: Partial<Field>): Api {
  return withFields(key, (fields) => fields.map((f) => (f.name === name ? { ...f, ...change } : f)));
}

const text = (value: string, more = {}): ConstantValue => ({ kind: 'string', value, ...more });

/** What is changed, how, and what the failing facts' labels begin with. */
const CHANGES: readonly (readonly [what: string, change: () => Api, failing: readonly string[]])[] = [
  ["a parameter's type", () => withFunction('send', 'fn(*<struct parcel>, int) int'), ['int send(']],
  ["a parameter's number", () => withFunction('send', 'fn(*<struct parcel>) int'), ['int send(']],
  ['a result', () => withFunction('send', 'fn(*<struct parcel>, uint) long'), ['long send(']],
  ['a variadic function', () => withFunction('log_all', 'fn(*const char) int'), ['int log_all(']],
  [
    'restrict inside of a callback',
    () => withFunction('on_quit', 'fn(@quit_t, *noreturn fn(**char) void) void'),
    ['void on_quit('],
  ],
  [
    'the const of a variable',
    () => ({
      ...api,
      variables: api.variables.map((d) => (d.name === 'stock' ? { ...d, type: typeFromText('const int') } : d)),
    }),
    ['variable const int stock'],
  ],
  [
    'a variable',
    () => ({
      ...api,
      variables: api.variables.map((d) => (d.name === 'stock' ? { ...d, type: typeFromText('uint') } : d)),
    }),
    ['variable unsigned int stock'],
  ],
  [
    'a typedef',
    () => ({
      ...api,
      typedefs: api.typedefs.map((d) => (d.name === 'distance_t' ? { ...d, type: typeFromText('ulong') } : d)),
    }),
    ['typedef unsigned long distance_t'],
  ],
  [
    'an enumerator',
    () => ({
      ...api,
      enums: api.enums.map((d) => ({
        ...d,
        enumerators: d.enumerators.map((e) => (e.name === 'LIGHT' ? { ...e, value: 8n } : e)),
      })),
    }),
    ['enumerator LIGHT is 8'],
  ],
  [
    'what an enumeration is held in',
    () => ({ ...api, enums: api.enums.map((d) => ({ ...d, underlying: 'int' as const })) }),
    ['enum shade is held in int'],
  ],
  [
    'an integer constant',
    () => withConstant('COUNT', { kind: 'int', value: 13n, type: 'int' }),
    ['constant COUNT is 13'],
  ],
  [
    "an integer constant's type",
    () => withConstant('COUNT', { kind: 'int', value: 12n, type: 'uint' }),
    ['constant COUNT is of type unsigned int'],
  ],
  [
    "an integer constant's sign",
    () => withConstant('BIG', { kind: 'int', value: -1n, type: 'int' }),
    ['constant BIG is of type int'],
  ],
  [
    'a constant of an address',
    () => withConstant('PLACE', { kind: 'int', value: 24n, type: 'ulong' }),
    ['constant PLACE is 24'],
  ],
  ['a float', () => withConstant('RATE', { kind: 'float', value: 0.1, type: 'float' }), ['constant RATE is 0.1']],
  [
    'a long double',
    () => withConstant('ROUND', { kind: 'float', value: 2.25, type: 'ldouble' }),
    ['constant ROUND is 2.25'],
  ],
  [
    "a floating constant's type",
    () => withConstant('RATE', { kind: 'float', value: Math.fround(0.1), type: 'double' }),
    ['constant RATE is of type double'],
  ],
  [
    'the sign of zero',
    () => withConstant('NOWHERE', { kind: 'float', value: 0, type: 'double' }),
    ['constant NOWHERE is 0'],
  ],
  ['a string of the same length', () => withConstant('NAME', text('parcel\0servicf')), ['constant NAME is "parcel']],
  ['a shorter string', () => withConstant('NAME', text('parcel')), ['constant NAME has 6 characters']],
  ['a wide string', () => withConstant('WIDE', text('wide', { wide: 'L' })), ['constant WIDE is "wide"']],
  [
    'a UTF-16 string',
    () => withConstant('BESIDE', text('pair \u{1F601}', { wide: 'u' })),
    ['constant BESIDE is "pair'],
  ],
];

/** Changes of struct crate, and of struct parcel's bit-fields. */
const LAYOUTS: typeof CHANGES = [
  [
    'a member that is missing at the end',
    () => withFields('struct crate', (f) => f.slice(0, -1)),
    ['sizeof struct crate is 4', 'alignment of struct crate is 2'],
  ],
  [
    'an alignment',
    () => ({ ...api, records: api.records.map((d) => (d.key === 'struct crate' ? { ...d, align: 8 } : d)) }),
    ['alignment of struct crate is 8'],
  ],
  [
    "a member's type",
    () => withField('struct crate', 'volume', { type: typeFromText('uint') }),
    ['struct crate.volume is unsigned int'],
  ],
  [
    "a member's offset",
    () => withField('struct crate', 'weight', { packed: true }),
    ['offset of struct crate.weight is 1'],
  ],
  [
    "a member's name",
    () => withField('struct crate', 'label', { name: 'lable' }),
    ['offset of struct crate.lable', 'struct crate.lable is char', 'size of struct crate.lable'],
  ],
  [
    "a bit-field's width",
    () => withField('struct parcel', 'shelf', { bits: 8 }),
    ['struct parcel.shelf is in bits 71 to 78'],
  ],
  [
    "a bit-field's position",
    () => withFields('struct parcel', (f) => [...f.slice(0, 4), { bits: 1, type: typeFromText('int') }, ...f.slice(4)]),
    ['struct parcel.shelf is in bits 72 to 80'],
  ],
];

describe.each(compilers)('$cc', ({ cc, missing }) => {
  test.skipIf(missing)(named('holds every fact as it is', missing), () => {
    const result = check(api, cc);
    expect([...result.failed, ...result.errors, ...result.byCompiler]).toEqual([]);
    expect(result.held).toBe(Object.values(result.kinds).reduce((sum, count) => sum + count));
    expect(Object.keys(result.kinds)).toEqual(
      expect.arrayContaining(['signature', 'variable', 'typedef', 'bit-field']),
    );
    const untold = result.unasserted.filter((line) => !/declared inside a prototype|behind a cast/.test(line));
    expect(untold).toEqual([]);
  });

  test.skipIf(missing).each([...CHANGES, ...LAYOUTS])(
    named('names %s that is wrong', missing),
    (_, change, failing) => {
      const result = check(change(), cc);
      expect(result.errors).toEqual([]);
      expect(result.failed.length, result.failed.join('\n')).toBe(failing.length);
      for (const label of failing)
        expect(
          result.failed.some((line) => line.startsWith(label)),
          `${label}\n${result.failed.join('\n')}`,
        ).toBe(true);
    },
  );

  test.skipIf(missing)(named('proves nothing where a header is missing', missing), () => {
    const result = check({ ...api, headers: ['no/such/header.h'] }, cc);
    expect(result.held).toBe(0);
    expect(result.errors.join('\n')).toContain('no/such/header.h');
  });
});

test.skipIf(compilers[0]!.missing)(named('GCC compares a string behind a cast', compilers[0]!.missing), () => {
  const changed = withConstant('CAST', { kind: 'string', value: 'case', pointer: true });
  expect(check(changed, 'gcc').failed).toEqual(['constant CAST is "case"']);
});

test.skipIf(compilers[1]!.missing)(
  named('what only a GCC sees is told apart from what is wrong', compilers[1]!.missing),
  () => {
    const { origin } = api.constants[0]!;
    const isAsked = { kind: 'typedef', name: 'only_gcc_t', type: typeFromText('int'), origin } as const;
    const major = { kind: 'int', value: 12n, type: 'int' } as const;
    const nowhere = { kind: 'typedef', name: 'nowhere_t', type: typeFromText('int'), origin } as const;
    const result = check(
      {
        ...api,
        headers: ['facts.h', '../native/only-gcc.h'],
        typedefs: [isAsked, nowhere],
        constants: [
          { kind: 'constant', name: 'COMPILER_MAJOR', value: major, origin },
          { kind: 'constant', name: 'HAS_DECLSPEC', value: { ...major, value: 0n }, origin },
        ],
      },
      'clang',
    );
    expect([...result.byCompiler].sort()).toEqual([
      'constant COMPILER_MAJOR is 12',
      'constant HAS_DECLSPEC is 0',
      'constant HAS_DECLSPEC is of type int',
      'typedef int only_gcc_t',
    ]);
    expect(result.failed).toEqual([expect.stringMatching(/^typedef int nowhere_t: error:/)]);
  },
);
