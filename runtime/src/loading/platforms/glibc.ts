// Linux with the GNU C library: natives in, its loader out.
// Follows dlopen(3), dlvsym(3), dlinfo(3), <dlfcn.h> and <link.h> of glibc 2.17 and later.
//
// RTLD_NODELETE keeps a library for good. A bare name is searched by the loader: LD_LIBRARY_PATH, the cache, the trusted folders. It
// takes a library that is there already under that SONAME, from whatever file, so that all threads of a process have the same one.

import type { Natives, Platform } from './platform.ts';
import { posix } from './posix.ts';

const RTLD = { NOW: 0x2, NOLOAD: 0x4, DEEPBIND: 0x8, LOCAL: 0, NODELETE: 0x1000 } as const;
const RTLD_DI_LINKMAP = 2;

export function glibc(natives: Natives): Platform {
  const { dlopen, dlopenLater, probe, ...rest } = posix(natives, null);
  const flags = (deep: boolean) => RTLD.NOW | RTLD.LOCAL | RTLD.NODELETE | (deep ? RTLD.DEEPBIND : 0);
  return {
    ...rest,
    system: 'glibc',
    bindsDeep: true,
    candidates: (name) => [name],
    load: (file, { deep }) => dlopen(file, flags(deep)),
    ...(dlopenLater && { loadLater: (file, { deep }) => dlopenLater(file, flags(deep)) }),
    find: (file) => probe(file, RTLD.NOW | RTLD.NOLOAD),
    fileOf: (handle) => linkMapName(natives, handle),
    dlvsym: (handle, name, version) => versioned(natives, handle, name, version),
  };
}

type Dlvsym = (handle: bigint, name: string, version: string) => bigint | null;

/** A library without symbol versions has every symbol in whatever version it is asked for: that says nothing. */
function versioned(natives: Natives, handle: bigint, name: string, version: string): bigint | null | undefined {
  const dlvsym = natives.func<Dlvsym>('dlvsym', 'pointer', ['pointer', 'text', 'text']);
  const address = dlvsym(handle, name, version);
  return address === null || dlvsym(handle, name, NO_VERSION) === null ? address : undefined;
}

const NO_VERSION = 'DLSHIM_NO_SUCH_VERSION';

type Dlinfo = (handle: bigint, request: number, map: BigUint64Array) => number;

/** The name in a handle's link map: the path that the loader found. */
export function linkMapName(natives: Natives, handle: bigint): string | undefined {
  const map = linkMapOf(natives, handle);
  const name = map && natives.pointerAt(map + 8n);
  return name ? natives.stringAt(name) || undefined : undefined;
}

/** struct link_map: l_addr, l_name, l_ld, l_next, l_prev. */
export function linkMapOf(natives: Natives, handle: bigint): bigint | undefined {
  const dlinfo = natives.func<Dlinfo>('dlinfo', 'int', ['pointer', 'int', 'pointer']);
  const map = new BigUint64Array(1);
  return dlinfo(handle, RTLD_DI_LINKMAP, map) === 0 && map[0] ? map[0] : undefined;
}
