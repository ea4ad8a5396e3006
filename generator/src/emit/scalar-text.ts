// In: scalars of the signature grammar. Out: their names in TypeScript.

/** The typed array over memory that holds such elements. */
export const TYPED_ARRAYS: Readonly<Record<string, string>> = {
  i8: 'Int8Array',
  u8: 'Uint8Array',
  i16: 'Int16Array',
  u16: 'Uint16Array',
  i32: 'Int32Array',
  u32: 'Uint32Array',
  i64: 'BigInt64Array',
  u64: 'BigUint64Array',
  f32: 'Float32Array',
  f64: 'Float64Array',
};

/** What a scalar of the signature grammar is in TypeScript. */
export function scalarTypescript(scalar: string): string {
  if (scalar === 'bool') return 'boolean';
  return scalar === 'i64' || scalar === 'u64' ? 'c.Int64' : 'number';
}

/** A pointer's type without `| null`, for what stands in an array that adds it. */
export function withoutNull(text: string): string {
  return text.replace(/ \| null$/, '');
}
