// --sysroot builtin: the storage libraries and libbz2 give the same shim, byte for byte, with the C library headers that come with dlshim
// as with the system's; and clang accepts what dlshim read with them, on every platform that the library's headers know.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allTargets } from '../../generator/src/targets/targets.ts';
import { compilers, library, named, noHeadersOf } from '../needs.ts';
import { dlshim } from '../tools.ts';

const noClang = compilers.find(({ cc }) => cc === 'clang')!.missing;

const LIBRARIES = [
  'librbd',
  'librados',
  'libcephfs',
  'libiscsi',
  'libcurl',
  'libssh2',
  'libssh',
  'libgfapi',
  'libnfs',
  'libbz2',
];
/** Their headers include POSIX's whatever the platform. */
const WITHOUT_WINDOWS = ['librbd', 'librados', 'libcephfs', 'libgfapi'];

describe.each(LIBRARIES)('%s', (name) => {
  const missing = noHeadersOf(library(name)!);
  const out = mkdtempSync(join(tmpdir(), 'dlshim-builtin-'));

  test.skipIf(missing)(named('has the same shim with the builtin C library as with the system', missing), () => {
    // From the installed headers alone: the shim that is committed comes from its history.
    const { headers, own = [], defines = [], pkgConfig = [], files } = library(name)!;
    const each = (flag: string, values: readonly string[]): string[] => values.flatMap((value) => [flag, value]);
    const source = [
      ...each('--header', headers),
      ...each('--own', own),
      ...each('--define', defines),
      ...each('--pkg-config', pkgConfig),
      ...each('--library', files.linux!.slice(0, 1)),
    ];
    for (const flags of [[], ['--sysroot', 'builtin']]) {
      const run = dlshim('generate', ...source, '--name', name, '--out', join(out, `with${flags.length}`), ...flags);
      expect(run).toMatchObject({ status: 0, stderr: '' });
    }
    const [system, builtin] = ['with0', 'with2'].map((folder) => readFileSync(join(out, folder, `${name}.ts`), 'utf8'));
    expect(builtin!.length).toBeGreaterThan(5000);
    expect(builtin).toBe(system);
  });

  for (const target of allTargets) {
    const reason = missing ?? noClang;
    const flags = [name, '--sysroot', 'builtin', '--target', target.name] as const;
    if (target.platform === 'win32' && WITHOUT_WINDOWS.includes(name)) {
      test.skipIf(reason)(named(`is refused on ${target.name} by the header that is missing there`, reason), () => {
        const run = dlshim('snapshot', ...flags);
        expect(run.status).toBe(3);
        expect(run.stderr).toContain('only POSIX systems have this header');
      });
      continue;
    }
    test.skipIf(reason)(named(`is for ${target.name} what clang says`, reason), () => {
      const run = dlshim('verify', ...flags, '--cc', 'clang', '--json');
      expect(run.stderr).toBe('');
      const [{ result }] = JSON.parse(run.stdout);
      expect([...result.failed, ...result.errors]).toEqual([]);
      expect(result.held).toBeGreaterThan(name === 'libbz2' ? 90 : 200);
    });
  }
});

describe('where headers are looked for', () => {
  /** A library in a folder of its own, and a system with another C library. */
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-builtin-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('own/drive.h', '#include <sys/time.h>\n#include <extra.h>\nint drive(struct timeval *, extra_t);\n');
  write('system/usr/include/extra.h', '#include <stdio.h>\ntypedef off_t extra_t;\n');
  write('system/usr/include/stdio.h', '#error "the C library of the system"\n');
  write('system/usr/include/sys/only.h', '#include <bits/only.h>\n');
  write('system/usr/include/bits/only.h', 'typedef int only_t;\n');
  write('own/only.h', '#include <sys/only.h>\nonly_t only(void);\n');
  const flags = ['--sysroot', 'builtin', '--sysroot', join(folder, 'system')];

  test('other libraries are found in the system, the C library in dlshim', () => {
    const run = dlshim('snapshot', '--header', 'drive.h', '-I', join(folder, 'own'), ...flags);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(run.stdout).functions).toEqual([
      { name: 'drive', at: 'drive.h:3', type: 'fn(*<struct timeval>, @extra_t) int' },
    ]);
  });

  test("a folder of a C library keeps its place behind dlshim's when -I names it", () => {
    const include = join(folder, 'system/usr/include');
    const run = dlshim('snapshot', '--header', 'drive.h', '-I', join(folder, 'own'), '-I', include, ...flags);
    expect(run).toMatchObject({ status: 0, stderr: '' });
  });

  test('a header of another C library is refused where it would mix, with words on what to do', () => {
    const run = dlshim('snapshot', '--header', 'only.h', '-I', join(folder, 'own'), ...flags);
    expect(run.status).toBe(3);
    expect(run.stderr).toContain('sys/only.h:1:10: error: header "bits/only.h" not found');
    expect(run.stderr).toContain("with --sysroot builtin the system's own C library is left alone");
  });

  test("a header of the C library that is named before the library's own is none of the library's", () => {
    write('own/late.h', 'int late(struct timeval *);\n');
    const entries = ['--header', 'sys/time.h', '--header', 'late.h', '-I', join(folder, 'own')];
    for (const system of [[], ['--sysroot', 'builtin']]) {
      const { status, stdout } = dlshim('snapshot', ...entries, ...system);
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ ownHeaders: ['late.h'], functions: [{ name: 'late' }] });
    }
    const alone = JSON.parse(dlshim('snapshot', '--header', 'sys/time.h', '--sysroot', 'builtin').stdout);
    expect(alone.functions.map((d: { name: string }) => d.name)).toContain('gettimeofday');
  });

  test("a header that another one includes first is still the library's own where it is named", () => {
    write('own/first.h', '#include <second.h>\nint first(void);\n');
    write('own/second.h', 'int second(void);\n');
    const entries = ['--header', 'first.h', '--header', 'second.h', '-I', join(folder, 'own')];
    const { functions } = JSON.parse(dlshim('snapshot', ...entries).stdout);
    expect(functions.map((d: { name: string }) => d.name)).toEqual(['second', 'first']);
  });

  test('headers that ask what the C library defines get the same answer', () => {
    const asked = [
      'va_start',
      'EAI_NODATA',
      'EAI_ADDRFAMILY',
      'AF_BLUETOOTH',
      'SOL_BLUETOOTH',
      'AF_MPLS',
      'IPPROTO_GRE',
    ];
    const text = asked.map((name) => `#ifdef ${name}\n#define HAS_${name} 1\n#else\n#define HAS_${name} 0\n#endif\n`);
    const includes = ['stdio.h', 'wchar.h', 'err.h', 'syslog.h', 'netdb.h', 'sys/socket.h', 'netinet/in.h'];
    write('own/asks.h', `${includes.map((name) => `#include <${name}>\n`).join('')}${text.join('')}int asks(void);\n`);
    for (const define of [[], ['-D', '_GNU_SOURCE']]) {
      const flags = ['--header', 'asks.h', '-I', join(folder, 'own'), '--own', join(folder, 'own/asks.h'), ...define];
      const constants = (...more: string[]): unknown =>
        JSON.parse(dlshim('snapshot', '--facts', ...flags, ...more).stdout).constants;
      expect(constants('--sysroot', 'builtin')).toEqual(constants());
    }
  });

  test('no system is needed', () => {
    const alone = mkdtempSync(join(tmpdir(), 'dlshim-alone-'));
    mkdirSync(join(alone, 'empty'));
    const header = 'drive.h';
    cpSync(join(folder, 'own'), join(alone, 'own'), { recursive: true });
    writeFileSync(join(alone, 'own/extra.h'), '#include <stddef.h>\ntypedef size_t extra_t;\n');
    for (const { name } of allTargets) {
      const run = dlshim(
        'snapshot',
        '--header',
        header,
        '-I',
        join(alone, 'own'),
        '--sysroot',
        'builtin',
        '--sysroot',
        join(alone, 'empty'),
        '--target',
        name,
      );
      expect(run).toMatchObject({ status: 0, stderr: '' });
      expect(JSON.parse(run.stdout).records.map((d: { name: string }) => d.name)).toEqual(['timeval']);
    }
    expect(existsSync(join(alone, 'empty/usr'))).toBe(false);
  });
});
