// The order of versions, which generator and runtime have alike, and sets of versions as text.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions, isVersion } from '../../generator/src/history/compare.ts';
import { rangesFromText, rangesText } from '../../generator/src/history/ranges.ts';
import { compareVersions as compareAtRunTime } from '../../runtime/src/versions/compare.ts';

describe('versions', () => {
  const ascending = [
    ...['0.9', '1.0-dev', '1.0~', '1.0~git2', '1.0-alpha', '1.0-alpha.2', '1.0b1', '1.0-rc1', '1.0.0-rc.2', '1.0rc10'],
    ...['1.0', '1.0.1', '1.0.2', '1.0.2k', '1.0.2k.1', '1.0.2.1', '1.9', '1.9.9', '1.10', '2.0~rc1', '2.0', '20170105'],
  ];

  test('are in the order of their numbers, pre-releases before their release, letters behind it', () => {
    const expected = ascending.filter((v) => !v.startsWith('1.0~'));
    const shuffled = [...expected].reverse();
    expect(shuffled.sort(compareVersions)).toEqual(expected);
    expect(compareVersions('1.0~', '1.0-dev')).toBeLessThan(0);
    expect(compareVersions('1.0~git2', '1.0')).toBeLessThan(0);
  });

  test.each([
    ['1.2', '1.2.0'],
    ['1.2', '1.2.0.0'],
    ['v1.2', '1.2'],
    ['1.2-rc1', '1.2.0rc1'],
    ['1.02', '1.2'],
    ['18.2.7+ds', '18.2.7'],
  ])('%s is %s', (a, b) => {
    expect(compareVersions(a, b)).toBe(0);
    expect(compareVersions(b, a)).toBe(0);
  });

  test('compare in the generator as they do at run time', () => {
    const part = fc.oneof(
      fc.nat(12).map(String),
      fc.constantFrom('.', '-', '~', 'rc', 'beta', 'a', 'k', '+', '0', 'dev'),
    );
    const version = fc.array(part, { maxLength: 6 }).map((parts) => `1${parts.join('')}`);
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b))).toBe(Math.sign(compareAtRunTime(a, b)));
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) || 0);
      }),
      { numRuns: 5000 },
    );
  });

  test.each(['unversioned', '', 'librbd', '1.2,1.3', '1..2', '1.', '1.2 3'])('%j is none', (text) => {
    expect(isVersion(text)).toBe(false);
  });
});

test('every set of versions survives its text', () => {
  const sets = fc.integer({ min: 1, max: 9 }).chain((count) => {
    const all = Array.from({ length: count }, (_, at) => at);
    return fc.tuple(fc.subarray(all), fc.constant(all));
  });
  fc.assert(
    fc.property(sets, ([set, all]) => {
      const name = (index: number): string => `1.${index}`;
      expect(rangesFromText(rangesText(set, all, name), all, name)).toEqual(set);
    }),
  );
});
