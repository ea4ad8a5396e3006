// --target: one header for five platforms, proved for each by clang; what another platform's headers, libraries and compilers
// need, said in words.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findExports } from '../../generator/src/exports/find.ts';
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
    findExports(['libc.so.6'], ['printf', 'no_such_function'], ['/'], { machine, libraryDirs })?.missing;
  expect(missing(62)).toEqual(['no_such_function']);
  expect(missing(183)).toBeUndefined();
});

describe('a library for several targets', () => {
  const project = mkdtempSync(join(tmpdir(), 'dlshim-project-'));
  const header = (text: string) => writeFileSync(join(project, 'both.h'), text);
  const config = (more: object = {}) => {
    const library = {
      ...{
        name: 'libboth',
        version: '1.0',
        headers: ['both.h'],
        includeDirs: ['.'],
        files: { linux: ['libboth.so.1'], win32: ['both.dll'] },
      },
      ...{ targets: ['x86_64-windows', 'aarch64-linux-gnu', 'x86_64-linux-gnu'], snapshot: 'both.json', ...more },
    };
    writeFileSync(join(project, 'dlshim.config.json'), JSON.stringify({ out: 'shims', libraries: [library] }));
  };
  const run = (command: string, ...more: string[]) =>
    dlshim(command, '--config', join(project, 'dlshim.config.json'), ...more);
  const files = () => readdirSync(project).filter((name) => name.startsWith('both.') && name.endsWith('.json'));

  test('keeps one snapshot for targets whose Apis are the same, and generates from it what the headers give', () => {
    config();
    header('long answer(struct deep *);\n#ifdef _WIN32\n#define SYSTEM 1\n#else\n#define SYSTEM 2\n#endif\n');
    expect(run('snapshot', '--save')).toMatchObject({ status: 0, stderr: '' });
    expect(files()).toEqual(['both.json', 'both.x86_64-windows.json']);
    const main = JSON.parse(readFileSync(join(project, 'both.json'), 'utf8'));
    expect(main.target).toEqual(['x86_64-linux-gnu', 'aarch64-linux-gnu']);
    expect(run('generate')).toMatchObject({ status: 0, stderr: '' });
    expect(run('generate', '--from-snapshot', '--check')).toMatchObject({ status: 0 });
    const text = readFileSync(join(project, 'shims/libboth.ts'), 'utf8');
    expect(text).toContain("answer: { '*': 'i64(*deep)', 'x86_64-windows': 'i32(*deep)' }");
    expect(text).toContain('constant SYSTEM (both.h:5): it is 1 for x86_64-windows; 2 for the others');
    expect(run('snapshot').stderr).toContain('differs between x86_64-linux-gnu, aarch64-linux-gnu, x86_64-windows');
  });

  test('removes the snapshots that no target needs any more, and misses those of a target that came later', () => {
    config();
    header('int answer(void);\n');
    expect(run('snapshot', '--save').status).toBe(0);
    expect(files()).toEqual(['both.json']);
    config({ targets: ['x86_64-linux-gnu', 'arm64-apple-darwin'] });
    const late = run('generate', '--from-snapshot');
    expect(late.status).toBe(2);
    expect(late.stderr).toMatch(/neither .*both\.json nor a file beside it is of arm64-apple-darwin/);
  });

  test('is not written where a target has nothing, or its headers fail, and the target is named', () => {
    config();
    header('#ifndef _WIN32\nint answer(void);\n#endif\n');
    const nothing = run('generate');
    expect(nothing.status).toBe(2);
    expect(nothing.stderr).toContain('for x86_64-windows: of what the headers declare nothing can be carried');
    header('#ifdef __aarch64__\n#error not on this machine\n#endif\nint answer(void);\n');
    const fails = run('generate');
    expect(fails.status).toBe(3);
    expect(fails.stderr).toContain('not on this machine');
    expect(fails.stderr).toContain('while reading for aarch64-linux-gnu');
    expect(fails.stderr).not.toContain('while reading for x86_64-linux-gnu');
  });

  test('has no feature, version call or weak function that only some targets have', () => {
    header('int answer(void);\n#ifdef _WIN32\nvoid *told(void);\n#else\nint told(void);\nint asked(void);\n#endif\n');
    config({ features: { asking: ['asked'] } });
    expect(run('generate').stderr).toContain('for x86_64-windows: `features.asking` names asked');
    config({ features: { telling: ['told'] } });
    expect(run('generate').stderr).toContain('`features.telling` has no function that is carried for all targets');
    config({ versionCall: { symbol: 'told', kind: 'string' } });
    expect(run('generate').stderr).toContain('`versionCall` names told, which is not carried for all targets');
    config({ targets: ['z80-unknown-none'] });
    expect(run('generate').stderr).toMatch(/targets\.0: one of x86_64-linux-gnu,/);
  });

  test('that has no file name for one of its systems says so, and is written', () => {
    header('int answer(void);\n');
    config({ targets: ['x86_64-linux-gnu', 'arm64-apple-darwin'] });
    const result = run('generate');
    expect(result.status).toBe(0);
    expect(result.stderr).toContain('libboth has no file name for darwin');
    expect(result.stderr).not.toContain('linux');
  });
});
