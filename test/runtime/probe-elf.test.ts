// ELF files are read as nm and readelf read them: symbols, their versions, of every class, byte order and hash table; and files
// that are damaged are said to be that. Run: npx vitest run test/runtime/probe-elf.test.ts

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { hostTarget } from '../../runtime/src/contract/targets.ts';
import { openElf } from '../../runtime/src/loading/elf-reader.ts';
import { DamagedError } from '../../runtime/src/loading/images/bytes.ts';
import { readElfImage } from '../../runtime/src/loading/images/elf-image.ts';
import { readShallowly } from '../../runtime/src/loading/images/elf-shallow.ts';
import { definedVersions, ElfSymbols, eachNeededVersion } from '../../runtime/src/loading/images/elf-symbols.ts';
import { firstPlace } from '../../runtime/src/loading/search.ts';
import { out } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

const folder = join(out, 'probe-elf');
const SOURCE = `
int probe_data = 1; int probe_zeroed; __thread int probe_thread = 3; const char probe_text[] = "text";
int probe_function(void) { return 1; }
__attribute__((weak)) int probe_weak(void) { return 2; }
__attribute__((visibility("hidden"))) int probe_hidden(void) { return 3; }
static int probe_static(void) { return 4; }
extern int probe_elsewhere(void);
int probe_calls(void) { return probe_elsewhere() + probe_static() + probe_hidden(); }
int probe_old(void) { return 5; }
int probe_new(void) { return 6; }
__asm__(".symver probe_old,probe_versioned@PROBE_1");
__asm__(".symver probe_new,probe_versioned@@PROBE_2");
int probe_gone_code(void) { return 7; }
__asm__(".symver probe_gone_code,probe_gone@PROBE_1");
`;
const MAP = 'PROBE_1 { global: probe_*; local: *; }; PROBE_2 { global: probe_new_only; } PROBE_1;';

/** Builds for a target with clang and lld, which know every machine. */
function build(name: string, flags: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const [source, map, file] = ['probe.c', 'probe.map', `${name}.so`].map((each) => join(folder, each));
  writeFileSync(source!, SOURCE);
  writeFileSync(map!, MAP);
  const fixed = ['-shared', '-fPIC', '-nostdlib', '-Wl,-soname,libprobe.so.3', `-Wl,--version-script=${map}`];
  execFileSync('clang', ['-o', file!, source!, '-fuse-ld=lld', ...fixed, ...flags], { stdio: 'pipe' });
  return file!;
}

/** What nm says: the names that dlsym finds, and each version of each. */
function symbolsBy(tool: string, file: string): { names: Set<string>; versions: Set<string>; undefined: Set<string> } {
  const result = { names: new Set<string>(), versions: new Set<string>(), undefined: new Set<string>() };
  const lines = execFileSync(tool, ['-D', file], { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n');
  for (const line of lines) {
    const [, type = '', full = ''] = /^[0-9a-f ]* ([A-Za-z]) (\S+)$/.exec(line) ?? [];
    const [name = '', version] = full.split(/@+/);
    // Absolute ones of this form are the names of versions.
    if (full === '' || (type === 'A' && name === version)) continue;
    if (type === 'U' || ((type === 'w' || type === 'v') && !/^[0-9a-f]/.test(line))) result.undefined.add(name);
    else {
      if (!/[^@]@[^@]/.test(full)) result.names.add(name);
      if (version !== undefined) result.versions.add(`${name}@${version}`);
    }
  }
  return result;
}

const noLld = noCompiler ?? (spawnSync('ld.lld', ['--version']).status === 0 ? undefined : 'lld is not installed');
const noLlvm = spawnSync('llvm-nm', ['--version']).status === 0 ? undefined : 'llvm-nm is not installed';

const MACHINES: Readonly<Record<string, readonly string[]>> = {
  'x86-64': ['--target=x86_64-linux-gnu'],
  'i386, 32 bits': ['--target=i386-linux-gnu'],
  AArch64: ['--target=aarch64-linux-gnu'],
  'ARM, 32 bits': ['--target=armv7-linux-gnueabihf'],
  'PowerPC 64, big-endian': ['--target=powerpc64-linux-gnu', '-mabi=elfv2'],
  'PowerPC, 32 bits, big-endian': ['--target=powerpc-linux-gnu'],
  'MIPS, 32 bits, big-endian': ['--target=mips-linux-gnu'],
  'MIPS 64': ['--target=mips64el-linux-gnuabi64'],
};

describe.skipIf(noLld ?? noLlvm)(named('the symbols of an ELF file', noLld ?? noLlvm), () => {
  for (const [machine, target] of Object.entries(MACHINES)) {
    for (const style of machine.startsWith('MIPS') ? ['sysv'] : ['gnu', 'sysv', 'both']) {
      it(`for ${machine}, with hash tables of style ${style}, are those that llvm-nm lists, one by one and all at once`, () => {
        const file = build(`${machine.replaceAll(/\W/g, '')}-${style}`, [...target, `-Wl,--hash-style=${style}`]);
        const truth = symbolsBy('llvm-nm', file);
        expect([...truth.names]).toEqual(
          expect.arrayContaining(['probe_data', 'probe_weak', 'probe_thread', 'probe_versioned']),
        );
        expect(truth.names).not.toContain('probe_gone');
        expect(truth.versions).toContain('probe_gone@PROBE_1');
        const asked = [...truth.names, ...truth.undefined, 'probe_hidden', 'probe_static', 'probe_gone', 'probe', ''];
        for (const many of [1, 1000]) {
          const seen = openElf(file, (elf) => {
            const symbols = new ElfSymbols(elf, many);
            const versions = [...truth.versions].filter((each) =>
              symbols.hasVersion(...(each.split('@') as [string, string])),
            );
            return {
              soname: elf.soname,
              names: new Set(asked.filter((name) => symbols.has(name))),
              versions: new Set(versions),
              others: symbols.hasVersion('probe_data', 'PROBE_2') || symbols.hasVersion('probe_none', 'PROBE_1'),
              defined: [...definedVersions(elf).values()],
            };
          });
          const { names, versions } = truth;
          expect(seen, `${many} at once`).toEqual({
            ...{ soname: 'libprobe.so.3', names, versions, others: false, defined: ['PROBE_1', 'PROBE_2'] },
          });
        }
      });
    }
  }
});

const noNm = spawnSync('nm', ['--version']).status === 0 ? undefined : 'nm is not installed';
const INSTALLED = [
  'libc.so.6',
  'libstdc++.so.6',
  'libm.so.6',
  'librbd.so.1',
  'libgfapi.so.0',
  'libgtk-3.so.0',
  'libvirt.so.0',
  'libcurl.so.4',
];
const present = INSTALLED.flatMap((name) => firstPlace(name, hostTarget()!) ?? []);

describe.skipIf(noNm)(named('an installed library', noNm), () => {
  it.each(present)('%s has the symbols and versions that nm lists, and those of what it needs', (file) => {
    const { names, versions, undefined: wanted } = symbolsBy('nm', file);
    const none = [...names].slice(0, 200).map((name) => `${name}_of_none`);
    const image = readElfImage(file, hostTarget()!, new Set([...names, ...versions, ...none]));
    expect(image.lacks).toBeUndefined();
    expect([...names, ...versions].filter((name) => !image.present.has(name))).toEqual([]);
    expect(none.filter((name) => image.present.has(name))).toEqual([]);
    // What it asks of others is found with them, but for hooks that nobody has to have.
    const found = readElfImage(file, hostTarget()!, wanted).present;
    expect([...wanted].filter((name) => !found.has(name) && !/^(_ITM_|__gmon_start__|_ZGTt)/.test(name))).toEqual([]);
  });

  it.each(present)('%s has the same symbols when no more files are read than have those that are sure', (file) => {
    const names = [...symbolsBy('nm', file).names];
    const asked = new Set([...names, 'probe_of_none']);
    const [whole, shallow] = [undefined, names].map((sure) => readElfImage(file, hostTarget()!, asked, sure));
    expect([whole!.isWhole, shallow!.isWhole]).toEqual([true, false]);
    expect(shallow!.files).toEqual([file]);
    for (const key of ['soname', 'buildId', 'present', 'lacks'] as const) expect(shallow![key]).toEqual(whole![key]);
    // A sure name that it does not have may be in any of the others.
    const missing = readElfImage(file, hostTarget()!, asked, ['probe_of_none']);
    expect(missing).toEqual(whole);
  });

  it.each(present)('%s needs the versions that readelf lists', (file) => {
    const text = execFileSync('readelf', ['-VW', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const section = /Version needs section([\s\S]*)/.exec(text)?.[1] ?? '';
    let library = '';
    const truth: string[] = [];
    for (const [, of, name] of section.matchAll(/File: (\S+)|Name: (\S+)\s+Flags/g)) {
      if (of !== undefined) library = of;
      else truth.push(`${library} ${name}`);
    }
    const seen = openElf(file, (elf) => {
      const list: string[] = [];
      eachNeededVersion(elf, (from, _, name) => list.push(`${elf.textAt(from)} ${elf.textAt(name)}`));
      return list;
    });
    expect(seen).toEqual(truth);
    if (!/libc\.so|ld-linux/.test(file)) expect(truth.length).toBeGreaterThan(0);
  });
});

describe.skipIf(noLld)(named('a damaged ELF file', noLld), () => {
  let whole: Buffer;
  const file = join(folder, 'damaged.so');
  const look = (bytes: Uint8Array) => {
    writeFileSync(file, bytes);
    const start = performance.now();
    try {
      return readElfImage(file, hostTarget()!, new Set(['probe_data', 'probe_gone@PROBE_1', 'probe_none'])).present
        .size;
    } catch (error) {
      if (error instanceof DamagedError || error instanceof RangeError) return error.message;
      throw error;
    } finally {
      expect(performance.now() - start).toBeLessThan(20_000); // it ends
    }
  };
  beforeAll(() => {
    whole = readFileSync(build('whole', ['-Wl,--hash-style=both']));
  });

  it('is read or refused, whatever byte of its headers and tables is another one', () => {
    expect(look(whole)).toBe(2);
    const end = Math.min(whole.length, 2500);
    for (let at = 4; at < end; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ [0xff, 0x80, 0x01][at % 3]!;
      look(bytes);
    }
  });

  it('is read or refused, wherever it was cut off', () => {
    for (let length = 0; length < whole.length; length += 37) look(whole.subarray(0, length));
    expect(look(whole.subarray(0, 10))).toMatch(/ends within the ELF header/);
  });

  it('says so where a hash table leads out of the file, or in a circle', () => {
    const endless = Buffer.from(whole);
    const at = execFileSync('readelf', ['-SW', join(folder, 'whole.so')], { encoding: 'utf8' });
    const offset = Number.parseInt(/\.gnu\.hash\s+GNU_HASH\s+\w+ (\w+)/.exec(at)![1]!, 16);
    endless.fill(0xfe, offset + 16, offset + 16 + 200);
    expect(String(look(endless))).toMatch(/damaged/);
  });
});

describe.skipIf(noCompiler)(named('a library where the loader looks by itself', noCompiler), () => {
  const trusted = join(folder, 'trusted');
  const file = join(trusted, 'libprobeouter.so');
  const cc = (name: string, code: string, flags: readonly string[]): void => {
    mkdirSync(trusted, { recursive: true });
    const source = join(folder, `${name}.c`);
    writeFileSync(source, code);
    execFileSync('cc', ['-shared', '-fPIC', '-o', join(trusted, name), source, `-Wl,-soname,${name}`, ...flags]);
  };
  const read = (sure: readonly string[]) =>
    readShallowly(file, hostTarget()!, new Set(['outer', 'inner', 'innermost']), sure, [trusted]);

  beforeAll(() => {
    cc('libprobeinnermost.so', 'int innermost(void) { return 1; }', []);
    const link = (name: string) => [`-L${trusted}`, '-Wl,--no-as-needed', `-Wl,-rpath,${trusted}`, `-l${name}`];
    cc('libprobeinner.so', 'int inner(void) { return 2; }', link('probeinnermost'));
    cc('libprobeouter.so', 'int outer(void) { return 3; }', link('probeinner'));
  });

  it('is read alone where it has all that is sure, and what it names has to be there', () => {
    expect(read(['outer'])).toMatchObject({ files: [file], present: new Set(['outer']), isWhole: false });
    expect(read(['outer', 'inner'])?.files).toHaveLength(2);
    expect(read(['outer', 'innermost'])?.present).toEqual(new Set(['outer', 'inner', 'innermost']));
    expect(read(['nowhere'])).toBeUndefined();
    expect(readShallowly(file, hostTarget()!, new Set(['outer']), ['outer'])).toBeUndefined();
  });

  it('is not judged where a file is missing that one of these names', () => {
    rmSync(join(trusted, 'libprobeinnermost.so'));
    expect(read(['outer'])).toBeDefined();
    expect(read(['outer', 'inner'])).toBeUndefined();
    rmSync(join(trusted, 'libprobeinner.so'));
    expect(read(['outer'])).toBeUndefined();
  });
});
