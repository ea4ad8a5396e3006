// How the event loop fares while something goes on, and garbage collection at will.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Fare {
  /** How often the loop came round. */
  readonly turns: number;
  /** The longest time that it did not, in milliseconds. */
  readonly stall: number;
}

/** Runs `work` beside a timer that wants to run each millisecond. */
export async function watched<T>(work: () => Promise<T>): Promise<Fare & { readonly result: T }> {
  let [turns, stall, last] = [0, 0, performance.now()];
  const turn = (): void => {
    const now = performance.now();
    stall = Math.max(stall, now - last);
    last = now;
    turns++;
  };
  const timer = setInterval(turn, 1);
  try {
    const result = await work();
    turn();
    return { result, turns, stall };
  } finally {
    clearInterval(timer);
  }
}

/** Collects all garbage. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
