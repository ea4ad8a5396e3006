// Arguments behind `...` against C's va_arg: each kind, typed ones and those that an option decides, and what is refused.
// Run: npx vitest run test/runtime/variadics.test.ts

import {
  allocate,
  bytesOf,
  double,
  free,
  int,
  int64,
  long,
  type Pointer,
  pointer,
  str,
  uint,
  uint64,
  ulong,
  type Variadic,
} from '@dlshim/runtime';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import * as x from './extras.ts';

const open = () => x.extras.open({ path: buildLibrary('extras.c', 'libextras.so') });

describe.skipIf(noCompiler)(named('a variadic function', noCompiler), () => {
  let opened: ReturnType<typeof open>;
  let fn: ReturnType<typeof open>['fn'];
  const untyped = (value: unknown) => value as Variadic;
  beforeAll(() => {
    opened = open();
    fn = opened.fn;
  });

  it('takes arguments that say their type, to the edges of each', () => {
    fn.extras_kinds(
      'iulmqzd',
      int(-5),
      uint(2 ** 32 - 1),
      long(-(2 ** 40)),
      ulong(2n ** 64n - 1n),
      int64(-(2n ** 63n)),
      uint64(7),
      double(0.1),
    );
    expect(fn.extras_seen()).toBe(
      '-5 4294967295 -1099511627776 18446744073709551615 -9223372036854775808 7 0.10000000000000001 ',
    );
  });

  it('takes 31 arguments behind a format, and refuses more', () => {
    const ones = (count: number) => Array.from({ length: count }, () => int(1));
    expect(fn.extras_format('%d'.repeat(31), ...ones(31))).toBe(31);
    expect(() => fn.extras_format('%d'.repeat(32), ...ones(32))).toThrow(
      new RangeError('extras_format takes at most 31 arguments behind its 1, and got 32'),
    );
    expect(() => fn.extras_format('', ...ones(5000))).toThrow(/at most 31 arguments/);
  });

  it('takes several values behind an option, one of which C writes', () => {
    const before: [number] = [0];
    expect(fn.extras_set(null, x.SET_BOTH, 41, before, 'grün')).toBe(0);
    expect([before, fn.extras_seen()]).toEqual([[42], 'both 41 grün']);
    // @ts-expect-error: three values
    expect(() => fn.extras_set(null, x.SET_BOTH, 41)).toThrow(/takes 3 values, and got 1/);
  });

  it('takes strings, bytes, addresses and null as they stand', () => {
    const memory = allocate('gemerkt');
    expect(fn.extras_format('%s %s %s %d', 'grüß', new TextEncoder().encode('bytes\0'), memory, int(3))).toBe(22);
    expect(fn.extras_seen()).toBe('grüß bytes gemerkt 3');
    fn.extras_kinds('pps', null, memory, str('text'));
    expect(fn.extras_seen()).toBe(`(nil) 0x${memory.toString(16)} text `);
    fn.extras_kinds('p', pointer(0x10n));
    expect(fn.extras_seen()).toBe('0x10 ');
    free(memory);
  });

  it('passes more arguments than there are registers for, mixed as C would', () => {
    const kind = fc.oneof(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((v) => ['i', int(v), String(v)] as const),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((v) => ['q', int64(v), String(v)] as const),
      fc.integer({ min: -1000, max: 1000 }).map((v) => ['d', double(v / 8), String(v / 8)] as const),
      fc.constantFrom('a', 'bc').map((v) => ['s', v, v] as const),
    );
    fc.assert(
      fc.property(fc.array(kind, { minLength: 0, maxLength: 12 }), (list) => {
        fn.extras_kinds(list.map(([letter]) => letter).join(''), ...list.map(([, value]) => value));
        if (list.length > 0) expect(fn.extras_seen()).toBe(list.map(([, , text]) => `${text} `).join(''));
      }),
    );
  });

  it('refuses a bare number by name, with what to write instead', () => {
    expect(() => fn.extras_format('%d', untyped(5))).toThrow(
      /^extras_format: argument 2 got 5: say which type C expects, with int\(\), long\(\), double\(\)/,
    );
    expect(() => fn.extras_format('%d', untyped(true))).toThrow(/C passes a bool as an int/);
    expect(() =>
      fn.extras_format(
        '%p',
        untyped(() => 0),
      ),
    ).toThrow(/callback/);
    for (const wrong of [undefined, {}, [], Symbol.iterator]) {
      expect(() => fn.extras_format('%p', untyped(wrong)), String(wrong)).toThrow(TypeError);
    }
  });

  it('refuses numbers that a type cannot have, where they are written', () => {
    for (const make of [
      () => int(2 ** 31),
      () => int(1.5),
      () => int(Number.NaN),
      () => uint(-1),
      () => long(2n ** 63n),
      () => ulong(-1),
      () => int64(2 ** 64),
      () => uint64(-1n),
    ])
      expect(make, String(make)).toThrow(RangeError);
    expect(() => int('5' as never)).toThrow(/int\(\) takes an integer, and got the string '5'/);
    expect(() => double(5n as never)).toThrow(TypeError);
    expect(() => str(5 as never)).toThrow(TypeError);
    expect(() => pointer(5 as never)).toThrow(TypeError);
  });

  it('is not on the thread pool', () => {
    expect(() => opened.async.extras_format).toThrow(/extras_format of extras .* variadic/);
  });

  it('follows the type that an option has', () => {
    const handle = fn.extras_stream();
    const seen = () => fn.extras_seen();
    fn.extras_set(handle, x.SET_LONG, -(2 ** 40));
    expect(seen()).toBe('long -1099511627776');
    fn.extras_set(handle, x.SET_TEXT, 'grüß');
    expect(seen()).toBe('text grüß');
    fn.extras_set(handle, x.SET_TEXT, null);
    expect(seen()).toBe('text (null)');
    fn.extras_set(handle, x.SET_ADDRESS, handle);
    expect(seen()).toBe('address of the handle');
    fn.extras_set(handle, x.SET_INT64, 2n ** 63n - 1n);
    expect(seen()).toBe('int64 9223372036854775807');
    fn.extras_set(handle, x.SET_DOUBLE, 2);
    expect(seen()).toBe('double 2');
    const view = x.pair.alloc();
    Object.assign(view, { first: 8, second: 9 });
    fn.extras_set(handle, x.SET_PAIR, bytesOf(view));
    expect(seen()).toBe('pair 8 9');
    const kept = opened.callback('hook_t', (value) => value * 2);
    fn.extras_set(handle, x.SET_FUNCTION, kept);
    expect(seen()).toBe('function 40');
    fn.extras_set(handle, x.SET_FUNCTION, null);
    opened.release(kept);
  });

  it('writes what an option gives into an array, a typed array or memory', () => {
    const handle = fn.extras_stream();
    const [whole, text, real, edge, address] = [[0], [null], [0], [0], [null]] as [
      [number | bigint],
      [string | null],
      [number],
      [number | bigint],
      [Pointer | null],
    ];
    expect(fn.extras_get(handle, x.GET_LONG, whole)).toBe(0);
    fn.extras_get(handle, x.GET_TEXT, text);
    fn.extras_get(handle, x.GET_DOUBLE, real);
    fn.extras_get(handle, x.GET_INT64, edge);
    fn.extras_get(handle, x.GET_ADDRESS, address);
    expect([whole[0], text[0], real[0], edge[0], address[0]]).toEqual([
      0x123456789ab,
      'grüß',
      0.1,
      -(2n ** 63n),
      handle,
    ]);
    const array = new BigInt64Array(1);
    fn.extras_get(handle, x.GET_LONG, array);
    expect(array[0]).toBe(0x123456789abn);
  });

  it('refuses memory that C would write beyond, and text that it would read beyond', () => {
    const get = fn.extras_get as (...args: unknown[]) => number;
    for (const wrong of [new BigInt64Array(0), new Int32Array(2), new Float64Array(1), []])
      expect(() => get(null, x.GET_LONG, wrong)).toThrow(/^extras_get: GET_LONG takes .*, and got /);
    expect(() => get(null, x.GET_TEXT, [])).toThrow(/^extras_get: GET_TEXT takes /);
    const set = fn.extras_set as (...args: unknown[]) => number;
    for (const wrong of [Uint8Array.of(65), 'a\0b', new Uint8Array(0)])
      expect(() => set(null, x.SET_TEXT, wrong)).toThrow(
        /SET_TEXT takes a string without NUL characters, bytes that end/,
      );
  });

  it("refuses a value of another kind than the option's, and names function and option", () => {
    const set = fn.extras_set as (...args: unknown[]) => number;
    fn.extras_set(null, x.SET_LONG, 1);
    const before = fn.extras_seen();
    const cases: [option: number, value: unknown, message: RegExp][] = [
      [
        x.SET_TEXT,
        5,
        /^extras_set: SET_TEXT takes a string without NUL characters, bytes that end in a NUL, or an address, and got 5$/,
      ],
      [x.SET_LONG, 'x', /^extras_set: SET_LONG takes an integer, and got the string 'x'$/],
      [
        x.SET_LONG,
        1.5,
        /^extras_set: SET_LONG takes an integer from -9223372036854775808 to 9223372036854775807, and got 1.5$/,
      ],
      [x.SET_DOUBLE, 1n, /^extras_set: SET_DOUBLE takes a number, and got 1n$/],
      [
        x.SET_ADDRESS,
        new Uint8Array(4),
        /^extras_set: SET_ADDRESS takes an address or null .*beyond the call.*allocate/,
      ],
      [x.SET_FUNCTION, () => 0, /^extras_set: SET_FUNCTION takes a pointer to a function, which callback/],
      [
        x.SET_PAIR,
        { first: 1 },
        /^extras_set: SET_PAIR takes a buffer or typed array of pair, an address or null, and got an object/,
      ],
      [x.SET_LONG, int(5), /^extras_set: SET_LONG takes the type i64, and got i32$/],
      [x.SET_TEXT, undefined, /SET_TEXT/],
    ];
    for (const [option, value, message] of cases) expect(() => set(null, option, value)).toThrow(message);
    expect(() => set(null, x.SET_LONG)).toThrow(/^extras_set: SET_LONG takes one value, and got 0$/);
    expect(() => set(null, x.SET_LONG, 1, 2)).toThrow(/takes one value, and got 2/);
    expect(() => set(null, x.SET_BOTH, 1)).toThrow(/^extras_set: SET_BOTH takes 3 values, and got 1$/);
    expect(() => set(null, x.SET_BOTH, 1, 2, 'x')).toThrow(
      /SET_BOTH takes an array or Int32Array of i32, an address or null, and got 2/,
    );
    expect(fn.extras_seen()).toBe(before);
  });

  it('takes typed arguments for an option that the shim does not know, and for one that it does', () => {
    const newer: number = 120;
    fn.extras_set(null, newer, long(33));
    expect(fn.extras_seen()).toBe('long 33');
    expect(() => (fn.extras_set as (...args: unknown[]) => number)(null, newer, 33)).toThrow(/argument 3 got 33/);
    const known: number = x.SET_LONG;
    fn.extras_set(null, known, long(34));
    expect(fn.extras_seen()).toBe('long 34');
  });
});
