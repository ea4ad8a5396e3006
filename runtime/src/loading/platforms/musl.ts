// Linux with musl (Alpine): natives in, its loader out.
// Follows <dlfcn.h> and the behaviour of musl 1.2's dynamic linker, which its documentation states: "dlclose is a no-op".
//
// Nothing is ever unloaded, whatever the flags say; RTLD_NODELETE is given all the same, for other C libraries with this interface.
// There is no RTLD_DEEPBIND: names are bound in the order of the process, the executable first. A library that was loaded by its
// path is not known by its bare name, and a second copy would be loaded: so the list of what is loaded is asked first.

import { basename } from 'node:path';
import { linkMapName, linkMapOf } from './glibc.ts';
import type { Natives, Platform } from './platform.ts';
import { posix } from './posix.ts';

const RTLD = { NOW: 0x2, NOLOAD: 0x4, LOCAL: 0, NODELETE: 0x1000 } as const;

export function musl(natives: Natives): Platform {
  const { dlopen, dlopenLater, probe, ...rest } = posix(natives, null);
  const open = natives.func<(file: null, flags: number) => bigint | null>('dlopen', 'pointer', ['text', 'int']);

  /** The path under which a bare name is loaded. The list only grows, so that it can be read without a lock. */
  function loadedAs(name: string): string | undefined {
    const self = open(null, RTLD.NOW);
    let map: bigint | null = (self && linkMapOf(natives, self)) ?? null;
    for (; map !== null; map = natives.pointerAt(map + 24n)) {
      const text = natives.pointerAt(map + 8n);
      const path = text === null ? '' : natives.stringAt(text);
      if (basename(path) === name) return path;
    }
    return undefined;
  }
  const resolve = (file: string): string => (file.includes('/') ? file : (loadedAs(file) ?? file));

  return {
    ...rest,
    system: 'musl',
    bindsDeep: false,
    candidates: (name) => [name],
    load: (file) => dlopen(resolve(file), RTLD.NOW | RTLD.LOCAL | RTLD.NODELETE),
    ...(dlopenLater && { loadLater: (file) => dlopenLater(resolve(file), RTLD.NOW | RTLD.LOCAL | RTLD.NODELETE) }),
    find: (file) => probe(resolve(file), RTLD.NOW | RTLD.NOLOAD),
    fileOf: (handle) => linkMapName(natives, handle),
  };
}
