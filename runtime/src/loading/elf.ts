// A path in, what kind of file it is out, without loading it. Reads the ELF header and the program headers only.
// Follows the System V gABI, chapters 4 (ELF header) and 5 (program header), and elf(5).

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** What a file is to the loader. */
export type FileKind =
  | { readonly kind: 'library' }
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'unreadable' | 'not-a-library' | 'wrong-machine';
      readonly why: string;
      /** A pipe or a device, from which the loader would wait for something to read. */
      readonly waits?: boolean;
    }
  | {
      readonly kind: 'truncated';
      readonly why: string;
      /** The loader would map pages past the end of the file and die of SIGBUS. */
      readonly deadly: boolean;
    };

// e_machine by process.arch: the values of the gABI's registry.
const MACHINES: Readonly<Record<string, number>> = {
  ia32: 3,
  mips: 8,
  mipsel: 8,
  mips64el: 8,
  ppc64: 21,
  s390x: 22,
  arm: 40,
  x64: 62,
  arm64: 183,
  riscv64: 243,
  loong64: 258,
};
const MACHINE_NAMES: Readonly<Record<number, string>> = {
  3: 'i386',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC 64',
  22: 'S/390',
  40: 'ARM',
  62: 'x86-64',
  183: 'AArch64',
  243: 'RISC-V',
  258: 'LoongArch',
};
const WIDE = new Set(['arm64', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64']);
const ET_DYN = 3;
const PT_LOAD = 1;

/** The e_machine of this process. */
export const ownMachine: number | undefined = MACHINES[process.arch];

/** Looks at a file; never throws. */
export function inspectFile(path: string): FileKind {
  let file: number;
  try {
    // A named pipe would keep an ordinary open waiting for a writer.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    if (code === 'EACCES' || code === 'EPERM') return { kind: 'unreadable', why: code };
    return { kind: 'not-a-library', why: `cannot be opened (${code})` };
  }
  try {
    const status = fstatSync(file);
    if (!status.isFile()) return { kind: 'not-a-library', why: 'is not a regular file', waits: !status.isDirectory() };
    return inspectElf(file, status.size);
  } catch (error) {
    // A read beyond what is there: the headers contradict each other.
    if (error instanceof RangeError) return { kind: 'not-a-library', why: 'has damaged ELF headers' };
    return { kind: 'unreadable', why: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  } finally {
    closeSync(file);
  }
}

function inspectElf(file: number, size: number): FileKind {
  const header = read(file, 0, 64);
  if (header.byteLength === 0) return { kind: 'truncated', why: 'the file is empty', deadly: false };
  if (!isElf(header)) return { kind: 'not-a-library', why: describeForeign(header) };
  const wide = header.byteLength > 4 && header.getUint8(4) === 2;
  if (header.byteLength < (wide ? 64 : 52))
    return { kind: 'truncated', why: 'it ends within the ELF header', deadly: false };
  const little = header.getUint8(5) === 1;
  const machine = header.getUint16(18, little);
  const foreign = describeMachine(machine, wide);
  if (foreign) return { kind: 'wrong-machine', why: foreign };
  if (header.getUint16(16, little) !== ET_DYN)
    return { kind: 'not-a-library', why: 'is an ELF file, but not a shared library' };

  const table = wide ? Number(header.getBigUint64(32, little)) : header.getUint32(28, little);
  const entry = header.getUint16(wide ? 54 : 42, little);
  const count = header.getUint16(wide ? 56 : 44, little);
  if (table + entry * count > size)
    return { kind: 'truncated', why: 'it ends within the program headers', deadly: false };
  const programs = read(file, table, entry * count);
  for (let index = 0; index < count; index++) {
    const at = index * entry;
    if (programs.getUint32(at, little) !== PT_LOAD) continue;
    const offset = wide ? Number(programs.getBigUint64(at + 8, little)) : programs.getUint32(at + 4, little);
    const length = wide ? Number(programs.getBigUint64(at + 32, little)) : programs.getUint32(at + 16, little);
    if (offset + length > size) {
      const why = `it has ${size} bytes, and its segments end at byte ${offset + length}`;
      return { kind: 'truncated', why, deadly: true };
    }
  }
  return { kind: 'library' };
}

function isElf(header: DataView): boolean {
  return header.byteLength >= 4 && header.getUint32(0) === 0x7f454c46;
}

function describeForeign(header: DataView): string {
  const start = Buffer.from(header.buffer, header.byteOffset, header.byteLength).toString('latin1');
  if (/^\s*(\/\*|INPUT|GROUP|OUTPUT_FORMAT)/.test(start))
    return 'is a linker script (a text file), not a shared library';
  if (start.startsWith('!<arch>')) return 'is a static archive, not a shared library';
  return /^[\t\n\r\x20-\x7e]*$/.test(start) ? 'is a text file, not a shared library' : 'is not a shared library';
}

function describeMachine(machine: number, wide: boolean): string | undefined {
  const expected = MACHINES[process.arch];
  if (expected === undefined || (expected === machine && wide === WIDE.has(process.arch))) return undefined;
  const name = MACHINE_NAMES[machine] ?? `machine ${machine}`;
  return `is a ${wide ? '64' : '32'}-bit library for ${name}, and this process runs on ${MACHINE_NAMES[expected]}`;
}

function read(file: number, position: number, length: number): DataView {
  const bytes = new Uint8Array(length);
  const got = readSync(file, bytes, 0, length, position);
  return new DataView(bytes.buffer, 0, got);
}
