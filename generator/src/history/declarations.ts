// A declaration <-> its canonical JSON, as snapshots and histories store it: keys in a fixed order, types as text (model/type-text.ts),
// 64-bit values as decimal text, places as `header:line`. What is undefined is left out. `shape.ts` has checked what is read.

import {
  type ConstantDecl,
  type ConstantValue,
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

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** An enumeration without its enumerators. */
export type EnumFrame = Omit<EnumDecl, 'enumerators'>;

/** Objects of one section, one a line. */
export function sectionText(name: string, list: readonly JsonObject[]): string {
  const body = list.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
  return list.length ? `  "${name}": [\n${body}\n  ]` : `  "${name}": []`;
}

/** Undefined for what is not the library's own. */
function place(origin: Origin): string | undefined {
  return origin === ELSEWHERE ? undefined : `${origin.header}:${origin.line}`;
}

function common(d: { name: string; origin: Origin; doc?: string; deprecated?: string }): JsonObject {
  return { name: d.name, at: place(d.origin), doc: d.doc, deprecated: d.deprecated };
}

export function functionToJson(d: FunctionDecl): JsonObject {
  const { documented, symbol, weak, unsupported } = d;
  return { ...common(d), type: typeToText(d.type), documented, symbol, weak, unsupported };
}

export function variableToJson(d: VariableDecl): JsonObject {
  return { ...common(d), type: typeToText(d.type), symbol: d.symbol, weak: d.weak, unsupported: d.unsupported };
}

export function recordToJson(d: RecordDecl): JsonObject {
  const fields = d.fields?.map(
    (f): JsonObject => ({
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

/** Without its enumerators, which a snapshot has in it and a history beside it. */
export function enumToJson(d: EnumFrame): JsonObject {
  const key = d.key === `enum ${d.tag}` ? undefined : d.key;
  return { ...common(d), key, tag: d.tag, underlying: d.underlying };
}

export function typedefToJson(d: TypedefDecl): JsonObject {
  return { ...common(d), type: typeToText(d.type), align: d.align };
}

export function unsupportedToJson(d: Unsupported): JsonObject {
  return { kind: d.kind, name: d.name, at: place(d.origin), reason: d.reason };
}

export function constantToJson(d: ConstantDecl): JsonObject {
  const { value } = d;
  if (value.kind === 'int') return { ...common(d), int: value.value.toString(), type: value.type };
  if (value.kind === 'float') return { ...common(d), float: floatText(value.value), type: value.type };
  return { ...common(d), string: value.value, wide: value.wide, pointer: value.pointer };
}

function floatText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

interface RawDeclared {
  readonly name: string;
  readonly at?: string;
  readonly doc?: string;
  readonly deprecated?: string;
}

export interface RawFunction extends RawDeclared {
  readonly type: string;
  readonly documented?: NonNullable<FunctionDecl['documented']>;
  readonly symbol?: string;
  readonly weak?: true;
  readonly unsupported?: string;
}

export function functionFromJson({ at, type, ...rest }: RawFunction): FunctionDecl {
  return { kind: 'function', ...rest, origin: origin(at), type: typeFromText(type) as FunctionType };
}

export interface RawVariable extends RawDeclared {
  readonly type: string;
  readonly symbol?: string;
  readonly weak?: true;
  readonly unsupported?: string;
}

export function variableFromJson({ at, type, ...rest }: RawVariable): VariableDecl {
  return { kind: 'variable', ...rest, origin: origin(at), type: typeFromText(type) };
}

export interface RawRecord extends RawDeclared {
  readonly record: 'struct' | 'union';
  readonly key?: string;
  readonly tag?: string;
  readonly packed?: true;
  readonly transparent?: true;
  readonly local?: true;
  readonly align?: number;
  readonly pack?: number;
  readonly msStruct?: true;
  readonly byteOrder?: string;
  readonly fields?: readonly (Omit<Field, 'type'> & { readonly type: string })[];
}

export function recordFromJson({ at, fields, key, ...rest }: RawRecord): RecordDecl {
  return {
    kind: 'record',
    ...rest,
    key: key ?? `${rest.record} ${rest.tag}`,
    origin: origin(at),
    ...(fields ? { fields: fields.map((f): Field => ({ ...f, type: typeFromText(f.type) })) } : {}),
  };
}

export interface RawEnum extends RawDeclared {
  readonly key?: string;
  readonly tag?: string;
  readonly underlying: IntegerName;
}

export function enumFromJson({ at, key, ...rest }: RawEnum): EnumFrame {
  return { kind: 'enum', ...rest, key: key ?? `enum ${rest.tag}`, origin: origin(at) };
}

export interface RawTypedef extends RawDeclared {
  readonly type: string;
  readonly align?: number;
}

export function typedefFromJson({ at, type, ...rest }: RawTypedef): TypedefDecl {
  return { kind: 'typedef', ...rest, origin: origin(at), type: typeFromText(type) };
}

export interface RawConstant extends RawDeclared {
  readonly int?: string;
  readonly float?: string;
  readonly string?: string;
  readonly wide?: 'L' | 'u' | 'U';
  readonly pointer?: true;
  readonly type?: string;
}

/** Undefined where it has no value. */
export function constantFromJson(d: RawConstant): ConstantDecl | undefined {
  const { at, int, float, string, wide, pointer, type, ...rest } = d;
  const value: ConstantValue | undefined =
    int !== undefined
      ? { kind: 'int', value: BigInt(int), type: type as IntegerName }
      : float !== undefined
        ? { kind: 'float', value: Number(float), type: type ?? 'double' }
        : string !== undefined
          ? { kind: 'string', value: string, ...(wide ? { wide } : {}), ...(pointer ? { pointer } : {}) }
          : undefined;
  return value && { kind: 'constant', ...rest, origin: origin(at), value };
}

export interface RawUnsupported {
  readonly kind: Unsupported['kind'];
  readonly name: string;
  readonly at?: string;
  readonly reason: string;
}

export function unsupportedFromJson({ at, ...rest }: RawUnsupported): Unsupported {
  return { ...rest, origin: origin(at) };
}

function origin(text: string | undefined): Origin {
  if (text === undefined) return ELSEWHERE;
  const colon = text.lastIndexOf(':');
  return { header: text.slice(0, colon), line: Number(text.slice(colon + 1)) };
}
