// dlshim probe: a table of several libraries, details of one, JSON, exit codes; by configuration, path and package; crashes of a library
// end no probe. Run: npx vitest run test/generator/probe-cli.test.ts

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildShapes } from '../native/build.ts';
import { library, named, noCompiler, noLibrary } from '../needs.ts';
import { dlshim, root } from '../tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlshim-probe-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Options {
  readonly env?: Record<string, string>;
}

/** In the folder of the test, where @dlshim/runtime is installed. */
function probe(args: readonly string[], { env = {} }: Options = {}) {
  const cli = join(root, 'generator/dist/cli.js');
  const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'probe', ...args], options);
  return { status, stdout, stderr };
}

const descriptor = (name: string, file: string, more = '') => `
  format: 3, library: '${name}', version: '1.2', stamp: '${name}', target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
  files: { linux: ['${file}'] }, packages: { debian: '${name}1' }, records: {},
  required: { shapes_area: 'i32(i32,i32)' }, weak: { shapes_rotate: 'i32(i32)', shapes_mirror: 'i32(i32)' },
  features: { rotate: ['shapes_rotate'], mirror: ['shapes_mirror'] }, ${more}`;
const version = "versionCall: { symbol: 'shapes_version', kind: 'triple' },";

describe.skipIf(noCompiler)(named('dlshim probe', noCompiler), () => {
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const shim = (name: string, file: string, more = '') =>
    put(
      `shims/${name}.ts`,
      `import { defineShim } from '@dlshim/runtime';\nexport const ${name}: object = defineShim({${descriptor(name, file, more)}});\n`,
    );
  let shapes = '';

  beforeAll(() => {
    mkdirSync(join(folder, 'shims'));
    mkdirSync(join(folder, 'node_modules/@dlshim'), { recursive: true });
    symlinkSync(join(root, 'runtime'), join(folder, 'node_modules/@dlshim/runtime'));
    symlinkSync(join(root, 'shims'), join(folder, 'node_modules/@dlshim/shims'));
    shapes = buildShapes('1.1');
    shim('shapes', 'libshapes.so.1', version);
    shim('nothing', 'libdlshim-nothing.so.1');
    shim('wrong', 'libm.so.6');
    put(
      'crash.c',
      '__attribute__((constructor)) static void start(void) { __builtin_trap(); }\nint shapes_area(int a, int b) { return a * b; }\n',
    );
    put(
      'print.c',
      '#include <stdio.h>\n__attribute__((constructor)) static void start(void) { puts("[library speaks]"); fflush(stdout); }\nint shapes_area(int a, int b) { return a * b; }\n',
    );
    for (const name of ['crash', 'print'])
      execFileSync('cc', ['-shared', '-fPIC', '-o', join(folder, `lib${name}.so`), join(folder, `${name}.c`)]);
    const libraries = ['shapes', 'nothing', 'wrong'].map((name) => ({
      name,
      headers: ['x.h'],
      files: { linux: [`lib${name}.so`] },
    }));
    put('dlshim.config.json', JSON.stringify({ out: 'shims', libraries }));
  });

  it('prints a table of all libraries of the configuration, and exits with 1 where one is not usable', () => {
    const { status, stdout, stderr } = probe([], { env: { DLSHIM_SHAPES: shapes } });
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^library +status +version +features +missing required +layouts +path$/),
      expect.stringMatching(new RegExp(`^shapes +usable +- +1/2 +- +- +${shapes}$`)),
      expect.stringMatching(
        /^nothing +absent +- +- +.*- +nothing is not installed where the system's loader looks for it\.$/,
      ),
      expect.stringMatching(/^wrong +incompatible +- +0\/2 +shapes_area +- +\/.*libm\.so\.6$/),
      '1 usable, 2 not',
      '',
    ]);
    expect(status).toBe(1);
  });

  it('prints everything about one library, and exits with 0 where it is usable', () => {
    const { status, stdout } = probe(['shapes'], { env: { DLSHIM_SHAPES: shapes } });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^shapes: usable\n/);
    for (const line of [
      `path             ${shapes}`,
      'shim             follows 1.2',
      'functions        2 of 3',
      'missing          shapes_mirror',
      'features         1/2',
      '  rotate  yes',
      '  mirror  no       lacks shapes_mirror',
      'not known        its own word on its version: shapes_version() is asked of a loaded library',
    ])
      expect(stdout).toContain(`  ${line}\n`);
  });

  it('says nothing of what a shim follows where that has no version', () => {
    put(
      'shims/plain.ts',
      `import { defineShim } from '@dlshim/runtime';\nexport const plain: object = defineShim({${descriptor('plain', 'libshapes.so.1').replace("version: '1.2'", "version: 'unversioned'")}});\n`,
    );
    const { status, stdout } = probe(['./shims/plain.ts'], { env: { DLSHIM_PLAIN: shapes } });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^plain: usable\n/)]);
    expect(stdout).not.toMatch(/follows|unversioned/);
  });

  it('says of a version that only the file tells that it is no more than that', () => {
    const history = "history: { versions: ['1.0', '1.2'], baseline: '1.0', symbols: { '1.2..': ['shapes_mirror'] } },";
    shim('aged', 'libshapes.so.1', `${version} ${history}`);
    const env = { DLSHIM_AGED: shapes };
    const unloaded = probe(['./shims/aged.ts'], { env }).stdout;
    expect(unloaded).toContain('  version          1.0, as far as its file tells\n');
    expect(unloaded).toMatch(/shapes_version\(\) is asked of a loaded library, and may contradict what its file shows/);
    expect(probe(['./shims/aged.ts', '--load'], { env }).stdout).toContain('  version          1.1.7\n');
  });

  it('counts a function once that has a slot for each of its signatures, and as missing where none is there', () => {
    shim(
      'slots',
      'libshapes.so.1',
      `history: { versions: ['1.0', '1.2'], baseline: '1.0', symbols: { '1.2..': ['shapes_mirror'] } },
      weak: { shapes_rotate: 'i32(i32)', 'shapes_rotate@1.0': 'i32()', shapes_mirror: 'i32(i32)', 'shapes_mirror@1.0': 'i32()' },
      alternatives: { 'shapes_rotate@1.0': { of: 'shapes_rotate', versions: '1.2..' }, 'shapes_mirror@1.0': { of: 'shapes_mirror', versions: '1.0' } },`,
    );
    const { stdout } = probe(['./shims/slots.ts'], { env: { DLSHIM_SLOTS: shapes } });
    expect(stdout).toContain('  functions        2 of 3\n');
    expect(stdout).toMatch(/^ {2}missing {10}shapes_mirror$/m);
  });

  it('asks the library itself with --load, in a process of its own', () => {
    const { status, stdout } = probe(['shapes', '--load', '--json'], { env: { DLSHIM_SHAPES: shapes } });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ library: 'shapes', status: 'loaded', version: '1.1.7', path: shapes }]);
  });

  it('says so where a library ends the process that loads it, and goes on with the others; without --load it does not end', () => {
    const crash = join(folder, 'libcrash.so');
    const env = { DLSHIM_SHAPES: crash, DLSHIM_WRONG: join(folder, 'libprint.so') };
    const { status, stdout, stderr } = probe(['shapes', 'wrong', '--load', '--json'], { env });
    expect(status).toBe(1);
    // What a library prints is no part of the report.
    expect(stderr).toContain('[library speaks]');
    expect(JSON.parse(stdout)).toMatchObject([
      { library: 'shapes', status: 'crashed', error: { message: expect.stringMatching(/ended with SIG(ILL|TRAP)/) } },
      { library: 'wrong', status: 'loaded', path: join(folder, 'libprint.so') },
    ]);
    const table = probe(['shapes', 'wrong', '--load'], { env });
    expect(table.stdout).toMatch(/shapes +crashed .*the process that loaded it ended with SIG/);
    expect(JSON.parse(probe(['shapes', '--json'], { env }).stdout)).toMatchObject([
      { status: 'loadable', path: crash },
    ]);
  });

  it('takes a path to a shim module without a configuration, a package, and the name of a published shim', () => {
    const path = join(folder, 'shims/shapes.ts');
    const run = (args: string[]) => {
      const cli = join(root, 'generator/dist/cli.js');
      return spawnSync(process.execPath, [cli, 'probe', ...args, '--json'], {
        cwd: join(folder, 'node_modules'),
        encoding: 'utf8',
        env: { ...process.env, DLSHIM_SHAPES: shapes },
      });
    };
    expect(JSON.parse(run([path]).stdout)).toMatchObject([{ library: 'shapes', status: 'loadable' }]);
    const packages = JSON.parse(run(['@dlshim/shims/librbd', 'libnfs']).stdout);
    expect(packages.map(({ library }: { library: string }) => library)).toEqual(['librbd', 'libnfs']);
  });

  it('looks at the file that --path names, relative or not', () => {
    for (const path of [join(folder, 'libprint.so'), 'libprint.so', './libprint.so']) {
      expect(JSON.parse(probe(['shapes', '--path', path, '--json']).stdout)).toMatchObject([
        { path: join(folder, 'libprint.so') },
      ]);
    }
    const { status, stdout } = probe(['shapes', '--path', './dlshim.config.json']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^shapes: not a library\n.*\n?.*is a text file/);
    expect(probe(['--path', shapes])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('one library at a time'),
    });
  });

  it('exits with 2 for what is no library, module or shim, and says what to do', () => {
    expect(probe(['shape'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/shape is no library .*did you mean .?shapes/),
    });
    expect(probe(['./none.ts'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('./none.ts: no such file'),
    });
    expect(probe(['@dlshim/shims'])).toMatchObject({
      status: 2,
      stderr:
        'error: @dlshim/shims is installed, and has no module of its own name: name a module of it, such as @dlshim/shims/librbd\n',
    });
    expect(probe(['@dlshim/shims/libcurll'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/@dlshim\/shims has no module .*did you mean @dlshim\/shims\/libcurl\?/),
    });
    mkdirSync(join(folder, 'node_modules/only-import'));
    put('node_modules/only-import/package.json', '{ "exports": { "import": "./x.js" } }');
    expect(probe(['only-import'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('only-import is there for `import` alone: name its file'),
    });
    put('empty.mjs', 'export const nothing = 1;\n');
    expect(probe(['./empty.mjs'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/exports no shim: .*dlshim generate/),
    });
    put('broken.mjs', 'export const = 1;\n');
    expect(probe(['./broken.mjs'])).toMatchObject({ status: 2, stderr: expect.stringContaining('cannot be imported') });
    const missing = spawnSync(process.execPath, [join(root, 'generator/dist/cli.js'), 'probe'], {
      cwd: tmpdir(),
      encoding: 'utf8',
    });
    expect(missing).toMatchObject({ status: 2, stderr: expect.stringContaining('name a configuration') });
  });

  it('documents its exit codes', () => {
    expect(dlshim('probe', '--help').stdout).toMatch(/Exit codes: 0 all are usable; 1 at least one/);
  });
});

describe('dlshim probe in this repository', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'shims/package.json'), 'utf8')) as { exports: object };
  const names = Object.keys(manifest.exports)
    .map((name) => name.slice(2))
    .filter((name) => library(name) !== undefined);

  it('tells of all fourteen libraries: those that are installed are usable', () => {
    const { status, stdout, stderr } = dlshim('probe', '--json');
    expect(stderr).toBe('');
    const results = JSON.parse(stdout) as { library: string; status: string }[];
    expect(results.map((result) => result.library).sort()).toEqual(names.sort());
    for (const result of results) {
      const isThere = library(result.library)!.files.linux.some((file) => noLibrary(file) === undefined);
      expect(result.status, result.library).toBe(isThere ? 'loadable' : 'absent');
    }
    expect(status).toBe(results.every((result) => result.status === 'loadable') ? 0 : 1);
  });
});
