// What real libraries have besides functions: SDL's formats and streams, curl's options, libvirt's variable.
// Run: npx vitest run test/besides.test.ts

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { allocate, bytesAt, double, free, int, int64, long, stringAt } from '@dlshim/runtime';
import {
  CURLE_OK,
  CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
  CURLINFO_EFFECTIVE_URL,
  CURLINFO_TOTAL_TIME,
  CURLOPT_ERRORBUFFER,
  CURLOPT_MAX_RECV_SPEED_LARGE,
  CURLOPT_NOPROGRESS,
  CURLOPT_RANGE,
  CURLOPT_URL,
  CURLOPT_WRITEDATA,
  CURLOPT_WRITEFUNCTION,
  CURLOPT_XFERINFOFUNCTION,
  libcurl,
} from '@dlshim/shims/libcurl';
import { libvirt } from '@dlshim/shims/libvirt';
import { SDL_RWops, sdl2 } from '@dlshim/shims/sdl2';
import { describe, expect, test } from 'vitest';
import { named, noLibrary } from './needs.ts';

const noSdl = noLibrary('libSDL2-2.0.so.0');
const noCurl = noLibrary('libcurl.so.4');
const noVirt = noLibrary('libvirt.so.0');

describe.skipIf(noSdl)(named('SDL 2', noSdl), () => {
  test('formats integers, doubles and text that stand behind a format', () => {
    const { fn } = sdl2.open();
    const out = new Uint8Array(80);
    const length = fn.SDL_snprintf(
      out,
      80,
      '%s %d %lld %.2f %ld',
      'grüß',
      int(-5),
      int64(2n ** 62n),
      double(1.25),
      long(7),
    );
    expect(new TextDecoder().decode(out.subarray(0, length))).toBe('grüß -5 4611686018427387904 1.25 7');
  });

  test('hands out tables of functions, and takes one whose functions are JavaScript', () => {
    const { fn, functionAt, callback, release } = sdl2.open();
    const text = new TextEncoder().encode('from C');
    const memory = allocate(text);
    const stream = fn.SDL_RWFromConstMem(bytesAt(memory, text.length), text.length)!;
    const table = SDL_RWops.at(stream);
    const out = new Uint8Array(16);
    expect(functionAt('SDL_RWops.size', table.size)(stream)).toBe(6);
    expect(functionAt('SDL_RWops.read', table.read)(stream, out, 1, 16)).toBe(6);
    expect(functionAt('SDL_RWops.close', table.close)(stream)).toBe(0);
    free(memory);

    const own = fn.SDL_AllocRW()!;
    const ours = SDL_RWops.at(own);
    const read = callback('SDL_RWops.read', (self, target, size, count) => {
      expect(self).toBe(own);
      bytesAt(target, Number(size) * Number(count)).fill(0x41);
      return count;
    });
    ours.read = read;
    expect(fn.SDL_RWread(own, out, 2, 3)).toBe(3);
    expect(new TextDecoder().decode(out.subarray(0, 7))).toBe('AAAAAA\0');
    fn.SDL_FreeRW(own);
    release(read);
  });
});

describe.skipIf(noCurl)(named('libcurl', noCurl), () => {
  test('takes options of every kind, and gives what it is asked for', () => {
    const { fn, callback, release } = libcurl.open();
    const file = join(mkdtempSync(join(tmpdir(), 'dlshim-curl-')), 'file');
    writeFileSync(file, '0123456789');
    const url = pathToFileURL(file).href;
    const handle = fn.curl_easy_init()!;
    const problem = allocate<number>(256);
    const context = allocate(8);
    let got = '';
    let progress = 0;
    const write = callback('curl_write_callback', (buffer, size, count, user) => {
      expect(user).toBe(context);
      const length = Number(size) * Number(count);
      got += new TextDecoder().decode(bytesAt(buffer, length));
      return length;
    });
    const tell = callback('curl_xferinfo_callback', () => {
      progress++;
      return 0;
    });
    const results = [
      fn.curl_easy_setopt(handle, CURLOPT_URL, url),
      fn.curl_easy_setopt(handle, CURLOPT_RANGE, '2-5'),
      fn.curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0),
      fn.curl_easy_setopt(handle, CURLOPT_MAX_RECV_SPEED_LARGE, 2n ** 40n),
      fn.curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, problem),
      fn.curl_easy_setopt(handle, CURLOPT_WRITEDATA, context),
      fn.curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, write),
      fn.curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, tell),
      fn.curl_easy_perform(handle),
    ];
    expect(results).toEqual(results.map(() => CURLE_OK));
    expect([got, progress > 0]).toEqual(['2345', true]);

    const [where, size, seconds] = [[null], [0], [0]] as [[string | null], [number | bigint], [number]];
    fn.curl_easy_getinfo(handle, CURLINFO_EFFECTIVE_URL, where);
    fn.curl_easy_getinfo(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, size);
    fn.curl_easy_getinfo(handle, CURLINFO_TOTAL_TIME, seconds);
    expect([where[0], size[0]]).toEqual([url, 4]);
    expect(seconds[0]).toBeGreaterThan(0);

    fn.curl_easy_setopt(handle, CURLOPT_URL, `${url}-not`);
    expect(fn.curl_easy_perform(handle)).not.toBe(CURLE_OK);
    expect(stringAt(problem)).toMatch(/open|file-not/i);
    fn.curl_easy_cleanup(handle);
    for (const pointer of [write, tell]) release(pointer);
    for (const memory of [problem, context]) free(memory);
  });
});

describe.skipIf(noVirt)(named('libvirt', noVirt), () => {
  test('connects with the authentication that its variable points to', () => {
    const { fn, data } = libvirt.open();
    const auth = data.virConnectAuthPtrDefault;
    expect(auth).toBeTypeOf('bigint');
    const connection = fn.virConnectOpenAuth('test:///default', auth, 0);
    expect(connection).toBeTypeOf('bigint');
    expect(fn.virConnectClose(connection)).toBe(0);
  });
});
