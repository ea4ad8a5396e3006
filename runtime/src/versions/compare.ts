// Two versions in, which one is older out. Numbers compare as numbers (1.10 > 1.9), 1.2 and 1.2.0 are the same version, pre-releases
// (rc, beta, ~) come before their release, and what stands behind `+` or a blank does not count. Follows deb-version(7) for `~` and
// semver.org, 11, for the order of pre-releases.

/** A part of a version: its rank among what may stand at the same place, and its value. */
type Part = readonly [rank: number, value: number, word: string];

const TILDE = 0;
const PRE = 1;
const END: Part = [2, 0, ''];
const WORD = 3;
const NUMBER = 4;

/** Words of pre-releases, the earliest first. */
const PRE_RELEASES = ['dev', 'alpha', 'beta', 'pre', 'rc'];
const SAME: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', preview: 'pre' };

/** Less than 0 where `a` is older than `b`, 0 where they are the same version. Text without a digit is older than any version. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let at = 0; at < left.length || at < right.length; at++) {
    const order = comparePart(left[at] ?? END, right[at] ?? END);
    if (order !== 0) return order;
  }
  return 0;
}

/** The version in a text, `libssh 0.10.6/openssl` -> `0.10.6`; undefined where there is none. */
export function versionIn(text: string): string | undefined {
  return /\d[\w.~-]*/.exec(text)?.[0];
}

function comparePart([rank, value, word]: Part, [otherRank, otherValue, otherWord]: Part): number {
  if (rank !== otherRank) return rank - otherRank;
  if (value !== otherValue) return value - otherValue;
  return word === otherWord ? 0 : word < otherWord ? -1 : 1;
}

const known = new Map<string, readonly Part[]>();

function partsOf(text: string): readonly Part[] {
  const parts = known.get(text) ?? parse(versionIn(text) ?? '');
  known.set(text, parts);
  return parts;
}

function parse(version: string): readonly Part[] {
  const parts: Part[] = [];
  for (const [token] of version.matchAll(/\d+|[a-z]+|~/gi)) {
    const part = partOf(token.toLowerCase());
    if (part[0] !== NUMBER) dropZeros(parts);
    parts.push(part);
  }
  dropZeros(parts);
  return parts;
}

function partOf(token: string): Part {
  if (token === '~') return [TILDE, 0, ''];
  if (/\d/.test(token)) return [NUMBER, Number(token), ''];
  const place = PRE_RELEASES.indexOf(Object.hasOwn(SAME, token) ? SAME[token]! : token);
  return place < 0 ? [WORD, 0, token] : [PRE, place, ''];
}

/** Numbers that are zero at the end say nothing: 1.2.0 is 1.2. */
function dropZeros(parts: Part[]): void {
  while (parts.length > 1 && parts.at(-1)![0] === NUMBER && parts.at(-1)![1] === 0) parts.pop();
}
