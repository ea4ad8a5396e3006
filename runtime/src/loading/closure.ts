// A library's file in, it and what it needs out, in the order in which the loader meets them. Loads nothing.
// Follows ld.so(8) and the System V gABI ("Shared Object Dependencies").

import { dirname } from 'node:path';
import { ownMachine } from './elf.ts';
import { type ElfReader, readElf } from './elf-reader.ts';
import { executable } from './executable.ts';
import { type OwnFolders, pathsOf } from './search.ts';

const MOST_FILES = 400;

interface Wanted {
  readonly name: string;
  /** The file that needs it. */
  readonly by: string;
  readonly folders: OwnFolders;
}

/** Who looks at the files of a closure. */
export interface Visitor {
  /** A file that loading would bring in. `stop` ends the walk. `name` is what it was asked for by. */
  visit(path: string, elf: ElfReader, name: string): 'stop' | undefined;
  /** Hears of what is not there; what the executable itself has brought in is then part of the walk. */
  lacks?(name: string, by: string): void;
}

/** Shows every file that loading `file` would bring in, breadth first. */
export function walkClosure(file: string, target: string, visitor: Visitor): void {
  const queue: Wanted[] = [{ name: file, by: '', folders: { rpath: [], runpath: [] } }];
  const seen = new Set<string>(visitor.lacks ? [] : neededByExecutable());
  for (let at = 0; at < queue.length && at < MOST_FILES; at++) {
    const wanted = queue[at]!;
    let isFound = false;
    let isOver = false;
    for (const path of pathsOf(wanted.name, target, wanted.folders)) {
      const isFit = readElf(path, (elf) => {
        // The loader goes on where a folder has a library of another machine.
        if (at > 0 && elf.machine !== ownMachine) return false;
        isOver = visitor.visit(path, elf, wanted.name) === 'stop';
        if (!isOver) queue.push(...neededBy(elf, path, wanted.folders, seen));
        return true;
      });
      isFound = isFit === true;
      // A file that is damaged ends the search of the loader as well.
      if (isFit !== false) break;
    }
    if (isOver) return;
    if (!isFound && at > 0) visitor.lacks?.(wanted.name, wanted.by);
  }
}

/** What a file needs and no one before it. Its RUNPATH is for itself, its RPATH for what these need, too. */
function neededBy(elf: ElfReader, path: string, inherited: OwnFolders, seen: Set<string>): Wanted[] {
  const names = elf.needed.filter((name) => !seen.has(name));
  if (names.length === 0) return [];
  const origin = (folder: string): string => folder.replaceAll(/\$\{?ORIGIN\}?/g, dirname(path));
  const runpath = elf.runpath.map(origin);
  const rpath = runpath.length > 0 ? [] : [...elf.rpath.map(origin), ...inherited.rpath];
  const folders = { rpath, runpath };
  return names.map((name) => {
    seen.add(name);
    return { name, by: path, folders };
  });
}

let own: readonly string[] | undefined;

/** What is in memory since the process began. */
function neededByExecutable(): readonly string[] {
  own ??= readElf(executable(), (elf) => elf.needed) ?? [];
  return own;
}
