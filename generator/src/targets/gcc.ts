// What GCC 12 predefines on every machine, and how it words what follows from the data model.

import type { IntegerType } from '../target.ts';

/** GCC 12.2 with -std=gnu17, on every machine. */
export const GCC_MACROS: readonly string[] = [
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

/** How GCC spells types in its macros. */
export const GCC_SPELLINGS: Readonly<Record<IntegerType, string>> = {
  bool: '_Bool',
  char: 'char',
  schar: 'signed char',
  uchar: 'unsigned char',
  short: 'short int',
  ushort: 'short unsigned int',
  int: 'int',
  uint: 'unsigned int',
  long: 'long int',
  ulong: 'long unsigned int',
  llong: 'long long int',
  ullong: 'long long unsigned int',
  int128: '__int128',
  uint128: '__int128 unsigned',
};
