// A file of a format that is read header by header (Mach-O, PE), and names in; what loading it would find in it and in what it needs
// out. How names of files are resolved is the system's business (finder.ts).

import { DamagedError, type FileBytes, readFile } from './bytes.ts';
import type { Header, Image, Lack, Need } from './image.ts';

/** How a system goes on from one file to the next. */
export interface Walk {
  parse(file: FileBytes): Header;
  /** The files that there are of what a file needs, in the loader's order; `hidden` where the system has it without a file. */
  resolve(need: Need, from: string, folders: readonly string[]): readonly string[] | 'hidden';
  /** Whether a look-up by name goes on in what the library needs. */
  readonly looksFurther: boolean;
}

const MOST_FILES = 400;

interface Wanted {
  readonly need: Need;
  readonly by: string;
  readonly paths: readonly string[];
  /** Where to look, of those who need it. */
  readonly folders: readonly string[];
}

/** Throws a DamagedError where the library's own file is damaged. */
export function readWalkedImage(path: string, names: ReadonlySet<string>, walk: Walk): Image {
  const present = new Set<string>();
  const files: string[] = [];
  const queue: Wanted[] = [];
  const seen = new Set([path]);
  let lacks: Lack | undefined;

  function visit(file: string, folders: readonly string[], isOwn: boolean): Omit<Header, 'has' | 'needed' | 'rpaths'> {
    return readFile(file, (bytes) => {
      const header = walk.parse(bytes);
      files.push(file);
      if (isOwn || walk.looksFurther) {
        for (const name of names) if (!present.has(name) && header.has(name)) present.add(name);
      }
      const further = [...header.rpaths, ...folders];
      for (const need of header.needed) {
        const paths = walk.resolve(need, file, further);
        if (paths !== 'hidden') queue.push({ need, by: file, paths, folders: further });
      }
      const { soname, fileVersion, buildId } = header;
      return { soname, fileVersion, buildId };
    });
  }

  const own = visit(path, [], true);
  for (let at = 0; at < queue.length && at < MOST_FILES; at++) {
    const { need, by, paths, folders } = queue[at]!;
    if (paths.some((file) => seen.has(file))) continue;
    const found = paths.find((file) => {
      try {
        visit(file, folders, false);
        return true;
      } catch (error) {
        if (error instanceof DamagedError || (error as NodeJS.ErrnoException).syscall !== undefined) return false;
        throw error;
      }
    });
    if (found !== undefined) seen.add(found);
    else if (!need.isWeak) lacks ??= { name: need.name, by };
  }
  return { path, ...own, asked: names, hasVersions: false, present, lacks, files, isWhole: true };
}
