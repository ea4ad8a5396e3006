// A set of known versions <-> its text: `1.2.0..1.9.0`, `1.10.0..` up to the newest one and beyond, `1.5.0`; several with commas
// between them. So a version that changes nothing changes no text, wherever it comes in.

import { compareVersions } from './compare.ts';
import { HistoryError } from './error.ts';
import type { VersionSet } from './history.ts';

/** The text of a set out of `base`: what is between two of its members in `base`, and what follows the last, is what counts.
 *  `name` is how an index is spelled. */
export function rangesText(set: VersionSet, base: VersionSet, name: (index: number) => string): string {
  const members = new Set(set);
  const ranges: string[] = [];
  for (let at = 0; at < base.length; at++) {
    if (!members.has(base[at]!)) continue;
    const first = at;
    while (at + 1 < base.length && members.has(base[at + 1]!)) at++;
    const last = at === base.length - 1 ? '..' : at === first ? '' : `..${name(base[at]!)}`;
    ranges.push(name(base[first]!) + last);
  }
  return ranges.join(',');
}

/** The inverse. Throws a HistoryError for what is no such text, or names versions that `base` does not have. */
export function rangesFromText(text: string, base: VersionSet, name: (index: number) => string): VersionSet {
  const found: number[] = [];
  const place = (version: string): number => {
    const at = base.findIndex((index) => name(index) === version);
    if (at < 0)
      throw new HistoryError(`${JSON.stringify(text)} names ${version || 'no version'}, which is not known here`);
    return at;
  };
  let next = 0;
  for (const range of text === '' ? [] : text.split(',')) {
    const [first = '', last, ...more] = range.split('..');
    const from = place(first);
    const to = last === undefined ? from : last === '' ? base.length - 1 : place(last);
    if (more.length > 0 || from < next || to < from)
      throw new HistoryError(`${JSON.stringify(text)} is no list of ranges, oldest first`);
    for (let at = from; at <= to; at++) found.push(base[at]!);
    next = to + 1;
  }
  return found;
}

/** Where a version stands among those of a history, oldest first; -1 where it is not among them. */
export function versionIndex(versions: readonly { readonly version: string }[], version: string): number {
  return versions.findIndex((known) => compareVersions(known.version, version) === 0);
}

/** All indexes from one on. */
export function indexesFrom(first: number, count: number): VersionSet {
  return Array.from({ length: Math.max(0, count - first) }, (_, at) => first + at);
}

/** An ascending set with one more member, where it is not in it. */
export function including(set: VersionSet, index: number): VersionSet {
  if (set.includes(index)) return set;
  const behind = set.findIndex((other) => other > index);
  return behind < 0 ? [...set, index] : [...set.slice(0, behind), index, ...set.slice(behind)];
}
