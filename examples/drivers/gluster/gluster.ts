// A `gluster:` URL in, its file as a block device out, on libgfapi and threads of its own. Follows <glusterfs/api/glfs.h>. What the
// installed library, or the volume, lacks is done by other means.

import { constants } from 'node:fs';
import type { Pointer } from '@dlshim/runtime';
import { defineDriver, type OptionValues } from '@dlshim/runtime/drivers';
import { type glfs_fd, libgfapi, stat } from '@dlshim/shims/libgfapi';
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
import { inPieces } from '../shared/pieces.ts';
import type { Argument } from './thread.ts';
import { callGluster, type GlusterCall, TRANSFER, untilReturned } from './threads.ts';
import { parseGlusterUrl } from './url.ts';
import { useVolume, type Volume } from './volume.ts';

type Libgfapi = ReturnType<typeof libgfapi.open>;
type File = Pointer<glfs_fd>;

/** How many calls one operation has under way. */
const PARALLEL = 4;
/** Longest range of one call that carries no data, in bytes: a server does it while others wait. */
const LONGEST = 64 << 20;

const OPTIONS = {
  logfile: { type: 'string', description: "where libgfapi's log goes, '-' for the standard error output (nowhere)" },
  debug: { type: 'integer', minimum: 0, maximum: 9, description: 'how much it says there (4)' },
} as const;

export default defineDriver(
  {
    name: 'gluster',
    description: 'files in Gluster volumes: gluster[+tcp|+unix]://[HOST[:PORT]]/VOLUME/PATH[?socket=FILE]',
    protocols: ['gluster', 'gluster+tcp', 'gluster+unix', 'gluster+rdma'],
    shims: {
      libgfapi: { uses: ['zerofill', 'discard', 'ftruncate_stat', 'iocb_stat'] },
    },
    host: '1.0.0',
    options: OPTIONS,
  },
  {
    shims: { libgfapi },
    load: (_host: BlockHost, { libgfapi: gfapi }) => ({
      open: (address: string, request: OpenOptions, options: OptionValues<typeof OPTIONS>) =>
        openGluster(gfapi, address, request, options),
    }),
  },
);

/** Opens a file. With `create` it is made anew, sparse. Rejects with a TypeError for what is no URL, ENOTSUP for RDMA, the errors of libgfapi
 *  (ENOTCONN, ENOENT, EACCES), ETIMEDOUT, EISDIR, and EBUSY for what is made and in use. */
async function openGluster(
  gfapi: Libgfapi,
  name: string,
  request: OpenOptions,
  options: OptionValues<typeof OPTIONS>,
): Promise<BlockDriver> {
  const url = parseGlusterUrl(name);
  const place = { ...url, logfile: options.logfile ?? url.logfile, debug: options.debug ?? url.debug };
  const timeout = request.timeout ?? TIMEOUT;
  const readOnly = request.readOnly === true;
  const { create } = readOnly ? {} : request;
  const volume = await useVolume(place, timeout).catch(naming(name));
  let file: File | undefined;
  try {
    // The number is 64 bits of the file's UUID: by whatever host or transport, it is the same file.
    const identity = ({ inode }: Status) => `gluster:${place.volume}/${inode}`;
    if (create !== undefined) {
      const old = await statusOf('glfs_stat', [volume.fs, place.path], timeout).catch(absent);
      if (old) checkUnused(name, identity(old));
    }
    file = await openFile(volume, place.path, readOnly, create !== undefined, timeout);
    const status = await statusOf('glfs_fstat', [file], timeout);
    if (status.isFolder) throw refusal('EISDIR', `${name} is a folder`);
    const calls = callsOf(gfapi);
    if (create !== undefined) {
      checkUnused(name, identity(status)); // A link may have been changed: it is not truncated before this.
      for (const size of [0, create]) await callGluster(plain(calls.truncate(file, size)), timeout);
    }
    const parts = { gfapi, calls, volume, file, name, identity: identity(status), readOnly, timeout };
    return new GlusterDriver({ ...parts, size: create ?? status.size, made: create !== undefined });
  } catch (error) {
    if (file === undefined) volume.release();
    else await closeFile(file, volume, timeout);
    throw about(name, error);
  }
}

interface Status {
  readonly size: number;
  readonly allocated: number;
  readonly inode: bigint;
  readonly isFolder: boolean;
}

function statusOf(syscall: 'glfs_stat' | 'glfs_fstat', args: readonly Argument[], timeout: number): Promise<Status> {
  const length = stat.bytes(1).length;
  return callGluster(
    {
      syscall,
      args: (memory) => [...args, memory],
      after: (_result, memory) => {
        const { st_size, st_blocks, st_ino, st_mode } = stat.from(memory.slice(0, length));
        const isFolder = (st_mode & constants.S_IFMT) === constants.S_IFDIR;
        return { size: Number(st_size), allocated: Number(st_blocks) * 512, inode: BigInt(st_ino), isFolder };
      },
    },
    timeout,
  );
}

async function openFile(
  { fs }: Volume,
  path: string,
  readOnly: boolean,
  make: boolean,
  timeout: number,
): Promise<File> {
  const flags = readOnly ? constants.O_RDONLY : constants.O_RDWR;
  const call = make ? plain(['glfs_creat', fs, path, flags, 0o644]) : plain(['glfs_open', fs, path, flags]);
  const late = (result: number | bigint) => {
    void callGluster(plain(['glfs_close', result]), 0).catch(() => {});
  };
  return (await callGluster({ ...call, late }, timeout)) as File;
}

/** A thread that still is in a call on the file, which took too long, would use what glfs_close frees: it is closed behind that, and nobody waits. */
async function closeFile(file: File, volume: Volume, timeout: number): Promise<void> {
  const close = async () => {
    await callGluster(plain(['glfs_close', file]), timeout).catch(() => {});
    volume.release();
  };
  const returned = untilReturned(file);
  if (returned) void returned.then(close);
  else await close();
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** A call and its arguments. */
type Plain = readonly [syscall: string, ...args: Argument[]];

/** Without memory. */
function plain([syscall, ...args]: Plain): GlusterCall<number | bigint> {
  return { syscall, args: () => args, after: (result) => result };
}

/** With the memory of the thread that calls. */
function withMemory(call: (memory: Pointer) => Plain): Pick<GlusterCall<unknown>, 'syscall' | 'args'> {
  return { syscall: call(0n as Pointer)[0], args: (memory) => call(memory).slice(1) as Argument[] };
}

/** What has another signature since 6.0: with what stat(2) says before and after, which nobody asks for here. */
function callsOf({ fn }: Libgfapi) {
  const [reads, writes] = [fn.glfs_pread !== undefined, fn.glfs_pwrite !== undefined];
  const [syncs, truncates] = [fn.glfs_fsync !== undefined, fn.glfs_ftruncate !== undefined];
  return {
    read: (file: File, memory: Pointer, length: number, offset: number): Plain =>
      reads
        ? ['glfs_pread', file, memory, length, offset, 0, null]
        : ['glfs_pread@3.4.0', file, memory, length, offset, 0],
    write: (file: File, memory: Pointer, length: number, offset: number): Plain =>
      writes
        ? ['glfs_pwrite', file, memory, length, offset, 0, null, null]
        : ['glfs_pwrite@3.4.0', file, memory, length, offset, 0],
    sync: (file: File): Plain => (syncs ? ['glfs_fsync', file, null, null] : ['glfs_fsync@3.4.0', file]),
    truncate: (file: File, size: number): Plain =>
      truncates ? ['glfs_ftruncate', file, size, null, null] : ['glfs_ftruncate@3.4.0', file, size],
  };
}

interface Parts {
  readonly gfapi: Libgfapi;
  readonly calls: ReturnType<typeof callsOf>;
  readonly volume: Volume;
  readonly file: File;
  readonly name: string;
  readonly identity: string;
  readonly readOnly: boolean;
  /** In seconds. */
  readonly timeout: number;
  readonly size: number;
  readonly made: boolean;
}

class GlusterDriver implements BlockDriver {
  readonly name: string;
  readonly alignment = 1;
  readonly blank: boolean;
  readonly #parts: Parts;
  readonly #release: () => void;
  #size: number;
  /** The volume, or its bricks' file system, may not have them. */
  #hasZerofill: boolean;
  #hasDiscard: boolean;
  #under = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#size = parts.size;
    this.#release = use(parts.identity);
    this.#hasZerofill = parts.gfapi.has('zerofill', false);
    this.#hasDiscard = parts.gfapi.has('discard', false);
    this.name = parts.name;
    this.blank = parts.made;
  }

  get size(): number {
    return this.#size;
  }

  async read<B extends Uint8Array>(offset: number, target: B | number): Promise<B> {
    const buffer = typeof target === 'number' ? (Buffer.allocUnsafe(target) as Uint8Array as B) : target;
    checkRange(this, offset, buffer.length);
    await this.#track(() =>
      inPieces(buffer.length, TRANSFER, PARALLEL, (from, length) =>
        this.#readPiece(offset + from, buffer.subarray(from, from + length)),
      ),
    );
    return buffer;
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    this.#checkWritable();
    checkRange(this, offset, data.length);
    await this.#track(() =>
      inPieces(data.length, TRANSFER, PARALLEL, (from, length) =>
        this.#writePiece(offset + from, data.subarray(from, from + length)),
      ),
    );
  }

  async flush(): Promise<void> {
    const { calls, file } = this.#parts;
    await this.#track(() => this.#plain(calls.sync(file)));
  }

  async discard(offset: number, length: number): Promise<void> {
    this.#checkWritable();
    checkRange(this, offset, length);
    await this.#track(async () => {
      if (this.#hasDiscard) this.#hasDiscard = await this.#supported('glfs_discard', offset, length);
    });
  }

  async writeZeroes(offset: number, length: number): Promise<void> {
    this.#checkWritable();
    checkRange(this, offset, length);
    await this.#track(async () => {
      if (this.#hasZerofill) this.#hasZerofill = await this.#supported('glfs_zerofill', offset, length);
      if (this.#hasZerofill) return;
      const zeroes = new Uint8Array(Math.min(length, TRANSFER));
      await inPieces(length, TRANSFER, PARALLEL, (from, count) =>
        this.#writePiece(offset + from, zeroes.subarray(0, count)),
      );
    });
  }

  readonly resize = async (size: number): Promise<void> => {
    this.#checkWritable();
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`not a size in bytes: ${size}`);
    const { calls, file } = this.#parts;
    await this.#track(() => this.#plain(calls.truncate(file, size)));
    this.#size = size;
  };

  async info(): Promise<BlockInfo> {
    const { file, readOnly, timeout } = this.#parts;
    let allocated = 0;
    await this.#track(async () => {
      allocated = (await statusOf('glfs_fstat', [file], timeout)).allocated;
    });
    const offers = [this.#hasDiscard ? 'discard' : '', this.#hasZerofill ? 'write_zeroes' : '', 'resize'];
    return {
      driver: 'gluster',
      name: this.name,
      size: this.#size,
      alignment: this.alignment,
      ...(readOnly ? {} : { readOnly: false }),
      features: offers.filter(Boolean),
      details: { library: 'libgfapi', allocated },
    };
  }

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#under).then(async () => {
      this.#release();
      await closeFile(this.#parts.file, this.#parts.volume, this.#parts.timeout);
    });
    return this.#closing;
  }

  #checkWritable(): void {
    if (this.#parts.readOnly) throw refusal('EROFS', `${this.name} is open for reading alone`);
  }

  async #plain(call: Plain): Promise<void> {
    await callGluster(plain(call), this.#parts.timeout);
  }

  async #readPiece(offset: number, buffer: Uint8Array): Promise<void> {
    const { calls, file, timeout } = this.#parts;
    for (let done = 0; done < buffer.length; ) {
      const [at, rest] = [offset + done, buffer.subarray(done)];
      const read = (memory: Pointer) => calls.read(file, memory, rest.length, at);
      const count = await callGluster(
        {
          ...withMemory(read),
          after: (result, memory) => {
            rest.set(memory.subarray(0, Number(result)));
            return Number(result);
          },
        },
        timeout,
      );
      if (count === 0) throw refusal('EIO', `${this.name} has become shorter than ${this.#size} bytes`);
      done += count;
    }
  }

  async #writePiece(offset: number, data: Uint8Array): Promise<void> {
    const { calls, file, timeout } = this.#parts;
    for (let done = 0; done < data.length; ) {
      const [at, rest] = [offset + done, data.subarray(done)];
      const write = (memory: Pointer) => calls.write(file, memory, rest.length, at);
      done += await callGluster(
        {
          ...withMemory(write),
          before: (memory) => memory.set(rest),
          after: (result) => Number(result),
        },
        timeout,
      );
    }
  }

  /** Runs a call that carries no data over a range, a piece after the other; false where it is not supported. */
  async #supported(syscall: 'glfs_discard' | 'glfs_zerofill', offset: number, length: number): Promise<boolean> {
    const { file } = this.#parts;
    try {
      await inPieces(length, LONGEST, 1, (from, count) => this.#plain([syscall, file, offset + from, count]));
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') return false;
      throw error;
    }
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
