// In: a History, from the baseline on. Out: which functions some version lacks, and words on since when until when declarations are
// there and what they were before, for what stands above them in the module.

import { versionsOf } from '../history/entries.ts';
import type { History, HistoryEntry, VersionSet } from '../history/history.ts';
import { indexesFrom, rangesFromText, rangesText } from '../history/ranges.ts';
import { lackingIn } from '../history/suggest.ts';
import type { ConstantValue } from '../model/api.ts';
import type { Presence } from './plan.ts';

/** The versions that a module is for. */
export class Span {
  readonly history: History;
  readonly from: number;
  /** Indexes of all versions from the baseline on. */
  readonly versions: VersionSet;
  /** Indexes of those that the module knows: these, and the one before, which it tells them from. */
  readonly known: VersionSet;
  #constants: ReadonlyMap<string, readonly ConstantEras[]> | undefined;

  constructor(history: History, from: number) {
    this.history = history;
    this.from = from;
    this.versions = indexesFrom(from, history.versions.length);
    this.known = indexesFrom(Math.max(0, from - 1), history.versions.length);
  }

  name(at: number): string {
    return this.history.versions[at]!.version;
  }

  /** As the contract writes it. */
  ranges(set: VersionSet): string {
    return rangesText(set, this.known, (at) => this.name(at));
  }

  setOf(ranges: string): VersionSet {
    return rangesFromText(ranges, this.known, (at) => this.name(at));
  }

  /** Those of a set that the module is for. */
  within(set: VersionSet): VersionSet {
    return set.filter((at) => at >= this.from);
  }

  /** Macros and enumerators, with their values. */
  get constants(): ReadonlyMap<string, readonly ConstantEras[]> {
    this.#constants ??= constantEras(this);
    return this.#constants;
  }

  /** The versions that have a macro or enumerator. */
  versionsOfConstant(name: string): VersionSet | undefined {
    return this.constants
      .get(name)
      ?.flatMap(({ versions }) => versions)
      .sort((a, b) => a - b);
  }

  /** The versions that know a record, by its name in the module. */
  versionsOfRecord(name: string): VersionSet {
    const own = this.history.records.filter(
      ({ key }) => key.replace(/^(struct|union) _?/, '').replace('::', '_') === name,
    );
    const named = own.length ? own : this.history.typedefs.filter(({ key }) => key === name);
    return this.within([...new Set(named.flatMap(versionsOf))].sort((a, b) => a - b));
  }

  /** `since 1.2.0`, `until 1.8.0`, `in 1.4.0 to 1.6.0 and since 1.9.0`; nothing for all of them. */
  words(set: VersionSet): string {
    const own = new Set(this.within(set));
    if (own.size === 0 || own.size === this.versions.length) return '';
    const runs: [number, number][] = [];
    for (const at of this.versions) {
      const last = runs.at(-1);
      if (!own.has(at)) continue;
      if (last && last[1] === at - 1) last[1] = at;
      else runs.push([at, at]);
    }
    return runs.map((run) => this.#run(run)).join(' and ');
  }

  #run([first, last]: [number, number]): string {
    const isLast = last === this.versions.at(-1);
    if (isLast) return `since ${this.name(first)}`;
    if (first === this.from) return `until ${this.name(last)}`;
    return first === last ? `in ${this.name(first)}` : `from ${this.name(first)} until ${this.name(last)}`;
  }

  /** A sentence of the words, in a list. */
  sentence(set: VersionSet): readonly string[] {
    const words = this.words(set);
    return words ? [`${words.charAt(0).toUpperCase()}${words.slice(1)}.`] : [];
  }
}

/** A constant's values, oldest first. */
export interface ConstantEras {
  readonly versions: VersionSet;
  readonly value: ConstantValue;
}

interface Gathered {
  readonly versions: Set<number>;
  readonly value: ConstantValue;
}

/** Macros and enumerators by name, whichever enumeration they stand in. */
function constantEras({ history, from }: Span): ReadonlyMap<string, readonly ConstantEras[]> {
  const found = new Map<string, Map<string, Gathered>>();
  const note = (name: string, value: ConstantValue, versions: VersionSet): void => {
    const own = found.get(name) ?? new Map<string, Gathered>();
    const id = `${value.kind} ${value.value}`;
    const era = own.get(id) ?? { versions: new Set(), value };
    for (const at of versions) if (at >= from) era.versions.add(at);
    if (era.versions.size) found.set(name, own.set(id, era));
  };
  for (const { enumerators } of history.enums) {
    for (const { key, eras } of enumerators) {
      for (const { versions, decl } of eras) note(key, { kind: 'int', value: decl.value, type: 'int' }, versions);
    }
  }
  const enumerated = new Map(
    [...found].map(([name, own]) => [name, [...own.values()].map(({ versions }) => versions)]),
  );
  for (const { key, eras } of history.constants) {
    // A macro that repeats an enumerator is for the preprocessor; but one may have become an enumerator.
    const isRepeated = (at: number) => enumerated.get(key)?.some((versions) => versions.has(at));
    for (const { versions, decl } of eras)
      note(
        key,
        decl.value,
        versions.filter((at) => !isRepeated(at)),
      );
  }
  return new Map(
    [...found].map(([name, own]) => {
      const list = [...own.values()].map((era) => ({ ...era, versions: [...era.versions].sort((a, b) => a - b) }));
      return [name, list.sort((a, b) => a.versions.at(-1)! - b.versions.at(-1)!)];
    }),
  );
}

type Entries = ReadonlyMap<string, VersionSet>;

function byKey(entries: readonly HistoryEntry<unknown>[], span: Span): Entries {
  return new Map(entries.map((entry) => [entry.key, span.within(versionsOf(entry))]));
}

export function presenceIn(span: Span, replaced: ReadonlyMap<string, string>): Presence {
  const { history } = span;
  const functions = byKey(history.functions, span);
  const variables = byKey(history.variables, span);
  const constants = new Map(
    [...span.constants].map(([name, eras]) => [name, eras.flatMap(({ versions }) => versions)]),
  );
  const withOld = (own: Entries): Entries => {
    const all = new Map(own);
    for (const [old, now] of replaced) {
      if (own.has(now)) all.set(now, [...(own.get(old) ?? []), ...own.get(now)!]);
    }
    return all;
  };
  const byKind: Readonly<Record<string, Entries>> = {
    function: functions,
    variable: variables,
    record: withOld(byKey(history.records, span)),
    enum: withOld(byKey(history.enums, span)),
    typedef: byKey(history.typedefs, span),
    constant: constants,
    enumerator: constants,
  };
  const exported = new Map(history.exports.map((entry) => [entry.symbol, entry]));
  const declaredIn = (name: string): VersionSet => functions.get(name) ?? variables.get(name) ?? [];
  const entries = new Map([...history.functions, ...history.variables].map((entry) => [entry.key, entry]));
  const lacking = ({ name, symbol }: { name: string; symbol?: string }): VersionSet =>
    span.within(lackingIn(history, exported.get(symbol ?? name), entries.get(name)));
  return {
    replaced,
    since: (kind, key) => span.sentence(byKind[kind]!.get(key) ?? []),
    isMissing: (d) => declaredIn(d.name).length < span.versions.length || lacking(d).length > 0,
    reasons: (d) => {
      const without = lacking(d);
      if (without.length === 0) return [];
      const known = declaredIn(d.name).filter((at) => history.versions[at]!.exportsKnown);
      if (without.length === known.length) return ['Declared in the headers, but not exported by any known library.'];
      return [`Declared, but not exported ${span.words(without) || 'by any known library'}.`];
    },
  };
}

/** Records and enumerations that newer versions have under another key, such as one without a tag that was given one: older key -> newer. */
export function replacedKeys(history: History, from: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entries of [history.records, history.enums] as readonly (readonly HistoryEntry<unknown>[])[]) {
    const byName = new Map<string, { readonly key: string; readonly versions: VersionSet }[]>();
    for (const { key, eras } of entries) {
      const versions = eras.flatMap((era) => era.versions).filter((at) => at >= from);
      const name = key.replace(/^(struct|union|enum) _?/, '');
      if (versions.length) byName.set(name, [...(byName.get(name) ?? []), { key, versions }]);
    }
    for (const same of byName.values()) {
      const last = (one: { readonly versions: VersionSet }): number => Math.max(...one.versions);
      const [newest, ...others] = [...same].sort((a, b) => last(b) - last(a));
      for (const older of others) {
        if (last(older) < Math.min(...newest!.versions)) found.set(older.key, newest!.key);
      }
    }
  }
  return found;
}
