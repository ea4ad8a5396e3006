// Import of all fourteen shims that nothing is done with, timed inside processes of their own; beside it, the import of as many empty
// modules, which is what looking for and linking that many files takes.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, out, root } from './measure.mjs';

const folder = join(out, 'imports');

/** @param {{ runs: number, progress: (text: string) => void }} options */
export function benchImports({ runs, progress }) {
  mkdirSync(folder, { recursive: true });
  const { exports } = JSON.parse(readFileSync(join(root, 'shims/package.json'), 'utf8'));
  const shims = Object.keys(exports)
    .filter((name) => /^\.\/\w+$/.test(name))
    .map((name) => name.slice(2));
  const all = writeModule(
    'shims.mjs',
    shims.map((name) => `import { ${name} } from '@dlshim/shims/${name}';\nvoid ${name};\n`),
  );
  for (const name of shims) writeModule(`empty-${name}.mjs`, ['export {};\n']);
  const empty = writeModule(
    'empty.mjs',
    shims.map((name) => `import './empty-${name}.mjs';\n`),
  );
  /** @type {number[]} */
  const times = [];
  /** @type {number[]} */
  const floor = [];
  const rounds = runs * 3;
  let mapped = 0;
  for (let round = 0; round <= rounds; round++) {
    progress(`round ${round}/${rounds} imports`);
    const [ours, bare] = [importing(all), importing(empty)];
    mapped = Math.max(mapped, ours.mapped);
    if (round === 0) continue;
    times.push(ours.ms);
    floor.push(bare.ms);
  }
  return {
    shims: shims.length,
    ms: median(times),
    emptyMs: median(floor),
    mapped,
    goals: [
      { name: `import of all ${shims.length} shims`, ratio: median(times), aim: 10, unit: 'ms' },
      { name: 'shared objects that it maps', ratio: mapped, aim: 0 },
    ],
  };
}

/** @param {string} name @param {readonly string[]} lines */
function writeModule(name, lines) {
  const path = join(folder, name);
  writeFileSync(path, lines.join(''));
  return path;
}

/** @param {string} path @param {'import' | 'add'} mode @returns {{ ms: number, mapped: number }} */
export function importing(path, mode = 'import') {
  return JSON.parse(
    execFileSync(process.execPath, [join(root, 'bench/opening.mjs'), mode, path], { encoding: 'utf8' }),
  );
}

/** @param {ReturnType<typeof benchImports>} result */
export function importsText({ shims, ms, emptyMs, mapped }) {
  return (
    `import, timed inside processes in turn, medians\n` +
    `  all ${shims} shims ${ms.toFixed(1)} ms, ${shims} empty modules ${emptyMs.toFixed(1)} ms; shared objects mapped: ${mapped}\n`
  );
}
