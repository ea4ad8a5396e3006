// The HTTP driver of the examples on a server of its own, which does what is wrong when it is asked to: what is read is what stands in the file, and
// where it cannot be, the error says why.
// Longer than 400 lines because each fault of the server is a case, and all share one server and one file.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { defineDrivers, type GivenOptions } from '@dlshim/runtime/drivers';
import { pretend } from '@dlshim/runtime/testing';
import { libcurl } from '@dlshim/shims/libcurl';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type BlockDriver, INTERFACE, type OpenOptions } from '../../examples/dist/drivers/block.js';
import { known } from '../../examples/dist/drivers/known.js';
import { type OpenHow, openBlock as openImage } from '../../examples/dist/drivers/open.js';
import { named } from '../needs.ts';
import { node } from '../tools.ts';
import { bytes, same } from './content.ts';
import { type Http, start } from './http.mjs';
import { collectGarbage, watched } from './loop.ts';
import { noServer } from './servers.mjs';

const noHttp = noServer('http');
const KIB = 1 << 10;
const MIB = 1 << 20;

describe.skipIf(noHttp)(named('the HTTP driver', noHttp), () => {
  const content = bytes(8 * MIB + 123);
  let server: Http;

  beforeAll(async () => {
    server = await start();
    put('file', content);
  });
  afterAll(() => server?.stop());

  function put(name: string, what: Uint8Array): string {
    const path = join(server.files, name);
    writeFileSync(`${path}.new`, what);
    renameSync(`${path}.new`, path); // Another file, and never half of one.
    return `${server.url}${name}`;
  }

  const openBlock = (url: string, request: OpenOptions = {}, how: OpenHow = {}) =>
    openImage(url, { readOnly: true, ...request }, how);

  async function open(url: string, options: GivenOptions = {}, request: OpenOptions = {}): Promise<BlockDriver> {
    const opened = await openBlock(url, request, { options });
    onTestFinished(() => opened.close());
    return opened;
  }

  const file = (fault = '') => `${server.url}file${fault}`;
  const ranges = (from: number) =>
    server
      .requests()
      .slice(from)
      .map((line) => line.split(' ').slice(2).join(' '));

  test('knows the file, and reads all of it and any part', async () => {
    const driver = await open(file());
    expect(driver).toMatchObject({ size: content.length, alignment: 1, name: file(), blank: false });
    expect(await driver.info()).toMatchObject({
      driver: 'http',
      readOnly: true,
      features: [],
      details: { library: expect.stringMatching(/^libcurl \d/), validator: 'etag' },
    });
    expect(same(await driver.read(0, driver.size), content)).toBe(true);
    for (const [at, length] of [
      [1, 1],
      [4095, 4098],
      [driver.size - 7, 7],
      [driver.size, 0],
      [MIB, 3 * MIB],
    ] as const)
      expect(same(await driver.read(at, length), content.subarray(at, at + length))).toBe(true);
    const memory = new Uint8Array(300).fill(1);
    const part = memory.subarray(100, 200);
    expect(await driver.read(5000, part)).toBe(part);
    expect(same(part, content.subarray(5000, 5100))).toBe(true);
    expect([...memory.subarray(0, 100), ...memory.subarray(200)].every((byte) => byte === 1)).toBe(true);
    await expect(driver.read(driver.size, 1)).rejects.toThrow(RangeError);
  });

  test('qemu-img reads the same', async () => {
    const copy = join(server.folder, 'copy.raw');
    const url = put('sectors', bytes(2 * MIB));
    // One request at a time: with several, QEMU 7.2 now and then waits for ever for what has come already.
    execFileSync('qemu-img', ['convert', '-m', '1', '-f', 'raw', '-O', 'raw', url, copy]);
    const driver = await open(url);
    expect(same(await driver.read(0, driver.size), readFileSync(copy))).toBe(true);
  });

  test('can only be read', async () => {
    const driver = await open(file());
    for (const write of [driver.write(0, bytes(1)), driver.discard(0, 1), driver.writeZeroes(0, 1)])
      await expect(write).rejects.toMatchObject({ code: 'EROFS' });
    await driver.flush();
    await expect(openImage(file())).rejects.toMatchObject({ code: 'EROFS' });
    expect(driver.resize).toBeUndefined();
  });

  test('a file of no bytes, one whose length only HEAD tells, and a server that refuses HEAD', async () => {
    expect((await open(put('empty', new Uint8Array(0)))).size).toBe(0);
    expect((await open(`${server.url}empty?norange`)).size).toBe(0);
    const unknown = await open(file('?star'));
    expect(unknown.size).toBe(content.length);
    expect(same(await unknown.read(MIB, 1000), content.subarray(MIB, MIB + 1000))).toBe(true);
    expect((await open(file('?nohead'))).size).toBe(content.length);
    await expect(openBlock(file('?star&nohead'))).rejects.toMatchObject({ code: 'EIO', status: 405 });
  });

  test('reads one after the other are fetched ahead, in few requests; those here and there as they are', async () => {
    const driver = await open(file(), { readahead: '64K' });
    const before = server.requests().length;
    for (let at = 0; at < 256 * KIB; at += 1000)
      expect(same(await driver.read(at, 1000), content.subarray(at, at + 1000))).toBe(true);
    const asked = ranges(before);
    expect(asked.slice(0, 2)).toEqual(['bytes=0-65535', 'bytes=65536-131071']);
    expect(asked.length).toBeLessThanOrEqual(5);

    const random = server.requests().length;
    for (const at of [5 * MIB, 3 * MIB, 7 * MIB]) await driver.read(at, 512);
    expect(ranges(random)).toEqual([5, 3, 7].map((mib) => `bytes=${mib * MIB}-${mib * MIB + 511}`));
    // Over the end of what is kept, and to the end of the file.
    expect(same(await driver.read(255 * KIB, 2 * KIB), content.subarray(255 * KIB, 257 * KIB))).toBe(true);
    const end = driver.size - 600;
    for (const at of [end, end + 300])
      expect(same(await driver.read(at, 300), content.subarray(at, at + 300))).toBe(true);

    const without = await open(file(), { readahead: 0 });
    const exact = server.requests().length;
    for (const at of [0, 100, 200]) await without.read(at, 100);
    expect(ranges(exact)).toEqual(['bytes=0-99', 'bytes=100-199', 'bytes=200-299']);
  });

  test('random reads of random lengths, many at once, are what the file has', async () => {
    const driver = await open(file(), { readahead: '16K', connections: 3 });
    let state = 7;
    const next = (below: number): number => {
      state = (state * 48271) % 0x7fffffff;
      return state % below;
    };
    let end = 0;
    const reads = Array.from({ length: 600 }, () => {
      const at = next(3) === 0 ? end : next(driver.size - 70_000);
      const length = next(4) === 0 ? next(70_000) : next(3000);
      end = Math.min(at + length, driver.size - 70_000);
      return { at, length };
    });
    for (let i = 0; i < reads.length; i += 30) {
      const results = await Promise.all(reads.slice(i, i + 30).map(({ at, length }) => driver.read(at, length)));
      const wrong = results.findIndex((got, j) => {
        const { at, length } = reads[i + j]!;
        return !same(got, content.subarray(at, at + length));
      });
      expect(wrong).toBe(-1);
    }
  });

  test('a thousand reads at once share a few connections while the event loop goes round', async () => {
    const driver = await open(file(), { connections: 4 });
    const places = Array.from({ length: 1000 }, (_, i) => ((i * 40503) % 2048) * 4096);
    const read = () => Promise.all(places.map((at) => driver.read(at, 4096)));
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, connections(server.url));
    }, 20);
    const { result, turns, stall } = await watched(read);
    clearInterval(timer);
    process.stdout.write(
      `http: 1,000 reads at once, ${turns} turns, longest stall ${stall.toFixed(1)} ms, ${most} connections\n`,
    );
    expect(turns).toBeGreaterThan(20);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    const again = read();
    collectGarbage();
    for (const pieces of [result, await again]) {
      const wrong = pieces.findIndex((piece, i) => !same(piece, content.subarray(places[i]!, places[i]! + 4096)));
      expect(wrong).toBe(-1);
    }
    await driver.close();
    await expect.poll(() => connections(server.url)).toBe(0);
  });

  describe('a server that does not serve ranges is refused', () => {
    test.each([
      ['with the whole file', '?norange', 'the whole file'],
      ['with another range', '?shift=1', 'it sends bytes 1-1/'],
      ['with several parts', '?multipart', 'it sends something else'],
      ['with a coding that was not asked for', '?coded=gzip', 'as gzip'],
    ])('%s', async (_, fault, words) => {
      const refused = { code: 'ENOTSUP', message: expect.stringContaining(words) };
      await expect(openBlock(file(fault))).rejects.toMatchObject(refused);
    });
  });

  test('more bytes than were asked for are an error, not memory behind the buffer', async () => {
    const memory = new Uint8Array(5000).fill(7);
    await expect(openBlock(file('?extra=5'))).rejects.toMatchObject({ code: 'EIO' });
    const driver = await open(file('?extra=0'));
    await driver.read(100, memory.subarray(0, 4000));
    expect(same(memory.subarray(0, 4000), content.subarray(100, 4100))).toBe(true);
    expect(memory.subarray(4000).every((byte) => byte === 7)).toBe(true);
  });

  test('a file that is replaced amid reading is an error: by its tag, its date, its length', async () => {
    for (const fault of ['', '?notag']) {
      const url = put('changing', bytes(MIB));
      const driver = await open(`${url}${fault}`, { readahead: '32K' });
      await driver.read(0, 100);
      put('changing', bytes(fault === '' ? MIB : MIB - 1, 99));
      const stale = { code: 'ESTALE', message: expect.stringContaining('has changed') };
      await expect(driver.read(MIB / 2, 100)).rejects.toMatchObject(stale);
      // What was kept of the old one is no more given out.
      await expect(driver.read(0, 100)).rejects.toMatchObject(stale);
      await expect(driver.read(MIB - 100, 100)).rejects.toMatchObject(stale);
    }
    const shrunk = await open(put('changing', bytes(MIB)));
    put('changing', bytes(100));
    await expect(shrunk.read(MIB - 100, 100)).rejects.toMatchObject({ code: 'ESTALE' });
  });

  test('follows redirections, a few, and asks there from then on', async () => {
    const driver = await open(file('?redirect=3'));
    expect(driver).toMatchObject({ size: content.length, name: file('?…') });
    const before = server.requests().length;
    expect(same(await driver.read(MIB, MIB), content.subarray(MIB, 2 * MIB))).toBe(true);
    expect(server.requests().slice(before)).toEqual([`GET /file?redirect=0 bytes=${MIB}-${2 * MIB - 1}`]);
    await expect(openBlock(file('?redirect=11'))).rejects.toMatchObject({ code: 'ELOOP' });
    await expect(openBlock(file('?to=file:///etc/passwd'))).rejects.toMatchObject({ code: 'ENOTSUP' });
    await expect(openBlock(file('?to=gopher://127.0.0.1/'))).rejects.toMatchObject({ code: 'ENOTSUP' });
  });

  test('where a redirection has led to somewhere that ends, it is asked for again', async () => {
    const driver = await open(file('?fresh=2'), { readahead: 0 });
    for (const at of [0, MIB, 2 * MIB, 3 * MIB])
      expect(same(await driver.read(at, 500), content.subarray(at, at + 500))).toBe(true);
  });

  test('passwords: asked for, given by option or URL, kept out of names and errors; not sent elsewhere', async () => {
    for (const auth of ['basic', 'digest']) {
      const denied = { code: 'EACCES', status: 401, message: expect.not.stringContaining('wrong-one') };
      const url = file(`?auth=${auth}`);
      await expect(openBlock(url)).rejects.toMatchObject(denied);
      await expect(openBlock(url.replace('//', '//user:wrong-one@'))).rejects.toMatchObject(denied);
      const byUrl = await open(url.replace('//', '//user:secret@'));
      expect(byUrl.name).toBe(file('?…'));
      expect(JSON.stringify(await byUrl.info())).not.toContain('secret');
      const driver = await open(url, { username: 'user', password: 'secret' });
      expect(same(await driver.read(10, 5000), content.subarray(10, 5010))).toBe(true);
    }
    // The same server under another name is another one.
    const elsewhere = server.url.replace('127.0.0.1', 'localhost');
    const before = server.requests().length;
    const target = encodeURIComponent(`${elsewhere}file?auth=basic`);
    const secrets = { username: 'user', password: 'secret', cookie: 'key=value' };
    await expect(openBlock(file(`?to=${target}`), {}, { options: secrets })).rejects.toMatchObject({ code: 'EACCES' });
    const [first, ...others] = server.requests().slice(before);
    expect(first).toContain('cookie:key=value');
    expect(others.length).toBeGreaterThan(0);
    expect(others.join()).not.toMatch(/cookie:|authorization:/);
  });

  test('sends a cookie', async () => {
    await expect(openBlock(file('?cookie=key'))).rejects.toMatchObject({ code: 'EACCES' });
    expect((await open(file('?cookie=key'), { cookie: 'key' })).size).toBe(content.length);
  });

  test('https: a certificate that nobody vouches for is refused, in libcurl’s words; sslverify=off and cafile let it pass', async () => {
    const url = `${server.tlsUrl}file`;
    await expect(openBlock(url)).rejects.toMatchObject({
      code: 'EPROTO',
      message: expect.stringMatching(/^https:[^ ]*\/file: EPROTO: .*certificate.*; cafile=FILE .* sslverify=off /i),
      curl: expect.any(Number),
    });
    for (const options of [{ sslverify: 'off' }, { cafile: server.certificate }]) {
      const driver = await open(url, options);
      expect(driver.name).toBe(url);
      expect((await driver.info()).details).toMatchObject({ tls: expect.stringMatching(/\w/) });
      expect(same(await driver.read(0, driver.size), content)).toBe(true);
      const places = Array.from({ length: 100 }, (_, i) => i * 4099);
      const pieces = await Promise.all(places.map((at) => driver.read(at, 1000)));
      expect(pieces.findIndex((got, i) => !same(got, content.subarray(places[i]!, places[i]! + 1000)))).toBe(-1);
    }
    // The name has to be right as well.
    const misnamed = url.replace('127.0.0.1', '127.0.0.2');
    await expect(openBlock(misnamed, {}, { options: { cafile: server.certificate } })).rejects.toThrow();
    await expect(openBlock(url, {}, { options: { cafile: '/nowhere.pem' } })).rejects.toMatchObject({ code: 'EPROTO' });
  });

  test('HTTP/2: reads at once share one connection; what goes wrong with one of them is its own', async () => {
    const options = { cafile: server.certificate };
    const driver = await open(`${server.http2Url}file`, options);
    const places = Array.from({ length: 300 }, (_, i) => ((i * 40503) % 2000) * 4096);
    const reading = Promise.all(places.map((at) => driver.read(at, 4096)));
    await driver.read(0, 1);
    const open2 = connections(server.http2Url);
    const pieces = await reading;
    expect(open2).toBe(1);
    expect(pieces.findIndex((got, i) => !same(got, content.subarray(places[i]!, places[i]! + 4096)))).toBe(-1);
    expect(same(await driver.read(0, driver.size), content)).toBe(true);
    await expect(openBlock(`${server.http2Url}file?norange`, {}, { options })).rejects.toMatchObject({
      code: 'ENOTSUP',
    });
    await expect(openBlock(`${server.http2Url}nobody`, {}, { options })).rejects.toMatchObject({ code: 'ENOENT' });
    const dropping = await open(`${server.http2Url}file?drop=50000`, options);
    await expect(dropping.read(0, MIB)).rejects.toMatchObject({ code: expect.stringMatching(/^E(CONNRESET|IO)$/) });
    expect(same(await dropping.read(2 * MIB, 50_000), content.subarray(2 * MIB, 2 * MIB + 50_000))).toBe(true);
    const slow = await open(`${server.http2Url}file?stall=50000`, options, { timeout: 0.5 });
    await expect(slow.read(0, MIB)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(same(await slow.read(2 * MIB, 5000), content.subarray(2 * MIB, 2 * MIB + 5000))).toBe(true);
  });

  test('http leads to https, and its certificate is checked there', async () => {
    const url = file(`?to=${encodeURIComponent(`${server.tlsUrl}file`)}`);
    await expect(openBlock(url)).rejects.toMatchObject({ code: 'EPROTO' });
    const driver = await open(url, { cafile: server.certificate });
    expect((await driver.info()).details).toMatchObject({ location: `${server.tlsUrl}file` });
    expect(same(await driver.read(0, MIB), content.subarray(0, MIB))).toBe(true);
    const back = `${server.tlsUrl}file?to=${encodeURIComponent(file())}`;
    const { certificate: cafile } = server;
    await expect(openBlock(back, {}, { options: { cafile } })).rejects.toMatchObject({ code: 'EPROTO' });
    expect((await open(back, { sslverify: false })).size).toBe(content.length);
  });

  test('goes through the proxy that the environment names', () => {
    const script = `
      import { openBlock } from './examples/dist/drivers/open.js';
      const driver = await openBlock('http://nowhere.invalid/file', { readOnly: true });
      console.log((await driver.read(100, 4)).join());
      await driver.close();`;
    const run = node('--input-type=module', '-e', `process.env.http_proxy = '${server.url}';${script}`);
    expect(run).toMatchObject({ status: 0, stdout: `${content.subarray(100, 104).join()}\n`, stderr: '' });
    expect(server.requests()).toContain('GET http://nowhere.invalid/file bytes=100-103');
  });

  test('says what is not there: the file, permission, the server, the name, sense', async () => {
    const refused = (url: string) => expect(openBlock(url)).rejects;
    await refused(`${server.url}nobody`).toMatchObject({ code: 'ENOENT', status: 404 });
    await refused(file('?status=410')).toMatchObject({ code: 'ENOENT' });
    await refused(file('?status=403')).toMatchObject({ code: 'EACCES' });
    await refused(file('?status=500')).toMatchObject({
      code: 'EIO',
      message: expect.stringContaining('HTTP status 500'),
    });
    await refused('http://user:pass-word@127.0.0.1:1/a?key').toMatchObject({
      code: 'ECONNREFUSED',
      syscall: 'curl_multi_socket_action',
      message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/a\?…: ECONNREFUSED: /),
    });
    await refused('http://no-such-host.invalid/').toMatchObject({
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
      message: expect.stringMatching(/^http:\/\/no-such-host\.invalid\/: ENOTFOUND: /),
    });
    await refused('http://user:pass-word@').toThrow(TypeError);
    await refused('http://user:pass-word@').toThrow(expect.not.stringContaining('pass-word'));
  });

  test('where libcurl is absent, says what to install; one of the oldest kind will do', async () => {
    // Programs of their own: the drivers of this one are loaded already.
    const program = () => defineDrivers(known, { host: { name: 'test', version: '1.0.0', interface: INTERFACE } });
    const absent = pretend(libcurl, { absent: true });
    await expect(program().open(file(), { readOnly: true })).rejects.toMatchObject({
      code: 'DLSHIM_DRIVER_ABSENT',
      message: expect.stringContaining('libcurl4'),
    });
    absent();
    const old = pretend(libcurl, { like: '7.29.0' });
    onTestFinished(old);
    const driver = await program().open(file(), { readOnly: true });
    expect(same(await driver.read(0, driver.size), content)).toBe(true);
    await driver.close();
  });

  test('a server that hangs is an ETIMEDOUT, and the event loop goes round meanwhile', async () => {
    const { turns } = await watched(() =>
      expect(openBlock(file('?hang'), { timeout: 1 })).rejects.toMatchObject({
        code: 'ETIMEDOUT',
        message: expect.stringContaining('nothing has come'),
      }),
    );
    expect(turns).toBeGreaterThan(100);
    const driver = await open(file(), {}, { timeout: 1 });
    server.server.pause();
    try {
      const reads = [0, 4096, MIB].map((at) => driver.read(at, 4096));
      for (const { status } of await Promise.allSettled(reads)) expect(status).toBe('rejected');
    } finally {
      server.server.resume();
    }
    expect(same(await driver.read(0, 4096), content.subarray(0, 4096))).toBe(true);
    await driver.close();
    await expect.poll(() => connections(server.url)).toBe(0);
  });

  test('a connection that does not come about is given up sooner than an answer', async () => {
    const mute = createServer();
    const port = await new Promise<number>((resolve) => {
      mute.listen(0, '127.0.0.1', () => resolve((mute.address() as AddressInfo).port));
    });
    onTestFinished(() => void mute.close());
    const began = performance.now();
    const options = { 'connect-timeout': 0.5 };
    await expect(openBlock(`https://127.0.0.1:${port}/`, {}, { options })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: expect.stringContaining('no connection for 0.5 s'),
    });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test('silence amid an answer is one too; slowness is not, however long it takes', async () => {
    const stalling = await open(file('?stall=50000'), {}, { timeout: 0.5 });
    const memory = new Uint8Array(MIB);
    await expect(stalling.read(0, memory)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(same(await stalling.read(2 * MIB, 50_000), content.subarray(2 * MIB, 2 * MIB + 50_000))).toBe(true);
    await stalling.close();
    await expect.poll(() => connections(server.url)).toBe(0);
    const slow = await open(file('?slow=30'), {}, { timeout: 0.5 });
    const began = performance.now();
    expect(same(await slow.read(0, 512 * KIB), content.subarray(0, 512 * KIB))).toBe(true);
    expect(performance.now() - began).toBeGreaterThan(700);
  });

  test('a connection that ends amid an answer is an ECONNRESET, and the next read makes another', async () => {
    const driver = await open(file('?drop=50000'));
    await expect(driver.read(0, MIB)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(same(await driver.read(2 * MIB, 50_000), content.subarray(2 * MIB, 2 * MIB + 50_000))).toBe(true);
  });

  test('waits for what is under way when it is closed, and refuses what comes later', async () => {
    const driver = await openBlock(file('?slow=5'), {}, { options: { connections: 2 } });
    const reads = Array.from({ length: 20 }, (_, i) => driver.read(i * 40_000, 40_000));
    const closed = driver.close();
    for (const [i, got] of (await Promise.all(reads)).entries())
      expect(same(got, content.subarray(i * 40_000, (i + 1) * 40_000))).toBe(true);
    await closed;
    await driver.close();
    await expect(driver.read(0, 1)).rejects.toMatchObject({ code: 'ESHUTDOWN' });
    await expect(driver.flush()).rejects.toMatchObject({ code: 'ESHUTDOWN' });
  });

  test('an open file does not keep the process alive, and a read under way does until it is done', () => {
    const script = `
      import { openBlock } from './examples/dist/drivers/open.js';
      const driver = await openBlock(process.argv[1], { readOnly: true });
      driver.read(0, 4096).then(() => console.log('read'));`;
    const run = node('--input-type=module', '-e', script, file());
    expect(run).toMatchObject({ status: 0, stdout: 'read\n', stderr: '' });
  });

  // 8,192 callbacks are all that a process has, and each open file has four.
  test('opening and closing leaves no callback, connection or descriptor behind, where it fails neither', async () => {
    const url = put('small', bytes(100));
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    for (let i = 0; i < 140; i++) {
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          await (await openBlock(url)).close();
          await expect(openBlock(`${url}?status=404`)).rejects.toMatchObject({ code: 'ENOENT' });
        }),
      );
    }
    expect(connections(server.url)).toBe(0);
    expect(descriptors()).toBeLessThanOrEqual(before + 2);
  });

  test('a killed server is an error for all that is under way, and the next call says so at once', async () => {
    const own = await start();
    writeFileSync(join(own.files, 'file'), content);
    const driver = await open(`${own.url}file?slow=5`);
    const reads = Array.from({ length: 40 }, (_, i) => driver.read(i * 100_000, 100_000));
    const settled = Promise.allSettled(reads);
    await Promise.race(reads);
    await own.server.kill();
    const failed = (await settled).filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    process.stdout.write(`http: server killed, ${failed.length} of 40 reads failed\n`);
    expect(failed.length).toBeGreaterThan(0);
    for (const { reason } of failed) expect(reason.code).toMatch(/^ECONN(RESET|REFUSED)$/);
    await expect(driver.read(0, 1)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await own.stop();
  });
});

/** How many connections this process has to a server's port, by /proc/net/tcp (proc(5)): those that are established. */
function connections(url: string): number {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0');
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  return lines.filter((line) => line.includes(` 0100007F:${port} 01 `)).length;
}
