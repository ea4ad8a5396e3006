// `dlshim report` on the command line, and what pages are made of: the same bytes everywhere, escaped, columns by what differs, features by
// versions, which version is installed.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { historyFromJson } from '../../generator/src/history/json.ts';
import { columnsOf, extent } from '../../generator/src/report/columns.ts';
import { marked } from '../../generator/src/report/differences.ts';
import { answerFeatures } from '../../generator/src/report/features.ts';
import { html } from '../../generator/src/report/html.ts';
import type { Machine } from '../../generator/src/report/input.ts';
import type { Cell, MatrixRow } from '../../generator/src/report/matrix.ts';
import { VersionNames } from '../../generator/src/report/runs.ts';
import { named, noCompiler, noLibrary } from '../needs.ts';
import { dlshim, root } from '../tools.ts';
import { HOSTILE, INSTALLED, install, type LampFolder, lampLibrary, VERSIONS } from './library.ts';

let lamp: LampFolder;
beforeAll(() => {
  lamp = lampLibrary();
});

const report = (...flags: string[]) =>
  dlshim('report', '--config', lamp.config, '--out', join(lamp.folder, 'out'), ...flags);
const page = (): string => readFileSync(join(lamp.folder, 'out/lamp.html'), 'utf8');
const exportsOf = (wanted: string): readonly string[] => VERSIONS.find(({ version }) => version === wanted)!.exports!;

describe('the command', () => {
  test('writes a page for each library and says where, and the same as JSON', () => {
    const run = report('--no-machine');
    expect(run.stderr).toBe('');
    expect(run.stdout).toMatch(/^lamp .*lamp\.html \(\d+ kB\): 4 versions\n$/);
    const [told] = JSON.parse(report('--no-machine', '--json').stdout) as [Record<string, unknown>];
    expect(told).toEqual({
      library: 'lamp',
      file: join(lamp.folder, 'out/lamp.html'),
      target: 'x86_64-linux-gnu',
      versions: ['0.9', '1.2', '1.10', '2.0~rc1'],
      bytes: Buffer.byteLength(page()),
    });
  });

  test('--no-machine gives the same bytes in every folder, locale and time zone, and no path of the machine', () => {
    report('--no-machine');
    const first = page();
    const { TZ, LANG } = process.env;
    Object.assign(process.env, { TZ: 'Asia/Kathmandu', LANG: 'de_DE.UTF-8' });
    const other = lampLibrary();
    dlshim('report', '--config', other.config, '--out', other.folder, '--no-machine');
    Object.assign(process.env, { TZ: TZ ?? '', LANG: LANG ?? '' });
    expect(readFileSync(join(other.folder, 'lamp.html'), 'utf8')).toBe(first);
    expect(first).not.toMatch(/\/usr\/|\/home\/|\/tmp\//);
    expect(first).not.toContain('On this machine');
  });

  test('has the features that the history suggests, as the shim does', () => {
    report('--no-machine');
    const { features } = JSON.parse(dlshim('history', 'suggest', 'lamp', '--config', lamp.config, '--json').stdout) as {
      features: readonly { name: string }[];
    };
    expect(features.length).toBeGreaterThan(0);
    for (const { name } of features) expect(page()).toContain(name);
  });

  test('what is not installed is said so', () => {
    const empty = mkdtempSync(join(tmpdir(), 'dlshim-empty-'));
    const run = report('--sysroot', empty);
    expect(run.stdout).toContain('here: not installed');
    expect(page()).toContain('Not installed.');
    expect(page()).not.toContain('class="here"');
  });

  test('a library without a history has a page of its one version', () => {
    const run = dlshim('report', 'libnfs', '--out', lamp.folder, '--no-machine', '--config', withoutHistory());
    expect(run.stderr).toBe('');
    expect(run.stdout).toContain('1 version');
  });

  test('one with neither history nor snapshot is refused in words', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dlshim-none-'));
    const config = join(folder, 'dlshim.config.json');
    const library = { name: 'none', headers: ['none.h'], files: { linux: ['libnone.so.1'] } };
    writeFileSync(config, JSON.stringify({ out: '.', libraries: [library] }));
    const run = dlshim('report', '--config', config);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('neither a `history` nor a `snapshot`');
  });

  test('a library that is not in the configuration, and a folder that cannot be made', () => {
    const unknown = report('lump');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('no library lump');
    writeFileSync(join(lamp.folder, 'file'), '');
    const blocked = dlshim('report', '--config', lamp.config, '--out', join(lamp.folder, 'file/out'), '--no-machine');
    expect(blocked.status).toBe(2);
    expect(blocked.stderr).toContain('cannot be written');
  });

  /** libnfs as it is committed, but for its history. */
  function withoutHistory(): string {
    const {
      history: _,
      baseline: _b,
      ...library
    } = JSON.parse(readFileSync(join(root, 'headers/libnfs/library.json'), 'utf8')) as Record<string, unknown>;
    const snapshot = dlshim('snapshot', 'libnfs', '--from-snapshot', '--target', 'x86_64-linux-gnu');
    const folder = mkdtempSync(join(tmpdir(), 'dlshim-snapshot-'));
    writeFileSync(join(folder, 'one.json'), snapshot.stdout);
    const plain = { name: library.name, headers: library.headers, files: library.files, snapshot: 'one.json' };
    const config = join(folder, 'dlshim.config.json');
    writeFileSync(config, JSON.stringify({ out: '.', libraries: [plain] }));
    return config;
  }
});

describe.skipIf(noCompiler)(named('which version is installed', noCompiler), () => {
  const here = (symbols: readonly string[], soname?: string): { version: string; reasons: string[]; file: string } => {
    const sysroot = install(lamp.folder, symbols, soname);
    const run = report('--sysroot', sysroot, '--json');
    expect(run.stderr).toBe('');
    rmSync(sysroot, { recursive: true });
    return (JSON.parse(run.stdout) as [{ machine: { version: string; reasons: string[]; file: string } }])[0].machine;
  };

  test('is told by what its file exports', () => {
    const found = here(exportsOf(INSTALLED));
    expect(found.version).toBe('1.10, by its symbols');
    expect(found.file).toMatch(/root-\w+\/usr\/lib\/x86_64-linux-gnu\/liblamp\.so\.1$/);
    expect(here(exportsOf('2.0~rc1')).version).toBe('2.0~rc1, by its symbols');
  });

  test('the newest known one may be a later one that looks the same, and the page says so', () => {
    expect(here(exportsOf('2.0~rc1')).reasons.join()).toContain('would look the same');
  });

  test('one with symbols that no known version has is newer', () => {
    const found = here([...exportsOf('2.0~rc1'), 'lamp_party']);
    expect(found.version).toBe('newer than 2.0~rc1');
    expect(found.reasons.join()).toContain('lamp_party');
  });

  test('one that no known version is like is not said to be one', () => {
    const found = here([...exportsOf(INSTALLED), 'lamp_scene']);
    expect(found.version).toMatch(/^nearest to /);
    expect(found.reasons.join()).toMatch(/no known version has the same symbols.*lamp_/);
  });

  test('a SONAME that no version has is said', () => {
    expect(here(exportsOf(INSTALLED), 'liblamp.so.7').reasons).toContain('no known version calls itself liblamp.so.7');
  });
});

const noIscsi = noLibrary('libiscsi.so.7');
test.skipIf(noIscsi)(named('where the library has a shim, the page says what that says', noIscsi), () => {
  const out = mkdtempSync(join(tmpdir(), 'dlshim-iscsi-'));
  const [{ machine }] = JSON.parse(dlshim('report', 'libiscsi', '--out', out, '--json').stdout) as [
    { machine: { version: string; file: string; reasons: string[] } },
  ];
  const [probed] = JSON.parse(dlshim('probe', 'libiscsi', '--json').stdout) as [
    {
      path: string;
      versions: { text: string; evidence: { says: string }[] };
      features: Record<string, boolean | null>;
    },
  ];
  expect(machine.version).toBe(probed.versions.text);
  expect(machine.file).toBe(probed.path);
  for (const { says } of probed.versions.evidence) expect(machine.reasons.join('\n')).toContain(says);
  const page = readFileSync(join(out, 'libiscsi.html'), 'utf8');
  for (const [name, has] of Object.entries(probed.features)) {
    const [, here] =
      new RegExp(`id="f\\.${name}".*?</details><td>[^<]*<td>[^<]*<td>(?:<b>)?([✓✗?])`, 's').exec(page) ?? [];
    if (here !== undefined) expect([name, here]).toEqual([name, has === null ? '?' : has ? '✓' : '✗']);
  }
});

describe('what pages are made of', () => {
  test('text is escaped in text and in attributes, and what cannot be seen is spelled out', () => {
    expect(html`<a title="${`"'<&>`}">${HOSTILE}</a>`.text).toBe(
      `<a title="&quot;&#39;&lt;&amp;&gt;">${HOSTILE.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll("'", '&#39;')}</a>`,
    );
    expect(html`${'a\u202eb\0c\ud800d\u{e0041}'}`.text).toBe('a\\u{202e}b\\u{0}c\\u{d800}d\\u{e0041}');
    expect(html`${html`<b>`}${[html`1`, html`2`]}${undefined}`.text).toBe('<b>12');
  });

  test('two texts of C are compared by words', () => {
    expect(marked('int f(int a)', 'long f(int a, char b)').text).toBe(
      '<del>int</del> <ins>long</ins> f(int a<ins>, char b</ins>)',
    );
    expect(marked('f(a)', 'f(a)').text).toBe('f(a)');
    const long = 'x + '.repeat(3000);
    expect(marked(`${long}a`, `${long}b`).text).toMatch(/^<del>.*<\/del> <ins>.*<\/ins>$/);
  });

  const [a, b]: Cell[] = [
    { css: 'p', text: 'yes' },
    { css: 'x', text: 'no' },
  ];
  const row = (cells: MatrixRow['cells']): MatrixRow => ({ name: '', since: '', until: '', cells, isChanged: false });

  test('versions in which no row differs share a column; the baseline begins one', () => {
    const rows = [row([a, a, a, b, b]), row([undefined, a, a, a, a])];
    const spans = (edges: number[]): string[] => columnsOf(rows, 5, edges).map(({ first, last }) => `${first}-${last}`);
    expect(spans([])).toEqual(['0-0', '1-2', '3-4']);
    expect(spans([2])).toEqual(['0-0', '1-1', '2-2', '3-4']);
    expect(columnsOf([], 3, [])).toEqual([{ first: 0, last: 2 }]);
  });

  test('a row that is never the same makes no columns', () => {
    const restless = row(Array.from({ length: 12 }, (_, at) => (at % 2 ? a : b)));
    expect(columnsOf([restless], 12, [])).toHaveLength(1);
  });

  test('the mark covers the columns of the installed version, and stands on the line where it is between two', () => {
    const columns = [
      { first: 0, last: 0 },
      { first: 1, last: 2 },
      { first: 3, last: 3 },
    ];
    expect(extent({ first: 5, last: 5 }, columns)).toEqual({ left: 1, right: 2 });
    expect(extent({ first: 1, last: 3 }, columns)).toEqual({ left: 0, right: 2 });
    expect(extent({ first: 2, last: 2 }, columns)).toEqual({ left: 0.85, right: 1.15 });
    // Between two versions that share a column.
    expect(extent({ first: 4, last: 4 }, columns)).toEqual({ left: 1, right: 2 });
    expect(extent({ first: 8, last: 8 }, columns)).toEqual({ left: 2.85, right: 3.15 });
    expect(extent({ first: 0, last: 0 }, columns)).toEqual({ left: -0.15, right: 0.15 });
  });

  test('sets of versions in words', () => {
    const names = new VersionNames(history());
    expect(names.span([0])).toBe('0.9');
    expect(names.span([0, 1])).toBe('0.9 – 1.2');
    expect(names.span([1, 2, 3])).toBe('from 1.2');
    expect(names.span([0, 2, 3])).toBe('0.9, from 1.10');
    expect([names.since([0, 1]), names.until([0, 1])]).toEqual(['', '1.2']);
    expect([names.since([2, 3]), names.until([2, 3])]).toEqual(['1.10', '']);
  });
});

const history = () => historyFromJson(readFileSync(join(lamp.folder, 'history.json'), 'utf8'));

describe('features', () => {
  const answers = (feature: Parameters<typeof answerFeatures>[0][string], machine?: Machine): string => {
    const records = [
      {
        key: 'struct lamp_state',
        eras: [
          { versions: [0, 1], view: view(['level', 'name']) },
          { versions: [2, 3], view: view(['level', 'energy', 'name']) },
        ],
      },
    ];
    const context = { history: history(), baseline: 1, records, machine, reported: [null, '12', '14', '14'] };
    const [found] = answerFeatures({ one: feature }, context);
    return found!.answers.join(' ') + (found!.here ? `; here ${found!.here}` : '');
  };
  const view = (members: string[]) => ({
    kind: 'struct' as const,
    size: 8,
    align: 4,
    isOpaque: false,
    members: members.map((name) => ({ name, type: 'int', place: '0' })),
  });

  test('symbols: exported where that is known, else declared', () => {
    expect(answers(['lamp_dim*'])).toBe('no no yes yes');
    expect(answers(['lamp_glow'])).toBe('no no no yes');
    // lamp_legacy is not in the last versions, and was there after the baseline.
    expect(answers(['lamp_le*', 'lamp_open'])).toBe('yes yes partly partly');
    expect(answers(['lamp_open', 'lamp_glow'])).toBe('partly partly partly yes');
    expect(answers(['lamp_read@1.10'])).toBe('no no yes yes');
    expect(answers(['lamp_read@0.9'])).toBe('yes yes no no');
  });

  test('versions, what the library reports, constants, members, layouts', () => {
    expect(answers({ versions: '>=1.2 <2.0' })).toBe('no yes yes yes');
    expect(answers({ versions: '>=1.2 <2.0~rc1' })).toBe('no yes yes no');
    expect(answers({ reported: '>=14' })).toBe('no no yes yes');
    expect(answers({ constants: ['LAMP_NAME'] })).toBe('no no yes yes');
    expect(answers({ constants: ['LAMP_DIM', 'LAMP_MAX'] })).toBe('no no yes yes');
    expect(answers({ members: ['lamp_state.energy'] })).toBe('no no yes yes');
    expect(answers({ layouts: { lamp_state: '0.9' } })).toBe('yes yes no no');
  });

  test('all of several conditions, any, not', () => {
    expect(answers({ symbols: ['lamp_blink'], versions: '<2.0~rc1' })).toBe('yes no yes no');
    expect(answers({ any: [['lamp_legacy'], { versions: '>=2.0~rc1' }] })).toBe('yes yes no yes');
    expect(answers({ not: { constants: ['LAMP_NAME'] } })).toBe('yes yes no no');
  });

  test('the installed library has its own symbols, and of the rest what all versions say that it may be', () => {
    const machine = (first: number, last: number): Machine => ({
      ...{ file: 'liblamp.so.1', version: '', reasons: [], place: { first, last } },
      exports: new Set(['lamp_glow']),
    });
    expect(answers(['lamp_glow'], machine(1, 1))).toContain('here yes');
    expect(answers(['lamp_dim'], machine(7, 7))).toContain('here no');
    expect(answers({ constants: ['LAMP_NAME'] }, machine(5, 7))).toContain('here yes');
    expect(answers({ constants: ['LAMP_NAME'] }, machine(3, 7))).toContain('here unknown');
    expect(answers({ constants: ['LAMP_NAME'] }, machine(4, 4))).toContain('here unknown');
  });
});
