// libssh's driver, on an SSH server with SFTP whose files are those of this machine. qemu-img(1) takes keys from an agent alone: there is one.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pretend } from '@dlshim/runtime/testing';
import { libssh } from '@dlshim/shims/libssh';
import { start } from '../ssh.mjs';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  driver: 'ssh',
  needs: ['ssh'],
  library: {
    name: 'libssh',
    file: 'libssh.so',
    required: true,
    pretendAbsent: () => pretend(libssh, { absent: true }),
    pretendOld: () => pretend(libssh, { without: ['ssh_session_is_known_server'] }),
  },
  can: { write: true, resize: true, create: true, snapshots: false },
  alignment: 1,
  async start() {
    const ssh = await start();
    const agent = await ssh.agent();
    const before = process.env.SSH_AUTH_SOCK;
    process.env.SSH_AUTH_SOCK = agent;
    const server = `ssh://${ssh.user}@${ssh.host}:${ssh.port}`;
    const file = (name: string) => join(ssh.files, name);
    const options = `config=none&host_key=${ssh.fingerprint}`;
    const address = (name: string) => `${server}${file(name)}?${options}&identity=${ssh.key}`;
    return {
      address,
      async put(name, content) {
        writeFileSync(file(name), content);
        return address(name);
      },
      get: async (name) => readFileSync(file(name)),
      qemu: (name) => ({
        address: `${server}${file(name)}?host_key_check=sha256:${ssh.fingerprintInHex}`,
        format: 'raw',
      }),
      refused: [
        { what: 'no such file', address: address('nothing'), code: 'ENOENT' },
        { what: 'a folder', address: address('../files'), code: 'EISDIR' },
        {
          what: 'a key that is not the user’s',
          address: `${server}${file('shared')}?${options}&identity=${join(ssh.folder, 'host')}`,
          code: 'EACCES',
        },
        {
          what: 'a server that nobody knows',
          address: `${server}${file('shared')}?config=none&known_hosts=${file('empty')}`,
          code: 'EACCES',
        },
        {
          what: 'another key of the server',
          address: `${server}${file('shared')}?config=none&host_key=sha256:${'00'.repeat(32)}`,
          code: 'EACCES',
        },
        { what: 'nobody listens', address: 'ssh://127.0.0.1:1/image?config=none', code: 'ECONNREFUSED' },
      ],
      async stop() {
        if (before === undefined) delete process.env.SSH_AUTH_SOCK;
        else process.env.SSH_AUTH_SOCK = before;
        await ssh.stop();
      },
    };
  },
};
