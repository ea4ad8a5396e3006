// Files are found as the loader finds them, and read as readelf reads them.
// Run: npx vitest run test/runtime/search.test.ts

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostTarget } from '../../runtime/src/contract/targets.ts';
import { readElf } from '../../runtime/src/loading/elf-reader.ts';
import { cachedFiles, forgetCache } from '../../runtime/src/loading/library-cache.ts';
import { preflight } from '../../runtime/src/loading/preflight.ts';
import { firstPlace, placesOf } from '../../runtime/src/loading/search.ts';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

const ldconfig = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find((path) => spawnSync(path, ['-V']).status === 0);
const noLdconfig = ldconfig === undefined ? 'ldconfig is not installed' : undefined;

/** What ldconfig lists: the files of each name, in its order. */
function listed(args: readonly string[] = []): Map<string, string[]> {
  const files = new Map<string, string[]>();
  const output = execFileSync(ldconfig!, [...args, '-p'], { encoding: 'utf8' });
  for (const [, name = '', kind = '', path = ''] of output.matchAll(/^\t(\S+) \(([^)]*)\) => (\S+)$/gm)) {
    if (kind.startsWith('libc6')) files.set(name, [...(files.get(name) ?? []), path]);
  }
  return files;
}

describe.skipIf(noLdconfig)(named("the loader's cache", noLdconfig), () => {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-cache-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
    forgetCache();
  });

  it('gives for each name what ldconfig lists', () => {
    forgetCache();
    const files = listed();
    expect(files.size).toBeGreaterThan(50);
    for (const [name, paths] of files) expect(cachedFiles(name), name).toEqual(paths);
    expect(cachedFiles('libdlshim-none.so.1')).toEqual([]);
    expect(cachedFiles('so.1')).toEqual([]);
  });

  it('gives a name that stands in several folders once for each, in the order of the cache', () => {
    const folders = ['b', 'a', 'c'].map((name) => join(folder, name));
    for (const each of folders) {
      mkdirSync(each, { recursive: true });
      for (const version of [9, 10]) {
        const built = buildLibrary('named.c', `cache/libcached.so.${version}`, [
          '-DCOPY=1',
          `-Wl,-soname,libcached.so.${version}`,
        ]);
        execFileSync('cp', [built, each]);
      }
    }
    const [cache, configuration] = [join(folder, 'cache'), join(folder, 'conf')];
    writeFileSync(configuration, folders.slice(0, 2).join('\n'));
    execFileSync(ldconfig!, ['-X', '-C', cache, '-f', configuration]);
    forgetCache();
    const files = listed(['-C', cache]);
    for (const name of ['libcached.so.9', 'libcached.so.10']) {
      expect(files.get(name)?.length).toBeGreaterThan(0);
      expect(cachedFiles(name, cache)).toEqual(files.get(name));
    }
    forgetCache();
  });

  it('that is damaged or absent has no files', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('glibc-ld.so.cache1.1'), Buffer.alloc(100, 0xff)]) {
      const file = join(folder, 'damaged');
      writeFileSync(file, bytes);
      forgetCache();
      expect(cachedFiles('libc.so.6', file)).toEqual([]);
    }
    forgetCache();
    expect(cachedFiles('libc.so.6', join(folder, 'none'))).toEqual([]);
  });
});

describe.skipIf(noCompiler)(named('a library by its bare name', noCompiler), () => {
  it('is looked for in LD_LIBRARY_PATH, in the cache, in the trusted folders, and never in the current folder', () => {
    const before = process.env.LD_LIBRARY_PATH;
    const cwd = process.cwd();
    const path = buildLibrary('named.c', 'search/libsearch.so.1', ['-DCOPY=1']);
    const folder = path.slice(0, path.lastIndexOf('/'));
    try {
      process.chdir(folder);
      delete process.env.LD_LIBRARY_PATH;
      expect(placesOf('libsearch.so.1', hostTarget()!)).toEqual([]);
      expect(firstPlace('libc.so.6', hostTarget()!)).toMatch(/^\/(usr\/)?lib/);
      process.env.LD_LIBRARY_PATH = `/nowhere:${folder}`;
      expect(placesOf('libsearch.so.1', hostTarget()!)).toEqual([{ path, viaEnvironment: true }]);
    } finally {
      process.chdir(cwd);
      if (before === undefined) delete process.env.LD_LIBRARY_PATH;
      else process.env.LD_LIBRARY_PATH = before;
    }
  });
});

describe.skipIf(noCompiler)(named('an ELF file', noCompiler), () => {
  /** Every library that librbd or libc brings in, as the loader lists them. */
  let files: string[] = [];
  beforeAll(() => {
    const roots = ['librbd.so.1', 'libgtk-3.so.0', 'libcurl.so.4', 'libc.so.6'];
    const paths = roots.flatMap((name) => firstPlace(name, hostTarget()!) ?? []);
    const output = paths.map((path) => spawnSync('ldd', [path], { encoding: 'utf8' }).stdout).join('\n');
    files = [...new Set([...paths, ...[...output.matchAll(/=> (\/\S+)/g)].map(([, path = '']) => path)])];
  });

  it('says of itself what readelf says of it', () => {
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const text = execFileSync('readelf', ['-d', '-n', file], { encoding: 'utf8' });
      const all = (tag: string) =>
        [...text.matchAll(new RegExp(`\\(${tag}\\).*\\[(.*)\\]`, 'g'))].map(([, value = '']) => value);
      const seen = readElf(file, (elf) => ({
        soname: elf.soname,
        needed: elf.needed,
        rpath: elf.rpath,
        runpath: elf.runpath,
        buildId: elf.buildId,
        isTruncated: elf.isTruncated,
      }));
      expect(seen, file).toEqual({
        soname: all('SONAME')[0],
        needed: all('NEEDED'),
        rpath: all('RPATH').flatMap((list) => list.split(':')),
        runpath: all('RUNPATH').flatMap((list) => list.split(':')),
        buildId: /Build ID: (\w+)/.exec(text)?.[1],
        isTruncated: false,
      });
    }
  });

  it('that is none, or is damaged at any place of its headers, is read as nothing, or as something, and never throws', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dlshim-elf-'));
    const file = join(folder, 'damaged.so');
    const whole = execFileSync('cat', [buildLibrary('named.c', 'search/libsearch.so.1', ['-DCOPY=1'])]);
    try {
      for (let at = 0; at < 600; at++) {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at]! ^ 0xff) & 0xff;
        writeFileSync(file, bytes);
        expect(() => preflight(file, hostTarget()!, true), `byte ${at}`).not.toThrow();
      }
      for (const length of [0, 1, 63, 64, 200, 700, 4000]) {
        writeFileSync(file, whole.subarray(0, length));
        expect(() => preflight(file, hostTarget()!, true), `${length} bytes`).not.toThrow();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
