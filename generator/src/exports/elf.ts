// In: the path of an ELF shared object. Out: the symbols that it exports with their versions, and the libraries that it needs, read from its
// section headers (System V gABI, "Sections" and "Dynamic Section"; LSB Core, "Symbol Versioning") without loading it.

import { closeSync, openSync, readSync } from 'node:fs';

export interface ElfExports {
  /** DT_SONAME. */
  readonly soname: string | undefined;
  /** Names of defined dynamic symbols, each with its versions: none where it has no other than the file's own. */
  readonly symbols: ReadonlyMap<string, readonly ElfVersion[]>;
  /** DT_NEEDED, in order. */
  readonly needed: readonly string[];
  /** DT_RUNPATH or DT_RPATH, split at colons; `$ORIGIN` is left as it stands. */
  readonly runpath: readonly string[];
}

/** A version of a symbol that the file defines. A reference without a version gets the default one. */
export interface ElfVersion {
  readonly version: string;
  readonly isDefault: boolean;
}

const SHT_DYNAMIC = 6;
const SHT_DYNSYM = 11;
const SHT_GNU_VERDEF = 0x6ffffffd;
const SHT_GNU_VERSYM = 0x6fffffff;
const DT_NEEDED = 1n;
const DT_SONAME = 14n;
const DT_RPATH = 15n;
const DT_RUNPATH = 29n;
/** Of an entry of .gnu.version: not the default one. */
const VERSYM_HIDDEN = 0x8000;
/** Of an entry of .gnu.version: local, or the file's own version, which a symbol without one has. */
const VER_NDX_GLOBAL = 1;
const HEADER_BYTES = 64;
const ELF_MAGIC = 0x7f454c46;

/** Undefined where the file is not a 64-bit little-endian ELF file with section headers. */
export function readElfExports(path: string): ElfExports | undefined {
  return reading(path, readSections);
}

/** The e_machine of an ELF file of either byte order; undefined where the file is none, or cannot be read. */
export function elfMachine(path: string): number | undefined {
  return reading(path, (read) => {
    const header = read(0, HEADER_BYTES);
    if (header.length < 20 || header.readUInt32BE(0) !== ELF_MAGIC) return undefined;
    return header[5] === 2 ? header.readUInt16BE(18) : header.readUInt16LE(18);
  });
}

type Read = (offset: number, length: number) => Buffer;

function reading<T>(path: string, use: (read: Read) => T | undefined): T | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    return use((offset, length) => {
      const buffer = Buffer.alloc(length);
      const got = readSync(fd, buffer, 0, length, offset);
      return got === length ? buffer : buffer.subarray(0, got);
    });
  } catch (error) {
    // A truncated or damaged file shows as a read beyond its end.
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'EISDIR') return undefined;
    throw error;
  } finally {
    closeSync(fd);
  }
}

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

function readSections(read: Read): ElfExports | undefined {
  const header = read(0, HEADER_BYTES);
  const isElf64Little =
    header.length === HEADER_BYTES && header.readUInt32BE(0) === ELF_MAGIC && header[4] === 2 && header[5] === 1;
  if (!isElf64Little) return undefined;
  const entrySize = header.readUInt16LE(58);
  const count = header.readUInt16LE(60);
  const table = read(Number(header.readBigUInt64LE(40)), entrySize * count);
  const sections: Section[] = Array.from({ length: count }, (_, i) => ({
    type: table.readUInt32LE(i * entrySize + 4),
    offset: Number(table.readBigUInt64LE(i * entrySize + 24)),
    size: Number(table.readBigUInt64LE(i * entrySize + 32)),
    link: table.readUInt32LE(i * entrySize + 40),
  }));
  const dynsym = sections.find((s) => s.type === SHT_DYNSYM);
  const strings = dynsym && sections[dynsym.link];
  if (!dynsym || !strings) return undefined;
  const text = read(strings.offset, strings.size);
  const bytesOf = (type: number): Buffer | undefined => {
    const section = sections.find((one) => one.type === type);
    return section && read(section.offset, section.size);
  };
  const versions = { names: versionNames(bytesOf(SHT_GNU_VERDEF), text), indexes: bytesOf(SHT_GNU_VERSYM) };
  return {
    symbols: definedSymbols(read(dynsym.offset, dynsym.size), text, versions),
    ...dynamicEntries(bytesOf(SHT_DYNAMIC) ?? Buffer.alloc(0), text),
  };
}

function stringAt(text: Buffer, offset: number): string {
  return text.toString('latin1', offset, text.indexOf(0, offset));
}

/** Entries of Elf64_Sym are 24 bytes: name, info, other, section index (0 means undefined), value, size; those of .gnu.version 2 bytes. */
function definedSymbols(
  table: Buffer,
  text: Buffer,
  { names, indexes }: { names: ReadonlyMap<number, string>; indexes: Buffer | undefined },
): Map<string, ElfVersion[]> {
  const symbols = new Map<string, ElfVersion[]>();
  for (let at = 24; at + 24 <= table.length; at += 24) {
    const binding = table[at + 4]! >> 4;
    if (table.readUInt16LE(at + 6) === 0 || binding === 0) continue;
    const name = stringAt(text, table.readUInt32LE(at));
    const index = indexes && (at / 24) * 2 + 2 <= indexes.length ? indexes.readUInt16LE((at / 24) * 2) : VER_NDX_GLOBAL;
    const version = names.get(index & ~VERSYM_HIDDEN);
    // The linker defines a symbol of each version's name; it is nothing to call.
    if (version === name) continue;
    const known = symbols.get(name) ?? [];
    symbols.set(
      name,
      version === undefined ? known : [...known, { version, isDefault: (index & VERSYM_HIDDEN) === 0 }],
    );
  }
  return symbols;
}

/** The names of .gnu.version_d by index. Elfxx_Verdef: version, flags, index, count (2 bytes each), hash, offset of the first Elfxx_Verdaux,
 *  whose first word is the name, offset of the next one (4 bytes each). The one of index 1 is of the file itself. */
function versionNames(table: Buffer | undefined, text: Buffer): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (let at = 0; table && at + 20 <= table.length; ) {
    const index = table.readUInt16LE(at + 4);
    if (index > VER_NDX_GLOBAL) names.set(index, stringAt(text, table.readUInt32LE(at + table.readUInt32LE(at + 12))));
    const next = table.readUInt32LE(at + 16);
    if (next === 0) break;
    at += next;
  }
  return names;
}

function dynamicEntries(table: Buffer, text: Buffer): Pick<ElfExports, 'soname' | 'needed' | 'runpath'> {
  let soname: string | undefined;
  const needed: string[] = [];
  const runpath: string[] = [];
  for (let at = 0; at + 16 <= table.length; at += 16) {
    const tag = table.readBigInt64LE(at);
    const value = Number(table.readBigUInt64LE(at + 8));
    if (tag === DT_SONAME) soname = stringAt(text, value);
    if (tag === DT_NEEDED) needed.push(stringAt(text, value));
    if (tag === DT_RPATH || tag === DT_RUNPATH) runpath.push(...stringAt(text, value).split(':'));
  }
  return { soname, needed, runpath };
}
