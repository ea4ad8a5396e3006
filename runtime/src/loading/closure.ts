// A library's file in, it and what it needs out, in the order in which the loader meets them. Loads nothing.
// Follows ld.so(8) and the System V gABI ("Shared Object Dependencies").

import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type ElfReader, readElf } from './elf-reader.ts';
import { executable } from './executable.ts';
import { firstPlace } from './search.ts';

const MOST_FILES = 400;

/** Shows `visit` every file that loading `file` would bring in, but for what the executable itself has brought in, until `visit`
 *  answers `stop`. */
export function walkClosure(
  file: string,
  target: string,
  visit: (path: string, elf: ElfReader) => 'stop' | undefined,
): void {
  const first = firstPlace(file, target);
  if (first === undefined) return;
  const queue = [first];
  let seen: Set<string> | undefined;
  for (let at = 0; at < MOST_FILES; at++) {
    const path = queue[at];
    if (path === undefined) return;
    const isOver = readElf(path, (elf) => {
      if (visit(path, elf) === 'stop') return true;
      seen ??= new Set(neededByExecutable());
      for (const name of elf.needed) {
        if (seen.has(name)) continue;
        seen.add(name);
        const next = resolveNeeded(name, elf, path, target);
        if (next !== undefined) queue.push(next);
      }
      return false;
    });
    if (isOver) return;
  }
}

let own: readonly string[] | undefined;

/** What is in memory since the process began. */
function neededByExecutable(): readonly string[] {
  own ??= readElf(executable(), (elf) => elf.needed) ?? [];
  return own;
}

function resolveNeeded(name: string, elf: ElfReader, from: string, target: string): string | undefined {
  if (isAbsolute(name)) return name;
  const folders = (paths: readonly string[]) => paths.map((path) => path.replaceAll(/\$\{?ORIGIN\}?/g, dirname(from)));
  const { runpath } = elf;
  // LD_LIBRARY_PATH comes before RUNPATH, and after RPATH, which does not count beside RUNPATH.
  for (const folder of runpath.length > 0 ? [] : folders(elf.rpath)) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
  }
  return firstPlace(name, target, folders(runpath));
}
