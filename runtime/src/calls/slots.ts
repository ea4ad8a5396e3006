// Prototypes in, C functions out that koffi has registered for them and that are used again and again: what a callback is made of. koffi
// has 8,192 of them for the whole process. Everything here belongs to one thread. Follows koffi's sources (RegisterCallback,
// RelayCallback, UnregisterCallback).
//
// A slot that is put back is used again only when there are enough others of its prototype, so that a C library that calls too late
// mostly reaches a slot which knows that it has ended. Given back to koffi, the same call would be a crash.

import { isMainThread } from 'node:worker_threads';
import type { SignatureNode, TypeNode } from '../contract/signature.ts';
import type { Binder } from '../ffi.ts';
import { exitPromptly, type Reason } from '../loading/exit.ts';
import { isAnyRunning } from './call.ts';

export type FunctionNode = TypeNode & { kind: 'function' };
type AnyFunction = (...args: never[]) => unknown;

/** One call that runs callbacks: the first error of one of them. */
export interface Scope {
  thrown: { readonly error: unknown } | undefined;
}

/** Whom a slot stands for. */
export interface Target {
  readonly callback: AnyFunction;
  readonly library: string;
  /** For messages. */
  readonly label: string;
  readonly signature: SignatureNode;
  /** The call that it is valid for; undefined for a registered one. */
  readonly scope: Scope | undefined;
  /** Strings that it has returned, in C's memory. */
  strings: Map<string, bigint> | undefined;
  running: number;
  ended: boolean;
}

/** A C function, for the time being of one callback. */
export interface Slot {
  address: bigint;
  readonly pool: SlotPool;
  readonly type: FunctionNode;
  readonly call: AnyFunction;
  target: Target | undefined;
  /** Made while a callback ran. koffi notes which part of its stack is free when a function is registered, and takes a call from further
   *  up that stack for one from elsewhere: JavaScript would run on koffi's stack, which ends in a RangeError. */
  shallow: boolean;
}

/** How many of a prototype stay idle before the longest idle one is used again, and how many are kept at most. A worker keeps none:
 *  koffi never gets back what a terminated worker had. */
const SPARE = isMainThread ? 16 : 0;
const MOST_IDLE = isMainThread ? 64 : 0;
/** How many a thread has before it keeps no more idle ones: others of the process need theirs. */
const MANY = 2048;

/** Every slot of this thread that is in use or idle, by its address. */
const slots = new Map<bigint, Slot>();
const pools = new Set<SlotPool>();
/** To be given back, or to be made anew, once no callback runs. */
const unused: Slot[] = [];
const shallow = new Set<Slot>();
/** How many callbacks are running, each within the one before. */
let depth = 0;

/** The slot behind an address, if it is one of this thread's. */
export function slotAt(address: bigint): Slot | undefined {
  return slots.get(address);
}

const EXIT: Reason = { isNeeded: isAnyKept, mayHang: () => isAnyRunning() && isAnyLive() };

/** The slots of one table. `run` is what C calls. */
export class SlotPool {
  readonly #binder: Binder;
  readonly #run: (slot: Slot, args: unknown[]) => unknown;
  readonly #idle = new Map<string, Slot[]>();

  constructor(binder: Binder, run: (slot: Slot, args: unknown[]) => unknown) {
    this.#binder = binder;
    this.#run = run;
    pools.add(this);
  }

  /** A slot that stands for nothing yet; undefined where the process has no more. */
  take(type: FunctionNode): Slot | undefined {
    watchExit();
    exitPromptly(EXIT);
    const isFirst = !this.#idle.has(type.text);
    const idle = this.#idle.get(type.text) ?? [];
    this.#idle.set(type.text, idle);
    if (idle.length > (depth > 0 ? 0 : SPARE)) return idle.shift();
    const slot = this.#create(type) ?? idle.shift() ?? (freeOne() ? this.#create(type) : undefined);
    // One more of a kind, for callbacks that are made while one runs.
    if (slot && isFirst && SPARE > 0 && depth === 0) {
      const spare = this.#create(type);
      if (spare) idle.push(spare);
    }
    return slot;
  }

  /** Takes a slot back. */
  put(slot: Slot): void {
    if (slot.shallow) {
      giveBackLater(slot);
      return;
    }
    const idle = this.#idle.get(slot.type.text)!;
    idle.push(slot);
    if (idle.length > MOST_IDLE || slots.size > MANY) giveBackLater(idle.shift()!);
  }

  /** Gives one idle slot back to koffi. */
  freeOne(): boolean {
    for (const idle of this.#idle.values()) {
      const slot = idle.shift();
      if (!slot) continue;
      slots.delete(slot.address);
      this.giveBack(slot);
      return true;
    }
    return false;
  }

  giveBack(slot: Slot): void {
    this.#binder.unregister(slot.address);
  }

  /** Registers a slot again, now that no callback runs: koffi uses the place that was freed last. */
  renew(slot: Slot): void {
    this.giveBack(slot);
    const address = this.#binder.register(slot.type, slot.call);
    slot.shallow = false;
    if (address === slot.address) return;
    // Another thread was faster. What C has is gone; the callback lives where it can be released.
    slots.delete(slot.address);
    slot.address = address;
    slots.set(address, slot);
  }

  #create(type: FunctionNode): Slot | undefined {
    const slot: Slot = {
      address: 0n,
      pool: this,
      type,
      call: (...args: unknown[]) => {
        depth++;
        try {
          return this.#run(slot, args);
        } finally {
          depth--;
        }
      },
      target: undefined,
      shallow: depth > 0,
    };
    try {
      slot.address = this.#binder.register(type, slot.call);
    } catch (error) {
      if (error instanceof Error && /^Too many callbacks/.test(error.message)) return undefined;
      throw error;
    }
    slots.set(slot.address, slot);
    return slot;
  }
}

/** To be called for a slot that C keeps: beyond the callback that made it, perhaps, and until the process ends. */
export function keepBeyond(slot: Slot): void {
  if (!slot.shallow) return;
  shallow.add(slot);
  queueMicrotask(settle);
}

function isAnyKept(): boolean {
  for (const { target } of slots.values()) if (target && !target.scope && !target.ended) return true;
  return false;
}

function isAnyLive(): boolean {
  for (const { target } of slots.values()) if (target && !target.ended) return true;
  return false;
}

/** Does what had to wait until no callback runs. */
export function settle(): void {
  if (depth > 0) {
    setImmediate(settle);
    return;
  }
  for (const slot of unused.splice(0)) slot.pool.giveBack(slot);
  for (const slot of shallow) if (slots.get(slot.address) === slot) slot.pool.renew(slot);
  shallow.clear();
}

/** Whether there is anything for `settle` to do now. */
export function isUnsettled(): boolean {
  return depth === 0 && shallow.size > 0;
}

/** Gives a slot back to koffi once this turn of the event loop is over: koffi may still be returning from it. */
function giveBackLater(slot: Slot): void {
  slots.delete(slot.address);
  shallow.delete(slot);
  if (unused.push(slot) === 1) setImmediate(settle);
  // A thread whose event loop does not turn would keep them all from the others.
  else if (unused.length >= 64 && depth === 0) settle();
}

function freeOne(): boolean {
  const before = unused.length;
  if (depth === 0) settle();
  if (before > unused.length) return true;
  for (const pool of pools) if (pool.freeOne()) return true;
  return false;
}

let watching = isMainThread;

/** A worker that ends gives its slots back; C must not call them any more in any case. */
function watchExit(): void {
  if (watching) return;
  watching = true;
  process.once('exit', () => {
    for (const slot of [...unused.splice(0), ...slots.values()]) {
      // A thread of the pool may be in the call that it is for.
      const isInUse = slot.target?.scope !== undefined && !slot.target.ended && isAnyRunning();
      if (!isInUse) slot.pool.giveBack(slot);
    }
    slots.clear();
  });
}
