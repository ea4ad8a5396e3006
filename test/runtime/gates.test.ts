// Features: yes, no, and what cannot be decided; functions with one slot for each signature; versions of symbols.
// Run: npx vitest run test/runtime/gates.test.ts

import { bytesOf, type Cell, defineShim, type ShimDescriptor } from '@dlshim/runtime';
import { pretend } from '@dlshim/runtime/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { buildLibrary } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { buildTasks, dated, history, tasksShim, told } from './tasks.ts';

const undecided = expect.objectContaining({ name: 'UndecidedError', code: 'DLSHIM_UNDECIDED' });
const undo: (() => void)[] = [];
afterEach(() => {
  for (const restore of undo.splice(0)) restore();
});

describe.skipIf(noCompiler)(named('features', noCompiler), () => {
  const open = (version: number, of: string, flags: string[] = [], more: Partial<ShimDescriptor> = {}) => {
    const { shim } = tasksShim(more);
    return { shim, lib: shim.open({ path: buildTasks(version, of, ...flags) }) };
  };

  it('are decided by symbols, versions, facts of headers and what the library says', () => {
    const { shim, lib } = open(101, '-gates', ['-DPROXY', '-DTOLD="1.1"'], told);
    const features = {
      added: true,
      resize3: false,
      resize2: true,
      since_1_3: false,
      below_1_2: true,
      kind: false,
      told_1_1: true,
    };
    expect(shim.inspect().features).toEqual(features);
    for (const [feature, holds] of Object.entries(features)) expect(lib.has(feature as 'added')).toBe(holds);
    expect(shim.inspect().reasons).toEqual({
      added: 'has task_added, task_added_too',
      resize3: 'lacks task_resize',
      resize2: 'has task_resize@1.0',
      since_1_3: 'version >=1.3, and it is 1.1',
      below_1_2: 'version <1.2, and it is 1.1',
      kind: 'task.kind: since 1.3, and it is 1.1',
      told_1_1: 'reported version 1.1, and it is 1.1',
    });
    expect(() => lib.has('other' as 'added')).toThrow(/has no feature 'other'; it has: added, resize3/);
  });

  it('are undecided where nothing tells: an error that says what would decide it, a default, or undefined', () => {
    const { shim, lib } = open(103, '-dark', ['-DPROXY']);
    expect(() => lib.has('kind')).toThrow(undecided);
    expect(() => lib.has('kind')).toThrow(
      /whether it has the feature 'kind' cannot be decided: task.kind: since 1.3, and it may be 1.2 to 1.3.\n/,
    );
    expect(() => lib.has('kind')).toThrow(
      /If you know which of 1.2, 1.3 is installed, say so: open\(\{ assumeVersion: '1.3' \}\), or DLSHIM_TASKS\d+_VERSION=1.3. Or say what to take for it: has\('kind', false\).$/,
    );
    expect([lib.has('kind', true), lib.has('kind', false), lib.has('added', false)]).toEqual([true, false, true]);
    expect(() => lib.has('kind', 'yes' as never)).toThrow(/takes true or false for what cannot be decided/);
    expect(shim.inspect().features).toMatchObject({ kind: undefined, since_1_3: undefined, below_1_2: false });
    expect(shim.inspect().reasons.since_1_3).toBe('version >=1.3, and it may be 1.2 to 1.3');
    expect(shim.open({ assumeVersion: '1.3' }).has('kind')).toBe(true);
  });

  it('fail open() where it requires what is not there, or cannot be decided', () => {
    const { shim } = tasksShim();
    const path = buildTasks(103, '-required', '-DPROXY');
    expect(() => shim.open({ path, require: ['kind', 'added'] })).toThrow(
      expect.objectContaining({ code: 'DLSHIM_REQUIRE', unmet: ['kind'], symbols: [] }),
    );
    expect(() => shim.open({ path, require: ['kind'] })).toThrow(
      /kind \(cannot be decided: task.kind: since 1.3, and it may be 1.2 to 1.3\)(.|\n)*say so: open\(\{ assumeVersion: '1.3'/,
    );
    expect(() => shim.open({ path, require: ['below_1_2'] })).toThrow(
      /below_1_2 \(version <1.2, and it is 1.2 to 1.3\)/,
    );
    expect(() => shim.open({ path, require: ['task_newest'] })).toThrow(
      expect.objectContaining({ symbols: ['task_newest'] }),
    );
    expect(shim.open({ path, require: ['resize3', 'task_added'] }).fn.task_added()).toBe(101);
    const dark = tasksShim({ history });
    const bare = buildTasks(101, '-required-bare');
    expect(() => dark.shim.open({ path: bare, require: ['task_resize'] })).toThrow(
      /task_resize \(cannot be decided: task_resize has this signature in some versions \(since 1.2\), and it may be 1.1 to 1.3\)/,
    );
  });

  it('of symbols need no version, and those that need one are found out once', () => {
    const { lib } = open(104, '-once', ['-DTOLD="1.4"'], {
      ...told,
      history,
      layouts: {},
      signatures: {},
      alternatives: {},
    });
    expect(lib.has('added')).toBe(true);
    expect(lib.fn.task_version_calls!()).toBe(0);
    for (let time = 0; time < 3; time++) expect(lib.has('since_1_3')).toBe(true);
    expect(lib.fn.task_version_calls!()).toBe(1);
  });

  it('of versions are those that the library says where the shim knows of none', () => {
    const { history: _, ...rest } = {} as ShimDescriptor;
    const bare = { ...rest, history: undefined as never, layouts: {}, signatures: {}, alternatives: {}, constants: {} };
    const { lib, shim } = open(104, '-no-history', ['-DTOLD="1.4"'], { ...told, ...bare });
    expect(lib.has('since_1_3')).toBe(true);
    expect(() => lib.has('kind')).toThrow(/nothing is known of its versions/);
    expect(shim.inspect()).toMatchObject({ versions: undefined, version: '1.4', layouts: {} });
  });
});

describe.skipIf(noCompiler)(named('a library that is too old', noCompiler), () => {
  it('is refused, by its symbols', () => {
    const { shim } = tasksShim({ history: { ...dated, baseline: '1.2' } });
    const path = buildTasks(101, '-old', '-DPROXY');
    expect(() => shim.open({ path })).toThrow(
      expect.objectContaining({ name: 'IncompatibleLibraryError', code: 'DLSHIM_INCOMPATIBLE' }),
    );
    expect(() => shim.tryOpen({ path })).toThrow(
      /does not fit its shim: it is 1.1 \(it has task_added, task_added_too \(since 1.1\), and lacks task_proxy \(since 1.2\)\), and the shim fits 1.2 and later/,
    );
    process.env[`DLSHIM_${nameOf(shim)}`] = path;
    expect(shim.inspect()).toMatchObject({ status: 'incompatible', versions: { text: '1.1' } });
    delete process.env[`DLSHIM_${nameOf(shim)}`];
  });

  it('is refused by what it says, which is asked where symbols do not prove the contrary', () => {
    const old = tasksShim({ ...told, history: { ...history, symbols: {}, baseline: '1.2' } });
    const path = buildTasks(103, '-old-told', '-DTOLD="1.1.5"');
    expect(() => old.shim.open({ path })).toThrow(/it is 1.1.5 \(it says 1.1.5\), and the shim fits 1.2 and later/);
  });

  it('says what it lacks besides', () => {
    const { shim } = tasksShim({
      history: { ...dated, baseline: '1.2' },
      required: { task_proxy: 'i32()', task_size: 'i32()' },
    });
    expect(() => shim.open({ path: buildTasks(101, '-old-lacking', '-DPROXY') })).toThrow(
      /, lacks task_proxy, and the shim fits 1.2 and later/,
    );
  });
});

function nameOf(shim: object): string {
  return String((shim as { inspect(): { library: string } }).inspect().library).toUpperCase();
}

function namesIn(table: object): string[] {
  const names: string[] = [];
  for (const name in table) names.push(name);
  return names;
}

interface Cut {
  cut(length: number, before: Cell<number>): number;
  'cut@1.0'(length: number): number;
}

let shims = 0;
const cutShim = (symbols: ShimDescriptor['history'] = undefined as never, more: Partial<ShimDescriptor> = {}) =>
  defineShim<object, Cut, { both: 'cut' | 'cut@1.0'; new: never; old: never; never: never }>({
    format: 4,
    library: `cut${++shims}`,
    version: '2.0',
    stamp: 'one',
    target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
    files: { linux: [`libcut${shims}.so`] },
    packages: {},
    required: {},
    weak: { cut: 'i32(i32,out:i32)', 'cut@1.0': 'i32(i32)' },
    records: {},
    alternatives: {
      cut: { of: 'cut', versions: '2.0..', symbolVersion: 'CUT_2.0' },
      'cut@1.0': { of: 'cut', versions: '1.0', symbolVersion: 'CUT_1.0' },
    },
    history: symbols ?? { versions: ['1.0', '2.0'], baseline: '1.0', symbols: { '2.0..': ['cut@CUT_2.0'] } },
    features: { both: ['cut', 'cut@1.0'], new: ['cut@CUT_2.0'], old: ['cut@CUT_1.0'], never: ['cut@CUT_9.0'] },
    ...more,
  });

describe.skipIf(noCompiler)(named('a function with several signatures', noCompiler), () => {
  const versioned = (of: string) =>
    buildLibrary('truncate.c', `libcut-versioned${of}.so`, [
      '-DVERSIONED',
      `-Wl,--version-script=${new URL('../native/truncate.map', import.meta.url).pathname}`,
    ]);

  it('has each of them in its version of the symbol, where a library has both', async () => {
    const shim = cutShim();
    const lib = shim.open({ path: versioned('') });
    const before: Cell<number> = [0];
    expect(lib.fn.cut!(5, before)).toBe(6);
    expect(before).toEqual([77]);
    expect(lib.fn['cut@1.0']!(5)).toBe(5);
    await expect(lib.async['cut@1.0']!(8)).resolves.toBe(8);
    expect(lib.addressOf('cut')).not.toBe(lib.addressOf('cut@1.0'));
    expect([lib.has('both'), lib.has('new'), lib.has('old'), lib.has('never')]).toEqual([true, true, true, false]);
    expect(shim.inspect()).toMatchObject({ versions: { text: '2.0' }, undecided: [] });
  });

  it.each([
    [1, '1.0'],
    [2, '2.0'],
  ])(
    'is not taken for version %i of a symbol where a library has no such versions: that says nothing',
    (version, assumeVersion) => {
      const path = buildLibrary('truncate.c', `libcut-${version}.so`, [`-DVERSION=${version}`]);
      const shim = cutShim();
      const lib = shim.open({ path });
      expect(() => lib.fn.cut).toThrow(
        /whether it has cut cannot be decided: cut has this signature in some versions \(since 2.0\)/,
      );
      expect(() => lib.fn['cut@1.0']).toThrow(undecided);
      expect(() => lib.async.cut).toThrow(undecided);
      expect(() => lib.has('both')).toThrow(undecided);
      expect(() => lib.has('new')).toThrow(undecided);
      expect(namesIn(lib.fn)).toEqual([]);
      const known = cutShim();
      const told = known.open({ path, assumeVersion });
      expect(known.open()).toBe(told);
      expect([told.fn.cut?.(5, [0]), told.fn['cut@1.0']?.(5)]).toEqual(version === 1 ? [undefined, 5] : [6, undefined]);
      expect(told.has('new')).toBe(version === 2);
    },
  );

  it('is told by other symbols where the symbol has no versions', () => {
    const symbols = { versions: ['1.0', '2.0'], baseline: '1.0', symbols: { '2.0..': ['cut_since_2'] } };
    const one = cutShim(symbols).open({ path: buildLibrary('truncate.c', 'libcut-one.so', ['-DVERSION=1']) });
    expect(namesIn(one.fn)).toEqual(['cut@1.0']);
    expect(one.fn['cut@1.0']!(4)).toBe(4);
    const two = cutShim(symbols).open({ path: buildLibrary('truncate.c', 'libcut-two.so', ['-DVERSION=2']) });
    expect(namesIn(two.fn)).toEqual(['cut']);
    expect(two.fn.cut!(4, [0])).toBe(5);
    expect([two.has('new'), two.has('old')]).toEqual([true, false]);
  });
});

describe.skipIf(noCompiler)(named('a version that is pretended', noCompiler), () => {
  const path = () => buildTasks(104, '-pretended', '-DPROXY', '-DTOLD="1.4"');
  const like = (more: Parameters<typeof pretend>[1], shimIs = tasksShim(told)) => {
    process.env[`DLSHIM_${shimIs.library.toUpperCase()}`] = path();
    undo.push(() => delete process.env[`DLSHIM_${shimIs.library.toUpperCase()}`]);
    const real = shimIs.shim.open();
    expect(shimIs.task.size).toBe(40);
    const restore = pretend(shimIs.shim, more as never);
    undo.push(restore);
    return { ...shimIs, real, restore };
  };

  it('has the symbols, the word and the features of that version', () => {
    const { shim, real, restore } = like({ like: '1.1' });
    const old = shim.open();
    expect(old).not.toBe(real);
    expect([old.fn.task_newest, typeof old.fn.task_added]).toEqual([undefined, 'function']);
    expect([old.has('kind'), old.has('below_1_2'), old.has('told_1_1'), old.has('added')]).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(shim.inspect()).toMatchObject({ version: '1.1', versions: { exact: '1.1' }, features: { kind: false } });
    expect(old.constant('TASK_MAX')).toBe(16);
    restore();
    expect(shim.open().has('kind')).toBe(true);
  });

  it('has the SONAME and the word that this version has', () => {
    const known = {
      ...dated,
      reported: ['0.1', '0.1', '0.2', '0.3', '1.4'],
      sonames: [['a.so'], ['b.so'], ['c.so'], ['d.so'], []],
    };
    const { shim } = like({ like: '1.2' }, tasksShim({ ...told, history: known }));
    expect(shim.inspect()).toMatchObject({ version: '0.2', soname: 'c.so' });
  });

  it('does not reach the library that is there with another layout or signature', () => {
    const { shim, task, plain, real, restore } = like({ like: '1.1' });
    const old = shim.open();
    const view = task.alloc();
    expect(bytesOfView(view)).toBe(40);
    expect(() => view.residual).toThrow(
      /where task.residual is cannot be decided: the library is pretended to be 1.1, and what is called/,
    );
    expect(() => view.residual).toThrow(/Give pretend\(\) the functions that are called/);
    expect(() => old.fn.task_sum).toThrow(undecided);
    expect(() => old.fn.task_scale).toThrow(/the signature of task_scale cannot be decided/);
    expect(() => old.callback('task_notify_t', () => 0)).toThrow(undecided);
    expect(() => old.fn['task_resize@1.0']).toThrow(/the signature of task_resize@1.0 cannot be decided/);
    expect(old.fn.task_resize).toBeUndefined();
    expect(old.fn.task_size()).toBe(40);
    expect(plain.alloc().one).toBe(0);
    restore();
    expect(task.size).toBe(40);
    expect(real.fn.task_sum({ status: 1, kind: 0, residual: 2, name: null, extra: [0n, 0n] })).toBe(3);
  });

  it('reaches it where both agree', () => {
    const { shim, task } = like({ like: '1.3' });
    const old = shim.open();
    expect(task.size).toBe(40);
    expect(old.fn.task_scale(3, 4)).toBe(12);
    expect(old.fn.task_newest).toBeUndefined();
  });

  it('is wholly that version where functions stand for it', () => {
    const calls: unknown[] = [];
    const functions = {
      task_fill: (...args: unknown[]) => void calls.push(args),
      'task_resize@1.0': () => 7,
      task_newest: () => 1,
    };
    const { shim, task, real } = like({ like: '1.1', functions });
    const old = shim.open();
    expect(task.size).toBe(16);
    old.fn.task_fill(task.alloc(), 3);
    expect(calls).toHaveLength(1);
    expect([old.fn['task_resize@1.0']!(null, 1), old.fn.task_resize, old.fn.task_newest]).toEqual([
      7,
      undefined,
      undefined,
    ]);
    expect(shim.inspect()).toMatchObject({ version: '1.1', layouts: { task: '1.0 to 1.1' } });
    expect(real.fn.task_size()).toBe(40);
  });

  it('is the newest where functions stand for it and no version is named', () => {
    const { shim, task } = like({ functions: { task_resize: () => 5 } });
    const lib = shim.open();
    expect([task.size, lib.has('kind'), lib.fn.task_resize!(null, 1, 2), lib.fn['task_resize@1.0']]).toEqual([
      40,
      true,
      5,
      undefined,
    ]);
  });

  it('changes no layouts where only functions are missing, or only the word is another', () => {
    const { shim, task } = like({ without: ['task_proxy', 'task_newest'].slice(1), version: '1.0' });
    const lib = shim.open();
    expect([task.size, lib.fn.task_newest, lib.fn.task_scale(2, 3)]).toEqual([40, undefined, 6]);
    expect([typeof lib.fn.task_resize, lib.fn['task_resize@1.0']]).toEqual(['function', undefined]);
    expect(lib.constant('TASK_MAX')).toBe(64);
    expect(shim.inspect().version).toBe('1.0');
  });

  it('is one of those that the shim knows', () => {
    const { shim } = tasksShim();
    expect(() => pretend(shim, { like: '1.7' })).toThrow(
      /has no version '1.7' to pretend; it has: 1.0, 1.1, 1.2, 1.3, 1.4/,
    );
    expect(() => pretend(shim, { like: '1.1', absent: true })).toThrow(/is nothing else besides/);
    const bare = tasksShim({ history: undefined as never }).shim;
    expect(() => pretend(bare, { like: '1.1' })).toThrow(/its shim knows of no versions to pretend/);
  });

  it('that is older than the baseline is refused', () => {
    const { shim } = tasksShim({ history: { ...dated, baseline: '1.2' } });
    undo.push(pretend(shim, { like: '1.1', functions: {} }));
    expect(() => shim.open()).toThrow(/it is 1.1 .*and the shim fits 1.2 and later/);
  });

  it('that comes last counts for new views, and the library itself again when it is over', () => {
    const { shim, task, restore } = like({ like: '1.1', functions: {} });
    shim.open();
    const first = task.alloc();
    const inner = pretend(shim, { like: '1.2', functions: {} });
    undo.push(inner);
    expect(task.size).toBe(16); // until it is opened
    shim.open();
    expect([task.size, bytesOfView(first), bytesOfView(task.alloc())]).toEqual([32, 16, 32]);
    expect(task.read(first)).not.toHaveProperty('flags');
    inner();
    restore();
    expect(task.size).toBe(40);
  });
});

function bytesOfView(view: object): number {
  return bytesOf(view).length;
}
