// Records that end in an array whose length is another one for each, against C's own.
// Run: npx vitest run test/runtime/flexible.test.ts

import { bytesAt, bytesOf } from '@dlshim/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { extras, group, list, named as namedRecord, pair } from './extras.ts';

const open = () => extras.open({ path: buildLibrary('extras.c', 'libextras.so') });

describe.skipIf(noCompiler)(named('a flexible array member', noCompiler), () => {
  let fn: ReturnType<typeof open>['fn'];
  beforeAll(() => {
    fn = open().fn;
  });

  it('starts where C has it, which may be inside of the padding', () => {
    expect([0, 1, 2, 3, 4, 5].map((which) => fn.extras_sizes(which))).toEqual([
      list.size,
      6,
      namedRecord.size,
      12,
      group.size,
      4,
    ]);
  });

  it('is allocated with a count, and C reads it', () => {
    const view = list.alloc(3);
    view.count = 3;
    view.items.set([10, 20, 30]);
    expect(view.items).toHaveLength(3);
    expect(bytesOf(view)).toHaveLength(12);
    expect(fn.extras_list_sum(bytesOf(view))).toBe(60);
    view.items = Uint16Array.of(1, 2, 3);
    expect(fn.extras_list_sum(bytesOf(view))).toBe(6);
    expect(() => {
      view.items = Uint16Array.of(1, 2, 3, 4);
    }).toThrow(RangeError);
    expect(list.alloc().items).toHaveLength(0);
  });

  it('is seen at an address with a count, without a copy', () => {
    const address = fn.extras_list_make(4);
    const { count } = list.at(address);
    const view = list.at(address, count);
    expect([...view.items]).toEqual([0, 100, 200, 300]);
    expect(list.read(address, 2)).toEqual({ count: 4, kind: 9, items: Uint16Array.of(0, 100) });
    view.items[3] = 5;
    expect(fn.extras_list_sum(address)).toBe(305);
    const copy = list.read(view);
    view.items[3] = 6;
    expect([...copy.items]).toEqual([0, 100, 200, 5]);
    expect(list.from(bytesAt(address as never, 14)).items).toHaveLength(4);
    fn.extras_free(address);
  });

  it('holds text and records too', () => {
    const view = namedRecord.alloc(8);
    expect(bytesOf(view)).toHaveLength(20);
    view.text = 'grüß';
    expect([view.text, bytesOf(view)[12]]).toEqual(['grüß', 0x67]);
    expect(() => {
      view.text = 'eight ch';
    }).toThrow(/named.text has room for 7 bytes/);
    const pairs = group.alloc(2);
    pairs.count = 2;
    pairs.pairs = [
      { first: 2, second: 3 },
      { first: 4, second: 5 },
    ];
    pairs.pairs[1]!.second = 6;
    expect(fn.extras_group_sum(bytesOf(pairs))).toBe(30);
  });
});

describe('a view with a flexible array member', () => {
  it('takes as many elements from bytes as there is room for', () => {
    expect(list.from(new Uint8Array(8)).items).toHaveLength(1);
    expect(list.from(new Uint8Array(15)).items).toHaveLength(4);
    expect(list.from(new Uint8Array(16), 4).items).toHaveLength(3);
    expect(list.from(new Uint8Array(16), 0, 2).items).toHaveLength(2);
    expect(() => list.from(new Uint8Array(16), 0, 6)).toThrow(/list.from: 18 bytes needed at 0, and there are 16/);
    expect(() => list.from(new Uint8Array(7))).toThrow(RangeError);
  });

  it('refuses a count that is none, and one of a record that has no such member', () => {
    for (const count of [-1, 1.5, Number.NaN]) expect(() => list.alloc(count), String(count)).toThrow(RangeError);
    expect(() => pair.alloc(2)).toThrow(/pair.alloc: it has no flexible array member to count/);
    expect(() => pair.at(0x1000n as never, 1)).toThrow(TypeError);
  });
});
