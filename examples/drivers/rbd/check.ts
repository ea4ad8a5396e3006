// A result of librados or librbd in, an error out where it is one. They return a negative errno, or 0 and up.

import { systemError } from '@dlshim/runtime';

/** Throws a system error of the call; `what` says what it was about. */
export function check(result: number, syscall: string, what?: string): void {
  if (result >= 0) return;
  const error = systemError(result, syscall);
  if (what !== undefined) error.message += `: ${what}`;
  throw error;
}
