// dlshim history on the command line: three versions of a small library are added, listed, shown, verified against their own headers,
// generated from, and taken out again.

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { named, noCompiler } from '../needs.ts';
import { dlshim, type Run, root } from '../tools.ts';

const project = mkdtempSync(join(tmpdir(), 'dlshim-history-'));
const config = join(project, 'dlshim.config.json');
const file = join(project, 'history.json');
const both = ['x86_64-linux-gnu', 'aarch64-linux-gnu'];

function setUp(more: object = {}): void {
  const library = {
    ...{ name: 'libboat', headers: ['boat.h'], files: { linux: ['libboat.so.1'] }, sysroots: ['builtin'] },
    ...{ targets: both, history: 'history.json', ...more },
  };
  writeFileSync(join(project, 'library.json'), JSON.stringify(library));
  writeFileSync(config, JSON.stringify({ out: 'shims', libraries: ['library.json'] }));
}

/** The headers of a version, in a folder of their own; returns that. */
function headers(version: string, text: string): string {
  const folder = join(project, 'headers', version);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'boat.h'), text);
  return folder;
}

const FIRST = `
struct hull { int length; long draught; };
enum rig { RIG_SLOOP, RIG_KETCH, RIG_LAST };
#define BOAT_MAX 4
int boat_launch(struct hull *hull);
int boat_sink(struct hull *hull);
`;
const SECOND = `${FIRST.replace('int length', 'long length').replace('RIG_KETCH,', 'RIG_KETCH, RIG_YAWL,').replace('MAX 4', 'MAX 5')}
int boat_tack(struct hull *hull, int degrees);
`;
const THIRD = SECOND.replace('int boat_sink(struct hull *hull);\n', '').replace('int degrees', 'int degrees, int how');
const folders = { '1.0': headers('1.0', FIRST), '1.9': headers('1.9', SECOND), '1.10': headers('1.10', THIRD) };

const history = (...args: string[]): Run => dlshim('history', ...args, '--config', config);
const add = (version: keyof typeof folders, ...more: string[]): Run =>
  history(
    'add',
    'libboat',
    '--library-version',
    version,
    '--source',
    `tag ${version}`,
    '-I',
    folders[version],
    ...more,
  );

const added: Run[] = [];

beforeAll(() => {
  setUp();
  added.push(add('1.10', '--soname', 'libboat.so.1'), add('1.0'), add('1.9'));
});

describe('versions are added', () => {
  test('in any order, each with what it changes', () => {
    const [first, second, third] = added as [Run, Run, Run];
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(/^libboat 1\.10: 2 functions, 1 record, 5 constants\n\S*history\.json: 1 version\n$/);
    expect(second.stdout).toContain('libboat 1.0: 2 functions, 1 record, 4 constants\n');
    // boat_tack and RIG_YAWL, with hull, RIG_LAST and BOAT_MAX changed.
    expect(third.stdout).toContain(
      'libboat 1.9: 3 functions, 1 record, 5 constants; against 1.0: 2 added, 0 removed, 3 changed',
    );
    expect(third.stdout).toMatch(/history\.json: 3 versions\n$/);
  });

  test('for all targets of the configuration, in one file where nothing differs', () => {
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      target: both,
      versions: [
        { version: '1.0', source: 'tag 1.0', sonames: [] },
        { version: '1.9', sonames: [] },
        { version: '1.10', sonames: ['libboat.so.1'] },
      ],
    });
  });

  test('again without a change, and with one only where that is asked for', () => {
    const before = readFileSync(file, 'utf8');
    expect(add('1.0').stdout).toContain('libboat 1.0 is in it already, from the same source');
    expect(readFileSync(file, 'utf8')).toBe(before);
    const other = add('1.0', '--soname', 'libboat.so.0');
    expect(other.status).toBe(2);
    expect(other.stderr).toContain(
      'libboat 1.0 is in its history already, with other facts; --replace puts this in its place',
    );
    const elsewhere = history(
      'add',
      'libboat',
      '--library-version',
      '1.0.0',
      '--source',
      'elsewhere',
      '-I',
      folders['1.0'],
    );
    expect(elsewhere.stderr).toContain('libboat 1.0.0 is in its history already, from tag 1.0; --replace');
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(add('1.0', '--soname', 'libboat.so.0', '--replace').status).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(before.replace('"sonames":[]', '"sonames":["libboat.so.0"]'));
    expect(add('1.0', '--replace').status).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('from snapshots as from headers', () => {
    const before = readFileSync(file, 'utf8');
    const snapshots = Object.entries(folders).flatMap(([version, folder]) =>
      both.map((target) => {
        const path = join(project, `${version}.${target}.json`);
        const options = ['--library-version', version, '-I', folder, '--target', target, '--out', path];
        expect(dlshim('snapshot', 'libboat', '--config', config, ...options).status).toBe(0);
        return path;
      }),
    );
    const options = snapshots.flatMap((path) => ['--snapshot', path]);
    expect(history('add', 'libboat', '--source', 'tag', '--replace', ...options)).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(readFileSync(file, 'utf8')).toBe(before.replaceAll(/tag [\d.]+/g, 'tag').replace('["libboat.so.1"]', '[]'));
    const one = history('add', 'libboat', '--source', 'tag', '--snapshot', snapshots[0]!);
    expect(one.stderr).toContain('libboat 1.0: there is no snapshot for aarch64-linux-gnu among');
    writeFileSync(file, before);
  });

  test('with the exports that a list names', () => {
    const before = readFileSync(file, 'utf8');
    const list = join(project, 'boat.map');
    writeFileSync(
      list,
      'BOAT_1 { global: boat_launch; boat_tack; local: *; };\nBOAT_2 { global: boat_tack; } BOAT_1;\n',
    );
    expect(add('1.10', '--replace', '--export-list', list).status).toBe(0);
    expect(history('show', 'libboat', 'boat_tack').stdout).toBe(
      'boat_tack: function of libboat, since 1.9\n' +
        '  1.9     int boat_tack(struct hull *hull, int degrees);\n' +
        '  1.10..  int boat_tack(struct hull *hull, int degrees, int how);\n' +
        'exported, as far as it is known: 1.10..\n' +
        '  boat_tack@BOAT_1: 1.10.., hidden\n' +
        '  boat_tack@BOAT_2: 1.10.., the default\n',
    );
    writeFileSync(list, 'boat_tack');
    expect(add('1.10', '--replace', '--export-list', list).status).toBe(0);
    expect(history('show', 'libboat', 'boat_launch').stdout).toContain('exported, as far as it is known: nowhere');
    expect(add('1.10', '--replace', '--export-list', join(project, 'none')).stderr).toContain('none: no such file');
    writeFileSync(file, before);
  });

  test.skipIf(noCompiler)(named('with what the file of the library itself says', noCompiler), () => {
    const before = readFileSync(file, 'utf8');
    const source = join(project, 'boat.c');
    writeFileSync(source, 'int boat_launch(void *hull) { return hull != 0; }\nint boat_later(void) { return 1; }\n');
    const built = join(project, 'libboat.so.1');
    execFileSync('cc', ['-shared', '-fPIC', '-nostdlib', '-Wl,-soname,libboat.so.7', '-o', built, source]);
    expect(add('1.10', '--replace', '--export-list', built)).toMatchObject({ status: 0, stderr: '' });
    const { versions, exports } = JSON.parse(readFileSync(file, 'utf8')) as { versions: object[]; exports: object[] };
    expect(versions[2]).toMatchObject({ version: '1.10', sonames: ['libboat.so.7'], exports: true });
    expect(versions[1]).not.toHaveProperty('exports');
    // What is declared is exported unless something else is said; boat_later is exported beside that.
    expect(exports).toEqual([
      { symbol: 'boat_later', in: '1.10..' },
      { symbol: 'boat_tack', in: '' },
    ]);
    writeFileSync(file, before);
  });

  test('where headers that differ between targets give a file to each', () => {
    const before = readFileSync(file, 'utf8');
    const beside = join(project, 'history.aarch64-linux-gnu.json');
    const folder = headers('2.0', `${THIRD}\n#ifdef __aarch64__\nint boat_arm(void);\n#endif\n`);
    const grown = history('add', 'libboat', '--library-version', '2.0', '--source', 'tag 2.0', '-I', folder);
    expect(grown).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ target: both[0], versions: { length: 4 } });
    expect(JSON.parse(readFileSync(beside, 'utf8'))).toMatchObject({ target: both[1], versions: { length: 4 } });
    expect(history('show', 'libboat', 'boat_arm').status).toBe(2);
    expect(history('show', 'libboat', 'boat_arm', '--target', both[1]!).stdout).toContain(
      'boat_arm: function of libboat, since 2.0',
    );
    expect(history('remove', 'libboat', '2').status).toBe(0);
    expect(existsSync(beside)).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

describe('and asked', () => {
  test('list says where each comes from and what it changes', () => {
    const { stdout, status } = history('list');
    expect(status).toBe(0);
    expect(stdout).toBe(
      'libboat: 3 versions\n' +
        '  1.0      2 functions                tag 1.0\n' +
        '  1.9      3 functions +2 ~3          tag 1.9\n' +
        '  1.10     2 functions -1 ~1          libboat.so.1 · tag 1.10\n',
    );
    expect(JSON.parse(history('list', 'libboat', '--json').stdout)).toMatchObject([
      { library: 'libboat', versions: [{ version: '1.0', functions: 2 }, { added: 2, changed: 3 }, { removed: 1 }] },
    ]);
  });

  test('show says what a name was, sizes and offsets of records among it', () => {
    expect(history('show', 'libboat', 'boat_sink').stdout).toBe(
      'boat_sink: function of libboat, until 1.9\n  1.0..1.9  int boat_sink(struct hull *hull);\n',
    );
    expect(history('show', 'libboat', 'hull').stdout).toBe(
      'struct hull: record of libboat, in all 3 versions\n' +
        '  1.0    struct hull of 16 bytes, aligned to 8\n' +
        '               0  int length;\n' +
        '               8  long draught;\n' +
        '  1.9..  struct hull of 16 bytes, aligned to 8\n' +
        '               0  long length;\n' +
        '               8  long draught;\n',
    );
    expect(history('show', 'libboat', 'RIG_LAST').stdout).toBe(
      'RIG_LAST: enumerator in enum rig of libboat, in all 3 versions\n  1.0    RIG_LAST = 2\n  1.9..  RIG_LAST = 3\n',
    );
    expect(JSON.parse(history('show', 'libboat', 'BOAT_MAX', '--json').stdout)).toEqual({
      library: 'libboat',
      target: both[0],
      name: 'BOAT_MAX',
      declarations: [
        {
          kind: 'macro',
          name: 'BOAT_MAX',
          since: '1.0',
          until: null,
          versions: '1.0..',
          eras: [
            { versions: '1.0', text: '#define BOAT_MAX 4' },
            { versions: '1.9..', text: '#define BOAT_MAX 5' },
          ],
        },
      ],
      exports: null,
    });
    const unknown = history('show', 'libboat', 'hul');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('no version of libboat has hul; did you mean hull?');
  });

  test('snapshot writes any version of it, the newest where none is named', () => {
    const at = (...flags: string[]) => {
      const run = dlshim('snapshot', 'libboat', '--config', config, '--target', both[0]!, ...flags);
      return JSON.parse(run.stdout) as { version: string; functions: { name: string }[] };
    };
    expect(at('--at', '1').functions.map((d) => d.name)).toEqual(['boat_launch', 'boat_sink']);
    expect(at('--at', '1.9')).toMatchObject({ version: '1.9' });
    expect(at('--from-snapshot')).toMatchObject({ version: '1.10', functions: { length: 2 } });
  });

  test.skipIf(noCompiler)(named('verify holds a version against its own headers, and no other', noCompiler), () => {
    const verify = (version: string, folder: string): Run =>
      dlshim('verify', 'libboat', '--config', config, '--at', version, '-I', folder, '--target', both[0]!);
    for (const [version, folder] of Object.entries(folders))
      expect(verify(version, folder)).toMatchObject({ status: 0 });
    const wrong = verify('1.0', folders['1.9']);
    expect(wrong.status).toBe(1);
    expect(wrong.stdout).toContain('struct hull');
  });

  test('generate makes the shim of all versions, without headers, and of one where it is named', () => {
    const generate = (...flags: string[]): Run => dlshim('generate', '--config', config, ...flags);
    const first = generate();
    expect(first.status).toBe(0);
    // Nothing of the small library tells its version.
    expect(first.stderr).toContain('nothing tells libboat 1.0, 1.9 from 1.10');
    expect(first.stderr).toMatch(/the history does not know what .* exports?: `dlshim history add --export-list`/);
    const shim = (): string => readFileSync(join(project, 'shims/libboat.ts'), 'utf8');
    const all = shim();
    for (const name of ['boat_launch', 'boat_sink', 'boat_tack']) expect(all).toContain(name);
    expect(generate('--check', '--from-snapshot').status).toBe(0);
    expect(generate('--at', '1.0').status).toBe(0);
    expect(shim()).not.toContain('boat_tack');
    const headers = generate('-I', folders['1.0']);
    expect(headers.status).toBe(2);
    expect(headers.stderr).toContain('-I is about headers, and libboat is generated from its history, history.json');
  });
});

describe('what is wrong is said', () => {
  test.each<[string, readonly string[], string]>([
    ['no source', ['add', 'libboat'], '--source is missing: where the headers come from'],
    [
      'no such library',
      ['add', 'libship', '--source', 'x'],
      'the configuration has no library libship; it has libboat',
    ],
    [
      'no version',
      ['add', 'libboat', '--source', 'x', '-I', folders['1.0']],
      'libboat: --library-version is missing: which version are the headers of?',
    ],
    [
      'a version that is none',
      ['add', 'libboat', '--source', 'x', '-I', folders['1.0'], '--library-version', 'next'],
      '"next" is not a version',
    ],
    [
      'a version that is not there',
      ['remove', 'libboat', '3'],
      'the history of libboat has no version 3; it has 1.0 1.9 1.10',
    ],
    [
      'headers with snapshots',
      ['add', 'libboat', '--source', 'x', '--snapshot', 'y', '-I', 'z'],
      '-I is about headers, and --snapshot reads none',
    ],
    [
      'a snapshot that is none',
      ['add', 'libboat', '--source', 'x', '--snapshot', join(project, 'library.json')],
      'this snapshot cannot be read: its format is undefined',
    ],
  ])('%s', (_, args, message) => {
    const before = readFileSync(file, 'utf8');
    const run = history(...args);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('an unknown version, a damaged file, none at all, and no key for one', () => {
    const before = readFileSync(file, 'utf8');
    const generate = (...flags: string[]): Run => dlshim('generate', '--config', config, ...flags);
    expect(generate('--at', '7').stderr).toContain(
      'history.json: the history of libboat has no version 7; it has 1.0 1.9 1.10',
    );
    writeFileSync(file, before.replace('"functions"', '"other"'));
    expect(generate()).toMatchObject({ status: 2, stderr: expect.stringContaining('functions: it is not a list') });
    writeFileSync(file, before);
    setUp({ baseline: '0.5' });
    expect(generate().stderr).toContain(
      'libboat: `baseline` is 0.5: the history of libboat has no version 0.5; it has 1.0 1.9 1.10',
    );
    setUp({ history: 'none.json' });
    expect(generate().stderr).toContain(
      'none.json nor a file beside it is of x86_64-linux-gnu; `dlshim history add libboat`',
    );
    setUp({ history: undefined });
    expect(history('add', 'libboat', '--source', 'x').stderr).toContain(
      'libboat has no `history` in its configuration',
    );
    expect(history('list').stderr).toContain('no library of the configuration has a `history`');
    setUp();
  });

  test('what another run has written meanwhile is not lost: who comes second writes nothing, and says so', async () => {
    const versions = ['4.1', '4.2', '4.3', '4.4', '4.5'];
    const runs = versions.map((version) => {
      const args = ['history', 'add', 'libboat', '--library-version', version, '--source', 'x', '-I', folders['1.0']];
      const cli = join(root, 'generator/dist/cli.js');
      return promisify(execFile)(process.execPath, [cli, ...args, '--config', config]).then(
        () => version,
        ({ stderr }: { stderr: string }) => {
          expect(stderr).toMatch(/another run .*nothing was written, run this again/);
        },
      );
    });
    const added = (await Promise.all(runs)).filter((version) => version !== undefined);
    const known = JSON.parse(readFileSync(file, 'utf8')) as { versions: { version: string }[] };
    const found = known.versions.map(({ version }) => version).filter((version) => versions.includes(version));
    expect(added.length).toBeGreaterThan(0);
    expect(found).toEqual(added);
    for (const version of added) expect(history('remove', 'libboat', version).status).toBe(0);
  });

  test('a header that is not understood adds nothing', () => {
    const before = readFileSync(file, 'utf8');
    const folder = headers('bad', 'int boat_launch(nothing *x);\n');
    const run = history('add', 'libboat', '--library-version', '3', '--source', 'x', '-I', folder);
    expect(run.status).toBe(3);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});
