// Mach-O files and DLLs are read as LLVM's tools read them: exports, versions, what they need, for this machine or another one; found
// as dyld and Windows find them; and said to be damaged where they are. Run: npx vitest run test/runtime/probe-foreign.test.ts

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DamagedError, readFile } from '../../runtime/src/loading/images/bytes.ts';
import { type Finder, finderOf } from '../../runtime/src/loading/images/finder.ts';
import { readMachO } from '../../runtime/src/loading/images/mach-o.ts';
import { readPe } from '../../runtime/src/loading/images/pe.ts';
import { out } from '../native/build.ts';
import { named } from '../needs.ts';

const folder = join(out, 'probe-foreign');
const at = (...parts: string[]) => join(folder, ...parts);
/** Debian has some of LLVM's tools under a name with its version only. */
const toolOf = (name: string): string | undefined =>
  [name, ...Array.from({ length: 12 }, (_, i) => `${name}-${25 - i}`)].find(
    (tool) => spawnSync(tool, ['--version']).error === undefined,
  );
const run = (tool: string, ...args: string[]) => execFileSync(toolOf(tool)!, args, { encoding: 'utf8', stdio: 'pipe' });
const missing = (tools: readonly string[]) => {
  const lacks = tools.filter((tool) => toolOf(tool) === undefined);
  return lacks.length > 0 ? `${lacks.join(', ')}: not installed` : undefined;
};
const noMac = missing(['clang', 'ld64.lld', 'llvm-nm', 'llvm-objdump', 'llvm-lipo']);
const noWindows = missing([
  'x86_64-w64-mingw32-gcc',
  'x86_64-w64-mingw32-windres',
  'llvm-readobj',
  'clang',
  'lld-link',
]);

/** Many names that share beginnings, so that tries branch and tables are searched. */
const NAMES = Array.from({ length: 300 }, (_, i) => `probe_${(i * 7919) % 997}${i % 3 === 0 ? '' : '_more'}`);
const OTHERS = [...NAMES.map((name) => `${name}x`), 'probe', 'probe_', '', 'p', 'zzz', 'probe_hidden', 'probe_static'];
const SOURCE = `
${NAMES.map((name, i) => `EXPORTED int ${name}(void) { return ${i}; }`).join('\n')}
EXPORTED int probe_data = 5;
HIDDEN int probe_hidden(void) { return 1; }
static int probe_static(void) { return 2; }
EXPORTED int probe_uses(void) { return probe_hidden() + probe_static(); }
`;
const ASKED = new Set([...NAMES, 'probe_data', 'probe_uses', ...OTHERS]);
const EXPORTED = [...NAMES, 'probe_data', 'probe_uses'].sort();

/** Every byte of the beginning another one, and cuts of every length: it is read, or said to be damaged, and nothing else happens. */
function damage(whole: Buffer, bytes: number, read: (path: string) => unknown): { damaged: number } {
  let damaged = 0;
  const path = at('damaged');
  const attempt = (content: Uint8Array) => {
    writeFileSync(path, content);
    try {
      read(path);
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      damaged++;
    }
  };
  for (let index = 0; index < Math.min(whole.length, bytes); index++) {
    const content = Buffer.from(whole);
    content[index] = content[index]! ^ [0xff, 0x80, 0x01][index % 3]!;
    attempt(content);
  }
  for (let length = 0; length < whole.length; length += Math.ceil(whole.length / 150))
    attempt(whole.subarray(0, length));
  return { damaged };
}

describe.skipIf(noMac)(named('a Mach-O library', noMac), () => {
  const TARGETS = { x64: 'x86_64-apple-macos11', arm64: 'arm64-apple-macos11' } as const;
  const SYSTEM =
    '--- !tapi-tbd\ntbd-version: 4\ntargets: [ x86_64-macos, arm64-macos ]\ninstall-name: /usr/lib/libSystem.B.dylib\nexports:\n  - targets: [ x86_64-macos, arm64-macos ]\n    symbols: [ dyld_stub_binder ]\n...\n';
  const link = (arch: keyof typeof TARGETS, name: string, ...flags: string[]) => {
    const cpu = arch === 'x64' ? 'x86_64' : 'arm64';
    const object = at(`${name}.${arch}.o`);
    run('clang', `--target=${TARGETS[arch]}`, '-c', '-o', object, at(`${name}.c`));
    const file = at(arch, `lib${name}.dylib`);
    const fixed = ['-arch', cpu, '-platform_version', 'macos', '11.0', '11.0', '-dylib', at('libSystem.tbd')];
    run('ld64.lld', ...fixed, '-o', file, object, ...flags);
    return file;
  };
  const header = (file: string, arch: string) =>
    readFile(file, (bytes) => {
      const { has, ...rest } = readMachO(bytes, arch);
      return { ...rest, exported: [...ASKED].filter(has).sort() };
    });
  const files: Record<string, string> = {};

  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true });
    for (const arch of Object.keys(TARGETS)) mkdirSync(at(arch), { recursive: true });
    writeFileSync(at('libSystem.tbd'), SYSTEM);
    const visible =
      '#define EXPORTED __attribute__((visibility("default")))\n#define HIDDEN __attribute__((visibility("hidden")))\n';
    writeFileSync(at('probe.c'), visible + SOURCE);
    writeFileSync(at('user.c'), 'extern int probe_uses(void); int user_uses(void) { return probe_uses(); }\n');
    for (const arch of ['x64', 'arm64'] as const) {
      const versions = ['-current_version', '3.2.1', '-compatibility_version', '3.0.0'];
      files[arch] = link(arch, 'probe', '-install_name', '@rpath/libprobe.dylib', ...versions);
      const install = ['-install_name', '/opt/libuser.dylib'];
      files[`user ${arch}`] = link(arch, 'user', ...install, '-rpath', '@loader_path/', files[arch]!);
    }
    files.universal = at('libuniversal.dylib');
    run('llvm-lipo', '-create', files.x64!, files.arm64!, '-output', files.universal);
  });

  it.each(['x64', 'arm64'] as const)(
    'for %s is what llvm-nm and llvm-objdump say: by its trie, and by its symbols without one',
    (arch) => {
      const file = files[arch]!;
      const truth = run('llvm-nm', '--extern-only', '--defined-only', '--just-symbol-name', file)
        .split('\n')
        .filter(Boolean);
      const names = truth.map((name) => name.slice(1)).sort();
      expect(names).toEqual(EXPORTED);
      const seen = header(file, arch);
      const uuid = /uuid (\S+)/.exec(run('llvm-objdump', '--macho', '--private-headers', file))?.[1];
      expect(seen).toEqual({
        soname: '@rpath/libprobe.dylib',
        fileVersion: '3.2.1',
        buildId: uuid?.replaceAll('-', '').toLowerCase(),
        needed: expect.any(Array),
        rpaths: [],
        exported: names,
      });
      // Without a trie: the load command that tells of it gets another number.
      const bytes = readFileSync(file);
      for (let place = 32, left = bytes.readUInt32LE(16); left > 0; left--) {
        const command = bytes.readUInt32LE(place);
        if (command === 0x8000_0022 || command === 0x8000_0033) bytes.writeUInt32LE(0x7777, place);
        place += bytes.readUInt32LE(place + 4);
      }
      writeFileSync(at('no-trie.dylib'), bytes);
      expect(header(at('no-trie.dylib'), arch).exported).toEqual(names);
    },
  );

  it('that is universal has the part for each machine', () => {
    for (const arch of ['x64', 'arm64'] as const)
      expect(header(files.universal!, arch)).toEqual(header(files[arch]!, arch));
    expect(() => header(files.universal!, 'ia32')).toThrow(
      'is a library for x86-64 and ARM64, and this process runs on ia32',
    );
    expect(() => header(files.arm64!, 'x64')).toThrow('is a library for ARM64, and this process runs on x86-64');
  });

  const host = (arch: string, env: NodeJS.ProcessEnv = {}): Finder =>
    finderOf('x86_64-apple-darwin', { platform: 'darwin', arch, env, execPath: '/usr/local/bin/node' });

  it('is found by its name and its path, and brings what it needs, by @rpath and @loader_path', () => {
    const finder = host('x64', { DYLD_LIBRARY_PATH: at('x64') });
    expect(finder.places('libuser.dylib')).toEqual([files['user x64']]);
    expect(finder.places('libnone.dylib')).toEqual([]);
    expect(finder.hidden?.('libnone.dylib')).toMatch(/\/usr\/lib\/libnone\.dylib has no file, and may be/);
    expect(finder.hidden?.('/opt/libnone.dylib')).toBeUndefined();
    const image = finder.read(files['user x64']!, new Set(['user_uses', 'probe_uses', 'probe_none']));
    expect(image.files).toEqual([files['user x64'], files.x64]);
    expect([...image.present].sort()).toEqual(['probe_uses', 'user_uses']);
    expect(image.lacks).toBeUndefined();
    expect(finder.kindOf(files['user arm64']!)).toMatchObject({ kind: 'wrong-machine' });
    expect(finder.kindOf(at('probe.c'))).toMatchObject({ kind: 'not-a-library' });
    expect(finder.kindOf(at('none'))).toEqual({ kind: 'absent' });
  });

  it('whose dependency is not there, or of another machine, lacks it', () => {
    for (const content of [undefined, readFileSync(files.arm64!)]) {
      const own = at('alone');
      rmSync(own, { recursive: true, force: true });
      mkdirSync(own);
      writeFileSync(join(own, 'libuser.dylib'), readFileSync(files['user x64']!));
      if (content) writeFileSync(join(own, 'libprobe.dylib'), content);
      const { lacks } = host('x64').read(join(own, 'libuser.dylib'), new Set());
      expect(lacks).toEqual({ name: '@rpath/libprobe.dylib', by: join(own, 'libuser.dylib') });
    }
  });

  it('that is damaged is read, or said to be that', { timeout: 60_000 }, () => {
    const whole = readFileSync(files.universal!);
    expect(damage(whole, 400, (path) => header(path, 'x64')).damaged).toBeGreaterThan(50);
    expect(damage(readFileSync(files.x64!), 600, (path) => header(path, 'x64')).damaged).toBeGreaterThan(50);
    // The trie itself.
    const bytes = readFileSync(files.arm64!);
    const trie = /(?:dataoff|export_off) (\d+)/.exec(
      run('llvm-objdump', '--macho', '--private-headers', files.arm64!).split(/EXPORTS_TRIE|DYLD_INFO_ONLY/)[1]!,
    )![1];
    for (let index = 0; index < 300; index++) {
      const content = Buffer.from(bytes);
      content[Number(trie) + index] = index % 2 ? 0xff : 0x01;
      writeFileSync(at('damaged'), content);
      try {
        header(at('damaged'), 'arm64');
      } catch (error) {
        expect(error).toBeInstanceOf(DamagedError);
      }
    }
  });
});

describe.skipIf(noWindows)(named('a DLL', noWindows), () => {
  const files: Record<string, string> = {};
  const header = (file: string, arch: string) =>
    readFile(file, (bytes) => {
      const { has, ...rest } = readPe(bytes, arch);
      return { ...rest, exported: [...ASKED].filter(has).sort() };
    });

  beforeAll(() => {
    mkdirSync(at('dll'), { recursive: true });
    writeFileSync(at('probe-dll.c'), `#define EXPORTED __declspec(dllexport)\n#define HIDDEN\n${SOURCE}`);
    writeFileSync(
      at('user-dll.c'),
      'int probe_uses(void); __declspec(dllexport) int user_uses(void) { return probe_uses(); }\n',
    );
    writeFileSync(
      at('version.rc'),
      '1 VERSIONINFO FILEVERSION 3,2,1,7 PRODUCTVERSION 3,2,0,0 BEGIN BLOCK "StringFileInfo" BEGIN BLOCK "040904b0" BEGIN VALUE "ProductName", "probe" END END BLOCK "VarFileInfo" BEGIN VALUE "Translation", 0x409, 1200 END END\n',
    );
    run('x86_64-w64-mingw32-windres', at('version.rc'), at('version.o'));
    files.x64 = at('dll', 'probe.dll');
    run(
      'x86_64-w64-mingw32-gcc',
      '-shared',
      '-o',
      files.x64,
      at('probe-dll.c'),
      at('version.o'),
      `-Wl,--out-implib,${at('dll', 'probe.lib')}`,
    );
    files.user = at('dll', 'user.dll');
    run('x86_64-w64-mingw32-gcc', '-shared', '-o', files.user, at('user-dll.c'), at('dll', 'probe.lib'));
    // Another linker, and another machine.
    run('clang', '--target=aarch64-windows', '-c', '-o', at('probe-arm64.obj'), at('probe-dll.c'));
    files.arm64 = at('dll', 'probe-arm64.dll');
    run('lld-link', '/dll', '/noentry', '/nodefaultlib', `/out:${files.arm64}`, at('probe-arm64.obj'));
  });

  it.each(['x64', 'arm64'] as const)('for %s is what llvm-readobj says', (arch) => {
    const text = run('llvm-readobj', '--coff-exports', '--coff-imports', files[arch]!);
    const names = [...text.matchAll(/Export \{\s+Ordinal: \d+\s+Name: (\S+)/g)].map(([, name]) => name!).sort();
    expect(names).toEqual(EXPORTED);
    const imports = [...text.matchAll(/Import \{\s+Name: (\S+)/g)].map(([, name]) => ({ name, isWeak: false }));
    expect(header(files[arch]!, arch)).toEqual({
      soname: arch === 'x64' ? 'probe.dll' : 'probe-arm64.dll',
      fileVersion: arch === 'x64' ? '3.2.1.7' : undefined,
      buildId: undefined,
      needed: imports,
      rpaths: [],
      exported: names,
    });
    if (arch === 'x64') expect(imports.map(({ name }) => name)).toContain('KERNEL32.dll');
    expect(() => header(files[arch]!, arch === 'x64' ? 'arm64' : 'x64')).toThrow(
      /is a library for .*, and this process runs on/,
    );
  });

  it('is found beside the program, brings what stands beside it, and lacks what stands nowhere', () => {
    const system = at('windows', 'System32');
    mkdirSync(system, { recursive: true });
    for (const name of ['KERNEL32.dll', 'msvcrt.dll']) writeFileSync(join(system, name), readFileSync(files.x64!));
    const env = { SystemRoot: at('windows') };
    const finder = finderOf('x86_64-windows', { platform: 'win32', arch: 'x64', env, execPath: at('dll', 'node.exe') });
    expect(finder.places('user.dll')).toEqual([files.user]);
    const image = finder.read(files.user!, new Set(['user_uses', 'probe_uses']));
    // GetProcAddress looks into the DLL itself only.
    expect([...image.present]).toEqual(['user_uses']);
    expect(image.files).toContain(files.x64);
    expect(image.lacks).toBeUndefined();
    rmSync(join(system, 'msvcrt.dll'));
    expect(finder.read(files.user!, new Set()).lacks).toEqual({ name: 'msvcrt.dll', by: files.user });
    expect(finder.kindOf(files.arm64!)).toMatchObject({ kind: 'wrong-machine' });
    expect(finder.kindOf(at('probe-dll.c'))).toMatchObject({ kind: 'not-a-library' });
  });

  it('that is damaged is read, or said to be that', { timeout: 60_000 }, () => {
    expect(damage(readFileSync(files.arm64!), 700, (path) => header(path, 'arm64')).damaged).toBeGreaterThan(50);
    expect(damage(readFileSync(files.x64!), 600, (path) => header(path, 'x64')).damaged).toBeGreaterThan(50);
  });
});
