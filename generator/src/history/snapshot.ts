// Api <-> canonical JSON: the facts of one version of a library on one target. One declaration a line, in the order of the
// headers, keys in a fixed order; types as text (model/type-text.ts), 64-bit values as decimal text. No path, no time.

import {
  type Api,
  type ConstantDecl,
  ELSEWHERE,
  type EnumDecl,
  type Field,
  type FunctionDecl,
  type Origin,
  type RecordDecl,
  type TypedefDecl,
  type Unsupported,
  type VariableDecl,
} from '../model/api.ts';
import type { FunctionType, IntegerName } from '../model/ctype.ts';
import { typeFromText, typeToText } from '../model/type-text.ts';
import { snapshotProblem } from './shape.ts';

/** The version of this format. */
const SNAPSHOT_FORMAT = 1;

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** `targets` are those that the same Api is of; its own where nothing is said. */
export function snapshotToJson(api: Api, targets: readonly string[] = [api.target]): string {
  const sections: [string, readonly Json[]][] = [
    ['functions', api.functions.map(functionToJson)],
    ['records', api.records.map(recordToJson)],
    ['enums', api.enums.map(enumToJson)],
    ['typedefs', api.typedefs.map((d) => ({ ...common(d), type: typeToText(d.type), align: d.align }))],
    ['variables', api.variables.map(variableToJson)],
    ['constants', api.constants.map(constantToJson)],
    [
      'unsupported',
      api.unsupported.map((u) => ({ kind: u.kind, name: u.name, at: place(u.origin), reason: u.reason })),
    ],
  ];
  const head: [string, Json | undefined][] = [
    ['format', SNAPSHOT_FORMAT],
    ['library', api.library],
    ['version', api.version],
    ['target', targets.length === 1 ? targets[0] : targets],
    ['headers', api.headers],
    ['ownHeaders', api.ownHeaders],
    ['notExported', api.notExported],
  ];
  const lines = head.filter(([, v]) => v !== undefined).map(([k, v]) => `  ${JSON.stringify(k)}: ${JSON.stringify(v)}`);
  for (const [name, list] of sections) {
    const body = list.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
    lines.push(list.length ? `  "${name}": [\n${body}\n  ]` : `  "${name}": []`);
  }
  return `{\n${lines.join(',\n')}\n}\n`;
}

/** Undefined for what is not the library's own. */
function place(origin: Origin): string | undefined {
  return origin === ELSEWHERE ? undefined : `${origin.header}:${origin.line}`;
}

function common(d: { name: string; origin: Origin; doc?: string; deprecated?: string }): {
  [key: string]: Json | undefined;
} {
  return { name: d.name, at: place(d.origin), doc: d.doc, deprecated: d.deprecated };
}

function functionToJson(d: FunctionDecl): Json {
  const { documented, symbol, weak, unsupported } = d;
  return { ...common(d), type: typeToText(d.type), documented, symbol, weak, unsupported };
}

function variableToJson(d: VariableDecl): Json {
  return { ...common(d), type: typeToText(d.type), symbol: d.symbol, weak: d.weak, unsupported: d.unsupported };
}

function recordToJson(d: RecordDecl): Json {
  const fields = d.fields?.map(
    (f): Json => ({
      name: f.name,
      type: typeToText(f.type),
      bits: f.bits,
      align: f.align,
      packed: f.packed,
      doc: f.doc,
    }),
  );
  const { key, record, tag, packed, transparent, local, align, pack, msStruct, byteOrder } = d;
  const rules = { packed, transparent, local, align, pack, msStruct, byteOrder };
  return { ...common(d), record, key: key === `${record} ${tag}` ? undefined : key, tag, ...rules, fields };
}

function enumToJson(d: EnumDecl): Json {
  const enumerators = d.enumerators.map((e): Json => [e.name, e.value.toString(), ...(e.doc ? [e.doc] : [])]);
  return {
    ...common(d),
    key: d.key === `enum ${d.tag}` ? undefined : d.key,
    tag: d.tag,
    underlying: d.underlying,
    enumerators,
  };
}

function constantToJson(d: ConstantDecl): Json {
  const { value } = d;
  if (value.kind === 'int') return { ...common(d), int: value.value.toString(), type: value.type };
  if (value.kind === 'float') return { ...common(d), float: floatText(value.value), type: value.type };
  return { ...common(d), string: value.value, wide: value.wide, pointer: value.pointer };
}

function floatText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Something in the file is not as a snapshot has it. The message names the file's place in words. */
export class SnapshotError extends Error {}

/** Reads what snapshotToJson wrote; of several targets the Api is of the wanted one where that is among them, else of the first.
 *  Throws a SnapshotError that says what is wrong. */
export function snapshotFromJson(text: string, wanted?: string): Api {
  let data: Raw;
  try {
    data = JSON.parse(text) as Raw;
  } catch (error) {
    throw new SnapshotError(`not JSON: ${(error as Error).message}`);
  }
  if (typeof data !== 'object' || data === null) throw new SnapshotError('not a snapshot');
  if (data.format !== SNAPSHOT_FORMAT) {
    throw new SnapshotError(`its format is ${JSON.stringify(data.format)}; this dlshim reads ${SNAPSHOT_FORMAT}`);
  }
  const problem = snapshotProblem(data);
  if (problem !== undefined) throw new SnapshotError(`a section is missing or damaged: ${problem}`);
  try {
    return {
      library: data.library,
      version: data.version,
      target: chosenTarget(data.target, wanted),
      headers: data.headers,
      ownHeaders: data.ownHeaders,
      ...(data.notExported ? { notExported: data.notExported } : {}),
      functions: data.functions.map((d): FunctionDecl => {
        const { at: _, type, ...rest } = d;
        return { kind: 'function', ...rest, origin: origin(d.at), type: typeFromText(type) as FunctionType };
      }),
      records: data.records.map((d): RecordDecl => {
        const { at: _, fields, key, ...rest } = d;
        return {
          kind: 'record',
          ...rest,
          key: key ?? `${d.record} ${d.tag}`,
          origin: origin(d.at),
          ...(fields ? { fields: fields.map((f): Field => ({ ...f, type: typeFromText(f.type) })) } : {}),
        };
      }),
      enums: data.enums.map((d): EnumDecl => {
        const { at: _, enumerators, key, ...rest } = d;
        const list = enumerators.map(([name, value, doc]) => ({ name, value: BigInt(value), ...(doc ? { doc } : {}) }));
        return { kind: 'enum', ...rest, key: key ?? `enum ${d.tag}`, origin: origin(d.at), enumerators: list };
      }),
      typedefs: data.typedefs.map((d): TypedefDecl => {
        const { at: _, type, ...rest } = d;
        return { kind: 'typedef', ...rest, origin: origin(d.at), type: typeFromText(type) };
      }),
      variables: data.variables.map((d): VariableDecl => {
        const { at: _, type, ...rest } = d;
        return { kind: 'variable', ...rest, origin: origin(d.at), type: typeFromText(type) };
      }),
      constants: data.constants.map(constantFromJson),
      unsupported: data.unsupported.map((d): Unsupported => {
        const { at: _, ...rest } = d;
        return { ...rest, origin: origin(d.at) };
      }),
    };
  } catch (error) {
    if (error instanceof SnapshotError) throw error;
    throw new SnapshotError(`a section is missing or damaged: ${(error as Error).message}`);
  }
}

function chosenTarget(target: Raw['target'], wanted: string | undefined): string {
  const targets = typeof target === 'string' ? [target] : target;
  return targets.find((name) => name === wanted) ?? targets[0]!;
}

function constantFromJson(d: Raw['constants'][number]): ConstantDecl {
  const { at, int, float, string, wide, pointer, type, ...rest } = d;
  const base = { kind: 'constant', ...rest, origin: origin(at) } as const;
  if (int !== undefined) return { ...base, value: { kind: 'int', value: BigInt(int), type: type as IntegerName } };
  if (float !== undefined) return { ...base, value: { kind: 'float', value: Number(float), type: type ?? 'double' } };
  if (string !== undefined)
    return {
      ...base,
      value: { kind: 'string', value: string, ...(wide ? { wide } : {}), ...(pointer ? { pointer } : {}) },
    };
  throw new SnapshotError(`the constant ${rest.name} has no value`);
}

function origin(text: string | undefined): Origin {
  if (text === undefined) return ELSEWHERE;
  const colon = text.lastIndexOf(':');
  return { header: text.slice(0, colon), line: Number(text.slice(colon + 1)) };
}

interface RawDeclared {
  readonly name: string;
  readonly at?: string;
  readonly doc?: string;
  readonly deprecated?: string;
}

/** The shape of the file; what is not as declared here fails in the conversions above. */
interface Raw {
  readonly format: number;
  readonly library: string;
  readonly version: string;
  readonly target: string | readonly string[];
  readonly headers: readonly string[];
  readonly ownHeaders: readonly string[];
  readonly notExported?: readonly string[];
  readonly functions: readonly (RawDeclared & {
    type: string;
    documented?: NonNullable<FunctionDecl['documented']>;
    symbol?: string;
    weak?: true;
    unsupported?: string;
  })[];
  readonly records: readonly (RawDeclared & {
    record: 'struct' | 'union';
    key?: string;
    tag?: string;
    packed?: true;
    transparent?: true;
    local?: true;
    align?: number;
    pack?: number;
    msStruct?: true;
    byteOrder?: string;
    fields?: readonly { name?: string; type: string; bits?: number; align?: number; packed?: true; doc?: string }[];
  })[];
  readonly enums: readonly (RawDeclared & {
    key?: string;
    tag?: string;
    underlying: IntegerName;
    enumerators: readonly [name: string, value: string, doc?: string][];
  })[];
  readonly typedefs: readonly (RawDeclared & { type: string; align?: number })[];
  readonly variables: readonly (RawDeclared & { type: string; symbol?: string; weak?: true; unsupported?: string })[];
  readonly constants: readonly (RawDeclared & {
    int?: string;
    float?: string;
    string?: string;
    wide?: 'L' | 'u' | 'U';
    pointer?: true;
    type?: string;
  })[];
  readonly unsupported: readonly { kind: Unsupported['kind']; name: string; at?: string; reason: string }[];
}
