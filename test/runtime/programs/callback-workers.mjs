// Many workers with callbacks, one after the other: what they leave behind, and where an error of one goes. Prints what was seen.

import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { callbacks } from '../../../build/native/modules/callbacks/callbacks.js';

const { path, mode } = isMainThread ? { path: process.argv[2], mode: 'main' } : workerData;
/** @type {any} */
const lib = callbacks.open({ path });

if (isMainThread) {
  const run = (/** @type {string} */ mode) =>
    new Promise((resolve) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { path, mode } });
      /** @type {any} */
      let error;
      worker.on('error', (thrown) => {
        error = thrown;
      });
      if (mode === 'terminated') worker.once('message', () => worker.terminate());
      worker.once('exit', () => resolve(error));
    });
  for (let round = 0; round < 40; round++) await run('ends');
  for (let round = 0; round < 3; round++) await run('terminated');
  const failed = await run('fails');
  let made = 0;
  try {
    for (;;) {
      lib.callback('cb_keep', 0, () => 0);
      made++;
    }
  } catch (/** @type {any} */ error) {
    console.log(JSON.stringify({ made, code: error.code, failed: failed?.message }));
  }
} else {
  for (let count = 0; count < 500; count++) lib.callback('cb_each', 1, () => 1);
  for (let count = 0; count < 50; count++) lib.fn.cb_each(2, () => 1, null);
  await lib.async.cb_each(2, () => 1, null);
  if (mode === 'fails') {
    const kept = lib.callback('cb_keep', 0, () => {
      throw new Error('in a worker');
    });
    lib.fn.cb_keep(kept);
    lib.fn.cb_call_kept(1);
    lib.fn.cb_keep(null);
  }
  if (mode === 'terminated') {
    const { parentPort } = await import('node:worker_threads');
    parentPort?.postMessage('ready');
    await new Promise((resolve) => setTimeout(resolve, 10_000));
  }
}
