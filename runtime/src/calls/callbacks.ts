// JavaScript functions in, C functions that call them out: for the time of one call, or until they are released.
//
// Nothing that JavaScript throws, and no result that C's type does not have, reaches koffi, which would leave C's result undefined: C
// gets the zero of its type. The error is that of the call that the callback ran in, where that call takes callbacks; else the listeners'
// (CallbackError).

import type { RecordDescriptor } from '../contract/descriptor.ts';
import type { SignatureNode, TypeNode } from '../contract/signature.ts';
import { allocateMemory, type Binder, freeMemory, viewMemory } from '../ffi.ts';
import { plainRecord, zeroOf, zeroRecord } from './by-value.ts';
import { CallbackError, CallbackLimitError, ReleaseError } from './call-errors.ts';
import {
  type FunctionNode,
  isUnsettled,
  keepBeyond,
  type Scope,
  type Slot,
  SlotPool,
  settle,
  slotAt,
  type Target,
} from './slots.ts';
import { inWords, isThenable, wantedInstead } from './values.ts';

type AnyFunction = (...args: never[]) => unknown;

/** koffi's room for C functions of JavaScript's, in a process. */
const MOST_CALLBACKS = 8192;

/** The synchronous calls of this thread that take callbacks and have not returned, the innermost last. */
const scopes: Scope[] = [];

/** Where errors of callbacks go that ran in no call, and what a trace puts around a callback. */
export interface CallbackHooks {
  report(error: CallbackError): void;
  trace?(label: string, signature: SignatureNode, callback: AnyFunction): AnyFunction;
}

/** The callbacks of one library's table. */
export class Callbacks {
  readonly #library: string;
  readonly #records: Readonly<Record<string, RecordDescriptor>>;
  readonly #hooks: CallbackHooks;
  readonly #pool: SlotPool;

  constructor(
    library: string,
    records: Readonly<Record<string, RecordDescriptor>>,
    binder: Binder,
    hooks: CallbackHooks,
  ) {
    this.#library = library;
    this.#records = records;
    this.#hooks = hooks;
    this.#pool = new SlotPool(binder, (slot, args) => this.#run(slot, args));
  }

  /** A C function of a JavaScript one: valid for one call, whose scope is given, or else until `release`. */
  make(type: FunctionNode, label: string, callback: AnyFunction, scope?: Scope): bigint {
    const library = this.#library;
    if (typeof callback !== 'function') {
      throw new TypeError(`${label} of ${library}: a function is wanted, and got ${inWords(callback)}`);
    }
    const slot = this.#pool.take(type);
    if (!slot) throw new CallbackLimitError(MOST_CALLBACKS, label, { library });
    const { signature } = type;
    const traced = this.#hooks.trace?.(label, signature, callback) ?? callback;
    slot.target = { callback: traced, library, label, signature, scope, strings: undefined, running: 0, ended: false };
    if (!scope) keepBeyond(slot);
    return slot.address;
  }

  /** Ends a function that `make` made. One that is running ends when it has returned. */
  release(pointer: bigint): void {
    const library = this.#library;
    const slot = slotAt(pointer);
    const target = slot?.target;
    if (!slot || !target || target.scope || target.library !== library) {
      throw new ReleaseError(pointer, 'callback() of this library made no function there on this thread', { library });
    }
    if (target.ended) throw new ReleaseError(pointer, `${target.label} has been released already`, { library });
    end(slot);
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
      return this.#result(slot, result);
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
  #result({ target }: Slot, value: unknown): unknown {
    const { label, signature } = target!;
    const type = signature.result;
    // Its rejection would come out of nowhere: it goes where the errors of callbacks go.
    if (isThenable(value)) value.then(undefined, (error: unknown) => this.#report(label, error));
    if (type.kind === 'scalar' && type.name === 'void') return undefined;
    if (type.kind === 'record') return plainRecord(this.#records, type.name, value);
    if (type.kind === 'scalar' && type.name === 'str' && typeof value === 'string') return kept(target!, value);
    const wanted = wantedInstead(type, value);
    if (wanted === undefined) return value;
    throw new TypeError(`${label} of ${this.#library} returned ${inWords(value)}, and C wants ${wanted}`);
  }

  #zero(type: TypeNode): unknown {
    return type.kind === 'record' ? zeroRecord(this.#records, type.name) : zeroOf(type);
  }
}

/** Runs a synchronous call that takes callbacks; throws the first error of one that ran in it. */
export function runInScope<T>(scope: Scope, run: () => T): T {
  scopes.push(scope);
  let result: T;
  try {
    result = run();
  } finally {
    scopes.pop();
    if (isUnsettled()) settle();
  }
  if (scope.thrown) throw scope.thrown.error;
  return result;
}

/** Ends a function of `make`, now or when it has returned. */
export function endCallback(address: bigint): void {
  const slot = slotAt(address);
  if (slot?.target) end(slot);
}

function end(slot: Slot): void {
  const target = slot.target!;
  target.ended = true;
  if (target.running > 0) return;
  for (const address of target.strings?.values() ?? []) freeMemory(address);
  target.strings = undefined;
  slot.pool.put(slot);
}

const encoder = new TextEncoder();

/** A string in C's memory, one copy of each that a callback returns. */
function kept(target: Target, text: string): bigint {
  target.strings ??= new Map();
  let address = target.strings.get(text);
  if (address === undefined) {
    const bytes = encoder.encode(`${text}\0`);
    address = allocateMemory(bytes.length);
    new Uint8Array(viewMemory(address, bytes.length)).set(bytes);
    target.strings.set(text, address);
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
