// In: a library whose configuration has a `history`. Out: what its files hold, for each target; and the texts of files for histories that
// have changed. Targets that have the same history share one file, others stand beside it: `history.x86_64-windows.json`.

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LoadedLibrary } from '../config/config.ts';
import { HistoryError } from '../history/error.ts';
import type { History } from '../history/history.ts';
import { historiesFromJson, historyToJson } from '../history/json.ts';
import { unknownVersion } from '../history/merge.ts';
import { versionIndex } from '../history/ranges.ts';
import { apiAt, unionApi } from '../history/select.ts';
import { SnapshotError } from '../history/snapshot.ts';
import type { Api } from '../model/api.ts';
import type { Target } from '../target.ts';
import { allTargets } from '../targets/targets.ts';
import { UsageError } from './output.ts';
import { shortPath, snapshotsBeside, type TargetApi } from './source.ts';

/** Where the history of a library is, or will be. */
export function historyPath({ config, dir }: LoadedLibrary): string {
  if (config.history === undefined) {
    throw new UsageError(
      `${config.name} has no \`history\` in its configuration\n  add "history": "history.json", and versions with \`dlshim history add ${config.name}\``,
    );
  }
  return resolve(dir, config.history);
}

/** The history for each target; undefined where no file has one. Those of one file share what they hold. */
export function findHistories(library: LoadedLibrary, targets: readonly Target[]): readonly (History | undefined)[] {
  const main = historyPath(library);
  const found = new Map<string, History>();
  for (const path of [main, ...snapshotsBeside(main)]) {
    if (targets.every(({ name }) => found.has(name))) break;
    if (!existsSync(path)) continue;
    for (const history of within(path, () => historiesFromJson(readFileSync(path, 'utf8')))) {
      if (!found.has(history.target)) found.set(history.target, history);
    }
  }
  return targets.map(({ name }) => found.get(name));
}

export function findHistory(library: LoadedLibrary, target: Target): History | undefined {
  return findHistories(library, [target])[0];
}

export function readHistories(library: LoadedLibrary, targets: readonly Target[]): readonly History[] {
  return findHistories(library, targets).map((history, at) => {
    if (history && history.versions.length > 0) return history;
    throw new UsageError(
      `${library.config.name}: neither ${shortPath(historyPath(library))} nor a file beside it is of ${targets[at]!.name}; \`dlshim history add ${library.config.name}\` writes them`,
    );
  });
}

export function readHistory(library: LoadedLibrary, target: Target): History {
  return readHistories(library, [target])[0]!;
}

/** What a version declares; the newest one where none is named. */
export function apiOfVersion(library: LoadedLibrary, target: Target, version: string | undefined): Api {
  const history = readHistory(library, target);
  return within(historyPath(library), () => apiAt(history, version ?? history.versions.at(-1)!.version));
}

/** All versions from the baseline on, for one shim. */
export function readUnions(library: LoadedLibrary, targets: readonly Target[]): readonly TargetApi[] {
  const histories = readHistories(library, targets);
  const unions = new Map<History['versions'], Api>();
  return histories.map((history, at) => {
    const baseline = library.config.baseline ?? history.versions[0]!.version;
    if (versionIndex(history.versions, baseline) < 0)
      throw new UsageError(`${library.config.name}: \`baseline\` is ${baseline}: ${unknownVersion(history, baseline)}`);
    const union = unions.get(history.versions) ?? within(historyPath(library), () => unionApi(history, baseline));
    unions.set(history.versions, union);
    const target = targets[at]!;
    return { api: { ...union, target: target.name }, target, history };
  });
}

/** What the files of a history hold now, by path. */
export function historyTexts(library: LoadedLibrary): ReadonlyMap<string, string> {
  const main = historyPath(library);
  const there = [main, ...snapshotsBeside(main)].filter((path) => existsSync(path));
  return new Map(there.map((path) => [path, readFileSync(path, 'utf8')]));
}

export interface HistoryFiles {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Files beside the main one that are no longer needed. */
  readonly stale: readonly string[];
}

/** The files of the histories of all targets, in the order of the targets. */
export function historyFiles(library: LoadedLibrary, histories: readonly History[]): HistoryFiles {
  const main = historyPath(library);
  const beside = snapshotsBeside(main);
  const groups = new Map<string, History[]>();
  for (const history of histories) {
    const key = historyToJson(history, []);
    groups.set(key, [...(groups.get(key) ?? []), history]);
  }
  const files = [...groups.values()].map((group, at) => ({
    path: at === 0 ? main : beside[allTargets.findIndex(({ name }) => name === group[0]!.target)]!,
    text: historyToJson(
      group[0]!,
      group.map(({ target }) => target),
    ),
  }));
  const stale = beside.filter((path) => existsSync(path) && !files.some((file) => file.path === path));
  return { files, stale };
}

/** What is wrong with a history or a snapshot, with the file that it is in. */
export function within<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof HistoryError) throw new UsageError(`${shortPath(path)}: ${error.message}`);
    if (error instanceof SnapshotError)
      throw new UsageError(`${shortPath(path)}: this snapshot cannot be read: ${error.message}`);
    throw error;
  }
}
