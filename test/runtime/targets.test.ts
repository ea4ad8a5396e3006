// One shim for several targets: the variant of the machine is picked, and a machine that the shim is not for is refused by name.
// Which machine it is, is what `process` says; the tests let it say something else.

import {
  bytesOf,
  defineRecord,
  defineShim,
  type RecordDescriptor,
  type UnsupportedPlatformError,
} from '@dlshim/runtime';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { libtargets } from '../golden/libtargets.ts';
import { buildShapes } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

const real = { platform: process.platform, arch: process.arch };

function pretend(platform: string, arch: string): void {
  Object.defineProperty(process, 'platform', { value: platform });
  Object.defineProperty(process, 'arch', { value: arch });
}

afterEach(() => pretend(real.platform, real.arch));

/** New layouts each time: a record keeps the one that it was first used with. */
function records(): Record<string, RecordDescriptor> {
  return {
    mixed: {
      kind: 'struct',
      size: { '*': 24, 'x86_64-windows': 12 },
      align: { '*': 8, 'x86_64-windows': 4 },
      fields: {
        c: { '*': ['i8', 0], 'aarch64-linux-gnu': ['u8', 0] },
        l: { '*': ['i64', 8], 'x86_64-windows': ['i32', 4] },
        b: { '*': ['u32', 128, 3], 'x86_64-windows': ['u32', 64, 3] },
      },
    },
  };
}

describe('the layout of a record', () => {
  const use = (platform: string, arch: string) => {
    pretend(platform, arch);
    const type = defineRecord<{ c: number; l: number | bigint; b: number }>('mixed', records());
    const view = type.alloc();
    Object.assign(view, { c: type.size === 24 && arch === 'arm64' && platform === 'linux' ? 200 : -3, l: 1, b: 5 });
    return {
      size: type.size,
      align: type.align,
      bytes: Buffer.from(bytesOf(view)).toString('hex'),
      read: { ...type.read(view) },
    };
  };

  it('is that of the machine', () => {
    expect(use('win32', 'x64')).toEqual({
      size: 12,
      align: 4,
      bytes: 'fd0000000100000005000000',
      read: { c: -3, l: 1, b: 5 },
    });
    expect(use('linux', 'x64')).toMatchObject({
      size: 24,
      align: 8,
      bytes: 'fd0000000000000001000000000000000500000000000000',
    });
    expect(use('linux', 'arm64')).toMatchObject({ size: 24, read: { c: 200, l: 1, b: 5 } });
    expect(use('darwin', 'arm64')).toMatchObject({ size: 24, read: { c: -3, l: 1, b: 5 } });
  });
});

describe('open()', () => {
  const refusal = (platform: string, arch: string): UnsupportedPlatformError => {
    pretend(platform, arch);
    try {
      libtargets.open();
    } catch (error) {
      return error as UnsupportedPlatformError;
    }
    throw new Error('it was opened');
  };

  it('refuses a machine that no shim can be generated for, and names those that this one is for', () => {
    const error = refusal('linux', 'riscv64');
    expect(error).toMatchObject({ name: 'UnsupportedPlatformError', code: 'DLSHIM_PLATFORM', library: 'libtargets' });
    expect(error.message).toContain(
      'the shim was generated for x86_64-linux-gnu, aarch64-linux-gnu, x86_64-apple-darwin, arm64-apple-darwin, x86_64-windows, ' +
        'and this is linux on riscv64',
    );
    expect(error.message).toContain('No shim can be generated for this platform yet.');
  });

  it('refuses a machine that the shim was not generated for, and says how it would be', () => {
    pretend('linux', 'arm64');
    const shim = defineShim({
      ...{ format: 1, library: 'one', version: '1', stamp: 'one', target: 'x86_64-linux-gnu', files: {}, packages: {} },
      ...{ required: {}, weak: {}, features: {}, records: {} },
    });
    expect(() => shim.open()).toThrow(
      /generated for x86_64-linux-gnu, and this is linux on arm64[\s\S]*--target aarch64-linux-gnu/,
    );
    expect(shim.inspect()).toMatchObject({ status: 'incompatible', error: { code: 'DLSHIM_PLATFORM' } });
  });
});

describe.skipIf(noCompiler)(named('a library of this machine', noCompiler), () => {
  let path = '';
  beforeAll(() => {
    path = buildShapes('1.2');
  });

  it('is called by the signature and the symbol of its target', () => {
    const here = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
    const shim = defineShim<{ area(a: number, b: number): number }, object, Record<never, never>>({
      ...{ format: 2, library: 'shapes_targets', version: '1', stamp: 'targets', target: ['x86_64-windows', here] },
      ...{ files: {}, packages: {}, weak: {}, features: {}, records: {} },
      required: { area: { '*': 'f64(f64,f64)', [here]: 'i32(i32,i32)' } },
      symbols: { area: { '*': 'no_such_symbol', [here]: 'shapes_area' } },
    });
    expect(shim.open({ path }).fn.area(6, 7)).toBe(42);
  });
});
