// Addresses in, what stands in C's memory there out; and memory that C may keep. Follows malloc(3).
//
// An address says nothing of how much memory is there, nor how long: a wrong length or a freed address is undefined behaviour, as in C.

import { allocateMemory, freeMemory, readString, viewMemory } from './ffi.ts';
import type { Pointer } from './types.ts';

/** The NUL-terminated UTF-8 string at an address, copied; null for null. For `char *` results and what callbacks receive. */
export function stringAt(address: Pointer | null): string | null {
  return address === null ? null : readString(address);
}

/** A view of `length` bytes of C's memory, without a copy: valid until C frees or moves it. Take `.slice()` to keep them.
 *  Throws a TypeError for null and a RangeError for a length that is none. */
export function bytesAt(address: Pointer | null, length: number): Uint8Array<ArrayBuffer> {
  if (typeof address !== 'bigint' || address === 0n) throw new TypeError(`bytesAt: not an address: ${address}`);
  if (!Number.isInteger(length) || length < 0) throw new RangeError(`bytesAt: not a length: ${length}`);
  return length === 0 ? new Uint8Array(0) : new Uint8Array(viewMemory(address, length));
}

/** Memory of C's, `length` bytes, all zero, that stays until `free`: for what C keeps beyond a call. Fill it through `bytesAt`.
 *  A string or bytes instead of a length are copied into it, a string with its NUL. */
export function allocate<T = unknown>(content: number | string | Uint8Array): Pointer<T> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(`${content}\0`) : content;
  const length = typeof bytes === 'number' ? bytes : bytes.length;
  if (!Number.isInteger(length) || length < 0) throw new RangeError(`allocate: not a length: ${length}`);
  const address = allocateMemory(Math.max(1, length)) as Pointer<T>;
  const memory = bytesAt(address, Math.max(1, length)).fill(0);
  if (typeof bytes !== 'number') memory.set(bytes);
  return address;
}

/** Frees memory of `allocate`. Not for memory that a library has allocated: that has its own function. */
export function free(address: Pointer | null): void {
  if (address !== null) freeMemory(address);
}
