// CType: the types of C (C11 6.2.5) as frozen data. Nothing here prints itself or knows a target's sizes.

import type { FloatType, IntegerType as IntegerName } from '../target.ts';

/** The arithmetic types by their short names: `uint`, `llong`, `ldouble`. `char` is a type of its own (6.2.5p15). */
export type { IntegerName };
export type FloatingName = FloatType | ExtendedFloat;
/** Types of their own to a compiler, each of the format that its name says (ISO/IEC TS 18661-3). */
type ExtendedFloat = 'float16' | 'float32' | 'float64' | 'float128' | 'float32x' | 'float64x';

interface Qualified {
  /** Qualifiers change neither the call nor the layout; a compiler tells types by them. */
  readonly const?: true;
  readonly volatile?: true;
  /** Of a pointer that another type points to or holds: there it makes another type. */
  readonly restrict?: true;
}

export interface VoidType extends Qualified {
  readonly kind: 'void';
}
export interface IntegerType extends Qualified {
  readonly kind: 'integer';
  readonly name: IntegerName;
}
export interface FloatingType extends Qualified {
  readonly kind: 'floating';
  readonly name: FloatingName;
}
/** `_Complex` of a floating type. */
export interface ComplexType extends Qualified {
  readonly kind: 'complex';
  readonly name: FloatingName;
}
/** `__builtin_va_list`. */
export interface VaListType extends Qualified {
  readonly kind: 'va_list';
}
export interface PointerType extends Qualified {
  readonly kind: 'pointer';
  readonly to: CType;
}
export interface ArrayType extends Qualified {
  readonly kind: 'array';
  readonly of: CType;
  /** Undefined for an incomplete array, `T x[]`. */
  readonly length?: number;
}
export interface Parameter {
  readonly name?: string;
  readonly type: CType;
}
export interface FunctionType extends Qualified {
  readonly kind: 'function';
  readonly result: CType;
  readonly parameters: readonly Parameter[];
  readonly variadic?: true;
  /** It does not return, which GCC has in the types of pointers to it. */
  readonly noreturn?: true;
  /** `()` of C before C23: the parameters are not known. */
  readonly unprototyped?: true;
}
/** A struct or union, by its key in `Api.records`. */
export interface RecordReference extends Qualified {
  readonly kind: 'record';
  readonly key: string;
  /** Its tag is declared here, in a prototype: to C another type than any of that name outside (C11 6.2.1p4). */
  readonly local?: true;
}
/** An enumeration, by its key in `Api.enums`. */
export interface EnumReference extends Qualified {
  readonly kind: 'enum';
  readonly key: string;
}
export interface TypedefReference extends Qualified {
  readonly kind: 'typedef';
  readonly name: string;
}
/** A type that dlshim does not model, with the reason: vector types, `_Atomic`, an expression in `typeof`. */
export interface UnsupportedType extends Qualified {
  readonly kind: 'unsupported';
  readonly reason: string;
}

export type CType =
  | VoidType
  | IntegerType
  | FloatingType
  | ComplexType
  | VaListType
  | PointerType
  | ArrayType
  | FunctionType
  | RecordReference
  | EnumReference
  | TypedefReference
  | UnsupportedType;

/** The types directly inside a type: what a pointer points to, an array's elements, a function's result and parameters. */
export function innerTypes(type: CType): readonly CType[] {
  switch (type.kind) {
    case 'pointer':
      return [type.to];
    case 'array':
      return [type.of];
    case 'function':
      return [type.result, ...type.parameters.map((p) => p.type)];
    case 'void':
    case 'integer':
    case 'floating':
    case 'complex':
    case 'va_list':
    case 'record':
    case 'enum':
    case 'typedef':
    case 'unsupported':
      return [];
    default:
      return unreachable(type);
  }
}

/** For the default arm of a switch over `kind`: the compiler proves that it is never reached. */
export function unreachable(value: never): never {
  throw new Error(`not a kind of this union: ${JSON.stringify(value)}`);
}
