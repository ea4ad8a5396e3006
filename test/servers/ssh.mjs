// An SSH server with SFTP, for libssh and libssh2. Nothing in; out its port, the user and the key that it takes, and its own key.
// All keys are made for it and thrown away. Follows sshd_config(5), sftp-server(8).

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { freePort, readLog } from './daemon.mjs';
import { descendants } from './processes.mjs';
import { inSite } from './site.mjs';

/** What it, and a client to compare with, need of the machine. */
export const needs = { commands: ['sshd', 'ssh-keygen', 'ssh-agent', 'ssh-add'], root: false };

/** @typedef {Awaited<ReturnType<typeof start>>} Ssh */

/** Gives `key` (the file of the client's private key, with `.pub` beside it), `hostKey` (the server's public key: type and base64;
 *  `fingerprint` is that of it) and `files`, a folder to put what clients read. They see the whole file system under its own names.
 *  @param {object} [how]
 *  @param {string} [how.sftp] what speaks SFTP, instead of sshd itself
 *  @param {string} [how.settings] more lines of sshd_config(5)
 *  @param {string} [how.password] what the user logs in with, where noPasswords() says nothing
 *  @param {boolean} [how.asks] it asks for that as a question, by PAM */
export function start({ sftp = 'internal-sftp', settings = '', password, asks = false } = {}) {
  return inSite('ssh', async (site) => {
    const port = await freePort();
    for (const name of ['host', 'client']) {
      await site.run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', site.path(name));
    }
    const configuration = site.write(
      'sshd_config',
      `ListenAddress 127.0.0.1
Port ${port}
HostKey ${site.path('host')}
AuthorizedKeysFile ${site.path('client.pub')}
PidFile none
StrictModes no
UsePAM ${asks ? 'yes' : 'no'}
KbdInteractiveAuthentication ${asks ? 'yes' : 'no'}
PasswordAuthentication ${password === undefined || asks ? 'no' : 'yes'}
PermitRootLogin yes
Subsystem sftp ${sftp}
${settings}
`,
    );
    // sshd insists on this empty folder when it runs as root; packages leave it to the service.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    // It starts itself anew for each connection: by its absolute path only.
    const path = (await site.run('sh', '-c', 'command -v sshd')).trim();
    // To ask by connecting would leave a process of it behind for a moment.
    const ready = (/** @type {import('./daemon.mjs').Daemon} */ { output }) =>
      readLog(output).includes('Server listening');
    const user = userInfo().username;
    const command = [path, '-D', '-e', '-f', configuration];
    // Since 9.8 who fails to log in is kept out for a while; older ones do not know the word.
    const mild = ['-o', 'PerSourcePenalties=no'];
    const isKnown = await site.run(path, '-t', '-f', configuration, ...mild).then(
      () => true,
      () => false,
    );
    if (isKnown) command.push(...mild);
    if (password !== undefined) {
      // In a namespace of its own it has another /etc/shadow than the machine (unshare(1), shadow(5)).
      const hash = (await site.run('openssl', 'passwd', '-6', password)).trim();
      const shadow = site.write('shadow', `${user}:${hash}:19000:0:99999:7:::\n`, 0o600);
      command.unshift('unshare', '-m', 'sh', '-c', 'mount --bind "$0" /etc/shadow && exec "$@"', shadow);
    }
    const sshd = await site.daemon(command[0] ?? path, command.slice(1), { name: 'sshd', ready });
    const hostKey = readFileSync(site.path('host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
    const key = site.path('client');
    const hint = `sftp -P ${port} -i ${key} ${user}@127.0.0.1`;
    const digest = createHash('sha256').update(Buffer.from(hostKey.split(' ')[1] ?? '', 'base64'));
    const sha256 = digest.digest();
    const fingerprint = `SHA256:${sha256.toString('base64').replace(/=+$/, '')}`;
    /** Starts an agent that has the client's key, and gives its socket (SSH_AUTH_SOCK). */
    async function agent() {
      const socket = site.path('agent');
      await site.daemon('ssh-agent', ['-D', '-a', socket], { ready: () => existsSync(socket) });
      await site.run('env', `SSH_AUTH_SOCK=${socket}`, 'ssh-add', '-q', key);
      return socket;
    }
    /** Has the connections that there are answer nothing, as a machine that hangs does. */
    const pause = () => {
      for (const { pid } of descendants([sshd.pid])) process.kill(pid, 'SIGSTOP');
    };
    /** Ends them. */
    const drop = () => {
      for (const { pid } of descendants([sshd.pid])) process.kill(pid, 'SIGKILL');
    };
    /** What the server has logged. */
    const log = () => readLog(sshd.output);
    const keys = { key, hostKey, fingerprint, fingerprintInHex: sha256.toString('hex') };
    return { host: '127.0.0.1', port, user, ...keys, files: site.mkdir('files'), sshd, agent, pause, drop, log, hint };
  });
}

/** Why no server can be had that takes passwords; undefined where one can. */
export function noPasswords() {
  if (process.getuid?.() !== 0) return 'an /etc/shadow for tests needs root';
  try {
    execFileSync('unshare', ['-m', 'sh', '-c', 'command -v openssl && mount --bind /etc/shadow /etc/shadow'], {
      stdio: 'ignore',
    });
    return undefined;
  } catch {
    return 'an /etc/shadow for tests needs a namespace of its own (unshare -m, mount --bind) and openssl';
  }
}
