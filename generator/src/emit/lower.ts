// In: CTypes. Out: the two texts that a module carries for each: the signature that the runtime reads (its grammar is in the
// runtime's descriptor.ts) and the TypeScript type that a driver's author sees.

import { LayoutError, type RecordLayout, recordLayout } from '../layout/layout.ts';
import type { Api, FunctionDecl, RecordDecl, TypedefDecl } from '../model/api.ts';
import { type CType, type FunctionType, unreachable } from '../model/ctype.ts';
import { parameterNames } from '../model/parameter-names.ts';
import { isHandleType, opaqueName, pointeeOf } from '../model/pointers.ts';
import { TypeTable } from '../model/types.ts';
import type { PointerUse } from '../model/uses.ts';
import { integerLimits, isNumberFormat, scalarLayout } from '../scalars.ts';
import type { Target } from '../target.ts';
import type { ExportNames } from './names.ts';
import { parameterSignature, parameterTypescript } from './parameters.ts';
import { scalarTypescript, withoutNull } from './scalar-text.ts';

/** Where a value stands: returned by C, or passed by C to a callback. For what is passed to C, see parameters.ts. */
export type Position = 'result' | 'callback';

/** What C does with what the parameters of a function point to. */
type Uses = readonly (PointerUse | undefined)[];

export class Lowering {
  readonly table: TypeTable;
  readonly target: Target;
  readonly names: ExportNames;
  readonly #own: ReadonlySet<string>;
  /** Exported names of the typedefs that are opaque handles. */
  readonly #handles: ReadonlySet<string>;

  /** Exported names of records whose members are not to be shown. */
  readonly #opaque: ReadonlySet<string>;
  readonly #isOther: (typedef: string) => boolean;

  /** `isOther` tells typedefs that mean something else here than under their name in the module: they are seen through. */
  constructor(
    api: Api,
    target: Target,
    names: ExportNames,
    opaque: ReadonlySet<string>,
    isOther: (typedef: string) => boolean = () => false,
  ) {
    this.#opaque = opaque;
    this.#isOther = isOther;
    this.table = new TypeTable(api);
    this.target = target;
    this.names = names;
    this.#own = new Set(api.ownHeaders);
    this.#handles = new Set(api.typedefs.filter((d) => this.isHandle(d)).map((d) => names.typedef.get(d.name)!));
  }

  /** `i32(@rbd_image_t,u64,u64,out:char[2])`; `uses` are those of its parameters. */
  signature(type: FunctionType, inCallback = false, uses: Uses = [], resultAs?: FunctionDecl['resultAs']): string {
    const list = type.parameters.map((p, at) => {
      const passed = this.table.passed(p.type);
      return inCallback ? this.signatureType(passed, 'callback') : parameterSignature(this, passed, uses[at]);
    });
    if (type.variadic) list.push('...');
    const isAddress = inCallback || resultAs === 'address';
    const result = resultAs === 'string' ? 'str' : this.signatureType(type.result, isAddress ? 'callback' : 'result');
    return `${result}(${list.join(',')})`;
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
      case 'array':
      case 'function':
        return this.#isConstText(type) && position !== 'callback' ? 'str' : this.address(type);
      case 'complex':
      case 'va_list':
      case 'typedef':
      case 'unsupported':
        throw new Error(`a ${resolved.kind} has no signature; the support pass lets none through`);
      default:
        return unreachable(resolved);
    }
  }

  /** `@rbd_image_t`, `*iscsi_context`, `ptr`: a pointer as it is passed, whatever it points to. */
  address(type: CType): string {
    const handle = this.handleName(type);
    if (handle !== undefined) return `@${handle}`;
    const to = pointeeOf(type, this.table);
    const pointee = to && this.table.resolve(to.to);
    const name = pointee?.kind === 'record' ? this.names.record.get(pointee.key) : to && this.opaqueName(to.to);
    return name === undefined ? 'ptr' : `*${name}`;
  }

  /** What an array that is passed by pointer consists of; undefined for bytes, records and what has no size. */
  element(to: CType): string | undefined {
    const pointee = this.table.resolve(to);
    if (pointee.kind === 'pointer') return this.#isConstText(to) ? 'str' : this.address(to);
    if (pointee.kind !== 'integer' && pointee.kind !== 'floating' && pointee.kind !== 'enum') return undefined;
    if (pointee.kind === 'integer' && pointee.name.endsWith('int128')) return undefined;
    if (pointee.kind === 'floating' && !isNumberFormat(pointee.name)) return undefined;
    return this.scalar(pointee);
  }

  #isConstText(type: CType): boolean {
    const to = pointeeOf(type, this.table);
    return to?.kind === 'text' && to.isConst;
  }

  /** The name of a handle's type that the module exports. */
  handleName(type: CType): string | undefined {
    const alias = this.ownAlias(type);
    return alias !== undefined && this.#handles.has(alias) ? alias : undefined;
  }

  /** The exported name of a `typedef void name`. */
  opaqueName(type: CType): string | undefined {
    return opaqueName(type, this.table) === undefined ? undefined : this.ownAlias(type);
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

  /** `(io: rados_ioctx_t, name: c.CString) => number`, without the arrow's left and right joined. */
  parameters(type: FunctionType, inCallback = false, uses: Uses = []): readonly string[] {
    const names = parameterNames(type.parameters.map((p) => p.name));
    const list = type.parameters.map((p, at) => {
      const passed = this.table.passed(p.type);
      const text = inCallback ? this.typescript(passed, 'callback') : parameterTypescript(this, passed, uses[at]);
      return `${names[at]}: ${text}`;
    });
    if (type.variadic) list.push('...rest: c.Variadic[]');
    return list;
  }

  functionType(type: FunctionType): string {
    return `(${this.parameters(type, true).join(', ')}) => ${this.typescript(type.result, 'callback')}`;
  }

  typescript(type: CType, position: Position): string {
    const alias = this.ownAlias(type);
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
  ownAlias(type: CType): string | undefined {
    if (type.kind !== 'typedef') return undefined;
    const declaration = this.table.typedef(type.name);
    if (!declaration) return undefined;
    if (this.#own.has(declaration.origin.header) && !this.#isOther(type.name)) return this.names.typedef.get(type.name);
    return this.ownAlias(declaration.type);
  }

  #scalarTypescript(type: CType): string {
    return scalarTypescript(this.scalar(type));
  }

  #pointerTypescript(to: CType, alias: string | undefined, position: Position): string {
    const pointee = this.table.resolve(to);
    if (pointee.kind === 'function') return `c.Pointer<${this.callback(to, alias)}> | null`;
    const isText = pointee.kind === 'integer' && pointee.name === 'char' && pointee.const === true;
    if (isText && position !== 'callback') return 'string | null';
    return `${alias ?? this.pointerTo(to)} | null`;
  }

  /** The type of the function that a pointer points to. */
  callback(to: CType, alias: string | undefined): string {
    const pointee = this.table.resolve(to);
    return alias ?? this.ownAlias(to) ?? (pointee.kind === 'function' ? this.functionType(pointee) : 'never');
  }

  /** The type of an address: `c.Pointer<iscsi_url>`, `rados_t`, or `c.Pointer` where nothing is known. */
  pointerTo(to: CType): string {
    const alias = this.ownAlias(to);
    const pointee = this.table.resolve(to);
    const opaque = this.opaqueName(to);
    if (opaque !== undefined) return `c.Pointer<${opaque}>`;
    switch (pointee.kind) {
      case 'record':
        return `c.Pointer<${this.names.record.get(pointee.key)}>`;
      case 'integer':
      case 'floating':
        return `c.Pointer<${alias ?? this.#scalarTypescript(pointee)}>`;
      case 'enum':
        return `c.Pointer<${alias ?? this.names.enum.get(pointee.key) ?? 'number'}>`;
      case 'pointer':
        return `c.Pointer<${withoutNull(this.typescript(to, 'callback'))}>`;
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

  /** See isHandleType; only the library's own names count. */
  isHandle(declaration: TypedefDecl): boolean {
    return this.isOwn(declaration) && isHandleType(declaration, this.table);
  }

  isOwn(declaration: { readonly origin: { readonly header: string } }): boolean {
    return this.#own.has(declaration.origin.header);
  }
}
