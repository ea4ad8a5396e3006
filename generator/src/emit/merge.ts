// In: the Api of each target. Out: one ModulePlan for all of them. Where targets differ, signatures and layouts become variants, and
// TypeScript types are such that they fit all. What cannot be one declaration for all targets is refused by name, with what each
// target says; what mentions it goes with it.

import type { Api, ConstantValue, Unsupported } from '../model/api.ts';
import { versionFunctions } from '../model/version-call.ts';
import type { Target } from '../target.ts';
import { type Ambiguity, planVersions, withEras } from './eras.ts';
import type { VersionedInput, Versions } from './eras-target.ts';
import { besidesVariants, mergeBesides } from './merge-besides.ts';
import { byName, Merge, mapped, type Plans } from './merging.ts';
import {
  type ConstantPlan,
  type FunctionPlan,
  type ModuleOptions,
  type ModulePlan,
  type ModuleVariants,
  PlanError,
  type RecordPlan,
  type RecordVariants,
  stampOf,
} from './module.ts';
import { featuresOf, planModule } from './plan.ts';
import { type FieldPlan, fieldText } from './records.ts';
import { listed, type Said, unified, unifiedDoc, type Variants, variantsOf, whoSaysWhat } from './variants.ts';

/** With `versions`, the Api has the newest declaration of everything in them; all targets have them, or none. */
type Inputs = readonly { readonly api: Api; readonly target: Target; readonly versions?: Versions }[];

/** Throws a PlanError that names the library, where the configuration does not fit its headers. */
export function planForTargets(
  inputs: Inputs,
  options: ModuleOptions,
): { readonly plan: ModulePlan; readonly ambiguities: readonly Ambiguity[] } {
  try {
    return planAll(inputs, options);
  } catch (error) {
    throw error instanceof PlanError ? new PlanError(`${options.name}: ${error.message}`) : error;
  }
}

function planAll(
  inputs: Inputs,
  options: ModuleOptions,
): { readonly plan: ModulePlan; readonly ambiguities: readonly Ambiguity[] } {
  const versioned = inputs.every(isVersioned) ? inputs : undefined;
  // A record that cannot have one type for all targets is opaque for all of them; that may make others opaque.
  const opaque = new Map<string, string>();
  for (;;) {
    const names = new Set(opaque.keys());
    const eras = versioned && planVersions(versioned, options, names);
    const plans = eras?.plans ?? planEach(inputs, options, names);
    const found = differentRecords(plans);
    if (found.size === 0) {
      const plan = plans.size === 1 ? [...plans.values()][0]! : merged(plans, opaque, options, inputs);
      return eras ? withEras(plan, eras, versioned, options) : { plan, ambiguities: [] };
    }
    for (const [name, reason] of found) opaque.set(plainName(name), reason);
  }
}

function isVersioned(input: Inputs[number]): input is VersionedInput {
  return input.versions !== undefined;
}

/** The record that an older layout is of. */
function plainName(name: string): string {
  return name.split('@')[0]!;
}

function planEach(inputs: Inputs, options: ModuleOptions, opaque: ReadonlySet<string>): Plans {
  return new Map(
    inputs.map(({ api, target }) => {
      if (inputs.length === 1) return [target.name, planModule(api, options, target)];
      try {
        const plan = planModule(api, options, target, opaque);
        if (plan.required.length + plan.weak.length + plan.constants.length + plan.records.length === 0)
          throw new PlanError('of what the headers declare nothing can be carried');
        return [target.name, plan];
      } catch (error) {
        throw error instanceof PlanError ? new PlanError(`for ${target.name}: ${error.message}`) : error;
      }
    }),
  );
}

/** Records that have members for some targets and none for others, or other members: each with the reason. */
function differentRecords(plans: Plans): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, said] of byName(plans, (plan) => plan.records)) {
    if (said.size === plans.size) {
      const reason = recordDifference(said);
      if (reason) found.set(name, reason);
      continue;
    }
    const others = [...plans].filter(([target]) => !said.has(target));
    if (others.every(([, plan]) => plan.types.some((type) => type.name === name))) {
      found.set(name, `its members are known for ${listed([...said.keys()])} only`);
    }
  }
  return found;
}

/** The order of members may differ; what they are may not. */
function recordDifference(said: Said<RecordPlan>): string | undefined {
  const members = mapped(said, (r) => [r.record, ...r.fields.map((f) => f.name).sort()].join());
  const words = mapped(said, (r) => `${r.record} with ${r.fields.map((f) => f.name).join(', ') || 'no members'}`);
  if (variantsOf(members)) return `it is ${whoSaysWhat(words)}`;
  const [first] = [...said.values()] as [RecordPlan];
  for (const { name } of first.fields) {
    const types = mapped(said, (r) => fieldOf(r, name).typescript);
    if (unified(types) === undefined) return `its member ${name} is ${whoSaysWhat(types)}`;
  }
  return undefined;
}

/** The members of records by their names. */
const indexes = new WeakMap<RecordPlan, ReadonlyMap<string, FieldPlan>>();

function fieldOf(record: RecordPlan, name: string): FieldPlan {
  const known = indexes.get(record) ?? new Map(record.fields.map((field) => [field.name, field]));
  indexes.set(record, known);
  return known.get(name)!;
}

function merged(
  plans: Plans,
  opaque: ReadonlyMap<string, string>,
  options: ModuleOptions,
  [first]: Inputs,
): ModulePlan {
  const merge = new Merge(plans, opaque);
  const [base] = [...plans.values()] as [ModulePlan];
  const { types, records } = mergeDeclarations(merge);
  const functions = merge.all('function', functionsOf, (name, said, first) => mergeFunction(merge, name, said, first));
  const constants = merge.all('constant', (plan) => plan.constants, mergeConstant(merge));
  const carried = new Set(functions.map((f) => f.name));
  if (carried.size === 0 && functionsOf(base).length > 0)
    throw new PlanError(`no function is the same for ${listed([...plans.keys()])}`);
  for (const name of base.versionCall ? versionFunctions(base.versionCall) : []) {
    if (!carried.has(name)) throw new PlanError(`\`versionCall\` names ${name}, which is not carried for all targets`);
  }
  const isWeak = new Set([...plans.values()].flatMap((plan) => plan.weak.map((f) => f.name)));
  const names = new Set(records.map((r) => r.name));
  const besides = mergeBesides(merge, plans);
  const refused = [...opaqueOnes(plans, opaque), ...merge.refused];
  const plan: Omit<ModulePlan, 'stamp'> = {
    ...base,
    targets: [...plans.keys()],
    types,
    records,
    recordAliases: base.recordAliases.filter(({ name, record }) => names.has(record) && inAll(plans, name, record)),
    constants,
    required: functions.filter((f) => !isWeak.has(f.name)),
    weak: functions.filter((f) => isWeak.has(f.name)),
    features: first!.versions
      ? []
      : featuresOf(
          options,
          first!.api.functions.filter((d) => !d.unsupported).map((d) => d.name),
          (name) => carried.has(name),
        ),
    unsupported: [...refused, ...unsupportedOf(plans, refused)],
    ...besides,
    variants: { ...variantsIn(plans, carried, names), ...besidesVariants(plans) },
  };
  return { ...plan, stamp: stampOf(plan) };
}

function functionsOf({ required, weak }: ModulePlan): readonly FunctionPlan[] {
  return [...required, ...weak];
}

function inAll(plans: Plans, name: string, record: string): boolean {
  return [...plans.values()].every((p) => p.recordAliases.some((a) => a.name === name && a.record === record));
}

/** Records that have no layout in this module, because targets do not agree on their members. */
function opaqueOnes(plans: Plans, opaque: ReadonlyMap<string, string>): Unsupported[] {
  const types = [...plans.values()].flatMap((plan) => plan.types);
  return [...opaque].map(([name, reason]) => {
    const { origin } = types.find((type) => type.name === name)!;
    return { kind: 'record', name, reason: `only pointers to it are carried: ${reason}`, origin };
  });
}

/** What some targets cannot carry and no target carries. */
function unsupportedOf(plans: Plans, refused: readonly Unsupported[]): Unsupported[] {
  const keyOf = (u: Unsupported): string => `${u.kind} ${u.name}`;
  const known = new Set(refused.map(keyOf));
  const all = new Map<string, Map<string, Unsupported>>();
  for (const [target, plan] of plans) {
    for (const u of plan.unsupported) {
      const said = all.get(keyOf(u)) ?? new Map<string, Unsupported>();
      all.set(keyOf(u), said.set(target, u));
    }
  }
  return [...all].flatMap(([key, said]) => {
    if (known.has(key)) return [];
    const [first] = [...said.values()] as [Unsupported];
    const reasons = mapped(said, (u) => u.reason);
    const isSame = first.kind === 'macro' || (said.size === plans.size && !variantsOf(reasons));
    return [isSame ? first : { ...first, reason: whoSaysWhat(reasons) }];
  });
}

/** Signatures, linker names and layouts that differ between targets, of what is carried. */
function variantsIn(
  plans: Plans,
  functions: ReadonlySet<string>,
  records: ReadonlySet<string>,
): Pick<ModuleVariants, 'signatures' | 'symbols' | 'records'> {
  const [signatures, symbols] = [new Map<string, Variants>(), new Map<string, Variants>()];
  const layouts = new Map<string, RecordVariants>();
  for (const [name, said] of byName(plans, functionsOf)) {
    if (!functions.has(name)) continue;
    const signature = variantsOf(mapped(said, (f) => f.signature));
    const symbol = variantsOf(mapped(said, (f) => f.symbol ?? f.name.replace(/@.*/, '')));
    if (signature) signatures.set(name, signature);
    if (symbol) symbols.set(name, symbol);
  }
  for (const [name, said] of byName(plans, (plan) => plan.data)) {
    const symbol = variantsOf(mapped(said, (d) => d.symbol ?? d.name));
    if (symbol) symbols.set(name, symbol);
  }
  for (const [name, said] of byName(plans, (plan) => plan.records)) {
    if (!records.has(name)) continue;
    const [first] = [...said.values()] as [RecordPlan];
    layouts.set(name, {
      size: variantsOf(mapped(said, (r) => String(r.size))),
      align: variantsOf(mapped(said, (r) => String(r.align))),
      fields: first.fields.map(({ name }) => variantsOf(mapped(said, (r) => fieldText(fieldOf(r, name))))),
    });
  }
  return { signatures, symbols, records: layouts };
}

/** A type or record that is refused takes with it what mentions it: until nothing more is. */
function mergeDeclarations(merge: Merge): Pick<ModulePlan, 'types' | 'records'> {
  for (;;) {
    const before = merge.refusedTypes.size;
    const found = { types: mergeTypes(merge), records: mergeRecords(merge) };
    if (merge.refusedTypes.size === before) return found;
  }
}

function mergeTypes(merge: Merge): ModulePlan['types'] {
  return merge.all(
    'type',
    (plan) => plan.types,
    (name, said, first) => {
      const type = merge.type(mapped(said, ({ text }) => text));
      if ('conflict' in type) return merge.refuse('type', name, first.origin, type.conflict);
      return { ...first, text: type.text, doc: unifiedDoc(mapped(said, (type) => type.doc)) };
    },
  );
}

function mergeRecords(merge: Merge): readonly RecordPlan[] {
  return merge.all(
    'record',
    (plan) => plan.records,
    (name, said, first) => {
      if (merge.refusedTypes.has(first.of ?? name)) return undefined;
      const fields = [];
      for (const field of first.fields) {
        const places = mapped(said, (r) => fieldOf(r, field.name));
        const type = merge.type(mapped(places, (place) => place.typescript));
        if ('conflict' in type) return merge.refuse('record', first.of ?? name, first.origin, type.conflict);
        fields.push({ ...field, typescript: type.text, doc: unifiedDoc(mapped(places, (place) => place.doc)) });
      }
      return { ...first, fields, doc: unifiedDoc(mapped(said, (r) => r.doc)) };
    },
  );
}

function mergeFunction(
  merge: Merge,
  name: string,
  said: Said<FunctionPlan>,
  first: FunctionPlan,
): FunctionPlan | undefined {
  const whole = mapped(said, (f) => `(${f.parameters.join(', ')}) => ${f.result}`);
  const refuse = (reason: string): undefined => merge.refuse('function', name, first.origin, reason);
  const unknown = [...said.values()].map((f) => merge.unknownRecord(f.signature)).find((record) => record);
  if (unknown) return refuse(`it passes ${unknown} by value, which is not carried`);
  if (variantsOf(mapped(said, (f) => String(f.parameters.length)))) return refuse(whoSaysWhat(whole));
  const parts = [...first.parameters.keys()].map((at) => merge.type(mapped(said, (f) => f.parameters[at]!)));
  const result = merge.type(mapped(said, (f) => f.result));
  const parameters: string[] = [];
  for (const part of parts) {
    if ('conflict' in part) return refuse(/^its type/.test(part.conflict) ? part.conflict : whoSaysWhat(whole));
    parameters.push(part.text);
  }
  if ('conflict' in result) return refuse(/^its type/.test(result.conflict) ? result.conflict : whoSaysWhat(whole));
  return { ...first, parameters, result: result.text };
}

function mergeConstant(
  merge: Merge,
): (name: string, said: Said<ConstantPlan>, first: ConstantPlan) => ConstantPlan | undefined {
  return (name, said, first) => {
    const text = ({ kind, value }: ConstantValue): string => (kind === 'string' ? JSON.stringify(value) : `${value}`);
    const values = mapped(said, ({ value, eras }) =>
      eras ? eras.map((era) => `${text(era.value)} in ${era.versions}`).join(', ') : text(value),
    );
    if (variantsOf(values)) return merge.refuse('constant', name, first.origin, `it is ${whoSaysWhat(values)}`);
    return { ...first, doc: unifiedDoc(mapped(said, (constant) => constant.doc)) };
  };
}
