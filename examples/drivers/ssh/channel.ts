// A session of libssh with an SFTP channel in, requests as promises out, on the event loop: any number of them, as many at a time as the
// server likes. libssh does what SSH is; the requests go through its channel as bytes. Follows <libssh/libssh.h>: ssh_channel_write,
// ssh_channel_read_nonblocking, ssh_get_poll_flags.
//
// libssh has functions for SFTP too. They are not used: sftp_open, sftp_async_read, sftp_aio_wait_read and the rest wait inside the call for the
// whole of an answer, without limit and whatever mode the session is in; a server that stops amid one keeps the thread for ever.
//
// libssh reads its socket 4 KiB at a time, and gives nothing of what it has read before a packet is whole: its counters tell when the
// socket is empty. It leaves the socket itself in blocking mode; to watch it makes it non-blocking.

import { allocate, free, type Pointer, type Watch, watch } from '@dlshim/runtime';
import {
  SSH_EOF,
  SSH_FX_OK,
  SSH_FXP_STATUS,
  SSH_FXP_VERSION,
  SSH_READ_PENDING,
  SSH_WRITE_PENDING,
  type ssh_channel,
  ssh_counter_struct,
  type ssh_session,
} from '@dlshim/shims/libssh';
import { type Libssh, type SshError, sessionError, sshError, statusError } from './errors.ts';
import { type Fields, Reader } from './packets.ts';

/** A request that is under way, or waits. */
interface Request {
  readonly id: number;
  readonly head: Buffer;
  /** Follows the head: it is the caller's. */
  readonly data: Uint8Array | undefined;
  readonly syscall: string;
  readonly take: (type: number, fields: Reader) => void;
  readonly reject: (error: SshError) => void;
}

/** The version of SFTP that is spoken. It stands in the place of a number in the first message, and in its answer. */
const VERSION = 3;
/** How many requests the server has at a time; more wait here. */
const DEPTH = 64;
/** What libssh is given at once, in bytes. */
const SENT = 128 << 10;
/** What is sent, or received, before others have their turn on the event loop, in bytes. */
const TURN = 256 << 10;
/** Longest packet: OpenSSH's server sends 256 KiB at most. */
const LONGEST = 512 << 10;
/** How often it is looked whether the server is silent, in milliseconds. */
const TICK = 1000;

export class SftpChannel {
  readonly name: string;
  readonly #ssh: Libssh;
  readonly #session: ssh_session;
  readonly #channel: ssh_channel;
  readonly #watch: Watch;
  readonly #timer: NodeJS.Timeout;
  readonly #timeout: number;
  readonly #counters: Pointer<ssh_counter_struct>;
  readonly #counter: ssh_counter_struct;
  readonly #requests = new Map<number, Request>();
  readonly #queue: Request[] = [];
  /** What libssh has not taken yet. */
  readonly #out: Uint8Array[] = [];
  /** What has come and is no whole packet, up to #filled. */
  readonly #in = Buffer.allocUnsafeSlow(2 * LONGEST);
  #filled = 0;
  #lastId = VERSION - 1;
  #heard = performance.now();
  #kicked = false;
  #ended: Error | undefined;

  /** Takes the session over, and frees it. `timeout`: in seconds, how long the server may be silent while something is under way; 0: for ever. */
  constructor(ssh: Libssh, session: ssh_session, channel: ssh_channel, name: string, timeout: number) {
    this.#ssh = ssh;
    this.#session = session;
    this.#channel = channel;
    this.#timeout = timeout * 1000;
    this.name = name;
    this.#counters = allocate(ssh_counter_struct.size);
    this.#counter = ssh_counter_struct.at(this.#counters);
    ssh.fn.ssh_set_counters(session, this.#counters, null);
    this.#watch = watch(ssh.fn.ssh_get_fd(session), { readable: true, writable: false }, () => this.#pump());
    this.#watch.unref();
    this.#timer = setInterval(() => this.#tick(), timeout > 0 ? Math.min(TICK, this.#timeout / 4) : TICK).unref();
  }

  /** Sends a request; `data` follows its fields, and is read until the promise settles. `take` makes the result of the answer's type and
   *  fields, whose memory is used again behind it. Rejects with the server's error, or with what has ended the session. */
  request<T>(
    [syscall, type]: readonly [string, number],
    fields: Fields,
    take: (type: number, fields: Reader) => T,
    data?: Uint8Array,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#lastId = (this.#lastId + 1) >>> 0;
      const id = this.#lastId;
      const head = fields.packet(type, id, data?.length ?? 0);
      this.#submit({ id, head, data, syscall, reject, take: (answer, reader) => resolve(take(answer, reader)) });
    });
  }

  /** Requests that are still under way reject with ECANCELED. */
  close(): void {
    this.#end(sshError('ECANCELED', `${this.name} was closed`, 'ssh_disconnect'));
  }

  #submit(request: Request): void {
    if (this.#ended) request.reject(this.#endOf(request));
    else if (this.#requests.size < DEPTH) this.#start(request);
    else this.#queue.push(request);
  }

  #start(request: Request): void {
    if (this.#requests.size === 0) {
      this.#heard = performance.now();
      this.#watch.ref();
      this.#timer.ref();
    }
    this.#requests.set(request.id, request);
    this.#out.push(request.head);
    if (request.data) this.#out.push(request.data);
    this.#kick(queueMicrotask);
  }

  #kick(later: (work: () => void) => void): void {
    if (this.#kicked) return;
    this.#kicked = true;
    later(() => {
      this.#kicked = false;
      this.#pump();
    });
  }

  /** Gives libssh what there is to send, and takes what it has received; where there may be more of either, it comes again. */
  #pump(): void {
    if (this.#ended) return;
    const before = this.#counter.in_bytes;
    try {
      // Sending receives, too: what libssh has taken from the socket then would not make it readable again.
      const isSending = this.#send();
      const isReceiving = this.#receive();
      // The window may have been opened.
      const isWaiting = this.#out.length > 0 && this.#counter.in_bytes !== before;
      const flags = this.#ssh.fn.ssh_get_poll_flags(this.#session);
      this.#watch.update({
        readable: (flags & SSH_READ_PENDING) !== 0,
        writable: (flags & SSH_WRITE_PENDING) !== 0,
      });
      if (isSending || isReceiving || isWaiting) this.#kick(setImmediate);
    } catch (error) {
      this.#end(error as Error);
    }
  }

  /** Whether there may be more. */
  #send(): boolean {
    const { fn } = this.#ssh;
    for (let sent = 0; sent < TURN; ) {
      const chunk = this.#nextChunk();
      if (chunk.length === 0) return false;
      const taken = fn.ssh_channel_write(this.#channel, chunk, chunk.length);
      if (taken < 0) throw this.#failure('ssh_channel_write');
      if (taken < chunk.length) {
        // The server's window is full, or keys are being exchanged: it will say when it takes more.
        this.#out.unshift(chunk.subarray(taken));
        return false;
      }
      sent += taken;
    }
    return true;
  }

  /** The start of what is to be sent: many short packets, or a part of a long one. */
  #nextChunk(): Uint8Array {
    let [count, length] = [0, 0];
    while (count < this.#out.length && length < SENT) length += this.#out[count++]!.length;
    const parts = this.#out.splice(0, count);
    const all = parts.length === 1 ? parts[0]! : Buffer.concat(parts, length);
    if (length > SENT) this.#out.unshift(all.subarray(SENT));
    return all.subarray(0, SENT);
  }

  /** Whether there may be more. */
  #receive(): boolean {
    const { fn } = this.#ssh;
    for (let received = 0; received < TURN; ) {
      const before = Number(this.#counter.in_bytes);
      const space = this.#in.subarray(this.#filled);
      const count = fn.ssh_channel_read_nonblocking(this.#channel, space, space.length, 0);
      if (count === SSH_EOF || (count === 0 && fn.ssh_channel_is_eof(this.#channel) !== 0))
        throw sshError('ECONNRESET', `${this.name}: the server has ended the session`, 'ssh_channel_read_nonblocking');
      if (count < 0) throw this.#failure('ssh_channel_read_nonblocking');
      const heard = Math.max(count, Number(this.#counter.in_bytes) - before);
      if (heard === 0) return false;
      this.#heard = performance.now();
      received += heard;
      this.#filled += count;
      if (count > 0) this.#takePackets();
    }
    return true;
  }

  #takePackets(): void {
    let at = 0;
    while (this.#filled - at >= 4) {
      const length = this.#in.readUInt32BE(at);
      if (length < 5 || length > LONGEST)
        throw sshError('EIO', `${this.name}: what the server sends is not SFTP`, 'ssh_channel_read_nonblocking');
      if (this.#filled - at < 4 + length) break;
      this.#came(this.#in.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    if (at === 0) return;
    this.#in.copyWithin(0, at, this.#filled);
    this.#filled -= at;
  }

  #came(bytes: Buffer): void {
    const type = bytes.readUInt8();
    const id = bytes.readUInt32BE(1);
    const request = this.#requests.get(id);
    if (!request)
      throw sshError(
        'EIO',
        type === SSH_FXP_VERSION
          ? `${this.name}: the server has version ${id} of SFTP, and not ${VERSION}`
          : `${this.name}: the server has answered what it was not asked`,
        'ssh_channel_read_nonblocking',
      );
    this.#requests.delete(id);
    try {
      const fields = new Reader(bytes.subarray(5));
      const status = type === SSH_FXP_STATUS ? fields.u32() : SSH_FX_OK;
      if (status === SSH_FX_OK) request.take(type, fields);
      else request.reject(statusError(status, fields.left > 4 ? fields.text() : '', this.name, request.syscall));
    } catch {
      request.reject(sshError('EIO', `${this.name}: the server's answer is not one`, request.syscall));
    }
    const next = this.#queue.shift();
    if (next) this.#start(next);
    else if (this.#requests.size === 0) this.#rest();
  }

  /** Nothing is under way that the process would stay alive for. */
  #rest(): void {
    this.#watch.unref();
    this.#timer.unref();
  }

  #tick(): void {
    if (this.#requests.size === 0 || this.#timeout === 0) return;
    this.#pump(); // It may have come while the process was busy elsewhere.
    const silence = performance.now() - this.#heard;
    if (this.#ended || silence < this.#timeout || this.#requests.size === 0) return;
    const seconds = Math.round(this.#timeout / 100) / 10;
    this.#end(sshError('ETIMEDOUT', `${this.name}: no answer within ${seconds} s`, 'ssh_channel_read_nonblocking'));
  }

  #failure(syscall: string): SshError {
    return sessionError(this.#ssh, this.#session, this.name, syscall);
  }

  #end(error: Error): void {
    if (this.#ended) return;
    this.#ended = error;
    clearInterval(this.#timer);
    this.#watch.close();
    const { fn } = this.#ssh;
    fn.ssh_disconnect(this.#session);
    fn.ssh_free(this.#session);
    free(this.#counters);
    for (const request of [...this.#requests.values(), ...this.#queue.splice(0)]) request.reject(this.#endOf(request));
    this.#requests.clear();
    this.#out.length = 0;
  }

  /** What ended the session, as the error of one request. */
  #endOf({ syscall }: Request): SshError {
    const { message, code = 'EIO' } = this.#ended as Partial<SshError> & Error;
    return Object.assign(new Error(message), { code, syscall });
  }
}
