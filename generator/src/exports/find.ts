// In: the file names of a library and symbols that its headers declare. Out: which of them neither the library nor what it
// needs exports. The loader would look them up in the same order (ld.so(8): breadth first), but nothing is loaded here.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ElfExports, elfMachine, readElfExports } from './elf.ts';

/** Where a target's shared libraries are, below a root, and the machine that their ELF header names. */
export interface Libraries {
  readonly machine: number;
  readonly libraryDirs: readonly string[];
}

/** The symbols that no file of the library exports; undefined where the library is not below any of the roots. */
export function missingSymbols(
  fileNames: readonly string[],
  symbols: readonly string[],
  roots: readonly string[],
  libraries: Libraries,
): readonly string[] | undefined {
  const first = fileNames.map((name) => locate(name, [], roots, libraries)).find((path) => path !== undefined);
  if (first === undefined) return undefined;
  const missing = new Set(symbols);
  const seen = new Set<string>();
  const queue = [first];
  let readable = false;
  for (let path = queue.shift(); path !== undefined && missing.size > 0; path = queue.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const elf = readElfExports(path);
    if (!elf) continue;
    readable = true;
    for (const name of missing) if (elf.symbols.has(name)) missing.delete(name);
    queue.push(...dependenciesOf(elf, path, roots, libraries));
  }
  return readable ? symbols.filter((name) => missing.has(name)) : undefined;
}

function dependenciesOf(elf: ElfExports, path: string, roots: readonly string[], libraries: Libraries): string[] {
  const extra = elf.runpath.map((dir) => dir.replaceAll(/\$\{?ORIGIN\}?/g, dirname(path)));
  return elf.needed.map((name) => locate(name, extra, roots, libraries)).filter((found) => found !== undefined);
}

/** The first file of this name for this machine; those of others are passed over, as the loader does. */
function locate(
  name: string,
  extraDirs: readonly string[],
  roots: readonly string[],
  { machine, libraryDirs }: Libraries,
): string | undefined {
  const isOurs = (path: string): boolean => existsSync(path) && (elfMachine(path) ?? machine) === machine;
  if (name.startsWith('/')) return isOurs(name) ? name : undefined;
  for (const root of roots) {
    for (const dir of [
      ...extraDirs.map((d) => (d.startsWith(root) ? d : join(root, d))),
      ...libraryDirs.map((d) => join(root, d)),
    ]) {
      const path = join(dir, name);
      if (isOurs(path)) return path;
    }
  }
  return undefined;
}
