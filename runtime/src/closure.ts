// A library's file in, it and everything that it needs out, in the order in which the loader meets them. Loads nothing.
// Follows the System V gABI ("Program Header", "Dynamic Section") and ld.so(8).

import { closeSync, constants, existsSync, openSync, readSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { placesOf } from './search.ts';

const MOST_FILES = 400;

/** A file of the closure; `dynamic` is undefined where it cannot be read as a 64-bit little-endian ELF file. */
export interface ClosureFile {
  readonly path: string;
  readonly dynamic: Dynamic | undefined;
}

export function* closure(file: string, target: string): Generator<ClosureFile> {
  const queue = placesOf(file, target)
    .slice(0, 1)
    .map((place) => place.path);
  const seen = new Set<string>(queue.map((path) => path.slice(path.lastIndexOf('/') + 1)));
  for (let at = 0; at < queue.length && at < MOST_FILES; at++) {
    const path = queue[at]!;
    const dynamic = readElf(path, dynamicSection);
    yield { path, dynamic };
    for (const name of dynamic?.needed ?? []) {
      if (seen.has(name)) continue;
      seen.add(name);
      const next = resolveNeeded(name, dynamic!.runpath, path, target);
      if (next !== undefined) queue.push(next);
    }
  }
}

function resolveNeeded(name: string, runpath: readonly string[], from: string, target: string): string | undefined {
  if (isAbsolute(name)) return name;
  for (const folder of runpath) {
    const path = join(folder.replaceAll(/\$\{?ORIGIN\}?/g, dirname(from)), name);
    if (existsSync(path)) return path;
  }
  return placesOf(name, target)[0]?.path;
}

/** Reads [offset, offset + length) of the open file. */
export type Reader = (offset: number, length: number) => Buffer;

/** Reads something of a file; undefined where it is not there or damaged: the loader will say so in its own words. */
export function readElf<T>(path: string, parse: (reader: Reader) => T | undefined): T | undefined {
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
    return undefined;
  } finally {
    closeSync(fd);
  }
}

/** Only 64-bit little-endian files are looked into; deep binding is not in question elsewhere. */
export function isElf64(header: Buffer): boolean {
  return header.length === 64 && header.readUInt32BE(0) === 0x7f454c46 && header[4] === 2 && header[5] === 1;
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT = { NEEDED: 1, STRTAB: 5, STRSZ: 10, RPATH: 15, RUNPATH: 29 } as const;

/** What the dynamic section says. */
export interface Dynamic {
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
