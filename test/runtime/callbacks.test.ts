// Callbacks that throw, return nonsense, are released, come late, or come in bursts.
// Run: npx vitest run test/runtime/callbacks.test.ts

import { type CallbackError, type Pointer, stringAt } from '@dlshim/runtime';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary, buildModule, runProgram } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { callbacks } from './callbacks.ts';
import { until } from './until.ts';

const open = () => callbacks.open({ path: buildLibrary('callbacks.c', 'libcallbacks.so') });

describe.skipIf(noCompiler)(named('a callback', noCompiler), () => {
  let lib: ReturnType<typeof open>;
  const errors: CallbackError[] = [];
  const listener = (error: CallbackError) => errors.push(error);
  beforeAll(() => {
    lib = open();
    lib.on('error', listener);
  });
  afterEach(() => {
    lib.fn.cb_keep(null);
    errors.length = 0;
  });

  it('that throws makes the call throw that error, after C has returned and with 0 for the rest', () => {
    const seen: number[] = [];
    const thrown = new Error('two is too many');
    const visit = (index: number) => {
      seen.push(index);
      if (index === 2) throw thrown;
      return 100;
    };
    expect(() => lib.fn.cb_each(5, visit, null)).toThrow(thrown);
    expect(seen).toEqual([0, 1, 2]);
    expect(lib.fn.cb_each(2, visit, null)).toBe(200);
    for (const odd of [undefined, null, 0, 'text']) {
      let caught: unknown = 'nothing';
      try {
        lib.fn.cb_bool(() => {
          throw odd;
        });
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(odd);
    }
  });

  it('that throws in a nested call makes that call throw, and no other', () => {
    const inner = () => {
      throw new Error('inner');
    };
    const outer = () => {
      expect(() => lib.fn.cb_each(1, inner, null)).toThrow('inner');
      return 7;
    };
    expect(lib.fn.cb_each(2, outer, null)).toBe(14);
    expect(() => lib.fn.cb_each(1, () => lib.fn.cb_each(1, inner, null), null)).toThrow('inner');
  });

  it('that is registered and throws in a call with callbacks makes that call throw', () => {
    const kept = lib.callback('cb_keep', 0, () => {
      throw new Error('kept');
    });
    lib.fn.cb_keep(kept);
    let ran = false;
    const visit = () => {
      ran = true;
      return 1;
    };
    expect(() => lib.fn.cb_both(visit)).toThrow('kept');
    expect(ran).toBe(false);
    expect(errors).toEqual([]);
    lib.release(kept);
  });

  it('that throws in an asynchronous call rejects its promise', async () => {
    const thrown = new Error('later');
    const visit = (index: number) => {
      if (index === 1) throw thrown;
      return 10;
    };
    await expect(lib.async.cb_each(3, visit, null)).rejects.toBe(thrown);
    expect(await lib.async.cb_each(3, () => 5, null)).toBe(15);
    await expect(lib.async.cb_bool((() => 'yes') as never)).rejects.toThrow(
      /returned "yes", and C wants true or false/,
    );
    expect(errors).toEqual([]);
  });

  it('that is registered and throws elsewhere is an error event that names it', async () => {
    const thrown = new Error('from a thread');
    const kept = lib.callback('cb_keep', 0, () => {
      throw thrown;
    });
    lib.fn.cb_keep(kept);
    expect(lib.fn.cb_call_kept(1)).toBe(0);
    lib.fn.cb_from_threads(2, 3);
    await until(() => lib.fn.cb_calls() === 6);
    expect(lib.fn.cb_sum()).toBe(0);
    expect(errors).toHaveLength(7);
    expect(errors[0]).toMatchObject({
      name: 'CallbackError',
      code: 'DLSHIM_CALLBACK',
      library: 'callbacks',
      cause: thrown,
    });
    expect(errors[0]!.message).toBe(
      'the callback for parameter 0 of cb_keep of callbacks failed: Error: from a thread',
    );
    lib.release(kept);
  });

  it('that fails where nobody listens is an uncaughtException of that error, and C goes on', () => {
    const ended = runProgram('callback-errors.mjs', [buildLibrary('callbacks.c', 'libcallbacks.so')]);
    expect(ended, ended.errors).toMatchObject({ status: 0 });
    expect(JSON.parse(ended.output)).toEqual({
      name: 'CallbackError',
      cause: 'nobody listens',
      fromListener: 'the listener threw',
      rejected: 'a promise of nobody',
      result: 0,
    });
  });

  it('may throw what cannot be shown', () => {
    const kept = lib.callback('cb_keep', 0, () => {
      throw Object.create(null);
    });
    lib.fn.cb_keep(kept);
    expect(lib.fn.cb_call_kept(1)).toBe(0);
    expect(errors[0]?.message).toMatch(/failed: what was thrown cannot be shown/);
    lib.release(kept);
  });

  it('that returns what C cannot take makes the call throw, and says so', () => {
    const wrong: [() => unknown, RegExp][] = [
      [
        () => undefined,
        /callback for parameter 1 of cb_each of callbacks returned undefined, and C wants an integer from -2147483648/,
      ],
      [() => 'text', /returned "text"/],
      [() => Number.NaN, /returned NaN/],
      [() => 1.5, /returned 1.5/],
      [() => 2 ** 31, /returned 2147483648/],
      [() => Promise.resolve(1), /returned a promise/],
      [() => ({}), /returned an object/],
      [() => true, /returned true/],
    ];
    for (const [visit, message] of wrong) {
      expect(() => lib.fn.cb_each(3, visit as never, null), String(visit)).toThrow(message);
    }
    expect(() => lib.fn.cb_double((() => 1n) as never)).toThrow(/wants a number/);
    expect(() => lib.fn.cb_pointer((() => new Uint8Array(4)) as never)).toThrow(/wants an address or null/);
    expect(() => lib.fn.cb_pair((() => ({ a: 1 })) as never)).toThrow(/pair.b takes a number, and got undefined/);
    const getter = {
      a: 1,
      get b(): number {
        throw new Error('from a getter');
      },
    };
    expect(() => lib.fn.cb_pair(() => getter)).toThrow('from a getter');
    expect(() => lib.fn.cb_wide((() => null) as never)).toThrow(/record wide is wanted, and got null/);
    expect(errors).toEqual([]);
  });

  it('returns values of every kind', () => {
    expect(lib.fn.cb_bool(() => true)).toBe(true);
    expect(lib.fn.cb_double((value) => value * 3)).toBe(1.5);
    expect(lib.fn.cb_u64((value) => BigInt(value) + 1n, 2n ** 63n)).toBe(2n ** 63n + 1n);
    expect(lib.fn.cb_u64((value) => value, 2n ** 64n - 1n)).toBe(2n ** 64n - 1n);
    expect(lib.fn.cb_pointer(() => 4096n as Pointer)).toBe(4096n);
    expect(lib.fn.cb_pointer(() => null)).toBe(null);
    expect(lib.fn.cb_pair(() => ({ a: 1, b: 0.5 }))).toBe(1.5);
    expect(lib.fn.cb_wide(() => ({ values: [1, 0, 0, 0, 41] }))).toBe(42);
    expect(lib.fn.cb_text(() => 'grüß')).toBe(6);
    expect(lib.fn.cb_text(() => null)).toBe(2n ** 64n - 1n);
  });

  it('gets text and memory as addresses, which stringAt and bytesAt read', () => {
    let text: string | null = null;
    lib.fn.cb_void((at) => {
      text = stringAt(at);
    }, 'grüß');
    expect(text).toBe('grüß');
    const kinds: string[] = [];
    const fill = (bytes: Pointer, length: Pointer) => {
      kinds.push(typeof bytes, typeof length);
      return 3;
    };
    expect(lib.fn.cb_fill(fill)).toBe(8003);
    expect(kinds).toEqual(['bigint', 'bigint']);
  });

  it('may be asynchronous where C wants nothing back, and its rejection is an error event', async () => {
    let ran = false;
    const tell = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      ran = true;
      throw new Error('after a while');
    };
    lib.fn.cb_void(tell, 'x');
    await until(() => errors.length === 1);
    expect(ran).toBe(true);
    expect(errors[0]!.cause).toMatchObject({ message: 'after a while' });
  });

  it('that is called after its call has returned gives 0 and an error event', async () => {
    lib.fn.cb_keep(() => 55);
    expect(lib.fn.cb_call_kept(1)).toBe(0);
    expect(errors[0]?.message).toMatch(/parameter 0 of cb_keep .* the call that it was passed to had returned/);
    lib.fn.cb_from_threads(1, 2);
    await until(() => lib.fn.cb_calls() === 2);
    expect(errors).toHaveLength(3);
  });

  it('that is called after its release gives 0 and an error event', () => {
    const kept = lib.callback('cb_keep', 0, () => 9);
    lib.fn.cb_keep(kept);
    expect(lib.fn.cb_call_kept(1)).toBe(9);
    lib.release(kept);
    expect(lib.fn.cb_call_kept(1)).toBe(0);
    expect(errors[0]?.message).toMatch(/it had been released/);
  });

  it('may release itself while it runs, and returns its value still', async () => {
    let runs = 0;
    const kept: Pointer<(index: number, context: Pointer | null) => number> = lib.callback('cb_keep', 0, () => {
      runs++;
      lib.release(kept);
      return 12;
    });
    lib.fn.cb_keep(kept);
    expect(lib.fn.cb_call_kept(1)).toBe(12);
    expect(lib.fn.cb_call_kept(1)).toBe(0);
    expect(runs).toBe(1);
    const again: typeof kept = lib.callback('cb_keep', 0, () => {
      lib.release(again);
      return 1;
    });
    lib.fn.cb_keep(again);
    lib.fn.cb_from_threads(4, 50);
    await until(() => lib.fn.cb_calls() === 200);
    expect(lib.fn.cb_sum()).toBe(1);
  });

  it('that is made while another one runs works outside of that one too', async () => {
    let lone: Pointer<(value: number) => number> | undefined;
    const outer = () => {
      lone = lib.callback('cb_lone', 0, () => 41);
      return 1;
    };
    expect(lib.fn.cb_each(1, outer, null)).toBe(1);
    expect(lib.fn.cb_lone(lone!)).toBe(41);
    let alone: typeof lone;
    const kept = lib.callback('cb_keep', 0, () => {
      alone = lib.callback('cb_alone', 0, () => 42);
      return 2;
    });
    lib.fn.cb_keep(kept);
    expect(lib.fn.cb_call_kept(0)).toBe(2);
    await Promise.resolve();
    expect(lib.fn.cb_alone(alone!)).toBe(42);
    for (const pointer of [kept, lone!, alone!]) lib.release(pointer);
    expect(errors).toEqual([]);
  });

  it('is two when it is made twice, and each is released by itself', () => {
    const same = () => 3;
    const [one, two] = [lib.callback('cb_keep', 0, same), lib.callback('cb_keep', 0, same)];
    expect(one).not.toBe(two);
    lib.release(one);
    lib.fn.cb_keep(two);
    expect(lib.fn.cb_call_kept(0)).toBe(3);
    lib.release(two);
  });

  it('is not released twice, and nothing else is', () => {
    const kept = lib.callback('cb_keep', 0, () => 0);
    lib.release(kept);
    const code = 'DLSHIM_RELEASE';
    expect(() => lib.release(kept)).toThrow(expect.objectContaining({ code, pointer: kept }));
    expect(() => lib.release(kept)).toThrow(/parameter 0 of cb_keep has been released already/);
    expect(() => lib.release(4096n as Pointer<() => void>)).toThrow(
      /callbacks: 0x1000 cannot be released: callback\(\) of this library made no/,
    );
    expect(() => lib.release(null as never)).toThrow(/null cannot be released/);
    expect(() => lib.callback('cb_keep', 0, 5 as never)).toThrow(/a function is wanted, and got 5/);
  });

  it('is refused by name beyond 8,192 of them, and all are of use again after their release', () => {
    const made: Pointer<never>[] = [];
    const more = () => {
      for (;;) made.push(lib.callback('cb_keep', 0, () => made.length) as never);
    };
    expect(more).toThrow(/callback for parameter 0 of cb_keep of callbacks cannot be made: 8192 callbacks are alive/);
    expect(made.length).toBeGreaterThan(8000);
    expect(() => lib.fn.cb_each(1, () => 1, null)).toThrow(expect.objectContaining({ code: 'DLSHIM_CALLBACK_LIMIT' }));
    for (const pointer of made) lib.release(pointer);
    expect(lib.fn.cb_each(1, () => 1, null)).toBe(1);
    expect(lib.fn.cb_double(() => 2)).toBe(2);
  });

  it("of a worker goes with the worker, and its errors are the worker's", () => {
    buildModule('callbacks');
    const ended = runProgram('callback-workers.mjs', [buildLibrary('callbacks.c', 'libcallbacks.so')]);
    expect(ended, ended.errors).toMatchObject({ status: 0, signal: null });
    const { made, code, failed } = JSON.parse(ended.output);
    // 40 workers with 500 each have given theirs back; 3 were terminated, and theirs are lost.
    expect(made).toBeGreaterThan(8192 - 3 * 510 - 10);
    expect(code).toBe('DLSHIM_CALLBACK_LIMIT');
    expect(failed).toMatch(/the callback for parameter 0 of cb_keep of callbacks failed: Error: in a worker/);
  });

  it('of a worker that calls process.exit() in the midst of asynchronous calls does not end the process', () => {
    buildModule('callbacks');
    for (let round = 0; round < 3; round++) {
      const ended = runProgram('worker-exit.mjs', [buildLibrary('callbacks.c', 'libcallbacks.so')]);
      expect(ended, ended.errors).toMatchObject({ status: 0, signal: null, output: 'worker ended with 4\n'.repeat(3) });
    }
  });

  it('that foreign threads call without end does not keep the process from ending', () => {
    buildModule('callbacks');
    for (const [how, status, output, says] of [
      ['naturally', 3, 'left with 3\n', /^$/],
      ['exit', 3, '', /^$/],
      ['waiting', 3, '', /^$/],
      // What nobody catches is told, as it is without callbacks.
      ['throw', 1, '', /Error: the end\n +at /],
      ['reject', 1, '', /Error: the end\n +at /],
      ['waiting throw', 1, '', /Error: the end\n +at /],
      ['throw in handler', 7, '', /Error: in the handler\n +at /],
    ] as const) {
      for (let round = 0; round < 3; round++) {
        const ended = runProgram('callback-exit.mjs', [buildLibrary('callbacks.c', 'libcallbacks.so'), how]);
        expect(ended, `${how}: ${ended.errors}`).toMatchObject({ status, signal: null, output });
        expect(ended.errors, how).toMatch(says);
      }
    }
  });

  it('hears every one of 10,000 calls from each of one and many threads, while JavaScript is busy', async () => {
    for (const threads of [1, 10, 100]) {
      let calls = 0;
      let sum = 0;
      const kept = lib.callback('cb_keep', 0, (index) => {
        calls++;
        sum += index;
        return 1;
      });
      lib.fn.cb_keep(kept);
      expect(lib.fn.cb_from_threads(threads, 10_000 / threads)).toBe(0);
      const busy = Date.now() + 200;
      while (Date.now() < busy) lib.fn.cb_ordered(0);
      await until(() => lib.fn.cb_calls() === 10_000);
      const per = 10_000 / threads;
      expect([calls, lib.fn.cb_sum(), sum]).toEqual([10_000, 10_000, (threads * per * (per - 1)) / 2]);
      lib.fn.cb_keep(null);
      lib.release(kept);
    }
  });
});
