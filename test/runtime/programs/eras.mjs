// Opens libtasks (test/native/tasks.c) in the main thread and in three workers, and prints what each makes of a record with eras.
// Argument: its path.
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { bytesOf, defineRecord, defineShim } from '@dlshim/runtime';

function look(path) {
  const status = ['i32', 0];
  const records = {
    'task@1.0': { kind: 'struct', size: 16, align: 8, fields: { status, residual: ['i32', 4], name: ['str', 8] } },
    task: { kind: 'struct', size: 32, align: 8, fields: { status, name: ['str', 8], residual: ['u64', 16] } },
  };
  const shim = defineShim({
    format: 4,
    library: 'tasks',
    version: '1.2',
    stamp: 'by-hand',
    target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
    files: { linux: ['libtasks.so'] },
    packages: {},
    required: { task_fill: 'void(*task,i32)' },
    weak: {},
    features: {},
    history: {
      versions: ['1.0', '1.1', '1.2'],
      baseline: '1.0',
      symbols: { '1.1..': ['task_added'], '1.2..': ['task_proxy'] },
    },
    layouts: {
      task: [
        ['1.0..1.1', 'task@1.0'],
        ['1.2..', 'task'],
      ],
    },
    records,
  });
  const task = defineRecord('task', records);
  const lib = shim.open({ path });
  const view = task.alloc();
  lib.fn.task_fill(bytesOf(view), 1);
  return [task.size, Number(view.residual), shim.inspect().versions.text];
}

if (isMainThread) {
  const [path] = process.argv.slice(2);
  const main = look(path);
  const workers = Array.from({ length: 3 }, () => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: path });
    return new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
  });
  console.log(JSON.stringify({ main, workers: await Promise.all(workers) }));
} else {
  parentPort.postMessage(look(workerData));
}
