// The order of versions. In: two versions as libraries and packages spell them. Out: which is older. Numbers compare as numbers and missing
// ones are 0 (1.9 < 1.10, 1.2 is 1.2.0). What is behind the numbers: a pre-release is before its release, after a `~` (deb-version(7)) or by
// its word (semver.org, 11); anything else, as in 1.0.2k or 18.2.7+ds, after it.

/** In this order; another word counts as what follows a release. */
const PRE_RELEASES = ['dev', 'a', 'alpha', 'b', 'beta', 'pre', 'preview', 'rc'];
const SAME: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', preview: 'pre' };

interface Parsed {
  readonly numbers: readonly string[];
  /** -1 before the release, 0 the release itself, 1 behind it. */
  readonly side: -1 | 0 | 1;
  readonly rest: readonly string[];
}

/** Whether something can stand in an order of versions, and in the text of ranges: digits first, but for a `v`. */
export function isVersion(text: string): boolean {
  return /^v?\d[\w.+~:-]*$/.test(text) && !text.includes('..') && !text.endsWith('.');
}

/** Negative where `a` is older than `b`, positive where it is newer, 0 where they are one version. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parsed(a), parsed(b)];
  return (
    compareLists(left.numbers, right.numbers, '0') ||
    left.side - right.side ||
    compareLists(left.rest, right.rest, undefined)
  );
}

const known = new Map<string, Parsed>();

/** Once for each text: sorting asks again and again. */
function parsed(version: string): Parsed {
  let found = known.get(version);
  if (!found) {
    found = parse(version);
    known.set(version, found);
  }
  return found;
}

function parse(version: string): Parsed {
  const [, release = '', tail = ''] = /^v?(\d+(?:[.:_-]\d+)*)?(.*)$/s.exec(version.toLowerCase())!;
  const rest = (tail.match(/\d+|[a-z]+/g) ?? []).map((part) => SAME[part] ?? part);
  const isBefore = /^[.:_-]?~/.test(tail) || (!tail.startsWith('+') && PRE_RELEASES.includes(rest[0] ?? ''));
  return { numbers: release.match(/\d+/g) ?? [], side: isBefore ? -1 : rest.length > 0 ? 1 : 0, rest };
}

/** `missing` stands for what the shorter list lacks; without it the shorter one is before the longer. */
function compareLists(a: readonly string[], b: readonly string[], missing: string | undefined): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [left, right] = [a[at] ?? missing, b[at] ?? missing];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const order = compareParts(left, right);
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers of any length, pre-releases in their order, other words by their letters; words before numbers. */
function compareParts(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [/^\d/.test(a), /^\d/.test(b)];
  if (isNumber !== isOtherNumber) return isNumber ? 1 : -1;
  if (!isNumber) return rank(a) - rank(b) || compareText(a, b);
  const [left, right] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')];
  return left.length - right.length || compareText(left, right);
}

function rank(word: string): number {
  const at = PRE_RELEASES.indexOf(word);
  return at < 0 ? PRE_RELEASES.length : at;
}

/** By code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
