// A Gluster volume of one brick, for libgfapi. Nothing in; out the volume's name, its server's address and the brick's folder. Follows
// glusterd(8) and gluster(8). The server has a loopback address of its own (127.0.0.0/8), on the port that is always Gluster's.

import { accepts } from './daemon.mjs';
import { inSite } from './site.mjs';

/** What it, and a client to compare with, need of the machine. */
export const needs = { commands: ['gluster', 'glusterd', 'glusterfsd'], root: true };

/** @typedef {Awaited<ReturnType<typeof start>>} Gluster */

const PORT = 24007;

/** Gives `host`, `port` and `volume`, for glfs_set_volfile_server, and `brick`, where the volume's files are. */
export function start() {
  return inSite('gluster', async (site) => {
    const host = `127.${byte()}.${byte()}.${byte()}`;
    const [work, run, logs, brick] = ['work', 'run', 'logs', 'brick'].map((name) => site.mkdir(name));
    const socket = site.path('run', 'glusterd.socket');
    const log = site.path('glusterd.log');
    const volfile = site.write(
      'glusterd.vol',
      `volume management
    type mgmt/glusterd
    option working-directory ${work}
    option run-directory ${run}
    option logging-directory ${logs}
    option glusterd-sockfile ${socket}
    option transport-type socket
    option transport.address-family inet
    option transport.socket.bind-address ${host}
    option transport.socket.listen-port ${PORT}
    option ping-timeout 0
    option max-port 60999
end-volume
`,
    );
    const args = ['-N', '-f', volfile, '-p', site.path('glusterd.pid'), '-l', log];
    const glusterd = await site.daemon('glusterd', args, { ready: () => accepts(PORT, host), log });
    const gluster = (/** @type {string[]} */ ...command) =>
      site.run(
        'gluster',
        `--glusterd-sock=${socket}`,
        `--log-file=${site.path('cli.log')}`,
        '--mode=script',
        ...command,
      );
    await gluster('volume', 'create', 'files', `${host}:${brick}`, 'force');
    await gluster('volume', 'start', 'files');
    const hint = `gluster --glusterd-sock=${socket} volume status`;
    return { host, port: PORT, volume: 'files', brick: `${brick}`, glusterd, gluster, hint };
  });
}

function byte() {
  return 1 + Math.floor(Math.random() * 254);
}
