// Each direction does at run time what the generated module says: the golden module of test/cases/directions.h, opened on the library that
// test/native/directions.c makes of it. Nothing in between is written by hand.
// Run: npx vitest run test/runtime/directions.test.ts

import { bytesAt, bytesOf, type Cell, type Pointer } from '@dlshim/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { type case_image_t, case_point, libdirections } from '../golden/libdirections.ts';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

const open = () => libdirections.open({ path: buildLibrary('directions.c', 'libdirections.so.1') });

describe.skipIf(noCompiler)(named('a pointer parameter', noCompiler), () => {
  let fn: ReturnType<typeof open>['fn'];
  let image: case_image_t;
  beforeAll(() => {
    fn = open().fn;
    const cell: Cell<case_image_t> = [null];
    fn.case_create(cell);
    image = cell[0]!;
  });

  it('that is out needs no first value, and C does not see the one that there is', () => {
    const answer: Cell<number> = [null];
    const counter = [5];
    fn.case_documented(answer, counter, [40]);
    expect([answer, counter]).toEqual([[40], [6]]);
    const again = [1000];
    fn.case_documented(again, counter, [2]);
    expect([again, counter]).toEqual([[2], [7]]);
  });

  it('that is in is read and not written back', () => {
    const given = [3];
    fn.case_documented([0], [0], given);
    expect(given).toEqual([3]);
    const values = Object.freeze([1, 2, 3]);
    expect(fn.case_total(values, 3)).toBe(6);
    expect(fn.case_total(values, 2)).toBe(3);
    expect(fn.case_total(Int32Array.of(10, 20), 2)).toBe(30);
  });

  it('that is in-out is read, and written back', () => {
    const [held, total] = [[2n ** 60n], [0]];
    expect(fn.case_said(held, total)).toBe(2n ** 60n);
    expect([held, total]).toEqual([[7], [2n ** 60n]]);
    const [version, state] = [[9], [4]];
    fn.case_annotated(version, state);
    expect([version, state]).toEqual([[3], [8]]);
  });

  it('that is a boolean is one', () => {
    const flag: Cell<boolean> = [null];
    expect(fn.case_exported(flag)).toBe(0);
    expect(flag).toEqual([true]);
  });

  it('takes a typed array without a copy, whatever the direction', () => {
    const [answer, counter] = [Int32Array.of(100), Int32Array.of(1)];
    fn.case_documented(answer, counter, Int32Array.of(5));
    // C sees what is in the memory, also where it is not going to look.
    expect([answer[0], counter[0]]).toEqual([105, 2]);
  });

  it('takes null where C takes it, and an address', () => {
    const memory = fn.case_alloc(8)!;
    fn.case_documented(memory, memory, [20]);
    expect(new DataView(bytesAt(memory, 4).buffer).getInt32(0, true)).toBe(21);
    fn.case_free(memory);
    fn.case_free(null);
  });

  it('to bytes is filled and read in place, views of every kind included', () => {
    const buffer = new Uint8Array(6);
    expect(fn.case_read(image, 250, 4, buffer.subarray(1, 5))).toBe(4);
    expect([...buffer]).toEqual([0, 250, 251, 252, 253, 0]);
    expect(fn.case_write(image, buffer, 6)).toBe(250 + 251 + 252 + 253);
    expect(fn.case_write(image, Uint16Array.of(0x0102, 0x0304), 4)).toBe(10);
    expect(fn.case_write(image, Uint8Array.of(1, 2).buffer, 2)).toBe(3);
    expect(fn.case_write(image, new DataView(buffer.buffer, 1, 1), 1)).toBe(250);
    expect(fn.case_sum(Buffer.from('ab'), 2)).toBe(97 + 98);
    const digest = new Uint8Array(16);
    fn.case_digest(Uint8Array.of(7), 1, digest);
    expect([...digest]).toEqual(new Array(16).fill(7));
  });

  it('that says how much room there is comes back with how much is needed', () => {
    const size = [2];
    expect(fn.case_get_name(image, new Uint8Array(2), size)).toBe(-34);
    expect(size).toEqual([6]);
    const name = new Uint8Array(size[0]!);
    expect(fn.case_get_name(image, name, size)).toBe(0);
    expect(new TextDecoder().decode(name)).toBe('disk0\0');
    const count = [0];
    expect(fn.case_list_points(null, count)).toBe(-34);
    const memory = case_point.bytes(count[0]!);
    expect(fn.case_list_points(memory, count)).toBe(0);
    expect([...new Int32Array(memory.buffer)]).toEqual([0, 0, 1, -1, 2, -2]);
    expect(fn.case_list_points(bytesOf(case_point.alloc()), [1])).toBe(-34);
  });

  it('to text is text, also beside a length', () => {
    expect(fn.case_set_title('title', 5)).toBe('e'.charCodeAt(0));
    expect(fn.case_insert('héllo', -1)).toBe(6);
  });

  it('to handles and addresses hands them out', () => {
    const images: (case_image_t | null)[] = [null, null, null];
    fn.case_create_many(images, 3);
    expect(images).toEqual([image, image + 1n, image + 2n]);
    const points: Cell<Pointer<case_point>> = [null];
    expect(fn.case_open('x', points)).toBe(1);
    expect(case_point.at(points[0]!)).toMatchObject({ x: 4, y: 5 });
    // What the cell holds is read as well: this one may be in-out.
    expect(fn.case_open('', points)).toBe(0);
    expect(points).toEqual([null]);
    expect(fn.case_easy_perform(fn.case_easy_init())).toBe(1);
    expect(fn.case_easy_perform(null)).toBe(0);
  });

  it('to a list of strings takes them, up to the null or as many as are said', () => {
    expect(fn.case_count(['a', 'b', null])).toBe(2);
    expect(fn.case_count([null])).toBe(0);
    const buffer = new Uint8Array(16);
    expect(fn.case_join(['ab', 'ç', 'd'], 2, buffer, 16)).toBe(4);
    expect(new TextDecoder().decode(buffer.subarray(0, 4))).toBe('abç');
    expect(fn.case_join(['too long for it'], 1, buffer, 4)).toBe(-34);
    expect(fn.case_run(2, ['program', 'four'])).toBe(4);
  });

  it('that C keeps is written after the call has returned', async () => {
    const { callback, release } = open();
    const [buffer, result] = [new Uint8Array(4), new BigUint64Array(1)];
    let told: (result: number) => void = () => {};
    const done = new Promise<number>((resolve) => {
      told = resolve;
    });
    const complete = callback('case_aio_read', 4, (result, data) => told(data === null ? result : -1));
    expect(fn.case_aio_read(image, buffer, 4, result, complete, null)).toBe(0);
    expect([...buffer, result[0]]).toEqual([0, 0, 0, 0, 0n]);
    fn.case_finish(77);
    expect(await done).toBe(77);
    expect([new TextDecoder().decode(buffer), result[0]]).toEqual(['kkkk', 77n]);
    release(complete);
    // A plain array would be a copy that is gone: it is refused, and C has nothing to write to.
    const plain = [0] as unknown as BigUint64Array;
    expect(() => fn.case_aio_read(image, buffer, 4, plain, null, null)).toThrow(TypeError);
  });

  it('that is opaque goes to the callback as it is', () => {
    const memory = fn.case_alloc(1)!;
    expect(fn.case_walk((x, data) => (data === memory ? x : 100), memory)).toBe(3);
    fn.case_free(memory);
  });

  it('is the same on the thread pool', async () => {
    const { async } = open();
    const [answer, counter]: [Cell<number>, number[]] = [[null], [1]];
    await async.case_documented(answer, counter, [6]);
    expect([answer, counter]).toEqual([[6], [2]]);
    const buffer = new Uint8Array(3);
    await async.case_read(image, 1, 3, buffer);
    expect([...buffer]).toEqual([1, 2, 3]);
  });
});
