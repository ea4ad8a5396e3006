// In: the path of an ELF shared object. Out: the symbols that it exports and the libraries that it needs, read from its
// section headers (System V gABI, "Sections" and "Dynamic Section") without loading it.

import { closeSync, openSync, readSync } from 'node:fs';

export interface ElfExports {
  /** Names of defined dynamic symbols, without versions. */
  readonly symbols: ReadonlySet<string>;
  /** DT_NEEDED, in order. */
  readonly needed: readonly string[];
  /** DT_RUNPATH or DT_RPATH, split at colons; `$ORIGIN` is left as it stands. */
  readonly runpath: readonly string[];
}

const SHT_DYNAMIC = 6;
const SHT_DYNSYM = 11;
const DT_NEEDED = 1n;
const DT_RPATH = 15n;
const DT_RUNPATH = 29n;
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
  const dynamic = sections.find((s) => s.type === SHT_DYNAMIC);
  return {
    symbols: definedSymbols(read(dynsym.offset, dynsym.size), text),
    ...(dynamic ? dependencies(read(dynamic.offset, dynamic.size), text) : { needed: [], runpath: [] }),
  };
}

function stringAt(text: Buffer, offset: number): string {
  return text.toString('latin1', offset, text.indexOf(0, offset));
}

/** Entries of Elf64_Sym are 24 bytes: name, info, other, section index (0 means undefined), value, size. */
function definedSymbols(table: Buffer, text: Buffer): Set<string> {
  const names = new Set<string>();
  for (let at = 24; at + 24 <= table.length; at += 24) {
    const binding = table[at + 4]! >> 4;
    if (table.readUInt16LE(at + 6) !== 0 && binding !== 0) names.add(stringAt(text, table.readUInt32LE(at)));
  }
  return names;
}

function dependencies(table: Buffer, text: Buffer): { needed: string[]; runpath: string[] } {
  const needed: string[] = [];
  const runpath: string[] = [];
  for (let at = 0; at + 16 <= table.length; at += 16) {
    const tag = table.readBigInt64LE(at);
    const value = Number(table.readBigUInt64LE(at + 8));
    if (tag === DT_NEEDED) needed.push(stringAt(text, value));
    if (tag === DT_RPATH || tag === DT_RUNPATH) runpath.push(...stringAt(text, value).split(':'));
  }
  return { needed, runpath };
}
