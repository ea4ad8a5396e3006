// The golden module of a history, on the library that it is of: every version is compiled from its headers, and loaded in a process of its own.

import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildLibrary, buildModule, root, runProgram } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

/** Which parts of eras.c a version has. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  '1.0': ['OLD', 'FLAKY'],
  '1.1': ['OLD'],
  '1.2': ['FLAKY'],
  '1.3': ['FLAKY'],
  '2.0': ['FLAKY', 'WIDE'],
};

function build(version: string): string {
  const parts = PARTS[version]!;
  const soname = version < '2' ? 'liberas.so.1' : 'liberas.so.2';
  const map = parts.includes('OLD') ? 'eras-1.map' : 'eras-2.map';
  return buildLibrary('eras.c', join(`eras-${version}`, soname), [
    `-DHEADER="${join(root, 'test/cases/eras', `${version}.h`)}"`,
    ...parts.map((part) => `-D${part}`),
    `-Wl,-soname,${soname}`,
    `-Wl,--version-script,${join(root, 'test/native', map)}`,
  ]);
}

function run(version: string, ...args: string[]): unknown {
  const ended = runProgram('eras-golden.mjs', args, { env: { DLSHIM_LIBERAS: build(version) } });
  expect(ended).toMatchObject({ status: 0, errors: '' });
  return JSON.parse(ended.output);
}

describe.skipIf(noCompiler)(named('the module of five versions', noCompiler), () => {
  beforeAll(() => void buildModule('liberas', 'test/golden'));

  const none = { details: false, truncate_with_stat: false, append: false, wide_point: false, since_2_0: false };
  const some = { ...none, truncate_with_stat: true, append: true, old_truncate: false, flush: true };

  test('on 1.0', () => {
    expect(run('1.0')).toEqual({
      versions: '1.0',
      task: [null, null, 48, 1],
      point: { x: 1, y: 2 },
      seek: 6,
      truncated: ['old', 10],
      read: ['eras_read_async@1.0', 3, 3, 11],
      slots: ['eras_legacy', 'eras_flaky'],
      features: { ...none, old_truncate: true, flush: false },
    });
  });

  test('on 1.1, where a member is wider', () => {
    expect(run('1.1')).toMatchObject({
      versions: '1.1',
      task: [null, null, 48, 1],
      truncated: ['old', 10],
      slots: ['eras_flush', 'eras_legacy'],
    });
  });

  test('on 1.2 and 1.3, which nothing tells apart: what differs is refused, what does not is there', () => {
    for (const version of ['1.2', '1.3']) {
      expect(run(version)).toEqual({
        versions: '1.2 to 1.3',
        // The members that it sets are where they are in both.
        task: [0, 'UndecidedError', 48, 1],
        point: { x: 1, y: 2 },
        seek: 6,
        truncated: ['new', 1, 9, 10],
        read: ['eras_read_async', 5, 5, 11],
        slots: ['eras_flush', 'eras_flaky'],
        features: { ...some, details: 'UndecidedError' },
      });
    }
  });

  test('on 1.3 that is said to be 1.3', () => {
    expect(run('1.3', '1.3')).toMatchObject({
      versions: '1.3',
      task: [0, 0, 48, 1],
      features: { ...some, details: true },
    });
  });

  test('on 2.0, with another record by value', () => {
    expect(run('2.0')).toEqual({
      versions: '2.0',
      task: [0, 0, 48, 1],
      point: { x: 1, y: 2, z: 3 },
      seek: 6,
      truncated: ['new', 1, 9, 10],
      read: ['eras_read_async', 5, 5, 11],
      slots: ['eras_flush', 'eras_rotate', 'eras_flaky'],
      features: { ...some, details: true, wide_point: true, since_2_0: true },
    });
  });
});
