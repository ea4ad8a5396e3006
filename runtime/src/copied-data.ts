// A library's file in, whether RTLD_DEEPBIND is safe for it out. Reads ELF files, loads nothing.
//
// An executable that is linked at fixed addresses holds its own copies of data that shared libraries define (R_X86_64_COPY), and
// everyone is bound to the copy. `node` copies parts of the C++ library: std::cerr, std::ctype<char>::id. A library that is bound deep
// finds the originals instead, which no one ever initialised, and dies of std::bad_cast or of a null vtable. So C++ libraries that
// name such data are bound the ordinary way, and all others deep. Follows the gABI ("Dynamic Section"), psABI ("Relocation").

import { closeSync, constants, openSync, readSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { placesOf } from './search.ts';

/** Copied data whose content changes after start: identities of locale facets, and the standard streams. Copied vtables and
 *  type information are constants, of which two equal ones do no harm. */
const LIVE_DATA = /^_ZNSt.*2idE$|^_ZSt[345]w?(cin|cout|cerr|clog)$/;
const MOST_FILES = 400;

let copied: readonly string[] | undefined;

/** The copied data that the library or something it needs refers to; undefined where deep binding is safe. */
export function copyClash(file: string, target: string): string | undefined {
  copied ??= copiedData('/proc/self/exe').filter((name) => LIVE_DATA.test(name));
  if (copied.length === 0) return undefined;
  const needles = copied.map((name) => Buffer.from(`\0${name}\0`, 'latin1'));
  const queue = placesOf(file, target)
    .slice(0, 1)
    .map((place) => place.path);
  const seen = new Set<string>(queue.map((path) => path.slice(path.lastIndexOf('/') + 1)));
  for (let at = 0; at < queue.length && at < MOST_FILES; at++) {
    const path = queue[at]!;
    const found = read(path, dynamicSection);
    if (!found) continue;
    // Its own file may name them in comments of debug sections; only the dynamic string table counts.
    const index = needles.findIndex((needle) => found.needsCxx && found.strings.includes(needle));
    if (index >= 0) return copied[index];
    for (const name of found.needed) {
      if (seen.has(name)) continue;
      seen.add(name);
      const next = resolveNeeded(name, found.runpath, path, target);
      if (next !== undefined) queue.push(next);
    }
  }
  return undefined;
}

function resolveNeeded(name: string, runpath: readonly string[], from: string, target: string): string | undefined {
  if (isAbsolute(name)) return name;
  for (const folder of runpath) {
    const path = join(folder.replaceAll(/\$\{?ORIGIN\}?/g, dirname(from)), name);
    if (read(path, () => true)) return path;
  }
  return placesOf(name, target)[0]?.path;
}

/** Reads [offset, offset + length) of the open file. */
type Reader = (offset: number, length: number) => Buffer;

function read<T>(path: string, parse: (reader: Reader) => T | undefined): T | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    return parse((offset, length) => {
      const buffer = Buffer.alloc(length);
      return buffer.subarray(0, readSync(fd, buffer, 0, length, offset));
    });
  } catch {
    return undefined; // Damaged: the loader will say so in its own words.
  } finally {
    closeSync(fd);
  }
}

/** Only 64-bit little-endian files are looked into; deep binding is not in question elsewhere. */
function isElf64(header: Buffer): boolean {
  return header.length === 64 && header.readUInt32BE(0) === 0x7f454c46 && header[4] === 2 && header[5] === 1;
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT = { NEEDED: 1, STRTAB: 5, STRSZ: 10, RPATH: 15, RUNPATH: 29 } as const;

interface Dynamic {
  readonly needed: readonly string[];
  readonly runpath: readonly string[];
  readonly strings: Buffer;
  readonly needsCxx: boolean;
}

function dynamicSection(reader: Reader): Dynamic | undefined {
  const header = reader(0, 64);
  if (!isElf64(header)) return undefined;
  const [size, count] = [header.readUInt16LE(54), header.readUInt16LE(56)];
  const table = reader(Number(header.readBigUInt64LE(32)), size * count);
  const segments = Array.from({ length: count }, (_, i) => ({
    type: table.readUInt32LE(i * size),
    offset: Number(table.readBigUInt64LE(i * size + 8)),
    address: Number(table.readBigUInt64LE(i * size + 16)),
    length: Number(table.readBigUInt64LE(i * size + 32)),
  }));
  const dynamic = segments.find((s) => s.type === PT_DYNAMIC);
  if (!dynamic) return undefined;
  const entries = reader(dynamic.offset, dynamic.length);
  const values = (tag: number): number[] => {
    const list: number[] = [];
    for (let at = 0; at + 16 <= entries.length; at += 16) {
      if (Number(entries.readBigInt64LE(at)) === tag) list.push(Number(entries.readBigUInt64LE(at + 8)));
    }
    return list;
  };
  const [address = 0] = values(DT.STRTAB);
  const load = segments.find((s) => s.type === PT_LOAD && address >= s.address && address < s.address + s.length);
  if (!load) return undefined;
  const strings = reader(address - load.address + load.offset, values(DT.STRSZ)[0] ?? 0);
  const text = (offset: number): string => strings.toString('latin1', offset, strings.indexOf(0, offset));
  const needed = values(DT.NEEDED).map(text);
  const runpath = [...values(DT.RPATH), ...values(DT.RUNPATH)].flatMap((offset) => text(offset).split(':'));
  return { needed, runpath, strings, needsCxx: needed.some((name) => name.startsWith('libstdc++.so')) };
}

const SHT_RELA = 4;
const R_COPY: Readonly<Record<string, number>> = { x64: 5, arm64: 1024, riscv64: 4, loong64: 4 };

/** The names of the data that an executable holds copies of. */
export function copiedData(path: string): readonly string[] {
  const kind = R_COPY[process.arch];
  return (kind === undefined ? undefined : read(path, (reader) => copyRelocations(reader, kind))) ?? [];
}

function copyRelocations(reader: Reader, kind: number): string[] | undefined {
  const header = reader(0, 64);
  if (!isElf64(header)) return undefined;
  const [size, count] = [header.readUInt16LE(58), header.readUInt16LE(60)];
  const table = reader(Number(header.readBigUInt64LE(40)), size * count);
  const section = (i: number) => ({
    type: table.readUInt32LE(i * size + 4),
    offset: Number(table.readBigUInt64LE(i * size + 24)),
    length: Number(table.readBigUInt64LE(i * size + 32)),
    link: table.readUInt32LE(i * size + 40),
  });
  const names: string[] = [];
  for (let i = 0; i < count; i++) {
    const relocations = section(i);
    if (relocations.type !== SHT_RELA || relocations.link === 0) continue;
    const symbols = section(relocations.link);
    const strings = section(symbols.link);
    const entries = reader(relocations.offset, relocations.length);
    for (let at = 0; at + 24 <= entries.length; at += 24) {
      if (entries.readUInt32LE(at + 8) !== kind) continue;
      const symbol = reader(symbols.offset + entries.readUInt32LE(at + 12) * 24, 4);
      const name = reader(strings.offset + symbol.readUInt32LE(0), 256);
      names.push(name.toString('latin1', 0, name.indexOf(0)));
    }
  }
  return names;
}
