// A version's headers out of a repository: the folder that scripts/history/fill.mjs makes of them, and what is said when it cannot.
// Run: npx vitest run test/history/fill.test.ts

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readElfExports } from '../../generator/src/exports/elf.ts';
import { fill, isFilled } from '../../scripts/history/fill.mjs';
import type { RepositoryVersion, Sources } from '../../scripts/history/sources.mjs';
import { parseExports } from '../../scripts/history/stand-in.mjs';
import { named, noCompiler } from '../needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlshim-fill-'));
const where = {
  cache: join(folder, 'cache'),
  repositories: join(folder, 'repositories'),
  mirror: join(folder, 'mirror'),
};
const MAP = 'X_1.0 { global: x_open; x_copy; local: *; };\nX_2.0 { global: x_copy; } X_1.0;\n';

const sources: Sources = {
  repositories: {
    'them/x': {
      headers: {
        'x/x.h': 'src/x.h',
        'x/sub': 'src/sub',
        'x/version.h': 'src/version.h.in',
        'x/later.h': 'src/later.h',
      },
      exports: ['src/x.map', 'src/x.syms'],
      substitute: { 'x/version.h': { '@MAJOR@': '{major}', '^#undef (X_NUM)': '#define $1 0x{hex}' } },
      written: { 'lib/pkgconfig/x.pc': ['Name: x', 'Version: 1'] },
    },
  },
  versions: [
    { version: '1.10.0', repository: 'them/x', tag: 'v1.10.0', sonames: ['libx.so.1'] },
    { version: '2.0.0', repository: 'them/x', tag: 'v2.0.0', sonames: ['libx.so.2', 'libx.so.3'] },
    { version: '3.0.0', repository: 'them/x', tag: 'v3.0.0' },
  ],
};
const [one, two, three] = sources.versions as readonly [RepositoryVersion, RepositoryVersion, RepositoryVersion];

beforeAll(() => {
  const work = join(folder, 'work');
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', work, '-c', 'user.name=x', '-c', 'user.email=x@x.example', ...args], { stdio: 'pipe' });
  const commit = (tag: string, files: { readonly [path: string]: string }) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(work, path)), { recursive: true });
      writeFileSync(join(work, path), text);
    }
    git('add', '-A');
    git('commit', '-q', '-m', tag);
    git('tag', tag);
  };
  mkdirSync(work, { recursive: true });
  git('init', '-q');
  const version = '#define X_MAJOR @MAJOR@\n#undef X_NUM\n';
  const both = {
    'src/sub/a.h': 'int a;\n',
    'src/sub/a.c': 'int a;\n',
    'src/sub/deep/b.h': 'int b;\n',
    'src/version.h.in': version,
  };
  commit('v1.10.0', { ...both, 'src/x.h': 'int x_open(int);\n', 'src/x.syms': 'x_open\n' });
  commit('v2.0.0', { 'src/x.h': 'int x_open(void);\n', 'src/later.h': 'int x_copy(void);\n', 'src/x.map': MAP });
  mkdirSync(where.mirror);
  execFileSync('git', ['clone', '-q', '--bare', work, join(where.mirror, 'them+x')], { stdio: 'pipe' });
});

const read = (version: string, path: string) => readFileSync(join(where.cache, 'x', version, 'usr', path), 'utf8');

describe(named('a version of a repository', noCompiler), { skip: noCompiler !== undefined }, () => {
  it('is the headers at its tag, where they are installed to, and only headers of folders', async () => {
    await fill('x', sources, one, where);
    expect(read('1.10.0', 'include/x/x.h')).toBe('int x_open(int);\n');
    expect(readdirSync(join(where.cache, 'x/1.10.0/usr/include/x')).sort()).toEqual(['sub', 'version.h', 'x.h']);
    expect(readdirSync(join(where.cache, 'x/1.10.0/usr/include/x/sub'))).toEqual(['a.h']);
  });

  it('has what its build would write, with its own numbers', async () => {
    await fill('x', sources, one, where);
    expect(read('1.10.0', 'include/x/version.h')).toBe('#define X_MAJOR 1\n#define X_NUM 0x010a00\n');
    expect(read('1.10.0', 'lib/pkgconfig/x.pc')).toBe('Name: x\nVersion: 1\n');
  });

  it('has a library that exports what a list names, under its first SONAME', async () => {
    const { source, sonames } = await fill('x', sources, one, where);
    expect([source, sonames]).toEqual(['github.com/them/x, tag v1.10.0', ['libx.so.1']]);
    const elf = readElfExports(join(where.cache, 'x/1.10.0/usr/lib/x86_64-linux-gnu/libx.so.1'));
    expect([...elf!.symbols.keys()]).toEqual(['x_open']);
  });

  it('and with a version script each symbol in its versions, the last one by default', async () => {
    await fill('x', sources, two, where);
    const file = join(where.cache, 'x/2.0.0/usr/lib/x86_64-linux-gnu/libx.so.2');
    const symbols = execFileSync('readelf', ['--dyn-syms', '-dW', file], { encoding: 'utf8' });
    expect([...symbols.matchAll(/\bx_\w+@\S+/g)].map(([name]) => name).sort()).toEqual([
      'x_copy@@X_2.0',
      'x_copy@X_1.0',
      'x_open@@X_1.0',
    ]);
    expect(symbols).toContain('soname: [libx.so.2]');
  });

  it('is taken from the cache, and made anew when its source is described otherwise', async () => {
    await fill('x', sources, one, where);
    const file = join(where.cache, 'x/1.10.0/usr/include/x/x.h');
    rmSync(file);
    await fill('x', sources, one, where);
    expect(existsSync(file)).toBe(false);
    const other = { ...one, sonames: ['libx.so.9'] };
    expect([isFilled('x', sources, one, where), isFilled('x', sources, other, where)]).toEqual([true, false]);
    await fill('x', sources, other, where);
    expect(existsSync(file)).toBe(true);
  });

  it('that is not there is told, and leaves nothing', async () => {
    await expect(fill('x', sources, three, where)).rejects.toThrow(/them\+x has no refs\/tags\/v3\.0\.0/);
    const elsewhere = { repositories: { 'them/x': { headers: { 'y.h': 'y.h' } } }, versions: [two] };
    await expect(fill('y', elsewhere, two, where)).rejects.toThrow('github.com/them/x has none of the headers there');
    expect(['x/3.0.0', 'y'].map((path) => existsSync(join(where.cache, path)))).toEqual([false, false]);
    expect(readdirSync(join(where.cache, '.unfinished'))).toEqual([]);
  });
});

describe('what a library exports', () => {
  it('is read from lists and version scripts, without comments, local names and repetitions', () => {
    expect(parseExports('a\nb\n')).toEqual([
      { name: 'a', versions: [] },
      { name: 'b', versions: [] },
    ]);
    const script = '# by hand\nV_1 { global: a; /* b; */ a;\n c; local: *; };\nV_2\n{\n  a;\n} V_1;\n';
    expect(parseExports(script)).toEqual([
      { name: 'a', versions: ['V_1', 'V_2'] },
      { name: 'c', versions: ['V_1'] },
    ]);
  });
});
