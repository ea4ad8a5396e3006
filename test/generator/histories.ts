// What the tests of histories share: Apis that are small, or random, and comparing them without what a history does not keep of older
// versions: places, comments, and the order of declarations.

import fc from 'fast-check';
import { snapshotToJson } from '../../generator/src/history/snapshot.ts';
import type {
  Api,
  ConstantDecl,
  EnumDecl,
  FunctionDecl,
  RecordDecl,
  TypedefDecl,
  Unsupported,
  VariableDecl,
} from '../../generator/src/model/api.ts';
import type { FunctionType } from '../../generator/src/model/ctype.ts';
import { typeFromText } from '../../generator/src/model/type-text.ts';

export const TARGET = 'x86_64-linux-gnu';

/** Each part as text: `{ functions: { f: 'fn(a: int) int' }, enums: { 'enum e': { A: 1n } } }`. Lines count from 1 in each part. */
export interface Parts {
  readonly functions?: Readonly<Record<string, string>>;
  readonly records?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly enums?: Readonly<Record<string, Readonly<Record<string, bigint>>>>;
  readonly typedefs?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly constants?: Readonly<Record<string, bigint | number | string>>;
  readonly macros?: readonly string[];
  readonly more?: Partial<Api>;
}

export function api(version: string, parts: Parts): Api {
  const at = (line: number) => ({ header: 'x.h', line: line + 1 });
  const {
    functions = {},
    records = {},
    enums = {},
    typedefs = {},
    variables = {},
    constants = {},
    macros = [],
  } = parts;
  return {
    library: 'libx',
    version,
    target: TARGET,
    headers: ['x.h'],
    ownHeaders: ['x.h'],
    functions: Object.entries(functions).map(
      ([name, type], line): FunctionDecl => ({
        kind: 'function',
        name,
        origin: at(line),
        type: typeFromText(type) as FunctionType,
      }),
    ),
    records: Object.entries(records).map(([key, fields], line): RecordDecl => {
      const [record, tag] = key.split(' ');
      const list = Object.entries(fields).map(([name, type]) => ({ name, type: typeFromText(type) }));
      const tagged = tag === undefined ? { name: key, record: 'struct' as const } : { name: tag, tag };
      return { kind: 'record', record: record as 'struct', ...tagged, key, origin: at(line), fields: list };
    }),
    enums: Object.entries(enums).map(([key, values], line): EnumDecl => {
      const tag = key.startsWith('enum ') ? key.slice(5) : undefined;
      const enumerators = Object.entries(values).map(([name, value]) => ({ name, value }));
      return {
        kind: 'enum',
        key,
        name: tag ?? key,
        ...(tag === undefined ? {} : { tag }),
        origin: at(line),
        underlying: 'uint',
        enumerators,
      };
    }),
    typedefs: Object.entries(typedefs).map(
      ([name, type], line): TypedefDecl => ({ kind: 'typedef', name, origin: at(line), type: typeFromText(type) }),
    ),
    variables: Object.entries(variables).map(
      ([name, type], line): VariableDecl => ({ kind: 'variable', name, origin: at(line), type: typeFromText(type) }),
    ),
    constants: Object.entries(constants).map(
      ([name, value], line): ConstantDecl => ({ kind: 'constant', name, origin: at(line), value: constant(value) }),
    ),
    unsupported: macros.map(
      (name, line): Unsupported => ({ kind: 'macro', name, origin: at(line), reason: 'a macro with parameters' }),
    ),
    ...parts.more,
  };
}

function constant(value: bigint | number | string): ConstantDecl['value'] {
  if (typeof value === 'bigint') return { kind: 'int', value, type: 'int' };
  return typeof value === 'number' ? { kind: 'float', value, type: 'double' } : { kind: 'string', value };
}

/** An Api as a history gives it back, and any other: in an order of names, without places, comments, and what these say of parameters. */
export function facts(of: Api): string {
  const plain = <T extends { readonly name: string; readonly key?: string }>(list: readonly T[]): T[] =>
    list
      .map((d) => ({ ...d, origin: 'origin' in d && isOwn(d) ? { header: 'own', line: 0 } : { header: '', line: 0 } }))
      .map(({ doc: _, documented: __, ...d }: T & { doc?: string; documented?: unknown }) => d as unknown as T)
      .sort((a, b) => order(a.key ?? a.name, b.key ?? b.name));
  const bare: Api = {
    ...of,
    ownHeaders: [...of.ownHeaders].sort(),
    functions: plain(of.functions),
    records: plain(of.records).map((d) => {
      const fields = d.fields?.map(({ doc: _, ...f }) => f);
      return fields ? { ...d, fields } : d;
    }),
    enums: plain(of.enums).map((d) => ({ ...d, enumerators: plain(d.enumerators) })),
    typedefs: plain(of.typedefs),
    variables: plain(of.variables),
    constants: plain(of.constants),
    unsupported: [...of.unsupported]
      .map((d) => ({ ...d, origin: { header: 'own', line: 0 } }))
      .sort((a, b) => order(`${a.kind} ${a.name}`, `${b.kind} ${b.name}`)),
    ...(of.notExported ? { notExported: [...of.notExported].sort() } : {}),
  };
  return snapshotToJson(bare);
}

function isOwn(d: object): boolean {
  return (d as { origin: { header: string } }).origin.header !== '';
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const TYPES = ['int', '*char', 'fn(a: int) int', '@t', '*<struct s>', '[4]uchar', '{enum e}'];
const CALLS = ['fn(?) void', 'fn(a: int) int', 'fn(a: int, b: *const char) int', 'fn(s: *<struct s>) *<struct s>'];
const names = (...list: string[]) => fc.constantFrom(...list);

/** Apis of few names, so that random ones have most of them in common. */
export function randomApi(version: string): fc.Arbitrary<Api> {
  const library = ['f', 'g', 'h', 'v'];
  return fc
    .record({
      functions: fc.dictionary(names('f', 'g', 'h'), names(...CALLS)),
      records: fc.dictionary(
        names('struct s', 'union u', 'plain'),
        fc.dictionary(names('a', 'b', 'c'), names(...TYPES)),
      ),
      enums: fc.dictionary(names('enum e', 'mode'), fc.dictionary(names('A', 'B', 'C', 'D'), fc.bigInt(-2n, 3n))),
      typedefs: fc.dictionary(names('t', 'mode', 'plain'), names(...TYPES)),
      variables: fc.dictionary(names('v', 'w'), names(...TYPES)),
      constants: fc.dictionary(
        names('M', 'N', 'A'),
        fc.oneof(fc.bigInt(), fc.double({ noNaN: true }), fc.string(), names('x', 'y')),
      ),
      macros: fc.uniqueArray(names('m', 'n')),
      exports: fc.option(
        fc.record({
          missing: fc.subarray(library),
          undeclared: fc.subarray(['x', 'y']),
          versions: fc.dictionary(names('f', 'g'), fc.subarray(['V_1', 'V_2', 'V_3'], { minLength: 1 })),
        }),
        { nil: undefined },
      ),
      lines: fc.nat(50),
    })
    .map(({ exports, lines, ...parts }) => {
      const made = api(version, parts);
      const move = <T extends { origin: { header: string; line: number } }>(d: T): T => ({
        ...d,
        origin: { header: 'x.h', line: d.origin.line + lines },
      });
      const moved = { ...made, functions: made.functions.map(move), records: made.records.map(move) };
      if (!exports) return moved;
      const declared = [...made.functions, ...made.variables].map((d) => d.name);
      const notExported = declared.filter((name) => exports.missing.includes(name));
      const symbolVersions = Object.entries(exports.versions)
        .filter(([symbol]) => declared.includes(symbol) && !notExported.includes(symbol))
        .flatMap(([symbol, list]) => list.map((one, at) => ({ symbol, version: one, isDefault: at === 0 })));
      const key = (s: (typeof symbolVersions)[number]) => `${s.isDefault ? 0 : 1} ${s.version} ${s.symbol}`;
      return {
        ...moved,
        notExported,
        exports: {
          sonames: ['libx.so.1'],
          undeclared: exports.undeclared,
          symbolVersions: symbolVersions.sort((a, b) => order(key(a), key(b))),
        },
      };
    });
}
