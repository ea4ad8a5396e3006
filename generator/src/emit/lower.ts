// In: CTypes. Out: the two texts that a module carries for each: the signature that the runtime reads (its grammar is in the
// runtime's descriptor.ts) and the TypeScript type that a driver's author sees.

import { LayoutError, type RecordLayout, recordLayout } from '../layout/layout.ts';
import type { Api, RecordDecl, TypedefDecl } from '../model/api.ts';
import { type CType, type FunctionType, unreachable } from '../model/ctype.ts';
import { TypeTable } from '../model/types.ts';
import { integerLimits, isNumberFormat, scalarLayout } from '../scalars.ts';
import type { Target } from '../target.ts';
import type { ExportNames } from './names.ts';
import { parameterNames } from './names.ts';

/** Where a value stands: passed to C, returned by C, or passed by C to a callback. */
export type Position = 'parameter' | 'result' | 'callback';

/** The typed array over memory that holds such elements. */
export const TYPED_ARRAYS: Readonly<Record<string, string>> = {
  i8: 'Int8Array',
  u8: 'Uint8Array',
  i16: 'Int16Array',
  u16: 'Uint16Array',
  i32: 'Int32Array',
  u32: 'Uint32Array',
  i64: 'BigInt64Array',
  u64: 'BigUint64Array',
  f32: 'Float32Array',
  f64: 'Float64Array',
};

/** What a scalar of the signature grammar is in TypeScript. */
export function scalarTypescript(scalar: string): string {
  if (scalar === 'bool') return 'boolean';
  return scalar === 'i64' || scalar === 'u64' ? 'c.Int64' : 'number';
}

export class Lowering {
  readonly table: TypeTable;
  readonly target: Target;
  readonly names: ExportNames;
  readonly #own: ReadonlySet<string>;
  /** Exported names of the typedefs that are opaque handles. */
  readonly #handles: ReadonlySet<string>;

  /** Exported names of records whose members are not to be shown. */
  readonly #opaque: ReadonlySet<string>;

  constructor(api: Api, target: Target, names: ExportNames, opaque: ReadonlySet<string>) {
    this.#opaque = opaque;
    this.table = new TypeTable(api);
    this.target = target;
    this.names = names;
    this.#own = new Set(api.ownHeaders);
    this.#handles = new Set(api.typedefs.filter((d) => this.isHandle(d)).map((d) => names.typedef.get(d.name)!));
  }

  /** `i32(ptr,str,inout:ptr,str)`. */
  signature(type: FunctionType, inCallback = false): string {
    const list = type.parameters.map((p) =>
      this.signatureType(this.table.passed(p.type), inCallback ? 'callback' : 'parameter'),
    );
    if (type.variadic) list.push('...');
    return `${this.signatureType(type.result, inCallback ? 'callback' : 'result')}(${list.join(',')})`;
  }

  signatureType(type: CType, position: Position): string {
    const resolved = this.table.resolve(type);
    switch (resolved.kind) {
      case 'void':
        return 'void';
      case 'integer':
      case 'floating':
      case 'enum':
        return this.scalar(resolved);
      case 'record':
        return `{${this.names.record.get(resolved.key)}}`;
      case 'pointer':
        return this.#pointerSignature(resolved.to, position);
      case 'array':
        return this.#pointerSignature(resolved.of, position);
      case 'function':
        return this.#pointerSignature(resolved, position);
      case 'complex':
      case 'va_list':
      case 'typedef':
      case 'unsupported':
        throw new Error(`a ${resolved.kind} has no signature; the support pass lets none through`);
      default:
        return unreachable(resolved);
    }
  }

  #pointerSignature(to: CType, position: Position): string {
    const pointee = this.table.resolve(to);
    if (pointee.kind === 'function') return position === 'parameter' ? `fn<${this.signature(pointee, true)}>` : 'ptr';
    if (this.#isPlainChar(pointee)) return pointee.const && position !== 'callback' ? 'str' : 'ptr';
    if (position !== 'parameter') return 'ptr';
    const element = this.#elementSignature(pointee);
    return element === undefined ? 'ptr' : `${pointee.const ? 'in' : 'inout'}:${element}`;
  }

  /** What an array that is passed by pointer consists of; undefined for bytes, records and what has no size. */
  #elementSignature(pointee: CType): string | undefined {
    if (pointee.kind === 'integer' || pointee.kind === 'floating' || pointee.kind === 'enum') {
      if (pointee.kind === 'integer' && pointee.name.endsWith('int128')) return undefined;
      if (pointee.kind === 'floating' && !isNumberFormat(pointee.name)) return undefined;
      const scalar = this.scalar(pointee);
      return scalar === 'i8' || scalar === 'u8' ? undefined : scalar;
    }
    if (pointee.kind !== 'pointer') return undefined;
    const inner = this.table.resolve(pointee.to);
    return this.#isPlainChar(inner) && inner.const ? 'str' : 'ptr';
  }

  /** `i32`, `u64`, `bool`, `f64`: an arithmetic type as the ABI passes it. */
  scalar(type: CType): string {
    const resolved = this.table.resolve(type);
    if (resolved.kind === 'floating') return scalarLayout(this.target, resolved.name).size === 4 ? 'f32' : 'f64';
    const name = resolved.kind === 'enum' ? (this.table.enumeration(resolved.key)?.underlying ?? 'uint') : undefined;
    const integer = resolved.kind === 'integer' ? resolved.name : (name ?? 'int');
    if (integer === 'bool') return 'bool';
    const bits = scalarLayout(this.target, integer).size * 8;
    return `${integerLimits(this.target, integer).min < 0n ? 'i' : 'u'}${bits}`;
  }

  #isPlainChar(type: CType): boolean {
    return type.kind === 'integer' && type.name === 'char';
  }

  /** `(io: rados_ioctx_t, name: c.CString) => number`, without the arrow's left and right joined. */
  parameters(type: FunctionType, inCallback = false): readonly string[] {
    const names = parameterNames(type.parameters.map((p) => p.name));
    const position = inCallback ? 'callback' : 'parameter';
    const list = type.parameters.map(
      (p, at) => `${names[at]}: ${this.typescript(this.table.passed(p.type), position)}`,
    );
    if (type.variadic) list.push('...rest: c.Variadic[]');
    return list;
  }

  functionType(type: FunctionType): string {
    return `(${this.parameters(type, true).join(', ')}) => ${this.typescript(type.result, 'callback')}`;
  }

  typescript(type: CType, position: Position): string {
    const alias = this.#ownAlias(type);
    const resolved = this.table.resolve(type);
    switch (resolved.kind) {
      case 'void':
        return 'void';
      case 'integer':
      case 'floating':
        return alias ?? this.#scalarTypescript(resolved);
      case 'enum':
        return alias ?? this.names.enum.get(resolved.key) ?? 'number';
      case 'record':
        return this.names.record.get(resolved.key) ?? 'never';
      case 'pointer':
        return this.#pointerTypescript(resolved.to, alias, position);
      case 'array':
        return this.#pointerTypescript(resolved.of, undefined, position);
      case 'function':
        return this.#pointerTypescript(resolved, alias, position);
      case 'complex':
      case 'va_list':
      case 'typedef':
      case 'unsupported':
        return 'never';
      default:
        return unreachable(resolved);
    }
  }

  /** The exported name of a typedef of the library's own, the one that its users know. */
  #ownAlias(type: CType): string | undefined {
    if (type.kind !== 'typedef') return undefined;
    const declaration = this.table.typedef(type.name);
    if (!declaration) return undefined;
    if (this.#own.has(declaration.origin.header)) return this.names.typedef.get(type.name);
    return this.#ownAlias(declaration.type);
  }

  #scalarTypescript(type: CType): string {
    return scalarTypescript(this.scalar(type));
  }

  #pointerTypescript(to: CType, alias: string | undefined, position: Position): string {
    const pointee = this.table.resolve(to);
    if (pointee.kind === 'function') {
      const signature = this.#callbackTypescript(to, pointee, alias);
      return position === 'parameter' ? `c.Callback<${signature}>` : `c.Pointer<${signature}> | null`;
    }
    const isText = this.#isPlainChar(pointee) && pointee.const === true;
    if (isText && position !== 'callback') return position === 'parameter' ? 'c.CString' : 'string | null';
    if (position !== 'parameter') return `${alias ?? this.pointerTo(to)} | null`;
    switch (pointee.kind) {
      case 'void':
        // By decision (14): a handle parameter does not take null.
        return alias !== undefined && this.#handles.has(alias) ? alias : 'c.AnyPointer';
      case 'record':
        return this.#recordPointer(pointee.key, alias);
      case 'pointer': {
        const isStrings = this.#elementSignature(pointee) === 'str';
        return `c.Out<${isStrings ? 'string' : this.#withoutNull(this.typescript(to, 'callback'))}>`;
      }
      default:
        return this.#elementsTypescript(pointee);
    }
  }

  #recordPointer(key: string, alias: string | undefined): string {
    const name = this.names.record.get(key);
    return this.isComplete(key) ? `c.PointerTo<${name}>` : `${alias ?? `c.Pointer<${name}>`} | null`;
  }

  /** A parameter that points to numbers. */
  #elementsTypescript(pointee: CType): string {
    const element = this.#elementSignature(pointee);
    if (element === undefined) return pointee.kind === 'integer' ? 'c.Bytes' : 'c.AnyPointer';
    if (element === 'bool') return 'c.Booleans';
    return `c.${element.endsWith('64') && element[0] !== 'f' ? 'Integers' : 'Numbers'}<${TYPED_ARRAYS[element]}>`;
  }

  #callbackTypescript(to: CType, pointee: FunctionType, alias: string | undefined): string {
    return alias ?? this.#ownAlias(to) ?? this.functionType(pointee);
  }

  #withoutNull(text: string): string {
    return text.replace(/ \| null$/, '');
  }

  /** The type of an address: `c.Pointer<iscsi_url>`, `rados_t`, or `c.Pointer` where nothing is known. */
  pointerTo(to: CType): string {
    const alias = this.#ownAlias(to);
    const pointee = this.table.resolve(to);
    switch (pointee.kind) {
      case 'record':
        return `c.Pointer<${this.names.record.get(pointee.key)}>`;
      case 'integer':
      case 'floating':
        return `c.Pointer<${alias ?? this.#scalarTypescript(pointee)}>`;
      case 'enum':
        return `c.Pointer<${alias ?? this.names.enum.get(pointee.key) ?? 'number'}>`;
      case 'pointer':
        return `c.Pointer<${this.#withoutNull(this.typescript(to, 'callback'))}>`;
      default:
        return 'c.Pointer';
    }
  }

  /** Whether the module carries the record's layout: it is complete, has one, and is no private one of a system header. */
  isComplete(key: string): boolean {
    const declaration = this.table.record(key);
    if (!declaration?.fields || this.#opaque.has(this.names.record.get(key) ?? '')) return false;
    if (!this.#own.has(declaration.origin.header) && /^(struct|union) _/.test(key)) return false;
    return typeof this.layout(declaration) !== 'string';
  }

  /** The layout of a complete record, or the reason why it has none. */
  layout(declaration: RecordDecl): RecordLayout | string {
    try {
      return recordLayout(declaration, this.table, this.target);
    } catch (error) {
      if (error instanceof LayoutError) return error.message;
      throw error;
    }
  }

  /** `typedef void *rbd_image_t`, or another name for one. `typedef void *voidp` and pointers to const are not: they take anything. */
  isHandle(declaration: TypedefDecl): boolean {
    const resolved = this.table.resolve(declaration.type);
    if (resolved.kind !== 'pointer' || !this.isOwn(declaration) || /void|^ptr|pointer/i.test(declaration.name))
      return false;
    const to = this.table.resolve(resolved.to);
    return to.kind === 'void' && !to.const;
  }

  isOwn(declaration: { readonly origin: { readonly header: string } }): boolean {
    return this.#own.has(declaration.origin.header);
  }
}
