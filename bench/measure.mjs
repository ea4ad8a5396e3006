// What a whole process takes: wall-clock time and the peak of its memory, by a wrapper in C. And the medians of such figures.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const out = join(root, 'build/bench');
const wrapper = join(out, 'measure');
const answer = join(out, 'measured');

mkdirSync(out, { recursive: true });
execFileSync('cc', ['-O2', '-o', wrapper, join(root, 'bench/measure.c')], { stdio: 'inherit' });

/** @typedef {{ ms: number, mib: number }} Cost */

/** Throws where the program fails. @param {string} command @param {readonly string[]} args @returns {Cost} */
export function measure(command, args) {
  const { status, stderr } = spawnSync(wrapper, [answer, command, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  const [nanoseconds, kib] = readFileSync(answer, 'utf8').split(' ').map(Number);
  return { ms: Number(nanoseconds) / 1e6, mib: Number(kib) / 1024 };
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const above = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? above : (above + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** `a` and `b` in turn, so that a machine whose speed drifts meets both alike; each pair's order is the other's reversed.
 *  @param {number} turn @param {() => Cost} a @param {() => Cost} b @returns {[a: Cost, b: Cost]} */
export function inTurn(turn, a, b) {
  if (turn % 2) {
    const second = b();
    return [a(), second];
  }
  return [a(), b()];
}

/** A ratio, or a figure in `unit`, beside its aim. @typedef {{ name: string, ratio: number, aim: number, unit?: string }} Goal */

/** @param {Goal} goal */
export function goalText({ name, ratio, aim, unit }) {
  const behind = unit ? ` ${unit}` : '';
  const verdict = ratio > aim ? 'MISSED' : 'met';
  return `  ${name.padEnd(50)} ${ratio.toFixed(2)}${behind}   aim: at most ${aim.toFixed(2)}${behind}   ${verdict}\n`;
}
