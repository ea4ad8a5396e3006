// libiscsi's driver, on a target whose LUNs are files. A LUN is as large as it is: one for each image, filled by its file.

import { readFileSync, writeFileSync } from 'node:fs';
import { pretend } from '@dlshim/runtime/testing';
import { libiscsi } from '@dlshim/shims/libiscsi';
import { start } from '../tgt.mjs';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  driver: 'iscsi',
  needs: ['tgt'],
  library: {
    name: 'libiscsi',
    file: 'libiscsi.so',
    required: true,
    pretendAbsent: () => pretend(libiscsi, { absent: true }),
    pretendOld: () => pretend(libiscsi, { without: ['iscsi_read16_task'] }),
    masked: [
      {
        feature: 'writesame16',
        pretend: () => pretend(libiscsi, { without: ['iscsi_writesame16_task'] }),
        lacks: 'write_zeroes',
      },
    ],
  },
  can: { write: true, resize: false, create: false, snapshots: false },
  alignment: 512,
  async start() {
    const tgt = await start();
    const luns = new Map<string, number>();
    const address = (name: string) => `iscsi://${tgt.portal}/${tgt.open.iqn}/${luns.get(name) ?? 99}`;
    const file = (name: string) => `${tgt.folder}/${name}.lun`;
    return {
      address,
      async put(name, content) {
        if (!luns.has(name)) {
          const lun = luns.size + 2;
          writeFileSync(file(name), content);
          await tgt.tgtadm(`--op new --mode logicalunit --tid 1 --lun ${lun} -b ${file(name)} --blocksize 512`);
          await tgt.tgtadm(`--op update --mode logicalunit --tid 1 --lun ${lun} --params thin_provisioning=1`);
          luns.set(name, lun);
        }
        return address(name);
      },
      get: async (name) => readFileSync(file(name)),
      qemu: (name) => ({ address: address(name), format: 'raw' }),
      refused: [
        { what: 'no such target', address: tgt.open.url.replace(':open/', ':nothing/'), code: 'ENOENT' },
        { what: 'no such LUN', address: tgt.open.url.replace(/1$/, '77'), code: 'ENXIO' },
        { what: 'nobody listens', address: 'iscsi://127.0.0.1:1/iqn.x:y/1', code: 'ECONNREFUSED' },
        {
          what: 'no password',
          address: tgt.chap.url.replace(`${tgt.chap.user}%${tgt.chap.password}@`, ''),
          code: 'EACCES',
        },
      ],
      stop: () => tgt.stop(),
    };
  },
};
