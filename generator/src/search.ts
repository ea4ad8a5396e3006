// In: the user's folders, the roots of systems, whether the C library is dlshim's own. Out: where headers are looked for, in order.
// The order is GCC's (-I, then the compiler's own, then the system's). A C library of ours stands before every other one, and the
// two never mix: its headers are the ones found for its names, and the private headers of another are not there at all.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { machineFolders, systemFolders } from './sysroot.ts';
import type { Target } from './target.ts';
import type { SourceFile } from './token.ts';

/** What `--sysroot` takes for the C library that comes with dlshim. */
export const BUILTIN = 'builtin';

export interface Search {
  /** Searched first. */
  readonly includeDirs: readonly string[];
  /** The compiler's own headers and those of the C library that came with dlshim, if that is asked for. */
  readonly shippedDirs: readonly string[];
  /** Where the names of the compiler's and the C library's headers are known from, searched or not. */
  readonly libcDirs: readonly string[];
  /** Searched last. */
  readonly systemDirs: readonly string[];
  /** The roots themselves: libraries are looked up there too. */
  readonly roots: readonly string[];
  /** Whether a file is to be passed over because it is another C library's. */
  readonly isHidden: (path: string) => boolean;
}

/** `sysroots`: folders, or BUILTIN; undefined for this machine's own. */
export function searchPath(
  includeDirs: readonly string[],
  sysroots: readonly string[] | undefined,
  target: Target,
  shipped: { readonly include: string; readonly libc: string },
): Search {
  const folders = sysroots?.filter((root) => root !== BUILTIN) ?? [];
  const roots = folders.length > 0 ? folders : ['/'];
  const libcDirs = [shipped.include, shipped.libc];
  if (!sysroots?.includes(BUILTIN)) {
    const systemDirs = systemFolders(target, sysroots);
    return { includeDirs, shippedDirs: [shipped.include], libcDirs, systemDirs, roots, isHidden: () => false };
  }
  // With a C library of ours, this machine's folders hold nothing but other libraries' headers, which are every machine's.
  const systemDirs = folders.length > 0 ? systemFolders(target, folders) : machineFolders(target);
  // As GCC does with a folder of the system's that -I names: it keeps its place behind the C library.
  const [systems, own] = partition(includeDirs, hasLibc);
  const others = [...new Set([...systems, ...systemDirs])];
  return {
    includeDirs: own,
    shippedDirs: libcDirs,
    libcDirs,
    systemDirs: others,
    roots,
    isHidden: (path) => others.some((dir) => isPrivate(path, dir)),
  };
}

/** Headers of the C library that were named beside others: they are what those need before them (`stdint.h`, then `iscsi/iscsi.h`). */
export function prerequisites(files: readonly SourceFile[], search: Search): ReadonlySet<SourceFile> {
  const entries = files.filter(({ included }) => included === 'entry');
  const ofLibc = entries.filter((file) => isLibc(file, search));
  return new Set(ofLibc.length < entries.length ? ofLibc : []);
}

/** Whether a header stands where the system's do, and has a name that the compiler or a C library has. */
function isLibc({ path, searchDir }: SourceFile, search: Search): boolean {
  if (searchDir === undefined || search.includeDirs.includes(searchDir)) return false;
  const name = path.slice(searchDir.length);
  return search.libcDirs.some((dir) => existsSync(join(dir, name)));
}

/** Whether a C library's headers stand in a folder: those of every target, or those of one. */
function hasLibc(folder: string): boolean {
  return ['stdio.h', 'sys/types.h', 'bits/types.h'].some((name) => existsSync(join(folder, name)));
}

/** glibc keeps what only its own headers may include in these folders. Whatever includes one is a header of glibc's. */
function isPrivate(path: string, dir: string): boolean {
  return /^\/?(bits|gnu)\//.test(path.startsWith(dir) ? path.slice(dir.length) : '');
}

function partition<T>(list: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [list.filter(test), list.filter((item) => !test(item))];
}
