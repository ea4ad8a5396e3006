// An `rbd:` URL in, its image as a block device out, on librbd: I/O by rbd_aio_* and its eventfd, everything else on the thread pool.
// Follows <rbd/librbd.h> and <rados/librados.h>. What the installed library lacks is done by other means (`has`).

import { type Cell, systemError } from '@dlshim/runtime';
import { defineDriver } from '@dlshim/runtime/drivers';
import { librbd, type rados_ioctx_t, type rados_t, rbd_image_info_t, type rbd_image_t } from '@dlshim/shims/librbd';
import { RbdAio } from '@dlshim/shims/librbd-aio';
import {
  type BlockDriver,
  type BlockHost,
  type BlockInfo,
  checkRange,
  type OpenOptions,
  refusal,
  TIMEOUT,
} from '../block.ts';
import { about } from '../shared/about.ts';
import { checkUnused, use } from '../shared/in-use.ts';
import { inLane } from '../shared/lanes.ts';
import { check } from './check.ts';
import { RbdSnapshots } from './snapshots.ts';
import { parseRbdUrl, type RbdUrl } from './url.ts';

type Librbd = ReturnType<typeof librbd.open>;

/** Longest range of one call, in bytes: librbd counts some lengths in 32 bits. */
const LONGEST = 1 << 30;
/** What zeroes are written from where librbd cannot write them by itself. */
const ZEROES = 4 << 20;

export default defineDriver(
  {
    name: 'rbd',
    description:
      'images in a Ceph cluster: rbd:POOL[/NAMESPACE]/IMAGE[@SNAPSHOT][:conf=FILE][:id=USER][:OPTION=VALUE…]',
    protocols: ['rbd'],
    shims: { librbd: { requires: ['rbd_aio_readv'], uses: ['write_zeroes', 'namespace_exists'] } },
    host: '1.0.0',
  },
  {
    shims: { librbd },
    load: (_host: BlockHost, { librbd: rbd }) => ({
      open: (address: string, request: OpenOptions) => openRbd(rbd, address, request),
    }),
  },
);

/** Opens an image; a snapshot with `readOnly` alone. Rejects with the errors of librados and librbd (ENOENT: no such pool or image;
 *  ETIMEDOUT), EROFS for a snapshot to write to, EBUSY for what is made and in use, a TypeError for the URL, and the shim's own where librbd is absent. */
async function openRbd(rbd: Librbd, url: string, options: OpenOptions): Promise<BlockDriver> {
  const place = parseRbdUrl(url);
  const readOnly = options.readOnly === true;
  if (place.snapshot !== undefined && !readOnly)
    throw refusal(
      'EROFS',
      `${nameOf(place)} is a snapshot, which nobody can write to: name the image without '@${place.snapshot}'`,
    );
  const undo: (() => Promise<unknown>)[] = [];
  try {
    const cluster = await connect(rbd, place, options.timeout ?? TIMEOUT, undo);
    const pool = await openPool(rbd, cluster, place, undo);
    const identity = await identityOf(rbd, cluster, pool, place);
    if (options.create !== undefined) checkUnused(nameOf(place), identity);
    const release = use(identity);
    undo.push(async () => release());
    const blank = options.create !== undefined && !readOnly && (await createImage(rbd, pool, place, options.create));
    const image = await openImage(rbd, pool, place, readOnly, undo);
    const size = await sizeOf(rbd, image);
    if (options.create !== undefined && size < options.create)
      throw refusal(
        'ENOSPC',
        `${nameOf(place)} is there already, and has ${size} bytes where ${options.create} are needed`,
      );
    const aio = new RbdAio(rbd, image);
    return new RbdDriver({ rbd, image, aio, place, size, blank, readOnly, undo });
  } catch (error) {
    await unwind(undo);
    throw about(nameOf(place), error);
  }
}

async function connect(rbd: Librbd, place: RbdUrl, timeout: number, undo: (() => Promise<unknown>)[]) {
  const cell: Cell<rados_t> = [null];
  check(await inLane(() => rbd.async.rados_create(cell, place.id ?? 'admin')), 'rados_create');
  const cluster = cell[0]!;
  undo.push(() => inLane(() => rbd.async.rados_shutdown(cluster)));
  const read = await inLane(() => rbd.async.rados_conf_read_file(cluster, place.conf ?? null));
  const isAbsent = read === -2; // ENOENT: everything may stand in the URL.
  if (place.conf !== undefined || !isAbsent) check(read, 'rados_conf_read_file', place.conf ?? defaultConf());
  const set = (option: string, value: string) =>
    check(rbd.fn.rados_conf_set(cluster, option, value), 'rados_conf_set', `the option '${option}'`); // Its value may be a key.
  for (const [option, unlimited] of timeout > 0 ? TIMEOUTS : []) {
    if (numberOf(rbd, cluster, option) === unlimited) set(option, String(timeout));
  }
  for (const [option, value] of place.options) set(option, value);
  check(await inLane(() => rbd.async.rados_connect(cluster)), 'rados_connect', clusterInWords(place, isAbsent));
  return cluster;
}

/** Which cluster was meant, or how to say which. */
function clusterInWords({ conf, options }: RbdUrl, isAbsent: boolean): string {
  // librados takes a space or a dash for an underscore.
  const monitors = [...options].find(([option]) => option.replace(/[ -]/g, '_') === 'mon_host')?.[1];
  if (monitors !== undefined) return `the monitors at ${monitors}`;
  return isAbsent
    ? `there is no configuration file ${defaultConf()}; name it with ':conf=FILE', or the monitors with ':mon_host=…'`
    : `the cluster of ${conf ?? defaultConf()}`;
}

/** Where librados looks when no file is named (ceph(8): CEPH_CONF, else the first of these). */
function defaultConf(): string {
  return process.env.CEPH_CONF ?? '/etc/ceph/ceph.conf, ~/.ceph/ceph.conf or ./ceph.conf';
}

/** How long librados waits, and what that is where nobody has set it: for ever, or five minutes. */
const TIMEOUTS: readonly (readonly [string, number])[] = [
  ['client_mount_timeout', 300],
  ['rados_mon_op_timeout', 0],
  ['rados_osd_op_timeout', 0],
];

function numberOf(rbd: Librbd, cluster: rados_t, option: string): number {
  const value = new Uint8Array(64);
  check(rbd.fn.rados_conf_get(cluster, option, value, value.length), 'rados_conf_get', option);
  return Number.parseFloat(textOf(value));
}

async function openPool(rbd: Librbd, cluster: rados_t, { pool, namespace }: RbdUrl, undo: (() => Promise<unknown>)[]) {
  const cell: Cell<rados_ioctx_t> = [null];
  check(await inLane(() => rbd.async.rados_ioctx_create(cluster, pool, cell)), 'rados_ioctx_create', `pool '${pool}'`);
  const ioctx = cell[0]!;
  undo.push(() => inLane(() => rbd.async.rados_ioctx_destroy(ioctx)));
  if (namespace !== '') {
    if (rbd.has('namespace_exists')) {
      const exists: [boolean] = [false];
      const asked = rbd;
      check(await inLane(() => asked.async.rbd_namespace_exists(ioctx, namespace, exists)), 'rbd_namespace_exists');
      if (!exists[0]) throw refusal('ENOENT', `pool '${pool}' has no namespace '${namespace}'`);
    }
    rbd.fn.rados_ioctx_set_namespace(ioctx, namespace);
  }
  return ioctx;
}

/** The cluster's own name, the pool's number, the namespace and the image: a snapshot's is its image's. */
async function identityOf(rbd: Librbd, cluster: rados_t, pool: rados_ioctx_t, place: RbdUrl): Promise<string> {
  const fsid = new Uint8Array(64);
  check(await inLane(() => rbd.async.rados_cluster_fsid(cluster, fsid, fsid.length)), 'rados_cluster_fsid');
  const parts = [textOf(fsid), `${rbd.fn.rados_ioctx_get_id(pool)}`, place.namespace, place.image];
  return `rbd:${parts.map(encodeURIComponent).join('/')}`;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
}

/** Whether it was made; false where there is one already. */
async function createImage(rbd: Librbd, pool: rados_ioctx_t, place: RbdUrl, size: number): Promise<boolean> {
  const result = await inLane(() => rbd.async.rbd_create(pool, place.image, size, [0]));
  if (result === -17) return false; // EEXIST
  check(result, 'rbd_create', nameOf(place));
  return true;
}

async function openImage(
  rbd: Librbd,
  pool: rados_ioctx_t,
  place: RbdUrl,
  readOnly: boolean,
  undo: (() => Promise<unknown>)[],
): Promise<rbd_image_t> {
  const cell: Cell<rbd_image_t> = [null];
  const name = readOnly ? 'rbd_open_read_only' : 'rbd_open';
  const result = await inLane(() => rbd.async[name](pool, place.image, cell, place.snapshot ?? null));
  check(result, name, nameOf(place));
  const image = cell[0]!;
  undo.push(() => inLane(() => rbd.async.rbd_close(image)));
  return image;
}

async function sizeOf(rbd: Librbd, image: rbd_image_t): Promise<number> {
  const size = new BigUint64Array(1);
  check(await inLane(() => rbd.async.rbd_get_size(image, size)), 'rbd_get_size');
  return Number(size[0]);
}

interface Parts {
  readonly rbd: Librbd;
  readonly image: rbd_image_t;
  readonly aio: RbdAio;
  readonly place: RbdUrl;
  readonly size: number;
  readonly blank: boolean;
  readonly readOnly: boolean;
  readonly undo: (() => Promise<unknown>)[];
}

class RbdDriver implements BlockDriver {
  readonly name: string;
  readonly alignment = 1;
  readonly blank: boolean;
  readonly snapshots: RbdSnapshots;
  readonly #rbd: Librbd;
  readonly #image: rbd_image_t;
  readonly #aio: RbdAio;
  readonly #parts: Parts;
  #size: number;
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#rbd = parts.rbd;
    this.#image = parts.image;
    this.#aio = parts.aio;
    this.#size = parts.size;
    this.name = nameOf(parts.place);
    this.blank = parts.blank;
    this.snapshots = new RbdSnapshots(parts.rbd, parts.image, (work) => this.#managed(work));
  }

  get size(): number {
    return this.#size;
  }

  async read<B extends Uint8Array>(offset: number, target: B | number): Promise<B> {
    const buffer = typeof target === 'number' ? (Buffer.allocUnsafe(target) as Uint8Array as B) : target;
    this.#checkOpen();
    checkRange(this, offset, buffer.length);
    const got = await this.#aio.read(offset, buffer);
    if (got < buffer.length) throw refusal('EIO', `${this.name}: ${got} bytes at ${offset}, where there were more`);
    return buffer;
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    this.#checkOpen();
    checkRange(this, offset, data.length);
    await this.#aio.write(offset, data);
  }

  async flush(): Promise<void> {
    this.#checkOpen();
    await this.#aio.flush();
  }

  async discard(offset: number, length: number): Promise<void> {
    this.#checkOpen();
    checkRange(this, offset, length);
    await inPieces(offset, length, LONGEST, (at, piece) => this.#aio.discard(at, piece));
  }

  async writeZeroes(offset: number, length: number): Promise<void> {
    this.#checkOpen();
    checkRange(this, offset, length);
    const rbd = this.#rbd;
    if (rbd.has('write_zeroes')) {
      await inPieces(offset, length, LONGEST, (at, piece) =>
        this.#aio.submit('rbd_aio_write_zeroes', undefined, (c) =>
          rbd.fn.rbd_aio_write_zeroes(this.#image, at, piece, c, 0, 0),
        ),
      );
    } else {
      const zeroes = new Uint8Array(Math.min(length, ZEROES));
      await inPieces(offset, length, ZEROES, (at, piece) => this.#aio.write(at, zeroes.subarray(0, piece)));
    }
  }

  readonly resize = (size: number): Promise<void> =>
    this.#managed(async () => {
      if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`not a size in bytes: ${size}`);
      check(await inLane(() => this.#rbd.async.rbd_resize(this.#image, size)), 'rbd_resize', this.name);
    });

  async info(): Promise<BlockInfo> {
    const stat = rbd_image_info_t.bytes(1);
    const features = new BigUint64Array(1);
    const { rbd, place, readOnly } = this.#parts;
    await this.#managed(async () => {
      check(await inLane(() => rbd.async.rbd_stat(this.#image, stat, stat.length)), 'rbd_stat', this.name);
      check(await inLane(() => rbd.async.rbd_get_features(this.#image, features)), 'rbd_get_features', this.name);
    });
    const { obj_size, num_objs } = rbd_image_info_t.from(stat);
    const [major, minor, extra] = [[0], [0], [0]];
    rbd.fn.rbd_version(major, minor, extra);
    const offers = ['discard', rbd.has('write_zeroes') ? 'write_zeroes' : '', 'resize', 'snapshots'].filter(Boolean);
    const version = [major, minor, extra].map(([part]) => part).join('.');
    return {
      driver: 'rbd',
      name: this.name,
      size: this.#size,
      alignment: this.alignment,
      ...(place.snapshot !== undefined ? { readOnly: true } : readOnly ? {} : { readOnly: false }),
      features: place.snapshot === undefined ? offers : [],
      snapshots: await this.snapshots.list(),
      details: {
        library: `librbd ${version}`,
        objectSize: Number(obj_size),
        objects: Number(num_objs),
        imageFeatures: `0x${features[0]!.toString(16)}`,
        ...(place.snapshot === undefined ? {} : { snapshot: place.snapshot }),
      },
    };
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#management;
      await this.#aio.close();
      await unwind(this.#parts.undo);
      this.#aio.dispose();
    })();
    return this.#closing;
  }

  #checkOpen(): void {
    if (this.#closing) throw systemError(108, 'close'); // ESHUTDOWN
  }

  #management: Promise<unknown> = Promise.resolve();

  /** One after the other; what has changed of the size is known when it resolves. */
  #managed<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing) return Promise.reject(systemError(108, 'close')); // ESHUTDOWN
    const result = this.#management.then(async () => {
      const value = await work();
      this.#size = await sizeOf(this.#rbd, this.#image);
      return value;
    });
    this.#management = result.catch(() => {});
    return result;
  }
}

/** Runs `step` over a range, a piece after the other. */
async function inPieces(
  offset: number,
  length: number,
  longest: number,
  step: (at: number, piece: number) => Promise<unknown>,
): Promise<void> {
  for (let done = 0; done < length; done += longest) await step(offset + done, Math.min(longest, length - done));
}

/** Releases what was acquired, the last first. One that fails does not keep the others. */
async function unwind(undo: (() => Promise<unknown>)[]): Promise<void> {
  for (const release of undo.splice(0).reverse()) await release().catch(() => {});
}

function nameOf({ pool, namespace, image, snapshot }: RbdUrl): string {
  return `rbd:${pool}/${namespace === '' ? '' : `${namespace}/`}${image}${snapshot === undefined ? '' : `@${snapshot}`}`;
}
