// In: a name that nothing has, and the names that there are. Out: those that are spelled almost so, in words for a message.

const MOST = 3;

/** `; did you mean rbd_read or rbd_read2?`; nothing where no name is near. */
export function didYouMean(wanted: string, names: Iterable<string>): string {
  let nearest = Math.min(3, Math.floor(wanted.length / 3));
  let found: string[] = [];
  for (const name of new Set(names)) {
    const steps = distance(wanted.toLowerCase(), name.toLowerCase(), nearest);
    if (steps > nearest || name === wanted) continue;
    if (steps < nearest) found = [];
    nearest = steps;
    found.push(name);
  }
  if (found.length === 0) return '';
  return `; did you mean ${found.sort().slice(0, MOST).join(' or ')}?`;
}

/** Levenshtein's distance, or more than `most` where it is more. */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same));
    }
    row = next;
  }
  return row[b.length]!;
}
