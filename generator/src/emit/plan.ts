// In: an Api, and what the user says of the library. Out: a ModulePlan: everything that the module will hold, as plain data
// and final text of types, in print order. Which functions are required and which are weak is decided here.

import { namedAlign } from '../layout/layout.ts';
import {
  type Api,
  ELSEWHERE,
  type EnumDecl,
  type FunctionDecl,
  type Origin,
  type RecordDecl,
  type TypedefDecl,
  type Unsupported,
} from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import { didYouMean } from '../model/near.ts';
import { type VersionCall, versionFunctions, versionParameters } from '../model/version-call.ts';
import type { Target } from '../target.ts';
import { planData } from './data.ts';
import { Lowering } from './lower.ts';
import {
  besidesNames,
  type CallbackPlan,
  type ConstantPlan,
  type FunctionPlan,
  interfaceNames,
  type ModuleOptions,
  type ModulePlan,
  PlanError,
  type RecordAliasPlan,
  type RecordPlan,
  stampOf,
  type TypePlan,
  type VariadicPlan,
} from './module.ts';
import { exportNames, isShimName } from './names.ts';
import { usesInWords } from './parameters.ts';
import { functionSignature, planFields } from './records.ts';
import { planVariadics, valuesName } from './variadics.ts';

/** `opaque` names records whose members are not to be shown. */
export function planModule(
  api: Api,
  options: ModuleOptions,
  target: Target,
  opaque: ReadonlySet<string> = new Set(),
): ModulePlan {
  const variadics = options.variadics ?? {};
  const names = exportNames(api, [
    ...[options.name, ...interfaceNames(options.name), ...besidesNames(options.name)],
    ...Object.keys(variadics).map(valuesName),
  ]);
  const lowering = new Lowering(api, target, names, opaque);
  if (!isShimName(options.name))
    throw new PlanError(`this cannot be the name of a shim: TypeScript or the module itself uses it`);
  const callable = api.functions.filter((d) => !d.unsupported);
  const functionNames = callable.map((d) => d.name);
  const features = expandFeatures(options.features ?? {}, functionNames);
  if (options.versionCall) checkVersionCall(options.versionCall, callable);
  const isWeak = weakness(api, options, functionNames, new Set([...features.values()].flat()));
  const optionsOf = new Map(planVariadics(variadics, api, lowering).map((plan) => [plan.function, plan]));
  const functions = callable.map((d) => ({
    weak: isWeak(d),
    plan: withOptions(planFunction(d, lowering, weakReason(api, d)), optionsOf.get(d.name)),
  }));
  const broken: Unsupported[] = [];
  const records = planRecords(api, lowering, broken);
  const plan: Omit<ModulePlan, 'stamp'> = {
    name: options.name,
    version: api.version,
    targets: [api.target],
    headers: api.headers,
    runtime: options.runtime,
    files: options.files,
    packages: options.packages ?? {},
    versionCall: options.versionCall,
    incompatible: options.incompatible ?? [],
    sonames: options.sonames,
    types: [...planOpaque(api, lowering), ...planEnums(api, lowering), ...planTypedefs(api, lowering)],
    records,
    recordAliases: planRecordAliases(api, lowering, new Set(records.map((r) => r.name))),
    constants: planConstants(api, lowering),
    required: functions.filter((f) => !f.weak).map((f) => f.plan),
    weak: functions.filter((f) => f.weak).map((f) => f.plan),
    features: [...features].map(([name, symbols]) => ({ name, symbols })),
    callbacks: planCallbacks(api, lowering),
    data: planData(
      api,
      lowering,
      (d) => d.weak === true || api.notExported?.includes(d.name) === true,
      (d, what) => describe(d, what),
      (label) => loaderName(label, target),
    ),
    variadics: [...optionsOf.values()],
    unsupported: [...api.unsupported, ...broken],
  };
  return { ...plan, stamp: stampOf(plan) };
}

/** Each feature with the functions that its patterns name, in the order of the headers. */
function expandFeatures(
  features: Readonly<Record<string, readonly string[]>>,
  names: readonly string[],
): Map<string, string[]> {
  return new Map(
    Object.entries(features).map(([feature, patterns]) => [
      feature,
      names.filter(matcher(`features.${feature}`, patterns, names)),
    ]),
  );
}

/** Required unless: marked weak, not exported, in a feature, matched by `weak`, or not matched by a `require` list. */
function weakness(
  api: Api,
  options: ModuleOptions,
  names: readonly string[],
  inFeature: ReadonlySet<string>,
): (d: FunctionDecl) => boolean {
  const required = options.require && matcher('require', options.require, names);
  const weak = matcher('weak', options.weak ?? [], names);
  const notExported = new Set(api.notExported ?? []);
  return (d) =>
    d.weak === true ||
    notExported.has(d.name) ||
    inFeature.has(d.name) ||
    weak(d.name) ||
    (required !== undefined && !required(d.name));
}

/** A test for names by patterns with `*`; a pattern that matches nothing is an error, not silence. */
function matcher(key: string, patterns: readonly string[], names: readonly string[]): (name: string) => boolean {
  const exact = new Set(patterns.filter((p) => !p.includes('*')));
  const wild = patterns
    .filter((p) => p.includes('*'))
    .map((p) => ({ p, regexp: new RegExp(`^${p.replaceAll(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`) }));
  const known = new Set(names);
  for (const name of exact) {
    if (!known.has(name)) throw new PlanError(`\`${key}\` names ${name}, which ${notCallable(name, known)}`);
  }
  for (const { p, regexp } of wild) {
    if (!names.some((name) => regexp.test(name)))
      throw new PlanError(
        `\`${key}\` has the pattern ${p}, which matches no callable function of the headers${didYouMean(p, known)}`,
      );
  }
  return (name) => exact.has(name) || wild.some(({ regexp }) => regexp.test(name));
}

function notCallable(name: string, known: Iterable<string>): string {
  return `the headers do not declare as a callable function${didYouMean(name, known)}`;
}

function weakReason(api: Api, d: FunctionDecl): string | undefined {
  if (api.notExported?.includes(d.name))
    return `Declared in the header, but not exported by the library that it was generated beside (${api.version}).`;
  return d.weak ? 'Declared weak in the header.' : undefined;
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

/** A function whose option decides what stands behind `...`. */
function withOptions(plan: FunctionPlan, variadic: VariadicPlan | undefined): FunctionPlan {
  if (!variadic) return plan;
  const parameters = plan.parameters.map((text, at) =>
    at === variadic.parameter
      ? `${text.slice(0, text.indexOf(':'))}: O`
      : text.startsWith('...')
        ? `...value: c.OptionValue<${variadic.typeName}, O>`
        : text,
  );
  const typed = `What each option takes is in {@link ${variadic.typeName}}; others take values with their C type: \`int(1)\`.`;
  const doc = plan.doc.map((line) => (line === VARIADIC ? typed : line));
  return { ...plan, typeParameters: '<const O extends number>', parameters, doc };
}

/** What a reader must know of `...`. */
const VARIADIC = 'Behind `...`: strings and addresses as they are, numbers with their C type, `int(1)`, `double(1.5)`.';

/** Typedefs of functions and of pointers to them. */
function planCallbacks(api: Api, lowering: Lowering): CallbackPlan[] {
  return api.typedefs.flatMap((d) => {
    const resolved = lowering.table.resolve(d.type);
    const type = resolved.kind === 'pointer' ? lowering.table.resolve(resolved.to) : resolved;
    if (!lowering.isOwn(d) || type.kind !== 'function') return [];
    const signature = functionSignature(type, lowering);
    return signature === undefined ? [] : [{ name: lowering.names.typedef.get(d.name)!, signature, origin: d.origin }];
  });
}

function resultTypescript({ type, resultAs }: FunctionDecl, lowering: Lowering): string {
  if (resultAs === 'string') return 'string | null';
  return lowering.typescript(type.result, resultAs === 'address' ? 'callback' : 'result');
}

function planFunction(d: FunctionDecl, lowering: Lowering, reason: string | undefined): FunctionPlan {
  const doc = [
    ...withLines(describe(d, `\`${cDeclaration(d.type, d.name)}\``), usesInWords(d, lowering)),
    ...(reason ? [reason] : []),
    ...(d.type.variadic ? [VARIADIC] : []),
    ...(d.deprecated === undefined ? [] : [`@deprecated ${d.deprecated || 'The header says so, without a reason.'}`]),
  ];
  return {
    name: d.name,
    symbol: d.symbol && loaderName(d.symbol, lowering.target),
    signature: lowering.signature(d.type, false, d.uses, d.resultAs),
    parameters: lowering.parameters(d.type, false, d.uses),
    result: resultTypescript(d, lowering),
    doc,
    origin: d.origin,
  };
}

/** With lines behind the first one. */
function withLines([first, ...rest]: readonly string[], lines: readonly string[]): readonly string[] {
  return [first!, ...lines, ...rest];
}

/** An asm label is the name that the assembler sees; the loader adds what the target puts before every name of C's. */
function loaderName(label: string, target: Target): string {
  const isPrefixed = target.macros.includes('__USER_LABEL_PREFIX__ _');
  return isPrefixed && label.startsWith('_') ? label.slice(1) : label;
}

/** What it is in C and where; below that the header's own comment, where there is one. */
function describe(d: { readonly doc?: string; readonly origin: Origin }, what: string, doc = d.doc): readonly string[] {
  const head = what + placeText(d.origin);
  return doc ? [head, '', ...doc.split('\n')] : [head];
}

/** ` (rbd/librbd.h:85)`; nothing for what is not the library's own. */
export function placeText(origin: Origin): string {
  return origin === ELSEWHERE ? '' : ` (${origin.header}:${origin.line})`;
}

function planOpaque(api: Api, lowering: Lowering): TypePlan[] {
  return api.records
    .filter((d) => !d.layoutOnly && !lowering.isComplete(d.key))
    .map((d) => {
      const name = lowering.names.record.get(d.key)!;
      return {
        name,
        text: `c.Opaque<'${name}'>`,
        doc: describe(d, `\`${d.key}\`: only pointers to it are known.`),
        origin: d.origin,
      };
    });
}

function planEnums(api: Api, lowering: Lowering): TypePlan[] {
  return api.enums
    .filter((d) => isNamed(d, api))
    .map((d) => {
      const name = lowering.names.enum.get(d.key)!;
      const small = d.enumerators.filter((e) => Number.isSafeInteger(Number(e.value)));
      const values = [...new Set(small.map((e) => e.value))];
      return {
        name,
        text: enumText(values, lowering.scalar({ kind: 'enum', key: d.key }).endsWith('64')),
        doc: describe(d, d.enumerators.map((e) => `\`${e.name}\` ${e.value}`).join(', ')),
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

function planTypedefs(api: Api, lowering: Lowering): TypePlan[] {
  const plans: TypePlan[] = [];
  for (const d of api.typedefs) {
    if (!lowering.isOwn(d)) continue;
    const name = lowering.names.typedef.get(d.name)!;
    const text = typedefText(d, lowering);
    const doc = describe(d, `\`typedef ${cDeclaration(d.type, d.name)}\``);
    if (text !== name) plans.push({ name, text, doc, origin: d.origin });
  }
  return plans;
}

function typedefText(d: TypedefDecl, lowering: Lowering): string {
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

function planRecords(api: Api, lowering: Lowering, broken: Unsupported[]): RecordPlan[] {
  const plans: RecordPlan[] = [];
  for (const d of api.records) {
    if (d.layoutOnly) continue;
    const layout = d.fields && lowering.layout(d);
    if (typeof layout === 'string') broken.push({ kind: 'record', name: d.name, reason: layout, origin: d.origin });
    if (layout === undefined || typeof layout === 'string' || !lowering.isComplete(d.key) || isAnonymousMember(d))
      continue;
    plans.push({
      name: lowering.names.record.get(d.key)!,
      record: d.record,
      size: layout.size,
      align: namedAlign(d, layout, lowering.table),
      fields: planFields(d, layout, lowering),
      doc: describe(d, `${recordText(d)}, ${layout.size} bytes.`, d.doc ?? lowering.table.typedef(d.name)?.doc),
      origin: d.origin,
    });
  }
  return plans;
}

/** A record without a name in another: its members stand in that one. */
function isAnonymousMember(d: RecordDecl): boolean {
  return /::anonymous#\d+$/.test(d.key);
}

function recordText(d: RecordDecl): string {
  const at = d.key.lastIndexOf('::');
  if (at >= 0) return `The ${d.record} \`${d.key.slice(at + 2)}\` of \`${d.key.slice(0, at)}\``;
  return d.tag ? `\`${d.key}\`` : `\`typedef ${d.record} ${d.name}\``;
}

function planRecordAliases(api: Api, lowering: Lowering, carried: ReadonlySet<string>): RecordAliasPlan[] {
  return api.typedefs.flatMap((d) => {
    const resolved = lowering.table.resolve(d.type);
    if (!lowering.isOwn(d) || resolved.kind !== 'record') return [];
    const [name, record] = [lowering.names.typedef.get(d.name)!, lowering.names.record.get(resolved.key)!];
    return name !== record && carried.has(record) ? [{ name, record }] : [];
  });
}

/** Enumerators, then macros; a macro that repeats an enumerator's name and value is one and the same. */
function planConstants(api: Api, lowering: Lowering): ConstantPlan[] {
  const plans = new Map<string, ConstantPlan>();
  for (const d of api.enums) {
    const owner = isNamed(d, api) ? ` of \`${d.tag ? d.key : d.name}\`` : '';
    for (const e of d.enumerators) {
      const doc = describe({ origin: d.origin }, `Enumerator${owner}`, e.doc);
      plans.set(e.name, { name: e.name, value: { kind: 'int', value: e.value, type: 'int' }, doc, origin: d.origin });
    }
  }
  for (const d of api.constants) {
    if (plans.has(d.name)) continue;
    const doc = describe(d, `\`#define ${d.name}\``);
    plans.set(d.name, { name: d.name, value: d.value, doc, origin: d.origin });
  }
  return [...plans.values()].map((plan) => ({ ...plan, name: lowering.names.constant.get(plan.name)! }));
}
