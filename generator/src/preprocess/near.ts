// In: a header name that was not found, and the folders searched. Out: names that stand there and are spelled almost so.

import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { distance } from '../model/near.ts';

const MOST = 3;

/** As one would write them in #include; folders that cannot be listed have none. */
export function nearNames(name: string, folders: readonly string[]): readonly string[] {
  const [folder, wanted] = [posix.dirname(name), posix.basename(name)];
  const elsewhere = folder === '.' ? below(wanted, folders) : [];
  if (elsewhere.length > 0) return elsewhere;
  const spelled = search(wanted, folder, folders, Math.min(3, Math.floor(wanted.length / 3)));
  if (spelled.length > 0 || folder === '.') return spelled;
  // A folder that is misspelled hides every file in it.
  return search(posix.basename(folder), posix.dirname(folder), folders, 2, wanted);
}

/** What is nearest to `wanted` in `inside`, among folders those that hold `file`. */
function search(wanted: string, inside: string, folders: readonly string[], most: number, file = ''): string[] {
  const found = new Set<string>();
  let nearest = most;
  for (const folder of folders) {
    for (const entry of list(posix.join(folder, inside))) {
      const steps = distance(wanted.toLowerCase(), entry.toLowerCase(), nearest);
      if (steps > nearest || (file !== '' && !list(posix.join(folder, inside, entry)).includes(file))) continue;
      if (steps < nearest) found.clear();
      nearest = steps;
      found.add(posix.join(inside, entry, file));
    }
  }
  return [...found].sort().slice(0, MOST);
}

/** `rbd/librbd.h` for `librbd.h`. */
function below(wanted: string, folders: readonly string[]): string[] {
  const found = folders.flatMap((folder) =>
    list(folder)
      .filter((entry) => list(posix.join(folder, entry)).includes(wanted))
      .map((entry) => posix.join(entry, wanted)),
  );
  return [...new Set(found)].sort().slice(0, MOST);
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
