// A process has one copy of a library, whatever threads open it and in whatever order, and nothing takes it away again.
// Run: npx vitest run test/runtime/one-library.test.ts

import { dirname } from 'node:path';
import * as runtime from '@dlshim/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary, buildShapes, runProgram } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { descriptorOf } from './descriptors.ts';

const { defineShim } = runtime;

interface Named {
  named_copy(): number;
}

describe.skipIf(noCompiler)(named('threads that open one library', noCompiler), () => {
  let one = '';
  let two = '';
  beforeAll(() => {
    const soname = '-Wl,-soname,libnamed.so.1';
    one = buildLibrary('named.c', 'copy-1/libnamed.so.1', ['-DCOPY=1', soname]);
    two = buildLibrary('named.c', 'copy-2/libnamed.so.1', ['-DCOPY=2', soname]);
  });
  const run = (request: object, env: Record<string, string> = {}) => {
    const ended = runProgram('threads.mjs', [JSON.stringify(request)], { env });
    expect(ended, ended.errors).toMatchObject({ status: 0, signal: null });
    return ended.output === '' ? undefined : JSON.parse(ended.output);
  };

  it('by its path and by its name get the same one', () => {
    const { results, mapped } = run({ files: [one, one, '', ''] });
    const later = { copy: 1, deep: 'undefined' };
    expect(results).toEqual([{ copy: 1, deep: 'true' }, later, later, later]);
    expect(mapped).toEqual([one]);
  });

  it('by another path are refused, before the second copy is loaded', () => {
    const { results, mapped } = run({ files: [one, two] });
    expect(results[1]).toMatchObject({ name: 'PathError', code: 'DLSHIM_PATH' });
    expect(results[1].message).toContain(`libnamed.so.1 is already in this process, from ${one}`);
    expect(mapped).toEqual([one]);
  });

  it('by another path are refused although the first one was found by its name', () => {
    const { results } = run({ files: ['', two] }, { LD_LIBRARY_PATH: dirname(one) });
    expect(results).toMatchObject([{ copy: 1 }, { code: 'DLSHIM_PATH' }]);
  });

  it('twenty at once, while the process ends, do not keep it from ending well', () => {
    for (const exit of [60, 150, 300]) run({ files: Array(20).fill(one), exit });
  });
});

describe.skipIf(noCompiler)(named('two shims', noCompiler), () => {
  const shim = (library: string, files: readonly string[], stamp: string) =>
    defineShim<Named, object, object>(
      descriptorOf({ library, stamp, files: { linux: files }, required: { named_copy: 'i32()' } }),
    );
  const build = (version: number) =>
    buildLibrary('named.c', `two-${version}/libtwo.so.${version}`, [
      `-DCOPY=${version}`,
      `-Wl,-soname,libtwo.so.${version}`,
    ]);

  it('of one library with different stamps have a table each over the same handle', () => {
    const first = shim('twice', ['libtwo.so.4'], 'a').open({ path: build(4) });
    const second = shim('twice', ['libtwo.so.4'], 'b').open();
    expect(second).not.toBe(first);
    expect([first.fn.named_copy(), second.fn.named_copy()]).toEqual([4, 4]);
  });

  it('of one name that have other file names are two libraries', () => {
    expect(
      shim('two', ['libtwo.so.1'], 'a')
        .open({ path: build(1) })
        .fn.named_copy(),
    ).toBe(1);
    expect(
      shim('two', ['libtwo.so.2'], 'a')
        .open({ path: build(2) })
        .fn.named_copy(),
    ).toBe(2);
    expect(shim('two', ['libtwo.so.1'], 'a').open().fn.named_copy()).toBe(1);
    // The third has a file name that nothing provides: it does not get what another one of its name has opened.
    expect(() => shim('two', ['libtwo.so.3'], 'a').open()).toThrow(expect.objectContaining({ code: 'DLSHIM_ABSENT' }));
  });

  it('of a library that was only looked at, or refused, leave the place to another file of its SONAME', () => {
    const flags = ['-Wl,-soname,libidle.so.1'];
    const first = buildLibrary('named.c', 'idle-1/libidle.so.1', ['-DCOPY=1', ...flags]);
    const second = buildLibrary('named.c', 'idle-2/libidle.so.1', ['-DCOPY=2', ...flags]);
    const demanding = defineShim(
      descriptorOf({ library: 'idle', stamp: 'demanding', required: { named_absent: 'i32()' } }),
    );
    expect(() => demanding.open({ path: first })).toThrow(expect.objectContaining({ code: 'DLSHIM_SYMBOLS' }));
    expect(shim('idle', [], 'b').open({ path: second }).fn.named_copy()).toBe(2);
    expect(() => shim('other_idle', [], 'b').open({ path: first })).not.toThrow();
  });
});

describe.skipIf(noCompiler)(named('the public surface', noCompiler), () => {
  const opened = () =>
    defineShim<{ shapes_area(width: number, height: number): number }, object, object>(
      descriptorOf({ library: 'surface', required: { shapes_area: 'i32(i32,i32)' } }),
    );

  /** Every name that can be reached from a value, through properties and prototypes. */
  function namesOf(value: unknown, seen = new Set<unknown>()): string[] {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return [];
    if (value === Object.prototype || value === Function.prototype) return [];
    seen.add(value);
    const names = Reflect.ownKeys(value).filter((key) => typeof key === 'string');
    const below = names.flatMap((name) => {
      const { value: inner } = Object.getOwnPropertyDescriptor(value, name) ?? {};
      return namesOf(inner, seen);
    });
    return [...names, ...below, ...namesOf(Object.getPrototypeOf(value), seen)];
  }

  it('has nothing that closes, unloads or disposes of a library', () => {
    const shim = opened();
    const loaded = shim.open({ path: buildShapes('1.2') });
    expect(loaded.fn.shapes_area(2, 3)).toBe(6);
    const names = new Set([...namesOf(runtime), ...namesOf(shim), ...namesOf(loaded), ...namesOf(shim.inspect())]);
    expect(names.size).toBeGreaterThan(40);
    expect([...names].filter((name) => /close|unload|dispose|destroy|finali[sz]e|free/i.test(name))).toEqual(['free']);
    expect(Symbol.dispose in loaded || Symbol.asyncDispose in loaded).toBe(false);
  });

  it('gives functions that outlive what opened them, without a reference to it', async () => {
    const { shapes_area } = opened().open({ path: buildShapes('1.2') }).fn;
    for (let round = 0; round < 20; round++) {
      const garbage = Array.from({ length: 1000 }, () => new Uint8Array(10_000));
      await new Promise((resolve) => setImmediate(resolve, garbage.length));
    }
    expect(shapes_area(6, 7)).toBe(42);
  });
});
