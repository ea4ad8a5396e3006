// In: an exact value as a fraction. Out: the number of a binary format that is nearest to it, ties to even (IEEE 754-2019 4.3.1).
// One rounding: a float that is made by way of a double may be the wrong one of two neighbours.

/** Significant bits, and the exponent of the least number, of the formats that JavaScript's numbers hold. */
const FORMATS = { float: { bits: 24, least: -149 }, double: { bits: 53, least: -1074 } } as const;

/** `numerator / denominator`; the denominator is positive. */
export function nearest(numerator: bigint, denominator: bigint, format: 'float' | 'double'): number {
  if (numerator < 0n) return -nearest(-numerator, denominator, format);
  if (numerator === 0n) return 0;
  const { bits, least } = FORMATS[format];
  // The quotient of lengths is right or one too small: then the quotient has a bit too many.
  let shift = Math.max(bitLength(numerator) - bitLength(denominator) - bits, least);
  let { quotient, rest, divisor } = divide(numerator, denominator, shift);
  if (bitLength(quotient) > bits) {
    shift++;
    ({ quotient, rest, divisor } = divide(numerator, denominator, shift));
  }
  const half = rest * 2n;
  if (half > divisor || (half === divisor && quotient % 2n === 1n)) quotient++;
  if (bitLength(quotient) + shift > (format === 'float' ? 128 : 1024)) return Number.POSITIVE_INFINITY;
  // In two steps, so that no factor is out of range where the product is not.
  const part = Math.trunc(shift / 2);
  return Number(quotient) * 2 ** part * 2 ** (shift - part);
}

/** The fraction divided by 2 ** shift, in integers. */
function divide(
  numerator: bigint,
  denominator: bigint,
  shift: number,
): { quotient: bigint; rest: bigint; divisor: bigint } {
  const dividend = shift < 0 ? numerator << BigInt(-shift) : numerator;
  const divisor = shift > 0 ? denominator << BigInt(shift) : denominator;
  const quotient = dividend / divisor;
  return { quotient, rest: dividend - quotient * divisor, divisor };
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}
