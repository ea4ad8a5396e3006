// Promises in the thousands: the table on the thread pool, its queue, and what it leaves to callbacks of foreign threads.
// Run: npx vitest run test/runtime/async.test.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { callbacks } from './callbacks.ts';
import { until } from './until.ts';

const open = () => callbacks.open({ path: buildLibrary('callbacks.c', 'libcallbacks.so') });

describe.skipIf(noCompiler)(named('asynchronous calls', noCompiler), () => {
  let lib: ReturnType<typeof open>;
  beforeAll(() => {
    lib = open();
  });

  it('queue where there are more than koffi takes at a time, and start in the order in which they were made', async () => {
    const count = 20_000;
    const results = await Promise.all(Array.from({ length: count }, (_, index) => lib.async.cb_order(index)));
    expect(results).toEqual(Array.from({ length: count }, (_, index) => index));
    // The pool has several threads: neighbours may overtake each other, and no more.
    let farthest = 0;
    for (let at = 0; at < count; at++) farthest = Math.max(farthest, Math.abs(lib.fn.cb_ordered(at) - at));
    expect(farthest).toBeLessThan(1000);
  });

  it('keep their arguments alive while they wait', async () => {
    const calls = Array.from({ length: 3000 }, (_, index) =>
      lib.async.cb_total(new Uint8Array(1000).fill(index % 251), 1000),
    );
    for (let round = 0; round < 50; round++) new Uint8Array(1_000_000).fill(1);
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 3000 }, (_, index) => (index % 251) * 1000));
  });

  it('with callbacks queue too, in greater numbers than there can be callbacks', async () => {
    const calls = Array.from({ length: 10_000 }, (_, index) => lib.async.cb_each(2, () => index, null));
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 10_000 }, (_, index) => 2 * index));
  });

  it('that are refused leave the others alone', async () => {
    const calls = Array.from({ length: 5000 }, (_, index) =>
      index % 2 === 0 ? lib.async.cb_wait(0, index) : lib.async.cb_wait('x' as never, 0),
    );
    const ended = await Promise.allSettled(calls);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(2500);
    expect(ended.filter(({ status }) => status === 'rejected')).toHaveLength(2500);
  });

  it('in the thousands leave room for callbacks from foreign threads', async () => {
    let calls = 0;
    const kept = lib.callback('cb_keep', 0, () => ++calls);
    lib.fn.cb_keep(kept);
    const pending = Array.from({ length: 6000 }, () => lib.async.cb_wait(0, 1));
    lib.fn.cb_from_threads(200, 10);
    expect(await Promise.all(pending)).toHaveLength(6000);
    await until(() => lib.fn.cb_calls() === 2000);
    expect(calls).toBe(2000);
    lib.fn.cb_keep(null);
    lib.release(kept);
  });
});
