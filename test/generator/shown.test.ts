// What a shim shows of types that are not the library's own: what the ABI says of them, however their header spells it.

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dlshim } from '../tools.ts';

const OWN = `#include <other/types.h>
typedef struct drive { struct place at; moment_t when; struct _secret inside; } drive;
int drive_to(drive *, const struct place *, struct _hidden *, moment_t, speed_t);
typedef moment_t drive_time;
`;

/** Private names, an order and members of its own. */
const ONE = `typedef long __moment_t;
typedef __moment_t moment_t;
typedef enum { SLOW, FAST } speed_t;
struct __part { int low, high; };
struct _secret { struct __part part; char pad[8]; };
struct _marker { int x; };
struct _hidden { struct _marker *marks; int count; };
struct place { __moment_t x; __moment_t y; struct __part __reserved[2]; struct _marker *__next; };
`;

/** The same to a program. */
const OTHER = `


struct _hidden { double other; };
struct place { long x; long y; int __pad[4]; void *__dlshim_pad; };
typedef enum { SLOW, FAST } speed_t;
typedef long moment_t;
struct _secret { int __words[4]; };
`;

function shimWith(types: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-shown-'));
  mkdirSync(join(folder, 'include/other'), { recursive: true });
  mkdirSync(join(folder, 'own'));
  writeFileSync(join(folder, 'include/other/types.h'), types);
  writeFileSync(join(folder, 'own/drive.h'), OWN);
  const folders = ['-I', join(folder, 'own'), '-I', join(folder, 'include')];
  const run = dlshim('generate', '--header', 'drive.h', ...folders, '--library', 'libdrive.so.1', '--out', folder);
  expect(run).toMatchObject({ status: 0, stderr: '' });
  return readFileSync(join(folder, 'libdrive.ts'), 'utf8');
}

test('two headers that say the same in other words give one shim', () => {
  expect(shimWith(OTHER)).toBe(shimWith(ONE));
});

test('it has the other types behind its own, by name, without places and private parts', () => {
  const shim = shimWith(ONE);
  expect(shim).toContain('/** `struct place`, 40 bytes. */');
  expect(shim).toMatch(/export interface drive [\s\S]*export interface place /);
  expect(shim).toContain("at: ['{place}', 0],");
  expect(shim).toContain("inside: ['u8[16]', 48],");
  expect(shim).toContain('export const FAST = 1;');
  expect(shim).not.toMatch(/other\/types\.h|__part|__reserved|_marker|__next|__moment_t/);
});

test('members of the library that have reserved names are shown', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-shown-'));
  writeFileSync(join(folder, 'own.h'), 'struct own { int __value; int _Other; };\nint own(struct own *);\n');
  const run = dlshim('generate', '--header', 'own.h', '-I', folder, '--library', 'libown.so.1', '--out', folder);
  expect(run.status).toBe(0);
  expect(readFileSync(join(folder, 'libown.ts'), 'utf8')).toMatch(/__value: \['i32', 0\],\n\s*_Other: \['i32', 4\]/);
});

test('an enumeration of others that only a typedef names has its type where their members use it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-shown-'));
  const types =
    'typedef enum { NEAR, FAR } reach_t;\nstruct gear { reach_t reach; struct { reach_t _last[2]; } of; };\n';
  writeFileSync(join(folder, 'types.h'), types);
  writeFileSync(join(folder, 'own.h'), '#include "types.h"\nint shift(struct gear *);\n');
  const flags = ['--header', 'own.h', '-I', folder, '--own', join(folder, 'own.h'), '--library', 'libown.so.1'];
  expect(dlshim('generate', ...flags, '--out', folder)).toMatchObject({ status: 0, stderr: '' });
  const shim = readFileSync(join(folder, 'libown.ts'), 'utf8');
  expect(shim).toMatch(/export type reach_t = c\.Enum<0 \| 1>;/);
  expect(shim).toMatch(/\n {2}reach: reach_t;/);
});
