// librados, librbd and libcephfs through their shims, on a real Ceph cluster; what they wrote is read by rados(8) and qemu-img(1).

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cell, Pointer } from '@dlshim/runtime';
import { type ceph_mount_info, libcephfs } from '@dlshim/shims/libcephfs';
import { librados, type rados_ioctx_t, type rados_t } from '@dlshim/shims/librados';
import { librbd, type rbd_image_t } from '@dlshim/shims/librbd';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named } from '../needs.ts';
import { type Ceph, start } from './ceph.mjs';
import { bytes, same, text } from './content.ts';
import { noServer } from './servers.mjs';

const noCeph = noServer('ceph');
const MIB = 1 << 20;

describe.skipIf(noCeph)(named('on a Ceph cluster', noCeph), () => {
  let ceph: Ceph;

  beforeAll(async () => {
    ceph = await start();
  });
  afterAll(() => ceph?.stop());

  /** Runs `body` with a pool's context of librados. */
  function withPool(body: (io: rados_ioctx_t) => void): void {
    const { fn } = librados.open();
    const [cluster, io]: [Cell<rados_t>, Cell<rados_ioctx_t>] = [[null], [null]];
    expect(fn.rados_create(cluster, null)).toBe(0);
    const handle = cluster[0]!;
    expect(fn.rados_conf_read_file(handle, ceph.conf)).toBe(0);
    expect(fn.rados_connect(handle)).toBe(0);
    expect(fn.rados_ioctx_create(handle, ceph.pool, io)).toBe(0);
    try {
      body(io[0]!);
    } finally {
      fn.rados_ioctx_destroy(io[0]!);
      fn.rados_shutdown(handle);
    }
  }

  test('librados writes an object, and rados(8) reads the same bytes; and the other way round', () => {
    const { fn } = librados.open();
    const content = bytes(100_000);
    withPool((io) => {
      expect(fn.rados_write_full(io, 'ours', content, content.length)).toBe(0);
      const rados = (...args: string[]): Buffer => execFileSync('rados', ['-c', ceph.conf, '-p', ceph.pool, ...args]);
      expect(same(rados('get', 'ours', '-'), content)).toBe(true);

      rados('put', 'theirs', ceph.conf);
      const theirs = readFileSync(ceph.conf);
      const [size, modified] = [new BigUint64Array(1), new BigInt64Array(1)];
      expect(fn.rados_stat(io, 'theirs', size, modified)).toBe(0);
      expect(Number(size[0])).toBe(theirs.length);
      const buffer = new Uint8Array(theirs.length);
      expect(fn.rados_read(io, 'theirs', buffer, buffer.length, 0)).toBe(theirs.length);
      expect(same(buffer, theirs)).toBe(true);
      expect(fn.rados_read(io, 'nobody', buffer, buffer.length, 0)).toBe(-2); // ENOENT
    });
  });

  test('librbd makes an image and writes it, and qemu-img reads the same bytes', () => {
    const rbd = librbd.open().fn;
    const content = bytes(MIB);
    withPool((io) => {
      const order = [22];
      expect(rbd.rbd_create(io, 'image', 8 * MIB, order)).toBe(0);
      const cell: Cell<rbd_image_t> = [null];
      expect(rbd.rbd_open(io, 'image', cell, null)).toBe(0);
      const image = cell[0]!;
      const size = new BigUint64Array(1);
      expect(rbd.rbd_get_size(image, size)).toBe(0);
      expect(Number(size[0])).toBe(8 * MIB);
      expect(rbd.rbd_write(image, 3 * MIB, content.length, content)).toBe(MIB);
      const back = new Uint8Array(MIB);
      expect(rbd.rbd_read(image, 3 * MIB, back.length, back)).toBe(MIB);
      expect(same(back, content)).toBe(true);
      expect(rbd.rbd_close(image)).toBe(0);
    });
    const copy = join(ceph.folder, 'image.raw');
    execFileSync('qemu-img', ['convert', '-O', 'raw', `rbd:${ceph.pool}/image:conf=${ceph.conf}`, copy]);
    const whole = readFileSync(copy);
    rmSync(copy);
    expect(whole.length).toBe(8 * MIB);
    expect(same(whole.subarray(3 * MIB, 4 * MIB), content)).toBe(true);
    expect(whole.subarray(0, 3 * MIB).every((byte) => byte === 0)).toBe(true);
  });

  test('libcephfs tells the version that the ceph command tells, and reads its configuration file', () => {
    const { fn } = libcephfs.open();
    const [major, minor, patch] = [[0], [0], [0]];
    const version = fn.ceph_version(major, minor, patch);
    expect(version).toBe([major, minor, patch].join('.'));
    expect(execFileSync('ceph', ['--version'], { encoding: 'utf8' })).toContain(`ceph version ${version} `);

    const mount: Cell<Pointer<ceph_mount_info>> = [null];
    expect(fn.ceph_create(mount, null)).toBe(0);
    expect(fn.ceph_conf_read_file(mount[0], ceph.conf)).toBe(0);
    const fsid = new Uint8Array(64);
    expect(fn.ceph_conf_get(mount[0], 'fsid', fsid, fsid.length)).toBe(0);
    expect(text(fsid)).toBe(ceph.fsid);
    expect(fn.ceph_release(mount[0])).toBe(0);
  });
});
