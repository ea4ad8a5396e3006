// A known version in, what a library of that version shows out: its symbols, what it calls itself, what its version call says. For tests
// that pretend one: what the real one leaves open stays open.

import type { HistoryDescriptor } from '../contract/descriptor.ts';
import type { Evidence } from './inference.ts';
import { timelineOf } from './timeline.ts';

/** `canTell`: the library has a version call. Throws a RangeError for a version that is not known. */
export function shownBy(history: HistoryDescriptor, version: string, canTell: boolean): Evidence {
  const { versions, symbols, sonames, reported = versions } = history;
  const timeline = timelineOf(versions);
  const place = timeline.placeOf(version);
  if (timeline.versionAt(place) === undefined) throw new RangeError(`${version} is no known version`);
  const [present, missing] = [new Set<string>(), new Set<string>()];
  for (const [ranges, names] of Object.entries<readonly string[]>(symbols)) {
    const found = timeline.truthsOf(ranges)[place] === 'yes' ? present : missing;
    for (const name of names) found.add(name);
  }
  const index = (place - 1) / 2;
  const word = canTell ? reported[index] : undefined;
  return { present, missing, soname: sonames?.[index]?.[0], reported: word ?? undefined };
}
