// In: features as library.json has them. Out: the gates that the module carries: patterns become the functions that they name, and what
// headers say becomes the versions in which they say it. A name that nothing has is an error, not silence.

import { type Feature, type FeatureConditions, type Gate, isList, symbolsOf } from '../model/features.ts';
import { didYouMean } from '../model/near.ts';
import { PlanError } from './module.ts';

/** What features can be about. */
export interface FeatureScope {
  /** Functions of the headers that can be called, in their order. */
  readonly names: readonly string[];
  /** Whether the module carries one: one that targets do not agree on is left out of gates. */
  readonly isCarried: (name: string) => boolean;
  /** Slots of functions that had several signatures. */
  readonly alternatives: ReadonlySet<string>;
  readonly hasVersionCall: boolean;
  readonly versions: VersionFacts | undefined;
}

/** What a history knows, as ranges of versions; throws a PlanError for names that it does not have, which says `where` they stand. */
export interface VersionFacts {
  readonly constant: (where: string, name: string) => string;
  readonly member: (where: string, path: string) => string;
  readonly layout: (where: string, record: string, version: string) => string;
  /** The names of the symbol versions of a function, undefined where none are known. */
  readonly symbolVersions: (name: string) => readonly string[] | undefined;
  readonly isVersion: (text: string) => boolean;
  /** Whether this is one of the library's. */
  readonly hasVersion: (version: string) => boolean;
}

export interface FeaturePlan {
  readonly name: string;
  readonly gate: Gate;
}

export function planFeatures(features: Readonly<Record<string, Feature>>, scope: FeatureScope): FeaturePlan[] {
  return Object.entries(features).map(([name, feature]) => ({
    name,
    gate: gateOf(`features.${name}`, feature, scope),
  }));
}

/** The functions that features are about. */
export function functionsIn(
  features: Readonly<Record<string, Feature>>,
  names: readonly string[],
): ReadonlySet<string> {
  return new Set(
    Object.entries(features).flatMap(([feature, value]) => {
      const patterns = symbolsOf(value).filter((symbol) => !symbol.includes('@'));
      return names.filter(matcher(`features.${feature}`, patterns, names));
    }),
  );
}

function gateOf(where: string, feature: Feature, scope: FeatureScope): Gate {
  if (isList(feature)) return symbolsIn(where, feature, scope);
  const { symbols, any, not, versions, reported } = feature;
  if (versions !== undefined) {
    needsHistory(`${where}.versions`, scope, 'of a library without a version call, or where that says another number');
    checkConditions(`${where}.versions`, versions, scope);
  }
  if (reported !== undefined) {
    if (!scope.hasVersionCall)
      throw new PlanError(
        `\`${where}.reported\` is about what the library says itself, and there is no \`versionCall\``,
      );
    checkConditions(`${where}.reported`, reported, scope);
  }
  const facts = factsOf(where, feature, scope);
  return {
    ...(symbols ? { symbols: symbolsIn(`${where}.symbols`, symbols, scope) } : {}),
    ...(versions === undefined ? {} : { versions: versions.trim() }),
    ...(reported === undefined ? {} : { reported: reported.trim() }),
    ...(Object.keys(facts).length ? { facts } : {}),
    ...(any ? { any: any.map((one, at) => gateOf(`${where}.any.${at}`, one, scope)) } : {}),
    ...(not ? { not: gateOf(`${where}.not`, not, scope) } : {}),
  };
}

function symbolsIn(where: string, patterns: readonly string[], scope: FeatureScope): readonly string[] {
  const versioned = patterns.filter((symbol) => symbol.includes('@'));
  for (const symbol of versioned) checkVersioned(where, symbol, scope);
  const plain = patterns.filter((symbol) => !symbol.includes('@'));
  const named = scope.names.filter(matcher(where, plain, scope.names));
  const left = [...named.filter(scope.isCarried), ...versioned];
  if (left.length === 0) throw new PlanError(`\`${where}\` has no function that is carried for all targets`);
  return left;
}

/** `f@1.8.0`, a slot; or `f@NAME_1.0`, a symbol version. */
function checkVersioned(where: string, symbol: string, scope: FeatureScope): void {
  if (scope.alternatives.has(symbol)) return;
  const [name, version] = [symbol.slice(0, symbol.indexOf('@')), symbol.slice(symbol.indexOf('@') + 1)];
  if (!scope.names.includes(name))
    throw new PlanError(`\`${where}\` names ${name}, which ${notCallable(name, scope.names)}`);
  const isOwn = scope.versions?.isVersion(version) && scope.versions.hasVersion(version);
  // What is a version of the library is meant for a signature, which goes by the oldest one that has it.
  const known = scope.versions?.symbolVersions(name) ?? (isOwn ? [] : undefined);
  if (!known || known.includes(version)) return;
  const slots = [...scope.alternatives].filter((slot) => slot.startsWith(`${name}@`));
  const names = [...known.map((one) => `${name}@${one}`), ...slots];
  throw new PlanError(
    `\`${where}\` names ${symbol}, which is neither a symbol version of any known library nor a signature of its own; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ') || 'none'}`,
  );
}

function factsOf(where: string, feature: FeatureConditions, scope: FeatureScope): Record<string, string> {
  const facts: Record<string, string> = {};
  const [constants, members, layouts] = [`${where}.constants`, `${where}.members`, `${where}.layouts`];
  const about = (key: string): VersionFacts => needsHistory(key, scope, 'which say it');
  for (const name of feature.constants ?? []) facts[`${name} is defined`] = about(constants).constant(constants, name);
  for (const path of feature.members ?? []) facts[`${path} is a member`] = about(members).member(members, path);
  for (const [record, version] of Object.entries(feature.layouts ?? {}))
    facts[`${record} is laid out as in ${version}`] = about(layouts).layout(layouts, record, version);
  return facts;
}

function needsHistory(where: string, { versions }: FeatureScope, why: string): VersionFacts {
  if (versions) return versions;
  throw new PlanError(`\`${where}\` needs a \`history\` of the library's versions, ${why}`);
}

/** `>=1.9.3 <6.0.0`. */
function checkConditions(where: string, text: string, { versions }: FeatureScope): void {
  const parts = text.trim().split(/\s+/);
  for (const part of parts) {
    const [, version] = /^(?:>=|<=|>|<|=)(.+)$/.exec(part) ?? [];
    const isGood = version !== undefined && (versions?.isVersion(version) ?? /^\d/.test(version));
    if (!isGood)
      throw new PlanError(
        `\`${where}\` is '${text}': conditions such as >=1.9.3 and <6.0.0, with blanks between them, are meant`,
      );
  }
}

/** A test for names by patterns with `*`; a pattern that matches nothing is an error, not silence. */
export function matcher(key: string, patterns: readonly string[], names: readonly string[]): (name: string) => boolean {
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

export function notCallable(name: string, known: Iterable<string>): string {
  return `the headers do not declare as a callable function${didYouMean(name, known)}`;
}
