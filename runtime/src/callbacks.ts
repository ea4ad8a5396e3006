// JavaScript functions in, C functions that call them out: for the time of one call, or until they are released.
//
// What C calls is always a slot: a function that koffi has registered for one prototype, and that asks whom it stands for now. A
// slot outlives what it stands for and is used again later, so that a C library which calls too late gets a zero and the
// program an error, where a freed one would be a crash. Nothing that JavaScript throws reaches koffi, which would leave C's result
// undefined: C gets the zero of its type, and the error goes where the call is, or to the listeners (call-errors.ts).

import { isMainThread } from 'node:worker_threads';
import { plainRecord, zeroOf, zeroRecord } from './by-value.ts';
import { CallbackError, CallbackLimitError, ReleaseError } from './call-errors.ts';
import type { RecordDescriptor } from './descriptor.ts';
import { allocateMemory, type Binder, freeMemory, viewMemory } from './ffi.ts';
import type { SignatureNode, TypeNode } from './signature.ts';
import { inWords, isThenable, wantedInstead } from './values.ts';

export type FunctionNode = TypeNode & { kind: 'function' };
type AnyFunction = (...args: never[]) => unknown;

/** One call that runs callbacks: the first error of one of them. */
export interface Scope {
  thrown: { readonly error: unknown } | undefined;
}

/** Whom a slot stands for. */
interface Target {
  readonly callback: AnyFunction;
  /** For messages: `parameter 1 of rbd_aio_create_completion`. */
  readonly label: string;
  readonly signature: SignatureNode;
  /** The call that it is valid for; undefined for a registered one. */
  readonly scope: Scope | undefined;
  /** Strings that it has returned, in C's memory. */
  readonly strings: Map<string, bigint>;
  running: number;
  ended: boolean;
}

interface Slot {
  readonly address: bigint;
  readonly owner: Callbacks;
  readonly text: string;
  target: Target | undefined;
}

/** The synchronous calls of this thread that take callbacks and have not returned, the innermost last. */
const scopes: Scope[] = [];
/** Every slot of this thread by its address, of all libraries. */
const slots = new Map<bigint, Slot>();
/** Idle slots are used again when there are so many of their prototype, the longest idle one first. A worker keeps none: koffi does
 *  not get them back when it is terminated. */
const SPARE = isMainThread ? 16 : 0;
const MOST_IDLE = isMainThread ? 64 : 0;
/** koffi's functions are so many, in the whole process. */
export const MOST_CALLBACKS = 8192;

/** Where errors of callbacks go that ran in no call, and what a trace puts around a callback. */
export interface CallbackHooks {
  report(error: CallbackError): void;
  trace?(label: string, signature: SignatureNode, callback: AnyFunction): AnyFunction;
}

/** The callbacks of one library's table. */
export class Callbacks {
  readonly #library: string;
  readonly #records: Readonly<Record<string, RecordDescriptor>>;
  readonly #binder: Binder;
  readonly #hooks: CallbackHooks;
  readonly #idle = new Map<string, Slot[]>();

  constructor(
    library: string,
    records: Readonly<Record<string, RecordDescriptor>>,
    binder: Binder,
    hooks: CallbackHooks,
  ) {
    this.#library = library;
    this.#records = records;
    this.#binder = binder;
    this.#hooks = hooks;
    tables.add(this);
  }

  /** A C function of a JavaScript one: valid for one call, whose scope is given, or else until `release`. */
  make(type: FunctionNode, label: string, callback: AnyFunction, scope?: Scope): bigint {
    if (typeof callback !== 'function') {
      throw new TypeError(`${label} of ${this.#library}: a function is wanted, and got ${inWords(callback)}`);
    }
    const { signature } = type;
    const slot = this.#slot(type, label);
    const traced = this.#hooks.trace?.(label, signature, callback) ?? callback;
    slot.target = { callback: traced, label, signature, scope, strings: new Map(), running: 0, ended: false };
    return slot.address;
  }

  /** Ends a function that `make` made. One that is running ends when it has returned. */
  release(pointer: bigint): void {
    const slot = slots.get(pointer);
    const target = slot?.target;
    if (!slot || !target || target.scope || slot.owner.#library !== this.#library) {
      throw new ReleaseError(pointer, 'callback() has made no function there on this thread', {
        library: this.#library,
      });
    }
    if (target.ended) {
      throw new ReleaseError(pointer, `${target.label} has been released already`, { library: this.#library });
    }
    end(slot);
  }

  #slot(type: FunctionNode, label: string): Slot {
    watchExit();
    const idle = this.#idle.get(type.text) ?? [];
    if (idle.length > SPARE) return idle.shift()!;
    for (;;) {
      try {
        const call = (...args: unknown[]) => this.#run(slot, args);
        const slot: Slot = {
          address: this.#binder.register(type, call),
          owner: this,
          text: type.text,
          target: undefined,
        };
        slots.set(slot.address, slot);
        return slot;
      } catch (error) {
        if (!(error instanceof Error && /^Too many callbacks/.test(error.message))) throw error;
        const again = idle.shift();
        if (again) return again;
        if (!forgetIdle()) throw new CallbackLimitError(MOST_CALLBACKS, label, { library: this.#library });
      }
    }
  }

  /** What C calls. It never throws, and returns what koffi can convert. */
  #run(slot: Slot, args: unknown[]): unknown {
    const target = slot.target!;
    const { signature, label } = target;
    if (target.ended) {
      const when = target.scope ? 'the call that it was passed to had returned' : 'it had been released';
      this.#report(label, new Error(`C called it after ${when}`));
      return this.#zero(signature.result);
    }
    const scope = target.scope ?? scopes.at(-1);
    if (scope?.thrown) return this.#zero(signature.result);
    target.running++;
    try {
      const result: unknown = Reflect.apply(target.callback, undefined, unsigned(signature, args));
      return this.#result(target, result);
    } catch (error) {
      if (scope) scope.thrown = { error };
      else this.#report(label, error);
      return this.#zero(signature.result);
    } finally {
      target.running--;
      if (target.ended) end(slot);
    }
  }

  #report(label: string, cause: unknown): void {
    this.#hooks.report(new CallbackError(label, cause, { library: this.#library }));
  }

  /** The result as koffi takes it; throws where it is not of C's type. */
  #result(target: Target, value: unknown): unknown {
    const { label, signature } = target;
    const type = signature.result;
    // Its rejection would come out of nowhere: it goes where the errors of callbacks go.
    if (isThenable(value)) value.then(undefined, (error: unknown) => this.#report(label, error));
    if (type.kind === 'scalar' && type.name === 'void') return undefined;
    if (type.kind === 'record') return plainRecord(this.#records, type.name, value);
    if (type.kind === 'scalar' && type.name === 'str' && typeof value === 'string') return kept(target.strings, value);
    const wanted = wantedInstead(type, value);
    if (wanted === undefined) return value;
    throw new TypeError(`${label} of ${this.#library} returned ${inWords(value)}, and C wants ${wanted}`);
  }

  #zero(type: TypeNode): unknown {
    return type.kind === 'record' ? zeroRecord(this.#records, type.name) : zeroOf(type);
  }

  /** Puts a slot aside, to be used again. */
  park(slot: Slot): void {
    const idle = this.#idle.get(slot.text) ?? [];
    this.#idle.set(slot.text, idle);
    idle.push(slot);
    if (idle.length > MOST_IDLE) this.#forget(idle.shift()!);
  }

  /** Gives one idle slot back to koffi, at once. */
  forgetIdle(): boolean {
    for (const idle of this.#idle.values()) {
      const slot = idle.shift();
      if (!slot) continue;
      slots.delete(slot.address);
      this.#binder.unregister(slot.address);
      return true;
    }
    return false;
  }

  /** Gives a slot back to koffi once this turn of the event loop is over: koffi may still be returning from it. */
  #forget(slot: Slot): void {
    slots.delete(slot.address);
    forgotten.push(slot);
    if (forgotten.length === 1) setImmediate(forgetAll);
  }

  /** Gives a slot back to koffi for good. */
  unregister(slot: Slot): void {
    this.#binder.unregister(slot.address);
  }
}

const tables = new Set<Callbacks>();
const forgotten: Slot[] = [];

function forgetAll(): void {
  for (const slot of forgotten.splice(0)) slot.owner.unregister(slot);
}

function forgetIdle(): boolean {
  forgetAll();
  for (const table of tables) if (table.forgetIdle()) return true;
  return false;
}

let watching = isMainThread;

/** A worker that ends gives its functions back; C must not call them any more in any case. */
function watchExit(): void {
  if (watching) return;
  watching = true;
  process.once('exit', () => {
    forgetAll();
    for (const slot of slots.values()) slot.owner.unregister(slot);
    slots.clear();
  });
}

/** Runs a synchronous call that takes callbacks; throws the first error of one that ran in it. */
export function runInScope<T>(scope: Scope, run: () => T): T {
  scopes.push(scope);
  let result: T;
  try {
    result = run();
  } finally {
    scopes.pop();
  }
  if (scope.thrown) throw scope.thrown.error;
  return result;
}

/** Ends a function of `make`, now or when it has returned. */
export function endCallback(address: bigint): void {
  const slot = slots.get(address);
  if (slot?.target) end(slot);
}

function end(slot: Slot): void {
  const target = slot.target!;
  target.ended = true;
  if (target.running > 0) return;
  for (const address of target.strings.values()) freeMemory(address);
  target.strings.clear();
  slot.owner.park(slot);
}

const encoder = new TextEncoder();

/** A string in C's memory, one copy of each that a callback returns. */
function kept(strings: Map<string, bigint>, text: string): bigint {
  let address = strings.get(text);
  if (address === undefined) {
    const bytes = encoder.encode(`${text}\0`);
    address = allocateMemory(bytes.length);
    new Uint8Array(viewMemory(address, bytes.length)).set(bytes);
    strings.set(text, address);
  }
  return address;
}

/** koffi hands 64-bit unsigned arguments over as signed ones. */
function unsigned({ parameters }: SignatureNode, args: unknown[]): unknown[] {
  for (let index = 0; index < parameters.length; index++) {
    const type = parameters[index]!;
    if (type.kind !== 'scalar' || type.name !== 'u64') continue;
    const value = args[index];
    if (typeof value === 'bigint' || typeof value === 'number') {
      if (value < 0) args[index] = shorten(BigInt.asUintN(64, BigInt(value)));
    }
  }
  return args;
}

function shorten(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
