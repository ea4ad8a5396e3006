// In: a History. Out: features that it suggests: functions that came with a macro which says that they are there (LIBRBD_SUPPORTS_…), and
// all that came with one version. What went away again is in none, nor what files may have exported before: a header that was there before
// a library's main header included it (curl/mprintf.h) declares nothing new.

import type { FunctionDecl, VariableDecl } from '../model/api.ts';
import { versionsOf } from './entries.ts';
import type { ExportEntry, History, HistoryEntry, VersionSet } from './history.ts';

export interface SuggestedFeature {
  readonly name: string;
  readonly symbols: readonly string[];
  /** Where it comes from, in words. */
  readonly reason: string;
}

/** What a module has already. */
export interface Configured {
  /** Functions that features can be about. */
  readonly isWanted: (name: string) => boolean;
  /** The functions of each feature that there is. */
  readonly features: ReadonlyMap<string, readonly string[]>;
}

/** Of functions that came after the version of index `from`, oldest first. What repeats a feature is no suggestion. */
export function suggestedFeatures(
  history: History,
  from: number,
  { isWanted, features }: Configured,
): readonly SuggestedFeature[] {
  const idOf = (symbols: readonly string[]): string => [...symbols].sort().join();
  const known = new Set([...features.values()].map(idOf));
  return allSuggestions(history, from, isWanted).filter(
    ({ name, symbols }) => !features.has(name) && !known.has(idOf(symbols)),
  );
}

function allSuggestions(
  history: History,
  from: number,
  isWanted: (name: string) => boolean,
): readonly SuggestedFeature[] {
  const arrived = arrivals(history, from, isWanted);
  const bySupport = macrosOfSupport(history).flatMap(({ macro, stem, first }): SuggestedFeature[] => {
    const isNamed = new RegExp(`(^|_)${stem}(_|\\d|$)`);
    const symbols = (arrived.get(first) ?? []).filter((name) => isNamed.test(name));
    const reason = `came with ${macro} in ${history.versions[first]!.version}`;
    return symbols.length ? [{ name: stem, symbols, reason }] : [];
  });
  const byVersion = [...arrived]
    .sort(([a], [b]) => a - b)
    .map(([first, symbols]): SuggestedFeature => {
      const { version } = history.versions[first]!;
      const name = `since_${version.replace(/[^A-Za-z0-9]+/g, '_')}`;
      return { name, symbols, reason: `came with ${version}` };
    });
  return [...bySupport, ...byVersion];
}

/** By the version that they came with, the functions that are there ever since: by their headers, and by all exports that are known. */
function arrivals(
  history: History,
  from: number,
  isWanted: (name: string) => boolean,
): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  const exported = new Map(history.exports.map((entry) => [entry.symbol, entry]));
  const count = history.versions.length;
  for (const entry of history.functions) {
    const { decl } = entry.eras.at(-1)!;
    if (decl.unsupported || !isWanted(entry.key)) continue;
    const own = exported.get(decl.symbol ?? entry.key);
    const lacking = new Set(lackingIn(history, own, entry));
    const versions = versionsOf(entry).filter((at) => !lacking.has(at));
    const [first] = versions;
    if (first === undefined || first <= from || versions.length !== count - first) continue;
    const isEarlier = own?.versions.some((at) => at < first);
    // Declared before the file had it: that it came with this version, only the file's exports can say.
    const isLate = lacking.size > 0 && !history.versions[first]!.exportsKnown;
    if (isEarlier || isLate) continue;
    found.set(first, [...(found.get(first) ?? []), entry.key]);
  }
  return found;
}

/** Versions whose library is known to lack what its headers declare. */
export function lackingIn(
  history: History,
  exported: ExportEntry | undefined,
  entry: HistoryEntry<FunctionDecl> | HistoryEntry<VariableDecl> | undefined,
): VersionSet {
  if (!entry) return [];
  const known = new Set(exported?.versions ?? []);
  return versionsOf(entry).filter((at) => history.versions[at]!.exportsKnown && !known.has(at));
}

/** `LIBRBD_SUPPORTS_WRITE_ZEROES`, `LIBNFS_FEATURE_READAHEAD`, and the version that it came with. */
function macrosOfSupport(history: History): { macro: string; stem: string; first: number }[] {
  const library = history.library.toUpperCase().replace(/^LIB/, '');
  const words = new RegExp(`^(?:[A-Z0-9_]*?(?:SUPPORTS?|HAVE|HAS)|(?:LIB)?${library}_FEATURE)_([A-Z0-9_]*[A-Z0-9])$`);
  return history.constants
    .flatMap((entry) => {
      const [, stem] = words.exec(entry.key) ?? [];
      return stem ? [{ macro: entry.key, stem: stem.toLowerCase(), first: versionsOf(entry)[0]! }] : [];
    })
    .sort((a, b) => a.first - b.first);
}
