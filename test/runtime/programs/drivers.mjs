// One program's drivers, fixtures of ./drivers, and what becomes of them: prints a line of JSON. Argument: what to do.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { defineDrivers } from '@dlshim/runtime/drivers';

const scenario = isMainThread ? process.argv[2] : workerData;

const entry = (name, module, more = {}) => ({ name, description: 'a fixture', protocols: [name], module, ...more });
const known = [
  entry('slow', () => import('./drivers/slow.mjs'), { shims: { libslow: {} } }),
  {
    name: 'stress',
    description: 'a fixture',
    formats: ['touch'],
    probes: [{ offset: 0, text: 'TOUCH', score: 100 }],
    shims: { stress: { requires: ['stress_touch'] } },
    module: () => import('./drivers/stress.mjs'),
  },
  entry('stale', () => import('./drivers/stale.mjs'), { shims: { libslow: {} } }),
  entry('stale-at-import', () => import('./drivers/stale-at-import.mjs')),
  entry('newer-runtime', () => import('./drivers/newer-runtime.mjs')),
  entry('throws', () => import('./drivers/throws.mjs')),
  entry('imports-missing', () => import('./drivers/imports-missing.mjs')),
  entry('imports-package', () => import('./drivers/imports-package.mjs')),
  entry('not-there', () => import('./drivers/not-there.mjs')),
  entry('no-package', () => import('dlshim-not-there/driver')),
  entry('never', () => import('./drivers/never.mjs')),
  entry('refuses', () => import('./drivers/refuses.mjs')),
];

const reports = [];
const report = ({ kind, driver, what, error }) => reports.push({ kind, driver, what, message: error?.message });
const program = (name, layers, list = known) =>
  defineDrivers(list, { host: { name, version: '1.0.0', layers }, slow: 100, report });
const drivers = program('draw', 1);

const show = (value) => console.log(JSON.stringify(value));
const told = ({ kind, code, message, remedy, cause }) => ({
  kind,
  code,
  message,
  remedy,
  cause: typeof cause?.code === 'string' ? cause.code : cause?.name,
});
const failure = (work) => work.then(() => undefined, told);
/** The names of the mapped files that a test knows. */
const mapped = () => {
  const files = readFileSync('/proc/self/maps', 'utf8').match(/\/\S+$/gm) ?? [];
  const names = files.map((file) => file.replace(/^.*\//, ''));
  return [...new Set(names)]
    .filter((name) => /koffi|libslow|libstress/.test(name))
    .map((name) => name.replace(/^.*koffi.*$/, 'koffi'));
};
const bytes = (text) => ({
  size: text.length,
  read: async (at, length) => Buffer.from(text).subarray(at, at + length),
});

const scenarios = {
  async kinds() {
    const names = known.map(({ name }) => name).filter((name) => !['slow', 'stress', 'never'].includes(name));
    const kinds = {};
    for (const name of names) kinds[name] = await failure(drivers.load(name));
    show({ kinds, mapped: mapped() });
  },
  async maps() {
    const before = [
      drivers.known.length,
      await drivers.probe(bytes('TOUCH')),
      await drivers.probe(bytes('other')),
      drivers.status().length,
    ];
    const atProbe = mapped();
    const check = await drivers.check('slow');
    const atCheck = mapped();
    const opened = await drivers.open('slow:x', {});
    const atOpen = mapped();
    const touched = await drivers.openFormat('touch', bytes('TOUCH'), {});
    show({
      probed: before[1],
      check: check.kind,
      path: check.libraries[0].path,
      opened,
      touched,
      atProbe,
      atCheck,
      atOpen,
      atTouch: mapped(),
    });
  },
  async hang() {
    let turns = 0;
    const timer = setInterval(() => turns++, 10);
    const waiting = failure(drivers.open('slow:x', {}, { signal: AbortSignal.timeout(1000) }));
    while (reports.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const behind = failure(drivers.load('stress', { signal: AbortSignal.timeout(1000) }));
    const [error, second] = [await waiting, await behind];
    clearInterval(timer);
    // By files alone: whoever asks the loader now waits for ever.
    const check = await drivers.check('stress');
    show({
      error,
      second,
      check: check.kind,
      reports,
      turns,
      states: drivers
        .status()
        .map(({ state }) => state)
        .slice(0, 2),
    });
    process.exit(5);
  },
  async slow() {
    const [one, two] = await Promise.all([drivers.open('slow:1', {}), drivers.open('slow:2', {})]);
    show({ one, two, reports });
  },
  async never() {
    show({ error: await failure(drivers.load('never')) });
  },
  async programs() {
    // Two lists in one process: each has its own drivers and its own host, and both have one library.
    const other = program(
      'paint',
      2,
      known.filter(({ name }) => name === 'slow' || name === 'refuses'),
    );
    const [first, second] = await Promise.all([drivers.open('slow:1', {}), other.open('slow:2', {})]);
    show({
      hosts: [first.host, second.host],
      refused: await failure(drivers.load('refuses')),
      layers: await other.open('refuses:', {}),
      unknown: await failure(other.load('stress')),
      states: other.status(),
    });
  },
  async workers() {
    const workers = [1, 2, 3].map(() => new Worker(fileURLToPath(import.meta.url), { workerData: 'worker' }));
    const answers = workers.map((worker) => new Promise((resolve) => worker.once('message', resolve)));
    show([await drivers.open('slow:0', {}), ...(await Promise.all(answers))].map(({ answer }) => answer));
  },
  async terminated() {
    // Workers that have koffi set up, and open what the main thread is in the constructor of.
    const workers = [1, 2, 3].map(() => new Worker(fileURLToPath(import.meta.url), { workerData: 'ready' }));
    const told = () => Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
    await told();
    const opening = drivers.open('slow:0', {});
    while (reports.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const begun = told();
    for (const worker of workers) worker.postMessage('go');
    await begun;
    await new Promise((resolve) => setTimeout(resolve, 200));
    const states = drivers.status().map(({ state }) => state);
    const ends = await Promise.all(workers.map((worker) => worker.terminate()));
    show({ state: states[0], ends, answer: (await opening).answer });
  },
  async ready() {
    await drivers.openFormat('touch', bytes('TOUCH'), {});
    parentPort.once('message', () => {
      parentPort.postMessage('begun');
      drivers.open('slow:1', {});
    });
    parentPort.postMessage('ready');
  },
  async worker() {
    parentPort.postMessage(await drivers.open('slow:1', {}));
  },
};

await scenarios[scenario]();
