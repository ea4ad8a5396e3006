// The real librbd through its shim: which version is installed, what it can do, and one round with librados that needs no
// cluster. Run: node examples/dist/librbd.js

import type { Cell } from '@dlshim/runtime';
import { librbd, type rados_t } from '@dlshim/shims/librbd';

const rbd = librbd.tryOpen();
if (!rbd) {
  console.log(librbd.inspect().error?.message);
  process.exit(0);
}

const [major, minor, extra] = [[0], [0], [0]];
rbd.fn.rbd_version(major, minor, extra);
console.log(`rbd_version: ${major[0]}.${minor[0]}.${extra[0]}`);

const { path, features } = librbd.inspect();
const present = Object.entries(features).flatMap(([name, has]) => (has ? [name] : []));
console.log(`file: ${path}`);
console.log(`features: ${present.join(', ')}`);

// A weak function does not compile without a check; `has` is one.
console.log(`write_zeroes: ${rbd.has('write_zeroes') ? typeof rbd.fn.rbd_aio_write_zeroes : 'not in this version'}`);

const cluster: Cell<rados_t> = [null];
check('rados_create', rbd.fn.rados_create(cluster, 'admin'));
const handle = cluster[0]!;
check('rados_conf_set', rbd.fn.rados_conf_set(handle, 'client_mount_timeout', '2'));
const value = new Uint8Array(16);
check('rados_conf_get', rbd.fn.rados_conf_get(handle, 'client_mount_timeout', value, value.length));
console.log(`client_mount_timeout: ${new TextDecoder().decode(value.subarray(0, value.indexOf(0)))}`);
rbd.fn.rados_shutdown(handle);
console.log('rados_shutdown: done');

/** librados returns 0 or a negative errno. */
function check(name: string, result: number): void {
  if (result < 0) throw new Error(`${name}: errno ${-result}`);
  console.log(`${name}: ${result}`);
}
