// Descriptors in, calls of their listeners out, without libuv's poll handles: one poll(2) call over all of them, on one thread of the
// pool, that an eventfd(2) wakes when something changes. For workers, and where koffi has no event loop to watch with (Bun, Deno).
// Follows poll(2).

import { readSync, writeSync } from 'node:fs';
import type { NativeFunction } from '../calls/call.ts';
import { processFunction } from '../ffi.ts';

/** What to wait for, or what has come. */
export interface Readiness {
  readonly readable: boolean;
  readonly writable: boolean;
}

/** A descriptor that is being watched. */
export interface Watch {
  /** Waits for something else from now on; for neither, it is silent until the next update. */
  update(interest: Readiness): void;
  /** The process stays alive for this watch: as it is from the start. */
  ref(): void;
  /** The process may end although this watch is open. */
  unref(): void;
  /** Ends it. The listener is not called any more, not even for what has come already. */
  close(): void;
}

/** The listener of a watch. An error of the descriptor counts as both, so that the next read or write of the library meets it. */
export type WatchListener = (ready: Readiness) => void;

const bound = new Map<string, NativeFunction>();

/** A function of the C library, bound once per thread. */
export function native(name: string, signature: string): NativeFunction {
  const known = bound.get(name) ?? processFunction(name, signature);
  bound.set(name, known);
  return known;
}

/** A new eventfd(2), non-blocking, at 0. */
export function eventDescriptor(): number {
  const fd = native('eventfd', 'i32(u32,i32)')(0, 0o2000000 | 0o4000 /* EFD_CLOEXEC | EFD_NONBLOCK */) as number;
  if (fd < 0) throw new Error('eventfd: no descriptor to be had; is the limit of open files reached (ulimit -n)?');
  return fd;
}

/** Closes what node:fs has not opened, of which it would warn in a worker. */
export function closeDescriptor(fd: number): void {
  native('close', 'i32(i32)')(fd);
}

const POLLIN = 1;
const POLLOUT = 4;
/** How long the process may be busy elsewhere before watches that do not keep it alive are looked at, in milliseconds. */
const IDLE_LOOK = 100;

/** How long the pool's thread waits at a time, in milliseconds: a process or a worker cannot end before it is back. */
const WAIT = 250;

const watches = new Set<PoolWatch>();
let wake: number | undefined;
let waiting = false;
let timer: NodeJS.Timeout | undefined;

/** One descriptor of the set. It owns the descriptor. */
export class PoolWatch implements Watch {
  readonly fd: number;
  readonly listener: WatchListener;
  interest: Readiness;
  referenced = true;

  constructor(fd: number, interest: Readiness, listener: WatchListener) {
    this.fd = fd;
    this.listener = listener;
    this.interest = interest;
    watches.add(this);
    changed();
  }

  update(interest: Readiness): void {
    this.interest = { readable: interest.readable, writable: interest.writable };
    changed();
  }

  ref(): void {
    this.referenced = true;
    changed();
  }

  unref(): void {
    this.referenced = false;
    changed();
  }

  close(): void {
    if (!watches.delete(this)) return;
    closeDescriptor(this.fd);
    changed();
  }
}

function changed(): void {
  if (waiting) writeSync(wake!, ONE);
  else wait();
}

// What eventfd(2) adds.
const ONE = new Uint8Array(new BigUint64Array([1n]).buffer);

/** Waits on the pool where a watch keeps the process alive; else it looks now and then. */
function wait(): void {
  clearTimeout(timer);
  const list = [...watches].filter(({ interest }) => interest.readable || interest.writable);
  if (list.length === 0) return;
  const poll = native('poll', 'i32(ptr,u64,i32)');
  const set = pollSet(list);
  if (!list.some(({ referenced }) => referenced)) {
    timer = setTimeout(() => {
      poll(set, list.length, 0);
      deliver(list, set);
    }, IDLE_LOOK).unref();
    return;
  }
  wake ??= eventDescriptor();
  const entry = new DataView(set.buffer, 8 * list.length);
  entry.setInt32(0, wake, true);
  entry.setInt16(4, POLLIN, true);
  waiting = true;
  const returned = (): void => {
    waiting = false;
    if (entry.getInt16(6, true) !== 0) readSync(wake!, new Uint8Array(8));
    deliver(list, set);
  };
  // What a listener throws would still be pending in koffi at its next call.
  poll.async(set, list.length + 1, WAIT, () => setImmediate(returned));
}

/** struct pollfd: int fd, short events, short revents; one more than there are watches, for the wake. */
function pollSet(list: readonly PoolWatch[]): Uint8Array<ArrayBuffer> {
  const set = new DataView(new ArrayBuffer(8 * (list.length + 1)));
  for (const [i, { fd, interest }] of list.entries()) {
    set.setInt32(8 * i, fd, true);
    set.setInt16(8 * i + 4, (interest.readable ? POLLIN : 0) | (interest.writable ? POLLOUT : 0), true);
  }
  return new Uint8Array(set.buffer);
}

function deliver(list: readonly PoolWatch[], set: Uint8Array<ArrayBuffer>): void {
  const view = new DataView(set.buffer);
  try {
    for (const [i, watch] of list.entries()) {
      const came = view.getInt16(8 * i + 6, true);
      if (came === 0 || !watches.has(watch)) continue;
      const broken = (came & ~(POLLIN | POLLOUT)) !== 0;
      watch.listener({ readable: broken || (came & POLLIN) !== 0, writable: broken || (came & POLLOUT) !== 0 });
    }
  } finally {
    if (!waiting) wait();
  }
}
