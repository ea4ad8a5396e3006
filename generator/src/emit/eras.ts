// In: the newest declarations of a library and what its older versions have otherwise, on each target. Out: a ModulePlan that serves all
// versions from the baseline on, and the versions that nothing tells apart. Each target is planned with its older eras beside the newest
// (eras-target, eras-groups), merge.ts makes one plan of all, and what that says of eras becomes what the contract has (eras-fold).

import { isVersion } from '../history/compare.ts';
import type { VersionSet } from '../history/history.ts';
import { versionIndex } from '../history/ranges.ts';
import { suggestedFeatures } from '../history/suggest.ts';
import { isList } from '../model/features.ts';
import { didYouMean } from '../model/near.ts';
import { withLines } from './describe.ts';
import { constantPlans } from './eras-constants.ts';
import { foldEras } from './eras-fold.ts';
import { type EraIndex, eraIndex, withOlder } from './eras-groups.ts';
import { presenceIn, replacedKeys, Span } from './eras-presence.ts';
import { type TargetEras, targetEras, type VersionedInput } from './eras-target.ts';
import { type Differing, evidenceOf, indistinguishable } from './evidence.ts';
import { planFeatures, type VersionFacts } from './features.ts';
import { Lowering } from './lower.ts';
import { type ModuleOptions, type ModulePlan, PlanError, stampOf } from './module.ts';
import { namesOf, planLowered } from './plan.ts';

/** Versions of a library that cannot be told apart though the module has something of each that differs. */
export interface Ambiguity {
  readonly versions: readonly string[];
  /** `struct x`, `f()`. */
  readonly names: readonly string[];
}

/** A plan of one target, with all its eras beside each other. */
export interface ErasOfTargets {
  readonly plans: ReadonlyMap<string, ModulePlan>;
  readonly index: EraIndex;
  readonly types: readonly TargetEras[];
}

export function planVersions(
  inputs: readonly VersionedInput[],
  options: ModuleOptions,
  opaque: ReadonlySet<string>,
): ErasOfTargets {
  checkVersions(inputs);
  const all = inputs.map((input) => {
    const { api, target, versions } = input;
    const span = new Span(versions.history, versions.from);
    const presence = presenceIn(span, replacedKeys(versions.history, versions.from));
    const lowering = new Lowering(api, target, namesOf(api, options, presence), opaque);
    const plan = planLowered(api, options, lowering, presence);
    const eras = targetEras(input, lowering, plan, opaque, presence);
    return { target, eras, plan: { ...plan, constants: constantPlans(plan.constants, lowering, span, options) } };
  });
  const { history } = inputs[0]!.versions;
  const index = eraIndex(
    all.map(({ eras }) => eras),
    (at) => history.versions[at]!.version,
  );
  return {
    plans: new Map(all.map(({ target, eras, plan }) => [target.name, withOlder(plan, eras, index)])),
    index,
    types: all.map(({ eras }) => eras),
  };
}

/** One list of versions for all targets: the module has one. */
function checkVersions(inputs: readonly VersionedInput[]): void {
  const [first, ...others] = inputs.map(({ target, versions: { history, from } }) => ({
    target: target.name,
    list: history.versions.map(({ version }) => version).join(' '),
    from,
  }));
  for (const other of others) {
    if (other.list === first!.list && other.from === first!.from) continue;
    throw new PlanError(
      `its history has other versions for ${first!.target} (${first!.list}) than for ${other.target} (${other.list})`,
    );
  }
}

/** The module, of a plan of all targets. */
export function withEras(
  merged: ModulePlan,
  { index, types }: ErasOfTargets,
  inputs: readonly VersionedInput[],
  options: ModuleOptions,
): { readonly plan: ModulePlan; readonly ambiguities: readonly Ambiguity[] } {
  const spans = inputs.map(({ versions }) => new Span(versions.history, versions.from));
  const [span] = spans as [Span, ...Span[]];
  const symbolVersions = new SymbolVersions(span);
  const { plan, eras } = foldEras(merged, index, types, span, (name, versions) => symbolVersions.in(name, versions));
  const evidence = evidenceOf(spans, options.versionCall, options.versionConstants);
  const carried = new Set(
    [...plan.required, ...plan.weak].map(({ name }) => name).filter((name) => !name.includes('@')),
  );
  const configured = planFeatures(options.features ?? {}, {
    names: inputs[0]!.api.functions.filter((d) => !d.unsupported).map((d) => d.name),
    isCarried: (name) => carried.has(name),
    alternatives: new Set(eras.alternatives.keys()),
    hasVersionCall: options.versionCall !== undefined,
    versions: factsOf(plan, index, span, symbolVersions),
  });
  const weak = new Set(plan.weak.map(({ name }) => name));
  const suggested = suggestedFeatures(span.history, span.from, {
    isWanted: (name) => weak.has(name),
    // One that has other conditions besides is another one.
    features: new Map(configured.map(({ name, gate }) => [name, isList(gate) ? gate : []])),
  });
  const changed = new Set(plan.constants.filter(({ eras: values }) => values).map(({ name }) => name));
  const whole: Omit<ModulePlan, 'stamp'> = {
    ...plan,
    // An option of another number in some version would have the type of another option there.
    variadics: plan.variadics.map((one) => ({
      ...one,
      options: one.options.filter(({ constant }) => !changed.has(constant)),
    })),
    types: plan.types.map((type) => ({ ...type, doc: withLines(type.doc, wordsOnType(type.name, types, span)) })),
    features: [...configured, ...suggested.map(({ name, symbols }) => ({ name, gate: symbols }))],
    eras: { ...eras, history: evidence.plan },
  };
  return {
    plan: { ...whole, stamp: stampOf(whole) },
    ambiguities: indistinguishable(evidence, span, differingIn(whole, index)),
  };
}

/** What a type was in C before. */
function wordsOnType(name: string, all: readonly TargetEras[], span: Span): readonly string[] {
  const other = all.find(({ types }) => types.has(name))?.types.get(name);
  const texts = new Set(other?.values());
  return [...texts].map((text) => {
    const set = [...other!].filter(([, own]) => own === text).map(([at]) => at);
    return `It was \`${text}\` ${span.words(set) || 'before'}.`;
  });
}

/** What has eras that open() must tell apart. One of a function's signatures that a symbol version finds needs no telling. */
function differingIn({ eras }: Omit<ModulePlan, 'stamp'>, index: EraIndex): readonly Differing[] {
  const { layouts, signatures, alternatives } = eras!;
  const isFound = (name: string): boolean =>
    [...alternatives.values()]
      .filter(({ of }) => of === name)
      .every(({ symbolVersion }) => symbolVersion !== undefined);
  return [
    ...[...index.records].filter(([name]) => layouts.has(name)).map(([name, list]) => ({ name, list })),
    ...[...index.functions]
      .filter(([name]) => signatures.has(name) || !isFound(name))
      .map(([name, list]) => ({ name: `${name}()`, list })),
    ...[...index.callbacks].filter(([name]) => signatures.has(name)).map(([name, list]) => ({ name, list })),
  ].map(({ name, list }) => ({ name, eras: list.map(({ versions }) => versions) }));
}

/** The default symbol versions of functions, where the library's files have such. */
class SymbolVersions {
  readonly #span: Span;
  readonly #symbols = new Map<string, string>();

  constructor(span: Span) {
    this.#span = span;
    for (const { key, eras } of span.history.functions) this.#symbols.set(key, eras.at(-1)!.decl.symbol ?? key);
  }

  #entry(name: string) {
    return this.#span.history.exports.find(({ symbol }) => symbol === this.#symbols.get(name));
  }

  of(name: string): readonly string[] | undefined {
    const names = this.#entry(name)?.symbolVersions.map((one) => one.name) ?? [];
    return names.length ? names : undefined;
  }

  /** The one that is the default in some of these versions and in no other. */
  in(name: string, versions: VersionSet): string | undefined {
    const found = this.#entry(name)?.symbolVersions.filter(({ isDefault }) =>
      isDefault.some((at) => versions.includes(at)),
    );
    const [only, ...others] = found ?? [];
    const isOwn = only?.isDefault.every((at) => versions.includes(at) || at < this.#span.from);
    return isOwn && others.length === 0 ? only!.name : undefined;
  }
}

/** What features can ask of the headers. */
function factsOf(plan: ModulePlan, index: EraIndex, span: Span, symbolVersions: SymbolVersions): VersionFacts {
  const constants = new Map(plan.constants.map((constant) => [constant.name, constant]));
  const records = new Map(plan.records.map((r) => [r.name, r]));
  const erasOf = (name: string) => index.records.get(name) ?? [{ slot: name, versions: span.versionsOfRecord(name) }];
  const recordNamed = (where: string, name: string) => {
    const bare = name.replace(/^(struct|union) /, '');
    const record = records.get(bare);
    if (record) return record;
    throw new PlanError(
      `\`${where}\` names the record ${name}, which the module does not have${didYouMean(bare, records.keys())}`,
    );
  };
  return {
    constant: (where, name) => {
      const set = span.versionsOfConstant(name);
      if (constants.has(name) && set) return span.ranges(set);
      throw new PlanError(
        `\`${where}\` names ${name}, which is no enumerator or macro of the headers${didYouMean(name, constants.keys())}`,
      );
    },
    member: (where, path) => {
      const at = path.lastIndexOf('.');
      if (at < 0)
        throw new PlanError(`\`${where}\` names ${path}: a member is RECORD.MEMBER, for example iscsi_url.transport`);
      const record = recordNamed(where, path.slice(0, at));
      const member = path.slice(at + 1);
      const eras = erasOf(record.name).map((era) => ({ ...era, layout: records.get(era.slot) }));
      const having = eras.filter(({ layout }) => layout?.fields.some((field) => field.name === member));
      const all = eras.flatMap(({ layout }) => layout?.fields.map((field) => field.name) ?? []);
      if (having.length === 0)
        throw new PlanError(`\`${where}\` names ${path}, which no version has${didYouMean(member, all)}`);
      return span.ranges(having.flatMap(({ versions }) => versions).sort((a, b) => a - b));
    },
    layout: (where, name, version) => {
      const record = recordNamed(where, name);
      const at = versionIndex(span.history.versions, version);
      const era = erasOf(record.name).find(({ versions }) => versions.includes(at));
      if (era) return span.ranges(era.versions);
      const known = span.versions.map((own) => span.name(own)).join(' ');
      throw new PlanError(`\`${where}\` has ${name} in ${version}, which does not have it; the versions are ${known}`);
    },
    symbolVersions: (name) => symbolVersions.of(name),
    isVersion,
    hasVersion: (version) => versionIndex(span.history.versions, version) >= 0,
  };
}
