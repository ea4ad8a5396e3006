// In: the plan of a module with all eras of functions and records beside each other, one for all targets; and the versions of each era.
// Out: the same as the contract has it. Where one TypeScript type fits all signatures of a function, they are `signatures` of one
// function; else each has a slot of its own. Layouts of a record stand behind one view, whose members fit all of them.

import type { VersionSet } from '../history/history.ts';
import { withLines } from './describe.ts';
import { type Era, type EraIndex, stateIn } from './eras-groups.ts';
import type { Span } from './eras-presence.ts';
import { type TargetEras, typeText } from './eras-target.ts';
import type {
  AlternativePlan,
  ErasPlan,
  FunctionPlan,
  MemberPlan,
  ModulePlan,
  RecordPlan,
  SignatureEra,
} from './module.ts';
import type { FieldPlan } from './records.ts';
import { withoutNull } from './scalar-text.ts';
import { expanded, unified, variantsOf } from './variants.ts';

/** The name of the symbol version that functions have in some versions of the library, where it is known. */
export type SymbolVersionIn = (name: string, versions: VersionSet) => string | undefined;

type Eras = Pick<ErasPlan, 'layouts' | 'signatures' | 'alternatives'>;

/** `targets`: what each target says of types of functions. */
export function foldEras(
  plan: ModulePlan,
  index: EraIndex,
  targets: readonly TargetEras[],
  span: Span,
  symbolVersionIn: SymbolVersionIn,
): { readonly plan: ModulePlan; readonly eras: Eras } {
  const fold = new Fold(plan, index, span, symbolVersionIn);
  const functions = fold.functions();
  const variants = fold.callbacks(targets);
  const { records, layouts } = fold.records();
  return { plan: { ...plan, ...functions, ...variants, records }, eras: { ...fold.eras, layouts } };
}

class Fold {
  readonly eras = {
    signatures: new Map<string, readonly SignatureEra[]>(),
    alternatives: new Map<string, AlternativePlan>(),
  };
  readonly #plan: ModulePlan;
  readonly #index: EraIndex;
  readonly #span: Span;
  readonly #symbolVersionIn: SymbolVersionIn;
  readonly #types: ReadonlyMap<string, string>;

  constructor(plan: ModulePlan, index: EraIndex, span: Span, symbolVersionIn: SymbolVersionIn) {
    this.#plan = plan;
    this.#index = index;
    this.#span = span;
    this.#symbolVersionIn = symbolVersionIn;
    this.#types = new Map(plan.types.map(({ name, text }) => [name, text]));
  }

  functions(): Pick<ModulePlan, 'required' | 'weak'> {
    const slots = new Map(this.#plan.weak.filter(({ name }) => name.includes('@')).map((f) => [f.name, f]));
    const required: FunctionPlan[] = [];
    const weak: FunctionPlan[] = [];
    for (const f of [...this.#plan.required, ...this.#plan.weak]) {
      if (slots.has(f.name)) continue;
      const list = this.#plan.required.includes(f) ? required : weak;
      const eras = this.#index.functions.get(f.name) ?? [];
      const older = eras.slice(0, -1).flatMap(({ slot }) => slots.get(slot) ?? []);
      if (eras.length < 2) list.push(f);
      else if (older.length === eras.length - 1 && this.#isOne(f, older)) list.push(this.#united(f, older, eras));
      else weak.push(...this.#alternatives(f, older, eras));
    }
    return { required, weak };
  }

  /** Whether one TypeScript type fits all signatures, of one symbol. */
  #isOne(f: FunctionPlan, older: readonly FunctionPlan[]): boolean {
    return older.every(({ symbol = f.name }) => symbol === (f.symbol ?? f.name)) && !!this.#unitedTypes(f, older);
  }

  #unitedTypes(
    f: FunctionPlan,
    older: readonly FunctionPlan[],
  ): Pick<FunctionPlan, 'parameters' | 'result'> | undefined {
    if (f.typeParameters || older.some(({ parameters }) => parameters.length !== f.parameters.length)) return undefined;
    const parameters: string[] = [];
    for (const [at, parameter] of f.parameters.entries()) {
      const type = this.unite([typeText(parameter), ...older.map((one) => typeText(one.parameters[at]!))]);
      if (type === undefined) return undefined;
      parameters.push(`${parameter.slice(0, parameter.indexOf(': '))}: ${type}`);
    }
    const result = this.unite([f.result, ...older.map((one) => one.result)]);
    return result === undefined ? undefined : { parameters, result };
  }

  /** The first text is the newest one, and is kept where it fits. */
  unite(texts: readonly string[]): string | undefined {
    const direct = unified(said(texts));
    if (direct !== undefined) return direct;
    const plain = texts.map((text) => expanded(text, (name) => this.#meaning(name)));
    const found = unified(said(plain));
    return found === plain[0] ? texts[0] : found;
  }

  #meaning(name: string): string | undefined {
    const text = this.#types.get(name);
    return text?.startsWith('c.Opaque<') || text?.startsWith('c.Handle<') ? undefined : text;
  }

  #united(f: FunctionPlan, older: readonly FunctionPlan[], eras: readonly Era[]): FunctionPlan {
    const list = older.flatMap((one, at): SignatureEra[] => {
      const { slot, versions } = eras[at]!;
      return this.#isLike(one, f) ? [] : [{ versions: this.#span.ranges(versions), signature: one.signature, slot }];
    });
    if (list.length) this.eras.signatures.set(f.name, list);
    const words = older.map((one, at) => this.#was(one, eras[at]!));
    return { ...f, ...this.#unitedTypes(f, older), doc: withLines(f.doc, list.length ? words : []) };
  }

  /** Whether both have the same signature, on all targets. */
  #isLike(one: FunctionPlan, f: FunctionPlan): boolean {
    const text = (name: string): string => JSON.stringify([...(this.#plan.variants?.signatures.get(name) ?? [])]);
    return one.signature === f.signature && text(one.name) === text(f.name);
  }

  /** `Until 1.8.0: int f(int)`. */
  #was({ doc }: FunctionPlan, { versions }: Era): string {
    const words = this.#span.words(versions);
    return `${words.charAt(0).toUpperCase()}${words.slice(1)} it was ${declarationIn(doc)}.`;
  }

  #alternatives(f: FunctionPlan, older: readonly FunctionPlan[], eras: readonly Era[]): readonly FunctionPlan[] {
    const all = [...older, f];
    for (const { name } of all) {
      const { versions } = eras.find(({ slot }) => slot === name)!;
      this.eras.alternatives.set(name, {
        of: f.name,
        versions: this.#span.ranges(versions),
        symbolVersion: this.#symbolVersionIn(f.name, versions),
      });
    }
    return [f, ...older].map((one) => {
      const { versions } = eras.find(({ slot }) => slot === one.name)!;
      const others = all.filter((other) => other !== one).map(({ name }) => `\`${name}\``);
      const rest = others.length
        ? `; other versions have ${others.join(', ')}`
        : '; other versions have one that cannot be called';
      const line = `This signature is there ${this.#span.words(versions) || 'always'}${rest}.`;
      return { ...one, doc: withLines(one.doc, [line]) };
    });
  }

  /** Types of functions have their eras, too; in those of another TypeScript type they cannot be used by their name. */
  callbacks(targets: readonly TargetEras[]): Pick<ModulePlan, 'variants'> {
    const variants = new Map(this.#plan.variants?.signatures);
    for (const { name } of this.#plan.callbacks) {
      const eras = this.#index.callbacks.get(name) ?? [];
      const list = eras.slice(0, -1).map((era): SignatureEra => {
        const said = targets.flatMap(({ target, callbacks }) => {
          const timeline = callbacks.get(name);
          const state = stateIn(timeline, era) ?? stateIn(timeline, eras.at(-1)!);
          return state ? [[target.name, state] as const] : [];
        });
        const newest = this.#types.get(name);
        const isOne = said.every(([, { text }]) => newest !== undefined && this.unite([newest, text]) === newest);
        const each = variantsOf(new Map(said.map(([target, { signature }]) => [target, signature])));
        if (each && isOne) variants.set(era.slot, each);
        const signature = isOne ? said[0]![1].signature : null;
        return { versions: this.#span.ranges(era.versions), signature, slot: era.slot };
      });
      if (list.length) this.eras.signatures.set(name, list);
    }
    const { variants: known } = this.#plan;
    return known ? { variants: { ...known, signatures: variants } } : {};
  }

  records(): Pick<ModulePlan, 'records'> & Pick<ErasPlan, 'layouts'> {
    const byName = new Map(this.#plan.records.map((r) => [r.name, r]));
    const layouts = new Map<string, readonly (readonly [string, string | null])[]>();
    const kept = this.#plan.records.filter((r) => r.of === undefined || byName.has(r.of));
    const records = kept.map((record): RecordPlan => {
      const eras = this.#index.records.get(record.name) ?? [];
      const plans = eras.map(({ slot }) => byName.get(slot));
      if (record.of !== undefined || plans.filter(Boolean).length < 2) return record;
      layouts.set(record.name, this.#layouts(eras, plans));
      return this.#unitedRecord(record, eras, plans);
    });
    // Layouts that nothing chooses among are no layouts of their own: the record was only not always known.
    return { records: records.filter((r) => r.of === undefined || layouts.has(r.of)), layouts };
  }

  #layouts(eras: readonly Era[], plans: readonly (RecordPlan | undefined)[]): (readonly [string, string | null])[] {
    const known = new Set(eras.flatMap(({ versions }) => versions));
    const without = this.#span.versions.filter((at) => !known.has(at));
    const list = eras.map(({ versions }, at) => ({ versions, layout: plans[at]?.name ?? null }));
    const nowhere = [...without, ...list.filter(({ layout }) => layout === null).flatMap(({ versions }) => versions)];
    const all = [
      ...(nowhere.length ? [{ versions: nowhere.sort((a, b) => a - b), layout: null }] : []),
      ...list.filter(({ layout }) => layout !== null),
    ];
    return all
      .sort((a, b) => a.versions[0]! - b.versions[0]!)
      .map(({ versions, layout }) => [this.#span.ranges(versions), layout] as const);
  }

  #unitedRecord(record: RecordPlan, eras: readonly Era[], plans: readonly (RecordPlan | undefined)[]): RecordPlan {
    const layouts = eras.flatMap(({ versions }, at) => {
      const own = plans[at];
      return own ? [{ versions, record: own }] : [];
    });
    const names = layouts.reduceRight<readonly string[]>((all, one) => merged(all, one.record.fields), []);
    const sizes = layouts
      .slice(0, -1)
      .map(({ versions, record: own }) => `${own.size} bytes ${this.#span.words(versions)}`);
    const line = `The installed version decides: ${sizes.join(', ')}. Places are those ${this.#span.words(layouts.at(-1)!.versions)}.`;
    return {
      ...record,
      doc: withLines(record.doc, [line]),
      members: names.map((name) => this.#member(name, layouts)),
    };
  }

  #member(
    name: string,
    layouts: readonly { readonly versions: VersionSet; readonly record: RecordPlan }[],
  ): MemberPlan {
    const known = layouts.flatMap(({ versions, record }) => {
      const field = record.fields.find((one) => one.name === name);
      return field ? [{ versions, field }] : [];
    });
    const isAlways = known.length === layouts.length;
    const { field: newest } = known.at(-1)!;
    const [get, set] = (['get', 'set'] as const).map((side) =>
      this.#type(known.map((one) => accessor(one.field)[side])),
    );
    const others = new Map<string, number[]>();
    for (const { versions, field } of known) {
      const text = declarationIn(field.doc);
      if (text !== declarationIn(newest.doc)) others.set(text, [...(others.get(text) ?? []), ...versions]);
    }
    const words = [
      ...(isAlways ? [] : this.#span.sentence(known.flatMap(({ versions }) => versions))),
      ...[...others].map(([text, versions]) => `${text} ${this.#span.words(versions)}.`),
    ];
    const absent = isAlways ? '' : ' | undefined';
    const isSame = get === set;
    return { name, get: get! + absent, set: set! + (isSame ? absent : ''), doc: withLines(newest.doc, words) };
  }

  /** One type for all of them, or either of them. */
  #type(texts: readonly string[]): string {
    const newestFirst = [...texts].reverse();
    const one = this.unite(newestFirst);
    if (one !== undefined) return one;
    const bare = newestFirst.map(withoutNull);
    return [...new Set([...bare, ...(bare.join() === newestFirst.join() ? [] : ['null'])])].join(' | ');
  }
}

/** Names of members: those that only an older layout has come where they stood. */
function merged(newer: readonly string[], older: readonly FieldPlan[]): readonly string[] {
  const all = [...newer];
  for (const [at, { name }] of older.entries()) {
    if (all.includes(name)) continue;
    const before = older[at - 1];
    all.splice(before ? all.indexOf(before.name) + 1 : 0, 0, name);
  }
  return all;
}

/** What a member reads as, and what it takes. */
export function accessor({ type, typescript }: FieldPlan): { readonly get: string; readonly set: string } {
  return type === 'str' ? { get: 'string | null', set: 'c.Pointer | null' } : { get: typescript, set: typescript };
}

/** The declaration that a comment begins with. */
function declarationIn(doc: readonly string[]): string {
  return /^`[^`]*`/.exec(doc[0] ?? '')?.[0] ?? '';
}

function said(texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(texts.map((text, at) => [String(at), text]));
}
