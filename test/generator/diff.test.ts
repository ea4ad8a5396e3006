// What `dlshim diff` says of two versions: a table of changes with their ratings, what real libraries changed, how it is printed.

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ApiDiff } from '../../generator/src/diff/change.ts';
import { diffApis } from '../../generator/src/diff/diff.ts';
import { historyToJson } from '../../generator/src/history/json.ts';
import { addVersion, emptyHistory } from '../../generator/src/history/merge.ts';
import { snapshotFromJson } from '../../generator/src/history/snapshot.ts';
import type { Api } from '../../generator/src/model/api.ts';
import { DEFAULT_TARGET } from '../../generator/src/targets/targets.ts';
import { dlshim, type Run } from '../tools.ts';
import { CASES, headerOf } from './diff-cases.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlshim-diff-'));

/** Two versions of one header, as files. */
function versions(name: string, older: string, newer: string): [string, string] {
  return (['v1', 'v2'] as const).map((version) => {
    const path = join(folder, name, version, 'some.h');
    mkdirSync(join(folder, name, version), { recursive: true });
    writeFileSync(path, version === 'v1' ? older : newer);
    return path;
  }) as [string, string];
}

function changesOf(run: Run): ApiDiff {
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout) as ApiDiff;
}

const words = ({ kind, name, change, rating }: ApiDiff['changes'][number]): string =>
  `${kind} ${name} ${change}: ${rating}`;

describe('a change is rated by what becomes of programs', () => {
  let all: ApiDiff;
  beforeAll(() => {
    const paths = versions('all', headerOf('older'), headerOf('newer'));
    all = changesOf(dlshim('diff', ...paths, '--json'));
  });

  test.each(CASES)('$what', (one) => {
    const { changes, says } = one;
    const [a, b] = versions('one', headerOf('older', [one]), headerOf('newer', [one]));
    const found = changesOf(dlshim('diff', a, b, '--json'));
    expect(found.changes.map(words).sort()).toEqual([...changes].sort());
    const reasons = found.changes.map(({ reason }) => reason).join('\n');
    expect(reasons).not.toMatch(/undefined|\bnull\b|^$/m);
    if (says) expect(reasons).toMatch(says);
  });

  test('all together are reported as each alone', () => {
    expect(all.changes.map(words).sort()).toEqual(CASES.flatMap(({ changes }) => changes).sort());
    const { added, removed, changed } = all.counts;
    expect(added + removed + changed).toBe(all.changes.length);
  });

  test('nothing changed from a version to itself', () => {
    const [a] = versions('same', headerOf('newer'), '');
    const run = dlshim('diff', a, a);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toContain('nothing changed');
  });
});

describe('what is printed', () => {
  const [older, newer] = versions(
    'printed',
    'struct s { int a; int b; }; int f(struct s *p); int gone(void); enum e { E_A };',
    'struct s { int a; int x; int b; }; int f(struct s *p); enum e { E_A, E_B }; int g(int n) __attribute__((deprecated("a|b *c*")));',
  );

  test('text: the worst first, what reaches a record, counts at the end, no colours but on a terminal', () => {
    const { stdout, stderr, status } = dlshim('diff', older, newer);
    expect(stderr).toBe('');
    expect(status).toBe(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are such
    expect(stdout).not.toMatch(/\x1b/);
    const order = [
      'silent break (1)',
      'struct s 8 bytes -> 12 bytes',
      'reached by f',
      '\nbreak (1)',
      '- int gone(void)',
    ];
    const places = [...order, 'compatible (2)', '+ enumerator E_B = 1'].map((text) => stdout.indexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      '1 silent break, 1 break, 0 to recompile, 2 compatible: 2 added, 1 removed, 1 changed',
    );
  });

  test('Markdown: a heading for each rating; text of headers is no markup', () => {
    const { stdout } = dlshim('diff', older, newer, '--markdown');
    expect(stdout).toMatch(/^# some .* -\\> /);
    expect(stdout.match(/^## .*/gm)).toEqual(['## Silent break (1)', '## Break (1)', '## Compatible (2)']);
    const [a, b] = versions('markup', 'int g(int n);', 'int g(int n) __attribute__((deprecated("a|b *c* <i>")));');
    expect(dlshim('diff', a, b, '--markdown').stdout).toContain('deprecated now: a\\|b \\*c\\* \\<i\\>');
  });

  test('--breaks leaves out what is compatible, and the counts stay', () => {
    const { stdout } = dlshim('diff', older, newer, '--breaks');
    expect(stdout).not.toMatch(/E_B/);
    expect(stdout).toContain('2 compatible');
  });

  test('the exit code is 1 for breaks, with --fail-on any for any change, with never for none', () => {
    const [a, b] = versions('additions', 'int f(void);', 'int f(void); int g(void);');
    const status = (...args: string[]): number | null => dlshim('diff', ...args).status;
    expect(status(a, b)).toBe(0);
    expect(status(a, b, '--fail-on', 'any')).toBe(1);
    expect(status(a, a, '--fail-on', 'any')).toBe(0);
    expect(status(b, a)).toBe(1);
    expect(status(b, a, '--fail-on', 'never')).toBe(0);
    expect(status(b, a, '--fail-on', 'nothing')).toBe(2);
    expect(dlshim('diff', '--help').stdout).toMatch(/silent break[\s\S]*Exit codes: 0 nothing but compatible/);
  });

  test('what names no version is said, with what would', () => {
    expect(dlshim('diff', 'no/such.json', newer)).toMatchObject({ status: 2 });
    expect(dlshim('diff', 'no/such.json', newer).stderr).toContain('no/such.json: no such file');
    const binary = dlshim('diff', process.execPath, newer);
    expect(binary).toMatchObject({ status: 2 });
    expect(binary.stderr).toMatch(/: it is neither a header nor a snapshot\n$/);
    expect(dlshim('diff', 'libnothing@1', 'libnothing@2').stderr).toContain(
      'the configuration has no library libnothing',
    );
    expect(dlshim('diff', older, newer, '--target', 'vax').stderr).toContain('there is no target vax');
    expect(dlshim('diff', older, newer, '--json', '--markdown').status).toBe(2);
    const [bad] = versions('bad', 'int f(', '');
    expect(dlshim('diff', bad, newer).status).toBe(3);
  });
});

test('layouts are those of the target', () => {
  const [a, b] = versions('target', 'struct s { int a; }; int f(void);', 'struct s { long a; }; int f(void);');
  const on = (target: string): string[] =>
    changesOf(dlshim('diff', a, b, '--json', '--target', target)).changes.map(words);
  expect(on('x86_64-linux-gnu')).toEqual(['record struct s changed: silent break']);
  expect(on('x86_64-windows')).toEqual(['record struct s changed: compatible']);
});

test('a snapshot is a version as well as its header is', () => {
  const [a, b] = versions('snapshots', headerOf('older'), headerOf('newer'));
  const snapshots = [a, b].map((header, at) => {
    const out = join(folder, `snapshot-${at}.json`);
    const from = ['--header', 'some.h', '-I', join(header, '..'), '--library-version', `${at + 1}.0`];
    expect(dlshim('snapshot', ...from, '--out', out).stderr).toBe('');
    return out;
  });
  const fromSnapshots = changesOf(dlshim('diff', ...snapshots, '--json'));
  expect(fromSnapshots).toMatchObject({ before: '1.0', after: '2.0' });
  expect(fromSnapshots.changes).toEqual(changesOf(dlshim('diff', a, b, '--json')).changes);
  expect(readFileSync(snapshots[0]!, 'utf8')).toContain('"format"');
});

/** A snapshot of a header, as a version of a library that exports what is said. */
function versionOf(version: string, header: string, exports: Pick<Api, 'exports' | 'notExported'> = {}): Api {
  const [path] = versions(`version-${version}`, header, '');
  const run = dlshim('snapshot', '--header', 'some.h', '-I', join(path, '..'), '--library-version', version);
  expect(run.stderr).toBe('');
  return { ...snapshotFromJson(run.stdout), ...exports };
}

describe('what the files of a library export', () => {
  const header = 'int bound(int n); int dropped(int n); int late(int n); int stays(int n);';
  const older = versionOf('1.0', header, {
    notExported: ['late'],
    exports: {
      sonames: ['libsome.so.1'],
      undeclared: [],
      symbolVersions: [
        { symbol: 'bound', version: 'V1', isDefault: true },
        { symbol: 'stays', version: 'V1', isDefault: true },
      ],
    },
  });
  const newer = versionOf('2.0', 'int bound(int n, int m); int dropped(int n); int late(int n); int again(int n);', {
    notExported: ['dropped'],
    exports: {
      sonames: ['libsome.so.2'],
      undeclared: ['stays'],
      symbolVersions: [
        { symbol: 'bound', version: 'V2', isDefault: true },
        { symbol: 'bound', version: 'V1', isDefault: false },
      ],
    },
  });
  const found = (a: Api, b: Api): Map<string, string> =>
    new Map(diffApis(a, b, DEFAULT_TARGET).changes.map((one) => [one.name, `${one.rating}: ${one.reason}`]));

  test('a function that is declared and no longer exported, one that is exported now, one that is only declared no more', () => {
    const changes = found(older, newer);
    expect(changes.get('dropped')).toMatch(/^break: it is declared and no longer exported/);
    expect(changes.get('late')).toBe('compatible: it is exported now');
    expect(changes.get('stays')).toMatch(/^break: .* still exported/);
    expect(changes.get('again')).toMatch(/^compatible/);
  });

  test('another SONAME, unless a file with the older one is there as well', () => {
    expect(found(older, newer).get('SONAME')).toMatch(/^recompile: .* ask for libsome.so.1/);
    const both = { ...newer, exports: { ...newer.exports!, sonames: ['libsome.so.1', 'libsome.so.2'] } };
    expect(found(older, both).get('SONAME')).toMatch(/^compatible/);
    expect(found(older, older).has('SONAME')).toBe(false);
  });

  test('a symbol version that stays beside another signature, and one that is gone', () => {
    const bound = found(older, newer).get('bound');
    expect(bound).toMatch(/^silent break: there are 2 parameters and not 1; V1 is still there beside V2/);
    const symbolVersions = newer.exports!.symbolVersions.filter(({ version }) => version === 'V2');
    const gone = { ...newer, functions: older.functions, exports: { ...newer.exports!, symbolVersions } };
    expect(found(older, gone).get('bound')).toMatch(/^recompile: symbol version V1 is gone \(V2 is there\)/);
  });

  test('versions are named out of a history, as a file or as that of a library of the configuration', () => {
    const history = [older, newer].reduce(
      (merged, api) => addVersion(merged, api, { source: 'a test' }),
      emptyHistory(older.library, older.target),
    );
    const path = join(folder, 'history.json');
    writeFileSync(path, historyToJson(history));
    const config = join(folder, 'dlshim.config.json');
    const some = { name: 'libsome', headers: ['some.h'], files: { linux: ['libsome.so.1'] }, history: 'history.json' };
    writeFileSync(config, JSON.stringify({ out: '.', libraries: [some] }));
    const run = dlshim('diff', `${path}@1.0`, `${path}@2.0`, '--json');
    const direct = diffApis(older, newer, DEFAULT_TARGET).changes;
    expect(changesOf(run).changes.map(words)).toEqual(direct.map(words));
    const configured = dlshim('diff', 'libsome@1.0', 'libsome@2.0', '--config', config, '--json');
    expect(configured).toEqual(run);
    expect(dlshim('diff', `${path}@1.5`, `${path}@2.0`).stderr).toMatch(/1\.5.*1\.0/);
    expect(dlshim('diff', path, `${path}@2.0`).stderr).toContain('which version? It has 1.0, 2.0');
    expect(dlshim('diff', 'libsome', 'libsome@2.0', '--config', config).stderr).toContain('name one as libsome@1.2.3');
  });
});

describe('what is known to have changed in real libraries, from their committed histories', () => {
  const between = (library: string, older: string, newer: string): ApiDiff =>
    changesOf(dlshim('diff', `${library}@${older}`, `${library}@${newer}`, '--json'));
  const detailsOf = ({ changes }: ApiDiff, name: string): string =>
    changes
      .find((one) => one.name === name)!
      .details!.map(({ text }) => text)
      .join('\n');

  test('libiscsi 1.19 to 1.20: scsi_task and scsi_sense, under one SONAME in Debian', () => {
    const diff = between('libiscsi', '1.19.0', '1.20.0');
    const task = diff.changes.find(({ name }) => name === 'struct scsi_task')!;
    expect(task).toMatchObject({ rating: 'silent break', before: '176 bytes', after: '184 bytes' });
    expect(detailsOf(diff, 'struct scsi_task')).toContain('datain is at 72 and not 64');
    expect(task.reachedBy).toContain('iscsi_read10_sync');
    expect(detailsOf(diff, 'struct scsi_sense')).toContain('24 bytes and not 16');
  });

  test('libiscsi: signatures and layouts of its older versions', () => {
    expect(detailsOf(between('libiscsi', '1.13.0', '1.14.0'), 'struct iscsi_url')).toContain(
      'lun is at 1536 and not 1024',
    );
    const task = detailsOf(between('libiscsi', '1.9.0', '1.10.0'), 'struct scsi_task');
    expect(task).toContain('residual is size_t, not int: 8 bytes and not 4');
    expect(task).toContain('datain is at 64 and not 56');
    const silent = (older: string, newer: string): string[] =>
      between('libiscsi', older, newer)
        .changes.filter(({ kind, rating }) => kind === 'function' && rating === 'silent break')
        .map(({ name }) => name);
    expect(silent('1.4.0', '1.5.0')).toEqual(expect.arrayContaining(['iscsi_read10_task', 'iscsi_write10_task']));
    expect(silent('1.12.0', '1.13.0')).toEqual(['scsi_cdb_writesame10', 'scsi_cdb_writesame16']);
  });

  test('librbd: rbd_copy loses a parameter, rbd_image_info_t grows; 14 to 20 only adds', () => {
    const copy = between('librbd', '0.34', '0.35').changes.find(({ name }) => name === 'rbd_copy')!;
    expect(copy).toMatchObject({ rating: 'silent break' });
    expect(copy.reason).toContain('3 parameters and not 4');
    expect(detailsOf(between('librbd', '0.49', '0.50'), 'rbd_image_info_t')).toContain(
      'parent_pool is int64_t, not int',
    );
    const recent = between('librbd', '14.2.21', '20.2.4').changes.filter(({ rating }) => rating !== 'compatible');
    expect(new Set(recent.map(({ kind, rating }) => `${kind} ${rating}`))).toEqual(new Set(['constant recompile']));
  });

  test('libgfapi 5 to 6: glfs_ftruncate takes two more arguments, and keeps its older symbol version', () => {
    const versions = between('libgfapi', '5.13', '6.0').changes.find(({ name }) => name === 'glfs_ftruncate')!;
    expect(versions).toMatchObject({ rating: 'silent break' });
    expect(versions.reason).toContain('4 parameters and not 2');
  });
});
