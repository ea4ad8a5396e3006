// What a test pretends of a library in, what open() and inspect() then find out: another version, fewer functions, a refusal, or
// functions of the test's own. Kept apart from what is real: a pretence has tables of its own, and what is resident stays as it is.

import type { NativeFunction } from './calls/call.ts';
import { ReleaseError } from './calls/call-errors.ts';
import type { ShimDescriptor } from './contract/descriptor.ts';
import type { LoadRequest } from './loading/loader.ts';
import type { Registry, Resident } from './loading/residency.ts';

type AnyFunction = (...args: never[]) => unknown;

/** A pretence that is in force. */
export interface Pretence extends Pick<Registry, 'residents' | 'tables'> {
  /** What stands for the library; throws what open() is to throw. */
  load(descriptor: ShimDescriptor, request: LoadRequest): Resident;
  /** Whether the library itself is behind it. */
  readonly isReal?: boolean;
}

/** What a resident library is pretended to be. */
export interface Disguise {
  /** Functions and symbols that it does not have. */
  readonly without: ReadonlySet<string>;
  readonly version: string | undefined;
  /** The known version that it is taken for, with that one's layouts and signatures. */
  readonly like: string | undefined;
  /** Where there is no library: what is there instead. */
  readonly functions: Readonly<Record<string, AnyFunction>> | undefined;
}

const KEY = Symbol.for('@dlshim/pretences/1');

/** All pretences of this thread by library, the latest last. Two installed copies of the runtime share them. */
export function pretences(): Map<string, Pretence[]> {
  const holder = globalThis as { [KEY]?: Map<string, Pretence[]> };
  holder[KEY] ??= new Map();
  return holder[KEY];
}

/** The pretence about a library that is in force. */
export function pretenceOf(library: string): Pretence | undefined {
  return (globalThis as { [KEY]?: Map<string, Pretence[]> })[KEY]?.get(library)?.at(-1);
}

/** A function of the test's as the backend would have it. One that the shim requires and the test has not given throws when called. */
export function standIn(library: string, { functions }: Disguise, symbol: string): NativeFunction {
  const given = functions && Object.hasOwn(functions, symbol) ? functions[symbol] : undefined;
  const run: AnyFunction =
    given ??
    (() => {
      throw new Error(`${symbol} of ${library} was called, and pretend() was given no such function`);
    });
  const call = (...args: unknown[]) => Reflect.apply(run, undefined, args);
  return Object.assign(call, {
    async(...args: unknown[]) {
      const done = args.pop() as (error: unknown, result?: unknown) => void;
      const later = async () => Reflect.apply(run, undefined, args);
      setImmediate(() => later().then((result) => done(null, result), done));
    },
  });
}

const standIns = new Map<bigint, AnyFunction>();
let next = 0x1000n;

/** What stands for the C functions that callbacks are made into: addresses at which nothing is. */
export class StandInCallbacks {
  readonly #library: string;

  constructor(library: string) {
    this.#library = library;
  }

  make(_type: unknown, label: string, callback: AnyFunction): bigint {
    if (typeof callback !== 'function') throw new TypeError(`${label} of ${this.#library}: a function is wanted`);
    next += 16n;
    standIns.set(next, callback);
    return next;
  }

  release(pointer: bigint): void {
    if (standIns.delete(pointer)) return;
    throw new ReleaseError(pointer, 'callback() has made no function there, or it was released', {
      library: this.#library,
    });
  }
}

/** The JavaScript function that a stand-in's address stands for. */
export function standInAt(pointer: bigint): AnyFunction | undefined {
  return standIns.get(pointer);
}
