// An ELF file in, what it tells the dynamic loader out: its SONAME, what it needs and where it looks for that, its strings, its
// build id, and its tables (images/elf-symbols.ts). A few short reads, nothing is mapped. Files of other classes and byte orders
// than 64-bit little-endian are brought into that form first (elf-widen.ts).
// Follows the System V gABI ("Program Header", "Dynamic Section", "Note Section") and elf(5).
//
// A library may need a hundred others, and each is read before it is loaded. So memory is used again, and words are read through
// typed arrays: both together are three quarters of the time.

import { closeSync, constants, openSync, readSync } from 'node:fs';
import { ownMachine } from './elf.ts';
import { classOf, type ElfClass, widenDynamic, widenHeader, widenSegments } from './elf-widen.ts';
import { DamagedError } from './images/bytes.ts';

const ELF64_LITTLE_ENDIAN = [0x464c457f, 0x0102] as const;
const ET_DYN = 3;
const PT = { LOAD: 1, DYNAMIC: 2, NOTE: 4 } as const;
const WIDE_LITTLE: ElfClass = { isWide: true, isLittle: true };
/** What is read at once: the headers, and of most libraries the tables that the loader looks at. In bytes. */
const HEAD = 16_384;
/** The ELF header of a 32-bit file. */
const SHORTEST = 52;
/** Tags of the dynamic section. */
export const DT = {
  NULL: 0,
  NEEDED: 1,
  HASH: 4,
  STRTAB: 5,
  SYMTAB: 6,
  RELA: 7,
  RELASZ: 8,
  STRSZ: 10,
  SONAME: 14,
  RPATH: 15,
  REL: 17,
  JMPREL: 23,
  RUNPATH: 29,
  GNU_HASH: 0x6ffffef5,
  VERSYM: 0x6ffffff0,
  RELACOUNT: 0x6ffffff9,
  VERDEF: 0x6ffffffc,
  VERDEFNUM: 0x6ffffffd,
  VERNEED: 0x6ffffffe,
  VERNEEDNUM: 0x6fffffff,
} as const;
/** Tags of the dynamic section are small, or of GNU's: places in a table. */
const FIRST_GNU = DT.GNU_HASH;
const LAST_GNU = DT.VERNEEDNUM;
const SLOTS = 48 + LAST_GNU - FIRST_GNU + 1;
/** What stands beside each other in a file, by its place in the table. */
const TABLES = [DT.HASH, DT.SYMTAB, DT.STRTAB, DT.RELA, DT.REL, DT.JMPREL]
  .map((tag): number => tag)
  .concat([DT.GNU_HASH, DT.VERSYM, DT.VERDEF, DT.VERNEED].map((tag) => tag - FIRST_GNU + 48));
const IS_LITTLE = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
const NT_GNU_BUILD_ID = 3;
/** In bytes: the string tables of the largest libraries have some millions. A damaged file may ask for anything. */
const MOST = 1 << 28;
/** Of a symbol that an executable has a copy of. */
const LONGEST_NAME = 256;

/** Memory to read into, in 32-bit words where the file has words. */
class Scratch {
  readonly head: Uint32Array<ArrayBuffer> = new Uint32Array(HEAD / 4);
  readonly bytes: Buffer = Buffer.from(this.head.buffer);
  readonly dynamic: Uint32Array<ArrayBuffer> = new Uint32Array(1024);
  readonly names: Buffer = Buffer.allocUnsafeSlow(4096);
  /** What the dynamic section says, but for DT_NEEDED, by the place of its tag. */
  readonly values: Float64Array = new Float64Array(SLOTS);
}

const unused: Scratch[] = [];

interface Segment {
  readonly offset: number;
  readonly address: number;
  readonly length: number;
}

/** An open file. Only usable inside of `readElf`, and so is every table of it. */
export class ElfReader {
  readonly #fd: number;
  readonly #scratch: Scratch;
  /** How much of the file's beginning is in `scratch.head`. */
  readonly #front: number;
  readonly #loads: Segment[] = [];
  readonly #notes: Segment[] = [];
  readonly #values: Float64Array;
  readonly #needed: number[] = [];
  /** e_machine: what elf.ts has names for. */
  readonly machine: number;
  readonly #type: number;
  /** 32 or 64 bits, and the byte order. */
  readonly elfClass: ElfClass;
  /** The names that begin at this place are in `scratch.names`. */
  #window = 0;
  #windowLength = 0;
  #text: string | undefined;

  constructor(fd: number, scratch: Scratch) {
    this.#fd = fd;
    this.#scratch = scratch;
    this.#values = scratch.values.fill(0);
    this.elfClass = WIDE_LITTLE;
    let head = this.#words(0, HEAD, scratch.head);
    this.#front = head.byteLength;
    if (this.#front < SHORTEST) throw new RangeError('it ends within the ELF header');
    if (head[0] !== ELF64_LITTLE_ENDIAN[0] || (head[1]! & 0xffff) !== ELF64_LITTLE_ENDIAN[1]) {
      const found = classOf(scratch.bytes.subarray(0, this.#front));
      if (found === undefined) throw new RangeError('not an ELF file');
      this.elfClass = found;
      head = widenHeader(new DataView(head.buffer, 0, head.byteLength), found);
    }
    const isPlain = this.elfClass === WIDE_LITTLE;
    this.machine = head[4]! >>> 16;
    this.#type = head[4]! & 0xffff;
    const offset = u64(head, 8);
    const length = head[13]! >>> 16;
    const count = head[14]! & 0xffff;
    let table = head;
    let at = offset / 4;
    let size = length / 4;
    if (!isPlain) {
      table = widenSegments(this.#view(offset, length * count), length, this.elfClass);
      at = 0;
      size = 14;
    } else if (offset + length * count > HEAD) {
      table = this.#words(offset, length * count, new Uint32Array(0));
      at = 0;
    }
    for (const end = at + size * count; at < end; at += size) {
      const type = table[at];
      if (type !== PT.LOAD && type !== PT.DYNAMIC && type !== PT.NOTE) continue;
      const segment = { offset: u64(table, at + 2), address: u64(table, at + 4), length: u64(table, at + 8) };
      if (type === PT.LOAD) this.#loads.push(segment);
      else if (type === PT.NOTE) this.#notes.push(segment);
      else if (isPlain) this.#readDynamic(this.#words(segment.offset, segment.length, scratch.dynamic));
      else this.#readDynamic(widenDynamic(this.#view(segment.offset, segment.length), this.elfClass));
    }
  }

  #readDynamic(words: Uint32Array): void {
    const values = this.#values;
    for (let at = 0; at < words.length; at += 4) {
      const tag = words[at]!;
      if (tag === 0) return; // DT_NULL
      const value = words[at + 2]! + words[at + 3]! * 0x1_0000_0000;
      if (tag === 1) this.#needed.push(value);
      else if (tag < 48) values[tag] = value;
      else if (tag >= FIRST_GNU && tag <= LAST_GNU) values[tag - FIRST_GNU + 48] = value;
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

  #view(offset: number, length: number): DataView {
    const { buffer, byteOffset, byteLength } = this.read(offset, length);
    return new DataView(buffer, byteOffset, byteLength);
  }

  /** The table that an entry of the dynamic section names, in words of 32 bits. Its size is said nowhere: it is what comes up to the next
   *  table. */
  table(tag: number): Uint32Array | undefined {
    const address = this.value(tag);
    if (address === 0) return undefined;
    const load = this.#loadOf(address);
    let end = Math.min(load.address + load.length, address + MOST);
    for (const other of TABLES) {
      const next = this.#values[other]!;
      if (next > address && next < end) end = next;
    }
    const place = address - load.address + load.offset;
    const length = end - address;
    const isOwnOrder = this.elfClass.isLittle === IS_LITTLE;
    if (isOwnOrder && place % 4 === 0 && place + length <= this.#front)
      return this.#scratch.head.subarray(place / 4, (place + length + 3) >>> 2);
    const words = new Uint32Array(Math.ceil(length / 4));
    const got = readSync(this.#fd, words, 0, length, place);
    if (!isOwnOrder) Buffer.from(words.buffer).swap32();
    return words.subarray(0, Math.ceil(got / 4));
  }

  /** How many bytes a section of a type has, by the section headers; 0 where there is none. */
  sectionLength(type: number): number {
    const { isWide, isLittle } = this.elfClass;
    const head = this.#view(0, 64);
    const half = (at: number): number => head.getUint16(at, isLittle);
    const [size, count] = isWide ? [half(58), half(60)] : [half(46), half(48)];
    const sections = this.#view(
      isWide ? Number(head.getBigUint64(40, isLittle)) : head.getUint32(32, isLittle),
      size * count,
    );
    for (let at = 0; at < size * count; at += size) {
      if (sections.getUint32(at + 4, isLittle) !== type) continue;
      return isWide ? Number(sections.getBigUint64(at + 32, isLittle)) : sections.getUint32(at + 20, isLittle);
    }
    return 0;
  }

  /** Whether it is a whole shared library for the machine of this process: only then does the loader take it. */
  get isOwnLibrary(): boolean {
    const { isWide, isLittle } = this.elfClass;
    return this.machine === ownMachine && isWide && isLittle && this.#type === ET_DYN && !this.isTruncated;
  }

  /** Whether the file ends before its segments do: the loader maps them all the same, and dies of SIGBUS. */
  get isTruncated(): boolean {
    const end = Math.max(0, ...this.#loads.map(({ offset, length }) => offset + length));
    return end > 0 && this.read(end - 1, 1).length === 0;
  }

  get soname(): string | undefined {
    const offset = this.value(DT.SONAME);
    return offset === 0 ? undefined : this.textAt(offset);
  }

  get needed(): string[] {
    return this.#needed.map((offset) => this.textAt(offset));
  }

  /** The folders of RUNPATH, which may begin with $ORIGIN. */
  get runpath(): string[] {
    return this.#folders(DT.RUNPATH);
  }

  get rpath(): string[] {
    return this.#folders(DT.RPATH);
  }

  #folders(tag: number): string[] {
    const offset = this.value(tag);
    return offset === 0 ? [] : this.textAt(offset).split(':');
  }

  /** The string table: every name that the file defines or refers to. */
  get strings(): Buffer {
    return this.read(this.#offsetOf(this.value(DT.STRTAB)), this.value(DT.STRSZ));
  }

  /** The build id, in hexadecimal digits. */
  get buildId(): string | undefined {
    const { isLittle } = this.elfClass;
    for (const { offset, length } of this.#notes) {
      const notes = this.read(offset, length);
      const word = (at: number): number => (isLittle ? notes.readUInt32LE(at) : notes.readUInt32BE(at));
      for (let at = 0; at + 12 <= notes.length; ) {
        const [name, size] = [word(at), word(at + 4)];
        const start = at + 12 + aligned(name);
        if (word(at + 8) === NT_GNU_BUILD_ID && notes.toString('latin1', at + 12, at + 15) === 'GNU') {
          return notes.toString('hex', start, start + size);
        }
        at = start + aligned(size);
      }
    }
    return undefined;
  }

  /** The symbols that relocations of one kind refer to, but for the relative ones, which refer to none. */
  relocated(kind: number): string[] {
    const skipped = this.value(DT.RELACOUNT) * 24;
    const length = Math.max(0, this.value(DT.RELASZ) - skipped);
    const entries = this.read(this.#offsetOf(this.value(DT.RELA)) + skipped, length);
    const symbols = this.#offsetOf(this.value(DT.SYMTAB));
    const strings = this.#offsetOf(this.value(DT.STRTAB));
    const names: string[] = [];
    for (let at = 0; at + 24 <= entries.length; at += 24) {
      if (entries.readUInt32LE(at + 8) !== kind) continue;
      const symbol = this.read(symbols + entries.readUInt32LE(at + 12) * 24, 4);
      const name = this.read(strings + symbol.readUInt32LE(0), LONGEST_NAME);
      names.push(name.toString('latin1', 0, name.indexOf(0)));
    }
    return names;
  }

  /** The string table as one text, with a NUL behind each name. */
  get text(): string {
    this.#text ??= this.strings.toString('latin1');
    return this.#text;
  }

  /** The name at an offset of the string table. Those of one kind stand near each other in it. */
  textAt(offset: number): string {
    if (this.#text !== undefined) {
      const end = this.#text.indexOf('\0', offset);
      if (end >= 0) return this.#text.slice(offset, end);
    }
    const { bytes, names } = this.#scratch;
    const place = this.#offsetOf(this.value(DT.STRTAB)) + offset;
    if (place < this.#front) {
      const end = bytes.indexOf(0, place);
      if (end >= 0 && end < this.#front) return bytes.toString('latin1', place, end);
    }
    for (let isRead = false; ; isRead = true) {
      const start = place - this.#window;
      if (start >= 0 && start < this.#windowLength) {
        const end = names.indexOf(0, start);
        if (end >= 0 && end < this.#windowLength) return names.toString('latin1', start, end);
      }
      if (isRead) throw new RangeError(`no name ends within ${names.length} bytes`);
      this.#windowLength = readSync(this.#fd, names, 0, names.length, place);
      this.#window = place;
    }
  }

  /** What an entry of the dynamic section says; 0 where there is none. */
  value(tag: number): number {
    return this.#values[tag < 48 ? tag : tag - FIRST_GNU + 48]!;
  }

  #offsetOf(address: number): number {
    const load = this.#loadOf(address);
    return address - load.address + load.offset;
  }

  /** The segment that has an address. */
  #loadOf(address: number): Segment {
    for (const load of this.#loads) {
      if (address >= load.address && address < load.address + load.length) return load;
    }
    throw new RangeError(`no segment has the address ${address}`);
  }
}

/** Reads something of a file; undefined where it is not there or damaged: the loader will say so in its own words. */
export function readElf<T>(path: string, read: (elf: ElfReader) => T): T | undefined {
  try {
    return openElf(path, read);
  } catch (error) {
    const { syscall } = error as NodeJS.ErrnoException;
    if (error instanceof RangeError || error instanceof DamagedError || syscall === 'read' || syscall === 'open')
      return undefined;
    throw error;
  }
}

/** The same, which throws: a RangeError or a DamagedError where the file is damaged, else the error of the file system. */
export function openElf<T>(path: string, read: (elf: ElfReader) => T): T {
  // A named pipe would keep an ordinary open waiting for a writer.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const scratch = unused.pop() ?? new Scratch();
  try {
    return read(new ElfReader(fd, scratch));
  } finally {
    closeSync(fd);
    unused.push(scratch);
  }
}

function u64(words: Uint32Array, at: number): number {
  return words[at]! + words[at + 1]! * 0x1_0000_0000;
}

function aligned(size: number): number {
  return (size + 3) & ~3;
}
