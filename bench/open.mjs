// open() of librbd against a C program that does dlopen and dlsym of the same symbols with the same flags (open.c), each timed inside
// a process of its own, with the library's files in the page cache and without; and open() of GTK's functions above dlopen itself.
// The first open() of a process loads koffi too; a later one does not: both are shown. In Node dlopen itself takes longer than in a
// small program, because the loader asks the executable's tens of thousands of symbols first: so a later one is compared with that, too.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { median, out, root } from './measure.mjs';

const opening = join(root, 'bench/opening.mjs');
const program = join(out, 'open');

/** @typedef {{ path: string, deep: boolean, names: readonly string[] }} Library */
/** In milliseconds: dlopen and dlsym in C, the first open(), a later one, and dlopen in Node with C's dlsym.
 *  @typedef {{ c: number, first: number, later: number, bare: number }} Pair */

/** @param {{ runs: number, progress: (text: string) => void }} options */
export function benchOpen({ runs, progress }) {
  execFileSync('cc', ['-O2', '-o', program, join(root, 'bench/open.c'), '-ldl'], { stdio: 'inherit' });
  const rbd = /** @type {Library} */ (inNode('names', 'librbd'));
  const gtk = /** @type {Library} */ (inNode('names', 'gtk3'));
  const files = filesOf(rbd.path);
  const rounds = runs * 3;
  /** @type {Pair[]} */
  const warm = [];
  /** @type {Pair[]} */
  const cold = [];
  /** @type {number[]} */
  const above = [];
  for (let round = 0; round <= rounds; round++) {
    progress(`round ${round}/${rounds} open`);
    const pair = pairOf(rbd, 'librbd', round, () => {});
    const gtkMs = timeOf('later', 'gtk3') - timeOf('bare', gtk.path, binding(gtk));
    // The first round warms the caches and is not counted.
    if (round === 0) continue;
    warm.push(pair);
    above.push(gtkMs);
    if (round <= runs) cold.push(pairOf(rbd, 'librbd', round, () => evict(files)));
  }
  const ratio = (
    /** @type {readonly Pair[]} */ pairs,
    /** @type {'first' | 'later'} */ kind,
    /** @type {'c' | 'bare'} */ to,
  ) => median(pairs.map((pair) => pair[kind] / pair[to]));
  return {
    names: { rbd: rbd.names.length, gtk: gtk.names.length },
    rbd: { warm: middle(warm), cold: middle(cold) },
    gtkAboveDlopenMs: median(above),
    goals: [
      { name: 'open() of librbd, a later one, to dlopen in Node', ratio: ratio(warm, 'later', 'bare'), aim: 1.1 },
      { name: 'open() of librbd, a later one, to C', ratio: ratio(warm, 'later', 'c'), aim: 1.1 },
      { name: 'open() of librbd, the first one, to C', ratio: ratio(warm, 'first', 'c'), aim: 1.1 },
      { name: 'open() of librbd, a later one, cold, to C', ratio: ratio(cold, 'later', 'c'), aim: 1.1 },
      { name: 'open() of librbd, the first one, cold, to C', ratio: ratio(cold, 'first', 'c'), aim: 1.1 },
      { name: `open() of GTK's ${gtk.names.length} functions above dlopen`, ratio: median(above), aim: 10, unit: 'ms' },
    ],
  };
}

/** One measurement of each kind, in an order that changes. @param {Library} library @param {string} name @param {number} round
 *  @param {() => void} before @returns {Pair} */
function pairOf(library, name, round, before) {
  const pair = { c: 0, first: 0, later: 0, bare: 0 };
  let dlsymMs = 0;
  const kinds = [
    () => {
      const { dlopen, dlsym, found } = inC(library);
      if (found === 0) throw new Error(`${library.path} has none of the symbols of ${name}`);
      dlsymMs = dlsym / 1e6;
      pair.c = dlopen / 1e6 + dlsymMs;
    },
    () => {
      pair.first = timeOf('first', name);
    },
    () => {
      pair.later = timeOf('later', name);
    },
    () => {
      pair.bare = timeOf('bare', library.path, binding(library));
    },
  ];
  for (let index = 0; index < kinds.length; index++) {
    before();
    kinds[(index + round) % kinds.length]?.();
  }
  pair.bare += dlsymMs;
  return pair;
}

/** @param {Library} library */
const binding = ({ deep }) => (deep ? 'deep' : 'plain');

/** @param {string[]} args */
function inNode(...args) {
  return JSON.parse(execFileSync(process.execPath, [opening, ...args], { encoding: 'utf8' }));
}

/** @param {string[]} args @returns {number} */
const timeOf = (...args) => inNode(...args).ms;

/** @param {Library} library @returns {{ dlopen: number, dlsym: number, found: number }} */
function inC(library) {
  const options = /** @type {const} */ ({ encoding: 'utf8', input: library.names.join('\n') });
  return JSON.parse(execFileSync(program, [library.path, binding(library)], options));
}

/** A library's file and those that it needs. @param {string} path */
function filesOf(path) {
  const needed = execFileSync('ldd', [path], { encoding: 'utf8' });
  return [path, ...[...needed.matchAll(/=> (\/\S+)/g)].map(([, file]) => file ?? '')];
}

/** Takes files out of the page cache, but for what another process has mapped: posix_fadvise(2) by dd(1). @param {readonly string[]} files */
function evict(files) {
  for (const file of files) execFileSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' });
}

/** @param {readonly Pair[]} pairs @returns {Pair} */
function middle(pairs) {
  const of = (/** @type {keyof Pair} */ kind) => median(pairs.map((pair) => pair[kind]));
  return { c: of('c'), first: of('first'), later: of('later'), bare: of('bare') };
}

/** @param {ReturnType<typeof benchOpen>} result */
export function openText({ names, rbd, gtkAboveDlopenMs }) {
  const line = (/** @type {string} */ title, /** @type {Pair} */ { c, first, later, bare }) =>
    `  librbd, ${title}: dlopen and dlsym in C ${c.toFixed(1)} ms, in Node ${bare.toFixed(1)} ms; ` +
    `open() ${later.toFixed(1)} ms; the first open() of a process, with koffi's own load, ${first.toFixed(1)} ms\n`;
  return (
    `open() of librbd's ${names.rbd} functions and GTK's ${names.gtk}, timed inside processes in turn, medians\n` +
    `${line('files in the page cache', rbd.warm)}${line('files on the disk', rbd.cold)}` +
    `  GTK, above dlopen: ${gtkAboveDlopenMs.toFixed(1)} ms\n`
  );
}
