// Memory of C's: read at an address, and allocated for what C keeps. Run: npx vitest run test/runtime/memory.test.ts

import { constants } from 'node:buffer';
import {
  allocate,
  bytesAt,
  free,
  type Handle,
  type Pointer,
  pointersAt,
  stringAt,
  stringsAt,
  stringsIn,
} from '@dlshim/runtime';
import { describe, expect, it } from 'vitest';

describe("memory of C's", () => {
  it('holds a string with its NUL, which is read back', () => {
    const address = allocate('héllo');
    expect(stringAt(address)).toBe('héllo');
    expect([...bytesAt(address, 7)]).toEqual([...new TextEncoder().encode('héllo'), 0]);
    free(address);
  });

  it('is zero where only a length is given, and a view writes through', () => {
    const address = allocate(8);
    expect([...bytesAt(address, 8)]).toEqual(Array(8).fill(0));
    bytesAt(address, 8).set([65, 66], 2);
    expect([...bytesAt(address, 4)]).toEqual([0, 0, 65, 66]);
    free(address);
  });

  it('is copied from bytes', () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const address = allocate(bytes);
    bytes.fill(9);
    expect([...bytesAt(address, 3)]).toEqual([1, 2, 3]);
    free(address);
  });

  it('is not looked for where there is no address, nor viewed beyond what a buffer can hold', () => {
    const address = allocate(8);
    for (const wrong of [5, 'text', -5n, 2n ** 64n + 4096n, {}] as never[]) {
      expect(() => stringAt(wrong)).toThrow(TypeError);
      expect(() => free(wrong)).toThrow(TypeError);
      expect(() => bytesAt(wrong, 1)).toThrow(TypeError);
    }
    expect(stringAt(0n as never)).toBe(null);
    expect(() => bytesAt(address, constants.MAX_LENGTH + 1)).toThrow(RangeError);
    expect(() => bytesAt(address, 2 ** 60)).toThrow(RangeError);
    expect(() => stringsAt(address, 0.5)).toThrow(RangeError);
    free(address);
  });

  it('is made of bytes, not of what only has a length', () => {
    expect(() => allocate(Float64Array.of(1.5) as never)).toThrow(TypeError);
    expect(() => allocate(null as never)).toThrow(TypeError);
    expect(() => allocate(new ArrayBuffer(4) as never)).toThrow(TypeError);
  });

  it('is a list of strings, counted or up to its null', () => {
    const words = ['ein', 'zwölf', ''].map((word) => allocate<number>(word));
    const list = allocate<Pointer<number>>(8 * 5);
    bytesAt(list, 40).set(new Uint8Array(BigUint64Array.of(...words, 0n, words[0]!).buffer));
    expect(stringsAt(list)).toEqual(['ein', 'zwölf', '']);
    expect(stringsAt(list, 5)).toEqual(['ein', 'zwölf', '', null, 'ein']);
    expect(stringsAt(list, 0)).toEqual([]);
    for (const address of [...words, list]) free(address);
    expect(() => stringsAt(null)).toThrow(/stringsAt: not an address/);
    expect(() => stringsAt(list, -1)).toThrow(RangeError);
  });

  it('is a list of handles, counted or up to its null, which keep their type', () => {
    type Disk = Handle<'disk_t'>;
    const list = allocate<Disk>(8 * 4);
    bytesAt(list, 32).set(new Uint8Array(BigUint64Array.of(1n, 2n ** 63n, 0n, 3n).buffer));
    const disks: Disk[] = pointersAt(list);
    expect(disks).toEqual([1n, 2n ** 63n]);
    const counted: (Disk | null)[] = pointersAt(list, 4);
    expect(counted).toEqual([1n, 2n ** 63n, null, 3n]);
    free(list);
    expect(() => pointersAt(null)).toThrow(/pointersAt: not an address/);
    expect(() => pointersAt(list, -1)).toThrow(RangeError);
  });

  it('holds strings one behind the other, up to an empty one or the end', () => {
    const bytes = new TextEncoder().encode('disk0\0grüß\0last');
    expect(stringsIn(bytes)).toEqual(['disk0', 'grüß', 'last']);
    expect(stringsIn(bytes.subarray(0, 6))).toEqual(['disk0']);
    expect(stringsIn(new TextEncoder().encode('a\0b\0\0old\0'))).toEqual(['a', 'b']);
    expect([stringsIn(new Uint8Array(4)), stringsIn(new Uint8Array(0))]).toEqual([[], []]);
  });

  it('refuses what is no address and no length', () => {
    expect(stringAt(null)).toBeNull();
    expect(() => bytesAt(null, 4)).toThrow(TypeError);
    const address = allocate(0);
    expect(() => bytesAt(address, -1)).toThrow(RangeError);
    expect(() => bytesAt(address, 1.5)).toThrow(RangeError);
    expect(bytesAt(address, 0)).toHaveLength(0);
    free(address);
    free(null);
    expect(() => allocate(-1)).toThrow(RangeError);
  });
});
