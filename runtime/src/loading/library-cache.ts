// A library's file name in, the files that the loader's cache names for it out: /etc/ld.so.cache, which ldconfig(8) writes.
// Follows the file as glibc writes it (format "glibc-ld.so.cache1.1"; an older one may stand before it) and ld.so(8).

import { readFileSync } from 'node:fs';

const FILE = '/etc/ld.so.cache';
const MAGIC = 'glibc-ld.so.cache1.1';
const HEADER = 48;
const ENTRY = 24;
/** The low bits of an entry's flags: libraries of the C library that every current system has. */
const LIBC6 = 3;

interface Cache {
  readonly bytes: Buffer;
  /** Where the entries begin, and what offsets count from. */
  readonly start: number;
  readonly count: number;
}

let cache: Cache | undefined;

/** The files that the cache names for a library, in the loader's order; those of other machines are among them. */
export function cachedFiles(name: string, file: string = FILE): string[] {
  cache ??= load(file);
  const { bytes, start, count } = cache;
  // Every entry's path ends in the name that it is found by. Most stand there once: there is no need to look through the entries.
  const needle = `/${name}\0`;
  const found = bytes.indexOf(needle, start + HEADER + count * ENTRY, 'latin1');
  if (found < 0) return [];
  if (bytes.indexOf(needle, found + 1, 'latin1') < 0) return [textAt(bytes, bytes.lastIndexOf(0, found) + 1)];
  const files: string[] = [];
  for (let at = start + HEADER; at < start + HEADER + count * ENTRY; at += ENTRY) {
    if ((bytes.readUInt32LE(at) & 0xff) !== LIBC6 || textAt(bytes, start + bytes.readUInt32LE(at + 4)) !== name)
      continue;
    files.push(textAt(bytes, start + bytes.readUInt32LE(at + 8)));
  }
  return files;
}

/** To be called before the first of many look-ups: the cache may have changed since. */
export function forgetCache(): void {
  cache = undefined;
}

function load(file: string): Cache {
  try {
    return parse(readFileSync(file));
  } catch {
    return parse(Buffer.alloc(0));
  }
}

function parse(bytes: Buffer): Cache {
  const start = bytes.indexOf(MAGIC, 0, 'latin1');
  const none = { bytes, start: 0, count: 0 };
  if (start < 0 || start + HEADER > bytes.length) return none;
  const count = bytes.readUInt32LE(start + 20);
  return start + HEADER + count * ENTRY <= bytes.length ? { bytes, start, count } : none;
}

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, bytes.indexOf(0, at));
}
