// In: one target's newest declarations and what older versions have otherwise. Out: for each function, record, type and variable that is
// not the same in all versions what it is in each, planned as if that version were the only one. What no difference reaches is not
// looked at.

import type { VersionContext, VersionTables } from '../history/contexts.ts';
import { eraAt, newestEra, versionsOf } from '../history/entries.ts';
import type { History, HistoryEntry } from '../history/history.ts';
import { type Api, ELSEWHERE, type FunctionDecl, type TypedefDecl, type VariableDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import { compareTypes } from '../model/compatibility.ts';
import type { CType, FunctionType } from '../model/ctype.ts';
import type { TypeTable } from '../model/types.ts';
import type { Target } from '../target.ts';
import { ALWAYS } from './describe.ts';
import { planCallbacks, planFunction } from './functions.ts';
import { Lowering } from './lower.ts';
import type { FunctionPlan, ModulePlan, RecordPlan } from './module.ts';
import { type Presence, typedefText } from './plan.ts';
import { planRecord } from './plan-records.ts';
import type { FieldPlan } from './records.ts';

/** The versions of a library on one target, as the module is to serve them. */
export interface Versions {
  readonly history: History;
  /** The index of the baseline. */
  readonly from: number;
  readonly contexts: readonly VersionContext[];
  readonly tables: VersionTables;
}

export interface VersionedInput {
  /** The newest declaration of everything. */
  readonly api: Api;
  readonly target: Target;
  readonly versions: Versions;
}

/** What something is in each version that has it, oldest first. */
export type Timeline<T> = ReadonlyMap<number, T>;

/** A type of functions in one version. */
export interface CallbackState {
  readonly signature: string;
  /** In TypeScript. */
  readonly text: string;
  readonly type: CType;
  readonly table: TypeTable;
}

/** A function in one version; `plan` is undefined where it could not be called there. */
export interface FunctionState {
  readonly plan: FunctionPlan | undefined;
  readonly type: FunctionType;
  readonly table: TypeTable;
}

export interface TargetEras {
  readonly target: Target;
  readonly functions: ReadonlyMap<string, Timeline<FunctionState>>;
  /** By the exported name; undefined where only pointers to it were known. */
  readonly records: ReadonlyMap<string, Timeline<RecordPlan | undefined>>;
  /** What types were in C, by exported name, in the versions in which that was another thing. */
  readonly types: ReadonlyMap<string, Timeline<string>>;
  /** Types of functions. */
  readonly callbacks: ReadonlyMap<string, Timeline<CallbackState>>;
  /** Variables whose type is not the same in all versions: what they are in each. */
  readonly variables: ReadonlyMap<string, Timeline<string>>;
}

export function targetEras(
  { target, versions }: VersionedInput,
  newest: Lowering,
  plan: ModulePlan,
  opaque: ReadonlySet<string>,
  presence: Presence,
): TargetEras {
  const eras = new Eras(target, versions, newest, plan, opaque, presence);
  return {
    target,
    functions: eras.functions(),
    records: eras.records(),
    types: eras.types(),
    callbacks: eras.callbacks(),
    variables: eras.variables(),
  };
}

interface Context {
  readonly lowering: Lowering;
  readonly known: VersionContext;
  /** By name, what it is in some of its versions. */
  readonly functions: ReadonlyMap<
    string,
    readonly { readonly versions: readonly number[]; readonly decl: FunctionDecl }[]
  >;
  readonly plans: Map<FunctionDecl, FunctionPlan>;
}

class Eras {
  readonly #target: Target;
  readonly #versions: Versions;
  readonly #newest: Lowering;
  readonly #contexts = new Map<number, Context>();
  readonly #plans: ReadonlyMap<string, FunctionPlan>;
  readonly #recordPlans: ReadonlyMap<string, RecordPlan>;
  readonly #presence: Presence;
  readonly #entries = new Map<string, ReadonlyMap<string, HistoryEntry<unknown>>>();

  constructor(
    target: Target,
    versions: Versions,
    newest: Lowering,
    plan: ModulePlan,
    opaque: ReadonlySet<string>,
    presence: Presence,
  ) {
    this.#target = target;
    this.#versions = versions;
    this.#presence = presence;
    this.#newest = newest;
    this.#plans = new Map([...plan.required, ...plan.weak].map((f) => [f.name, f]));
    this.#recordPlans = new Map(plan.records.map((r) => [r.name, r]));
    for (const context of versions.contexts) {
      const own = this.#context(context, opaque);
      for (const at of context.versions) this.#contexts.set(at, own);
    }
  }

  #context(known: VersionContext, opaque: ReadonlySet<string>): Context {
    const newest = this.#newest;
    const answers = new Map<string, boolean>();
    const isOther = (name: string): boolean => {
      if (!known.typedefs.has(name)) return false;
      const found = answers.get(name);
      if (found !== undefined) return found;
      answers.set(name, false);
      const [old, now] = [lowering.table.typedef(name), newest.table.typedef(name)];
      answers.set(name, !old || !now || typedefText(old, lowering) !== typedefText(now, newest));
      return answers.get(name)!;
    };
    const lowering: Lowering = new Lowering(known.api, this.#target, newest.names, opaque, isOther);
    const functions = new Map<string, { versions: readonly number[]; decl: FunctionDecl }[]>();
    for (const [at, { name, versions }] of known.functions.entries())
      functions.set(name, [...(functions.get(name) ?? []), { versions, decl: known.api.functions[at]! }]);
    return { lowering, known, functions, plans: new Map() };
  }

  functions(): ReadonlyMap<string, Timeline<FunctionState>> {
    const found = new Map<string, Timeline<FunctionState>>();
    for (const name of this.#touched(({ functions }) => functions.keys())) {
      if (!this.#plans.has(name)) continue;
      found.set(
        name,
        this.#timeline('functions', [name], (at) => this.#functionAt(name, at)),
      );
    }
    return found;
  }

  #functionAt(name: string, at: number): FunctionState {
    const { type } = eraAt(this.#entry('functions', name) as HistoryEntry<FunctionDecl>, at)!.decl;
    const table = this.#versions.tables.at(at);
    const context = this.#contexts.get(at);
    const other = context?.functions.get(name)?.find(({ versions }) => versions.includes(at));
    if (!context || !other) return { plan: this.#plans.get(name)!, type, table };
    const { decl } = other;
    const plan = context.plans.get(decl) ?? (decl.unsupported ? undefined : planFunction(decl, context.lowering));
    if (plan) context.plans.set(decl, plan);
    return { plan, type, table };
  }

  records(): ReadonlyMap<string, Timeline<RecordPlan | undefined>> {
    const { replaced } = this.#presence;
    const { names } = this.#newest;
    const keys = new Map<string, string[]>();
    for (const key of [...this.#touched(({ known }) => known.records), ...replaced.keys()]) {
      const name = names.record.get(key);
      if (name === undefined || !this.#recordPlans.has(name)) continue;
      const now = replaced.get(key) ?? key;
      keys.set(name, [...new Set([...(keys.get(name) ?? []), key, now])]);
    }
    return new Map(
      [...keys].map(([name, list]) => [
        name,
        this.#timeline('records', list, (at, key) => this.#recordAt(name, key, at)),
      ]),
    );
  }

  #recordAt(name: string, key: string, at: number): RecordPlan | undefined {
    const context = this.#contexts.get(at);
    const isOld = this.#presence.replaced.has(key);
    if (!isOld && !context?.known.records.has(key)) return this.#recordPlans.get(name);
    // Where nothing around it is another thing, the newest declarations have what it is made of.
    const lowering = context?.known.records.has(key) ? context.lowering : this.#newest;
    const d = lowering.table.record(key);
    return d && planRecord(d, lowering, ALWAYS);
  }

  /** What typedefs were in C, where the module's name for them means something else. */
  types(): ReadonlyMap<string, Timeline<string>> {
    const found = new Map<string, Timeline<string>>();
    const { history, from } = this.#versions;
    for (const entry of history.typedefs) {
      const now = entry.eras.length > 1 ? newestEra(entry, from)?.decl : undefined;
      if (!now || !this.#newest.isOwn(now)) continue;
      const text = ({ type }: TypedefDecl): string => `typedef ${cDeclaration(type, entry.key)}`;
      const other = entry.eras
        .filter(({ decl }) => text(decl) !== text(now))
        .flatMap(({ versions, decl }) => versions.filter((at) => at >= from).map((at) => [at, text(decl)] as const));
      const name = this.#newest.names.typedef.get(entry.key);
      if (other.length && name !== undefined) found.set(name, new Map(other));
    }
    return found;
  }

  /** Types of functions that are other ones in some versions. */
  callbacks(): ReadonlyMap<string, Timeline<CallbackState>> {
    const found = new Map<string, Timeline<CallbackState>>();
    for (const key of this.#touched(({ known }) => known.callbacks)) {
      const name = this.#newest.names.typedef.get(key);
      const now = callbackState(key, this.#newest);
      if (name === undefined || !now) continue;
      found.set(
        name,
        this.#timeline('typedefs', [key], (at) => {
          const context = this.#contexts.get(at);
          return (context?.known.callbacks.has(key) && callbackState(key, context.lowering)) || now;
        }),
      );
    }
    return found;
  }

  variables(): ReadonlyMap<string, Timeline<string>> {
    const found = new Map<string, Timeline<string>>();
    const { tables, from } = this.#versions;
    for (const name of this.#touched(({ known }) => known.variables)) {
      const entry = this.#entry('variables', name) as HistoryEntry<VariableDecl> | undefined;
      const newest = entry && newestEra(entry, from);
      if (!newest) continue;
      const now = tables.at(newest.versions.at(-1)!);
      let isOther = false;
      const all = this.#timeline('variables', [name], (at) => {
        const d = eraAt(entry, at)!.decl;
        const { kind } = compareTypes(d.type, tables.at(at), newest.decl.type, now, { target: this.#target });
        isOther ||= kind === 'different';
        return cDeclaration(d.type, name);
      });
      if (isOther) found.set(name, all);
    }
    return found;
  }

  #touched(of: (context: Context) => Iterable<string>): ReadonlySet<string> {
    return new Set([...new Set(this.#contexts.values())].flatMap((context) => [...of(context)]));
  }

  /** Of the versions that declare one of the keys. */
  #timeline<T>(kind: Kind, keys: readonly string[], state: (at: number, key: string) => T): Timeline<T> {
    const declared = keys.flatMap((key) => {
      const entry = this.#entry(kind, key);
      return entry ? versionsOf(entry).map((at) => [at, key] as const) : [];
    });
    return new Map(
      declared
        .filter(([at]) => at >= this.#versions.from)
        .sort(([a], [b]) => a - b)
        .map(([at, key]) => [at, state(at, key)]),
    );
  }

  #entry(kind: Kind, key: string): HistoryEntry<unknown> | undefined {
    const entries = this.#versions.history[kind] as readonly HistoryEntry<unknown>[];
    const known = this.#entries.get(kind) ?? new Map(entries.map((entry) => [entry.key, entry]));
    this.#entries.set(kind, known);
    return known.get(key);
  }
}

type Kind = 'functions' | 'records' | 'typedefs' | 'variables';

/** Whether two versions of a function are called alike. */
export function isSameFunction(a: FunctionState, b: FunctionState, target: Target): boolean {
  if (a.plan === b.plan) return true;
  if (!a.plan || !b.plan || a.plan.symbol !== b.plan.symbol) return false;
  if (a.plan.signature === b.plan.signature && typeOf(a.plan) === typeOf(b.plan)) return true;
  return compareTypes(a.type, a.table, b.type, b.table, { target }).kind !== 'different';
}

function callbackState(name: string, lowering: Lowering): CallbackState | undefined {
  const d = lowering.table.typedef(name);
  const [plan] = d ? planCallbacks([d], lowering) : [];
  return (
    d && plan && { signature: plan.signature, text: typedefText(d, lowering), type: d.type, table: lowering.table }
  );
}

/** Whether C calls both alike. */
export function isSameCallback(a: CallbackState, b: CallbackState, target: Target): boolean {
  return a.signature === b.signature || compareTypes(a.type, a.table, b.type, b.table, { target }).kind !== 'different';
}

const typeOf = ({ parameters, result }: FunctionPlan): string => `${parameters.map(typeText).join()} ${result}`;

/** A parameter without its name. */
export function typeText(parameter: string): string {
  return parameter.slice(parameter.indexOf(': ') + 2);
}

/** Whether a program sees the same members at the same places. Of what is not the library's own, more or fewer names for the same memory
 *  make no difference: they are another C library's. */
export function isSameRecord(a: RecordPlan | undefined, b: RecordPlan | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.record !== b.record || a.size !== b.size || a.align !== b.align) return false;
  if (a.origin !== ELSEWHERE || b.origin !== ELSEWHERE) return layoutOf(a) === layoutOf(b);
  const places = new Map(a.fields.map((f) => [f.name, placeOf(f)]));
  return b.fields.every((f) => (places.get(f.name) ?? placeOf(f)) === placeOf(f));
}

const placeOf = ({ type, offset, bits }: FieldPlan): string => `${type} ${offset} ${bits}`;

const layoutOf = ({ fields }: RecordPlan): string => fields.map((f) => `${f.name} ${placeOf(f)}`).join('\n');
