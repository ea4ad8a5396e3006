// Whether C may still call JavaScript in, an end of the process that survives such calls out. Node takes the thread down on which callbacks
// run, and koffi aborts where a foreign thread calls one after that. `process.exit()` ends the process without taking anything down, and
// without waiting for what the event loop still had to do; in the 'exit' event there is nothing of that kind left. Follows _exit(2).

import { isMainThread } from 'node:worker_threads';
import { processFunction } from '../ffi.ts';

let watching = !isMainThread;

/** Ends the process as `process.exit()` does, behind all other listeners of its 'exit' event, if `isNeeded` then. If it `mayHang`, because a
 *  thread of the pool may be in a callback that has no thread to run on any more, and libuv waits for that one, the process ends at once,
 *  without the handlers of atexit(3). Not in workers, whose end is not the process's. */
export function exitPromptly(isNeeded: () => boolean, mayHang: () => boolean): void {
  if (watching) return;
  watching = true;
  let leaving = false;
  const leave = (code: number): void => {
    if (process.platform !== 'win32' && mayHang()) processFunction('_exit', 'void(i32)')(code);
    if (leaving || !isNeeded()) return;
    leaving = true;
    process.exit(code);
  };
  process.on('exit', leave);
  process.on('newListener', (event, listener) => {
    if (event !== 'exit' || listener === leave) return;
    // It is added after this; ours goes behind it.
    queueMicrotask(() => {
      process.off('exit', leave);
      process.on('exit', leave);
    });
  });
}
