// --target: one header for five platforms, proved for each by clang; what another platform's headers, libraries and compilers
// need, said in words.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { missingSymbols } from '../../generator/src/exports/find.ts';
import { snapshotFromJson } from '../../generator/src/history/snapshot.ts';
import { allTargets, findTarget } from '../../generator/src/targets/targets.ts';
import { compilers, named, noGcc, noLibrary } from '../needs.ts';
import { dlshim } from '../tools.ts';

const noClang = compilers.find(({ cc }) => cc === 'clang')!.missing;
const folder = mkdtempSync(join(tmpdir(), 'dlshim-targets-'));
const flags = ['--header', 'kinds.h', '-I', folder, '--library', 'libkinds.so.1'];

writeFileSync(
  join(folder, 'kinds.h'),
  `#include <stddef.h>
#include <stdint.h>
#include <stdarg.h>
#include <limits.h>
enum choice { SMALL = -1, LARGE = 0x7fffffff, WRAPS, HUGE = 1LL << 40, NEXT };
enum tiny { ONE = 1 } __attribute__((packed));
struct sizes { long l; wchar_t w; size_t s; int64_t i; long double d; va_list list; enum choice c; enum tiny t; };
struct bits { char a : 3; int b : 5; unsigned c : 27; short d : 2; int : 0; char e : 1; };
#ifdef _WIN32
typedef unsigned __int64 wide;
#define WIDE 0xffffffffffui64
#define NARROW (1i8 + 0x7fffi16)
struct __declspec(align(32)) aligned { char c; };
#else
typedef unsigned long wide;
#define WIDE 0xffffffffffUL
#define NARROW 0x8000
struct __attribute__((aligned(32))) aligned { char c; };
#endif
#define LONGS (sizeof(long) * CHAR_BIT)
#define CHARS ((char)-1)
#define WCHARS ((wchar_t)-1)
#define LITERAL sizeof(4294967295)
#define HEX sizeof(0x80000000)
#define DIFFERENCE ((unsigned long)-1)
wide take(struct sizes *, struct bits *, struct aligned *, long, wchar_t, size_t, enum choice);
`,
);

describe.each(allTargets)('--target $name', ({ name }) => {
  test.skipIf(noClang)(named('is understood as clang understands it', noClang), () => {
    const run = dlshim('verify', ...flags, '--target', name, '--cc', 'clang', '--json');
    expect(run.stderr).toBe('');
    const [{ target, result }] = JSON.parse(run.stdout);
    expect({ target, failed: result.failed, errors: result.errors }).toEqual({ target: name, failed: [], errors: [] });
    expect(result.held).toBeGreaterThan(30);
  });

  test.skipIf(noClang)(named('and clang denies it for another target', noClang), () => {
    const other = findTarget(name === 'x86_64-windows' ? 'x86_64-linux-gnu' : 'x86_64-windows')!;
    const assertions = join(folder, `${name}.c`);
    const run = dlshim('verify', ...flags, '--target', name, '--cc', 'clang', '--emit', assertions);
    expect(run.stdout).toContain('all hold');
    const args = [`--target=${other.triple}`, '-fsyntax-only', '-ffreestanding', '-ferror-limit=0', '-w', '-I', folder];
    const { stderr } = spawnSync('clang', [...args, assertions], { encoding: 'utf8' });
    for (const label of ['sizeof struct bits', 'constant LONGS', 'offset of struct sizes.list', 'enumerator HUGE'])
      expect(stderr).toContain(`dlshim: ${label}`);
  });
});

test('an enumerator wraps where enumerations are ints', () => {
  const values = (target: string) => {
    const api = snapshotFromJson(dlshim('snapshot', ...flags, '--target', target).stdout);
    return Object.fromEntries(api.enums[0]!.enumerators.map((e) => [e.name, e.value]));
  };
  expect(values('x86_64-windows')).toMatchObject({ WRAPS: -(2n ** 31n), HUGE: 0n, NEXT: 1n });
  expect(values('aarch64-linux-gnu')).toMatchObject({ WRAPS: 2n ** 31n, HUGE: 2n ** 40n, NEXT: 2n ** 40n + 1n });
});

test('a target that is not there is named, with those that are', () => {
  const run = dlshim('generate', ...flags, '--target', 'vax-dec-ultrix');
  expect(run.status).toBe(2);
  expect(run.stderr).toMatch(/there is no target vax-dec-ultrix; there are x86_64-linux-gnu, aarch64-linux-gnu,/);
});

test('headers of this machine are not taken for those of another', () => {
  writeFileSync(join(folder, 'prints.h'), '#include <stdio.h>\nint prints(FILE *);\n');
  const run = dlshim(
    ...['generate', '--header', 'prints.h', '-I', folder, '--library', 'libprints.dll', '--target', 'x86_64-windows'],
  );
  expect(run.status).toBe(3);
  expect(run.stderr).toMatch(/stdio\.h.*not found/);
  expect(run.stderr).toContain('the headers of x86_64-windows are looked for with --sysroot');
});

test.skipIf(noGcc)(named('a compiler for another machine is not asked', noGcc), () => {
  const run = dlshim('verify', ...flags, '--target', 'arm64-apple-darwin', '--cc', 'gcc');
  expect(run.status).toBe(2);
  expect(run.stderr).toContain('gcc does not compile for arm64-apple-darwin; use clang: --cc clang');
});

const noLibc = noLibrary('libc.so.6');

test.skipIf(noLibc)(named('a library of another machine is not looked into', noLibc), () => {
  const { libraryDirs } = findTarget('x86_64-linux-gnu')!.elf!;
  const missing = (machine: number) =>
    missingSymbols(['libc.so.6'], ['printf', 'no_such_function'], ['/'], { machine, libraryDirs });
  expect(missing(62)).toEqual(['no_such_function']);
  expect(missing(183)).toBeUndefined();
});
