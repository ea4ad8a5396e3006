// A file that is about to be loaded in, what has to be known of it before out: whether the loader would die of it or wait for ever,
// what it calls itself, and whether it may be bound deep. Loads nothing. Follows ld.so(8); ELF only.
//
// The loader maps a file that is shorter than its segments, and then dies of SIGBUS: such a file is never handed to it, nor one that
// needs such a file. What stands in the system's own folders is taken to be whole, since package managers put files there in one
// step; so that these are read only as far as binding asks for it.

import { isAbsolute } from 'node:path';
import { walkClosure } from './closure.ts';
import { copyClash } from './copied-data.ts';
import { inspectFile, ownMachine } from './elf.ts';
import type { ElfReader } from './elf-reader.ts';
import { isSystemFile, libraryPath, type Place, placesOf } from './search.ts';

/** What was seen. */
export interface Preflight {
  /** Why the loader must not get it, in the form of the loader's own words. */
  readonly refusal: string | undefined;
  /** Where the loader will find it, as far as that can be told. */
  readonly path: string | undefined;
  readonly soname: string | undefined;
  /** The data that it shares with the executable, for which it must not be bound deep. */
  readonly clash: string | undefined;
}

export function preflight(file: string, target: string, mayBindDeep: boolean): Preflight {
  let [path, soname, clash, refusal]: (string | undefined)[] = [];
  let needsAll = Boolean(libraryPath());
  let isSound = false;
  const visit = (each: string, elf: ElfReader): 'stop' | undefined => {
    if (path === undefined) {
      path = each;
      soname = elf.soname;
      isSound = elf.machine === ownMachine && !elf.isTruncated;
      needsAll ||= !isSystemFile(each);
    } else if (!isSystemFile(each) && elf.isTruncated) {
      refusal = refusalOf(each);
      return 'stop';
    }
    if (mayBindDeep) clash ??= copyClash(elf);
    return needsAll || (mayBindDeep && clash === undefined) ? undefined : 'stop';
  };
  walkClosure(file, target, { visit });
  if (!isSound) refusal = firstRefusal(placesOf(file, target));
  return { refusal, path, soname, clash };
}

/** Why the loader must not even be asked whether it has a file: it opens it, and waits for what a named pipe may give. */
export function refusalToWait(file: string, target: string): string | undefined {
  if (!isAbsolute(file) && !libraryPath()) return undefined;
  const path = placesOf(file, target)[0]?.path;
  const found = path === undefined ? undefined : inspectFile(path);
  return found?.kind === 'not-a-library' && found.waits
    ? `${path}: not handed to the loader: it ${found.why}`
    : undefined;
}

/** Of several places the loader takes the first that it does not skip, as it does unreadable files and those of other machines. */
function firstRefusal(places: readonly Place[]): string | undefined {
  for (const { path } of places) {
    const { kind } = inspectFile(path);
    if (kind !== 'wrong-machine' && kind !== 'unreadable') return refusalOf(path);
  }
  return undefined;
}

function refusalOf(path: string): string | undefined {
  const found = inspectFile(path);
  if (found.kind !== 'truncated' || !found.deadly) return undefined;
  return `${path}: not handed to the loader, file truncated: ${found.why}`;
}
