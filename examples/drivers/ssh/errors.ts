// What libssh and an SFTP server say in, Errors with a code such as Node's own have out. Follows draft-ietf-secsh-filexfer-02, section 7.

import {
  type libssh,
  SSH_FX_CONNECTION_LOST,
  SSH_FX_FILE_ALREADY_EXISTS,
  SSH_FX_INVALID_HANDLE,
  SSH_FX_NO_CONNECTION,
  SSH_FX_NO_SUCH_FILE,
  SSH_FX_NO_SUCH_PATH,
  SSH_FX_OP_UNSUPPORTED,
  SSH_FX_PERMISSION_DENIED,
  SSH_FX_WRITE_PROTECT,
  type ssh_session,
} from '@dlshim/shims/libssh';

export type Libssh = ReturnType<typeof libssh.open>;

/** `status` is there where the server said no (SSH_FX_…). */
export type SshError = Error & { readonly code: string; readonly syscall: string; readonly status?: number };

export function sshError(code: string, message: string, syscall: string): SshError {
  return Object.assign(new Error(`${message} (${code}, ${syscall})`), { code, syscall });
}

/** What strerror(3) says, which is all that libssh passes on. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/authentication failures/i, 'EACCES'],
  [/connection refused/i, 'ECONNREFUSED'],
  [/no route to host/i, 'EHOSTUNREACH'],
  [/network is unreachable/i, 'ENETUNREACH'],
  [/timed out|timeout/i, 'ETIMEDOUT'],
  [/resolve hostname/i, 'ENOTFOUND'],
  [/reset by peer|broken pipe|disconnected|remote channel is closed|\beof\b|error on socket/i, 'ECONNRESET'],
];

/** Why a call of libssh failed. */
export function sessionError(ssh: Libssh, session: ssh_session, name: string, syscall: string): SshError {
  const words = ssh.fn.ssh_get_error(session) || 'libssh does not say why';
  const code = WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? 'EIO';
  return sshError(code, `${name}: ${words}`, syscall);
}

const CODES: Readonly<Record<number, string>> = {
  [SSH_FX_NO_SUCH_FILE]: 'ENOENT',
  [SSH_FX_PERMISSION_DENIED]: 'EACCES',
  [SSH_FX_NO_CONNECTION]: 'ECONNRESET',
  [SSH_FX_CONNECTION_LOST]: 'ECONNRESET',
  [SSH_FX_OP_UNSUPPORTED]: 'ENOTSUP',
  [SSH_FX_INVALID_HANDLE]: 'EBADF',
  [SSH_FX_NO_SUCH_PATH]: 'ENOENT',
  [SSH_FX_FILE_ALREADY_EXISTS]: 'EEXIST',
  [SSH_FX_WRITE_PROTECT]: 'EROFS',
};

/** Why the server refused a request: its own words, and the code that comes nearest. Most of what goes wrong has none of its own: EIO. */
export function statusError(status: number, words: string, name: string, syscall: string): SshError {
  const message = `${name}: the server says: ${words || `status ${status}`}`;
  return Object.assign(sshError(CODES[status] ?? 'EIO', message, syscall), { status });
}
