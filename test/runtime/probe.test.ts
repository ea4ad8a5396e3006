// inspect({ load: false }) says what inspect() says, without loading anything: for every installed library of the shims, and for files
// that are absent, foreign, damaged, or lack something. Run: npx vitest run test/runtime/probe.test.ts

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary, buildModule, buildShapes, out } from '../native/build.ts';
import { library, named, noCompiler, noLibrary } from '../needs.ts';
import { node, root } from '../tools.ts';

const names = readdirSync(join(root, 'headers')).filter((name) => library(name) !== undefined);

const comparing = `
  import { createRequire } from 'node:module';
  import { readFileSync } from 'node:fs';
  const [name] = process.argv.slice(1);
  const shim = (await import('@dlshim/shims/' + name))[name];
  const mapped = () => [...new Set(readFileSync('/proc/self/maps', 'utf8').match(/\\/\\S+\\.(?:node|so)\\b\\S*$/gm) ?? [])];
  const before = mapped();
  const unloaded = shim.inspect({ load: false });
  const koffi = Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('koffi'));
  const brought = mapped().filter((file) => !before.includes(file));
  const loaded = shim.inspect();
  const again = shim.inspect({ load: false });
  shim.open();
  const opened = shim.inspect({ load: false });
  console.log(JSON.stringify({ unloaded, koffi, brought, loaded, again, opened }));
`;

const KEYS = ['path', 'soname', 'buildId', 'present', 'missing', 'missingRequired', 'shimVersion'];
const only = (inspection: Record<string, unknown>, keys: readonly string[]) =>
  Object.fromEntries(keys.map((key) => [key, inspection[key]]));

describe('an installed library', () => {
  for (const name of names) {
    const files = library(name)!.files.linux;
    const missing = files.some((file) => noLibrary(file) === undefined) ? undefined : noLibrary(files[0]!);
    it.skipIf(missing)(named(`of ${name} is told of without loading it as after loading it`, missing), () => {
      const run = node('--input-type=module', '-e', comparing, name);
      expect(run.stderr).toBe('');
      const { unloaded, koffi, brought, loaded, again, opened } = JSON.parse(run.stdout);
      expect({ koffi, brought }).toEqual({ koffi: [], brought: [] });
      expect(loaded.status).toBe('loaded');
      expect(unloaded.status).toBe('loadable');
      expect(unloaded.version).toBeUndefined();
      expect(unloaded.undetermined.length).toBeGreaterThan(0);
      expect(unloaded.undetermined.some((words: string) => words.includes('version'))).toBe(
        library(name)!.versionCall !== undefined,
      );
      expect(only(unloaded, KEYS)).toEqual(only(loaded, KEYS));
      // What only the library's own word decides is left open without loading it; JSON leaves such keys out.
      expect(loaded.features).toMatchObject(unloaded.features);
      const open = Object.keys(loaded.features).filter((feature) => !(feature in unloaded.features));
      for (const feature of open) expect(library(name)!.versionCall, feature).toBeDefined();
      expect(unloaded.present.length).toBeGreaterThan(20);
      expect(again).toEqual(unloaded);
      expect(only(opened, KEYS)).toEqual(only(loaded, KEYS));
    });
  }
});

/** Both reports on the shapes library, each in a process of its own. */
const reporting = `
  import { shapes } from '${join(out, 'modules/shapes/shapes.js')}';
  const [request] = process.argv.slice(1).map((text) => JSON.parse(text));
  if (request.setuid) process.setuid(request.setuid);
  const { error, ...rest } = shapes.inspect({ load: request.load, ...(request.path ? { path: request.path } : {}) });
  const { name, code, message, dependency, symbols, remedy } = error ?? {};
  const [first, ...others] = message?.split('\\n') ?? [];
  const tried = others.filter((line) => line.startsWith('  tried '));
  console.log(JSON.stringify({ ...rest, error: error && { name, code, dependency, symbols, remedy, first, tried } }));
`;

function inspect(request: { path?: string; setuid?: number; load: boolean }, env: Record<string, string> = {}) {
  const module = ['--input-type=module', '-e', reporting, JSON.stringify(request)];
  return JSON.parse(
    execFileSync(process.execPath, module, {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...env },
      timeout: 50_000,
    }),
  );
}

describe.skipIf(noCompiler)(named('a file that may or may not be the library', noCompiler), () => {
  const folder = (name: string) => join(out, 'probe', name);
  const file = (name: string) => join(folder(name), 'libshapes.so.1');
  const put = (name: string, bytes: Uint8Array | string, mode = 0o755) => {
    mkdirSync(folder(name), { recursive: true });
    rmSync(file(name), { force: true });
    writeFileSync(file(name), bytes);
    chmodSync(file(name), mode);
  };
  /** Each with the code of its error. */
  const CASES = {
    good: undefined,
    absent: 'DLSHIM_ABSENT',
    text: 'DLSHIM_NOT_A_LIBRARY',
    script: 'DLSHIM_NOT_A_LIBRARY',
    foreign: 'DLSHIM_WRONG_MACHINE',
    truncated: 'DLSHIM_TRUNCATED',
    stub: 'DLSHIM_TRUNCATED',
    empty: 'DLSHIM_TRUNCATED',
    pipe: 'DLSHIM_NOT_A_LIBRARY',
    lacking: 'DLSHIM_SYMBOLS',
    needs: 'DLSHIM_DEPENDENCY',
    old: 'DLSHIM_DEPENDENCY',
    secret: 'DLSHIM_UNREADABLE',
  } as const;

  beforeAll(() => {
    buildModule('shapes');
    const good = readFileSync(buildShapes('1.1'));
    const foreign = Buffer.from(good);
    foreign.writeUInt16LE(good.readUInt16LE(18) === 183 ? 62 : 183, 18); // e_machine
    put('good', good);
    put(
      'text',
      'This is not a library, but a text that someone has put in its place, long enough for a header of ELF.\n',
    );
    put('script', '/* GNU ld script */ INPUT(libshapes.so.1)\n');
    put('foreign', foreign);
    put('truncated', good.subarray(0, 5000));
    put('stub', good.subarray(0, 60));
    put('empty', '');
    put('lacking', readFileSync(buildShapes('2.0')));
    put('secret', good, 0o000);
    const dependency = buildLibrary('dependency.c', join('probe', 'needed', 'libdependency.so'));
    const link = [`-L${dirname(dependency)}`, '-ldependency'];
    put('needs', readFileSync(buildLibrary('needs.c', join('probe', 'needing', 'libshapes.so.1'), link)));
    // Built against a dependency that has a version, and run beside one that has another.
    const map = join(out, 'probe', 'dependency.map');
    const versioned = (name: string, version: string) => {
      writeFileSync(map, `${version} { global: *; };\n`);
      const flags = ['-Wl,-soname,libdependency.so', `-Wl,--version-script=${map}`];
      rmSync(join(out, 'probe', name), { recursive: true, force: true });
      return buildLibrary('dependency.c', join('probe', name, 'libdependency.so'), flags);
    };
    const newer = versioned('newer', 'DEPENDENCY_2.0');
    versioned('older', 'DEPENDENCY_1.0');
    const flags = [`-L${dirname(newer)}`, '-ldependency', `-Wl,-rpath,${join(out, 'probe', 'older')}`];
    put('old', readFileSync(buildLibrary('needs.c', join('probe', 'old-needing', 'libshapes.so.1'), flags)));
    mkdirSync(folder('absent'), { recursive: true });
    mkdirSync(folder('pipe'), { recursive: true });
    rmSync(file('pipe'), { force: true });
    execFileSync('mkfifo', [file('pipe')]);
  });

  for (const [title, code] of Object.entries(CASES)) {
    const user = title === 'secret' && process.getuid?.() === 0 ? { setuid: 65534 } : {};
    const both = (path: string | undefined, env: Record<string, string>) =>
      [false, true].map((load) => inspect({ ...user, ...(path ? { path } : {}), load }, env));

    for (const [way, path, env] of [
      ['inspect({ path })', file(title), {}],
      ["the environment's override", undefined, { DLSHIM_SHAPES: file(title) }],
      ['a bare name in LD_LIBRARY_PATH', undefined, { LD_LIBRARY_PATH: folder(title) }],
    ] as const) {
      it(`${title}: by ${way} it is ${code ?? 'usable'} without loading as with it`, () => {
        const [unloaded, loaded] = both(path, env);
        expect(loaded.error?.code).toBe(code);
        const { name, dependency, symbols, remedy } = loaded.error ?? {};
        if (code === undefined) expect(unloaded.error).toBeUndefined();
        else
          expect(unloaded.error).toMatchObject({
            code,
            name,
            ...(dependency && { dependency }),
            ...(symbols && { symbols }),
          });
        if (code !== 'DLSHIM_DEPENDENCY') expect(unloaded.error?.remedy).toBe(remedy);
        expect(unloaded.status).toBe(code === undefined ? 'loadable' : loaded.status);
        expect(unloaded.attempts.map(({ file, from }: { file: string; from: string }) => ({ file, from }))).toEqual(
          loaded.attempts.map(({ file, from }: { file: string; from: string }) => ({ file, from })),
        );
        const keys = ['path', 'soname', 'present', 'missing', 'missingRequired', 'features'];
        expect(only(unloaded, keys)).toEqual(only(loaded, keys));
      });
    }
  }

  it('lacks what is required: without loading, the file is said to be found, and with it to be loaded', () => {
    const path = file('lacking');
    const [unloaded, loaded] = [false, true].map((load) => inspect({ path, load }).error.tried);
    expect(unloaded).toEqual([`  tried ${path} (from open({ path })): found`]);
    expect(loaded).toEqual([`  tried ${path} (from open({ path })): loaded`]);
  });

  it('needs a version that its dependency does not define: it is named with its library', () => {
    const { error } = inspect({ path: file('old'), load: false });
    expect(error.dependency).toBe('libdependency.so version DEPENDENCY_2.0');
  });

  it('is taken from the folder that comes first in the search, past those of other machines', () => {
    const path = [folder('foreign'), folder('good'), folder('text')].join(':');
    for (const load of [false, true]) {
      expect(inspect({ load }, { LD_LIBRARY_PATH: path }), String(load)).toMatchObject({
        path: file('good'),
      });
    }
  });
});
