// A library's file in, it and what it needs out, in the order in which the loader meets them. Loads nothing.
// Follows ld.so(8) and the System V gABI ("Shared Object Dependencies").

import { dirname } from 'node:path';
import { ownMachine } from './elf.ts';
import { type ElfReader, openElf, readElf } from './elf-reader.ts';
import { executable } from './executable.ts';
import { findFile, type OwnFolders } from './search.ts';

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
  /** Hears of what is not there, or is damaged. What the executable itself has brought in is then part of the walk; and where the first
   *  file is damaged, the walk throws what `openElf` does. */
  lacks?(name: string, by: string): void;
}

/** Shows every file that loading `file` would bring in, breadth first. */
export function walkClosure(file: string, target: string, visitor: Visitor): void {
  const queue: Wanted[] = [{ name: file, by: '', folders: { rpath: [], runpath: [] } }];
  const seen = new Set<string>(visitor.lacks ? [] : neededByExecutable());
  for (let at = 0; at < queue.length && at < MOST_FILES; at++) {
    const { name, by, folders } = queue[at]!;
    const read = at === 0 && visitor.lacks ? openElf : readElf;
    let damaged: string | undefined;
    const outcome = findFile(name, target, folders, (path): 'read' | 'stop' | 'damaged' | undefined => {
      let isOver = false;
      const isFit = read(path, (elf) => {
        // The loader goes on where a folder has a library of another machine.
        if (at > 0 && elf.machine !== ownMachine) return false;
        isOver = visitor.visit(path, elf, name) === 'stop';
        if (!isOver) addNeeded(queue, elf, path, folders, seen);
        return true;
      });
      if (isFit === false) return undefined;
      if (isFit === undefined) damaged = path;
      return isOver ? 'stop' : isFit ? 'read' : 'damaged';
    });
    if (outcome === 'stop') return;
    if (outcome !== 'read' && at > 0) visitor.lacks?.(damaged ?? name, by);
  }
}

/** Queues what a file needs and no one before it. Its RUNPATH is for itself, its RPATH for what these need, too. */
function addNeeded(queue: Wanted[], elf: ElfReader, path: string, inherited: OwnFolders, seen: Set<string>): void {
  let folders: OwnFolders | undefined;
  for (const name of elf.needed) {
    if (seen.has(name)) continue;
    seen.add(name);
    folders ??= foldersOf(elf, path, inherited);
    queue.push({ name, by: path, folders });
  }
}

/** The folders that a file adds to the search for what it needs. */
export function foldersOf(elf: ElfReader, path: string, inherited: OwnFolders): OwnFolders {
  const { rpath, runpath } = elf;
  if (rpath.length === 0 && runpath.length === 0) return { rpath: inherited.rpath, runpath };
  const origin = (folder: string): string => folder.replaceAll(/\$\{?ORIGIN\}?/g, dirname(path));
  if (runpath.length > 0) return { rpath: [], runpath: runpath.map(origin) };
  return { rpath: [...rpath.map(origin), ...inherited.rpath], runpath };
}

let own: readonly string[] | undefined;

/** What is in memory since the process began. */
function neededByExecutable(): readonly string[] {
  own ??= readElf(executable(), (elf) => elf.needed) ?? [];
  return own;
}
