// Whole processes, in turn: `dlshim generate` of librbd against `bindgen --dynamic-loading` on the same header. A pair of runs
// gives one ratio, so that a machine whose speed drifts meets both alike; the median ratio is what counts. Aim: at most 1.
// Run: node bench/generate.mjs [pairs]      Needs bindgen: npm run setup -- --bench

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'build/bench');
const pairs = Number(process.argv[2] ?? 21);
const header = '/usr/include/rbd/librbd.h';
const cli = join(root, 'generator/dist/cli.js');

if (!existsSync(header) || spawnSync('bindgen', ['--version']).error) {
  process.stdout.write(
    'generate: not measured, because bindgen or rbd/librbd.h is not installed: npm run setup -- --bench\n',
  );
  process.exit(0);
}
mkdirSync(out, { recursive: true });

/** @param {string} command @param {string[]} args */
function time(command, args) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}
const ours = () =>
  time(process.execPath, [cli, 'generate', '--header', 'rbd/librbd.h', '--library', 'librbd.so.1', '--out', out]);
const theirs = () => time('bindgen', ['--dynamic-loading', 'Librbd', header, '-o', join(out, 'librbd.rs')]);

/** @param {readonly number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

ours();
theirs();
/** @type {{ ours: number, theirs: number }[]} */
const rows = [];
for (let i = 0; i < pairs; i++) {
  rows.push(i % 2 ? { theirs: theirs(), ours: ours() } : { ours: ours(), theirs: theirs() });
}
const ratios = rows.map((row) => row.ours / row.theirs).sort((a, b) => a - b);
const ms = (/** @type {number} */ value) => `${value.toFixed(0)} ms`;
process.stdout.write(`generate librbd, whole process, ${pairs} pairs in turn
  dlshim generate               ${ms(median(rows.map((r) => r.ours)))} (median)
  bindgen --dynamic-loading     ${ms(median(rows.map((r) => r.theirs)))}
  ratio dlshim / bindgen        ${median(ratios).toFixed(2)} (${ratios[0]?.toFixed(2)} to ${ratios.at(-1)?.toFixed(2)})   aim: at most 1
`);
