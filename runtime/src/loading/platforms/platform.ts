// What the runtime asks of an operating system's loader, and what a platform file gets to answer with. Types, and the choice of
// the file. Every platform is written against `Natives`, so that a fake can stand in for a system that is not at hand.

import { darwin } from './darwin.ts';
import { glibc } from './glibc.ts';
import { musl } from './musl.ts';
import { windows } from './windows.ts';

/** The types of C that the loaders' functions take and return. `text` is `const char *`, `text16` Windows' `const wchar_t *`. */
export type NativeType = 'void' | 'int' | 'uint32' | 'size' | 'pointer' | 'text' | 'text16';

/** C functions of the process, as koffi gives them (ffi.ts). Pointers are bigints, the null pointer is null; memory of
 *  JavaScript's may be passed for a pointer, and is valid during the call. */
export interface Natives {
  /** A function of the process itself; on Windows, of a system DLL that every process has. */
  func<F extends (...args: never[]) => unknown>(
    name: string,
    result: NativeType,
    parameters: readonly NativeType[],
    dll?: string,
  ): F;
  /** One of these functions on the thread pool. What it leaves behind in its thread, such as an error's words, is out of reach. */
  later?<A extends unknown[], R>(func: (...args: A) => R): (...args: A) => Promise<R>;
  /** The address of a symbol of the process; undefined where it has none. */
  symbol(name: string): bigint | undefined;
  /** The address of memory of JavaScript's. It must be kept alive by the caller. */
  addressOf(memory: ArrayBufferView): bigint;
  /** The pointer that is stored at an address. */
  pointerAt(address: bigint): bigint | null;
  stringAt(address: bigint): string;
}

/** How a library is asked for. */
export interface LoadOptions {
  /** Whether it prefers its own dependencies' symbols to those of the executable, where a platform has the choice. */
  readonly deep: boolean;
}

/** One operating system's loader. Nothing of it unloads. */
export interface Platform {
  readonly system: 'glibc' | 'musl' | 'darwin' | 'windows';
  /** Whether there is a choice to bind deep (RTLD_DEEPBIND). */
  readonly bindsDeep: boolean;
  /** What to hand to the loader for a bare file name, in order. The loader itself must not look into the current folder for it. */
  candidates(name: string): readonly string[];
  /** Loads a library to stay as long as the process lives. Its handle, or the loader's own words. */
  load(file: string, options: LoadOptions): bigint | string;
  /** The same on the thread pool, where that is known to work. The loader's lock is held meanwhile: whoever asks the loader for anything
   *  waits. */
  loadLater?(file: string, options: LoadOptions): Promise<bigint | string>;
  /** The handle of a library that is in the process already, by path or by file name. Loads nothing. */
  find(file: string): bigint | undefined;
  /** The address of a symbol, in the library or in what it needs. */
  dlsym(handle: bigint, name: string): bigint | null;
  /** The address of a symbol in one of its versions, where a platform has versions of symbols; null where there is no such version of it,
   *  undefined where the library has no versions of it at all. */
  dlvsym?(handle: bigint, name: string, version: string): bigint | null | undefined;
  /** Which of these symbols `dlsym` would not find. */
  lacking(handle: bigint, names: readonly string[]): string[];
  /** The file behind a handle, as the loader resolved it. */
  fileOf(handle: bigint): string | undefined;
  /** The file that an address belongs to. */
  fileAt(address: bigint): string | undefined;
  /** The address that the rest of the process finds under a name, where a platform has names that all share. */
  global(name: string): bigint | undefined;
}

/** The loader of this system. Where shims cannot be generated for it, targets.ts has refused before. */
export function createPlatform(natives: Natives, system: NodeJS.Platform = process.platform): Platform {
  if (system === 'win32') return windows(natives);
  if (system === 'darwin') return darwin(natives);
  return natives.symbol('gnu_get_libc_version') === undefined ? musl(natives) : glibc(natives);
}
