// dlshim history: what is known of all versions of a library. `add` puts versions in, from headers or snapshots; `remove` takes one out.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { LoadedLibrary } from '../config/config.ts';
import { type Diagnostic, Diagnostics } from '../diagnostics.ts';
import { compareVersions } from '../history/compare.ts';
import type { History } from '../history/history.ts';
import { historyToJson } from '../history/json.ts';
import { addVersion, emptyHistory, removeVersion } from '../history/merge.ts';
import { versionIndex } from '../history/ranges.ts';
import { snapshotsFromJson } from '../history/snapshot.ts';
import type { Api } from '../model/api.ts';
import { markExports } from '../passes/exports.ts';
import { exportedSymbols } from '../pipeline.ts';
import type { Target } from '../target.ts';
import { changesOf, count, countsOf } from './history-counts.ts';
import { findHistories, historyFiles, historyPath, historyTexts, readHistories, within } from './history-files.ts';
import { colors, ExitCode, report, UsageError, writeFiles } from './output.ts';
import { progress } from './progress.ts';
import { findSources, readApis, type SourceFlags, shortPath, type TargetApi, targetsOf } from './source.ts';

export interface HistoryFlags extends SourceFlags {
  readonly source?: string;
  readonly snapshot?: readonly string[];
  readonly soname?: readonly string[];
  readonly replace?: true;
}

export async function add(name: string, flags: HistoryFlags): Promise<void> {
  checkAddFlags(flags);
  const sources = await findSources([name], flags, () => !flags.snapshot);
  const library = sources.libraries[0]!;
  const main = historyPath(library);
  if (!flags.snapshot && flags.libraryVersion === undefined && library.config.version === undefined)
    throw new UsageError(`${name}: --library-version is missing: which version are the headers of?`);
  const diagnostics: Diagnostic[] = [];
  const versions: readonly (readonly TargetApi[])[] = flags.snapshot
    ? snapshotsByVersion(library, flags.snapshot, flags, diagnostics)
    : [(await readApis(library, sources, ownFilesOnly(flags), diagnostics)) ?? []];
  progress.clear();
  if (report(diagnostics)) {
    process.exitCode = ExitCode.headers;
    return;
  }
  const targets = targetsOf(library, flags);
  const before = historyTexts(library);
  const none = emptyHistory(library.config.name, '');
  let histories = findHistories(library, targets).map(
    (history, at) => history ?? { ...none, target: targets[at]!.name },
  );
  const lines: string[] = [];
  for (const inputs of versions) {
    const { version } = inputs[0]!.api;
    const merged = mergeAll(
      histories,
      inputs.map(({ api }) => api),
      flags,
    );
    const isSame = merged.every((history, at) => history === histories[at]);
    histories = merged;
    lines.push(isSame ? `${version} is in it already, from the same source` : changesOf(merged[0]!, version));
  }
  write(library, histories, before);
  const c = colors(process.stdout);
  for (const line of lines) process.stdout.write(`${c.bold(name)} ${line}\n`);
  process.stdout.write(`${shortPath(main)}: ${count(histories[0]!.versions.length, 'version')}\n`);
}

function checkAddFlags(flags: HistoryFlags): void {
  if (!flags.source) {
    throw new UsageError(
      "--source is missing: where the headers come from, for whoever reads the history\n  for example --source 'Debian bookworm, librbd-dev 16.2.15+ds-0+deb12u1'",
    );
  }
  if (flags.target) throw new UsageError('a history is of all targets of the configuration; leave --target out');
  for (const [option, given] of [
    ['-I', flags.includeDir],
    ['-D', flags.define],
    ['--own', flags.own],
    ['--pkg-config', flags.pkgConfig],
    ['--docs', flags.docs],
    ['--library-version', flags.libraryVersion],
  ] as const) {
    if (flags.snapshot && given) throw new UsageError(`${option} is about headers, and --snapshot reads none`);
  }
}

/** Headers from another folder than the system's are of another version than the system's library: that is not asked what it exports. */
function ownFilesOnly(flags: HistoryFlags): HistoryFlags {
  return flags.includeDir ? { ...flags, noExports: true } : flags;
}

/** Each version with the Apis of all targets of the library, oldest first. */
function snapshotsByVersion(
  library: LoadedLibrary,
  paths: readonly string[],
  flags: HistoryFlags,
  diagnostics: Diagnostic[],
): readonly (readonly TargetApi[])[] {
  const targets = targetsOf(library, flags);
  const found = paths.flatMap((path) => readSnapshotOf(path, targets, library));
  const versions = [...new Set(found.map(({ api }) => api.version))].sort(compareVersions);
  if (flags.exportList !== undefined && versions.length > 1)
    throw new UsageError(`--export-list is of one version, and the snapshots are of ${versions.join(', ')}`);
  return versions.map((version) =>
    targets.map((target) => {
      const own = found.filter((one) => one.target === target && one.api.version === version);
      if (own.length !== 1) {
        const what = own.length === 0 ? 'no snapshot' : `${own.length} snapshots`;
        throw new UsageError(
          `${library.config.name} ${version}: there is ${what} for ${target.name} among ${paths.join(', ')}`,
        );
      }
      return { target, api: withExportList(own[0]!, flags, diagnostics) };
    }),
  );
}

/** The Api for each of the targets that the file is of. */
function readSnapshotOf(path: string, targets: readonly Target[], { config }: LoadedLibrary): readonly TargetApi[] {
  const apis = within(path, () => snapshotsFromJson(readFileSync(path, 'utf8')));
  return apis.flatMap((api) => {
    if (api.library !== config.name) throw new UsageError(`${path} is of ${api.library}, and not of ${config.name}`);
    const target = targets.find(({ name }) => name === api.target);
    return target ? [{ api, target }] : [];
  });
}

function withExportList({ api, target }: TargetApi, { exportList }: HistoryFlags, diagnostics: Diagnostic[]): Api {
  if (exportList === undefined) return api;
  const gathered = new Diagnostics();
  const marked = markExports(api, (symbols) =>
    exportedSymbols(symbols, { files: [], exportList, target }, [], gathered),
  );
  diagnostics.push(...gathered.all);
  return marked;
}

/** Each history with the Api of its target; once for targets that share both, which came from one file. */
function mergeAll(histories: readonly History[], apis: readonly Api[], flags: HistoryFlags): History[] {
  const done: History[] = [];
  for (const [at, history] of histories.entries()) {
    const like = histories.findIndex(
      (other, n) => n < at && other.versions === history.versions && isShared(apis[n]!, apis[at]!),
    );
    const merged = like < 0 ? merge(history, apis[at]!, flags) : done[like]!;
    // What is in it already is the same history.
    const isSame = merged === (like < 0 ? history : histories[like]);
    done.push(isSame ? history : { ...merged, target: history.target });
  }
  return done;
}

function isShared(a: Api, b: Api): boolean {
  return a.functions === b.functions && a.exports === b.exports;
}

/** The same history where it says all of that already. */
function merge(history: History, api: Api, flags: HistoryFlags): History {
  const facts = { source: flags.source!, sonames: flags.soname ?? [] };
  if (versionIndex(history.versions, api.version) < 0) return addVersion(history, api, facts);
  const replaced = addVersion(removeVersion(history, api.version), api, facts);
  if (historyToJson(replaced) === historyToJson(history)) return history;
  if (flags.replace) return replaced;
  const known = history.versions[versionIndex(history.versions, api.version)]!;
  const differs = known.source === facts.source ? 'with other facts' : `from ${known.source}`;
  throw new UsageError(
    `${api.library} ${api.version} is in its history already, ${differs}; --replace puts this in its place`,
  );
}

/** `before`: what the files had when they were read. */
function write(library: LoadedLibrary, histories: readonly History[], before: ReadonlyMap<string, string>): void {
  const { files, stale } = historyFiles(library, histories);
  const lock = lockOf(library);
  try {
    const now = historyTexts(library);
    const other = [...before.keys(), ...now.keys()].find((path) => before.get(path) !== now.get(path));
    if (other !== undefined) throw meanwhile(`${shortPath(other)} was changed by another run meanwhile`);
    writeFiles(files);
    for (const path of stale) rmSync(path);
  } finally {
    if (lock !== undefined) rmSync(lock);
  }
}

/** A file that one run at a time has. Undefined where none can be made: then nothing can be written either, or the folder is not there yet. */
function lockOf(library: LoadedLibrary): string | undefined {
  const lock = `${historyPath(library)}.lock`;
  try {
    writeFileSync(lock, '', { flag: 'wx' });
    return lock;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return undefined;
    throw meanwhile(`another run has ${shortPath(lock)}, or one that was killed has left it: then remove it`);
  }
}

function meanwhile(what: string): UsageError {
  return new UsageError(`${what}; nothing was written, run this again`);
}

export async function remove(name: string, version: string, flags: SourceFlags): Promise<void> {
  const library = await one(name, flags);
  const before = historyTexts(library);
  const histories = readHistories(library, targetsOf(library, flags)).map((history) => removeVersion(history, version));
  write(library, histories, before);
  process.stdout.write(`${shortPath(historyPath(library))}: ${count(histories[0]!.versions.length, 'version')}\n`);
}

export async function list(names: readonly string[], flags: SourceFlags): Promise<void> {
  const { libraries } = await findSources(names, flags, () => false);
  const known = names.length > 0 ? libraries : libraries.filter(({ config }) => config.history !== undefined);
  if (known.length === 0) throw new UsageError('no library of the configuration has a `history`');
  const c = colors(process.stdout);
  const all = known.map((library) => {
    const [history] = readHistories(library, targetsOf(library, flags));
    return { library: library.config.name, baseline: library.config.baseline, versions: countsOf(history!) };
  });
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
    return;
  }
  for (const { library, baseline, versions } of all) {
    const from = baseline === undefined ? '' : `, baseline ${baseline}`;
    process.stdout.write(`${c.bold(library)}: ${count(versions.length, 'version')}${from}\n`);
    const width = Math.max(...versions.map(({ version }) => version.length));
    for (const one of versions) {
      const { added, removed, changed } = one;
      const changes = [added && `+${added}`, removed && `-${removed}`, changed && `~${changed}`]
        .filter(Boolean)
        .join(' ');
      process.stdout.write(
        `  ${one.version.padEnd(width)} ${String(one.functions).padStart(5)} functions ${changes.padEnd(14)} ${c.dim(`${one.sonames.join(' ')}${one.sonames.length ? ' · ' : ''}${one.source}`)}\n`,
      );
    }
  }
}

/** The one library that a command is about. */
export async function one(name: string, flags: SourceFlags): Promise<LoadedLibrary> {
  const { libraries } = await findSources([name], flags, () => false);
  return libraries[0]!;
}
