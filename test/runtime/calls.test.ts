// Values through calls of every kind, callbacks and promises among them, and what a shim's contract refuses.
// Run: npx vitest run test/runtime/calls.test.ts

import { defineShim, FORMAT, int, type Pointer } from '@dlshim/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary, runProgram } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import * as shapes from './records.ts';
import { library, packed, point } from './records.ts';

const open = () => library.open({ path: buildLibrary('records.c', 'librecords.so') });

describe.skipIf(noCompiler)(named('a call', noCompiler), () => {
  let opened: ReturnType<typeof open>;
  let fn: ReturnType<typeof open>['fn'];
  beforeAll(() => {
    opened = open();
    fn = opened.fn;
  });

  it('has as much of the stack on the thread pool as plainly, in workers too', () => {
    const ended = runProgram('stack.mjs', [buildLibrary('stack.c', 'libstack.so'), String(1 << 20)]);
    expect(ended).toMatchObject({ status: 0, errors: '', output: 'main true\nworker true\n' });
  });

  it('passes small records by value, as plain objects or views', () => {
    expect(fn.records_move({ x: 1, y: 2.5 }, 10)).toEqual({ x: 11, y: -2.5 });
    const view = point.alloc();
    view.x = 5;
    expect(fn.records_move(view, 1)).toMatchObject({ x: 6 });
    expect(fn.records_value({ number: { real: 2.5 }, tag: 1 })).toBe(2.5);
    expect(fn.records_value({ number: { whole: 7 }, tag: 0 })).toBe(7);
    expect(fn.records_floats({ x: 1, y: 2, z: 4 })).toBe(7);
    expect(fn.records_mixture({ real: 0.5, count: 3, tail: 0.25 })).toEqual({ real: 1.5, count: 4, tail: 0.75 });
    expect(fn.records_large({ values: BigInt64Array.of(1n, 2n, 3n), last: { x: 4, y: 5 } })).toMatchObject({
      last: { x: 10, y: 6 },
    });
    expect(fn.records_bytes({ bytes: Uint8Array.of(1, 2, 3) })).toBe(321);
  });

  it('passes views of unions, and of records with unions in them, with every byte', async () => {
    const { tagged, mixed } = shapes;
    const view = tagged.alloc();
    Object.assign(view, { tag: 1 });
    (view.number as { real: number }).real = -2.5;
    expect(fn.records_value(view)).toBe(-2.5);
    (view as { tag: number }).tag = 0;
    (view.number as { whole: number | bigint }).whole = -(2n ** 63n) + 5n;
    expect(fn.records_value(view)).toBe(Number(-(2n ** 63n) + 5n));
    const inner = mixed.alloc();
    inner.real = 0.125;
    expect(fn.records_value({ number: inner, tag: 1 })).toBe(0.125);
    expect(await opened.async.records_value(view)).toBe(Number(-(2n ** 63n) + 5n));
    const checked = library.open({ path: buildLibrary('records.c', 'librecords.so'), check: true });
    expect(checked.fn.records_value({ number: inner, tag: 1 })).toBe(0.125);
    for (const { records_same, records_value } of [fn, checked.fn])
      expect(records_value(records_same({ number: inner, tag: 1 }))).toBe(0.125);
    expect(() => checked.fn.records_value({ number: {} as never, tag: 1 })).toThrow(/one member of the union/);
    expect(() => fn.records_text({ text: 'x', more: 1 } as never)).toThrow();
    expect(() => fn.records_text(shapes.texts.alloc())).toThrow(
      /records_text: parameter 1: a view does not say which member of the union texts is meant: pass an object with one of text, short/,
    );
    expect(fn.records_text({ text: 'four' })).toBe(4);
  });

  it('is refused by name, at the slot, where a record by value has bit-fields or is packed', () => {
    expect(() => fn.records_flags).toThrow(
      expect.objectContaining({ name: 'UnsupportedCallError', symbol: 'records_flags' }),
    );
    expect(() => opened.async.records_flags).toThrow(/records_flags of records .* bit-field/);
    // koffi would pass a packed record in a register, and C looks for it in memory.
    expect(() => fn.records_packed).toThrow(/'packed' is passed by value, and its layout \(5 bytes\) is beyond koffi/);
    expect(() => fn.records_packed_make).toThrow(/packed/);
    expect(packed.size).toBe(5);
  });

  it('takes variadic arguments with their types, and not on the thread pool', () => {
    expect(fn.records_sum(3, int(1), int(20), int(300))).toBe(321);
    expect(fn.records_sum(0)).toBe(0);
    expect(() => opened.async.records_sum).toThrow(/variadic/);
  });

  it('carries 64-bit integers to their edges', () => {
    for (const value of [0, -1, 2 ** 53 - 1, -(2 ** 53) + 1]) expect(fn.records_i64(value)).toBe(value);
    for (const value of [2n ** 63n - 1n, -(2n ** 63n)]) expect(fn.records_i64(value)).toBe(value);
    expect(fn.records_u64(2n ** 64n - 1n)).toBe(2n ** 64n - 1n);
  });

  it('carries booleans, characters and strings', () => {
    expect([fn.records_not(true), fn.records_not(false)]).toEqual([false, true]);
    const [boxed, bytes] = [[false], new Uint8Array(1)];
    fn.records_invert(boxed);
    fn.records_invert(bytes);
    expect([boxed[0], bytes[0]]).toEqual([true, 1]);
    expect(fn.records_char(-127)).toBe(-128);
    expect([fn.records_echo('grüß'), fn.records_echo(null)]).toEqual(['grüß', null]);
    expect(fn.records_length(Uint8Array.of(65, 66, 0))).toBe(2);
    expect(fn.records_lengths(['a', 'bc'], 2)).toBe(3);
  });

  it('reads arrays, and writes out-parameters back to arrays and typed arrays', () => {
    expect(fn.records_total([1, 2, 3], 3)).toBe(6);
    expect(fn.records_total(Int32Array.of(4, 5), 2)).toBe(9);
    const [quotient, rest] = [[0], new Int32Array(1)];
    fn.records_split(42, quotient, rest);
    expect([quotient[0], rest[0]]).toEqual([4, 2]);
    const bytes = new Uint8Array([1, 2, 3]);
    fn.records_zero(bytes.subarray(1), 1);
    expect([...bytes]).toEqual([1, 0, 3]);
  });

  it('hands out handles through a cell, and takes them back', () => {
    const handle: Parameters<typeof fn.records_open>[0] & [unknown] = [null] as never;
    expect(fn.records_open(handle)).toBe(0);
    expect(handle[0]).toBeTypeOf('bigint');
    expect(fn.records_close(handle[0] as never)).toBe(0);
    expect(fn.records_close(null)).toBe(-1);
  });

  it('calls a plain function back during the call', () => {
    const context = fn.records_shared() as unknown as Pointer;
    const seen: unknown[] = [];
    const visit = (index: number, given: Pointer | null) => {
      seen.push(given);
      return index * 10;
    };
    expect(fn.records_each(4, visit, context)).toBe(60);
    expect(new Set(seen)).toEqual(new Set([context]));
    expect(fn.records_each(1, () => 7, null)).toBe(7);
  });

  it('calls a registered function back later, until it is released', () => {
    const kept = opened.callback('records_keep', 0, (index) => index + 100);
    fn.records_keep(kept);
    expect(fn.records_call_kept(5)).toBe(105);
    fn.records_keep(null);
    expect(fn.records_call_kept(5)).toBe(-1);
    opened.release(kept);
    // One may go through more than the 8,192 that live at once.
    for (let round = 0; round < 10_000; round++) opened.release(opened.callback('records_keep', 0, () => 0));
    expect(() => opened.callback('records_each', 0, (() => 0) as never)).toThrow(/parameter 0/);
    expect(() => opened.callback('nothing' as 'records_keep', 0, () => 0)).toThrow(/no function 'nothing'/);
  });

  it('is called back from other threads, thousands of times, while the event loop runs', async () => {
    let calls = 0;
    const kept = opened.callback('records_keep', 0, () => ++calls);
    fn.records_keep(kept);
    expect(fn.records_call_from_threads(8, 250)).toBe(0);
    const end = Date.now() + 20_000;
    while (calls < 2000 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(calls).toBe(2000);
    fn.records_keep(null);
    opened.release(kept);
  });

  it('returns a promise on the thread pool, rejected where the arguments are wrong', async () => {
    const quotient = [0];
    const rest = new Int32Array(1);
    await opened.async.records_split(42, quotient, rest);
    expect([quotient[0], rest[0]]).toEqual([4, 2]);
    expect(await opened.async.records_i64(2n ** 62n)).toBe(2n ** 62n);
    expect(await Promise.all(Array.from({ length: 300 }, (_, index) => opened.async.records_i64(index)))).toHaveLength(
      300,
    );
    await expect(opened.async.records_total({} as never, 1)).rejects.toThrow(TypeError);
    await expect((opened.async.records_total as () => Promise<number>)()).rejects.toThrow();
  });

  it('is the same function each time, with no wrapper around it, and its slot cannot be replaced', () => {
    expect(fn.records_not).toBe(fn.records_not);
    expect(Object.getOwnPropertyDescriptor(fn, 'records_not')).toMatchObject({ writable: false });
    expect(fn.records_not).toHaveProperty('info'); // koffi's own function
  });
});

describe.skipIf(noCompiler)(named('a contract', noCompiler), () => {
  const descriptor = {
    format: 1,
    library: 'records',
    version: '1',
    stamp: 'another',
    target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
    files: { linux: ['librecords.so'] },
    packages: {},
    required: { records_not: 'bool(bool)' },
    weak: {},
    features: {},
    records: {},
  };

  it('of another format is refused, and the error says which side is old', () => {
    expect(() => defineShim({ ...descriptor, format: FORMAT + 1 }).open()).toThrow(/the runtime is the older one/);
    expect(() => defineShim({ ...descriptor, format: 0 }).open()).toThrow(/the shim is the older one/);
    expect(defineShim({ ...descriptor, format: 0 }).inspect()).toMatchObject({
      status: 'incompatible',
      error: { code: 'DLSHIM_STALE' },
    });
  });

  it('of another machine is refused before anything is loaded', () => {
    for (const target of ['i386-linux-gnu', 's390x-linux-gnu', 'x86_64-windows-msvc']) {
      expect(() => defineShim({ ...descriptor, library: 'other', target }).open(), target).toThrow(/generated for/);
    }
  });

  it('that knows a symbol of versions it does not fit refuses them, with the reason', () => {
    const reason = 'its records are laid out otherwise';
    const unfit = { ...descriptor, library: 'unfit', incompatible: [{ symbol: 'records_not', reason }] };
    const path = buildLibrary('records.c', 'librecords.so');
    expect(() => defineShim(unfit).open({ path })).toThrow(
      expect.objectContaining({
        name: 'IncompatibleLibraryError',
        code: 'DLSHIM_INCOMPATIBLE',
        symbol: 'records_not',
        path,
      }),
    );
    expect(() => defineShim(unfit).open({ path })).toThrow(reason);
    const fit = { ...unfit, library: 'fit', incompatible: [{ symbol: 'records_other', reason }] };
    expect(defineShim(fit).open({ path })).toBeDefined();
    process.env.DLSHIM_UNFIT = path;
    expect(defineShim(unfit).inspect()).toMatchObject({ status: 'incompatible', path });
    delete process.env.DLSHIM_UNFIT;
  });

  it('under another stamp has a table of its own over the same library', () => {
    const first = open();
    const second = defineShim<{ records_not(value: boolean): boolean }, object, object>(descriptor).open();
    expect(second).not.toBe(first);
    expect(second.fn.records_not(true)).toBe(false);
    expect(Object.keys(Object.getPrototypeOf(second.fn))).toEqual(['records_not']);
    expect(defineShim({ ...descriptor }).open()).toBe(second);
  });
});
