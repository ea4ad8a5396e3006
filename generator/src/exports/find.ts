// In: the file names of a library, or one file, and symbols that its headers declare. Out: which of them neither the library nor what it
// needs exports, and what the file says of itself. The loader would look them up in the same order (ld.so(8): breadth first), but
// nothing is loaded here.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compareSymbolVersions, isReserved, type LibraryExports, type SymbolVersion } from '../model/api.ts';
import { type ElfExports, type ElfVersion, elfMachine, readElfExports } from './elf.ts';

/** Where a target's shared libraries are, below a root, and the machine that their ELF header names. */
export interface Libraries {
  readonly machine: number;
  readonly libraryDirs: readonly string[];
}

export interface FoundExports {
  readonly path: string;
  /** Of the symbols that were asked for. */
  readonly missing: readonly string[];
  readonly exports: LibraryExports;
  /** What the library needs and what is not there: it may export what is missing. */
  readonly notFound: readonly string[];
}

/** Undefined where the library is not below any of the roots. */
export function findExports(
  fileNames: readonly string[],
  symbols: readonly string[],
  roots: readonly string[],
  libraries: Libraries,
): FoundExports | undefined {
  const first = fileNames.map((name) => locate(name, [], roots, libraries)).find((path) => path !== undefined);
  return first === undefined ? undefined : exportsOf(first, symbols, roots, libraries);
}

/** The same of a file that is given by its path. What it needs is looked for beside it, and below the root that its folder is of. */
export function exportsOfFile(
  path: string,
  symbols: readonly string[],
  libraries: Libraries,
): FoundExports | undefined {
  const folder = dirname(path);
  const dir = libraries.libraryDirs.find((one) => folder.endsWith(`/${one}`.replaceAll(/\/+/g, '/')));
  const root = dir === undefined ? folder : folder.slice(0, folder.length - dir.length) || '/';
  const libraryDirs = dir === undefined ? ['.'] : libraries.libraryDirs;
  return exportsOf(path, symbols, [root], { ...libraries, libraryDirs });
}

function exportsOf(
  first: string,
  symbols: readonly string[],
  roots: readonly string[],
  libraries: Libraries,
): FoundExports | undefined {
  const library = readElfExports(first);
  if (!library) return undefined;
  const missing = new Set(symbols);
  const symbolVersions: SymbolVersion[] = [];
  const notFound = new Set<string>();
  const seen = new Set([first]);
  const queue: { path: string; elf: ElfExports }[] = [{ path: first, elf: library }];
  for (let next = queue.shift(); next !== undefined && missing.size > 0; next = queue.shift()) {
    for (const symbol of missing) {
      const versions = next.elf.symbols.get(symbol);
      if (!versions) continue;
      missing.delete(symbol);
      symbolVersions.push(...versions.map((one) => ({ symbol, ...one })));
    }
    for (const [name, path] of dependenciesOf(next.elf, next.path, roots, libraries)) {
      if (path === undefined && !OF_THE_SYSTEM.test(name)) notFound.add(name);
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      const elf = readElfExports(path);
      if (elf) queue.push({ path, elf });
    }
  }
  const asked = new Set(symbols);
  const undeclared = [...library.symbols]
    .filter(([name, versions]) => !asked.has(name) && isOfC(name) && !isPrivate(versions))
    .map(([name]) => name)
    .sort();
  return {
    path: first,
    missing: symbols.filter((name) => missing.has(name)),
    exports: {
      sonames: library.soname === undefined ? [] : [library.soname],
      undeclared,
      symbolVersions: symbolVersions.sort(compareSymbolVersions),
    },
    notFound: [...notFound],
  };
}

/** The compiler's and the C library's: no other library's functions are in them. */
const OF_THE_SYSTEM = /^(?:ld-linux|ld64|libc\.|libm\.|libdl\.|librt\.|libpthread\.|libgcc_s\.|libstdc\+\+\.)/;

/** A name that headers can declare: no C++ one, none that C or the linker keeps for itself. */
function isOfC(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !isReserved(name) && !/^_(?:init|fini|edata|etext|end)$/.test(name);
}

/** By convention (GLIBC_PRIVATE, LIBVIRT_PRIVATE_9.0.0) the version of what only the library's own parts may use. */
function isPrivate(versions: readonly ElfVersion[]): boolean {
  return versions.length > 0 && versions.every(({ version }) => /PRIVATE/i.test(version));
}

function dependenciesOf(
  elf: ElfExports,
  path: string,
  roots: readonly string[],
  libraries: Libraries,
): readonly (readonly [name: string, path: string | undefined])[] {
  const extra = elf.runpath.map((dir) => dir.replaceAll(/\$\{?ORIGIN\}?/g, dirname(path)));
  return elf.needed.map((name) => [name, locate(name, extra, roots, libraries)]);
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
