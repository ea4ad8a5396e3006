// The same headers give the same bytes: in other folders, at other depths, locales, time zones, homes and umasks, however
// the folders are spelled, in whatever order the disk lists them.
// Run: npx vitest run test/generator/determinism.test.ts

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { named, noHeader } from '../needs.ts';
import { root } from '../tools.ts';

const cli = join(root, 'generator/dist/cli.js');
const cases = join(root, 'test/cases');

interface Library {
  readonly name: string;
  readonly header: string;
  readonly missing: string | undefined;
}

const LIBRARIES: readonly Library[] = [
  ...['records.h', 'constants.h', 'names.h', 'declarators.h'].map((header) => ({
    name: header,
    header,
    missing: undefined,
  })),
  ...['rbd/librbd.h', 'iscsi/iscsi.h', 'stdio.h'].map((header) => ({
    name: header,
    header,
    missing: noHeader(header),
  })),
];

interface Setting {
  readonly cwd: string;
  readonly includeDir: string;
  readonly env?: Record<string, string>;
  readonly umask?: string;
}

/** The module and the snapshot that a header gives under a setting. */
function outcome({ header }: Library, { cwd, includeDir, env = {}, umask = '022' }: Setting): string {
  const out = mkdtempSync(join(tmpdir(), 'dlshim-same-'));
  const run = (...args: string[]): string => {
    const command = [cli, ...args, '--header', header, '-I', includeDir, '--library', 'libsame.so.1', '--docs'];
    const quoted = [process.execPath, ...command].map((word) => `'${word}'`).join(' ');
    const { status, stdout, stderr } = spawnSync('sh', ['-c', `umask ${umask}; exec ${quoted}`], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    expect(stderr).not.toContain('error');
    expect(status).toBe(0);
    return stdout;
  };
  run('generate', '--out', out);
  return readFileSync(join(out, 'libsame.ts'), 'utf8') + run('snapshot');
}

for (const library of LIBRARIES) {
  test.skipIf(library.missing)(named(`${library.name} gives the same bytes everywhere`, library.missing), () => {
    const other = mkdtempSync(join(tmpdir(), 'dlshim elsewhere-'));
    // A copy made backwards: folders list their entries in another order.
    const copy = join(other, 'x/y/z/cases');
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(cases, copy, { recursive: true });
    for (const file of ['zz.h', 'aa.h']) writeFileSync(join(copy, file), '#error never included\n');
    const first = outcome(library, { cwd: root, includeDir: cases });
    const settings: Readonly<Record<string, Setting>> = {
      'a second run': { cwd: root, includeDir: cases },
      'another folder, a relative spelling': { cwd: other, includeDir: relative(other, cases) },
      'a spelling with dots and slashes': { cwd: '/', includeDir: `${cases}/../cases//.` },
      'a copy of the headers': { cwd: join(other, 'x/y'), includeDir: 'z/cases' },
      'Turkish, Kathmandu': { cwd: root, includeDir: cases, env: { LC_ALL: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu' } },
      'C, another home': { cwd: root, includeDir: cases, env: { LC_ALL: 'C', LANG: 'C', HOME: other, USER: 'nobody' } },
      'German, a strict umask': {
        cwd: root,
        includeDir: cases,
        env: { LC_ALL: 'de_DE.UTF-8', TZ: 'UTC-12' },
        umask: '077',
      },
    };
    for (const [name, setting] of Object.entries(settings))
      expect(outcome(library, setting) === first, name).toBe(true);
  });
}
