// What is passed for a pointer that C reads or writes through in, what is wrong with it out: the kind of array, whether its elements are
// what C reads, and whether there are as many as C will touch (the extents of signature.ts).

import { inWords, isAddress, isDetached, wantedInstead } from '../calls/values.ts';
import type { RecordDescriptor } from '../contract/descriptor.ts';
import type { Extent, TypeNode } from '../contract/signature.ts';
import { layoutOf } from '../contract/targets.ts';
import { otherBrand } from './brands.ts';
import { detached, type Problem } from './check.ts';

type Records = Readonly<Record<string, RecordDescriptor>>;
type Memory = TypeNode & { kind: 'to' };

/** The typed arrays that are memory of a scalar, by their class's name, and its size in bytes. */
const ARRAYS: Readonly<Record<string, readonly [size: number, ...names: string[]]>> = {
  bool: [1, 'Uint8Array', 'Buffer'],
  i16: [2, 'Int16Array'],
  u16: [2, 'Uint16Array'],
  i32: [4, 'Int32Array'],
  u32: [4, 'Uint32Array'],
  i64: [8, 'BigInt64Array'],
  u64: [8, 'BigUint64Array'],
  f32: [4, 'Float32Array'],
  f64: [8, 'Float64Array'],
};
/** What goes to C as bytes, whatever the class of the array. */
const BYTES: ReadonlySet<string> = new Set(['char', 'i8', 'u8', 'void']);
const ADDRESSES: readonly [size: number, ...names: string[]] = [8, 'BigUint64Array'];

/** What is wrong with an argument behind a direction; undefined where it will do. */
export function problemOfMemory(
  type: Memory,
  value: unknown,
  parameters: readonly TypeNode[],
  args: readonly unknown[],
  records: Records,
): Problem | undefined {
  if (value === null || isAddress(value)) return undefined;
  const { to } = type;
  const isBytes = to.kind === 'record' || (to.kind === 'scalar' && BYTES.has(to.name));
  const [size, ...names] = isBytes ? [sizeOf(to, records)] : arraysOf(to);
  const wanted = isBytes ? 'a buffer or typed array' : `an array${names.map((name) => ` or ${name}`).join('')}`;
  const alternatives = `${wanted} of ${nameOf(to)}, an address or null`;

  if (ArrayBuffer.isView(value) || (isBytes && value instanceof ArrayBuffer)) {
    if (isDetached(value)) return detached(alternatives);
    if (!isBytes && !names.includes(value.constructor.name)) return { wanted: alternatives, got: inWords(value) };
    return tooShort(type, size, value.byteLength, inWords(value), parameters, args);
  }
  if (isBytes || !Array.isArray(value)) return { wanted: alternatives, got: inWords(value) };
  if (type.direction !== 'in' && Object.isFrozen(value) && value.length > 0) {
    return { wanted: 'an array that can be written to', got: 'a frozen one' };
  }
  if (type.direction !== 'out') {
    for (const [index, element] of value.entries()) {
      const problem = problemOfElement(to, element);
      if (problem) return { wanted: `${problem.wanted} as element ${index}`, got: problem.got };
    }
    // Strings that nothing counts end in a null, which koffi does not add.
    if (isStringList(type) && value.length > 0 && value.at(-1) !== null) {
      return { wanted: 'a null behind the last string', got: inWords(value) };
    }
  }
  return tooShort(type, size, value.length * size, inWords(value), parameters, args);
}

function isStringList({ direction, to, extent }: Memory): boolean {
  return direction === 'in' && extent === undefined && to.kind === 'scalar' && to.name === 'str';
}

function problemOfElement(type: TypeNode, value: unknown): Problem | undefined {
  if (type.kind === 'scalar' && type.name === 'str' && typeof value === 'string') {
    return value.includes('\0') ? { wanted: 'a string without NUL characters', got: inWords(value) } : undefined;
  }
  const wanted = wantedInstead(type, value);
  if (wanted !== undefined) return { wanted, got: inWords(value) };
  const other = isAddress(value) ? otherBrand(type, value) : undefined;
  return other === undefined ? undefined : { wanted: nameOf(type), got: `a ${other}` };
}

function tooShort(
  { extent, to }: Memory,
  size: number,
  bytes: number,
  got: string,
  parameters: readonly TypeNode[],
  args: readonly unknown[],
): Problem | undefined {
  const isBytes = size <= 1;
  const count = extent === undefined ? BigInt(isBytes ? 0 : 1) : countOf(extent, parameters, args);
  if (count === undefined) return undefined;
  const needed = extent && extent.unit === 'bytes' ? count : count * BigInt(size);
  if (BigInt(bytes) >= needed) return undefined;
  const why = extent && 'parameter' in extent ? `, because parameter ${extent.parameter} says so` : '';
  const unit =
    isBytes || extent?.unit === 'bytes' ? `${needed} bytes` : `${count} elements (${needed} bytes) of ${nameOf(to)}`;
  return { wanted: `room for ${unit}${why}`, got };
}

/** How much C will touch; undefined where that stands in C's memory. */
function countOf(extent: Extent, parameters: readonly TypeNode[], args: readonly unknown[]): bigint | undefined {
  if ('count' in extent) return BigInt(extent.count);
  const value = args[extent.parameter];
  const isBehind = parameters[extent.parameter]?.kind === 'to';
  const count = isBehind && typeof value === 'object' && value !== null ? (value as ArrayLike<unknown>)[0] : value;
  if (isBehind && count === value) return undefined; // an address, or null
  if (typeof count === 'bigint') return count;
  return Number.isSafeInteger(count) ? BigInt(count as number) : undefined;
}

function arraysOf(type: TypeNode): readonly [size: number, ...names: string[]] {
  return (type.kind === 'scalar' && Object.hasOwn(ARRAYS, type.name) && ARRAYS[type.name]) || ADDRESSES;
}

function sizeOf(type: TypeNode, records: Records): number {
  return type.kind === 'record' ? (layoutOf(records, type.name)?.size ?? 1) : 1;
}

function nameOf(type: TypeNode): string {
  switch (type.kind) {
    case 'scalar':
    case 'handle':
    case 'record':
      return type.name;
    case 'pointer':
      return `${type.name} *`;
    default:
      return 'addresses';
  }
}
