// Whole processes, in turn: `dlshim generate` of each library of the conformance corpus against `bindgen --dynamic-loading` with the
// same headers and flags; then all libraries in one `generate` against all of bindgen's runs. A pair of runs gives one ratio, and the
// median ratio is what counts. Both format what they write: bindgen has rustfmt do it, where that is installed. Two more runs say what
// bindgen takes when it leaves its output as it is, and when it is also kept to the library's own files.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilerFlags, includes, missingPackages, readCorpus } from '../test/conformance/corpus.mjs';
import { bindgenAllowlist } from '../test/conformance/functions.mjs';
import { inTurn, measure, median, out, root } from './measure.mjs';

/** @typedef {import('../test/conformance/corpus.mjs').Library} Library */
/** @typedef {import('./measure.mjs').Cost} Cost */
/** @typedef {{ ours: Cost, theirs: Cost, bare: Cost, kept: Cost }} Pair */

const cli = join(root, 'generator/dist/cli.js');

/** @param {{ runs: number, only: readonly string[], progress: (text: string) => void }} options */
export function benchGenerate({ runs, only, progress }) {
  const corpus = readCorpus(only);
  const libraries = corpus.filter((library) => missingPackages(library).length === 0);
  const skipped = corpus.filter((library) => !libraries.includes(library)).map(({ name }) => name);
  const config = writeConfig(libraries);
  /** @type {Map<string, Pair[]>} */
  const pairs = new Map(libraries.map(({ name }) => [name, []]));
  /** @type {Pair[]} */
  const together = [];
  // The first round warms the disk's caches and is not counted.
  for (let round = 0; round <= runs; round++) {
    const sums = { theirs: 0, bare: 0, kept: 0 };
    for (const library of libraries) {
      progress(`round ${round}/${runs} ${library.name}`);
      const run = (/** @type {readonly string[]} */ options) => () => bindgen(library, options);
      const [ours, theirs] = inTurn(round, () => dlshim(library), run([]));
      const bare = run(UNFORMATTED)();
      const kept = run([...UNFORMATTED, ...bindgenAllowlist(library)])();
      sums.theirs += theirs.ms;
      sums.bare += bare.ms;
      sums.kept += kept.ms;
      if (round > 0) pairs.get(library.name)?.push({ ours, theirs, bare, kept });
    }
    progress(`round ${round}/${runs} all in one`);
    const ours = measure(process.execPath, [cli, 'generate', '--config', config]);
    const sum = (/** @type {number} */ ms) => ({ ms, mib: Number.NaN });
    if (round > 0) together.push({ ours, theirs: sum(sums.theirs), bare: sum(sums.bare), kept: sum(sums.kept) });
  }
  const rows = libraries.map(({ name }) => row(name, pairs.get(name) ?? []));
  const all = row(`all ${libraries.length} in one`, together);
  return { rows, all, skipped, goals: goals(rows, all, only.length === 0 && skipped.length === 0) };
}

/** @param {readonly ReturnType<typeof row>[]} rows @param {ReturnType<typeof row>} all @param {boolean} complete */
function goals(rows, all, complete) {
  const gtk = rows.find(({ name }) => name === 'gtk3');
  return [
    { name: `slowest of ${rows.length} libraries, time`, ratio: Math.max(...rows.map(({ ratio }) => ratio)), aim: 1 },
    ...(gtk
      ? [
          { name: 'gtk3, time', ratio: gtk.ratio, aim: 1 / 3 },
          { name: 'gtk3, peak memory', ratio: gtk.memoryRatio, aim: 1 / 2 },
        ]
      : []),
    ...(complete ? [{ name: `${all.name} generate, time`, ratio: all.ratio, aim: 1 / 3 }] : []),
  ];
}

/** @param {string} name @param {readonly Pair[]} pairs */
function row(name, pairs) {
  const medianOf = (/** @type {(pair: Pair) => number} */ of) => median(pairs.map(of));
  return {
    name,
    ours: { ms: medianOf((p) => p.ours.ms), mib: medianOf((p) => p.ours.mib) },
    theirs: { ms: medianOf((p) => p.theirs.ms), mib: medianOf((p) => p.theirs.mib) },
    bare: { ms: medianOf((p) => p.bare.ms) },
    kept: { ms: medianOf((p) => p.kept.ms) },
    ratio: medianOf((p) => p.ours.ms / p.theirs.ms),
    memoryRatio: medianOf((p) => p.ours.mib / p.theirs.mib),
    bareRatio: medianOf((p) => p.ours.ms / p.bare.ms),
    keptRatio: medianOf((p) => p.ours.ms / p.kept.ms),
  };
}

/** @param {Library} library */
function dlshim({ name, headers, files, own, ...rest }) {
  const repeated = (/** @type {string} */ flag, /** @type {readonly string[]} */ values) =>
    values.flatMap((v) => [flag, v]);
  return measure(process.execPath, [
    cli,
    'generate',
    ...repeated('--header', headers),
    ...repeated('--library', files.linux.slice(0, 1)),
    ...repeated('--own', own),
    ...compilerFlags({ name, headers, files, own, ...rest }),
    ...['--name', name, '--out', out],
  ]);
}

const UNFORMATTED = ['--no-rustfmt-bindings'];

/** @param {Library} library @param {readonly string[]} more */
function bindgen(library, more) {
  const wrapper = join(out, `${library.name}.h`);
  writeFileSync(wrapper, includes(library));
  const options = ['--dynamic-loading', 'Library', ...more];
  return measure('bindgen', [
    wrapper,
    ...options,
    '-o',
    join(out, `${library.name}.rs`),
    '--',
    ...compilerFlags(library),
  ]);
}

/** One configuration for all, with pkg-config's answers in it, as bindgen gets them. @param {readonly Library[]} libraries */
function writeConfig(libraries) {
  const plain = libraries.map(({ pkgConfig, ...library }) => {
    const flags = compilerFlags({ ...library, ...(pkgConfig && { pkgConfig }) });
    const starting = (/** @type {string} */ mark) => flags.filter((f) => f.startsWith(mark)).map((f) => f.slice(2));
    return { ...library, includeDirs: starting('-I'), defines: starting('-D') };
  });
  const path = join(out, 'all.json');
  writeFileSync(path, `${JSON.stringify({ out: 'all', libraries: plain })}\n`);
  return path;
}

/** @param {ReturnType<typeof benchGenerate>} result */
export function generateText({ rows, all, skipped }) {
  const cell = (/** @type {number} */ value, /** @type {string} */ unit) =>
    (Number.isNaN(value) ? '' : `${value.toFixed(0)} ${unit}`).padStart(11);
  const ratio = (/** @type {number} */ value) => (Number.isNaN(value) ? '' : value.toFixed(2)).padStart(8);
  const line = (/** @type {ReturnType<typeof row>} */ r) =>
    `  ${r.name.padEnd(14)}${cell(r.ours.ms, 'ms')}${cell(r.theirs.ms, 'ms')}${ratio(r.ratio)}` +
    `${cell(r.bare.ms, 'ms')}${ratio(r.bareRatio)}${cell(r.kept.ms, 'ms')}${ratio(r.keptRatio)}` +
    `${cell(r.ours.mib, 'MiB')}${cell(r.theirs.mib, 'MiB')}${ratio(r.memoryRatio)}`.trimEnd();
  const titles = ['dlshim', 'bindgen', 'no rustfmt', 'own files', 'dlshim', 'bindgen'].map((title) =>
    title.padStart(11),
  );
  const [ours, theirs, bare, kept, ourMemory, theirMemory] = titles;
  const head = `  ${'library'.padEnd(14)}${ours}${theirs}   ratio${bare}   ratio${kept}   ratio${ourMemory}${theirMemory}   ratio`;
  const notMeasured = skipped.length
    ? [`  not measured, because their packages are not installed: ${skipped.join(' ')}`]
    : [];
  const formatter = spawnSync('rustfmt', ['--version']).status === 0 ? 'with rustfmt' : 'rustfmt is not installed';
  const title = `generate, whole processes in turn, medians; bindgen as it comes (${formatter}), unformatted, and kept to own files`;
  return [title, head, ...[...rows, all].map(line), ...notMeasured].map((text) => `${text}\n`).join('');
}
