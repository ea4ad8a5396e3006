// An ELF file in, what it tells the dynamic loader out: its SONAME, what it needs and where it looks for that, its strings, its
// build id. A few short reads, nothing is mapped. 64-bit little-endian files only: of others the loader's own words have to do.
// Follows the System V gABI ("Program Header", "Dynamic Section", "Note Section") and elf(5).
//
// A library may need a hundred others, and each is read before it is loaded. So memory is used again, and words are read through
// typed arrays: both together are three quarters of the time.

import { closeSync, constants, openSync, readSync } from 'node:fs';

const ELF64_LITTLE_ENDIAN = [0x464c457f, 0x0102] as const;
const PT = { LOAD: 1, DYNAMIC: 2, NOTE: 4 } as const;
const DT = {
  NEEDED: 1,
  STRTAB: 5,
  SYMTAB: 6,
  RELA: 7,
  RELASZ: 8,
  STRSZ: 10,
  SONAME: 14,
  RPATH: 15,
  RUNPATH: 29,
} as const;
const DT_RELACOUNT = 0x6ffffff9;
const NT_GNU_BUILD_ID = 3;
/** In bytes: the string tables of the largest libraries have some millions. A damaged file may ask for anything. */
const MOST = 1 << 28;
/** Of a symbol that an executable has a copy of. */
const LONGEST_NAME = 256;

/** Memory to read into, in 32-bit words where the file has words. */
class Scratch {
  readonly head: Uint32Array<ArrayBuffer> = new Uint32Array(1024);
  readonly dynamic: Uint32Array<ArrayBuffer> = new Uint32Array(1024);
  readonly names: Buffer = Buffer.allocUnsafeSlow(4096);
}

const unused: Scratch[] = [];

interface Segment {
  readonly offset: number;
  readonly address: number;
  readonly length: number;
}

/** An open file. Only usable inside of `readElf`. */
export class ElfReader {
  readonly #fd: number;
  readonly #scratch: Scratch;
  readonly #loads: Segment[] = [];
  readonly #notes: Segment[] = [];
  /** Words of the dynamic section: entries of four. */
  #dynamic: Uint32Array = new Uint32Array(0);
  /** The names that begin at this offset of the string table are in `scratch.names`. */
  #window = -1;
  #windowLength = 0;

  constructor(fd: number, scratch: Scratch) {
    this.#fd = fd;
    this.#scratch = scratch;
    const head = this.#words(0, 4096, scratch.head);
    if (head[0] !== ELF64_LITTLE_ENDIAN[0] || (head[1]! & 0xffff) !== ELF64_LITTLE_ENDIAN[1]) throw notElf();
    const [table, size, count] = [head[8]! / 4, (head[13]! >>> 16) / 4, head[14]! & 0xffff];
    if ((table + size * count) * 4 > 4096) throw notElf();
    for (let at = table; at < table + size * count; at += size) {
      const type = head[at];
      if (type !== PT.LOAD && type !== PT.DYNAMIC && type !== PT.NOTE) continue;
      const segment = { offset: u64(head, at + 2), address: u64(head, at + 4), length: u64(head, at + 8) };
      if (type === PT.LOAD) this.#loads.push(segment);
      else if (type === PT.NOTE) this.#notes.push(segment);
      else this.#dynamic = this.#words(segment.offset, segment.length, scratch.dynamic);
    }
  }

  /** [offset, offset + length) of the file, as far as it goes. */
  read(offset: number, length: number): Buffer {
    if (length > MOST) throw new RangeError(`${length} bytes are more than a table has`);
    const buffer = Buffer.allocUnsafe(length);
    return buffer.subarray(0, readSync(this.#fd, buffer, 0, length, offset));
  }

  #words(offset: number, length: number, scratch: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
    if (length > MOST) throw new RangeError(`${length} bytes are more than a table has`);
    const words = length <= scratch.byteLength ? scratch : new Uint32Array(Math.ceil(length / 4));
    const got = readSync(this.#fd, words, 0, length, offset);
    return words.subarray(0, got >>> 2);
  }

  /** e_machine: what elf.ts has names for. */
  get machine(): number {
    return this.#scratch.head[4]! >>> 16;
  }

  /** Whether the file ends before its segments do: the loader maps them all the same, and dies of SIGBUS. */
  get isTruncated(): boolean {
    const end = Math.max(0, ...this.#loads.map(({ offset, length }) => offset + length));
    return end > 0 && this.read(end - 1, 1).length === 0;
  }

  get soname(): string | undefined {
    return this.#texts(DT.SONAME)[0];
  }

  get needed(): string[] {
    return this.#texts(DT.NEEDED);
  }

  /** The folders of RPATH, which may begin with $ORIGIN. */
  get rpath(): string[] {
    return this.#texts(DT.RPATH).flatMap((list) => list.split(':'));
  }

  /** The folders of RUNPATH, likewise. */
  get runpath(): string[] {
    return this.#texts(DT.RUNPATH).flatMap((list) => list.split(':'));
  }

  /** The string table: every name that the file defines or refers to. */
  get strings(): Buffer {
    return this.read(this.#offsetOf(this.#value(DT.STRTAB)), this.#value(DT.STRSZ));
  }

  /** The build id, in hexadecimal digits. */
  get buildId(): string | undefined {
    for (const { offset, length } of this.#notes) {
      const notes = this.read(offset, length);
      for (let at = 0; at + 12 <= notes.length; ) {
        const [name, size] = [notes.readUInt32LE(at), notes.readUInt32LE(at + 4)];
        const start = at + 12 + aligned(name);
        if (notes.readUInt32LE(at + 8) === NT_GNU_BUILD_ID && notes.toString('latin1', at + 12, at + 15) === 'GNU') {
          return notes.toString('hex', start, start + size);
        }
        at = start + aligned(size);
      }
    }
    return undefined;
  }

  /** The symbols that relocations of one kind refer to, but for the relative ones, which refer to none. */
  relocated(kind: number): string[] {
    const skipped = this.#value(DT_RELACOUNT) * 24;
    const length = Math.max(0, this.#value(DT.RELASZ) - skipped);
    const entries = this.read(this.#offsetOf(this.#value(DT.RELA)) + skipped, length);
    const symbols = this.#offsetOf(this.#value(DT.SYMTAB));
    const strings = this.#offsetOf(this.#value(DT.STRTAB));
    const names: string[] = [];
    for (let at = 0; at + 24 <= entries.length; at += 24) {
      if (entries.readUInt32LE(at + 8) !== kind) continue;
      const symbol = this.read(symbols + entries.readUInt32LE(at + 12) * 24, 4);
      const name = this.read(strings + symbol.readUInt32LE(0), LONGEST_NAME);
      names.push(name.toString('latin1', 0, name.indexOf(0)));
    }
    return names;
  }

  #texts(tag: number): string[] {
    const list: string[] = [];
    const words = this.#dynamic;
    for (let at = 0; at < words.length; at += 4) if (words[at] === tag) list.push(this.#text(u64(words, at + 2)));
    return list;
  }

  /** The name at an offset of the string table. Those of one kind stand near each other in it. */
  #text(offset: number): string {
    const { names } = this.#scratch;
    for (;;) {
      const start = offset - this.#window;
      if (this.#window >= 0 && start >= 0 && start < this.#windowLength) {
        let end = start;
        while (end < this.#windowLength && names[end] !== 0) end++;
        if (end < this.#windowLength) return names.toString('latin1', start, end);
      }
      if (this.#window === offset) throw new RangeError(`no name ends within ${names.length} bytes`);
      this.#windowLength = readSync(this.#fd, names, 0, names.length, this.#offsetOf(this.#value(DT.STRTAB)) + offset);
      this.#window = offset;
    }
  }

  #value(tag: number): number {
    const words = this.#dynamic;
    for (let at = 0; at < words.length; at += 4) if (words[at] === tag) return u64(words, at + 2);
    return 0;
  }

  /** Where in the file an address stands. */
  #offsetOf(address: number): number {
    const load = this.#loads.find((s) => address >= s.address && address < s.address + s.length);
    if (!load) throw new RangeError(`no segment has the address ${address}`);
    return address - load.address + load.offset;
  }
}

/** Reads something of a file; undefined where it is not there or damaged: the loader will say so in its own words. */
export function readElf<T>(path: string, read: (elf: ElfReader) => T): T | undefined {
  let fd: number;
  try {
    // A named pipe would keep an ordinary open waiting for a writer.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  const scratch = unused.pop() ?? new Scratch();
  try {
    return read(new ElfReader(fd, scratch));
  } catch (error) {
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).syscall === 'read') return undefined;
    throw error;
  } finally {
    closeSync(fd);
    unused.push(scratch);
  }
}

function notElf(): RangeError {
  return new RangeError('not a 64-bit little-endian ELF file');
}

function u64(words: Uint32Array, at: number): number {
  return words[at]! + words[at + 1]! * 0x1_0000_0000;
}

function aligned(size: number): number {
  return (size + 3) & ~3;
}
