// In: two versions of a library, each as an Api with what its files export. Out: what changed between them, rated.

import type { Api } from '../model/api.ts';
import type { Target } from '../target.ts';
import { type ApiDiff, type Change, type ChangeKind, RATINGS, type Rating } from './change.ts';
import { compareConstants, compareEnumerations } from './constants.ts';
import { compareFunctions, compareVariables } from './functions.ts';
import { Reach } from './reach.ts';
import { Records } from './records.ts';
import { Sides } from './sides.ts';
import { compareTypedefs } from './typedefs.ts';

const KINDS: readonly ChangeKind[] = [
  ...(['library', 'function', 'variable', 'record', 'typedef', 'enumeration', 'enumerator', 'constant'] as const),
];

/** Both on one target. */
export function diffApis(older: Api, newer: Api, target: Target): ApiDiff {
  const sides = new Sides(older, newer, target);
  const reach = new Reach(older, sides.tableA);
  const records = new Records(sides, reach);
  const changes = [
    ...compareSonames(older, newer),
    ...compareFunctions(sides),
    ...compareVariables(sides),
    ...records.changes(),
    ...compareTypedefs(sides, reach),
    ...compareEnumerations(sides, reach),
    ...compareConstants(sides, reach),
  ].sort(inOrder);
  return {
    library: newer.library,
    target: target.name,
    before: older.version,
    after: newer.version,
    changes,
    counts: countsOf(changes),
  };
}

function inOrder(x: Change, y: Change): number {
  const rank = ({ rating, kind }: Change): number =>
    (RATINGS.length - RATINGS.indexOf(rating)) * 100 + KINDS.indexOf(kind);
  return rank(x) - rank(y) || (x.name < y.name ? -1 : x.name > y.name ? 1 : 0);
}

/** The name that programs which were linked ask the loader for. */
function compareSonames({ exports: a }: Api, { exports: b }: Api): Change[] {
  const [before, after] = [a?.sonames ?? [], b?.sonames ?? []];
  if (before.length === 0 || after.length === 0) return [];
  const lost = before.filter((name) => !after.includes(name));
  const isKept = lost.length < before.length;
  if (lost.length === 0 && before.length === after.length) return [];
  return [
    {
      kind: 'library',
      name: 'SONAME',
      change: 'changed',
      before: before.join(', '),
      after: after.join(', '),
      rating: isKept ? 'compatible' : 'recompile',
      reason: isKept
        ? 'some files have the name of before'
        : `programs that were linked ask for ${before.join(' or ')}`,
    },
  ];
}

function countsOf(changes: readonly Change[]): ApiDiff['counts'] {
  const count = (holds: (change: Change) => boolean): number => changes.filter(holds).length;
  const ratings = Object.fromEntries(RATINGS.map((rating) => [rating, count((c) => c.rating === rating)]));
  const sorts = (['added', 'removed', 'changed'] as const).map((sort) => [sort, count((c) => c.change === sort)]);
  return { ...ratings, ...Object.fromEntries(sorts) } as Record<Rating | Change['change'], number>;
}
