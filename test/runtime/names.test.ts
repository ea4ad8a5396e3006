// Symbols with names that every JavaScript object knows are ordinary slots.
// Run: npx vitest run test/runtime/names.test.ts
// biome-ignore-all lint/suspicious/noProto: it is a symbol's name here
// biome-ignore-all lint/suspicious/noPrototypeBuiltins: the same

import { defineRecord, defineShim, type Shim } from '@dlshim/runtime';
import { describe, expect, it } from 'vitest';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

type Unary = (value: number) => number;
interface Odd {
  ['__proto__']: Unary;
  constructor: Unary;
  toString: Unary;
}
interface OddWeak {
  hasOwnProperty: Unary;
  valueOf: Unary;
  isPrototypeOf: Unary;
}

const odd: Shim<Odd, OddWeak, { valueOf: 'valueOf'; isPrototypeOf: 'isPrototypeOf' }> = defineShim({
  format: 1,
  library: '__proto__',
  version: '1',
  stamp: 'odd',
  target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
  files: {},
  packages: {},
  required: { ['__proto__']: 'i32(i32)', constructor: 'i32(i32)', toString: 'i32(i32)' },
  weak: { hasOwnProperty: 'i32(i32)', valueOf: 'i32(i32)', isPrototypeOf: 'i32(i32)' },
  features: { valueOf: ['valueOf'], isPrototypeOf: ['isPrototypeOf'] },
  records: {},
});

describe.skipIf(noCompiler)(named('symbols named __proto__, constructor and toString', noCompiler), () => {
  it('are called like any other, in both tables', async () => {
    const opened = odd.open({ path: buildLibrary('odd.c', 'libodd.so') });
    expect(opened.fn.__proto__(1)).toBe(2);
    expect(opened.fn.constructor(1)).toBe(3);
    expect(opened.fn.toString(1)).toBe(4);
    expect(opened.fn.hasOwnProperty?.(1)).toBe(5);
    expect(await opened.async.__proto__(1)).toBe(2);
    expect(await opened.async.valueOf?.(1)).toBe(6);
  });

  it('are undefined when missing, although every object has such a member', () => {
    const opened = odd.open();
    expect(opened.fn.isPrototypeOf).toBeUndefined();
    expect(opened.async.isPrototypeOf).toBeUndefined();
    expect(opened.has('isPrototypeOf')).toBe(false);
    expect(opened.has('valueOf')).toBe(true);
    expect(() => opened.has('constructor' as never)).toThrow(TypeError);
    expect(() => odd.open({ require: ['isPrototypeOf'] })).toThrow(/isPrototypeOf/);
  });

  it('are members of records too', () => {
    const record = defineRecord<{ ['__proto__']: number; constructor: number }>('__proto__', {
      ['__proto__']: {
        kind: 'struct',
        size: 8,
        align: 4,
        fields: { ['__proto__']: ['i32', 0] as const, constructor: ['i32', 4] as const },
      },
    });
    const view = record.alloc();
    view.__proto__ = 5;
    view.constructor = 6;
    expect(view.__proto__ + view.constructor).toBe(11);
    expect(Object.entries(record.read(view))).toEqual([
      ['__proto__', 5],
      ['constructor', 6],
    ]);
  });
});
