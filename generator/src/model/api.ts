// Api: every declaration of one library version on one target, as frozen data. What the parser makes, the passes
// transform, the snapshot stores and the emitter reads.

import type { CType, FunctionType, IntegerName } from './ctype.ts';
import type { Direction, PointerUse } from './uses.ts';

/** Where a declaration stands: the header as one would include it, and the 1-based line. */
export interface Origin {
  readonly header: string;
  readonly line: number;
}

/** The place of what is not the library's own: it is nothing that a shim or a snapshot should depend on. */
export const ELSEWHERE: Origin = { header: '', line: 0 };

/** Whether C keeps a name for compilers and C libraries (C11 7.1.3). */
export function isReserved(name: string): boolean {
  return /^_[_A-Z]/.test(name);
}

interface Declared {
  readonly name: string;
  readonly origin: Origin;
  /** The header's doc comment, without its comment marks; only kept where the option `docs` is on. */
  readonly doc?: string;
  /** The text of `__attribute__((deprecated("…")))`, empty where it has none. */
  readonly deprecated?: string;
}

export interface FunctionDecl extends Declared {
  readonly kind: 'function';
  readonly type: FunctionType;
  /** The linker's name where an asm label gives another one. */
  readonly symbol?: string;
  /** Parameters of which the header's comment says that C writes what they point to. */
  readonly documented?: Readonly<Record<string, Direction>>;
  /** What C does with what each parameter points to, as far as it is known; set by the directions pass. */
  readonly uses?: readonly (PointerUse | undefined)[];
  /** How its result is given where its type says otherwise: a `const char *` that is no text as its address, a `char *` that stays the
   *  library's as a string. Set by the directions pass. */
  readonly resultAs?: 'address' | 'string';
  /** Declared `__attribute__((weak))`. */
  readonly weak?: true;
  /** Why it cannot be called through a table; set by the support pass. */
  readonly unsupported?: string;
}

export interface Field {
  /** Undefined for an anonymous record member or an unnamed bit-field. */
  readonly name?: string;
  readonly type: CType;
  /** The width of a bit-field. */
  readonly bits?: number;
  /** The alignment that an attribute or `_Alignas` asks for, in bytes. */
  readonly align?: number;
  readonly packed?: true;
  readonly doc?: string;
}

export interface RecordDecl extends Declared {
  readonly kind: 'record';
  /** The key that RecordReference uses: `struct x`, `union x`, or the typedef's name where there is no tag. */
  readonly key: string;
  readonly record: 'struct' | 'union';
  readonly tag?: string;
  /** Undefined where the headers only declare it. */
  readonly fields?: readonly Field[];
  readonly packed?: true;
  /** Its tag is declared in a prototype and nowhere else: C has no name for it outside. */
  readonly local?: true;
  /** A union that is passed as its first member is: `transparent_union`. */
  readonly transparent?: true;
  /** The value of `aligned(n)`, in bytes. */
  readonly align?: number;
  /** The value of `#pragma pack` in force, in bytes. */
  readonly pack?: number;
  /** `ms_struct`: bit-fields as Microsoft places them. */
  readonly msStruct?: true;
  /** `scalar_storage_order`, where it is not the target's own. */
  readonly byteOrder?: string;
  /** Known for the layout of what it lies in, and not shown; set by the `shown` pass. */
  readonly layoutOnly?: true;
}

export interface Enumerator {
  readonly name: string;
  readonly value: bigint;
  readonly doc?: string;
}

export interface EnumDecl extends Declared {
  readonly kind: 'enum';
  readonly key: string;
  readonly tag?: string;
  /** The integer type that holds it. */
  readonly underlying: IntegerName;
  readonly enumerators: readonly Enumerator[];
}

export interface TypedefDecl extends Declared {
  readonly kind: 'typedef';
  readonly type: CType;
  /** The value of `aligned(n)` on the typedef, in bytes: the alignment of its type under this name. */
  readonly align?: number;
  /** Whether this `void *` is a handle, where library.json says so; set by the directions pass. */
  readonly handle?: boolean;
}

export interface VariableDecl extends Declared {
  readonly kind: 'variable';
  readonly type: CType;
  readonly symbol?: string;
  /** Declared `__attribute__((weak))`. */
  readonly weak?: true;
  /** Why a table cannot carry it. */
  readonly unsupported?: string;
}

export type ConstantValue =
  | { readonly kind: 'int'; readonly value: bigint; readonly type: IntegerName }
  | { readonly kind: 'float'; readonly value: number; readonly type: string }
  | StringConstant;

export interface StringConstant {
  readonly kind: 'string';
  readonly value: string;
  /** The prefix of a literal whose characters take more than a byte. */
  readonly wide?: 'L' | 'u' | 'U';
  /** Behind a cast to another pointer type, so that the macro is a pointer and no array. */
  readonly pointer?: true;
}

/** An object-like macro whose expansion is a constant expression. */
export interface ConstantDecl extends Declared {
  readonly kind: 'constant';
  readonly value: ConstantValue;
}

/** Something that the headers declare and that the shim cannot carry. */
export interface Unsupported {
  readonly name: string;
  /** `macro`: one with parameters. */
  readonly kind: 'function' | 'variable' | 'constant' | 'macro' | 'record' | 'type';
  readonly reason: string;
  readonly origin: Origin;
}

export interface Api {
  readonly library: string;
  readonly version: string;
  readonly target: string;
  /** The headers that the user named, as one would include them. */
  readonly headers: readonly string[];
  /** The headers whose declarations are the library's own; everything else is here because they reach it. */
  readonly ownHeaders: readonly string[];
  readonly functions: readonly FunctionDecl[];
  readonly records: readonly RecordDecl[];
  readonly enums: readonly EnumDecl[];
  readonly typedefs: readonly TypedefDecl[];
  readonly variables: readonly VariableDecl[];
  readonly constants: readonly ConstantDecl[];
  readonly unsupported: readonly Unsupported[];
  /** Declared functions and variables that the library's file does not export; undefined where no such file was at hand. */
  readonly notExported?: readonly string[];
  /** What else that file says of itself; undefined where none was at hand. */
  readonly exports?: LibraryExports;
}

/** What a library's file says that its headers do not. */
export interface LibraryExports {
  /** What it calls itself. */
  readonly sonames: readonly string[];
  /** What it exports though the headers do not declare it, by name; not what C reserves, nor C++ names. Headers of other versions may declare it. */
  readonly undeclared: readonly string[];
  /** Symbol versions (ELF) of functions and variables that the headers declare: the default ones first, then by version and name. */
  readonly symbolVersions: readonly SymbolVersion[];
}

/** One symbol in one version; several versions may be of one symbol, of which the default one is what dlsym(3) finds. */
export interface SymbolVersion {
  readonly symbol: string;
  readonly version: string;
  readonly isDefault: boolean;
}

/** The order of `LibraryExports.symbolVersions`, by code units. */
export function compareSymbolVersions(a: SymbolVersion, b: SymbolVersion): number {
  const key = ({ symbol, version, isDefault }: SymbolVersion): string => `${isDefault ? 0 : 1} ${version} ${symbol}`;
  const [left, right] = [key(a), key(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
