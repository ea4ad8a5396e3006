// In: words. Out: which of C's own arithmetic types they name (C11 6.7.2p2, in any order), and whether a word begins a type.

import type { CType, FloatingName, IntegerName } from '../model/ctype.ts';

export const QUALIFIERS: ReadonlySet<string> = new Set([
  ...['const', '__const', '__const__', 'volatile', '__volatile', '__volatile__'],
  ...['restrict', '__restrict', '__restrict__', '_Atomic', '__extension__'],
  ...['_Nonnull', '_Nullable', '_Null_unspecified'],
]);

export const TYPEOF: ReadonlySet<string> = new Set([
  ...['typeof', '__typeof', '__typeof__', 'typeof_unqual', '__typeof_unqual', '__typeof_unqual__'],
]);

/** The words that arithmetic types are made of, and `void`. */
export const ARITHMETIC: ReadonlySet<string> = new Set([
  ...['void', 'char', 'short', 'int', 'long', 'float', 'double'],
  ...['signed', '__signed', '__signed__', 'unsigned', '__unsigned', '__unsigned__'],
  ...['__int8', '__int16', '__int32', '__int64'],
  ...['__int8', '__int16', '__int32', '__int64'],
  ...['_Bool', '_Complex', '__complex__', '__complex', '__int128', '__int128_t', '__uint128_t'],
  ...['_Float16', '_Float32', '_Float64', '_Float32x', '_Float64x', '_Float128', '__float128'],
  ...[
    '__float80',
    '__ibm128',
    '__fp16',
    '__bf16',
    '_Decimal32',
    '_Decimal64',
    '_Decimal128',
    '_Sat',
    '_Fract',
    '_Accum',
  ],
]);

const TAG_WORDS: ReadonlySet<string> = new Set(['struct', 'union', 'enum']);

/** Whether a word begins a type name whatever has been declared. */
export function startsType(word: string): boolean {
  return ARITHMETIC.has(word) || QUALIFIERS.has(word) || TAG_WORDS.has(word) || TYPEOF.has(word) || word === '_BitInt';
}

/** Types that compilers have and no table carries. */
const FOREIGN = /^(__float80|__ibm128|__fp16|__bf16|_Decimal(32|64|128)|_Sat|_Fract|_Accum)$/;

/** The type that a multiset of arithmetic specifiers names (C11 6.7.2p2). */
export function arithmeticType(words: readonly string[]): CType {
  const count = (...spellings: string[]): number => words.filter((w) => spellings.includes(w)).length;
  if (count('void')) return { kind: 'void' };
  const foreign = words.find((w) => FOREIGN.test(w));
  if (foreign === '__float80') return { kind: 'floating', name: 'ldouble' };
  if (foreign) return { kind: 'unsupported', reason: `the type ${foreign}` };
  const longs = count('long');
  const isComplex = count('_Complex', '__complex__', '__complex') > 0;
  const floating = floatingName(words, longs);
  if (floating) return isComplex ? { kind: 'complex', name: floating } : { kind: 'floating', name: floating };
  const unsigned = count('unsigned', '__unsigned', '__unsigned__', '__uint128_t') > 0;
  const integer = (signedName: IntegerName, unsignedName: IntegerName): CType => ({
    kind: 'integer',
    name: unsigned ? unsignedName : signedName,
  });
  if (isComplex && words.length > 1) return { kind: 'unsupported', reason: 'a complex integer' };
  if (isComplex) return { kind: 'complex', name: 'double' };
  if (count('_Bool')) return { kind: 'integer', name: 'bool' };
  if (count('__int128', '__int128_t', '__uint128_t')) return integer('int128', 'uint128');
  if (count('char', '__int8')) {
    return count('signed', '__signed', '__signed__') ? { kind: 'integer', name: 'schar' } : integer('char', 'uchar');
  }
  if (count('short', '__int16')) return integer('short', 'ushort');
  if (longs >= 2 || count('__int64')) return integer('llong', 'ullong');
  if (longs === 1) return integer('long', 'ulong');
  return integer('int', 'uint');
}

function floatingName(words: readonly string[], longs: number): FloatingName | undefined {
  if (words.includes('double')) return longs ? 'ldouble' : 'double';
  for (const word of words) {
    if (word === 'float') return 'float';
    if (word === '__float128') return 'float128';
    if (/^_Float(16|32|64|128|32x|64x)$/.test(word)) return word.slice(1).toLowerCase() as FloatingName;
  }
  return undefined;
}
