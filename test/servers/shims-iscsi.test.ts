// libiscsi through its shim, on a real target: login with and without CHAP, blocks written and read; the file behind the LUN and
// qemu-img(1) hold the same bytes.

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bytesAt, type Pointer } from '@dlshim/runtime';
import {
  ISCSI_SESSION_NORMAL,
  type iscsi_context,
  iscsi_url,
  libiscsi,
  SCSI_STATUS_GOOD,
  scsi_readcapacity16,
  scsi_task,
} from '@dlshim/shims/libiscsi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named } from '../needs.ts';
import { bytes, same } from './content.ts';
import { noServer } from './servers.mjs';
import { start, type Tgt } from './tgt.mjs';

const noTgt = noServer('tgt');

describe.skipIf(noTgt)(named('libiscsi on a target', noTgt), () => {
  let tgt: Tgt;

  beforeAll(async () => {
    tgt = await start({ size: 1 << 20 });
  });
  afterAll(() => tgt?.stop());

  /** Logs in to a URL. Gives the context and the LUN, or the library's words. */
  function login(url: string): { iscsi: Pointer<iscsi_context>; lun: number } | { error: string } {
    const { fn } = libiscsi.open();
    const iscsi = fn.iscsi_create_context('iqn.2026-11.io.dlshim:test')!;
    const parsed = fn.iscsi_parse_full_url(iscsi, url)!;
    const { portal, target, lun, user, passwd } = iscsi_url.read(parsed);
    expect(fn.iscsi_set_targetname(iscsi, target)).toBe(0);
    expect(fn.iscsi_set_session_type(iscsi, ISCSI_SESSION_NORMAL)).toBe(0);
    if (user) expect(fn.iscsi_set_initiator_username_pwd(iscsi, user, passwd)).toBe(0);
    fn.iscsi_destroy_url(parsed);
    if (fn.iscsi_full_connect_sync(iscsi, portal, lun) === 0) return { iscsi, lun };
    const error = fn.iscsi_get_error(iscsi)!;
    fn.iscsi_destroy_context(iscsi);
    return { error };
  }

  for (const name of ['open', 'chap'] as const) {
    test(`writes blocks of the target '${name}' and reads them back`, () => {
      const { fn } = libiscsi.open();
      const { file, url } = tgt[name];
      const session = login(url);
      if ('error' in session) throw new Error(session.error);
      const { iscsi, lun } = session;
      const content = bytes(64 * 512);
      const done = (task: Pointer<scsi_task> | null): scsi_task => {
        expect(task && scsi_task.at(task).status).toBe(SCSI_STATUS_GOOD);
        return scsi_task.at(task);
      };

      const capacity = fn.iscsi_readcapacity16_sync(iscsi, lun);
      done(capacity);
      const { returned_lba, block_length, lbpme } = scsi_readcapacity16.read(
        fn.scsi_datain_unmarshall(capacity) as Pointer<scsi_readcapacity16>,
      );
      expect({ returned_lba, block_length, lbpme }).toEqual({ returned_lba: 2047, block_length: 512, lbpme: 1 });
      fn.scsi_free_scsi_task(capacity);

      const written = fn.iscsi_write10_sync(iscsi, lun, 100, content, content.length, 512, 0, 0, 0, 0, 0);
      done(written);
      fn.scsi_free_scsi_task(written);
      const read = fn.iscsi_read10_sync(iscsi, lun, 100, content.length, 512, 0, 0, 0, 0, 0);
      const { size, data } = done(read).datain;
      expect(same(bytesAt(data, size), content)).toBe(true);
      fn.scsi_free_scsi_task(read);
      expect(fn.iscsi_logout_sync(iscsi)).toBe(0);
      expect(fn.iscsi_destroy_context(iscsi)).toBe(0);

      const disk = new Uint8Array(1 << 20);
      disk.set(content, 100 * 512);
      expect(same(readFileSync(file), disk)).toBe(true);
      const copy = join(tgt.folder, 'copy.raw');
      execFileSync('qemu-img', ['convert', '-O', 'raw', url, copy]);
      expect(same(readFileSync(copy), disk)).toBe(true);
      rmSync(copy);
    });
  }

  test('says that the password is wrong', () => {
    expect(login(tgt.chap.url.replace(tgt.chap.password, 'not-the-secret'))).toMatchObject({
      error: expect.stringMatching(/auth/i),
    });
  });
});
