// Every kind of pointer parameter of librados and librbd, on a real Ceph cluster: what goes in, what comes out, how much of it, and what is
// written after the call has returned. It shows that the directions of headers/librados and headers/librbd are what the libraries do.

import { execFileSync } from 'node:child_process';
import { allocate, bytesAt, type Cell, free, type Pointer, stringAt, stringsIn } from '@dlshim/runtime';
import {
  LIBRADOS_CHECKSUM_TYPE_XXHASH32,
  LIBRADOS_CREATE_EXCLUSIVE,
  librados,
  type notify_ack_t,
  type notify_timeout_t,
  rados_cluster_stat_t,
  type rados_completion_t,
  type rados_ioctx_t,
  type rados_list_ctx_t,
  type rados_object_list_cursor,
  rados_object_list_item,
  type rados_omap_iter_t,
  rados_pool_stat_t,
  type rados_t,
  type rados_xattrs_iter_t,
} from '@dlshim/shims/librados';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named } from '../needs.ts';
import { type Ceph, start } from './ceph.mjs';
import { text } from './content.ts';
import { noServer } from './servers.mjs';

const noCeph = noServer('ceph');
type Int = number | bigint;
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (address: Pointer | null, length: Int) => new TextDecoder().decode(bytesAt(address, Number(length)));

describe.skipIf(noCeph)(named('librados on a Ceph cluster', noCeph), () => {
  let ceph: Ceph;
  let cluster: rados_t;
  let io: rados_ioctx_t;
  const rados = noCeph ? undefined : librados.open();
  const fn = rados?.fn as NonNullable<typeof rados>['fn'];

  beforeAll(async () => {
    ceph = await start();
    const [made, opened]: [Cell<rados_t>, Cell<rados_ioctx_t>] = [[null], [null]];
    expect(fn.rados_create2(made, 'ceph', 'client.admin', 0)).toBe(0);
    cluster = made[0]!;
    expect(fn.rados_conf_read_file(cluster, ceph.conf)).toBe(0);
    expect(fn.rados_connect(cluster)).toBe(0);
    const id = fn.rados_pool_lookup(cluster, ceph.pool);
    expect(fn.rados_ioctx_create2(cluster, id, opened)).toBe(0);
    io = opened[0]!;
  });
  afterAll(async () => {
    if (!ceph) return;
    fn.rados_ioctx_destroy(io);
    fn.rados_shutdown(cluster);
    await ceph.stop();
  });

  test('buffers are filled, up to their length and no further', () => {
    const buffer = new Uint8Array(64).fill(0xff);
    expect(fn.rados_cluster_fsid(cluster, buffer.subarray(0, 37), 37)).toBe(36);
    expect(stringsIn(buffer.subarray(0, 37))).toEqual([ceph.fsid]);
    expect(buffer[37]).toBe(0xff);
    expect(fn.rados_cluster_fsid(cluster, buffer, 5)).toBe(-34);
    expect(fn.rados_pool_list(cluster, null, 0)).toBeGreaterThan(ceph.pool.length);
    fn.rados_pool_list(cluster, buffer, 64);
    expect(stringsIn(buffer)).toContain(ceph.pool);
    expect(fn.rados_ioctx_get_pool_name(io, buffer, 64)).toBe(ceph.pool.length);
    expect(fn.rados_conf_get(cluster, 'fsid', buffer, 64)).toBe(0);
    expect(stringsIn(buffer.subarray(0, 37))).toEqual([ceph.fsid]);
  });

  test('answers come in cells that were empty, and in records', () => {
    const [major, minor, extra]: [Cell<number>, Cell<number>, Cell<number>] = [[null], [null], [null]];
    fn.rados_version(major, minor, extra);
    expect([major[0], minor[0], extra[0]].every(Number.isInteger)).toBe(true);
    const stats = rados_pool_stat_t.bytes(1);
    stats.fill(0xff);
    expect(fn.rados_ioctx_pool_stat(io, stats)).toBe(0);
    expect(new BigUint64Array(stats.buffer)[2]).toBeLessThan(1000n); // num_objects
    const whole = rados_cluster_stat_t.bytes(1);
    expect(fn.rados_cluster_stat(cluster, whole)).toBe(0);
    const required: Cell<number> = [null];
    expect(fn.rados_ioctx_pool_requires_alignment2(io, required)).toBe(0);
    expect(required).toEqual([0]);
    const release = new Int8Array(1).fill(-1);
    expect(fn.rados_get_min_compatible_osd?.(cluster, release)).toBe(0);
    expect(release[0]).toBeGreaterThan(0);
  });

  test('a command is a list of strings, and what librados allocates for its answer is freed by it', () => {
    const [out, outs]: [Cell<Pointer<number>>, Cell<Pointer<number>>] = [[null], [null]];
    const [outLength, outsLength]: [Cell<Int>, Cell<Int>] = [[null], [null]];
    const run = (prefix: string, name: string | null) => {
      const list = [JSON.stringify({ prefix, format: 'json' })];
      return name === null
        ? fn.rados_mon_command(cluster, list, 1, null, 0, out, outLength, outs, outsLength)
        : fn.rados_mon_command_target(cluster, name, list, 1, null, 0, out, outLength, outs, outsLength);
    };
    expect(run('fsid', null)).toBe(0);
    expect(JSON.parse(decode(out[0], outLength[0]!))).toEqual({ fsid: ceph.fsid });
    fn.rados_buffer_free(out[0]);
    expect(run('version', 'a')).toBe(0);
    expect(JSON.parse(decode(out[0], outLength[0]!))).toHaveProperty('version');
    fn.rados_buffer_free(out[0]);
    expect(run('nothing of the kind', null)).toBe(-22);
    expect(decode(outs[0], outsLength[0]!)).toContain('command not known');
    fn.rados_buffer_free(outs[0]);
    const addresses: Cell<Pointer<number>> = [null];
    expect(fn.rados_getaddrs?.(cluster, addresses)).toBe(0);
    expect(stringAt(addresses[0])).toContain('127.0.0.1');
    fn.rados_buffer_free(addresses[0]);
    // Not rados_ping_monitor: the pinger of librados 16 is answered before it is made, one time in fifty, and the process ends
    // in MonConnection::get_auth_request of a thread of its own.
  });

  test('arguments are a list with a count; those that nobody knows come back', () => {
    const argv = ['program', '--rados-osd-op-timeout', '7', 'unknown'];
    const rest: (string | null)[] = [null, null, null, null];
    const own: Cell<rados_t> = [null];
    expect(fn.rados_create(own, null)).toBe(0);
    expect(fn.rados_conf_parse_argv_remainder(own[0]!, argv.length, argv, rest)).toBe(0);
    expect(rest.filter((one) => one !== null)).toEqual(['program', 'unknown']);
    const value = new Uint8Array(32);
    fn.rados_conf_get(own[0]!, 'rados_osd_op_timeout', value, 32);
    expect(text(value)).toMatch(/^7(\.0*)?$/);
    fn.rados_shutdown(own[0]!);
  });

  test('objects are listed one by one, and in ranges whose cursors exist before', () => {
    for (const name of ['list-a', 'list-b']) expect(fn.rados_write_full(io, name, encode('x'), 1)).toBe(0);
    const list: Cell<rados_list_ctx_t> = [null];
    expect(fn.rados_nobjects_list_open(io, list)).toBe(0);
    const found: (string | null)[] = [];
    const [entry, key, space]: [Cell<string>, Cell<string>, Cell<string>] = [[null], [null], [null]];
    const [size, keySize, spaceSize]: [Cell<Int>, Cell<Int>, Cell<Int>] = [[null], [null], [null]];
    while (fn.rados_nobjects_list_next2?.(list[0]!, entry, key, space, size, keySize, spaceSize) === 0) {
      found.push(entry[0]);
      expect(entry[0]).toHaveLength(Number(size[0]));
      expect([key[0], keySize[0]]).toEqual([null, 0]);
    }
    expect(found).toEqual(expect.arrayContaining(['list-a', 'list-b']));
    const cursor: Cell<rados_object_list_cursor> = [null];
    expect(fn.rados_nobjects_list_get_cursor(list[0]!, cursor)).toBe(0);
    fn.rados_object_list_cursor_free(io, cursor[0]!);
    fn.rados_nobjects_list_close(list[0]!);

    const [begin, end, next] = [
      fn.rados_object_list_begin(io)!,
      fn.rados_object_list_end(io)!,
      fn.rados_object_list_begin(io)!,
    ];
    const items = rados_object_list_item.bytes(16);
    const count = fn.rados_object_list(io, begin, end, 16, null, 0, items, [next]);
    expect(count).toBe(found.length);
    expect(fn.rados_object_list_is_end(io, next)).toBe(1);
    fn.rados_object_list_free(16, items);
    fn.rados_object_list_slice(io, begin, end, 0, 2, [begin], [next]);
    expect(fn.rados_object_list_is_end(io, next)).toBe(0);
    for (const one of [begin, end, next]) fn.rados_object_list_cursor_free(io, one);
  });

  test('attributes are bytes, without a NUL at their end', () => {
    const value = Uint8Array.of(1, 0, 2);
    expect(fn.rados_write_full(io, 'attributes', encode('x'), 1)).toBe(0);
    expect(fn.rados_setxattr(io, 'attributes', 'name', value, 3)).toBe(0);
    const buffer = new Uint8Array(8);
    expect(fn.rados_getxattr(io, 'attributes', 'name', buffer, 8)).toBe(3);
    expect([...buffer.subarray(0, 3)]).toEqual([1, 0, 2]);
    const iterator: Cell<rados_xattrs_iter_t> = [null];
    expect(fn.rados_getxattrs(io, 'attributes', iterator)).toBe(0);
    const [name, at, length]: [Cell<string>, Cell<Pointer<number>>, Cell<Int>] = [[null], [null], [null]];
    expect(fn.rados_getxattrs_next(iterator[0]!, name, at, length)).toBe(0);
    expect([name[0], ...bytesAt(at[0], Number(length[0]))]).toEqual(['name', 1, 0, 2]);
    expect(fn.rados_getxattrs_next(iterator[0]!, name, at, length)).toBe(0);
    expect([name[0], at[0], length[0]]).toEqual([null, null, 0]);
    fn.rados_getxattrs_end(iterator[0]!);
  });

  test('an operation copies what it is given, and writes its answers when it is carried out', () => {
    const write = fn.rados_create_write_op()!;
    const failed = new Int32Array(1).fill(99);
    fn.rados_write_op_create(write, LIBRADOS_CREATE_EXCLUSIVE, null);
    const data = encode('operation');
    fn.rados_write_op_write(write, data, data.length, 0);
    const values = [allocate<number>(encode('1\0')), allocate<number>(encode('two'))];
    fn.rados_write_op_omap_set(write, ['a', 'b'], values, [2, 3], 2);
    data.fill(0);
    values.forEach(free);
    expect(fn.rados_write_op_operate(write, io, 'operation', [1_000_000_000], 0)).toBe(0);
    fn.rados_release_write_op(write);

    const read = fn.rados_create_read_op()!;
    const [size, modified, result] = [new BigUint64Array(1), new BigInt64Array(1), new Int32Array(3).fill(99)];
    const [buffer, got] = [new Uint8Array(32), new BigUint64Array(1)];
    fn.rados_read_op_stat(read, size, modified, result.subarray(0, 1));
    fn.rados_read_op_read(read, 0, 32, buffer, got, result.subarray(1, 2));
    const iterator: Cell<rados_omap_iter_t> = [null];
    const more = new Uint8Array(1).fill(9);
    fn.rados_read_op_omap_get_vals2(read, null, null, 10, iterator, more, result.subarray(2, 3));
    // The iterator is there at once, all else is not.
    expect(iterator[0]).not.toBe(null);
    expect([size[0], got[0], ...result]).toEqual([0n, 0n, 99, 99, 99]);
    expect(fn.rados_read_op_operate(read, io, 'operation', 0)).toBe(0);
    expect([size[0], modified[0], got[0], more[0], ...result]).toEqual([9n, 1_000_000_000n, 9n, 0, 0, 0, 0]);
    expect(new TextDecoder().decode(buffer.subarray(0, 9))).toBe('operation');
    fn.rados_release_read_op(read);

    const [key, value]: [Cell<Pointer<number>>, Cell<Pointer<number>>] = [[null], [null]];
    const [keyLength, length]: [Cell<Int>, Cell<Int>] = [[null], [null]];
    const entries: string[] = [];
    while (fn.rados_omap_get_next2?.(iterator[0]!, key, value, keyLength, length) === 0 && key[0] !== null)
      entries.push(`${decode(key[0], keyLength[0]!)}=${decode(value[0], length[0]!)}`);
    expect(entries).toEqual(['a=1\0', 'b=two']);
    fn.rados_omap_get_end(iterator[0]!);

    const compare = fn.rados_create_write_op()!;
    fn.rados_write_op_cmpext(compare, encode('no'), 2, 0, failed);
    expect(fn.rados_write_op_operate(compare, io, 'operation', null, 0)).toBeLessThan(0);
    expect(failed[0]).not.toBe(99);
    fn.rados_release_write_op(compare);
  });

  test('a method of the OSD takes bytes and gives bytes, and so does a checksum', () => {
    expect(fn.rados_write_full(io, 'method', encode('abcd'), 4)).toBe(0);
    const buffer = new Uint8Array(64);
    const name = encode('dlshim');
    const length = fn.rados_exec(io, 'method', 'hello', 'say_hello', name, name.length, buffer, 64);
    expect(new TextDecoder().decode(buffer.subarray(0, length))).toBe('Hello, dlshim!');
    const sum = new Uint8Array(8);
    expect(
      fn.rados_checksum(io, 'method', LIBRADOS_CHECKSUM_TYPE_XXHASH32, Uint8Array.of(0, 0, 0, 0), 4, 4, 0, 0, sum, 8),
    ).toBe(0);
    expect([...sum.subarray(0, 4)]).toEqual([1, 0, 0, 0]);
    const read = fn.rados_create_read_op()!;
    const [out, size, result] = [new BigUint64Array(1), new BigUint64Array(1), new Int32Array(1).fill(99)];
    fn.rados_read_op_exec(read, 'hello', 'say_hello', name, name.length, out, size, result);
    expect(fn.rados_read_op_operate(read, io, 'method', 0)).toBe(0);
    expect(result[0]).toBe(0);
    expect(decode(out[0] as Pointer<number>, size[0]!)).toBe('Hello, dlshim!');
    fn.rados_buffer_free(out[0] as Pointer<number>);
    fn.rados_release_read_op(read);
  });

  test('asynchronous calls write what C keeps until their completion', async () => {
    const completed = async (start: (completion: rados_completion_t) => number): Promise<number> => {
      const cell: Cell<rados_completion_t> = [null];
      expect(fn.rados_aio_create_completion2?.(null, null, cell)).toBe(0);
      expect(start(cell[0]!)).toBe(0);
      await rados!.async.rados_aio_wait_for_complete(cell[0]!);
      const result = fn.rados_aio_get_return_value(cell[0]!);
      fn.rados_aio_release(cell[0]!);
      return result;
    };
    const data = encode('asynchronous');
    const writing = completed((c) => fn.rados_aio_write_full(io, 'aio', c, data, data.length));
    data.fill(0); // it has been copied
    expect(await writing).toBe(0);
    const [size, modified] = [new BigUint64Array(1), new BigInt64Array(1)];
    expect(await completed((c) => fn.rados_aio_stat(io, 'aio', c, size, modified))).toBe(0);
    expect(size[0]).toBe(12n);
    const buffer = new Uint8Array(12);
    expect(await completed((c) => fn.rados_aio_read(io, 'aio', c, buffer, 12, 0))).toBe(12);
    expect(new TextDecoder().decode(buffer)).toBe('asynchronous');
    const value = encode('value');
    expect(await completed((c) => fn.rados_aio_setxattr(io, 'aio', c, 'x', value, 5))).toBe(0);
    expect(await completed((c) => fn.rados_aio_getxattr(io, 'aio', c, 'x', buffer, 12))).toBe(5);
    const iterator = new BigUint64Array(1);
    expect(await completed((c) => fn.rados_aio_getxattrs(io, 'aio', c, iterator))).toBe(0);
    fn.rados_getxattrs_end(iterator[0] as rados_xattrs_iter_t);
    const same = await completed((c) => fn.rados_aio_cmpext(io, 'aio', c, encode('asyn'), 4, 0));
    expect(same).toBe(0);
  });

  test('a lock tells of its owners in four buffers with their sizes', () => {
    expect(fn.rados_lock_exclusive(io, 'locked', 'lock', 'cookie', 'description', null, 0)).toBe(0);
    const [exclusive, tag]: [Cell<number>, Uint8Array] = [[null], new Uint8Array(64)];
    const [clients, cookies, addresses] = [new Uint8Array(64), new Uint8Array(64), new Uint8Array(64)];
    const sizes: readonly [number[], number[], number[], number[]] = [[64], [64], [64], [64]];
    const list = () =>
      fn.rados_list_lockers(
        io,
        'locked',
        'lock',
        exclusive,
        tag,
        sizes[0],
        clients,
        sizes[1],
        cookies,
        sizes[2],
        addresses,
        sizes[3],
      );
    expect(list()).toBe(1);
    expect(exclusive).toEqual([1]);
    expect(stringsIn(cookies.subarray(0, sizes[2][0]))).toEqual(['cookie']);
    expect(stringsIn(clients.subarray(0, sizes[1][0]))[0]).toMatch(/^client\.\d+$/);
    expect(fn.rados_unlock(io, 'locked', 'lock', 'cookie')).toBe(0);
  });

  test('snapshots have ids that come out, and lists of them that go in', () => {
    const [first, second]: [Cell<Int>, BigUint64Array] = [[null], new BigUint64Array(1)];
    expect(fn.rados_ioctx_selfmanaged_snap_create(io, first)).toBe(0);
    const cell: Cell<rados_completion_t> = [null];
    fn.rados_aio_create_completion2?.(null, null, cell);
    fn.rados_aio_ioctx_selfmanaged_snap_create(io, second, cell[0]!);
    fn.rados_aio_wait_for_complete(cell[0]!);
    fn.rados_aio_release(cell[0]!);
    expect(second[0]).toBeGreaterThan(BigInt(first[0]!));
    expect(fn.rados_ioctx_selfmanaged_snap_set_write_ctx(io, second[0]!, [second[0]!, first[0]!], 2)).toBe(0);
    // Out of order: librados has read both.
    expect(fn.rados_ioctx_selfmanaged_snap_set_write_ctx(io, second[0]!, [first[0]!, second[0]!], 2)).toBe(-22);
    expect(fn.rados_ioctx_selfmanaged_snap_set_write_ctx(io, 0, [], 0)).toBe(0);
  });

  test('a watcher is told with the pointer that it gave, and its answer comes back in what librados allocates', async () => {
    const { async, callback, release } = rados!;
    expect(fn.rados_write_full(io, 'watched', encode('x'), 1)).toBe(0);
    const mine = allocate(8);
    const told = callback('rados_watch2', 3, (data, notify, cookie, _, payload, length) => {
      expect([data, decode(payload, length)]).toEqual([mine, 'question']);
      fn.rados_notify_ack(io, 'watched', notify, cookie, encode('answer'), 6);
    });
    const lost = callback('rados_watch2', 4, () => {});
    const cookie: Cell<Int> = [null];
    expect(await async.rados_watch2(io, 'watched', cookie, told, lost, mine)).toBe(0);
    const [reply, length]: [Cell<Pointer<number>>, Cell<Int>] = [[null], [null]];
    expect(await async.rados_notify2(io, 'watched', encode('question'), 8, 10_000, reply, length)).toBe(0);
    const [acks, timeouts]: [Cell<Pointer<notify_ack_t>>, Cell<Pointer<notify_timeout_t>>] = [[null], [null]];
    const [ackCount, timeoutCount]: [Cell<Int>, Cell<Int>] = [[null], [null]];
    const packed = bytesAt(reply[0], Number(length[0]));
    expect(fn.rados_decode_notify_response?.(reply[0], packed.length, acks, ackCount, timeouts, timeoutCount)).toBe(0);
    expect([ackCount, timeoutCount]).toEqual([[1], [0]]);
    fn.rados_free_notify_response?.(acks[0], ackCount[0]!, timeouts[0]);
    fn.rados_buffer_free(reply[0]);
    expect(await async.rados_unwatch2(io, cookie[0]!)).toBe(0);
    await async.rados_watch_flush(cluster);
    for (const one of [told, lost]) release(one);
    free(mine);
  });

  test('rados(8) sees what was written', () => {
    const rados8 = (...args: string[]) =>
      execFileSync('rados', ['-c', ceph.conf, '-p', ceph.pool, ...args], { encoding: 'utf8' });
    expect(rados8('listomapkeys', 'operation').trim().split('\n')).toEqual(['a', 'b']);
    expect(rados8('getxattr', 'aio', 'x')).toBe('value');
  });
});
