// In: floating formats. Out: what predefined macros say of them: IEEE 754 formats and x87's, by C11 5.2.4.2.2.

import type { FloatFormat } from '../target.ts';

/** The numbers of each format, and the literals for its extremes. */
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

/** `__FLT_MANT_DIG__ 24` and its like. GCC writes double's extremes as long doubles that are cast. */
export function floatMacros(name: string, format: FloatFormat, suffix: string, compiler: 'gcc' | 'clang'): string[] {
  const { digits, min, max, literals } = FORMATS[format];
  const literal = (index: 0 | 1 | 2 | 3): string =>
    name === 'DBL' && compiler === 'gcc' ? `((double)${literals[index]}L)` : literals[index] + suffix;
  const values: Record<string, string | number> = {
    MANT_DIG: digits[0],
    DIG: digits[1],
    DECIMAL_DIG: digits[2],
    MIN_EXP: `(${min[0]})`,
    MIN_10_EXP: `(${min[1]})`,
    MAX_EXP: max[0],
    MAX_10_EXP: max[1],
    MAX: literal(0),
    MIN: literal(1),
    EPSILON: literal(2),
    DENORM_MIN: literal(3),
    HAS_DENORM: 1,
    HAS_INFINITY: 1,
    HAS_QUIET_NAN: 1,
    ...(compiler === 'gcc' ? { NORM_MAX: literal(0), IS_IEC_60559: 2 } : {}),
  };
  return Object.entries(values).map(([what, value]) => `__${name}_${what}__ ${value}`);
}
