// The iSCSI driver of the examples on a real target: what it writes is in the file behind the LUN and in what qemu-img(1) reads.

import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pretend } from '@dlshim/runtime/testing';
import { libiscsi } from '@dlshim/shims/libiscsi';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { BlockDriver, OpenOptions } from '../../examples/dist/drivers/block.js';
import { blockOpener, openBlock } from '../../examples/dist/drivers/open.js';
import { writeBytes } from '../../examples/dist/drivers/shared/unaligned.js';
import { named } from '../needs.ts';
import { node } from '../tools.ts';
import { bytes, same } from './content.ts';
import { collectGarbage, watched } from './loop.ts';
import { noServer } from './servers.mjs';
import { start, type Tgt } from './tgt.mjs';

const noTgt = noServer('tgt');
const MIB = 1 << 20;
const SIZE = 16 * MIB;

describe.skipIf(noTgt)(named('the iSCSI driver', noTgt), () => {
  let tgt: Tgt;
  let driver: BlockDriver;

  beforeAll(async () => {
    tgt = await start({ size: SIZE });
  });
  afterAll(() => tgt?.stop());

  async function open(url: string, options: OpenOptions = {}): Promise<BlockDriver> {
    const opened = await openBlock(url, options);
    onTestFinished(() => opened.close());
    return opened;
  }

  beforeEach(async () => {
    driver = await open(tgt.open.url);
  });

  /** What is behind the LUN, and that qemu-img reads the same through the target. */
  function disk(): Buffer {
    const behind = readFileSync(tgt.open.file);
    const copy = join(tgt.folder, 'copy.raw');
    execFileSync('qemu-img', ['convert', '-f', 'raw', '-O', 'raw', tgt.open.url, copy]);
    expect(same(readFileSync(copy), behind)).toBe(true);
    return behind;
  }

  test('knows the LUN', async () => {
    expect(driver).toMatchObject({ size: SIZE, alignment: 512, name: tgt.open.url, blank: false });
    expect(await driver.info()).toMatchObject({
      driver: 'iscsi',
      readOnly: false,
      features: ['discard', 'write_zeroes'],
      details: { thin: true },
    });
    expect(driver.resize).toBeUndefined();
    expect(driver.snapshots).toBeUndefined();
  });

  test('writes and reads more than one command carries, and the file behind the LUN has it', async () => {
    const content = bytes(3 * MIB + 512);
    await driver.write(5 * MIB + 512, content);
    await driver.flush();
    expect(same(await driver.read(5 * MIB + 512, content.length), content)).toBe(true);
    expect(same(disk().subarray(5 * MIB + 512, 8 * MIB + 1024), content)).toBe(true);
  });

  test('refuses what is not whole blocks, or beyond the end; writeBytes keeps what is around', async () => {
    await expect(driver.read(3, 512)).rejects.toThrow(RangeError);
    await expect(driver.write(0, new Uint8Array(100))).rejects.toThrow(RangeError);
    await expect(driver.read(SIZE, 512)).rejects.toThrow(RangeError);
    const content = bytes(2048, 5);
    await driver.write(0, content);
    await writeBytes(driver, 500, new Uint8Array(600));
    content.fill(0, 500, 1100);
    expect(same(await driver.read(0, 2048), content)).toBe(true);
  });

  test('writes zeroes and discards: exactly the range reads as zeroes, and the file gives its blocks back', async () => {
    const content = bytes(8 * MIB, 3);
    await driver.write(0, content);
    await driver.flush();
    const before = statSync(tgt.open.file).blocks;
    await driver.writeZeroes(MIB - 512, 2 * MIB + 1024);
    await driver.discard(4 * MIB, 2 * MIB);
    content.fill(0, MIB - 512, 3 * MIB + 512).fill(0, 4 * MIB, 6 * MIB);
    expect(same(disk().subarray(0, 8 * MIB), content)).toBe(true);
    expect(statSync(tgt.open.file).blocks).toBeLessThanOrEqual(before - (2 * MIB) / 512);
  });

  test('a thousand reads at once while the event loop goes round', async () => {
    const content = bytes(SIZE, 11);
    await driver.write(0, content);
    const places = Array.from({ length: 1000 }, (_, i) => ((i * 40503) % (SIZE / 4096)) * 4096);
    const read = () => Promise.all(places.map((at) => driver.read(at, 4096)));
    const { result, turns, stall } = await watched(read);
    process.stdout.write(`iscsi: 1,000 reads at once, ${turns} turns, longest stall ${stall.toFixed(1)} ms\n`);
    expect(turns).toBeGreaterThan(3);
    const again = read();
    collectGarbage();
    for (const pieces of [result, await again]) {
      const wrong = pieces.findIndex((piece, i) => !same(piece, content.subarray(places[i]!, places[i]! + 4096)));
      expect(wrong).toBe(-1);
    }
  });

  test('CHAP: the right password opens, a wrong one and none are EACCES', async () => {
    const { url, user, password } = tgt.chap;
    const chap = await open(url);
    expect(chap.size).toBe(SIZE);
    expect(chap.name).not.toContain(password);
    const denied = { code: 'EACCES', message: expect.stringMatching(/authentication/i) };
    await expect(openBlock(url.replace(password, 'not-the-secret'))).rejects.toMatchObject(denied);
    await expect(openBlock(url.replace(`${user}%${password}@`, ''))).rejects.toMatchObject(denied);
  });

  test('a thick LUN of long blocks, and one that is write-protected', async () => {
    const add = async (lun: number, params: string) => {
      writeFileSync(join(tgt.folder, `lun${lun}`), bytes(MIB, lun));
      const which = `--mode logicalunit --tid 1 --lun ${lun}`;
      await tgt.tgtadm(`--op new ${which} -b ${join(tgt.folder, `lun${lun}`)} --blocksize 4096`);
      await tgt.tgtadm(`--op update ${which} --params ${params}`);
      return open(tgt.open.url.replace(/1$/, String(lun)));
    };
    const thick = await add(2, 'thin_provisioning=0');
    expect(thick).toMatchObject({ alignment: 4096, size: MIB });
    expect(await thick.info()).toMatchObject({ details: { thin: false } });
    await thick.discard(0, MIB);
    await thick.writeZeroes(4096, 8192);
    const content = bytes(MIB, 2).fill(0, 4096, 3 * 4096);
    expect(same(await thick.read(0, MIB), content)).toBe(true);
    expect(same(readFileSync(join(tgt.folder, 'lun2')), content)).toBe(true);
    await expect(thick.read(0, 512)).rejects.toThrow('not whole blocks of 4096 bytes');

    const fixed = await add(3, 'readonly=1');
    expect(await fixed.info()).toMatchObject({ readOnly: true, features: [] });
    await expect(fixed.write(0, bytes(4096))).rejects.toMatchObject({ code: 'EROFS' });
    expect(same(await fixed.read(0, MIB), bytes(MIB, 3))).toBe(true);
  });

  test('where libiscsi is absent, says what to install', async () => {
    const restore = pretend(libiscsi, { absent: true });
    try {
      await expect(blockOpener().open(tgt.open.url)).rejects.toMatchObject({
        code: 'DLSHIM_DRIVER_ABSENT',
        message: expect.stringContaining('libiscsi7'),
      });
    } finally {
      restore();
    }
  });

  test('says what is not there: the target, the LUN, the server, the name; and what is no URL', async () => {
    const code = (value: string) => ({ code: value });
    await expect(openBlock(tgt.open.url.replace(':open/', ':nothing/'))).rejects.toMatchObject(code('ENOENT'));
    await expect(openBlock(tgt.open.url.replace(/1$/, '7'))).rejects.toMatchObject(code('ENXIO'));
    await expect(openBlock('iscsi://127.0.0.1:1/iqn.x:y/1')).rejects.toMatchObject(code('ECONNREFUSED'));
    await expect(openBlock('iscsi://no-such-host.invalid/iqn.x:y/1')).rejects.toMatchObject({ syscall: 'getaddrinfo' });
    await expect(openBlock('iscsi://nothing')).rejects.toThrow(TypeError);
    await expect(openBlock(tgt.open.url, { create: 2 * SIZE })).rejects.toMatchObject(code('ENOSPC'));
  });

  test('what is open for reading alone is not written', async () => {
    const reader = await open(tgt.open.url, { readOnly: true });
    for (const write of [reader.write(0, bytes(512)), reader.discard(0, 512), reader.writeZeroes(0, 512)])
      await expect(write).rejects.toMatchObject({ code: 'EROFS' });
  });

  test('waits for what is under way when it is closed, and refuses what comes later', async () => {
    const other = await open(tgt.open.url);
    const writes = Array.from({ length: 40 }, (_, i) => other.write(i * 4096, bytes(4096, i + 1)));
    const closed = other.close();
    await Promise.all(writes);
    await closed;
    await expect(other.read(0, 512)).rejects.toMatchObject({ code: 'ESHUTDOWN' });
    expect(same(await driver.read(4096, 4096), bytes(4096, 2))).toBe(true);
  });

  test('an open LUN does not keep the process alive, and a read under way does until it is done', () => {
    const script = `
      import { openBlock } from './examples/dist/drivers/open.js';
      const driver = await openBlock(process.argv[1]);
      driver.read(0, 512).then(() => console.log('read'));`;
    const run = node('--input-type=module', '-e', script, tgt.open.url);
    expect(run).toMatchObject({ status: 0, stdout: 'read\n', stderr: '' });
  });

  test('a target that hangs is an ETIMEDOUT; the loop goes round meanwhile, and I/O goes on when it is back', async () => {
    const hung = await open(tgt.open.url, { timeout: 2 });
    tgt.tgtd.pause();
    try {
      const { turns, stall } = await watched(() =>
        Promise.all([0, 4096].map((at) => expect(hung.read(at, 4096)).rejects.toMatchObject({ code: 'ETIMEDOUT' }))),
      );
      process.stdout.write(`iscsi: target stopped, ${turns} turns, longest stall ${stall.toFixed(1)} ms\n`);
      expect(turns).toBeGreaterThan(100);
      await expect(openBlock(tgt.open.url, { timeout: 1 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    } finally {
      tgt.tgtd.resume();
    }
    await hung.write(0, bytes(4096, 9)).catch(() => {}); // It may still meet the broken session.
    await expect
      .poll(
        () =>
          hung.write(0, bytes(4096, 9)).then(
            () => true,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    expect(same(await hung.read(0, 4096), bytes(4096, 9))).toBe(true);
  });

  test('a killed target is an error for all that is under way, and the next call says so at once', async () => {
    const reads = Array.from({ length: 200 }, (_, i) => driver.read(i * 4096, 4096));
    const settled = Promise.allSettled(reads);
    await Promise.race(reads);
    await tgt.tgtd.kill();
    const after = driver.read(0, 4096);
    await expect(after).rejects.toMatchObject({ code: expect.stringMatching(/^ECONN(REFUSED|RESET)$/) });
    const failed = (await settled).filter(({ status }) => status === 'rejected');
    process.stdout.write(`iscsi: target killed, ${failed.length} of 200 reads failed\n`);
    await expect(driver.read(0, 4096)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await driver.close();
  });
});
