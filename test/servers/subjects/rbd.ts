// librbd's driver, on a Ceph cluster; images come and go by rbd(8).

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pretend } from '@dlshim/runtime/testing';
import { librbd } from '@dlshim/shims/librbd';
import { start } from '../ceph.mjs';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  driver: 'rbd',
  needs: ['ceph'],
  library: {
    name: 'librbd',
    file: 'librbd.so',
    required: true,
    pretendAbsent: () => pretend(librbd, { absent: true }),
    pretendOld: () => pretend(librbd, { without: ['rbd_aio_readv'] }),
    masked: [
      {
        feature: 'write_zeroes',
        pretend: () => pretend(librbd, { withoutFeatures: ['write_zeroes'] }),
        lacks: 'write_zeroes',
      },
      { feature: 'namespace_exists', pretend: () => pretend(librbd, { withoutFeatures: ['namespace_exists'] }) },
    ],
  },
  can: { write: true, resize: true, create: true, snapshots: true },
  alignment: 1,
  async start() {
    const ceph = await start();
    const address = (name: string) => `rbd:${ceph.pool}/${name}:conf=${ceph.conf}`;
    const copy = join(ceph.folder, 'subject.raw');
    const rbd = (...args: string[]) => execFileSync('rbd', ['-c', ceph.conf, '--no-progress', ...args]);
    return {
      address,
      async put(name, content) {
        writeFileSync(copy, content);
        rbd('import', '--dest-pool', ceph.pool, copy, name);
        return address(name);
      },
      async get(name) {
        execFileSync('rm', ['-f', copy]);
        rbd('export', `${ceph.pool}/${name}`, copy);
        return readFileSync(copy);
      },
      qemu: (name) => ({ address: address(name), format: 'raw' }),
      refused: [
        { what: 'no such image', address: address('nothing'), code: 'ENOENT' },
        { what: 'no such pool', address: `rbd:nowhere/x:conf=${ceph.conf}`, code: 'ENOENT' },
      ],
      stop: () => ceph.stop(),
    };
  },
};
