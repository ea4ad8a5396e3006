// An ELF file and names in, what the dynamic loader would find in it and in what it needs out, without loading any of it.
// Follows ld.so(8), dlsym(3), dlvsym(3), and the LSB ("Symbol Versioning": a version that is needed has to be defined).

import { isAbsolute } from 'node:path';
import { walkClosure } from '../closure.ts';
import { type ElfReader, openElf } from '../elf-reader.ts';
import { readShallowly } from './elf-shallow.ts';
import { definedHashes, eachNeededVersion, look } from './elf-symbols.ts';
import type { Image, Lack } from './image.ts';

/** Names may be `symbol@VERSION`: that version of it. Throws a DamagedError or a RangeError where the file is damaged, or not a library for
 *  this process. With `sure`, the names that every version of the library has, no more files are read than it takes (elf-shallow.ts). */
export function readElfImage(
  path: string,
  target: string,
  names: ReadonlySet<string>,
  sure?: readonly string[],
): Image {
  return (sure && readShallowly(path, target, names, sure)) ?? readWhole(path, target, names);
}

function readWhole(path: string, target: string, names: ReadonlySet<string>): Image {
  const present = new Set<string>();
  const files: string[] = [];
  const lacks: Lack[] = [];
  const versions = new Versions();
  let missing = names;
  let soname: string | undefined;
  let buildId: string | undefined;
  walkClosure(path, target, {
    visit(file, elf, name) {
      if (files.length === 0) {
        if (!elf.isOwnLibrary) throw new RangeError('not a library for this process');
        ({ soname, buildId } = elf);
      }
      files.push(file);
      versions.note(file, name, elf);
      if (missing.size > 0) missing = look(elf, missing, present);
      return undefined;
    },
    lacks: (name, by) => lacks.push({ name, by }),
  });
  const lack = lacks[0] ?? versions.firstLack();
  return {
    path,
    soname,
    buildId,
    fileVersion: undefined,
    asked: names,
    hasVersions: true,
    present,
    lacks: lack,
    files,
    isWhole: true,
  };
}

/** A version that is needed: who needs it, and where its name stands in the strings of that one. */
interface NeededVersion {
  readonly by: string;
  readonly name: number;
}

/** Which versions the files of a closure define, and which they need of each other. */
class Versions {
  readonly #defined = new Map<string, ReadonlySet<number> | undefined>();
  /** By the SONAME of the library, then by hash: most files need the same ones. */
  readonly #needed = new Map<string, Map<number, NeededVersion>>();

  note(path: string, name: string, elf: ElfReader): void {
    this.#defined.set(isAbsolute(name) ? (elf.soname ?? name) : name, definedHashes(elf));
    let last = -1;
    let known: Map<number, NeededVersion> | undefined;
    eachNeededVersion(elf, (file, hash, version, isWeak) => {
      if (isWeak) return;
      if (file !== last) {
        last = file;
        const soname = elf.textAt(file);
        known = this.#needed.get(soname) ?? new Map<number, NeededVersion>();
        this.#needed.set(soname, known);
      }
      if (!known!.has(hash)) known!.set(hash, { by: path, name: version });
    });
  }

  /** The first version that is needed and not defined. A file without any versions is taken for any of them, as the loader does. */
  firstLack(): Lack | undefined {
    for (const [file, versions] of this.#needed) {
      const hashes = this.#defined.get(file);
      if (hashes === undefined) continue;
      for (const [hash, { by, name }] of versions) {
        if (hashes.has(hash)) continue;
        return { name: `${file} version ${openElf(by, (elf) => elf.textAt(name))}`, by };
      }
    }
    return undefined;
  }
}
