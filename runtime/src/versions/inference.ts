// What is seen of a library and what is known of its versions in, the versions that it may be out. Pure: it needs no loaded library, so
// that a file that is only read can be dated the same way.
//
// Each piece of evidence allows some places of the timeline (timeline.ts): symbols by the ranges in which the library has them, its own
// word by what the known versions say, the SONAME by what their files call themselves. What all of them allow is possible. An unknown
// version, in a gap or beyond the newest, is only taken for possible where no known one is. Where evidence contradicts itself, as
// features that a distribution has brought into an older version do, everything between the contradicting ends is possible.

import type { HistoryDescriptor, Ranges } from '../contract/descriptor.ts';
import { compareVersions, versionIn } from './compare.ts';
import { type Places, type Timeline, timelineOf } from './timeline.ts';

/** Names that are there or not. */
type Names = Pick<ReadonlySet<string>, 'has'>;

/** What is seen. Nothing of it is needed. */
export interface Evidence {
  /** Symbols that the library exports, by the linker's names; `symbol@VERSION` for a version of a symbol. */
  readonly present?: Names | undefined;
  /** Symbols that it does not export. One that is in neither says nothing. */
  readonly missing?: Names | undefined;
  /** What the file calls itself. */
  readonly soname?: string | undefined;
  /** What the version call says. */
  readonly reported?: string | undefined;
  /** What somebody says who knows: a version of the library. */
  readonly assumed?: string | undefined;
}

/** One piece of evidence. */
export interface Finding {
  readonly from: 'symbols' | 'soname' | 'version call' | 'assumed';
  /** In words. */
  readonly says: string;
  /** The versions that it allows, in words. */
  readonly allows: string;
}

/** What follows. */
export interface Inference {
  readonly timeline: Timeline;
  /** Where the library may stand. Never empty. */
  readonly places: Places;
  /** The same from the baseline on; empty where it is older than that. */
  readonly fitting: Places;
  /** It calls itself what no known version does: what is known of others may not hold for it. */
  readonly isStrange: boolean;
  /** The version, where only one is possible. */
  readonly exact: string | undefined;
  readonly reported: string | undefined;
  readonly evidence: readonly Finding[];
  /** Where evidence contradicts itself, or says what no known version does. */
  readonly warnings: readonly string[];
  /** Why the assumed version cannot be true. */
  readonly refusal: string | undefined;
}

/** A finding, and the places that it allows. */
interface Clue {
  readonly from: Finding['from'];
  readonly says: string;
  readonly places: Places;
}

export function infer(history: HistoryDescriptor, evidence: Evidence): Inference {
  const timeline = timelineOf(history.versions);
  const warnings: string[] = [];
  const clues = [
    symbolClue(timeline, history, evidence, warnings),
    sonameClue(timeline, history, evidence.soname, warnings),
    reportedClue(timeline, history, evidence.reported, warnings),
  ].filter((clue) => clue !== undefined);
  const seen = combine(
    timeline,
    clues.map(({ places }) => places),
  );
  if (seen.contradicts) warnings.push(contradiction(timeline, clues, seen.places));
  const assumed = assumedClue(timeline, evidence.assumed);
  const refusal = assumed && refusalOf(timeline, assumed, seen.places);
  const isTold = assumed !== undefined && refusal === undefined;
  const places = isTold ? assumed.places : seen.contradicts ? seen.places : preferKnown(seen.places);
  const baseline = timeline.placeOf(history.baseline);
  return {
    timeline,
    places,
    fitting: places.filter((place) => place >= baseline),
    isStrange: isStrange(history, evidence.soname) && !isTold,
    exact: isTold
      ? evidence.assumed
      : seen.contradicts
        ? undefined
        : exactOf(timeline, history, evidence.reported, places),
    reported: evidence.reported,
    evidence: [...clues, ...(assumed ? [assumed] : [])].map(({ from, says, places: allowed }) => ({
      from,
      says,
      allows: timeline.describe(preferKnown(allowed)),
    })),
    warnings,
    refusal,
  };
}

/** What all sets have in common; where that is nothing, all between the ends that contradict each other. */
function combine(timeline: Timeline, sets: readonly Places[]): { places: Places; contradicts: boolean } {
  const counts = new Uint32Array(timeline.length);
  for (const set of sets) for (const place of set) counts[place]!++;
  const common = timeline.all().filter((place) => counts[place] === sets.length);
  if (common.length > 0) return { places: common, contradicts: false };
  const known = sets.map(preferKnown);
  const lowest = Math.max(...known.map((set) => set[0]!));
  const highest = Math.min(...known.map((set) => set.at(-1)!));
  const [from, to] = [Math.min(lowest, highest), Math.max(lowest, highest)];
  return { places: timeline.all().filter((place) => place >= from && place <= to), contradicts: true };
}

/** A version that is known is likelier than one that nobody has seen. */
function preferKnown(places: Places): Places {
  const known = places.filter((place) => place % 2 === 1);
  return known.length > 0 ? known : places;
}

/** How many names there are, and the first of them. */
interface Some {
  count: number;
  readonly first: string[];
}

interface Group {
  readonly ranges: Ranges;
  readonly present: Some;
  readonly missing: Some;
  readonly places: Places;
}

function symbolClue(
  timeline: Timeline,
  { symbols }: HistoryDescriptor,
  evidence: Evidence,
  warnings: string[],
): Clue | undefined {
  const groups = Object.entries<readonly string[]>(symbols)
    .map(([ranges, names]) => groupOf(timeline, ranges, names, evidence))
    .filter(({ places }) => places.length > 0 && places.length < timeline.length);
  if (groups.length === 0) return undefined;
  const { places, contradicts } = combine(
    timeline,
    groups.map((group) => group.places),
  );
  const says = wordsOf(deciding(groups));
  if (contradicts) warnings.push(`No known version has these symbols and lacks those: it ${says}.`);
  return { from: 'symbols', says, places };
}

/** All of a group are there where it holds, and none where it does not; some of them in between only. */
function groupOf(timeline: Timeline, ranges: Ranges, names: readonly string[], evidence: Evidence): Group {
  const present: Some = { count: 0, first: [] };
  const missing: Some = { count: 0, first: [] };
  for (const name of names) {
    const some = evidence.missing?.has(name) ? missing : evidence.present?.has(name) ? present : undefined;
    if (some && some.count++ <= SHOWN) some.first.push(name);
  }
  const places: number[] = [];
  // By index: an iterator of pairs costs the engine's interpreter several times that.
  const truths = timeline.truthsOf(ranges);
  for (let place = 0; place < truths.length; place++) {
    const truth = truths[place]!;
    if (truth === 'maybe' || (truth === 'yes' ? missing.count === 0 : present.count === 0)) places.push(place);
  }
  return { ranges, present, missing, places };
}

/** The groups that draw the line: the newest that are there, the oldest that are not, and those that are there in part. */
function deciding(groups: readonly Group[]): readonly Group[] {
  const lowest = Math.max(...groups.map(({ places }) => places[0]!));
  const highest = Math.min(...groups.map(({ places }) => places.at(-1)!));
  return groups.filter(
    ({ present, missing, places }) =>
      (present.count > 0 && missing.count > 0) || places[0] === lowest || places.at(-1) === highest,
  );
}

function wordsOf(groups: readonly Group[]): string {
  const part = (verb: string, names: (group: Group) => Some) => {
    const some = groups.filter((group) => names(group).count > 0);
    const texts = some.map((group) => `${inWords(names(group))} (${rangesInWords(group.ranges)})`);
    return texts.length > 0 ? [`${verb} ${texts.join(', ')}`] : [];
  };
  return [...part('has', ({ present }) => present), ...part('lacks', ({ missing }) => missing)].join(', and ');
}

/** So many names are shown of a list; one more rather than `and 1 more`. */
const SHOWN = 3;

/** `a, b, c and 3 more`. */
export function listOf(names: readonly string[]): string {
  return inWords({ count: names.length, first: names });
}

function inWords({ count, first }: Readonly<{ count: number; first: readonly string[] }>): string {
  const shown = count <= SHOWN + 1 ? first : first.slice(0, SHOWN);
  return count > shown.length ? `${shown.join(', ')} and ${count - shown.length} more` : shown.join(', ');
}

/** `1.2..1.8,2.0..` -> `1.2 to 1.8, since 2.0`. */
export function rangesInWords(ranges: Ranges): string {
  const words = ranges.split(',').map((range) => {
    const [first = '', last = first] = range.split('..');
    if (last === '') return `since ${first}`;
    return first === last ? `${first} only` : `${first} to ${last}`;
  });
  return words.join(', ');
}

function sonameClue(
  timeline: Timeline,
  history: HistoryDescriptor,
  soname: string | undefined,
  warnings: string[],
): Clue | undefined {
  const { sonames } = history;
  if (soname === undefined || !sonames?.some((names) => names.length > 0)) return undefined;
  const strange = isStrange(history, soname);
  if (strange) warnings.push(`It calls itself ${soname}, which no known version does.`);
  const isPossible = timeline.versions.map((_, index) => {
    const names = sonames[index] ?? [];
    return names.length === 0 || names.includes(soname);
  });
  const places = timeline.all().filter((place) => {
    if (place % 2 === 1) return isPossible[(place - 1) / 2];
    return strange || isPossible[place / 2 - 1] || isPossible[place / 2];
  });
  return { from: 'soname', says: `calls itself ${soname}`, places };
}

function isStrange({ sonames = [] }: HistoryDescriptor, soname: string | undefined): boolean {
  return soname !== undefined && sonames.some((names) => names.length > 0) && !sonames.flat().includes(soname);
}

function reportedClue(
  timeline: Timeline,
  history: HistoryDescriptor,
  reported: string | undefined,
  warnings: string[],
): Clue | undefined {
  if (reported === undefined) return undefined;
  const says = `says ${reported}`;
  const told = versionIn(reported);
  const places = told === undefined ? [] : placesOfReported(timeline, history, told);
  if (places.length > 0 && places.every((place) => place === timeline.length - 1))
    warnings.push(newerThanKnown(reported, timeline.versions.at(-1)!));
  if (places.length > 0) return { from: 'version call', says, places };
  warnings.push(`It says that it is ${reported}, which tells nothing of its version.`);
  return undefined;
}

function newerThanKnown(reported: string, newest: string): string {
  return `It says ${reported}, which is newer than what the shim knows: what holds in ${newest} is taken to hold.`;
}

function placesOfReported(timeline: Timeline, history: HistoryDescriptor, told: string): Places {
  const words = timeline.versions.map((version, index) => (history.reported ? history.reported[index] : version));
  const isOwn = tellsItself(history);
  const isPast = (word: string) => (isOwn ? compareVersions(word, told) < 0 : compareVersions(word, told) <= 0);
  const isYet = (word: string) => (isOwn ? compareVersions(word, told) > 0 : compareVersions(word, told) >= 0);
  return timeline.all().filter((place) => {
    const word = place % 2 === 1 ? words[(place - 1) / 2] : undefined;
    if (typeof word === 'string') return compareVersions(word, told) === 0;
    const before = words.slice(0, Math.floor(place / 2)).findLast((each) => typeof each === 'string');
    const after = words.slice(Math.ceil(place / 2)).find((each) => typeof each === 'string');
    if (place % 2 === 1)
      return (!before || compareVersions(before, told) <= 0) && (!after || compareVersions(after, told) >= 0);
    return (!before || isPast(before)) && (!after || isYet(after));
  });
}

/** Whether the version call tells the library's own version. */
export function tellsItself({ versions, reported }: HistoryDescriptor): boolean {
  return !reported?.some((word, index) => typeof word === 'string' && compareVersions(word, versions[index]!) !== 0);
}

function exactOf(
  timeline: Timeline,
  history: HistoryDescriptor,
  reported: string | undefined,
  places: Places,
): string | undefined {
  const told = reported === undefined ? undefined : versionIn(reported);
  const known = places.length === 1 ? timeline.versionAt(places[0]!) : undefined;
  return known ?? (told !== undefined && places.length === 1 && tellsItself(history) ? told : undefined);
}

function assumedClue(timeline: Timeline, assumed: string | undefined): Clue | undefined {
  if (assumed === undefined) return undefined;
  return { from: 'assumed', says: `is said to be ${assumed}`, places: [timeline.placeOf(assumed)] };
}

function refusalOf(timeline: Timeline, { places, says }: Clue, seen: Places): string | undefined {
  if (places.every((place) => seen.includes(place))) return undefined;
  return `it ${says}, and what it shows allows ${timeline.describe(preferKnown(seen))}`;
}

function contradiction(timeline: Timeline, clues: readonly Clue[], places: Places): string {
  const words = clues.map(({ says, places: allowed }) => `${says}: ${timeline.describe(preferKnown(allowed))}`);
  return `What it shows does not agree (${words.join('; ')}). Taken to be ${timeline.describe(places)}; a backport looks like that.`;
}
