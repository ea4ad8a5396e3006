// An NFS server (NFSv4 over TCP) of one folder, for libnfs. In how long it remembers clients; out its URL and the folder. Follows ganesha-config(8),
// ganesha-core-config(8) and ganesha-export-config(8).

import { accepts, freePort, readLog } from './daemon.mjs';
import { inSite } from './site.mjs';

/** What it, and a client to compare with, need of the machine. */
export const needs = { commands: ['ganesha.nfsd'], root: true };

/** @typedef {Awaited<ReturnType<typeof start>>} Nfs */

/** Gives `url(file)`, libnfs', `files`, the folder that is exported as /vfs, and `run`, which starts the daemon again. `lease` is how many seconds a client may keep
 *  quiet before the server forgets what it has open. @param {{ lease?: number }} [options] */
export function start({ lease = 60 } = {}) {
  return inSite('nfs', async (site) => {
    const port = await freePort(2);
    const [files, recovery, log] = [site.mkdir('files'), site.mkdir('recovery'), site.path('ganesha.log')];
    const configuration = site.write(
      'ganesha.conf',
      `NFS_CORE_PARAM {
  Protocols = 4; NFS_Port = ${port}; MNT_Port = ${port + 1}; Bind_addr = 127.0.0.1;
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
      return /NFS SERVER INITIALIZED/.test(text) && (await accepts(port));
    };
    const args = ['-F', '-f', configuration, '-L', log, '-p', site.path('pid')];
    const run = () => site.daemon('ganesha.nfsd', args, { ready, log });
    const ganesha = await run();
    const url = (/** @type {string} */ file) => `nfs://127.0.0.1/vfs/${file}?version=4&nfsport=${port}`;
    return { host: '127.0.0.1', port, files, url, ganesha, run, hint: `nfs-cat '${url('FILE')}'` };
  });
}
