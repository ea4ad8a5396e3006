// The Gluster driver of the examples on a real volume: what only it has. What all drivers have is in drivers-conformance.test.ts.

import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { BlockDriver, OpenOptions } from '../../examples/dist/drivers/block.js';
import { type OpenHow, openBlock } from '../../examples/dist/drivers/open.js';
import { named } from '../needs.ts';
import { node } from '../tools.ts';
import { bytes, same } from './content.ts';
import { type Gluster, start } from './gluster.mjs';
import { collectGarbage, watched } from './loop.ts';
import { read } from './processes.mjs';
import { noServer } from './servers.mjs';

const noGluster = noServer('gluster');
const MIB = 1 << 20;
const SIZE = 8 * MIB;

describe.skipIf(noGluster)(named('the Gluster driver', noGluster), () => {
  let server: Gluster;
  const content = bytes(SIZE, 5);

  beforeAll(async () => {
    server = await start();
    writeFileSync(file('disk'), content);
  });
  afterAll(() => server?.stop());

  const file = (name: string) => join(server.brick, name);
  const url = (name: string) => `gluster://${server.host}:${server.port}/${server.volume}/${name}`;

  async function open(address: string, options: OpenOptions = {}, how: OpenHow = {}): Promise<BlockDriver> {
    const opened = await openBlock(address, options, how);
    onTestFinished(() => opened.close());
    return opened;
  }

  test('over TCP, on the usual port, by an encoded name, and over a socket of the server’s', async () => {
    writeFileSync(file('a b?'), content);
    for (const address of [
      `gluster+tcp://${server.host}/${server.volume}/disk`,
      `gluster://${server.host}/${server.volume}/a%20b%3F`,
    ])
      expect(same(await (await open(address)).read(1, 1000), content.subarray(1, 1001))).toBe(true);
    for (const wrong of [
      'gluster://host/volume',
      'gluster+udp://host/volume/file',
      'gluster://host/volume/file?user=x',
      'gluster+unix://host/volume/file?socket=/run/x',
      'gluster+unix:///volume/file',
      'gluster://host:99999/volume/file',
    ])
      await expect(openBlock(wrong), wrong).rejects.toThrow(/gluster/);
    const local = `gluster+unix:///${server.volume}/disk?socket=${server.folder}/run/glusterd.socket`;
    expect(same(await (await open(local)).read(0, 1000), content.subarray(0, 1000))).toBe(true);
    const nobody = openBlock(local.replace('glusterd.socket', 'nothing.socket'), { timeout: 10 });
    await expect(nobody).rejects.toMatchObject({ code: 'ENOTCONN' });
  });

  test('logs where it is told to, and nowhere else', async () => {
    const log = join(server.folder, 'driver.log');
    const image = await open(url('disk'), { timeout: 17 }, { options: { logfile: log, debug: 7 } });
    await image.read(0, 1);
    expect(readFileSync(log, 'utf8')).toContain('gfapi');
    const wrong = openBlock(url('disk'), {}, { options: { debug: 10 } });
    await expect(wrong).rejects.toMatchObject({ code: 'DLSHIM_DRIVER_OPTIONS' });
  });

  test('refuses a folder, and what is shorter than it was', async () => {
    mkdirSync(file('folder'));
    for (const readOnly of [false, true])
      await expect(openBlock(url('folder'), { readOnly })).rejects.toMatchObject({ code: 'EISDIR' });
    await (await open(url('shrinks'), { create: 1000 })).flush();
    const image = await open(url('shrinks'));
    const other = await open(url('shrinks'));
    await other.resize!(500);
    await expect(image.read(400, 200)).rejects.toMatchObject({ code: 'EIO' });
  });

  test('an error of opening says of which image, of each where several wait for one connection', async () => {
    const elsewhere = (name: string) => url(name).replace(`/${server.volume}/`, '/nowhere/');
    const errors = await Promise.all(
      [url('nobody'), elsewhere('one'), elsewhere('two')].map((address) =>
        openBlock(address).catch((error: unknown) => error),
      ),
    );
    expect(errors).toMatchObject([
      { code: 'ENOENT', syscall: 'glfs_open', message: expect.stringMatching(/^gluster:\/\/[^ ]*\/nobody: ENOENT: /) },
      { code: 'ENOENT', syscall: 'glfs_init', message: expect.stringMatching(/^gluster:\/\/[^ ]*\/one: ENOENT: /) },
      { code: 'ENOENT', syscall: 'glfs_init', message: expect.stringMatching(/^gluster:\/\/[^ ]*\/two: ENOENT: /) },
    ]);
  });

  test('what is in use is not made anew under another name', async () => {
    const used = await open(url('used'), { create: SIZE });
    await used.write(0, content);
    await used.flush();
    symlinkSync('used', file('symbolic'));
    for (const address of [url('used'), url('symbolic'), url('folder/../used').replace(':24007', '')])
      await expect(openBlock(address, { create: 5 }), address).rejects.toMatchObject({ code: 'EBUSY' });
    expect(same(readFileSync(file('used')), content)).toBe(true);
  });

  test('a thousand reads at once while the event loop goes round, and garbage is collected', async () => {
    const image = await open(url('disk'), { readOnly: true });
    const places = Array.from({ length: 1000 }, (_, i) => ((i * 40503) % (SIZE / 4096)) * 4096);
    const read = () => Promise.all(places.map((at) => image.read(at, 4096)));
    const { result, turns, stall } = await watched(read);
    process.stdout.write(`gluster: 1,000 reads at once, ${turns} turns, longest stall ${stall.toFixed(1)} ms\n`);
    expect(turns).toBeGreaterThan(3);
    const again = read();
    collectGarbage();
    for (const pieces of [result, await again]) {
      const wrong = pieces.findIndex((piece, i) => !same(piece, content.subarray(places[i]!, places[i]! + 4096)));
      expect(wrong).toBe(-1);
    }
  });

  test('closing does not wait for the connection, which the next image uses', async () => {
    await (await openBlock(url('disk'))).close();
    const { result, stall } = await watched(async () => {
      const from = performance.now();
      for (let i = 0; i < 5; i++) await (await openBlock(url('disk'))).close();
      return performance.now() - from;
    });
    process.stdout.write(
      `gluster: opened and closed 5 times in ${result.toFixed(0)} ms, longest stall ${stall.toFixed(1)} ms\n`,
    );
    expect(result).toBeLessThan(5000); // glfs_fini alone takes ten seconds.
  });

  test('discards and zeroes give blocks of the brick back, or cost none', async () => {
    const image = await open(url('sparse'), { create: SIZE });
    await image.write(0, content);
    await image.flush();
    const before = statSync(file('sparse')).blocks;
    await image.discard(MIB, 4 * MIB);
    await image.flush();
    expect(statSync(file('sparse')).blocks).toBeLessThanOrEqual(before - (4 * MIB) / 512);
    await image.writeZeroes(6 * MIB, MIB);
    const expected = content
      .slice()
      .fill(0, MIB, 5 * MIB)
      .fill(0, 6 * MIB, 7 * MIB);
    expect(same(await image.read(0, SIZE), expected)).toBe(true);
  });

  test('an open file does not keep the process alive, and a read under way does until it is done', () => {
    const script = `
      import { openBlock } from './examples/dist/drivers/open.js';
      const image = await openBlock(process.argv[1]);
      image.read(0, 512).then(() => console.log('read'));`;
    for (let i = 0; i < 5; i++) {
      const run = node('--input-type=module', '-e', script, url('disk'));
      expect(run).toMatchObject({ status: 0, stdout: 'read\n', stderr: '' });
    }
  });

  /** The daemon of the volume's brick, which glusterd has started. */
  function brick(): number {
    const isOurs = (pid: string) =>
      read(`/proc/${pid}/comm`)?.startsWith('glusterfsd') && read(`/proc/${pid}/cmdline`)?.includes(server.brick);
    const [pid, ...others] = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOurs(name));
    expect(pid).toBeDefined();
    expect(others).toEqual([]);
    return Number(pid);
  }

  test('a brick that hangs is an ETIMEDOUT; the loop goes round meanwhile, and I/O goes on when it is back', async () => {
    const hung = await open(url('disk'), { timeout: 2 });
    const pid = brick();
    process.kill(pid, 'SIGSTOP');
    try {
      const places = Array.from({ length: 20 }, (_, i) => MIB + i * 4096);
      const { turns, stall } = await watched(() =>
        Promise.all(
          places.map((at) =>
            expect(hung.read(at, 4096)).rejects.toMatchObject({
              code: expect.stringMatching(/^(ETIMEDOUT|ENOTCONN)$/),
            }),
          ),
        ),
      );
      process.stdout.write(`gluster: brick stopped, ${turns} turns, longest stall ${stall.toFixed(1)} ms\n`);
      expect(turns).toBeGreaterThan(100);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    const back = () =>
      hung.read(4096, 4096).then(
        (got) => same(got, content.subarray(4096, 8192)),
        () => false,
      );
    await expect.poll(back, { timeout: 20_000 }).toBe(true);
  });

  test('a killed brick is an error for all that is under way, and for what comes later', async () => {
    const image = await open(url('disk'), { timeout: 3 });
    const reads = Array.from({ length: 400 }, (_, i) => image.read(i * 4096, 4096));
    const settled = Promise.allSettled(reads);
    await Promise.race(reads);
    process.kill(brick(), 'SIGKILL');
    const failed = (await settled).filter(({ status }) => status === 'rejected');
    process.stdout.write(`gluster: brick killed, ${failed.length} of 400 reads failed\n`);
    const code = expect.stringMatching(/^(ENOTCONN|ETIMEDOUT|EIO)$/);
    await expect(image.read(7 * MIB, 4096)).rejects.toMatchObject({ code });
    const fresh = openBlock(url('disk'), { timeout: 3 });
    await expect(fresh).rejects.toMatchObject({ code });
    await image.close();
    await expect(image.read(0, 1)).rejects.toMatchObject({ code: 'ESHUTDOWN' });
  });
});
