// In: a call of a compiler's builtin, its arguments as token ranges. Out: its value (GCC manual, "Other Builtins"), or undefined for
// what is no builtin that has a value at compile time. `_Generic` (C11 6.5.1.1) is here too: it is written as a call.

import type { CType } from '../model/ctype.ts';
import { float, integer, type NumberValue } from './arithmetic.ts';
import { compatible } from './compatible.ts';
import type { Facts } from './operators.ts';
import { member, subscript, unary } from './operators.ts';
import { rvalue, typeOf, type Value } from './values.ts';

/** As much of the evaluator as builtins use. Ranges are [start, end) of its tokens. */
export interface Caller {
  readonly facts: Facts;
  /** Evaluates all of the range; fails as the expression around it would. */
  evaluate(start: number, end: number): Value;
  /** The same for its type only. */
  inspect(start: number, end: number): Value;
  /** The same, but undefined where it is no constant. */
  attempt(start: number, end: number): Value | undefined;
  type(start: number, end: number): CType;
  text(at: number): string;
  /** Where the arguments are, which commas outside of brackets part. */
  split(start: number, end: number, separator?: string): readonly (readonly [start: number, end: number])[];
  fail(reason: string, at: number): never;
}

type Range = readonly [start: number, end: number];
type Builtin = (caller: Caller, args: readonly Range[], at: number) => Value;

const truth = (value: boolean, { target }: Facts): Value => integer(value ? 1n : 0n, 'int', target);

const BUILTINS: Readonly<Record<string, Builtin>> = {
  _Generic: generic,
  offsetof: offsetOf,
  __builtin_offsetof: offsetOf,
  __builtin_types_compatible_p: (caller, args, at) => {
    if (args.length !== 2) caller.fail('__builtin_types_compatible_p needs two types', at);
    const [a, b] = args.map((arg) => caller.type(...arg));
    return truth(compatible(a!, b!, caller.facts.types, false), caller.facts);
  },
  __builtin_choose_expr: (caller, args, at) => {
    if (args.length !== 3) caller.fail('__builtin_choose_expr needs three arguments', at);
    const condition = number(caller, args[0]!, at);
    return caller.evaluate(...args[condition.value ? 1 : 2]!);
  },
  __builtin_constant_p: (caller, args) => {
    const value = args[0] && caller.attempt(...args[0]);
    return truth(value !== undefined && value.kind !== 'typed', caller.facts);
  },
  __builtin_expect: (caller, args, at) => integer(whole(caller, args, at), 'long', caller.facts.target),
  __builtin_huge_val: () => float(Infinity, 'double'),
  __builtin_huge_valf: () => float(Infinity, 'float'),
  __builtin_huge_vall: () => float(Infinity, 'ldouble'),
  __builtin_inf: () => float(Infinity, 'double'),
  __builtin_inff: () => float(Infinity, 'float'),
  __builtin_infl: () => float(Infinity, 'ldouble'),
  __builtin_nan: () => float(Number.NaN, 'double'),
  __builtin_nanf: () => float(Number.NaN, 'float'),
  __builtin_nanl: () => float(Number.NaN, 'ldouble'),
  __builtin_strlen: (caller, args, at) => {
    const value = args[0] && caller.evaluate(...args[0]);
    if (value?.kind !== 'string') return caller.fail('__builtin_strlen needs a string', at);
    const zero = value.units.indexOf(0);
    return integer(BigInt(zero < 0 ? value.length : zero), caller.facts.target.aliases.size, caller.facts.target);
  },
  __builtin_bswap16: swap(2, 'uint16'),
  __builtin_bswap32: swap(4, 'uint32'),
  __builtin_bswap64: swap(8, 'uint64'),
  __builtin_abs: (caller, args, at) => {
    const value = whole(caller, args, at);
    return integer(value < 0n ? -value : value, 'int', caller.facts.target);
  },
  ...counted('popcount', (bits) => bits.split('1').length - 1),
  ...counted('parity', (bits) => (bits.split('1').length - 1) % 2),
  ...counted('ffs', (bits) => bits.length - bits.lastIndexOf('1') - (bits.includes('1') ? 0 : bits.length + 1)),
  ...counted('clz', (bits) => (bits.includes('1') ? bits.indexOf('1') : undefined)),
  ...counted('ctz', (bits) => (bits.includes('1') ? bits.length - 1 - bits.lastIndexOf('1') : undefined)),
};

/** Whether a name is a builtin that takes its arguments in parentheses. */
export function builtinNamed(name: string): Builtin | undefined {
  return Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
}

function number(caller: Caller, range: Range, at: number): NumberValue {
  const value = caller.evaluate(...range);
  if (value.kind === 'int' || value.kind === 'float') return value;
  return caller.fail(value.kind === 'typed' ? value.reason : 'a string is not a number', at);
}

/** The first argument as an integer. */
function whole(caller: Caller, args: readonly Range[], at: number): bigint {
  const value = args[0] && number(caller, args[0], at);
  return value?.kind === 'int' ? value.value : caller.fail('this builtin needs an integer', at);
}

function swap(bytes: number, alias: 'uint16' | 'uint32' | 'uint64'): Builtin {
  return (caller, args, at) => {
    const bits = BigInt.asUintN(bytes * 8, whole(caller, args, at));
    const digits = bits.toString(16).padStart(bytes * 2, '0');
    const { target } = caller.facts;
    return integer(BigInt(`0x${digits.match(/../g)!.reverse().join('')}`), target.aliases[alias], target);
  };
}

/** `__builtin_<name>`, `…l` and `…ll`, of the binary digits of an unsigned operand. */
function counted(name: string, count: (bits: string) => number | undefined): Record<string, Builtin> {
  const of = (size: 'int' | 'long' | 'llong'): Builtin => {
    return (caller, args, at) => {
      const width = caller.facts.target.sizes[size] * 8;
      const bits = BigInt.asUintN(width, whole(caller, args, at))
        .toString(2)
        .padStart(width, '0');
      const result = count(bits);
      return result === undefined
        ? caller.fail(`__builtin_${name} of zero has no value`, at)
        : integer(BigInt(result), 'int', caller.facts.target);
    };
  };
  return {
    [`__builtin_${name}`]: of('int'),
    [`__builtin_${name}l`]: of('long'),
    [`__builtin_${name}ll`]: of('llong'),
  };
}

/** `offsetof(type, member.member[index])`. */
function offsetOf(caller: Caller, args: readonly Range[], at: number): Value {
  const { facts } = caller;
  const [of, designator] = args;
  if (args.length !== 2 || !of || !designator) return caller.fail('offsetof needs a type and a member', at);
  let value: Value | string = { kind: 'typed', type: caller.type(...of), isObject: true, address: 0n, reason: '' };
  const [start, end] = designator;
  for (let i = start; i < end && typeof value !== 'string'; ) {
    const text = caller.text(i);
    if (text === '[') {
      let close = i + 1;
      for (let depth = 1; close < end; close++) {
        if (caller.text(close) === '[') depth++;
        else if (caller.text(close) === ']' && --depth === 0) break;
      }
      value = subscript(value, caller.evaluate(i + 1, close), facts);
      i = close + 1;
    } else {
      const isDot: boolean = text === '.' || text === '->';
      value = member(value, caller.text(i + (isDot ? 1 : 0)), text === '->', facts);
      i += isDot ? 2 : 1;
    }
  }
  const place = typeof value === 'string' ? value : unary('&', value, facts, true);
  if (typeof place === 'string') return caller.fail(place, at);
  if (place.kind !== 'typed' || place.address === undefined) return caller.fail('this member has no known offset', at);
  return integer(place.address, facts.target.aliases.size, facts.target);
}

/** `_Generic(control, type: value, …, default: value)`. */
function generic(caller: Caller, args: readonly Range[], at: number): Value {
  const { types, target } = caller.facts;
  if (args.length < 2) return caller.fail('_Generic needs a value and an association', at);
  const control = caller.inspect(...args[0]!);
  const type = typeOf(
    control.kind === 'int' || control.kind === 'float' ? control : rvalue(control, types, target),
    target,
  );
  let chosen: Range | undefined;
  for (const [start, end] of args.slice(1)) {
    const [name, value] = caller.split(start, end, ':');
    if (!name || !value) return caller.fail('an association of _Generic without a value', at);
    const rest = [value[0], end] as const;
    if (caller.text(start) === 'default') chosen ??= rest;
    else if (compatible(type, caller.type(...name), types)) return caller.evaluate(...rest);
  }
  return chosen ? caller.evaluate(...chosen) : caller.fail('_Generic has no association for this type', at);
}
