// `dlshim generate --used-by` on the command line and in configurations: a first run without any shim, a second one, a use more; what is
// wrong; what it says. Longer than a unit test takes, as each run loads TypeScript's checker.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { historyToJson } from '../../generator/src/history/json.ts';
import { dlshim, type Run } from '../tools.ts';
import { historyOf, LINUX, OPTIONS } from './eras-library.ts';
import { BOX, BOX_HEADER, projectOf } from './used-by-library.ts';

const LIBBOX = { headers: ['box.h'], includeDirs: ['.'], version: '1.0', ...BOX };
const DRIVER = `import { libbox } from '../shims/libbox.ts';
const box = libbox.open();
export const free = () => box.fn.box_free(null as never);
`;

interface Project {
  readonly folder: string;
  generate(...args: string[]): Run;
  /** Of the shim. */
  text(name?: string): string;
  write(name: string, text: string): void;
}

/** A project whose configuration has libbox with `more`, and `beside` its libraries. */
function project(files: Readonly<Record<string, string>>, more: object = {}, beside: object = {}): Project {
  const folder = projectOf({ 'box.h': BOX_HEADER, ...files });
  const config = join(folder, 'dlshim.config.json');
  const libraries = [{ ...LIBBOX, ...more }];
  writeFileSync(config, JSON.stringify({ out: 'shims', libraries, ...beside }));
  return {
    folder,
    generate: (...args) => dlshim('generate', '--config', config, ...args),
    text: (name = 'libbox') => readFileSync(join(folder, `shims/${name}.ts`), 'utf8'),
    write: (name, text) => writeFileSync(join(folder, name), text),
  };
}

/** The functions of a shim, in its order. */
function functionsOf(text: string): string[] {
  return [...text.matchAll(/^ {4}(\w+): '/gm)].map(([, name]) => name!).filter((name) => name.startsWith('box_'));
}

describe('generate --used-by', () => {
  test('needs no shim; says what it carries; gives the same again; and finds a use more', () => {
    const own = project({ 'src/driver.ts': DRIVER });
    const glob = join(own.folder, 'src/**/*.ts');
    const first = own.generate('--used-by', glob);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toContain('trimmed    2 of 11 functions, 0 of 5 records, 0 of 7 constants, 0 of 2 features\n');
    expect(functionsOf(own.text())).toEqual(['box_version', 'box_free']);
    const head = own
      .text()
      .split('\n')
      .slice(0, 5)
      .join(' ')
      .replace(/ \/\/ +/g, ' ');
    expect(head).toContain(
      `Trimmed to what '${glob}' use: 2 of 11 functions, 0 of 5 records, 0 of 7 constants, 0 of 2 features.`,
    );
    const before = own.text();
    expect(own.generate('--used-by', glob, '--check')).toMatchObject({ status: 0 });
    own.write(
      'src/more.ts',
      "import { libbox, BOX_MAX } from '../shims/libbox.ts';\nexport const more = () => [libbox.open().fn.box_draw_all, BOX_MAX];\n",
    );
    const drift = own.generate('--used-by', glob, '--check');
    expect(drift.status).toBe(1);
    expect(drift.stdout).toContain('differs');
    expect(own.text()).toBe(before);
    expect(own.generate('--used-by', glob)).toMatchObject({ status: 0, stderr: '' });
    expect(functionsOf(own.text())).toEqual(['box_version', 'box_free', 'box_draw_all']);
    expect(own.text()).toContain('export const BOX_MAX = 10;\n');
    rmSync(join(own.folder, 'src/more.ts'));
    expect(own.generate('--used-by', glob)).toMatchObject({ status: 0 });
    expect(own.text()).toBe(before);
  }, 60_000);

  test('gives the same whatever the files are called and in which order the globs stand', () => {
    const [a, b] = ['a', 'z'].map((name) =>
      project({
        [`src/${name}.ts`]: DRIVER,
        'lib/m.ts': "import { libbox } from '../shims/libbox.ts';\nexport const it = libbox.open().fn.box_new;\n",
      }),
    ) as [Project, Project];
    const globs = ['src/*.ts', 'lib/*.ts'];
    const configure = (own: Project, usedBy: readonly string[]) =>
      own.write('dlshim.config.json', JSON.stringify({ out: 'shims', libraries: [LIBBOX], usedBy }));
    configure(a, globs);
    configure(b, [...globs].reverse());
    for (const own of [a, b]) expect(own.generate()).toMatchObject({ status: 0, stderr: '' });
    expect(a.text()).toBe(b.text());
    expect(a.text()).toContain("// Trimmed to what 'lib/*.ts', 'src/*.ts' use: 3 of 11 functions,");
  }, 60_000);

  test('reads what sources import of their own, and leaves out what a glob excludes', () => {
    const own = project({
      'src/main.ts': "import { free } from '../lib/driver.ts';\nexport const all = free;\n",
      'lib/driver.ts': DRIVER,
      'src/main.test.ts': "import { libbox } from '../shims/libbox.ts';\nexport const it = libbox.open().fn.box_new;\n",
    });
    const globs = ['src/**/*.ts', '!src/**/*.test.ts'].flatMap((glob) => [
      '--used-by',
      glob.replace('src', join(own.folder, 'src')),
    ]);
    expect(own.generate(...globs)).toMatchObject({ status: 0, stderr: '' });
    expect(functionsOf(own.text())).toEqual(['box_version', 'box_free']);
  }, 60_000);

  test('errors stand at their places, nothing is written, and the exit code is 1', () => {
    const own = project({ 'src/driver.ts': DRIVER.replace('box_free', 'box_fre') }, { usedBy: ['src/**/*.ts'] });
    const { status, stderr } = own.generate();
    expect(status).toBe(1);
    expect(stderr).toBe(
      `${join(own.folder, 'src/driver.ts')}:3:34: error: libbox has no function box_fre; did you mean box_free? [not-in-headers]\n` +
        'export const free = () => box.fn.box_fre(null as never);\n' +
        '                                 ^~~~~~~\n' +
        '1 error; nothing was written\n',
    );
    expect(existsSync(join(own.folder, 'shims'))).toBe(false);
  });

  test('what is known at run time only is an error that says what to do, and what is kept does it', () => {
    const own = project(
      { 'src/driver.ts': `${DRIVER}export const any = (name: keyof typeof box.fn) => box.fn[name];\n` },
      { usedBy: ['src/**/*.ts'] },
    );
    const { status, stderr } = own.generate();
    expect(status).toBe(1);
    expect(stderr).toContain(
      ':4:58: error: which function this is of libbox is known at run time only [name-not-known]\n',
    );
    expect(stderr).toContain(
      'note: write it as a literal, give the variable a type of the literals that it may be, or name what may be used with --keep or `keep` of the configuration\n',
    );
    expect(own.generate('--keep', 'box_dr*', '--keep', 'BOX_SMALL')).toMatchObject({ status: 0, stderr: '' });
    expect(functionsOf(own.text())).toEqual(['box_version', 'box_free', 'box_draw', 'box_draw_all']);
    expect(own.text()).toContain(
      "// Trimmed to what 'src/**/*.ts' use, and to 'BOX_SMALL', 'box_dr*': 4 of 11 functions,",
    );
    expect(own.text()).toContain('export const BOX_SMALL = 1;');
  }, 60_000);

  test('the configuration says `keep` for all libraries or one', () => {
    const own = project(
      { 'src/driver.ts': DRIVER },
      { keep: ['drawing'] },
      { usedBy: ['src/**/*.ts'], keep: ['box_corner'] },
    );
    expect(own.generate()).toMatchObject({ status: 0, stderr: '' });
    expect(functionsOf(own.text())).toEqual(['box_version', 'box_free', 'box_corner', 'box_draw', 'box_draw_all']);
    expect(own.text()).toContain("drawing: ['box_draw', 'box_draw_all'],");
    const wrong = project({ 'src/driver.ts': DRIVER }, { keep: ['box_drw'], usedBy: ['src/*.ts'] }).generate();
    expect(wrong).toMatchObject({ status: 2 });
    expect(wrong.stderr).toBe(
      'error: libbox: `keep` names box_drw, which its headers do not have; did you mean box_draw?\n',
    );
  }, 60_000);

  test('JSON says by what a shim was trimmed and how much is left', () => {
    const own = project({ 'src/driver.ts': DRIVER }, { usedBy: ['src/**/*.ts'] });
    const [report] = JSON.parse(own.generate('--json').stdout) as [object];
    expect(report).toMatchObject({
      library: 'libbox',
      required: 2,
      trimmed: {
        usedBy: ['src/**/*.ts'],
        keep: [],
        functions: { carried: 2, of: 11 },
        features: { carried: 0, of: 2 },
      },
    });
  });

  test('a library that is not used has an empty shim, and a warning', () => {
    const own = project({ 'src/driver.ts': 'export const nothing = 0;\n' }, { usedBy: ['src/**/*.ts'] });
    const { status, stderr } = own.generate();
    expect(status).toBe(0);
    expect(stderr).toContain('warning: nothing of libbox is used by src/**/*.ts: its shim is empty [nothing-used]\n');
    expect(functionsOf(own.text())).toEqual(['box_version']);
  });

  test.each([
    [
      'no source matches',
      ['--used-by', 'nowhere/*.ts'],
      /^error: --used-by nowhere\/\*\.ts: no TypeScript source matches below \S+\n$/,
    ],
    ['a glob without quotes', ['--used-by', 'a.ts', 'b.ts'], /b\.ts is no library: put what --used-by takes in quotes/],
    ['--keep alone', ['--keep', 'box_free'], /^error: --keep goes with --used-by: nothing is left out without it\n$/],
    [
      'a name that is not there',
      ['--used-by', 'test/generator/used-by-cli.test.ts', '--keep', 'box_fre'],
      /^error: --keep box_fre: no library that is generated has that; did you mean box_free\?\n$/,
    ],
  ])('%s is a usage error', (_what, args, says) => {
    const { status, stderr } = project({ 'src/driver.ts': DRIVER }).generate(...args);
    expect(stderr).toMatch(says);
    expect(status).toBe(2);
  });

  test('without the runtime nobody can follow a table: that is said', () => {
    const own = project({ 'src/driver.ts': DRIVER }, { usedBy: ['src/**/*.ts'] });
    rmSync(join(own.folder, 'node_modules'), { recursive: true });
    const { status, stderr } = own.generate();
    expect(status).toBe(2);
    expect(stderr).toContain('@dlshim/runtime cannot be found from');
    expect(stderr).toContain('install it first');
  });

  test('--help teaches it', () => {
    const { stdout } = dlshim('generate', '--help');
    expect(stdout).toContain("dlshim generate --used-by 'src/**/*.ts'");
    expect(stdout).toContain('Trimmed shims.');
  });
});

describe('sources find their modules', () => {
  test('by a package that has an older, trimmed one, and by the path map of a tsconfig.json', () => {
    const own = project(
      {
        'src/a.ts': "import { libbox } from '@acme/shims/libbox';\nexport const it = libbox.open().fn.box_new;\n",
        'src/b.ts': "import { libbox } from '#shims/libbox';\nexport const it = libbox.open().fn.box_print;\n",
        'tsconfig.json': JSON.stringify({
          compilerOptions: { module: 'nodenext', target: 'es2023', paths: { '#shims/*': ['./shims/*.ts'] } },
        }),
        'packages/shims/package.json': '{ "name": "@acme/shims", "type": "module", "exports": { "./*": "./*.ts" } }',
      },
      {},
      { out: 'packages/shims' },
    );
    mkdirSync(join(own.folder, 'node_modules/@acme'), { recursive: true });
    symlinkSync(join(own.folder, 'packages/shims'), join(own.folder, 'node_modules/@acme/shims'));
    const glob = join(own.folder, 'src/*.ts');
    const text = () => readFileSync(join(own.folder, 'packages/shims/libbox.ts'), 'utf8');
    expect(own.generate('--used-by', join(own.folder, 'src/a.ts'))).toMatchObject({ status: 0, stderr: '' });
    expect(functionsOf(text())).toEqual(['box_version', 'box_new']);
    expect(own.generate('--used-by', glob)).toMatchObject({ status: 0, stderr: '' });
    expect(functionsOf(text())).toEqual(['box_version', 'box_new', 'box_print']);
  }, 60_000);

  test('a module of that name that is the own one of the sources is left alone', () => {
    const own = project(
      {
        'src/driver.ts': "import { libbox } from './wrappers/libbox.ts';\nexport const it = libbox.box_nothing;\n",
        'src/wrappers/libbox.ts': `${DRIVER.replace('../', '../../')}export { libbox2 as libbox };\nconst libbox2 = { box_nothing: 1 };\n`,
      },
      { usedBy: ['src/**/*.ts'] },
    );
    expect(own.generate()).toMatchObject({ status: 0, stderr: '' });
    expect(functionsOf(own.text())).toEqual(['box_version', 'box_free']);
  });

  test('JavaScript counts too', () => {
    const own = project(
      {
        'src/driver.js':
          "import { libbox } from '../shims/libbox.js';\nconst box = libbox.open();\nexport const free = () => box.fn.box_free(null);\n",
      },
      { usedBy: ['src/**/*.js'] },
    );
    expect(own.generate()).toMatchObject({ status: 0, stderr: '' });
    expect(functionsOf(own.text())).toEqual(['box_version', 'box_free']);
  });

  test('a helper of which there are declarations is read from its source, and named where it has none', () => {
    const helper =
      "import type { libbox } from '@acme/shims/libbox';\nexport function drawn(box: ReturnType<typeof libbox.open>): number | undefined { return box.fn.box_draw?.(null as never); }\n";
    const own = project(
      {
        'src/driver.ts':
          "import { libbox } from '@acme/shims/libbox';\nimport { drawn } from 'helper';\nexport const it = () => drawn(libbox.open());\n",
        'packages/helper/package.json':
          '{ "name": "helper", "type": "module", "exports": { "types": "./dist/index.d.ts" } }',
        'packages/helper/tsconfig.json': JSON.stringify({
          compilerOptions: { rootDir: 'src', outDir: 'dist', module: 'nodenext', declaration: true },
        }),
        'packages/helper/src/index.ts': helper,
        'packages/helper/dist/index.d.ts':
          "import type { libbox } from '@acme/shims/libbox';\nexport declare function drawn(box: ReturnType<typeof libbox.open>): number | undefined;\n",
      },
      { usedBy: ['src/**/*.ts'] },
    );
    symlinkSync(join(own.folder, 'packages/helper'), join(own.folder, 'node_modules/helper'));
    expect(own.generate()).toMatchObject({ status: 0, stderr: '' });
    expect(functionsOf(own.text())).toEqual(['box_version', 'box_draw']);
    renameSync(join(own.folder, 'packages/helper/src'), join(own.folder, 'packages/helper/gone'));
    const { status, stderr } = own.generate();
    expect(status).toBe(1);
    expect(stderr).toContain(
      'src/driver.ts:2:23: error: helper uses libbox, too, and only its declarations are here [source-not-found]\n',
    );
    expect(own.generate('--keep', 'box_draw')).toMatchObject({ status: 0, stderr: '' });
  }, 60_000);
});

test('several libraries, from headers, a snapshot and a history, are trimmed in one run', async () => {
  const own = project({
    'src/driver.ts': `${DRIVER}import { liberas, eras_reply } from '../shims/liberas.ts';\nexport const it = [liberas.open().fn.eras_seek, eras_reply];\n`,
    'liberas.json': historyToJson(await historyOf(LINUX), [LINUX.name]),
  });
  const { runtime: _, ...options } = OPTIONS;
  const liberas = { ...options, headers: ['2.0.h'], history: 'liberas.json' };
  const libraries = [{ ...LIBBOX, snapshot: 'libbox.json' }, liberas];
  own.write('dlshim.config.json', JSON.stringify({ out: 'shims', libraries, usedBy: ['src/**/*.ts'] }));
  expect(own.generate()).toMatchObject({ status: 0 });
  const [box, eras] = [own.text(), own.text('liberas')];
  expect(functionsOf(box)).toEqual(['box_version', 'box_free']);
  expect(eras).toContain("'eras_reply@1.0': {");
  expect(eras).toMatch(/signatures: \{\s+eras_seek: \[\['1\.0/);
  expect(eras).not.toContain('eras_task');
  // What tells versions apart is all there.
  expect(eras).toMatch(/symbols: \{[^}]*eras_rotate/);
  expect(dlshim('snapshot', '--config', join(own.folder, 'dlshim.config.json'), 'libbox', '--save')).toMatchObject({
    status: 0,
  });
  expect(own.generate('--from-snapshot', '--check')).toMatchObject({ status: 0 });
  expect(own.generate('liberas', '--target', 'x86_64-linux-gnu', '--check')).toMatchObject({ status: 0 });
}, 60_000);
