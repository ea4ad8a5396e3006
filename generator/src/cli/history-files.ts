// In: a library whose configuration has a `history`. Out: what its files hold, for each target; and the texts of files for histories that
// have changed. Targets that have the same history share one file, others stand beside it: `history.x86_64-windows.json`.

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LoadedLibrary } from '../config/config.ts';
import { HistoryError } from '../history/error.ts';
import type { History } from '../history/history.ts';
import { historyFromJson, historyToJson } from '../history/json.ts';
import { apiAt, unionApi } from '../history/select.ts';
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

/** The history for a target; undefined where no file has one. */
export function findHistory(library: LoadedLibrary, target: Target): History | undefined {
  const main = historyPath(library);
  for (const path of [main, ...snapshotsBeside(main)]) {
    if (!existsSync(path)) continue;
    const history = within(path, () => historyFromJson(readFileSync(path, 'utf8'), target.name));
    if (history.target === target.name) return history;
  }
  return undefined;
}

export function readHistory(library: LoadedLibrary, target: Target): History {
  const history = findHistory(library, target);
  if (history && history.versions.length > 0) return history;
  throw new UsageError(
    `${library.config.name}: neither ${shortPath(historyPath(library))} nor a file beside it is of ${target.name}; \`dlshim history add ${library.config.name}\` writes them`,
  );
}

/** What a version declares; the newest one where none is named. */
export function apiOfVersion(library: LoadedLibrary, target: Target, version: string | undefined): Api {
  const history = readHistory(library, target);
  return within(historyPath(library), () => apiAt(history, version ?? history.versions.at(-1)!.version));
}

/** All versions from the baseline on, for one shim. */
export function readUnion(library: LoadedLibrary, target: Target): TargetApi {
  const history = readHistory(library, target);
  const baseline = library.config.baseline ?? history.versions[0]!.version;
  return { api: within(historyPath(library), () => unionApi(history, baseline)), target, history };
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

/** What is wrong with a history, with the file that it is in. */
export function within<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof HistoryError) throw new UsageError(`${shortPath(path)}: ${error.message}`);
    throw error;
  }
}
