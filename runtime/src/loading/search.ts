// A bare file name in, the files that the system's loader would take for it out. Only used to look at a file before or after the
// loader does: the loader itself does the loading by name. It skips unfit files without a word, and dies of a truncated one.
// Follows ld.so(8): LD_LIBRARY_PATH, then the cache, then the trusted folders; RPATH before all of them, RUNPATH behind the first.

import { existsSync, readFileSync } from 'node:fs';
import { basename, isAbsolute, resolve } from 'node:path';
import { cachedFiles } from './library-cache.ts';

/** Where a name was found, and whether LD_LIBRARY_PATH led there. */
export interface Place {
  readonly path: string;
  readonly viaEnvironment: boolean;
}

/** The folders that whoever asks for a library adds to the search. */
export interface OwnFolders {
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
}

/** Every place that has a file of this name, in the loader's order. */
export function placesOf(file: string, target: string): Place[] {
  const places = new Map<string, Place>();
  findFile(file, target, undefined, (path, viaEnvironment) => {
    if (!places.has(path)) places.set(path, { path, viaEnvironment });
    return undefined;
  });
  return [...places.values()];
}

/** The first of them. */
export function firstPlace(file: string, target: string): string | undefined {
  return findFile(file, target, undefined, (path) => path);
}

/** Shows the files that there are of a name, in the loader's order, until one of them gives something. */
export function findFile<T>(
  file: string,
  target: string,
  own: OwnFolders | undefined,
  look: (path: string, viaEnvironment: boolean) => T | undefined,
): T | undefined {
  const inFolder = (folder: string, viaEnvironment = false): T | undefined => {
    const path = `${folder}/${file}`;
    return existsSync(path) ? look(path, viaEnvironment) : undefined;
  };
  if (isAbsolute(file)) return existsSync(file) ? look(file, false) : undefined;
  if (own) {
    for (const folder of own.rpath) {
      const found = inFolder(folder);
      if (found !== undefined) return found;
    }
  }
  const given = libraryPath();
  if (given) {
    // An empty entry among others means the current folder to the loader: the user's choice, not ours.
    for (const folder of given.split(/[:;]/)) {
      const found = inFolder(resolve(folder), true);
      if (found !== undefined) return found;
    }
  }
  if (own) {
    for (const folder of own.runpath) {
      const found = inFolder(folder);
      if (found !== undefined) return found;
    }
  }
  for (const path of cachedFiles(file)) {
    const found = look(path, false);
    if (found !== undefined) return found;
  }
  for (const folder of trustedFolders(target)) {
    const found = inFolder(folder);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where the loader looks in the end, or what stands in for that. */
export function trustedFolders(target: string): readonly string[] {
  const triplet = target.replace(/^(\w+)-\w+-linux/, '$1-linux');
  return [`/lib/${triplet}`, `/usr/lib/${triplet}`, '/lib64', '/usr/lib64', '/lib', '/usr/lib'];
}

/** Whether a file stands where package managers put what belongs together. */
export function isSystemFile(path: string): boolean {
  return SYSTEM.test(path);
}

const SYSTEM = /^(\/usr)?\/lib(64|32)?\//;

let option: { readonly path: string | undefined } | undefined;

/** LD_LIBRARY_PATH, or what stands for it where the process was started by the loader itself: `ld.so --library-path PATH node`. */
export function libraryPath(): string | undefined {
  option ??= { path: basename(process.execPath).startsWith('ld-') ? readOption() : undefined };
  return option.path ?? process.env.LD_LIBRARY_PATH;
}

function readOption(): string | undefined {
  try {
    const words = readFileSync('/proc/self/cmdline', 'latin1').split('\0');
    const at = words.indexOf('--library-path');
    return at < 0 ? undefined : words[at + 1];
  } catch {
    return undefined;
  }
}
