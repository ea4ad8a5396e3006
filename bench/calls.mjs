// What a call costs: through a table of the runtime, through plain koffi, and through a Node-API addon in C, all in one process.
// Rounds are interleaved in a shuffled order, so that a change of the machine's speed meets all alike; the medians of the rounds,
// and the median of each round's ratio to plain koffi, are printed; with --json as JSON, with the aims. Build the runtime first.
// Run: node bench/calls.mjs [rounds] [--json]

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineShim } from '@dlshim/runtime';
import koffi from 'koffi';
import { goalText } from './measure.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', 'build', 'bench');
const require = createRequire(import.meta.url);
const [count = 301] = process.argv
  .slice(2)
  .filter((text) => /^\d+$/.test(text))
  .map(Number);
const rounds = count;
const callsPerRound = 20_000;

mkdirSync(out, { recursive: true });
const headers = require('node-api-headers').include_dir;
const compile = (/** @type {string} */ name, /** @type {string[]} */ flags) => {
  const file = join(out, name);
  execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', file, join(here, 'calls.c'), ...flags], { stdio: 'inherit' });
  return file;
};
const library = compile('libcalls.so', []);
const addon = require(compile('calls.node', ['-DADDON', `-I${headers}`]));

const shim = defineShim({
  format: 3,
  library: 'calls',
  version: '1',
  stamp: 'bench',
  target: 'x86_64-linux-gnu',
  files: {},
  packages: {},
  required: {
    calls_nothing: 'void()',
    calls_add: 'i32(i32,i32)',
    calls_length: 'i32(str)',
    calls_read: 'i64(@image_t,u64,u64,out:char[2])',
    calls_move: '{point}({point},i32)',
  },
  weak: {},
  features: {},
  records: { point: { kind: 'struct', size: 16, align: 8, fields: { x: ['i32', 0], y: ['f64', 8] } } },
});
const table = shim.open({ path: library }).fn;
const handle = koffi.load(library);
const pointer = koffi.pointer('void');
const point = koffi.struct({ x: 'int', y: 'double' });
const plain = {
  calls_nothing: handle.func('calls_nothing', 'void', []),
  calls_add: handle.func('calls_add', 'int', ['int', 'int']),
  calls_length: handle.func('calls_length', 'int', ['str']),
  calls_read: handle.func('calls_read', 'int64_t', [pointer, 'uint64_t', 'size_t', pointer]),
  calls_move: handle.func('calls_move', point, [point, 'int']),
};
const shared = { image: 0x5581_1234_5670n, buffer: Buffer.alloc(4096), point: { x: 1, y: 2.5 } };

/** @typedef {{ name: string, run: (count: number) => void, times: number[] }} Subject */

// Each subject's loop is a function of its own, so that V8 specialises each by itself: the comment with its name keeps V8 from
// taking equal texts for one function, which would favour the first by a factor of two.
/** @returns {Subject} */
const subject = (/** @type {string} */ name, /** @type {object} */ functions, /** @type {string} */ call) => ({
  name,
  run: new Function(
    'functions',
    'shared',
    `return (count) => { /* ${name} */ for (let i = 0; i < count; i++) functions.${call}; }`,
  )(functions, shared),
  times: [],
});

const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const CALLS = [
  'calls_nothing()',
  'calls_add(i, 7)',
  "calls_length('disk0')",
  'calls_read(shared.image, i * 4096, 4096, shared.buffer)',
  'calls_move(shared.point, i)',
];

/** @typedef {{ name: string, ns: number, ratio: number }} Row */
/** @type {{ call: string, subjects: Row[], goals: import('./measure.mjs').Goal[], noise: number }[]} */
const results = [];

for (const call of CALLS) {
  const subjects = [
    subject('plain koffi', plain, call),
    subject('dlshim table', table, call),
    subject('plain koffi, again', plain, call), // what the method itself cannot tell apart
    subject('Node-API in C', addon, call),
  ];
  for (const { run } of subjects) run(callsPerRound * 5);
  for (let round = 0; round < rounds; round++) {
    for (const one of subjects.toSorted(() => Math.random() - 0.5)) {
      const start = process.hrtime.bigint();
      one.run(callsPerRound);
      one.times.push(Number(process.hrtime.bigint() - start) / callsPerRound);
    }
  }
  const [base, ours, again, addonOnes] = subjects.map(({ times }) => times);
  const ratio = (/** @type {number[]} */ times, /** @type {number[]} */ to) =>
    median(times.map((time, round) => time / (to[round] ?? Number.NaN)));
  results.push({
    call,
    subjects: subjects.map(({ name, times }) => ({ name, ns: median(times), ratio: ratio(times, base ?? []) })),
    goals: [
      { name: `${call.split('(')[0]}, to plain koffi`, ratio: ratio(ours ?? [], base ?? []), aim: 1.02 },
      { name: `${call.split('(')[0]}, to Node-API in C`, ratio: ratio(ours ?? [], addonOnes ?? []), aim: 1 },
    ],
    noise: ratio(again ?? [], base ?? []),
  });
}

const text = results
  .map(({ call, subjects }) => {
    const lines = subjects.map(
      ({ name, ns, ratio }) => `  ${name.padEnd(20)} ${ns.toFixed(1).padStart(7)} ns   × ${ratio.toFixed(3)}\n`,
    );
    return `${call}, ${rounds} rounds of ${callsPerRound} calls\n${lines.join('')}`;
  })
  .join('\n');
const goals = results.flatMap(({ goals }) => goals);
if (process.argv.includes('--json')) console.log(JSON.stringify({ calls: results, goals, text }));
else process.stdout.write(`${text}aims\n${goals.map(goalText).join('')}`);
