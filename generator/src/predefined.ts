// In: a target. Out: its predefined macros. Those that follow from the data model and the floating formats are computed
// (C11 5.2.4.2, 6.10.8; the names are GCC's); the others the target lists.

import { type AliasName, type FloatFormat, type IntegerType, isSigned, sizeOf, type Target } from './target.ts';

/** IEEE 754 formats and x87's: the numbers of C11 5.2.4.2.2 and the literals for their extremes. */
const FORMATS = {
  binary16: {
    digits: [11, 3, 5],
    min: [-13, -4],
    max: [16, 4],
    literals: [
      '6.55040000000000000000000000000000000e+4',
      '6.10351562500000000000000000000000000e-5',
      '9.76562500000000000000000000000000000e-4',
      '5.96046447753906250000000000000000000e-8',
    ],
  },
  binary32: {
    digits: [24, 6, 9],
    min: [-125, -37],
    max: [128, 38],
    literals: [
      '3.40282346638528859811704183484516925e+38',
      '1.17549435082228750796873653722224568e-38',
      '1.19209289550781250000000000000000000e-7',
      '1.40129846432481707092372958328991613e-45',
    ],
  },
  binary64: {
    digits: [53, 15, 17],
    min: [-1021, -307],
    max: [1024, 308],
    literals: [
      '1.79769313486231570814527423731704357e+308',
      '2.22507385850720138309023271733240406e-308',
      '2.22044604925031308084726333618164062e-16',
      '4.94065645841246544176568792868221372e-324',
    ],
  },
  x87: {
    digits: [64, 18, 21],
    min: [-16381, -4931],
    max: [16384, 4932],
    literals: [
      '1.18973149535723176502126385303097021e+4932',
      '3.36210314311209350626267781732175260e-4932',
      '1.08420217248550443400745280086994171e-19',
      '3.64519953188247460252840593361941982e-4951',
    ],
  },
  binary128: {
    digits: [113, 33, 36],
    min: [-16381, -4931],
    max: [16384, 4932],
    literals: [
      '1.18973149535723176508575932662800702e+4932',
      '3.36210314311209350626267781732175260e-4932',
      '1.92592994438723585305597794258492732e-34',
      '6.47517511943802511092443895822764655e-4966',
    ],
  },
} as const;

/** The names that GCC prints. */
const SPELLINGS: Readonly<Record<IntegerType, string>> = {
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

/** The predefined macros of a target, each as `NAME text` or `NAME(parameter) text`. */
export function predefinedMacros(target: Target): string[] {
  const order = target.endianness === 'little' ? '__ORDER_LITTLE_ENDIAN__' : '__ORDER_BIG_ENDIAN__';
  const lines = [
    ...target.macros.map((macro) => (macro.includes(' ') ? macro : `${macro} 1`)),
    `__BYTE_ORDER__ ${order}`,
    `__FLOAT_WORD_ORDER__ ${order}`,
    `__BIGGEST_ALIGNMENT__ ${target.maxAlignment}`,
    ...sizeMacros(target),
    ...limitMacros(target),
    ...aliasMacros(target),
    ...Object.entries(target.floats).flatMap(([name, { format, suffix }]) => floatMacros(name, format, suffix)),
  ];
  if (!target.charSigned) lines.push('__CHAR_UNSIGNED__ 1');
  return lines;
}

function sizeMacros(target: Target): string[] {
  const { sizes, aliases } = target;
  const named = {
    SHORT: 'short',
    INT: 'int',
    LONG: 'long',
    LONG_LONG: 'llong',
    INT128: 'int128',
    FLOAT: 'float',
    DOUBLE: 'double',
    LONG_DOUBLE: 'ldouble',
    POINTER: 'pointer',
  } as const;
  const lines = Object.entries(named).map(([name, size]) => `__SIZEOF_${name}__ ${sizes[size]}`);
  for (const alias of ['size', 'ptrdiff', 'wchar', 'wint'] as const)
    lines.push(`__SIZEOF_${alias.toUpperCase()}_T__ ${sizeOf(aliases[alias], target)}`);
  return lines;
}

/** The limits and widths of the basic types. */
function limitMacros(target: Target): string[] {
  const named = { SCHAR: 'schar', SHRT: 'short', INT: 'int', LONG: 'long', LONG_LONG: 'llong' } as const;
  return Object.entries(named).flatMap(([name, type]) => [
    `__${name}_MAX__ ${maximum(type, target)}`,
    `__${name}_WIDTH__ ${sizeOf(type, target) * 8}`,
  ]);
}

/** `__SIZE_TYPE__`, `__SIZE_MAX__`, `__SIZE_WIDTH__`, `__INT64_C`, and so on for each alias. */
function aliasMacros(target: Target): string[] {
  const lines: string[] = [];
  for (const [alias, type] of Object.entries(target.aliases) as [AliasName, IntegerType][]) {
    const name = alias.toUpperCase();
    lines.push(`__${name}_TYPE__ ${SPELLINGS[type]}`);
    if (name.startsWith('CHAR')) continue;
    lines.push(`__${name}_MAX__ ${maximum(type, target)}`);
    const exact = /^U?INT\d+$/.test(name);
    if (!name.startsWith('UINT') && !exact) lines.push(`__${name}_WIDTH__ ${sizeOf(type, target) * 8}`);
    if (exact || name.endsWith('INTMAX'))
      lines.push(`__${name}_C(c) c${suffixOf(type) === '' ? '' : ` ## ${suffixOf(type)}`}`);
    if (name === 'WCHAR' || name === 'WINT' || name === 'SIG_ATOMIC')
      lines.push(`__${name}_MIN__ ${isSigned(type, target) ? `(-__${name}_MAX__ - 1)` : '0U'}`);
  }
  return lines;
}

function maximum(type: IntegerType, target: Target): string {
  const digits = '7'.padEnd(sizeOf(type, target) * 2, 'f');
  return `0x${isSigned(type, target) ? digits : digits.replace('7', 'f')}${suffixOf(type)}`;
}

/** The suffix that gives a constant this type; none for types that promote to int. */
function suffixOf(type: IntegerType): string {
  const suffixes: Partial<Record<IntegerType, string>> = {
    uint: 'U',
    long: 'L',
    ulong: 'UL',
    llong: 'LL',
    ullong: 'ULL',
  };
  return suffixes[type] ?? '';
}

function floatMacros(name: string, format: FloatFormat, suffix: string): string[] {
  const { digits, min, max, literals } = FORMATS[format];
  const literal = (index: 0 | 1 | 2 | 3): string =>
    name === 'DBL' ? `((double)${literals[index]}L)` : literals[index] + suffix;
  const values: Record<string, string | number> = {
    MANT_DIG: digits[0],
    DIG: digits[1],
    DECIMAL_DIG: digits[2],
    MIN_EXP: `(${min[0]})`,
    MIN_10_EXP: `(${min[1]})`,
    MAX_EXP: max[0],
    MAX_10_EXP: max[1],
    MAX: literal(0),
    NORM_MAX: literal(0),
    MIN: literal(1),
    EPSILON: literal(2),
    DENORM_MIN: literal(3),
    HAS_DENORM: 1,
    HAS_INFINITY: 1,
    HAS_QUIET_NAN: 1,
    IS_IEC_60559: 2,
  };
  return Object.entries(values).map(([what, value]) => `__${name}_${what}__ ${value}`);
}
