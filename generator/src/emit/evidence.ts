// In: a history, on each target. Out: what tells its versions apart, as the contract has it: what the version call says in each, SONAMEs,
// and symbols whose presence is sure. And the versions that nothing tells apart though something in them is not the same.

import type { History, VersionSet } from '../history/history.ts';
import type { ConstantValue } from '../model/api.ts';
import { didYouMean } from '../model/near.ts';
import { type VersionCall, versionFunctions } from '../model/version-call.ts';
import type { Span } from './eras-presence.ts';
import { type HistoryPlan, PlanError } from './module.ts';

/** The symbols of every version, by name, where it is sure in which versions the library exports them. */
export function sureSymbols(history: History): ReadonlyMap<string, VersionSet> {
  const found = new Map<string, VersionSet>();
  const exported = new Map(history.exports.map(({ symbol, versions }) => [symbol, new Set(versions)]));
  const isKnown = (at: number): boolean => history.versions[at]!.exportsKnown;
  for (const [symbol, declared] of declaredSymbols(history)) {
    const own = exported.get(symbol);
    // A prototype is no export: one version at least must have been seen to have it, and none to lack it that declares it.
    if (!own || [...declared].some((at) => isKnown(at) && !own.has(at))) continue;
    const first = Math.min(...declared, ...own);
    const isSure = (at: number): boolean => at < first || declared.has(at) || isKnown(at);
    const all = history.versions.map((_, at) => at);
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

/** What the library says of itself in every version; undefined where it has no way to. */
export function reportedIn(
  history: History,
  call: VersionCall | undefined,
  constants: readonly string[] | undefined,
): readonly (string | null)[] | undefined {
  if (!call) return undefined;
  const functions = versionFunctions(call).map((name) => history.functions.find(({ key }) => key === name));
  const isThere = (at: number): boolean =>
    functions.every((entry) => entry?.eras.some(({ versions }) => versions.includes(at)));
  const values = (constants ?? []).map((name) => valuesOf(history, name));
  return history.versions.map(({ version }, at): string | null => {
    if (!isThere(at)) return null;
    return constants
      ? reportedBy(
          call,
          values.map((each) => each.get(at)),
        )
      : version;
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
  const { versions } = span.history;
  const sonames = versions.map((_, at) => [...new Set(spans.flatMap(({ history }) => history.versions[at]!.sonames))]);
  const reported = reportedIn(span.history, call, constants);
  const isPlain = reported?.every((text, at) => text === versions[at]!.version) ?? true;
  const plan = {
    versions: versions.map(({ version }) => version),
    baseline: span.name(span.from),
    reported: isPlain ? undefined : reported,
    sonames: sonames.some((list) => list.length) ? sonames : undefined,
    symbols: byRanges(spans),
  };
  return { plan, shown: span.versions.map((at) => shownBy(plan, span, reported, at)) };
}

/** Those on which all targets agree, and that some version lacks. */
function byRanges(spans: readonly Span[]): readonly (readonly [string, readonly string[]])[] {
  const [first, ...others] = spans.map(({ history }) => sureSymbols(history));
  const found = new Map<string, string[]>();
  for (const [symbol, set] of first!) {
    const isSame = others.every((other) => other.get(symbol)?.join() === set.join());
    if (!isSame || set.length === spans[0]!.history.versions.length || set.length === 0) continue;
    const ranges = spans[0]!.ranges(set);
    found.set(ranges, [...(found.get(ranges) ?? []), symbol]);
  }
  const firstOf = (ranges: string): number =>
    spans[0]!.history.versions.findIndex(({ version }) => version === ranges.split(/\.\.|,/)[0]);
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

function shownBy(plan: HistoryPlan, span: Span, reported: readonly (string | null)[] | undefined, at: number): Shown {
  const symbols = plan.symbols.map(([ranges]) => (span.setOf(ranges).includes(at) ? '1' : '0')).join('');
  return { reported: reported?.[at] ?? null, sonames: plan.sonames?.[at] ?? [], symbols };
}

/** Whether both can be the same file. */
function isAlike(a: Shown, b: Shown): boolean {
  if (a.symbols !== b.symbols) return false;
  if (a.reported !== null && b.reported !== null && a.reported !== b.reported) return false;
  const isDisjoint =
    a.sonames.length > 0 && b.sonames.length > 0 && !a.sonames.some((name) => b.sonames.includes(name));
  return !isDisjoint;
}
