// A library's file in one of the system's own folders and names in, what readElfImage (elf-image.ts) says of it out, by as few files as
// can be; or nothing, where it takes all of them. Follows ld.so(8).
//
// A package manager puts a library there together with what that needs. So what a file names has to be there, and is read only while
// names are looked for that every version of the library has: newer ones come with the file that has the older ones.

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { foldersOf, walkClosure } from '../closure.ts';
import { ownMachine } from '../elf.ts';
import { readElf } from '../elf-reader.ts';
import { findFile, isSystemFile, libraryPath, type OwnFolders, trustedFolders } from '../search.ts';
import { look } from './elf-symbols.ts';
import type { Image } from './image.ts';

/** `sure` are the names that every version has; `trusted` are folders in which the loader looks by itself. */
export function readShallowly(
  path: string,
  target: string,
  names: ReadonlySet<string>,
  sure: readonly string[],
  trusted: readonly string[] = trustedFolders(target),
): Image | undefined {
  const folder = dirname(path);
  if (libraryPath() || !trusted.includes(folder)) return undefined;
  const present = new Set<string>();
  const files: string[] = [];
  const needed = new Map<string, OwnFolders>();
  let missing = names;
  let isOver = false;
  let [soname, buildId]: (string | undefined)[] = [];
  walkClosure(path, target, {
    visit(file, elf) {
      if ((files.length > 0 && !isSystemFile(file) && !trusted.includes(dirname(file))) || !elf.isOwnLibrary)
        return 'stop';
      missing = look(elf, missing, present);
      if (files.length === 0) ({ soname, buildId } = elf);
      files.push(file);
      const folders = foldersOf(elf, file, NONE);
      for (const name of elf.needed) if (!needed.has(name)) needed.set(name, folders);
      isOver = present.size > 0 && sure.every((name) => present.has(name));
      return isOver ? 'stop' : undefined;
    },
    lacks() {},
  });
  if (!isOver) return undefined;
  for (const [name, folders] of needed) {
    // Where this library is, there are those of its machine.
    if (!existsSync(`${folder}/${name}`) && !isFound(name, target, folders)) return undefined;
  }
  const rest = { fileVersion: undefined, asked: names, hasVersions: true, present, lacks: undefined, files };
  return { path, soname, buildId, ...rest, isWhole: false };
}

const NONE: OwnFolders = { rpath: [], runpath: [] };

function isFound(name: string, target: string, folders: OwnFolders): boolean {
  const fits = (file: string) => readElf(file, ({ machine }) => machine === ownMachine) || undefined;
  return findFile(name, target, folders, fits) === true;
}
