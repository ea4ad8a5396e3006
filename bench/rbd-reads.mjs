// Reads of 4 KiB through the rbd driver of the examples against the same loop in C (rbd-reads.c), on a Ceph cluster of its own whose
// data is in memory: one after the other, and 64 under way. Run: node bench/rbd-reads.mjs, or npm run bench -- --rbd

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { openBlock } from '../examples/dist/drivers/open.js';
import * as ceph from '../test/servers/ceph.mjs';
import { noServer } from '../test/servers/servers.mjs';
import { goalText, median, out, root } from './measure.mjs';

const BLOCK = 4096;
const DEPTH = 64;
const SIZE = 64 << 20;
const SEQUENTIAL = 1500;
const DEEP = 20_000;

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
    /** @type {Round[]} */
    const c = [];
    /** @type {Round[]} */
    const js = [];
    const buffers = Array.from({ length: DEPTH }, () => Buffer.allocUnsafe(BLOCK));
    await readAll(driver, buffers);
    for (let run = 0; run < runs; run++) {
      progress(`rbd: round ${run + 1} of ${runs}`);
      const inC = () => {
        const args = [cluster.conf, 'rbd', 'bench', String(SEQUENTIAL), String(DEEP), '1'];
        c.push(...JSON.parse(execFileSync(program, args, { encoding: 'utf8' })));
      };
      // Each pair in the other order than the last: a machine whose speed drifts meets both alike.
      if (run % 2 === 0) inC();
      js.push(await readAll(driver, buffers));
      if (run % 2 === 1) inC();
    }
    const of = (/** @type {'sequential' | 'deep'} */ kind) => {
      const middle = (/** @type {Round[]} */ rounds) => median(rounds.map((round) => round[kind])) / 1000;
      return { c: middle(c), js: middle(js) };
    };
    const [sequential, deep] = [of('sequential'), of('deep')];
    const goals = [
      { name: 'rbd: 4 KiB reads, one after the other, to C', ratio: sequential.js / sequential.c, aim: 1.5 },
      { name: 'rbd: 4 KiB reads, 64 under way, to C', ratio: deep.js / deep.c, aim: 1.2 },
    ];
    return { sequential, deep, goals };
  } finally {
    await driver.close();
    await cluster.stop();
  }
}

/** @param {import('../examples/dist/drivers/driver.js').BlockDriver} driver @param {readonly Buffer[]} buffers @returns {Promise<Round>} */
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
  const figures = await benchRbd({ runs: Number(process.argv[2] ?? 7) });
  process.stdout.write(`${rbdText(figures)}aims\n${figures.goals.map(goalText).join('')}`);
}
