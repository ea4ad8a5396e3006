// A call whose C function takes functions in, one that takes JavaScript's functions out: each becomes a C function for the time of
// the call. An error of one is the call's error, once C has returned: thrown, or a rejection. Calls that take none stay as they are.

import type { SignatureNode } from '../contract/signature.ts';
import { uninterrupted } from '../loading/exit-gate.ts';
import type { Call, NativeCall, Outcome } from './call.ts';
import { type Callbacks, endCallback, runInScope } from './callbacks.ts';
import type { FunctionNode, Scope } from './slots.ts';

/** Whether C's function has a parameter that is a function: only such calls get anything around them. */
export function takesCallbacks({ parameters }: SignatureNode): boolean {
  return parameters.some(({ kind }) => kind === 'function');
}

/** Wraps a call that `takesCallbacks`. */
export function withCallbacks(call: NativeCall, callbacks: Callbacks, symbol: string, signature: SignatureNode): Call {
  const places = signature.parameters.flatMap((type, index) =>
    type.kind === 'function' ? [{ index, type, label: labelOf(symbol, index) }] : [],
  );

  function lower(args: unknown[], scope: Scope): bigint[] {
    const made: bigint[] = [];
    try {
      for (const { index, type, label } of places) {
        const callback = args[index];
        if (typeof callback !== 'function') continue;
        const pointer = callbacks.make(type as FunctionNode, label, callback as () => unknown, scope);
        made.push(pointer);
        args[index] = pointer;
      }
    } catch (error) {
      made.forEach(endCallback);
      throw error;
    }
    return made;
  }

  return {
    sync: (...args) =>
      uninterrupted(() => {
        const scope: Scope = { thrown: undefined };
        const made = lower(args, scope);
        try {
          return runInScope(scope, () => call.sync(...args));
        } finally {
          made.forEach(endCallback);
        }
      }),
    async: (given, done) => {
      const scope: Scope = { thrown: undefined };
      let made: bigint[] = [];
      const prepare = (waited: readonly unknown[]) => {
        const args = [...waited];
        made = lower(args, scope);
        return args;
      };
      const end = (outcome: Outcome) => {
        made.forEach(endCallback);
        done(scope.thrown ?? outcome);
      };
      call.async(given, end, prepare);
    },
  };
}

/** What a callback is called in messages: its parameter, from 0. */
export function labelOf(symbol: string, parameter: number): string {
  return `the callback for parameter ${parameter} of ${symbol}`;
}
