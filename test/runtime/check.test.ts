// Arguments that C would read wrongly, with open({ check: true }): each is refused before C is called, by name and reason.
// Run: npx vitest run test/runtime/check.test.ts

import { ArgumentError, allocate, defineShim, free, int, type Pointer } from '@dlshim/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary, buildModule, runProgram } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { callbacks, type file_t, type other_t } from './callbacks.ts';

const path = () => buildLibrary('callbacks.c', 'libcallbacks.so');
const open = () => callbacks.open({ path: path(), check: true });

describe.skipIf(noCompiler)(named('a checked call', noCompiler), () => {
  let lib: ReturnType<typeof open>;
  let fn: Record<string, (...args: unknown[]) => unknown>;
  beforeAll(() => {
    buildModule('callbacks');
    lib = open();
    fn = lib.fn as never;
  });

  function refused(symbol: string, args: unknown[], parameter: number | undefined, message: RegExp): void {
    let caught: unknown;
    try {
      fn[symbol]!(...args);
    } catch (error) {
      caught = error;
    }
    expect(caught, `${symbol}: ${message}`).toBeInstanceOf(ArgumentError);
    expect(caught).toMatchObject({ code: 'DLSHIM_ARGUMENT', library: 'callbacks', symbol, parameter });
    expect((caught as Error).message).toMatch(message);
  }

  function file(): file_t {
    const handle: [file_t | null] = [null];
    expect(lib.fn.cb_open('name', handle)).toBe(0);
    return handle[0]!;
  }

  it('has as many arguments as C takes', () => {
    refused('cb_wait', [1], undefined, /^cb_wait of callbacks: wanted 2 arguments, and got 1\.$/);
    refused('cb_wait', [1, 2, 3], undefined, /wanted 2 arguments, and got 3/);
  });

  it('has integers in the range of their types, and whole ones', () => {
    refused(
      'cb_small',
      [256, 0, 0],
      0,
      /cb_small, parameter 0 \(from 0\) of callbacks: wanted an integer from 0 to 255, and got 256/,
    );
    refused('cb_small', [-1, 0, 0], 0, /got -1/);
    refused('cb_small', [0, 32768, 0], 1, /from -32768 to 32767/);
    refused('cb_small', [0, 1.5, 0], 1, /got 1.5/);
    refused('cb_small', [0, Number.NaN, 0], 1, /got NaN/);
    refused('cb_small', [0, '1', 0], 1, /got "1"/);
    refused('cb_small', [0, undefined, 0], 1, /got undefined/);
    refused('cb_small', [0, 0, 1n], 2, /wanted a number, and got 1n/);
    refused('cb_wait', [2 ** 40, 0], 0, /from -2147483648 to 2147483647, and got 1099511627776/);
    refused('cb_total', [null, 2 ** 60], 1, /a bigint beyond 2\^53/);
    refused('cb_total', [null, -1], 1, /from 0 to 18446744073709551615/);
    refused('cb_total', [null, 2n ** 64n], 1, /got 18446744073709551616n/);
    expect(lib.fn.cb_small(255, -32768, Number.NaN)).toBeTypeOf('number');
    expect(lib.fn.cb_small(1, 2, 3)).toBe(6);
    expect(fn.cb_wait!(0n, 7n)).toBe(7);
  });

  it('has booleans, strings that C can read to their end, and addresses', () => {
    const handle = file();
    refused('cb_use', [handle, 1], 1, /wanted true or false, and got 1/);
    refused('cb_open', ['a\0b', [null]], 0, /a string without NUL characters, and got one with a NUL at 1/);
    refused(
      'cb_open',
      [Uint8Array.of(65, 66), [null]],
      0,
      /bytes that end in a NUL, and got Uint8Array of 2 bytes without one/,
    );
    refused('cb_open', [5, [null]], 0, /wanted a string, bytes that end in a NUL, an address or null, and got 5/);
    refused('cb_each', [0, null, 'text'], 2, /wanted an address, a buffer, a typed array or null, and got "text"/);
    refused('cb_each', [0, null, -1n], 2, /got -1n/);
    const bytes: [file_t | null] = [null];
    expect(fn.cb_open!(Uint8Array.of(65, 0), bytes)).toBe(0);
    lib.fn.cb_close(bytes[0]!);
    lib.fn.cb_close(handle);
  });

  it('has no handle that is null, or that C handed out as another one', () => {
    const handle = file();
    const other: [other_t | null] = [null];
    lib.fn.cb_other(other);
    refused('cb_use', [null, true], 0, /wanted a handle file_t, and got null/);
    refused('cb_use', [undefined, true], 0, /got undefined/);
    refused('cb_use', [new Uint8Array(8), true], 0, /got Uint8Array of 8 bytes/);
    refused('cb_use', [other[0], true], 0, /wanted a handle file_t, and got 0x[0-9a-f]+, which is a other_t/);
    expect(lib.fn.cb_use(handle, true)).toBe(4);
    const unknown = allocate('unknown') as Pointer;
    expect(lib.fn.cb_use(unknown as unknown as file_t, true)).toBe(7);
    free(unknown);
    lib.fn.cb_close(handle);
    callbacks.open({ check: false }).fn.cb_close(other[0] as never);
  });

  it('has as much memory as C touches', () => {
    const handle = file();
    refused(
      'cb_read',
      [handle, 17, new Uint8Array(16)],
      2,
      /room for 17 bytes, because parameter 1 says so, and got Uint8Array of 16 bytes/,
    );
    expect(lib.fn.cb_read(handle, 16, new Uint8Array(16))).toBe(16);
    expect(lib.fn.cb_read(handle, 0, null)).toBe(0);
    refused('cb_list', [new Uint8Array(4), [5]], 0, /room for 5 bytes, because parameter 1 says so/);
    expect(lib.fn.cb_list(new Uint8Array(6), [6])).toBe(6);
    refused('cb_list', [new Uint8Array(6), []], 1, /room for 1 elements \(8 bytes\) of u64, and got an array of 0/);
    refused(
      'cb_fixed',
      [new Uint16Array(15)],
      0,
      /room for 16 elements \(32 bytes\) of u16, and got Uint16Array of 30 bytes/,
    );
    refused('cb_fixed', [Array(15).fill(0)], 0, /got an array of 15/);
    expect(lib.fn.cb_fixed(new Uint16Array(16).fill(2))).toBe(4);
    refused('cb_item', [new Uint8Array(47), 48], 0, /room for 48 bytes/);
    refused('cb_texts', [['a'], 2], 0, /room for 2 elements/);
    expect(lib.fn.cb_texts(['a', 'bc'], 2)).toBe(3);
    lib.fn.cb_close(handle);
  });

  it('has arrays of the elements that C reads, whose memory is still there', () => {
    refused(
      'cb_fixed',
      [new Int16Array(16)],
      0,
      /an array or Uint16Array of u16, an address or null, and got Int16Array of 32 bytes/,
    );
    refused('cb_fixed', [[...Array(15).fill(0), -1]], 0, /an integer from 0 to 65535 as element 15, and got -1/);
    refused('cb_texts', [['a\0'], 1], 0, /without NUL characters as element 0/);
    refused('cb_list', [[0], [1]], 0, /a buffer or typed array of char/);
    refused('cb_list', [new Uint8Array(6), [Number.NaN]], 1, /as element 0, and got NaN/);
    refused('cb_open', ['x', Object.freeze([null])], 1, /an array that can be written to, and got a frozen one/);
    const gone = new Uint8Array(16);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    refused('cb_total', [gone, 0], 0, /whose buffer is detached/);
  });

  it('has functions, or what callback() made, where C takes a function', () => {
    refused(
      'cb_each',
      [1, 5, null],
      1,
      /the address of a function, from callback\(\), or null or a function, and got 5/,
    );
    refused('cb_each', [1, {}, null], 1, /got an object/);
    expect(lib.fn.cb_each(2, () => 4, null)).toBe(8);
    const kept = lib.callback('cb_each', 1, () => 2);
    expect(lib.fn.cb_each(2, kept, null)).toBe(4);
    lib.release(kept);
  });

  it('has whole records by value, of which a getter that throws is an error and no crash', () => {
    refused(
      'cb_sum_pair',
      [null],
      0,
      /wanted a record pair, and got one where an object for the record pair is wanted, and got null/,
    );
    refused('cb_sum_pair', [{ a: 1 }], 0, /pair\.b takes a number, and got undefined/);
    refused('cb_sum_pair', [{ a: 1.5, b: 1 }], 0, /pair\.a takes an integer/);
    const record = {
      a: 1,
      get b(): number {
        throw new Error('no b today');
      },
    };
    expect(() => lib.fn.cb_sum_pair(record)).toThrow('no b today');
    expect(lib.fn.cb_sum_pair({ a: 1, b: 2.5 })).toBe(3.5);
  });

  it('has lists of strings that end in a null where nothing counts them, and text that fits into its record', () => {
    const { fn: lists } = defineShim<{ records_lengths(...args: unknown[]): number }, object, object>({
      format: 3,
      library: 'lists',
      version: '1',
      stamp: 'lists',
      target: 'x86_64-linux-gnu',
      files: {},
      packages: {},
      required: { records_lengths: 'u64(in:str,i32)', records_move: 'void({label})' },
      weak: {},
      features: {},
      records: { label: { kind: 'struct', size: 8, align: 1, fields: { text: ['char[8]', 0] } } },
    }).open({ path: buildLibrary('records.c', 'librecords.so'), check: true });
    expect(lists.records_lengths(['a', 'bc', null], 2)).toBe(3);
    expect(lists.records_lengths([null], 0)).toBe(0);
    expect(() => lists.records_lengths(['a', 'bc'], 2)).toThrow(/wanted a null behind the last string/);
    const { records_move } = lists as unknown as { records_move(label: object): void };
    expect(() => records_move({ text: 'x'.repeat(8) })).toThrow(/label\.text has room for 7 bytes and a NUL/);
    expect(() => records_move({ text: 'é'.repeat(4) })).toThrow(/got a string of 8 bytes/);
  });

  it('rejects a promise, and checks variadic functions as far as they are declared', async () => {
    await expect(lib.async.cb_wait(0, 1.5)).rejects.toMatchObject({ code: 'DLSHIM_ARGUMENT', parameter: 1 });
    expect(await lib.async.cb_wait(0, 15)).toBe(15);
    refused('cb_sum_of', [], undefined, /wanted 1 or more arguments, and got 0/);
    refused('cb_sum_of', [Number.NaN, int(3)], 0, /got NaN/);
    expect(() => fn.cb_sum_of!(1, 3)).toThrow(/say which type C expects/);
    expect(lib.fn.cb_sum_of(2, int(3), int(4))).toBe(7);
  });

  it('costs nothing where it is not asked for: another object, whose functions are plain', () => {
    const plain = callbacks.open({ check: false });
    expect(plain).not.toBe(lib);
    expect(plain.fn.cb_wait).toHaveProperty('info');
    expect(lib.fn.cb_wait).not.toHaveProperty('info');
    expect(callbacks.open({ check: true })).toBe(lib);
  });

  it('is asked for by the environment too, for all libraries or some', () => {
    const run = (setting: string) => {
      const ended = runProgram('traced.mjs', [path()], { env: { DLSHIM_CHECK: setting } });
      return JSON.parse(ended.output).checked;
    };
    expect([run('1'), run('librbd,callbacks'), run('librbd'), run('0')]).toEqual([true, true, false, false]);
  });
});
