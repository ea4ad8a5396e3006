// A library's files (closure.ts) in, whether RTLD_DEEPBIND is safe for it out. Loads nothing.
//
// An executable that is linked at fixed addresses holds its own copies of data that shared libraries define (R_X86_64_COPY), and
// everyone is bound to the copy. `node` copies parts of the C++ library: std::cerr, std::ctype<char>::id. A library that is bound deep
// finds the originals instead, which no one ever initialised, and dies of std::bad_cast or of a null vtable. So C++ libraries that
// name such data are bound the ordinary way, and all others deep. Follows the gABI ("Dynamic Section"), psABI ("Relocation").

import { type ElfReader, readElf } from './elf-reader.ts';
import { executable } from './executable.ts';

/** Copied data whose content changes after start: identities of locale facets, and the standard streams. Copied vtables and
 *  type information are constants, of which two equal ones do no harm. */
const LIVE_DATA = /^_ZNSt.*2idE$|^_ZSt[345]w?(cin|cout|cerr|clog)$/;

let live: readonly { readonly name: string; readonly needle: Buffer }[] | undefined;

/** The copied data that a file refers to; undefined where it refers to none. */
export function copyClash(elf: ElfReader): string | undefined {
  // Others may carry a name of the C++ library by chance; they are not bound to its data.
  if (!elf.needed.some((name) => name.startsWith('libstdc++.so'))) return undefined;
  live ??= copiedData(executable())
    .filter((name) => LIVE_DATA.test(name))
    .map((name) => ({ name, needle: Buffer.from(`\0${name}\0`, 'latin1') }));
  return live.find(({ needle }) => elf.strings.includes(needle))?.name;
}

const R_COPY: Readonly<Record<string, number>> = { x64: 5, arm64: 1024, riscv64: 4, loong64: 4 };

/** The names of the data that an executable holds copies of. */
export function copiedData(path: string): readonly string[] {
  const kind = R_COPY[process.arch];
  return (kind === undefined ? undefined : readElf(path, (elf) => elf.relocated(kind))) ?? [];
}
