// libnfs' driver, on a server that exports a folder.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pretend } from '@dlshim/runtime/testing';
import { libnfs } from '@dlshim/shims/libnfs';
import { start } from '../nfs.mjs';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  driver: 'nfs',
  needs: ['nfs'],
  library: {
    name: 'libnfs',
    file: 'libnfs.so',
    required: true,
    pretendAbsent: () => pretend(libnfs, { absent: true }),
    pretendOld: () => pretend(libnfs, { without: ['nfs_stat64_async'] }),
    masked: [
      { feature: 'nfs_statvfs64_async', pretend: () => pretend(libnfs, { without: ['nfs_statvfs64_async'] }) },
      { feature: 'nfs_set_autoreconnect', pretend: () => pretend(libnfs, { without: ['nfs_set_autoreconnect'] }) },
    ],
  },
  can: { write: true, resize: true, create: true, snapshots: false },
  alignment: 1,
  async start() {
    const nfs = await start();
    return {
      address: nfs.url,
      async put(name, content) {
        writeFileSync(join(nfs.files, name), content);
        return nfs.url(name);
      },
      get: async (name) => readFileSync(join(nfs.files, name)),
      // QEMU's driver knows NFSv3 alone.
      qemu: nfs.noV3 === undefined ? (name) => ({ address: nfs.urlV3(name), format: 'raw' }) : undefined,
      refused: [
        { what: 'no such file', address: nfs.url('nobody'), code: 'ENOENT' },
        { what: 'no such export', address: nfs.url('shared').replace('/vfs/', '/nothing/'), code: 'ENOENT' },
        {
          what: 'nobody listens',
          address: nfs.url('shared').replace(/nfsport=\d+/, 'nfsport=1'),
          code: 'ECONNREFUSED',
        },
      ],
      stop: () => nfs.stop(),
    };
  },
};
