// macOS: natives in, its loader out. Not run on a Mac yet: held against a fake loader in the tests.
// Follows dlopen(3), dladdr(3), dyld(1) and dyld(3) of macOS 11 and later.
//
// RTLD_NODELETE keeps an image for good. Images are bound by two-level names (library and symbol), so that nothing of the
// executable's gets in their way. dyld looks into the current folder for a bare name, so it never gets one: the runtime makes
// absolute paths of it. Libraries of the system itself have no file, but dyld knows them by their path in /usr/lib.

import { existsSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import type { Natives, Platform } from './platform.ts';
import { posix } from './posix.ts';

const RTLD = { NOW: 0x2, LOCAL: 0x4, NOLOAD: 0x10, NODELETE: 0x80 } as const;
/** ((void *) -2) */
const RTLD_DEFAULT = 0xffff_ffff_ffff_fffen;
const SYSTEM = '/usr/lib';
/** Where Homebrew (on ARM and on Intel) and MacPorts put libraries. dyld's own fallback has /usr/local/lib and /usr/lib only. */
const PREFIXES = ['/opt/homebrew/lib', '/usr/local/lib', '/opt/local/lib'];

export function darwin(
  natives: Natives,
  env: NodeJS.ProcessEnv = process.env,
  exists: (path: string) => boolean = existsSync,
): Platform {
  const { dlopen, dlopenLater, probe, ...rest } = posix(natives, RTLD_DEFAULT);
  const images = () => imagesOf(natives);
  const find = (file: string): bigint | undefined => {
    const path = isAbsolute(file) ? file : images().find((image) => basename(image) === file);
    return path === undefined ? undefined : probe(path, RTLD.NOW | RTLD.NOLOAD);
  };
  return {
    ...rest,
    system: 'darwin',
    bindsDeep: false,
    candidates: (name) => candidatesIn(name, env, exists),
    load: (file) => dlopen(file, RTLD.NOW | RTLD.LOCAL | RTLD.NODELETE),
    ...(dlopenLater && { loadLater: (file) => dlopenLater(file, RTLD.NOW | RTLD.LOCAL | RTLD.NODELETE) }),
    find,
    // There is no dlinfo: the image whose handle it is. What was loaded last comes last.
    fileOf: (handle) => images().findLast((image) => probe(image, RTLD.NOW | RTLD.NOLOAD) === handle),
  };
}

/** Where a bare name is looked for. */
export function candidatesIn(name: string, env: NodeJS.ProcessEnv, exists: (path: string) => boolean): string[] {
  const given = [env.DYLD_LIBRARY_PATH, env.DYLD_FALLBACK_LIBRARY_PATH].flatMap((list) => list?.split(':') ?? []);
  const folders = [...given.filter(isAbsolute), ...PREFIXES];
  const files = folders.map((folder) => join(folder, name)).filter(exists);
  return [...new Set([...files, join(SYSTEM, name)])];
}

function imagesOf(natives: Natives): string[] {
  const count = natives.func<() => number>('_dyld_image_count', 'uint32', [])();
  const name = natives.func<(index: number) => string | null>('_dyld_get_image_name', 'text', ['uint32']);
  return Array.from({ length: count }, (_, index) => name(index)).filter((image) => image !== null);
}
