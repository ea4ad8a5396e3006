// libgfapi's driver, on a volume of one brick.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pretend } from '@dlshim/runtime/testing';
import { libgfapi } from '@dlshim/shims/libgfapi';
import { start } from '../gluster.mjs';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  driver: 'gluster',
  needs: ['gluster'],
  library: {
    name: 'libgfapi',
    file: 'libgfapi.so',
    required: true,
    pretendAbsent: () => pretend(libgfapi, { absent: true }),
    pretendOld: () => pretend(libgfapi, { without: ['glfs_fstat'] }),
    masked: [
      {
        feature: 'zerofill',
        pretend: () => pretend(libgfapi, { without: ['glfs_zerofill'] }),
        lacks: 'write_zeroes',
      },
      { feature: 'discard', pretend: () => pretend(libgfapi, { without: ['glfs_discard'] }), lacks: 'discard' },
      // The signatures until 5.13, which later libraries have too, under their own symbol versions.
      { feature: 'iocb_stat', pretend: () => pretend(libgfapi, { like: '5.13' }) },
    ],
  },
  can: { write: true, resize: true, create: true, snapshots: false },
  alignment: 1,
  async start() {
    const gluster = await start();
    const address = (name: string) => `gluster://${gluster.host}:${gluster.port}/${gluster.volume}/${name}`;
    return {
      address,
      async put(name, content) {
        writeFileSync(join(gluster.brick, name), content);
        return address(name);
      },
      get: async (name) => readFileSync(join(gluster.brick, name)),
      qemu: (name) => ({ address: address(name), format: 'raw' }),
      refused: [
        { what: 'no such file', address: address('nobody'), code: 'ENOENT' },
        { what: 'no such volume', address: address('shared').replace('/files/', '/nothing/'), code: 'ENOENT' },
        { what: 'nobody listens', address: address('shared').replace(/:\d+\//, ':1/'), code: 'ENOTCONN' },
        {
          what: 'a transport that is gone',
          address: address('shared').replace('gluster:', 'gluster+rdma:'),
          code: 'ENOTSUP',
        },
      ],
      stop: () => gluster.stop(),
    };
  },
};
