// Dependencies as package managers have them: clauses that must all hold, each a list of alternatives of which one must. Those that follow
// from others are left out.

import { compareText, compareVersions } from '../history/compare.ts';
import { PRIORITIES, type Priority } from './dependency.ts';

/** `librbd1 (>= 14.2.21)`. */
export interface Alternative {
  readonly name: string;
  readonly relation?: { readonly operator: '>=' | '<<'; readonly version: string };
}

export interface Clause {
  readonly priority: Priority;
  readonly alternatives: readonly Alternative[];
}

/** Without those that another one of the same or a stronger priority says as well; in the order of their names. */
export function withoutImplied(clauses: readonly Clause[]): readonly Clause[] {
  let kept: readonly Clause[] = [];
  for (const clause of PRIORITIES.toReversed().flatMap((priority) =>
    clauses.filter((one) => one.priority === priority),
  )) {
    if (kept.some((other) => follows(clause, other))) continue;
    kept = [...kept.filter((other) => other.priority !== clause.priority || !follows(other, clause)), clause];
  }
  return kept.toSorted((a, b) => compareText(keyOf(a), keyOf(b)));
}

/** Whether whatever satisfies `given` satisfies `clause`. */
function follows({ alternatives }: Clause, given: Clause): boolean {
  return given.alternatives.every((one) => alternatives.some((other) => isWithin(one, other)));
}

function isWithin({ name, relation }: Alternative, { name: other, relation: wider }: Alternative): boolean {
  if (name !== other) return false;
  if (!wider) return true;
  if (relation?.operator !== wider.operator) return false;
  const order = compareVersions(relation.version, wider.version);
  return wider.operator === '>=' ? order >= 0 : order <= 0;
}

function keyOf({ alternatives }: Clause): string {
  return alternatives.map(({ name, relation }) => `${name} ${relation?.operator} ${relation?.version}`).join('|');
}
