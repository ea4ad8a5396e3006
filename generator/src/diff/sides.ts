// The two versions that are compared, with what every part of the comparison asks about them: types, layouts, where something stands.

import { type Api, ELSEWHERE, type Origin } from '../model/api.ts';
import { type Aspect, compareTypes, type RecordPair, type TypeComparison } from '../model/compatibility.ts';
import type { CType } from '../model/ctype.ts';
import { TypeTable } from '../model/types.ts';
import type { Target } from '../target.ts';
import { type Rating, worstRating } from './change.ts';

/** Asked about two records; what has changed about them is rated. */
export type RecordQuestion = (pair: RecordPair) => { readonly rating: Rating; readonly reason: string } | undefined;

export interface RatedTypes extends TypeComparison {
  /** Of values or members of these types. */
  readonly rating: Rating;
}

export class Sides {
  readonly a: Api;
  readonly b: Api;
  readonly tableA: TypeTable;
  readonly tableB: TypeTable;
  readonly target: Target;
  #askRecords: RecordQuestion = () => undefined;

  constructor(a: Api, b: Api, target: Target) {
    this.a = a;
    this.b = b;
    this.target = target;
    this.tableA = new TypeTable(a);
    this.tableB = new TypeTable(b);
  }

  /** Who answers for records. */
  set askRecords(question: RecordQuestion) {
    this.#askRecords = question;
  }

  types(x: CType, y: CType): RatedTypes {
    const nested: Rating[] = [];
    const comparison = compareTypes(x, this.tableA, y, this.tableB, {
      target: this.target,
      record: (pair) => {
        const change = this.#askRecords(pair);
        if (!change) return undefined;
        nested.push(change.rating);
        return { kind: 'different', reason: change.reason, aspects: ['record'] };
      },
    });
    return {
      ...comparison,
      rating: worstRating([...comparison.aspects.map((a) => this.#ratingOf(a, comparison)), ...nested]),
    };
  }

  /** Types that differ otherwise than by records make something else of what was compiled. */
  #ratingOf(aspect: Aspect, { kind }: TypeComparison): Rating {
    return kind !== 'different' || aspect === 'record' ? 'compatible' : 'silent break';
  }
}

export function placeOf(origin: Origin): { at?: string } {
  return origin === ELSEWHERE || origin.header === '' ? {} : { at: `${origin.header}:${origin.line}` };
}

/** Whether the library's own headers declare it. */
export function isOwn({ origin }: { readonly origin: Origin }): boolean {
  return origin.header !== '';
}

/** Names of either list, those of the newer one in its order, then what is only in the older one. */
export function paired<T>(
  older: readonly T[],
  newer: readonly T[],
  key: (item: T) => string,
): readonly { readonly a?: T; readonly b?: T }[] {
  const before = new Map(older.map((item) => [key(item), item]));
  const after = new Set(newer.map(key));
  const both = newer.map((b) => {
    const a = before.get(key(b));
    return a === undefined ? { b } : { a, b };
  });
  return [...both, ...older.filter((a) => !after.has(key(a))).map((a) => ({ a }))];
}
