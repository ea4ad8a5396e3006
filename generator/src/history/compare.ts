// The order of versions: two as libraries and packages spell them in, which one is older out. Numbers compare as numbers (1.9 < 1.10), 1.2 is
// 1.2.0, pre-releases come before their release, and what stands behind `+` or a blank does not count. Follows deb-version(7) for `~`
// and semver.org, 11, for the order of pre-releases. The runtime orders versions in the same way (runtime/src/versions/compare.ts).

/** A part of a version: its rank among what may stand at the same place, and its value. */
type Part = readonly [rank: number, value: bigint, word: string];

const TILDE = 0;
const PRE = 1;
const END: Part = [2, 0n, ''];
const WORD = 3;
const NUMBER = 4;

/** Words of pre-releases, the earliest first. Any other word is of what follows a release, as in 1.0.2k. */
const PRE_RELEASES = ['dev', 'alpha', 'a', 'beta', 'b', 'pre', 'preview', 'rc'];

/** Whether something can stand in an order of versions and in the text of ranges: digits first, but for a `v`. */
export function isVersion(text: string): boolean {
  return /^v?\d[\w.+~-]*$/.test(text) && !text.includes('..') && !text.endsWith('.');
}

/** Less than 0 where `a` is older than `b`, 0 where they are one version. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let at = 0; at < left.length || at < right.length; at++) {
    const order = compareParts(left[at] ?? END, right[at] ?? END);
    if (order !== 0) return order;
  }
  return 0;
}

function compareParts([rank, value, word]: Part, [otherRank, otherValue, otherWord]: Part): number {
  if (rank !== otherRank) return rank - otherRank;
  if (value !== otherValue) return value < otherValue ? -1 : 1;
  return compareText(word, otherWord);
}

/** Sorting asks for the same ones again and again. */
const known = new Map<string, readonly Part[]>();

function partsOf(text: string): readonly Part[] {
  const parts = known.get(text) ?? parse(text);
  known.set(text, parts);
  return parts;
}

function parse(text: string): readonly Part[] {
  const [version = ''] = /\d[\w.~-]*/.exec(text) ?? [];
  const parts: Part[] = [];
  for (const [token] of version.toLowerCase().matchAll(/\d+|[a-z]+|~/g)) {
    const part = partOf(token);
    if (part[0] !== NUMBER) dropZeros(parts);
    parts.push(part);
  }
  dropZeros(parts);
  return parts;
}

function partOf(token: string): Part {
  if (token === '~') return [TILDE, 0n, ''];
  if (/\d/.test(token)) return [NUMBER, BigInt(token), ''];
  const place = PRE_RELEASES.indexOf(token);
  return place < 0 ? [WORD, 0n, token] : [PRE, BigInt(place), ''];
}

/** Numbers that are zero at the end say nothing. */
function dropZeros(parts: Part[]): void {
  while (parts.length > 1 && parts.at(-1)![0] === NUMBER && parts.at(-1)![1] === 0n) parts.pop();
}

/** By code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
