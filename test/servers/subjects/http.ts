// The HTTP driver, for the conformance suite: files in the folder of the tests' server. It only reads.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pretend } from '@dlshim/runtime/testing';
import { libcurl } from '@dlshim/shims/libcurl';
import { start } from '../http.mjs';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  driver: 'http',
  needs: ['http'],
  library: {
    name: 'libcurl',
    file: 'libcurl.so',
    required: true,
    pretendAbsent: () => pretend(libcurl, { absent: true }),
    // The function came with 7.16.3.
    // Headers then come line by line.
    masked: [
      { feature: 'header_api', pretend: () => pretend(libcurl, { withoutFeatures: ['header_api'] }) },
      { feature: 'all that is newer than 7.29', pretend: () => pretend(libcurl, { like: '7.29.0' }) },
    ],
    pretendOld: () => pretend(libcurl, { version: '7.15.5', without: ['curl_multi_socket_action'] }),
  },
  can: { write: false, resize: false, create: false, snapshots: false },
  alignment: 1,
  async start() {
    const server = await start();
    const address = (name: string) => `${server.url}${name}`;
    return {
      async put(name, content) {
        writeFileSync(join(server.files, name), content);
        return address(name);
      },
      address,
      get: async (name) => readFileSync(join(server.files, name)),
      qemu: (name) => ({ address: address(name), format: 'raw' }),
      refused: [
        { what: 'no such file', address: address('nothing'), code: 'ENOENT' },
        { what: 'not allowed', address: address('any?status=403'), code: 'EACCES' },
        { what: 'a server that fails', address: address('any?status=503'), code: 'EIO' },
        { what: 'nobody listens', address: 'http://127.0.0.1:1/any', code: 'ECONNREFUSED' },
      ],
      stop: () => server.stop(),
    };
  },
};
