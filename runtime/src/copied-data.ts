// A library's files (closure.ts) in, whether RTLD_DEEPBIND is safe for it out. Loads nothing.
//
// An executable that is linked at fixed addresses holds its own copies of data that shared libraries define (R_X86_64_COPY), and
// everyone is bound to the copy. `node` copies parts of the C++ library: std::cerr, std::ctype<char>::id. A library that is bound deep
// finds the originals instead, which no one ever initialised, and dies of std::bad_cast or of a null vtable. So C++ libraries that
// name such data are bound the ordinary way, and all others deep. Follows the gABI ("Dynamic Section"), psABI ("Relocation").

import { type ClosureFile, isElf64, type Reader, readElf } from './closure.ts';

/** Copied data whose content changes after start: identities of locale facets, and the standard streams. Copied vtables and
 *  type information are constants, of which two equal ones do no harm. */
const LIVE_DATA = /^_ZNSt.*2idE$|^_ZSt[345]w?(cin|cout|cerr|clog)$/;

let copied: readonly string[] | undefined;

/** The copied data that the library or something it needs refers to; undefined where deep binding is safe. */
export function copyClash(files: Iterable<ClosureFile>): string | undefined {
  copied ??= copiedData('/proc/self/exe').filter((name) => LIVE_DATA.test(name));
  if (copied.length === 0) return undefined;
  const needles = copied.map((name) => Buffer.from(`\0${name}\0`, 'latin1'));
  for (const { dynamic } of files) {
    // Others may carry a name of the C++ library by chance; they are not bound to its data.
    const index = needles.findIndex((needle) => dynamic?.needsCxx && dynamic.strings.includes(needle));
    if (index >= 0) return copied[index];
  }
  return undefined;
}

const SHT_RELA = 4;
const R_COPY: Readonly<Record<string, number>> = { x64: 5, arm64: 1024, riscv64: 4, loong64: 4 };

/** The names of the data that an executable holds copies of. */
export function copiedData(path: string): readonly string[] {
  const kind = R_COPY[process.arch];
  return (kind === undefined ? undefined : readElf(path, (reader) => copyRelocations(reader, kind))) ?? [];
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
