// History x Api -> History: one version more, or one less. What comes out does not depend on the order in which versions were added.

import type { Api } from '../model/api.ts';
import { compareText, compareVersions, isVersion } from './compare.ts';
import { HistoryError } from './error.ts';
import { mergeExports, withoutExports } from './exports.ts';
import type { DeclEra, EnumEntry, History, HistoryEntry, HistoryVersion, VersionSet } from './history.ts';
import { stableKeys } from './keys.ts';
import { including, versionIndex } from './ranges.ts';
import * as sections from './sections.ts';
import { identity, type Section } from './sections.ts';

/** What is to be known of a version besides its Api. */
export interface VersionFacts {
  /** Where its headers come from. */
  readonly source: string;
  /** What its files call themselves, besides what the Api says. */
  readonly sonames?: readonly string[];
}

export function emptyHistory(library: string, target: string): History {
  const lists = { functions: [], records: [], enums: [], typedefs: [], variables: [], constants: [], unsupported: [] };
  return { library, target, versions: [], ...lists, exports: [] };
}

/** Throws a HistoryError where the version is there already, or is not of this library and target. */
export function addVersion(history: History, added: Api, facts: VersionFacts): History {
  const api = stableKeys(added);
  checkFits(history, api);
  const at = history.versions.filter((known) => compareVersions(known.version, api.version) < 0).length;
  const room = (set: VersionSet): VersionSet =>
    at === history.versions.length ? set : set.map((index) => (index < at ? index : index + 1));
  const moved = mapSets(history, room);
  const merged = <T extends object>(entries: readonly HistoryEntry<T>[], decls: readonly T[], section: Section<T>) =>
    mergeEntries(entries, decls, at, section);
  const versions = [...history.versions];
  versions.splice(at, 0, versionOf(api, facts));
  return {
    library: history.library,
    target: history.target,
    versions,
    functions: merged(moved.functions, api.functions, sections.functions),
    records: merged(moved.records, api.records, sections.records),
    enums: mergeEnums(moved.enums, api, at),
    typedefs: merged(moved.typedefs, api.typedefs, sections.typedefs),
    variables: merged(moved.variables, api.variables, sections.variables),
    constants: merged(moved.constants, api.constants, sections.constants),
    unsupported: merged(moved.unsupported, distinct(api.unsupported), sections.unsupported),
    exports: mergeExports(moved.exports, api, at),
  };
}

/** Without one version. What only this version said of places and comments stays with declarations that others have as well. */
export function removeVersion(history: History, version: string): History {
  const gone = versionIndex(history.versions, version);
  if (gone < 0) throw new HistoryError(unknownVersion(history, version));
  const closed = mapSets(history, (set) => set.filter((i) => i !== gone).map((i) => (i < gone ? i : i - 1)));
  const kept = <T>(entries: readonly HistoryEntry<T>[]): HistoryEntry<T>[] => entries.flatMap(withoutEmptyEras);
  return {
    ...closed,
    versions: history.versions.filter((_, at) => at !== gone),
    functions: kept(closed.functions),
    records: kept(closed.records),
    enums: closed.enums.flatMap((entry) =>
      withoutEmptyEras(entry).map((rest) => ({ ...rest, enumerators: kept(entry.enumerators) })),
    ),
    typedefs: kept(closed.typedefs),
    variables: kept(closed.variables),
    constants: kept(closed.constants),
    unsupported: kept(closed.unsupported),
    exports: withoutExports(closed.exports),
  };
}

export function unknownVersion(history: History, version: string): string {
  const known = history.versions.map((v) => v.version);
  return `the history of ${history.library} has no version ${version}; it has ${known.join(' ') || 'none'}`;
}

function checkFits(history: History, api: Api): void {
  const { library, version, target } = api;
  if (library !== history.library || target !== history.target) {
    throw new HistoryError(
      `this is the history of ${history.library} for ${history.target}, and not of ${library} for ${target}`,
    );
  }
  if (!isVersion(version)) {
    throw new HistoryError(
      `${library}: ${JSON.stringify(version)} is not a version that stands in an order: it begins with a number, as 1.20.0 does`,
    );
  }
  const known = history.versions[versionIndex(history.versions, version)];
  if (known) {
    const spelled = known.version === version ? '' : `, as ${known.version}`;
    throw new HistoryError(
      `version ${version} is in the history of ${library} already${spelled}, from ${known.source}`,
    );
  }
}

function versionOf(api: Api, facts: VersionFacts): HistoryVersion {
  const { version, headers } = api;
  const ownHeaders = inOrder(api);
  const sonames = [...new Set([...(api.exports?.sonames ?? []), ...(facts.sonames ?? [])])].sort(compareText);
  return { version, source: facts.source, headers, ownHeaders, sonames, exportsKnown: api.notExported !== undefined };
}

/** A header that others include is read after these have begun, and its declarations come before theirs: so it stands before them, for
 *  select.ts to tell the order of declarations from their places. */
function inOrder(api: Api): readonly string[] {
  const own = new Set(api.ownHeaders);
  const lists = [api.functions, api.records, api.typedefs, api.enums, api.variables, api.constants];
  const met = lists.flatMap((list) => list.map((d) => d.origin.header)).filter((header) => own.has(header));
  return [...new Set([...met, ...own])];
}

/** One declaration of a name where headers repeat themselves for the same reason. */
function distinct(list: Api['unsupported']): Api['unsupported'] {
  const { keyOf } = sections.unsupported;
  const byKey = new Map<string, Api['unsupported'][number]>();
  for (const d of list) {
    const known = byKey.get(keyOf(d));
    byKey.set(keyOf(d), known && known.reason !== d.reason ? { ...known, reason: `${known.reason}; ${d.reason}` } : d);
  }
  return [...byKey.values()];
}

function mergeEntries<T extends object>(
  entries: readonly HistoryEntry<T>[],
  decls: readonly T[],
  at: number,
  section: Section<T>,
): HistoryEntry<T>[] {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  for (const decl of decls) {
    const key = section.keyOf(decl);
    byKey.set(key, { key, eras: mergeEras(byKey.get(key)?.eras ?? [], decl, at, section) });
  }
  return [...byKey.values()].sort((a, b) => compareText(a.key, b.key));
}

function mergeEras<T extends object>(
  eras: readonly DeclEra<T>[],
  decl: T,
  at: number,
  section: Section<T>,
): readonly DeclEra<T>[] {
  const text = identity(decl, section);
  const same = eras.find((era) => identity(era.decl, section) === text);
  const era: DeclEra<T> = same
    ? { versions: including(same.versions, at), decl: at > same.versions.at(-1)! ? decl : same.decl }
    : { versions: [at], decl };
  return [...eras.filter((other) => other !== same), era].sort((a, b) => a.versions[0]! - b.versions[0]!);
}

function mergeEnums(entries: readonly EnumEntry[], api: Api, at: number): EnumEntry[] {
  const before = new Map(entries.map((entry) => [entry.key, entry.enumerators]));
  const added = new Map(api.enums.map((d) => [d.key, d.enumerators]));
  const frames = api.enums.map(({ enumerators: _, ...frame }) => frame);
  return mergeEntries(entries, frames, at, sections.enums).map((entry) => ({
    ...entry,
    enumerators: mergeEntries(before.get(entry.key) ?? [], added.get(entry.key) ?? [], at, sections.enumerators),
  }));
}

/** Every set of versions in a history through a function. */
function mapSets(history: History, change: (set: VersionSet) => VersionSet): History {
  const entry = <E extends HistoryEntry<unknown>>(e: E): E => ({
    ...e,
    eras: e.eras.map((era) => ({ ...era, versions: change(era.versions) })),
  });
  return {
    ...history,
    functions: history.functions.map(entry),
    records: history.records.map(entry),
    enums: history.enums.map((e) => ({ ...entry(e), enumerators: e.enumerators.map(entry) })),
    typedefs: history.typedefs.map(entry),
    variables: history.variables.map(entry),
    constants: history.constants.map(entry),
    unsupported: history.unsupported.map(entry),
    exports: history.exports.map((e) => ({
      ...e,
      versions: change(e.versions),
      symbolVersions: e.symbolVersions.map((s) => ({
        ...s,
        versions: change(s.versions),
        isDefault: change(s.isDefault),
      })),
    })),
  };
}

function withoutEmptyEras<E extends HistoryEntry<unknown>>(entry: E): E[] {
  const eras = entry.eras.filter((era) => era.versions.length > 0);
  return eras.length > 0 ? [{ ...entry, eras: eras.sort((a, b) => a.versions[0]! - b.versions[0]!) }] : [];
}
