// A bare file name in, the files that the system's loader would take for it out. Only used to look at a file before or after the
// loader does: the loader itself does the loading by name. It skips unfit files without a word, and dies of a truncated one.
// Follows ld.so(8): LD_LIBRARY_PATH, then the cache, then the trusted folders; RPATH before all of them, RUNPATH behind the first.

import { existsSync, readFileSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
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
  const paths = new Map<string, Place>();
  for (const place of candidates(file, target)) {
    if (!paths.has(place.path) && existsSync(place.path)) paths.set(place.path, place);
  }
  return [...paths.values()];
}

/** The files that there are of a name, in the loader's order. */
export function* pathsOf(file: string, target: string, own?: OwnFolders): Generator<string> {
  for (const { path, isKnown } of candidates(file, target, own)) {
    if (isKnown || existsSync(path)) yield path;
  }
}

/** The first of them. */
export function firstPlace(file: string, target: string): string | undefined {
  for (const path of pathsOf(file, target)) return path;
  return undefined;
}

/** `isKnown`: the loader's cache says that it is there. */
function* candidates(file: string, target: string, own?: OwnFolders): Generator<Place & { isKnown?: true }> {
  if (isAbsolute(file)) {
    yield { path: file, viaEnvironment: false };
    return;
  }
  for (const folder of own?.rpath ?? []) yield { path: join(folder, file), viaEnvironment: false };
  const given = libraryPath();
  if (given) {
    // An empty entry among others means the current folder to the loader: the user's choice, not ours.
    for (const folder of given.split(/[:;]/)) yield { path: join(resolve(folder), file), viaEnvironment: true };
  }
  for (const folder of own?.runpath ?? []) yield { path: join(folder, file), viaEnvironment: false };
  for (const path of cachedFiles(file)) yield { path, viaEnvironment: false, isKnown: true };
  const triplet = target.replace(/^(\w+)-\w+-linux/, '$1-linux');
  for (const folder of [`/lib/${triplet}`, `/usr/lib/${triplet}`, '/lib64', '/usr/lib64', '/lib', '/usr/lib']) {
    yield { path: `${folder}/${file}`, viaEnvironment: false };
  }
}

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
