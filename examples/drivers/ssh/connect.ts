// A server and what the user has for it in, a session with an SFTP channel out: connected, the server's key checked, the user let in.
// Follows <libssh/libssh.h>, and ssh_config(5) where the user wants that.

import { access } from 'node:fs/promises';
import { type Cell, type Pointer, stringAt } from '@dlshim/runtime';
import {
  SSH_AGAIN,
  SSH_OPTIONS_HOST,
  SSH_OPTIONS_KNOWNHOSTS,
  SSH_OPTIONS_NODELAY,
  SSH_OPTIONS_PORT,
  SSH_OPTIONS_PROCESS_CONFIG,
  SSH_OPTIONS_USER,
  type ssh_options_e,
} from '@dlshim/shims/libssh';
import { authenticate } from './authenticate.ts';
import { SftpChannel } from './channel.ts';
import { type Libssh, sessionError, sshError } from './errors.ts';
import { Handshake } from './handshake.ts';
import { checkHostKey, type HostKey } from './host-key.ts';
import { hostKeyCheckOf, type SshOptions } from './options.ts';
import { isUser, type SshUrl } from './url.ts';

export interface Connected {
  readonly channel: SftpChannel;
  readonly hostKey: HostKey;
}

/** Rejects with EACCES for a key of the server that is not the right one and for a user whom it does not let in, with the socket's errors
 *  (ECONNREFUSED, ENOTFOUND), and with ETIMEDOUT. `timeout` is in seconds: to connect, unless the options say otherwise, and for each answer. */
export async function connect(ssh: Libssh, place: SshUrl, options: SshOptions, timeout: number): Promise<Connected> {
  const check = hostKeyCheckOf(options);
  const handshake = new Handshake(ssh, place.name, options.connect_timeout ?? timeout);
  try {
    await configure(handshake, place, options);
    const { session } = handshake;
    await handshake.check('ssh_connect', SSH_AGAIN, () => ssh.async.ssh_connect(session));
    const hostKey = await checkHostKey(handshake, check, {
      ...reached(handshake),
      knownHosts: options.known_hosts,
    });
    await authenticate(handshake, options);
    const channel = ssh.fn.ssh_channel_new(session);
    if (!channel) throw sessionError(ssh, session, place.name, 'ssh_channel_new');
    await handshake.check('ssh_channel_open_session', SSH_AGAIN, () => ssh.async.ssh_channel_open_session(channel));
    await handshake.check('ssh_channel_request_sftp', SSH_AGAIN, () => ssh.async.ssh_channel_request_sftp(channel));
    handshake.done();
    return { channel: new SftpChannel(ssh, session, channel, place.name, timeout), hostKey };
  } catch (error) {
    handshake.abandon();
    throw error;
  }
}

/** The user's ssh_config first, which is by the host's name; what was said to us counts more. */
async function configure(handshake: Handshake, place: SshUrl, options: SshOptions): Promise<void> {
  const { ssh, session, name } = handshake;
  const set = (option: ssh_options_e, value: Uint8Array | Int32Array | Uint32Array): number =>
    ssh.fn.ssh_options_set(session, option, value);
  const must = (option: ssh_options_e, value: string | number) => {
    const bytes = typeof value === 'string' ? Buffer.from(`${value}\0`) : new Uint32Array([value]);
    if (set(option, bytes) !== 0) throw sessionError(ssh, session, name, 'ssh_options_set');
  };
  must(SSH_OPTIONS_HOST, place.host);
  const { config } = options;
  if (config !== 'none') {
    const syscall = 'ssh_options_parse_config';
    // libssh takes a file that is not there for an empty one.
    if (config !== undefined)
      await access(config).catch(({ code = 'EIO' }: NodeJS.ErrnoException) => {
        throw sshError(code, `${name}: the ssh_config ${config} cannot be read`, syscall);
      });
    const result = await handshake.work(() => ssh.async.ssh_options_parse_config(session, config ?? null));
    if (result !== 0) throw sessionError(ssh, session, `${name}: ssh_config`, syscall);
  }
  // Versions that do not know these do as is said here by themselves, or are slower.
  if (ssh.has('since_0_9_0')) set(SSH_OPTIONS_PROCESS_CONFIG, new Uint8Array([0]));
  set(SSH_OPTIONS_NODELAY, new Int32Array([1]));
  if (place.port !== undefined) must(SSH_OPTIONS_PORT, place.port);
  const user = place.user ?? options.user;
  if (user !== undefined && !isUser(user)) throw new TypeError(`'${user}' is no name of a user`);
  if (user !== undefined) must(SSH_OPTIONS_USER, user);
  if (options.known_hosts !== undefined) must(SSH_OPTIONS_KNOWNHOSTS, options.known_hosts);
}

/** Where ssh_config has led. */
function reached({ ssh, session }: Handshake): { host: string; port: number } {
  const cell: Cell<Pointer<number>> = [null];
  ssh.fn.ssh_options_get(session, SSH_OPTIONS_HOST, cell);
  const host = stringAt(cell[0]) ?? '';
  if (cell[0]) ssh.fn.ssh_string_free_char(cell[0]);
  const port = new Uint32Array(1);
  ssh.fn.ssh_options_get_port(session, port);
  return { host, port: port[0]! };
}
