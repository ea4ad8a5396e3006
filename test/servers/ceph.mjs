// A Ceph cluster of one monitor and one OSD that keeps its data in memory, for librados and librbd. Nothing in, its configuration
// file, pool and daemons out. Follows ceph-mon(8), ceph-osd(8) and "Manual Deployment" of Ceph's documentation.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, ServerError } from './daemon.mjs';
import { inSite } from './site.mjs';

/** What it, and a client to compare with, need of the machine. */
export const needs = { commands: ['ceph', 'ceph-mon', 'ceph-osd', 'monmaptool', 'qemu-img', 'rados'], root: false };

/** @typedef {Awaited<ReturnType<typeof start>>} Ceph */

/** Gives `conf` for rados_conf_read_file, the pool `rbd`, and the daemons, to pause or kill. No authentication. */
export function start() {
  return inSite('ceph', async (site) => {
    const [fsid, osdId] = [randomUUID(), randomUUID()];
    const port = await freePort(2);
    const address = `[v2:127.0.0.1:${port},v1:127.0.0.1:${port + 1}]`;
    const conf = site.write('ceph.conf', configuration(site.folder, fsid, address));
    site.write('keyring', '');
    const ceph = (/** @type {string[]} */ ...args) => site.run('ceph', '-c', conf, '--connect-timeout', '20', ...args);

    await site.run('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', address, site.path('monmap'));
    await site.run('ceph-mon', '-c', conf, '--mkfs', '-i', 'a', '--monmap', site.path('monmap'));
    const mon = await site.daemon('ceph-mon', ['-c', conf, '-i', 'a', '-f'], { log: site.path('mon.a.log') });
    const id = await Promise.race([ceph('osd', 'new', osdId), failure(mon)]);
    site.mkdir('osd');
    await site.run('ceph-osd', '-c', conf, '-i', id.trim(), '--mkfs', '--osd-uuid', osdId);
    const osd = await site.daemon('ceph-osd', ['-c', conf, '-i', id.trim(), '-f'], { log: site.path('osd.0.log') });
    await Promise.race([untilUp(ceph), failure(osd)]);
    await ceph('osd', 'pool', 'create', 'rbd', '8', '8');
    await ceph('osd', 'pool', 'application', 'enable', 'rbd', 'rbd');
    return {
      conf,
      pool: 'rbd',
      fsid,
      port,
      mon,
      osd,
      ceph,
      hint: `rbd -c ${conf} ls; qemu-img info rbd:rbd/IMAGE:conf=${conf}`,
    };
  });
}

/** @param {(...args: string[]) => Promise<string>} ceph */
async function untilUp(ceph) {
  for (let attempt = 0; attempt < 50; attempt++) {
    const { num_up_osds: up } = JSON.parse(await ceph('osd', 'stat', '-f', 'json'));
    if (up === 1) return;
    await sleep(50);
  }
  throw new ServerError('ceph: the OSD runs, but the monitor does not see it up');
}

/** Rejects as soon as a daemon has ended. @param {import('./daemon.mjs').Daemon} daemon @returns {Promise<never>} */
async function failure(daemon) {
  throw daemon.error(await daemon.end);
}

/** @param {string} folder @param {string} fsid @param {string} address */
function configuration(folder, fsid, address) {
  return `[global]
fsid = ${fsid}
mon_host = ${address}
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
keyring = ${folder}/keyring
run_dir = ${folder}
admin_socket = ${folder}/$name.$pid.asok
log_file = ${folder}/$type.$id.log
crash_dir = ${folder}/crash
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_data_avail_crit = 1
mon_data = ${folder}/mon
# Without it every pool, image and snapshot takes a second to be made.
paxos_propose_interval = 0.05
osd_data = ${folder}/osd
osd_objectstore = memstore
memstore_device_bytes = 1G
osd_class_update_on_start = false

[client]
log_file =
admin_socket =
`;
}
