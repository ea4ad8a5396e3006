// Start-up of `blockimg info file.raw`, whole processes: with all drivers known, with none known (the same program and an empty list), and
// with every driver's library opened first, as a program does that links them or loads them eagerly. How many shared objects each maps.

import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure, median, out, root } from './measure.mjs';

const folder = join(out, 'blockimg');

/** @typedef {'known' | 'none' | 'eager'} Kind */

/** @param {{ runs: number, progress: (text: string) => void }} options */
export function benchDrivers({ runs, progress }) {
  const programs = prepare();
  const image = join(folder, 'file.raw');
  writeFileSync(image, new Uint8Array(1 << 20));
  const objects = { known: mapped('known', image), none: mapped('none', image), eager: mapped('eager', image) };
  /** @type {Record<Kind, number[]>} */
  const times = { known: [], none: [], eager: [] };
  /** @type {number[]} */
  const differences = [];
  const rounds = runs * 6;
  for (let round = 0; round <= rounds; round++) {
    progress(`round ${round}/${rounds} drivers`);
    /** @type {Kind[]} */
    const order = round % 2 ? ['known', 'none', 'eager'] : ['eager', 'none', 'known'];
    /** @type {Record<Kind, number>} */
    const took = { known: 0, none: 0, eager: 0 };
    for (const kind of order) took[kind] = measure(process.execPath, [programs[kind], 'info', image]).ms;
    // The first round warms the caches and is not counted.
    if (round === 0) continue;
    for (const kind of order) times[kind].push(took[kind]);
    differences.push(took.known - took.none);
  }
  const drivers = JSON.parse(
    execFileSync(process.execPath, [programs.known, 'drivers', '--json'], { encoding: 'utf8' }),
  ).length;
  const ms = { known: median(times.known), none: median(times.none), eager: median(times.eager) };
  return {
    drivers,
    ms,
    objects,
    goals: [
      {
        name: `blockimg info with ${drivers} drivers known, above none`,
        ratio: median(differences),
        aim: 3,
        unit: 'ms',
      },
      { name: 'shared objects mapped, above none', ratio: objects.known - objects.none, aim: 0 },
    ],
  };
}

/** The program three times: as it is, with an empty list, and behind a module that opens all libraries. @returns {Record<Kind, string>} */
function prepare() {
  rmSync(folder, { recursive: true, force: true });
  for (const kind of ['known', 'none', 'eager']) {
    cpSync(join(root, 'examples/dist'), join(folder, kind), { recursive: true });
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(folder, 'none/drivers/known.js'), 'export const known = [];\n');
  writeFileSync(
    join(folder, 'eager/eager.js'),
    `import { known } from './drivers/known.js';
for (const { module } of known) {
  for (const shim of Object.values((await module()).default.shims)) shim.open();
}
await import('./blockimg.js');
`,
  );
  writeFileSync(
    join(folder, 'count.js'),
    `import { readFileSync, writeFileSync } from 'node:fs';
process.once('exit', () => {
  const files = readFileSync('/proc/self/maps', 'utf8').match(/\\/.*\\.(so[.\\d]*|node)$/gm);
  writeFileSync(process.env.DLSHIM_BENCH_COUNT, String(new Set(files).size));
});
`,
  );
  const path = (/** @type {string} */ name) => join(folder, name);
  return { known: path('known/blockimg.js'), none: path('none/blockimg.js'), eager: path('eager/eager.js') };
}

/** @param {Kind} kind @param {string} image */
function mapped(kind, image) {
  const answer = join(folder, 'count');
  const program = join(folder, kind, kind === 'eager' ? 'eager.js' : 'blockimg.js');
  execFileSync(process.execPath, ['--import', join(folder, 'count.js'), program, 'info', image], {
    env: { ...process.env, DLSHIM_BENCH_COUNT: answer },
  });
  return Number(readFileSync(answer, 'utf8'));
}

/** @param {ReturnType<typeof benchDrivers>} result */
export function driversText({ drivers, ms, objects }) {
  const line = (/** @type {string} */ name, /** @type {Kind} */ kind) =>
    `  ${name.padEnd(34)} ${ms[kind].toFixed(1)} ms, ${objects[kind]} shared objects mapped\n`;
  return (
    `blockimg info of a file, whole processes in turn, medians\n` +
    line(`${drivers} drivers known`, 'known') +
    line('none known', 'none') +
    line(`${drivers} drivers, libraries opened`, 'eager') +
    `  loading on demand saves ${(ms.eager - ms.known).toFixed(1)} ms and ${objects.eager - objects.known} shared objects\n`
  );
}
