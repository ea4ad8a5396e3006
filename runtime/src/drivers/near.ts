// A name that nothing has, and the names that there are, in; words that help out: the near one, or all of them.

/** `Did you mean rbd? Known: iscsi, rbd.` */
export function knownWords(wanted: string, names: readonly string[], what = 'Known'): string {
  if (names.length === 0) return 'There are none.';
  const near = nearest(wanted, names);
  return `${near === undefined ? '' : `Did you mean ${near}? `}${what}: ${names.join(', ')}.`;
}

/** The name that is spelled almost so; the first of several. */
export function nearest(wanted: string, names: readonly string[]): string | undefined {
  let best = Math.max(1, Math.min(3, Math.floor(wanted.length / 3))) + 1;
  let found: string | undefined;
  for (const name of names) {
    const steps = distance(wanted.toLowerCase(), name.toLowerCase());
    if (steps >= best || steps >= name.length) continue;
    best = steps;
    found = name;
  }
  return found;
}

/** Levenshtein's distance, where two letters that have changed places are one step. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same, swapped));
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
