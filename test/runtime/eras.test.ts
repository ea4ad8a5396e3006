// Layouts and signatures that are not the same in all versions of a library: the right one on every path, or a refusal.
// Run: npx vitest run test/runtime/eras.test.ts
// Longer than 400 lines because one library in several versions is built once, and each path to a layout is a test.

import { inspect } from 'node:util';
import { bytesOf, defineRecord, type Pointer } from '@dlshim/runtime';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../native/build.ts';
import { named, noCompiler } from '../needs.ts';
import { about, buildTasks, history, tasksShim, told } from './tasks.ts';

const undecided = expect.objectContaining({ name: 'UndecidedError', code: 'DLSHIM_UNDECIDED' });

/** What each era has. */
const eras = [
  { version: 101, size: 16, own: {}, lacks: ['flags', 'kind', 'extra'], max: 16, kind: undefined, assume: {} },
  {
    version: 102,
    size: 32,
    own: { flags: 5 },
    lacks: ['kind', 'extra'],
    max: 64,
    kind: undefined,
    assume: { assumeVersion: '1.2' },
  },
  { version: 104, size: 40, own: { kind: 3 }, lacks: ['flags'], max: 64, kind: 'kind', assume: {} },
] as const;

describe.skipIf(noCompiler)(named('a record with eras', noCompiler), () => {
  describe.each(eras)('in version $version', ({ version, size, own, lacks, max, kind, assume }) => {
    const open = (options = {}) => {
      const those = tasksShim();
      return {
        ...those,
        lib: those.shim.open({ path: buildTasks(version, '-proxy', '-DPROXY'), ...assume, ...options }),
      };
    };
    const residual = 1000 + version;

    it('has its members where C has them: alloc, bytesOf, from, at and read', () => {
      const { task, lib } = open();
      expect([task.size, lib.fn.task_size()]).toEqual([size, size]);
      const view = task.alloc();
      lib.fn.task_fill(bytesOf(view), 7);
      expect(view).toMatchObject({ status: 7, residual, name: `v${version}`, ...own });
      view.residual = 5;
      expect(lib.fn.task_sum(view)).toBe(12);
      const bytes = task.bytes(2);
      expect(bytes.length).toBe(2 * size);
      lib.fn.task_fill(bytes.subarray(size), 9);
      expect(task.from(bytes, size).residual).toBe(residual);
      const at = task.at(lib.addressOf('task_default'));
      expect(at).toMatchObject({ status: 42, residual: version, name: 'default' });
      expect(task.read(lib.addressOf('task_default'))).toMatchObject({ residual: version });
      expect(task.read(view)).toMatchObject({ residual: 5, ...own });
    });

    it('reads members of other versions as undefined, and does not let them be set', () => {
      const { task, pair } = open();
      const view = task.alloc() as unknown as Record<string, unknown>;
      for (const name of lacks) {
        expect(view[name]).toBeUndefined();
        expect(() => (view[name] = 1)).toThrow(`task.${name}: the installed version has no such member`);
        expect(Object.keys(task.read(task.alloc()))).not.toContain(name);
      }
      const outer = pair.alloc();
      expect(() => (outer.task = { status: 3, [lacks[0]]: 1 } as never)).toThrow(/has no such member/);
      outer.task = { status: 4, [lacks[0]]: undefined } as never;
      expect(outer.task.status).toBe(4);
    });

    it('is right within other records, and in arrays of them', () => {
      const { pair, trio, lib } = open();
      const two = pair.alloc();
      lib.fn.pair_fill(bytesOf(two));
      expect(two).toMatchObject({ head: 1, task: { status: 2, residual, ...own }, tail: 3 });
      const three = trio.alloc();
      lib.fn.trio_fill(bytesOf(three));
      expect(three).toMatchObject({
        tasks: [
          { status: 4, residual },
          { status: 5, residual, ...own },
        ],
        end: 6,
      });
      expect(trio.read(three)).toMatchObject({ tasks: [{ name: `v${version}` }, { name: `v${version}` }] });
    });

    it('is passed and returned by value, to C and from C', async () => {
      const { task, lib } = open();
      const made = lib.fn.task_make(6);
      expect(made).toMatchObject({ status: 6, residual, name: `v${version}` });
      expect(lib.fn.task_sum(task.read(task.at(lib.addressOf('task_default'))))).toBe(42 + version);
      expect(lib.fn.task_visit((each) => each.status + Number(each.residual))).toBe(8 + residual);
      await expect(lib.async.task_make(6)).resolves.toMatchObject({ residual });
      await expect(lib.async.task_visit((each) => Number(each.residual))).resolves.toBe(residual);
    });

    it('is what data symbols hold', () => {
      const { lib } = open();
      expect(lib.data.task_default).toMatchObject({ status: 42, residual: version, name: 'default' });
    });

    it('is what checks and traces count by', () => {
      const { task, lib } = open({ check: true });
      expect(() => lib.fn.task_fill(new Uint8Array(size - 1), 1)).toThrow(`${size} bytes of a task`);
      lib.fn.task_fill(bytesOf(task.alloc()), 1);
      expect(lib.fn.task_sum(task.read(lib.addressOf('task_default') as Pointer<never>))).toBe(42 + version);
    });

    it('comes with the signatures and constants of its version', () => {
      const { lib, shim, task } = open();
      // With 32 bits both of a product this large would be lost.
      const big = 0x1_0000_0001;
      if (version < 102) expect(lib.fn.task_scale(3, 5)).toBe(15);
      else expect(lib.fn.task_scale(big, 3)).toBe(3 * big);
      const seen: (number | bigint)[] = [];
      const notify = lib.callback('task_notify_t', (what) => {
        seen.push(what);
        return 9;
      });
      expect(lib.fn.task_notify(notify)).toBe(9);
      expect(lib.functionAt('task_notify_t', notify)(-7n as never)).toBe(9);
      expect(lib.fn.task_notify((what) => Number(what) * 2)).toBe(-4);
      expect(seen).toEqual([-2, -7]);
      lib.release(notify);
      expect([lib.constant('TASK_MAX'), lib.constant('TASK_KIND')]).toEqual([max, kind]);
      const filled = task.alloc();
      filled.status = 1;
      if (version < 102) {
        expect(lib.fn.task_resize).toBeUndefined();
        expect(lib.fn['task_resize@1.0']!(bytesOf(filled), 2)).toBe(3);
      } else {
        expect('task_resize@1.0' in lib.fn).toBe(false);
        expect(lib.fn.task_resize!(bytesOf(filled), 2, 3)).toBe(303);
      }
      const { layouts, signatures, versions } = shim.inspect();
      expect(layouts).toEqual({ task: expect.any(String), pair: layouts.task, trio: layouts.task });
      expect(layouts.task).toBe({ 101: '1.0 to 1.1', 102: '1.2 only', 104: 'since 1.3' }[version]);
      expect(signatures.task_scale).toBe(version < 102 ? '1.0 to 1.1' : "the shim's own");
      expect(versions?.text).toBe({ 101: '1.1', 102: '1.2', 104: '1.4' }[version]);
    });
  });
});

describe.skipIf(noCompiler)(named('a layout that nothing tells', noCompiler), () => {
  // 1.2 and 1.3 have the same symbols, and neither says what it is.
  const open = (options = {}) => {
    const those = tasksShim();
    return { ...those, lib: those.shim.open({ path: buildTasks(103, '-proxy', '-DPROXY'), ...options }) };
  };

  it('lets members be used that stand in the same place in all that are possible, and refuses the others', () => {
    const { task, lib, library } = open();
    const view = task.alloc();
    expect(bytesOf(view).length).toBe(40); // room for the largest
    lib.fn.task_fill(bytesOf(view), 7);
    expect(view.status).toBe(7);
    view.status = 8;
    expect(task.at(lib.addressOf('task_default')).status).toBe(42);
    for (const name of ['residual', 'name', 'kind', 'extra', 'flags'] as const) {
      expect(() => view[name]).toThrow(undecided);
      expect(() => Reflect.set(view, name, 1)).toThrow(undecided);
    }
    expect(() => view.residual).toThrow(
      new RegExp(
        `^${library} \\(.*libtasks-103-proxy.so\\): where task.residual is cannot be decided: it is not the same in all versions, and this may be 1.2 to 1.3.\nIf you know which of 1.2, 1.3 is installed, say so: open\\(\\{ assumeVersion: '1.3' \\}\\), or DLSHIM_TASKS\\d+_VERSION=1.3.$`,
      ),
    );
  });

  it('is not read beyond what the smallest has, nor shown', () => {
    const { task, lib } = open();
    const copy = task.read(lib.addressOf('task_default') as never);
    expect(copy.status).toBe(42);
    expect(() => copy.name).toThrow(undecided);
    expect(inspect(task.at(lib.addressOf('task_default')))).toContain('status: 42');
  });

  it('refuses its size, arrays of it, and whatever needs it by value', async () => {
    const { task, pair, trio, lib } = open();
    expect(() => task.size).toThrow(/the size of the record task cannot be decided/);
    expect(() => task.bytes(2)).toThrow(undecided);
    expect(task.bytes(1).length).toBe(40);
    const two = pair.alloc();
    lib.fn.pair_fill(bytesOf(two));
    expect([two.head, two.task.status]).toEqual([1, 2]);
    expect(() => two.task.residual).toThrow(undecided);
    expect(() => two.tail).toThrow(undecided);
    expect(() => (two.task = { status: 1, residual: 2 } as never)).toThrow(undecided);
    expect(() => trio.alloc().tasks).toThrow(undecided);
    expect(() => lib.fn.task_make).toThrow(undecided);
    expect(() => lib.fn.task_sum).toThrow(/the layout of task, a record by value, cannot be decided/);
    expect(() => lib.async.task_sum).toThrow(undecided);
    expect(() => lib.fn.task_visit(() => 1)).toThrow(undecided);
    expect(() => lib.callback('task_visit', 0, () => 1)).toThrow(undecided);
    expect(() => lib.data.task_default).toThrow(undecided);
  });

  it('refuses the same in checked and traced calls', () => {
    const { task, lib } = open({ check: true, trace: true });
    expect(() => lib.fn.task_sum).toThrow(undecided);
    expect(() => lib.fn.task_fill(new Uint8Array(32), 1)).toThrow(/wanted 40 bytes of a task/);
    expect(() => lib.fn.task_fill(bytesOf(task.alloc()), 1)).not.toThrow();
  });

  it('is told by assumeVersion, or the environment', () => {
    const told12 = open({ assumeVersion: '1.2.0' });
    expect(told12.task.size).toBe(32);
    const those = tasksShim();
    process.env[`DLSHIM_${those.library.toUpperCase()}_VERSION`] = '1.3';
    try {
      those.shim.open({ path: buildTasks(103, '-proxy', '-DPROXY') });
      expect(those.task.size).toBe(40);
      expect(those.shim.inspect().versions).toMatchObject({ text: '1.3', exact: '1.3' });
    } finally {
      delete process.env[`DLSHIM_${those.library.toUpperCase()}_VERSION`];
    }
    expect(those.shim.open()).toBe(those.shim.open({ assumeVersion: '1.3' }));
    expect(() => those.shim.open({ assumeVersion: '1.2' })).toThrow(/was assumed to be 1.3: it cannot be 1.2 as well/);
    expect(() => tasksShim().shim.open({ assumeVersion: 'new' })).toThrow(
      "open({ assumeVersion }) takes a version such as '1.2.3', and got 'new'",
    );
    const bare = tasksShim({ history: undefined as never, layouts: {}, signatures: {}, alternatives: {} });
    expect(() => bare.shim.open({ assumeVersion: '1.2' })).toThrow(/its shim knows of no versions/);
  });

  it('is not told by a version that nobody knows, nor by one that what is seen contradicts', () => {
    const between = open({ assumeVersion: '1.2.5' });
    expect(() => between.task.size).toThrow(undecided);
    expect(() => open({ assumeVersion: '1.1' })).toThrow(
      expect.objectContaining({ name: 'AssumedVersionError', code: 'DLSHIM_ASSUMED', assumed: '1.1' }),
    );
    expect(() => open({ assumeVersion: '1.4' })).toThrow(
      /is not the version that was assumed: it is said to be 1.4, and what it shows allows 1.2 to 1.3.\n(.|\n)*Correct assumeVersion, or DLSHIM_TASKS\d+_VERSION/,
    );
  });

  it('is told by a symbol that only one of them has', () => {
    const those = tasksShim({ history });
    those.shim.open({ path: buildTasks(101, '-bare') });
    expect(() => those.task.size).toThrow(/this may be 1.1 to 1.3/);
    const better = tasksShim();
    better.shim.open({ path: buildTasks(101, '-bare-too') });
    expect(better.task.size).toBe(16);
  });
});

describe.skipIf(noCompiler)(named('what tells a layout', noCompiler), () => {
  const shimOf = (version: number, of: string, flags: string[], more = {}) => {
    const those = tasksShim(more);
    return { ...those, path: buildTasks(version, of, ...flags) };
  };

  it('is the version call, made once', () => {
    const { shim, task, path } = shimOf(103, '-told', ['-DTOLD="1.3"'], { history, ...told });
    const lib = shim.open({ path });
    expect(task.size).toBe(40);
    expect(lib.has('since_1_3')).toBe(true);
    expect(lib.fn.task_version_calls!()).toBe(1);
  });

  it.each([
    [101, '1.1', 16],
    [103, '1.3', 48],
  ])('is what the library says in a record that has eras itself, in %i', (version, says, size) => {
    const records = { ...about.records };
    const { shim } = tasksShim({
      ...about,
      records,
      history: { ...history, symbols: {} },
      required: { task_size: 'i32()' },
      data: {},
      weak: {},
      signatures: {},
      alternatives: {},
      features: {},
    });
    shim.open({ path: buildTasks(version, '-about', `-DABOUT="${says}"`) });
    expect(shim.inspect()).toMatchObject({ version: says, versions: { exact: says } });
    expect(defineRecord('about', records).size).toBe(size);
  });

  it('is not asked for where nothing needs it', () => {
    const { shim, path } = shimOf(104, '-lazy', ['-DTOLD="1.4"'], {
      history,
      ...told,
      layouts: {},
      signatures: {},
      alternatives: {},
    });
    const lib = shim.open({ path });
    expect(lib.has('added')).toBe(true);
    expect(lib.fn.task_version_calls!()).toBe(0);
    expect(lib.has('since_1_3')).toBe(true);
    expect(lib.fn.task_version_calls!()).toBe(1);
  });

  it('is the SONAME', () => {
    const sonames = [['libtasks.so.1'], ['libtasks.so.1'], ['libtasks.so.2'], ['libtasks.so.3'], []];
    const { shim, task, path } = shimOf(102, '-soname', ['-Wl,-soname,libtasks.so.2'], {
      history: { ...history, sonames },
    });
    shim.open({ path });
    expect(task.size).toBe(32);
    expect(shim.inspect().versions).toMatchObject({ text: '1.2', warnings: [] });
  });

  it('is nothing at all for a SONAME that no known version has', () => {
    const sonames = history.versions.map(() => ['libtasks.so.1']);
    const { shim, task, path } = shimOf(104, '-strange', ['-Wl,-soname,libtasks.so.9'], {
      history: { ...history, sonames },
    });
    const lib = shim.open({ path });
    expect(() => task.size).toThrow(undecided);
    expect(() => lib.fn.task_resize).toThrow(/whether it has task_resize cannot be decided/);
    expect(shim.inspect().versions?.warnings).toEqual(['It calls itself libtasks.so.9, which no known version does.']);
    expect(shim.inspect().undecided).toEqual(['task_resize', 'task_resize@1.0']);
  });

  it('is refused where the version call says that it is between two that differ', () => {
    const { shim, task, path } = shimOf(102, '-between', ['-DTOLD="1.2.7"'], { history, ...told });
    shim.open({ path });
    expect(() => task.size).toThrow(/this is 1.2.7, which the shim does not know \(between 1.2 and 1.3\)/);
    const same = shimOf(103, '-between-too', ['-DTOLD="1.3.7"'], { history, ...told });
    same.shim.open({ path: same.path });
    expect(same.task.size).toBe(40); // 1.3 and 1.4 agree
  });

  it("is the newest's for what says that it is newer", () => {
    const { shim, task, path } = shimOf(104, '-newer', ['-DTOLD="2.0"'], { history, ...told });
    shim.open({ path });
    expect(task.size).toBe(40);
    expect(shim.inspect().versions).toMatchObject({ text: '2.0', since: '1.4', until: undefined });
  });

  it('is refused where a backport contradicts what the library says, and where both agree it is not', () => {
    const { shim, task, pair, path } = shimOf(101, '-backport', ['-DTOLD="1.1"', '-DBACKPORT'], { history, ...told });
    const lib = shim.open({ path });
    expect(() => task.size).toThrow(/this may be 1.1 to 1.4/);
    expect(pair.alloc().head).toBe(0);
    expect(lib.fn.task_newest!()).toBe(104);
    const { versions, reasons, features } = shim.inspect();
    expect(versions?.warnings).toEqual([
      'What it shows does not agree (has task_added, task_added_too (since 1.1), task_newest (since 1.4): 1.4; says 1.1: 1.1). Taken to be 1.1 to 1.4; a backport looks like that.',
    ]);
    expect(features.kind).toBeUndefined();
    expect(reasons.kind).toBe('task.kind: since 1.3, and it may be 1.1 to 1.4');
    const harmless = shimOf(103, '-harmless', ['-DTOLD="1.3"', '-DBACKPORT'], { history, ...told });
    harmless.shim.open({ path: harmless.path });
    expect(harmless.task.size).toBe(40);
  });
});

describe.skipIf(noCompiler)(named('when a layout is chosen', noCompiler), () => {
  it('cannot be used before open(), while other records can', () => {
    const { task, pair, plain, shim } = tasksShim();
    for (const use of [() => task.alloc(), () => task.size, () => task.from(new Uint8Array(99)), () => pair.alloc()])
      expect(use).toThrow(undecided);
    expect(() => task.bytes(1)).toThrow(
      /The record task was used before open\(\).\nIt is not laid out in the same way in all versions of its library: open\(\) finds out/,
    );
    expect(plain.alloc()).toMatchObject({ one: 0, two: 0 });
    shim.inspect();
    expect(() => task.alloc()).toThrow(undecided);
  });

  it('is the same for plain, checked and traced tables: views of one go into records of another', () => {
    const { shim, task, pair } = tasksShim();
    const path = buildTasks(101, '-modes', '-DPROXY');
    shim.open({ path });
    const view = task.alloc();
    view.status = 9;
    shim.open({ path, check: true });
    const outer = pair.alloc();
    outer.task = view;
    expect(outer.task.status).toBe(9);
  });

  it('is the same in each thread', () => {
    const ended = runProgram('eras.mjs', [buildTasks(101, '-thread', '-DPROXY')]);
    expect(ended, ended.errors).toMatchObject({ status: 0, errors: '' });
    expect(JSON.parse(ended.output)).toEqual({ main: [16, 1101, '1.1'], workers: Array(3).fill([16, 1101, '1.1']) });
  });

  it('has no records of versions that do not have them', () => {
    const layouts = {
      task: [
        ['1.0..1.1', null],
        ['1.2..', 'task'],
      ],
    } as const;
    const { shim, task } = tasksShim({ layouts });
    const lib = shim.open({ path: buildTasks(101, '-no-record', '-DPROXY') });
    expect(() => task.alloc()).toThrow('the installed version has no record task');
    expect(() => lib.fn.task_sum).toThrow(undecided);
  });
});

describe.skipIf(noCompiler)(named('an alternative', noCompiler), () => {
  it('that is behind a symbol of its own is that one, and not what has the name of the function', () => {
    const { shim } = tasksShim({
      required: { task_size: 'i32()' },
      weak: { 'task_sum@1.0': 'i32()' },
      alternatives: { 'task_sum@1.0': { of: 'task_sum', versions: '1.0..' } },
      symbols: { 'task_sum@1.0': 'task_size' },
    });
    const { fn, addressOf } = shim.open({ path: buildTasks(104, '-proxy', '-DPROXY') });
    expect((addressOf as (name: string) => bigint)('task_sum@1.0')).toBe(addressOf('task_size'));
    expect((fn as unknown as Record<string, () => number>)['task_sum@1.0']!()).toBe(fn.task_size());
  });
});
