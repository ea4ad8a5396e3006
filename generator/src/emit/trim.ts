// In: a ModulePlan, and the names that sources use of it. Out: the plan of these alone, with what they reach: the types that functions and
// members mention, records that lie in others, older layouts and signatures, the functions that features are about. A record that is only
// pointed to and that no source names is opaque: nothing can be done with it but to hand it on. What tells versions apart stays whole, so
// that a trimmed module finds the version that the whole one finds.

import { type Gate, isList } from '../model/features.ts';
import { versionFunctions } from '../model/version-call.ts';
import type { Ambiguity } from './eras.ts';
import {
  besidesNames,
  type ErasPlan,
  interfaceNames,
  type ModulePlan,
  type ModuleVariants,
  type RecordPlan,
  stampOf,
  type TrimmedPlan,
  type TypePlan,
} from './module.ts';
import { optionKey } from './print-besides.ts';

/** What is used of a module, by the names that it has for it. */
export interface Wanted {
  /** Functions, also by the name of one signature, `f@1.8.0`. */
  readonly functions: ReadonlySet<string>;
  readonly features: ReadonlySet<string>;
  /** Function types that are asked for by their name, `rbd_callback_t`, or a record's member, `z_stream.zalloc`. */
  readonly callbacks: ReadonlySet<string>;
  readonly data: ReadonlySet<string>;
  /** Types, records, enumerators and macros. */
  readonly exports: ReadonlySet<string>;
  /** By variadic function the values of the options that it is called with; `all` where a call does not say which. */
  readonly options: ReadonlyMap<string, ReadonlySet<bigint> | 'all'>;
}

/** Where the trimmed module's comment says what it was trimmed by. */
type Source = Pick<TrimmedPlan, 'usedBy' | 'keep'>;

export function trimmed(plan: ModulePlan, wanted: Wanted, source: Source): ModulePlan {
  const reach = new Reach(plan);
  for (const name of wanted.functions) reach.function(name);
  for (const name of wanted.features) reach.feature(name);
  for (const name of wanted.callbacks) reach.callback(name);
  for (const name of wanted.data) reach.data(name);
  for (const name of wanted.exports) reach.export(name);
  reach.runtime();
  for (const variadic of plan.variadics) reach.variadic(variadic, wanted);
  const whole = reach.plan(source);
  return { ...whole, stamp: stampOf(whole) };
}

/** Those that a trimmed module has something of. */
export function ambiguitiesOf(plan: ModulePlan, ambiguities: readonly Ambiguity[]): readonly Ambiguity[] {
  const carried = new Set([
    ...[...plan.required, ...plan.weak].map(({ name }) => `${name}()`),
    ...[...plan.records, ...plan.callbacks].map(({ name }) => name),
  ]);
  return ambiguities.flatMap(({ versions, names }) => {
    const left = names.filter((name) => carried.has(name));
    return left.length ? [{ versions, names: left }] : [];
  });
}

type Named<T> = ReadonlyMap<string, T>;

class Reach {
  readonly #plan: ModulePlan;
  readonly #functions: Named<ModulePlan['required'][number]>;
  readonly #features: Named<ModulePlan['features'][number]>;
  readonly #callbacks: Named<ModulePlan['callbacks'][number]>;
  readonly #data: Named<ModulePlan['data'][number]>;
  readonly #types: Named<TypePlan>;
  readonly #records: ReadonlyMap<string, readonly RecordPlan[]>;
  readonly #aliases: ReadonlyMap<string, string>;
  readonly #constants: Named<ModulePlan['constants'][number]>;
  /** The slots of functions that had several signatures, by its name. */
  readonly #slots: ReadonlyMap<string, readonly string[]>;
  readonly #kept = {
    functions: new Set<string>(),
    features: new Set<string>(),
    callbacks: new Set<string>(),
    data: new Set<string>(),
    types: new Set<string>(),
    /** With members, */
    records: new Set<string>(),
    /** and only pointed to. */
    pointed: new Set<string>(),
    aliases: new Set<string>(),
    constants: new Set<string>(),
    variadics: new Map<string, ModulePlan['variadics'][number]>(),
  };

  constructor(plan: ModulePlan) {
    this.#plan = plan;
    this.#functions = named([...plan.required, ...plan.weak]);
    this.#features = named(plan.features);
    this.#callbacks = named(plan.callbacks);
    this.#data = named(plan.data);
    this.#types = named(plan.types);
    this.#records = grouped(plan.records, ({ name, of }) => of ?? name);
    this.#aliases = new Map(plan.recordAliases.map(({ name, record }) => [name, record]));
    this.#constants = named(plan.constants);
    const slots = [...(plan.eras?.alternatives ?? [])].map(([slot, { of }]) => ({ slot, of }));
    this.#slots = new Map([...grouped(slots, ({ of }) => of)].map(([of, list]) => [of, list.map(({ slot }) => slot)]));
  }

  /** With all its signatures. */
  function(name: string): void {
    const own = plain(name);
    for (const slot of new Set([own, ...(this.#slots.get(own) ?? [])])) {
      const f = this.#functions.get(slot);
      if (!f || !added(this.#kept.functions, slot)) continue;
      for (const text of [...f.parameters, f.result]) this.#mentioned(text);
      this.#layoutsIn(slot, f.signature, this.#plan.variants?.signatures);
    }
  }

  feature(name: string): void {
    const feature = this.#features.get(name);
    if (!feature || !added(this.#kept.features, name)) return;
    for (const symbol of symbolsIn(feature.gate)) this.function(symbol);
  }

  callback(name: string): void {
    const at = name.indexOf('.');
    if (at >= 0) {
      this.export(name.slice(0, at));
      return;
    }
    const callback = this.#callbacks.get(name);
    if (!callback || !added(this.#kept.callbacks, name)) return;
    this.#type(name);
    this.#layoutsIn(name, callback.signature, this.#plan.variants?.callbacks);
  }

  data(name: string): void {
    const variable = this.#data.get(name);
    if (!variable || !added(this.#kept.data, name)) return;
    this.#mentioned(variable.typescript);
    this.#layoutsIn(name, variable.type, this.#plan.variants?.data);
  }

  export(name: string): void {
    if (this.#aliases.has(name)) this.#alias(name);
    else if (this.#records.has(name)) this.#record(name);
    else this.#type(name);
    if (this.#constants.has(name)) this.#kept.constants.add(name);
  }

  /** What the runtime asks the library for by itself. */
  runtime(): void {
    const { versionCall } = this.#plan;
    if (!versionCall) return;
    for (const name of versionFunctions(versionCall)) this.function(name);
    if (versionCall.kind === 'record') this.export(versionCall.record);
  }

  /** Options that no call names are left out. */
  variadic(plan: ModulePlan['variadics'][number], { options: asked, exports }: Wanted): void {
    if (!this.#kept.functions.has(plan.function)) return;
    const values = asked.get(plan.function);
    const isAll = values === undefined || values === 'all';
    const options = plan.options.filter(({ constant, value }) => isAll || values.has(value) || exports.has(constant));
    this.#kept.variadics.set(plan.function, { ...plan, options });
    for (const option of options) {
      this.#kept.constants.add(option.constant);
      this.#mentioned(option.typescript);
      this.#layoutsIn(optionKey(plan.function, option.name), option.type, this.#plan.variants?.options);
    }
  }

  #type(name: string): void {
    const type = this.#types.get(name);
    if (!type || !added(this.#kept.types, name)) return;
    this.#mentioned(type.text);
  }

  #alias(name: string): void {
    if (!added(this.#kept.aliases, name)) return;
    this.#type(name);
    this.#record(this.#aliases.get(name)!);
  }

  #record(name: string): void {
    if (!added(this.#kept.records, name)) return;
    for (const layout of this.#records.get(name) ?? []) {
      for (const { typescript, type } of layout.fields) {
        this.#mentioned(typescript);
        this.#layoutsIn('', type, undefined);
      }
      for (const { get, set } of layout.members ?? []) this.#mentioned(`${get} ${set}`);
      for (const variants of this.#plan.variants?.records.get(layout.name)?.fields ?? [])
        for (const text of variants?.values() ?? []) this.#layoutsIn('', text, undefined);
    }
  }

  /** The records that lie in what a signature or a member has. */
  #layoutsIn(key: string, text: string, variants: ReadonlyMap<string, ReadonlyMap<string, string>> | undefined): void {
    const all = [text, ...(variants?.get(key)?.values() ?? []), ...this.#oldSignatures(key)];
    for (const each of all) for (const [, name] of each.matchAll(/\{(\w+)\}/g)) this.#record(name!);
  }

  #oldSignatures(key: string): readonly string[] {
    const eras = this.#plan.eras?.signatures.get(key) ?? [];
    return eras.flatMap(({ signature, slot }) => [
      ...(signature === null ? [] : [signature]),
      ...(this.#plan.variants?.signatures.get(slot)?.values() ?? []),
    ]);
  }

  /** The types that a type of TypeScript's mentions. */
  #mentioned(text: string): void {
    const bare = text.replace(/'[^']*'|"[^"]*"/g, '');
    for (const [, before, name, after] of bare.matchAll(/(\.?)([A-Za-z_$][\w$]*)(\??:)?/g)) {
      // A member of the runtime's module, or the name of a parameter.
      if (before || after) continue;
      if (this.#types.has(name!)) this.#type(name!);
      else if (this.#records.has(name!)) this.#kept.pointed.add(name!);
    }
  }

  plan({ usedBy, keep }: Source): ModulePlan {
    const plan = this.#plan;
    const kept = this.#kept;
    const opaque = plan.records.filter(
      ({ name, of }) => of === undefined && kept.pointed.has(name) && !kept.records.has(name),
    );
    const inKept = (set: ReadonlySet<string>) => (one: { readonly name: string }) => set.has(one.name);
    const records = plan.records.filter(({ name, of }) => kept.records.has(of ?? name));
    const part = {
      types: [...opaque.map(opaqueType), ...plan.types.filter(inKept(kept.types))],
      records,
      recordAliases: plan.recordAliases.filter(inKept(kept.aliases)),
      constants: plan.constants.filter(inKept(kept.constants)),
      required: plan.required.filter(inKept(kept.functions)),
      weak: plan.weak.filter(inKept(kept.functions)),
      features: plan.features.filter(inKept(kept.features)),
      callbacks: plan.callbacks.filter(inKept(kept.callbacks)),
      data: plan.data.filter(inKept(kept.data)),
      variadics: plan.variadics.flatMap(({ function: name }) => kept.variadics.get(name) ?? []),
    };
    return {
      ...plan,
      ...part,
      unsupported: [],
      ...(plan.variants ? { variants: this.#variants(plan.variants, records) } : {}),
      ...(plan.eras ? { eras: this.#eras(plan.eras) } : {}),
      trimmed: {
        usedBy,
        keep,
        counts: [
          ['functions', functionsIn(part), functionsIn(plan)],
          ['records', shown(part), shown(plan)],
          ['constants', part.constants.length, plan.constants.length],
          ['features', part.features.length, plan.features.length],
        ],
      },
    };
  }

  #variants(variants: ModuleVariants, records: readonly RecordPlan[]): ModuleVariants {
    const { functions, callbacks, data } = this.#kept;
    const own = new Set([...functions, ...callbacks].map(plain));
    const options = new Set(
      [...this.#kept.variadics.values()].flatMap((one) => one.options.map(({ name }) => optionKey(one.function, name))),
    );
    const layouts = new Set(records.map(({ name }) => name));
    return {
      signatures: only(variants.signatures, (name) => own.has(plain(name))),
      symbols: only(variants.symbols, (name) => own.has(plain(name)) || data.has(name)),
      records: only(variants.records, (name) => layouts.has(name)),
      callbacks: only(variants.callbacks, (name) => callbacks.has(name)),
      data: only(variants.data, (name) => data.has(name)),
      options: only(variants.options, (name) => options.has(name)),
    };
  }

  #eras({ history, layouts, signatures, alternatives }: ErasPlan): ErasPlan {
    const { functions, callbacks, records } = this.#kept;
    return {
      history,
      layouts: only(layouts, (name) => records.has(name)),
      signatures: only(signatures, (name) => functions.has(name) || callbacks.has(name)),
      alternatives: only(alternatives, (slot) => functions.has(slot)),
    };
  }
}

/** As the module has a record of which nothing is known. */
function opaqueType({ name, doc, origin }: RecordPlan): TypePlan {
  const [first = ''] = doc;
  const what = first.replace(/, \d+ bytes\./, ': only pointers to it are used.');
  return { name, text: `c.Opaque<'${name}'>`, doc: [what], origin };
}

function functionsIn({ required, weak }: Pick<ModulePlan, 'required' | 'weak'>): number {
  return new Set([...required, ...weak].map(({ name }) => plain(name))).size;
}

/** The function that a slot is of. */
function plain(name: string): string {
  return name.split('@')[0]!;
}

/** Every symbol that a feature is about, wherever in its conditions. */
function symbolsIn(gate: Gate): readonly string[] {
  if (isList(gate)) return gate;
  return [...(gate.symbols ?? []), ...[...(gate.any ?? []), ...(gate.not ? [gate.not] : [])].flatMap(symbolsIn)];
}

function shown({ records }: Pick<ModulePlan, 'records'>): number {
  return records.filter(({ of }) => of === undefined).length;
}

/** What a module exports beside its types, records and constants. */
export function tablesOf({ name, variadics }: ModulePlan): readonly string[] {
  return [name, ...interfaceNames(name), ...besidesNames(name), ...variadics.map(({ typeName }) => typeName)];
}

function added(set: Set<string>, name: string): boolean {
  if (set.has(name)) return false;
  set.add(name);
  return true;
}

function only<T>(map: ReadonlyMap<string, T>, test: (name: string) => boolean): ReadonlyMap<string, T> {
  return new Map([...map].filter(([name]) => test(name)));
}

function named<T extends { readonly name: string }>(list: readonly T[]): Named<T> {
  return new Map(list.map((one) => [one.name, one]));
}

function grouped<T>(list: readonly T[], key: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const one of list) found.set(key(one), [...(found.get(key(one)) ?? []), one]);
  return found;
}
