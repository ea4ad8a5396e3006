// In: an Api, and what the user says of the library. Out: a ModulePlan: everything that the module will hold, as plain data
// and final text of types, in print order. Which functions are required and which are weak is decided here.

import type { Api, EnumDecl, FunctionDecl, TypedefDecl, Unsupported } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import { type VersionCall, versionFunctions, versionParameters } from '../model/version-call.ts';
import type { Target } from '../target.ts';
import { planData } from './data.ts';
import { ALWAYS, describe, type Since } from './describe.ts';
import { functionsIn, matcher, notCallable, planFeatures } from './features.ts';
import { loaderName, planCallbacks, planFunction, withOptions } from './functions.ts';
import { Lowering } from './lower.ts';
import {
  besidesNames,
  type ConstantPlan,
  interfaceNames,
  type ModuleOptions,
  type ModulePlan,
  PlanError,
  stampOf,
  type TypePlan,
} from './module.ts';
import { type ExportNames, exportNames, isShimName } from './names.ts';
import { planRecordAliases, planRecords } from './plan-records.ts';
import { planVariadics, valuesName } from './variadics.ts';

/** What is known of the versions that a module is for. */
export interface Presence {
  readonly since: Since;
  /** Whether some version lacks a function or variable, */
  readonly isMissing: (d: { readonly name: string; readonly symbol?: string }) => boolean;
  /** and why, in words, where it is declared all the same. */
  readonly reasons: (d: { readonly name: string; readonly symbol?: string }) => readonly string[];
  /** Records and enumerations by another key, which newer versions have in their place. */
  readonly replaced: ReadonlyMap<string, string>;
}

/** `opaque` names records whose members are not to be shown. */
export function planModule(
  api: Api,
  options: ModuleOptions,
  target: Target,
  opaque: ReadonlySet<string> = new Set(),
  presence?: Presence,
): ModulePlan {
  return planLowered(api, options, new Lowering(api, target, namesOf(api, options, presence), opaque), presence);
}

/** The names of what the module exports. */
export function namesOf(api: Api, options: ModuleOptions, presence?: Presence): ExportNames {
  const reserved = [
    ...[options.name, ...interfaceNames(options.name), ...besidesNames(options.name)],
    ...Object.keys(options.variadics ?? {}).map(valuesName),
  ];
  if (!presence?.replaced.size) return exportNames(api, reserved);
  const { replaced } = presence;
  const names = exportNames(
    {
      ...api,
      records: api.records.filter((d) => !replaced.has(d.key)),
      // Their enumerators stay, and have the names that are left.
      enums: [...api.enums.filter((d) => !replaced.has(d.key)), ...api.enums.filter((d) => replaced.has(d.key))],
    },
    reserved,
  );
  const withOld = (known: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
    const old = [...replaced].flatMap(([key, now]): [string, string][] =>
      known.has(now) ? [[key, known.get(now)!]] : [],
    );
    return new Map([...known, ...old]);
  };
  return { ...names, record: withOld(names.record), enum: withOld(names.enum) };
}

export function planLowered(api: Api, options: ModuleOptions, lowering: Lowering, presence?: Presence): ModulePlan {
  if (!isShimName(options.name))
    throw new PlanError(`this cannot be the name of a shim: TypeScript or the module itself uses it`);
  const { target } = lowering;
  const since = presence?.since ?? ALWAYS;
  const callable = api.functions.filter((d) => !d.unsupported);
  const names = callable.map((d) => d.name);
  if (options.versionCall) checkVersionCall(options.versionCall, callable);
  // What is known of versions comes to features last, when it is known what all targets carry.
  const features = presence ? [] : featuresOf(options, names, () => true);
  const isWeak = weakness(api, options, names, presence);
  const optionsOf = new Map(planVariadics(options.variadics ?? {}, api, lowering).map((plan) => [plan.function, plan]));
  const functions = callable.map((d) => {
    const reasons = [...since('function', d.name), ...weakReasons(api, d, presence)];
    return { weak: isWeak(d), plan: withOptions(planFunction(d, lowering, reasons), optionsOf.get(d.name)) };
  });
  const broken: Unsupported[] = [];
  const isNow = ({ key }: { readonly key: string }): boolean => presence?.replaced.has(key) !== true;
  const types = { ...api, records: api.records.filter(isNow), enums: api.enums.filter(isNow) };
  const records = planRecords(types, lowering, since, broken);
  const plan: Omit<ModulePlan, 'stamp'> = {
    name: options.name,
    version: api.version,
    targets: [api.target],
    headers: api.headers,
    runtime: options.runtime,
    files: options.files,
    packages: options.packages ?? {},
    filePackages: options.filePackages ?? {},
    versionCall: options.versionCall,
    incompatible: options.incompatible ?? [],
    sonames: options.sonames,
    types: [
      ...planOpaque(types, lowering, since),
      ...planEnums(types, lowering, since),
      ...planTypedefs(api, lowering, since),
    ],
    records,
    recordAliases: planRecordAliases(api, lowering, new Set(records.map((r) => r.name))),
    constants: planConstants(api, lowering, since),
    required: functions.filter((f) => !f.weak).map((f) => f.plan),
    weak: functions.filter((f) => f.weak).map((f) => f.plan),
    features,
    callbacks: planCallbacks(api.typedefs, lowering),
    data: planData(
      api,
      lowering,
      (d) => d.weak === true || (presence ? presence.isMissing(d) : api.notExported?.includes(d.name) === true),
      (d, what) => describe(d, what, since('variable', d.name)),
      (label) => loaderName(label, target),
    ),
    variadics: [...optionsOf.values()],
    unsupported: [...api.unsupported, ...broken],
  };
  return { ...plan, stamp: stampOf(plan) };
}

/** The features of a module of which one version is known. */
export function featuresOf(
  options: ModuleOptions,
  names: readonly string[],
  isCarried: (name: string) => boolean,
): ModulePlan['features'] {
  return planFeatures(options.features ?? {}, {
    ...{ names, isCarried, alternatives: new Set<string>(), versions: undefined },
    hasVersionCall: options.versionCall !== undefined,
  });
}

/** Where one version is known, a function is required unless: marked weak, not exported, in a feature, matched by `weak`, or not matched
 *  by a `require` list. Where several are: unless some of them lacks it; the two lists overrule that. */
function weakness(
  api: Api,
  options: ModuleOptions,
  names: readonly string[],
  presence: Presence | undefined,
): (d: FunctionDecl) => boolean {
  const required = options.require && matcher('require', options.require, names);
  const weak = matcher('weak', options.weak ?? [], names);
  if (presence) return (d) => d.weak === true || weak(d.name) || (presence.isMissing(d) && !required?.(d.name));
  const inFeature = functionsIn(options.features ?? {}, names);
  const notExported = new Set(api.notExported ?? []);
  return (d) =>
    d.weak === true ||
    notExported.has(d.name) ||
    inFeature.has(d.name) ||
    weak(d.name) ||
    (required !== undefined && !required(d.name));
}

function weakReasons(api: Api, d: FunctionDecl, presence: Presence | undefined): readonly string[] {
  const reasons = presence?.reasons(d) ?? [];
  if (reasons.length) return reasons;
  if (!presence && api.notExported?.includes(d.name))
    return [`Declared in the header, but not exported by the library that it was generated beside (${api.version}).`];
  return d.weak ? ['Declared weak in the header.'] : [];
}

/** Refuses a way to ask for the version that the headers do not have: the runtime would call something else. */
function checkVersionCall(call: VersionCall, callable: readonly FunctionDecl[]): void {
  const count = versionParameters(call);
  for (const name of versionFunctions(call)) {
    const { type } = callable.find((d) => d.name === name) ?? {};
    if (!type) {
      const names = callable.map((d) => d.name);
      throw new PlanError(`\`versionCall\` names ${name}, which ${notCallable(name, names)}`);
    }
    if (type.parameters.length !== count)
      throw new PlanError(
        `\`versionCall\` of the kind ${call.kind} takes a function with ${count} parameters; ${name} has ${type.parameters.length}`,
      );
  }
}

function planOpaque(api: Api, lowering: Lowering, since: Since): TypePlan[] {
  return api.records
    .filter((d) => !d.layoutOnly && !lowering.isComplete(d.key))
    .map((d) => {
      const name = lowering.names.record.get(d.key)!;
      return {
        name,
        text: `c.Opaque<'${name}'>`,
        doc: describe(d, `\`${d.key}\`: only pointers to it are known.`, since('record', d.key)),
        origin: d.origin,
      };
    });
}

function planEnums(api: Api, lowering: Lowering, since: Since): TypePlan[] {
  return api.enums
    .filter((d) => isNamed(d, api))
    .map((d) => {
      const name = lowering.names.enum.get(d.key)!;
      const small = d.enumerators.filter((e) => Number.isSafeInteger(Number(e.value)));
      const values = [...new Set(small.map((e) => e.value))];
      return {
        name,
        text: enumText(values, lowering.scalar({ kind: 'enum', key: d.key }).endsWith('64')),
        doc: describe(
          d,
          d.enumerators.map((e) => `\`${e.name}\` ${e.value}`).join(', ') || `\`${d.key}\``,
          since('enum', d.key),
        ),
        origin: d.origin,
      };
    });
}

/** Those of 64 bits arrive as other 64-bit integers do. */
function enumText(values: readonly bigint[], isWide: boolean): string {
  if (isWide) return 'c.Int64';
  return values.length ? `c.Enum<${values.join(' | ')}>` : 'number';
}

/** An enumeration without a tag, a typedef or a member around it has enumerators, but no type that anything could use. */
function isNamed(d: EnumDecl, api: Api): boolean {
  return d.tag !== undefined || d.key.includes('::') || api.typedefs.some((t) => t.name === d.name);
}

function planTypedefs(api: Api, lowering: Lowering, since: Since): TypePlan[] {
  const plans: TypePlan[] = [];
  for (const d of api.typedefs) {
    if (!lowering.isOwn(d)) continue;
    const name = lowering.names.typedef.get(d.name)!;
    const text = typedefText(d, lowering);
    const doc = describe(d, `\`typedef ${cDeclaration(d.type, d.name)}\``, since('typedef', d.name));
    if (text !== name) plans.push({ name, text, doc, origin: d.origin });
  }
  return plans;
}

/** What a typedef is in TypeScript. */
export function typedefText(d: TypedefDecl, lowering: Lowering): string {
  const resolved = lowering.table.resolve(d.type);
  if (d.type.kind === 'typedef') {
    const next = lowering.table.typedef(d.type.name);
    if (next && lowering.isOwn(next)) return lowering.names.typedef.get(d.type.name)!;
  }
  if (resolved.kind === 'function') return lowering.functionType(resolved);
  if (lowering.opaqueName({ kind: 'typedef', name: d.name }) !== undefined) return `c.Opaque<'${d.name}'>`;
  if (resolved.kind !== 'pointer') return lowering.typescript(resolved, 'result');
  const to = lowering.table.resolve(resolved.to);
  if (to.kind === 'function') return lowering.functionType(to);
  if (to.kind !== 'void') return lowering.pointerTo(resolved.to);
  return lowering.isHandle(d) ? `c.Handle<'${d.name}'>` : 'c.Pointer';
}

/** Enumerators, then macros; a macro that repeats an enumerator's name and value is one and the same. */
function planConstants(api: Api, lowering: Lowering, since: Since): ConstantPlan[] {
  const plans = new Map<string, ConstantPlan>();
  for (const d of api.enums) {
    const owner = isNamed(d, api) ? ` of \`${d.tag ? d.key : d.name}\`` : '';
    for (const e of d.enumerators) {
      const doc = describe({ origin: d.origin }, `Enumerator${owner}`, since('enumerator', e.name), e.doc);
      plans.set(e.name, { name: e.name, value: { kind: 'int', value: e.value, type: 'int' }, doc, origin: d.origin });
    }
  }
  for (const d of api.constants) {
    if (plans.has(d.name)) continue;
    const doc = describe(d, `\`#define ${d.name}\``, since('constant', d.name));
    plans.set(d.name, { name: d.name, value: d.value, doc, origin: d.origin });
  }
  return [...plans.values()].map((plan) => ({ ...plan, name: lowering.names.constant.get(plan.name)! }));
}
