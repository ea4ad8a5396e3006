// How a call of libnfs ended in, an Error out. libnfs has a negative errno, and says in words which status the server gave, as in
// 'NFS4: READ (path /x) failed with NFS4ERR_EXPIRED(-5)'; a socket's error has its number in parentheses. Status names follow RFC 1813
// (2.6) and RFC 7530 (13.1).

import { type SystemError, systemError } from '@dlshim/runtime';

/** A call that failed: a system error with what the server said. */
export interface NfsError extends SystemError {
  /** The server's status: `NFS4ERR_EXPIRED`. */
  readonly status: string | undefined;
}

const [EIO, EAGAIN, EACCES, EBUSY, ENAMETOOLONG, ENOTSUP] = [5, 11, 13, 16, 36, 95];
const [ECONNRESET, ECONNREFUSED, ESTALE, EDQUOT] = [104, 111, 116, 122];

/** Where libnfs has no errno of its own for a status, or one that says something else. */
const STATUS: Readonly<Record<string, number>> = {
  BADHANDLE: ESTALE,
  BADNAME: ENAMETOOLONG,
  DELAY: EAGAIN,
  DQUOT: EDQUOT,
  FHEXPIRED: ESTALE,
  FILE_OPEN: EBUSY,
  GRACE: EAGAIN,
  JUKEBOX: EAGAIN,
  LOCKED: EBUSY,
  NOTSUPP: ENOTSUP,
  SHARE_DENIED: EBUSY,
  STALE: ESTALE,
  WRONGSEC: EACCES,
};

/** What libnfs says where it has no errno: EINTR, EFAULT, ERANGE. */
const NO_REASON: ReadonlySet<number> = new Set([0, 4, 14, 34]);

/** The server has forgotten what was open: it was away, or has not heard of the client for too long. */
const FORGOTTEN = /^NFS4ERR_(EXPIRED|STALE_CLIENTID|STALE_STATEID|BAD_STATEID|OLD_STATEID|ADMIN_REVOKED|BADSESSION)$/;

export function isForgotten({ status }: Partial<NfsError>): boolean {
  return status !== undefined && FORGOTTEN.test(status);
}

/** Of a call; `result` is what it gave, a negative errno or -1, and `text` libnfs' last word. */
export function nfsError(syscall: string, result: number, text: string | null): NfsError {
  const [, status, digits] = /\b((?:NFS[34]|MNT3)ERR_\w+)\((-?\d+)\)/.exec(text ?? '') ?? [];
  const errno = status === undefined ? (result === -1 ? EIO : -result) : Math.abs(Number(digits));
  const known = isForgotten({ status }) ? EIO : STATUS[status?.replace(/^\w+?ERR_/, '') ?? ''];
  return withText(known ?? (NO_REASON.has(errno) ? EIO : errno), syscall, text, status);
}

/** Of the connection: what the socket said, where libnfs says it. Since 6.0 it does not: what cannot connect then is ECONNREFUSED, and what
 *  could ECONNRESET. */
export function connectionError(syscall: string, text: string | null, isConnecting: boolean): NfsError {
  const [, shown, named] = /\((\d+)\)|errno:(\d+)/.exec(text ?? '') ?? [];
  return withText(Number(shown ?? named ?? (isConnecting ? ECONNREFUSED : ECONNRESET)), syscall, text, undefined);
}

function withText(errno: number, syscall: string, text: string | null, status: string | undefined): NfsError {
  const error = systemError(errno, syscall);
  if (text) error.message += `: ${text.trim()}`;
  return Object.assign(error, { status });
}
