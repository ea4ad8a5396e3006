// The known versions of a library in, places on a line out: each known version has one, and so have the gaps between two of them, what
// comes before the first and what comes after the last. n versions make 2n + 1 places, from 0 on: version i stands at 2i + 1. What
// holds in some versions holds at each place, does not, or is not known there.

import type { Ranges } from '../contract/descriptor.ts';
import { compareVersions } from './compare.ts';

/** Whether something holds; `maybe` where nothing says so. */
export type Truth = 'yes' | 'no' | 'maybe';

/** Places of a timeline, ascending. */
export type Places = readonly number[];

export class Timeline {
  /** Oldest first. */
  readonly versions: readonly string[];
  /** The number of places. */
  readonly length: number;
  readonly #truths = new Map<Ranges, readonly Truth[]>();

  constructor(versions: readonly string[]) {
    this.versions = versions;
    this.length = 2 * versions.length + 1;
  }

  /** All places. */
  all(): Places {
    return Array.from({ length: this.length }, (_, place) => place);
  }

  /** The place of a version, known or not. */
  placeOf(version: string): number {
    const { versions } = this;
    const exact = versions.indexOf(version);
    if (exact >= 0) return 2 * exact + 1;
    const newer = versions.findIndex((known) => compareVersions(known, version) >= 0);
    if (newer < 0) return this.length - 1;
    return compareVersions(versions[newer]!, version) === 0 ? 2 * newer + 1 : 2 * newer;
  }

  /** The known version that stands at a place; undefined in a gap. */
  versionAt(place: number): string | undefined {
    return place % 2 === 1 ? this.versions[(place - 1) / 2] : undefined;
  }

  /** The known versions around a gap. */
  around(place: number): readonly [older: string | undefined, newer: string | undefined] {
    return [this.versions[place / 2 - 1], this.versions[place / 2]];
  }

  /** Where something holds that holds in these ranges. Between two known versions it does where it does in both; where in one of them
   *  only, nobody knows. After the newest one holds what the ranges say so of; before the oldest nobody knows. */
  truthsOf(ranges: Ranges): readonly Truth[] {
    const known = this.#truths.get(ranges);
    if (known) return known;
    const truths = this.#read(ranges);
    this.#truths.set(ranges, truths);
    return truths;
  }

  #read(ranges: Ranges): readonly Truth[] {
    const isIn = this.versions.map(() => false);
    let isOpen = false;
    for (const range of ranges.split(',').filter((text) => text !== '')) {
      const [first = '', last = first] = range.split('..');
      isOpen ||= last === '';
      const end = last === '' ? isIn.length - 1 : this.#indexOf(last, ranges);
      isIn.fill(true, this.#indexOf(first, ranges), end + 1);
    }
    // Loops, because most of this runs once in a process, in the engine's interpreter.
    const truths: Truth[] = [];
    let older = false;
    for (const newer of isIn) {
      truths.push(older && newer ? 'yes' : older || newer ? 'maybe' : 'no', newer ? 'yes' : 'no');
      older = newer;
    }
    truths.push(isOpen ? 'yes' : older ? 'maybe' : 'no');
    return truths;
  }

  #indexOf(version: string, ranges: Ranges): number {
    const place = this.placeOf(version);
    if (place % 2 === 1) return (place - 1) / 2;
    throw new TypeError(`the range '${ranges}' names ${version}, which is not among the known versions`);
  }

  /** Places in words: `1.19.0`, `1.18.0 to 1.20.0`, `between 1.18.0 and 1.19.0`, `newer than 1.20.0`. */
  describe(places: Places): string {
    const [first, last] = [places[0], places.at(-1)];
    if (first === undefined || last === undefined) return 'no known version';
    const newest = this.length - 1;
    const [older] = this.around(first);
    const [, newer] = this.around(last);
    const since = this.versionAt(first);
    const until = this.versionAt(last);
    if (first === 0 && last === newest) return 'any version';
    if (first === newest) return `newer than ${older}`;
    if (last === 0) return `older than ${newer}`;
    if (since !== undefined && until !== undefined) return first === last ? since : `${since} to ${until}`;
    if (since !== undefined) return last === newest ? `${since} or newer` : `${since} or newer, before ${newer}`;
    if (first === 0) return until === undefined ? `before ${newer}` : `${until} or older`;
    if (until !== undefined) return `newer than ${older}, up to ${until}`;
    return last === newest ? `newer than ${older}` : `between ${older} and ${newer}`;
  }
}

const timelines = new WeakMap<readonly string[], Timeline>();

/** The timeline of a list of versions, made once. */
export function timelineOf(versions: readonly string[]): Timeline {
  const timeline = timelines.get(versions) ?? new Timeline(versions);
  timelines.set(versions, timeline);
  return timeline;
}
