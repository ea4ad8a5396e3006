// History -> Api: of one version, or of all from one version on. Declarations stand in the order of the headers that have them, as far as
// their places tell it.

import {
  type Api,
  compareSymbolVersions,
  type EnumDecl,
  type Enumerator,
  type FunctionDecl,
  type Origin,
  type SymbolVersion,
  type VariableDecl,
} from '../model/api.ts';
import { compareText } from './compare.ts';
import { eraAt, newestEra, versionsOf } from './entries.ts';
import { HistoryError } from './error.ts';
import type { DeclEra, EnumEntry, History, HistoryEntry, VersionSet } from './history.ts';
import { unknownVersion } from './merge.ts';
import { indexesFrom, versionIndex } from './ranges.ts';
import { withoutReplaced } from './replaced.ts';

/** Which era of an entry is meant; undefined for none. */
type Pick = <T>(entry: HistoryEntry<T>) => DeclEra<T> | undefined;

/** What a version declares. Throws a HistoryError where the history does not have it. */
export function apiAt(history: History, version: string): Api {
  const at = indexOf(history, version);
  return apiOf(history, at, [at], (entry) => eraAt(entry, at));
}

/** The newest declaration of everything that any version from this one on has; where names moved from one kind of declaration to another, as
 *  from macros to enumerators, those of the newer kind. Its version is the newest one. */
export function unionApi(history: History, fromVersion: string): Api {
  const from = indexOf(history, fromVersion);
  const all = indexesFrom(from, history.versions.length);
  const newest = history.versions.length - 1;
  return apiOf(withoutReplaced(history, from), newest, all, (entry) => newestEra(entry, from));
}

/** The index of a version. */
export function indexOf(history: History, version: string): number {
  const at = versionIndex(history.versions, version);
  if (at < 0) throw new HistoryError(unknownVersion(history, version));
  return at;
}

/** `named`: the version that the Api goes by; `all`: those that it is of. */
function apiOf(history: History, named: number, all: readonly number[], pick: Pick): Api {
  const { version, headers } = history.versions[named]!;
  const newestFirst = [...all].reverse().map((index) => history.versions[index]!);
  const ownHeaders = [...new Set(newestFirst.flatMap((v) => v.ownHeaders))];
  const order = byPlace(ownHeaders);
  const declared = <T extends { readonly origin: Origin }>(entries: readonly HistoryEntry<T>[]): T[] =>
    entries
      .flatMap((entry) => pick(entry)?.decl ?? [])
      .map((decl, at) => ({ decl, at }))
      .sort((a, b) => order(a.decl.origin, b.decl.origin) || a.at - b.at)
      .map(({ decl }) => decl);
  const enumsByKey = new Map(history.enums.map((entry) => [entry.key, entry]));
  return {
    library: history.library,
    version,
    target: history.target,
    headers,
    ownHeaders,
    functions: declared(history.functions),
    records: declared(history.records),
    enums: declared(history.enums).map(
      (frame): EnumDecl => ({ ...frame, enumerators: enumeratorsOf(enumsByKey.get(frame.key)!, pick) }),
    ),
    typedefs: declared(history.typedefs),
    variables: declared(history.variables),
    constants: declared(history.constants),
    unsupported: declared(history.unsupported),
    ...exportsOf(history, all, pick),
  };
}

/** By their values, as headers nearly always have them. */
function enumeratorsOf(entry: EnumEntry, pick: Pick): Enumerator[] {
  return entry.enumerators
    .flatMap((one) => pick(one)?.decl ?? [])
    .sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : compareText(a.name, b.name)));
}

/** The library's own headers in their order, what is not the library's own behind them. */
function byPlace(ownHeaders: readonly string[]): (a: Origin, b: Origin) => number {
  const rank = new Map(ownHeaders.map((header, at) => [header, at]));
  const of = ({ header }: Origin): number => rank.get(header) ?? ownHeaders.length;
  return (a, b) => of(a) - of(b) || a.line - b.line;
}

/** What the files of these versions say: of each function, variable and symbol version the newest that does. */
function exportsOf(history: History, all: readonly number[], pick: Pick): Partial<Api> {
  const known = all.filter((index) => history.versions[index]!.exportsKnown);
  if (known.length === 0) return {};
  const bySymbol = new Map(history.exports.map((entry) => [entry.symbol, entry]));
  const declared = new Set<string>();
  const notExported: string[] = [];
  for (const entry of [...history.functions, ...history.variables] as readonly HistoryEntry<Symbolic>[]) {
    const decl = pick(entry)?.decl;
    if (!decl || decl.unsupported) continue;
    const symbol = decl.symbol ?? decl.name;
    declared.add(symbol);
    const newest = newestOf(versionsOf(entry), known);
    if (newest !== undefined && !bySymbol.get(symbol)?.versions.includes(newest)) notExported.push(decl.name);
  }
  const undeclared: string[] = [];
  const symbolVersions: SymbolVersion[] = [];
  for (const { symbol, versions, symbolVersions: list } of history.exports) {
    const newest = newestOf(versions, known);
    if (newest === undefined) continue;
    if (!declared.has(symbol)) undeclared.push(symbol);
    for (const { name, versions: those, isDefault } of list)
      if (those.includes(newest)) symbolVersions.push({ symbol, version: name, isDefault: isDefault.includes(newest) });
  }
  const sonames = [...new Set(all.flatMap((index) => history.versions[index]!.sonames))].sort(compareText);
  return { notExported, exports: { sonames, undeclared, symbolVersions: symbolVersions.sort(compareSymbolVersions) } };
}

type Symbolic = FunctionDecl | VariableDecl;

/** The newest member of a set that is among these. */
function newestOf(set: VersionSet, among: readonly number[]): number | undefined {
  return set.findLast((index) => among.includes(index));
}
