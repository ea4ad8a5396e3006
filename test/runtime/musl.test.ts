// musl's own dynamic linker, driven by the runtime's file for it. Node here is glibc's, so that the C functions are those of another
// process, which musl-gcc has built. Run: npx vitest run test/runtime/musl.test.ts

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adviceFor } from '../../runtime/src/loading/advice.ts';
import { classify } from '../../runtime/src/loading/classify.ts';
import { createPlatform, type Platform } from '../../runtime/src/loading/platforms/platform.ts';
import { buildLibrary, buildProgram, out } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { descriptorOf } from './descriptors.ts';
import { type Remote, startRemote } from './remote-natives.ts';

const noMusl =
  noCompiler ?? (spawnSync('musl-gcc', ['--version']).status === 0 ? undefined : 'musl-gcc is not installed');

describe.skipIf(noMusl)(named("musl's loader", noMusl), () => {
  let remote: Remote;
  let platform: Platform;
  let one = '';
  let two = '';
  const build = (copy: number) =>
    buildLibrary('named.c', `musl-${copy}/libnamed.so.1`, [`-DCOPY=${copy}`, '-nostdlib', '-Wl,-soname,libnamed.so.1']);

  beforeAll(() => {
    one = build(1);
    two = build(2);
    // What a bare name would find: the search path leads to the second copy.
    remote = startRemote(buildProgram('remote.c', 'musl-gcc'), { LD_LIBRARY_PATH: dirname(two) }, dirname(two));
    platform = createPlatform(remote, 'linux');
  });
  afterAll(() => remote?.close());

  it('is told from that of glibc', () => {
    expect(platform.system).toBe('musl');
  });

  it('says of an absent library what the runtime takes for absent', () => {
    const words = platform.load('libdlshim-none.so.1', { deep: false });
    const advice = adviceFor(descriptorOf({ library: 'x' }), 'alpine');
    expect(words).toMatch(/^Error loading shared library libdlshim-none\.so\.1: /);
    expect(classify('libdlshim-none.so.1', String(words), [], advice)).toEqual({ kind: 'absent' });
  });

  it('does not look into the current folder for a bare name', () => {
    const folder = join(out, 'musl-cwd');
    mkdirSync(folder, { recursive: true });
    cpSync(one, join(folder, 'libdecoy.so.1'));
    const other = startRemote(buildProgram('remote.c', 'musl-gcc'), {}, folder);
    try {
      expect(createPlatform(other, 'linux').load('libdecoy.so.1', { deep: false })).toMatch(/No such file/);
    } finally {
      other.close();
    }
  });

  it('gives one handle for a path and, afterwards, for the bare name, although the search path leads to another file', () => {
    expect(platform.find('libnamed.so.1')).toBeUndefined();
    const handle = platform.load(one, { deep: true });
    expect(handle).toBeTypeOf('bigint');
    expect(platform.load('libnamed.so.1', { deep: false })).toBe(handle);
    expect(platform.find('libnamed.so.1')).toBe(handle);
    expect(platform.find(one)).toBe(handle);
    expect(platform.find(two)).toBeUndefined();
    expect(platform.fileOf(handle as bigint)).toBe(one);
  });

  it('tells which symbols are there, in one pass, and whose file they are in', () => {
    const handle = platform.load(one, { deep: false }) as bigint;
    const wanted = [
      'named_copy',
      'named_inner',
      'named_through',
      ...Array.from({ length: 9 }, (_, i) => `named_no_${i}`),
    ];
    expect(platform.lacking(handle, wanted)).toEqual(wanted.slice(3));
    expect(platform.fileAt(platform.dlsym(handle, 'named_copy')!)).toBe(one);
    expect(platform.global('named_copy')).toBeUndefined(); // RTLD_LOCAL
  });

  it('keeps what it has, even from dlclose', () => {
    const handle = platform.load(one, { deep: false }) as bigint;
    const close = remote.func<(handle: bigint) => number>('dlclose', 'int', ['pointer']);
    for (let round = 0; round < 5; round++) close(handle);
    expect(platform.find(one)).toBe(handle);
    expect(remote.call(platform.dlsym(handle, 'named_copy')!)).toBe(1n);
  });

  it("has the values of <dlfcn.h> that the runtime's file has", () => {
    const header = readFileSync(
      `/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-musl/dlfcn.h`,
      'utf8',
    );
    const value = (name: string) => Number(new RegExp(`#define RTLD_${name}\\s+(\\S+)`).exec(header)?.[1]);
    expect([value('NOW'), value('NOLOAD'), value('NODELETE'), value('LOCAL')]).toEqual([0x2, 0x4, 0x1000, 0]);
    expect(header).not.toContain('DEEPBIND');
  });
});
