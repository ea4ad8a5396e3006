// What Clang 14 predefines on every machine, and how it words what follows from the data model.

import { type AliasName, type IntegerType, isSigned, sizeOf, type Target } from '../target.ts';

/** Clang 14 with -std=gnu17. Whether it also calls itself GCC 4.2 is the platform's choice. */
export const CLANG_MACROS: readonly string[] = [
  ...'__clang__ __llvm__ __STDC_HOSTED__ __STDC_UTF_16__ __STDC_UTF_32__ __STDC_NO_THREADS__ __NO_INLINE__'.split(' '),
  ...'__CONSTANT_CFSTRINGS__ __LITTLE_ENDIAN__ __PRAGMA_REDEFINE_EXTNAME'.split(' '),
  '__STDC_VERSION__ 201710L',
  '__clang_major__ 14',
  '__clang_minor__ 0',
  '__clang_patchlevel__ 6',
  '__clang_version__ "14.0.6 "',
  '__VERSION__ "Clang 14.0.6"',
  '__clang_literal_encoding__ "UTF-8"',
  '__CHAR_BIT__ 8',
  '__BITINT_MAXWIDTH__ 128',
  '__BOOL_WIDTH__ 8',
  '__FINITE_MATH_ONLY__ 0',
  '__FLT_RADIX__ 2',
  '__DECIMAL_DIG__ __LDBL_DECIMAL_DIG__',
  '__FLT_EVAL_METHOD__ 0',
  '__PIC__ 2',
  '__pic__ 2',
  '__ATOMIC_RELAXED 0',
  '__ATOMIC_CONSUME 1',
  '__ATOMIC_ACQUIRE 2',
  '__ATOMIC_RELEASE 3',
  '__ATOMIC_ACQ_REL 4',
  '__ATOMIC_SEQ_CST 5',
  '__OPENCL_MEMORY_SCOPE_WORK_ITEM 0',
  '__OPENCL_MEMORY_SCOPE_WORK_GROUP 1',
  '__OPENCL_MEMORY_SCOPE_DEVICE 2',
  '__OPENCL_MEMORY_SCOPE_ALL_SVM_DEVICES 3',
  '__OPENCL_MEMORY_SCOPE_SUB_GROUP 4',
  ...lockFree('CLANG'),
  ...[1, 2, 4, 8].map((size) => `__GCC_HAVE_SYNC_COMPARE_AND_SWAP_${size}`),
  '__ORDER_LITTLE_ENDIAN__ 1234',
  '__ORDER_BIG_ENDIAN__ 4321',
  '__ORDER_PDP_ENDIAN__ 3412',
];

/** What Clang says besides where it calls itself GCC. */
export const CLANG_AS_GCC: readonly string[] = [
  ...'__STDC__ __GNUC_STDC_INLINE__ __GCC_HAVE_DWARF2_CFI_ASM __GCC_ATOMIC_TEST_AND_SET_TRUEVAL'.split(' '),
  '__GNUC__ 4',
  '__GNUC_MINOR__ 2',
  '__GNUC_PATCHLEVEL__ 1',
  '__GXX_ABI_VERSION 1002',
  ...lockFree('GCC'),
];

/** Of every x86-64. */
export const CLANG_AMD64: readonly string[] = [
  ...'__amd64 __amd64__ __x86_64 __x86_64__ __code_model_small__ __FXSR__ __MMX__ __SSE__ __SSE_MATH__'.split(' '),
  ...'__SSE2__ __SSE2_MATH__ __SEG_FS __SEG_GS __GCC_ASM_FLAG_OUTPUTS__ __NO_MATH_INLINES'.split(' '),
  '__seg_fs __attribute__((address_space(257)))',
  '__seg_gs __attribute__((address_space(256)))',
];

function lockFree(prefix: string): string[] {
  const types = 'BOOL CHAR CHAR16_T CHAR32_T WCHAR_T SHORT INT LONG LLONG POINTER'.split(' ');
  return types.map((type) => `__${prefix}_ATOMIC_${type}_LOCK_FREE 2`);
}

/** How Clang spells types in its macros. */
export const CLANG_SPELLINGS: Readonly<Record<IntegerType, string>> = {
  bool: '_Bool',
  char: 'char',
  schar: 'signed char',
  uchar: 'unsigned char',
  short: 'short',
  ushort: 'unsigned short',
  int: 'int',
  uint: 'unsigned int',
  long: 'long int',
  ulong: 'long unsigned int',
  llong: 'long long int',
  ullong: 'long long unsigned int',
  int128: '__int128',
  uint128: 'unsigned __int128',
};

/** What printf calls them. */
const LENGTHS: Readonly<Partial<Record<IntegerType, string>>> = {
  schar: 'hh',
  uchar: 'hh',
  short: 'h',
  ushort: 'h',
  long: 'l',
  ulong: 'l',
  llong: 'll',
  ullong: 'll',
};

/** Those aliases for whose values Clang has no format. */
const NO_FORMAT: ReadonlySet<string> = new Set(['wchar', 'wint', 'char16', 'char32', 'sig_atomic']);

/** `__INT64_FMTd__ "lld"`, `__INT64_C_SUFFIX__ LL`. */
export function clangAliasMacros(target: Target, suffixOf: (type: IntegerType) => string): string[] {
  const lines: string[] = [];
  for (const [alias, type] of Object.entries(target.aliases) as [AliasName, IntegerType][]) {
    const name = alias.toUpperCase();
    if (/^u?int(\d+|max)$/.test(alias)) lines.push(`__${name}_C_SUFFIX__ ${suffixOf(type)}`);
    if (NO_FORMAT.has(alias)) continue;
    const conversions = isSigned(type, target) ? 'di' : 'ouxX';
    for (const letter of conversions) lines.push(`__${name}_FMT${letter}__ "${LENGTHS[type] ?? ''}${letter}"`);
  }
  return [
    ...lines,
    `__LLONG_WIDTH__ ${sizeOf('llong', target) * 8}`,
    `__POINTER_WIDTH__ ${target.sizes.pointer * 8}`,
    `__clang_wide_literal_encoding__ "UTF-${sizeOf(target.aliases.wchar, target) * 8}"`,
  ];
}
