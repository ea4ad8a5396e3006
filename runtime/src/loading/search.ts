// A bare file name in, the files that the system's loader would take for it out. Only used to look at a file before or after the
// loader does: the loader itself does the loading by name. It skips unfit files without a word, and dies of a truncated one.
// Follows ld.so(8): LD_LIBRARY_PATH, then the RUNPATH of who needs it, then the cache, then the trusted folders.

import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { cachedFiles } from './library-cache.ts';

/** Where a name was found, and whether LD_LIBRARY_PATH led there. */
export interface Place {
  readonly path: string;
  readonly viaEnvironment: boolean;
}

/** Every place that has a file of this name, in the loader's order. */
export function placesOf(file: string, target: string): Place[] {
  const paths = new Map<string, Place>();
  for (const place of candidates(file, target)) {
    if (!paths.has(place.path) && existsSync(place.path)) paths.set(place.path, place);
  }
  return [...paths.values()];
}

/** The first of these places; `runpath` are the folders that the library which needs the file names. */
export function firstPlace(file: string, target: string, runpath: readonly string[] = []): string | undefined {
  for (const { path, isKnown } of candidates(file, target, runpath)) {
    if (isKnown || existsSync(path)) return path;
  }
  return undefined;
}

/** `isKnown`: the loader's cache says that it is there. */
function* candidates(
  file: string,
  target: string,
  runpath: readonly string[] = [],
): Generator<Place & { isKnown?: true }> {
  if (isAbsolute(file)) {
    yield { path: file, viaEnvironment: false };
    return;
  }
  const { LD_LIBRARY_PATH } = process.env;
  if (LD_LIBRARY_PATH) {
    // An empty entry among others means the current folder to the loader: the user's choice, not ours.
    for (const folder of LD_LIBRARY_PATH.split(/[:;]/))
      yield { path: join(resolve(folder), file), viaEnvironment: true };
  }
  for (const folder of runpath) yield { path: join(folder, file), viaEnvironment: false };
  for (const path of cachedFiles(file)) yield { path, viaEnvironment: false, isKnown: true };
  const triplet = target.replace(/^(\w+)-\w+-linux/, '$1-linux');
  for (const folder of [`/lib/${triplet}`, `/usr/lib/${triplet}`, '/lib64', '/usr/lib64', '/lib', '/usr/lib']) {
    yield { path: `${folder}/${file}`, viaEnvironment: false };
  }
}
