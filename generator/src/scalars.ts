// In: an arithmetic type and a target. Out: its size, alignment and limits.

import type { FloatingName, IntegerName } from './model/ctype.ts';
import { isSigned, sizeName, sizeOf, type Target } from './target.ts';

/** Size and alignment in bytes. */
export function scalarLayout(
  target: Target,
  name: IntegerName | FloatingName | 'pointer',
): { size: number; align: number } {
  if (name === 'float16') return { size: 2, align: 2 };
  if (name === 'float128') return { size: 16, align: 16 };
  const key = name === 'pointer' ? name : sizeName(name);
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
