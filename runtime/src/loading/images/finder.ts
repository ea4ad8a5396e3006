// A file name in, the files that a system's loader would take for it out, and what each of them is. One for each system; all of them
// only look. Follows what search.ts (ld.so), platforms/darwin.ts (dyld) and platforms/windows.ts follow, and dyld(1) for @rpath.

import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { type FileKind, inspectFile } from '../elf.ts';
import { candidatesIn } from '../platforms/darwin.ts';
import { firstPlace, placesOf } from '../search.ts';
import { DamagedError, type FileBytes, readFile } from './bytes.ts';
import { readElfImage } from './elf-image.ts';
import type { Header, Image } from './image.ts';
import { readMachO } from './mach-o.ts';
import { readPe } from './pe.ts';
import { readWalkedImage, type Walk } from './walked-image.ts';

/** How one system finds and reads the files of libraries. */
export interface Finder {
  /** The files that there are of a bare name or a path, in the loader's order. */
  places(file: string): readonly string[];
  /** The first of them. */
  first(file: string): string | undefined;
  /** What a file is to this system's loader. Never throws. */
  kindOf(path: string): FileKind;
  /** What is in a file, of these names. Throws a DamagedError or a RangeError where it is no library for this process, or damaged; or what
   *  the file system does. `kindOf` then says what it is. `sure`: names that every version of the library has, where no more files
   *  are to be read than it takes. */
  read(path: string, names: ReadonlySet<string>, sure?: readonly string[]): Image;
  /** Why a name of which there is no file may be loadable all the same. */
  hidden?(file: string): string | undefined;
}

/** The process that would load: this one, or one that a test speaks of. */
export interface Host {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly env: NodeJS.ProcessEnv;
  readonly execPath: string;
}

/** That of this system. */
export function finderOf(target: string, host: Host = process): Finder {
  if (host.platform === 'darwin') return darwinFinder(host);
  return host.platform === 'win32' ? windowsFinder(host) : elfFinder(target);
}

function elfFinder(target: string): Finder {
  return {
    places: (file) => placesOf(file, target).map(({ path }) => path),
    first: (file) => firstPlace(file, target),
    kindOf: inspectFile,
    read: (path, names, sure) => readElfImage(path, target, names, sure),
  };
}

const SYSTEM = /^\/(usr\/lib|System)\//;

function darwinFinder({ arch, env, execPath }: Host): Finder {
  const candidates = (file: string): readonly string[] =>
    isAbsolute(file) ? [file] : candidatesIn(file, env, existsSync);
  const expand = (folder: string, from: string): string =>
    folder.replace(/^@loader_path/, dirname(from)).replace(/^@executable_path/, dirname(execPath));
  const walk: Walk = {
    looksFurther: true,
    parse: (file) => readMachO(file, arch),
    resolve({ name }, from, folders) {
      const inFolders = folders.map((folder) => join(expand(folder, from), name.slice('@rpath/'.length)));
      const files = name.startsWith('@rpath/') ? inFolders : candidates(expand(name, from));
      const found = files.filter((file) => existsSync(file));
      // The system's own libraries are in a cache of dyld's.
      return found.length === 0 && files.some((file) => SYSTEM.test(file)) ? 'hidden' : found;
    },
  };
  return {
    places: (file) => candidates(file).filter((path) => existsSync(path)),
    first: (file) => candidates(file).find((path) => existsSync(path)),
    hidden(file) {
      const own = candidates(file).find((path) => SYSTEM.test(path));
      return (
        own && `${own} has no file, and may be one of the libraries that macOS keeps in a cache: only loading tells`
      );
    },
    ...walkedBy(walk),
  };
}

/** Names that stand for whatever DLL has their functions on this version of Windows. */
const API_SET = /^(api|ext)-ms-/i;

function windowsFinder({ arch, env, execPath }: Host): Finder {
  const folders = [dirname(execPath), join(env.SystemRoot ?? 'C:\\Windows', 'System32')];
  const places = (file: string, more: readonly string[]): string[] =>
    (isAbsolute(file) ? [file] : [...more, ...folders].map((folder) => join(folder, file))).filter((path) =>
      existsSync(path),
    );
  const walk: Walk = {
    looksFurther: false,
    parse: (file) => readPe(file, arch),
    // A program's own name is there: a native module imports from it.
    resolve: ({ name }, from) =>
      API_SET.test(name) || name.toLowerCase() === basename(execPath).toLowerCase()
        ? 'hidden'
        : places(name, [dirname(from)]),
  };
  return { places: (file) => places(file, []), first: (file) => places(file, [])[0], ...walkedBy(walk) };
}

function walkedBy(walk: Walk): Pick<Finder, 'kindOf' | 'read'> {
  return {
    kindOf: (path) => kindBy(path, (file) => walk.parse(file)),
    read: (path, names) => readWalkedImage(path, names, walk),
  };
}

function kindBy(path: string, parse: (file: FileBytes) => Header): FileKind {
  try {
    readFile(path, parse);
    return { kind: 'library' };
  } catch (error) {
    if (error instanceof DamagedError) {
      const { kind, message: why } = error;
      return kind === 'truncated' ? { kind, why, deadly: false } : { kind, why };
    }
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    return code === 'EACCES' || code === 'EPERM'
      ? { kind: 'unreadable', why: code }
      : { kind: 'not-a-library', why: `cannot be opened (${code})` };
  }
}
