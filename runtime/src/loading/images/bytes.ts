// An open file in, its numbers and texts at any place out, in either byte order. Pages are read when they are asked for, and only
// those: a library has tens of megabytes, and what is looked for in it stands in a few places. Reading past the end is a DamagedError.

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** The file is not what its own headers say, or not what is asked for. The message goes behind the file's name: `has …`, `is …`. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError';
  readonly kind: 'not-a-library' | 'wrong-machine' | 'truncated';
  constructor(what: string, kind: DamagedError['kind'] = 'not-a-library') {
    super(what);
    this.kind = kind;
  }
}

const PAGE_BITS = 13;
const PAGE = 1 << PAGE_BITS;
const SLOTS = 64;

/** Memory for pages, used again by each file in turn. */
export class Pages {
  readonly tags: Int32Array = new Int32Array(SLOTS).fill(-1);
  readonly pages: Buffer[] = [];

  /** To be called where another file comes next. */
  forget(): void {
    this.tags.fill(-1);
  }
}

const unused: Pages[] = [];

/** A file that is open. Offsets count from `base`, where a file holds several. */
export class FileBytes {
  readonly size: number;
  isLittle = true;
  readonly #fd: number;
  readonly #base: number;
  readonly #pages: Pages;
  /** The page of the latest look, and where in the file it begins. */
  #page: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(fd: number, size: number, pages: Pages, base = 0) {
    this.#fd = fd;
    this.size = size;
    this.#base = base;
    this.#pages = pages;
  }

  /** A part of the file as a file of its own. */
  part(offset: number, size: number): FileBytes {
    if (offset + size > this.size) throw ends(this.size, `its part at byte ${offset} has ${size}`);
    const part = new FileBytes(this.#fd, size, new Pages(), this.#base + offset);
    part.isLittle = this.isLittle;
    return part;
  }

  u8(at: number): number {
    const index = this.#seek(at, 1); // first: it changes the page
    return this.#page[index]!;
  }

  u16(at: number): number {
    const index = this.#seek(at, 2);
    return this.isLittle ? this.#page.readUInt16LE(index) : this.#page.readUInt16BE(index);
  }

  u32(at: number): number {
    const index = this.#seek(at, 4);
    return this.isLittle ? this.#page.readUInt32LE(index) : this.#page.readUInt32BE(index);
  }

  /** 64 bits. What is beyond 2^53 is no place in any file. */
  u64(at: number): number {
    const [low, high] = this.isLittle ? [0, 4] : [4, 0];
    return this.u32(at + low) + this.u32(at + high) * 0x1_0000_0000;
  }

  /** The text at a place up to its NUL, which is at most `most` bytes long. */
  text(at: number, most = 4096): string {
    let text = '';
    for (let from = at; ; ) {
      const index = this.#seek(from, 1);
      const end = this.#page.indexOf(0, index);
      const length = end < 0 ? this.#page.length - index : end - index;
      text += this.#page.toString('latin1', index, index + length);
      if (text.length > most) throw new DamagedError(`has a name of more than ${most} bytes at byte ${at}`);
      if (end >= 0) return text;
      from += length;
    }
  }

  bytes(at: number, length: number): Buffer {
    this.#check(at, length);
    const buffer = Buffer.allocUnsafe(length);
    const got = readSync(this.#fd, buffer, 0, length, this.#base + at);
    if (got < length) throw ends(this.size, `${length} bytes at byte ${at} are asked for`);
    return buffer;
  }

  /** Where in `#page` a place of the file is, of which `length` bytes are asked for. */
  #seek(at: number, length: number): number {
    const known = at - this.#start;
    if (known >= 0 && known + length <= this.#page.length) return known;
    this.#check(at, length);
    const offset = this.#base + at;
    const number = Math.floor(offset / PAGE);
    const within = offset - number * PAGE;
    if (within + length > PAGE) {
      // It stands across two pages.
      this.#page = this.bytes(at, length);
      this.#start = at;
      return 0;
    }
    this.#page = this.#load(number);
    this.#start = number * PAGE - this.#base;
    if (within + length > this.#page.length) throw ends(this.size, `something stands at byte ${at}`);
    return within;
  }

  #load(number: number): Buffer {
    const { tags, pages } = this.#pages;
    const slot = number % SLOTS;
    if (tags[slot] === number) return pages[slot]!;
    // What the last page of a file left is not used again: it would be too short for another one.
    const page = pages[slot]?.length === PAGE ? pages[slot] : Buffer.allocUnsafeSlow(PAGE);
    const got = readSync(this.#fd, page, 0, PAGE, number * PAGE);
    tags[slot] = number;
    pages[slot] = got === PAGE ? page : page.subarray(0, got);
    return pages[slot];
  }

  #check(at: number, length: number): void {
    if (at >= 0 && at + length <= this.size) return;
    throw ends(this.size, `something stands at byte ${at}`);
  }
}

function ends(size: number, what: string): DamagedError {
  return new DamagedError(`it has ${size} bytes, and ${what}`, 'truncated');
}

/** Opens a regular file and reads something of it. Throws a DamagedError, or the error of the file system. */
export function readFile<T>(path: string, read: (file: FileBytes) => T): T {
  // A named pipe would keep an ordinary open waiting for a writer.
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const pages = unused.pop() ?? new Pages();
  try {
    const status = fstatSync(fd);
    if (!status.isFile()) throw new DamagedError('is not a regular file');
    return read(new FileBytes(fd, status.size, pages));
  } finally {
    closeSync(fd);
    pages.forget();
    unused.push(pages);
  }
}
