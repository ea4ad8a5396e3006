// A server whose key is right, and what the user has for it, in; a session that it has let in out. Follows RFC 4252: a key, or keys that an
// agent has, and then a password.

import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Cell } from '@dlshim/runtime';
import {
  SSH_AUTH_AGAIN,
  SSH_AUTH_DENIED,
  SSH_AUTH_ERROR,
  SSH_AUTH_INFO,
  SSH_AUTH_METHOD_HOSTBASED,
  SSH_AUTH_METHOD_INTERACTIVE,
  SSH_AUTH_METHOD_PASSWORD,
  SSH_AUTH_METHOD_PUBLICKEY,
  SSH_AUTH_PARTIAL,
  SSH_AUTH_SUCCESS,
  type ssh_key,
} from '@dlshim/shims/libssh';
import { type SshError, sessionError, sshError } from './errors.ts';
import type { Handshake } from './handshake.ts';
import type { SshOptions } from './options.ts';

type Credentials = Pick<SshOptions, 'identity' | 'passphrase' | 'password' | 'agent'>;

/** Keys that are looked for where none is named, as ssh(1) has them. */
const IDENTITIES = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** Rejects with EACCES where the server takes nothing of what there is. */
export async function authenticate(handshake: Handshake, credentials: Credentials): Promise<void> {
  const { ssh, session, name } = handshake;
  const tried: string[] = [];
  /** Whether the server lets us in now. */
  const attempt: Attempt = async (what, syscall, start, run = () => handshake.call(SSH_AUTH_AGAIN, start)) => {
    tried.push(what);
    const result = await run();
    if (result === SSH_AUTH_ERROR) throw sessionError(ssh, session, `${name}: ${what}`, syscall);
    if (result === SSH_AUTH_PARTIAL) tried.push('(which it takes, and wants another one besides)');
    return result === SSH_AUTH_SUCCESS;
  };

  if (await attempt('no credentials', 'ssh_userauth_none', () => ssh.async.ssh_userauth_none(session, null))) return;
  tried.length = 0;
  const methods = ssh.fn.ssh_userauth_list(session, null);
  if ((methods & SSH_AUTH_METHOD_PUBLICKEY) !== 0 && (await offerKeys(handshake, credentials, attempt))) return;
  const { password } = credentials;
  const now = ssh.fn.ssh_userauth_list(session, null);
  if (password !== undefined && (now & SSH_AUTH_METHOD_PASSWORD) !== 0) {
    const start = () => ssh.async.ssh_userauth_password(session, null, password);
    if (await attempt('the password', 'ssh_userauth_password', start)) return;
  } else if (password !== undefined && (now & SSH_AUTH_METHOD_INTERACTIVE) !== 0) {
    const start = () => ssh.async.ssh_userauth_kbdint(session, null, null);
    const answering = () => answerAll(handshake, start, password);
    if (await attempt('the password as the answer', 'ssh_userauth_kbdint', start, answering)) return;
  }
  throw sshError(
    'EACCES',
    `${name}: the server lets nobody in with ${tried.join(', ') || 'what there is'}; it takes ${wordsOf(methods)}. Its options: user, identity (the file of a private key), agent, password`,
    'ssh_userauth',
  );
}

/** `run`: what is more than one call. */
type Attempt = (
  what: string,
  syscall: string,
  start: () => Promise<number>,
  run?: () => Promise<number>,
) => Promise<boolean>;

/** Keyboard-interactive (RFC 4256): the password is the answer to each question whose answer is not shown; others nobody can answer here. */
async function answerAll(handshake: Handshake, start: () => Promise<number>, password: string): Promise<number> {
  const { ssh, session } = handshake;
  const { fn } = ssh;
  for (let round = 0; round < ROUNDS; round++) {
    const result = await handshake.call(SSH_AUTH_AGAIN, start);
    if (result !== SSH_AUTH_INFO) return result;
    const shown = new Uint8Array(1);
    for (let at = 0; at < fn.ssh_userauth_kbdint_getnprompts(session); at++) {
      fn.ssh_userauth_kbdint_getprompt(session, at, shown);
      if (shown[0] !== 0) return SSH_AUTH_DENIED;
      fn.ssh_userauth_kbdint_setanswer(session, at, password);
    }
  }
  return SSH_AUTH_DENIED;
}

/** How often a server may ask: PAM asks again after a wrong answer. */
const ROUNDS = 4;

/** The key that was named; or those of the agent, and those that ssh(1) would take. */
async function offerKeys(handshake: Handshake, credentials: Credentials, attempt: Attempt): Promise<boolean> {
  const { ssh, session } = handshake;
  const { identity, agent, passphrase } = credentials;
  if (identity === undefined && agent) {
    const what = "the agent's keys and those in ~/.ssh";
    const start = () => ssh.async.ssh_userauth_publickey_auto(session, null, passphrase ?? '');
    return attempt(what, 'ssh_userauth_publickey_auto', start);
  }
  for (const file of identity === undefined ? await defaultIdentities() : [identity]) {
    const key = await privateKey(handshake, file, passphrase).catch((error: SshError) => {
      if (identity !== undefined || error.code === 'ETIMEDOUT') throw error;
    });
    if (!key) continue; // Of those that nobody has named, one may be unreadable.
    try {
      const start = () => ssh.async.ssh_userauth_publickey(session, null, key);
      if (await attempt(`the key in ${file}`, 'ssh_userauth_publickey', start)) return true;
    } finally {
      // A call that has timed out may still read it.
      handshake.after(() => ssh.fn.ssh_key_free(key));
    }
  }
  return false;
}

async function defaultIdentities(): Promise<string[]> {
  const files = IDENTITIES.map((name) => join(homedir(), '.ssh', name));
  const there = await Promise.all(
    files.map((file) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files.filter((_, at) => there[at]);
}

async function privateKey(handshake: Handshake, file: string, passphrase: string | undefined): Promise<ssh_key> {
  const syscall = 'ssh_pki_import_privkey_file';
  await access(file).catch((error: NodeJS.ErrnoException) => {
    throw sshError(error.code ?? 'EIO', `the file of the private key, ${file}, cannot be read`, syscall);
  });
  const cell: Cell<ssh_key> = [null];
  const { ssh } = handshake;
  // An empty passphrase keeps libssh from asking for one on a terminal.
  await handshake.work(() => ssh.async.ssh_pki_import_privkey_file(file, passphrase ?? '', null, null, cell));
  if (cell[0]) return cell[0];
  const how = passphrase === undefined ? "; if it is encrypted, give the option 'passphrase'" : ' with this passphrase';
  throw sshError('EACCES', `${file} has no private key that can be read${how}`, syscall);
}

const METHODS: readonly (readonly [number, string])[] = [
  [SSH_AUTH_METHOD_PUBLICKEY, 'keys'],
  [SSH_AUTH_METHOD_PASSWORD, 'passwords'],
  [SSH_AUTH_METHOD_INTERACTIVE, 'answers to questions'],
  [SSH_AUTH_METHOD_HOSTBASED, "its hosts' keys"],
];

function wordsOf(methods: number): string {
  const names = METHODS.filter(([method]) => (methods & method) !== 0).map(([, name]) => name);
  return names.join(' and ') || 'nothing that this driver has';
}
