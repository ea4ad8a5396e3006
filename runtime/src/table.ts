// Names and a way to bind them in, the function table out. The first read of a slot defines an own data property that holds the
// backend's function itself, so that later calls go straight to it with no wrapper in between. Until then a slot is nothing:
// the table's prototype is a proxy that answers for all of them, so that a table of 5,000 functions costs no more than one of five.
// Names are C's: `__proto__`, `constructor` and `toString` are ordinary slots of an object without a prototype of its own.

import type { Call } from './calls/call.ts';

/** Makes the call of a symbol; may throw an UnsupportedCallError, then and each time the slot is read. */
export type Bind = (symbol: string) => Call;

/** The names that a table has slots for. */
export interface Slots {
  has(name: string): boolean;
  names(): string[];
}

/** The table of the symbols in `slots`; all others read as undefined. */
export function buildTable(slots: Slots, bind: Bind): object {
  return lazyObject(slots, (name) => bind(name).sync);
}

/** The same table on the thread pool: each slot returns a promise, which an error of the call rejects. */
export function buildAsyncTable(slots: Slots, bind: Bind): object {
  return lazyObject(slots, (name) => {
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

function lazyObject(slots: Slots, make: (name: string) => unknown): object {
  const isSlot = (name: string | symbol): name is string => typeof name === 'string' && slots.has(name);
  const unbound = new Proxy(Object.create(null) as object, {
    get(_, name) {
      // What console.log shows: the names, without binding one.
      if (name === Symbol.for('nodejs.util.inspect.custom')) return () => ({ functions: slots.names() });
      if (!isSlot(name)) return undefined;
      const value = make(name);
      Object.defineProperty(table, name, { value, enumerable: true });
      return value;
    },
    has: (_, name) => isSlot(name),
    ownKeys: () => slots.names(),
    // For a `for` loop over the names, which reads no value.
    getOwnPropertyDescriptor: (_, name) =>
      isSlot(name) ? { value: undefined, enumerable: true, configurable: true } : undefined,
    set: () => false,
  });
  const table = Object.create(unbound) as object;
  return table;
}
