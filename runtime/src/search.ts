// A bare file name in, the file that the system's loader would find out. Only used to look at a file before or after the loader
// does: the loader itself does the loading by name. It skips unfit files without a word, and dies of a truncated one.
// Follows ld.so(8): LD_LIBRARY_PATH first, then the trusted folders. The loader's cache and RUNPATH are not read.

import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

/** Where a name was found, and whether LD_LIBRARY_PATH led there. */
export interface Place {
  readonly path: string;
  readonly viaEnvironment: boolean;
}

/** Every place that has a file of this name, in the loader's order. */
export function placesOf(file: string, target: string): Place[] {
  if (isAbsolute(file)) return [{ path: file, viaEnvironment: false }];
  const triplet = target.replace(/^(\w+)-\w+-linux/, '$1-linux');
  const fromEnvironment = process.env.LD_LIBRARY_PATH ? process.env.LD_LIBRARY_PATH.split(/[:;]/) : [];
  const trusted = [`/lib/${triplet}`, `/usr/lib/${triplet}`, '/lib64', '/usr/lib64', '/lib', '/usr/lib'];
  return [
    // An empty entry among others means the current folder to the loader: the user's choice, not ours.
    ...fromEnvironment.map((folder) => ({ path: join(resolve(folder), file), viaEnvironment: true })),
    ...trusted.map((folder) => ({ path: join(folder, file), viaEnvironment: false })),
  ].filter((place) => existsSync(place.path));
}
