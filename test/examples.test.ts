// The examples on the real libraries: librbd's version, features and a round of rados_create, rados_conf_set, rados_shutdown; a URL
// parsed by libiscsi and read through the generated record type. They are the files of examples/, as a person runs them.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildLibrary } from './native/build.ts';
import { named, noCompiler, noLibrary } from './needs.ts';
import { node, root } from './tools.ts';

const example = (name: string): string => join(root, 'examples/dist', `${name}.js`);

const noRbd = noLibrary('librbd.so.1');
const noIscsi = noLibrary('libiscsi.so.7');

describe('librbd', () => {
  test.skipIf(noRbd)(
    named('tells its version and features, and goes through rados_create, rados_conf_set and rados_shutdown', noRbd),
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
    const env = { ...process.env, DLSHIM_LIBRBD: 'librbd-of-nowhere.so.1' };
    const run = spawnSync(process.execPath, [example('librbd')], { encoding: 'utf8', env });
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('librbd-of-nowhere.so.1');
    expect(run.stdout).toContain('No such file');
    expect(run.stdout).toContain('librbd1');
  });
});

describe('libiscsi', () => {
  test.skipIf(noIscsi)(named('parses a URL, and its fields are read through struct iscsi_url', noIscsi), () => {
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

  test.skipIf(noIscsi)(named('reports what libiscsi says of a URL that it does not understand', noIscsi), () => {
    const run = node(example('libiscsi'), 'iscsi://nothing');
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('iscsi://');
  });
});

describe('blockimg', () => {
  test.skipIf(noCompiler)(
    named('is ended by Ctrl-C while the library of a driver hangs in its constructor', noCompiler),
    async () => {
      const file = buildLibrary('slow.c', 'libslow.so.1');
      const env = { ...process.env, DLSHIM_LIBRBD: file, SLOW_MS: 'ever' };
      const child = spawn(process.execPath, [example('blockimg'), 'info', 'rbd:pool/image'], { env });
      let errors = '';
      child.stderr.on('data', (data) => (errors += data));
      const closed = once(child, 'close');
      const isMapped = () => readFileSync(`/proc/${child.pid}/maps`, 'latin1').includes(file);
      while (!isMapped()) await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill('SIGINT');
      expect(await closed).toEqual([130, null]);
      expect(errors).toBe('blockimg: stopped by Ctrl-C; what had been written stays\n');
    },
  );

  test.skipIf(noCompiler)(
    named('waits for a library that hangs in its constructor as long as --timeout says, and ends', noCompiler),
    () => {
      const env = { ...process.env, DLSHIM_LIBRBD: buildLibrary('slow.c', 'libslow.so.1'), SLOW_MS: 'ever' };
      const args = [example('blockimg'), 'info', '--timeout', '1', 'rbd:pool/image'];
      const run = spawnSync(process.execPath, args, { env, encoding: 'utf8', timeout: 30_000 });
      expect(run).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('libslow.so.1') });
    },
  );
});
