// In: the file names of a library and symbols that its headers declare. Out: which of them neither the library nor what it
// needs exports. The loader would look them up in the same order (ld.so(8): breadth first), but nothing is loaded here.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ElfExports, readElfExports } from './elf.ts';

/** Where shared libraries stand below a root, Debian's multiarch folders first. */
const LIBRARY_DIRS = [
  'usr/lib/x86_64-linux-gnu',
  'lib/x86_64-linux-gnu',
  'usr/local/lib',
  'usr/lib64',
  'lib64',
  'usr/lib',
  'lib',
];

/** The symbols that no file of the library exports; undefined where the library is not below any of the roots. */
export function missingSymbols(
  fileNames: readonly string[],
  symbols: readonly string[],
  roots: readonly string[],
): readonly string[] | undefined {
  const first = fileNames.map((name) => locate(name, [], roots)).find((path) => path !== undefined);
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
    queue.push(...dependenciesOf(elf, path, roots));
  }
  return readable ? symbols.filter((name) => missing.has(name)) : undefined;
}

function dependenciesOf(elf: ElfExports, path: string, roots: readonly string[]): string[] {
  const extra = elf.runpath.map((dir) => dir.replaceAll(/\$\{?ORIGIN\}?/g, dirname(path)));
  return elf.needed.map((name) => locate(name, extra, roots)).filter((found) => found !== undefined);
}

function locate(name: string, extraDirs: readonly string[], roots: readonly string[]): string | undefined {
  if (name.startsWith('/')) return existsSync(name) ? name : undefined;
  for (const root of roots) {
    for (const dir of [
      ...extraDirs.map((d) => (d.startsWith(root) ? d : join(root, d))),
      ...LIBRARY_DIRS.map((d) => join(root, d)),
    ]) {
      const path = join(dir, name);
      if (existsSync(path)) return path;
    }
  }
  return undefined;
}
