// How a transfer of libcurl's ended in, an Error out. Codes as Node's own have them, the words libcurl's. Follows libcurl-errors(3).

import { type SystemError, systemError } from '@dlshim/runtime';
import {
  CURLE_BAD_FUNCTION_ARGUMENT,
  CURLE_COULDNT_CONNECT,
  CURLE_COULDNT_RESOLVE_HOST,
  CURLE_COULDNT_RESOLVE_PROXY,
  CURLE_FILESIZE_EXCEEDED,
  CURLE_GOT_NOTHING,
  CURLE_HTTP2,
  CURLE_HTTP2_STREAM,
  CURLE_INTERFACE_FAILED,
  CURLE_LOGIN_DENIED,
  CURLE_NOT_BUILT_IN,
  CURLE_OPERATION_TIMEDOUT,
  CURLE_OUT_OF_MEMORY,
  CURLE_PARTIAL_FILE,
  CURLE_RECV_ERROR,
  CURLE_REMOTE_ACCESS_DENIED,
  CURLE_SEND_ERROR,
  CURLE_TOO_MANY_REDIRECTS,
  CURLE_UNKNOWN_OPTION,
  CURLE_UNSUPPORTED_PROTOCOL,
  CURLE_URL_MALFORMAT,
} from '../libcurl.ts';

/** A transfer that failed: a system error with what libcurl says besides. */
export interface CurlError extends SystemError {
  /** CURLE_*. */
  readonly curl: number;
}

const [EIO, ENOMEM, EACCES, EINVAL, EFBIG, ELOOP] = [5, 12, 13, 22, 27, 40];
const [EPROTO, ENOTSUP, ECONNRESET, ETIMEDOUT, ECONNREFUSED] = [71, 95, 104, 110, 111];
/** A name that nobody knows, which the C library has no error number for; of libuv, negative as Node has it. */
const ENOTFOUND = { code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo' };

/** All of TLS, by number, for not every version has a name for each: connecting, certificates and who vouches for them (51 and 60 were two, and
 *  are one since 7.62), engines, ciphers, revocation, pinned keys. */
const TLS: readonly number[] = [35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98];

/** Makes one; `words` are libcurl's, of the error buffer where it has any; `os` is the socket's errno, 0 for none. */
export function curlError(syscall: string, curl: number, words: string, os = 0): CurlError {
  const name = nameError(curl);
  const error = name ?? systemError(errnoOf(curl, os), syscall);
  error.message += `: ${words}`;
  return Object.assign(error, { curl });
}

function nameError(curl: number): SystemError | undefined {
  if (curl !== CURLE_COULDNT_RESOLVE_HOST && curl !== CURLE_COULDNT_RESOLVE_PROXY) return undefined;
  return Object.assign(new Error('ENOTFOUND: unknown node or service, getaddrinfo'), ENOTFOUND);
}

function errnoOf(curl: number, os: number): number {
  if (TLS.includes(curl)) return EPROTO;
  switch (curl) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
      return os > 0 ? os : ECONNREFUSED;
    case CURLE_OPERATION_TIMEDOUT:
      return ETIMEDOUT;
    // What had begun to come ends before its end.
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return os > 0 ? os : ECONNRESET;
    case CURLE_REMOTE_ACCESS_DENIED:
    case CURLE_LOGIN_DENIED:
      return EACCES;
    case CURLE_TOO_MANY_REDIRECTS:
      return ELOOP;
    case CURLE_FILESIZE_EXCEEDED:
      return EFBIG;
    case CURLE_OUT_OF_MEMORY:
      return ENOMEM;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_NOT_BUILT_IN:
    case CURLE_UNKNOWN_OPTION:
      return ENOTSUP;
    case CURLE_URL_MALFORMAT:
    case CURLE_BAD_FUNCTION_ARGUMENT:
      return EINVAL;
    default:
      return EIO;
  }
}
