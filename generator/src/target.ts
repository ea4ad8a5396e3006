// In: nothing. Out: what C code can observe of a platform: data model, byte order, ABI, predefined macros, folders.
// Sources: System V ABI AMD64, 3.1.2, the macros that `gcc -dM -E` of GCC 12 lists.
// To add a target, add an entry to `targets`, and what ARCHITECTURE.md names beside it.

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

export interface Target {
  readonly name: string;
  readonly abi: 'sysv' | 'msvc';
  readonly endianness: 'little' | 'big';
  readonly charSigned: boolean;
  /** In bytes. */
  readonly sizes: Readonly<Record<ScalarSize, number>>;
  /** In bytes, as struct members. */
  readonly alignments: Readonly<Record<ScalarSize, number>>;
  /** The alignment that `__attribute__((aligned))` without a number gives. */
  readonly maxAlignment: number;
  readonly aliases: Readonly<Record<AliasName, IntegerType>>;
  /** Formats behind the floating types. */
  readonly floats: Readonly<Record<string, { readonly format: FloatFormat; readonly suffix: string }>>;
  /** Predefined macros that do not follow from the above, as `NAME` (for 1) or `NAME text`. */
  readonly macros: readonly string[];
  /** Where the system's headers are, under the system root. */
  readonly systemDirs: readonly string[];
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

const LINUX_AMD64_MACROS: readonly string[] = [
  ...'_LP64 __LP64__ __amd64 __amd64__ __x86_64 __x86_64__ __k8 __k8__ __code_model_small__ __ELF__'.split(' '),
  ...'linux __linux __linux__ __gnu_linux__ unix __unix __unix__ __MMX__ __MMX_WITH_SSE__ __SSE__ __SSE_MATH__'.split(
    ' ',
  ),
  ...'__SSE2__ __SSE2_MATH__ __FXSR__ __SEG_FS __SEG_GS __GCC_ASM_FLAG_OUTPUTS__ __GCC_HAVE_DWARF2_CFI_ASM'.split(' '),
  ...'__HAVE_SPECULATION_SAFE_VALUE __PRAGMA_REDEFINE_EXTNAME'.split(' '),
  ...[1, 2, 4, 8].map((size) => `__GCC_HAVE_SYNC_COMPARE_AND_SWAP_${size}`),
  '__PIC__ 2',
  '__pic__ 2',
  '__PIE__ 2',
  '__pie__ 2',
  '__ATOMIC_HLE_ACQUIRE 65536',
  '__ATOMIC_HLE_RELEASE 131072',
  '__GCC_CONSTRUCTIVE_SIZE 64',
  '__GCC_DESTRUCTIVE_SIZE 64',
  '__SIZEOF_FLOAT80__ 16',
  '__SIZEOF_FLOAT128__ 16',
  '__REGISTER_PREFIX__ ',
  '__USER_LABEL_PREFIX__ ',
  // What glibc's stdc-predef.h says, which GCC reads before every file.
  '__STDC_IEC_559__',
  '__STDC_IEC_559_COMPLEX__',
  '__STDC_IEC_60559_BFP__ 201404L',
  '__STDC_IEC_60559_COMPLEX__ 201404L',
  '__STDC_ISO_10646__ 201706L',
];

/** The compiler that headers are told about: GCC 12.2 with -std=gnu17. */
const GCC_MACROS: readonly string[] = [
  ...'__STDC__ __STDC_HOSTED__ __STDC_UTF_16__ __STDC_UTF_32__ __GNUC_STDC_INLINE__ __NO_INLINE__'.split(' '),
  '__STDC_VERSION__ 201710L',
  '__GNUC__ 12',
  '__GNUC_MINOR__ 2',
  '__GNUC_PATCHLEVEL__ 0',
  '__VERSION__ "12.2.0"',
  '__GXX_ABI_VERSION 1017',
  '__GNUC_EXECUTION_CHARSET_NAME "UTF-8"',
  '__GNUC_WIDE_EXECUTION_CHARSET_NAME "UTF-32LE"',
  '__CHAR_BIT__ 8',
  '__FINITE_MATH_ONLY__ 0',
  '__GCC_IEC_559 2',
  '__GCC_IEC_559_COMPLEX 2',
  '__FLT_RADIX__ 2',
  '__DECIMAL_DIG__ 21',
  '__FLT_EVAL_METHOD__ 0',
  '__FLT_EVAL_METHOD_TS_18661_3__ 0',
  '__ATOMIC_RELAXED 0',
  '__ATOMIC_CONSUME 1',
  '__ATOMIC_ACQUIRE 2',
  '__ATOMIC_RELEASE 3',
  '__ATOMIC_ACQ_REL 4',
  '__ATOMIC_SEQ_CST 5',
  '__GCC_ATOMIC_TEST_AND_SET_TRUEVAL 1',
  ...'BOOL CHAR CHAR16_T CHAR32_T WCHAR_T SHORT INT LONG LLONG POINTER'
    .split(' ')
    .map((type) => `__GCC_ATOMIC_${type}_LOCK_FREE 2`),
  '__ORDER_LITTLE_ENDIAN__ 1234',
  '__ORDER_BIG_ENDIAN__ 4321',
  '__ORDER_PDP_ENDIAN__ 3412',
];

const LP64_ALIASES: Target['aliases'] = {
  size: 'ulong',
  ptrdiff: 'long',
  wchar: 'int',
  wint: 'uint',
  char16: 'ushort',
  char32: 'uint',
  sig_atomic: 'int',
  intmax: 'long',
  uintmax: 'ulong',
  intptr: 'long',
  uintptr: 'ulong',
  int8: 'schar',
  int16: 'short',
  int32: 'int',
  int64: 'long',
  uint8: 'uchar',
  uint16: 'ushort',
  uint32: 'uint',
  uint64: 'ulong',
  int_least8: 'schar',
  int_least16: 'short',
  int_least32: 'int',
  int_least64: 'long',
  uint_least8: 'uchar',
  uint_least16: 'ushort',
  uint_least32: 'uint',
  uint_least64: 'ulong',
  int_fast8: 'schar',
  int_fast16: 'long',
  int_fast32: 'long',
  int_fast64: 'long',
  uint_fast8: 'uchar',
  uint_fast16: 'ulong',
  uint_fast32: 'ulong',
  uint_fast64: 'ulong',
};

const LP64: Target['sizes'] = {
  bool: 1,
  char: 1,
  short: 2,
  int: 4,
  long: 8,
  llong: 8,
  int128: 16,
  float: 4,
  double: 8,
  ldouble: 16,
  pointer: 8,
};

export const targets: Readonly<Record<'x86_64-linux-gnu', Target>> = {
  'x86_64-linux-gnu': {
    name: 'x86_64-linux-gnu',
    abi: 'sysv',
    endianness: 'little',
    charSigned: true,
    sizes: LP64,
    alignments: LP64,
    maxAlignment: 16,
    aliases: LP64_ALIASES,
    floats: {
      FLT: { format: 'binary32', suffix: 'F' },
      DBL: { format: 'binary64', suffix: '' },
      LDBL: { format: 'x87', suffix: 'L' },
      FLT16: { format: 'binary16', suffix: 'F16' },
      FLT32: { format: 'binary32', suffix: 'F32' },
      FLT64: { format: 'binary64', suffix: 'F64' },
      FLT128: { format: 'binary128', suffix: 'F128' },
      FLT32X: { format: 'binary64', suffix: 'F32x' },
      FLT64X: { format: 'x87', suffix: 'F64x' },
    },
    macros: [...GCC_MACROS, ...LINUX_AMD64_MACROS],
    systemDirs: ['/usr/local/include', '/usr/include/x86_64-linux-gnu', '/usr/include'],
  },
};
