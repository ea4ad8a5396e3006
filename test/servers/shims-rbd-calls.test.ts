// Every kind of pointer parameter of librbd, on a real Ceph cluster: what goes in, what comes out, how much of it, and what is written after
// the call has returned. It shows that the directions of headers/librbd are what the library does.

import { allocate, bytesOf, type Cell, free, type Pointer, stringAt, stringsIn } from '@dlshim/runtime';
import { librados, type rados_ioctx_t, type rados_t } from '@dlshim/shims/librados';
import * as api from '@dlshim/shims/librbd';
import { RbdAio } from '@dlshim/shims/librbd-aio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named } from '../needs.ts';
import { type Ceph, start } from './ceph.mjs';
import { bytes, same, text } from './content.ts';
import { noServer } from './servers.mjs';

const noCeph = noServer('ceph');
const MIB = 1 << 20;
type Int = number | bigint;

describe.skipIf(noCeph)(named('librbd on a Ceph cluster', noCeph), () => {
  let ceph: Ceph;
  let cluster: rados_t;
  let io: rados_ioctx_t;
  let image: api.rbd_image_t;
  const rbd = noCeph ? undefined : api.librbd.open({ require: ['rbd_list2', 'rbd_features_to_string'] });
  const fn = rbd?.fn as NonNullable<typeof rbd>['fn'];
  const order = [0];

  function open(name: string): api.rbd_image_t {
    const cell: Cell<api.rbd_image_t> = [null];
    expect(fn.rbd_open(io, name, cell, null)).toBe(0);
    return cell[0]!;
  }

  beforeAll(async () => {
    ceph = await start();
    const rados = librados.open().fn;
    const [made, opened]: [Cell<rados_t>, Cell<rados_ioctx_t>] = [[null], [null]];
    rados.rados_create(made, null);
    cluster = made[0]!;
    rados.rados_conf_read_file(cluster, ceph.conf);
    expect(rados.rados_connect(cluster)).toBe(0);
    expect(rados.rados_ioctx_create(cluster, ceph.pool, opened)).toBe(0);
    io = opened[0]!;
    expect(fn.rbd_create(io, 'first', 8 * MIB, order)).toBe(0);
    image = open('first');
  });
  afterAll(async () => {
    if (!ceph) return;
    fn.rbd_close(image);
    const rados = librados.open().fn;
    rados.rados_ioctx_destroy(io);
    rados.rados_shutdown(cluster);
    await ceph.stop();
  });

  test('an order of 0 is read, and comes back as the one that was taken', () => {
    expect(order).toEqual([22]);
  });

  test('options are made, set and read', () => {
    const made: Cell<api.rbd_image_options_t> = [null];
    fn.rbd_image_options_create(made);
    const options = made[0]!;
    expect(fn.rbd_image_options_set_uint64(options, api.RBD_IMAGE_OPTION_ORDER, 20)).toBe(0);
    const [value, set]: [Cell<Int>, Cell<boolean>] = [[null], [null]];
    expect(fn.rbd_image_options_get_uint64(options, api.RBD_IMAGE_OPTION_ORDER, value)).toBe(0);
    expect(fn.rbd_image_options_is_set(options, api.RBD_IMAGE_OPTION_ORDER, set)).toBe(0);
    expect([value, set]).toEqual([[20], [true]]);
    expect(fn.rbd_image_options_set_string(options, api.RBD_IMAGE_OPTION_DATA_POOL, 'rbd')).toBe(0);
    const name = new Uint8Array(16);
    expect(fn.rbd_image_options_get_string(options, api.RBD_IMAGE_OPTION_DATA_POOL, name, 16)).toBe(0);
    expect(text(name)).toBe('rbd');
    fn.rbd_image_options_destroy(options);
  });

  test('lists say how much room they need, and fill it', () => {
    fn.rbd_create(io, 'second', MIB, [22]);
    const count = [0];
    expect(fn.rbd_list2(io, null, count)).toBe(-34);
    expect(count).toEqual([2]);
    const images = api.rbd_image_spec_t.bytes(2);
    expect(fn.rbd_list2(io, images, count)).toBe(0);
    const found = [...new BigUint64Array(images.buffer)].map((address) => stringAt(address as Pointer<number>));
    expect([found[1], found[3]]).toEqual(['first', 'second']);
    fn.rbd_image_spec_list_cleanup?.(images, 2);
    const [names, size] = [new Uint8Array(64), [64]];
    expect(fn.rbd_list(io, names, size)).toBeGreaterThan(0);
    expect(stringsIn(names.subarray(0, size[0]))).toEqual(['first', 'second']);
    expect(fn.rbd_remove(io, 'second')).toBe(0);
  });

  test('an image tells of itself in numbers, records and text', () => {
    const info = api.rbd_image_info_t.alloc();
    expect(fn.rbd_stat(image, bytesOf(info), api.rbd_image_info_t.size)).toBe(0);
    expect([info.size, info.order, info.num_objs]).toEqual([8 * MIB, 22, 2]);
    const numbers: Record<string, Cell<Int>> = {};
    const ask = (name: string, call: (cell: Cell<Int>) => number) => {
      numbers[name] = [null];
      expect(call(numbers[name]!)).toBe(0);
    };
    ask('size', (cell) => fn.rbd_get_size(image, cell));
    ask('features', (cell) => fn.rbd_get_features(image, cell));
    ask('unit', (cell) => fn.rbd_get_stripe_unit(image, cell));
    ask('count', (cell) => fn.rbd_get_stripe_count(image, cell));
    ask('flags', (cell) => fn.rbd_get_flags(image, cell));
    ask('limit', (cell) => fn.rbd_snap_get_limit(image, cell));
    expect(numbers).toMatchObject({ size: [8 * MIB], unit: [4 * MIB], count: [1], flags: [0] });
    const old = new Uint8Array(1).fill(7);
    expect(fn.rbd_get_old_format(image, old)).toBe(0);
    expect(old[0]).toBe(0);
    const [features, length] = [new Uint8Array(256), [256]];
    expect(fn.rbd_features_to_string(numbers.features![0]!, features, length)).toBe(0);
    expect(text(features)).toContain('layering');
    const back: Cell<Int> = [null];
    expect(fn.rbd_features_from_string?.(text(features), back)).toBe(0);
    expect(back[0]).toBe(numbers.features![0]);
    const [id, prefix, name, room] = [new Uint8Array(64), new Uint8Array(64), new Uint8Array(64), [64]];
    expect(fn.rbd_get_id(image, id, 64)).toBe(0);
    expect(fn.rbd_get_block_name_prefix(image, prefix, 64)).toBe(0);
    expect(text(prefix)).toBe(`rbd_data.${text(id)}`);
    expect(fn.rbd_get_name?.(image, name, room)).toBe(0);
    expect(text(name)).toBe('first');
  });

  test('bytes are written from, read into and compared in place', () => {
    const [content, back] = [bytes(4096), new Uint8Array(4096)];
    expect(fn.rbd_write(image, 0, 4096, content)).toBe(4096);
    expect(fn.rbd_read2(image, 0, 4096, back, 0)).toBe(4096);
    expect(same(back, content)).toBe(true);
    const other = bytes(4096, 2);
    const at: Cell<Int> = [null];
    expect(rbd!.has('compare_and_write') && fn.rbd_compare_and_write?.(image, 0, 512, other, other, at, 0)).toBe(-84);
    expect(at).toEqual([0]);
    expect(rbd!.has('compare_and_write') && fn.rbd_compare_and_write?.(image, 0, 512, content, other, at, 0)).toBe(512);
    fn.rbd_read(image, 0, 4096, back);
    expect(same(back.subarray(0, 512), other.subarray(0, 512))).toBe(true);
    expect(rbd!.has('writesame') && fn.rbd_writesame?.(image, 0, MIB, content, 512, 0)).toBe(MIB);
  });

  test('RbdAio resolves to nothing but where there is something to count', async () => {
    fn.rbd_create(io, 'promised', MIB, [22]);
    const own = open('promised');
    const aio = new RbdAio(rbd!, own, { depth: 2 });
    const content = bytes(4096, 5);
    const writes = [
      aio.write(0, content),
      aio.write(4096, content),
      aio.write(8192, content),
      aio.write(0, new Uint8Array()),
    ];
    expect(await Promise.all(writes)).toEqual([undefined, undefined, undefined, undefined]);
    expect(await aio.flush()).toBe(undefined);
    const back = new Uint8Array(8192);
    expect(await aio.read(MIB - 100, back)).toBe(100);
    expect(await aio.read(4096, back)).toBe(8192);
    expect(same(back, Buffer.concat([content, content]))).toBe(true);
    expect(await aio.discard(0, MIB)).toBe(undefined);
    expect(await aio.read(4096, back)).toBe(8192);
    expect(same(back, new Uint8Array(8192))).toBe(true);
    await expect(aio.write(MIB, content)).rejects.toMatchObject({ code: 'EINVAL', syscall: 'rbd_aio_write' });
    await aio.close();
    await expect(aio.write(0, content)).rejects.toMatchObject({ code: 'ESHUTDOWN' });
    await expect(aio.write(0, new Uint8Array())).rejects.toMatchObject({ code: 'ESHUTDOWN' });
    fn.rbd_close(own);
    aio.dispose();
    expect(fn.rbd_remove(io, 'promised')).toBe(0);
  });

  test('asynchronous calls read and write what they keep until they complete', async () => {
    const completed = async (start: (completion: api.rbd_completion_t) => Int): Promise<number> => {
      const cell: Cell<api.rbd_completion_t> = [null];
      expect(fn.rbd_aio_create_completion(null, null, cell)).toBe(0);
      expect(start(cell[0]!)).toBe(0);
      await rbd!.async.rbd_aio_wait_for_complete(cell[0]!);
      const result = Number(fn.rbd_aio_get_return_value(cell[0]!));
      fn.rbd_aio_release(cell[0]!);
      return result;
    };
    const [content, back] = [bytes(8192, 3), new Uint8Array(8192)];
    expect(await completed((c) => fn.rbd_aio_write(image, 0, 8192, content, c))).toBe(0);
    expect(await completed((c) => fn.rbd_aio_read(image, 0, 8192, back, c))).toBe(8192);
    expect(same(back, content)).toBe(true);
    const at = new BigUint64Array([99n]);
    const other = bytes(512, 4);
    const differs = completed((c) =>
      rbd!.has('compare_and_write') ? fn.rbd_aio_compare_and_write!(image, 0, 512, other, other, c, at, 0) : -1,
    );
    expect(await differs).toBe(-84);
    expect(at[0]).toBe(0n);
    const again = new BigUint64Array(1);
    expect(await completed((c) => fn.rbd_aio_open(io, 'first', again, null, c))).toBe(0);
    expect(again[0]).not.toBe(0n);
    const twin = again[0] as api.rbd_image_t;
    expect(fn.rbd_close(twin)).toBe(0);

    const memory = allocate(8192);
    const iov = api.iovec.alloc();
    [iov.iov_base, iov.iov_len] = [memory, 8192];
    expect(await completed((c) => fn.rbd_aio_readv(image, bytesOf(iov), 1, 0, c))).toBe(8192);
    expect(await completed((c) => fn.rbd_aio_writev(image, bytesOf(iov), 1, MIB, c))).toBe(0);
    fn.rbd_read(image, MIB, 8192, back);
    expect(same(back, content)).toBe(true);
    free(memory);
  });

  test('metadata come and go as text, and are listed with their sizes', () => {
    for (const key of ['one', 'two']) expect(fn.rbd_metadata_set(image, key, `value of ${key}`)).toBe(0);
    const [value, size] = [new Uint8Array(64), [64]];
    expect(fn.rbd_metadata_get(image, 'one', value, size)).toBe(0);
    expect(text(value)).toBe('value of one');
    const needed = [0];
    expect(fn.rbd_metadata_get(image, 'one', null, needed)).toBe(-34);
    expect(needed).toEqual([13]);
    const [keys, values, keysSize, valuesSize] = [new Uint8Array(64), new Uint8Array(64), [64], [64]];
    expect(fn.rbd_metadata_list(image, '', 0, keys, keysSize, values, valuesSize)).toBe(0);
    expect(stringsIn(keys.subarray(0, keysSize[0]))).toEqual(['one', 'two']);
    expect(stringsIn(values.subarray(0, valuesSize[0]))).toEqual(['value of one', 'value of two']);
  });

  test('snapshots, their children and their parents', () => {
    expect(fn.rbd_snap_create(image, 'snap')).toBe(0);
    expect(fn.rbd_snap_protect(image, 'snap')).toBe(0);
    const isProtected: Cell<number> = [null];
    expect(fn.rbd_snap_is_protected(image, 'snap', isProtected)).toBe(0);
    expect(isProtected).toEqual([1]);
    const count = [1];
    const snaps = api.rbd_snap_info_t.bytes(2);
    expect(fn.rbd_snap_list(image, snaps, [0])).toBe(-34);
    count[0] = 2;
    expect(fn.rbd_snap_list(image, snaps, count)).toBe(1);
    fn.rbd_snap_list_end(snaps);
    const exists: Cell<boolean> = [null];
    expect(fn.rbd_snap_exists?.(image, 'snap', exists)).toBe(0);
    expect(exists).toEqual([true]);
    const id: Cell<Int> = [null];
    const [name, size] = [new Uint8Array(32), [32]];
    if (rbd!.has('snapshot_ids')) {
      expect(rbd!.fn.rbd_snap_get_id?.(image, 'snap', id)).toBe(0);
      expect(rbd!.fn.rbd_snap_get_name?.(image, id[0]!, name, size)).toBe(0);
      expect(text(name)).toBe('snap');
    }
    const features: Cell<Int> = [null];
    fn.rbd_get_features(image, features);
    expect(fn.rbd_clone(io, 'first', 'snap', io, 'child', features[0]!, [0])).toBe(0);
    const child = open('child');
    const [pool, parent, snap] = [new Uint8Array(32), new Uint8Array(32), new Uint8Array(32)];
    expect(fn.rbd_get_parent_info(child, pool, 32, parent, 32, snap, 32)).toBe(0);
    expect([text(pool), text(parent), text(snap)]).toEqual([ceph.pool, 'first', 'snap']);
    const overlap: Cell<Int> = [null];
    expect(fn.rbd_get_overlap(child, overlap)).toBe(0);
    expect(overlap).toEqual([8 * MIB]);
    fn.rbd_close(child);
    expect(fn.rbd_snap_set(image, 'snap')).toBe(0);
    const [pools, poolsSize, images, imagesSize] = [new Uint8Array(64), [64], new Uint8Array(64), [64]];
    expect(fn.rbd_list_children(image, pools, poolsSize, images, imagesSize)).toBe(1);
    expect([stringsIn(pools)[0], stringsIn(images)[0]]).toEqual([ceph.pool, 'child']);
    expect(fn.rbd_snap_set(image, null)).toBe(0);
    fn.rbd_remove(io, 'child');
    fn.rbd_snap_unprotect(image, 'snap');
    expect(fn.rbd_snap_remove(image, 'snap')).toBe(0);
  });

  test('owners of a lock are an array of addresses that librbd frees', () => {
    expect(fn.rbd_lock_acquire(image, api.RBD_LOCK_MODE_EXCLUSIVE)).toBe(0);
    const [mode, owners, count]: [Cell<api.rbd_lock_mode_t>, (Pointer<number> | null)[], number[]] = [
      [null],
      [null],
      [1],
    ];
    expect(fn.rbd_lock_get_owners(image, mode, owners, count)).toBe(0);
    expect([mode, count]).toEqual([[api.RBD_LOCK_MODE_EXCLUSIVE], [1]]);
    expect(stringAt(owners[0]!)).toContain('127.0.0.1');
    fn.rbd_lock_get_owners_cleanup(owners, 1);
    const isOwner: Cell<number> = [null];
    expect(fn.rbd_is_exclusive_lock_owner(image, isOwner)).toBe(0);
    expect(isOwner).toEqual([1]);
    expect(fn.rbd_lock_release(image)).toBe(0);
  });

  test('statistics of a pool are written where they were asked for, when they are fetched', () => {
    if (!rbd!.has('pool_stats')) return;
    const { fn } = api.librbd.open({ require: ['pool_stats'] });
    const made: Cell<api.rbd_pool_stats_t> = [null];
    fn.rbd_pool_stats_create(made);
    const images = new BigUint64Array([99n]);
    expect(fn.rbd_pool_stats_option_add_uint64(made[0]!, api.RBD_POOL_STAT_OPTION_IMAGES, images)).toBe(0);
    expect(images[0]).toBe(99n);
    expect(fn.rbd_pool_stats_get(io, made[0]!)).toBe(0);
    expect(images[0]).toBe(1n);
    fn.rbd_pool_stats_destroy(made[0]!);
  });

  test('watchers, options of configuration and namespaces are lists of records and of text', () => {
    const count = [0];
    fn.rbd_watchers_list?.(image, null, count);
    const watchers = api.rbd_image_watcher_t.bytes(count[0]!);
    expect(fn.rbd_watchers_list?.(image, watchers, count)).toBe(0);
    expect(count).toEqual([1]);
    fn.rbd_watchers_list_cleanup?.(watchers, 1);
    const many = [0];
    expect(fn.rbd_config_image_list?.(image, null, many)).toBe(-34);
    const options = api.rbd_config_option_t.bytes(many[0]!);
    expect(fn.rbd_config_image_list?.(image, options, many)).toBe(0);
    fn.rbd_config_image_list_cleanup?.(options, many[0]!);
    if (!rbd!.has('namespaces')) return;
    const { fn: with_ } = api.librbd.open({ require: ['namespaces'] });
    expect(with_.rbd_namespace_create(io, 'space')).toBe(0);
    const [names, size] = [new Uint8Array(32), [32]];
    expect(with_.rbd_namespace_list(io, names, size)).toBeGreaterThanOrEqual(0);
    expect(stringsIn(names.subarray(0, size[0]))).toEqual(['space']);
    const exists: Cell<boolean> = [null];
    expect(with_.rbd_namespace_exists?.(io, 'space', exists)).toBe(0);
    expect(exists).toEqual([true]);
  });
});
