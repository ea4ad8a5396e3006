// The entries of the ELF dlopen metadata in, a shared object that has nothing but these out: bytes that linkers, loaders, strip(1) and readers of
// notes take for one, the same ones each time. Follows the System V gABI ("Object Files", "Program Loading and Dynamic Linking"), the psABIs of
// x86-64 and AArch64 for page sizes, and UAPI.12 for the note.

import type { DlopenNote } from './notes.ts';

/** What differs between machines: e_machine, and the largest page, by which segments are apart. */
const MACHINES: Readonly<Record<string, { readonly machine: number; readonly page: number }>> = {
  'x86_64-linux-gnu': { machine: 62, page: 0x1000 },
  'aarch64-linux-gnu': { machine: 183, page: 0x10000 },
};

/** Targets that an object can be written for. */
export const ELF_TARGETS: readonly string[] = Object.keys(MACHINES);

const NOTE_OWNER = 'FDO';
const NOTE_TYPE = 0x407c0c0a;

const ET_DYN = 3;
const [PT_LOAD, PT_DYNAMIC, PT_NOTE, PT_GNU_STACK] = [1, 2, 4, 0x6474e551];
const [PF_W, PF_R] = [2, 4];
const [SHT_STRTAB, SHT_HASH, SHT_DYNAMIC, SHT_NOTE, SHT_DYNSYM] = [3, 5, 6, 7, 11];
const [SHF_WRITE, SHF_ALLOC] = [1, 2];
const [DT_NULL, DT_HASH, DT_STRTAB, DT_SYMTAB, DT_STRSZ, DT_SYMENT] = [0, 4, 5, 6, 10, 11];

const [STB_GLOBAL, STT_OBJECT] = [1, 1];
/** The first section that is one. */
const NOTE_SECTION = 1;
const SYMBOL_NAME = 'dlopen_notes';

const HEADER = 64;
const PROGRAM_HEADER = 56;
const SECTION_HEADER = 64;
const SYMBOL = 24;
const DYNAMIC_ENTRY = 16;

interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly content: Buffer;
  readonly align: number;
  /** The section that it refers to, by name. */
  readonly link?: string;
  readonly info?: number;
  readonly entry?: number;
}

/** A section where it stands. */
interface Placed extends Section {
  readonly offset: number;
  readonly address: number;
}

interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly sections: readonly Placed[];
  readonly align: number;
  /** It begins with the file. */
  readonly hasHeaders?: boolean;
}

/** `target` is one of ELF_TARGETS. */
export function elfObject(notes: readonly DlopenNote[], target: string): Uint8Array {
  const { machine, page } = MACHINES[target]!;
  const count = 5;
  let at = HEADER + count * PROGRAM_HEADER;
  const place = (section: Section, shift = 0): Placed => {
    at = aligned(at, section.align);
    const placed = { ...section, offset: at, address: section.flags & SHF_ALLOC ? at + shift : 0 };
    at += section.content.length;
    return placed;
  };
  const note = place({ name: '.note.dlopen', type: SHT_NOTE, flags: SHF_ALLOC, align: 4, content: noteSection(notes) });
  // One bucket, which begins with the one symbol.
  const hash = place({
    name: '.hash',
    type: SHT_HASH,
    flags: SHF_ALLOC,
    align: 8,
    entry: 4,
    link: '.dynsym',
    content: words(1, 2, 1, 0, 0),
  });
  const symbols = place({
    name: '.dynsym',
    type: SHT_DYNSYM,
    flags: SHF_ALLOC,
    align: 8,
    entry: SYMBOL,
    link: '.dynstr',
    info: 1,
    content: symbolTable(note),
  });
  const strings = place({
    name: '.dynstr',
    type: SHT_STRTAB,
    flags: SHF_ALLOC,
    align: 1,
    content: Buffer.from(`\0${SYMBOL_NAME}\0`),
  });
  // Loaders may write addresses into it: a page of its own in memory.
  const table = dynamicTable(hash.address, symbols.address, strings);
  const dynamic = place(
    {
      name: '.dynamic',
      type: SHT_DYNAMIC,
      flags: SHF_ALLOC | SHF_WRITE,
      align: 8,
      entry: DYNAMIC_ENTRY,
      link: '.dynstr',
      content: table,
    },
    page,
  );
  const loaded = [note, hash, symbols, strings, dynamic];
  const names = place(nameTable(loaded));
  const segments: readonly Segment[] = [
    { type: PT_LOAD, flags: PF_R, sections: [note, hash, symbols, strings], align: page, hasHeaders: true },
    { type: PT_LOAD, flags: PF_R | PF_W, sections: [dynamic], align: page },
    { type: PT_DYNAMIC, flags: PF_R | PF_W, sections: [dynamic], align: 8 },
    { type: PT_NOTE, flags: PF_R, sections: [note], align: 4 },
    // Without it loaders take the stack to be executable.
    { type: PT_GNU_STACK, flags: PF_R | PF_W, sections: [], align: 16 },
  ];
  return assemble(machine, segments, [...loaded, names]);
}

/** Number 0, which is none, and the notes: tools warn of objects without symbols. */
function symbolTable({ address, content }: Placed): Buffer {
  const table = Buffer.alloc(2 * SYMBOL);
  table.writeUInt32LE(1, SYMBOL);
  table[SYMBOL + 4] = (STB_GLOBAL << 4) | STT_OBJECT;
  table.writeUInt16LE(NOTE_SECTION, SYMBOL + 6);
  table.writeBigUInt64LE(BigInt(address), SYMBOL + 8);
  table.writeBigUInt64LE(BigInt(content.length), SYMBOL + 16);
  return table;
}

/** A note for each entry: n_namesz, n_descsz, n_type, name and content, both padded to four bytes. */
function noteSection(notes: readonly DlopenNote[]): Buffer {
  const owner = Buffer.from(`${NOTE_OWNER}\0`);
  return Buffer.concat(
    notes.map((note) => {
      const text = Buffer.from(`${JSON.stringify([note])}\0`);
      return Buffer.concat([words(owner.length, text.length, NOTE_TYPE), padded(owner), padded(text)]);
    }),
  );
}

function dynamicTable(hash: number, symbols: number, strings: Placed): Buffer {
  const entries = [
    [DT_HASH, hash],
    [DT_STRTAB, strings.address],
    [DT_SYMTAB, symbols],
    [DT_STRSZ, strings.content.length],
    [DT_SYMENT, SYMBOL],
    [DT_NULL, 0],
  ];
  const table = Buffer.alloc(entries.length * DYNAMIC_ENTRY);
  entries.flat().forEach((value, i) => {
    table.writeBigUInt64LE(BigInt(value), i * 8);
  });
  return table;
}

const NAMES = '.shstrtab';

function nameTable(sections: readonly Section[]): Section {
  const content = Buffer.from(['', ...sections.map(({ name }) => name), NAMES, ''].join('\0'));
  return { name: NAMES, type: SHT_STRTAB, flags: 0, align: 1, content };
}

function assemble(machine: number, segments: readonly Segment[], sections: readonly Placed[]): Uint8Array {
  const last = sections.at(-1)!;
  const table = aligned(last.offset + last.content.length, 8);
  const file = Buffer.alloc(table + (sections.length + 1) * SECTION_HEADER);
  writeHeader(file, machine, segments.length, table, sections.length + 1);
  segments.forEach((segment, i) => {
    writeSegment(file, HEADER + i * PROGRAM_HEADER, segment);
  });
  sections.forEach((section, i) => {
    section.content.copy(file, section.offset);
    // The first entry is of no section.
    writeSection(file, table + (i + 1) * SECTION_HEADER, section, sections, last.content);
  });
  return file;
}

function writeHeader(file: Buffer, machine: number, segments: number, table: number, sections: number): void {
  // 64 bits, little-endian, version 1, System V.
  file.write('\x7fELF\x02\x01\x01\x00', 'latin1');
  file.writeUInt16LE(ET_DYN, 16);
  file.writeUInt16LE(machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(HEADER), 32);
  file.writeBigUInt64LE(BigInt(table), 40);
  [HEADER, PROGRAM_HEADER, segments, SECTION_HEADER, sections, sections - 1].forEach((value, i) => {
    file.writeUInt16LE(value, 52 + i * 2);
  });
}

function writeSegment(file: Buffer, at: number, { type, flags, sections, align, hasHeaders }: Segment): void {
  const [first, last] = [sections[0], sections.at(-1)];
  const offset = hasHeaders || !first ? 0 : first.offset;
  const address = hasHeaders || !first ? 0 : first.address;
  const size = last ? last.offset + last.content.length - offset : 0;
  file.writeUInt32LE(type, at);
  file.writeUInt32LE(flags, at + 4);
  [offset, address, address, size, size, align].forEach((value, i) => {
    file.writeBigUInt64LE(BigInt(value), at + 8 + i * 8);
  });
}

function writeSection(file: Buffer, at: number, section: Placed, all: readonly Placed[], names: Buffer): void {
  const { name, type, flags, address, offset, content, link, info = 0, align, entry = 0 } = section;
  file.writeUInt32LE(names.indexOf(`\0${name}\0`) + 1, at);
  file.writeUInt32LE(type, at + 4);
  [flags, address, offset, content.length].forEach((value, i) => {
    file.writeBigUInt64LE(BigInt(value), at + 8 + i * 8);
  });
  file.writeUInt32LE(link === undefined ? 0 : all.findIndex((one) => one.name === link) + 1, at + 40);
  file.writeUInt32LE(info, at + 44);
  file.writeBigUInt64LE(BigInt(align), at + 48);
  file.writeBigUInt64LE(BigInt(entry), at + 56);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    bytes.writeUInt32LE(value, i * 4);
  });
  return bytes;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes], aligned(bytes.length, 4));
}

function aligned(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}
