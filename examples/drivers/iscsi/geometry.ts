// A session with a LUN in, what the LUN is and can out: READ CAPACITY(16), MODE SENSE(6), INQUIRY and its pages. Follows SBC-3 5.16,
// 6.5.3 (block limits) and 6.5.4 (logical block provisioning), SPC-4 6.4 and 6.11.

import { bytesAt, type Pointer } from '@dlshim/runtime';
import {
  type libiscsi,
  SCSI_INQUIRY_PAGECODE_BLOCK_LIMITS,
  SCSI_INQUIRY_PAGECODE_LOGICAL_BLOCK_PROVISIONING,
  SCSI_INQUIRY_PAGECODE_SUPPORTED_VPD_PAGES,
  SCSI_SENSE_UNIT_ATTENTION,
  scsi_readcapacity16,
  scsi_task,
} from '@dlshim/shims/libiscsi';
import type { IscsiSession, ScsiError, StartCommand } from '@dlshim/shims/libiscsi-events';
import { refusal } from '../block.ts';

type Libiscsi = ReturnType<typeof libiscsi.open>;

export interface Geometry {
  readonly blocks: number;
  /** In bytes. */
  readonly blockLength: number;
  readonly writeProtected: boolean;
  /** Vendor, product and revision. */
  readonly product: string;
  /** Blocks are allocated when they are written. */
  readonly thin: boolean;
  /** UNMAP is there. */
  readonly unmap: boolean;
  /** WRITE SAME(16) may unmap, and blocks that are not mapped read as zeroes. */
  readonly unmapReadsZero: boolean;
  /** WRITE SAME(16) may be there: only trying it tells. */
  readonly writeSame: boolean;
  /** The most blocks of one READ or WRITE, UNMAP, WRITE SAME. */
  readonly mostTransferred: number;
  readonly mostUnmapped: number;
  readonly mostSame: number;
}

/** Where a LUN names no limit: one that every implementation has room for. */
const NO_LIMIT = 0xffff;
const ALL_PAGES = 0x3f;

export async function geometryOf(iscsi: Libiscsi, session: IscsiSession, lun: number): Promise<Geometry> {
  const { fn } = iscsi;
  /** The data that came in, copied; empty where the LUN does not know the command. */
  const ask = (syscall: string, start: StartCommand) => answerOf(session, syscall, start);
  const inquire = (page?: number) =>
    ask('iscsi_inquiry_task', (context, callback, id) =>
      fn.iscsi_inquiry_task(context, lun, page === undefined ? 0 : 1, page ?? 0, 255, callback, id),
    );

  const capacity = await session.command(
    'iscsi_readcapacity16_task',
    undefined,
    (context, callback, id) => fn.iscsi_readcapacity16_task(context, lun, callback, id),
    (task) => {
      const unmarshalled = fn.scsi_datain_unmarshall(task) as Pointer<scsi_readcapacity16> | null;
      if (!unmarshalled) throw refusal('EIO', 'READ CAPACITY(16): an answer that is none');
      return scsi_readcapacity16.read(unmarshalled);
    },
  );
  const identity = await inquire();
  const mode = await ask('iscsi_modesense6_task', (context, callback, id) =>
    fn.iscsi_modesense6_task(context, lun, 1, 0, ALL_PAGES, 0, 255, callback, id),
  );
  const pages = [...(await inquire(SCSI_INQUIRY_PAGECODE_SUPPORTED_VPD_PAGES)).subarray(4)];
  const page = async (code: number) => (pages.includes(code) ? await inquire(code) : new Uint8Array());
  const limits = dataView(await page(SCSI_INQUIRY_PAGECODE_BLOCK_LIMITS), 64);
  const provisioning = dataView(await page(SCSI_INQUIRY_PAGECODE_LOGICAL_BLOCK_PROVISIONING), 8);

  const thin = capacity.lbpme !== 0;
  const bits = provisioning.getUint8(5);
  const most = (value: number) => (value > 0 ? Math.min(value, NO_LIMIT) : NO_LIMIT);
  return {
    blocks: Number(capacity.returned_lba) + 1,
    blockLength: capacity.block_length,
    writeProtected: ((mode[2] ?? 0) & 0x80) !== 0,
    product: new TextDecoder('latin1').decode(identity.subarray(8, 36)).replace(/\s+/g, ' ').trim(),
    thin,
    unmap: thin && (bits & 0x80) !== 0, // LBPU
    unmapReadsZero: thin && (bits & 0x40) !== 0 && capacity.lbprz !== 0, // LBPWS
    writeSame: true,
    mostTransferred: most(limits.getUint32(8)),
    mostUnmapped: limits.getUint32(20) > 0 ? limits.getUint32(20) : NO_LIMIT,
    mostSame: most(Number(limits.getBigUint64(36))),
  };
}

async function answerOf(session: IscsiSession, syscall: string, start: StartCommand): Promise<Uint8Array> {
  try {
    return await session.command(syscall, undefined, start, dataOf);
  } catch (error) {
    const { sense } = error as ScsiError;
    if (sense === undefined || sense.key === SCSI_SENSE_UNIT_ATTENTION) throw error;
    return new Uint8Array();
  }
}

function dataOf(task: Pointer<scsi_task>): Uint8Array {
  const { size, data } = scsi_task.at(task).datain;
  return data === null ? new Uint8Array() : bytesAt(data, size).slice();
}

/** At least so long, with zeroes where the answer ends. */
function dataView(bytes: Uint8Array, length: number): DataView {
  const long = new Uint8Array(Math.max(length, bytes.length));
  long.set(bytes);
  return new DataView(long.buffer);
}

/** Throws EIO where the LUN has sent less than was asked for. */
export function checkTransferred(task: Pointer<scsi_task>, name: string, offset: number): void {
  const { residual } = scsi_task.at(task);
  if (residual !== 0) throw refusal('EIO', `${name}: ${residual} bytes at ${offset} are missing`);
}
