// Addresses in, what stands in C's memory there out; and memory that C may keep. Follows malloc(3).
//
// An address says nothing of how much memory is there, nor how long: a wrong length or a freed address is undefined behaviour, as in C.

import { isAddress } from '../calls/values.ts';
import { allocateMemory, freeMemory, readString, viewMemory } from '../ffi.ts';
import type { Pointer } from '../types.ts';

/** The NUL-terminated UTF-8 string at an address, copied; null for null. For `char *` results and what callbacks receive. Throws a
 *  TypeError for what is no address. */
export function stringAt(address: Pointer | null): string | null {
  return isNull(address) ? null : readString(checkAddress('stringAt', address));
}

/** The strings of a list of addresses in C's memory, `char **`, copied: `count` of them, or as many as stand before a null. A null among
 *  those that are counted is null. Throws a TypeError for null and a RangeError for a count that is none. */
export function stringsAt(address: Pointer | null): string[];
export function stringsAt(address: Pointer | null, count: number): (string | null)[];
export function stringsAt(address: Pointer | null, count?: number): (string | null)[] {
  return addresses('stringsAt', address, count).map(stringAt);
}

/** The addresses or handles of a list in C's memory, such as the `virDomainPtr *` that libvirt hands out: `count` of them, or as many as
 *  stand before a null. A null among those that are counted is null. Throws a TypeError for null and a RangeError for a count
 *  that is none. */
export function pointersAt<P>(address: Pointer<P> | null): P[];
export function pointersAt<P>(address: Pointer<P> | null, count: number): (P | null)[];
export function pointersAt<P>(address: Pointer<P> | null, count?: number): (P | null)[] {
  return addresses('pointersAt', address, count) as (P | null)[];
}

function addresses(caller: string, address: Pointer | null, count: number | undefined): (Pointer | null)[] {
  const start = checkAddress(caller, address);
  if (count !== undefined) {
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`${caller}: not a count: ${count}`);
    const list = bytesAt(address, count * POINTER);
    const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
    return Array.from({ length: count }, (_, at) => addressIn(view, at * POINTER));
  }
  const found: Pointer[] = [];
  for (let at = start; ; at += BigInt(POINTER)) {
    const next = addressIn(new DataView(viewMemory(at, POINTER)), 0);
    if (next === null) return found;
    found.push(next);
  }
}

/** In bytes; all targets that there are have pointers of 64 bits. */
const POINTER = 8;
const LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function addressIn(view: DataView, at: number): Pointer | null {
  return (view.getBigUint64(at, LITTLE) || null) as Pointer | null;
}

/** The strings that stand in these bytes one behind the other, each with its NUL, as `rbd_list` and `rados_pool_list` fill a buffer. They
 *  end at an empty one, or where the bytes end: cut them to the length that C reports, `bytes.subarray(0, length)`. */
export function stringsIn(bytes: Uint8Array): string[] {
  const strings: string[] = [];
  for (let start = 0; start < bytes.length && bytes[start] !== 0; ) {
    const found = bytes.indexOf(0, start);
    const end = found < 0 ? bytes.length : found;
    strings.push(decoder.decode(bytes.subarray(start, end)));
    start = end + 1;
  }
  return strings;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A view of `length` bytes of C's memory, without a copy: valid until C frees or moves it. Take `.slice()` to keep them.
 *  Throws a TypeError for null and a RangeError for a length that is none, or more than JavaScript's buffers have. */
export function bytesAt(address: Pointer | null, length: number): Uint8Array<ArrayBuffer> {
  const at = checkAddress('bytesAt', address);
  if (!Number.isInteger(length) || length < 0) throw new RangeError(`bytesAt: not a length: ${length}`);
  return length === 0 ? new Uint8Array(0) : new Uint8Array(viewMemory(at, length));
}

function checkAddress(caller: string, address: bigint | null): bigint {
  if (!isAddress(address)) throw new TypeError(`${caller}: not an address: ${address}`);
  return address;
}

/** Memory of C's, `length` bytes, all zero, that stays until `free`: for what C keeps beyond a call. Fill it through `bytesAt`.
 *  A string or bytes instead of a length are copied into it, a string with its NUL. */
export function allocate<T = unknown>(content: number | string | Uint8Array): Pointer<T> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(`${content}\0`) : content;
  if (typeof bytes !== 'number' && !(ArrayBuffer.isView(bytes) && bytes.BYTES_PER_ELEMENT === 1))
    throw new TypeError('allocate takes a length, a string or a Uint8Array');
  const length = typeof bytes === 'number' ? bytes : bytes.length;
  if (!Number.isInteger(length) || length < 0) throw new RangeError(`allocate: not a length: ${length}`);
  const address = allocateMemory(Math.max(1, length)) as Pointer<T>;
  const memory = bytesAt(address, Math.max(1, length)).fill(0);
  if (typeof bytes !== 'number') memory.set(bytes);
  return address;
}

/** Frees memory of `allocate`: it is free(3) of the C library. On Linux and macOS, where a process has one C library, it also frees what a
 *  library's manual says to free with free(3) (libvirt's strings and lists). Whatever else a library has allocated has its own function. */
export function free(address: Pointer | null): void {
  if (!isNull(address)) freeMemory(checkAddress('free', address));
}

function isNull(address: bigint | null | undefined): address is null | undefined {
  return address === null || address === undefined || address === 0n;
}
