// A type of the contract and a value in, what C wants instead out; and values in words, for messages. Ranges follow C's integer
// types of fixed width (C11 7.20.1.1) and IEEE 754.

import type { TypeNode } from '../contract/signature.ts';

/** The least and the greatest value, and the same as numbers, which compare faster. */
interface Range {
  readonly min: bigint;
  readonly max: bigint;
  readonly low: number;
  readonly high: number;
}

function range(bits: bigint, isSigned: boolean): Range {
  const [min, max] = isSigned ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
  return { min, max, low: Number(min), high: Number(max) };
}

const RANGES: ReadonlyMap<string, Range> = new Map([
  ['char', range(8n, true)],
  ['i8', range(8n, true)],
  ['u8', range(8n, false)],
  ['i16', range(16n, true)],
  ['u16', range(16n, false)],
  ['i32', range(32n, true)],
  ['u32', range(32n, false)],
  ['i64', range(64n, true)],
  ['u64', range(64n, false)],
]);

/** What a scalar, an address or a function pointer wants where `value` is none; undefined where it is one. Text, memory and records
 *  are not asked about here. */
export function wantedInstead(type: TypeNode, value: unknown): string | undefined {
  switch (type.kind) {
    case 'scalar': {
      const range = RANGES.get(type.name);
      if (range) return isInRange(range, value) ? undefined : integerOf(range, value);
      if (type.name === 'bool') return typeof value === 'boolean' ? undefined : 'true or false';
      if (type.name === 'f32' || type.name === 'f64') return typeof value === 'number' ? undefined : 'a number';
      return isAddress(value) || value === null ? undefined : 'an address or null';
    }
    case 'handle':
      return isAddress(value) || value === null ? undefined : `a handle ${type.name}`;
    case 'pointer':
      return isAddress(value) || value === null ? undefined : `a pointer to ${type.name}, or null`;
    case 'function':
      return isAddress(value) || value === null ? undefined : 'the address of a function, from callback(), or null';
    default:
      return undefined;
  }
}

function isInRange({ min, max, low, high }: Range, value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= low && value <= high;
  return typeof value === 'bigint' && value >= min && value <= max;
}

function integerOf({ min, max }: Range, value: unknown): string {
  const isLoose = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  const why = isLoose && value >= min && value <= max ? ' (a bigint beyond 2^53: this number may have lost bits)' : '';
  return `an integer from ${min} to ${max}${why}`;
}

/** Whether a value is what C may take for an address that is not null. */
export function isAddress(value: unknown): value is bigint {
  return typeof value === 'bigint' && value > 0n && value < 2n ** 64n;
}

/** Whether the memory of a view or buffer has been given away, for example to another thread. */
export function isDetached(value: ArrayBufferView | ArrayBufferLike): boolean {
  const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/** A value in a few words. */
export function inWords(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quote(value, 40);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value)) return `an array of ${value.length}`;
      if (isThenable(value)) return 'a promise';
      if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
      return value instanceof ArrayBuffer ? `ArrayBuffer of ${value.byteLength} bytes` : 'an object';
    }
    default:
      return String(value);
  }
}

/** A string in quotes, cut where it is longer. */
export function quote(text: string, length: number): string {
  return text.length <= length ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, length))}…`;
}

/** What was thrown, in words; it may be anything, and must not throw again. */
export function thrownInWords(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  } catch {
    return 'what was thrown cannot be shown';
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
