// Addresses and signatures in, the function table out. Slots are getters on a prototype; the first read of one defines an own
// data property that holds the backend's function itself, so that later calls go straight to it with no wrapper in between.
// Names are C's: `__proto__`, `constructor` and `toString` are ordinary slots of an object without a prototype of its own.

import type { Call } from './call.ts';

/** Makes the call of a symbol; may throw an UnsupportedCallError, then and each time the slot is read. */
export type Bind = (symbol: string) => Call;

/** The table of the symbols in `names`; all others read as undefined. */
export function buildTable(names: Iterable<string>, bind: Bind): object {
  return lazyObject(names, (name) => bind(name).sync);
}

/** The same table on the thread pool: each slot returns a promise, which an error of the call rejects. */
export function buildAsyncTable(names: Iterable<string>, bind: Bind): object {
  return lazyObject(names, (name) => {
    const { async } = bind(name);
    return (...args: unknown[]) =>
      new Promise((resolve, reject) => {
        async(args, (outcome) => {
          if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.result);
        });
      });
  });
}

function lazyObject(names: Iterable<string>, make: (name: string) => unknown): object {
  const list = [...names];
  const slots = Object.create(null) as object;
  const table = Object.create(slots) as object;
  // What console.log shows: the names, without binding one.
  Object.defineProperty(slots, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => ({ functions: list }),
  });
  for (const name of list) {
    Object.defineProperty(slots, name, {
      enumerable: true,
      get() {
        const value = make(name);
        Object.defineProperty(table, name, { value, enumerable: true });
        return value;
      },
    });
  }
  return table;
}
