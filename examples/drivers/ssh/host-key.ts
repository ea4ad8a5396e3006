// The key that a server has shown in, nothing out, or an error: whoever cannot prove to be the server meant gets no password and no data.
// Follows known_hosts (sshd(8)), by libssh's own reading of it.

import { createHash } from 'node:crypto';
import { type Cell, type Pointer, stringAt } from '@dlshim/runtime';
import {
  SSH_KNOWN_HOSTS_CHANGED,
  SSH_KNOWN_HOSTS_ERROR,
  SSH_KNOWN_HOSTS_NOT_FOUND,
  SSH_KNOWN_HOSTS_OK,
  SSH_KNOWN_HOSTS_OTHER,
  SSH_KNOWN_HOSTS_UNKNOWN,
  type ssh_key,
} from '@dlshim/shims/libssh';
import { sessionError, sshError } from './errors.ts';
import type { Handshake } from './handshake.ts';
import type { HostKeyCheck } from './options.ts';

export interface HostKey {
  /** `ssh-ed25519`. */
  readonly type: string;
  /** `SHA256:…`, as ssh-keygen(1) prints it. */
  readonly fingerprint: string;
}

/** Where the server was looked for, for what to do about a key. */
export interface Place {
  readonly host: string;
  readonly port: number;
  /** The file that was named for it. */
  readonly knownHosts: string | undefined;
}

/** Rejects with EACCES for a key that is not the right one, or of which nobody knows. */
export async function checkHostKey(handshake: Handshake, check: HostKeyCheck, place: Place): Promise<HostKey> {
  const { key, digest } = shownKey(handshake);
  const { name, ssh, session } = handshake;
  const refuse = (what: string) => sshError('EACCES', `${name}: ${what}`, 'ssh_session_is_known_server');
  switch (check.by) {
    case 'none':
      return key;
    case 'fingerprint':
      if (digest.equals(check.sha256)) return key;
      throw refuse(
        `the server has shown a key other than the one to expect: ${key.type} ${key.fingerprint}. Somebody may pose as it, or its key was changed: ask who runs it, and give the fingerprint of the right one`,
      );
  }
  switch (await handshake.work(() => ssh.async.ssh_session_is_known_server(session))) {
    case SSH_KNOWN_HOSTS_OK:
      return key;
    case SSH_KNOWN_HOSTS_UNKNOWN:
    case SSH_KNOWN_HOSTS_NOT_FOUND:
      throw refuse(
        `its key is not among the known hosts: ${key.type} ${key.fingerprint}. If that is the right one, add it with 'ssh-keyscan ${words(place)} >> ${place.knownHosts ?? '~/.ssh/known_hosts'}', or give the option host_key=${key.fingerprint}`,
      );
    case SSH_KNOWN_HOSTS_CHANGED:
    case SSH_KNOWN_HOSTS_OTHER:
      throw refuse(
        `the known hosts have another key of it than the one it shows, ${key.type} ${key.fingerprint}. Somebody may pose as it, or its key was changed: ask who runs it, and then remove the old one with 'ssh-keygen ${place.knownHosts === undefined ? '' : `-f ${place.knownHosts} `}-R ${knownAs(place)}'`,
      );
    case SSH_KNOWN_HOSTS_ERROR:
      throw sessionError(ssh, session, `${name}: the known hosts cannot be read`, 'ssh_session_is_known_server');
    default:
      throw refuse(`its key ${key.type} ${key.fingerprint} could not be checked`);
  }
}

function shownKey({ ssh, session, name }: Handshake): { key: HostKey; digest: Buffer } {
  const { fn } = ssh;
  const cell: Cell<ssh_key> = [null];
  if (fn.ssh_get_server_publickey(session, cell) !== 0)
    throw sessionError(ssh, session, name, 'ssh_get_server_publickey');
  const base64: Cell<Pointer<number>> = [null];
  try {
    if (fn.ssh_pki_export_pubkey_base64(cell[0], base64) !== 0)
      throw sessionError(ssh, session, name, 'ssh_pki_export_pubkey_base64');
    const blob = Buffer.from(stringAt(base64[0]) ?? '', 'base64');
    const digest = createHash('sha256').update(blob).digest();
    // The blob begins with its type, whatever libssh calls it (RFC 4253, section 6.6).
    const type = blob.toString('latin1', 4, 4 + blob.readUInt32BE(0));
    return { key: { type, fingerprint: `SHA256:${digest.toString('base64').replace(/=+$/, '')}` }, digest };
  } finally {
    if (base64[0]) fn.ssh_string_free_char(base64[0]);
    fn.ssh_key_free(cell[0]);
  }
}

function words({ host, port }: Place): string {
  return port === 22 ? host : `-p ${port} ${host}`;
}

/** What known_hosts calls it. */
function knownAs({ host, port }: Place): string {
  return port === 22 ? host : `'[${host}]:${port}'`;
}
