// Workers that open and call a library at once, and a main thread that leaves. Arguments: workers, milliseconds until process.exit
// (or `ready`: once all workers are at work), what the workers do (sync | async | callback), the test library's file.

import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { defineShim } from '@dlshim/runtime';

const [work, file] = isMainThread ? process.argv.slice(4) : workerData;

const stress = defineShim({
  format: 3,
  library: 'stress',
  version: '1',
  stamp: 'by-hand-exits',
  target: process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu',
  files: { linux: [] },
  packages: {},
  required: { stress_touch: 'i32(i32)', stress_wait: 'i32(i32)', stress_each: 'i32(i32,fn<i32(i32)>)' },
  weak: {},
  features: {},
  records: {},
});

if (isMainThread) {
  const [count, milliseconds] = process.argv.slice(2, 4);
  stress.open({ path: file });
  const workers = Array.from({ length: Number(count) }, () => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: [work, file] });
    return new Promise((resolve) => worker.once('message', resolve));
  });
  if (milliseconds === 'ready') await Promise.all(workers);
  else await new Promise((resolve) => setTimeout(resolve, Number(milliseconds)));
  process.exit(0);
} else {
  const { fn, async } = stress.open({ path: file });
  fn.stress_touch(1);
  parentPort.postMessage('ready');
  if (work === 'sync') for (;;) fn.stress_touch(1);
  if (work === 'callback') for (;;) fn.stress_each(10, (index) => index);
  if (work === 'async') for (;;) await Promise.all([1, 2, 0, 1].map((pause) => async.stress_wait(pause)));
}
