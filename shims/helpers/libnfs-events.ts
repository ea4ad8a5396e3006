// An NFS URL in, a session of libnfs with its server out that lives on the event loop: calls as promises. Follows <nfsc/libnfs.h>:
// nfs_get_fd, nfs_which_events and nfs_service, and the functions that end in `_async`.
//
// libnfs is not asked to connect again, nor to look after timeouts: in several versions what it then puts back into its queue is
// used after it has been freed, and over NFSv4 it never does. A session that has lost its server has ended, with the reason in
// `ended`, and all that was under way rejects with it: connect another one. Nobody uses a buffer after its promise has settled.
//
// Memory. Buffers given to a call are read and written by C until the promise settles; they are referenced here until then.

import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { fstatSync } from 'node:fs';
import { bytesAt, type Pointer, stringAt, systemError, type Watch, watch } from '@dlshim/runtime';
import { type libnfs, type nfs_cb, type nfs_context, nfs_stat_64, nfs_url, type nfsfh } from '../libnfs.ts';
import { connectionError, isForgotten, nfsError } from './libnfs-errors.ts';

export { isForgotten, type NfsError } from './libnfs-errors.ts';

type Libnfs = ReturnType<typeof libnfs.open>;
type Context = Pointer<nfs_context>;
export type NfsFile = Pointer<nfsfh>;

export interface NfsConnectOptions {
  /** How long to wait for the session, and for each call, in seconds (30); 0 for as long as it takes. */
  readonly timeout?: number;
  /** How many calls libnfs has at a time (64); more wait here. */
  readonly depth?: number;
  /** Sets what else there is to set (`nfs_set_…`), before it connects and after the URL's own parameters. */
  readonly configure?: (context: Context) => void;
}

/** The parts of a URL. */
export interface NfsPlace {
  readonly server: string;
  /** What is mounted: the folder that the file is in. */
  readonly folder: string;
  /** The file in it, with a slash before it. */
  readonly file: string;
}

/** What stat(2) calls them. */
export interface NfsStatus {
  readonly size: number;
  /** What it takes on the server, in bytes. */
  readonly used: number;
  readonly mode: number;
  readonly dev: bigint;
  readonly ino: bigint;
}

/** Starts a call: one of libnfs' `…_async` functions with these. Returns its result, negative where it refused. */
export type StartCall = (context: Context, callback: Pointer<nfs_cb>, privateData: Pointer) => number;

interface Call {
  readonly syscall: string;
  readonly start: (id: Pointer) => number;
  readonly memory: ArrayBufferView | undefined;
  /** What becomes of a good end; `data` is C's, for that long. */
  readonly finish: (result: number, data: Pointer | null) => void;
  readonly reject: (error: Error) => void;
  /** When it is given up, on performance.now(). */
  deadline: number;
}

interface Failed {
  readonly call: Call;
  readonly result: number;
  readonly text: string | null;
}

const POLLIN = 1;
const POLLOUT = 4;
/** How often deadlines are looked at, in milliseconds. */
const TICK = 500;

/** Reads a URL as the installed libnfs does. Throws a TypeError for what is none. */
export function parseNfsUrl(nfs: Libnfs, url: string): NfsPlace {
  const context = newContext(nfs);
  try {
    return placeOf(nfs, context, url);
  } finally {
    nfs.fn.nfs_destroy_context(context);
  }
}

function newContext({ fn }: Libnfs): Context {
  const context = fn.nfs_init_context();
  if (!context) throw systemError(12, 'nfs_init_context'); // ENOMEM
  return context;
}

/** Sets the URL's parameters, too. */
function placeOf({ fn }: Libnfs, context: Context, url: string): NfsPlace {
  const pointer = fn.nfs_parse_url_full(context, url);
  if (!pointer) throw new TypeError(`${url}: ${fn.nfs_get_error(context)?.trim() ?? 'not an nfs: URL'}`);
  const { server, path, file } = nfs_url.at(pointer);
  const textOf = (text: Pointer | null) => (text === null ? '' : (stringAt(text) ?? ''));
  const [host, folder, name] = [textOf(server), textOf(path), textOf(file)];
  fn.nfs_destroy_url(pointer);
  if (!host || !/[^/]/.test(name)) throw new TypeError(`${url}: a server and a file are needed`);
  return { server: host, folder: folder || '/', file: name };
}

/** A folder of a server. Calls reject with an NfsError, or with the error that ended the session. The process stays alive while
 *  calls are under way, and not for the session itself. */
export class NfsSession {
  readonly #nfs: Libnfs;
  readonly #context: Context;
  readonly #callback: Pointer<nfs_cb>;
  readonly #timer: NodeJS.Timeout;
  readonly #timeout: number;
  readonly #depth: number;
  readonly #calls = new Map<number, Call>();
  readonly #queue: Call[] = [];
  #failed: Failed[] = [];
  #lastId = 0;
  #watch: Watch | undefined;
  #fd = -1;
  #socket = -1;
  #mounted = false;
  #limits = { read: 0, write: 0 };
  #kicked = false;
  #busy = false;
  #ended: Error | undefined;

  /** Mounts the folder of a URL's file. Rejects with a TypeError for what is no URL, with the socket's error (ECONNREFUSED), the server's, or ETIMEDOUT. */
  static async connect(nfs: Libnfs, url: string, options: NfsConnectOptions = {}): Promise<NfsSession> {
    const session = new NfsSession(nfs, options);
    try {
      const { server, folder } = placeOf(nfs, session.#context, url);
      options.configure?.(session.#context);
      // libnfs looks names up itself, and waits for the answer.
      const { address } = await lookup(server.replace(/^\[(.*)\]$/, '$1'));
      await session.#mount(address, folder);
    } catch (error) {
      session.#end(error as Error);
      throw error;
    }
    return session;
  }

  private constructor(nfs: Libnfs, options: NfsConnectOptions) {
    this.#nfs = nfs;
    this.#context = newContext(nfs);
    this.#timeout = options.timeout ?? 30;
    this.#depth = options.depth ?? 64;
    const { fn } = nfs;
    fn.nfs_set_autoreconnect?.(this.#context, 0);
    // An NFSv4 server forgets what a client has open when another one comes by the same name, and libnfs' has the process and the second.
    fn.nfs4_set_client_name?.(this.#context, `dlshim ${process.pid} ${randomUUID()}`);
    this.#callback = nfs.callback('nfs_cb', (result, _context, data, id) => this.#came(Number(id), result, data));
    this.#timer = setInterval(() => this.#tick(), TICK).unref();
  }

  /** Why the session has ended; undefined while it has not. */
  get ended(): Error | undefined {
    return this.#ended;
  }

  /** How many calls are under way, those that wait for libnfs included. */
  get pending(): number {
    return this.#calls.size + this.#queue.length;
  }

  /** What libnfs reads, and writes, in one message, in bytes; 0 where it does not know, as over NFSv4. */
  get limits(): { readonly read: number; readonly write: number } {
    return this.#limits;
  }

  /** Any `…_async` function. `memory` is kept alive until it has ended; `take` gets its result and data, which are C's and gone after it. */
  call<T>(
    syscall: string,
    memory: ArrayBufferView | undefined,
    start: StartCall,
    take: (result: number, data: Pointer | null) => T,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#submit({
        syscall,
        memory,
        start: (id) => start(this.#context, this.#callback, id),
        finish: (result, data) => resolve(take(result, data)),
        reject,
        deadline: 0,
      });
    });
  }

  /** Follows links. Paths begin with a slash, which is the folder that is mounted. */
  status(path: string): Promise<NfsStatus> {
    const { fn } = this.#nfs;
    return this.call(
      'nfs_stat64_async',
      undefined,
      (context, callback, id) => fn.nfs_stat64_async(context, path, callback, id),
      (_result, data) => {
        const { nfs_size, nfs_blocks, nfs_used, nfs_mode, nfs_dev, nfs_ino } = nfs_stat_64.at(
          data as Pointer<nfs_stat_64>,
        );
        return {
          size: Number(nfs_size),
          used: Number(nfs_used ?? BigInt(nfs_blocks) * 512n),
          mode: Number(nfs_mode),
          dev: BigInt(nfs_dev),
          ino: BigInt(nfs_ino),
        };
      },
    );
  }

  /** `flags` as of open(2). What is made is made with 0666, less libnfs' own umask, 022. */
  open(path: string, flags: number): Promise<NfsFile> {
    const { fn } = this.#nfs;
    return this.call(
      'nfs_open_async',
      undefined,
      (context, callback, id) => fn.nfs_open_async(context, path, flags, callback, id),
      (_result, data) => data as NfsFile,
    );
  }

  /** Reads once, into `buffer`; resolves to the number of bytes, 0 at the end of the file. Over one message's limit libnfs sends several. */
  read(file: NfsFile, offset: number, buffer: Uint8Array): Promise<number> {
    const { fn } = this.#nfs;
    const { nfs_pread_async: read } = fn;
    const { length } = buffer;
    if (read)
      return this.call(
        'nfs_pread_async',
        buffer,
        (context, callback, id) => read(context, file, buffer, length, offset, callback, id),
        (count) => count,
      );
    const older = fn['nfs_pread_async@1.9.3']; // Gives memory of its own, until 6.0.
    if (!older) throw systemError(38, 'nfs_pread_async'); // ENOSYS, of what no version is
    return this.call(
      'nfs_pread_async',
      buffer,
      (context, callback, id) => older(context, file, offset, length, callback, id),
      (count, data) => {
        if (count > 0) buffer.set(bytesAt(data!, count));
        return count;
      },
    );
  }

  /** Writes once; resolves to the number of bytes. */
  write(file: NfsFile, offset: number, data: Uint8Array): Promise<number> {
    const { fn } = this.#nfs;
    const { nfs_pwrite_async: write } = fn;
    const { length } = data;
    const done = (count: number): number => count;
    if (write)
      return this.call(
        'nfs_pwrite_async',
        data,
        (context, callback, id) => write(context, file, data, length, offset, callback, id),
        done,
      );
    const older = fn['nfs_pwrite_async@1.9.3']; // Until 6.0.
    if (!older) throw systemError(38, 'nfs_pwrite_async'); // ENOSYS, of what no version is
    return this.call(
      'nfs_pwrite_async',
      data,
      (context, callback, id) => older(context, file, offset, length, data, callback, id),
      done,
    );
  }

  /** What has been written is on stable storage then. */
  sync(file: NfsFile): Promise<void> {
    const { fn } = this.#nfs;
    const start: StartCall = (context, callback, id) => fn.nfs_fsync_async(context, file, callback, id);
    return this.call('nfs_fsync_async', undefined, start, () => {});
  }

  truncate(file: NfsFile, size: number): Promise<void> {
    const { fn } = this.#nfs;
    const start: StartCall = (context, callback, id) => fn.nfs_ftruncate_async(context, file, size, callback, id);
    return this.call('nfs_ftruncate_async', undefined, start, () => {});
  }

  closeFile(file: NfsFile): Promise<void> {
    const { fn } = this.#nfs;
    const start: StartCall = (context, callback, id) => fn.nfs_close_async(context, file, callback, id);
    return this.call('nfs_close_async', undefined, start, () => {});
  }

  /** Frees everything. Calls that are still under way reject with ECANCELED. */
  close(): void {
    this.#end(systemError(125, 'close')); // ECANCELED
  }

  async #mount(address: string, folder: string): Promise<void> {
    const { fn } = this.#nfs;
    const start: StartCall = (context, callback, id) => fn.nfs_mount_async(context, address, folder, callback, id);
    await this.call('nfs_mount_async', undefined, start, () => {});
    this.#mounted = true;
    const [read, write] = [fn.nfs_get_readmax(this.#context), fn.nfs_get_writemax(this.#context)];
    this.#limits = { read: Number(read), write: Number(write) };
  }

  #submit(call: Call): void {
    if (this.#ended) call.reject(this.#ended);
    else if (this.#calls.size < this.#depth) this.#start(call);
    else this.#queue.push(call);
  }

  #start(call: Call): void {
    const id = ++this.#lastId;
    call.deadline = this.#timeout > 0 ? performance.now() + this.#timeout * 1000 : Number.POSITIVE_INFINITY;
    // It may call back at once.
    this.#calls.set(id, call);
    if (this.#calls.size === 1) this.#keepAlive();
    let refused: unknown;
    try {
      const result = call.start(BigInt(id) as Pointer);
      if (result < 0) refused = this.#refusal(call.syscall, result);
    } catch (error) {
      refused = error;
    }
    if (refused !== undefined && this.#calls.delete(id)) {
      call.reject(refused as Error);
      this.#keepAlive();
    } else if (!this.#busy) this.#settleFailed();
    this.#kick();
  }

  #refusal(syscall: string, result: number): Error {
    const text = this.#nfs.fn.nfs_get_error(this.#context);
    return syscall === 'nfs_mount_async' ? connectionError(syscall, text, true) : nfsError(syscall, result, text);
  }

  /** Called by libnfs, inside nfs_service, nfs_destroy_context or the call itself: it has ended. */
  #came(id: number, result: number, data: Pointer | null): void {
    const call = this.#calls.get(id);
    if (!call) return;
    this.#calls.delete(id);
    if (this.#calls.size === 0) this.#keepAlive();
    if (this.#ended) call.reject(this.#ended);
    else if (result < 0) this.#failed.push({ call, result, text: this.#nfs.fn.nfs_get_error(this.#context) });
    else {
      try {
        call.finish(result, data);
      } catch (error) {
        call.reject(error as Error);
      }
    }
  }

  /** What has failed while the connection has not: the server, or libnfs, has said no. */
  #settleFailed(): void {
    if (this.#failed.length === 0) return;
    for (const { call, result, text } of this.#failed.splice(0)) {
      const error = nfsError(call.syscall, result, text);
      call.reject(error);
      if (isForgotten(error)) this.#end(error);
    }
  }

  /** Writes what has been queued, once for all calls of this turn; a socket that is full is waited for. */
  #kick(): void {
    if (this.#kicked) return;
    this.#kicked = true;
    queueMicrotask(() => {
      this.#kicked = false;
      if (this.#ended) return;
      if (this.#mounted) this.#service(POLLOUT);
      else this.#follow();
    });
  }

  #service(events: number): void {
    const { fn } = this.#nfs;
    const isConnecting = !this.#mounted && (fn.nfs_which_events(this.#context) & POLLIN) === 0;
    this.#busy = true;
    const result = fn.nfs_service(this.#context, events);
    this.#busy = false;
    if (result !== 0) {
      this.#end(connectionError('nfs_service', fn.nfs_get_error(this.#context), isConnecting));
      return;
    }
    this.#settleFailed();
    if (this.#ended) return;
    while (this.#queue.length > 0 && this.#calls.size < this.#depth) this.#start(this.#queue.shift()!);
    this.#follow();
  }

  #tick(): void {
    const now = performance.now();
    for (const { deadline, syscall } of this.#calls.values()) {
      if (deadline > now) continue;
      this.#end(systemError(110, syscall)); // ETIMEDOUT
      return;
    }
  }

  /** Watches the socket that libnfs has now, for what it wants now. */
  #follow(): void {
    if (this.#ended) return;
    const { fn } = this.#nfs;
    const fd = fn.nfs_get_fd(this.#context);
    const wanted = fn.nfs_which_events(this.#context);
    // While it mounts, one socket follows another, and may have its number.
    if (fd !== this.#fd || ((!this.#mounted || (wanted & POLLIN) === 0) && socketOf(fd) !== this.#socket)) {
      this.#watch?.close();
      this.#watch = undefined;
      this.#fd = fd;
      if (fd < 0) return;
      this.#socket = socketOf(fd);
      this.#watch = watch(fd, { readable: false, writable: false }, ({ readable, writable }) => {
        if (!this.#ended) this.#service((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));
      });
      this.#keepAlive();
    }
    this.#watch?.update({ readable: (wanted & POLLIN) !== 0, writable: (wanted & POLLOUT) !== 0 });
  }

  /** The process stays alive for calls: by the timer too, because there may be nothing to watch for. */
  #keepAlive(): void {
    if (this.#ended) return;
    const change = this.#calls.size > 0 ? 'ref' : 'unref';
    this.#timer[change]();
    this.#watch?.[change]();
  }

  /** The end, for whatever reason: everything is freed, then rejected. */
  #end(reason: Error): void {
    if (this.#ended) return;
    this.#ended = reason;
    clearInterval(this.#timer);
    this.#watch?.close();
    const rest = [...this.#failed.splice(0).map(({ call }) => call), ...this.#queue.splice(0)];
    // Calls back for what is under way, but for the connection that it waits for.
    this.#nfs.fn.nfs_destroy_context(this.#context);
    for (const call of [...this.#calls.values(), ...rest]) call.reject(reason);
    this.#calls.clear();
    this.#nfs.release(this.#callback);
  }
}

/** The socket behind a descriptor: its inode, see proc(5). */
function socketOf(fd: number): number {
  return fd < 0 ? -1 : fstatSync(fd).ino;
}
