// Memory of C's: read at an address, and allocated for what C keeps. Run: npx vitest run test/runtime/memory.test.ts

import { allocate, bytesAt, free, stringAt } from '@dlshim/runtime';
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
