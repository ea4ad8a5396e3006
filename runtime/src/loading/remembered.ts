// Symbols of open libraries in, where they stand out, also while the loader is at a library that does not let go of it: what is open is
// looked up before (dlsym(3) takes the loader's lock). Of this thread; nothing is ever unloaded, so that an address stays.

import { systemLoader } from '../ffi.ts';

const addresses = new Map<bigint, Map<string, bigint | null>>();

/** Looks symbols up for later. */
export function rememberSymbols(handle: bigint, names: Iterable<string>): void {
  const known = addresses.get(handle) ?? new Map<string, bigint | null>();
  addresses.set(handle, known);
  const { dlsym } = systemLoader();
  for (const name of names) if (!known.has(name)) known.set(name, dlsym(handle, name));
}

/** What dlsym(3) says. */
export function symbolOf(handle: bigint, name: string): bigint | null {
  const known = addresses.get(handle)?.get(name);
  return known === undefined ? systemLoader().dlsym(handle, name) : known;
}
