// Views of records against a C compiler's own layout.
// Run: npx vitest run test/runtime/records.test.ts

import { inspect } from 'node:util';
import { bytesOf, defineRecord, type Pointer, type RecordDescriptor } from '@dlshim/runtime';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { everything, flags, library, mixed, point } from './records.ts';

const open = () => library.open({ path: buildLibrary('records.c', 'librecords.so') });

const filled = {
  yes: true,
  i8: -8,
  u8: 200,
  i16: -1600,
  u16: 60000,
  i32: -2000000000,
  u32: 4000000000,
  i64: -(2n ** 63n),
  u64: 2n ** 64n - 1n,
  f32: 0.5,
  f64: 1e300,
  text: 'grüß',
  name: 'disk0',
  numbers: Int32Array.of(0, 10, 20),
  grid: [Uint16Array.of(0, 1, 2), Uint16Array.of(3, 4, 5)],
  point: { x: 1, y: 1.5 },
  points: [
    { x: 2, y: 2.5 },
    { x: 3, y: 3.5 },
  ],
  flags: { a: 5, b: -7, wide: 0xabcdef, far: 0x123456789a, low: -4242 },
};

describe.skipIf(noCompiler)(named('a record that C fills', noCompiler), () => {
  let fn: ReturnType<typeof open>['fn'];
  beforeAll(() => {
    fn = open().fn;
  });

  it('has the offsets and sizes that the C compiler gives it', () => {
    const offsets = new Uint32Array(25);
    expect(fn.records_offsets(offsets, 25)).toBe(25);
    expect([...offsets.slice(21)]).toEqual([everything.size, flags.size, point.size, mixed.size]);
  });

  it('reads as C wrote it, in memory of JavaScript', () => {
    const view = everything.alloc();
    fn.records_fill(bytesOf(view));
    expect(everything.read(view)).toMatchObject(filled);
    expect(view.pointer).toBeTypeOf('bigint');
    expect(view.call).toBeTypeOf('bigint');
    expect(view.number.real).toBe(2);
    expect(view.number.whole).toBe(2n ** 62n);
  });

  it('reads in memory of C without a copy, so that later writes of C are seen, and writes reach C', () => {
    const address = fn.records_shared();
    const view = everything.at(address);
    expect(view.yes).toBe(false);
    fn.records_fill(address);
    expect(view.numbers[2]).toBe(20);
    expect(everything.read(address)).toMatchObject(filled);
    view.flags.b = 1;
    expect(fn.records_check(address)).toBe(11);
    view.flags.b = -7;
    expect(fn.records_check(address)).toBe(0);
    // Views of one address may exist side by side.
    expect(everything.at(address).name).toBe('disk0');
  });

  it('is accepted by C when JavaScript fills it, member by member', () => {
    const view = everything.alloc();
    Object.assign(view, { ...filled, text: null });
    view.number.real = 2;
    expect(fn.records_check(bytesOf(view))).toBe(0);
  });

  it('gives a copy from read, which later writes do not change', () => {
    const view = everything.alloc();
    fn.records_fill(bytesOf(view));
    const copy = everything.read(view);
    view.numbers[1] = 99;
    view.point.x = 99;
    expect(copy).toMatchObject({ numbers: Int32Array.of(0, 10, 20), point: { x: 1 } });
  });
});

describe('a view', () => {
  it('refuses numbers out of range, and leaves the memory as it was', () => {
    const view = everything.alloc();
    const bad: [keyof typeof filled, unknown][] = [
      ['i8', 128],
      ['u8', -1],
      ['i16', 2 ** 15],
      ['u16', 1.5],
      ['i32', Number.NaN],
      ['u32', 2 ** 32],
      ['i64', 2n ** 63n],
      ['u64', -1n],
      ['u64', 2 ** 64],
      ['numbers', [1, 2, 3, 4]],
      ['name', 'eightchr'],
      ['name', 'a\0b'],
    ];
    for (const [member, value] of bad) {
      expect(() => Object.assign(view, { [member]: value }), `${member} = ${value}`).toThrow(RangeError);
    }
    for (const [member, value] of [
      ['a', 8],
      ['b', 16],
      ['b', -17],
      ['far', 2n ** 40n],
      ['low', 2 ** 23],
    ] as const) {
      expect(() => Object.assign(view.flags, { [member]: value }), `${member} = ${value}`).toThrow(RangeError);
    }
    expect(bytesOf(view).every((byte) => byte === 0)).toBe(true);
  });

  it('refuses a string for a pointer to characters, but takes an address', () => {
    const view = everything.alloc();
    expect(() => Object.assign(view, { text: 'abc' })).toThrow(TypeError);
    view.pointer = 16n as Pointer;
    expect(view.pointer).toBe(16n);
    view.pointer = null;
    expect(view.pointer).toBeNull();
  });

  it('keeps neighbouring bits of a bit-field', () => {
    const view = flags.alloc();
    Object.assign(view, { a: 7, b: -16, wide: 0xffffff, far: 2n ** 40n - 1n, low: -1 });
    view.b = 0;
    expect(flags.read(view)).toEqual({ a: 7, b: 0, wide: 0xffffff, far: 2 ** 40 - 1, low: -1 });
  });

  it('keeps every other bit, whatever a bit-field holds and wherever it lies', () => {
    const field = fc.record({ offset: fc.nat(60), width: fc.integer({ min: 1, max: 64 }), signed: fc.boolean() });
    fc.assert(
      fc.property(
        field,
        fc.bigInt(0n, 2n ** 64n - 1n),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (at, raw, bytes) => {
          const type = at.signed ? 'i64' : 'u64';
          const fields = { field: [type, at.offset, at.width] as const };
          const view = defineRecord<{ field: number | bigint }>('r', {
            r: { kind: 'struct', size: 16, align: 8, fields },
          }).from(bytes);
          const whole = () => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
          const before = whole();
          const mask = ((1n << BigInt(at.width)) - 1n) << BigInt(at.offset);
          const value = at.signed ? BigInt.asIntN(at.width, raw) : BigInt.asUintN(at.width, raw);
          view.field = value;
          expect(BigInt(view.field)).toBe(value);
          expect(whole() & ~mask).toBe(before & ~mask);
          expect((whole() & mask) >> BigInt(at.offset)).toBe(BigInt.asUintN(at.width, value));
        },
      ),
    );
  });

  it('sees bytes that it was made from, at an offset', () => {
    const bytes = new Uint8Array(40);
    const view = point.from(bytes, 16);
    view.x = -1;
    expect([...bytes.subarray(14, 22)]).toEqual([0, 0, 255, 255, 255, 255, 0, 0]);
    expect(bytesOf(view).byteOffset).toBe(16);
    expect(() => point.from(bytes, 25)).toThrow(RangeError);
  });

  it('is never of the null pointer', () => {
    expect(() => point.at(null)).toThrow(TypeError);
    expect(() => point.read(null)).toThrow(TypeError);
    expect(() => bytesOf({})).toThrow(TypeError);
  });

  it('takes a nested record as a view or as a plain object, and no unknown member', () => {
    const view = everything.alloc();
    const other = point.alloc();
    other.y = 4.5;
    view.point = other;
    view.points = [other, { x: 8, y: 9 }];
    expect(view.point.y + view.points[0]!.y + view.points[1]!.y).toBe(18);
    expect(() => Object.assign(view, { point: { z: 1 } })).toThrow(/no member 'z'/);
    expect(() => Object.assign(view, { point: flags.alloc() })).toThrow(/another record/);
  });

  it('is copied and printed without following what may be no address: strings in a union, named or not', () => {
    const records: Record<string, RecordDescriptor> = {
      value: {
        kind: 'union',
        size: 8,
        align: 8,
        fields: { text: ['str', 0], whole: ['i64', 0], pair: ['{named}', 0] },
      },
      named: { kind: 'struct', size: 8, align: 8, fields: { name: ['str', 0] } },
      // An anonymous union: its members stand in the outer record.
      outer: { kind: 'struct', size: 16, align: 8, fields: { tag: ['i32', 0], text: ['str', 8], whole: ['i64', 8] } },
    };
    interface Value {
      text: string | null;
      whole: number | bigint;
      pair: { name: string | null };
    }
    for (const name of ['value', 'outer']) {
      const type = defineRecord<Value>(name, records);
      const view = type.alloc();
      view.whole = 3; // no address at all
      expect(inspect(view)).toContain('whole: 3');
      expect(type.read(view).whole).toBe(3);
      view.whole = 0;
      expect(type.read(view).text).toBeNull();
    }
    expect(defineRecord<Value>('value', records).alloc().pair.name).toBeNull();
  });

  it('costs nothing to define until it is used', () => {
    const records = new Proxy(
      {},
      {
        getOwnPropertyDescriptor: () => {
          throw new Error('used');
        },
      },
    );
    expect(() => defineRecord('any', records)).not.toThrow();
    expect(() => defineRecord('any', records).size).toThrow('used');
  });
});
