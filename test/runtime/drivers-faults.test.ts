// Drivers that fail in every way, in a process of their own: each way is told from the others, and the program goes on or ends.
// Run: npx vitest run test/runtime/drivers-faults.test.ts

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary, runProgram } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';

interface Told {
  readonly kind: string;
  readonly message: string;
  readonly remedy: string;
  readonly cause?: string;
}

describe.skipIf(noCompiler)(named('drivers', noCompiler), () => {
  let env: Record<string, string> = {};
  beforeAll(() => {
    env = {
      DLSHIM_LIBSLOW: buildLibrary('slow.c', 'libslow.so.1'),
      DLSHIM_STRESS: buildLibrary('stress.c', 'libstress.so'),
    };
  });

  const run = (scenario: string, more: Record<string, string> = {}, status = 0) => {
    const ended = runProgram('drivers.mjs', [scenario], { env: { ...env, ...more } });
    expect(ended, ended.errors).toMatchObject({ status, signal: null });
    return JSON.parse(ended.output);
  };

  describe('that fail are told apart', () => {
    let kinds: Record<string, Told> = {};
    let mapped: string[] = [];
    beforeAll(() => {
      ({ kinds, mapped } = run('kinds'));
    });

    it('where their own module is not installed, each with what installs it', () => {
      expect(kinds['not-there']).toMatchObject({ kind: 'absent', cause: 'ERR_MODULE_NOT_FOUND' });
      expect(kinds['not-there']!.message).toBe(
        "The driver 'not-there' is not installed: there is no module ./drivers/not-there.mjs.\nIt should have come with draw: install that again. Where the driver was taken out, run 'dlshim drivers'.",
      );
      expect(kinds['no-package']).toMatchObject({ kind: 'absent', remedy: 'Install it: npm install dlshim-not-there' });
    });

    it('where they import what is not there: that is a fault of theirs', () => {
      expect(kinds['imports-missing']).toMatchObject({ kind: 'failed', cause: 'ERR_MODULE_NOT_FOUND' });
      expect(kinds['imports-package']).toMatchObject({ kind: 'failed', cause: 'ERR_MODULE_NOT_FOUND' });
    });

    it('where they throw when they are imported, with the place', () => {
      expect(kinds.throws).toMatchObject({ kind: 'failed', cause: 'RangeError' });
      expect(kinds.throws!.message).toMatch(
        /^The driver 'throws' failed when its module \.\/drivers\/throws\.mjs was imported:\n {2}RangeError: there is no such place \(at file:.*throws\.mjs:2:7\)\n/,
      );
    });

    it('where they were built for another version of the runtime', () => {
      expect(kinds.stale).toMatchObject({ kind: 'version', cause: 'DLSHIM_STALE' });
      expect(kinds['stale-at-import']).toMatchObject({ kind: 'version', cause: 'DLSHIM_STALE' });
      for (const name of ['stale', 'stale-at-import']) expect(kinds[name]!.remedy).toContain('Update @dlshim/runtime');
      expect(kinds['newer-runtime']).toMatchObject({ kind: 'version', cause: 'SyntaxError' });
      expect(kinds['newer-runtime']!.message).toContain('npm ls @dlshim/runtime');
    });

    it('where they refuse the program', () => {
      expect(kinds.refuses).toMatchObject({ kind: 'refused', remedy: 'Use a newer host.' });
    });

    it('and none of that maps a library', () => {
      expect(mapped).toEqual([]);
    });
  });

  it('map nothing when they are listed, probed and checked, and each its own library alone when it opens', () => {
    const shown = run('maps');
    expect(shown).toMatchObject({ probed: [{ driver: 'stress', format: 'touch', score: 100 }], check: 'usable' });
    expect(shown.path).toBe(env.DLSHIM_LIBSLOW);
    expect([shown.atProbe, shown.atCheck]).toEqual([[], []]);
    expect(shown.atOpen.sort()).toEqual(['koffi', 'libslow.so.1']);
    expect(shown.atTouch.sort()).toEqual(['koffi', 'libslow.so.1', 'libstress.so']);
  });

  it('of a library that hangs in its constructor are reported while the event loop turns, may be given up, and do not keep the program from ending', () => {
    const { error, second, check, reports, turns, states } = run('hang', { SLOW_MS: 'ever' }, 5);
    const file = env.DLSHIM_LIBSLOW;
    const what = `loading libslow from ${file}, whose constructors may be running`;
    expect(reports.filter((each: { driver: string }) => each.driver === 'slow').length).toBeGreaterThan(1);
    expect(reports[0]).toMatchObject({ kind: 'slow', driver: 'slow', what });
    expect(reports).toContainEqual({
      kind: 'slow',
      driver: 'stress',
      what: `waiting to open stress, until libslow is loaded from ${file}`,
    });
    expect(turns).toBeGreaterThan(10);
    expect(error).toMatchObject({ kind: 'aborted', code: 'DLSHIM_DRIVER_ABORTED', cause: 'TimeoutError' });
    expect(error.message).toContain(what);
    expect(error.message).toContain('process.exit() ends the program all the same');
    expect(second).toMatchObject({ kind: 'aborted' });
    expect(check).toBe('usable');
    expect(states).toEqual(['loading', 'loading']);
  });

  it('that take long are reported, and loaded once', () => {
    const count = join(mkdtempSync(join(tmpdir(), 'dlshim-drivers-')), 'count');
    const { one, two, reports } = run('slow', { SLOW_MS: '500', SLOW_COUNT: count });
    expect([one, two]).toMatchObject([{ answer: 42 }, { answer: 42 }]);
    expect(readFileSync(count, 'utf8')).toBe('x');
    expect(reports[0]).toMatchObject({ kind: 'slow', driver: 'slow' });
  });

  it('whose module never comes to an end do not end the program without a word', () => {
    const { error } = run('never');
    expect(error).toMatchObject({ kind: 'failed' });
    expect(error.message).toContain('importing its module ./drivers/never.mjs never comes to an end');
    expect(error.remedy).toBe('This is for whoever maintains the driver.');
  });

  it('of two programs in one process are refused by one and work for the other', () => {
    const { hosts, refused, layers, unknown, states } = run('programs');
    expect(hosts).toEqual(['draw', 'paint']);
    expect(refused).toMatchObject({ kind: 'refused' });
    expect(layers).toBe(2);
    expect(unknown).toMatchObject({ kind: 'unknown' });
    expect(states).toEqual([
      { driver: 'slow', state: 'loaded' },
      { driver: 'refuses', state: 'loaded' },
    ]);
  });

  it('are opened in worker threads as well, each of which loads its own', () => {
    expect(run('workers')).toEqual([42, 42, 42, 42]);
  });

  it('wait with their workers for a constructor, where these are terminated and have opened a library before', () => {
    expect(run('terminated', { SLOW_MS: '1500' })).toEqual({ state: 'loading', ends: [1, 1, 1], answer: 42 });
  });
});
