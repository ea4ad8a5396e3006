// The headers of an ELF file of any class and byte order in, the same as a 64-bit little-endian file has them out, so that one
// reader does for all of them (elf-reader.ts). Follows the System V gABI, chapters 4 (ELF header) and 5 (program header, dynamic section).

/** What e_ident says of a file: 64-bit or 32-bit, and its byte order. */
export interface ElfClass {
  readonly isWide: boolean;
  readonly isLittle: boolean;
}

/** Undefined where these are not the first bytes of an ELF file. */
export function classOf(ident: Uint8Array): ElfClass | undefined {
  const isElf = ident[0] === 0x7f && ident[1] === 0x45 && ident[2] === 0x4c && ident[3] === 0x46;
  const [size, order] = [ident[4], ident[5]];
  if (!isElf || (size !== 1 && size !== 2) || (order !== 1 && order !== 2)) return undefined;
  return { isWide: size === 2, isLittle: order === 1 };
}

/** ELF header: where the words of a 64-bit one come from. */
export function widenHeader(bytes: DataView, { isWide, isLittle }: ElfClass): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(16);
  const half = (at: number): number => bytes.getUint16(at, isLittle);
  words[4] = half(16) | (half(18) << 16);
  put(words, 8, isWide ? bytes.getBigUint64(32, isLittle) : bytes.getUint32(28, isLittle));
  const counts = isWide ? 52 : 40; // e_ehsize, e_phentsize, e_phnum, e_shentsize, e_shnum, e_shstrndx
  words[13] = half(counts + 2) << 16;
  words[14] = half(counts + 4);
  return words;
}

/** Entries of the program header table, of `size` bytes each. */
export function widenSegments(bytes: DataView, size: number, { isWide, isLittle }: ElfClass): Uint32Array<ArrayBuffer> {
  const count = Math.floor(bytes.byteLength / size);
  const words = new Uint32Array(count * 14);
  for (let index = 0; index < count; index++) {
    const [from, to] = [index * size, index * 14];
    words[to] = bytes.getUint32(from, isLittle);
    // p_offset, p_vaddr, p_paddr, p_filesz, p_memsz
    for (let field = 0; field < 5; field++) {
      put(
        words,
        to + 2 + field * 2,
        isWide ? bytes.getBigUint64(from + 8 + field * 8, isLittle) : bytes.getUint32(from + 4 + field * 4, isLittle),
      );
    }
  }
  return words;
}

/** Entries of the dynamic section: a tag and a value each. */
export function widenDynamic(bytes: DataView, { isWide, isLittle }: ElfClass): Uint32Array<ArrayBuffer> {
  const width = isWide ? 8 : 4;
  const count = Math.floor(bytes.byteLength / width);
  const words = new Uint32Array(count * 2);
  for (let index = 0; index < count; index++) {
    const at = index * width;
    put(words, index * 2, isWide ? bytes.getBigUint64(at, isLittle) : bytes.getUint32(at, isLittle));
  }
  return words;
}

function put(words: Uint32Array, at: number, value: number | bigint): void {
  const wide = BigInt(value);
  words[at] = Number(wide & 0xffff_ffffn);
  words[at + 1] = Number(wide >> 32n);
}
