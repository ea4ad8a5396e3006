// A library's file in, it and what it needs out, in the order in which the loader meets them. Loads nothing.
// Follows ld.so(8) and the System V gABI ("Shared Object Dependencies").

import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type ElfReader, readElf } from './elf-reader.ts';
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
  own ??= readElf('/proc/self/exe', (elf) => elf.needed) ?? [];
  return own;
}

function resolveNeeded(name: string, elf: ElfReader, from: string, target: string): string | undefined {
  if (isAbsolute(name)) return name;
  for (const folder of elf.runpath) {
    const path = join(folder.replaceAll(/\$\{?ORIGIN\}?/g, dirname(from)), name);
    if (existsSync(path)) return path;
  }
  return firstPlace(name, target);
}
