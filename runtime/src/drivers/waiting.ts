// The steps of loading drivers in; reports of those that take long out, and what somebody waits for who gives up. Timers do not keep the process
// alive. A step that nothing can end any more, because the event loop has run empty, fails: otherwise the program would end without a word.

import { DriverError, faultIn } from './errors.ts';

/** One step of a driver's. */
export interface Step {
  readonly driver: string;
  /** In words, as of now. */
  readonly what: () => string;
  /** performance.now() */
  readonly since: number;
}

/** Node's timers take no more. */
const LONGEST = 2 ** 31 - 1;

/** The steps of all registries, and what ends each: one listener for the process, since Node warns of more than ten. */
const running = new Map<Step, (error: DriverError) => void>();

/** Nothing is left in the event loop that could end a step. */
function giveUp(): void {
  for (const [{ driver, what }, reject] of running) {
    const text = `The driver '${driver}' failed: ${what()} never comes to an end. Nothing is left that it could wait for.`;
    reject(faultIn(driver, text));
  }
}

export class Steps {
  readonly #report: (driver: string, what: string, seconds: number) => void;
  readonly #slow: number;
  readonly #running = new Set<Step>();

  constructor(slow: number, report: (driver: string, what: string, seconds: number) => void) {
    this.#slow = slow;
    this.#report = report;
  }

  /** What a driver is at; the last of several. */
  of(driver: string): Step | undefined {
    return [...this.#running].findLast((step) => step.driver === driver);
  }

  /** Does what is to be done once a step that begins now takes long. Returns what takes it back. */
  whenSlow(work: () => void): () => void {
    if (this.#slow > LONGEST) return () => {};
    const timer = setTimeout(work, this.#slow);
    timer.unref();
    return () => clearTimeout(timer);
  }

  /** Runs a step, and reports it while it takes long. */
  async run<T>(driver: string, what: () => string, work: () => T | Promise<T>): Promise<T> {
    const step: Step = { driver, what, since: performance.now() };
    let timer: NodeJS.Timeout | undefined;
    const wait = (next: number): void => {
      const delay = next - (performance.now() - step.since);
      if (next > LONGEST) return;
      timer = setTimeout(() => {
        this.#report(driver, what(), (performance.now() - step.since) / 1000);
        wait(next * 2);
      }, delay);
      timer.unref();
    };
    wait(this.#slow);
    this.#running.add(step);
    if (running.size === 0) process.on('beforeExit', giveUp);
    try {
      const ended = new Promise<never>((_, reject) => {
        running.set(step, reject);
      });
      return await Promise.race([work(), ended]);
    } finally {
      clearTimeout(timer);
      this.#running.delete(step);
      running.delete(step);
      if (running.size === 0) process.off('beforeExit', giveUp);
    }
  }
}

/** `work`, for somebody who may give up. It goes on by itself. Without a driver: reading a file. */
export async function unlessAborted<T>(
  driver: string | undefined,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  step: () => Step | undefined,
): Promise<T> {
  if (signal === undefined) return work();
  const aborted = (): DriverError => {
    const now = step();
    const waited = now && ` after ${inSeconds((performance.now() - now.since) / 1000)} of ${now.what()}`;
    const remedy = now
      ? 'That goes on by itself, and keeps its thread: process.exit() ends the program all the same.'
      : '';
    const whom = driver === undefined ? 'reading the file' : `the driver '${driver}'`;
    return new DriverError('aborted', driver, `Gave up on ${whom}${waited ?? ''}.`, remedy, signal.reason);
  };
  if (signal.aborted) throw aborted();
  let forget = (): void => {};
  const stopped = new Promise<never>((_, reject) => {
    forget = onAbort(signal, () => reject(aborted()));
  });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    forget();
  }
}

interface Listeners {
  readonly tells: Set<() => void>;
  readonly listener: () => void;
}

/** One listener for each signal, however many wait: Node warns of more than ten. */
const listening = new WeakMap<AbortSignal, Listeners>();

/** Returns what takes it back. */
function onAbort(signal: AbortSignal, tell: () => void): () => void {
  const { tells, listener } = listening.get(signal) ?? listenTo(signal);
  tells.add(tell);
  return () => {
    tells.delete(tell);
    if (tells.size > 0) return;
    signal.removeEventListener('abort', listener);
    listening.delete(signal);
  };
}

function listenTo(signal: AbortSignal): Listeners {
  const tells = new Set<() => void>();
  const listener = (): void => {
    for (const tell of tells) tell();
  };
  signal.addEventListener('abort', listener, { once: true });
  listening.set(signal, { tells, listener });
  return { tells, listener };
}

/** `1.5 s`, `12 s`. */
export function inSeconds(seconds: number): string {
  return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

const KEY = Symbol.for('@dlshim/under-way/1');

/** What it is to open a library, in words: what the loader is at may be another one (loading/load-later.ts). */
export function loadingWords(library: string): string {
  const holder = globalThis as { [KEY]?: { readonly now?: { readonly library: string; readonly file: string } } };
  const now = holder[KEY]?.now;
  if (!now) return `opening ${library}`;
  return now.library === library
    ? `loading ${library} from ${now.file}, whose constructors may be running`
    : `waiting to open ${library}, until ${now.library} is loaded from ${now.file}`;
}
