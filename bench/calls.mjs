// What a call costs: through a table of the runtime, through plain koffi, and through a Node-API addon in C, all in one process.
// Rounds are interleaved in a shuffled order, so that a change of the machine's speed meets all alike; the medians of the rounds,
// and the median of each round's ratio to plain koffi, are printed. Build the runtime first: npx tsc -b runtime.
// Run: node bench/calls.mjs [rounds]

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineShim } from '@dlshim/runtime';
import koffi from 'koffi';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', 'build', 'bench');
const require = createRequire(import.meta.url);
const rounds = Number(process.argv[2] ?? 301);
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
  format: 1,
  library: 'calls',
  version: '1',
  stamp: 'bench',
  target: 'x86_64-linux-gnu',
  files: {},
  packages: {},
  required: { calls_nothing: 'void()', calls_add: 'i32(i32,i32)', calls_length: 'i32(str)' },
  weak: {},
  features: {},
  records: {},
});
const table = shim.open({ path: library }).fn;
const handle = koffi.load(library);
const plain = {
  calls_nothing: handle.func('calls_nothing', 'void', []),
  calls_add: handle.func('calls_add', 'int', ['int', 'int']),
  calls_length: handle.func('calls_length', 'int', ['str']),
};

/** @typedef {{ name: string, run: (count: number) => void, times: number[] }} Subject */

// Each subject's loop is a function of its own, so that V8 specialises each by itself: the comment with its name keeps V8 from
// taking equal texts for one function, which would favour the first by a factor of two.
/** @returns {Subject} */
const subject = (/** @type {string} */ name, /** @type {object} */ functions, /** @type {string} */ call) => ({
  name,
  run: new Function(
    'functions',
    `return (count) => { /* ${name} */ for (let i = 0; i < count; i++) functions.${call}; }`,
  )(functions),
  times: [],
});

const median = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

for (const call of ['calls_nothing()', 'calls_add(i, 7)', "calls_length('disk0')"]) {
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
  console.log(`\n${call}, ${rounds} rounds of ${callsPerRound} calls`);
  const base = subjects[0]?.times ?? [];
  for (const { name, times } of subjects) {
    const ratio = median(times.map((time, round) => time / (base[round] ?? Number.NaN)));
    console.log(`  ${name.padEnd(20)} ${median(times).toFixed(1).padStart(7)} ns   × ${ratio.toFixed(3)}`);
  }
}
