// Calls in, the same calls out with one line on stderr for each: `DLSHIM_TRACE=1`, `DLSHIM_TRACE=librbd,librados`, `open({ trace: true })`.
//
//   dlshim librbd.rbd_open(rados_ioctx_t:0x5591, "disk0", [rbd_image_t:0x55a2], null) = 0 [1.203 ms, thread 0]
//   dlshim librbd.rbd_read(rbd_image_t:0x55a2, 0, 512, <512 bytes: 48 65 6c …>) = -108 (-ESHUTDOWN?) [0.020 ms, thread 0]
//   dlshim librbd.rbd_flush#7(rbd_image_t:0x55a2) started [thread 0]
//   dlshim librbd.rbd_flush#7(rbd_image_t:0x55a2) = 0 [3.100 ms, thread 0]
//   dlshim librbd the callback for parameter 1 of rbd_aio_create_completion(0x7f01, null) = undefined [0.040 ms, thread 0]
//   dlshim librbd.rbd_read(…) ! ArgumentError: … [0.001 ms, thread 0]
//
// The line of a call is written when it has ended, so that it shows what C has written; of an asynchronous call one with the same number
// when it starts, and with `DLSHIM_TRACE_STARTS=1` of any call: the last line then is the call that crashed. Written at once (write(2)), so that it is there when C crashes; a line is never split by another of this thread.

import { writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import type { Call, Outcome } from '../calls/call.ts';
import { thrownInWords } from '../calls/values.ts';
import type { RecordDescriptor } from '../contract/descriptor.ts';
import type { SignatureNode } from '../contract/signature.ts';
import { keepErrno } from '../ffi.ts';
import { createShow, type Show } from './trace-values.ts';

type AnyFunction = (...args: never[]) => unknown;

/** Puts the trace around the calls and callbacks of one library. */
export interface Tracer {
  call(call: Call, symbol: string, signature: SignatureNode): Call;
  callback(label: string, signature: SignatureNode, callback: AnyFunction): AnyFunction;
}

let asyncCalls = 0;

export function createTracer(library: string, records: Readonly<Record<string, RecordDescriptor>>): Tracer {
  const show = createShow(records);
  const showArguments: Show['showArguments'] = (...about) => safely(() => show.showArguments(...about));
  const showResult: Show['showResult'] = (...about) => safely(() => show.showResult(...about));
  const showStarts = process.env.DLSHIM_TRACE_STARTS === '1';

  function ended(
    what: string,
    signature: SignatureNode,
    args: readonly unknown[],
    since: number,
    outcome: Outcome,
  ): void {
    const took = `${(performance.now() - since).toFixed(3)} ms`;
    keepErrno(() => {
      const result =
        'error' in outcome ? `! ${firstLine(outcome.error)}` : `= ${showResult(signature.result, outcome.result)}`;
      write(
        `dlshim ${library}${what}(${showArguments(signature, args, 'after')}) ${result} [${took}, thread ${threadId}]`,
      );
    });
  }

  function started(what: string, signature: SignatureNode, args: readonly unknown[]): void {
    keepErrno(() => {
      write(`dlshim ${library}${what}(${showArguments(signature, args, 'before')}) started [thread ${threadId}]`);
    });
  }

  function timed<T>(what: string, signature: SignatureNode, args: readonly unknown[], run: () => T): T {
    if (showStarts) started(what, signature, args);
    const since = performance.now();
    try {
      const result = run();
      ended(what, signature, args, since, { result });
      return result;
    } catch (error) {
      ended(what, signature, args, since, { error });
      throw error;
    }
  }

  return {
    call: (call, symbol, signature) => ({
      sync: (...args) => timed(`.${symbol}`, signature, args, () => call.sync(...args)),
      async: (args, done) => {
        const what = `.${symbol}#${++asyncCalls}`;
        const since = performance.now();
        started(what, signature, args);
        const end = (outcome: Outcome) => {
          ended(what, signature, args, since, outcome);
          done(outcome);
        };
        try {
          call.async(args, end);
        } catch (error) {
          ended(what, signature, args, since, { error });
          throw error;
        }
      },
    }),
    callback:
      (label, signature, callback) =>
      (...args) =>
        timed(` ${label}`, signature, args, () => Reflect.apply(callback, undefined, args)),
  };
}

function firstLine(error: unknown): string {
  return thrownInWords(error).split('\n', 1)[0]!;
}

/** Values may have getters that throw; a trace must not fail a call. */
function safely(show: () => string): string {
  try {
    return show();
  } catch {
    return '<cannot be shown>';
  }
}

const RETRIES = 100;

/** One line to stderr. Where that is a pipe which is full, it is tried again for a moment, and then dropped: a trace must not fail a call. */
function write(line: string): void {
  let rest = Buffer.from(`${line.replace(/[\r\n]+/g, ' ')}\n`);
  for (let attempt = 0; rest.length > 0 && attempt < RETRIES; attempt++) {
    try {
      rest = rest.subarray(writeSync(2, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
