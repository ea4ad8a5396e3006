// The drivers of the examples on shims that carry what they use: generated from their own sources, compiled against them, and opened on the
// real libraries, which tell of their versions what they tell the whole shims.

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { dlshim, node, root } from '../tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlshim-used-by-'));
const shims = join(folder, 'shims');
const DRIVERS = 'examples/drivers/**/*.ts';

/** The libraries whose shims the drivers import. */
const libraries = librariesOf(join(root, 'examples/drivers'));

function librariesOf(path: string): string[] {
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const texts = files.map((name) => readFileSync(join(path, name), 'utf8'));
  const names = texts.flatMap((text) => [...text.matchAll(/'@dlshim\/shims\/(\w+)'/g)].map(([, name]) => name!));
  return [...new Set(names)].sort();
}

/** The gluster driver calls by names that it gets in messages: what it may call is said by name. */
const kept = readdirSync(join(root, 'examples/drivers/gluster'))
  .map((name) => readFileSync(join(root, 'examples/drivers/gluster', name), 'utf8'))
  .flatMap((text) => [...text.matchAll(/'(glfs_\w+)'/g)].flatMap(([, name]) => ['--keep', name!]));
const trim = ['generate', ...libraries, '--used-by', DRIVERS, ...kept, '--out', shims];

function compile(project: string): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
}

/** A package of the shims with the helpers, and the drivers beside it, as in the checkout. */
beforeAll(() => {
  mkdirSync(join(folder, 'node_modules/@dlshim'), { recursive: true });
  for (const name of ['@types', 'undici-types', 'koffi']) {
    const path = join(root, 'node_modules', name);
    if (statSync(path, { throwIfNoEntry: false })) symlinkSync(path, join(folder, 'node_modules', name));
  }
  symlinkSync(join(root, 'runtime'), join(folder, 'node_modules/@dlshim/runtime'));
  symlinkSync(shims, join(folder, 'node_modules/@dlshim/shims'));
  cpSync(join(root, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
  for (const [from, to] of [
    ['shims/helpers', 'shims/helpers'],
    ['shims/package.json', 'shims/package.json'],
    ['examples/drivers', 'drivers/drivers'],
    ['examples/package.json', 'drivers/package.json'],
  ] as const)
    cpSync(join(root, from), join(folder, to), { recursive: true });
  const options = { rootDir: '.', outDir: 'dist' };
  const project = (more: object) => JSON.stringify({ extends: '../tsconfig.base.json', ...more });
  writeFileSync(join(shims, 'tsconfig.json'), project({ compilerOptions: options, include: ['*.ts', 'helpers/*.ts'] }));
  const loose = { ...options, isolatedDeclarations: false };
  writeFileSync(
    join(folder, 'drivers/tsconfig.json'),
    project({ compilerOptions: loose, include: ['drivers/**/*.ts'] }),
  );
  const run = dlshim(...trim);
  expect(run.stderr).not.toContain('error');
  expect(run.status).toBe(0);
  // Helpers of libraries that no driver uses have no shim to stand on.
  compile(shims);
  compile(join(folder, 'drivers'));
}, 240_000);

test('the drivers compile against shims of their own uses, which are a fraction of the whole', () => {
  expect(libraries).toEqual(expect.arrayContaining(['libiscsi', 'librbd']));
  for (const name of libraries) {
    const [own, whole] = [shims, join(root, 'shims')].map((path) => readFileSync(join(path, `${name}.ts`), 'utf8'));
    expect(own).toMatch(
      /^\/\/ Trimmed to what 'examples\/drivers\/\*\*\/\*\.ts' use(?:, and to [^:]+)?: \d+ of \d+\s+(?:\/\/\s+)?functions,/m,
    );
    expect(own!.length).toBeLessThan(whole!.length / 2);
  }
});

test('a second run, on what the first one has left, gives the same', () => {
  expect(dlshim(...trim, '--check')).toMatchObject({
    status: 0,
  });
});

const ASK = `
  const [library, file] = process.argv.slice(2);
  const { [library]: shim } = await import(file);
  const { status, version, versions, features, layouts } = shim.inspect();
  const loaded = status === 'loaded' ? shim.open() : undefined;
  console.log(JSON.stringify({ status, version, versions, features, layouts, loaded: loaded !== undefined }));
`;

interface Answer {
  readonly status: string;
  readonly versions: unknown;
  readonly features: Readonly<Record<string, unknown>>;
  readonly layouts: Readonly<Record<string, string>>;
}

function ask(library: string, dist: string): Answer {
  const file = join(dist, `${library}.js`);
  const script = join(folder, 'ask.mjs');
  writeFileSync(script, ASK);
  const { status, stdout, stderr } = node(script, library, file);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Answer;
}

test.each(libraries)(
  '%s: the installed library is found to be the same version, with the same features and layouts',
  (library) => {
    const own = ask(library, join(shims, 'dist'));
    const whole = ask(library, join(root, 'shims/dist'));
    expect(own.status).toBe('loaded');
    const part = <T>(all: Readonly<Record<string, T>>, some: object) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(some, name)));
    expect(own).toEqual({
      ...whole,
      features: part(whole.features, own.features),
      layouts: part(whole.layouts, own.layouts),
    });
  },
);

test('a driver opens its library through the trimmed shim, calls it, and reads its records', () => {
  const script = join(folder, 'drivers/run.mjs');
  writeFileSync(
    script,
    `
    import { librbd } from '@dlshim/shims/librbd';
    import { iscsi_url, libiscsi } from '@dlshim/shims/libiscsi';
    import { bytesOf } from '@dlshim/runtime';
    import rbd from './dist/drivers/rbd/rbd.js';
    import iscsi from './dist/drivers/iscsi/iscsi.js';

    const host = { name: 'test', version: '1.0.0' };
    const failures = [];
    const library = librbd.open({ require: rbd.descriptor.shims.librbd.requires });
    const ceph = await rbd.load(host, { librbd: library });
    const address = 'rbd:pool/image:conf=/nowhere/ceph.conf';
    await ceph.open(address, { timeout: 1 }, {}).catch((error) => failures.push([error.code, error.syscall]));
    const target = libiscsi.open();
    const context = target.fn.iscsi_create_context('iqn.2026-11.test:host');
    const url = target.fn.iscsi_parse_full_url(context, 'iscsi://127.0.0.1:1/iqn.2026-11.test:disk/7');
    const { lun } = iscsi_url.at(url);
    const disks = await iscsi.load(host, { libiscsi: target });
    await disks.open('iscsi://127.0.0.1:1/iqn.2026-11.test:disk/7', { timeout: 2 }, {}).catch((error) => failures.push([error.code]));
    console.log(JSON.stringify({ failures, lun }));
    process.exit(0);
  `,
  );
  const { status, stdout, stderr } = node(script);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    failures: [['ENOENT', 'rados_conf_read_file'], [expect.stringMatching(/^E(?:CONNREFUSED|TIMEDOUT|CONNRESET)$/)]],
    lun: 7,
  });
});
