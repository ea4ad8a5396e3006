// What several targets say of the same names, and how it becomes one: the tools of merge.ts and merge-besides.ts. In: the plan of each
// target. Out: what all of them have under a name, one TypeScript type for all, or a refusal by name with what each target says.

import type { Origin, Unsupported } from '../model/api.ts';
import type { ModulePlan } from './module.ts';
import { expanded, mentioned, type Said, unified, whoSaysWhat } from './variants.ts';

/** By the name of the target. */
export type Plans = ReadonlyMap<string, ModulePlan>;

/** What stands in every plan under one name, and what does not. */
export class Merge {
  readonly #plans: Plans;
  readonly #opaque: ReadonlyMap<string, string>;
  /** Names that TypeScript types must not mention. */
  readonly refusedTypes: Set<string> = new Set();
  readonly #refused = new Map<string, Unsupported>();

  constructor(plans: Plans, opaque: ReadonlyMap<string, string>) {
    this.#plans = plans;
    this.#opaque = opaque;
  }

  get refused(): readonly Unsupported[] {
    return [...this.#refused.values()];
  }

  refuse(kind: Unsupported['kind'], name: string, origin: Origin, reason: string): undefined {
    this.#refused.set(`${kind} ${name}`, { kind, name, reason, origin });
    if (kind === 'type' || kind === 'record') this.refusedTypes.add(name);
    return undefined;
  }

  /** Merges those that all targets have and refuses the others. */
  all<T extends { readonly name: string; readonly origin: Origin }, R>(
    kind: Unsupported['kind'],
    list: (plan: ModulePlan) => readonly T[],
    merge: (name: string, said: Said<T>, first: T) => R | undefined,
  ): R[] {
    return [...byName(this.#plans, list)].flatMap(([name, said]) => {
      const [first] = said.values();
      if (said.size < this.#plans.size) {
        this.refuse(kind, name, first!.origin, this.#absence(kind, name, said));
        return [];
      }
      return merge(name, said, first!) ?? [];
    });
  }

  #absence(kind: Unsupported['kind'], name: string, said: Said<unknown>): string {
    const reasons = [...this.#plans].map(([target, plan]): [string, string] => {
      if (said.has(target)) return [target, 'it is declared'];
      return [target, plan.unsupported.find((u) => u.kind === kind && u.name === name)?.reason ?? 'it is not declared'];
    });
    return whoSaysWhat(new Map(reasons));
  }

  /** A record that a signature passes by value, and that has no layout here. */
  unknownRecord(signature: string): string | undefined {
    const names = [...signature.matchAll(/(?<!:)\{([^}]*)\}/g)].map(([, name]) => name!);
    return names.find((name) => this.#opaque.has(name) || this.refusedTypes.has(name));
  }

  /** One type for all targets; or why there is none. Where a type's name is not carried, what it stands for may fit. */
  type(said: Said<string>): { readonly text: string } | { readonly conflict: string } {
    const text = unified(said);
    if (text !== undefined && this.#refusedIn(text) === undefined) return { text };
    const plain = new Map([...said].map(([target, own]) => [target, this.#expand(target, own)]));
    const best = unified(plain) ?? text;
    if (best === undefined) return { conflict: whoSaysWhat(said) };
    const name = this.#refusedIn(best);
    return name === undefined ? { text: best } : { conflict: `its type mentions ${name}, which is not carried` };
  }

  #refusedIn(text: string): string | undefined {
    return this.refusedTypes.size === 0 ? undefined : mentioned(text).find((name) => this.refusedTypes.has(name));
  }

  #expand(target: string, text: string): string {
    const { types } = this.#plans.get(target)!;
    return expanded(text, (name) => {
      const meant = this.refusedTypes.has(name) && types.find((type) => type.name === name)?.text;
      return meant && !meant.startsWith('c.Opaque<') && !meant.startsWith('c.Handle<') ? meant : undefined;
    });
  }
}

/** By name, in the order of the first target that has it. */
export function byName<T extends { readonly name: string }>(
  plans: Plans,
  list: (plan: ModulePlan) => readonly T[],
): Map<string, Map<string, T>> {
  const found = new Map<string, Map<string, T>>();
  for (const [target, plan] of plans) {
    for (const item of list(plan)) {
      const said = found.get(item.name) ?? new Map<string, T>();
      found.set(item.name, said.set(target, item));
    }
  }
  return found;
}

export function mapped<T, R>(said: Said<T>, value: (item: T) => R): Map<string, R> {
  return new Map([...said].map(([target, item]) => [target, value(item)]));
}
