// What `dlshim lint` says of a driver whose helpers come from a package as declarations: their sources are read where a declaration map or the
// package's tsconfig.json names them, and what has none is named. And the helpers of this repository.
// Run: npx vitest run test/generator/lint-sources.test.ts, after a build

import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ShimReport } from '../../generator/src/typescript/judge.ts';
import { dlshim, root } from '../tools.ts';

const OPEN = 'eras: ReturnType<typeof liberas.open>';
const SOURCES = {
  'tidy.ts': `import type { liberas } from './liberas.ts';
import { turn } from './inner/turn.ts';
export function tidy(${OPEN}): void { eras.fn.eras_flush!(null); turn(eras); }
`,
  // What a helper imports of its own package no driver sees.
  'inner/turn.ts': `import type { liberas } from '../liberas.ts';
export function turn(${OPEN}): void { if (eras.has('flush')) eras.fn.eras_flush_all(); eras.fn.eras_rotate!(null, 1); }
`,
};
const DRIVER = `import { liberas } from 'helpers/liberas';
import { tidy } from 'helpers/tidy';
const eras = liberas.open();
eras.fn.eras_open('x', 0);
tidy(eras);
`;

interface Made {
  readonly helpers: string;
  readonly driver: string;
}

/** A workspace: a package whose helpers are compiled from src/ to dist/, and a driver beside it that imports those. */
function workspace(options: { readonly declarationMap?: true } = {}): Made {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dlshim-lint-sources-')));
  const helpers = join(folder, 'helpers');
  mkdirSync(join(helpers, 'src/inner'), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'node_modules/@dlshim'), join(folder, 'node_modules/@dlshim'));
  symlinkSync(helpers, join(folder, 'node_modules/helpers'));
  copyFileSync(join(root, 'test/golden/liberas.ts'), join(helpers, 'src/liberas.ts'));
  for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(helpers, 'src', name), text);
  const exports = { './*': { types: './dist/*.d.ts', default: './dist/*.js' } };
  writeFileSync(join(helpers, 'package.json'), JSON.stringify({ name: 'helpers', type: 'module', exports }));
  const modules = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023'],
    types: [],
    rewriteRelativeImportExtensions: true,
  };
  const compilerOptions = { ...modules, strict: true, declaration: true, rootDir: 'src', outDir: 'dist', ...options };
  writeFileSync(join(helpers, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', helpers], { encoding: 'utf8' });
  expect(tsc.status, tsc.stdout).toBe(0);
  const driver = join(folder, 'driver.ts');
  writeFileSync(driver, DRIVER);
  return { helpers, driver };
}

function lint(...files: string[]): readonly ShimReport[] {
  const { stdout, stderr } = dlshim('lint', '--json', ...files);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as ShimReport[];
}

/** Both ways the helper's uses are the driver's: its lowest version, its problems with their places, and one shim, not two. */
function expectFollowed({ helpers, driver }: Made): void {
  const [report, ...others] = lint(driver) as [ShimReport, ...ShimReport[]];
  expect(others).toEqual([]);
  expect(report).toMatchObject({ library: 'liberas', specifier: 'helpers/liberas', unseen: [] });
  expect(report.lowest).toMatchObject({ version: '2.0', because: ['eras_rotate'] });
  expect(report.problems.map(({ rule, name, place }) => [rule, name, place.file, place.line])).toEqual([
    ['unguarded', 'eras_rotate', join(helpers, 'src/inner/turn.ts'), 2],
    ['unguarded', 'eras_flush', join(helpers, 'src/tidy.ts'), 3],
  ]);
  expect(report.used.find(({ name }) => name === 'eras_flush_all')).toMatchObject({ state: 'guarded' });
}

test('sources that the tsconfig.json of a package names are read', () => {
  expectFollowed(workspace());
});

test('sources that declaration maps name are read', () => {
  const made = workspace({ declarationMap: true });
  rmSync(join(made.helpers, 'tsconfig.json'));
  expectFollowed(made);
});

test('what has no source is named, and what it uses is not counted', () => {
  const { helpers, driver } = workspace({ declarationMap: true });
  rmSync(join(helpers, 'src'), { recursive: true });
  const [report] = lint(driver);
  expect(report).toMatchObject({ lowest: { version: '1.0' }, problems: [], unseen: ['helpers/tidy'] });
  expect(dlshim('lint', driver).stdout).toContain('not looked into, being declarations only: helpers/tidy\n');
});

test('the drivers of the examples have what the helpers of the shims use', () => {
  const folder = join(root, 'examples/drivers');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const reports = lint(...files.map((name) => join(folder, name)));
  const [libiscsi, librbd] = ['libiscsi', 'librbd'].map((name) => reports.find(({ library }) => library === name)!) as [
    ShimReport,
    ShimReport,
  ];
  const places = (report: ShimReport, use: string) =>
    report.used.filter(({ name }) => name === use).flatMap((one) => one.places.map(({ file }) => file));
  expect(places(librbd, 'rbd_poll_io_events')).toContain(join(root, 'shims/helpers/librbd-aio.ts'));
  expect(librbd.lowest!.version).toBe('10.0.2');
  expect(librbd.lowest!.because).toContain('rbd_set_image_notification');
  expect(places(libiscsi, 'iscsi_set_timeout')).toEqual([join(root, 'shims/helpers/libiscsi-events.ts')]);
  expect(places(libiscsi, 'SCSI_STATUS_TASK_SET_FULL')).toEqual([join(root, 'shims/helpers/libiscsi-errors.ts')]);
  for (const { unseen, problems } of [libiscsi, librbd])
    expect({ unseen, problems }).toEqual({ unseen: [], problems: [] });
});
