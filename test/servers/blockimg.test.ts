// blockimg, as a person runs it, between files, a real Ceph cluster and a real iSCSI target.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named } from '../needs.ts';
import { node, type Run, root } from '../tools.ts';
import * as ceph from './ceph.mjs';
import { bytes, same } from './content.ts';
import { start as startHttp } from './http.mjs';
import { noServer } from './servers.mjs';
import * as tgt from './tgt.mjs';

const missing = noServer('ceph', 'tgt');
const MIB = 1 << 20;
const SIZE = 16 * MIB;
const program = join(root, 'examples/dist/blockimg.js');

function blockimg(...args: string[]): Run {
  return node(program, ...args);
}

describe.skipIf(missing)(named('blockimg', missing), () => {
  let cluster: ceph.Ceph;
  let target: tgt.Tgt;
  const rbd = (image: string) => `rbd:rbd/${image}:conf=${cluster.conf}`;
  const path = (name: string) => join(target.folder, name);

  beforeAll(async () => {
    [cluster, target] = await Promise.all([ceph.start(), tgt.start({ size: SIZE })]);
    execFileSync('rbd', ['-c', cluster.conf, 'create', '--size', '8M', 'told']);
  });
  afterAll(async () => {
    await Promise.all([cluster?.stop(), target?.stop()]);
  });

  test('copies from a file to Ceph, to iSCSI and to a file: the same bytes everywhere, and zeroes are not sent', () => {
    const content = bytes(SIZE);
    content.fill(0, 2 * MIB, 9 * MIB);
    writeFileSync(path('source.raw'), content);
    writeFileSync(target.open.file, bytes(SIZE, 99)); // What is there already has to go.
    const steps = [path('source.raw'), rbd('copied'), target.open.url, path('result.raw')];
    for (let i = 0; i + 1 < steps.length; i++) {
      const run = blockimg('convert', steps[i]!, steps[i + 1]!);
      expect(run).toMatchObject({ status: 0, stdout: '', stderr: '9 MiB written, 7 MiB of zeroes not sent\n' });
    }
    expect(same(readFileSync(path('result.raw')), content)).toBe(true);
    expect(same(readFileSync(target.open.file), content)).toBe(true);
    execFileSync('qemu-img', ['compare', '-f', 'raw', '-F', 'raw', rbd('copied'), path('source.raw')]);
    expect(statSync(path('result.raw')).blocks * 512).toBeLessThanOrEqual(9 * MIB + (64 << 10));
    const du = execFileSync('rbd', ['-c', cluster.conf, 'du', '--format=json', 'copied'], { encoding: 'utf8' });
    expect(JSON.parse(du).images[0].used_size).toBeLessThanOrEqual(12 * MIB); // Three of its four objects.
  });

  test('a file that does not end at a block goes to a disk, and what follows there stays', () => {
    const before = bytes(SIZE, 4);
    writeFileSync(target.open.file, before);
    writeFileSync(path('odd.raw'), bytes(MIB + 100, 5));
    expect(blockimg('convert', '--quiet', path('odd.raw'), target.open.url)).toMatchObject({ status: 0, stderr: '' });
    before.set(bytes(MIB + 100, 5));
    expect(same(readFileSync(target.open.file), before)).toBe(true);
  });

  test('an image is not copied onto itself, however it is spelled; onto one of the same name elsewhere it is', () => {
    const other = rbd('told').replace('rbd:rbd/', 'rbd:\\rb\\d/');
    const port = target.open.url.replace('127.0.0.1', 'localhost');
    for (const [from, to] of [
      [rbd('told'), rbd('told')],
      [rbd('told'), `${other}:rbd_cache=false`],
      [target.open.url, target.open.url],
      [target.open.url, port],
    ] as const) {
      const expected = { status: 1, stderr: expect.stringContaining('is in use already') };
      expect(blockimg('convert', from, to)).toMatchObject(expected);
    }
    execFileSync('rbd', ['-c', cluster.conf, 'namespace', 'create', 'rbd/apart']);
    const apart = rbd('told').replace('rbd/told', 'rbd/apart/told');
    expect(blockimg('convert', '--quiet', rbd('told'), apart)).toMatchObject({ status: 0, stderr: '' });
  });

  test('tells of an image, in words and as JSON', () => {
    execFileSync('rbd', ['-c', cluster.conf, 'snap', 'create', '--no-progress', 'told@monday']);
    expect(JSON.parse(blockimg('info', '--json', rbd('told')).stdout)).toMatchObject({
      driver: 'rbd',
      name: 'rbd:rbd/told',
      size: 8 * MIB,
      snapshots: [{ name: 'monday', size: 8 * MIB, protected: false }],
    });
    expect(JSON.parse(blockimg('info', '--json', rbd('told')).stdout)).not.toHaveProperty('readOnly');
    expect(JSON.parse(blockimg('info', '--json', rbd('told@monday')).stdout)).toMatchObject({
      readOnly: true,
      features: [],
    });
    expect(blockimg('info', rbd('told')).stdout).toMatch(
      /^size: +8 MiB \(8388608 bytes\)$[\s\S]*^snapshot: +monday, 8 MiB$/m,
    );
    const { stdout } = blockimg('info', '--json', target.chap.url);
    expect(JSON.parse(stdout)).toMatchObject({ driver: 'iscsi', size: SIZE, alignment: 512 });
    expect(stdout).not.toContain(target.chap.password);
  });

  test('writes from and reads to files and pipes, at any offset', () => {
    for (const image of [rbd('told'), target.open.url]) {
      writeFileSync(path('piece'), bytes(5000, 6));
      expect(blockimg('write', '--offset', '1001', '--input', path('piece'), image)).toMatchObject({ status: 0 });
      const piped = execFileSync(process.execPath, [program, 'read', '--offset', '1001', '--length', '5000', image]);
      expect(same(piped, bytes(5000, 6))).toBe(true);
      execFileSync(process.execPath, [program, 'write', '--quiet', '--offset', '1K', image], { input: 'by a pipe' });
      expect(blockimg('read', '--offset', '1k', '--length', '9', image).stdout).toBe('by a pipe');
      expect(blockimg('read', '--length', '4K', '--output', path('part'), image).status).toBe(0);
      expect(readFileSync(path('part')).subarray(1024, 1033).toString()).toBe('by a pipe');
    }
  });

  test('says what is wrong and how it ended: usage 2, failure 1, no library 3', () => {
    expect(blockimg('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('blockimg convert') });
    for (const args of [
      ['frob'],
      ['info'],
      ['info', '--offset', '3', 'x'],
      ['read', '--length', 'x', 'y'],
      ['convert', 'x'],
    ]) {
      expect(blockimg(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('--help') });
    }
    const failing = [
      [['info', '/no/such/file'], 'ENOENT'],
      [['info', rbd('nothing')], 'rbd:rbd/nothing'],
      [['info', target.chap.url.replace(target.chap.password, 'wrong-password')], 'EACCES'],
      [['read', '--offset', '1T', rbd('told')], 'rbd:rbd/told has 8388608 bytes'],
    ] as const;
    for (const [args, words] of failing) {
      expect(blockimg(...args)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(new RegExp(`^blockimg: .*${words}`)),
      });
    }
    const nowhere = path('nowhere.conf');
    const without = spawnSync(process.execPath, [program, 'info', '--timeout', '2', 'rbd:rbd/told'], {
      encoding: 'utf8',
      env: { ...process.env, CEPH_CONF: nowhere },
    });
    expect(without).toMatchObject({ status: 1, stderr: expect.stringContaining(`no configuration file ${nowhere};`) });
    writeFileSync(path('long.raw'), '');
    truncateSync(path('long.raw'), SIZE + 512);
    expect(blockimg('convert', path('long.raw'), target.open.url)).toMatchObject({ status: 1 });
    const env = { ...process.env, DLSHIM_LIBISCSI: 'libiscsi-of-nowhere.so.7' };
    const absent = spawnSync(process.execPath, [program, 'info', target.open.url], { encoding: 'utf8', env });
    expect(absent).toMatchObject({ status: 3, stderr: expect.stringContaining('libiscsi7') });
  });

  test('shows a bar on a terminal, and none elsewhere', () => {
    writeFileSync(path('shown.raw'), bytes(SIZE));
    const command = `${process.execPath} ${program} convert ${path('shown.raw')} ${rbd('shown')}`;
    const terminal = execFileSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8' });
    expect(terminal).toMatch(/\[#{30}\] 100% {2}16 MiB of 16 MiB/);
  });

  test('Ctrl-C stops a copy cleanly', async () => {
    writeFileSync(path('huge.raw'), '');
    truncateSync(path('huge.raw'), 64 * 1024 * MIB);
    const child = spawn(process.execPath, [program, 'convert', path('huge.raw'), rbd('stopped')], { stdio: 'pipe' });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    const isThere = () => execFileSync('rbd', ['-c', cluster.conf, 'ls'], { encoding: 'utf8' }).includes('stopped');
    await expect.poll(isThere, { timeout: 20_000 }).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(errors).toBe('blockimg: stopped by Ctrl-C; what had been written stays\n');
  });

  test('Ctrl-C ends it while it waits for a pipe, to read from or to write to', async () => {
    writeFileSync(path('piped.raw'), bytes(SIZE));
    for (const command of ['write', 'read']) {
      const child = spawn(process.execPath, [program, command, path('piped.raw')], { stdio: 'pipe' });
      const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
      if (command === 'read') await new Promise((resolve) => child.stdout.once('readable', resolve));
      else await new Promise((resolve) => setTimeout(resolve, 1000));
      child.kill('SIGINT');
      expect(await ended).toBe(130);
      child.stdin.destroy();
    }
  });

  test('Ctrl-C ends it at once while a server that is read from does not answer', async () => {
    const http = await startHttp();
    writeFileSync(join(http.files, 'file'), bytes(SIZE));
    try {
      for (const [command, fault] of [
        ['info', 'hang'],
        ['read', 'stall=100'],
      ] as const) {
        const args = [program, command, '--timeout', '0', `${http.url}file?${fault}`];
        const child = spawn(process.execPath, args, { stdio: 'pipe' });
        const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
        await expect
          .poll(() => http.requests().length, { timeout: 20_000 })
          .toBeGreaterThan(command === 'info' ? 0 : 2);
        child.kill('SIGINT');
        expect(await ended).toBe(130);
      }
    } finally {
      await http.stop();
    }
  });
});
