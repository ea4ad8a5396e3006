// In: a history, on each target. Out: what tells its versions apart, as the contract has it: what the version call says in each, SONAMEs,
// and symbols whose presence is sure. And the versions that nothing tells apart though something in them is not the same.

import type { History, VersionSet } from '../history/history.ts';
import type { ConstantValue } from '../model/api.ts';
import { didYouMean } from '../model/near.ts';
import { type VersionCall, versionFunctions } from '../model/version-call.ts';
import type { Span } from './eras-presence.ts';
import { type HistoryPlan, PlanError } from './module.ts';

/** By symbol the versions that export it, where that is sure. */
function sureSymbols({ history, known: all }: Span): ReadonlyMap<string, VersionSet> {
  const found = new Map<string, VersionSet>();
  const exported = new Map(history.exports.map(({ symbol, versions }) => [symbol, new Set(versions)]));
  const isKnown = (at: number): boolean => history.versions[at]!.exportsKnown;
  for (const [symbol, declared] of declaredSymbols(history)) {
    const own = exported.get(symbol);
    // A prototype is no export: one version at least must have been seen to have it, and none to lack it that declares it.
    if (!own || all.some((at) => declared.has(at) && isKnown(at) && !own.has(at))) continue;
    const first = Math.min(...declared, ...own);
    const isSure = (at: number): boolean => at < first || declared.has(at) || isKnown(at);
    if (all.every(isSure))
      found.set(
        symbol,
        all.filter((at) => declared.has(at) || own.has(at)),
      );
  }
  return found;
}

/** By the linker's name, the versions whose headers declare it. */
function declaredSymbols(history: History): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const { eras } of [...history.functions, ...history.variables]) {
    for (const { versions, decl } of eras) {
      const symbol = decl.symbol ?? decl.name;
      const known = found.get(symbol) ?? new Set<number>();
      for (const at of versions) known.add(at);
      found.set(symbol, known);
    }
  }
  return found;
}

/** What the library says of itself in these versions; undefined where it has no way to. */
export function reportedIn(
  history: History,
  versions: readonly number[],
  call: VersionCall | undefined,
  constants: readonly string[] | undefined,
): readonly (string | null)[] | undefined {
  if (!call) return undefined;
  const functions = versionFunctions(call).map((name) => history.functions.find(({ key }) => key === name));
  const isThere = (at: number): boolean =>
    functions.every((entry) => entry?.eras.some(({ versions }) => versions.includes(at)));
  const values = (constants ?? []).map((name) => valuesOf(history, name));
  return versions.map((at): string | null => {
    if (!isThere(at)) return null;
    return constants
      ? reportedBy(
          call,
          values.map((each) => each.get(at)),
        )
      : history.versions[at]!.version;
  });
}

function valuesOf(history: History, name: string): ReadonlyMap<number, ConstantValue> {
  const found = new Map<number, ConstantValue>();
  for (const { key, eras } of history.constants) {
    if (key === name) for (const { versions, decl } of eras) for (const at of versions) found.set(at, decl.value);
  }
  for (const { enumerators } of history.enums) {
    for (const { key, eras } of enumerators) {
      if (key !== name) continue;
      for (const { versions, decl } of eras)
        for (const at of versions) found.set(at, { kind: 'int', value: decl.value, type: 'int' });
    }
  }
  if (found.size > 0) return found;
  const names = [...history.constants, ...history.enums.flatMap((d) => d.enumerators)].map(({ key }) => key);
  throw new PlanError(`\`versionCall.constants\` names ${name}, which no version defines${didYouMean(name, names)}`);
}

/** From the constants of the headers what the library says at run time. */
function reportedBy(call: VersionCall, values: readonly (ConstantValue | undefined)[]): string | null {
  const parts = values.map((value) => value && `${value.value}`);
  if (parts.includes(undefined)) return null;
  const [only, ...more] = parts as string[];
  if (more.length > 0) return [only, ...more].join('.');
  if (call.kind === 'number' && values[0]!.kind === 'int') {
    const number = values[0]!.value as bigint;
    return [number / 1_000_000n, (number / 1000n) % 1000n, number % 1000n].join('.');
  }
  const until = call.kind === 'string' ? call.until : undefined;
  return until && only!.includes(until) ? only!.slice(0, only!.indexOf(until)) : only!;
}

/** What tells versions apart, and what each from the baseline on shows of it. */
export interface Evidence {
  readonly plan: HistoryPlan;
  readonly shown: readonly Shown[];
}

export function evidenceOf(
  spans: readonly Span[],
  call: VersionCall | undefined,
  constants: readonly string[] | undefined,
): Evidence {
  const [span] = spans as [Span, ...Span[]];
  const versions = span.known.map((at) => span.name(at));
  const sonames = span.known.map((at) => [...new Set(spans.flatMap(({ history }) => history.versions[at]!.sonames))]);
  const reported = reportedIn(span.history, span.known, call, constants);
  const isPlain = reported?.every((text, at) => text === versions[at]) ?? true;
  const plan = {
    versions,
    baseline: span.name(span.from),
    reported: isPlain ? undefined : reported,
    sonames: sonames.some((list) => list.length) ? sonames : undefined,
    symbols: byRanges(spans),
  };
  const sets = plan.symbols.map(([ranges]) => span.setOf(ranges));
  const shown = span.versions.map((version) => {
    const at = span.known.indexOf(version);
    const symbols = sets.map((set) => (set.includes(version) ? '1' : '0')).join('');
    return { reported: reported?.[at] ?? null, sonames: sonames[at]!, symbols };
  });
  return { plan, shown };
}

/** Those on which all targets agree, and that some version lacks. */
function byRanges(spans: readonly Span[]): readonly (readonly [string, readonly string[]])[] {
  const [first, ...others] = spans.map(sureSymbols);
  const [span] = spans as [Span, ...Span[]];
  const found = new Map<string, string[]>();
  for (const [symbol, set] of first!) {
    const isSame = others.every((other) => other.get(symbol)?.join() === set.join());
    if (!isSame || set.length === span.known.length || set.length === 0) continue;
    const ranges = span.ranges(set);
    found.set(ranges, [...(found.get(ranges) ?? []), symbol]);
  }
  const firstOf = (ranges: string): number => span.setOf(ranges)[0]!;
  return [...found].sort(([a], [b]) => firstOf(a) - firstOf(b) || a.length - b.length || (a < b ? -1 : 1));
}

/** Something that is not the same in all versions: by name, which era each version belongs to. */
export interface Differing {
  /** `struct x`, `f()`. */
  readonly name: string;
  readonly eras: readonly VersionSet[];
}

/** Versions from the baseline on that nothing tells apart though what the module has of them differs: each group with the names. */
export function indistinguishable(
  { shown }: Evidence,
  span: Span,
  differing: readonly Differing[],
): readonly { readonly versions: readonly string[]; readonly names: readonly string[] }[] {
  const groups: number[][] = [];
  for (const [i, at] of span.versions.entries()) {
    const known = groups.find((group) => group.some((other) => isAlike(shown[i]!, shown[other - span.from]!)));
    if (known) known.push(at);
    else groups.push([at]);
  }
  return groups.flatMap((group) => {
    const names = differing.filter(({ eras }) => {
      const places = group.map((at) => eras.findIndex((versions) => versions.includes(at)));
      return new Set(places).size > 1;
    });
    return names.length ? [{ versions: group.map((at) => span.name(at)), names: names.map(({ name }) => name) }] : [];
  });
}

interface Shown {
  readonly reported: string | null;
  readonly sonames: readonly string[];
  /** Which groups of symbols are there. */
  readonly symbols: string;
}

/** Whether both can be the same file. */
function isAlike(a: Shown, b: Shown): boolean {
  if (a.symbols !== b.symbols) return false;
  if (a.reported !== null && b.reported !== null && a.reported !== b.reported) return false;
  const isDisjoint =
    a.sonames.length > 0 && b.sonames.length > 0 && !a.sonames.some((name) => b.sonames.includes(name));
  return !isDisjoint;
}
