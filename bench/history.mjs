// Whole processes, in turn: 20 versions of librbd merged into a history and a shim generated from it, against one version merged and
// generated from. The versions are made from the newest one in the committed history: functions, constants and enumerators arrive on the way,
// some functions get a parameter more and some records a member.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn, measure, median, out, root } from './measure.mjs';

/** @typedef {import('./measure.mjs').Cost} Cost */
/** @typedef {{ add: Cost, generate: Cost }} Run */
/** @typedef {{ name: string, type: string, at?: string }} FunctionLine */
/** @typedef {{ key?: string, tag?: string, name: string, fields?: readonly object[] }} RecordLine */
/** @typedef {{ name: string, enumerators: readonly [string, string][] }} EnumLine */
/** @typedef {{ functions: FunctionLine[], records: RecordLine[], enums: EnumLine[], constants: { name: string }[] }} Snapshot */

const VERSIONS = 20;
const cli = join(root, 'generator/dist/cli.js');
const folder = join(out, 'history');

/** @param {{ runs: number, progress: (text: string) => void }} options */
export function benchHistory({ runs, progress }) {
  const snapshots = writeVersions();
  /** @type {{ one: Run, all: Run }[]} */
  const pairs = [];
  for (let round = 0; round <= runs; round++) {
    progress(`round ${round}/${runs} histories`);
    const [one, all] = inTurns(
      round,
      () => run('one', snapshots.slice(-1)),
      () => run('all', snapshots),
    );
    if (round > 0) pairs.push({ one, all });
  }
  const medianOf = (/** @type {(pair: typeof pairs[number]) => number} */ of) => median(pairs.map(of));
  const sum = (/** @type {Run} */ { add, generate }) => add.ms + generate.ms;
  const ratio = medianOf(({ one, all }) => sum(all) / sum(one));
  const figures = (/** @type {'one' | 'all'} */ which) => ({
    addMs: medianOf((pair) => pair[which].add.ms),
    generateMs: medianOf((pair) => pair[which].generate.ms),
    mib: medianOf((pair) => Math.max(pair[which].add.mib, pair[which].generate.mib)),
    bytes: statSync(join(folder, which, 'history.json')).size,
  });
  const goals = [{ name: `merging and generating, ${VERSIONS} versions against one`, ratio, aim: 3 }];
  return { versions: VERSIONS, one: figures('one'), all: figures('all'), ratio, goals };
}

/** As `inTurn`, of two processes each. @param {number} turn @param {() => Run} a @param {() => Run} b @returns {[Run, Run]} */
function inTurns(turn, a, b) {
  /** @type {Run[]} */
  const runs = [];
  const cost = (/** @type {() => Run} */ make) => () => {
    runs.push(make());
    return { ms: 0, mib: 0 };
  };
  inTurn(turn, cost(a), cost(b));
  const [first, second] = /** @type {[Run, Run]} */ (runs);
  return turn % 2 ? [second, first] : [first, second];
}

/** @param {'one' | 'all'} which @param {readonly string[]} snapshots @returns {Run} */
function run(which, snapshots) {
  const config = join(folder, which, 'dlshim.config.json');
  for (const file of readdirSync(join(folder, which)).filter((name) => /^history.*\.json$/.test(name)))
    rmSync(join(folder, which, file));
  const files = snapshots.flatMap((path) => ['--snapshot', path]);
  const add = measure(process.execPath, [
    cli,
    'history',
    'add',
    'librbd',
    '--config',
    config,
    '--source',
    'bench',
    ...files,
  ]);
  return { add, generate: measure(process.execPath, [cli, 'generate', '--config', config]) };
}

/** Snapshots and configurations; returns the paths of the snapshots, oldest first. */
function writeVersions() {
  const library = JSON.parse(readFileSync(join(root, 'headers/librbd/library.json'), 'utf8'));
  const { snapshot: _, baseline: __, includeDirs: ___, ...rest } = library;
  for (const which of ['one', 'all']) {
    mkdirSync(join(folder, which), { recursive: true });
    const config = { out: 'shims', libraries: [{ ...rest, history: 'history.json' }] };
    writeFileSync(join(folder, which, 'dlshim.config.json'), JSON.stringify(config));
  }
  const newest = { ...newestSnapshot(), target: library.targets };
  return Array.from({ length: VERSIONS }, (_, at) => {
    const path = join(folder, `${at}.json`);
    writeFileSync(path, JSON.stringify({ ...newest, ...earlier(newest, at), version: `1.${at}` }));
    return path;
  });
}

/** Of the newest version in the committed history. */
function newestSnapshot() {
  const { versions } = JSON.parse(readFileSync(join(root, 'headers/librbd/history.json'), 'utf8'));
  const config = ['--config', join(root, 'dlshim.config.ts'), '--target', 'x86_64-linux-gnu'];
  const args = ['snapshot', 'librbd', '--at', versions.at(-1).version, ...config];
  return JSON.parse(execFileSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 }));
}

/** What version number `at` had of all that the last one has. @param {Snapshot} newest @param {number} at */
function earlier(newest, at) {
  const has = (/** @type {string} */ name) => name === 'rbd_version' || arrival(name, 3) <= at;
  const isOlder = (/** @type {string} */ name) => at < arrival(`other ${name}`, 12);
  const functions = newest.functions
    .filter(({ name }) => has(name))
    .map((d) => (isOlder(d.name) ? { ...d, type: d.type.replace(/, [^,()]*\)/, ')') } : d));
  const records = newest.records.map((d) =>
    d.fields && d.fields.length > 1 && isOlder(d.name) ? { ...d, fields: d.fields.slice(0, -1) } : d,
  );
  const enums = newest.enums.map((d) => ({
    ...d,
    enumerators: d.enumerators.filter(([name], first) => first === 0 || has(name)),
  }));
  return { functions, records, enums, constants: newest.constants.filter(({ name }) => has(name)) };
}

/** The number of the version in which a name arrives: of one in so many names a later one, of all others the first.
 *  @param {string} name @param {number} oneIn */
function arrival(name, oneIn) {
  // FNV-1a, for a choice that is the same on every machine.
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return hash % oneIn === 0 ? Math.floor(hash / oneIn) % VERSIONS : 0;
}

/** @param {ReturnType<typeof benchHistory>} result */
export function historyText({ versions, one, all, ratio }) {
  const line = (/** @type {string} */ name, /** @type {typeof one} */ { addMs, generateMs, mib, bytes }) =>
    `  ${name.padEnd(12)} merged ${addMs.toFixed(0).padStart(5)} ms   generated ${generateMs.toFixed(0).padStart(5)} ms   ` +
    `peak ${mib.toFixed(0)} MiB   history ${(bytes / 1024).toFixed(0)} KiB\n`;
  return (
    `history, whole processes in turn, medians: librbd, all targets of its shim\n` +
    line('1 version', one) +
    line(`${versions} versions`, all) +
    `  ratio of both together ${ratio.toFixed(2)}\n`
  );
}
