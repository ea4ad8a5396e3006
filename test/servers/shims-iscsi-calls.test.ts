// The kinds of pointer parameters of libiscsi, on a real target: what is read at once, what is read after the call has returned, and what is
// filled. It shows that the directions of headers/libiscsi are what the library does.

import { setTimeout as sleep } from 'node:timers/promises';
import { allocate, bytesAt, bytesOf, free, type Pointer } from '@dlshim/runtime';
import * as api from '@dlshim/shims/libiscsi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named } from '../needs.ts';
import { bytes, same } from './content.ts';
import { noServer } from './servers.mjs';
import { start, type Tgt } from './tgt.mjs';

const noTgt = noServer('tgt');
const BLOCK = 512;

/** What came with 1.10 and 1.18. */
const NEEDED = [
  'scsi_create_task',
  'scsi_get_uint16',
  'scsi_get_uint32',
  'scsi_get_uint64',
  'scsi_parse_sense_data',
  'scsi_set_uint16',
  'scsi_set_uint32',
  'scsi_set_uint64',
  'iscsi_read10_iov_sync',
] as const;

describe.skipIf(noTgt)(named('libiscsi on a target', noTgt), () => {
  let tgt: Tgt;
  let iscsi: Pointer<api.iscsi_context>;
  let lun: number;
  const opened = noTgt ? undefined : api.libiscsi.open({ require: [...NEEDED] });
  const fn = opened?.fn as NonNullable<typeof opened>['fn'];

  beforeAll(async () => {
    tgt = await start({ size: 1 << 20 });
    iscsi = fn.iscsi_create_context('iqn.2026-11.io.dlshim:calls')!;
    const parsed = fn.iscsi_parse_full_url(iscsi, tgt.open.url)!;
    const url = api.iscsi_url.read(parsed);
    fn.iscsi_destroy_url(parsed);
    fn.iscsi_set_targetname(iscsi, url.target);
    fn.iscsi_set_session_type(iscsi, api.ISCSI_SESSION_NORMAL);
    lun = url.lun;
    expect(fn.iscsi_full_connect_sync(iscsi, url.portal, lun)).toBe(0);
  });
  afterAll(async () => {
    if (!tgt) return;
    fn.iscsi_logout_sync(iscsi);
    fn.iscsi_destroy_context(iscsi);
    await tgt.stop();
  });

  /** What a finished task has read; frees it. */
  function finished(task: Pointer<api.scsi_task> | null): Uint8Array {
    const { status, datain } = api.scsi_task.at(task);
    expect(status).toBe(api.SCSI_STATUS_GOOD);
    const data = datain.data === null ? new Uint8Array() : bytesAt(datain.data, datain.size).slice();
    fn.scsi_free_scsi_task(task);
    return data;
  }

  const read = (lba: number, blocks: number): Uint8Array =>
    finished(fn.iscsi_read10_sync(iscsi, lun, lba, blocks * BLOCK, BLOCK, 0, 0, 0, 0, 0));

  /** Serves the connection until `isDone` says so. */
  async function serve(isDone: () => boolean): Promise<void> {
    for (let turn = 0; turn < 500 && !isDone(); turn++) {
      expect(fn.iscsi_service(iscsi, fn.iscsi_which_events(iscsi))).toBe(0);
      await sleep(2);
    }
    expect(isDone()).toBe(true);
  }

  test('numbers in messages are read from and written to as many bytes as they have', () => {
    const memory = new Uint8Array(10).fill(0xff);
    fn.scsi_set_uint64(memory.subarray(0, 8), 0x0102030405060708n);
    expect([...memory]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 0xff, 0xff]);
    expect(fn.scsi_get_uint64(memory)).toBe(0x0102030405060708n);
    fn.scsi_set_uint32(memory, 7);
    fn.scsi_set_uint16(memory.subarray(4), 9);
    expect([fn.scsi_get_uint32(memory), fn.scsi_get_uint16(memory.subarray(4, 6))]).toEqual([7, 9]);
  });

  test('a command block is copied, and sense data are parsed into a record', () => {
    const block = Uint8Array.of(0x28, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    const task = fn.scsi_create_task(10, block, api.SCSI_XFER_READ, BLOCK)!;
    block.fill(0);
    expect([...api.scsi_task.at(task).cdb].slice(0, 10)).toEqual([0x28, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    fn.scsi_free_scsi_task(task);
    const data = new Uint8Array(32);
    [data[0], data[2], data[12], data[13]] = [0x70, 5, 0x24, 0];
    const sense = api.scsi_sense.alloc();
    fn.scsi_parse_sense_data(bytesOf(sense), data);
    expect([sense.key, sense.ascq]).toEqual([api.SCSI_SENSE_ILLEGAL_REQUEST, 0x2400]);
  });

  test('bytes that are sent synchronously are the ones at the time of the call', () => {
    const content = bytes(8 * BLOCK);
    finished(fn.iscsi_write10_sync(iscsi, lun, 0, content, content.length, BLOCK, 0, 0, 0, 0, 0));
    const expected = content.slice();
    content.fill(0);
    expect(same(read(0, 8), expected)).toBe(true);
  });

  test('bytes of a task are read when the connection is served: they have to stay', async () => {
    const content = new Uint8Array(BLOCK).fill(1);
    let done = false;
    const complete = opened!.callback('iscsi_write10_task', 11, (_iscsi, status, task) => {
      expect([status, task]).toEqual([api.SCSI_STATUS_GOOD, sent]);
      done = true;
    });
    const sent = fn.iscsi_write10_task(iscsi, lun, 20, content, BLOCK, BLOCK, 0, 0, 0, 0, 0, complete, null);
    content.fill(2); // after the call has returned
    await serve(() => done);
    fn.scsi_free_scsi_task(sent);
    opened!.release(complete);
    expect([...new Set(read(20, 1))]).toEqual([2]);
  });

  test('bytes of a ping are copied, and come back through the pointer that the callback was promised', async () => {
    const ping = new TextEncoder().encode('ping');
    const mine = allocate(1);
    let answer: Uint8Array | undefined;
    const pong = opened!.callback('iscsi_nop_out_async', 1, (_iscsi, status, data, given) => {
      expect([status, given]).toEqual([api.SCSI_STATUS_GOOD, mine]);
      const { data: at, size } = api.iscsi_data.at(data as Pointer<api.iscsi_data>);
      answer = bytesAt(at, Number(size)).slice();
    });
    expect(fn.iscsi_nop_out_async(iscsi, pong, ping, ping.length, mine)).toBe(0);
    ping.fill(0);
    await serve(() => answer !== undefined);
    expect(new TextDecoder().decode(answer!.subarray(0, 4))).toBe('ping');
    opened!.release(pong);
    free(mine);
  });

  test('a task is filled where its buffers are', async () => {
    const content = bytes(2 * BLOCK, 5);
    finished(fn.iscsi_write10_sync(iscsi, lun, 30, content, content.length, BLOCK, 0, 0, 0, 0, 0));
    const memory = allocate(2 * BLOCK);
    const iov = api.scsi_iovec.alloc();
    [iov.iov_base, iov.iov_len] = [memory, 2 * BLOCK];
    const task = fn.iscsi_read10_iov_sync(iscsi, lun, 30, 2 * BLOCK, BLOCK, 0, 0, 0, 0, 0, bytesOf(iov), 1);
    expect(api.scsi_task.at(task).status).toBe(api.SCSI_STATUS_GOOD);
    fn.scsi_free_scsi_task(task);
    expect(same(bytesAt(memory, 2 * BLOCK), content)).toBe(true);
    free(memory);

    const [first, second] = [new Uint8Array(BLOCK), new Uint8Array(BLOCK)];
    let done = false;
    const complete = opened!.callback('iscsi_read10_task', 10, () => {
      done = true;
    });
    const reading = fn.iscsi_read10_task(iscsi, lun, 30, 2 * BLOCK, BLOCK, 0, 0, 0, 0, 0, complete, null);
    expect(fn.scsi_task_add_data_in_buffer(reading, BLOCK, first)).toBe(0);
    expect(fn.scsi_task_add_data_in_buffer(reading, BLOCK, second)).toBe(0);
    await serve(() => done);
    fn.scsi_free_scsi_task(reading);
    opened!.release(complete);
    expect(same(first, content.subarray(0, BLOCK)) && same(second, content.subarray(BLOCK))).toBe(true);
  });
});
