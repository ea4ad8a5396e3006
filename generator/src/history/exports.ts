// What the library's files of all versions export, merged: one version more.

import type { Api, SymbolVersion } from '../model/api.ts';
import { compareText } from './compare.ts';
import type { ExportEntry } from './history.ts';
import { including } from './ranges.ts';

/** `at`: the index of the added version, which no entry has yet. */
export function mergeExports(entries: readonly ExportEntry[], api: Api, at: number): readonly ExportEntry[] {
  if (api.notExported === undefined) return entries;
  const bySymbol = new Map(entries.map((entry) => [entry.symbol, entry]));
  const versionsOf = new Map<string, SymbolVersion[]>();
  for (const one of api.exports?.symbolVersions ?? [])
    versionsOf.set(one.symbol, [...(versionsOf.get(one.symbol) ?? []), one]);
  for (const symbol of exportedBy(api)) {
    const known = bySymbol.get(symbol) ?? { symbol, versions: [], symbolVersions: [] };
    const names = new Map(known.symbolVersions.map((one) => [one.name, one]));
    for (const { version: name, isDefault } of versionsOf.get(symbol) ?? []) {
      const before = names.get(name) ?? { name, versions: [], isDefault: [] };
      names.set(name, {
        name,
        versions: including(before.versions, at),
        isDefault: isDefault ? including(before.isDefault, at) : before.isDefault,
      });
    }
    const symbolVersions = [...names.values()].sort((a, b) => compareText(a.name, b.name));
    bySymbol.set(symbol, { symbol, versions: including(known.versions, at), symbolVersions });
  }
  return [...bySymbol.values()].sort((a, b) => compareText(a.symbol, b.symbol));
}

/** Without what no version has any more. */
export function withoutExports(entries: readonly ExportEntry[]): readonly ExportEntry[] {
  return entries
    .filter((entry) => entry.versions.length > 0)
    .map((entry) => ({ ...entry, symbolVersions: entry.symbolVersions.filter((one) => one.versions.length > 0) }));
}

/** The symbols of what an Api declares and its library exports, and what that exports besides. */
function exportedBy(api: Api): ReadonlySet<string> {
  const missing = new Set(api.notExported);
  const declared = [...api.functions, ...api.variables].filter((d) => !d.unsupported && !missing.has(d.name));
  return new Set([...declared.map((d) => d.symbol ?? d.name), ...(api.exports?.undeclared ?? [])]);
}
