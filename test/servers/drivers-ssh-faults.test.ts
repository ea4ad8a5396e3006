// The ssh driver of the examples and servers that hang, die, can do little, or speak something else: errors, in time, and no event loop that waits.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { BlockDriver } from '../../examples/dist/drivers/block.js';
import { openBlock } from '../../examples/dist/drivers/open.js';
import { named } from '../needs.ts';
import { node } from '../tools.ts';
import { bytes, same } from './content.ts';
import { watched } from './loop.ts';
import { noServer } from './servers.mjs';
import { type Ssh, start } from './ssh.mjs';
import { at, open, serving } from './ssh-images.ts';

const noSsh = noServer('ssh');
const MIB = 1 << 20;
const SIZE = 8 * MIB;

describe.skipIf(noSsh)(named('the ssh driver', noSsh), () => {
  let server: Ssh;
  const content = bytes(SIZE, 3);

  beforeAll(async () => {
    server = await start();
    writeFileSync(join(server.files, 'image'), content);
  });
  afterAll(() => server?.stop());

  async function image(): Promise<BlockDriver> {
    const { url, options } = at(server, 'image');
    return open(url, {}, options);
  }

  describe('has errors, and does not hang, where a server', () => {
    const late = { code: 'ETIMEDOUT' };

    test('says nothing at all', async () => {
      const silent = createServer(() => {}).listen(0, '127.0.0.1');
      onTestFinished(() => void silent.close());
      await new Promise((resolve) => silent.once('listening', resolve));
      const { port } = silent.address() as { port: number };
      const { turns } = await watched(() =>
        expect(open(`ssh://127.0.0.1:${port}/a`, { timeout: 0.4 })).rejects.toMatchObject(late),
      );
      expect(turns).toBeGreaterThan(50);
      const shorter = { connect_timeout: 0.2 };
      await expect(open(`ssh://127.0.0.1:${port}/a`, {}, shorter)).rejects.toMatchObject(late);
    });

    test('is none of SSH', async () => {
      const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
      onTestFinished(() => void other.close());
      await new Promise((resolve) => other.once('listening', resolve));
      const { port } = other.address() as { port: number };
      await expect(open(`ssh://127.0.0.1:${port}/a`, { timeout: 5 })).rejects.toMatchObject({
        code: expect.stringMatching(/^(EIO|ECONNRESET)$/),
      });
    });

    test('hangs amid reads and writes: the loop goes round, all fail in time, and another session works', async () => {
      const { url, file, options } = at(server, 'hung');
      writeFileSync(file, content);
      const driver = await open(url, { timeout: 1 }, options);
      await driver.read(0, MIB);
      server.pause();
      try {
        const { result, turns, stall } = await watched(() =>
          Promise.allSettled([
            ...Array.from({ length: 100 }, (_, i) => driver.read(i * 4096, 4096)),
            // More than the sockets and the window take.
            driver.write(0, content),
            driver.flush(),
          ]),
        );
        process.stdout.write(`ssh: server stopped, ${turns} turns, longest stall ${stall.toFixed(1)} ms\n`);
        expect(new Set(result.map((one) => one.status === 'rejected' && one.reason.code))).toEqual(
          new Set(['ETIMEDOUT']),
        );
        expect(turns).toBeGreaterThan(100);
        await expect(driver.read(0, 512)).rejects.toMatchObject(late);
        await driver.close();
      } finally {
        server.drop();
      }
      expect((await image()).size).toBe(SIZE);
    });

    test('dies amid reads: all under way fail, and the next call says so at once', async () => {
      const driver = await image();
      const reads = Array.from({ length: 2000 }, (_, i) => driver.read((i * 4096) % SIZE, 4096));
      const settled = Promise.allSettled(reads);
      await Promise.race(reads);
      server.drop();
      const failed = (await settled).flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
      process.stdout.write(`ssh: server killed, ${failed.length} of ${reads.length} reads failed\n`);
      expect(failed.length).toBeGreaterThan(0);
      expect(new Set(failed)).toEqual(new Set(['ECONNRESET']));
      await expect(driver.read(0, 512)).rejects.toMatchObject({ code: 'ECONNRESET', syscall: 'SSH_FXP_READ' });
      await expect(driver.flush()).rejects.toMatchObject({ code: 'ECONNRESET' });
      await driver.close();
      await expect(driver.read(0, 512)).rejects.toMatchObject({ code: 'ESHUTDOWN' });
    });

    test.each([
      ['speaks something else', '/bin/echo hello, this is no SFTP', /not SFTP/],
      ['gives the question for an answer', '/bin/cat', /not one/],
      ['ends at once', '/bin/true', /has ended the session/],
    ])('%s', async (_, sftp, words) => {
      const other = await serving({ sftp });
      const { url, options } = at(other, 'image');
      await expect(open(url, { timeout: 5 }, options)).rejects.toThrow(words);
    });
  });

  test('a server that has neither limits nor fsync is asked for less at a time, and flush says nothing of the disk', async () => {
    const old = await serving({ sftp: 'internal-sftp -P limits,fsync' });
    const { url, file, options } = at(old, 'image');
    writeFileSync(file, content);
    const driver = await open(url, {}, options);
    expect(await driver.info()).toMatchObject({ features: ['resize'], details: { longestRead: 32768 } });
    expect(same(await driver.read(0, SIZE), content)).toBe(true);
    await driver.write(1, content.subarray(0, MIB));
    await driver.flush();
    await driver.close();
    expect(same(readFileSync(file).subarray(1, MIB + 1), content.subarray(0, MIB))).toBe(true);
  });

  test('keys are exchanged anew amid reads and writes', async () => {
    const wary = await serving({ settings: 'RekeyLimit 1M\nLogLevel DEBUG' });
    const { url, file, options } = at(wary, 'image');
    writeFileSync(file, content);
    const driver = await open(url, { timeout: 10 }, options);
    for (let round = 0; round < 3; round++) {
      const [read] = await Promise.all([driver.read(0, SIZE / 2), driver.write(SIZE / 2, content.subarray(SIZE / 2))]);
      expect(same(read, content.subarray(0, SIZE / 2))).toBe(true);
    }
    await driver.close();
    expect(same(readFileSync(file), content)).toBe(true);
    expect(wary.log().match(/KEXINIT received/g)!.length).toBeGreaterThan(5);
  });

  test('a server that writes nothing opens for reading alone', async () => {
    const fixed = await serving({ sftp: 'internal-sftp -R' });
    const { url, file, options } = at(fixed, 'image');
    writeFileSync(file, content);
    await expect(open(url, {}, options)).rejects.toMatchObject({ code: 'EACCES', syscall: 'SSH_FXP_OPEN' });
    const driver = await open(url, { readOnly: true }, options);
    expect(same(await driver.read(MIB, MIB), content.subarray(MIB, 2 * MIB))).toBe(true);
    await driver.flush();
  });

  test('an open file does not keep the process alive, and a read under way does until it is done', () => {
    const { url } = at(server, 'image');
    const script = `
      import { openBlock } from './examples/dist/drivers/open.js';
      const driver = await openBlock(process.argv[1]);
      driver.read(0, 512).then(() => console.log('read'));`;
    const address = `${url}?config=none&host_key=${server.fingerprint}&identity=${server.key}`;
    const run = node('--input-type=module', '-e', script, address);
    expect(run).toMatchObject({ status: 0, stdout: 'read\n', stderr: '' });
  });

  test('forty sessions leave no descriptor behind', async () => {
    const descriptors = () => readdirSync('/proc/self/fd').length;
    await image().then((driver) => driver.close());
    const before = descriptors();
    for (let round = 0; round < 10; round++) {
      const { url, options } = at(server, 'image');
      const all = await Promise.all(
        Array.from({ length: 4 }, () => openBlock(url, {}, { options: { config: 'none', ...options } })),
      );
      await Promise.all(all.map((driver) => driver.read(0, 512)));
      await Promise.all(all.map((driver) => driver.close()));
    }
    expect(descriptors()).toBe(before);
  });
});
