// An open image of librbd in, its asynchronous I/O as promises out. Follows <rbd/librbd.h>: rbd_aio_*, rbd_set_image_notification
// and rbd_poll_io_events.
//
// librbd writes to an eventfd for each completion, and the event loop watches it; one rbd_poll_io_events then fetches all that have
// come. Nothing polls, no thread of librbd's ever calls or waits for JavaScript, and a burst of completions costs one turn of the loop.
//
// Memory. C reads and writes your buffers directly, until the promise settles: the address of a buffer does not change while it is
// referenced, and it is referenced here until then. Two things take it away nevertheless, and are yours not to do before that:
// transferring the ArrayBuffer (postMessage, structuredClone, transfer()) and growing a WebAssembly memory under it. A worker's memory
// goes when the worker is terminated, and librbd goes on: there everything is copied through memory of C's.

import { isMainThread } from 'node:worker_threads';
import { allocate, bytesAt, type EventWatch, free, type Pointer, systemError, watchEvents } from '@dlshim/runtime';
import { EVENT_TYPE_EVENTFD, type librbd, type rbd_completion_t, type rbd_image_t } from '../librbd.ts';

type Librbd = ReturnType<typeof librbd.open>;

/** What librbd has taken, or is to take. */
interface Operation {
  readonly syscall: string;
  /** What C uses until it has completed. */
  readonly memory: ArrayBufferView | undefined;
  readonly start: (completion: rbd_completion_t) => number;
  readonly resolve: (result: number) => void;
  readonly reject: (error: unknown) => void;
}

/** How many completions one call fetches, and one turn of the event loop settles. */
const BATCH = 64;

/** The 0 of an operation that has nothing to count is not the caller's to add up. */
const noResult = (): void => {};

/** Memory of C's, and a view of it. */
interface Copy {
  readonly memory: Pointer;
  readonly bytes: Uint8Array;
}

function copyOf(size: number): Copy {
  const memory = allocate(size);
  return { memory, bytes: bytesAt(memory, size) };
}

export interface RbdAioOptions {
  /** How many operations librbd has at a time (128); more wait here. To start one takes librbd 10 to 20 µs of this thread: a loop that
   *  asks for a thousand at once would hold up everything else for as long. */
  readonly depth?: number;
}

/** The I/O of one open image. Offsets and lengths are bytes. Every operation rejects with an Error that has `code` ('ETIMEDOUT'), `errno` and `syscall` where librbd
 *  says no. An image has one of these at a time: librbd has one descriptor for each. The process stays alive while operations are
 *  under way, and not for the object itself. */
export class RbdAio {
  readonly #rbd: Librbd;
  readonly #image: rbd_image_t;
  readonly #events: EventWatch;
  readonly #depth: number;
  readonly #operations = new Map<bigint, Operation>();
  readonly #queue: Operation[] = [];
  /** Memory of C's that is free for other copies, by its size. */
  readonly #spare = new Map<number, Copy[]>();
  readonly #created = new BigUint64Array(1);
  readonly #completed = new BigUint64Array(BATCH);
  #closed = false;
  #idle: (() => void)[] = [];

  /** Takes over the completions of an image. It stays yours to close, after `close()`. */
  constructor(rbd: Librbd, image: rbd_image_t, options: RbdAioOptions = {}) {
    this.#rbd = rbd;
    this.#image = image;
    this.#depth = options.depth ?? 128;
    if (!Number.isInteger(this.#depth) || this.#depth < 1)
      throw new RangeError(`RbdAio: a depth from 1 on is needed, and got ${this.#depth}`);
    this.#events = watchEvents(() => this.#collect());
    this.#events.unref();
    const result = rbd.fn.rbd_set_image_notification(image, this.#events.fd, EVENT_TYPE_EVENTFD);
    if (result < 0) {
      this.#events.close();
      throw systemError(result, 'rbd_set_image_notification');
    }
  }

  /** How many operations are under way, those that wait for librbd included. */
  get pending(): number {
    return this.#operations.size + this.#queue.length;
  }

  /** Fills `buffer` from `offset` on, in bytes; resolves to the number of bytes read, fewer than `buffer.length` only at the end of the image. */
  read(offset: number, buffer: Uint8Array): Promise<number> {
    const { fn } = this.#rbd;
    const { length } = buffer;
    if (length === 0) return this.#nothing('rbd_aio_read');
    const into = (memory: Uint8Array | Pointer, c: rbd_completion_t) =>
      fn.rbd_aio_read(this.#image, offset, length, memory, c);
    if (isMainThread) return this.submit('rbd_aio_read', buffer, (c) => into(buffer, c));
    return this.#copied(length, async ({ memory, bytes }) => {
      const count = await this.submit('rbd_aio_read', undefined, (c) => into(memory, c));
      buffer.set(bytes.subarray(0, count));
      return count;
    });
  }

  /** Writes `buffer` at `offset`, in bytes; resolves to nothing. Do not change it before. librbd writes up to the end of the image, drops what is
   *  beyond without a word, and rejects with EINVAL only where all of it is: `rbd_get_size` tells the size. */
  write(offset: number, buffer: Uint8Array): Promise<void> {
    const { fn } = this.#rbd;
    const { length } = buffer;
    if (length === 0) return this.#nothing('rbd_aio_write').then(noResult);
    const from = (memory: Uint8Array | Pointer, c: rbd_completion_t) =>
      fn.rbd_aio_write(this.#image, offset, length, memory, c);
    if (isMainThread) return this.submit('rbd_aio_write', buffer, (c) => from(buffer, c)).then(noResult);
    return this.#copied(length, ({ memory, bytes }) => {
      bytes.set(buffer);
      return this.submit('rbd_aio_write', undefined, (c) => from(memory, c)).then(noResult);
    });
  }

  /** All writes that have completed are on stable storage when this resolves. */
  flush(): Promise<void> {
    return this.submit('rbd_aio_flush', undefined, (c) => this.#rbd.fn.rbd_aio_flush(this.#image, c)).then(noResult);
  }

  /** Gives back the storage of `length` bytes at byte `offset`. What reads find there later is librbd's to say: zeroes, where whole objects go. */
  discard(offset: number, length: number): Promise<void> {
    const { fn } = this.#rbd;
    return this.submit('rbd_aio_discard', undefined, (c) => fn.rbd_aio_discard(this.#image, offset, length, c)).then(
      noResult,
    );
  }

  /** Any other rbd_aio_* function: `start` calls it with the completion, and returns its result. `memory` is kept alive until the promise
   *  settles, which it does with the operation's result (0 or a number of bytes). In a worker, which may be terminated, memory that
   *  librbd uses must come from `allocate`. */
  submit(
    syscall: string,
    memory: ArrayBufferView | undefined,
    start: (completion: rbd_completion_t) => number,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw systemError(108, syscall); // ESHUTDOWN
      const operation = { syscall, memory, start, resolve, reject };
      if (this.#operations.size < this.#depth) this.#start(operation);
      else this.#queue.push(operation);
    });
  }

  /** Resolves when no operation is under way, whatever became of them. */
  idle(): Promise<void> {
    if (this.pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Waits for what is under way, and takes no more. Close the image after it. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.idle();
  }

  /** Gives back the descriptor: for after rbd_close, which may write to it. */
  dispose(): void {
    this.#closed = true;
    this.#events.close();
    for (const { memory } of [...this.#spare.values()].flat()) free(memory);
    this.#spare.clear();
  }

  /** In memory of C's: that of JavaScript's goes with its worker, and librbd would go on in it. It is used again, with its view: to make one
   *  while the worker is being ended is fatal to the process. */
  async #copied<T>(length: number, work: (copy: Copy) => Promise<T>): Promise<T> {
    const size = 2 ** Math.ceil(Math.log2(length));
    const spare = this.#spare.get(size) ?? [];
    this.#spare.set(size, spare);
    const copy = spare.pop() ?? copyOf(size);
    try {
      return await work(copy);
    } finally {
      if (this.#closed) free(copy.memory);
      else spare.push(copy);
    }
  }

  /** librbd ends the process upon a read of no bytes: an empty buffer has no address. */
  #nothing(syscall: string): Promise<number> {
    return this.#closed ? Promise.reject(systemError(108, syscall)) : Promise.resolve(0);
  }

  #start(operation: Operation): void {
    const { fn } = this.#rbd;
    const made = fn.rbd_aio_create_completion(null, null, this.#created);
    if (made < 0) {
      operation.reject(systemError(made, 'rbd_aio_create_completion'));
      return;
    }
    const completion = this.#created[0]! as rbd_completion_t;
    try {
      const result = operation.start(completion);
      if (result < 0) throw systemError(result, operation.syscall);
    } catch (error) {
      fn.rbd_aio_release(completion);
      operation.reject(error);
      return;
    }
    // Completions are fetched on this thread only: it cannot have been missed.
    if (this.#operations.size === 0) this.#events.ref();
    this.#operations.set(completion, operation);
  }

  /** A late call, by an event that came with completions that had been fetched already, finds nothing under way: the image may be closed by now. */
  #collect(): void {
    if (this.#operations.size === 0) return;
    const count = this.#rbd.fn.rbd_poll_io_events(this.#image, this.#completed, BATCH);
    // librbd has no more to write for those that are left.
    if (count === BATCH) setImmediate(() => this.#collect());
    for (let i = 0; i < count; i++) this.#settle(this.#completed[i]! as rbd_completion_t);
    while (this.#queue.length > 0 && this.#operations.size < this.#depth) this.#start(this.#queue.shift()!);
    if (this.#operations.size > 0) return;
    this.#events.unref();
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #settle(completion: rbd_completion_t): void {
    const { fn } = this.#rbd;
    const operation = this.#operations.get(completion);
    if (!operation) return; // Another user of this image's; not ours to release.
    const result = Number(fn.rbd_aio_get_return_value(completion));
    fn.rbd_aio_release(completion);
    this.#operations.delete(completion);
    if (result < 0) operation.reject(systemError(result, operation.syscall));
    else operation.resolve(result);
  }
}
