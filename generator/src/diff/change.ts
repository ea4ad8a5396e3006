// What a comparison of two versions of a library says: changes, each rated by what becomes of a program that was written and compiled for
// the older version when it meets the newer one.

/** From harmless to worst. `compatible`: it compiles and runs as before. `recompile`: it compiles unchanged, and must be compiled again.
 *  `break`: it no longer compiles, links or loads, and is told so. `silent break`: what was compiled is linked and loaded without a
 *  word, and something else happens. */
export const RATINGS = ['compatible', 'recompile', 'break', 'silent break'] as const;
export type Rating = (typeof RATINGS)[number];

export type ChangeKind =
  | 'library'
  | 'function'
  | 'variable'
  | 'record'
  | 'typedef'
  | 'enumeration'
  | 'enumerator'
  | 'constant';

/** One thing about a change that has several. */
export interface Detail {
  readonly rating: Rating;
  readonly text: string;
}

export interface Change {
  readonly kind: ChangeKind;
  /** A name of C's, `struct x` for a record with a tag; of the kind `library`: `SONAME`. */
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly rating: Rating;
  /** Why it is rated so, in words. */
  readonly reason: string;
  /** In C, or a value, or a size. */
  readonly before?: string;
  readonly after?: string;
  /** Of a record: what became of each of its members. */
  readonly details?: readonly Detail[];
  /** Of a record or a type: the functions and variables of the older version that reach it. */
  readonly reachedBy?: readonly string[];
  /** `header:line` in the newer version; of what was removed in the older one. */
  readonly at?: string;
}

export interface ApiDiff {
  readonly library: string;
  readonly target: string;
  readonly before: string;
  readonly after: string;
  /** The worst first; then by kind, then by name. */
  readonly changes: readonly Change[];
  readonly counts: Readonly<Record<Rating | Change['change'], number>>;
}

export function worstRating(ratings: Iterable<Rating>): Rating {
  return RATINGS[Math.max(0, ...[...ratings].map((rating) => RATINGS.indexOf(rating)))]!;
}

/** The texts of those that are rated worst; of many the first few. */
export function worstTexts(details: readonly Detail[], most = 4): string {
  const rating = worstRating(details.map((detail) => detail.rating));
  const texts = details.filter((detail) => detail.rating === rating).map(({ text }) => text);
  const more = texts.length - most;
  return more > 1 ? `${texts.slice(0, most).join('; ')}; and ${more} more` : texts.join('; ');
}
