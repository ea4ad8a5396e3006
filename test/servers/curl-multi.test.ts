// Transfers of libcurl on the event loop, on a real HTTP server: what ends them before their time, and what the event loop does meanwhile.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { long } from '@dlshim/runtime';
import { CURLOPT_RANGE, CURLOPT_URL, libcurl } from '@dlshim/shims/libcurl';
import { CurlMulti, type CurlMultiOptions, type SetOption } from '@dlshim/shims/libcurl-multi';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { named } from '../needs.ts';
import { root } from '../tools.ts';
import { bytes, same } from './content.ts';
import { type Http, start } from './http.mjs';
import { noServer } from './servers.mjs';

const noHttp = noServer('http');
const MIB = 1 << 20;

describe.skipIf(noHttp)(named('transfers of libcurl', noHttp), () => {
  const content = bytes(MIB);
  let server: Http;
  let url: string;

  beforeAll(async () => {
    server = await start();
    url = `${server.url}file`;
    writeFileSync(join(server.files, 'file'), content);
  });
  afterAll(() => server?.stop());

  function open(options: CurlMultiOptions = {}): CurlMulti {
    const multi = new CurlMulti(libcurl.open(), options);
    onTestFinished(() => multi.close());
    return multi;
  }

  const get =
    (from: string, range?: string) =>
    (set: SetOption): void => {
      set(CURLOPT_URL, from);
      if (range !== undefined) set(CURLOPT_RANGE, range);
    };

  test('a body fills the buffer that is given, exactly; the answer has the headers that were asked for', async () => {
    const body = new Uint8Array(1000);
    const answer = await open().transfer({
      prepare: get(url, '5000-5999'),
      headers: ['content-range', 'content-length', 'x-nothing'],
      body,
    });
    expect(answer.status).toBe(206);
    expect(Object.fromEntries(answer.headers)).toEqual({
      'content-range': `bytes 5000-5999/${MIB}`,
      'content-length': '1000',
    });
    expect(same(body, content.subarray(5000, 6000))).toBe(true);
    const wrong = (length: number) => open().transfer({ prepare: get(url, '0-99'), body: new Uint8Array(length) });
    await expect(wrong(99)).rejects.toMatchObject({ code: 'EIO', message: expect.stringContaining('more than') });
    await expect(wrong(101)).rejects.toMatchObject({ code: 'EIO', message: expect.stringContaining('100 bytes') });
  });

  test('the body may be refused, by an error or without one', async () => {
    const multi = open();
    const body = new Uint8Array(MIB);
    const dropped = await multi.transfer({ prepare: get(url), body, accept: ({ status }) => status !== 200 });
    expect(dropped.status).toBe(200);
    const refused = multi.transfer({
      prepare: get(url),
      body,
      accept: () => {
        throw new RangeError('not this one');
      },
    });
    await expect(refused).rejects.toThrow(new RangeError('not this one'));
    expect(body.every((byte) => byte === 0)).toBe(true);
  });

  test('what cannot be asked for rejects, and those after it go on', async () => {
    const multi = open({ transfers: 1 });
    const mine = new TypeError('mine');
    const failing = [
      (set: SetOption) => set(9999, long(1)),
      () => {
        throw mine;
      },
      () => {},
      get('nonsense://here'),
    ].map((prepare) => multi.transfer({ prepare }));
    const good = multi.transfer({ prepare: get(url) });
    expect(await Promise.allSettled(failing)).toMatchObject([
      { reason: { code: 'ENOTSUP', syscall: 'curl_easy_setopt', message: expect.stringContaining('9999') } },
      { reason: mine },
      { reason: { code: 'EINVAL' } },
      { reason: { code: 'ENOTSUP', message: expect.stringContaining('nonsense') } },
    ]);
    expect((await good).status).toBe(200);
    expect(multi.pending).toBe(0);
  });

  test('a signal ends a transfer that runs, and one that waits; nothing is written any more, and others go on', async () => {
    const multi = open({ transfers: 1 });
    const [running, waiting] = [new AbortController(), new AbortController()];
    const body = new Uint8Array(MIB);
    const first = multi.transfer({ prepare: get(`${url}?slow=20`), body, signal: running.signal });
    const second = multi.transfer({ prepare: get(url), signal: waiting.signal });
    const third = multi.transfer({ prepare: get(url, '0-9'), body: new Uint8Array(10) });
    expect(multi.pending).toBe(3);
    waiting.abort(new Error('not that'));
    await expect(second).rejects.toThrow('not that');
    await expect.poll(() => body[0]).toBe(content[0]);
    running.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    const sum = body.reduce((a, b) => a + b, 0);
    expect((await third).status).toBe(206);
    expect(body.reduce((a, b) => a + b, 0)).toBe(sum);
    await expect(multi.transfer({ prepare: get(url), signal: running.signal })).rejects.toThrow('aborted');
  });

  test('time in which the event loop stood still is nobody’s silence', async () => {
    const multi = open({ timeout: 0.4 });
    const body = new Uint8Array(200_000);
    const transfer = multi.transfer({ prepare: get(`${url}?slow=10`, '0-199999'), body });
    await expect.poll(() => body[0]).toBe(content[0]);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    await transfer;
    expect(same(body, content.subarray(0, 200_000))).toBe(true);
  });

  test('closing waits for what is under way, and takes no more', async () => {
    const multi = new CurlMulti(libcurl.open(), { transfers: 2 });
    const transfers = Array.from({ length: 6 }, (_, i) => multi.transfer({ prepare: get(url, `${i}-${i + 9}`) }));
    let closed = false;
    const closing = multi.close().then(() => {
      closed = true;
    });
    await expect(multi.transfer({ prepare: get(url) })).rejects.toMatchObject({ code: 'ESHUTDOWN' });
    expect(closed).toBe(false);
    for (const { status } of await Promise.all(transfers)) expect(status).toBe(206);
    await closing;
    await multi.close();
    expect(() => new CurlMulti(libcurl.open(), { transfers: 0 })).toThrow(RangeError);
  });

  test('in a worker, too; one that is ended amid transfers leaves the process well', async () => {
    const code = `
      import { parentPort, workerData } from 'node:worker_threads';
      const { CURLOPT_URL, libcurl } = await import(workerData.shim);
      const { CurlMulti } = await import(workerData.multi);
      const multi = new CurlMulti(libcurl.open());
      const body = new Uint8Array(${MIB});
      await multi.transfer({ prepare: (set) => set(CURLOPT_URL, workerData.url), body });
      parentPort.postMessage(body);
      for (let i = 0; i < 8; i++) multi.transfer({ prepare: (set) => set(CURLOPT_URL, workerData.url + '?slow=20') });`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
      workerData: {
        url,
        shim: import.meta.resolve('@dlshim/shims/libcurl'),
        multi: import.meta.resolve('@dlshim/shims/libcurl-multi'),
      },
    });
    const body = await new Promise<Uint8Array>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    expect(same(body, content)).toBe(true);
    await worker.terminate();
    expect((await open().transfer({ prepare: get(url) })).status).toBe(200);
  });

  // A thread of libcurl's waits for the resolver, and to take the transfer from libcurl would wait for that thread.
  test('a resolver that hangs does not hold up the event loop when the transfer is late', async () => {
    const [source, slow] = [join(server.folder, 'slow.c'), join(server.folder, 'libslow.so')];
    writeFileSync(
      source,
      `#include <unistd.h>
      int getaddrinfo(const char *node, const char *service, const void *hints, void *result) {
        sleep(3);
        return -2;
      }`,
    );
    execFileSync('cc', ['-shared', '-fPIC', '-w', '-o', slow, source]);
    const script = `
      import { CURLOPT_URL, libcurl } from '@dlshim/shims/libcurl';
      import { CurlMulti } from '@dlshim/shims/libcurl-multi';
      let [last, stall] = [performance.now(), 0];
      setInterval(() => {
        stall = Math.max(stall, performance.now() - last);
        last = performance.now();
      }, 1).unref();
      // Bound deep, libcurl would not find the resolver of this test.
      const multi = new CurlMulti(libcurl.open({ deepBind: false }), { connectTimeout: 0.5 });
      const began = performance.now();
      const error = await multi.transfer({ prepare: (set) => set(CURLOPT_URL, 'http://some.where/') }).catch((e) => e);
      const late = performance.now() - began;
      last = performance.now();
      await multi.close();
      await new Promise((resolve) => setTimeout(resolve, 100));
      console.log(JSON.stringify({ code: error.code, late, stall }));`;
    const options = { cwd: root, encoding: 'utf8', env: { ...process.env, LD_PRELOAD: slow } } as const;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], options);
    const { code, late, stall } = JSON.parse(said) as { code: string; late: number; stall: number };
    expect(code).toBe('ETIMEDOUT');
    expect(late).toBeLessThan(2500);
    expect(stall).toBeLessThan(1500);
  });
});
