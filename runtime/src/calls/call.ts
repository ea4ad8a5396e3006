// A function of the backend in, one call of it in two ways out: on this thread, and on the thread pool. What callbacks, checking
// and tracing add is put around such a call; where nothing is added, `sync` is the backend's own function.
//
// Asynchronous calls share libuv's thread pool, and the memory of pending ones comes out of what koffi keeps for callbacks from
// foreign threads too, of which too many would end the process. So only some are handed over at a time, first come, first served.

/** A function of the backend: callable, and on the thread pool with a Node-style callback as last argument. */
export interface NativeFunction {
  (...args: unknown[]): unknown;
  async(...args: unknown[]): void;
}

/** How an asynchronous call ended. */
export type Outcome = { readonly result: unknown } | { readonly error: unknown };

export interface Call {
  readonly sync: (...args: unknown[]) => unknown;
  /** Throws, or hands the error over, where the arguments are wrong. */
  readonly async: (args: readonly unknown[], done: (outcome: Outcome) => void) => void;
}

/** How many asynchronous calls of a thread are with the backend at a time: at least as many as the pool has threads, and few against
 *  the 4,096 that koffi has room for. */
const ASYNC_LIMIT = Math.max(256, Math.min(1024, Number(process.env.UV_THREADPOOL_SIZE) || 0));

/** A call of nothing but the backend's function. */
export interface NativeCall extends Call {
  /** `prepare` makes of the arguments what the backend takes, once the call's turn has come. */
  readonly async: (args: readonly unknown[], done: (outcome: Outcome) => void, prepare?: Prepare) => void;
}

type Prepare = (args: readonly unknown[]) => readonly unknown[];

export function callOf(native: NativeFunction): NativeCall {
  return {
    sync: native,
    async: (args, done, prepare) => {
      waiting.push({ native, args, done, prepare });
      advance();
    },
  };
}

interface Pending {
  readonly native: NativeFunction;
  readonly args: readonly unknown[];
  readonly done: (outcome: Outcome) => void;
  readonly prepare: Prepare | undefined;
}

/** Whether an asynchronous call of this thread has not ended. */
export function isAnyRunning(): boolean {
  return running > 0;
}

let running = 0;
let waiting: Pending[] = [];
let first = 0;
let advancing = false;

function advance(): void {
  if (advancing) return;
  advancing = true;
  while (running < ASYNC_LIMIT && first < waiting.length) {
    const pending = waiting[first++]!;
    if (first >= 1024 || first === waiting.length) {
      waiting = waiting.slice(first);
      first = 0;
    }
    start(pending);
  }
  advancing = false;
}

/** The closures keep the arguments, and so the memory behind them, alive until the call has ended. */
function start({ native, args, done, prepare }: Pending): void {
  running++;
  let ended = false;
  const end = (outcome: Outcome) => {
    if (ended) return;
    ended = true;
    running--;
    done(outcome);
    advance();
  };
  try {
    native.async(...(prepare?.(args) ?? args), (error: unknown, result: unknown) =>
      end(error ? { error } : { result }),
    );
  } catch (error) {
    end({ error });
  }
}
