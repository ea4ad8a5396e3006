// A file name in, the files that a system's loader would take for it out, and what each of them is. One for each system; all of them
// only look. Follows what search.ts (ld.so), platforms/darwin.ts (dyld) and platforms/windows.ts follow.

import { type FileKind, inspectFile } from '../elf.ts';
import { placesOf } from '../search.ts';
import { readElfImage } from './elf-image.ts';
import type { Image } from './image.ts';

/** How one system finds and reads the files of libraries. */
export interface Finder {
  /** The files that there are of a bare name or a path, in the loader's order. */
  places(file: string): readonly string[];
  /** What a file is to this system's loader. Never throws. */
  kindOf(path: string): FileKind;
  /** What is in a file that is a library, of these names. Throws a DamagedError or a RangeError where the file is damaged. */
  read(path: string, names: ReadonlySet<string>): Image;
  /** Why a name of which there is no file may be loadable all the same. */
  readonly hidden?: (file: string) => string | undefined;
}

/** That of this system. */
export function finderOf(target: string): Finder {
  return elfFinder(target);
}

function elfFinder(target: string): Finder {
  return {
    places: (file) => placesOf(file, target).map(({ path }) => path),
    kindOf: inspectFile,
    read: (path, names) => readElfImage(path, target, names),
  };
}
