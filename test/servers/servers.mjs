// The servers by name: how each is started, and why it cannot be on this machine.

import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import * as ceph from './ceph.mjs';
import * as gluster from './gluster.mjs';
import * as http from './http.mjs';
import * as nfs from './nfs.mjs';
import * as ssh from './ssh.mjs';
import * as tgt from './tgt.mjs';
import * as xvfb from './xvfb.mjs';

export const servers = { ceph, gluster, http, nfs, ssh, tgt, xvfb };

/** @typedef {keyof typeof servers} ServerName */

/** Why these servers cannot run here; undefined where they can. @param {readonly ServerName[]} names */
export function noServer(...names) {
  if (process.platform !== 'linux') return `servers are started on Linux only, and this is ${process.platform}`;
  for (const name of names) {
    const { commands, root } = servers[name].needs;
    const absent = ['setpriv', ...commands].filter((command) => !isCommand(command));
    if (absent.length > 0) return `${absent.join(', ')} not installed (npm run setup -- --servers)`;
    if (root && process.getuid?.() !== 0) return `${name} must be started by root`;
  }
  return undefined;
}

/** @param {string} command */
function isCommand(command) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
