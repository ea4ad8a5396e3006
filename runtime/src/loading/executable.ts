// Which file is the program of this process: nothing in, its path out. Linux only. Follows proc(5) and ld.so(8).
//
// That is /proc/self/exe, but where the loader was started itself and given the program, as one does to run it on another C library
// (`ld-linux-x86-64.so.2 --library-path … node`): then that is the loader, and the program stands in argv[0].

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readElf } from './elf-reader.ts';

let known: string | undefined;

export function executable(): string {
  known ??= executableOf('/proc/self/exe', process.argv0);
  return known;
}

/** A program has no SONAME, and a loader has one. */
export function executableOf(exe: string, argv0: string): string {
  const started = resolve(argv0);
  return readElf(exe, ({ soname }) => soname?.startsWith('ld-')) === true && existsSync(started) ? started : exe;
}
