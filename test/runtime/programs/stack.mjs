// Calls C functions that need much of the stack, plainly, on the thread pool and in a worker. Arguments: the library, the bytes.
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { defineShim } from '@dlshim/runtime';

const [file, bytes] = isMainThread ? process.argv.slice(2) : workerData;
const shim = defineShim({
  format: 1,
  library: 'stack',
  version: '1',
  stamp: 'test',
  target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
  files: {},
  packages: {},
  required: { stack_use: 'i32(u64)' },
  weak: {},
  features: {},
  records: {},
});
const { fn, async } = shim.open({ path: file });
const size = Number(bytes);
const results = [fn.stack_use(size), ...(await Promise.all(Array.from({ length: 40 }, () => async.stack_use(size))))];
console.log(`${isMainThread ? 'main' : 'worker'} ${results.every((result) => result === 1)}`);
if (isMainThread) new Worker(new URL(import.meta.url), { workerData: [file, bytes] });
