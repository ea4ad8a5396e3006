// dlopen, dlsym and their like, for the platforms that have them: natives in, functions over them out.
// Follows POSIX (dlopen, dlsym, dlerror, lfind) and dladdr(3).

import type { Natives } from './platform.ts';

/** The part of a loader that glibc, musl and macOS have in common. */
export interface Posix {
  /** The handle, or the loader's own words. */
  dlopen(file: string, flags: number): bigint | string;
  /** The same on the thread pool. */
  readonly dlopenLater: ((file: string, flags: number) => Promise<bigint | string>) | undefined;
  /** A handle of what is loaded already, or undefined. `flags` have RTLD_NOLOAD. */
  probe(file: string, flags: number): bigint | undefined;
  dlsym(handle: bigint, name: string): bigint | null;
  lacking(handle: bigint, names: readonly string[]): string[];
  fileAt(address: bigint): string | undefined;
  /** What RTLD_DEFAULT finds. */
  global(name: string): bigint | undefined;
}

/** `rtldDefault` is the pseudo-handle's value: a null pointer but on macOS. */
export function posix(natives: Natives, rtldDefault: bigint | null): Posix {
  const dlopen = natives.func<(file: string, flags: number) => bigint | null>('dlopen', 'pointer', ['text', 'int']);
  const dlerror = natives.func<() => string | null>('dlerror', 'text', []);
  const dlsym = natives.func<(handle: bigint | null, name: string) => bigint | null>('dlsym', 'pointer', [
    'pointer',
    'text',
  ]);
  let dladdr: ((address: bigint, info: BigUint64Array) => number) | undefined;
  const open = (file: string, flags: number) =>
    dlopen(file, flags) ?? dlerror() ?? `${file}: the loader gave no reason`;
  const later = natives.later?.(dlopen);
  return {
    dlopen: open,
    // dlerror(3) speaks to the thread that was refused: this one asks again, and is told.
    dlopenLater: later && (async (file, flags) => (await later(file, flags)) ?? open(file, flags)),
    probe: (file, flags) => dlopen(file, flags) ?? undefined,
    dlsym,
    lacking: (handle, names) => lacking(natives, dlsym, handle, names),
    fileAt(address) {
      dladdr ??= natives.func('dladdr', 'int', ['pointer', 'pointer']);
      const info = new BigUint64Array(4); // Dl_info: dli_fname, dli_fbase, dli_sname, dli_saddr
      return dladdr(address, info) !== 0 && info[0] ? natives.stringAt(info[0]) : undefined;
    },
    global: (name) => dlsym(rtldDefault, name) ?? undefined,
  };
}

type Lfind = (key: bigint, base: bigint, count: BigUint64Array, width: number, compare: bigint) => bigint | null;

/** Asks for thousands of symbols in a few calls of C's: lfind(3) goes through the rows of an array until its comparison says 0, and
 *  dlsym, called with the handle for a key and a name for a row, says 0 where there is no such symbol. A call for each name
 *  would take five times as long. Rows are of one length, and so are the names of one array. */
function lacking(
  natives: Natives,
  dlsym: (handle: bigint, name: string) => bigint | null,
  handle: bigint,
  names: readonly string[],
): string[] {
  const compare = natives.symbol('dlsym');
  if (compare === undefined || names.length < 8) return names.filter((name) => dlsym(handle, name) === null);
  const lfind = natives.func<Lfind>('lfind', 'pointer', ['pointer', 'pointer', 'pointer', 'size', 'pointer']);
  const byLength: string[][] = [];
  for (const name of names) {
    const group = byLength[name.length];
    if (group === undefined) byLength[name.length] = [name];
    else group.push(name);
  }
  const missing: string[] = [];
  for (const group of byLength) {
    if (group === undefined) continue;
    const rows = Buffer.from(`${group.join('\0')}\0`, 'latin1');
    const width = group[0]!.length + 1;
    const base = natives.addressOf(rows);
    for (let row = 0; row < group.length; row++) {
      const left = BigUint64Array.of(BigInt(group.length - row));
      const found = lfind(handle, base + BigInt(row * width), left, width, compare);
      if (found === null) break;
      row = Number(found - base) / width;
      // lfind looks at the lower half of the address only.
      if (dlsym(handle, group[row]!) === null) missing.push(group[row]!);
    }
  }
  return missing;
}
