// In: what library.json says of functions with `...` where an option decides what stands there. Out: a VariadicPlan of each: every
// enumerator of the option's type that takes a value, with its type. Names of options beat patterns, and patterns ranges.

import type { Api, FunctionDecl } from '../model/api.ts';
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
  const resolved = lowering.table.resolve(declaration.type.parameters[parameter]!.type);
  const options = resolved.kind === 'enum' ? (lowering.table.enumeration(resolved.key)?.enumerators ?? []) : [];
  if (options.length === 0) throw new PlanError(`\`${key}\`: the type of its option is no enumeration`);
  const seen = new Set<bigint>();
  const plans: OptionPlan[] = [];
  for (const { name, value } of options) {
    const found = claims.filter((claim) => matches(claim, name, value));
    for (const claim of found) unused.delete(claim);
    const claim = best(key, name, found);
    // An old name for an option stands for the same number.
    if (!claim || seen.has(value)) continue;
    seen.add(value);
    const { signature, typescript } = optionType(`${key}.types`, claim.type, api, lowering);
    plans.push({
      name,
      constant: lowering.names.constant.get(name)!,
      value,
      c: claim.type,
      type: signature,
      typescript,
    });
  }
  const [idle] = unused;
  if (idle) throw new PlanError(`\`${key}\` names ${idle.pattern}, which no enumerator of its option is`);
  return plans;
}

function rankOf(pattern: string): Claim['rank'] {
  return pattern.includes('..') ? 'range' : pattern.includes('*') ? 'pattern' : 'name';
}

function matches({ pattern, rank }: Claim, name: string, value: bigint): boolean {
  if (rank === 'name') return pattern === name;
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
