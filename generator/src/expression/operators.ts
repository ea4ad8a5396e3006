// In: operands. Out: what C's operators and casts make of them (C11 6.5), or, as a string, the reason why that is no constant.
// Numbers are computed by arithmetic.ts; here are casts, and the operators of pointers and objects.

import type { CType } from '../model/ctype.ts';
import { scalarLayout } from '../scalars.ts';
import type { Target } from '../target.ts';
import { binary, convert, integer, type NumberValue, promote } from './arithmetic.ts';
import { unitType } from './literals.ts';
import {
  arithmeticName,
  placeholder,
  pointerTo,
  rvalue,
  type TypedValue,
  type TypeQuestions,
  typeOf,
  type Value,
} from './values.ts';

/** Of the binary operators, the loosest first (C11 6.5.5 to 6.5.14). */
export const PRECEDENCE: ReadonlyMap<string, number> = new Map(
  [
    ['||'],
    ['&&'],
    ['|'],
    ['^'],
    ['&'],
    ['==', '!='],
    ['<', '>', '<=', '>='],
    ['<<', '>>'],
    ['+', '-'],
    ['*', '/', '%'],
  ].flatMap((operators, index) => operators.map((operator) => [operator, index + 1] as const)),
);

/** What operators need to know besides their operands. */
export interface Facts {
  readonly types: TypeQuestions;
  readonly target: Target;
}

/** Size and alignment of a type; undefined where it has none. GCC gives void and functions one byte. */
export function layoutOf(
  type: CType,
  { types, target }: Facts,
): { readonly size: number; readonly align: number } | undefined {
  const asked = types.layout(type);
  if (asked) return asked;
  const resolved = types.resolve(type);
  switch (resolved.kind) {
    case 'void':
    case 'function':
      return { size: 1, align: 1 };
    case 'integer':
    case 'floating':
      return scalarLayout(target, resolved.name);
    case 'pointer':
      return scalarLayout(target, 'pointer');
    case 'array': {
      const element = layoutOf(resolved.of, { types, target });
      if (!element || resolved.length === undefined) return undefined;
      return { size: element.size * resolved.length, align: element.align };
    }
    default:
      return undefined;
  }
}

/** `(type)value`. */
export function cast(type: CType, value: Value, facts: Facts, isEvaluated: boolean): Value | string {
  const { types, target } = facts;
  const resolved = types.resolve(type);
  if (resolved.kind === 'unsupported') return resolved.reason;
  if (resolved.kind === 'void') return { kind: 'typed', type, isObject: false, reason: 'its value is void' };
  if (resolved.kind === 'pointer') return castToPointer(type, resolved.to, value, facts);
  const name = arithmeticName(type, types);
  if (name === undefined) return `it is cast to ${resolved.kind === 'record' ? 'a record' : `a ${resolved.kind}`} type`;
  if (value.kind === 'string') return 'the address of a string is not a constant';
  if (value.kind !== 'typed') return convert(value, name, target) ?? 'the value does not fit the type of the cast';
  const operand = rvalue(value, types, target) as TypedValue;
  if (operand.address !== undefined && name !== 'float' && name !== 'double' && name !== 'ldouble')
    return integer(operand.address, name, target);
  if (isEvaluated) return value.reason;
  return placeholder({ ...value, type }, types, target) ?? value.reason;
}

function castToPointer(type: CType, to: CType, value: Value, { types, target }: Facts): Value | string {
  const made = { kind: 'typed', type, isObject: false } as const;
  if (value.kind === 'string') {
    // A string under another pointer type is the same bytes, as long as these are of the same size.
    const name = arithmeticName(to, types);
    return name !== undefined && scalarLayout(target, name as 'char').size === 1
      ? { ...value, pointer: type }
      : { ...made, reason: 'a string cast to another type of pointer' };
  }
  const reason = 'a pointer';
  if (value.kind === 'float') return 'a floating value is cast to a pointer';
  if (value.kind === 'int') return { ...made, reason, address: wrapAddress(value.value, target) };
  const operand = rvalue(value, types, target) as TypedValue;
  return { ...made, reason, ...(operand.address === undefined ? {} : { address: operand.address }) };
}

function wrapAddress(address: bigint, target: Target): bigint {
  return BigInt.asUintN(target.sizes.pointer * 8, address);
}

/** `-value`, `!value`, `~value`, `+value`, `*value`, `&value`. */
export function unary(operator: string, value: Value, facts: Facts, isEvaluated: boolean): Value | string {
  const { types, target } = facts;
  if (operator === '&') return addressOf(value, facts);
  if (operator === '*') return dereference(rvalue(value, types, target), facts);
  const operand = value.kind === 'typed' ? rvalue(value, types, target) : value;
  if (operand.kind === 'typed' && operator === '!' && operand.address !== undefined)
    return integer(operand.address === 0n ? 1n : 0n, 'int', target);
  const number = asNumber(operand, facts, isEvaluated);
  if (typeof number === 'string') return number;
  if (operator === '!') return integer(number.value === (number.kind === 'int' ? 0n : 0) ? 1n : 0n, 'int', target);
  if (number.kind === 'float') {
    if (operator === '~') return "'~' needs an integer";
    return operator === '-' ? { ...number, value: -number.value } : number;
  }
  const result = operator === '-' ? -number.value : operator === '~' ? ~number.value : number.value;
  return integer(result, promote(number.type, target), target);
}

/** The number that an operand is; one that is not evaluated counts by its type. */
export function asNumber(value: Value, { types, target }: Facts, isEvaluated: boolean): NumberValue | string {
  if (value.kind === 'string') return 'a string is not a number';
  if (value.kind !== 'typed') return value;
  return (isEvaluated ? undefined : placeholder(value, types, target)) ?? value.reason;
}

function addressOf(value: Value, { types, target }: Facts): Value | string {
  if (value.kind === 'string') return pointerTo(typeOf(value, target), 'the address of a string');
  if (value.kind !== 'typed') return "'&' needs an object";
  const isFunction = types.resolve(value.type).kind === 'function';
  if (!value.isObject && !isFunction) return "'&' needs an object";
  return pointerTo(value.type, 'an address', value.address);
}

function dereference(value: Value, { types }: Facts): Value | string {
  const type = value.kind === 'typed' ? types.resolve(value.type) : undefined;
  if (value.kind !== 'typed' || type?.kind !== 'pointer') return "'*' needs a pointer";
  return {
    kind: 'typed',
    type: type.to,
    isObject: types.resolve(type.to).kind !== 'function',
    reason: 'what stands in memory is not a constant',
    ...(value.address === undefined ? {} : { address: value.address }),
  };
}

/** `value.name` and, through a pointer, `value->name`. */
export function member(value: Value, name: string, isArrow: boolean, facts: Facts): Value | string {
  const { types, target } = facts;
  const object = isArrow ? dereference(rvalue(value, types, target), facts) : value;
  if (typeof object === 'string') return `'->' needs a pointer`;
  const record = object.kind === 'typed' ? types.resolve(object.type) : undefined;
  if (object.kind !== 'typed' || record?.kind !== 'record') return `'${isArrow ? '->' : '.'}' needs a record`;
  const found = types.member(record.key, name);
  if (!found) return `${record.key} has no member '${name}'`;
  const place =
    object.address === undefined || found.offset === undefined || found.isBitField
      ? {}
      : { address: object.address + BigInt(found.offset / 8) };
  const type = record.const && !found.type.const ? { ...found.type, const: true as const } : found.type;
  return {
    kind: 'typed',
    type,
    isObject: true,
    reason: 'a member of an object is not a constant',
    ...place,
    ...(found.isBitField ? { isBitField: true } : {}),
  };
}

/** `value[at]`. */
export function subscript(value: Value, at: Value, facts: Facts): Value | string {
  if (at.kind === 'string') return subscript(at, value, facts);
  if (value.kind === 'string' && at.kind === 'int') {
    const unit = at.value === BigInt(value.length) ? 0 : value.units[Number(at.value)];
    const name = value.pointer ? 'char' : unitType(value.prefix, facts.target);
    return unit === undefined ? 'a character outside of its string' : integer(BigInt(unit), name, facts.target);
  }
  const sum = pointerBinary('+', value, at, facts) ?? "'[' needs a pointer";
  return typeof sum === 'string' ? sum : dereference(sum, facts);
}

/** Operators with a pointer on one side at least; undefined where neither is one. */
export function pointerBinary(operator: string, left: Value, right: Value, facts: Facts): Value | string | undefined {
  const { types, target } = facts;
  const [a, b] = [operandOf(left, facts), operandOf(right, facts)];
  const [to, other] = [pointee(a, types), pointee(b, types)];
  if (to === undefined && other === undefined) return undefined;
  const isComparison = /^[=!<>]=?$/.test(operator) && operator !== '!' && operator !== '=';
  if (isComparison || (operator === '-' && to !== undefined && other !== undefined)) {
    const type = isComparison ? 'int' : target.aliases.ptrdiff;
    const [x, y] = [addressIn(a), addressIn(b)];
    if (x === undefined || y === undefined)
      return { kind: 'typed', type: { kind: 'integer', name: type }, isObject: false, reason: 'it compares addresses' };
    if (isComparison) {
      const truth = binary(operator, integer(x, 'ullong', target), integer(y, 'ullong', target), target);
      return truth;
    }
    const size = BigInt(layoutOf(to!, facts)?.size ?? 1) || 1n;
    return integer((x - y) / size, type, target);
  }
  if (operator !== '+' && operator !== '-') return `'${operator}' does not take pointers`;
  const [pointer, number] = to === undefined ? [b, a] : [a, b];
  if (pointer.kind !== 'typed') return `'${operator}' does not take pointers`;
  if (number.kind === 'typed' && arithmeticName(number.type, types) === undefined)
    return `'${operator}' does not take these`;
  const size = layoutOf(to ?? other!, facts)?.size;
  const known = pointer.address !== undefined && number.kind === 'int' && size !== undefined;
  const { address: _, ...rest } = pointer;
  if (!known) return rest;
  const step = number.value * BigInt(size) * (operator === '-' ? -1n : 1n);
  return { ...rest, address: wrapAddress(pointer.address + step, target) };
}

function operandOf(value: Value, { types, target }: Facts): Value {
  return value.kind === 'typed' || value.kind === 'string' ? rvalue(value, types, target) : value;
}

function pointee(value: Value, types: TypeQuestions): CType | undefined {
  const type = value.kind === 'typed' ? types.resolve(value.type) : undefined;
  return type?.kind === 'pointer' ? type.to : undefined;
}

function addressIn(value: Value): bigint | undefined {
  if (value.kind === 'typed') return value.address;
  return value.kind === 'int' ? value.value : undefined;
}

/** A string that is no longer an array: the arm of a conditional is a pointer (C11 6.3.2.1p3). */
function decayed(value: Value, target: Target): Value {
  if (value.kind !== 'string' || value.pointer) return value;
  return { ...value, pointer: { kind: 'pointer', to: { kind: 'integer', name: unitType(value.prefix, target) } } };
}

/** The value of `truth ? first : second` where an arm is no number (C11 6.5.15p6). */
export function chooseTyped(truth: boolean, first: Value, second: Value, facts: Facts): Value | string {
  const { types, target } = facts;
  const chosen = truth ? first : second;
  if (first.kind === 'string' && second.kind === 'string') return decayed(chosen, target);
  const [a, b] = [operandOf(first, facts), operandOf(second, facts)];
  const [to, other] = [pointee(a, types), pointee(b, types)];
  if (first.kind === 'string' || second.kind === 'string') {
    const [beside, pointed] = first.kind === 'string' ? [b, other] : [a, to];
    if (pointed === undefined && addressIn(beside) !== 0n)
      return 'a string and a number in the arms of one conditional';
    if (chosen.kind === 'string') return decayed(chosen, target);
  }
  const isNull = (value: Value, voidTo: CType | undefined): boolean =>
    addressIn(value) === 0n && (voidTo === undefined || types.resolve(voidTo).kind === 'void');
  const picked = operandOf(chosen, facts);
  // A null pointer constant takes the other arm's type; else a pointer to void wins.
  const type =
    isNull(a, to) && b.kind === 'typed' ? b.type : isNull(b, other) && a.kind === 'typed' ? a.type : undefined;
  const voidSide =
    to && types.resolve(to).kind === 'void' ? a : other && types.resolve(other).kind === 'void' ? b : undefined;
  const result = type ?? (voidSide?.kind === 'typed' ? voidSide.type : typeOf(picked, target));
  const address = addressIn(picked);
  return {
    kind: 'typed',
    type: result,
    isObject: false,
    reason: picked.kind === 'typed' ? picked.reason : 'a pointer',
    ...(address === undefined ? {} : { address }),
  };
}
