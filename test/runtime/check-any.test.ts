// Any value of JavaScript's for every parameter of a checked call: it is refused, or C survives it. Addresses and null are left out, because
// a check cannot know what is at an address. Run: npx vitest run test/runtime/check-any.test.ts

import { ArgumentError } from '@dlshim/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { callbacks } from './callbacks.ts';

/** Values that no caller would give, some of which look like what C wants. */
const odd = fc.oneof(
  fc.anything({ withTypedArray: true, withSparseArray: true, withDate: true, withMap: true, withNullPrototype: true }),
  fc.array(fc.oneof(fc.integer({ min: -1, max: 70_000 }), fc.string())),
  fc.uint8Array({ maxLength: 100 }),
  fc.uint16Array({ maxLength: 40 }),
  fc.record({ a: fc.anything(), b: fc.anything() }),
  fc.record({ a: fc.integer(), b: fc.double() }),
  fc.integer({ min: -2, max: 40 }),
  fc.func(fc.anything()),
);
const any = odd.filter((value) => value !== null);

const FUNCTIONS = [
  'cb_small',
  'cb_fixed',
  'cb_texts',
  'cb_list',
  'cb_item',
  'cb_sum_pair',
  'cb_total',
  'cb_each',
] as const;

describe.skipIf(noCompiler)(named('a checked call', noCompiler), () => {
  it('refuses any value that C would not survive, and passes the others on', () => {
    const lib = callbacks.open({ path: buildLibrary('callbacks.c', 'libcallbacks.so'), check: true });
    const fn = lib.fn as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>;
    let refused = 0;
    let passed = 0;
    const arguments_ = fc.tuple(fc.constantFrom(...FUNCTIONS), fc.array(any, { minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(arguments_, ([name, args]) => {
        // Loops in C are not what this is about.
        const [first] = args;
        if (name === 'cb_each' && (typeof first === 'number' || typeof first === 'bigint') && first > 1000) return;
        try {
          fn[name]!(...args);
          passed++;
        } catch (error) {
          refused++;
          if (error instanceof ArgumentError) return;
          // What a callback returned, and what it was not.
          expect(name === 'cb_each' && error instanceof TypeError, `${name}: ${String(error)}`).toBe(true);
        }
      }),
      { numRuns: 5000 },
    );
    expect(refused).toBeGreaterThan(1000);
    expect(passed).toBeGreaterThan(10);
  });
});
