// In: one target's newest declarations and what older versions have otherwise. Out: for each function, record, type and variable that is
// not the same in all versions what it is in each, planned as if that version were the only one. What no difference reaches is not
// looked at.

import type { Touched, VersionContext } from '../history/contexts.ts';
import type { History, HistoryEntry } from '../history/history.ts';
import { type Api, ELSEWHERE, type FunctionDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import { compareTypes } from '../model/compatibility.ts';
import type { FunctionType } from '../model/ctype.ts';
import type { TypeTable } from '../model/types.ts';
import type { Target } from '../target.ts';
import { ALWAYS } from './describe.ts';
import { planFunction } from './functions.ts';
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
}

export interface VersionedInput {
  /** The newest declaration of everything. */
  readonly api: Api;
  readonly target: Target;
  readonly versions: Versions;
}

/** What something is in each version that has it, oldest first. */
export type Timeline<T> = ReadonlyMap<number, T>;

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
  /** Variables whose type is not the same in all versions: what they are in each. */
  readonly variables: ReadonlyMap<string, Timeline<string>>;
}

export function targetEras(
  { api, target, versions }: VersionedInput,
  newest: Lowering,
  plan: ModulePlan,
  opaque: ReadonlySet<string>,
  presence: Presence,
): TargetEras {
  const eras = new Eras(api, target, versions, newest, plan, opaque, presence);
  return {
    target,
    functions: eras.functions(),
    records: eras.records(),
    types: eras.types(),
    variables: eras.variables(),
  };
}

interface Context {
  readonly api: Api;
  readonly lowering: Lowering;
  readonly touched: Touched;
  readonly functions: ReadonlyMap<string, FunctionDecl>;
  readonly plans: Map<string, FunctionState>;
}

class Eras {
  readonly #target: Target;
  readonly #history: History;
  readonly #newest: Context;
  /** The context of each version, the baseline's first. */
  readonly #contexts = new Map<number, Context>();
  readonly #plans: ReadonlyMap<string, FunctionPlan>;
  readonly #recordPlans: ReadonlyMap<string, RecordPlan>;
  readonly #presence: Presence;
  /** Of each kind the versions that have a key. */
  readonly #declared = new Map<string, ReadonlyMap<string, readonly number[]>>();

  constructor(
    api: Api,
    target: Target,
    { history, from, contexts }: Versions,
    newest: Lowering,
    plan: ModulePlan,
    opaque: ReadonlySet<string>,
    presence: Presence,
  ) {
    this.#target = target;
    this.#history = history;
    this.#presence = presence;
    this.#plans = new Map([...plan.required, ...plan.weak].map((f) => [f.name, f]));
    this.#recordPlans = new Map(plan.records.map((r) => [r.name, r]));
    const nothing = new Set<string>();
    const touched = { functions: nothing, records: nothing, typedefs: nothing, variables: nothing };
    const functions = new Map(api.functions.map((d) => [d.name, d]));
    this.#newest = { api, lowering: newest, touched, functions, plans: new Map() };
    for (let at = from; at < history.versions.length; at++) this.#contexts.set(at, this.#newest);
    for (const context of contexts) {
      const own = this.#context(context, newest, opaque);
      for (const at of context.versions) this.#contexts.set(at, own);
    }
  }

  #context({ api, touched }: VersionContext, newest: Lowering, opaque: ReadonlySet<string>): Context {
    const known = new Map<string, boolean>();
    const isOther = (name: string): boolean => {
      if (!touched.typedefs.has(name)) return false;
      const found = known.get(name);
      if (found !== undefined) return found;
      known.set(name, false);
      const [old, now] = [lowering.table.typedef(name), newest.table.typedef(name)];
      known.set(name, !old || !now || typedefText(old, lowering) !== typedefText(now, newest));
      return known.get(name)!;
    };
    const lowering: Lowering = new Lowering(api, this.#target, newest.names, opaque, isOther);
    const functions = new Map(api.functions.map((d) => [d.name, d]));
    return { api, lowering, touched, functions, plans: new Map() };
  }

  functions(): ReadonlyMap<string, Timeline<FunctionState>> {
    const found = new Map<string, Timeline<FunctionState>>();
    for (const name of this.#touched((t) => t.functions)) {
      if (!this.#plans.has(name)) continue;
      found.set(
        name,
        this.#timeline('functions', [name], (at) => this.#functionAt(name, at)),
      );
    }
    return found;
  }

  #functionAt(name: string, at: number): FunctionState {
    const context = this.#contexts.get(at)!;
    const isTouched = context.touched.functions.has(name);
    const { lowering } = context;
    if (!isTouched) {
      const { type } = this.#newest.functions.get(name)!;
      return { plan: this.#plans.get(name)!, type, table: lowering.table };
    }
    const known = context.plans.get(name);
    if (known) return known;
    const d = context.functions.get(name)!;
    const plan = d.unsupported === undefined ? planFunction(d, lowering) : undefined;
    const state = { plan, type: d.type, table: lowering.table };
    context.plans.set(name, state);
    return state;
  }

  records(): ReadonlyMap<string, Timeline<RecordPlan | undefined>> {
    const { replaced } = this.#presence;
    const { names } = this.#newest.lowering;
    const keys = new Map<string, string[]>();
    for (const key of [...this.#touched((t) => t.records), ...replaced.keys()]) {
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
    const context = this.#contexts.get(at)!;
    const isOld = this.#presence.replaced.has(key);
    if (!isOld && !context.touched.records.has(key)) return this.#recordPlans.get(name);
    const d = context.lowering.table.record(key);
    return d && planRecord(d, context.lowering, ALWAYS);
  }

  /** What typedefs were in C, where the module's name for them means something else. */
  types(): ReadonlyMap<string, Timeline<string>> {
    const found = new Map<string, Timeline<string>>();
    const { names, table } = this.#newest.lowering;
    for (const name of this.#touched((t) => t.typedefs)) {
      const now = table.typedef(name);
      if (!now || !this.#newest.lowering.isOwn(now)) continue;
      const isOther = (text: string): boolean => text !== `typedef ${cDeclaration(now.type, name)}`;
      const all = this.#timeline('typedefs', [name], (at) => {
        const d = this.#contexts.get(at)!.lowering.table.typedef(name) ?? now;
        return `typedef ${cDeclaration(d.type, name)}`;
      });
      const other = new Map([...all].filter(([, text]) => isOther(text)));
      if (other.size) found.set(names.typedef.get(name)!, other);
    }
    return found;
  }

  variables(): ReadonlyMap<string, Timeline<string>> {
    const found = new Map<string, Timeline<string>>();
    for (const name of this.#touched((t) => t.variables)) {
      const now = this.#newest.api.variables.find((d) => d.name === name);
      if (!now) continue;
      let isOther = false;
      const all = this.#timeline('variables', [name], (at) => {
        const { api, lowering, touched } = this.#contexts.get(at)!;
        const d = (touched.variables.has(name) && api.variables.find((one) => one.name === name)) || now;
        const { kind } = compareTypes(d.type, lowering.table, now.type, this.#newest.lowering.table, {
          target: this.#target,
        });
        isOther ||= kind === 'different';
        return cDeclaration(d.type, name);
      });
      if (isOther) found.set(name, all);
    }
    return found;
  }

  #touched(of: (touched: Touched) => ReadonlySet<string>): ReadonlySet<string> {
    return new Set([...new Set(this.#contexts.values())].flatMap(({ touched }) => [...of(touched)]));
  }

  /** Of the versions that declare one of the keys. */
  #timeline<T>(kind: Kind, keys: readonly string[], state: (at: number, key: string) => T): Timeline<T> {
    const declared = new Map(keys.flatMap((key) => this.#versionsOf(kind, key).map((at) => [at, key] as const)));
    return new Map(
      [...this.#contexts.keys()].flatMap((at): [number, T][] => {
        const key = declared.get(at);
        return key === undefined ? [] : [[at, state(at, key)]];
      }),
    );
  }

  #versionsOf(kind: Kind, key: string): readonly number[] {
    const known =
      this.#declared.get(kind) ??
      new Map(
        (this.#history[kind] as readonly HistoryEntry<unknown>[]).map((entry) => [
          entry.key,
          entry.eras.flatMap(({ versions }) => versions),
        ]),
      );
    this.#declared.set(kind, known);
    return known.get(key) ?? [];
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
