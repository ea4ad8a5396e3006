// Data symbols of a library: read and written where C has them.
// Run: npx vitest run test/runtime/data.test.ts

import { defineShim, stringsAt } from '@dlshim/runtime';
import { pretend } from '@dlshim/runtime/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { descriptor, extras, pair } from './extras.ts';

const path = () => buildLibrary('extras.c', 'libextras.so');
const open = () => extras.open({ path: path() });

describe.skipIf(noCompiler)(named('a data symbol', noCompiler), () => {
  let opened: ReturnType<typeof open>;
  beforeAll(() => {
    opened = open();
  });

  it('reads what C has there, and a write is seen by C', () => {
    const { data, fn } = opened;
    expect([data.extras_count, fn.extras_count_now()]).toEqual([7, 7]);
    data.extras_count = -8;
    expect([data.extras_count, fn.extras_count_now()]).toEqual([-8, -8]);
    data.extras_count = 7;
    expect(() => {
      data.extras_count = 2 ** 31;
    }).toThrow(/extras_count of extras takes an integer from/);
    expect(fn.extras_count_now()).toBe(7);
  });

  it('is a string, an array or a view of a record, by its type', () => {
    const { data, fn } = opened;
    expect([data.extras_name, data.extras_text, data.extras_half]).toEqual(['extras', 'text', 0.5]);
    data.extras_text = 'another';
    expect(data.extras_text).toBe('another');
    expect(data.extras_grid.map((row) => [...row])).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    data.extras_pair.second = 40;
    expect(fn.extras_pair_sum()).toBe(41);
    data.extras_pair = { first: 1, second: 2 };
    expect(fn.extras_pair_sum()).toBe(3);
  });

  it('is a copy where it is const, and cannot be set', () => {
    const { data } = opened;
    const copy = data.extras_fixed;
    copy.first = 50;
    expect(pair.read(data.extras_fixed)).toEqual({ first: 3, second: 4 });
    for (const name of ['extras_half', 'extras_fixed', 'extras_names'] as const) {
      expect(() => Object.assign(data, { [name]: 1 }), name).toThrow(TypeError);
    }
    expect(() => Object.assign(data, { extras_half: 1 })).toThrow(/extras_half of extras is const/);
  });

  it('is its address where its size is not known', () => {
    const { data, fn } = opened;
    expect(stringsAt(data.extras_names)).toEqual(['one', 'two', 'three']);
    expect(fn.extras_inside(data.extras_hidden)).toBe(99);
  });

  it('that points to a function takes one that callback made', () => {
    const { data, fn, callback, release } = opened;
    expect([data.extras_hook, fn.extras_call_hook(1)]).toEqual([null, -1]);
    const kept = callback('hook_t', (value) => value + 1);
    data.extras_hook = kept;
    expect([data.extras_hook, fn.extras_call_hook(1)]).toEqual([kept, 2]);
    data.extras_hook = null;
    release(kept);
  });

  it('has an address, as functions have', () => {
    const { addressOf, data, functionAt, fn } = opened;
    const hidden = addressOf('extras_hidden');
    expect(hidden).toBe(data.extras_hidden);
    data.extras_hook = addressOf('extras_call_hook') as never;
    data.extras_hook = null;
    expect(functionAt('hook_t', addressOf('extras_call_hook'))(5)).toBe(-1);
    expect(() => addressOf('extras_missing')).toThrow(/extras has no symbol 'extras_missing'/);
    void fn;
  });

  it('is undefined and listed as missing where the library lacks it; open() fails for a required one', () => {
    expect(opened.data.extras_missing).toBeUndefined();
    expect(Object.keys(opened.data)).not.toContain('extras_missing');
    const inspection = extras.inspect();
    expect(inspection.missing).toEqual(['extras_missing']);
    expect(inspection.present).toContain('extras_count');
    const strict = { ...descriptor, library: 'strict', data: { ...descriptor.data, extras_absent: 'i32' } };
    expect(() => defineShim(strict).open({ path: path() })).toThrow(
      expect.objectContaining({ code: 'DLSHIM_SYMBOLS', symbols: ['extras_absent'] }),
    );
  });

  it('is no function of the table', () => {
    expect(Object.keys(Object.getPrototypeOf(opened.fn))).not.toContain('extras_count');
    expect((opened.fn as Record<string, unknown>).extras_count).toBeUndefined();
  });
});

describe('where functions of a test stand for the library', () => {
  it('variables say that there are none, and functions by name are the functions themselves', () => {
    const restore = pretend(extras, { functions: { extras_count_now: () => 4 } });
    const { data, fn, callback, functionAt } = extras.open();
    expect(fn.extras_count_now()).toBe(4);
    expect(() => data.extras_count).toThrow(/'extras_count' of extras is pretended, and at no address/);
    const hook = callback('hook_t', (value) => value * 2);
    expect(functionAt('hook_t', hook)(21)).toBe(42);
    restore();
  });
});
