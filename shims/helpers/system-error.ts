// An errno in, an Error as Node's own out.

import { getSystemErrorName } from 'node:util';

/** An error of the system's: `code` ('ETIMEDOUT'), `errno` (negative, as Node's) and `syscall`, the C function that said it. */
export interface SystemError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
}

/** Makes one of a positive errno. */
export function systemError(errno: number, syscall: string): SystemError {
  const known = getSystemErrorName(-errno);
  const code = /^E[A-Z0-9]+$/.test(known) ? known : `errno ${errno}`;
  return Object.assign(new Error(`${code}: ${syscall}`), { code, errno: -errno, syscall });
}
