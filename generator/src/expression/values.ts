// The values of C expressions as the evaluator has them: numbers, strings, and operands of which only the type is known, and
// perhaps an address: pointers, objects, functions. With the conversions that each undergoes as an operand (C11 6.3.2).

import type { CType } from '../model/ctype.ts';
import { basicFloat } from '../scalars.ts';
import type { IntegerType, Target } from '../target.ts';
import { float, integer, type NumberValue } from './arithmetic.ts';
import { type StringValue, unitType } from './literals.ts';

/** An operand without a constant value: a pointer, an object, a function, the value of a call. */
export interface TypedValue {
  readonly kind: 'typed';
  readonly type: CType;
  /** Whether it designates an object: an lvalue. */
  readonly isObject: boolean;
  readonly isBitField?: true;
  /** What a pointer points at, or where an object stands, where that is known: `&((struct s *)0)->member`. */
  readonly address?: bigint;
  /** Why it is no constant. */
  readonly reason: string;
}

export type Value = NumberValue | StringValue | TypedValue;

/** What the evaluator asks about types that the headers declare. */
export interface TypeQuestions {
  /** The type behind typedefs. */
  resolve(type: CType): CType;
  layout(type: CType): { readonly size: number; readonly align: number } | undefined;
  /** The integer type of an enumeration. */
  underlying(key: string): IntegerType | undefined;
  /** A member of a record, also one of an anonymous member's; its place is in bits. */
  member(key: string, name: string): MemberPlace | undefined;
}

export interface MemberPlace {
  readonly type: CType;
  /** Undefined where the record has no layout. */
  readonly offset: number | undefined;
  readonly isBitField: boolean;
}

/** For expressions that stand where nothing is declared. */
export const NO_TYPES: TypeQuestions = {
  resolve: (type) => type,
  layout: () => undefined,
  underlying: () => undefined,
  member: () => undefined,
};

/** The C type of a value; a string literal is an array of its characters. */
export function typeOf(value: Value, target: Target): CType {
  switch (value.kind) {
    case 'int':
      return { kind: 'integer', name: value.type };
    case 'float':
      return { kind: 'floating', name: value.type };
    case 'string':
      if (value.pointer) return value.pointer;
      return {
        kind: 'array',
        of: { kind: 'integer', name: unitType(value.prefix, target) },
        length: value.length + 1,
      };
    case 'typed':
      return value.type;
  }
}

/** An operand's value: objects are read, arrays and functions become pointers (C11 6.3.2.1). */
export function rvalue(value: Value, types: TypeQuestions, target: Target): Value {
  if (value.kind === 'string')
    return pointerTo({ kind: 'integer', name: unitType(value.prefix, target) }, 'an address');
  if (value.kind !== 'typed') return value;
  const type = types.resolve(value.type);
  if (type.kind === 'array') return pointerTo(type.of, value.reason, value.address);
  if (type.kind === 'function') return pointerTo(value.type, value.reason);
  const { const: _, volatile: __, ...plain } = type;
  if (!value.isObject) return { ...value, type: unqualified(value.type, plain) };
  return { kind: 'typed', type: unqualified(value.type, plain), isObject: false, reason: value.reason };
}

/** The type by its own name where that has no qualifiers, else what is behind it. */
function unqualified(type: CType, resolved: CType): CType {
  return type.const || type.volatile ? resolved : type;
}

export function pointerTo(to: CType, reason: string, address?: bigint): TypedValue {
  return {
    kind: 'typed',
    type: { kind: 'pointer', to },
    isObject: false,
    reason,
    ...(address === undefined ? {} : { address }),
  };
}

/** A number of the operand's type where it has an arithmetic one, for operands that are not evaluated. */
export function placeholder(value: TypedValue, types: TypeQuestions, target: Target): NumberValue | undefined {
  const name = arithmeticName(value.type, types);
  if (name === undefined) return undefined;
  return name === 'float' || name === 'double' || name === 'ldouble' ? float(1, name) : integer(1n, name, target);
}

/** The arithmetic type that a type is, enumerations as their integer. */
export function arithmeticName(
  type: CType,
  types: TypeQuestions,
): IntegerType | 'float' | 'double' | 'ldouble' | undefined {
  const resolved = types.resolve(type);
  if (resolved.kind === 'integer') return resolved.name;
  if (resolved.kind === 'enum') return types.underlying(resolved.key) ?? 'uint';
  if (resolved.kind !== 'floating') return undefined;
  const { name } = resolved;
  if (name === 'float' || name === 'double' || name === 'ldouble') return name;
  return basicFloat(name);
}
