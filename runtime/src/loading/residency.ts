// What a thread knows of the libraries that are in memory to stay, and the one table that it has of each. There is no close, on
// purpose: a library with a live thread or a thread-local destructor crashes the process once it is unmapped. How a library
// is pinned is in platforms/.
//
// A process has one copy of a library, and that is the loader's to keep: every thread gets the same handle from it. Objects of
// JavaScript's belong to one thread, so each has its own table over that handle, and two installed copies of the runtime share it.

import type { ShimDescriptor } from '../contract/descriptor.ts';
import type { Disguise } from '../pretence.ts';
import type { Attempt } from '../types.ts';
import type { Image } from './images/image.ts';

/** A library that is in memory to stay. */
export interface Resident {
  readonly handle: bigint;
  /** The file, as the loader resolved it. */
  readonly path: string | undefined;
  /** Whether it is bound deep; undefined where it was in the process before this thread asked for it. */
  readonly deep: boolean | undefined;
  readonly attempts: readonly Attempt[];
  /** Where it is not loaded, but its file was read: what is in that. There is no handle then. */
  readonly image?: Image;
  /** What a test pretends that it is. */
  readonly disguise?: Disguise;
}

/** The tables of one thread: by library for the native handle, by library and stamp for the function table. */
export interface Registry {
  readonly residents: Map<string, Resident>;
  readonly tables: Map<string, unknown>;
  /** Handles that were loaded and not opened: looked at only, or refused. */
  readonly idle: Set<bigint>;
}

// The number rises with the shape of what is shared: copies of the runtime that differ in it have a table each.
const KEY = Symbol.for('@dlshim/residency/3');

/** This thread's registry. Two installed copies of the runtime find the same one, under a registered symbol. */
export function registry(): Registry {
  const holder = globalThis as { [KEY]?: Registry };
  if (!holder[KEY]) {
    const value: Registry = { residents: new Map(), tables: new Map(), idle: new Set() };
    Object.defineProperty(holder, KEY, { value });
  }
  return holder[KEY] as Registry;
}

/** Notes that a library was loaded and not opened, unless a shim has it open. */
export function setIdle({ handle }: Resident): void {
  const { residents, idle } = registry();
  if (![...residents.values()].some((resident) => resident.handle === handle)) idle.add(handle);
}

/** Which library a shim means: two of one name that have other file names, such as libx.so.1 and libx.so.2, are two libraries. */
export function libraryKey({ library, files }: ShimDescriptor): string {
  const names = Object.hasOwn(files, process.platform) ? (files[process.platform] ?? []) : [];
  return [library, ...names].join('\0');
}

/** The key of a table: the same library under another stamp is another table over the same handle. */
export function tableKey(descriptor: ShimDescriptor): string {
  return `${libraryKey(descriptor)}\0\0${descriptor.stamp}`;
}
