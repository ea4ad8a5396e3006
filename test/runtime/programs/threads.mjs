// Opens libnamed in the main thread and in workers as the arguments say, and prints what each thread got.
// Arguments: a JSON object { files: paths in the order of threads, exit?: milliseconds after which the process ends }.
// The first file is opened first, in the main thread; an empty path is left out.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { defineShim } from '@dlshim/runtime';

const request = isMainThread ? JSON.parse(process.argv[2]) : undefined;

function open(path) {
  const shim = defineShim({
    format: 3,
    library: 'named',
    version: '1',
    stamp: 'by-hand',
    target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
    files: { linux: ['libnamed.so.1'] },
    packages: {},
    required: { named_copy: 'i32()' },
    weak: {},
    features: {},
    records: {},
  });
  try {
    const copy = shim.open(path ? { path } : undefined).fn.named_copy();
    // Who loads it decides how it is bound; the others cannot tell.
    return { copy, deep: String(shim.inspect().deepBound) };
  } catch ({ name, code, message }) {
    return { name, code, message };
  }
}

if (!isMainThread) {
  parentPort.postMessage(open(workerData));
  setInterval(() => {}, 1000);
} else {
  const [first, ...others] = request.files;
  const results = [first === undefined ? undefined : open(first)];
  if (request.exit !== undefined) setTimeout(() => process.exit(0), request.exit);
  const workers = others.map((path) => new Worker(fileURLToPath(import.meta.url), { workerData: path }));
  const answers = workers.map((worker) => new Promise((resolve) => worker.once('message', resolve)));
  results.push(...(await Promise.all(answers)));
  const mapped = readFileSync('/proc/self/maps', 'utf8').match(/\S+libnamed\S*$/gm);
  console.log(JSON.stringify({ results, mapped: [...new Set(mapped)] }));
  process.exit(0);
}
