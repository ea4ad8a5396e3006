// The NFS driver of the examples on a real server: what only it has. What all drivers have is in drivers-conformance.test.ts.

import { linkSync, mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pretend } from '@dlshim/runtime/testing';
import { libnfs } from '@dlshim/shims/libnfs';
import { NfsSession } from '@dlshim/shims/libnfs-events';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { BlockDriver, OpenOptions } from '../../examples/dist/drivers/block.js';
import { blockOpener, type OpenHow, openBlock } from '../../examples/dist/drivers/open.js';
import { named } from '../needs.ts';
import { node } from '../tools.ts';
import { bytes, same } from './content.ts';
import type { Daemon } from './daemon.mjs';
import { collectGarbage, watched } from './loop.ts';
import { type Nfs, start } from './nfs.mjs';
import { noServer } from './servers.mjs';

const noNfs = noServer('nfs');
const MIB = 1 << 20;
const SIZE = 8 * MIB;

describe.skipIf(noNfs)(named('the NFS driver', noNfs), () => {
  let server: Nfs;
  let daemon: Daemon;
  const content = bytes(SIZE, 5);

  beforeAll(async () => {
    server = await start({ lease: 2 });
    daemon = server.ganesha;
    writeFileSync(file('disk'), content);
  });
  afterAll(() => server?.stop());

  const file = (name: string) => join(server.files, name);

  async function open(url: string, options: OpenOptions = {}, how: OpenHow = {}): Promise<BlockDriver> {
    const opened = await openBlock(url, options, how);
    onTestFinished(() => opened.close());
    return opened;
  }

  test('takes what libnfs reads in a URL, and options besides, which win', async () => {
    const { host, port } = server;
    const bare = `nfs://${host}/vfs/disk`;
    const image = await open(bare, {}, { options: { version: 4, nfsport: port } });
    expect(image).toMatchObject({ name: bare, size: SIZE });
    const won = await open(server.url('disk').replace(`=${port}`, '=1'), {}, { options: { nfsport: `${port}` } });
    expect(same(await won.read(1, 1000), content.subarray(1, 1001))).toBe(true);
    await expect(openBlock(bare, {}, { options: { version: 5 } })).rejects.toMatchObject({
      code: 'DLSHIM_DRIVER_OPTIONS',
    });
    await expect(openBlock(bare, {}, { options: { vers: 4 } })).rejects.toThrow("there is no option 'vers'");
    await expect(openBlock(`nfs://${host}`)).rejects.toThrow(TypeError);
    await expect(openBlock(`nfs://${host}/vfs/`)).rejects.toThrow(TypeError);
    await expect(openBlock('nfs://no-such-host.invalid/vfs/disk')).rejects.toMatchObject({ syscall: 'getaddrinfo' });
  });

  test('an option in a URL is checked before it connects: libnfs passes over what it does not know', async () => {
    const nobody = 'nfs://192.0.2.1/vfs/disk';
    for (const [query, words] of [
      ['verison=4', "there is no option 'verison'.\nDid you mean version?"],
      ['version=4&frob=1', "there is no option 'frob'.\nIts options: version, nfsport,"],
      ['autoreconnect=-1', "there is no option 'autoreconnect'"],
      ['uid=x', "the option 'uid' takes a whole number from 0, and not 'x'"],
      ['version=5', "the option 'version' takes a whole number from 3 to 4, and not '5'"],
      ['version', "the option 'version' takes a whole number from 3 to 4, and not ''"],
    ] as const)
      await expect(openBlock(`${nobody}?${query}`), query).rejects.toMatchObject({
        code: 'DLSHIM_DRIVER_OPTIONS',
        message: expect.stringContaining(`${nobody}?${query.replace(/=[^&]*/g, '=…')}: The driver 'nfs': ${words}`),
      });
    const read = await open(`${server.url('disk')}&readahead=64K&debug=0`);
    expect(same(await read.read(1, 1000), content.subarray(1, 1001))).toBe(true);
  });

  test('an error of opening says of which image, and keeps code and syscall', async () => {
    for (const [url, error] of [
      [server.url('nobody'), { code: 'ENOENT', syscall: 'nfs_open_async' }],
      [server.url('disk').replace('/vfs/', '/nothing/'), { syscall: 'nfs_mount_async' }],
      [server.url('disk').replace(`=${server.port}`, '=1'), { code: 'ECONNREFUSED' }],
      ['nfs://no-such-host.invalid/vfs/disk', { syscall: 'getaddrinfo', hostname: 'no-such-host.invalid' }],
    ] as const)
      await expect(openBlock(url), url).rejects.toMatchObject({
        ...error,
        message: expect.stringContaining(`${url}: `),
      });
  });

  test('is to the server who it says it is', async () => {
    writeFileSync(file('private'), 'x', { mode: 0o600 });
    const { uid } = statSync(file('private'));
    expect((await open(server.url('private'), {}, { options: { uid } })).size).toBe(1);
    const stranger = openBlock(server.url('private'), {}, { options: { uid: 4711, gid: 4711 } });
    await expect(stranger).rejects.toMatchObject({
      code: 'EACCES',
      message: expect.stringContaining('NFS4ERR_ACCESS'),
    });
  });

  test('refuses a folder, and what is shorter than it was', async () => {
    mkdirSync(file('folder'));
    await expect(openBlock(server.url('folder'))).rejects.toMatchObject({ code: 'EISDIR' });
    writeFileSync(file('shrinks'), bytes(1000));
    const image = await open(server.url('shrinks'));
    truncateSync(file('shrinks'), 500);
    await expect(image.read(400, 200)).rejects.toMatchObject({ code: 'EIO' });
  });

  test('what is in use is not made anew under another name', async () => {
    writeFileSync(file('used'), content);
    mkdirSync(file('deep'));
    linkSync(file('used'), file('deep/linked'));
    symlinkSync('used', file('symbolic'));
    await open(server.url('used'), { readOnly: true });
    // Links of the symbolic kind over NFSv3: libnfs 4.0 reads what stands behind their names, over NFSv4.
    const symbolic = server.noV3 === undefined ? [server.urlV3('symbolic')] : [];
    for (const url of [...['used', 'deep/linked', 'deep/../used'].map(server.url), ...symbolic])
      await expect(openBlock(url, { create: 5 }), url).rejects.toMatchObject({ code: 'EBUSY' });
    expect(same(readFileSync(file('used')), content)).toBe(true);
  });

  test('a thousand reads at once while the event loop goes round, and garbage is collected', async () => {
    const image = await open(server.url('disk'), { readOnly: true });
    const places = Array.from({ length: 1000 }, (_, i) => ((i * 40503) % (SIZE / 4096)) * 4096);
    const read = () => Promise.all(places.map((at) => image.read(at, 4096)));
    const { result, turns, stall } = await watched(read);
    process.stdout.write(`nfs: 1,000 reads at once, ${turns} turns, longest stall ${stall.toFixed(1)} ms\n`);
    expect(turns).toBeGreaterThan(3);
    const again = read();
    collectGarbage();
    for (const pieces of [result, await again]) {
      const wrong = pieces.findIndex((piece, i) => !same(piece, content.subarray(places[i]!, places[i]! + 4096)));
      expect(wrong).toBe(-1);
    }
  });

  test('over NFSv3 too, which sends megabytes at once, and knows what is in use over the other version', async (context) => {
    if (server.noV3 !== undefined) return context.skip(server.noV3);
    writeFileSync(file('third'), content);
    const image = await open(server.urlV3('third'));
    expect(await image.info()).toMatchObject({ size: SIZE, details: { version: 3 } });
    const model = content.slice();
    for (const [at, length] of [
      [1, 3 * MIB],
      [5 * MIB - 7, 1000],
      [SIZE - 3, 3],
    ] as const) {
      const data = bytes(length, at);
      await image.write(at, data);
      model.set(data, at);
    }
    await image.writeZeroes(6 * MIB, MIB);
    model.fill(0, 6 * MIB, 7 * MIB);
    await image.flush();
    expect(same(await image.read(0, SIZE), model)).toBe(true);
    expect(same(readFileSync(file('third')), model)).toBe(true);
    for (const url of [server.url('third'), server.urlV3('third')])
      await expect(openBlock(url, { create: 5 }), url).rejects.toMatchObject({ code: 'EBUSY' });
    await image.close();
    const made = await open(server.urlV3('third'), { create: 5 });
    expect(made).toMatchObject({ size: 5, blank: true });
    for (const url of [server.url('third'), server.urlV3('third')])
      await expect(openBlock(url, { create: 5 }), url).rejects.toMatchObject({ code: 'EBUSY' });
    await made.resize!(3);
    expect(statSync(file('third')).size).toBe(3);
    await expect(openBlock(server.urlV3('nobody'))).rejects.toMatchObject({ code: 'ENOENT' });
    const elsewhere = server.urlV3('third').replace('/vfs/', '/nothing/');
    await expect(openBlock(elsewhere)).rejects.toMatchObject({ code: expect.stringMatching(/^(ENOENT|EACCES)$/) });
  });

  test('two files of one process do not take each other for gone', async () => {
    const [one, other] = await Promise.all([open(server.url('disk')), open(server.url('two'), { create: 4096 })]);
    for (let i = 0; i < 5; i++) {
      await other.write(0, bytes(4096, i + 1));
      expect(same(await one.read(i * 4096, 4096), content.subarray(i * 4096, (i + 1) * 4096))).toBe(true);
    }
  });

  test('an open file does not keep the process alive, and a read under way does until it is done', () => {
    const script = `
      import { openBlock } from './examples/dist/drivers/open.js';
      const image = await openBlock(process.argv[1]);
      image.read(0, 512).then(() => console.log('read'));`;
    const run = node('--input-type=module', '-e', script, server.url('disk'));
    expect(run).toMatchObject({ status: 0, stdout: 'read\n', stderr: '' });
  });

  test('an older libnfs, which knows neither NFSv4 nor ports, refuses instead of going elsewhere', async () => {
    using _ = pretend(libnfs, { without: ['nfs_set_version'] });
    const refused = { code: 'ENOTSUP', message: expect.stringContaining('NFSv4') };
    await expect(blockOpener().open(server.url('disk'), {})).rejects.toMatchObject(refused);
  });

  test('what the server has forgotten, because nobody asked for long, is opened again', async () => {
    const image = await open(server.url('disk'), { readOnly: true });
    const session = await NfsSession.connect(libnfs.open(), server.url('disk'));
    const handle = await session.open('/disk', 0);
    await sleep(9000);
    const error = await session.read(handle, 0, new Uint8Array(5)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(session.ended).toBe(error);
    // Since 6.0 libnfs closes the connection then, and does not say why.
    if (libnfs.open().has('api_v1', false)) expect(error).toMatchObject({ code: 'EIO', status: 'NFS4ERR_EXPIRED' });
    expect(same(await image.read(0, 4096), content.subarray(0, 4096))).toBe(true);
  });

  test('a server that hangs is an ETIMEDOUT; the loop goes round meanwhile, and I/O goes on when it is back', async () => {
    const hung = await open(server.url('disk'), { timeout: 2 });
    daemon.pause();
    try {
      const { turns, stall } = await watched(() =>
        Promise.all([0, 4096].map((at) => expect(hung.read(at, 4096)).rejects.toMatchObject({ code: 'ETIMEDOUT' }))),
      );
      process.stdout.write(`nfs: server stopped, ${turns} turns, longest stall ${stall.toFixed(1)} ms\n`);
      expect(turns).toBeGreaterThan(100);
      await expect(openBlock(server.url('disk'), { timeout: 1 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    } finally {
      daemon.resume();
    }
    expect(same(await hung.read(4096, 4096), content.subarray(4096, 8192))).toBe(true);
  });

  test('a killed server is an error for what is under way; when it is back, I/O goes on, and a flush says that writes may be lost', async () => {
    const image = await open(server.url('killed'), { create: SIZE });
    await image.write(0, content.subarray(0, MIB));
    const reads = Array.from({ length: 200 }, (_, i) => image.read(i * 4096, 4096));
    const settled = Promise.allSettled(reads);
    await Promise.race(reads);
    await daemon.kill();
    const code = expect.stringMatching(/^ECONN(REFUSED|RESET)$/);
    await expect(image.read(0, 4096)).rejects.toMatchObject({ code });
    await expect(image.write(0, bytes(10))).rejects.toMatchObject({ code });
    const failed = (await settled).filter(({ status }) => status === 'rejected');
    process.stdout.write(`nfs: server killed, ${failed.length} of 200 reads failed\n`);
    daemon = await server.start();
    expect(same(await image.read(0, MIB), content.subarray(0, MIB))).toBe(true);
    await expect(image.flush()).rejects.toMatchObject({
      code: 'EIO',
      message: expect.stringContaining('may have lost'),
    });
    await image.write(0, bytes(4096, 9));
    await image.flush();
    await image.close();
    expect(same(readFileSync(file('killed')).subarray(0, 4096), bytes(4096, 9))).toBe(true);
  });

  test('is closed in time where the server has gone', async () => {
    const image = await openBlock(server.url('disk'), { timeout: 2 });
    await daemon.kill();
    await image.close();
    await expect(image.read(0, 1)).rejects.toMatchObject({ code: 'ESHUTDOWN' });
    daemon = await server.start();
  });
});
