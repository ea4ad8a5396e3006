// In: a library and its history. Out: which file of it is installed on this machine, and which of the known versions it is. Nothing is loaded: what
// the file exports is held against what each version does.

import type { LoadedLibrary } from '../config/config.ts';
import { findExports } from '../exports/find.ts';
import type { History, VersionSet } from '../history/history.ts';
import type { Machine } from '../report/input.ts';
import { BUILTIN } from '../search.ts';
import type { Target } from '../target.ts';
import { type SourceFlags, sysrootsOf } from './source.ts';

export function installed(library: LoadedLibrary, history: History, target: Target, flags: SourceFlags): Machine {
  const files = library.config.files[target.platform] ?? [];
  const { elf } = target;
  if (!elf) return { absent: `Files of ${target.name} cannot be looked up here.` };
  const folders = sysrootsOf(library, flags)?.filter((root) => root !== BUILTIN) ?? [];
  const roots = folders.length ? folders : ['/'];
  const symbols = knownSymbols(history);
  const found = findExports(files, symbols, roots, elf);
  if (!found) return { absent: `No ${files.join(' or ')} for ${target.name} is where its loader looks.` };
  const missing = new Set(found.missing);
  const exports = new Set(symbols.filter((symbol) => !missing.has(symbol)));
  const [soname] = found.exports.sonames;
  return { file: found.path, soname, exports, ...dated(history, exports, soname, found.exports.undeclared) };
}

/** Of functions and variables of any version, as the linker knows them. */
function knownSymbols({ functions, variables, exports }: History): readonly string[] {
  const declared = [...functions, ...variables].flatMap(({ eras }) =>
    eras.flatMap(({ decl }) => (decl.unsupported === undefined ? [decl.symbol ?? decl.name] : [])),
  );
  return [...new Set([...declared, ...exports.map(({ symbol }) => symbol)])];
}

type Dated = Pick<Machine & { readonly absent?: undefined }, 'place' | 'version' | 'reasons'>;

/** The versions whose symbols and SONAME it has; where none has these all, those that come nearest. `unknown` is what it exports and no
 *  version is known to. */
function dated(
  history: History,
  exports: ReadonlySet<string>,
  soname: string | undefined,
  unknown: readonly string[],
): Dated {
  const { versions } = history;
  const name = (at: number): string => versions[at]!.version;
  const named = versions.flatMap(({ sonames }, at) => (soname !== undefined && sonames.includes(soname) ? [at] : []));
  const among = named.length > 0 ? named : versions.map((_, at) => at);
  const telling = tellingSymbols(history);
  const differing = new Map(
    among.map((at) => [at, telling.filter((one) => exports.has(one.symbol) !== one.versions.includes(at))]),
  );
  const fewest = Math.min(...[...differing.values()].map((list) => list.length));
  const nearest = among.filter((at) => differing.get(at)!.length === fewest);
  const [first, last] = [nearest[0]!, nearest.at(-1)!];
  const span = first === last ? name(first) : `${name(first)} to ${name(last)}`;
  const isNewest = last === versions.length - 1;
  const isNewer = isNewest && versions[last]!.exportsKnown && unknown.length > 0;
  const reasons = [
    ...sonameReason(history, soname, named.map(name)),
    ...(telling.length > 0
      ? [
          symbolsReason(
            span,
            differing.get(first)!.map(({ symbol }) => symbol),
          ),
        ]
      : []),
    ...(isNewer ? [`no known version exports ${someOf(unknown)}`] : []),
    ...(isNewest && !isNewer ? ['a version after the known ones that has no symbol more would look the same'] : []),
  ];
  return {
    place: { first: isNewer ? 2 * versions.length : 2 * first + 1, last: isNewer ? 2 * versions.length : 2 * last + 1 },
    version: isNewer ? `newer than ${name(last)}` : `${fewest === 0 ? '' : 'nearest to '}${span}, by its symbols`,
    reasons,
  };
}

function sonameReason({ versions }: History, soname: string | undefined, named: readonly string[]): readonly string[] {
  if (soname === undefined || versions.every(({ sonames }) => sonames.length === 0)) return [];
  if (named.length === 0) return [`no known version calls itself ${soname}`];
  return named.length < versions.length ? [`it calls itself ${soname}, as ${named.join(', ')} do`] : [];
}

function symbolsReason(span: string, odd: readonly string[]): string {
  if (odd.length === 0) return `of the symbols that not all versions export it has those of ${span}`;
  return `no known version has the same symbols: ${span} comes nearest, but for ${someOf(odd)}`;
}

function someOf(symbols: readonly string[]): string {
  const more = symbols.length - 5;
  return more > 1 ? `${symbols.slice(0, 5).join(', ')} and ${more} more` : symbols.join(', ');
}

/** What some of the known versions export and others do not. Where a file of theirs was not at hand, what they declare. */
function tellingSymbols(history: History): readonly { readonly symbol: string; readonly versions: VersionSet }[] {
  const known = history.versions.map(({ exportsKnown }) => exportsKnown);
  const has = new Map<string, Set<number>>();
  const note = (symbol: string, at: number): void => {
    const set = has.get(symbol) ?? new Set<number>();
    has.set(symbol, set.add(at));
  };
  const never = new Set<string>();
  const exported = new Set(history.exports.map(({ symbol }) => symbol));
  for (const { eras } of [...history.functions, ...history.variables]) {
    for (const { decl, versions } of eras) {
      const symbol = decl.symbol ?? decl.name;
      if (decl.unsupported !== undefined) continue;
      // Some headers declare what no version ever exported.
      if (versions.some((at) => known[at]) && !exported.has(symbol)) never.add(symbol);
      for (const at of versions) if (!known[at]) note(symbol, at);
    }
  }
  for (const { symbol, versions } of history.exports) for (const at of versions) note(symbol, at);
  return [...has]
    .filter(([symbol, set]) => !never.has(symbol) && set.size < history.versions.length)
    .map(([symbol, set]) => ({ symbol, versions: [...set].sort((a, b) => a - b) }));
}
