// What versions export <-> lines of a history file. That a library exports what its headers declare is not said: only what it does not, what it
// exports besides, and symbol versions. Ranges are among the versions whose exports are known.

import type { FunctionDecl, VariableDecl } from '../model/api.ts';
import { compareText } from './compare.ts';
import type { JsonObject } from './declarations.ts';
import type { ExportEntry, History, HistoryEntry, VersionSet } from './history.ts';
import { rangesText } from './ranges.ts';

export interface ExportLine {
  readonly symbol: string;
  /** Where it is exported; without it, where it is declared. */
  readonly in?: string;
  /** Each where it is among those that export the symbol, and where it is not the default one. */
  readonly versions?: readonly { readonly name: string; readonly in?: string; readonly hidden?: string }[];
}

export function exportLines(history: History): readonly JsonObject[] {
  const name = (index: number): string => history.versions[index]!.version;
  const known = knownVersions(history);
  const usual = declaredSymbols(history, known);
  const bySymbol = new Map(history.exports.map((entry) => [entry.symbol, entry]));
  const symbols = [...new Set([...usual.keys(), ...bySymbol.keys()])].sort(compareText);
  return symbols.flatMap((symbol): JsonObject[] => {
    const { versions = [], symbolVersions = [] } = bySymbol.get(symbol) ?? {};
    const isUsual = versions.join() === (usual.get(symbol) ?? []).join();
    if (isUsual && symbolVersions.length === 0) return [];
    const lines = symbolVersions.map((one) => {
      const hidden = one.versions.filter((index) => !one.isDefault.includes(index));
      return {
        name: one.name,
        in: one.versions.length === versions.length ? undefined : rangesText(one.versions, versions, name),
        hidden: hidden.length === 0 ? undefined : rangesText(hidden, one.versions, name),
      };
    });
    const where = isUsual ? undefined : rangesText(versions, known, name);
    return [{ symbol, in: where, versions: lines.length > 0 ? lines : undefined }];
  });
}

/** What the meaning of lines depends on. */
type Declared = Pick<History, 'versions' | 'functions' | 'variables'>;

/** The inverse, for a history that has everything else. `ranges` reads ranges among a set; all of it where there is no text. */
export function exportsFromLines(
  history: Declared,
  lines: readonly ExportLine[],
  ranges: (text: string | undefined, base: VersionSet) => VersionSet,
): readonly ExportEntry[] {
  const known = knownVersions(history);
  const entries = new Map(
    [...declaredSymbols(history, known)].map(([symbol, versions]): [string, ExportEntry] => [
      symbol,
      { symbol, versions, symbolVersions: [] },
    ]),
  );
  for (const line of lines) {
    const usual = entries.get(line.symbol)?.versions ?? [];
    const versions = line.in === undefined ? usual : ranges(line.in, known);
    const symbolVersions = (line.versions ?? []).map(({ name, in: where, hidden }) => {
      const those = ranges(where, versions);
      const not = hidden === undefined ? [] : ranges(hidden, those);
      return { name, versions: those, isDefault: those.filter((index) => !not.includes(index)) };
    });
    entries.set(line.symbol, { symbol: line.symbol, versions, symbolVersions });
  }
  return [...entries.values()]
    .filter((entry) => entry.versions.length > 0)
    .sort((a, b) => compareText(a.symbol, b.symbol));
}

function knownVersions({ versions }: Declared): VersionSet {
  return versions.flatMap(({ exportsKnown }, at) => (exportsKnown ? [at] : []));
}

/** The symbols of what headers declare and a table can carry, each with those of the known versions that declare it. */
function declaredSymbols(history: Declared, known: VersionSet): ReadonlyMap<string, VersionSet> {
  const found = new Map<string, VersionSet>();
  if (known.length === 0) return found;
  const isKnown = new Set(known);
  /** Most entries share one set. */
  const knownOf = new Map<VersionSet, VersionSet>();
  const entries: readonly HistoryEntry<FunctionDecl | VariableDecl>[] = [...history.functions, ...history.variables];
  for (const { eras } of entries) {
    for (const { versions, decl } of eras) {
      if (decl.unsupported) continue;
      const those = knownOf.get(versions) ?? versions.filter((index) => isKnown.has(index));
      knownOf.set(versions, those);
      const symbol = decl.symbol ?? decl.name;
      const before = found.get(symbol);
      found.set(symbol, before ? [...new Set([...before, ...those])].sort((a, b) => a - b) : those);
    }
  }
  return found;
}
