// Values for `...` in, the type and value of each argument out. C reads such an argument by the type that it expects, and nothing checks
// that: so a number needs a type (`int(5)`), while strings and addresses have only one. No koffi here: types are signature text.
// Follows C11 6.5.2.2p6 (default argument promotions: integers below int become int, float becomes double) and 7.16.1.1 (va_arg).

import { BITS_OF_LONG } from '../contract/targets.ts';
import type { Argument, Pointer } from '../types.ts';

/** Registered, so that two installed copies of the runtime understand each other's arguments. */
const TYPE = Symbol.for('@dlshim/argument/1');

interface Typed {
  readonly [TYPE]: string;
  readonly value: unknown;
}

function typed(type: string, value: unknown): Argument {
  return Object.freeze({ [TYPE]: type, value }) as unknown as Argument;
}

function integer(name: string, type: string, value: number | bigint): Argument {
  const problem = integerCheck(type)(value);
  if (problem === 'range') throw new RangeError(outOfRange(name, type, value));
  if (problem) throw notNumber(name, value);
  return typed(type, value);
}

function notNumber(name: string, value: unknown): TypeError {
  return new TypeError(`${name}() takes an integer, and got ${describe(value)}`);
}

function outOfRange(what: string, type: string, value: unknown): string {
  const [min, max] = limits(type);
  return `${what} takes an integer from ${min} to ${max}, and got ${String(value)}`;
}

const LONG = `i${BITS_OF_LONG}`;
const ULONG = `u${BITS_OF_LONG}`;

/** An `int` behind `...`; also `bool`, `char`, `short` and enumerations, which C passes as one. Throws a RangeError beyond 32 bits. */
export function int(value: number | bigint): Argument {
  return integer('int', 'i32', value);
}
/** An `unsigned int` behind `...`. */
export function uint(value: number | bigint): Argument {
  return integer('uint', 'u32', value);
}
/** A `long` behind `...`: 64 bits, and 32 on Windows. */
export function long(value: number | bigint): Argument {
  return integer('long', LONG, value);
}
/** An `unsigned long` behind `...`: 64 bits, and 32 on Windows. */
export function ulong(value: number | bigint): Argument {
  return integer('ulong', ULONG, value);
}
/** A signed integer of 64 bits behind `...`: `int64_t`, `long long`, `ssize_t`, `off_t` where it has 64 bits. */
export function int64(value: number | bigint): Argument {
  return integer('int64', 'i64', value);
}
/** An unsigned integer of 64 bits behind `...`: `uint64_t`, `unsigned long long`, `size_t`. */
export function uint64(value: number | bigint): Argument {
  return integer('uint64', 'u64', value);
}

/** A `double` behind `...`; also `float`, which C passes as one. */
export function double(value: number): Argument {
  if (typeof value !== 'number') throw new TypeError(`double() takes a number, and got ${describe(value)}`);
  return typed('f64', value);
}

/** A `const char *` behind `...`, as a bare string is: copied for the call, NUL-terminated UTF-8. */
export function str(value: string | null): Argument {
  if (value !== null && typeof value !== 'string')
    throw new TypeError(`str() takes a string, and got ${describe(value)}`);
  return typed('str', value);
}

/** An address behind `...`, as a bare one is: of a pointer to a function too, and of a `bigint` that has no type yet. */
export function pointer(value: Pointer | bigint | ArrayBufferView | ArrayBuffer | null): Argument {
  if (!isAddress(value) && !isMemory(value))
    throw new TypeError(`pointer() takes an address or bytes, and got ${describe(value)}`);
  return typed('ptr', value);
}

/** The type and value of an argument that says its type, `int(5)`; undefined for any other value. */
export function typedArgument(value: unknown): readonly [type: string, value: unknown] | undefined {
  if (typeof value !== 'object' || value === null || !(TYPE in value)) return undefined;
  const own = value as Typed;
  return [own[TYPE], own.value];
}

/** The type and value of what stands behind `...`; `where` is for messages. Throws a TypeError for what has no type of its own. */
export function argumentOf(where: string, value: unknown): readonly [type: string, value: unknown] {
  const own = typedArgument(value);
  if (own) return own;
  if (typeof value === 'string') return ['str', value];
  if (isAddress(value) || isMemory(value)) return ['ptr', value];
  throw new TypeError(`${where} got ${describe(value)}: ${remedy(value)}`);
}

function remedy(value: unknown): string {
  if (typeof value === 'number') return 'say which type C expects, with int(), long(), double() and their like';
  if (typeof value === 'boolean') return 'C passes a bool as an int: int(1)';
  if (typeof value === 'function')
    return 'make a pointer of it with callback(…), which says its type and lives until release';
  return 'strings, addresses, bytes, null, and int(), double() and their like are what it takes';
}

export function isAddress(value: unknown): value is bigint | null {
  return value === null || typeof value === 'bigint';
}

export function isMemory(value: unknown): value is ArrayBufferView | ArrayBuffer {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

/** A value in words, for messages. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string '${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
    case 'bigint':
      return `${value}n`;
    case 'function':
      return 'a function';
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : `an object (${value.constructor?.name})`;
    default:
      return String(value);
  }
}

/** The least and the greatest value of an integer type, `i32`. */
function limits(type: string): readonly [min: bigint, max: bigint] {
  const bits = BigInt(type.slice(1));
  return type.startsWith('i') ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
}

type Check = (value: unknown) => 'kind' | 'range' | undefined;
const checks = new Map<string, Check>();

/** What is wrong with a value for an integer type: of another kind, or out of range. */
function integerCheck(type: string): Check {
  const known = checks.get(type);
  if (known) return known;
  const [min, max] = limits(type);
  const [least, greatest] = [Number(min), Number(max)];
  const check: Check = (value) => {
    if (Number.isSafeInteger(value))
      return (value as number) < least || (value as number) > greatest ? 'range' : undefined;
    if (typeof value !== 'bigint') return typeof value === 'number' ? beyond(value) : 'kind';
    return value < min || value > max ? 'range' : undefined;
  };
  // A number that is no safe integer is one of 2^53 and more, or none.
  const beyond = (value: number) =>
    Number.isInteger(value) && BigInt(value) >= min && BigInt(value) <= max ? undefined : 'range';
  checks.set(type, check);
  return check;
}

/** Throws unless a value fits an integer type. */
export function checkInteger(where: string, type: string, value: unknown): void {
  const problem = integerCheck(type)(value);
  if (problem === 'range') throw new RangeError(outOfRange(where, type, value));
  if (problem) throw new TypeError(`${where} takes an integer, and got ${describe(value)}`);
}
