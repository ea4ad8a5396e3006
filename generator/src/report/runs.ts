// In: the eras of a declaration. Out: runs of versions in which it is the same, for one row of a matrix; and words for them.

import type { DeclEra, History, VersionSet } from '../history/history.ts';

/** Versions side by side, by index, both ends included, in which something is the same. */
export interface Run {
  readonly first: number;
  readonly last: number;
  /** The number of the era, from 0; undefined where there is no such declaration. */
  readonly era: number | undefined;
}

/** What each version has, as runs that cover them all. */
export function runsOf(eras: readonly { readonly versions: VersionSet }[], count: number): readonly Run[] {
  const byVersion = new Array<number | undefined>(count).fill(undefined);
  for (const [era, { versions }] of eras.entries()) for (const at of versions) byVersion[at] = era;
  return sameInARow(byVersion).map(({ first, last, value }) => ({ first, last, era: value }));
}

/** Neighbours of one value. */
export function sameInARow<T>(values: readonly T[]): { first: number; last: number; value: T }[] {
  const found: { first: number; last: number; value: T }[] = [];
  for (const [at, value] of values.entries()) {
    const previous = found.at(-1);
    if (previous && previous.value === value) previous.last = at;
    else found.push({ first: at, last: at, value });
  }
  return found;
}

/** All versions that have a declaration, ascending. */
export function presence(eras: readonly { readonly versions: VersionSet }[]): VersionSet {
  return eras.flatMap(({ versions }) => versions).sort((a, b) => a - b);
}

/** Whether something is not the same in all versions. */
export function isChanged(eras: readonly DeclEra<unknown>[], count: number): boolean {
  return eras.length > 1 || presence(eras).length < count;
}

/** How versions are named. */
export class VersionNames {
  readonly #names: readonly string[];

  constructor(history: History) {
    this.#names = history.versions.map(({ version }) => version);
  }

  get count(): number {
    return this.#names.length;
  }

  name(at: number): string {
    return this.#names[at]!;
  }

  /** The first version that has it, where not the first of all has; else nothing. */
  since(present: VersionSet): string {
    const [first] = present;
    return first === undefined || first === 0 ? '' : this.#names[first]!;
  }

  /** The last version that has it, where not the newest has; else nothing. */
  until(present: VersionSet): string {
    const last = present.at(-1);
    return last === undefined || last === this.#names.length - 1 ? '' : this.#names[last]!;
  }

  /** `1.8.0`, `1.8.0 – 1.19.0`, `from 1.20.0`; several with commas between them. */
  span(versions: VersionSet): string {
    const has = new Set(versions);
    return sameInARow(this.#names.map((_, at) => has.has(at)))
      .filter(({ value }) => value)
      .map(({ first, last }) => {
        if (first === last) return this.#names[first]!;
        return last === this.count - 1 ? `from ${this.#names[first]}` : `${this.#names[first]} – ${this.#names[last]}`;
      })
      .join(', ');
  }
}
