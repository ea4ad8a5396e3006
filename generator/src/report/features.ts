// In: the features of library.json, a history. Out: which versions have each, and whether the installed library does. A version's symbols are what
// its file exports where that is known, else what its headers declare; the installed one's are its own, and everything else of it is what
// all versions say that it may be.

import { compareVersions } from '../history/compare.ts';
import type { DeclEra, History, HistoryEntry, VersionSet } from '../history/history.ts';
import type { FunctionDecl } from '../model/api.ts';
import { type Feature, type FeatureConditions, isList } from '../model/features.ts';
import type { Answer, FeatureRow, Machine } from './input.ts';
import type { RecordHistory } from './records.ts';
import { presence } from './runs.ts';

export interface FeatureContext {
  readonly history: History;
  /** The first version that the shim is for: names with `*` stand for what is there from then on. */
  readonly baseline: number;
  readonly records: readonly RecordHistory[];
  readonly machine?: Machine | undefined;
  /** What the library says of its own version in each version, null where that is not known; undefined where it has no way to say it. */
  readonly reported: readonly (string | null)[] | undefined;
}

export function answerFeatures(
  features: Readonly<Record<string, Feature>>,
  context: FeatureContext,
): readonly FeatureRow[] {
  const facts = new Facts(context);
  const { history, machine } = context;
  const here = machine && machine.absent === undefined ? machine : undefined;
  return Object.entries(features).map(([name, feature]) => ({
    name,
    conditions: wordsOf(feature, ''),
    answers: history.versions.map((_, at) =>
      answer(feature, facts, { has: (symbol) => facts.hasSymbol(symbol, at), possible: [at] }),
    ),
    here: here && (toldOf(here.features, name) ?? answer(feature, facts, installedSubject(here, facts, history))),
  }));
}

/** What the machine's library has itself been found to have. */
function toldOf(told: Readonly<Record<string, boolean | null>> | undefined, name: string): Answer | undefined {
  if (!told || !Object.hasOwn(told, name)) return undefined;
  const has = told[name];
  return has === null ? 'unknown' : has ? 'yes' : 'no';
}

function installedSubject(
  { exports, place }: Machine & { readonly absent?: undefined },
  facts: Facts,
  { versions }: History,
): Subject {
  const isPossible = (at: number): boolean => place.first <= 2 * at + 1 && 2 * at + 1 <= place.last;
  return {
    has: (symbol) => (symbol.includes('@') ? undefined : exports.has(facts.linkerName(symbol))),
    possible: versions.flatMap((_, at) => (isPossible(at) ? [at] : [])),
  };
}

/** A library: a version of the history, or what is installed. */
interface Subject {
  /** Undefined where it cannot be told by symbols; then what the possible versions have counts. */
  readonly has: (symbol: string) => boolean | undefined;
  readonly possible: VersionSet;
}

function answer(feature: Feature, facts: Facts, subject: Subject): Answer {
  if (isList(feature)) return symbolsAnswer(feature, facts, subject);
  const { symbols, versions, reported, constants = [], members = [], layouts = {}, any, not } = feature;
  const among = (set: VersionSet | undefined): Answer => agreed(subject.possible, set);
  return every([
    ...(symbols ? [symbolsAnswer(symbols, facts, subject)] : []),
    ...(versions === undefined ? [] : [among(facts.versionsThat(versions, (at) => facts.versionAt(at)))]),
    ...(reported === undefined ? [] : [among(facts.versionsThat(reported, (at) => facts.reportedAt(at)))]),
    ...constants.map((name) => among(facts.withConstant(name))),
    ...members.map((path) => among(facts.withMember(path))),
    ...Object.entries(layouts).map(([record, version]) => among(facts.withLayout(record, version))),
    ...(any ? [some(any.map((one) => answer(one, facts, subject)))] : []),
    ...(not === undefined ? [] : [opposite(answer(not, facts, subject))]),
  ]);
}

function symbolsAnswer(patterns: readonly string[], facts: Facts, subject: Subject): Answer {
  const named = patterns.flatMap((pattern) => facts.named(pattern));
  const found = named.map((symbol) => {
    const has = subject.has(symbol);
    if (has !== undefined) return has ? 'yes' : 'no';
    return agreed(subject.possible, facts.withSymbol(symbol));
  });
  if (found.every((one) => one === 'no')) return 'no';
  if (found.includes('unknown')) return 'unknown';
  return found.every((one) => one === 'yes') ? 'yes' : 'partly';
}

/** Whether all of the versions are in a set, or none is. */
function agreed(possible: VersionSet, set: VersionSet | undefined): Answer {
  if (set === undefined || possible.length === 0) return 'unknown';
  const inside = possible.filter((at) => set.includes(at)).length;
  if (inside === 0) return 'no';
  return inside === possible.length ? 'yes' : 'unknown';
}

function every(answers: readonly Answer[]): Answer {
  return (['no', 'partly', 'unknown'] as const).find((one) => answers.includes(one)) ?? 'yes';
}

function some(answers: readonly Answer[]): Answer {
  return (['yes', 'unknown'] as const).find((one) => answers.includes(one)) ?? 'no';
}

function opposite(answer: Answer): Answer {
  if (answer === 'unknown') return answer;
  return answer === 'yes' ? 'no' : 'yes';
}

/** What a history says, by versions. */
class Facts {
  readonly #context: FeatureContext;
  readonly #functions: ReadonlyMap<string, HistoryEntry<FunctionDecl>>;
  readonly #symbols = new Map<string, VersionSet>();

  constructor(context: FeatureContext) {
    this.#context = context;
    this.#functions = new Map(context.history.functions.map((entry) => [entry.key, entry]));
  }

  versionAt(at: number): string {
    return this.#context.history.versions[at]!.version;
  }

  reportedAt(at: number): string | undefined {
    return this.#context.reported?.[at] ?? undefined;
  }

  /** The functions that a name with `*` stands for. */
  named(pattern: string): readonly string[] {
    if (!pattern.includes('*')) return [pattern];
    const regexp = new RegExp(`^${pattern.replaceAll(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`);
    const { baseline } = this.#context;
    const isMeant = ({ decl, versions }: DeclEra<FunctionDecl>): boolean =>
      decl.unsupported === undefined && versions.at(-1)! >= baseline;
    return [...this.#functions.values()]
      .filter(({ key, eras }) => regexp.test(key) && eras.some(isMeant))
      .map(({ key }) => key);
  }

  linkerName(name: string): string {
    return this.#functions.get(name)?.eras.at(-1)?.decl.symbol ?? name;
  }

  hasSymbol(symbol: string, at: number): boolean {
    return this.withSymbol(symbol).includes(at);
  }

  /** The versions that have a function; behind an `@` one signature of it, or one symbol version. */
  withSymbol(symbol: string): VersionSet {
    const known = this.#symbols.get(symbol) ?? this.#versionsOf(symbol);
    this.#symbols.set(symbol, known);
    return known;
  }

  #versionsOf(symbol: string): VersionSet {
    const at = symbol.indexOf('@');
    const name = at < 0 ? symbol : symbol.slice(0, at);
    const entry = this.#functions.get(name);
    const { history } = this.#context;
    const exported = history.exports.find((one) => one.symbol === this.linkerName(name));
    const there = presence(entry?.eras ?? []).filter(
      (index) => !history.versions[index]!.exportsKnown || exported?.versions.includes(index),
    );
    if (at < 0) return there;
    const wanted = symbol.slice(at + 1);
    const version = exported?.symbolVersions.find((one) => one.name === wanted);
    if (version) return version.versions;
    const era = entry?.eras.find(({ versions }) => compareVersions(this.versionAt(versions[0]!), wanted) === 0);
    return there.filter((index) => era?.versions.includes(index));
  }

  /** `>=1.9.3 <6.0.0`; undefined where no version says what is asked. */
  versionsThat(conditions: string, of: (at: number) => string | undefined): VersionSet | undefined {
    const parts = [...conditions.matchAll(/(>=|<=|>|<|=)(\S+)/g)].map(([, sign, version]) => ({
      sign,
      version: version!,
    }));
    const all = this.#context.history.versions.map((_, at) => ({ at, version: of(at) }));
    if (all.every(({ version }) => version === undefined)) return undefined;
    return all.flatMap(({ at, version }) =>
      version !== undefined && parts.every((part) => holds(part.sign!, compareVersions(version, part.version)))
        ? [at]
        : [],
    );
  }

  withConstant(name: string): VersionSet {
    const { constants, enums } = this.#context.history;
    const entries = [...constants, ...enums.flatMap(({ enumerators }) => enumerators)].filter(
      ({ key }) => key === name,
    );
    return [...new Set(entries.flatMap(({ eras }) => presence(eras)))];
  }

  /** `record.member`. */
  withMember(path: string): VersionSet {
    const dot = path.indexOf('.');
    return (this.#record(path.slice(0, dot))?.eras ?? [])
      .filter(({ view }) => view.members.some(({ name }) => name === path.slice(dot + 1)))
      .flatMap(({ versions }) => versions);
  }

  withLayout(name: string, version: string): VersionSet | undefined {
    return this.#record(name)?.eras.find(({ versions }) =>
      versions.some((at) => compareVersions(this.versionAt(at), version) === 0),
    )?.versions;
  }

  #record(name: string): RecordHistory | undefined {
    return this.#context.records.find(({ key }) => key === name || key.replace(/^(struct|union) /, '') === name);
  }
}

function holds(sign: string, order: number): boolean {
  if (sign === '=') return order === 0;
  return sign.startsWith('>')
    ? order > 0 || (sign === '>=' && order === 0)
    : order < 0 || (sign === '<=' && order === 0);
}

/** One condition a line. */
function wordsOf(feature: Feature, prefix: string): readonly string[] {
  if (isList(feature)) return feature.map((symbol) => prefix + symbol);
  const {
    symbols = [],
    versions,
    reported,
    constants = [],
    members = [],
    layouts = {},
    any = [],
    not,
  }: FeatureConditions = feature;
  return [
    ...symbols.map((symbol) => prefix + symbol),
    ...(versions === undefined ? [] : [`${prefix}version ${versions}`]),
    ...(reported === undefined ? [] : [`${prefix}the library says ${reported}`]),
    ...constants.map((name) => `${prefix}${name} is defined`),
    ...members.map((path) => `${prefix}${path} is a member`),
    ...Object.entries(layouts).map(([record, version]) => `${prefix}${record} is laid out as in ${version}`),
    ...any.flatMap((one) => wordsOf(one, `${prefix}or: `)),
    ...(not === undefined ? [] : wordsOf(not, `${prefix}not: `)),
  ];
}
