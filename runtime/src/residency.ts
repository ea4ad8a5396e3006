// What keeps a library in memory, and the one table that each thread has of it. There is no close, on purpose: a library with
// a live thread or a thread-local destructor crashes the process once it is unmapped.
// Follows dlopen(3) of glibc, of musl and of macOS; the flags' values differ and are data here.

import type { Disguise } from './pretence.ts';
import type { Attempt } from './types.ts';

/** How a library is opened so that it stays: the flags of one system's dlopen. */
export interface Pinning {
  readonly system: 'glibc' | 'musl' | 'darwin';
  /** For dlopen: bind everything now, keep its names to itself, never unload. */
  readonly flags: number;
  /** RTLD_DEEPBIND, where there is one: prefer its own dependencies' symbols to those that the `node` executable exports
   *  (OpenSSL, zlib). Left out for libraries that copied-data.ts names. */
  readonly deep: number;
  /** RTLD_NOLOAD | RTLD_NOW: a handle if the file is resident already, without loading it. */
  readonly probe: number;
  /** Whether dlinfo(RTLD_DI_LINKMAP) tells the file that was loaded; if not, the name that was asked for has to do. */
  readonly linkMap: boolean;
}

const RTLD_NOW = 2;
const PINNINGS: Readonly<Record<Pinning['system'], Pinning>> = {
  // RTLD_NODELETE 0x1000, RTLD_DEEPBIND 8, RTLD_LOCAL 0, RTLD_NOLOAD 4
  glibc: { system: 'glibc', flags: RTLD_NOW | 0x1000, deep: 0x8, probe: RTLD_NOW | 0x4, linkMap: true },
  // musl has no RTLD_DEEPBIND, and never unloads anyway
  musl: { system: 'musl', flags: RTLD_NOW | 0x1000, deep: 0, probe: RTLD_NOW | 0x4, linkMap: true },
  // RTLD_LOCAL 4, RTLD_NODELETE 0x80, RTLD_NOLOAD 0x10; two-level namespaces make DEEPBIND needless
  darwin: { system: 'darwin', flags: RTLD_NOW | 0x4 | 0x80, deep: 0, probe: RTLD_NOW | 0x10, linkMap: false },
};

/** The flags of this system; undefined where there is no dlopen (Windows would pin with GetModuleHandleEx: not done yet). */
export function pinning(platform: string, isGlibc: () => boolean): Pinning | undefined {
  if (platform === 'darwin') return PINNINGS.darwin;
  if (platform === 'linux') return isGlibc() ? PINNINGS.glibc : PINNINGS.musl;
  return undefined;
}

/** A library that is in memory to stay. */
export interface Resident {
  readonly handle: bigint;
  /** The file, as the loader resolved it. */
  readonly path: string | undefined;
  readonly attempts: readonly Attempt[];
  /** What a test pretends that it is. */
  readonly disguise?: Disguise;
}

/** The tables of one thread: by library for the native handle, by library and stamp for the function table. */
export interface Registry {
  readonly residents: Map<string, Resident>;
  readonly tables: Map<string, unknown>;
}

const KEY = Symbol.for('@dlshim/residency/1');

/** This thread's registry. Two installed copies of the runtime find the same one, under a registered symbol. */
export function registry(): Registry {
  const holder = globalThis as { [KEY]?: Registry };
  if (!holder[KEY]) {
    Object.defineProperty(holder, KEY, { value: { residents: new Map(), tables: new Map() } satisfies Registry });
  }
  return holder[KEY] as Registry;
}

/** The key of a table: the same library under another stamp is another table over the same handle. */
export function tableKey(library: string, stamp: string): string {
  return `${library}\0${stamp}`;
}
