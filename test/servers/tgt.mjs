// An iSCSI target server with two targets, one open and one that asks for CHAP, each with a LUN in a sparse file. In: the LUNs' size.
// Out: portal, names, files. Follows tgtd(8), tgtadm(8) and RFC 7143.

import { truncateSync, writeFileSync } from 'node:fs';
import { freePort } from './daemon.mjs';
import { inSite } from './site.mjs';

/** What it, and a client to compare with, need of the machine. */
export const needs = { commands: ['tgtd', 'tgtadm', 'qemu-img'], root: false };

/** @typedef {Awaited<ReturnType<typeof start>>} Tgt */

const MIB = 1 << 20;
const CHAP = { user: 'driver', password: 'a-secret-of-12' };

/** Gives the portal `host:port`; `open` and `chap`, each with its IQN, LUN number, URL (libiscsi's and qemu's) and the file behind
 *  the LUN, which is thin: unmapped blocks become holes. @param {{ size?: number }} [options] bytes of each LUN */
export function start({ size = 64 * MIB } = {}) {
  return inSite('tgt', async (site) => {
    const port = await freePort();
    const portal = `127.0.0.1:${port}`;
    const env = { TGT_IPC_SOCKET: site.path('socket') };
    Object.assign(site.env, env);
    const tgtadm = (/** @type {string} */ command) =>
      site.run('tgtadm', '-C', '77', '--lld', 'iscsi', ...command.split(' '));
    const isUp = () =>
      tgtadm('--op show --mode sys').then(
        () => true,
        () => false,
      );

    // tgtd takes no notice of SIGTERM while targets are bound.
    const options = /** @type {const} */ ({ ready: isUp, stopSignal: 'SIGKILL' });
    const tgtd = await site.daemon('tgtd', ['-f', '-C', '77', '--iscsi', `portal=${portal}`], options);
    const add = async (/** @type {number} */ tid, /** @type {string} */ name) => {
      const iqn = `iqn.2026-11.io.dlshim:${name}`;
      const file = site.path(`${name}.img`);
      writeFileSync(file, '');
      truncateSync(file, size);
      await tgtadm(`--op new --mode target --tid ${tid} -T ${iqn}`);
      await tgtadm(`--op new --mode logicalunit --tid ${tid} --lun 1 -b ${file} --blocksize 512`);
      await tgtadm(`--op update --mode logicalunit --tid ${tid} --lun 1 --params thin_provisioning=1`);
      await tgtadm(`--op bind --mode target --tid ${tid} -I ALL`);
      return { iqn, lun: 1, file };
    };
    const open = await add(1, 'open');
    const chap = await add(2, 'chap');
    await tgtadm(`--op new --mode account --user ${CHAP.user} --password ${CHAP.password}`);
    await tgtadm(`--op bind --mode account --tid 2 --user ${CHAP.user}`);
    const url = (/** @type {typeof open} */ { iqn, lun }, user = '') => `iscsi://${user}${portal}/${iqn}/${lun}`;
    return {
      portal,
      port,
      size,
      blockSize: 512,
      open: { ...open, url: url(open) },
      chap: { ...chap, ...CHAP, url: url(chap, `${CHAP.user}%${CHAP.password}@`) },
      tgtd,
      tgtadm,
      hint: `qemu-img info ${url(open)}`,
    };
  });
}
