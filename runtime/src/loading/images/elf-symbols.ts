// An ELF file and names in, which of them the dynamic loader would find in it out, and the versions that it defines and needs.
// Looks names up by hash as the loader does. Follows the System V gABI ("Hash Table", "Symbol Table"), the LSB ("Symbol Versioning"),
// and DT_GNU_HASH as ld --hash-style=gnu writes it.
//
// Much of this runs once in a process, and then in V8's interpreter: tables are typed arrays, which cost it least.

import { DT, type ElfReader } from '../elf-reader.ts';
import { DamagedError } from './bytes.ts';

const SHN = { UNDEF: 0, ABS: 0xfff1 } as const;
const STB = { GLOBAL: 1, WEAK: 2, GNU_UNIQUE: 10 } as const;
const STT = { TLS: 6, GNU_IFUNC: 10 } as const;
const STV = { INTERNAL: 1, HIDDEN: 2 } as const;
const SHT_DYNSYM = 11;
/** A symbol of this kind is found only by whoever asks for its version. */
const VERSYM_HIDDEN = 0x8000;
/** So few names are looked up by hash in any case. */
const FEW = 16;
const MOST_HASHES = 20_000;
const VER_FLG = { BASE: 1, WEAK: 2 } as const;

/** The first symbol that may have a name, by its number, or the next one; 0 where there is none. */
interface Finder {
  first(name: string): number;
  next(symbol: number): number;
}

/** Looks names up, `symbol@VERSION` among them: adds what is there to `present`, and gives what is not. */
export function look(elf: ElfReader, names: ReadonlySet<string>, present: Set<string>): Set<string> {
  const symbols = new ElfSymbols(elf, names.size);
  const missing = new Set<string>();
  for (const name of names) {
    const at = name.indexOf('@');
    const isThere = at < 0 ? symbols.has(name) : symbols.hasVersion(name.slice(0, at), name.slice(at + 1));
    if (isThere) present.add(name);
    else missing.add(name);
  }
  return missing;
}

/** The dynamic symbols of a file. Throws a DamagedError or a RangeError where the tables are damaged. */
export class ElfSymbols {
  readonly #elf: ElfReader;
  readonly #finder: Finder;
  // Most files have none of the names, and then only their hash tables are read.
  #symbols: Uint32Array | undefined;
  #versions: { readonly table: Uint32Array | undefined } | undefined;
  #names: Map<number, string> | undefined;

  /** `many` is how many names will be asked for. */
  constructor(elf: ElfReader, many: number) {
    this.#elf = elf;
    this.#finder = gnuFinder(elf, many) ?? sysvFinder(elf) ?? listFinder(elf, 1, countInSections(elf));
  }

  /** Whether dlsym(3) would find a name here. */
  has(name: string): boolean {
    for (let symbol = this.#finder.first(name); symbol !== 0; symbol = this.#finder.next(symbol)) {
      if (!this.#isDefined(symbol, name)) continue;
      const version = this.#versionOf(symbol);
      if ((version & VERSYM_HIDDEN) === 0 || (version & ~VERSYM_HIDDEN) < 2) return true;
    }
    return false;
  }

  /** Whether dlvsym(3) would find a version of a name here. */
  hasVersion(name: string, version: string): boolean {
    this.#names ??= definedVersions(this.#elf);
    for (let symbol = this.#finder.first(name); symbol !== 0; symbol = this.#finder.next(symbol)) {
      const index = this.#isDefined(symbol, name) ? this.#versionOf(symbol) & ~VERSYM_HIDDEN : 0;
      if (this.#names.get(index) === version) return true;
    }
    return false;
  }

  /** Elf64_Half for each symbol, two in a word; 1 is that of a file without versions. */
  #versionOf(symbol: number): number {
    this.#versions ??= { table: this.#elf.table(DT.VERSYM) };
    const { table } = this.#versions;
    if (table === undefined) return 1;
    const word = at(table, symbol >>> 1);
    return ((symbol & 1) === 0) === this.#elf.elfClass.isLittle ? word & 0xffff : word >>> 16;
  }

  /** Whether a symbol has this name, and others may be bound to it. Elf64_Sym has the words st_name; st_info, st_other, st_shndx; st_value
   *  (two), st_size (two). Elf32_Sym: st_name; st_value; st_size; st_info, st_other, st_shndx. */
  #isDefined(symbol: number, name: string): boolean {
    const { isWide, isLittle } = this.#elf.elfClass;
    this.#symbols ??= this.#elf.table(DT.SYMTAB) ?? new Uint32Array(0);
    const symbols = this.#symbols;
    const { text } = this.#elf;
    const entry = symbol * (isWide ? 6 : 4);
    const offset = at(symbols, entry);
    if (!text.startsWith(name, offset) || text.charCodeAt(offset + name.length) !== 0) return false;
    const word = at(symbols, entry + (isWide ? 1 : 3));
    const info = isLittle ? word & 0xff : word >>> 24;
    const visibility = (isLittle ? word >>> 8 : word >>> 16) & 3;
    const section = isLittle ? word >>> 16 : word & 0xffff;
    const binding = info >>> 4;
    const type = info & 0xf;
    if (section === SHN.UNDEF || visibility === STV.INTERNAL || visibility === STV.HIDDEN) return false;
    if (binding !== STB.GLOBAL && binding !== STB.WEAK && binding !== STB.GNU_UNIQUE) return false;
    if (type > STT.TLS && type !== STT.GNU_IFUNC) return false;
    const value = isWide ? at(symbols, entry + 2) | at(symbols, entry + 3) : at(symbols, entry + 1);
    return value !== 0 || section === SHN.ABS || type === STT.TLS;
  }
}

/** The word of a table; a file whose tables lead out of each other is damaged. */
function at(table: Uint32Array, index: number): number {
  const word = table[index];
  if (word === undefined) throw new DamagedError('has a damaged symbol table');
  return word;
}

/** DT_GNU_HASH: a Bloom filter, then buckets, then for each symbol its hash, whose lowest bit ends a bucket's chain. */
function gnuFinder(elf: ElfReader, many: number): Finder | undefined {
  const table = elf.table(DT.GNU_HASH);
  if (table === undefined) return undefined;
  const { isWide, isLittle } = elf.elfClass;
  const buckets = at(table, 0);
  const least = at(table, 1);
  const words = at(table, 2);
  const shift = at(table, 3);
  if ((words & (words - 1)) !== 0) throw new DamagedError('has a damaged hash table (DT_GNU_HASH)');
  const halves = isWide ? 2 : 1;
  const bucketsAt = 4 + words * halves;
  const chainsAt = bucketsAt + buckets - least;
  if (buckets === 0 || words === 0) return { first: () => 0, next: () => 0 };
  // To work out the hashes of many names takes longer than to read all symbols that there are: at most so many as words are left.
  if (many > FEW && table.length - bucketsAt - buckets < many * 4) return listFinder(elf, least, endOfChains());
  let hash = 0;

  /** One past the last symbol that the table has. */
  function endOfChains(): number {
    let last = 0;
    for (let bucket = 0; bucket < buckets; bucket++) last = Math.max(last, at(table!, bucketsAt + bucket));
    if (last < least) return least;
    while ((at(table!, chainsAt + last) & 1) === 0) last++;
    return last + 1;
  }
  const isMarked = (bit: number, word: number): boolean => {
    // The bits of 64 stand in two words, of which the lower one comes first in a little-endian file.
    const half = isWide && ((bit & 32) !== 0) === isLittle ? 1 : 0;
    return ((at(table, 4 + word * halves + half) >>> (bit & 31)) & 1) === 1;
  };
  const search = (from: number): number => {
    for (let symbol = from; ; symbol++) {
      const entry = at(table, chainsAt + symbol);
      if ((entry | 1) === (hash | 1)) return symbol;
      if ((entry & 1) === 1) return 0;
    }
  };
  return {
    first(name) {
      hash = gnuHash(name);
      const word = (isWide ? hash >>> 6 : hash >>> 5) & (words - 1);
      if (!isMarked(hash, word) || !isMarked(hash >>> shift, word)) return 0;
      const symbol = at(table, bucketsAt + (hash % buckets));
      return symbol < least ? 0 : search(symbol);
    },
    next: (symbol) => ((at(table, chainsAt + symbol) & 1) === 1 ? 0 : search(symbol + 1)),
  };
}

/** DT_HASH: buckets of symbol numbers, then for each symbol the next one of its bucket. */
function sysvFinder(elf: ElfReader): Finder | undefined {
  const table = elf.table(DT.HASH);
  if (table === undefined) return undefined;
  const buckets = at(table, 0);
  const count = at(table, 1);
  let steps = 0;
  return {
    first(name) {
      steps = 0;
      return buckets === 0 ? 0 : at(table, 2 + (sysvHash(name) % buckets));
    },
    next(symbol) {
      if (++steps > count) throw new DamagedError('has a damaged hash table (DT_HASH): it runs in a circle');
      return at(table, 2 + buckets + symbol);
    },
  };
}

/** All symbols from `least` on, by their names. */
function listFinder(elf: ElfReader, least: number, end: number): Finder {
  const symbols = elf.table(DT.SYMTAB) ?? new Uint32Array(0);
  const { text } = elf;
  const size = elf.elfClass.isWide ? 6 : 4;
  const byName = new Map<string, number>();
  /** Of several symbols of one name, as versions are. */
  const others = new Map<number, number>();
  for (let symbol = least; symbol < end; symbol++) {
    const offset = at(symbols, symbol * size);
    const name = text.slice(offset, text.indexOf('\0', offset));
    const other = byName.get(name);
    if (other !== undefined) others.set(symbol, other);
    byName.set(name, symbol);
  }
  return { first: (name) => byName.get(name) ?? 0, next: (symbol) => others.get(symbol) ?? 0 };
}

/** Where a file has no hash table that is known here (MIPS has one of its own), its section headers tell how many symbols there are. */
function countInSections(elf: ElfReader): number {
  return elf.sectionLength(SHT_DYNSYM) / (elf.elfClass.isWide ? 24 : 16);
}

/** DT_VERDEF by index: entries of vd_version, vd_flags; vd_ndx, vd_cnt; vd_hash; vd_aux; vd_next. The name of the file itself is none. */
export function definedVersions(elf: ElfReader): Map<number, string> {
  const names = new Map<number, string>();
  const low = lowHalf(elf);
  walk(elf, DT.VERDEF, DT.VERDEFNUM, 4, (table, entry) => {
    const flags = (at(table, entry) >>> (16 - low)) & 0xffff;
    if ((flags & VER_FLG.BASE) !== 0) return;
    const name = at(table, entry + (at(table, entry + 3) >>> 2));
    names.set((at(table, entry + 1) >>> low) & 0xffff, elf.textAt(name));
  });
  return names;
}

/** The hashes of all names that DT_VERDEF has; undefined where the file has no versions at all, and the loader asks for none. */
export function definedHashes(elf: ElfReader): Set<number> | undefined {
  const table = elf.table(DT.VERDEF);
  if (table === undefined) return undefined;
  const hashes = new Set<number>();
  let entry = 0;
  for (let left = elf.value(DT.VERDEFNUM); left > 0 && entry + 4 < table.length; left--) {
    hashes.add(table[entry + 2]!);
    if (table[entry + 4] === 0) break;
    entry += table[entry + 4]! >>> 2;
  }
  return hashes;
}

/** DT_VERNEED: for each library vn_version, vn_cnt; vn_file; vn_aux; vn_next; and for each version of it vna_hash; vna_flags, vna_other;
 *  vna_name; vna_next. Shows each version: of which library (where the name of that stands in the string table), by its hash, where its own
 *  name stands, and whether the loader takes its absence. */
export function eachNeededVersion(
  elf: ElfReader,
  visit: (file: number, hash: number, name: number, isWeak: boolean) => void,
): void {
  const table = elf.table(DT.VERNEED);
  if (table === undefined) return;
  const low = lowHalf(elf);
  let entry = 0;
  for (let left = elf.value(DT.VERNEEDNUM); left > 0; left--) {
    let version = entry + (at(table, entry + 2) >>> 2);
    for (let count = (table[entry]! >>> (16 - low)) & 0xffff; count > 0; count--) {
      if (version + 3 >= table.length) throw new DamagedError('has a damaged table of versions (DT_VERNEED)');
      const isWeak = ((table[version + 1]! >>> low) & VER_FLG.WEAK) !== 0;
      visit(table[entry + 1]!, table[version]!, table[version + 2]!, isWeak);
      version += table[version + 3]! >>> 2;
    }
    const step = at(table, entry + 3) >>> 2;
    if (step === 0) return;
    entry += step;
  }
}

/** How far a word is shifted to show the first of its two halves. */
function lowHalf(elf: ElfReader): 0 | 16 {
  return elf.elfClass.isLittle ? 0 : 16;
}

/** Shows the entries of a table that each say, in word number `link`, how many bytes it is to the next. False where there is no table. */
function walk(
  elf: ElfReader,
  tag: number,
  countTag: number,
  link: number,
  visit: (table: Uint32Array, entry: number) => void,
): boolean {
  const table = elf.table(tag);
  if (table === undefined) return false;
  let entry = 0;
  for (let left = elf.value(countTag); left > 0; left--) {
    visit(table, entry);
    const step = at(table, entry + link) >>> 2;
    if (step === 0) break;
    entry += step;
  }
  return true;
}

/** The same names are looked for in each file. */
const hashes = new Map<string, number>();

function gnuHash(name: string): number {
  const known = hashes.get(name);
  if (known !== undefined) return known;
  if (hashes.size > MOST_HASHES) hashes.clear();
  const hash = workOutHash(name);
  hashes.set(name, hash);
  return hash;
}

function workOutHash(name: string): number {
  let hash = 5381;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 33) + name.charCodeAt(i)) | 0;
  return hash >>> 0;
}

function sysvHash(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) {
    hash = ((hash << 4) + name.charCodeAt(i)) >>> 0;
    const top = hash & 0xf0000000;
    hash = (hash ^ (top >>> 24)) & ~top;
  }
  return hash >>> 0;
}
