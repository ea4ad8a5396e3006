// Whether C may still call JavaScript in, an end of the process that survives such calls out. Node takes the thread down on which callbacks
// run, and koffi aborts where a foreign thread calls one after that. `process.exit()` ends the process without taking anything down, and
// without waiting for what the event loop still had to do; in the 'exit' event there is nothing of that kind left. Follows _exit(2).
//
// An uncaught error comes to the 'exit' event before Node prints it, and ends the process as `process.exit()` does by itself.

import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { processFunction } from '../ffi.ts';

/** Why the process might not end, or not well. */
export interface Reason {
  readonly isNeeded: () => boolean;
  readonly mayHang: () => boolean;
}

const reasons = new Set<Reason>();
/** Looked up when there is a first reason: the loader may be at work when the process ends, and lets nobody look anything up. */
let end: ((code: number) => unknown) | undefined;

/** Ends the process as `process.exit()` does, behind all other listeners of its 'exit' event, if `isNeeded` then. If it `mayHang`, because a
 *  thread of the pool may be in a callback that has no thread to run on any more, or in a constructor that does not return, and libuv waits for
 *  that one, the process ends at once, without the handlers of atexit(3). Not in workers, whose end is not the process's. */
export function exitPromptly(reason: Reason): void {
  if (!isMainThread || reasons.has(reason)) return;
  reasons.add(reason);
  if (reasons.size > 1) return;
  if (process.platform !== 'win32') end = processFunction('_exit', 'void(i32)');
  let leaving = false;
  let uncaught: { readonly error: unknown } | undefined;
  process.on('uncaughtExceptionMonitor', (error) => {
    const isCaught = process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback();
    uncaught = isCaught ? undefined : { error };
  });
  const leave = (code: number): void => {
    if (end && [...reasons].some(({ mayHang }) => mayHang())) {
      runBehind(leave, code);
      if (uncaught) print(uncaught.error);
      end(code);
    }
    if (leaving || uncaught || code === UNCAUGHT_IN_HANDLER || ![...reasons].some(({ isNeeded }) => isNeeded())) return;
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

/** Listeners that were added just before the process ended, when there was no time to go behind them. */
function runBehind(leave: NodeJS.ExitListener, code: number): void {
  const listeners = process.listeners('exit');
  for (const listener of listeners.slice(listeners.indexOf(leave) + 1)) listener.call(process, code);
}

/** Node's exit code where a handler of uncaught errors has thrown: it prints that one, too. */
const UNCAUGHT_IN_HANDLER = 7;

/** What Node would have printed behind the 'exit' event. */
function print(error: unknown): void {
  const text = `Uncaught ${inspect(error)}\n\nNode.js ${process.version}\n`;
  try {
    writeSync(2, text);
  } catch {
    // Nobody reads it.
  }
}
