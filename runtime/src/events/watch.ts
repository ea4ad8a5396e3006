// A file descriptor in, calls of a listener on the event loop out, when it becomes readable or writable. For libraries that hand out
// a descriptor and want to be called when it is ready (libiscsi, librbd, libssh, libcurl's multi interface). Follows poll(2), dup(2),
// eventfd(2) and libuv's uv_poll_t, which Node reaches through koffi; in workers, Bun and Deno poll(2) on the thread pool.
//
// The listener runs by setImmediate, in the same turn of the loop: koffi calls from libuv without a callback scope of Node's, where
// promises would not go on and an exception would be lost.

import { constants, fstatSync } from 'node:fs';
import { descriptorPoll } from '../ffi.ts';
import {
  closeDescriptor,
  eventDescriptor,
  native,
  PoolWatch,
  type Readiness,
  type Watch,
  type WatchListener,
} from './watch-pool.ts';

export type { Readiness, Watch, WatchListener };

/** Calls `listener` on the event loop as long as the descriptor is ready for what `interest` says (level-triggered: it comes again until
 *  the cause is gone). It watches a duplicate of the descriptor: closing yours, or another socket under its number, does not
 *  disturb the event loop, and the new socket is not watched; make a new watch for it. The descriptor becomes non-blocking (O_NONBLOCK), as with libuv everywhere: a
 *  library that sends more than fits would wait in its call. Throws an Error for what is no open descriptor,
 *  or none that can be waited for (an ordinary file). One listener's time is the event loop's. The watches of a worker thread
 *  share one thread of libuv's pool. */
export function watch(fd: number, interest: Readiness, listener: WatchListener): Watch {
  const copy = duplicate(fd);
  unblock(copy);
  const poll = descriptorPoll();
  if (poll) {
    try {
      return new LoopWatch(copy, poll, interest, listener);
    } catch (error) {
      closeDescriptor(copy);
      throw new Error(`watch: descriptor ${fd} cannot be waited for`, { cause: error });
    }
  }
  return new PoolWatch(copy, interest, listener);
}

/** A descriptor that a library makes readable, from any thread, to say that something has come. */
export interface EventWatch extends Pick<Watch, 'ref' | 'unref' | 'close'> {
  /** What to give to the library: an eventfd(2), open until `close`. */
  readonly fd: number;
}

/** Makes an eventfd(2) and calls `listener` on the event loop each time it has been written to: once for all writes so far, which it
 *  has taken back by then. Close it when the library cannot write to it any more. */
export function watchEvents(listener: () => void): EventWatch {
  const fd = eventDescriptor();
  const count = new Uint8Array(8);
  const read = native('read', 'i64(i32,ptr,u64)');
  const watching = watch(fd, { readable: true, writable: false }, () => {
    read(fd, count, count.length);
    listener();
  });
  return {
    fd,
    ref: () => watching.ref(),
    unref: () => watching.unref(),
    close() {
      watching.close();
      closeDescriptor(fd);
    },
  };
}

function duplicate(fd: number): number {
  let isFile: boolean;
  try {
    isFile = fstatSync(fd).isFile();
  } catch (error) {
    throw new Error(`watch: ${fd} is not an open descriptor`, { cause: error });
  }
  if (isFile) throw new Error(`watch: descriptor ${fd} is an ordinary file, which is always ready`);
  const duplicateForUsAlone = process.platform === 'darwin' ? 67 : 1030; // F_DUPFD_CLOEXEC
  const copy = native('fcntl', 'i32(i32,i32,...)')(fd, duplicateForUsAlone, 'int', 0) as number;
  if (copy < 0) throw new Error('watch: no descriptor to be had; is the limit of open files reached (ulimit -n)?');
  return copy;
}

const [F_GETFL, F_SETFL] = [3, 4];

/** Of the open file, which the duplicate shares. */
function unblock(fd: number): void {
  const fcntl = native('fcntl', 'i32(i32,i32,...)');
  const flags = fcntl(fd, F_GETFL, 'int', 0) as number;
  if ((flags & constants.O_NONBLOCK) === 0) fcntl(fd, F_SETFL, 'int', flags | constants.O_NONBLOCK);
}

type Poll = NonNullable<ReturnType<typeof descriptorPoll>>;

/** On libuv's own loop. */
class LoopWatch implements Watch {
  readonly #fd: number;
  readonly #listener: WatchListener;
  readonly #handle: ReturnType<Poll>;
  #interest: Readiness;
  #scheduled: Readiness | undefined;
  /** libuv stops a handle whose descriptor has an error. */
  #stopped = false;
  #closed = false;

  constructor(fd: number, poll: Poll, interest: Readiness, listener: WatchListener) {
    this.#fd = fd;
    this.#interest = interest;
    this.#listener = listener;
    this.#handle = poll(fd, interest, this.#came);
    if (!interest.readable && !interest.writable) this.#handle.stop();
  }

  update(interest: Readiness): void {
    if (this.#closed) return;
    const same = interest.readable === this.#interest.readable && interest.writable === this.#interest.writable;
    if (same && !this.#stopped) return;
    this.#interest = { readable: interest.readable, writable: interest.writable };
    this.#stopped = false;
    if (interest.readable || interest.writable) this.#handle.start(this.#interest, this.#came);
    else this.#handle.stop();
  }

  ref(): void {
    if (!this.#closed) this.#handle.ref();
  }

  unref(): void {
    if (!this.#closed) this.#handle.unref();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handle.close();
    closeDescriptor(this.#fd);
  }

  // koffi passes the status and the events, whatever its types say.
  readonly #came = ((status: number, events: Readiness) => {
    this.#stopped = status < 0;
    const first = this.#scheduled === undefined;
    this.#scheduled = status < 0 ? { readable: true, writable: true } : events;
    if (first) setImmediate(this.#deliver);
  }) as unknown as (events: Readiness) => void;

  readonly #deliver = (): void => {
    const ready = this.#scheduled!;
    this.#scheduled = undefined;
    if (this.#closed) return;
    try {
      this.#listener(ready);
    } finally {
      if (this.#stopped) this.update(this.#interest);
    }
  };
}
