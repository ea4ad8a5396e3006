// Which versions evidence allows: the inference by itself, without a library.
// Run: npx vitest run test/runtime/inference.test.ts
// Longer than 400 lines because the examples and the properties share their histories, and one shows what the other means.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Era, HistoryDescriptor } from '../../runtime/src/contract/descriptor.ts';
import { compareVersions, versionIn } from '../../runtime/src/versions/compare.ts';
import { conditionsOf, interval, judge, type Known } from '../../runtime/src/versions/conditions.ts';
import { truthOf, valuesOf } from '../../runtime/src/versions/eras.ts';
import { type Evidence, infer } from '../../runtime/src/versions/inference.ts';
import { timelineOf } from '../../runtime/src/versions/timeline.ts';

describe('the order of versions', () => {
  it.each([
    ['1.9', '1.10'],
    ['1.2', '1.2.1'],
    ['1.2rc1', '1.2'],
    ['1.2~beta2', '1.2rc1'],
    ['1.2-beta2', '1.2-rc1'],
    ['1.2.0-rc.1', '1.2'],
    ['0.94', '9.0.0'],
    ['1.0.2', '1.0.2k'],
    ['1.0.2k', '1.0.2.1'],
    ['8.14.1-DEV', '8.14.1'],
    ['none', '0'],
  ])('has %s before %s', (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
  });

  it.each([
    ['1.2', '1.2.0'],
    ['1.2rc1', '1.2.0rc1'],
    ['18.2.7', '18.2.7+ds-1'],
    ['v3.1', '3.1'],
    ['0.10.6', 'libssh 0.10.6/openssl/zlib'],
    ['1', '01'],
  ])('has %s and %s as one version', (a, b) => {
    expect(compareVersions(a, b)).toBe(0);
  });

  it('is total: transitive, and the same read backwards', () => {
    const part = fc.constantFrom('0', '1', '2', '10', 'rc', 'beta', 'a', 'k', '~');
    const version = fc
      .array(part, { minLength: 1, maxLength: 5 })
      .map((parts) => ['1', ...parts].join('.').replace(/\.~/g, '~'));
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
    expect(versionIn('unknown')).toBeUndefined();
  });
});

describe('places between and beside known versions', () => {
  const timeline = timelineOf(['1.0', '1.1', '1.2', '2.0']);

  it('are the known ones, the gaps and both ends', () => {
    expect(['0.9', '1.0', '1.0.5', '1.1.0', '1.2', '1.3', '2.0', '2.1'].map((text) => timeline.placeOf(text))).toEqual([
      0, 1, 2, 3, 5, 6, 7, 8,
    ]);
  });

  it('have what both neighbours have, and in an open range what the newest has', () => {
    expect(timeline.truthsOf('1.1..1.2')).toEqual(['no', 'no', 'maybe', 'yes', 'yes', 'yes', 'maybe', 'no', 'no']);
    expect(timeline.truthsOf('1.2..').slice(4)).toEqual(['maybe', 'yes', 'yes', 'yes', 'yes']);
    expect(timeline.truthsOf('1.0,2.0')).toEqual(['maybe', 'yes', 'maybe', 'no', 'no', 'no', 'maybe', 'yes', 'maybe']);
    expect(() => timeline.truthsOf('1.5..')).toThrow(/the range '1.5..' names 1.5/);
  });

  it.each([
    [[3], '1.1'],
    [[3, 4, 5], '1.1 to 1.2'],
    [[4], 'between 1.1 and 1.2'],
    [[4, 5], 'newer than 1.1, up to 1.2'],
    [[5, 6], '1.2 or newer, before 2.0'],
    [[8], 'newer than 2.0'],
    [[7, 8], '2.0 or newer'],
    [[0], 'older than 1.0'],
    [[0, 1], '1.0 or older'],
    [[0, 1, 2], 'before 1.1'],
    [[0, 1, 2, 3, 4, 5, 6, 7, 8], 'any version'],
  ])('%j are, in words, %s', (places, words) => {
    expect(timeline.describe(places)).toBe(words);
  });
});

// Like libiscsi: no version call, and symbols that date a layout.
const scsi: HistoryDescriptor = {
  versions: ['1.12.0', '1.14.0', '1.16.0', '1.18.0', '1.20.0'],
  baseline: '1.14.0',
  sonames: [['libx.so.4'], ['libx.so.4'], ['libx.so.7'], [], ['libx.so.7', 'libx.so.10']],
  symbols: { '1.14.0..': ['auth'], '1.16.0..': ['iov_a', 'iov_b'], '1.20.0..': ['force'], '1.12.0..1.16.0': ['old'] },
};
const all = ['auth', 'iov_a', 'iov_b', 'force', 'old'];
const having = (...names: string[]): Evidence => ({
  present: new Set(names),
  missing: new Set(all.filter((name) => !names.includes(name))),
});
const versionsOf = (evidence: Evidence, history = scsi) => interval(infer(history, evidence));

describe('what evidence allows', () => {
  it('dates a library by the symbols that it has and lacks', () => {
    expect(versionsOf(having('auth', 'iov_a', 'iov_b', 'force'))).toBe('1.20.0');
    expect(versionsOf(having('auth', 'iov_a', 'iov_b'))).toBe('1.18.0');
    expect(versionsOf(having('auth', 'iov_a', 'iov_b', 'old'))).toBe('1.16.0');
    expect(versionsOf(having('auth', 'old'))).toBe('1.14.0');
  });

  it('takes part of what came with a version for one that nobody knows, before it', () => {
    const inference = infer(scsi, having('auth', 'iov_a', 'old'));
    expect(interval(inference)).toBe('between 1.14.0 and 1.16.0');
    expect(inference).toMatchObject({ exact: undefined, warnings: [] });
  });

  it('counts nothing that is not known to be there or missing', () => {
    expect(versionsOf({})).toBe('1.14.0 to 1.20.0');
    expect(versionsOf({ present: new Set(['iov_a']) })).toBe('1.16.0 to 1.20.0');
    expect(versionsOf({ missing: new Set(['force', 'old']) })).toBe('1.18.0');
  });

  it('warns of a library that says it is newer than all that is known', () => {
    const { exact, warnings } = infer({ ...scsi }, { reported: '2.1.0' });
    expect(exact).toBe('2.1.0');
    expect(warnings).toEqual([
      'It says 2.1.0, which is newer than what the shim knows: what holds in 1.20.0 is taken to hold.',
    ]);
    expect(infer(scsi, { reported: '1.20.0' }).warnings).toEqual([]);
  });

  it('knows the SONAME of each version, and of some it does not', () => {
    expect(versionsOf({ soname: 'libx.so.4' })).toBe('1.14.0 to 1.18.0');
    expect(versionsOf({ soname: 'libx.so.10' })).toBe('1.18.0 to 1.20.0');
    expect(versionsOf({ ...having('auth', 'iov_a', 'iov_b', 'force'), soname: 'libx.so.10' })).toBe('1.20.0');
  });

  it('does not trust what it knows where the SONAME is none of those that are known', () => {
    const strange = infer({ ...scsi, sonames: scsi.versions.map(() => ['libx.so.7']) }, { soname: 'libx.so.12' });
    expect(strange.warnings).toEqual(['It calls itself libx.so.12, which no known version does.']);
    expect(truthOf(strange, '1.12.0..')).toBe('maybe');
    expect(valuesOf(strange, scsi, [['1.12.0..', 'only']], 'none')).toEqual(['only', 'none']);
  });

  it('is older than the baseline where only older versions are possible', () => {
    const old = infer(scsi, having('old'));
    expect(old.fitting).toEqual([]);
    expect(interval(old)).toBe('1.12.0');
  });

  it('warns of symbols that no known version has together, and takes what is between', () => {
    const odd = infer(scsi, having('auth', 'force', 'old'));
    expect(odd.warnings[0]).toMatch(
      /No known version has these symbols and lacks those: it has .*force \(since 1.20.0\)/,
    );
    expect(odd.exact).toBeUndefined();
    expect(
      valuesOf(
        odd,
        scsi,
        [
          ['1.12.0..1.18.0', 'a'],
          ['1.20.0..', 'b'],
        ],
        '',
      ),
    ).toEqual(['a', 'b']);
  });
});

describe('what the library says of itself', () => {
  const own: HistoryDescriptor = {
    versions: ['1.4', '1.6', '1.8'],
    baseline: '1.4',
    symbols: { '1.6..': ['six'], '1.8..': ['eight'] },
  };

  it('is its version, known or not', () => {
    expect(infer(own, { reported: '1.6.0' })).toMatchObject({ places: [3], exact: '1.6' });
    expect(infer(own, { reported: '1.5.2' })).toMatchObject({ places: [2], exact: '1.5.2' });
    expect(infer(own, { reported: '2.0' })).toMatchObject({ places: [6], exact: '2.0' });
    expect(infer(own, { reported: '1.2' })).toMatchObject({ places: [0], fitting: [] });
    expect(infer(own, { reported: 'trunk' }).warnings).toEqual([
      'It says that it is trunk, which tells nothing of its version.',
    ]);
  });

  it('may be said of several versions', () => {
    const rbd: HistoryDescriptor = {
      versions: ['14.2.21', '16.2.11', '16.2.15', '18.2.7', '20.2.4'],
      baseline: '14.2.21',
      reported: ['1.12.0', '1.16.0', '1.16.0', '1.18.0', null],
      symbols: {},
    };
    expect(versionsOf({ reported: '1.16.0' }, rbd)).toBe('16.2.11 to 16.2.15');
    expect(versionsOf({ reported: '1.17.0' }, rbd)).toBe('between 16.2.15 and 18.2.7');
    expect(versionsOf({ reported: '1.20.0' }, rbd)).toBe('20.2.4');
    expect(versionsOf({ reported: '1.18.0' }, rbd)).toBe('18.2.7 to 20.2.4'); // whose word nobody knows
  });

  it('warns of a backport, and decides nothing that differs between the ends', () => {
    const backport = infer(own, { reported: '1.4', present: new Set(['eight', 'six']) });
    expect(backport.warnings).toHaveLength(1);
    expect(backport.warnings[0]).toMatch(/says 1.4: 1.4.*Taken to be 1.4 to 1.8; a backport looks like that/);
    expect(truthOf(backport, '1.8..')).toBe('maybe');
    expect(truthOf(backport, '1.4..')).toBe('yes');
  });
});

describe('what somebody says who knows', () => {
  it('narrows', () => {
    const evidence = having('auth', 'iov_a', 'iov_b');
    const history = { ...scsi, versions: ['1.12.0', '1.14.0', '1.16.0', '1.18.0', '1.19.0', '1.20.0'], sonames: [] };
    expect(versionsOf(evidence, history)).toBe('1.18.0 to 1.19.0');
    expect(versionsOf({ ...evidence, assumed: '1.19' }, history)).toBe('1.19');
    expect(infer(history, { ...evidence, assumed: '1.18.5' }).places).toEqual([8]);
  });

  it('is refused where what is seen contradicts it', () => {
    const { refusal, places } = infer(scsi, { ...having('auth', 'old'), assumed: '1.20.0' });
    expect(refusal).toBe('it is said to be 1.20.0, and what it shows allows 1.14.0');
    expect(places).toEqual([3]);
  });
});

// Histories of the wildest kind: symbols that come, go and come back, calls that say the same of several versions or nothing.
interface Wild {
  readonly history: HistoryDescriptor;
  readonly has: readonly (readonly boolean[])[];
  readonly eras: readonly Era<string>[];
  readonly eraOf: readonly string[];
}

const rangesOf = (versions: readonly string[], isIn: readonly boolean[]): string => {
  const runs: string[] = [];
  for (let at = 0; at < isIn.length; at++) {
    if (!isIn[at] || (at > 0 && isIn[at - 1])) continue;
    let end = at;
    while (isIn[end + 1]) end++;
    const last = end === isIn.length - 1 ? '' : versions[end];
    runs.push(last !== '' && end === at ? versions[at]! : `${versions[at]}..${last}`);
  }
  return runs.join(',');
};

const wild: fc.Arbitrary<Wild> = fc.integer({ min: 1, max: 6 }).chain((count) => {
  const versions = Array.from({ length: count }, (_, index) => `${1 + Math.floor(index / 3)}.${index * 2}`);
  const perVersion = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: count, maxLength: count });
  return fc
    .record({
      has: fc.array(perVersion(fc.boolean()), { maxLength: 6 }),
      sonames: fc.option(perVersion(fc.subarray(['x.so.1', 'x.so.2'])), { nil: undefined }),
      steps: fc.option(perVersion(fc.integer({ min: 0, max: 2 })), { nil: undefined }),
      silent: perVersion(fc.boolean()),
      eraOf: perVersion(fc.constantFrom('a', 'b', 'c')),
      baseline: fc.integer({ min: 0, max: count - 1 }),
    })
    .map(({ has, sonames, steps, silent, eraOf, baseline }) => {
      const symbols: Record<string, string[]> = {};
      for (const [index, isIn] of has.entries()) {
        const ranges = rangesOf(versions, isIn);
        if (ranges !== '') symbols[ranges] = [...(symbols[ranges] ?? []), `s${index}`];
      }
      let told = 0;
      const reported = steps?.map((step, index) => {
        told += step;
        return silent[index] ? null : `0.${told}`;
      });
      const eras = [...new Set(eraOf)].map(
        (era) =>
          [
            rangesOf(
              versions,
              eraOf.map((each) => each === era),
            ),
            era,
          ] as const,
      );
      const history = {
        versions,
        baseline: versions[baseline]!,
        symbols,
        ...(reported ? { reported } : {}),
        ...(sonames ? { sonames } : {}),
      };
      return { history, has, eras, eraOf };
    });
});

/** What a known version shows, as far as anybody looks. */
function evidenceOf(
  { history, has }: Wild,
  version: number,
  looks: { symbols: boolean; soname: boolean; asks: boolean },
): Evidence {
  const names = has.map((_, index) => `s${index}`);
  return {
    ...(looks.symbols && {
      present: new Set(names.filter((_, index) => has[index]![version])),
      missing: new Set(names.filter((_, index) => !has[index]![version])),
    }),
    soname: looks.soname ? history.sonames?.[version]?.[0] : undefined,
    reported: looks.asks ? ((history.reported ?? history.versions)[version] ?? undefined) : undefined,
  };
}

const looks = fc.record({ symbols: fc.boolean(), soname: fc.boolean(), asks: fc.boolean() });

describe('for any history', () => {
  it('what a known version shows allows that version, and decides for no era but its own', () => {
    fc.assert(
      fc.property(wild, looks, (given, how) => {
        for (const version of given.history.versions.keys()) {
          const inference = infer(given.history, evidenceOf(given, version, how));
          expect(inference.warnings).toEqual([]);
          expect(inference.places).toContain(2 * version + 1);
          const values = valuesOf(inference, given.history, given.eras, 'none');
          expect(values).toContain(given.eraOf[version]);
          for (const [ranges, era] of given.eras) {
            const isIts = given.eraOf[version] === era;
            if (inference.fitting.includes(2 * version + 1))
              expect(truthOf(inference, ranges)).not.toBe(isIts ? 'no' : 'yes');
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('more evidence of one version never allows more', () => {
    fc.assert(
      fc.property(wild, looks, (given, how) => {
        for (const version of given.history.versions.keys()) {
          const some = infer(given.history, evidenceOf(given, version, how));
          const more = infer(given.history, evidenceOf(given, version, { symbols: true, soname: true, asks: true }));
          expect(some.places).toEqual(expect.arrayContaining([...more.places]));
        }
      }),
    );
  });

  it('evidence that no known version shows is either an unknown version or warned of', () => {
    fc.assert(
      fc.property(wild, fc.nat(), fc.nat(), (given, one, other) => {
        const count = given.history.versions.length;
        const symbols = evidenceOf(given, one % count, { symbols: true, soname: false, asks: false });
        const words = evidenceOf(given, other % count, { symbols: false, soname: true, asks: true });
        const evidence = { ...symbols, ...words, present: symbols.present, missing: symbols.missing };
        const inference = infer(given.history, evidence);
        const isKnown = given.history.versions.some((_, version) => {
          const shown = evidenceOf(given, version, { symbols: true, soname: true, asks: true });
          const fitsName =
            evidence.soname === undefined ||
            [[], undefined].includes(given.history.sonames?.[version] as never) ||
            given.history.sonames![version]!.length === 0 ||
            given.history.sonames![version]!.includes(evidence.soname);
          const fitsWord =
            evidence.reported === undefined ||
            shown.reported === undefined ||
            compareVersions(shown.reported, evidence.reported) === 0;
          const fitsSymbols = given.has.every((isIn) => isIn[version] === isIn[one % count]);
          return fitsName && fitsWord && fitsSymbols;
        });
        const isUnknown = inference.places.every((place) => place % 2 === 0);
        expect(isKnown || isUnknown || inference.warnings.length > 0).toBe(true);
        if (inference.warnings.length > 0) expect(inference.exact).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('an assumed version that is known is taken or refused, and a refused one decides nothing', () => {
    fc.assert(
      fc.property(wild, fc.nat(), fc.nat(), (given, one, other) => {
        const count = given.history.versions.length;
        const evidence = evidenceOf(given, one % count, { symbols: true, soname: true, asks: true });
        const told = infer(given.history, { ...evidence, assumed: given.history.versions[other % count] });
        if (told.refusal === undefined) expect(told.places).toEqual([2 * (other % count) + 1]);
        else expect(told.places).toEqual(infer(given.history, evidence).places);
        if (one % count === other % count) expect(told.refusal).toBeUndefined();
      }),
    );
  });
});

describe('gates', () => {
  const known = (evidence: Evidence, history: HistoryDescriptor | undefined = scsi): Known => ({
    history,
    inference: () => history && infer(history, evidence),
    reported: () => evidence.reported,
    symbol: (name) =>
      evidence.present?.has(name) || (evidence.missing?.has(name) ? false : `nobody looked for ${name}`),
  });
  const holds = (...about: Parameters<typeof judge>) => judge(...about).holds;

  it('ask for all of their symbols', () => {
    expect(judge(['iov_a', 'iov_b'], known(having('iov_a')))).toEqual({ holds: false, reason: 'lacks iov_b' });
    expect(judge(['iov_a'], known(having('iov_a')))).toEqual({ holds: true, reason: 'has iov_a' });
    expect(judge(['iov_a'], known({}))).toEqual({ holds: undefined, reason: 'nobody looked for iov_a' });
  });

  it('ask for versions, of known ones and of gaps', () => {
    const own: HistoryDescriptor = {
      versions: ['1.4', '1.6', '1.8'],
      baseline: '1.4',
      symbols: { '1.6..': ['six'], '1.8..': ['eight'] },
    };
    const six = known({ present: new Set(['six']), missing: new Set(['eight']) }, own);
    expect(judge({ versions: '>=1.4 <1.8' }, six)).toEqual({
      holds: true,
      reason: 'version >=1.4 <1.8, and it is 1.6',
    });
    const part = known(
      { present: new Set(['six']), missing: new Set(['seven']) },
      { ...own, symbols: { '1.6..': ['six', 'seven'] } },
    );
    for (const text of ['>=1.4', '>1.4', '<1.6', '<=1.6', '!=1.4', '!=1.6'])
      expect(holds({ versions: text }, part), text).toBe(true);
    for (const text of ['<1.4', '<=1.4', '>=1.6', '=1.4', '==1.6', '1.8', '>= 1.8'])
      expect(holds({ versions: text }, part), text).toBe(false);
    for (const text of ['>=1.5', '<1.5', '1.5', '!=1.5.1'])
      expect(holds({ versions: text }, part), text).toBeUndefined();
    expect(holds({ versions: '>=1.5.3' }, known({ reported: '1.5.4' }, own))).toBe(true);
    expect(holds({ versions: '>=1.5.3' }, known({ reported: '1.5.2' }, own))).toBe(false);
    expect(() => conditionsOf('>=x')).toThrow(/'>=x' of '>=x' is no condition on a version/);
  });

  it('ask for what the library says, and for facts of headers', () => {
    const rbd: HistoryDescriptor = {
      versions: ['14.2', '16.2', '18.2'],
      baseline: '14.2',
      reported: ['1.12.0', '1.16.0', '1.18.0'],
      symbols: { '18.2..': ['new'] },
    };
    expect(judge({ reported: '<1.17.0' }, known({ reported: '1.16.0' }, rbd))).toEqual({
      holds: true,
      reason: 'reported version <1.17.0, and it is 1.16.0',
    });
    expect(holds({ reported: '<1.17.0' }, known({ present: new Set(['new']) }, rbd))).toBe(false);
    expect(holds({ reported: '<1.17.0' }, known({ missing: new Set(['new']) }, rbd))).toBe(true);
    expect(holds({ reported: '<1.14.0' }, known({ missing: new Set(['new']) }, rbd))).toBeUndefined();
    const fact = { facts: { RBD_THICK: '16.2..' } };
    expect(judge(fact, known({ reported: '1.12.0' }, rbd))).toEqual({
      holds: false,
      reason: 'RBD_THICK: since 16.2, and it is 14.2',
    });
    expect(judge(fact, known({ missing: new Set(['new']) }, rbd))).toEqual({
      holds: undefined,
      reason: 'RBD_THICK: since 16.2, and it may be 14.2 to 16.2',
    });
    expect(
      holds({ versions: '>=1' }, { ...known({}), history: undefined, inference: () => undefined }),
    ).toBeUndefined();
    expect(
      holds({ versions: '>=1' }, { ...known({ reported: '1.2' }), history: undefined, inference: () => undefined }),
    ).toBe(true);
  });

  it('are combined as three-valued logic has it', () => {
    const open = { symbols: ['iov_a'] };
    const shut = { symbols: ['iov_b'] };
    const dark = { symbols: ['other'] };
    const here = known(having('iov_a'));
    expect(holds({ any: [shut, open, dark] }, here)).toBe(true);
    expect(holds({ any: [shut, dark] }, here)).toBeUndefined();
    expect(holds({ any: [shut, shut] }, here)).toBe(false);
    expect(holds({ not: shut }, here)).toBe(true);
    expect(holds({ not: dark }, here)).toBeUndefined();
    expect(holds({ ...open, not: open }, here)).toBe(false);
    expect(judge({ not: shut }, here).reason).toBe('lacks iov_b');
    expect(judge({ ...open, not: { versions: '>=9' } }, here).reason).toMatch(
      /^has iov_a; not \(version >=9, and it is .+\)$/,
    );
    expect(holds({ ...shut, any: [dark] }, here)).toBe(false);
    expect(holds({ ...open, any: [dark] }, here)).toBeUndefined();
    expect(holds({}, here)).toBe(true);
  });
});
