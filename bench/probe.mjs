// inspect({ load: false }) of librbd against inspect(), which loads it: each the first call in a process of its own, timed inside that,
// in turn, with the library's files in the page cache.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { median, root } from './measure.mjs';

const opening = join(root, 'bench/opening.mjs');

/** @param {{ runs: number, progress: (text: string) => void }} options */
export function benchProbe({ runs, progress }) {
  const rounds = runs * 5;
  /** @type {number[]} */
  const unloaded = [];
  /** @type {number[]} */
  const loaded = [];
  for (let round = 0; round <= rounds; round++) {
    progress(`round ${round}/${rounds} probe`);
    // Each pair's order is the other's reversed.
    /** @type {('inspect' | 'unloaded')[]} */
    const kinds = round % 2 ? ['inspect', 'unloaded'] : ['unloaded', 'inspect'];
    const times = kinds.map((kind) => ({ kind, ms: timeOf(kind) }));
    // The first round warms the caches and is not counted.
    if (round > 0) for (const { kind, ms } of times) (kind === 'inspect' ? loaded : unloaded).push(ms);
  }
  return {
    unloadedMs: median(unloaded),
    loadedMs: median(loaded),
    goals: [
      { name: 'inspect({ load: false }) of librbd to loading it', ratio: median(unloaded) / median(loaded), aim: 0.2 },
    ],
  };
}

/** @param {'inspect' | 'unloaded'} kind @returns {number} */
function timeOf(kind) {
  return JSON.parse(execFileSync(process.execPath, [opening, kind, 'librbd'], { encoding: 'utf8' })).ms;
}

/** @param {ReturnType<typeof benchProbe>} result */
export function probeText({ unloadedMs, loadedMs }) {
  return (
    `inspect() of librbd, the first call of a process, timed inside processes in turn, medians\n` +
    `  without loading ${unloadedMs.toFixed(1)} ms, with loading ${loadedMs.toFixed(1)} ms: ${(loadedMs / unloadedMs).toFixed(1)} times as fast\n`
  );
}
