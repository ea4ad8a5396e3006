// Libraries that are pretended to be older, absent, refused, or a few functions of the test: @dlshim/runtime/testing.
// Run: npx vitest run test/runtime/pretend.test.ts

import type { Cell, Pointer } from '@dlshim/runtime';
import { callbackAt, pretend, type Rejection } from '@dlshim/runtime/testing';
import { librbd, type rbd_completion_t } from '@dlshim/shims/librbd';
import { afterEach, describe, expect, it } from 'vitest';
import { buildShapes } from '../native/build.ts';
import { named, noCompiler, noLibrary } from '../needs.ts';
import { shapes } from './shapes.ts';

const undo: (() => void)[] = [];
const until = (restore: () => void) => void undo.push(restore);
afterEach(() => {
  for (const restore of undo.splice(0)) restore();
});

const noRbd = noLibrary('librbd.so.1');

describe.skipIf(noRbd)(named('the real librbd, pretended to be another', noRbd), () => {
  it('lacks functions and features, opened before or not, and is itself again afterwards', () => {
    const real = librbd.open();
    expect(real.has('write_zeroes')).toBe(true);
    const restore = pretend(librbd, {
      without: ['rbd_encryption_format'],
      withoutFeatures: ['write_zeroes'],
      version: '0.1.8',
    });
    until(restore);
    const old = librbd.open();
    expect(old).not.toBe(real);
    expect(librbd.open()).toBe(old);
    expect(old.has('write_zeroes')).toBe(false);
    expect(old.fn.rbd_write_zeroes).toBeUndefined();
    expect(old.fn.rbd_encryption_format).toBeUndefined();
    expect(old.async.rbd_aio_write_zeroes).toBeUndefined();
    expect('rbd_write_zeroes' in old.fn).toBe(false);
    const version: [[number], [number], [number]] = [[0], [0], [0]];
    old.fn.rbd_version(...version);
    expect(version[0][0]).toBe(1); // the library is the real one
    const found = librbd.inspect();
    expect(found).toMatchObject({ status: 'loaded', version: '0.1.8', features: { write_zeroes: false } });
    expect(found.missing).toContain('rbd_write_zeroes');
    expect(() => librbd.open({ require: ['write_zeroes'] })).toThrow(
      expect.objectContaining({ code: 'DLSHIM_REQUIRE', unmet: ['write_zeroes'], version: '0.1.8' }),
    );
    restore();
    expect(librbd.open()).toBe(real);
    expect(librbd.inspect().features.write_zeroes).toBe(true);
  });

  it('is refused without a required function, by the error that open() really throws', () => {
    until(pretend(librbd, { without: ['rbd_open', 'rbd_close'], version: '0.0.1' }));
    expect(() => librbd.open()).toThrow(
      expect.objectContaining({ name: 'MissingSymbolsError', symbols: ['rbd_open', 'rbd_close'], version: '0.0.1' }),
    );
    expect(() => librbd.tryOpen()).toThrow(/lacks required functions: rbd_open, rbd_close/);
    expect(librbd.inspect()).toMatchObject({ status: 'incompatible', missingRequired: ['rbd_open', 'rbd_close'] });
  });
});

describe('a library that is pretended', () => {
  it('is absent, though it may be installed', () => {
    {
      using _restored = pretend(librbd, { absent: true });
      expect(librbd.tryOpen()).toBeUndefined();
      expect(() => librbd.open()).toThrow(
        expect.objectContaining({ name: 'LibraryAbsentError', code: 'DLSHIM_ABSENT' }),
      );
      expect(() => librbd.open()).toThrow(/apt install librbd1/);
      expect(() => librbd.open({ path: '/nowhere/librbd.so.1' })).toThrow(
        /open\(\{ path \}\) names \/nowhere\/librbd.so.1/,
      );
      const found = librbd.inspect();
      expect(found).toMatchObject({ status: 'absent', present: [], version: undefined });
      expect(found.attempts[0]).toMatchObject({ file: 'librbd.so.1', from: 'shim' });
    }
    if (!noRbd) expect(librbd.tryOpen()).toBeDefined();
  });

  it('is refused for each reason, by the error of that reason', () => {
    const errors: [Rejection, string, string][] = [
      ['unreadable', 'LibraryUnreadableError', 'DLSHIM_UNREADABLE'],
      ['not-a-library', 'NotALibraryError', 'DLSHIM_NOT_A_LIBRARY'],
      ['wrong-machine', 'WrongMachineError', 'DLSHIM_WRONG_MACHINE'],
      ['truncated', 'TruncatedLibraryError', 'DLSHIM_TRUNCATED'],
      ['other', 'LibraryRejectedError', 'DLSHIM_REJECTED'],
      [{ dependency: 'librados.so.2' }, 'MissingDependencyError', 'DLSHIM_DEPENDENCY'],
    ];
    for (const [rejected, name, code] of errors) {
      using _restored = pretend(librbd, { rejected });
      expect(() => librbd.tryOpen(), name).toThrow(expect.objectContaining({ name, code }));
      expect(librbd.inspect()).toMatchObject({ status: 'rejected', error: { code } });
    }
  });

  it('is a few functions of the test, without any library', async () => {
    const written: number[] = [];
    const restore = pretend(librbd, {
      version: '14.2.21',
      functions: {
        rbd_get_size: (_image, size) => {
          (size as [number])[0] = 4096;
          return 0;
        },
        rbd_write: (_image, offset, length) => {
          written.push(Number(offset));
          return length;
        },
        rbd_write_zeroes: () => 7,
      },
    });
    until(restore);
    const rbd = librbd.open();
    const image = 1n as never;
    const size: [number] = [0];
    expect([rbd.fn.rbd_get_size(image, size), size[0]]).toEqual([0, 4096]);
    expect(await rbd.async.rbd_write(image, 512, 4, new Uint8Array(4))).toBe(4);
    expect(written).toEqual([512]);
    expect(rbd.fn.rbd_write_zeroes?.(image, 0, 0, 0, 0)).toBe(7);
    expect(rbd.fn.rbd_aio_write_zeroes).toBeUndefined();
    expect(rbd.has('write_zeroes')).toBe(false);
    expect(() => rbd.fn.rbd_close(image)).toThrow(
      'rbd_close of librbd was called, and pretend() was given no such function',
    );
    await expect(rbd.async.rbd_close(image)).rejects.toThrow(/rbd_close/);
    expect(librbd.inspect()).toMatchObject({
      status: 'loaded',
      version: '14.2.21',
      path: undefined,
      missingRequired: [],
    });
  });

  it('tells the version that a function of the test gives', () => {
    const rbd_version = (...cells: unknown[]) => {
      for (const [index, cell] of (cells as number[][]).entries()) cell[0] = 3 - index;
    };
    until(pretend(librbd, { functions: { rbd_version } }));
    expect(librbd.inspect().version).toBe('3.2.1');
  });

  it('calls callbacks back, through what stands for their pointers', () => {
    type Complete = (completion: rbd_completion_t, argument: Pointer | null) => void;
    let complete: (() => void) | undefined;
    const restore = pretend(librbd, {
      functions: {
        rbd_aio_create_completion: (argument, callback, completion) => {
          (completion as Cell<rbd_completion_t>)[0] = 5n as rbd_completion_t;
          complete = () =>
            callbackAt(callback as Pointer<Complete>)?.(5n as rbd_completion_t, argument as Pointer | null);
          return 0;
        },
      },
    });
    until(restore);
    const rbd = librbd.open();
    const seen: unknown[] = [];
    const callback = rbd.callback('rbd_aio_create_completion', 1, (completion) => void seen.push(completion));
    rbd.fn.rbd_aio_create_completion(null, callback, [null]);
    complete!();
    rbd.release(callback);
    complete!();
    expect(seen).toEqual([5n]);
    expect(callbackAt(callback)).toBeUndefined();
    expect(() => rbd.release(callback)).toThrow(expect.objectContaining({ code: 'DLSHIM_RELEASE' }));
  });

  it('is like a version or says one, not both', () => {
    expect(() => pretend(librbd, { like: '14.2.21', version: '1.17.0' })).toThrow(/leave `version` out/);
  });

  it('is checked and traced like a real one', () => {
    until(pretend(librbd, { functions: { rbd_close: () => 0 } }));
    const checked = librbd.open({ check: true });
    expect(() => checked.fn.rbd_close(undefined as never)).toThrow(
      expect.objectContaining({ code: 'DLSHIM_ARGUMENT' }),
    );
    expect(checked.fn.rbd_close(1n as never)).toBe(0);
    expect(() => librbd.open().fn.rbd_close(undefined as never)).not.toThrow();
  });

  it('is what the latest pretence says, and they end in any order', () => {
    const first = pretend(librbd, { absent: true });
    const second = pretend(librbd, { rejected: 'unreadable' });
    until(first);
    until(second);
    expect(librbd.inspect().status).toBe('rejected');
    first();
    first();
    expect(librbd.inspect().status).toBe('rejected');
    second();
    expect(librbd.inspect().status).toBe(noRbd ? 'absent' : 'loaded');
  });

  it('takes only names that the shim has, and nothing that contradicts itself', () => {
    expect(() => pretend(librbd, { without: ['rbd_nothing' as never] })).toThrow(
      /librbd has no function 'rbd_nothing' to pretend about/,
    );
    expect(() => pretend(librbd, { withoutFeatures: ['nothing' as never] })).toThrow(/no feature 'nothing'/);
    expect(() => pretend(librbd, { functions: { toString: () => '' } as never })).toThrow(/no function 'toString'/);
    expect(() => pretend(librbd, { absent: true, version: '1' })).toThrow(/nothing else besides/);
    expect(() => pretend({} as typeof librbd, { absent: true })).toThrow(/takes a shim/);
    // @ts-expect-error a name that the shim does not have
    expect(() => pretend(librbd, { without: ['rbd_nothing'] })).toThrow();
    expect(librbd.inspect().status).toBe(noRbd ? 'absent' : 'loaded');
    expect(() => pretend(librbd, undefined as never)).toThrow(/pretend\(\) takes what to pretend/);
    expect(() => pretend(null as never, {})).toThrow(/pretend\(\) takes a shim/);
    expect(() => pretend(librbd, { without: 'rbd_open' as never })).toThrow(/a list of functions in `without`/);
    expect(() => librbd.open(null as never)).toThrow(/open\(\) takes an object of options/);
  });
});

describe.skipIf(noCompiler)(named('a library that is opened by its path', noCompiler), () => {
  it('is pretended to be an older one', () => {
    const path = buildShapes('1.2');
    const restore = pretend(shapes, { withoutFeatures: ['exact'], version: '1.1.0' });
    until(restore);
    const old = shapes.open({ path });
    expect([old.has('rotate'), old.has('exact')]).toEqual([true, false]);
    expect(old.fn.shapes_area(6, 7)).toBe(42);
    expect(old.fn.shapes_mirror).toBeUndefined();
    restore();
    const real = shapes.open({ path });
    expect([real.has('rotate'), real.has('exact')]).toEqual([true, true]);
  });
});
