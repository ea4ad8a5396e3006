// In: a shim that sources use. Out: which versions of the library have what: from its history where the configuration has one, else from
// what the shim's own module says (HistoryDescriptor of the runtime's contract).

import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { LoadedConfig, LoadedLibrary } from '../config/config.ts';
import { compareVersions } from '../history/compare.ts';
import { versionsOf } from '../history/entries.ts';
import type { History, HistoryEntry } from '../history/history.ts';
import { rangesFromText } from '../history/ranges.ts';
import { lackingIn } from '../history/suggest.ts';
import type { RecordDecl } from '../model/api.ts';
import { DEFAULT_TARGET } from '../targets/targets.ts';
import type { LibraryFacts, Sort } from '../typescript/judge.ts';
import type { ShimUse } from '../typescript/use.ts';
import { findHistories } from './history-files.ts';

type Gate =
  | readonly string[]
  | { readonly symbols?: readonly string[]; readonly facts?: Readonly<Record<string, string>> };

/** As much of a module's descriptor as is asked for. */
interface Descriptor {
  readonly required: Readonly<Record<string, unknown>>;
  readonly weak: Readonly<Record<string, unknown>>;
  readonly symbols?: Readonly<Record<string, unknown>>;
  readonly features?: Readonly<Record<string, Gate>>;
  readonly records?: Readonly<Record<string, { readonly fields: Readonly<Record<string, unknown>> }>>;
  readonly layouts?: Readonly<Record<string, readonly (readonly [ranges: string, key: string | null])[]>>;
  readonly alternatives?: Readonly<Record<string, { readonly versions: string }>>;
  readonly constants?: Readonly<Record<string, readonly (readonly [ranges: string, value: unknown])[]>>;
  readonly history?: {
    readonly versions: readonly string[];
    readonly baseline: string;
    readonly symbols: Readonly<Record<string, readonly string[]>>;
  };
}

export interface Known {
  readonly facts: LibraryFacts;
  /** What the shim is generated for. */
  readonly baseline: string | undefined;
}

/** Undefined where nothing is known of versions. */
export async function knownVersions(shim: ShimUse, config: LoadedConfig | undefined): Promise<Known | undefined> {
  const library = config?.libraries.find((one) => one.config.name === shim.library);
  const history = library?.config.history === undefined ? undefined : findHistories(library, [DEFAULT_TARGET])[0];
  const descriptor = await descriptorOf(shim);
  const own = descriptor && new DescriptorFacts(descriptor);
  if (library && history && history.versions.length > 0) {
    const facts = new HistoryFacts(history, shim, descriptor);
    return { facts, baseline: baselineOf(library, history) };
  }
  return own && own.versions.length > 0 ? { facts: own, baseline: descriptor.history?.baseline } : undefined;
}

function baselineOf({ config }: LoadedLibrary, history: History): string | undefined {
  return config.baseline ?? history.versions[0]?.version;
}

/** The index of the oldest known version that is not older. */
export function indexFrom(versions: readonly string[], version: string): number {
  return versions.findIndex((known) => compareVersions(known, version) >= 0);
}

/** What the shim's module was made with. Importing one maps no native code. Undefined where it cannot be imported. */
async function descriptorOf({ module, library }: ShimUse): Promise<Descriptor | undefined> {
  const script = module.replace(/\.d\.ts$/, '.js').replace(/\.d\.mts$/, '.mjs');
  if (!existsSync(script)) return undefined;
  try {
    const { importModule } = await import('../config/config.ts');
    const shim = ((await importModule(pathToFileURL(script).href)) as Readonly<Record<string, unknown>>)[library];
    return (shim as unknown as { [key: symbol]: Descriptor } | undefined)?.[Symbol.for('@dlshim/descriptor/1')];
  } catch {
    return undefined;
  }
}

/** The module has the value of the last era. Macros that spell the version are not among them. */
function changedIn(
  descriptor: Descriptor | undefined,
  constant: string,
  versions: readonly string[],
): ReadonlySet<number> {
  const { constants, history } = descriptor ?? {};
  if (!history || !constants || !Object.hasOwn(constants, constant)) return new Set();
  const others = constants[constant]!.slice(0, -1).flatMap(([ranges]) => [...setOf(ranges, history.versions)]);
  return new Set(others.map((at) => versions.indexOf(history.versions[at]!)).filter((at) => at >= 0));
}

type Set_ = ReadonlySet<number> | undefined;

function setOf(ranges: string, versions: readonly string[]): ReadonlySet<number> {
  const all = versions.map((_, at) => at);
  return new Set(rangesFromText(ranges, all, (at) => versions[at]!));
}

/** Where all of several are; undefined where that is not known of one of them. */
function intersection(sets: readonly Set_[], count: number): Set_ {
  let found: ReadonlySet<number> = new Set(Array.from({ length: count }, (_, at) => at));
  for (const set of sets) {
    if (!set) return undefined;
    found = new Set([...found].filter((at) => set.has(at)));
  }
  return found;
}

/** Of a gate: where its symbols and its facts are. What else it asks for can only make that less. */
function gateVersions(gate: Gate | undefined, having: (name: string) => Set_, versions: readonly string[]): Set_ {
  if (!gate) return undefined;
  const { symbols = [], facts = {} } = Array.isArray(gate)
    ? { symbols: gate as readonly string[] }
    : (gate as Exclude<Gate, readonly string[]>);
  if (symbols.length + Object.keys(facts).length === 0) return undefined;
  const ranges = Object.values(facts).map((text) => setOf(text, versions));
  return intersection([...symbols.map(having), ...ranges], versions.length);
}

/** From what the module says. */
class DescriptorFacts implements LibraryFacts {
  readonly versions: readonly string[];
  readonly #descriptor: Descriptor;

  constructor(descriptor: Descriptor) {
    this.#descriptor = descriptor;
    this.versions = descriptor.history?.versions ?? [];
  }

  having(sort: Sort, name: string): Set_ {
    if (sort === 'function') return this.#function(name);
    if (sort === 'member') return this.#member(name);
    if (sort === 'feature') {
      return gateVersions(this.#descriptor.features?.[name], (symbol) => this.#function(symbol), this.versions);
    }
    return undefined;
  }

  changed(constant: string): ReadonlySet<number> {
    return changedIn(this.#descriptor, constant, this.versions);
  }

  deprecated(): undefined {
    return undefined;
  }

  #function(name: string): Set_ {
    const { alternatives, history, symbols, required } = this.#descriptor;
    const alternative = alternatives?.[name];
    if (alternative) return setOf(alternative.versions, this.versions);
    const symbol = symbols?.[name] ?? name;
    const found = Object.entries(history?.symbols ?? {}).find(([, list]) => list.includes(String(symbol)));
    if (found) return setOf(found[0], this.versions);
    if (!history || !Object.hasOwn(required, name)) return undefined;
    const from = indexFrom(this.versions, history.baseline);
    return new Set(this.versions.flatMap((_, at) => (at >= from ? [at] : [])));
  }

  #member(name: string): Set_ {
    const [record = '', member = ''] = name.split('.');
    const { layouts, records } = this.#descriptor;
    const eras = layouts?.[record];
    if (!eras) return undefined;
    const has = (key: string | null): boolean => key !== null && Object.hasOwn(records?.[key]?.fields ?? {}, member);
    return new Set(eras.filter(([, key]) => has(key)).flatMap(([ranges]) => [...setOf(ranges, this.versions)]));
  }
}

/** From the history; of features and of signatures that changed the module knows more. */
class HistoryFacts implements LibraryFacts {
  readonly versions: readonly string[];
  readonly #history: History;
  readonly #shim: ShimUse;
  readonly #descriptor: Descriptor | undefined;
  readonly #functions: ReadonlyMap<string, History['functions'][number]>;
  readonly #exports: ReadonlyMap<string, History['exports'][number]>;
  readonly #constants: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #records: ReadonlyMap<string, HistoryEntry<RecordDecl>>;

  constructor(history: History, shim: ShimUse, descriptor: Descriptor | undefined) {
    this.#history = history;
    this.#shim = shim;
    this.#descriptor = descriptor;
    this.versions = history.versions.map(({ version }) => version);
    this.#functions = new Map(history.functions.map((entry) => [entry.key, entry]));
    this.#exports = new Map(history.exports.map((entry) => [entry.symbol, entry]));
    this.#records = new Map(history.records.map((entry) => [entry.key, entry]));
    const constants = new Map<string, ReadonlySet<number>>();
    const named = [...history.enums.flatMap(({ enumerators }) => enumerators), ...history.constants];
    for (const entry of named)
      constants.set(entry.key, new Set([...(constants.get(entry.key) ?? []), ...versionsOf(entry)]));
    this.#constants = constants;
  }

  having(sort: Sort, name: string): Set_ {
    if (sort === 'constant') return this.#constants.get(name);
    if (sort === 'member') return this.#member(name);
    if (sort === 'function') return this.#function(name);
    const gate = this.#descriptor?.features?.[name] ?? this.#shim.features.get(name);
    return gateVersions(gate, (symbol) => this.#function(symbol), this.versions);
  }

  changed(constant: string): ReadonlySet<number> {
    return changedIn(this.#descriptor, constant, this.versions);
  }

  deprecated(name: string): string | undefined {
    return this.#functions.get(name)?.eras.at(-1)?.decl.deprecated;
  }

  #function(name: string): Set_ {
    const alternative = this.#descriptor?.alternatives?.[name];
    if (alternative && this.#descriptor?.history) {
      const { versions } = this.#descriptor.history;
      const known = [...setOf(alternative.versions, versions)].map((at) => versions[at]!);
      return new Set(known.map((version) => this.versions.indexOf(version)).filter((at) => at >= 0));
    }
    const entry = this.#functions.get(name);
    if (!entry) return undefined;
    const symbol = entry.eras.at(-1)?.decl.symbol ?? name;
    const lacking = new Set(lackingIn(this.#history, this.#exports.get(symbol), entry));
    return new Set(versionsOf(entry).filter((at) => !lacking.has(at)));
  }

  /** `record.member`, as the module names them. */
  #member(name: string): Set_ {
    const [record = '', member = ''] = name.split('.');
    const entries = [...this.#records.values()].filter(
      ({ key }) => key.replace(/^(struct|union) _?/, '').replace('::', '_') === record,
    );
    const eras = entries.flatMap((entry) => entry.eras).filter(({ decl }) => this.#hasMember(decl, member));
    return eras.length > 0 ? new Set(eras.flatMap(({ versions }) => versions)) : undefined;
  }

  /** Its own, or one of a record without a name in it. */
  #hasMember({ fields = [] }: RecordDecl, member: string): boolean {
    return fields.some(({ name, type }) => {
      if (name !== undefined || type.kind !== 'record') return name === member;
      return (this.#records.get(type.key)?.eras ?? []).some(({ decl }) => this.#hasMember(decl, member));
    });
  }
}
