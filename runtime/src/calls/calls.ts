// Bound functions of a library in, its calls out, with what belongs around them: callbacks where a function takes any, then checks,
// then the trace, of which the last two only where the mode says so. Without any of them a call is the backend's function itself.

import type { ShimDescriptor } from '../contract/descriptor.ts';
import { parseSignature } from '../contract/signature.ts';
import { withChecks } from '../debug/check.ts';
import type { Modes } from '../debug/modes.ts';
import { createTracer } from '../debug/trace.ts';
import type { Binder } from '../ffi.ts';
import { StandInCallbacks } from '../pretence.ts';
import { type Call, callOf, type NativeFunction } from './call.ts';
import { Callbacks } from './callbacks.ts';
import { ErrorEvents } from './error-events.ts';
import { passesUnions, withUnionViews } from './union-views.ts';
import { takesCallbacks, withCallbacks } from './with-callbacks.ts';

/** A function of the backend, and the signature that it was bound with. */
export interface Bound {
  readonly native: NativeFunction;
  readonly signature: string;
}

export interface Calls {
  readonly bind: (symbol: string) => Call;
  /** The call of a function that is in no table; `name` is for messages. */
  readonly wrap: (name: string, bound: Bound) => Call;
  readonly callbacks: Pick<Callbacks, 'make' | 'release'>;
  readonly events: ErrorEvents;
}

/** The calls of one table. `bindNative` may throw, each time a slot is read. Without a backend, callbacks are the functions themselves. */
export function createCalls(
  descriptor: ShimDescriptor,
  binder: Binder | undefined,
  modes: Modes,
  bindNative: (symbol: string) => Bound,
): Calls {
  const { library, records } = descriptor;
  const events = new ErrorEvents();
  const tracer = modes.trace ? createTracer(library, records) : undefined;
  const report = events.emit.bind(events);
  const native =
    binder && new Callbacks(library, records, binder, tracer ? { report, trace: tracer.callback } : { report });
  const callbacks = native ?? new StandInCallbacks(library);
  const known = new Map<string, Call>();

  function wrap(symbol: string, { native: bound, signature: text }: Bound): Call {
    const plain = callOf(bound);
    if (!/fn<|\{/.test(text) && !modes.check && !tracer) return plain;
    const signature = parseSignature(text);
    let call: Call = native && takesCallbacks(signature) ? withCallbacks(plain, native, symbol, signature) : plain;
    if (modes.check) call = withChecks(call, descriptor, symbol, signature);
    if (native && passesUnions(signature, descriptor.records)) {
      call = withUnionViews(call, symbol, signature, descriptor.records);
    }
    return tracer ? tracer.call(call, symbol, signature) : call;
  }

  function bind(symbol: string): Call {
    const call = known.get(symbol) ?? wrap(symbol, bindNative(symbol));
    known.set(symbol, call);
    return call;
  }

  return { bind, wrap, callbacks, events };
}
