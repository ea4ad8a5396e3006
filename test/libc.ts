// What tests ask of the C library headers that come with dlshim: which there are, and which platforms have each.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../generator/src/target.ts';
import { root } from './tools.ts';

export const libc: string = join(root, 'headers/libc');
/** The compiler's own headers, which stand before them. */
export const freestanding: string = join(root, 'generator/include');

const MACROS: Readonly<Record<Target['platform'], string>> = {
  linux: '__linux__',
  darwin: '__APPLE__',
  win32: '_WIN32',
};

const all = readdirSync(libc, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.h') && !name.startsWith('dlshim/'))
  .sort();

/** The headers of a platform: all without a first condition that refuses it. */
export function headersOf({ platform }: Target): readonly string[] {
  return all.filter((name) => {
    const guard = /^#if(n?)def (__linux__|__APPLE__|_WIN32)\n#error "only /m.exec(
      readFileSync(join(libc, name), 'utf8'),
    );
    if (!guard) return true;
    const isDefined = guard[2] === MACROS[platform];
    return guard[1] === 'n' ? isDefined : !isDefined;
  });
}

/** The headers that the platform does not have. */
export function foreignHeaders(target: Target): readonly string[] {
  const own = new Set(headersOf(target));
  return all.filter((name) => !own.has(name));
}

/** Flags with which clang reads these headers, and no other's, for a target. */
export function clangFlags({ triple }: Target): string[] {
  return [`--target=${triple}`, '-std=gnu17', '-fsyntax-only', '-nostdinc', '-isystem', freestanding, '-I', libc];
}
