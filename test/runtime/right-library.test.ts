// The library that is meant is the one that is called: its own dependencies and not node's copies of them, no decoy in the current
// folder, no file of another SONAME; and inspect() tells where each symbol comes from.
// Run: npx vitest run test/runtime/right-library.test.ts

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { defineShim } from '@dlshim/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary, buildModule, buildProgram, buildShapes, out, runProgram } from '../native/build.ts';
import { named, noCompiler, noLibrary } from '../needs.ts';
import { descriptorOf } from './descriptors.ts';

const noCurl = noCompiler ?? noLibrary('libcurl.so.4') ?? noLibrary('libssh.so.4');

describe.skipIf(noCurl)(named('libcurl and libssh, which need OpenSSL and zlib as node does', noCurl), () => {
  /** What curl_version() says, and which file the loader bound each symbol of OpenSSL and zlib to. */
  function run(args: readonly string[], env: Record<string, string> = {}) {
    const folder = join(out, `bindings-${process.pid}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const debug = { LD_DEBUG: 'bindings', LD_DEBUG_OUTPUT: join(folder, 'words') };
    const ended = runProgram('bindings.mjs', args, { env: { ...debug, ...env } });
    expect(ended, ended.errors).toMatchObject({ status: 0 });
    const words = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    rmSync(folder, { recursive: true });
    const pattern =
      /binding file \S*\/(lib(?:curl|ssh)\.so\.4) \[0\] to (\S+) \[0\]: normal symbol `((?:EVP_|SSL_|deflate|inflate)\w*)'/g;
    const providers: Record<string, Set<string>> = {};
    for (const [, library = '', file = ''] of words.join('\n').matchAll(pattern)) {
      providers[library] ??= new Set();
      providers[library].add(basename(file));
    }
    return { ...JSON.parse(ended.output), providers };
  }
  const ownZlib = /libz\.so\.1$/;
  const ofNode = (report: ReturnType<typeof run>) =>
    Object.values<Set<string>>(report.providers).every((files) =>
      [...files].every((file) => file === basename(process.execPath)),
    );
  const ofTheirOwn = (report: ReturnType<typeof run>) =>
    Object.values<Set<string>>(report.providers).every((files) =>
      [...files].every((file) => ownZlib.test(file) || /^lib(ssl|crypto)\.so/.test(file)),
    );

  it('are bound to their own, and curl_version() names the versions of those', () => {
    const report = run([]);
    expect(Object.keys(report.providers).sort()).toEqual(['libcurl.so.4', 'libssh.so.4']);
    expect(ofTheirOwn(report), JSON.stringify([...report.providers['libssh.so.4']])).toBe(true);
    expect(report.deep).toEqual([true, true]);
    expect(report.said).toBe(execFileSync(buildProgram('curl-version.c'), { encoding: 'utf8' }).trim());
  });

  it('are bound to what node exports after open({ deepBind: false }), and curl_version() names the wrong versions', () => {
    for (const report of [run(['option']), run([], { DLSHIM_DEEPBIND: '0' })]) {
      expect(Object.keys(report.providers).sort()).toEqual(['libcurl.so.4', 'libssh.so.4']);
      expect(ofNode(report)).toBe(true);
      expect(report.deep).toEqual([false, false]);
      expect(report.said).toContain(`zlib/${report.node.zlib.split('-')[0]}`);
      expect(report.said).toMatch(new RegExp(`OpenSSL/${report.node.openssl.split('+')[0]}\\b`));
    }
  });
});

describe.skipIf(noCompiler)(named('a decoy', noCompiler), () => {
  const folder = join(out, 'decoy');
  let program: (env?: Record<string, string>) => Record<string, never>;
  beforeAll(() => {
    buildModule('shapes');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    cpSync(buildShapes('1.2'), join(folder, 'libshapes.so.1'));
    cpSync(buildShapes('1.2'), join(folder, 'libshapes.so'));
    program = (env = {}) => {
      const ended = runProgram('report.mjs', ['{}'], { cwd: folder, env });
      expect(ended, ended.errors).toMatchObject({ status: 0 });
      return JSON.parse(ended.output);
    };
  });

  it('in the current folder is not loaded under any name of the shim', () => {
    expect(program()).toMatchObject({ error: { name: 'LibraryAbsentError' } });
  });

  it('in the current folder is not loaded in place of the one that LD_LIBRARY_PATH leads to', () => {
    const wanted = buildShapes('1.1');
    expect(program({ LD_LIBRARY_PATH: dirname(wanted) })).toMatchObject({ inspection: { path: wanted } });
  });

  it('named by DLSHIM_SHAPES yields to open({ path })', () => {
    const wanted = buildShapes('1.1');
    const ended = runProgram('report.mjs', [JSON.stringify({ path: wanted })], {
      env: { DLSHIM_SHAPES: join(folder, 'libshapes.so.1') },
    });
    expect(JSON.parse(ended.output)).toMatchObject({
      inspection: { path: wanted, attempts: [{ file: wanted, from: 'option' }] },
    });
  });
});

describe.skipIf(noCompiler)(named('a SONAME', noCompiler), () => {
  const build = (soname: string) =>
    buildLibrary('named.c', join(soname, 'libnamed.so'), ['-DCOPY=1', `-Wl,-soname,${soname}`]);
  const shim = (library: string) =>
    defineShim<{ named_copy(): number }, object, object>(
      descriptorOf({
        library,
        sonames: { linux: ['libfits.so.1', 'libfits.so.2'] },
        required: { named_copy: 'i32()' },
      }),
    );

  it('that the shim does not fit refuses the file before it is loaded', () => {
    const path = build('libother.so.9');
    expect(() => shim('other').open({ path })).toThrow(
      expect.objectContaining({
        name: 'IncompatibleLibraryError',
        code: 'DLSHIM_INCOMPATIBLE',
        soname: 'libother.so.9',
        attempts: [{ file: path, from: 'option', error: 'not loaded: its SONAME is libother.so.9' }],
      }),
    );
    expect(readFileSync('/proc/self/maps', 'utf8')).not.toContain(path);
  });

  it('that it fits opens', () => {
    expect(
      shim('fits')
        .open({ path: build('libfits.so.2') })
        .fn.named_copy(),
    ).toBe(1);
    expect(shim('fits').inspect()).toMatchObject({ status: 'loaded', soname: 'libfits.so.2' });
  });
});

describe.skipIf(noCompiler)(named('the sources of symbols', noCompiler), () => {
  let library = '';
  let interposer = '';
  beforeAll(() => {
    library = buildLibrary('named.c', 'sources/libnamed.so.1', [
      '-DCOPY=1',
      '-Wl,-soname,libnamed.so.1',
      '-Wl,--build-id',
      '-Wl,--no-as-needed',
      '-lc',
    ]);
    interposer = buildLibrary('named.c', 'sources/interposer.so', ['-DCOPY=2']);
  });
  const run = (options: object, env: Record<string, string> = {}) => {
    const ended = runProgram('sources.mjs', [library, JSON.stringify(options)], { env });
    expect(ended, ended.errors).toMatchObject({ status: 0 });
    return JSON.parse(ended.output);
  };

  it('are the library itself and what it needs', () => {
    const { symbols, unexpected, path, soname } = run({});
    expect({ path, soname, unexpected }).toEqual({ path: library, soname: 'libnamed.so.1', unexpected: [] });
    expect(symbols.named_copy).toEqual({ file: library, from: 'library' });
    expect(symbols.getpid).toMatchObject({ from: 'dependency', file: expect.stringContaining('libc.so.6') });
    expect(Object.keys(symbols)).not.toContain('named_none');
  });

  it('are told apart from a preloaded file, which the shim does not call', () => {
    const { symbols, unexpected, answers } = run({}, { LD_PRELOAD: interposer });
    expect(symbols.named_copy).toEqual({ file: library, from: 'library', shadowedBy: interposer });
    expect(unexpected).toEqual(['named_copy', 'named_through', 'named_inner']);
    expect(answers).toEqual([1, 1, 1]);
  });

  it('show whose functions the library itself calls: those of the preloaded file, once it is not bound deep', () => {
    expect(run({ deepBind: false }, { LD_PRELOAD: interposer }).answers).toEqual([1, 1, 2]);
  });

  it('come with the build id that the compiler put into the file', () => {
    const notes = execFileSync('readelf', ['-n', library], { encoding: 'utf8' });
    expect(run({}).buildId).toBe(/Build ID: (\w+)/.exec(notes)?.[1]);
  });
});
