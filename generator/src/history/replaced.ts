// History -> History: what another declaration of its name has taken the place of, left out. C has one space for functions, variables, enumerators
// and, through the preprocessor, macros; over the years one name may be of several kinds, and only the newest of them can be in one module.

import { versionsOf } from './entries.ts';
import type { EnumEntry, History, HistoryEntry } from './history.ts';

/** Of the versions from index `from` on. */
export function withoutReplaced(history: History, from: number): History {
  const newest = newestByName(history, from);
  const isNewest = (entry: HistoryEntry<unknown>, name = entry.key): boolean =>
    lastOf(entry, from) >= (newest.get(name) ?? -1);
  const enums = history.enums.map(
    (entry): EnumEntry => ({
      ...entry,
      enumerators: entry.enumerators.filter((one) => isNewest(one)),
    }),
  );
  const typedefs = new Map(history.typedefs.map((entry) => [entry.key, lastOf(entry, from)]));
  /** A record or enumeration that is known by a typedef's name, where the typedef has come to name something else. */
  const isRenamed = (entry: HistoryEntry<unknown>): boolean => (typedefs.get(entry.key) ?? -1) > lastOf(entry, from);
  const outside = new Map<string, number>();
  for (const entry of [
    ...history.records,
    ...history.typedefs,
    ...history.functions,
  ] as readonly HistoryEntry<unknown>[])
    outside.set(entry.key, Math.max(outside.get(entry.key) ?? -1, lastOf(entry, from)));
  /** A record inside another declaration, the newest of which no longer has it. */
  const isLeftBehind = (entry: HistoryEntry<unknown>): boolean => {
    const [outer = ''] = entry.key.split('::');
    return outer !== entry.key && (outside.get(outer) ?? -1) > lastOf(entry, from);
  };
  return {
    ...history,
    functions: history.functions.filter((entry) => isNewest(entry)),
    variables: history.variables.filter((entry) => isNewest(entry)),
    constants: history.constants.filter((entry) => isNewest(entry)),
    unsupported: history.unsupported.filter((entry) => isNewest(entry, entry.eras[0]!.decl.name)),
    records: history.records.filter((entry) => !isRenamed(entry) && !isLeftBehind(entry)),
    enums: enums.filter((entry) => !isRenamed(entry) || entry.enumerators.some((one) => lastOf(one, from) >= 0)),
  };
}

/** The newest version in which a name is an ordinary identifier or a macro. */
function newestByName(history: History, from: number): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  const entries = [history.functions, history.variables, history.constants, ...history.enums.map((e) => e.enumerators)];
  for (const entry of entries.flat() as readonly HistoryEntry<unknown>[])
    newest.set(entry.key, Math.max(newest.get(entry.key) ?? -1, lastOf(entry, from)));
  return newest;
}

/** The index of the newest version of an entry; -1 where that is older than `from`. */
function lastOf(entry: HistoryEntry<unknown>, from: number): number {
  const last = versionsOf(entry).at(-1)!;
  return last >= from ? last : -1;
}
