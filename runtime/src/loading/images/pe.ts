// A DLL in, what Windows' loader would see in it out: the name in its export directory, the version in its resources, what it imports,
// and which names it exports. Follows Microsoft's "PE Format" and "VS_FIXEDFILEINFO structure".

import { DamagedError, type FileBytes } from './bytes.ts';
import type { Header, Need } from './image.ts';

/** IMAGE_FILE_MACHINE_ by process.arch. */
const MACHINES: Readonly<Record<string, number>> = { x64: 0x8664, arm64: 0xaa64, ia32: 0x14c };
const MACHINE_NAMES: Readonly<Record<number, string>> = {
  332: 'i386',
  452: 'ARM',
  34404: 'x86-64',
  43620: 'ARM64',
};
const DLL = 0x2000;
const PE32_PLUS = 0x20b;
const DIRECTORY = { EXPORT: 0, IMPORT: 1, RESOURCE: 2 } as const;
const RT_VERSION = 16;
const FIXED_FILE_INFO = 0xfeef04bd;
const SUBDIRECTORY = 0x8000_0000;
const MOST_IMPORTS = 4096;

interface Section {
  readonly address: number;
  readonly size: number;
  readonly offset: number;
}

interface Pe {
  readonly file: FileBytes;
  readonly sections: readonly Section[];
  /** The place of a data directory; undefined where there is none. */
  directory(index: number): number | undefined;
}

/** Throws a DamagedError where the file is none for this machine, or damaged. */
export function readPe(file: FileBytes, arch: string): Header {
  const pe = headersOf(file, arch);
  const exported = pe.directory(DIRECTORY.EXPORT);
  return {
    soname: exported === undefined ? undefined : file.text(placeOf(pe, file.u32(exported + 12))),
    fileVersion: versionOf(pe),
    buildId: undefined,
    needed: importsOf(pe),
    rpaths: [],
    has: (name) => exported !== undefined && isExported(pe, exported, name),
  };
}

function headersOf(file: FileBytes, arch: string): Pe {
  if (file.size < 64 || file.u16(0) !== 0x5a4d) throw new DamagedError('is not a DLL');
  const at = file.u32(0x3c);
  if (file.u32(at) !== 0x4550) throw new DamagedError('is not a DLL');
  const machine = file.u16(at + 4);
  const nameOf = (value: number | undefined): string => MACHINE_NAMES[value ?? -1] ?? `machine ${value}`;
  if (machine !== MACHINES[arch]) {
    const own = MACHINES[arch] === undefined ? arch : nameOf(MACHINES[arch]);
    throw new DamagedError(`is a library for ${nameOf(machine)}, and this process runs on ${own}`, 'wrong-machine');
  }
  if ((file.u16(at + 22) & DLL) === 0) throw new DamagedError('is a program of Windows, but not a DLL');
  const optional = at + 24;
  const directories = optional + (file.u16(optional) === PE32_PLUS ? 112 : 96);
  const count = file.u32(directories - 4);
  const first = optional + file.u16(at + 20);
  const sections = Array.from({ length: file.u16(at + 6) }, (_, index) => {
    const section = first + index * 40;
    return { address: file.u32(section + 12), size: file.u32(section + 16), offset: file.u32(section + 20) };
  });
  const end = Math.max(0, ...sections.map(({ offset, size }) => (size > 0 ? offset + size : 0)));
  if (end > file.size)
    throw new DamagedError(`it has ${file.size} bytes, and its sections end at byte ${end}`, 'truncated');
  const pe: Pe = {
    file,
    sections,
    directory(index) {
      const address = index < count ? file.u32(directories + index * 8) : 0;
      return address === 0 ? undefined : placeOf(pe, address);
    },
  };
  return pe;
}

/** Where in the file a relative virtual address stands. */
function placeOf({ sections }: Pe, address: number): number {
  for (const section of sections) {
    if (address >= section.address && address < section.address + section.size)
      return address - section.address + section.offset;
  }
  throw new DamagedError(`is damaged: no section has the address ${address}`);
}

/** Names stand in the order of their bytes, and are looked up as the loader does. Of the functions behind them, 0 is none. */
function isExported(pe: Pe, directory: number, name: string): boolean {
  const { file } = pe;
  const count = file.u32(directory + 24);
  if (count === 0) return false;
  const [functions, names, ordinals] = [28, 32, 36].map((offset) => placeOf(pe, file.u32(directory + offset)));
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const text = file.text(placeOf(pe, file.u32(names! + middle * 4)));
    if (text === name) return file.u32(functions! + file.u16(ordinals! + middle * 2) * 4) !== 0;
    if (text < name) low = middle + 1;
    else high = middle;
  }
  return false;
}

function importsOf(pe: Pe): Need[] {
  const { file } = pe;
  const first = pe.directory(DIRECTORY.IMPORT);
  const needed: Need[] = [];
  for (let index = 0; first !== undefined && index < MOST_IMPORTS; index++) {
    const name = file.u32(first + index * 20 + 12);
    if (name === 0) break;
    needed.push({ name: file.text(placeOf(pe, name)), isWeak: false });
  }
  return needed;
}

/** The fixed part of the version resource: by type, by name, by language, of which the first ones do. */
function versionOf(pe: Pe): string | undefined {
  const { file } = pe;
  const root = pe.directory(DIRECTORY.RESOURCE);
  if (root === undefined) return undefined;
  const entry = (table: number, wanted: number | undefined): number | undefined => {
    const count = file.u16(table + 12) + file.u16(table + 14);
    for (let index = 0; index < count; index++) {
      const at = table + 16 + index * 8;
      if (wanted === undefined || file.u32(at) === wanted) return file.u32(at + 4);
    }
    return undefined;
  };
  let target = entry(root, RT_VERSION);
  // Three levels at most: type, name, language.
  for (let level = 0; level < 2 && target !== undefined && target >= SUBDIRECTORY; level++)
    target = entry(root + target - SUBDIRECTORY, undefined);
  if (target === undefined || target >= SUBDIRECTORY) return undefined;
  // wLength, wValueLength, wType, L"VS_VERSION_INFO", padding.
  const fixed = placeOf(pe, file.u32(root + target)) + 40;
  if (file.u32(fixed) !== FIXED_FILE_INFO) return undefined;
  return [8, 12].flatMap((at) => [file.u16(fixed + at + 2), file.u16(fixed + at)]).join('.');
}
