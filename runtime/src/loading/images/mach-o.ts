// A Mach-O file in (thin, or one of several in a universal file), what dyld would see in it out: its install name and versions, what it
// needs, its UUID, and which names it exports. 64-bit files, which are all that macOS 11 and later has.
// Follows Apple's <mach-o/loader.h>, <mach-o/fat.h>, <mach-o/nlist.h> and the export trie as dyld(1) and ld(1) document it.

import { DamagedError, type FileBytes } from './bytes.ts';
import type { Header, Need } from './image.ts';

const MAGIC = { WIDE: 0xfeedfacf, NARROW: 0xfeedface, FAT: 0xcafebabe, FAT_64: 0xcafebabf } as const;
/** cputype by process.arch. */
const CPUS: Readonly<Record<string, number>> = { x64: 0x0100_0007, arm64: 0x0100_000c };
const CPU_NAMES: Readonly<Record<number, string>> = {
  7: 'i386',
  12: 'ARM',
  18: 'PowerPC',
  16777223: 'x86-64',
  16777228: 'ARM64',
};
const MH = { DYLIB: 6, BUNDLE: 8 } as const;
const LC = {
  SYMTAB: 0x2,
  DYSYMTAB: 0xb,
  LOAD_DYLIB: 0xc,
  ID_DYLIB: 0xd,
  UUID: 0x1b,
  DYLD_INFO: 0x22,
  LOAD_WEAK_DYLIB: 0x8000_0018,
  RPATH: 0x8000_001c,
  REEXPORT_DYLIB: 0x8000_001f,
  DYLD_INFO_ONLY: 0x8000_0022,
  LOAD_UPWARD_DYLIB: 0x8000_0023,
  DYLD_EXPORTS_TRIE: 0x8000_0033,
} as const;
const N = { EXT: 0x01, TYPE: 0x0e, PRIVATE: 0x10, STAB: 0xe0 } as const;
/** A universal file has a handful; a Java class begins with the same bytes, and its version comes next. */
const MOST_ARCHITECTURES = 30;

interface Place {
  readonly offset: number;
  readonly size: number;
}

/** Throws a DamagedError where the file is none for this machine, or damaged. */
export function readMachO(file: FileBytes, arch: string): Header {
  const slice = sliceFor(file, arch);
  const count = slice.u32(16);
  const end = 32 + slice.u32(20);
  let soname: string | undefined;
  let fileVersion: string | undefined;
  let buildId: string | undefined;
  let trie: Place | undefined;
  let symbols: { readonly first: number; readonly count: number; readonly strings: number } | undefined;
  let external: { readonly first: number; readonly count: number } | undefined;
  const needed: Need[] = [];
  const rpaths: string[] = [];
  let at = 32;
  for (let index = 0; index < count; index++) {
    const size = at + 8 <= end ? slice.u32(at + 4) : 0;
    if (size < 8 || at + size > end) throw new DamagedError('has damaged load commands');
    const text = (): string => slice.text(at + slice.u32(at + 8));
    switch (slice.u32(at)) {
      case LC.ID_DYLIB:
        soname = text();
        fileVersion = versionText(slice.u32(at + 16));
        break;
      case LC.LOAD_DYLIB:
      case LC.REEXPORT_DYLIB:
      case LC.LOAD_UPWARD_DYLIB:
        needed.push({ name: text(), isWeak: false });
        break;
      case LC.LOAD_WEAK_DYLIB:
        needed.push({ name: text(), isWeak: true });
        break;
      case LC.RPATH:
        rpaths.push(text());
        break;
      case LC.UUID:
        buildId = slice.bytes(at + 8, 16).toString('hex');
        break;
      case LC.DYLD_INFO:
      case LC.DYLD_INFO_ONLY:
        trie = { offset: slice.u32(at + 40), size: slice.u32(at + 44) };
        break;
      case LC.DYLD_EXPORTS_TRIE:
        trie = { offset: slice.u32(at + 8), size: slice.u32(at + 12) };
        break;
      case LC.SYMTAB:
        symbols = { first: slice.u32(at + 8), count: slice.u32(at + 12), strings: slice.u32(at + 16) };
        break;
      case LC.DYSYMTAB:
        external = { first: slice.u32(at + 16), count: slice.u32(at + 20) };
        break;
    }
    at += size;
  }
  const listed = symbols && lazily(() => externalNames(slice, symbols, external ?? { first: 0, count: symbols.count }));
  return {
    soname,
    fileVersion,
    buildId,
    needed,
    rpaths,
    // A name of C's has an underscore before it.
    has: (name) => (trie && trie.size > 0 ? isInTrie(slice, trie, `_${name}`) : (listed?.().has(`_${name}`) ?? false)),
  };
}

/** The part of the file that is for a machine. */
function sliceFor(file: FileBytes, arch: string): FileBytes {
  file.isLittle = false;
  const magic = file.u32(0);
  if (magic !== MAGIC.FAT && magic !== MAGIC.FAT_64) return checked(file, arch);
  const isWide = magic === MAGIC.FAT_64;
  const count = file.u32(4);
  if (count > MOST_ARCHITECTURES) throw new DamagedError('is not a shared library');
  const others: string[] = [];
  for (let index = 0; index < count; index++) {
    const at = 8 + index * (isWide ? 32 : 20);
    const cpu = file.u32(at);
    if (cpu !== CPUS[arch]) others.push(nameOf(cpu));
    else if (isWide) return checked(file.part(file.u64(at + 8), file.u64(at + 16)), arch);
    else return checked(file.part(file.u32(at + 8), file.u32(at + 12)), arch);
  }
  throw foreign(others.join(' and '), arch);
}

function checked(file: FileBytes, arch: string): FileBytes {
  file.isLittle = true;
  const magic = file.u32(0);
  if (magic === MAGIC.NARROW) throw foreign(`${nameOf(file.u32(4))} (32 bits)`, arch);
  if (magic !== MAGIC.WIDE) throw new DamagedError('is not a Mach-O library');
  if (file.u32(4) !== CPUS[arch]) throw foreign(nameOf(file.u32(4)), arch);
  const type = file.u32(12);
  if (type !== MH.DYLIB && type !== MH.BUNDLE) throw new DamagedError('is a Mach-O file, but not a shared library');
  return file;
}

function nameOf(cpu: number): string {
  return CPU_NAMES[cpu] ?? `machine ${cpu}`;
}

function foreign(has: string, arch: string): DamagedError {
  const own = CPUS[arch] === undefined ? arch : nameOf(CPUS[arch]);
  return new DamagedError(`is a library for ${has}, and this process runs on ${own}`, 'wrong-machine');
}

/** 16 bits, 8 bits, 8 bits. */
function versionText(version: number): string {
  return `${version >>> 16}.${(version >>> 8) & 0xff}.${version & 0xff}`;
}

/** A node of the trie says how long what it says of a symbol is, then that, then its branches: the text of each, and where it leads. */
function isInTrie(file: FileBytes, { offset, size }: Place, name: string): boolean {
  const end = offset + size;
  let at = offset;
  let rest = name;
  // Every step takes a piece of the name, or there would be no end in a damaged file.
  for (;;) {
    const [length, after] = uleb(file, at, end);
    if (rest === '') return length > 0;
    let branch = after + length;
    let next: number | undefined;
    let left = file.u8(checkedPlace(branch, end));
    branch++;
    for (; left > 0; left--) {
      const text = file.text(checkedPlace(branch, end));
      const [target, behind] = uleb(file, branch + text.length + 1, end);
      branch = behind;
      if (text === '' || !rest.startsWith(text)) continue;
      rest = rest.slice(text.length);
      next = offset + target;
      break;
    }
    if (next === undefined) return false;
    at = checkedPlace(next, end);
  }
}

function checkedPlace(at: number, end: number): number {
  if (at < end) return at;
  throw new DamagedError('has a damaged list of exports');
}

/** A number in groups of seven bits, the lowest first, and the place behind it. */
function uleb(file: FileBytes, from: number, end: number): [value: number, behind: number] {
  let value = 0;
  for (let at = from, factor = 1; ; at++, factor *= 128) {
    const byte = file.u8(checkedPlace(at, end));
    value += (byte & 0x7f) * factor;
    if (value > Number.MAX_SAFE_INTEGER) throw new DamagedError('has a damaged list of exports');
    if (byte < 0x80) return [value, at + 1];
  }
}

/** Older files have no trie: the symbols that are defined here and seen from outside. nlist_64: n_strx, n_type, n_sect, n_desc, n_value. */
function externalNames(
  file: FileBytes,
  { first, strings }: { readonly first: number; readonly strings: number },
  external: { readonly first: number; readonly count: number },
): Set<string> {
  const names = new Set<string>();
  for (let index = external.first; index < external.first + external.count; index++) {
    const at = first + index * 16;
    const type = file.u8(at + 4);
    if ((type & N.STAB) !== 0 || (type & N.EXT) === 0 || (type & N.PRIVATE) !== 0 || (type & N.TYPE) === 0) continue;
    names.add(file.text(strings + file.u32(at)));
  }
  return names;
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
