// Target: what C code can observe of a platform: data model, byte order, ABI, predefined macros, folders.
// The targets themselves are in targets/, one file a family.

/** Scalars that have a size; signed and unsigned types share one. */
export type ScalarSize =
  | 'bool'
  | 'char'
  | 'short'
  | 'int'
  | 'long'
  | 'llong'
  | 'int128'
  | 'float'
  | 'double'
  | 'ldouble'
  | 'pointer';

export type SignedType = 'schar' | 'short' | 'int' | 'long' | 'llong' | 'int128';
export type UnsignedType = 'uchar' | 'ushort' | 'uint' | 'ulong' | 'ullong' | 'uint128';
export type IntegerType = 'bool' | 'char' | SignedType | UnsignedType;
export type FloatType = 'float' | 'double' | 'ldouble';

/** The library types that are other names of basic types, without their `_t`. */
export type AliasName =
  | 'size'
  | 'ptrdiff'
  | 'wchar'
  | 'wint'
  | 'char16'
  | 'char32'
  | 'sig_atomic'
  | `${'' | 'u'}${'intmax' | 'intptr'}`
  | `${'' | 'u'}int${'' | '_least' | '_fast'}${8 | 16 | 32 | 64}`;

/** Whose rules place the members of records. `aapcs64` is Arm's own; Apple's for arm64 differs from it in bit-fields. */
export type Abi = 'sysv' | 'aapcs64' | 'apple-arm64' | 'msvc';

export interface Target {
  /** How users name it, and what stands in shims and snapshots. */
  readonly name: string;
  /** What `clang --target=` takes; more exact than the name where clang would think of an older system. */
  readonly triple: string;
  /** Other names that users may give. */
  readonly otherNames: readonly string[];
  /** Where its code runs, in Node's words: `process.platform` and `process.arch`. */
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly arch: 'x64' | 'arm64';
  /** The compiler that headers are told about. */
  readonly compiler: 'gcc' | 'clang';
  readonly abi: Abi;
  readonly endianness: 'little' | 'big';
  readonly charSigned: boolean;
  /** In bytes. */
  readonly sizes: Readonly<Record<ScalarSize, number>>;
  /** In bytes, as struct members. */
  readonly alignments: Readonly<Record<ScalarSize, number>>;
  /** The alignment that `__attribute__((aligned))` without a number gives. */
  readonly maxAlignment: number;
  /** Of `__builtin_va_list`, in bytes. */
  readonly vaList: { readonly size: number; readonly align: number };
  readonly aliases: Readonly<Record<AliasName, IntegerType>>;
  /** Formats behind the floating types. */
  readonly floats: Readonly<Record<string, { readonly format: FloatFormat; readonly suffix: string }>>;
  /** Predefined macros that do not follow from the above, as `NAME` (for 1) or `NAME text`. */
  readonly macros: readonly string[];
  /** Where the system's headers are, under the system root. */
  readonly systemDirs: readonly string[];
  /** Those of them, and others, that hold its headers alone, whatever machine they stand on. */
  readonly crossDirs: readonly string[];
  /** Where its shared libraries are, under the system root, and the e_machine of their ELF header; undefined where they are not ELF. */
  readonly elf: { readonly machine: number; readonly libraryDirs: readonly string[] } | undefined;
}

export type FloatFormat = 'binary16' | 'binary32' | 'binary64' | 'x87' | 'binary128';

const UNSIGNED: ReadonlySet<IntegerType> = new Set(['bool', 'uchar', 'ushort', 'uint', 'ulong', 'ullong', 'uint128']);

export function isSigned(type: IntegerType, target: Target): boolean {
  return type === 'char' ? target.charSigned : !UNSIGNED.has(type);
}

/** Which size an integer type has. */
export function sizeName(type: IntegerType | FloatType): ScalarSize {
  switch (type) {
    case 'schar':
    case 'uchar':
      return 'char';
    case 'ushort':
    case 'uint':
    case 'ulong':
    case 'ullong':
    case 'uint128':
      return type.slice(1) as ScalarSize;
    default:
      return type;
  }
}

export function sizeOf(type: IntegerType | FloatType, target: Target): number {
  return target.sizes[sizeName(type)];
}
