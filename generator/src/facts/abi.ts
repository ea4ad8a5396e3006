// In: a C type. Out: how the ABI passes it, in the words that tools share: `i32(ptr,u64,...)`. Two declarations with one such
// text are called alike. Integers are named by sign and width in bits, floats by width (f80: the x87 format), pointers are
// all one, records by value are their kind, size and alignment in bytes.

import { LayoutError, typeLayout } from '../layout/layout.ts';
import { type CType, type FunctionType, type IntegerName, unreachable } from '../model/ctype.ts';
import type { TypeTable } from '../model/types.ts';
import { basicFloat, scalarLayout } from '../scalars.ts';
import { type FloatFormat, isSigned, type Target } from '../target.ts';

const FLOATS: Readonly<Record<FloatFormat, string>> = {
  binary16: 'f16',
  binary32: 'f32',
  binary64: 'f64',
  x87: 'f80',
  binary128: 'f128',
};

/** Under which name a target lists the format of a floating type. */
const FORMAT_NAMES: Readonly<Record<string, string>> = {
  float: 'FLT',
  double: 'DBL',
  ldouble: 'LDBL',
  float16: 'FLT16',
  float128: 'FLT128',
};

/** Writes types for one target. */
export class AbiText {
  readonly #table: TypeTable;
  readonly #target: Target;

  constructor(table: TypeTable, target: Target) {
    this.#table = table;
    this.#target = target;
  }

  /** A parameter's arrays and functions are pointers (C11 6.7.6.3p7), `va_list` among them where it is an array, or a pointer. */
  functionType(type: FunctionType): string {
    const list = type.parameters.map((p) => this.#parameter(p.type));
    if (type.variadic) list.push('...');
    return `${this.value(type.result)}(${list.join(',')})`;
  }

  #parameter(type: CType): string {
    const passed = this.#table.passed(type);
    const { kind } = this.#table.resolve(passed);
    return kind === 'array' || kind === 'function' ? 'ptr' : this.value(passed);
  }

  /** A value: of a result, a parameter, a variable. Arrays carry their length, `i8[16]`. */
  value(type: CType): string {
    const resolved = this.#table.resolve(type);
    switch (resolved.kind) {
      case 'void':
        return 'void';
      case 'integer':
        return this.#integer(resolved.name);
      case 'enum':
        return this.#integer(this.#table.enumeration(resolved.key)?.underlying ?? 'uint');
      case 'floating':
        return this.#floating(resolved.name);
      case 'complex':
        return `complex(${this.#floating(resolved.name)})`;
      case 'pointer':
      case 'function':
        return 'ptr';
      case 'va_list': {
        const { size, align } = this.#target.vaList;
        return this.#target.abi === 'aapcs64' ? `struct(${size},${align})` : 'ptr';
      }
      case 'array':
        return `${this.value(resolved.of)}[${resolved.length ?? ''}]`;
      case 'record':
        return this.#record(resolved.key, type);
      case 'typedef':
      case 'unsupported':
        return 'unsupported';
      default:
        return unreachable(resolved);
    }
  }

  #integer(name: IntegerName): string {
    if (name === 'bool') return 'bool';
    return `${isSigned(name, this.#target) ? 'i' : 'u'}${scalarLayout(this.#target, name).size * 8}`;
  }

  #floating(name: string): string {
    const macro = FORMAT_NAMES[basicFloat(name) ?? name]!;
    const format = this.#target.floats[macro]?.format;
    return format === undefined ? `f${name.replace(/\D/g, '')}` : FLOATS[format];
  }

  #record(key: string, type: CType): string {
    const record = this.#table.record(key);
    const kind = record?.record ?? 'struct';
    try {
      const { size, align } = typeLayout(type, this.#table, this.#target);
      return `${kind}(${size},${align})`;
    } catch (error) {
      if (error instanceof LayoutError) return `${kind}(incomplete)`;
      throw error;
    }
  }
}
