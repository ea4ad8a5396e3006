// A type of the model in; out: arbitrary values of it, what JavaScript passes for one, the bytes that C sees of it, and what is wrong
// with the value that JavaScript got for it. The bytes are made here with a DataView, member by member, and owe nothing to the layouts
// and conversions that are tested.
// Follows C11 6.2.6 on a little-endian LP64 machine, and the values of the runtime's documentation (types.ts, layouts.ts).

import { type Pointer, stringAt } from '@dlshim/runtime';
import fc from 'fast-check';
import type { Type } from './model.ts';

/** A union's value is that of one of its members. */
export interface Chosen {
  readonly member: number;
  readonly value: Value;
}

/** Integers and addresses are bigints, arrays and structs lists, a null string or address null or 0n. */
export type Value = bigint | number | boolean | string | null | readonly Value[] | Chosen;

/** 2^53 ± 1 and its like are where a number stops being exact. */
function integers(size: number, signed: boolean): fc.Arbitrary<bigint> {
  const bits = BigInt(size * 8);
  const [min, max] = signed ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
  const edges = [
    0n,
    1n,
    -1n,
    min,
    max,
    min + 1n,
    max - 1n,
    2n ** 31n,
    2n ** 32n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 53n + 1n,
  ];
  const all = [...edges, ...edges.map((edge) => -edge)].filter((edge) => edge >= min && edge <= max);
  return fc.oneof(fc.constantFrom(...new Set(all)), fc.bigInt({ min, max }));
}

const DOUBLES = [0, -0, 1, -1, Number.NaN, Infinity, -Infinity, 5e-324, 2 ** -1022, Number.MAX_VALUE, 2 ** 53 + 2, 0.1];
const FLOATS = [0, -0, 1, -1, Number.NaN, Infinity, -Infinity, 2 ** -149, 2 ** -126, 2 ** 127, 16777217, 0.1];

const text = fc.option(
  fc
    .oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ minLength: 200, maxLength: 400 }))
    .map((value) => value.replaceAll('\0', '')),
  { nil: null, freq: 6 },
);

export function arbitraryOf(type: Type): fc.Arbitrary<Value> {
  switch (type.kind) {
    case 'integer':
      return integers(type.size, type.signed);
    case 'bool':
      return fc.boolean();
    case 'floating':
      return type.size === 4
        ? fc.oneof(fc.constantFrom(...FLOATS), fc.float())
        : fc.oneof(fc.constantFrom(...DOUBLES), fc.double());
    case 'address':
      return fc.oneof(integers(8, false), fc.bigInt({ min: 0n, max: 2n ** 47n }));
    case 'text':
      return text;
    case 'chars':
      return fc.string({ unit: 'grapheme-ascii', maxLength: type.length - 1 });
    case 'array':
      return fc.array(arbitraryOf(type.of), { minLength: type.length, maxLength: type.length });
    case 'record': {
      const members = type.record.members.map((member) => memberValue(member.type, member.bits));
      if (type.record.kind === 'struct') return fc.tuple(...members);
      return fc.oneof(...members.map((value, member) => value.map((value): Chosen => ({ member, value }))));
    }
    default:
      return type satisfies never;
  }
}

function memberValue(type: Type, bits: number | undefined): fc.Arbitrary<Value> {
  if (bits === undefined || type.kind !== 'integer') return arbitraryOf(type);
  const width = BigInt(bits);
  return type.signed
    ? fc.bigInt({ min: -(1n << (width - 1n)), max: (1n << (width - 1n)) - 1n })
    : fc.bigInt({ min: 0n, max: (1n << width) - 1n });
}

const chosenOf = (value: Value): Chosen => value as Chosen;
const listOf = (value: Value): readonly Value[] => value as readonly Value[];

const TYPED_ARRAYS = {
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
  f4: Float32Array,
  f8: Float64Array,
};

/** The typed array of such elements; undefined where there is none. */
export function typedArrayOf(type: Type): (typeof TYPED_ARRAYS)[keyof typeof TYPED_ARRAYS] | undefined {
  if (type.kind === 'integer') return TYPED_ARRAYS[`${type.signed ? 'i' : 'u'}${type.size}`];
  if (type.kind === 'floating') return TYPED_ARRAYS[`f${type.size}`];
  if (type.kind === 'bool') return Uint8Array;
  return type.kind === 'address' ? BigUint64Array : undefined;
}

/** Elements in a typed array, as a record's member or a parameter takes them. */
export function toTypedArray(of: Type, values: readonly Value[]): ArrayBufferView & ArrayLike<unknown> {
  const array = typedArrayOf(of);
  if (!array) throw new Error(`no typed array of ${of.kind}`);
  const isBig = array === BigInt64Array || array === BigUint64Array;
  const elements = values.map((value) => (isBig ? value : Number(value)));
  return (array as unknown as { from(values: unknown[]): Int8Array }).from(elements);
}

/** What JavaScript passes. `big` gives 64-bit integers as bigints even where a number is exact. */
export function toJs(type: Type, value: Value, big: boolean): unknown {
  switch (type.kind) {
    case 'integer': {
      const isExact = Number.isSafeInteger(Number(value));
      return type.size < 8 || (isExact && !big) ? Number(value) : value;
    }
    case 'bool':
    case 'floating':
    case 'text':
    case 'chars':
      return value;
    case 'address':
      return value === 0n ? null : value;
    case 'array':
      return typedArrayOf(type.of)
        ? toTypedArray(type.of, listOf(value))
        : listOf(value).map((element) => toJs(type.of, element, big));
    case 'record': {
      const { kind, members } = type.record;
      if (kind === 'union') {
        const { member, value: inner } = chosenOf(value);
        return { [`m${member}`]: toJs(members[member]!.type, inner, big) };
      }
      return Object.fromEntries(members.map((m, at) => [`m${at}`, toJs(m.type, listOf(value)[at]!, big)]));
    }
    default:
      return type satisfies never;
  }
}

/** The two streams of a call as they are expected: what C takes, and what it puts. */
export class Streams {
  readonly given: Writer = new Writer();
  readonly seen: Writer = new Writer();

  /** C puts the value down. */
  put(type: Type, value: Value): void {
    this.#move(this.seen, type, value);
  }

  /** C takes the value. */
  take(type: Type, value: Value): void {
    this.#move(this.given, type, value);
  }

  #move(to: Writer, type: Type, value: Value): void {
    switch (type.kind) {
      case 'integer':
        to.integer(type.size, value as bigint);
        return;
      case 'bool':
        to.integer(1, value ? 1n : 0n);
        return;
      case 'floating':
        to.floating(type.size, value as number);
        return;
      case 'address':
        to.integer(8, value as bigint);
        return;
      case 'text':
        to.integer(1, value === null ? 0n : 1n);
        if (value !== null) to.bytes(Buffer.from(`${value as string}\0`));
        return;
      case 'chars':
        to.bytes(Buffer.from((value as string).padEnd(type.length, '\0')));
        return;
      case 'array':
        for (const element of listOf(value)) this.#move(to, type.of, element);
        return;
      case 'record': {
        const { kind, members } = type.record;
        if (kind === 'union') {
          const { member, value: inner } = chosenOf(value);
          this.given.integer(1, BigInt(member));
          this.#move(to, members[member]!.type, inner);
          return;
        }
        for (const [at, member] of members.entries()) this.#move(to, member.type, listOf(value)[at]!);
        return;
      }
      default:
        throw new TypeError(type satisfies never);
    }
  }
}

/** Bytes, little-endian, in memory that grows. */
export class Writer {
  #memory = Buffer.alloc(4096);
  #length = 0;

  get written(): Uint8Array {
    return this.#memory.subarray(0, this.#length);
  }

  integer(size: number, value: bigint): void {
    const at = this.#reserve(size);
    for (let index = 0; index < size; index++) this.#memory[at + index] = Number((value >> BigInt(8 * index)) & 0xffn);
  }

  floating(size: 4 | 8, value: number): void {
    const at = this.#reserve(size);
    if (size === 4) this.#memory.writeFloatLE(value, at);
    else this.#memory.writeDoubleLE(value, at);
  }

  bytes(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length);
    this.#memory.set(bytes, at);
  }

  #reserve(length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.#memory.length) this.#memory = Buffer.concat([this.#memory], this.#length * 2);
    return at;
  }
}

/** What is wrong with the value that JavaScript got, undefined where nothing is. `where` says in which context: a callback gets the
 *  address of a string, all else the string. */
export function difference(type: Type, value: Value, got: unknown, path: string): string | undefined {
  const wrong = (expected: unknown) => `${path}: ${show(expected)} expected, got ${show(got)}`;
  switch (type.kind) {
    case 'integer': {
      const number = Number(value);
      const expected = type.size < 8 || Number.isSafeInteger(number) ? number : value;
      // 2^53 itself is either.
      const isEdge = Math.abs(number) === 2 ** 53 && BigInt(number) === value;
      return got === expected || (isEdge && got === number) ? undefined : wrong(expected);
    }
    case 'bool':
    case 'chars':
      return got === value ? undefined : wrong(value);
    case 'floating': {
      const expected = type.size === 4 ? Math.fround(value as number) : value;
      return Object.is(got, expected) ? undefined : wrong(expected);
    }
    case 'address': {
      const expected = value === 0n ? null : value;
      return got === expected ? undefined : wrong(expected);
    }
    case 'text': {
      const text = typeof got === 'bigint' ? stringAt(got as Pointer) : got;
      return text === value ? undefined : wrong(value);
    }
    case 'array':
      return arrayDifference(type.of, listOf(value), got, path);
    case 'record': {
      const { kind, members } = type.record;
      if (typeof got !== 'object' || got === null) return wrong(value);
      const member = (at: number, inner: Value) =>
        difference(members[at]!.type, inner, (got as { [name: string]: unknown })[`m${at}`], `${path}.m${at}`);
      if (kind === 'union') return member(chosenOf(value).member, chosenOf(value).value);
      return first(listOf(value).map((inner, at) => member(at, inner)));
    }
    default:
      return type satisfies never;
  }
}

function arrayDifference(of: Type, values: readonly Value[], got: unknown, path: string): string | undefined {
  const array = typedArrayOf(of);
  if (array && !(got instanceof array)) return `${path}: a ${array.name} expected, got ${show(got)}`;
  const list = got as ArrayLike<unknown>;
  if (list?.length !== values.length) return `${path}: ${values.length} elements expected, got ${show(got)}`;
  return first(
    values.map((value, at) =>
      array
        ? elementDifference(of, value, list[at], `${path}[${at}]`)
        : difference(of, value, list[at], `${path}[${at}]`),
    ),
  );
}

/** Of an element of a typed array: 64-bit ones are bigints always, booleans 0 or 1. */
export function elementDifference(of: Type, value: Value, got: unknown, path: string): string | undefined {
  if (of.kind === 'bool')
    return got === Number(value) ? undefined : `${path}: ${show(value)} expected, got ${show(got)}`;
  const is64 = of.kind === 'address' || (of.kind === 'integer' && of.size === 8);
  if (!is64) return difference(of, value, got, path);
  return got === value ? undefined : `${path}: ${show(value)} expected, got ${show(got)}`;
}

export function first(findings: readonly (string | undefined)[]): string | undefined {
  return findings.find((finding) => finding !== undefined);
}

/** Any value, on one line. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'number' || value === undefined) return String(value);
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}[${[...(value as Int8Array)].map(show).join(', ')}]`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, inner]) => `${name}: ${show(inner)}`)
      .join(', ')} }`;
  }
  return JSON.stringify(value) ?? String(value);
}
