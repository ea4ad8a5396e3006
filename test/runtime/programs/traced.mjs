// Calls of every kind, for a trace of them to be looked at; on stdout, whether arguments are checked. With a second argument in a worker too.

import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { int } from '@dlshim/runtime';
import { callbacks } from '../../../build/native/modules/callbacks/callbacks.js';

/** @type {any} */
const lib = callbacks.open({ path: isMainThread ? process.argv[2] : workerData });
const { fn } = lib;

if (!isMainThread) {
  fn.cb_order(2);
} else {
  fn.cb_small(1, -2, 0.5);
  const handle = [null];
  fn.cb_open('disk\n0', handle);
  fn.cb_open('none', [null]);
  fn.cb_open('a'.repeat(100), [null]);
  fn.cb_use(handle[0], true);
  fn.cb_read(handle[0], 3, new Uint8Array(3));
  fn.cb_read(handle[0], 20, new Uint8Array(20));
  fn.cb_list(new Uint8Array(2), [2]);
  fn.cb_texts(['a', 'bc'], 2);
  fn.cb_fixed(new Uint16Array(16).fill(1));
  fn.cb_item(new Uint8Array(48), 48);
  fn.cb_sum_of(2, int(40), int(2));
  fn.cb_sum_pair({ a: 1, b: 2.5 });
  const visit = (/** @type {number} */ index) => {
    if (index === 1) throw new Error('enough');
    return 10;
  };
  try {
    fn.cb_each(3, visit, null);
  } catch {}
  const kept = lib.callback('cb_keep', 0, () => 1);
  fn.cb_keep(kept);
  fn.cb_keep(null);
  lib.release(kept);
  await lib.async.cb_wait(5, 3);
  await Promise.all([lib.async.cb_order(1), lib.async.cb_order(2)]);
  let checked = false;
  try {
    fn.cb_total({}, 1);
  } catch (/** @type {any} */ error) {
    checked = error.code === 'DLSHIM_ARGUMENT';
  }
  if (process.argv[3] === 'crash') fn.cb_total(16n, 4);
  if (process.argv[3]) {
    const worker = new Worker(new URL(import.meta.url), { workerData: process.argv[2] });
    await new Promise((resolve) => worker.once('exit', resolve));
  }
  console.log(JSON.stringify({ checked }));
}
