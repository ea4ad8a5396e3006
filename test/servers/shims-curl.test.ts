// libcurl through its shim, on a real HTTP server in another process: a range of a file, a whole file on the thread pool, and what
// it says where nobody listens.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesAt, type Pointer } from '@dlshim/runtime';
import {
  type CURL,
  CURLE_COULDNT_CONNECT,
  CURLE_OK,
  CURLINFO_EFFECTIVE_URL,
  CURLINFO_RESPONSE_CODE,
  CURLINFO_SIZE_DOWNLOAD_T,
  CURLOPT_FAILONERROR,
  CURLOPT_RANGE,
  CURLOPT_URL,
  CURLOPT_WRITEFUNCTION,
  libcurl,
} from '@dlshim/shims/libcurl';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { named } from '../needs.ts';
import { bytes, same } from './content.ts';
import { freePort } from './daemon.mjs';
import { type Http, start } from './http.mjs';
import { noServer } from './servers.mjs';

const noHttp = noServer('http');

describe.skipIf(noHttp)(named('libcurl on an HTTP server', noHttp), () => {
  const content = bytes(200_000);
  let server: Http;

  beforeAll(async () => {
    server = await start();
    writeFileSync(join(server.files, 'file'), content);
  });
  afterAll(() => server?.stop());

  /** A transfer of a URL; `body()` is what has arrived, through a callback that libcurl keeps. */
  function transfer(url: string): { curl: Pointer<CURL>; body: () => Uint8Array } {
    const curl = libcurl.open();
    const { fn } = curl;
    const handle = fn.curl_easy_init()!;
    const chunks: Uint8Array[] = [];
    const write = curl.callback('curl_write_callback', (buffer, size, count) => {
      const length = Number(size) * Number(count);
      chunks.push(bytesAt(buffer, length).slice());
      return length;
    });
    onTestFinished(() => {
      fn.curl_easy_cleanup(handle);
      curl.release(write);
    });
    expect(fn.curl_easy_setopt(handle, CURLOPT_URL, url)).toBe(CURLE_OK);
    expect(fn.curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, write)).toBe(CURLE_OK);
    return { curl: handle, body: () => Buffer.concat(chunks) };
  }

  test('fetches a range of a file', () => {
    const { fn } = libcurl.open();
    const { curl, body } = transfer(`${server.url}file`);
    expect(fn.curl_easy_setopt(curl, CURLOPT_RANGE, '100000-100999')).toBe(CURLE_OK);
    expect(fn.curl_easy_perform(curl)).toBe(CURLE_OK);
    expect(same(body(), content.subarray(100_000, 101_000))).toBe(true);
    expect(server.requests()).toContain('GET /file bytes=100000-100999');

    const status: [number | bigint] = [0];
    expect(fn.curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status)).toBe(CURLE_OK);
    expect(status[0]).toBe(206);
    const size = new BigInt64Array(1);
    expect(fn.curl_easy_getinfo(curl, CURLINFO_SIZE_DOWNLOAD_T, size)).toBe(CURLE_OK);
    expect(size[0]).toBe(1000n);
    const url: [string | null] = [null];
    expect(fn.curl_easy_getinfo(curl, CURLINFO_EFFECTIVE_URL, url)).toBe(CURLE_OK);
    expect(url[0]).toBe(`${server.url}file`);
  });

  test('fetches a whole file on the thread pool, from where the callback comes back', async () => {
    const { async } = libcurl.open();
    const { curl, body } = transfer(`${server.url}file`);
    expect(await async.curl_easy_perform(curl)).toBe(CURLE_OK);
    expect(same(body(), content)).toBe(true);
  });

  test('says that a file is not there, and that nobody listens', async () => {
    const { fn } = libcurl.open();
    const absent = transfer(`${server.url}nobody`).curl;
    expect(fn.curl_easy_setopt(absent, CURLOPT_FAILONERROR, 1)).toBe(CURLE_OK);
    const result = fn.curl_easy_perform(absent);
    expect(fn.curl_easy_strerror(result)).toBe('HTTP response code said error');
    const refused = transfer(`http://127.0.0.1:${await freePort()}/`).curl;
    expect(fn.curl_easy_perform(refused)).toBe(CURLE_COULDNT_CONNECT);
  });
});
