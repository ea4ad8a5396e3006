// A worker thread that calls libgfapi: a call's name and arguments in by message, its result and errno out. It has its own thread because
// what libgfapi says of an error stands in errno alone, which is the calling thread's.

import { parentPort } from 'node:worker_threads';
import { errno } from '@dlshim/runtime';
import { libgfapi } from '@dlshim/shims/libgfapi';

export type Argument = string | number | bigint | null;

/** One of libgfapi's functions, by its name in the shim. */
export interface Request {
  readonly syscall: string;
  readonly args: readonly Argument[];
}

export type Answer =
  | { readonly result: number | bigint | null; readonly errno: number }
  /** What the shim has thrown. */
  | { readonly thrown: string };

const { fn } = libgfapi.open();
const functions = fn as unknown as Record<string, (...args: readonly Argument[]) => number | bigint | null>;

parentPort!.on('message', ({ syscall, args }: Request) => {
  let answer: Answer;
  try {
    const result = functions[syscall]!(...args);
    answer = { result, errno: errno() };
  } catch (error) {
    answer = { thrown: String(error) };
  }
  parentPort!.postMessage(answer);
});
