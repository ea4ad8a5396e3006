// In: a library and its history. Out: which file of it is installed on this machine, and which of the known versions it is. Nothing is loaded.
// The library's shim says it, as `dlshim probe` has it, where there is one; else what the file exports is held against what each version does.

import type { LoadedLibrary } from '../config/config.ts';
import { findExports } from '../exports/find.ts';
import type { History, HistoryEntry } from '../history/history.ts';
import { versionIndex } from '../history/ranges.ts';
import type { FunctionDecl, VariableDecl } from '../model/api.ts';
import type { Machine } from '../report/input.ts';
import { BUILTIN } from '../search.ts';
import type { Target } from '../target.ts';
import { type Probed, probeShim } from './probe.ts';
import { type SourceFlags, sysrootsOf } from './source.ts';

/** `shims`: the folder of the shims. */
export async function installed(
  library: LoadedLibrary,
  history: History,
  target: Target,
  flags: SourceFlags,
  shims: string,
): Promise<Machine> {
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
  const file = { file: found.path, soname, exports };
  const isOurs = flags.sysroot === undefined && folders.length === 0 && isMachine(target);
  const probed = isOurs ? await probeShim(library.config.name, shims) : undefined;
  return probed?.versions && probed.path !== undefined
    ? { ...file, file: probed.path, ...told(probed, probed.versions, history), features: probed.features }
    : { ...file, ...dated(history, exports, soname, found.exports.undeclared) };
}

const ARCHITECTURES: Readonly<Record<string, RegExp>> = { x64: /^x86_64-/, arm64: /^(aarch64|arm64)-/ };

function isMachine({ name, platform }: Target): boolean {
  return platform === process.platform && (ARCHITECTURES[process.arch]?.test(name) ?? false);
}

/** What the shim says, with the place that it means among the known versions. */
function told(probed: Probed, versions: NonNullable<Probed['versions']>, history: History): Dated {
  const { text, since, until, evidence, warnings } = versions;
  const slot = (version: string | undefined, otherwise: number): number => {
    const at = version === undefined ? -1 : versionIndex(history.versions, version);
    return at < 0 ? otherwise : 2 * at + 1;
  };
  const [first, last] = [slot(since, 0), slot(until, 2 * history.versions.length)];
  // Neither of two versions that it is between, nor the one that it is newer or older than.
  const isAfter = /^(between|newer than) /.test(text);
  const isBefore = /^(between|older than) /.test(text);
  return {
    place: { first: isAfter ? first + 1 : first, last: isBefore ? last - 1 : last },
    version: text,
    reasons: [
      ...(probed.version === undefined || probed.version === text ? [] : [`it says ${probed.version} of itself`]),
      ...evidence.map(({ says, allows }) => `it ${says}: ${allows}`),
      ...warnings,
    ],
  };
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
    among.map((at) => [at, telling.filter(({ symbol, states }) => states[at] === !exports.has(symbol))]),
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

/** A symbol that not all versions have, and for each whether it does; undefined where that is not known. */
interface TellingSymbol {
  readonly symbol: string;
  readonly states: readonly (boolean | undefined)[];
}

function tellingSymbols(history: History): readonly TellingSymbol[] {
  const exported = new Map(history.exports.map(({ symbol, versions }) => [symbol, new Set(versions)]));
  const entries: readonly HistoryEntry<FunctionDecl | VariableDecl>[] = [...history.functions, ...history.variables];
  return entries.flatMap(({ eras }) => {
    const newest = eras.at(-1)!.decl;
    if (newest.unsupported !== undefined) return [];
    const symbol = newest.symbol ?? newest.name;
    const declared = new Set(eras.flatMap(({ versions }) => versions));
    const own = exported.get(symbol) ?? new Set<number>();
    const isExportKnown = [...declared].some((at) => history.versions[at]!.exportsKnown);
    // Some headers declare what no version ever exported.
    if (isExportKnown && own.size === 0) return [];
    const first = Math.min(...declared, ...own);
    const states = history.versions.map(({ exportsKnown }, at) => {
      if (own.has(at)) return true;
      if (at < first) return false;
      // Headers that no longer declare it say nothing of what libraries behind the library itself still export.
      return declared.has(at) ? !exportsKnown : undefined;
    });
    return states.includes(true) && states.includes(false) ? [{ symbol, states }] : [];
  });
}
