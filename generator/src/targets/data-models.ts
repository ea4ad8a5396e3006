// The sizes of C's types, in bytes, and which of them the library's typedefs are: what several targets have in common.

import type { AliasName, IntegerType, Target } from '../target.ts';

/** Unix on 64 bits: long and pointers have 64; long double is x87's or IEEE 754's of 128 bits. */
export const LP64: Target['sizes'] = {
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

type Signed = 'schar' | 'short' | 'int' | 'long' | 'llong';
const UNSIGNED = { schar: 'uchar', short: 'ushort', int: 'uint', long: 'ulong', llong: 'ullong' } as const;

interface AliasChoices {
  /** int64_t, int_least64_t and int_fast64_t. */
  readonly int64: 'long' | 'llong';
  /** intmax_t. */
  readonly intmax: 'long' | 'llong';
  /** size_t, ptrdiff_t and intptr_t. */
  readonly pointer: 'long' | 'llong';
  /** int_fast16_t and int_fast32_t. */
  readonly fast: readonly [Signed, Signed];
  readonly wchar: IntegerType;
  readonly wint: IntegerType;
}

/** The typedefs of <stddef.h>, <stdint.h> and <wchar.h>. Signed and unsigned ones go together. */
export function aliasesOf({ int64, intmax, pointer, fast, wchar, wint }: AliasChoices): Target['aliases'] {
  const exact: readonly (readonly [number, Signed])[] = [
    [8, 'schar'],
    [16, 'short'],
    [32, 'int'],
    [64, int64],
  ];
  const fastest: readonly (readonly [number, Signed])[] = [
    [8, 'schar'],
    [16, fast[0]],
    [32, fast[1]],
    [64, int64],
  ];
  const pairs: readonly (readonly [string, Signed])[] = [
    ['intmax', intmax],
    ['intptr', pointer],
    ...exact.map(([bits, type]) => [`int${bits}`, type] as const),
    ...exact.map(([bits, type]) => [`int_least${bits}`, type] as const),
    ...fastest.map(([bits, type]) => [`int_fast${bits}`, type] as const),
  ];
  const integers = pairs.flatMap(([name, type]) => [
    [name, type],
    [`u${name}`, UNSIGNED[type]],
  ]);
  return {
    size: UNSIGNED[pointer],
    ptrdiff: pointer,
    wchar,
    wint,
    char16: 'ushort',
    char32: 'uint',
    sig_atomic: 'int',
    ...Object.fromEntries(integers),
  } as Readonly<Record<AliasName, IntegerType>>;
}
