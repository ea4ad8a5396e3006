// A library to load in, a promise of it out, while the event loop turns: the loader works on the thread pool. Follows dlopen(3), exit(3).
//
// One at a time: the loader has one lock, and a library whose constructor does not return would take one thread of the pool after the other
// with those that wait for it. The same lock is taken by exit(3), and libuv waits there for its pool: while a library is being loaded, the
// process ends without either. What ends it is looked up before, which takes the lock too.
//
// Not in workers: only the main thread ends the process, and it may have nothing at hand that could. Not where the platform has no
// `loadLater`. There it is loaded at once.

import { isMainThread } from 'node:worker_threads';
import type { ShimDescriptor } from '../contract/descriptor.ts';
import { systemLoader } from '../ffi.ts';
import { exitPromptly, type Reason } from './exit.ts';
import { type LoadRequest, loadSteps } from './loader.ts';
import type { Resident } from './residency.ts';

/** What is being loaded, for those who report that it takes long. */
export interface UnderWay {
  readonly library: string;
  readonly file: string;
}

/** This thread's, of all installed copies of the runtime. Read by drivers/waiting.ts, too, which does not import this. */
interface Turn {
  now: UnderWay | undefined;
  last: Promise<unknown>;
}

const KEY = Symbol.for('@dlshim/under-way/1');

function turn(): Turn {
  const holder = globalThis as { [KEY]?: Turn };
  holder[KEY] ??= { now: undefined, last: Promise.resolve() };
  return holder[KEY];
}

const EXIT: Reason = { isNeeded: () => false, mayHang: () => turn().now !== undefined };

/** Whether this thread can load without waiting for the loader. */
export function canLoadLater(): boolean {
  return isMainThread && systemLoader().loadLater !== undefined;
}

/** Loads a library to stay, when it is its turn, and hands it to `use`, which may ask the loader for symbols: the next one comes after that.
 *  Nothing is loaded if it `isThere` by then; `before` is what to ask the loader first. Rejects with a ShimError. */
export function loadLater<T>(
  descriptor: ShimDescriptor,
  request: LoadRequest,
  { isThere, before }: { readonly isThere: () => boolean; readonly before: () => void },
  use: (loaded: Resident | undefined) => T,
): Promise<T> {
  const used = turn().last.then(async () => {
    if (isThere()) return use(undefined);
    before();
    return use(await loadNow(descriptor, request));
  });
  turn().last = used.catch(() => {});
  return used;
}

async function loadNow(descriptor: ShimDescriptor, request: LoadRequest): Promise<Resident> {
  const { library } = descriptor;
  const platform = systemLoader();
  exitPromptly(EXIT);
  const steps = loadSteps(descriptor, request);
  let step = steps.next();
  while (!step.done) {
    const { file, path } = step.value;
    turn().now = { library, file: path ?? file };
    try {
      step = steps.next(await platform.loadLater!(file, step.value));
    } finally {
      turn().now = undefined;
    }
  }
  return step.value;
}
