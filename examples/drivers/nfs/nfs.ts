// An `nfs:` URL in, its file as a block device out, on libnfs and the event loop, over NFSv3 or NFSv4. Follows <nfsc/libnfs.h>, RFC 1813
// and RFC 7530. Zeroes are sent, and nothing is given back: neither version has an operation for that.
// Longer than 400 lines because opening, identity over two versions and reopening after a lost connection share one session's state.

import { lookup } from 'node:dns/promises';
import { constants } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pointer } from '@dlshim/runtime';
import { defineDriver, type OptionValues, optionValues } from '@dlshim/runtime/drivers';
import { libnfs, nfs_statvfs_64 } from '@dlshim/shims/libnfs';
import { type NfsError, type NfsFile, NfsSession, type NfsStatus, parseNfsUrl } from '@dlshim/shims/libnfs-events';
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
import { shownAddress } from '../shared/shown.ts';

type Libnfs = ReturnType<typeof libnfs.open>;
type Options = OptionValues<typeof OPTIONS>;

/** What one message carries at most, in bytes, where the server does not say less. */
const TRANSFER = 256 << 10;
/** What libnfs before 5.0 can write over NFSv4: its message has 4096 bytes, headers and all. */
const SHORT_WRITE = 3 << 10;
/** How many messages one operation has under way. */
const PARALLEL = 64;
/** How long to wait for a server that asks for patience, in milliseconds. */
const PAUSE = 200;

const OPTIONS = {
  version: { type: 'integer', minimum: 3, maximum: 4, description: 'version of NFS (3)' },
  nfsport: { type: 'integer', minimum: 1, maximum: 65535, description: "the NFS server's port" },
  mountport: {
    type: 'integer',
    minimum: 1,
    maximum: 65535,
    description: "the port of an NFSv3 server's mount service",
  },
  uid: { type: 'integer', minimum: 0, description: 'who the server takes this for (the process)' },
  gid: { type: 'integer', minimum: 0, description: 'and which group' },
  'tcp-syncnt': {
    type: 'integer',
    minimum: 0,
    description: 'how often TCP asks for a connection (TCP_SYNCNT of tcp(7))',
  },
  readahead: { type: 'size', minimum: 0, description: 'read ahead so many bytes, over NFSv3 (0)' },
  pagecache: { type: 'integer', minimum: 0, description: 'keep so many pages of 4 KiB, over NFSv3 (0)' },
  debug: {
    type: 'integer',
    minimum: 0,
    maximum: 9,
    description: 'how much libnfs says on the standard error output (0)',
  },
} as const;

export default defineDriver(
  {
    name: 'nfs',
    description: 'files on NFS servers: nfs://HOST/EXPORT/PATH/FILE[?version=4&nfsport=N&uid=N&gid=N…]',
    protocols: ['nfs'],
    shims: { libnfs: { uses: ['v4', 'v4_long_writes', 'readahead', 'pagecache', 'nfs_statvfs64_async'] } },
    host: '1.0.0',
    options: OPTIONS,
  },
  {
    shims: { libnfs },
    load: (_host: BlockHost, { libnfs: nfs }) => ({
      open: (address: string, request: OpenOptions, options: Options) => openNfs(nfs, address, request, options),
    }),
  },
);

/** Opens a file. With `create` it is made anew, sparse. Rejects with a TypeError for what is no URL, a DriverError for an option in it that there
 *  is not, the socket's and the server's errors (ENOENT, EACCES, ESTALE), ETIMEDOUT, EISDIR, ENOTSUP for what the installed libnfs cannot, and EBUSY for what is made and in use. */
async function openNfs(nfs: Libnfs, name: string, request: OpenOptions, options: Options): Promise<BlockDriver> {
  if (/^nfs:\/\/[^/?#]*@/i.test(name))
    throw new TypeError(`${shownAddress(name)}: NFS knows no users; uid and gid are options`);
  const { url, version } = urlOf(nfs, name, options);
  const { server, folder, file: path } = parseNfsUrl(nfs, url);
  const timeout = request.timeout ?? TIMEOUT;
  const readOnly = request.readOnly === true;
  const { create } = readOnly ? {} : request;
  const connect = () => NfsSession.connect(nfs, url, { timeout });
  const session = await connect().catch(naming(name));
  try {
    const host = await addressOf(server);
    const checkMade = async (status: NfsStatus) => {
      const identity = await identityOf(nfs, session, status, { host, version, folder });
      checkUnused(name, identity.exact);
      checkUnused(name, identity.otherVersion);
      return status;
    };
    // An NFSv3 server takes what is to be made, and is there, for a mistake.
    const old = create === undefined ? undefined : await session.status(path).then(checkMade, absent);
    const { O_RDONLY, O_RDWR, O_CREAT } = constants;
    const flags = (readOnly ? O_RDONLY : O_RDWR) | (create === undefined || old ? 0 : O_CREAT);
    const file = await session.open(path, flags);
    const status = await session.status(path);
    if ((status.mode & constants.S_IFMT) === constants.S_IFDIR) throw refusal('EISDIR', `${name} is a folder`);
    if (create !== undefined) {
      await checkMade(status); // A link may have been changed: it is not truncated before this.
      await session.truncate(file, 0);
      await session.truncate(file, create);
    }
    const identity = await identityOf(nfs, session, status, { host, version, folder });
    const place = { name, path, identity, version, readOnly, timeout };
    return new NfsDriver({
      nfs,
      session,
      file,
      connect,
      place,
      size: create ?? status.size,
      made: create !== undefined,
    });
  } catch (error) {
    session.close();
    throw about(name, error);
  }
}

/** The options stand in the URL too, or apart from it, which wins. libnfs reads them there, as far as it knows them, and does not say what it
 *  does not: it goes elsewhere then. What it gets are those that have been checked, as plain numbers. */
function urlOf(nfs: Libnfs, name: string, given: Options): { readonly url: string; readonly version: number } {
  const [, place = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(name) ?? [];
  const settings = { ...optionsIn(name, query), ...definedOf(given) };
  const refuse = (what: string) => {
    throw refusal('ENOTSUP', `${name}: the installed libnfs has no ${what}`);
  };
  const { version = 3, nfsport, mountport, readahead, pagecache } = settings;
  if (!nfs.has('v4', false) && (version !== 3 || nfsport !== undefined || mountport !== undefined))
    refuse('NFSv4, and takes no ports');
  if (readahead && !nfs.has('readahead', false)) refuse('reading ahead');
  if (pagecache && !nfs.has('pagecache', false)) refuse('page cache');
  const all = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  return { url: all.length === 0 ? place : `${place}?${all.join('&')}`, version };
}

function optionsIn(name: string, query: string): Partial<Options> {
  try {
    const values = optionValues({ name: 'nfs', options: OPTIONS }, Object.fromEntries(new URLSearchParams(query)));
    return definedOf(values as Options);
  } catch (error) {
    throw about(shownAddress(name), error);
  }
}

function definedOf(options: Options): Partial<Options> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** However it was spelled. */
async function addressOf(server: string): Promise<string> {
  const plain = server.replace(/^\[(.*)\]$/, '$1');
  const { address } = await lookup(plain).catch(() => ({ address: plain.toLowerCase() }));
  return `[${address}]`;
}

/** A file of a server: by all its names over one version, and, its file system left out, over any: each version calls that by another number. */
interface Identity {
  readonly exact: string;
  readonly version: string;
  readonly otherVersion: string;
}

async function identityOf(
  nfs: Libnfs,
  session: NfsSession,
  { dev, ino }: NfsStatus,
  { host, version, folder }: { readonly host: string; readonly version: number; readonly folder: string },
): Promise<Identity> {
  // Over NFSv4 libnfs tells it of the file system alone.
  const system = dev === 0n ? await fileSystemOf(nfs, session, folder) : dev;
  return {
    exact: `nfs:${host}/v${version}/${system}/${ino}`,
    version: `nfs:${host}/v${version}/${ino}`,
    otherVersion: `nfs:${host}/v${7 - version}/${ino}`,
  };
}

/** What libnfs before 4.0 does not tell is taken for one to each folder. */
async function fileSystemOf(nfs: Libnfs, session: NfsSession, folder: string): Promise<string> {
  const { nfs_statvfs64_async: statvfs } = nfs.fn;
  if (!statvfs) return encodeURIComponent(folder);
  return session.call(
    'nfs_statvfs64_async',
    undefined,
    (context, callback, privateData) => statvfs(context, '/', callback, privateData),
    (_result, data) => `${nfs_statvfs_64.at(data as Pointer<nfs_statvfs_64>).f_fsid}`,
  );
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

interface Place {
  readonly name: string;
  readonly path: string;
  readonly identity: Identity;
  readonly version: number;
  readonly readOnly: boolean;
  /** In seconds. */
  readonly timeout: number;
}

interface Parts {
  readonly nfs: Libnfs;
  readonly session: NfsSession;
  readonly file: NfsFile;
  /** Makes another session like it. */
  readonly connect: () => Promise<NfsSession>;
  readonly place: Place;
  readonly size: number;
  readonly made: boolean;
}

/** A file in a session. */
interface Opened {
  readonly session: NfsSession;
  readonly file: NfsFile;
}

class NfsDriver implements BlockDriver {
  readonly name: string;
  readonly alignment = 1;
  readonly blank: boolean;
  readonly #nfs: Libnfs;
  readonly #place: Place;
  readonly #releases: readonly (() => void)[];
  readonly #connect: () => Promise<NfsSession>;
  #opened: Opened;
  #reopening: Promise<Opened> | undefined;
  #size: number;
  /** How many writes have ended, how many of them before the last flush, and whether the server was away in between: it may have lost some. */
  #writes = 0;
  #flushed = 0;
  #lost = false;
  #under = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor({ nfs, session, file, connect, place, size, made }: Parts) {
    this.#nfs = nfs;
    this.#place = place;
    this.#connect = connect;
    this.#opened = { session, file };
    this.#size = size;
    this.#releases = [use(place.identity.exact), use(place.identity.version)];
    this.name = place.name;
    this.blank = made;
  }

  get size(): number {
    return this.#size;
  }

  async read<B extends Uint8Array>(offset: number, target: B | number): Promise<B> {
    const buffer = typeof target === 'number' ? (Buffer.allocUnsafe(target) as Uint8Array as B) : target;
    checkRange(this, offset, buffer.length);
    const piece = this.#limit('read');
    await this.#track(() =>
      inPieces(buffer.length, piece, PARALLEL, (from, length) =>
        this.#readPiece(offset + from, buffer.subarray(from, from + length)),
      ),
    );
    return buffer;
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    this.#checkWritable();
    checkRange(this, offset, data.length);
    const piece = this.#limit('write');
    await this.#track(() =>
      inPieces(data.length, piece, PARALLEL, (from, length) =>
        this.#writePiece(offset + from, data.subarray(from, from + length)),
      ),
    );
  }

  async flush(): Promise<void> {
    await this.#track(async () => {
      const writes = this.#writes;
      await this.#command(({ session, file }) => session.sync(file));
      this.#flushed = Math.max(this.#flushed, writes);
      if (!this.#lost) return;
      this.#lost = false;
      throw refusal('EIO', `${this.name}: the server was away before all had been flushed, and may have lost some`);
    });
  }

  async discard(offset: number, length: number): Promise<void> {
    this.#checkWritable();
    checkRange(this, offset, length);
    await this.#track(async () => {});
  }

  async writeZeroes(offset: number, length: number): Promise<void> {
    this.#checkWritable();
    checkRange(this, offset, length);
    const piece = this.#limit('write');
    const zeroes = new Uint8Array(Math.min(length, piece));
    await this.#track(() =>
      inPieces(length, piece, PARALLEL, (from, count) => this.#writePiece(offset + from, zeroes.subarray(0, count))),
    );
  }

  readonly resize = async (size: number): Promise<void> => {
    this.#checkWritable();
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`not a size in bytes: ${size}`);
    await this.#track(() => this.#command(({ session, file }) => session.truncate(file, size)));
    this.#size = size;
  };

  async info(): Promise<BlockInfo> {
    const { path, version, readOnly } = this.#place;
    let allocated = 0;
    await this.#track(async () => {
      allocated = (await this.#command(({ session }) => session.status(path))).used;
    });
    return {
      driver: 'nfs',
      name: this.name,
      size: this.#size,
      alignment: this.alignment,
      ...(readOnly ? {} : { readOnly: false }),
      features: ['resize'],
      details: { library: 'libnfs', version, allocated },
    };
  }

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#under)
      .then(async () => {
        const { session, file } = this.#opened;
        await session.closeFile(file).catch(() => {});
        session.close();
      })
      .finally(() => {
        for (const release of this.#releases) release();
      });
    return this.#closing;
  }

  #limit(what: 'read' | 'write'): number {
    const isShort = what === 'write' && this.#place.version === 4 && !this.#nfs.has('v4_long_writes', false);
    return isShort ? SHORT_WRITE : Math.min(this.#opened.session.limits[what] || TRANSFER, TRANSFER);
  }

  #checkWritable(): void {
    if (this.#place.readOnly) throw refusal('EROFS', `${this.name} is open for reading alone`);
  }

  async #readPiece(offset: number, buffer: Uint8Array): Promise<void> {
    for (let done = 0; done < buffer.length; ) {
      const rest = buffer.subarray(done);
      const count = await this.#command(({ session, file }) => session.read(file, offset + done, rest));
      if (count === 0) throw refusal('EIO', `${this.name} has become shorter than ${this.#size} bytes`);
      done += count;
    }
  }

  async #writePiece(offset: number, data: Uint8Array): Promise<void> {
    for (let done = 0; done < data.length; ) {
      const rest = data.subarray(done);
      const count = await this.#command(({ session, file }) => session.write(file, offset + done, rest));
      if (count === 0) throw refusal('EIO', `${this.name}: the server has written nothing`);
      this.#writes++;
      done += count;
    }
  }

  /** A new session, where the last has ended: a server that was away may be back. Whoever comes first connects, for all. */
  #reopen(): Promise<Opened> {
    this.#reopening ??= (async () => {
      const { status } = this.#opened.session.ended as Partial<NfsError>;
      const session = await this.#connect();
      try {
        const file = await session.open(this.#place.path, this.#place.readOnly ? constants.O_RDONLY : constants.O_RDWR);
        this.#lost ||= this.#writes > this.#flushed && status !== 'NFS4ERR_EXPIRED'; // That one has only waited.
        this.#opened = { session, file };
        return this.#opened;
      } catch (error) {
        session.close();
        throw error;
      }
    })().finally(() => {
      this.#reopening = undefined;
    });
    return this.#reopening;
  }

  /** Repeats, once, what was under way when a session ended, but for what timed out; and what the server was not ready for. */
  async #command<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    const patience = performance.now() + this.#place.timeout * 1000;
    for (let attempt = 0; ; ) {
      const opened = this.#opened.session.ended ? await this.#reopen() : this.#opened;
      try {
        return await work(opened);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const { ended } = opened.session;
        const isLate = this.#place.timeout > 0 && performance.now() > patience;
        if (code === 'EAGAIN' && !isLate) await sleep(PAUSE);
        else if (!ended || code === 'ETIMEDOUT' || attempt++ > 0) throw error;
      }
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
