// Opens libslow by openAsync, and prints what happens. Arguments: what to do, the library's file, and for some another library's file.

import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { defineShim } from '@dlshim/runtime';

const [scenario, file, other] = isMainThread ? process.argv.slice(2) : workerData;

const shimOf = (library, required, weak = {}, packages = {}) =>
  defineShim({
    format: 3,
    library,
    version: '1',
    stamp: 'by-hand-open-async',
    target: process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu',
    files: { linux: [`${library}.so.1`] },
    packages,
    required,
    weak,
    features: { more: Object.keys(weak) },
    records: {},
  });
const slow = shimOf('libslow', { slow_answer: 'i32()' }, { slow_more: 'i32()' });
const stress = shimOf('stress', { stress_touch: 'i32(i32)' });

/** Runs beside a promise: how often the event loop turned until it settled. */
async function turnsDuring(work) {
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  const result = await work.finally(() => clearInterval(timer));
  return { result, turns };
}

const show = (value) => console.log(JSON.stringify(value));
const told = (error) => ({ name: error.name, code: error.code, message: error.message });
const failure = (work) => work.then(() => undefined, told);
const thrown = (work) => {
  try {
    work();
    return undefined;
  } catch (error) {
    return told(error);
  }
};

const scenarios = {
  async turns() {
    const { result, turns } = await turnsDuring(slow.openAsync({ path: file }));
    show({ answer: result.fn.slow_answer(), same: result === slow.open(), turns });
  },
  async concurrent() {
    const loads = [slow.openAsync({ path: file }), slow.openAsync({ path: file }), slow.openAsync()];
    const sync = slow.open({ path: file });
    const all = await Promise.all(loads);
    show({ same: all.every((one) => one === sync), answer: sync.fn.slow_answer() });
  },
  async errors() {
    const path = { path: `${file}.not` };
    const cases = [
      path,
      undefined,
      { require: ['more'], path: file },
      { require: ['nonsense'] },
      { require: 'more' },
      { path: './x' },
      7,
    ];
    const pairs = [];
    for (const options of cases) pairs.push([await failure(slow.openAsync(options)), thrown(() => slow.open(options))]);
    show({
      pairs,
      tried: (await slow.tryOpenAsync(path)) ?? 'undefined',
      after: (await slow.openAsync({ path: file })).fn.slow_answer(),
    });
  },
  async rejected() {
    const [later, now] = [await failure(stress.openAsync({ path: other })), thrown(() => stress.open({ path: other }))];
    show({ later, now });
  },
  async exit() {
    slow.openAsync({ path: file });
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.on('exit', (code) => show({ leaving: code }));
    process.exit(3);
  },
  async throws() {
    slow.openAsync({ path: file });
    await new Promise((resolve) => setTimeout(resolve, 100));
    throw new Error('something else');
  },
  async queue() {
    // One library that hangs takes one thread of the pool, however many wait behind it.
    for (let index = 0; index < 8; index++) slow.openAsync({ path: file });
    stress.openAsync({ path: other });
    const { readFile } = await import('node:fs/promises');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const read = await readFile(file);
    show({ read: read.length > 0 });
    process.exit(0);
  },
  async behind() {
    // The next library is the loader's when the first one's table is there, for which it is asked for symbols.
    const first = stress.openAsync({ path: other });
    slow.openAsync({ path: file });
    // Neither for a function that is used for the first time.
    show({ touched: typeof (await first).fn.stress_touch(1) });
    process.exit(0);
  },
  async worker() {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: ['in-worker', file] });
    const { result, turns } = await turnsDuring(new Promise((resolve) => worker.once('message', resolve)));
    show({ ...result, turns });
  },
  async 'in-worker'() {
    parentPort.postMessage({ answer: (await slow.openAsync({ path: file })).fn.slow_answer() });
  },
  async pretend() {
    const { pretend } = await import('@dlshim/runtime/testing');
    const absent = pretend(slow, { absent: true });
    const first = [(await failure(slow.openAsync())).code, (await slow.tryOpenAsync()) ?? 'undefined'];
    absent();
    const stood = pretend(slow, { functions: { slow_answer: () => 7 } });
    const second = (await slow.openAsync()).fn.slow_answer();
    stood();
    const lacking = pretend(slow, { without: ['slow_answer'] });
    const { result, turns } = await turnsDuring(failure(slow.openAsync({ path: file })));
    lacking();
    show({ first, second, third: result.code, turns, real: (await slow.openAsync({ path: file })).fn.slow_answer() });
  },
};

await scenarios[scenario]();
