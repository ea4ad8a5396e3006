// Errors that no call can throw in, to whoever listens: the 'error' event of a loaded library. Follows Node's EventEmitter: an error
// that nobody listens to is an uncaughtException.

import type { CallbackError } from './call-errors.ts';

type Listener = (error: CallbackError) => void;

/** The listeners of one table. */
export class ErrorEvents {
  readonly #listeners: Listener[] = [];

  on(event: string, listener: Listener): void {
    this.#check(event);
    if (typeof listener !== 'function') throw new TypeError("on('error', listener) takes a function");
    this.#listeners.push(listener);
  }

  /** Removes the latest that was added of a listener, if any. */
  off(event: string, listener: Listener): void {
    this.#check(event);
    const index = this.#listeners.lastIndexOf(listener);
    if (index >= 0) this.#listeners.splice(index, 1);
  }

  /** Tells all listeners. Never throws: C is waiting for the caller. */
  emit(error: CallbackError): void {
    if (this.#listeners.length === 0) uncaught(error);
    for (const listener of [...this.#listeners]) {
      try {
        listener(error);
      } catch (thrown) {
        uncaught(thrown);
      }
    }
  }

  #check(event: string): void {
    if (event !== 'error') throw new TypeError(`a loaded library has the event 'error', and not '${event}'`);
  }
}

function uncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
