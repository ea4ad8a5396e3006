// An `iscsi:` URL in, its LUN as a block device out, on libiscsi and the event loop. Follows SBC-3 (READ, WRITE, WRITE SAME, UNMAP,
// SYNCHRONIZE CACHE), SPC-4 (INQUIRY, MODE SENSE) and <iscsi/iscsi.h>. What the LUN lacks is done by other means.

import { lookup } from 'node:dns/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesOf, type Pointer } from '@dlshim/runtime';
import { defineDriver } from '@dlshim/runtime/drivers';
import { iscsi_url, libiscsi, SCSI_SENSE_UNIT_ATTENTION, type scsi_task, unmap_list } from '@dlshim/shims/libiscsi';
import { IscsiSession, type ScsiError, type StartCommand } from '@dlshim/shims/libiscsi-events';
import {
  type BlockDriver,
  type BlockHost,
  type BlockInfo,
  checkRange,
  type OpenOptions,
  refusal,
  TIMEOUT,
} from '../block.ts';
import { about, naming } from '../shared/about.ts';
import { checkUnused, use } from '../shared/in-use.ts';
import { checkTransferred, type Geometry, geometryOf } from './geometry.ts';

type Libiscsi = ReturnType<typeof libiscsi.open>;

/** What one command transfers at most, in bytes, where the LUN does not say less. */
const TRANSFER = 512 << 10;
/** How often a command is repeated that the LUN was not ready for, and after how long, in milliseconds. */
const RETRIES = 20;
const PAUSE = 100;

export default defineDriver(
  {
    name: 'iscsi',
    description: 'LUNs of iSCSI targets: iscsi://[USER%PASSWORD@]HOST[:PORT]/TARGET/LUN',
    protocols: ['iscsi'],
    shims: { libiscsi: { uses: ['writesame16'] } },
    host: '1.0.0',
  },
  {
    shims: { libiscsi },
    load: (_host: BlockHost, { libiscsi: iscsi }) => ({
      open: (address: string, request: OpenOptions) => openIscsi(iscsi, address, request),
    }),
  },
);

/** Opens a LUN: `iscsi://[user%password@]host[:port]/target/lun`, as libiscsi reads it. Rejects with a TypeError for another URL,
 *  EACCES where CHAP fails, the socket's errors, ETIMEDOUT, EBUSY for what is made and in use, and the shim's own errors where libiscsi is absent. */
async function openIscsi(iscsi: Libiscsi, url: string, options: OpenOptions): Promise<BlockDriver> {
  const { portal, target, lun, ...chap } = parseUrl(iscsi, url);
  const identity = `iscsi://${await addressOf(portal)}/${target}/${lun}`;
  const name = `iscsi://${portal}/${target}/${lun}`;
  const timeout = options.timeout ?? TIMEOUT;
  const connect = () => IscsiSession.connect(iscsi, { initiator: initiator(), portal, target, lun, ...chap, timeout });
  const session = await connect().catch(naming(name));
  try {
    const geometry = await geometryOf(iscsi, session, lun);
    const readOnly = options.readOnly === true || geometry.writeProtected;
    const size = geometry.blocks * geometry.blockLength;
    if (options.create !== undefined && size < options.create)
      throw refusal('ENOSPC', `${name} has ${size} bytes where ${options.create} are needed`);
    if (options.create !== undefined) checkUnused(name, identity);
    return new IscsiDriver({ iscsi, session, connect, lun, name, identity, geometry, readOnly });
  } catch (error) {
    await session.close();
    throw about(name, error);
  }
}

interface Parts {
  readonly iscsi: Libiscsi;
  readonly session: IscsiSession;
  /** Makes another session like it. */
  readonly connect: () => Promise<IscsiSession>;
  readonly lun: number;
  readonly name: string;
  readonly identity: string;
  readonly geometry: Geometry;
  readonly readOnly: boolean;
}

function parseUrl(iscsi: Libiscsi, text: string) {
  const { fn } = iscsi;
  const context = fn.iscsi_create_context(initiator());
  if (!context) throw refusal('ENOMEM', 'iscsi_create_context: out of memory');
  try {
    const pointer = fn.iscsi_parse_full_url(context, text);
    if (!pointer) throw new TypeError(fn.iscsi_get_error(context)?.trim() ?? `${text}: not an iscsi: URL`);
    const { portal, target, lun, user, passwd, target_user, target_passwd } = iscsi_url.read(pointer);
    fn.iscsi_destroy_url(pointer);
    return { portal, target, lun, user, password: passwd, targetUser: target_user, targetPassword: target_passwd };
  } finally {
    fn.iscsi_destroy_context(context);
  }
}

/** `host[:port]` with an address and a port, however they were spelled. A name that nobody knows stays: connecting will say so. */
async function addressOf(portal: string): Promise<string> {
  const [, host = portal, port = '3260'] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(portal) ?? [];
  const plain = host.replace(/^\[(.*)\]$/, '$1');
  const { address } = await lookup(plain).catch(() => ({ address: plain.toLowerCase() }));
  return `[${address}]:${Number(port)}`;
}

/** The name that this machine logs in by. */
function initiator(): string {
  return `iqn.2026-11.io.dlshim:${hostname()
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, '-')}`;
}

class IscsiDriver implements BlockDriver {
  readonly name: string;
  readonly size: number;
  readonly alignment: number;
  readonly blank = false;
  readonly #release: () => void;
  readonly #iscsi: Libiscsi;
  readonly #lun: number;
  readonly #geometry: Geometry;
  readonly #readOnly: boolean;
  readonly #zeroes: Uint8Array;
  readonly #connect: () => Promise<IscsiSession>;
  #session: IscsiSession;
  #reconnecting: Promise<IscsiSession> | undefined;
  #hasWriteSame: boolean;
  #under = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor({ iscsi, session, connect, lun, name, identity, geometry, readOnly }: Parts) {
    this.#iscsi = iscsi;
    this.#session = session;
    this.#connect = connect;
    this.#lun = lun;
    this.#geometry = geometry;
    this.#readOnly = readOnly;
    // Version 1.9 gave it a parameter more; of older ones zeroes are written.
    this.#hasWriteSame = geometry.writeSame && iscsi.has('writesame16', false);
    this.#zeroes = new Uint8Array(geometry.blockLength);
    this.name = name;
    this.#release = use(identity);
    this.alignment = geometry.blockLength;
    this.size = geometry.blocks * geometry.blockLength;
  }

  async read<B extends Uint8Array>(offset: number, target: B | number): Promise<B> {
    const buffer = typeof target === 'number' ? (Buffer.allocUnsafe(target) as Uint8Array as B) : target;
    checkRange(this, offset, buffer.length);
    await this.#pieces(offset, buffer.length, this.#longest, (at, from, length) =>
      this.#readPiece(at, buffer.subarray(from, from + length)),
    );
    return buffer;
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    this.#checkWritable();
    checkRange(this, offset, data.length);
    await this.#pieces(offset, data.length, this.#longest, (at, from, length) =>
      this.#writePiece(at, data.subarray(from, from + length)),
    );
  }

  async flush(): Promise<void> {
    const { fn } = this.#iscsi;
    const sync: StartCommand = (context, callback, id) =>
      fn.iscsi_synchronizecache16_task(context, this.#lun, 0, 0, 0, 0, callback, id);
    await this.#track(async () => {
      try {
        await this.#command('iscsi_synchronizecache16_task', undefined, sync);
      } catch (error) {
        if (!isUnsupported(error)) throw error; // A LUN without a cache.
      }
    });
  }

  async discard(offset: number, length: number): Promise<void> {
    this.#checkWritable();
    checkRange(this, offset, length);
    const { unmap, mostUnmapped, blockLength } = this.#geometry;
    if (!unmap) return; // A thick LUN: there is nothing to give back.
    await this.#pieces(offset, length, mostUnmapped * blockLength, (at, _from, piece) => {
      const { fn } = this.#iscsi;
      const range = unmap_list.alloc();
      range.lba = at / blockLength;
      range.num = piece / blockLength;
      const list = bytesOf(range);
      return this.#command('iscsi_unmap_task', list, (context, callback, id) =>
        fn.iscsi_unmap_task(context, this.#lun, 0, 0, list, 1, callback, id),
      );
    });
  }

  async writeZeroes(offset: number, length: number): Promise<void> {
    this.#checkWritable();
    checkRange(this, offset, length);
    const { blockLength, mostSame } = this.#geometry;
    if (this.#hasWriteSame) {
      try {
        await this.#pieces(offset, length, mostSame * blockLength, (at, _from, piece) => this.#samePiece(at, piece));
        return;
      } catch (error) {
        if (!isUnsupported(error)) throw error;
        this.#hasWriteSame = false;
      }
    }
    const zeroes = new Uint8Array(Math.min(length, this.#longest));
    await this.#pieces(offset, length, this.#longest, (at, _from, piece) =>
      this.#writePiece(at, zeroes.subarray(0, piece)),
    );
  }

  async info(): Promise<BlockInfo> {
    const { thin, unmap, product, writeProtected } = this.#geometry;
    const offers = [unmap ? 'discard' : '', this.#hasWriteSame ? 'write_zeroes' : ''].filter(Boolean);
    return {
      driver: 'iscsi',
      name: this.name,
      size: this.size,
      alignment: this.alignment,
      readOnly: writeProtected,
      features: writeProtected ? [] : offers,
      details: { library: 'libiscsi', product, thin },
    };
  }

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#under)
      .then(() => this.#session.close())
      .finally(this.#release);
    return this.#closing;
  }

  get #longest(): number {
    const { blockLength, mostTransferred } = this.#geometry;
    return Math.min(TRANSFER, mostTransferred * blockLength);
  }

  #checkWritable(): void {
    if (this.#readOnly) throw refusal('EROFS', `${this.name} is open for reading alone`);
  }

  #readPiece(offset: number, buffer: Uint8Array): Promise<void> {
    const { fn } = this.#iscsi;
    const { blockLength } = this.#geometry;
    const start: StartCommand = (context, callback, id) => {
      const lba = offset / blockLength;
      const size = buffer.length;
      const task = fn.iscsi_read16_task(context, this.#lun, lba, size, blockLength, 0, 0, 0, 0, 0, callback, id);
      // The answer comes in a later turn of the event loop: straight into this memory.
      if (task) fn.scsi_task_add_data_in_buffer(task, size, buffer);
      return task;
    };
    return this.#command('iscsi_read16_task', buffer, start, (task) => checkTransferred(task, this.name, offset));
  }

  #writePiece(offset: number, data: Uint8Array): Promise<void> {
    const { fn } = this.#iscsi;
    const { blockLength } = this.#geometry;
    const lba = offset / blockLength;
    const { length } = data;
    return this.#command('iscsi_write16_task', data, (context, callback, id) =>
      fn.iscsi_write16_task(context, this.#lun, lba, data, length, blockLength, 0, 0, 0, 0, 0, callback, id),
    );
  }

  /** WRITE SAME of a block of zeroes; a thin LUN whose free blocks read as zeroes may give the blocks back. */
  #samePiece(offset: number, length: number): Promise<void> {
    const iscsi = this.#iscsi;
    if (!iscsi.has('writesame16', false))
      throw refusal('ENOTSUP', `${this.name}: this libiscsi has no WRITE SAME (16)`);
    const { fn } = iscsi;
    const { blockLength, unmapReadsZero } = this.#geometry;
    const [lba, blocks, unmap] = [offset / blockLength, length / blockLength, unmapReadsZero ? 1 : 0];
    const zero = this.#zeroes;
    return this.#command('iscsi_writesame16_task', zero, (context, callback, id) =>
      fn.iscsi_writesame16_task(context, this.#lun, lba, zero, blockLength, blocks, 0, unmap, 0, 0, callback, id),
    );
  }

  /** A new session, where the last has ended: a target that was away may be back. Whoever comes first connects, for all. */
  #reconnect(): Promise<IscsiSession> {
    this.#reconnecting ??= this.#connect()
      .then((session) => {
        this.#session = session;
        return session;
      })
      .finally(() => {
        this.#reconnecting = undefined;
      });
    return this.#reconnecting;
  }

  /** Repeats what the LUN was not ready for: after a reset, a reconnect, or while it is busy. */
  async #command(
    syscall: string,
    memory: Uint8Array | undefined,
    start: StartCommand,
    take: (task: Pointer<scsi_task>) => void = () => {},
  ): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        const session = this.#session.ended ? await this.#reconnect() : this.#session;
        return await session.command(syscall, memory, start, take);
      } catch (error) {
        const { sense, code, status } = error as ScsiError;
        const attention = sense?.key === SCSI_SENSE_UNIT_ATTENTION;
        if (attempt === RETRIES || status === undefined || !(attention || code === 'EBUSY')) throw error;
        if (!attention) await sleep(PAUSE);
      }
    }
  }

  /** Runs `step` for the pieces of a range, all at once; rejects with the first error when all of them have ended, so that nobody
   *  writes to the caller's memory any more. */
  async #pieces(
    offset: number,
    length: number,
    longest: number,
    step: (at: number, from: number, length: number) => Promise<void>,
  ): Promise<void> {
    await this.#track(async () => {
      const steps: Promise<void>[] = [];
      for (let from = 0; from < length; from += longest)
        steps.push(step(offset + from, from, Math.min(longest, length - from)));
      if (steps.length === 1) await steps[0];
      else firstError(await Promise.allSettled(steps));
    });
  }

  /** What `close` waits for. */
  async #track(work: () => Promise<void>): Promise<void> {
    if (this.#closing) throw refusal('ESHUTDOWN', `${this.name} is closed`);
    const running = work();
    this.#under.add(running);
    try {
      await running;
    } finally {
      this.#under.delete(running);
    }
  }
}

function firstError(results: readonly PromiseSettledResult<void>[]): void {
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

function isUnsupported(error: unknown): boolean {
  const { code, sense } = error as ScsiError;
  return sense !== undefined && (code === 'ENOTSUP' || code === 'EINVAL');
}
