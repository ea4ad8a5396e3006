// Questions about one entry of a history.

import type { DeclEra, HistoryEntry, VersionSet } from './history.ts';

/** The versions that have any of its eras. */
export function versionsOf(entry: HistoryEntry<unknown>): VersionSet {
  const [only, ...others] = entry.eras;
  return others.length === 0 && only
    ? only.versions
    : [...new Set(entry.eras.flatMap((era) => era.versions))].sort((a, b) => a - b);
}

/** The era of a version; undefined where that does not have it. */
export function eraAt<T>(entry: HistoryEntry<T>, index: number): DeclEra<T> | undefined {
  return entry.eras.find((era) => era.versions.includes(index));
}

/** The era with the newest version, where that is not older than `from`. */
export function newestEra<T>(entry: HistoryEntry<T>, from = 0): DeclEra<T> | undefined {
  let found: DeclEra<T> | undefined;
  for (const era of entry.eras) {
    const last = era.versions.at(-1)!;
    if (last >= from && last > (found?.versions.at(-1) ?? -1)) found = era;
  }
  return found;
}
