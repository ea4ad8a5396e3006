// An ELF file and names in, what the dynamic loader would find in it and in what it needs out, without loading any of it.
// Follows ld.so(8), dlsym(3), dlvsym(3), and the LSB ("Symbol Versioning": a version that is needed has to be defined).

import { isAbsolute } from 'node:path';
import { walkClosure } from '../closure.ts';
import { type ElfReader, openElf } from '../elf-reader.ts';
import { definedHashes, ElfSymbols, type NeededVersion, neededVersions } from './elf-symbols.ts';
import type { Image, Lack } from './image.ts';

/** Names may be `symbol@VERSION`: that version of it. `path` has been seen to be a library for this machine. Throws a DamagedError or a
 *  RangeError where the file is damaged. */
export function readElfImage(path: string, target: string, names: ReadonlySet<string>): Image {
  // The walk passes over what it cannot read, which is right for everything but the library itself.
  const own = openElf(path, (elf) => {
    return { soname: elf.soname, buildId: elf.buildId, ...look(elf, names) };
  });
  const present = new Set(own.found);
  let missing = own.missing;
  const files: string[] = [];
  const lacks: Lack[] = [];
  const versions = new Versions();
  walkClosure(path, target, {
    visit(file, elf, name) {
      files.push(file);
      versions.note(file, name, elf);
      if (files.length > 1 && missing.size > 0) {
        const seen = look(elf, missing);
        for (const each of seen.found) present.add(each);
        missing = seen.missing;
      }
      return undefined;
    },
    lacks: (name, by) => lacks.push({ name, by }),
  });
  return {
    path,
    soname: own.soname,
    buildId: own.buildId,
    fileVersion: undefined,
    asked: names,
    hasVersions: true,
    present,
    lacks: lacks[0] ?? versions.firstLack(),
    files,
  };
}

function look(elf: ElfReader, names: ReadonlySet<string>): { found: string[]; missing: Set<string> } {
  const symbols = new ElfSymbols(elf, names.size);
  const found: string[] = [];
  const missing = new Set<string>();
  for (const name of names) {
    const at = name.indexOf('@');
    const isThere = at < 0 ? symbols.has(name) : symbols.hasVersion(name.slice(0, at), name.slice(at + 1));
    if (isThere) found.push(name);
    else missing.add(name);
  }
  return { found, missing };
}

/** Which versions the files of a closure define, and which they need of each other. */
class Versions {
  readonly #defined = new Map<string, { readonly path: string; readonly hashes: ReadonlySet<number> | undefined }>();
  readonly #needed: { readonly by: string; readonly versions: readonly NeededVersion[] }[] = [];

  note(path: string, name: string, elf: ElfReader): void {
    const known = { path, hashes: definedHashes(elf) };
    this.#defined.set(isAbsolute(name) ? (elf.soname ?? name) : name, known);
    this.#needed.push({ by: path, versions: neededVersions(elf) });
  }

  /** The first version that is needed and not defined. A file without any versions is taken for any of them, as the loader does. */
  firstLack(): Lack | undefined {
    for (const { by, versions } of this.#needed) {
      for (const { file, hash, name, isWeak } of versions) {
        const hashes = this.#defined.get(file)?.hashes;
        if (isWeak || hashes === undefined || hashes.has(hash)) continue;
        return { name: `${file} version ${openElf(by, (elf) => elf.textAt(name))}`, by };
      }
    }
    return undefined;
  }
}
