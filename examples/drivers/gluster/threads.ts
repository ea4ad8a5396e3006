// Calls of libgfapi in, their results as promises out: on threads of their own (thread.ts), a few for all volumes of the process. A call
// that a server does not answer holds its thread, and another one is started in its place.

import { Worker } from 'node:worker_threads';
import { allocate, bytesAt, free, type Pointer, systemError } from '@dlshim/runtime';
import type { Answer, Argument, Request } from './thread.ts';

/** How many threads call, and how many there may be with those that are late. */
const THREADS = 4;
const MOST = 8;
/** The memory of each, in bytes: what one call reads or writes at most. */
export const TRANSFER = 1 << 20;

export interface GlusterCall<T> {
  readonly syscall: string;
  /** `memory` is C's, TRANSFER bytes of it, and the call's alone until it has returned. */
  readonly args: (memory: Pointer) => readonly Argument[];
  /** Fills the memory before the call. */
  readonly before?: (memory: Uint8Array) => void;
  /** Takes the result, which is neither -1 nor null, and what is in the memory. */
  readonly after: (result: number | bigint, memory: Uint8Array) => T;
  /** For a result that nobody waits for any more. */
  readonly late?: (result: number | bigint) => void;
}

interface Task {
  readonly call: GlusterCall<unknown>;
  readonly settle: (answer: Answer, memory: Uint8Array) => void;
  /** The process goes on for it. */
  readonly isAwaited: boolean;
  /** Its promise has settled: it took too long. */
  isLate: boolean;
}

const threads = new Set<Thread>();
const queue: Task[] = [];

/** Rejects with a system error of C's errno where the result is -1 or null, and with ETIMEDOUT after so many seconds, 0 for never: the call
 *  itself goes on then, and uses nobody's memory but its own. */
export function callGluster<T>(call: GlusterCall<T>, seconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = seconds > 0 ? setTimeout(giveUp, seconds * 1000) : undefined;
    const task: Task = {
      call: call as GlusterCall<unknown>,
      isAwaited: true,
      isLate: false,
      settle(answer, memory) {
        clearTimeout(timer);
        try {
          const result = resultOf(call.syscall, answer);
          if (task.isLate) call.late?.(result);
          else resolve(call.after(result, memory));
        } catch (error) {
          reject(error);
        }
      },
    };
    function giveUp(): void {
      task.isLate = true;
      const at = queue.indexOf(task);
      if (at >= 0) queue.splice(at, 1);
      reject(systemError(110, call.syscall)); // ETIMEDOUT
      // Its thread is as good as gone: what waits may have another.
      for (const thread of threads) thread.release(task);
      next();
    }
    queue.push(task);
    next();
  });
}

/** Resolves when no thread is in a call on this file or volume, the calls included that took too long: it may be closed then. Undefined
 *  where none is. */
export function untilReturned(handle: number | bigint): Promise<void> | undefined {
  if (![...threads].some((thread) => thread.handle === handle)) return undefined;
  return new Promise((resolve) => returning.push({ handle, resolve }));
}

const returning: { readonly handle: number | bigint; readonly resolve: () => void }[] = [];

function tellReturned(): void {
  for (const each of returning.splice(0)) {
    if ([...threads].some((thread) => thread.handle === each.handle)) returning.push(each);
    else each.resolve();
  }
}

/** Calls without waiting: the process does not go on for it. */
export function leaveToGluster(syscall: string, args: readonly Argument[]): void {
  const call = { syscall, args: () => args, after: () => undefined };
  queue.push({ call, settle: () => {}, isAwaited: false, isLate: true });
  next();
}

function resultOf(syscall: string, answer: Answer): number | bigint {
  if ('thrown' in answer) throw new Error(answer.thrown);
  const { result, errno } = answer;
  if (result !== null && Number(result) !== -1) return result;
  throw systemError(errno || 5, syscall); // EIO
}

/** Gives what waits to threads that are free; starts those that are missing. */
function next(): void {
  while (queue.length > 0) {
    const working = [...threads].filter((thread) => !thread.isLate);
    const idle = working.find((thread) => !thread.isBusy);
    if (!idle && (working.length >= THREADS || threads.size >= MOST)) return;
    const thread = idle ?? new Thread();
    threads.add(thread);
    thread.start(queue.shift()!);
  }
}

class Thread {
  readonly #worker: Worker;
  readonly #memory: Pointer = allocate(TRANSFER);
  readonly #bytes: Uint8Array = bytesAt(this.#memory, TRANSFER);
  #task: Task | undefined;
  /** What the call is on: its first argument. */
  #handle: Argument = null;

  constructor() {
    // Without the options of this process, some of which are not for threads.
    this.#worker = new Worker(new URL('./thread.js', import.meta.url), { execArgv: [], name: 'gluster' });
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer) => this.#end(answer));
    this.#worker.on('error', (error) => {
      threads.delete(this);
      this.#end({ thrown: String(error) });
      free(this.#memory);
    });
  }

  get isBusy(): boolean {
    return this.#task !== undefined;
  }

  /** Of the call that it is in, or is about to be. */
  get handle(): Argument {
    return this.#handle;
  }

  get isLate(): boolean {
    return this.#task?.isLate === true;
  }

  start(task: Task): void {
    this.#task = task;
    const { call, isAwaited } = task;
    call.before?.(this.#bytes);
    if (isAwaited) this.#worker.ref();
    const args = call.args(this.#memory);
    this.#handle = args[0] ?? null;
    this.#worker.postMessage({ syscall: call.syscall, args } satisfies Request);
  }

  release(task: Task): void {
    if (this.#task === task) this.#worker.unref();
  }

  #end(answer: Answer): void {
    const task = this.#task;
    this.#task = undefined;
    this.#handle = null;
    this.#worker.unref();
    task?.settle(answer, this.#bytes);
    tellReturned();
    next();
  }
}
