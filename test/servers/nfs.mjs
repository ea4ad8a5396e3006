// An NFS server (NFSv3 and NFSv4 over TCP) of one folder, for libnfs. In how long it remembers clients; out its URLs and the folder.
// Follows ganesha-config(8), ganesha-core-config(8) and ganesha-export-config(8). The server has a loopback address of its own
// (127.0.0.0/8): clients of NFSv3 ask port 111 of it for its ports. It registers these at a socket in /run, which is one of its own
// (unshare(1)); where a machine does not allow that, the server has NFSv4 alone.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { accepts, freePort, readLog } from './daemon.mjs';
import { inSite } from './site.mjs';

/** What it, and a client to compare with, need of the machine. */
export const needs = { commands: ['ganesha.nfsd'], root: true };

/** @typedef {Awaited<ReturnType<typeof start>>} Nfs */

/** Gives `url(file)`, for NFSv4, `urlV3(file)`, and `noV3`, why that one does not work here; `files`, the folder that is exported as /vfs;
 *  and `start`, which starts the daemon again. `lease` is how many seconds a client may keep
 *  quiet before the server forgets what it has open. @param {{ lease?: number }} [options] */
export function start({ lease = 60 } = {}) {
  return inSite('nfs', async (site) => {
    const port = await freePort(2);
    const host = `127.${byte()}.${byte()}.${byte()}`;
    const [files, recovery, log] = [site.mkdir('files'), site.mkdir('recovery'), site.path('ganesha.log')];
    const run = site.mkdir('run');
    const noV3 = noOwnRun(run);
    if (noV3 === undefined) {
      const mapper = [fileURLToPath(new URL('portmap.mjs', import.meta.url)), `${run}/rpcbind.sock`, host];
      await site.daemon(process.execPath, [...mapper, `${port}`, `${port + 1}`], {
        name: 'portmap',
        ready: async () => (await accepts(111, host)) && existsSync(`${run}/rpcbind.sock`),
      });
    }
    const configuration = site.write(
      'ganesha.conf',
      `NFS_CORE_PARAM {
  Protocols = ${noV3 === undefined ? '3, 4' : '4'}; mount_path_pseudo = true; NFS_Port = ${port}; MNT_Port = ${port + 1}; Bind_addr = ${host};
  Enable_UDP = false; Enable_NLM = false; Enable_RQUOTA = false;
}
NFSV4 { Graceless = true; Lease_Lifetime = ${lease}; RecoveryBackend = fs; RecoveryRoot = ${recovery}; }
EXPORT {
  Export_Id = 1; Path = ${files}; Pseudo = /vfs;
  Access_Type = RW; Squash = None; SecType = sys;
  FSAL { Name = VFS; }
}
`,
    );
    const ready = async (/** @type {import('./daemon.mjs').Daemon} */ daemon) => {
      const text = readLog(log);
      // It goes on without an export that it cannot make.
      if (/Could not create export/.test(text)) throw daemon.error(`cannot export ${files}`);
      return /NFS SERVER INITIALIZED/.test(text) && (await accepts(port, host));
    };
    const args = ['-F', '-f', configuration, '-L', log, '-p', site.path('pid')];
    const command = noV3 === undefined ? ['unshare', ...OWN_RUN, run, 'ganesha.nfsd'] : ['ganesha.nfsd'];
    const start = () =>
      site.daemon(command[0] ?? '', [...command.slice(1), ...args], { name: 'ganesha.nfsd', ready, log });
    const ganesha = await start();
    const url = (/** @type {string} */ file) => `nfs://${host}/vfs/${file}?version=4&nfsport=${port}`;
    const urlV3 = (/** @type {string} */ file) => `nfs://${host}/vfs/${file}`;
    return { host, port, files, url, urlV3, noV3, ganesha, start, hint: `nfs-cat '${url('FILE')}'` };
  });
}

/** Runs a command whose /run is another folder: that one and the command follow. */
const OWN_RUN = ['--mount', 'sh', '-c', 'mount --bind "$0" /run && exec "$@"'];

/** @param {string} folder */
function noOwnRun(folder) {
  const { status, stderr } = spawnSync('unshare', [...OWN_RUN, folder, 'true'], { encoding: 'utf8' });
  return status === 0 ? undefined : `no /run of the server's own: ${stderr?.trim() || 'unshare(1) failed'}`;
}

function byte() {
  return 1 + Math.floor(Math.random() * 254);
}
