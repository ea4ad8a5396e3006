// Error numbers of C in, names and Errors as Node's own out. Follows errno(3) and node's `os.constants.errno`, which has the numbers of
// this platform; their texts are libuv's, as in Node's own errors.

import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { currentErrno } from './ffi.ts';

/** C's errno of this thread. It is that of the last call through a shim's `fn` only directly behind that call, before anything else is
 *  called or awaited: Node's own work sets it too. A function sets it where it fails, as its manual says, and leaves it alone where it
 *  succeeds. Calls on the thread pool (`async`) have that of their own thread, which is lost. */
export function errno(): number {
  return currentErrno();
}

let names: ReadonlyMap<number, string> | undefined;

/** The name of an error number: `ETIMEDOUT` for 110, and for -110, which many libraries return. Undefined for one without a name. */
export function errnoName(code: number): string | undefined {
  names ??= namesByNumber();
  return names.get(Math.abs(code));
}

/** Where two names are one number, EAGAIN and EWOULDBLOCK, the first stands. */
function namesByNumber(): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const [name, number] of Object.entries(constants.errno)) if (!found.has(number)) found.set(number, name);
  // What libuv names and os.constants does not; from 3000 on are numbers of libuv's own.
  for (const [number, [name]] of getSystemErrorMap()) {
    if (-number < 3000 && !found.has(-number)) found.set(-number, name);
  }
  return found;
}

/** An Error with what Node's own system errors have. */
export interface SystemError extends Error {
  /** `ETIMEDOUT`; `UNKNOWN` where the number has no name. */
  readonly code: string;
  /** The negative number, as Node has it. */
  readonly errno: number;
  /** The call that failed. */
  readonly syscall: string;
}

/** An Error of an error number, as Node's own have it: `systemError(result, 'rbd_read')` for a result of -110 (or 110) is an Error
 *  `ETIMEDOUT: connection timed out, rbd_read` with `code`, `errno` and `syscall`. Throws a RangeError for 0, which is no error, and for
 *  what is no integer. */
export function systemError(code: number, syscall: string): SystemError {
  if (!Number.isInteger(code) || code === 0)
    throw new RangeError(`systemError takes the number of an error, and got ${code}`);
  const number = -Math.abs(code);
  const name = errnoName(code);
  const words = wordsOf(name) ?? `system error ${number}`;
  const error = new Error(`${name ?? 'UNKNOWN'}: ${words}, ${syscall}`);
  // The trace begins where the error is made.
  Error.captureStackTrace?.(error, systemError);
  return Object.assign(error, { errno: number, code: name ?? 'UNKNOWN', syscall });
}

function wordsOf(name: string | undefined): string | undefined {
  for (const [own, words] of getSystemErrorMap().values()) if (own === name) return words;
  return undefined;
}
