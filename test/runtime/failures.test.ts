// A library that is absent or that the loader will not have: each reason is an error class of its own, and its message has every
// file that was tried and the loader's own words.
// Run: npx vitest run test/runtime/failures.test.ts

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { defineShim } from '@dlshim/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary, buildModule, buildShapes, out, runProgram } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

interface Case {
  readonly title: string;
  readonly name: string;
  readonly code: string;
  /** The loader's words, or ours where the loader is not asked. */
  readonly words: RegExp;
  readonly setuid?: number;
  /** What a bare name gives, where the loader skips the file without a word and only the file itself tells. */
  readonly bareWords?: RegExp;
}

const folder = (name: string) => join(out, 'bad', name);
const file = (name: string) => join(folder(name), 'libshapes.so.1');

function put(name: string, bytes: Uint8Array | string, mode = 0o755): void {
  mkdirSync(folder(name), { recursive: true });
  rmSync(file(name), { force: true });
  writeFileSync(file(name), bytes);
  chmodSync(file(name), mode);
}

function open(request: Record<string, unknown>, env: Record<string, string> = {}) {
  const ended = runProgram('report.mjs', [JSON.stringify(request)], { env });
  expect(ended, ended.errors).toMatchObject({ status: 0, signal: null });
  return JSON.parse(ended.output);
}

const cases: Case[] = [
  {
    title: 'absent',
    name: 'LibraryAbsentError',
    code: 'DLSHIM_ABSENT',
    words: /cannot open shared object file: No such file/,
  },
  { title: 'text', name: 'NotALibraryError', code: 'DLSHIM_NOT_A_LIBRARY', words: /invalid ELF header|file too short/ },
  {
    title: 'foreign',
    name: 'WrongMachineError',
    code: 'DLSHIM_WRONG_MACHINE',
    words: /cannot open shared object file: No such file|wrong ELF class|ELF file/,
  },
  {
    title: 'truncated',
    name: 'TruncatedLibraryError',
    code: 'DLSHIM_TRUNCATED',
    words: /not handed to the loader, file truncated/,
  },
  {
    title: 'stub',
    name: 'TruncatedLibraryError',
    code: 'DLSHIM_TRUNCATED',
    words: /file too short|cannot read file data/,
  },
  { title: 'empty', name: 'TruncatedLibraryError', code: 'DLSHIM_TRUNCATED', words: /file too short/ },
  {
    title: 'pipe',
    name: 'NotALibraryError',
    code: 'DLSHIM_NOT_A_LIBRARY',
    words: /not handed to the loader: it is not a regular file/,
  },
  { title: 'lacking', name: 'MissingSymbolsError', code: 'DLSHIM_SYMBOLS', words: /loaded/ },
  {
    title: 'needs',
    name: 'MissingDependencyError',
    code: 'DLSHIM_DEPENDENCY',
    words: /libdependency\.so: cannot open shared object file/,
  },
  {
    title: 'secret',
    name: 'LibraryUnreadableError',
    code: 'DLSHIM_UNREADABLE',
    words: /Permission denied/,
    bareWords: /Permission denied|No such file/,
    setuid: 65534,
  },
];

describe.skipIf(noCompiler)(named('a library that cannot be opened', noCompiler), () => {
  beforeAll(() => {
    buildModule('shapes');
    const good = readFileSync(buildShapes('1.2'));
    const foreign = Buffer.from(good);
    foreign.writeUInt16LE(good.readUInt16LE(18) === 183 ? 62 : 183, 18); // e_machine
    put(
      'text',
      'This is not a library, but a text that someone has put in its place, long enough for a header of ELF.\n',
    );
    put('foreign', foreign);
    put('truncated', good.subarray(0, 5000));
    put('stub', good.subarray(0, 100));
    put('empty', '');
    put('lacking', readFileSync(buildShapes('2.0')));
    put('secret', good, 0o000);
    const dependency = buildLibrary('dependency.c', join('dependency', 'libdependency.so'));
    const needs = buildLibrary('needs.c', join('needs', 'libshapes.so.1'), [
      `-L${dirname(dependency)}`,
      '-ldependency',
    ]);
    put('needs', readFileSync(needs));
    mkdirSync(folder('absent'), { recursive: true });
    mkdirSync(folder('pipe'), { recursive: true });
    rmSync(file('pipe'), { force: true });
    execFileSync('mkfifo', [file('pipe')]); // a loader would wait for someone to write
  });

  for (const { title, name, code, words, bareWords, setuid } of cases) {
    const extra = setuid === undefined ? {} : { setuid };
    // Root reads everything: without root, the process is the user already.
    const request = process.getuid?.() === 0 ? extra : {};

    it(`${title}: by open({ path }) it is a ${name} with the loader's words`, () => {
      const { error } = open({ ...request, path: file(title) });
      expect(error).toMatchObject({ name, code, isError: true, attempts: [{ file: file(title), from: 'option' }] });
      expect(error.message).toContain(file(title));
      expect(error.message).toMatch(words);
    });

    it(`${title}: by the environment's override it is a ${name} too`, () => {
      const { error } = open(request, { DLSHIM_SHAPES: file(title) });
      expect(error).toMatchObject({ name, code, attempts: [{ file: file(title), from: 'environment' }] });
      expect(error.message).toMatch(words);
    });

    it(`${title}: by a bare name in LD_LIBRARY_PATH it is a ${name} too`, () => {
      const { error } = open(request, { LD_LIBRARY_PATH: folder(title) });
      expect(error).toMatchObject({ name, code });
      expect(error.attempts[0]).toMatchObject({ file: 'libshapes.so.1', from: 'shim' });
      expect(error.message).toMatch(bareWords ?? words);
    });
  }

  it('needs a truncated dependency: it is a MissingDependencyError, and not the end of the process', () => {
    const whole = readFileSync(buildLibrary('dependency.c', join('dependency', 'libdependency.so')));
    mkdirSync(folder('half'), { recursive: true });
    writeFileSync(join(folder('half'), 'libdependency.so'), whole.subarray(0, 5000));
    const { error } = open({ path: file('needs') }, { LD_LIBRARY_PATH: folder('half') });
    expect(error).toMatchObject({ name: 'MissingDependencyError', code: 'DLSHIM_DEPENDENCY' });
    expect(error.message).toContain(join(folder('half'), 'libdependency.so'));
    expect(error.message).toMatch(/not handed to the loader, file truncated/);
  });

  it('truncated: plain koffi hands it to the loader, which dies of it', () => {
    const ended = runProgram('plain-load.mjs', [file('truncated')]);
    expect(ended).toMatchObject({ signal: 'SIGBUS' });
  });

  it('says what to install and which variable to set', () => {
    const { error } = open({});
    expect(error.attempts).toHaveLength(2);
    expect(error.message.split('\n')).toHaveLength(4);
    expect(error.message).toMatch(/apt install libshapes1\b.*dnf install shapes-libs\b/);
    expect(error.message).toContain('DLSHIM_SHAPES');
  });

  it('names the missing dependency', () => {
    expect(open({ path: file('needs') }).error.dependency).toBe('libdependency.so');
  });

  it('is undefined from tryOpen when absent, and still an error when rejected', () => {
    expect(open({ try: true })).toMatchObject({ absent: true });
    expect(open({ try: true, path: file('text') }).error).toMatchObject({ name: 'NotALibraryError' });
    expect(open({ try: true, path: file('lacking') }).error).toMatchObject({ name: 'MissingSymbolsError' });
  });

  it('is never taken from the current folder: not by its name, and relative paths are refused', () => {
    const good = buildShapes('1.2');
    expect(open({ chdir: dirname(good) }).error).toMatchObject({ name: 'LibraryAbsentError' });
    for (const path of ['./libshapes.so.1', 'sub/libshapes.so.1', '', '.', '..', `${good}\0`]) {
      expect(open({ chdir: dirname(good), path }).error, JSON.stringify(path)).toMatchObject({ name: 'PathError' });
    }
    expect(open({ chdir: dirname(good) }, { DLSHIM_SHAPES: `./${basename(good)}` }).error).toMatchObject({
      name: 'PathError',
    });
  });

  it('that is another library altogether is said to be that', () => {
    const zlib = defineShim({
      ...{
        format: 3,
        library: 'zlib',
        version: '1.3',
        stamp: 'other',
        target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
      },
      ...{
        files: { linux: ['libz.so.1'] },
        packages: {},
        required: { inflate: 'i32(ptr,i32)' },
        weak: {},
        features: {},
      },
      records: {},
    });
    expect(() => zlib.open({ path: 'libm.so.6' })).toThrow(
      /^zlib .*lacks required functions: inflate\.\n.*\nThis file calls itself libm\.so\.6, and the shim is of libz\.so\.1: /,
    );
  });

  it('can be opened later in the same process, once it is there', async () => {
    const { shapes } = await import('./shapes.ts');
    expect(() => shapes.open({ path: file('text') })).toThrow(/text file/);
    expect(() => shapes.open({ path: file('lacking') })).toThrow(/shapes_scale/);
    expect(shapes.open({ path: buildShapes('1.2') }).fn.shapes_area(2, 3)).toBe(6);
  });
});
