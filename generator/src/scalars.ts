// In: an arithmetic type and a target. Out: its size, alignment and limits.

import type { FloatingName, IntegerName } from './model/ctype.ts';
import { type FloatType, isSigned, sizeName, sizeOf, type Target } from './target.ts';

/** The C type of the same format, of a floating type that is a type of its own all the same. */
export function basicFloat(name: string): FloatType | undefined {
  if (name === 'float32') return 'float';
  if (name === 'float64x') return 'ldouble';
  return name === 'float64' || name === 'float32x' ? 'double' : undefined;
}

/** Whether JavaScript has numbers of that format: float or double, by whatever name. */
export function isNumberFormat(name: FloatingName): boolean {
  const basic = basicFloat(name) ?? name;
  return basic === 'float' || basic === 'double';
}

/** Size and alignment in bytes. */
export function scalarLayout(
  target: Target,
  name: IntegerName | FloatingName | 'pointer',
): { size: number; align: number } {
  const basic = basicFloat(name);
  if (basic) return scalarLayout(target, basic);
  if (name === 'float16') return { size: 2, align: 2 };
  if (name === 'float128') return { size: 16, align: 16 };
  const key = name === 'pointer' ? name : sizeName(name as IntegerName | FloatType);
  return { size: target.sizes[key], align: target.alignments[key] };
}

/** The least and greatest value of an integer type. */
export function integerLimits(target: Target, name: IntegerName): { min: bigint; max: bigint } {
  if (name === 'bool') return { min: 0n, max: 1n };
  const bits = BigInt(sizeOf(name, target) * 8);
  return isSigned(name, target)
    ? { min: -(1n << (bits - 1n)), max: (1n << (bits - 1n)) - 1n }
    : { min: 0n, max: (1n << bits) - 1n };
}
