// The examples on the real libraries: librbd's version, features and a round of rados_create, rados_conf_set, rados_shutdown; a URL
// parsed by libiscsi and read through the generated record type. They are the files of examples/, as a person runs them.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { node, root } from './tools.ts';

const example = (name: string): string => join(root, 'examples/dist', `${name}.js`);

function installed(file: string): boolean {
  return ['/usr/lib/x86_64-linux-gnu', '/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib'].some((dir) =>
    existsSync(join(dir, file)),
  );
}

function testWith(file: string): typeof test | typeof test.skip {
  if (installed(file)) return test;
  if (process.env.CI) throw new Error(`${file} is not installed: npm run setup`);
  console.warn(`SKIPPED: the example that needs ${file}, which is not installed`);
  return test.skip;
}

describe('librbd', () => {
  testWith('librbd.so.1')(
    'tells its version and features, and goes through rados_create, rados_conf_set and rados_shutdown',
    () => {
      const run = node(example('librbd'));
      expect(run.stderr).toBe('');
      expect(run.stdout).toMatch(/^rbd_version: 1\.\d+\.\d+$/m);
      expect(run.stdout).toMatch(/^file: \/.*librbd\.so\.1/m);
      expect(run.stdout).toMatch(/^features: .*\bwritesame\b/m);
      expect(run.stdout).toMatch(/^rados_create: 0$/m);
      expect(run.stdout).toMatch(/^rados_conf_set: 0$/m);
      expect(run.stdout).toMatch(/^client_mount_timeout: 2$/m);
      expect(run.stdout).toMatch(/^rados_shutdown: done$/m);
      expect(run.status).toBe(0);
    },
  );

  test('absent, the example says what was tried and what to install, and ends well', () => {
    const env = { ...process.env, DLSHIM_LIBRBD: '/no/such/librbd.so.1' };
    const run = spawnSync(process.execPath, [example('librbd')], { encoding: 'utf8', env });
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('/no/such/librbd.so.1');
    expect(run.stdout).toContain('No such file');
    expect(run.stdout).toContain('librbd1');
  });
});

describe('libiscsi', () => {
  const testIscsi = testWith('libiscsi.so.7');

  testIscsi('parses a URL, and its fields are read through struct iscsi_url', () => {
    const run = node(example('libiscsi'));
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout.split('\n')).toEqual([
      'portal:    192.0.2.7:3260',
      'target:    iqn.2026-11.example:disk0',
      'lun:       3',
      'user:      alice',
      'transport: TCP',
      '',
    ]);
  });

  testIscsi('reports what libiscsi says of a URL that it does not understand', () => {
    const run = node(example('libiscsi'), 'iscsi://nothing');
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('iscsi://');
  });
});
