// In: what library.json says of functions with `...` where an option decides what stands there. Out: a VariadicPlan of each: every
// enumerator of the option's type that takes a value, or where that is an integer every constant and number, with the type of the value.
// Names and numbers of options beat patterns, and patterns ranges.

import type { Api, FunctionDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import type { CType } from '../model/ctype.ts';
import { didYouMean } from '../model/near.ts';
import { parameterAt, parameterNames } from '../model/parameter-names.ts';
import type { Lowering } from './lower.ts';
import { type OptionPlan, PlanError, type VariadicPlan, type VariadicsConfig } from './module.ts';
import { optionType } from './option-types.ts';

/** The interface of the values of a function's options. */
export function valuesName(name: string): string {
  return `${name}_values`;
}

export function planVariadics(config: VariadicsConfig, api: Api, lowering: Lowering): VariadicPlan[] {
  return Object.entries(config).map(([name, { option, types }]) => {
    const key = `variadics.${name}`;
    const variadic = api.functions.filter((d) => d.type.variadic && !d.unsupported);
    const declaration = variadic.find((d) => d.name === name);
    if (!declaration) {
      const near = didYouMean(
        name,
        variadic.map((d) => d.name),
      );
      throw new PlanError(`\`${key}\`: the headers declare no such variadic function${near}`);
    }
    const names = declaration.type.parameters.map((p) => p.name);
    const parameter = parameterAt(names, option);
    if (parameter < 0) {
      const there = parameterNames(names).join(', ');
      throw new PlanError(`\`${key}\` names the parameter ${option}, which ${name} does not have; it has ${there}`);
    }
    return {
      function: name,
      parameter,
      typeName: valuesName(name),
      options: planOptions(key, declaration, parameter, types, api, lowering),
    };
  });
}

interface Claim {
  readonly type: string;
  readonly pattern: string;
  /** Of several that match, the greatest is followed. */
  readonly rank: 'range' | 'pattern' | 'name';
}

const RANKS: readonly Claim['rank'][] = ['range', 'pattern', 'name'];

function planOptions(
  key: string,
  declaration: FunctionDecl,
  parameter: number,
  types: VariadicsConfig[string]['types'],
  api: Api,
  lowering: Lowering,
): OptionPlan[] {
  const claims = Object.entries(types).flatMap(([type, patterns]) =>
    patterns.map((pattern): Claim => ({ type, pattern, rank: rankOf(pattern) })),
  );
  const unused = new Set(claims);
  const options = optionsOf(key, declaration.type.parameters[parameter]!.type, claims, api, lowering);
  const seen = new Map<bigint, OptionPlan>();
  for (const { name, value, constant } of options.values) {
    const found = claims.filter((claim) => matches(claim, name, value) && options.takes(claim, name));
    for (const claim of found) unused.delete(claim);
    const claim = best(key, name, found);
    if (!claim) continue;
    // An old name for an option stands for the same number.
    const known = seen.get(value);
    if (known && !options.areAll && known.c !== claim.type)
      throw new PlanError(`\`${key}\`: ${known.name} is ${known.c} and ${name} ${claim.type}, and both are ${value}`);
    if (known) continue;
    if (!Number.isSafeInteger(Number(value)))
      throw new PlanError(`\`${key}\`: ${name} is ${value}, and no number of JavaScript's has that value`);
    const { signature: type, typescript } = optionType(`${key}.types`, claim.type, api, lowering);
    seen.set(value, { name, constant, value, c: claim.type, type, typescript });
  }
  const [idle] = unused;
  if (idle) throw new PlanError(`\`${key}\` names ${idle.pattern}, which ${options.none(idle.pattern)}`);
  return [...seen.values()];
}

/** What an option may be. */
interface Options {
  readonly values: readonly { readonly name: string; readonly value: bigint; readonly constant: string }[];
  /** Whether its type has these values and no others. */
  readonly areAll: boolean;
  /** Whether one of this name may be meant: a number is no macro that happens to have it. */
  readonly takes: (claim: Claim, name: string) => boolean;
  /** Why a pattern is of none of them. */
  readonly none: (pattern: string) => string;
}

/** Enumerators of its type; of an option that is an integer, the constants of the headers, and numbers as they are written. */
function optionsOf(key: string, type: CType, claims: readonly Claim[], api: Api, lowering: Lowering): Options {
  const resolved = lowering.table.resolve(type);
  const named = (values: readonly { readonly name: string; readonly value: bigint }[]): Options['values'] =>
    values.map(({ name, value }) => ({ name, value, constant: lowering.names.constant.get(name)! }));
  if (resolved.kind === 'enum') {
    const values = lowering.table.enumeration(resolved.key)?.enumerators ?? [];
    const near = (pattern: string): string =>
      didYouMean(
        pattern,
        values.map((v) => v.name),
      );
    return {
      values: named(values),
      areAll: true,
      takes: () => true,
      none: (p) => `no enumerator of its option is${near(p)}`,
    };
  }
  if (resolved.kind !== 'integer' || /bool|int128/.test(resolved.name))
    throw new PlanError(
      `\`${key}\`: its option is ${cDeclaration(type, '')}; name a parameter that is an enumeration or an integer, such as an int`,
    );
  const range = claims.find(({ rank }) => rank === 'range');
  if (range)
    throw new PlanError(
      `\`${key}\` has the range ${range.pattern}, but its option is no enumeration, and constants of all kinds have such numbers: name the options, by names, patterns with * or single numbers`,
    );
  const constants = new Map(api.enums.flatMap((d) => d.enumerators.map((e) => [e.name, e.value])));
  for (const { name, value } of api.constants) {
    if (value.kind === 'int' && !constants.has(name)) constants.set(name, value.value);
  }
  const values = [...constants].map(([name, value]) => ({ name, value }));
  const numbers = claims.filter(({ pattern }) => NUMBER.test(pattern)).map(({ pattern }) => String(BigInt(pattern)));
  return {
    values: [...named(values), ...numbers.map((name) => ({ name, value: BigInt(name), constant: name }))],
    areAll: false,
    takes: ({ pattern }, name) => !NUMBER.test(pattern) || NUMBER.test(name),
    none: (p) => `is neither a number nor an integer constant of the headers${didYouMean(p, constants.keys())}`,
  };
}

const NUMBER = /^(-?\d+|0[xX][\da-fA-F]+)$/;

function rankOf(pattern: string): Claim['rank'] {
  return pattern.includes('..') ? 'range' : pattern.includes('*') ? 'pattern' : 'name';
}

function matches({ pattern, rank }: Claim, name: string, value: bigint): boolean {
  if (rank === 'name') return pattern === name || (NUMBER.test(pattern) && BigInt(pattern) === value);
  if (rank === 'pattern') return new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
  const [first, last] = pattern.split('..').map(BigInt) as [bigint, bigint];
  return value >= first && value <= last;
}

function best(key: string, name: string, found: readonly Claim[]): Claim | undefined {
  for (const rank of [...RANKS].reverse()) {
    const [first, second] = found.filter((claim) => claim.rank === rank);
    if (first && second)
      throw new PlanError(
        `\`${key}\`: ${name} is ${first.type} by ${first.pattern} and ${second.type} by ${second.pattern}`,
      );
    if (first) return first;
  }
  return undefined;
}
