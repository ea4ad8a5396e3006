// One program in two backends: opens a library that has a live thread and thread-local destructors, in this thread and in
// workers, and leaves in different ways. Arguments: backend (dlshim | koffi), library file, scenario.
//   return     the main thread opens, drops everything, collects garbage, and runs off its end
//   exit       the same, and calls process.exit()
//   worker     only a worker opens; it ends by itself; then the main thread goes on for a while
//   terminate  four workers open at once, work, and are terminated; then garbage collection, then the end
//   exit-busy  workers are at work while the main thread calls process.exit()
// Needs --expose-gc. Prints `resident` at exit while the library is mapped, else `gone`.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const [backend, file, scenario] = isMainThread ? process.argv.slice(2) : workerData;

async function open() {
  if (backend === 'koffi') {
    const { default: koffi } = await import('koffi');
    const library = koffi.load(file);
    const names = ['resident_start_thread', 'resident_touch_local', 'resident_ticks', 'resident_destroyed'];
    return Object.fromEntries(names.map((name) => [name, library.func(name, 'int', [])]));
  }
  const { defineShim } = await import('@dlshim/runtime');
  const required = Object.fromEntries(
    ['resident_start_thread', 'resident_touch_local', 'resident_ticks', 'resident_destroyed'].map((name) => [
      name,
      'i32()',
    ]),
  );
  const shim = defineShim({
    format: 1,
    library: 'resident',
    version: '1',
    stamp: 'by-hand',
    target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
    files: { linux: [] },
    packages: {},
    required,
    weak: {},
    features: {},
    records: {},
  });
  return shim.open({ path: file }).fn;
}

async function use(times) {
  const fn = await open();
  if (fn.resident_start_thread() !== 0) throw new Error('no thread');
  for (let index = 0; index < times; index++) {
    fn.resident_touch_local();
    fn.resident_ticks();
  }
}

async function collect() {
  for (let round = 0; round < 5; round++) {
    globalThis.gc();
    await sleep(10);
  }
}

const isMapped = () => readFileSync('/proc/self/maps', 'utf8').includes(file);

async function startWorkers(count) {
  const workers = Array.from(
    { length: count },
    () => new Worker(fileURLToPath(import.meta.url), { workerData: [backend, file, scenario] }),
  );
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
  return workers;
}

if (!isMainThread) {
  await use(100);
  await collect();
  parentPort.postMessage('ready');
  // Under `worker` it ends here, by itself.
  if (scenario === 'terminate' || scenario === 'exit-busy') {
    const fn = await open();
    for (;;) {
      fn.resident_touch_local();
      await sleep(1);
    }
  }
} else {
  process.on('exit', () => console.log(isMapped() ? 'resident' : 'gone'));
  if (scenario === 'return' || scenario === 'exit') {
    await use(100);
    await collect();
    if (scenario === 'exit') process.exit(0);
  } else if (scenario === 'worker') {
    const [worker] = await startWorkers(1);
    if (worker.threadId !== -1) await new Promise((resolve) => worker.once('exit', resolve));
    await sleep(100);
    await collect();
  } else if (scenario === 'terminate') {
    const workers = await startWorkers(4);
    await Promise.all(workers.map((worker) => worker.terminate()));
    await collect();
    await sleep(50);
  } else if (scenario === 'exit-busy') {
    await startWorkers(3);
    process.exit(0);
  }
}
