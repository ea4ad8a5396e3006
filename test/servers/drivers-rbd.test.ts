// The rbd driver of the examples on a real Ceph cluster: what it writes, qemu-img(1) reads, and the other way round.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pretend } from '@dlshim/runtime/testing';
import { librbd } from '@dlshim/shims/librbd';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BlockDriver, OpenOptions } from '../../examples/dist/drivers/block.js';
import { blockOpener, openBlock } from '../../examples/dist/drivers/open.js';
import { named } from '../needs.ts';
import { node } from '../tools.ts';
import { type Ceph, start } from './ceph.mjs';
import { bytes, same } from './content.ts';
import { collectGarbage, watched } from './loop.ts';
import { noServer } from './servers.mjs';

const noCeph = noServer('ceph');
const MIB = 1 << 20;
const SIZE = 16 * MIB;

describe.skipIf(noCeph)(named('the rbd driver', noCeph), () => {
  let ceph: Ceph;
  const url = (image: string, options = '') => `rbd:${ceph.pool}/${image}:conf=${ceph.conf}${options}`;

  beforeAll(async () => {
    ceph = await start();
  });
  afterAll(() => ceph?.stop());

  /** Runs `body` with a fresh image, open, and closes it. */
  async function withImage(
    name: string,
    body: (driver: BlockDriver) => Promise<void>,
    options: OpenOptions = {},
    open = openBlock,
  ) {
    const driver = await open(url(name), { create: SIZE, ...options });
    try {
      await body(driver);
    } finally {
      await driver.close();
    }
  }

  /** What qemu-img reads of an image. */
  function qemuReads(image: string): Buffer {
    const copy = join(ceph.folder, 'copy.raw');
    execFileSync('qemu-img', ['convert', '-f', 'raw', '-O', 'raw', url(image), copy]);
    return readFileSync(copy);
  }

  test('writes at any place and length, reads it back, and qemu-img reads the same', async () => {
    const content = bytes(3 * MIB + 17);
    await withImage('written', async (driver) => {
      expect(driver).toMatchObject({ size: SIZE, blank: true, name: 'rbd:rbd/written' });
      await driver.write(5 * MIB + 3, content);
      await driver.flush();
      expect(same(await driver.read(5 * MIB + 3, content.length), content)).toBe(true);
      expect(same(await driver.read(5 * MIB + 1003, new Uint8Array(7)), content.subarray(1000, 1007))).toBe(true);
    });
    const disk = new Uint8Array(SIZE);
    disk.set(content, 5 * MIB + 3);
    expect(same(qemuReads('written'), disk)).toBe(true);
  });

  test('reads what qemu-img wrote', async () => {
    const content = bytes(SIZE, 7);
    const file = join(ceph.folder, 'source.raw');
    writeFileSync(file, content);
    execFileSync('qemu-img', ['convert', '-f', 'raw', '-O', 'raw', file, url('foreign')]);
    await withImage('foreign', async (driver) => {
      expect(driver.blank).toBe(false);
      expect(same(await driver.read(0, SIZE), content)).toBe(true);
    });
  });

  test('writes zeroes exactly where it is told to, and discards whole objects, which read as zeroes then', async () => {
    const content = bytes(SIZE, 3);
    await withImage('zeroes', async (driver) => {
      await driver.write(0, content);
      await driver.writeZeroes(MIB - 5, 4 * MIB + 10);
      await driver.discard(8 * MIB, 4 * MIB);
      expect(same(await driver.read(8 * MIB, 4 * MIB), new Uint8Array(4 * MIB))).toBe(true);
      await driver.writeZeroes(0, 0);
      await driver.write(0, new Uint8Array());
      expect(await driver.read(0, 0)).toHaveLength(0);
    });
    content.fill(0, MIB - 5, 5 * MIB + 5);
    content.fill(0, 8 * MIB, 12 * MIB);
    expect(same(qemuReads('zeroes'), content)).toBe(true);
  });

  test('an older librbd, without write_zeroes and namespace_exists: the same, by other means', async () => {
    const content = bytes(SIZE, 3);
    const restore = pretend(librbd, { withoutFeatures: ['write_zeroes', 'namespace_exists'] });
    const { open } = blockOpener();
    try {
      const work = async (driver: BlockDriver) => {
        expect(await driver.info()).toMatchObject({ features: ['discard', 'resize', 'snapshots'] });
        await driver.write(0, content);
        await driver.writeZeroes(MIB - 5, 9 * MIB);
      };
      await withImage('older', work, {}, open);
      await expect(open(`rbd:rbd/nowhere/x:conf=${ceph.conf}`)).rejects.toMatchObject({ code: 'ENOENT' });
    } finally {
      restore();
    }
    content.fill(0, MIB - 5, 10 * MIB - 5);
    expect(same(qemuReads('older'), content)).toBe(true);
  });

  test('makes, lists, protects, rolls back to and removes snapshots', async () => {
    const [before, after] = [bytes(MIB, 1), bytes(MIB, 2)];
    await withImage('states', async (driver) => {
      const { snapshots } = driver;
      await driver.write(0, before);
      await snapshots!.create('monday');
      await driver.write(0, after);
      await driver.resize!(2 * SIZE);
      await snapshots!.create('tuesday');
      await snapshots!.protect('monday');
      expect(await snapshots!.list()).toEqual([
        { name: 'monday', size: SIZE, protected: true },
        { name: 'tuesday', size: 2 * SIZE, protected: false },
      ]);
      await expect(snapshots!.remove('monday')).rejects.toMatchObject({ code: 'EBUSY', syscall: 'rbd_snap_remove' });
      await expect(snapshots!.create('monday')).rejects.toMatchObject({ code: 'EEXIST' });

      await expect(openBlock(url('states@monday'))).rejects.toMatchObject({ code: 'EROFS' });
      const state = await openBlock(url('states@monday'), { readOnly: true });
      expect(await state.info()).toMatchObject({ readOnly: true, features: [] });
      expect(state.size).toBe(SIZE);
      expect(same(await state.read(0, MIB), before)).toBe(true);
      await expect(state.write(0, after)).rejects.toMatchObject({ code: 'EROFS' });
      await state.close();

      await snapshots!.rollback('monday');
      expect(driver.size).toBe(SIZE);
      expect(same(await driver.read(0, MIB), before)).toBe(true);
      await snapshots!.unprotect('monday');
      await snapshots!.remove('monday');
      await snapshots!.remove('tuesday');
      expect(await snapshots!.list()).toEqual([]);
    });
  });

  test('lists more snapshots than it first has room for', async () => {
    await withImage('many', async ({ snapshots }) => {
      const names = Array.from({ length: 20 }, (_, i) => `s${i}`);
      for (const name of names) await snapshots!.create(name);
      expect((await snapshots!.list()).map(({ name }) => name).sort()).toEqual(names.sort());
    });
  });

  test('resizes: what is cut off is gone, and what is added reads as zeroes', async () => {
    await withImage('sized', async (driver) => {
      await driver.write(SIZE - MIB, bytes(MIB));
      await driver.resize!(SIZE - MIB);
      await expect(driver.read(SIZE - MIB, 1)).rejects.toThrow(RangeError);
      await driver.resize!(SIZE);
      expect(same(await driver.read(SIZE - MIB, MIB), new Uint8Array(MIB))).toBe(true);
      expect(await driver.info()).toMatchObject({ driver: 'rbd', size: SIZE, readOnly: false, snapshots: [] });
    });
    const told = JSON.parse(execFileSync('qemu-img', ['info', '--output=json', url('sized')], { encoding: 'utf8' }));
    expect(told['virtual-size']).toBe(SIZE);
  });

  test('a thousand reads at once while the event loop goes round, in buffers that nobody else holds', async () => {
    const content = bytes(SIZE, 11);
    await withImage('busy', async (driver) => {
      await driver.write(0, content);
      await driver.read(0, 4096);
      const places = Array.from({ length: 1000 }, (_, i) => ((i * 40503) % (SIZE / 4096)) * 4096);
      const { result, turns, stall } = await watched(() =>
        Promise.all(places.map((at) => driver.read(at, new Uint8Array(4096)))),
      );
      process.stdout.write(`rbd: 1,000 reads at once, ${turns} turns, longest stall ${stall.toFixed(1)} ms\n`);
      expect(turns).toBeGreaterThan(5);
      result.forEach((piece, i) => {
        if (!same(piece, content.subarray(places[i]!, places[i]! + 4096))) expect.fail(`read ${i} is wrong`);
      });
      const small = places.map(async (at) => {
        const piece = await driver.read(at, Buffer.from(new Uint8Array(48))); // From Node's pool.
        return same(piece, content.subarray(at, at + 48));
      });
      collectGarbage();
      const flags = await Promise.all(small);
      expect(flags.every(Boolean)).toBe(true);
    });
  });

  test('two images at a time, and I/O under way when they are closed, which is waited for', async () => {
    await withImage('one', async (one) => {
      await withImage('two', async (two) => {
        const writes = [one, two].flatMap((driver, i) =>
          Array.from({ length: 40 }, (_, n) => driver.write(n * 4096, bytes(4096, 100 * (i + 1) + n))),
        );
        const closed = Promise.all([one.close(), two.close()]);
        await expect(Promise.all(writes)).resolves.toHaveLength(80);
        await closed;
        await expect(one.read(0, 1)).rejects.toMatchObject({ code: 'ESHUTDOWN' });
        await expect(one.resize!(SIZE)).rejects.toMatchObject({ code: 'ESHUTDOWN' });
      });
    });
    expect(same(qemuReads('two').subarray(4096, 8192), bytes(4096, 201))).toBe(true);
  });

  test('says what is not there: the pool, the namespace, the image, the snapshot, the file, an option', async () => {
    const conf = `:conf=${ceph.conf}`;
    await withImage('there', async () => {});
    const missing = { code: 'ENOENT' };
    await expect(openBlock(`rbd:nowhere/x${conf}`)).rejects.toMatchObject(missing);
    await expect(openBlock(`rbd:rbd/nowhere/x${conf}`)).rejects.toMatchObject(missing);
    await expect(openBlock(url('nothing'))).rejects.toMatchObject({
      ...missing,
      message: expect.stringContaining('rbd:rbd/nothing'),
    });
    await expect(openBlock(url('there@never'), { readOnly: true })).rejects.toMatchObject(missing);
    await expect(openBlock('rbd:rbd/x:conf=/no/such/file')).rejects.toMatchObject({
      ...missing,
      syscall: 'rados_conf_read_file',
      message: expect.stringMatching(/^rbd:rbd\/x: ENOENT: /),
    });
    await expect(openBlock(url('there', ':no_such_option=hunter2'))).rejects.toMatchObject({
      syscall: 'rados_conf_set',
      message: expect.stringMatching(/^rbd:rbd\/there: (?!.*hunter2).*: the option 'no_such_option'$/),
    });
    await expect(openBlock('rbd:rbd')).rejects.toThrow(TypeError);
    await expect(openBlock('rbd:rbd/x:key=hunter2:keyring')).rejects.toThrow(
      /^rbd:rbd\/x:…: an option has no value, (?!.*hunter2)/,
    );
  });

  test('without a configuration file, says how to name monitors to who has named none', () => {
    const script = `
      process.env.CEPH_CONF = '/no/such/ceph.conf';
      const { openBlock } = await import('./examples/dist/drivers/open.js');
      for (const url of process.argv.slice(1))
        await openBlock(url, { timeout: 1 }).catch(({ code, syscall, message }) => console.log(code, syscall, message));`;
    const urls = ['rbd:rbd/x', 'rbd:rbd/x:mon host=127.0.0.9:auth_client_required=none'];
    const { stdout } = node('--input-type=module', '-e', script, ...urls);
    const [none, some] = stdout.split('\n');
    expect(none).toMatch(
      /^E\w+ rados_connect rbd:rbd\/x: E\w+: .*: there is no configuration file \/no\/such\/ceph\.conf; .* ':mon_host=…'$/,
    );
    expect(some).toMatch(
      /^ETIMEDOUT rados_connect rbd:rbd\/x: ETIMEDOUT: .*, rados_connect: the monitors at 127\.0\.0\.9$/,
    );
  });

  test('an image that is closed right behind many reads is not asked for events any more', async () => {
    await withImage('closing', async (driver) => driver.write(0, bytes(MIB)));
    for (let round = 0; round < 60; round++) {
      const driver = await openBlock(url('closing'), { readOnly: true });
      await Promise.all(Array.from({ length: 64 }, (_, at) => driver.read(at * 4096, 1 + at * 512)));
      await driver.close();
    }
  });

  test('an open image does not keep the process alive, and one with a read under way does until it is done', () => {
    const script = `
      import { openBlock } from './examples/dist/drivers/open.js';
      const driver = await openBlock(process.argv[1]);
      driver.read(0, 512).then(() => console.log('read'));`;
    const run = node('--input-type=module', '-e', script, url('there'));
    expect(run).toMatchObject({ status: 0, stdout: 'read\n', stderr: '' });
  });

  test('a worker is ended in the middle of its I/O, and the process goes on', () => {
    const script = `
      import { Worker } from 'node:worker_threads';
      const code = 'import("./examples/dist/drivers/open.js").then(async ({ openBlock }) => {'
        + 'const { parentPort, workerData } = require("node:worker_threads");'
        + 'const driver = await openBlock(workerData);'
        + 'parentPort.postMessage("open");'
        + 'for (let i = 0; i < 32; i++) (async () => { for (;;) await driver.read(i * 4096, 4096); })();'
        + '})';
      for (let round = 0; round < 5; round++) {
        const worker = new Worker(code, { eval: true, execArgv: [], workerData: process.argv[1] });
        await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
        await new Promise((resolve) => setTimeout(resolve, 20 * round));
        await worker.terminate();
      }
      console.log('alive');`;
    const run = node('--input-type=module', '-e', script, url('there'));
    expect(run).toMatchObject({ status: 0, stdout: 'alive\n', stderr: '' });
  });

  test('an OSD that hangs is an ETIMEDOUT; the loop goes round meanwhile, and I/O goes on when it is back', async () => {
    await withImage('hung', async () => {});
    const driver = await openBlock(url('hung', ':rados_osd_op_timeout=2:rbd_cache=false'));
    try {
      await driver.write(0, bytes(4096));
      ceph.osd.pause();
      const { result, turns, stall } = await watched(async () => {
        const failed = expect(driver.read(0, 4096)).rejects.toMatchObject({ code: 'ETIMEDOUT', errno: -110 });
        const late = openBlock(url('hung'), { timeout: 2 });
        await expect(late).rejects.toMatchObject({ code: 'ETIMEDOUT' });
        await failed;
        return 'alive';
      });
      process.stdout.write(`rbd: OSD stopped, ${turns} turns, longest stall ${stall.toFixed(1)} ms\n`);
      expect(result).toBe('alive');
      expect(turns).toBeGreaterThan(100);
    } finally {
      ceph.osd.resume();
    }
    await expect
      .poll(
        () =>
          driver.read(0, 4096).then(
            (read) => same(read, bytes(4096)),
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    await driver.close();
  });
});
