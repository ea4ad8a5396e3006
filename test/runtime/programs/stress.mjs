// Rounds of open, call and garbage collection on the test library and on the real librbd and libiscsi, where these are installed;
// with a worker that starts, does the same and ends, or without one. Prints, as JSON, what the process holds after each round.
// Needs --expose-gc. Arguments: threads (main | workers), rounds, uses of each library in a round, the test library's file.
//
// A worker ends in six ways, one a round: by itself, while it calls on and on, inside a call, with calls on the thread pool, inside a
// callback, and before it has opened anything.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { defineShim } from '@dlshim/runtime';

const WAYS = ['return', 'calling', 'inside', 'pool', 'callback', 'early'];
const [file = '', way = ''] = isMainThread ? [process.argv[5]] : workerData;

const stress = defineShim({
  format: 3,
  library: 'stress',
  version: '1',
  stamp: 'by-hand',
  target: process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu',
  files: { linux: [] },
  packages: {},
  required: {
    stress_touch: 'i32(i32)',
    stress_wait: 'i32(i32)',
    stress_each: 'i32(i32,fn<i32(i32)>)',
    stress_swap: '{stress_pair}({stress_pair})',
    stress_length: 'u64(str,out:i32)',
  },
  weak: {},
  features: {},
  records: { stress_pair: { kind: 'struct', size: 16, align: 8, fields: { real: ['f64', 0], whole: ['i32', 8] } } },
});

const { librbd } = await import('@dlshim/shims/librbd');
const { libiscsi } = await import('@dlshim/shims/libiscsi');

function check(name, got, expected) {
  if (got !== expected) throw new Error(`${name}: ${got} instead of ${expected}`);
}

/** Each library opened and called; the real ones where they are installed. `heavy`: what starts threads of the library's too. */
async function use(heavy) {
  const opened = stress.open({ path: file });
  const { fn, async } = opened;
  check('stress_touch', fn.stress_touch(1), 2);
  check(
    'stress_each',
    fn.stress_each(3, (index) => index * 10),
    30,
  );
  check('stress_swap', fn.stress_swap({ real: 2, whole: 3 }).real, 3);
  const length = [0];
  check('stress_length', fn.stress_length('grüß', length), 6);
  check('stress_length', length[0], 6);
  check('stress_wait', await async.stress_wait(0), 0);
  const kept = opened.callback('stress_each', 1, () => 1);
  check('stress_each', fn.stress_each(2, kept), 2);
  opened.release(kept);
  stress.inspect();

  const rbd = librbd.tryOpen();
  if (rbd) {
    const [major, minor, extra] = [[0], [0], [0]];
    rbd.fn.rbd_version(major, minor, extra);
    check('rbd_version', major[0] > 0, true);
    librbd.inspect();
  }
  if (rbd && heavy) {
    const cell = [null];
    check('rados_create', rbd.fn.rados_create(cell, 'admin'), 0);
    check('rados_conf_set', rbd.fn.rados_conf_set(cell[0], 'client_mount_timeout', '2'), 0);
    rbd.fn.rados_shutdown(cell[0]);
  }
  const iscsi = libiscsi.tryOpen();
  if (iscsi) {
    const context = iscsi.fn.iscsi_create_context('iqn.2026-11.example:stress');
    check('iscsi_set_targetname', iscsi.fn.iscsi_set_targetname(context, 'iqn.2026-11.example:disk'), 0);
    check('iscsi_destroy_context', iscsi.fn.iscsi_destroy_context(context), 0);
    libiscsi.inspect();
  }
  return { librbd: rbd !== undefined, libiscsi: iscsi !== undefined };
}

function mapped() {
  const lines = readFileSync('/proc/self/maps', 'utf8').trim().split('\n');
  const files = lines.flatMap((line) => line.match(/\/\S*\.so\S*$/) ?? []);
  return { libraries: files.length, all: lines.length };
}

function held() {
  globalThis.gc();
  const { rss } = process.memoryUsage();
  const threads = Number(/Threads:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  return { ...mapped(), rssKiB: Math.round(rss / 1024), threads };
}

async function runWorker(ending) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: [file, ending] });
  const ended = new Promise((resolve, reject) => {
    worker.once('exit', resolve);
    worker.once('error', reject);
  });
  if (ending !== 'early') await Promise.race([new Promise((resolve) => worker.once('message', resolve)), ended]);
  if (ending !== 'return') await worker.terminate();
  await ended;
}

async function main() {
  const [threads, ...numbers] = process.argv.slice(2, 5);
  const [rounds, uses] = numbers.map(Number);
  const samples = [];
  let libraries;
  for (let round = 0; round < rounds; round++) {
    for (let index = 0; index < uses; index++) libraries = await use(index === 0);
    globalThis.gc();
    if (threads === 'workers') await runWorker(WAYS[round % WAYS.length]);
    samples.push(held());
  }
  console.log(JSON.stringify({ libraries, samples }));
}

async function workerMain() {
  await use(true);
  globalThis.gc();
  const { fn, async } = stress.open({ path: file });
  if (way === 'pool') for (let index = 0; index < 8; index++) void async.stress_wait(20);
  parentPort.postMessage('ready');
  if (way === 'calling') for (;;) fn.stress_touch(1);
  if (way === 'inside') fn.stress_wait(50);
  if (way === 'callback') {
    fn.stress_each(1, () => {
      for (;;) fn.stress_touch(1);
    });
  }
  if (way === 'pool') await new Promise((resolve) => setTimeout(resolve, 10_000));
}

await (isMainThread ? main() : workerMain());
