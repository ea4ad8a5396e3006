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
  const first = start + HEADER;
  // The greatest name comes first.
  let low = 0;
  for (let high = count; low < high; ) {
    const middle = (low + high) >>> 1;
    if (compare(name, bytes, start + bytes.readUInt32LE(first + middle * ENTRY + 4)) < 0) low = middle + 1;
    else high = middle;
  }
  const files: string[] = [];
  for (let at = first + low * ENTRY; at < first + count * ENTRY; at += ENTRY) {
    if (compare(name, bytes, start + bytes.readUInt32LE(at + 4)) !== 0) break;
    if ((bytes.readUInt32LE(at) & 0xff) === LIBC6) files.push(textAt(bytes, start + bytes.readUInt32LE(at + 8)));
  }
  return files;
}

/** ldconfig's order of names: runs of digits are numbers, and come behind every other character. Runs in the interpreter mostly, where
 *  every step counts. */
function compare(name: string, bytes: Buffer, start: number): number {
  let i = 0;
  let at = start;
  for (;;) {
    // Behind the end it is NaN and undefined, which are 0 here.
    const ours = name.charCodeAt(i) | 0;
    const theirs = bytes[at]! | 0;
    if (!isDigit(ours) || !isDigit(theirs)) {
      if (ours !== theirs) return isDigit(ours) ? 1 : isDigit(theirs) ? -1 : ours - theirs;
      if (ours === 0) return 0;
      i++;
      at++;
      continue;
    }
    let our = 0;
    let their = 0;
    for (; isDigit(name.charCodeAt(i)); i++) our = our * 10 + name.charCodeAt(i) - ZERO;
    for (; isDigit(bytes[at]! | 0); at++) their = their * 10 + bytes[at]! - ZERO;
    if (our !== their) return our - their;
  }
}

const ZERO = 48;

function isDigit(character: number): boolean {
  return character >= ZERO && character <= ZERO + 9;
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
