// In: the tokens of a type name. Out: which of C's own arithmetic types it is (C11 6.7.2p2, in any order of words).

import type { FloatType, IntegerType } from '../target.ts';

const QUALIFIERS: ReadonlySet<string> = new Set([
  'const',
  'volatile',
  '__const',
  '__volatile__',
  '_Atomic',
  '__extension__',
]);
const OTHER_STARTS: ReadonlySet<string> = new Set([
  'void',
  'struct',
  'union',
  'enum',
  '_Complex',
  '__typeof__',
  'typeof',
  '__typeof',
]);
const WORDS: ReadonlySet<string> = new Set([
  'char',
  'short',
  'int',
  'long',
  'signed',
  'unsigned',
  'float',
  'double',
  '_Bool',
  '__int128',
  ...['__int8', '__int16', '__int32', '__int64'],
]);

/** Whether a word begins a type name whatever has been declared. */
export function startsType(word: string): boolean {
  return WORDS.has(plain(word)) || QUALIFIERS.has(word) || OTHER_STARTS.has(word);
}

/** `__signed__` is `signed`, `__int128_t` and `__uint128_t` are GCC's names. */
function plain(word: string): string {
  if (word === '__signed__' || word === '__signed') return 'signed';
  return word === '__int128_t' ? '__int128' : word;
}

/** Words in alphabetical order, without `signed` and `int` where they say nothing. */
const TYPES: Readonly<Record<string, IntegerType | FloatType>> = {
  char: 'char',
  'char signed': 'schar',
  'char unsigned': 'uchar',
  short: 'short',
  'short unsigned': 'ushort',
  '': 'int',
  unsigned: 'uint',
  long: 'long',
  'long unsigned': 'ulong',
  'long long': 'llong',
  'long long unsigned': 'ullong',
  __int128: 'int128',
  '__int128 unsigned': 'uint128',
  __int8: 'char',
  '__int8 unsigned': 'uchar',
  __int16: 'short',
  '__int16 unsigned': 'ushort',
  __int32: 'int',
  '__int32 unsigned': 'uint',
  __int64: 'llong',
  '__int64 unsigned': 'ullong',
  _Bool: 'bool',
  float: 'float',
  double: 'double',
  'double long': 'ldouble',
};

/** The type that the tokens name; undefined if they name another kind of type, or none. */
export function basicType(tokens: readonly { readonly text: string }[]): IntegerType | FloatType | undefined {
  const words = tokens.map((token) => plain(token.text)).filter((word) => !QUALIFIERS.has(word));
  if (words.length === 0 || !words.every((word) => WORDS.has(word))) return undefined;
  const keepsSigned = words.includes('char');
  const isInt = words.filter((word) => word === 'int').length;
  const left = words.filter((word) => word !== 'int' && (keepsSigned || word !== 'signed'));
  const combines = !left.some((word) => ['char', 'float', 'double', '_Bool', '__int128'].includes(word));
  if (isInt > (combines ? 1 : 0) || (words.includes('signed') && words.includes('unsigned'))) return undefined;
  return TYPES[left.sort().join(' ')];
}
