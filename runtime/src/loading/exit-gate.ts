// A worker's native set-up, or its call of C that calls JavaScript back, in; the same out, which the end of the process waits for.
//
// process.exit() stops every worker where it stands. koffi, stopped while it is being set up in a worker, cannot throw any more
// and aborts the whole process (Node-API: napi_throw fails once a thread is being terminated), and so it does between two callbacks of
// one call. With forty workers that start this is nearly every time, with eight that are in such calls one time in four. So the main thread counts who is at it and, on its way out, lets them finish; who comes after that
// waits for its end. The count is in shared memory, which Node hands to every new worker as environment data: the main thread has to
// import the runtime before it starts workers, which every program does that imports a shim at its top.
// A worker.terminate() of the program's own cannot be waited for.

const KEY = '@dlshim/exit-gate/1';
/** Places in the shared memory. */
const AT_WORK = 0;
const CLOSED = 1;
/** In milliseconds, since the last one was done. A set-up takes some; one that a worker.terminate() cut off is never done. */
const LONGEST_WAIT = 1000;

// Loaded in this way it costs nothing more than itself; an import would be resolved first.
const { isMainThread, getEnvironmentData, setEnvironmentData } = process.getBuiltinModule('node:worker_threads');

const gate = (getEnvironmentData(KEY) as Int32Array<SharedArrayBuffer> | undefined) ?? createGate();

function createGate(): Int32Array<SharedArrayBuffer> | undefined {
  if (!isMainThread) return undefined;
  const created = new Int32Array(new SharedArrayBuffer(8));
  setEnvironmentData(KEY, created);
  process.on('exit', () => {
    Atomics.store(created, CLOSED, 1);
    for (;;) {
      const count = Atomics.load(created, AT_WORK);
      if (count === 0 || Atomics.wait(created, AT_WORK, count, LONGEST_WAIT) === 'timed-out') return;
    }
  });
  return created;
}

/** Whether this thread is counted. */
let isAtWork = false;

/** Runs what must not be cut off in the middle. In the main thread nothing can be. */
export function uninterrupted<T>(work: () => T): T {
  if (gate === undefined || isMainThread || isAtWork) return work();
  Atomics.add(gate, AT_WORK, 1);
  try {
    if (Atomics.load(gate, CLOSED) === 1) waitForTheEnd(gate);
    isAtWork = true;
    return work();
  } finally {
    isAtWork = false;
    leave(gate);
  }
}

function waitForTheEnd(closed: Int32Array<SharedArrayBuffer>): void {
  leave(closed);
  Atomics.wait(closed, CLOSED, 1);
  Atomics.add(closed, AT_WORK, 1);
}

function leave(used: Int32Array<SharedArrayBuffer>): void {
  Atomics.sub(used, AT_WORK, 1);
  Atomics.notify(used, AT_WORK);
}
