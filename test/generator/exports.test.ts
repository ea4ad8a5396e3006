// What a library's file says of itself, read from files that compilers and linkers make here: SONAME, exports, symbol versions (two of one
// symbol among them); and what stands for it where it is not at hand: lists of names and version scripts.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readElfExports } from '../../generator/src/exports/elf.ts';
import { exportsOfFile, findExports } from '../../generator/src/exports/find.ts';
import { ExportListError, readExportList } from '../../generator/src/exports/list.ts';
import { findTarget } from '../../generator/src/targets/targets.ts';
import { named, noGcc } from '../needs.ts';

const { elf } = findTarget('x86_64-linux-gnu')!;
const libraries = elf!;
const folder = mkdtempSync(join(tmpdir(), 'dlshim-exports-'));

/** A shared library below `root`; returns its path. */
function build(root: string, file: string, source: string, flags: readonly string[] = []): string {
  const path = join(folder, root, 'usr/lib/x86_64-linux-gnu', file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.c`, source);
  execFileSync('gcc', ['-shared', '-fPIC', '-nostdlib', '-o', path, `${path}.c`, `-Wl,-soname,${file}`, ...flags]);
  return path;
}

function script(text: string): string {
  const path = join(folder, `${text.length}.map`);
  writeFileSync(path, text);
  return `-Wl,--version-script,${path}`;
}

/** `cut` had one parameter, and has had two since VESSEL_2. */
const VERSIONED = `
int cut_old(int a) { return a; }
int cut_new(int a, int b) { return a + b; }
__asm__(".symver cut_old,cut@VESSEL_1");
__asm__(".symver cut_new,cut@@VESSEL_2");
int steady(void) { return 1; }
int late(void) { return 2; }
int inside(void) { return 3; }
int for_parts(void) { return 4; }
int _Zsomething(void) { return 5; }
int value = 7;
static int own(void) { return 6; }
int uses(void) { return own(); }
`;
const NODES = `
VESSEL_1 { global: cut; steady; value; uses; local: *; };
VESSEL_2 { global: cut; late; _Z*; } VESSEL_1;
VESSEL_PRIVATE { global: for_parts; };
`;

describe.skipIf(noGcc)(named('a library with symbol versions', noGcc), () => {
  const path = noGcc ? '' : build('versioned', 'libvessel.so.2', VERSIONED, [script(NODES)]);

  test('is read as readelf shows it', () => {
    const shown = execFileSync('readelf', ['--dyn-syms', '--wide', path], { encoding: 'utf8', env: { LC_ALL: 'C' } });
    const expected = shown.split('\n').flatMap((line) => {
      const [, , , , binding, , section, name = ''] = line.trim().split(/\s+/);
      return /^\d+$|^ABS$/.test(section ?? '') && binding !== 'LOCAL' ? [name] : [];
    });
    const { symbols, soname } = readElfExports(path)!;
    const read = [...symbols].flatMap(([name, versions]) =>
      versions.length === 0 ? [name] : versions.map((one) => `${name}${one.isDefault ? '@@' : '@'}${one.version}`),
    );
    // The linker defines a symbol of each node's name.
    const isNode = (text: string): boolean => text.startsWith('VESSEL_');
    expect(read.sort()).toEqual(expected.filter((text) => !isNode(text)).sort());
    expect(expected.filter(isNode)).toHaveLength(3);
    expect(read).toContain('cut@VESSEL_1');
    expect(read).toContain('cut@@VESSEL_2');
    expect(soname).toBe('libvessel.so.2');
  });

  const asked = ['cut', 'steady', 'value', 'inside', 'gone'];
  const answer = {
    missing: ['inside', 'gone'],
    exports: {
      sonames: ['libvessel.so.2'],
      // Neither what C++ makes, nor what is for the library's own parts.
      undeclared: ['late', 'uses'],
      symbolVersions: [
        { symbol: 'cut', version: 'VESSEL_1', isDefault: false },
        { symbol: 'cut', version: 'VESSEL_2', isDefault: true },
        { symbol: 'steady', version: 'VESSEL_1', isDefault: true },
        { symbol: 'value', version: 'VESSEL_1', isDefault: true },
      ],
    },
  };
  const sorted = (found: ReturnType<typeof findExports>) => {
    const key = (s: { symbol: string; version: string }) => `${s.symbol} ${s.version}`;
    const symbolVersions = [...found!.exports.symbolVersions].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    return { missing: found!.missing, exports: { ...found!.exports, symbolVersions } };
  };

  test('says what it exports in which versions, by its name below a root and by its path', () => {
    expect(sorted(findExports(['libvessel.so.2'], asked, [join(folder, 'versioned')], libraries))).toEqual(answer);
    expect(sorted(exportsOfFile(path, asked, libraries))).toEqual(answer);
  });

  test('the version script alone says the same, the newest of several versions being the default', () => {
    const { missing, exports } = readExportList(NODES, asked);
    expect(missing).toEqual(['inside', 'gone']);
    expect(exports.symbolVersions.filter(({ symbol }) => symbol === 'cut')).toEqual([
      { symbol: 'cut', version: 'VESSEL_2', isDefault: true },
      { symbol: 'cut', version: 'VESSEL_1', isDefault: false },
    ]);
    expect(exports.undeclared).toContain('late');
  });

  test('a damaged copy is no library, and ends no run', () => {
    const bytes = readFileSync(path);
    for (let length = 0; length < bytes.length; length += 97) {
      const cut = join(folder, 'cut.so');
      writeFileSync(cut, bytes.subarray(0, length));
      expect(() => readElfExports(cut)).not.toThrow();
    }
  });
});

describe.skipIf(noGcc)(named('a library that needs another', noGcc), () => {
  const needed = noGcc ? '' : build('both', 'libneeded.so.1', 'int inner(void) { return 1; }');
  const path = noGcc
    ? ''
    : build('both', 'libouter.so.1', 'int outer(void) { return 1; }', ['-Wl,--no-as-needed', needed]);

  test('exports what that one does, found beside it below the same root', () => {
    expect(exportsOfFile(path, ['outer', 'inner', 'none'], libraries)).toEqual({
      path,
      missing: ['none'],
      exports: { sonames: ['libouter.so.1'], undeclared: [], symbolVersions: [] },
      notFound: [],
    });
  });

  test('is said to need what is not there', () => {
    const alone = build('alone', 'libouter.so.1', 'int outer(void) { return 1; }', ['-Wl,--no-as-needed', needed]);
    expect(exportsOfFile(alone, ['outer', 'inner'], libraries)).toMatchObject({
      missing: ['inner'],
      notFound: ['libneeded.so.1'],
    });
  });
});

describe('lists of what a library exports', () => {
  const of = (text: string, ...symbols: string[]) => readExportList(text, symbols);

  test('have one name a line, comments and empty lines between them', () => {
    expect(of('# all of them\nfoo\n\nbar # the second\r\nother\n', 'foo', 'bar', 'baz')).toEqual({
      missing: ['baz'],
      exports: { sonames: [], undeclared: ['other'], symbolVersions: [] },
    });
  });

  test.each([
    ['{ global: foo; bar*; local: *; };', ['foo', 'bar_x'], ['local_one']],
    ['V1 { foo; };', ['foo'], ['bar']],
    ['V1 { global: "foo"; /* bar; */ local: *; };\nV2 { global: b?r; } V1;', ['foo', 'bar', 'ber'], ['br']],
    ['V1 { global: extern "C" { foo; bar_*; }; extern "C++" { ns::baz*; "baz(int)"; }; };', ['foo', 'bar_1'], ['baz']],
    ['V1 { global: [a-c]x; x[!a]; local: foo; };', ['ax', 'xb'], ['dx', 'xa', 'foo']],
  ])('may be a version script: %s', (text, exported, missing) => {
    expect(of(text, ...exported, ...missing).missing).toEqual(missing);
  });

  test('a name that is spelled out is in its own node, whatever patterns others have', () => {
    const { exports } = of('V1 { f*; };\nV2 { foo; };', 'foo', 'far');
    expect(exports.symbolVersions).toEqual([
      { symbol: 'far', version: 'V1', isDefault: true },
      { symbol: 'foo', version: 'V2', isDefault: true },
    ]);
  });

  test.each([
    ['', 'it names no symbol that is exported'],
    ['# nothing\n', 'it names no symbol that is exported'],
    ['int foo(void);\n', 'line 1 is "int foo(void);", and neither a name nor part of a version script'],
    ['V1 { global: foo;', 'it is no version script: `}` was expected, and not the end'],
    ['V1 V2 { foo; };', 'it is no version script: `{` was expected, and not V2'],
    ['V1 { local: *; };', 'it names no symbol that is exported'],
  ])('%j is none', (text, message) => {
    expect(() => of(text, 'foo')).toThrow(ExportListError);
    expect(() => of(text, 'foo')).toThrow(message);
  });
});
