// An SSH server with SFTP, for libssh and libssh2. Nothing in; out its port, the user and the key that it takes, and its own key.
// All keys are made for it and thrown away. Follows sshd_config(5).

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { freePort, readLog } from './daemon.mjs';
import { inSite } from './site.mjs';

/** What it, and a client to compare with, need of the machine. */
export const needs = { commands: ['sshd', 'ssh-keygen', 'ssh-agent', 'ssh-add'], root: false };

/** @typedef {Awaited<ReturnType<typeof start>>} Ssh */

/** Gives `key` (the file of the client's private key, with `.pub` beside it), `hostKey` (the server's public key: type and base64;
 *  `fingerprint` is that of it) and `files`, a folder to put what clients read. They see the whole file system under its own names. */
export function start() {
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
UsePAM no
PasswordAuthentication no
Subsystem sftp internal-sftp
`,
    );
    // sshd insists on this empty folder when it runs as root; packages leave it to the service.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    // It starts itself anew for each connection: by its absolute path only.
    const path = (await site.run('sh', '-c', 'command -v sshd')).trim();
    // To ask by connecting would leave a process of it behind for a moment.
    const ready = (/** @type {import('./daemon.mjs').Daemon} */ { output }) =>
      readLog(output).includes('Server listening');
    const sshd = await site.daemon(path, ['-D', '-e', '-f', configuration], { ready });
    const user = userInfo().username;
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
    const keys = { key, hostKey, fingerprint, fingerprintInHex: sha256.toString('hex') };
    return { host: '127.0.0.1', port, user, ...keys, files: site.mkdir('files'), sshd, agent, hint };
  });
}
