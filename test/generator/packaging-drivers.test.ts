// dlshim packaging of drivers' sources: priorities, optional libraries, what is required of a library, and several drivers on one.

import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DlopenNote } from '../../generator/src/packaging/notes.ts';
import { dlshim, type Run, root } from '../tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'packaging-drivers-'));
mkdirSync(join(folder, 'node_modules'));
symlinkSync(join(root, 'node_modules/@dlshim'), join(folder, 'node_modules/@dlshim'));

/** A driver's source, with what its descriptor says besides. */
function driver(name: string, says: string, shims: readonly string[]): string {
  const path = join(folder, `${name}.ts`);
  const imports = shims.map((shim) => `import { ${shim} } from '@dlshim/shims/${shim}';\n`).join('');
  writeFileSync(
    path,
    `import { defineDriver } from '@dlshim/runtime/drivers';\n${imports}
throw new Error('a driver is not executed');
export default defineDriver(
  { name: '${name}', description: 'the ${name} of it', protocols: ['${name}'], ${says} },
  { shims: { ${shims.join(', ')} }, load: () => ({ open: async () => 0 }) },
);\n`,
  );
  return path;
}

/** The command, from another folder. */
function dlshimIn(cwd: string, ...args: string[]): Run {
  const env = { ...process.env, NO_COLOR: '1' };
  const cli = join(root, 'generator/dist/cli.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function fields(...paths: string[]): string[] {
  const { stdout, stderr, status } = dlshim('packaging', '--format', 'debian', ...paths);
  expect([status, stderr]).toEqual([0, '']);
  return stdout.trimEnd().split('\n');
}

function notes(...paths: string[]): DlopenNote[] {
  return JSON.parse(dlshim('packaging', '--format', 'json', ...paths).stdout);
}

describe('a driver', () => {
  test('is a feature of its own name, recommended unless it says otherwise', () => {
    const plain = driver('plain', 'shims: { librbd: {} }', ['librbd']);
    const eager = driver('eager', "shims: { librbd: {} }, priority: 'required'", ['librbd']);
    expect(notes(plain, eager)).toEqual([
      { soname: ['librbd.so.1'], feature: 'plain', description: 'the plain of it', priority: 'recommended' },
      { soname: ['librbd.so.1'], feature: 'eager', description: 'the eager of it', priority: 'required' },
    ]);
  });

  test('has another feature for what works without a library, which is suggested unless it says otherwise', () => {
    const both = driver('both', 'shims: { librbd: {}, libssh2: { optional: true } }', ['librbd', 'libssh2']);
    expect(notes(both).map(({ feature, description, priority }) => [feature, description, priority])).toEqual([
      ['both-libssh2', 'the both of it (with libssh2)', 'suggested'],
      ['both', 'the both of it', 'recommended'],
    ]);
    const more = driver('more', "shims: { libssh2: { optional: true, priority: 'required' } }", ['libssh2']);
    expect(notes(more).map(({ feature, priority }) => [feature, priority])).toEqual([['more-libssh2', 'required']]);
  });

  test('needs the versions that have what it requires, not what it uses where it is there', () => {
    const zeroes = driver('zeroes', "shims: { librbd: { requires: ['write_zeroes'] } }", ['librbd']);
    expect(fields(zeroes)).toEqual(['Recommends: librbd1 (>= 14.2.11)']);
    const uses = driver('uses', "shims: { librbd: { uses: ['write_zeroes'] } }", ['librbd']);
    expect(fields(uses)).toEqual(['Recommends: librbd1 (>= 12.2.1)']);
  });

  test('needs no package of which no version has what it requires', () => {
    const newer = driver('newer', "shims: { libnfs: { requires: ['nfs_set_readmax'] } }", ['libnfs']);
    expect(fields(newer)).toEqual(['Recommends: libnfs14']);
    expect(notes(newer)[0]!.soname).toEqual(['libnfs.so.14', 'libnfs.so.16']);
    const older = driver('older', "shims: { libnfs: { requires: ['api_v1'] } }", ['libnfs']);
    expect(fields(older)).toEqual(['Recommends: libnfs13 | libnfs14']);
    expect(notes(older)[0]!.soname).not.toContain('libnfs.so.16');
  });

  test('shares a library with others: what is needed most is what the package says, once', () => {
    const some = driver('some', "shims: { librbd: {} }, priority: 'suggested'", ['librbd']);
    const most = driver('most', "shims: { librbd: { requires: ['write_zeroes'] } }, priority: 'required'", ['librbd']);
    expect(fields(some, most)).toEqual(['Depends: librbd1 (>= 14.2.11)']);
    const { stdout } = dlshim('packaging', '--format', 'rpm', some, most);
    expect(stdout).toBe('Requires: librbd.so.1()(64bit)\n');
  });

  test('that opens no library needs nothing, and an object of that is an object', () => {
    const bare = driver('bare', '', []);
    expect(dlshim('packaging', '--format', 'json', bare).stdout).toBe('[]\n');
    expect(dlshim('packaging', '--format', 'substvars', bare).stdout).toBe(
      'dlopen:Depends=\ndlopen:Recommends=\ndlopen:Suggests=\n',
    );
    expect(dlshim('packaging', bare).stdout).toBe('no library is opened\n');
    expect(dlshim('packaging', '--format', 'elf', '-o', join(folder, 'bare.so'), bare).status).toBe(0);
  });

  test('may be named beside shims, and beside files of its own that are none', () => {
    const helper = join(folder, 'helper.ts');
    writeFileSync(helper, 'export const five = 5;\n');
    const plain = driver('plain', 'shims: { librbd: {} }', ['librbd']);
    expect(fields(plain, helper, join(root, 'shims/libssh.ts'))).toEqual([
      'Recommends: librbd1 (>= 12.2.1), libssh-4 (>= 0.8.7)',
    ]);
    const { status, stderr } = dlshim('packaging', helper);
    expect([status, stderr]).toEqual([2, expect.stringContaining('no driver and no shim is in there')]);
  });

  test.each([
    [
      'wants what no version has',
      "requires: ['nfs_pread_async@1.9.3', 'nfs_pread_async']",
      /wants\.ts:6:\d+.*no version of libnfs that its shim knows has all of nfs_pread_async@1\.9\.3, nfs_pread_async/s,
    ],
    ['names what the shim does not have', "requires: ['read_ahead']", /has no function and no feature 'read_ahead'/],
  ])('%s: it is an error, at its place, and nothing is written', (_, needs, message) => {
    const wrong = driver('wants', `shims: { libnfs: { ${needs} } }`, ['libnfs']);
    const out = join(folder, 'never');
    const { status, stdout, stderr } = dlshim('packaging', '--format', 'json', '-o', out, wrong);
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('nothing was written');
  });
});

test('what it is made from is not written over, whatever it is called and by whatever path', () => {
  const home = mkdtempSync(join(folder, 'spared-'));
  copyFileSync(driver('spared', 'shims: { librbd: {} }', ['librbd']), join(home, 'driver'));
  writeFileSync(join(home, 'dlshim.config.json'), '{ "drivers": [{ "sources": ["driver"], "out": "known.ts" }] }');
  symlinkSync('driver', join(home, 'link'));
  symlinkSync(home, join(home, 'home'));
  const before = ['driver', 'dlshim.config.json'].map((name) => readFileSync(join(home, name), 'utf8'));
  for (const [out, ...names] of [
    ['driver', 'driver'],
    ['driver', 'home/driver'],
    ['home/driver'],
    ['link', 'driver'],
    ['dlshim.config.json'],
    ['home/dlshim.config.json', 'driver'],
  ] as const) {
    const { status, stdout, stderr } = dlshimIn(home, 'packaging', '-o', out, ...names);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`-o ${out}: that is what it would be made from`);
  }
  expect(['driver', 'dlshim.config.json'].map((name) => readFileSync(join(home, name), 'utf8'))).toEqual(before);
  expect(lstatSync(join(home, 'link')).isSymbolicLink()).toBe(true);
  expect(dlshimIn(home, 'packaging', '-o', 'fields')).toMatchObject({ status: 0 });
});

describe('drivers are found', () => {
  test('by patterns, without those that are left out, and by the packages that have them', () => {
    const [one, two] = [
      driver('p-one', 'shims: { librbd: {} }', ['librbd']),
      driver('p-two', 'shims: { libssh: {} }', ['libssh']),
    ];
    writeFileSync(join(folder, 'p-helper.ts'), '// For what defineDriver is given.\nexport const five = 5;\n');
    expect(notes(join(folder, 'p-*.ts')).map(({ feature }) => feature)).toEqual(['p-one', 'p-two']);
    expect(notes(join(folder, 'p-*.ts'), `!${two}`).map(({ feature }) => feature)).toEqual(['p-one']);
    const home = join(folder, 'node_modules/@acme/driver-one');
    mkdirSync(home, { recursive: true });
    copyFileSync(one, join(home, 'index.ts'));
    writeFileSync(
      join(home, 'package.json'),
      '{ "name": "@acme/driver-one", "type": "module", "exports": { "import": "./index.ts" } }',
    );
    const { stdout, stderr, status } = dlshimIn(
      folder,
      'packaging',
      '--format',
      'rpm',
      '@acme/driver-one',
      '@dlshim/shims/libnfs',
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Recommends: librbd.so.1()(64bit)\n');
    expect(stdout).toContain('libnfs.so.14()(64bit)');
  });

  test('by the configuration, whose libraries are told of where it has no drivers', () => {
    driver('c-one', "shims: { librbd: {} }, priority: 'required'", ['librbd']);
    const config = join(folder, 'dlshim.config.json');
    writeFileSync(config, JSON.stringify({ drivers: [{ sources: ['c-*.ts'], out: 'known.ts' }] }));
    expect(dlshimIn(tmpdir(), 'packaging', '-c', config, '--format', 'rpm').stdout).toBe(
      'Requires: librbd.so.1()(64bit)\n',
    );
    const library = { name: 'libssh', headers: ['libssh/libssh.h'], files: { linux: ['libssh.so.4'] } };
    writeFileSync(config, JSON.stringify({ out: join(root, 'shims'), libraries: [library] }));
    expect(dlshimIn(folder, 'packaging', '--format', 'rpm').stdout).toBe('Recommends: libssh.so.4()(64bit)\n');
    rmSync(config);
    const { status, stderr } = dlshimIn(folder, 'packaging');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/no dlshim\.config\.ts here.*sources of drivers/)]);
  });
});

test("the examples' drivers are told of with each of their libraries", () => {
  const { stdout, status } = dlshim(
    'packaging',
    ...['rbd', 'iscsi'].map((name) => `examples/drivers/${name}/${name}.ts`),
  );
  expect(status).toBe(0);
  expect(stdout).toContain('Debian  Recommends: libiscsi7, librbd1 (>= 12.2.1)\n');
  expect(stdout).toContain('RPM     Recommends: librbd.so.1()(64bit)\n');
});
