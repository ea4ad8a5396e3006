// ModulePlan: everything that a module will hold, as plain data and final text of types, in print order. What plan.ts makes of the Api
// of one target, merge.ts of several plans, and print.ts prints.

import { createHash } from 'node:crypto';
import type { ConstantValue, Origin, Unsupported } from '../model/api.ts';
import { type Feature, isList } from '../model/features.ts';
import type { VersionCall } from '../model/version-call.ts';
import type { FeaturePlan } from './features.ts';
import type { FieldPlan } from './records.ts';
import type { Variants } from './variants.ts';

/** The part of a library's configuration that decides what its module looks like. */
export interface ModuleOptions {
  readonly name: string;
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly packages?: Readonly<Record<string, string>> | undefined;
  readonly filePackages?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> | undefined;
  readonly versionCall?: VersionCall | undefined;
  /** The constants of the headers that have what the version call says: its parts, or its text. */
  readonly versionConstants?: readonly string[] | undefined;
  readonly variadics?: VariadicsConfig | undefined;
  readonly require?: readonly string[] | undefined;
  readonly weak?: readonly string[] | undefined;
  readonly features?: Readonly<Record<string, Feature>> | undefined;
  readonly incompatible?: readonly { readonly symbol: string; readonly reason: string }[] | undefined;
  readonly sonames?: Readonly<Record<string, readonly string[]>> | undefined;
  /** The module that the shim imports. */
  readonly runtime: string;
}

/** By the name of a variadic function: which parameter is an option, and what stands behind `...` for each: a C type with the options
 *  that take one, by name, pattern (`*`), number or range of numbers (`10000..19999`). */
export type VariadicsConfig = Readonly<
  Record<string, { readonly option: string; readonly types: Readonly<Record<string, readonly string[]>> }>
>;

export interface FunctionPlan {
  readonly name: string;
  readonly symbol: string | undefined;
  readonly signature: string;
  /** `<const O extends CURLoption>`, where an option decides what stands behind `...`. */
  readonly typeParameters?: string;
  readonly parameters: readonly string[];
  readonly result: string;
  readonly doc: readonly string[];
  readonly origin: Origin;
}

/** A second name for a record type: `yaml_parser_t` beside `yaml_parser_s`. */
export interface RecordAliasPlan {
  readonly name: string;
  readonly record: string;
}

export interface TypePlan {
  readonly name: string;
  readonly text: string;
  readonly doc: readonly string[];
  readonly origin: Origin;
}

export interface RecordPlan {
  readonly name: string;
  readonly record: 'struct' | 'union';
  readonly size: number;
  readonly align: number;
  readonly fields: readonly FieldPlan[];
  /** The record's name, where this is the layout of older versions. */
  readonly of?: string;
  /** What TypeScript sees, where that is not the fields of this layout alone. */
  readonly members?: readonly MemberPlan[];
  readonly doc: readonly string[];
  readonly origin: Origin;
}

/** A member of a record, of whatever layout. */
export interface MemberPlan {
  readonly name: string;
  /** What it reads as, */
  readonly get: string;
  /** and what it takes. */
  readonly set: string;
  readonly doc: readonly string[];
}

export interface ConstantPlan {
  readonly name: string;
  readonly value: ConstantValue;
  /** Where it is not the same in all versions: its value in each. */
  readonly eras?: readonly { readonly versions: string; readonly value: ConstantValue }[];
  readonly doc: readonly string[];
  readonly origin: Origin;
}

/** A function type that has a name. */
export interface CallbackPlan {
  /** Of its TypeScript type too. */
  readonly name: string;
  readonly signature: string;
  readonly origin: Origin;
}

export interface DataPlan {
  readonly name: string;
  readonly symbol: string | undefined;
  /** As of a member of a record; `void` for what has no size. */
  readonly type: string;
  readonly isConst: boolean;
  readonly weak: boolean;
  readonly typescript: string;
  readonly doc: readonly string[];
  readonly origin: Origin;
}

/** One option of a variadic function. */
export interface OptionPlan {
  /** In C. */
  readonly name: string;
  /** In the module. */
  readonly constant: string;
  readonly value: bigint;
  /** The type of its value, as library.json has it, */
  readonly c: string;
  /** in a signature, */
  readonly type: string;
  readonly typescript: string;
}

export interface VariadicPlan {
  readonly function: string;
  /** The number of the option among the parameters. */
  readonly parameter: number;
  /** The interface of the values. */
  readonly typeName: string;
  readonly options: readonly OptionPlan[];
}

export interface RecordVariants {
  readonly size: Variants | undefined;
  readonly align: Variants | undefined;
  /** The places of its members, as text, in their order. */
  readonly fields: readonly (Variants | undefined)[];
}

/** What differs between the targets of a module, by the names of functions and records. */
export interface ModuleVariants {
  readonly signatures: ReadonlyMap<string, Variants>;
  readonly symbols: ReadonlyMap<string, Variants>;
  readonly records: ReadonlyMap<string, RecordVariants>;
  readonly callbacks: ReadonlyMap<string, Variants>;
  readonly data: ReadonlyMap<string, Variants>;
  /** By the function's name and the option's. */
  readonly options: ReadonlyMap<string, Variants>;
}

export interface ModulePlan {
  /** The exported shim; the interfaces are named after it. */
  readonly name: string;
  readonly version: string;
  readonly targets: readonly string[];
  readonly headers: readonly string[];
  readonly runtime: string;
  readonly stamp: string;
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly packages: Readonly<Record<string, string>>;
  readonly filePackages: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly versionCall: VersionCall | undefined;
  readonly incompatible: readonly { readonly symbol: string; readonly reason: string }[];
  readonly sonames: Readonly<Record<string, readonly string[]>> | undefined;
  readonly types: readonly TypePlan[];
  readonly records: readonly RecordPlan[];
  readonly recordAliases: readonly RecordAliasPlan[];
  readonly constants: readonly ConstantPlan[];
  readonly required: readonly FunctionPlan[];
  readonly weak: readonly FunctionPlan[];
  readonly features: readonly FeaturePlan[];
  readonly callbacks: readonly CallbackPlan[];
  readonly data: readonly DataPlan[];
  readonly variadics: readonly VariadicPlan[];
  readonly unsupported: readonly Unsupported[];
  readonly variants?: ModuleVariants;
  readonly eras?: ErasPlan;
  /** Where it carries a part of what there is. */
  readonly trimmed?: TrimmedPlan;
}

/** By what a module was trimmed, and how much is left. */
export interface TrimmedPlan {
  /** Globs of the sources, as they were given, sorted. */
  readonly usedBy: readonly string[];
  /** Names and patterns that stay besides, sorted. */
  readonly keep: readonly string[];
  readonly counts: readonly (readonly [what: string, carried: number, all: number])[];
}

/** What a module knows of several versions, as the contract has it; versions are texts of ranges. */
export interface ErasPlan {
  readonly history: HistoryPlan;
  /** By record. */
  readonly layouts: ReadonlyMap<string, readonly (readonly [versions: string, layout: string | null])[]>;
  /** By function; those of each target are under the name `f@since` in the variants. */
  readonly signatures: ReadonlyMap<string, readonly SignatureEra[]>;
  /** By slot. */
  readonly alternatives: ReadonlyMap<string, AlternativePlan>;
}

export interface SignatureEra {
  readonly versions: string;
  /** Null where a type of functions is one there that the module's TypeScript type does not fit. */
  readonly signature: string | null;
  /** The key of the variants, where targets differ. */
  readonly slot: string;
}

export interface AlternativePlan {
  readonly of: string;
  readonly versions: string;
  readonly symbolVersion?: string | undefined;
}

export interface HistoryPlan {
  readonly versions: readonly string[];
  readonly baseline: string;
  readonly reported?: readonly (string | null)[] | undefined;
  readonly sonames?: readonly (readonly string[])[] | undefined;
  readonly symbols: readonly (readonly [versions: string, symbols: readonly string[]])[];
}

/** A feature, `require` or `weak` entry that names no function of the headers. */
export class PlanError extends Error {}

/** The names of the interfaces of a module: `LibrbdRequired` and so on. */
export function interfaceNames(name: string): [required: string, weak: string, features: string] {
  const prefix = name.charAt(0).toUpperCase() + name.slice(1);
  return [`${prefix}Required`, `${prefix}Weak`, `${prefix}Features`];
}

/** The names of the interfaces of what a table has besides functions. */
export function besidesNames(name: string): [callbacks: string, data: string] {
  const prefix = name.charAt(0).toUpperCase() + name.slice(1);
  return [`${prefix}Callbacks`, `${prefix}Data`];
}

/** A digest of what the runtime acts on, so that two copies of one shim are known to be the same. */
export function stampOf(plan: Omit<ModulePlan, 'stamp'>): string {
  const facts = {
    ...{
      name: plan.name,
      version: plan.version,
      target: plan.targets.length === 1 ? plan.targets[0] : plan.targets,
      files: plan.files,
      versionCall: plan.versionCall ?? null,
      incompatible: plan.incompatible,
      ...(plan.sonames ? { sonames: plan.sonames } : {}),
    },
    required: plan.required.map((f) => [f.name, f.symbol ?? null, f.signature]),
    weak: plan.weak.map((f) => [f.name, f.symbol ?? null, f.signature]),
    features: plan.features.map(({ name, gate }) => (isList(gate) ? { name, symbols: gate } : { name, gate })),
    ...(plan.callbacks.length ? { callbacks: plan.callbacks.map((c) => [c.name, c.signature]) } : {}),
    ...(plan.data.length ? { data: plan.data.map((d) => [d.name, d.symbol ?? null, d.type, d.isConst, d.weak]) } : {}),
    ...(plan.variadics.length
      ? {
          variadics: plan.variadics.map((v) => [v.function, v.parameter, v.options.map((o) => [`${o.value}`, o.type])]),
        }
      : {}),
    ...(plan.variants ? { variants: plainVariants(plan.variants) } : {}),
    ...(plan.eras ? { eras: plainEras(plan) } : {}),
    records: plan.records.map((r) => [
      r.name,
      r.size,
      r.align,
      r.fields.map((f) => [f.name, f.type, f.offset, f.bits ?? null]),
    ]),
  };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}

function plainEras({ eras, constants }: Omit<ModulePlan, 'stamp'>): unknown {
  const { history, layouts, signatures, alternatives } = eras!;
  return {
    history,
    layouts: [...layouts],
    signatures: [...signatures].map(([name, list]) => [name, list.map((era) => [era.versions, era.signature])]),
    alternatives: [...alternatives],
    constants: constants.flatMap((constant) =>
      constant.eras ? [[constant.name, constant.eras.map(({ versions, value }) => [versions, `${value.value}`])]] : [],
    ),
  };
}

function plainVariants({ signatures, symbols, records, ...others }: ModuleVariants): unknown {
  const plain = (variants: Variants | undefined) => (variants ? [...variants] : null);
  return {
    signatures: [...signatures].map(([name, variants]) => [name, plain(variants)]),
    symbols: [...symbols].map(([name, variants]) => [name, plain(variants)]),
    records: [...records].map(([name, r]) => [name, plain(r.size), plain(r.align), r.fields.map(plain)]),
    ...Object.fromEntries(
      Object.entries(others).flatMap(([key, map]) =>
        map.size ? [[key, [...map].map(([name, variants]) => [name, plain(variants)])]] : [],
      ),
    ),
  };
}
