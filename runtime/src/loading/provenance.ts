// A loaded library and names of its symbols in, the file that provides each out, and whether it is one to be expected.
// Follows dladdr(3) and ld.so(8) ("LD_PRELOAD"); asks the loader, reads nothing but the library's own headers.

import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import type { SymbolSource } from '../types.ts';
import { walkClosure } from './closure.ts';
import { readElf } from './elf-reader.ts';
import type { Platform } from './platforms/platform.ts';
import type { Resident } from './residency.ts';

/** What a library's file says of itself; nothing where it is not an ELF file. */
export function identityOf(path: string | undefined): { soname: string | undefined; buildId: string | undefined } {
  const read = path === undefined ? undefined : readElf(path, ({ soname, buildId }) => ({ soname, buildId }));
  return read ?? { soname: undefined, buildId: undefined };
}

/** Where each symbol comes from. */
export function sourcesOf(
  platform: Platform,
  { handle, path }: Resident,
  target: string,
  symbols: Iterable<readonly [name: string, symbol: string]>,
): Record<string, SymbolSource> {
  const own = path === undefined ? undefined : real(path);
  const needed = namesOfClosure(path, target);
  const roles = new Map<string, SymbolSource['from']>();
  const sources = Object.create(null) as Record<string, SymbolSource>;
  for (const [name, symbol] of symbols) {
    const address = platform.dlsym(handle, symbol);
    if (address === null) continue;
    const file = platform.fileAt(address);
    const shared = platform.global(symbol);
    const other = shared === undefined || shared === address ? undefined : platform.fileAt(shared);
    sources[name] = {
      file,
      from: roleOf(file),
      ...(other === undefined || other === file ? {} : { shadowedBy: other }),
    };
  }
  return sources;

  function roleOf(file: string | undefined): SymbolSource['from'] {
    if (file === undefined) return 'unexpected';
    const role = roles.get(file) ?? judge(file);
    roles.set(file, role);
    return role;
  }

  function judge(file: string): SymbolSource['from'] {
    if (real(file) === own) return 'library';
    return needed === undefined || needed.has(basename(file)) ? 'dependency' : 'unexpected';
  }
}

/** The names that the library asks for, and those that these ask for; undefined where its file says nothing of that. */
function namesOfClosure(path: string | undefined, target: string): Set<string> | undefined {
  const names = new Set<string>();
  let isRead = false;
  if (path !== undefined) {
    walkClosure(path, target, {
      visit(_, elf) {
        isRead = true;
        for (const name of elf.needed) names.add(name);
        return undefined;
      },
    });
  }
  return isRead ? names : undefined;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
