// What went wrong in or around a call in, one typed error out: callbacks that throw, are released wrongly or are too many; arguments
// that C would not survive. Errors of loading are in errors.ts.

import { type ErrorFacts, ShimError } from '../errors.ts';
import { thrownInWords } from './values.ts';

/** A callback has failed outside of any call that could throw its error: on a foreign thread's call, or from the event loop. Its
 *  `cause` is what was thrown. C got the zero of its result's type. */
export class CallbackError extends ShimError {
  override readonly name: string = 'CallbackError';
  /** Which callback, in words. */
  readonly callback: string;
  constructor(callback: string, cause: unknown, facts: ErrorFacts) {
    super('DLSHIM_CALLBACK', `${callback} of ${facts.library} failed: ${thrownInWords(cause)}`, facts);
    this.callback = callback;
    this.cause = cause;
  }
}

/** There are as many C functions of JavaScript's as there can be. */
export class CallbackLimitError extends ShimError {
  override readonly name: string = 'CallbackLimitError';
  constructor(limit: number, callback: string, { library }: ErrorFacts) {
    const what = `${callback} of ${library} cannot be made: ${limit} callbacks are alive, and a process has room for no more.`;
    super('DLSHIM_CALLBACK_LIMIT', what, { library, remedy: 'Release those that C does not call any more.' });
  }
}

/** `release` was given what is no live callback. */
export class ReleaseError extends ShimError {
  override readonly name: string = 'ReleaseError';
  /** What was given. */
  readonly pointer: unknown;
  constructor(pointer: unknown, why: string, { library }: ErrorFacts) {
    const shown = typeof pointer === 'bigint' ? `0x${pointer.toString(16)}` : String(pointer);
    const remedy = 'Release what callback() returned, once, on the thread that made it.';
    super('DLSHIM_RELEASE', `${library}: ${shown} cannot be released: ${why}.`, { library, remedy });
    this.pointer = pointer;
  }
}

/** An argument that C would read wrongly or not survive; thrown where a library is opened with `check`, before C is called. */
export class ArgumentError extends ShimError {
  override readonly name: string = 'ArgumentError';
  readonly symbol: string;
  /** Which parameter, from 0; undefined where it is about their number. */
  readonly parameter: number | undefined;
  /** What the parameter takes. */
  readonly wanted: string;
  constructor(symbol: string, parameter: number | undefined, wanted: string, got: string, facts: ErrorFacts) {
    const where = parameter === undefined ? symbol : `${symbol}, parameter ${parameter} (from 0)`;
    super('DLSHIM_ARGUMENT', `${where} of ${facts.library}: wanted ${wanted}, and got ${got}.`, facts);
    this.symbol = symbol;
    this.parameter = parameter;
    this.wanted = wanted;
  }
}
