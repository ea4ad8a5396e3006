// In: a history. Out: for each version how much it declares, and how much of that is otherwise than in the version before.

import { eraAt } from '../history/entries.ts';
import type { History, HistoryEntry } from '../history/history.ts';
import { versionIndex } from '../history/ranges.ts';

export interface VersionCounts {
  readonly version: string;
  readonly source: string;
  readonly sonames: readonly string[];
  readonly exportsKnown: boolean;
  readonly functions: number;
  readonly records: number;
  /** Enumerators and macros. */
  readonly constants: number;
  /** Functions, variables, types and constants that the version before lacks, that this one lacks, and that are not the same in both; 0 in
   *  the first version. */
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

export function countsOf(history: History): readonly VersionCounts[] {
  const enumerators = history.enums.flatMap((entry) => entry.enumerators);
  const constants: readonly HistoryEntry<unknown>[] = [...enumerators, ...history.constants];
  const types = [...history.records, ...history.enums, ...history.typedefs];
  const all: readonly HistoryEntry<unknown>[] = [...history.functions, ...history.variables, ...types, ...constants];
  const countAt = (entries: readonly HistoryEntry<unknown>[], at: number): number =>
    entries.filter((entry) => eraAt(entry, at)).length;
  return history.versions.map(({ version, source, sonames, exportsKnown }, at) => ({
    version,
    source,
    sonames,
    exportsKnown,
    functions: countAt(history.functions, at),
    records: countAt(history.records, at),
    constants: countAt(constants, at),
    ...(at === 0 ? { added: 0, removed: 0, changed: 0 } : changesBetween(all, at - 1, at)),
  }));
}

function changesBetween(entries: readonly HistoryEntry<unknown>[], before: number, after: number) {
  const counts = { added: 0, removed: 0, changed: 0 };
  for (const entry of entries) {
    const [old, now] = [eraAt(entry, before), eraAt(entry, after)];
    if (!old && now) counts.added++;
    else if (old && !now) counts.removed++;
    else if (old !== now) counts.changed++;
  }
  return counts;
}

/** `16.2.15: 519 functions, 94 records, 240 constants; against 15.2.17: 34 added, 2 removed, 5 changed`. */
export function changesOf(history: History, version: string): string {
  const at = versionIndex(history.versions, version);
  const { functions, records, constants, added, removed, changed } = countsOf(history)[at]!;
  const before = history.versions[at - 1]?.version;
  const changes =
    before === undefined ? '' : `; against ${before}: ${added} added, ${removed} removed, ${changed} changed`;
  const has = [count(functions, 'function'), count(records, 'record'), count(constants, 'constant')].join(', ');
  return `${version}: ${has}${changes}`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
