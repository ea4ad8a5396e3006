// Reads of 4 KiB through the rbd driver of the examples against the same loop in C (rbd-reads.c), on a Ceph cluster of its own whose
// data is in memory: one after the other, and 64 under way. Run: node bench/rbd-reads.mjs, or npm run bench -- --rbd

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openBlock } from '../examples/dist/drivers/open.js';
import * as ceph from '../test/servers/ceph.mjs';
import { noServer } from '../test/servers/servers.mjs';
import { goalText, median, out, root } from './measure.mjs';

const BLOCK = 4096;
const DEPTH = 64;
const SIZE = 64 << 20;
const SEQUENTIAL = 1000;
const DEEP = 10_000;

/** @typedef {{ sequential: number, deep: number }} Round nanoseconds of a read */

/** Why it cannot run here; undefined where it can. */
export const noRbd = noServer('ceph');

/** @param {{ runs: number, progress?: (text: string) => void }} options */
export async function benchRbd({ runs, progress = () => {} }) {
  const program = join(out, 'rbd-reads');
  execFileSync('cc', ['-O2', '-o', program, join(root, 'bench/rbd-reads.c'), '-lrbd', '-lrados'], { stdio: 'inherit' });
  progress('rbd: starting Ceph');
  const cluster = await ceph.start();
  const driver = await openBlock(`rbd:rbd/bench:conf=${cluster.conf}`, { create: SIZE });
  try {
    const data = Buffer.alloc(1 << 20, 'dlshim');
    for (let at = 0; at < SIZE; at += data.length) await driver.write(at, data);
    const buffers = Array.from({ length: DEPTH }, () => Buffer.allocUnsafe(BLOCK));
    const inC = startC(program, [cluster.conf, 'rbd', 'bench', String(SEQUENTIAL), String(DEEP)]);
    await inC.round();
    await readAll(driver, buffers);
    /** @type {{ c: Round, js: Round }[]} */
    const pairs = [];
    for (let run = 0; run < runs; run++) {
      progress(`rbd: round ${run + 1} of ${runs}`);
      // Short rounds, each pair in the other order than the last: a machine whose speed drifts meets both alike.
      const first = run % 2 === 0 ? await inC.round() : undefined;
      const js = await readAll(driver, buffers);
      pairs.push({ c: first ?? (await inC.round()), js });
    }
    await inC.end();
    const of = (/** @type {'sequential' | 'deep'} */ kind) => ({
      c: median(pairs.map(({ c }) => c[kind])) / 1000,
      js: median(pairs.map(({ js }) => js[kind])) / 1000,
      ratio: median(pairs.map(({ c, js }) => js[kind] / c[kind])),
    });
    const [sequential, deep] = [of('sequential'), of('deep')];
    const goals = [
      { name: 'rbd: 4 KiB reads, one after the other, to C', ratio: sequential.ratio, aim: 1.5 },
      { name: 'rbd: 4 KiB reads, 64 under way, to C', ratio: deep.ratio, aim: 1.2 },
    ];
    return { sequential, deep, goals };
  } finally {
    await driver.close();
    await cluster.stop();
  }
}

/** The program in C, which stays for all rounds. @param {string} program @param {readonly string[]} args */
function startC(program, args) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /** @returns {Promise<Round>} */
    async round() {
      child.stdin.write('\n');
      const { value, done } = await lines.next();
      if (done) throw new Error('rbd-reads: the program in C has ended');
      return JSON.parse(value);
    },
    async end() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

/** @param {import('../examples/dist/drivers/block.js').BlockDriver} driver @param {readonly Buffer[]} buffers @returns {Promise<Round>} */
async function readAll(driver, buffers) {
  const [first] = buffers;
  let start = performance.now();
  for (let i = 0; i < SEQUENTIAL; i++) await driver.read(place(i), /** @type {Buffer} */ (first));
  const sequential = ((performance.now() - start) * 1e6) / SEQUENTIAL;
  start = performance.now();
  let next = 0;
  await Promise.all(
    buffers.map(async (buffer) => {
      while (next < DEEP) await driver.read(place(next++), buffer);
    }),
  );
  return { sequential, deep: ((performance.now() - start) * 1e6) / DEEP };
}

/** Spread over the image, the same in C. @param {number} i */
function place(i) {
  return ((i * 40503) % (SIZE / BLOCK)) * BLOCK;
}

/** @param {Awaited<ReturnType<typeof benchRbd>>} figures */
export function rbdText({ sequential, deep }) {
  const line = (/** @type {string} */ name, /** @type {{ c: number, js: number }} */ { c, js }) =>
    `  ${name.padEnd(44)} ${c.toFixed(1).padStart(8)} µs in C ${js.toFixed(1).padStart(8)} µs through the driver\n`;
  return `4 KiB reads of an rbd image, each\n${line('one after the other', sequential)}${line('64 under way', deep)}`;
}

if (import.meta.url === `file://${process.argv[1]}`) {
  if (noRbd !== undefined) {
    process.stderr.write(`rbd-reads: ${noRbd}\n`);
    process.exit(1);
  }
  const figures = await benchRbd({ runs: Number(process.argv[2] ?? 25) });
  process.stdout.write(`${rbdText(figures)}aims\n${figures.goals.map(goalText).join('')}`);
}
