// The seventeen things that QEMU's block drivers (rbd, iscsi, curl, gluster, nfs) decide when they are compiled, as features of the shims:
// each asked of every version that the history knows from the baseline on, as the testing kit pretends it. test/versions asks the real
// libraries of four Debian suites the same.

import { pretend } from '@dlshim/runtime/testing';
import { libgfapi } from '@dlshim/shims/libgfapi';
import { librbd } from '@dlshim/shims/librbd';
import { describe, expect, test } from 'vitest';
import { descriptorOf } from '../runtime/src/contract/descriptor.ts';
import { compareVersions } from '../runtime/src/versions/compare.ts';
import { expected, GATES, type Gate, type GateLibrary, shimOf } from './gates.ts';
import { named, noLibrary } from './needs.ts';

/** What has() says: `undecided` where it throws that. */
function asked({ library, feature }: Gate, version: string): boolean | 'undecided' {
  const shim = shimOf(library);
  // No library is called: the table is of the functions that the version has.
  const restore = pretend(shim, { like: version, functions: functionsOf(library) });
  try {
    return shim.open().has(feature);
  } catch (error) {
    if ((error as { code?: string }).code === 'DLSHIM_UNDECIDED') return 'undecided';
    throw error;
  } finally {
    restore();
  }
}

/** Stand-ins for all of a shim's functions; what a version lacks is missing whatever stands for it. */
function functionsOf(library: GateLibrary): Record<string, () => never> {
  const { required, weak } = descriptorOf(shimOf(library))!;
  const never = (): never => {
    throw new Error('no gate calls anything');
  };
  return Object.fromEntries([...Object.keys(required), ...Object.keys(weak)].map((name) => [name, never]));
}

function versionsOf({ library }: Gate): readonly string[] {
  const { versions, baseline } = descriptorOf(shimOf(library))!.history!;
  return versions.filter((version) => compareVersions(version, baseline) >= 0);
}

describe.each(GATES)('gate $number: $library has $feature ($stands)', (gate) => {
  test('in the versions that have it, and in no others', () => {
    const versions = versionsOf(gate);
    const answers = Object.fromEntries(versions.map((version) => [version, asked(gate, version)]));
    expect(answers).toEqual(Object.fromEntries(versions.map((version) => [version, expected(gate, version)])));
    // A gate that never changes its mind would be none; what the baseline itself decides is refused below it.
    const kinds = new Set(Object.values(answers));
    if (gate.isMinimum) expect(kinds).toEqual(new Set([true]));
    else expect([...kinds]).toEqual(expect.arrayContaining([true, false]));
  });
});

test('all gates of the table are there', () => {
  expect([...new Set(GATES.map(({ number }) => number))]).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
});

describe('versions older than the baseline', () => {
  test.each([
    ['libiscsi', '1.7.0'],
    ['libnfs', '1.9.2'],
  ] as const)('%s %s is refused before anything is called', (library, version) => {
    const shim = shimOf(library);
    const restore = pretend(shim, { like: version });
    try {
      expect(() => shim.open()).toThrow(expect.objectContaining({ name: expect.stringMatching(/Error$/), library }));
      expect(shim.inspect().status).toBe('incompatible');
    } finally {
      restore();
    }
  });
});

const absent = noLibrary('librbd.so.1') ?? noLibrary('libgfapi.so.0');

describe.skipIf(absent)(named('what the baseline makes sure of is false where it is not so', absent), () => {
  test('gate 1: a librbd that says it is 0.1.11', () => {
    const restore = pretend(librbd, { version: '0.1.11' });
    try {
      expect(librbd.open().has('version_1_12')).toBe(false);
    } finally {
      restore();
    }
  });

  test('gate 13: a libgfapi without glfs_set_xlator_option is refused, by that name', () => {
    const restore = pretend(libgfapi, { without: ['glfs_set_xlator_option'] });
    try {
      expect(() => libgfapi.open()).toThrow(/glfs_set_xlator_option/);
      expect(libgfapi.inspect().features.xlator_option).toBe(false);
    } finally {
      restore();
    }
  });
});
