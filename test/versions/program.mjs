// The program that runs on every version: opens a library through its shim, tells what it found, how its records are laid out (records.mjs),
// and whether the library stays: after the end of a worker that was the first to open it, and after garbage collections. Argument: the
// library's name.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, Worker } from 'node:worker_threads';
import { layoutsOf } from './records.mjs';

const name = String(process.argv[2]);
const module = await import(`@dlshim/shims/${name}`);
const shim = module[name];

if (isMainThread) {
  await once(new Worker(new URL(import.meta.url), { argv: [name] }), 'exit');
  const afterWorker = mapped();
  const told = tell();
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc');
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise((done) => setTimeout(done, 10));
  }
  process.stdout.write(`${JSON.stringify({ ...told, afterWorker, mapped: mapped() })}\n`);
} else {
  shim.open();
}

function tell() {
  const opened = shim.open();
  const { error: _, ...inspection } = shim.inspect();
  const has = Object.keys(inspection.features).map((feature) => [feature, ask(() => opened.has(feature))]);
  const symbols = [...inspection.present, ...inspection.missing];
  const bound = symbols.filter((symbol) => ask(() => typeof opened.fn[symbol]) === 'function');
  const { features, alternatives = {} } = shim[Symbol.for('@dlshim/descriptor/1')];
  const listed = Object.fromEntries(Object.entries(features).filter(([, gate]) => Array.isArray(gate)));
  return { ...inspection, has: Object.fromEntries(has), listed, alternatives, bound, records: layoutsOf(module) };
}

/** An answer, or the error's name where nobody can know it. @param {() => unknown} question */
function ask(question) {
  try {
    return question();
  } catch (error) {
    return /** @type {Error} */ (error).name;
  }
}

function mapped() {
  const maps = readFileSync('/proc/self/maps', 'utf8');
  return [...new Set(maps.match(/\/\S+\.so\b\S*$/gm) ?? [])];
}
