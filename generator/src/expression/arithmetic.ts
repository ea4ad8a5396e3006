// In: C values and their types. Out: C's arithmetic on them: integer promotions, the usual arithmetic conversions,
// wrap-around, conversions (C11 6.3.1, 6.5). Overflow of signed types wraps, as compilers fold it.

import { type FloatType, type IntegerType, isSigned, sizeOf, type Target, type UnsignedType } from '../target.ts';
import { nearest } from './rounding.ts';

export interface IntegerValue {
  readonly kind: 'int';
  readonly value: bigint;
  readonly type: IntegerType;
}

export interface FloatValue {
  readonly kind: 'float';
  readonly value: number;
  readonly type: FloatType;
  /** Of a long double: it has more digits than a number of JavaScript's, and this is the nearest one. */
  readonly isNearest?: true;
}

export type NumberValue = IntegerValue | FloatValue;

/** C11 6.3.1.1p1. */
const RANKS: Readonly<Record<IntegerType, number>> = {
  bool: 0,
  char: 1,
  schar: 1,
  uchar: 1,
  short: 2,
  ushort: 2,
  int: 3,
  uint: 3,
  long: 4,
  ulong: 4,
  llong: 5,
  ullong: 5,
  int128: 6,
  uint128: 6,
};

const UNSIGNED_OF: Partial<Record<IntegerType, UnsignedType>> = {
  int: 'uint',
  long: 'ulong',
  llong: 'ullong',
  int128: 'uint128',
};

const FLOAT_RANK: Readonly<Record<FloatType, number>> = { float: 0, double: 1, ldouble: 2 };

/** An integer of a type, wrapped into its range. */
export function integer(value: bigint, type: IntegerType, target: Target): IntegerValue {
  if (value === 0n || value === 1n) return { kind: 'int', value, type };
  if (type === 'bool') return { kind: 'int', value: 1n, type };
  const bits = sizeOf(type, target) * 8;
  return {
    kind: 'int',
    value: isSigned(type, target) ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value),
    type,
  };
}

export function float(value: number, type: FloatType, isNearest = false): FloatValue {
  const rounded = type === 'float' ? Math.fround(value) : value;
  return { kind: 'float', value: rounded, type, ...(isNearest && type === 'ldouble' ? { isNearest } : {}) };
}

/** Converts to a type; undefined if the value has no place in it (C11 6.3.1.4p1). */
export function convert(from: NumberValue, type: IntegerType | FloatType, target: Target): NumberValue | undefined {
  if (type === 'float' || type === 'double' || type === 'ldouble') {
    const isNearest = from.kind === 'float' ? from.isNearest : BigInt(Number(from.value)) !== from.value;
    const value = from.kind === 'int' && type === 'float' ? nearest(from.value, 1n, 'float') : Number(from.value);
    return float(value, type, isNearest);
  }
  if (from.kind === 'int') return integer(from.value, type, target);
  if (type === 'bool') return integer(from.value === 0 ? 0n : 1n, type, target);
  if (!Number.isFinite(from.value)) return undefined;
  const whole = BigInt(Math.trunc(from.value));
  const result = integer(whole, type, target);
  return result.value === whole ? result : undefined;
}

/** C11 6.3.1.1p2. */
export function promote(type: IntegerType, target: Target): IntegerType {
  if (RANKS[type] >= RANKS.int) return type;
  return isSigned(type, target) || sizeOf(type, target) < sizeOf('int', target) ? 'int' : 'uint';
}

/** C11 6.3.1.8: the type in which both operands are computed with. */
export function commonType(a: NumberValue, b: NumberValue, target: Target): IntegerType | FloatType {
  if (a.kind === 'float') return b.kind === 'float' && FLOAT_RANK[b.type] > FLOAT_RANK[a.type] ? b.type : a.type;
  if (b.kind === 'float') return b.type;
  return commonInteger(promote(a.type, target), promote(b.type, target), target);
}

function commonInteger(a: IntegerType, b: IntegerType, target: Target): IntegerType {
  if (a === b) return a;
  if (isSigned(a, target) === isSigned(b, target)) return RANKS[a] > RANKS[b] ? a : b;
  const [signed, unsigned] = isSigned(a, target) ? [a, b] : [b, a];
  if (RANKS[unsigned] >= RANKS[signed]) return unsigned;
  if (sizeOf(signed, target) > sizeOf(unsigned, target)) return signed;
  return UNSIGNED_OF[signed] ?? unsigned;
}

/** `a operator b` after the usual conversions; a string is the reason why it is not a constant. */
export function binary(operator: string, a: NumberValue, b: NumberValue, target: Target): NumberValue | string {
  if (operator === '<<' || operator === '>>') return shift(operator, a, b, target);
  const type = commonType(a, b, target);
  const left = convert(a, type, target);
  const right = convert(b, type, target);
  if (left?.kind === 'int' && right?.kind === 'int') return integerBinary(operator, left, right, target);
  if (left?.kind === 'float' && right?.kind === 'float') return floatBinary(operator, left, right, target);
  return `the operands of '${operator}' have no common type`;
}

function shift(operator: string, a: NumberValue, b: NumberValue, target: Target): NumberValue | string {
  if (a.kind === 'float' || b.kind === 'float') return `'${operator}' needs integers`;
  const type = promote(a.type, target);
  const bits = BigInt(sizeOf(type, target) * 8);
  if (b.value < 0n || b.value >= bits) return `shift by ${b.value} is out of range`;
  return integer(operator === '<<' ? a.value << b.value : a.value >> b.value, type, target);
}

function integerBinary(operator: string, a: IntegerValue, b: IntegerValue, target: Target): NumberValue | string {
  const truth = compare(operator, a.value, b.value);
  if (truth !== undefined) return integer(BigInt(truth), 'int', target);
  if ((operator === '/' || operator === '%') && b.value === 0n) return 'division by zero';
  const value = fold(operator, a.value, b.value);
  return value === undefined ? `'${operator}' is not allowed in a constant expression` : integer(value, a.type, target);
}

function fold(operator: string, a: bigint, b: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    default:
      return undefined;
  }
}

function floatBinary(operator: string, a: FloatValue, b: FloatValue, target: Target): NumberValue | string {
  const truth = compare(operator, a.value, b.value);
  if (truth !== undefined) {
    // Two long doubles that differ may have the same nearest number.
    if ((a.isNearest || b.isNearest) && a.value === b.value) return 'long doubles that JavaScript cannot tell apart';
    return integer(BigInt(truth), 'int', target);
  }
  const value = floatFold(operator, a.value, b.value);
  if (value === undefined) return `'${operator}' needs integers`;
  // The digits of a result in long double are not all known, unless it is a small whole number.
  const isNearest = a.type === 'ldouble' && !(Number.isInteger(value) && !a.isNearest && !b.isNearest);
  return float(value, a.type, isNearest);
}

function floatFold(operator: string, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    default:
      return undefined;
  }
}

function compare<T extends bigint | number>(operator: string, a: T, b: T): boolean | undefined {
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    default:
      return undefined;
  }
}
