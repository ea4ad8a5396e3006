// Shims from a history: the library of test/cases/eras, and small histories for what it does not have.
// Longer than 400 lines because each way in which versions differ is a case, and all share the builders of small histories.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addVersion, emptyHistory } from '../../generator/src/history/merge.ts';
import { unionApi } from '../../generator/src/history/select.ts';
import type { Api } from '../../generator/src/model/api.ts';
import { generateModule } from '../../generator/src/pipeline.ts';
import { findTarget } from '../../generator/src/targets/targets.ts';
import { root } from '../tools.ts';
import { apiOf, LINUX, moduleOf, OPTIONS, WINDOWS } from './eras-library.ts';
import { api, type Parts, TARGET } from './histories.ts';

const OPENER = { files: { linux: ['libx.so.1'] }, name: 'libx', runtime: '@dlshim/runtime' };

/** What is known of a version's file. */
type Exports = Pick<Api, 'exports' | 'notExported'>;

/** The module of small versions, oldest first. */
function moduleOfParts(versions: Readonly<Record<string, Parts & Exports>>, options: Partial<typeof OPTIONS> = {}) {
  let history = emptyHistory('libx', TARGET);
  for (const [version, { exports, notExported, ...parts }] of Object.entries(versions)) {
    const known = exports && notExported ? { exports, notExported } : {};
    history = addVersion(history, { ...api(version, parts), ...known }, { source: 'a test' });
  }
  const union = unionApi(history, Object.keys(versions)[0]!);
  return generateModule([{ api: union, target: findTarget(TARGET)!, history }], { ...OPENER, ...options });
}

/** The lines of one entry of the descriptor. */
function entry(text: string, key: string): string {
  const found = new RegExp(`^  ${key}: [[{]([\\s\\S]*?)^  [\\]}],$|^  ${key}: (.*),$`, 'm').exec(text);
  return (found?.[1] ?? found?.[2] ?? '').replaceAll(/\s+/g, ' ').trim();
}

test('the module of five versions on two targets is the golden one', async () => {
  const { text } = await moduleOf([LINUX, WINDOWS]);
  const golden = join(root, 'test/golden/liberas.ts');
  if (process.env.UPDATE_GOLDENS) writeFileSync(golden, text);
  expect(text).toBe(readFileSync(golden, 'utf8'));
});

describe('what is required', () => {
  test('is what every version from the baseline on has', async () => {
    const { text } = await moduleOf([LINUX], { baseline: '1.2', features: {} });
    const required = entry(text, 'required');
    // Since 1.1; with one signature since 1.2; gone and back in 1.2.
    for (const name of ['eras_flush', 'eras_truncate', 'eras_read_async', 'eras_flaky'])
      expect(required).toContain(name);
    expect(entry(text, 'weak')).toBe("eras_rotate: 'i32(*eras,f64)',");
    expect(text).not.toContain('eras_legacy(');
    // The version before the baseline is known, to be told from it.
    expect(entry(text, 'history')).toContain("versions: ['1.1', '1.2', '1.3', '2.0'], baseline: '1.2',");
    expect(entry(text, 'history')).toContain("'1.1': ['eras_legacy'],");
    expect(text).not.toContain('alternatives:');
    expect(text).not.toMatch(/Since 1\.[12]/);
  });

  test('is not what a version declares and does not export', async () => {
    const lacking = { ...(await apiOf('1.3', LINUX)), notExported: ['eras_open'] };
    let history = emptyHistory('liberas', TARGET);
    for (const one of [await apiOf('1.2', LINUX), lacking, await apiOf('2.0', LINUX)])
      history = addVersion(history, one, { source: 'a test' });
    const inputs = [{ api: unionApi(history, '1.2'), target: LINUX, history }];
    const { text } = generateModule(inputs, { ...OPTIONS, features: {} });
    expect(entry(text, 'weak')).toContain('eras_open');
    expect(text).toContain('Declared, but not exported in 1.3.');
    // It is no evidence for anything then.
    expect(entry(text, 'history')).not.toContain('eras_open');
  });

  test('the lists of the configuration overrule the history', async () => {
    const { text } = await moduleOf([LINUX], { features: {}, weak: ['eras_open'], require: ['eras_rotate'] });
    expect(entry(text, 'weak')).toContain('eras_open');
    expect(entry(text, 'required')).toContain('eras_rotate');
  });

  test('a feature leaves a function required that all versions have', async () => {
    const { text } = await moduleOf([LINUX], { features: { basics: ['eras_open', 'eras_flush'] } });
    expect(entry(text, 'required')).toContain('eras_open');
    expect(text).toContain("basics: 'eras_flush';");
    expect(entry(text, 'features')).toContain("basics: ['eras_open', 'eras_flush'],");
  });
});

describe('versions that nothing tells apart', () => {
  test('are named, with what differs in them', async () => {
    const { ambiguities } = await moduleOf([LINUX, WINDOWS]);
    expect(ambiguities).toEqual([{ versions: ['1.2', '1.3'], names: ['eras_sense', 'eras_task', 'eras_reply'] }]);
  });

  test('are none where the library says what it is', async () => {
    const { ambiguities, text } = await moduleOf([LINUX], { versionCall: { kind: 'string', symbol: 'eras_version' } });
    expect(ambiguities).toEqual([]);
    expect(entry(text, 'history')).not.toContain('reported');
  });

  test('are none where nothing in them differs', async () => {
    const { ambiguities } = await moduleOf([LINUX], { versions: ['1.0', '1.1', '1.2', '2.0'] });
    expect(ambiguities).toEqual([]);
  });

  test('are told apart by a SONAME', () => {
    const parts: Parts = { records: { 'struct s': { a: 'int' } }, functions: { f: 'fn(s: *<struct s>) int' } };
    const wider: Parts = { ...parts, records: { 'struct s': { a: 'int', b: 'int' } } };
    const named = (soname: string): Partial<Api> => ({
      notExported: [],
      exports: { sonames: [soname], undeclared: [], symbolVersions: [] },
    });
    const of = (second: string) =>
      moduleOfParts({ '1.0': { ...parts, more: named('libx.so.1') }, '1.1': { ...wider, more: named(second) } });
    expect(of('libx.so.1').ambiguities).toEqual([{ versions: ['1.0', '1.1'], names: ['s'] }]);
    expect(of('libx.so.2').ambiguities).toEqual([]);
  });
});

describe('features', () => {
  const wrong: readonly [string, Parameters<typeof moduleOf>[1], RegExp][] = [
    [
      'a symbol',
      { features: { x: { symbols: ['eras_flash'] } } },
      /`features\.x\.symbols` names eras_flash.*did you mean eras_flush\?/,
    ],
    [
      'a symbol inside `any`',
      { features: { x: { any: [['eras_opem']] } } },
      /`features\.x\.any\.0` names eras_opem.*eras_open/,
    ],
    [
      'a symbol version',
      { features: { x: ['eras_truncate@ERAS_3'] } },
      /neither a symbol version.*there are eras_truncate@ERAS_1, eras_truncate@ERAS_2, eras_truncate@1\.0/,
    ],
    [
      'a version whose signature goes by an older one',
      { features: { x: ['eras_open@1.1'] } },
      /names eras_open@1\.1, which is neither a symbol version of any known library nor a signature of its own; there are none/,
    ],
    [
      'a constant',
      { features: { x: { constants: ['ERAS_APEND'] } } },
      /`features\.x\.constants` names ERAS_APEND.*did you mean ERAS_APPEND\?/,
    ],
    [
      'a member without its record',
      { features: { x: { not: { members: ['flags'] } } } },
      /`features\.x\.not\.members` names flags: a member is RECORD\.MEMBER/,
    ],
    [
      'a record',
      { features: { x: { members: ['eras_tusk.flags'] } } },
      /names the record eras_tusk.*did you mean eras_task/,
    ],
    [
      'a member',
      { features: { x: { members: ['eras_task.flgs'] } } },
      /names eras_task\.flgs, which no version has; did you mean flags\?/,
    ],
    [
      'the version of a layout',
      { features: { x: { layouts: { eras_task: '1.7' } } } },
      /eras_task in 1\.7.*the versions are 1\.0 1\.1 1\.2 1\.3 2\.0/,
    ],
    ['conditions', { features: { x: { versions: '1.9 or so' } } }, /is '1\.9 or so': conditions such as >=1\.9\.3/],
    ['conditions without a version', { features: { x: { not: { versions: '>=' } } } }, /`features\.x\.not\.versions`/],
    [
      'a version that nothing reports',
      { versionCall: undefined, features: { x: { reported: '>=1' } } },
      /there is no `versionCall`/,
    ],
    [
      'a constant of the version call',
      { versionCall: { kind: 'string', symbol: 'eras_version', constants: ['ERAS_VERSON'] } },
      /`versionCall\.constants` names ERAS_VERSON.*ERAS_VERSION/,
    ],
  ];
  test.each(wrong)('are refused where they name %s that is not there', async (_, options, message) => {
    await expect(moduleOf([LINUX], options)).rejects.toThrow(message);
  });

  test.each(['versions', 'constants', 'members', 'layouts'])(
    'without a history there is nothing to ask `%s` of',
    (key) => {
      const value = key === 'versions' ? '>=1.0' : key === 'layouts' ? { s: '1.0' } : ['s.a'];
      const inputs = [{ api: api('1.0', { functions: { f: 'fn() int' } }), target: LINUX }];
      const generate = () => generateModule(inputs, { ...OPENER, features: { x: { [key]: value } } });
      expect(generate).toThrow(`libx: \`features.x.${key}\` needs a \`history\``);
    },
  );

  test('a module of one version with conditions is of the newer format, one with lists is not', () => {
    const inputs = [{ api: api('1.0', { functions: { f: 'fn() int', g: 'fn() int' } }), target: LINUX }];
    const of = (features: NonNullable<typeof OPTIONS.features>) => generateModule(inputs, { ...OPENER, features }).text;
    expect(of({ x: ['f'] })).toContain('format: 3,');
    const gate = of({ x: { any: [['f'], ['g']] } });
    expect(gate).toContain('format: 4,');
    expect(gate).toContain('x: never;');
    expect(entry(gate, 'weak')).toBe("f: 'i32()', g: 'i32()',");
  });

  test('are suggested by macros that say so, and by versions; not where the configuration has them', () => {
    const first = { functions: { x_open: 'fn() int' } };
    const second = {
      functions: { ...first.functions, x_do_flush: 'fn() int', x_close: 'fn() int' },
      constants: { X_SUPPORTS_FLUSH: 1n },
    };
    const of = (features: NonNullable<typeof OPTIONS.features>) =>
      entry(moduleOfParts({ '1.0': first, '1.1~rc1': second }, { features }).text, 'features');
    expect(of({})).toBe("flush: ['x_do_flush'], since_1_1_rc1: ['x_close', 'x_do_flush'],");
    expect(of({ flushing: ['x_do_flush'] })).toBe(
      "flushing: ['x_do_flush'], since_1_1_rc1: ['x_close', 'x_do_flush'],",
    );
    expect(of({ since_1_1_rc1: ['x_close'] })).toBe("since_1_1_rc1: ['x_close'], flush: ['x_do_flush'],");
  });

  test('are suggested of what is sure to have come with a version: where exports are known, they say so too', () => {
    const exports = (undeclared: readonly string[] = []) => ({ sonames: [], undeclared, symbolVersions: [] });
    const declared = (...names: string[]) => ({
      functions: Object.fromEntries(['x_open', ...names].map((name) => [name, 'fn() int'])),
    });
    const { text } = moduleOfParts({
      // x_printf is in the file before a header declares it, as libcurl's curl_mprintf is.
      '1.0': { ...declared(), notExported: [], exports: exports(['x_printf']) },
      '1.1': declared('x_new', 'x_printf'),
      // x_late is declared here, and in the file at 1.4: it may have come with 1.3 as well.
      '1.2': { ...declared('x_new', 'x_printf', 'x_late'), notExported: ['x_late'], exports: exports() },
      '1.3': declared('x_new', 'x_printf', 'x_late', 'x_other'),
      '1.4': {
        ...declared('x_new', 'x_printf', 'x_late', 'x_other', 'x_next'),
        notExported: ['x_next'],
        exports: exports(),
      },
      // x_next came with this one, whose file says so.
      '1.5': {
        ...declared('x_new', 'x_printf', 'x_late', 'x_other', 'x_next'),
        notExported: [],
        exports: exports(),
      },
    });
    expect(entry(text, 'features')).toBe("since_1_1: ['x_new'], since_1_3: ['x_other'], since_1_5: ['x_next'],");
  });
});

describe('corrections of parameters', () => {
  const versions = {
    '1.0': { functions: { f: 'fn(count: *int) int' } },
    '1.1': { functions: { f: 'fn(total: *int) int', g: 'fn() int' } },
  };

  test('may have the name that an older version gives a parameter', () => {
    const { text } = moduleOfParts(versions, { parameters: { f: { count: 'out' } } });
    expect(entry(text, 'required')).toBe("f: 'i32(out:i32)',");
  });

  test('that fit no version are errors', () => {
    expect(() => moduleOfParts(versions, { parameters: { f: { amount: 'out' } } })).toThrow(
      /there is no such parameter; it has total/,
    );
    expect(() => moduleOfParts(versions, { parameters: { f: { count: 'out[nothing]' } } })).toThrow(/nothing/);
  });
});

describe('declarations that versions have otherwise', () => {
  test('a record that was given a tag is one record, with a layout for each', () => {
    const { text } = moduleOfParts({
      '1.0': {
        records: { point: { x: 'int' } },
        typedefs: { point: '<point>' },
        functions: { f: 'fn(p: *@point) int' },
      },
      '1.1': {
        records: { 'struct point': { x: 'int', y: 'int' } },
        typedefs: { point: '<struct point>' },
        functions: { f: 'fn(p: *@point) int' },
      },
    });
    expect(entry(text, 'layouts')).toBe("point: [['1.0', 'point@1.0'], ['1.1..', 'point']],");
    expect(text.match(/export interface point /g)).toHaveLength(1);
    expect(entry(text, 'required')).toBe("f: 'i32(*point)',");
    expect(text).not.toContain('alternatives');
  });

  test('what is gone is as its last version had it, whatever came after', () => {
    const { text } = moduleOfParts({
      '1.0': {
        typedefs: { size: 'int' },
        functions: { gone: 'fn(n: @size) int', kept: 'fn() int' },
        records: { 'struct s': { n: '@size' } },
      },
      '1.1': { typedefs: { size: 'llong' }, functions: { kept: 'fn() int' } },
    });
    expect(entry(text, 'weak')).toBe("gone: 'i32(i32)',");
    expect(text).toContain("n: ['i32', 0],");
  });

  test('a variable whose type changed is not carried, and says so', () => {
    const { text } = moduleOfParts({
      '1.0': { functions: { f: 'fn() int' }, variables: { state: 'int', same: 'int' } },
      '1.1': { functions: { f: 'fn() int' }, variables: { state: 'llong', same: 'int' } },
    });
    expect(entry(text, 'data')).toBe("same: 'i32',");
    expect(text).toContain('variable state');
    expect(text).toContain('its type is not the same in all versions: int state; long long state');
  });

  test('qualifiers, names and pointers to void make no era', () => {
    const { text } = moduleOfParts({
      '1.0': { functions: { f: 'fn(data: *void, name: *char) int' } },
      '1.1': { functions: { f: 'fn(data: *const int, label: *const char) int' } },
    });
    expect(text).not.toMatch(/signatures|alternatives/);
    expect(entry(text, 'required')).toBe("f: 'i32(in:i32,str)',");
  });

  test('a number that became wider has a signature for each, and one type that fits both', () => {
    const { text } = moduleOfParts({
      '1.0': { functions: { f: 'fn(n: int) int' } },
      '1.1': { functions: { f: 'fn(n: llong) llong' } },
    });
    expect(entry(text, 'signatures')).toBe("f: [['1.0', 'i32(i32)']],");
    expect(text).toContain('f(n: c.Int64): c.Int64;');
  });

  test('a type of functions has the signature of each version, and none where its TypeScript type is another one', () => {
    const { text } = moduleOfParts({
      '1.0': { typedefs: { kept_t: '*fn(n: int) int', other_t: '*fn(n: int) int', same_t: '*fn(n: int) int' } },
      '2.0': { typedefs: { kept_t: '*fn(n: long) int', other_t: '*fn() int', same_t: '*fn(number: int) int' } },
    });
    expect(entry(text, 'signatures')).toBe("kept_t: [['1.0', 'i32(i32)']], other_t: [['1.0', null]],");
    expect(entry(text, 'callbacks')).toBe("kept_t: 'i32(i64)', other_t: 'i32()', same_t: 'i32(i32)',");
  });

  test('a type of functions has other signatures where what its parameters mean has changed', () => {
    const callbacks = { done_t: '*fn(n: @number_t) int' };
    const { text } = moduleOfParts({
      '1.0': { typedefs: { number_t: 'int', ...callbacks } },
      '2.0': { typedefs: { number_t: 'long', ...callbacks } },
    });
    expect(entry(text, 'signatures')).toBe("done_t: [['1.0', 'i32(i32)']],");
  });

  test('a function that was behind another symbol is called by that one, and has a slot of its own', () => {
    const { functions } = api('1.0', { functions: { f: 'fn(n: int) int', g: 'fn(n: int) int' } });
    const labelled = { more: { functions: functions.map((d) => ({ ...d, symbol: `${d.name}_v1` })) } };
    const plain: Parts = { functions: { f: 'fn(n: int) int', g: 'fn() int' } };
    const slots = `'f@1.0': { of: 'f', versions: '1.0' }, f: { of: 'f', versions: '2.0..' }, 'g@1.0': { of: 'g', versions: '1.0' }, g: { of: 'g', versions: '2.0..' },`;
    const renamed = moduleOfParts({ '1.0': labelled, '2.0': plain }).text;
    expect(entry(renamed, 'alternatives')).toBe(slots);
    expect(entry(renamed, 'symbols')).toBe(`'f@1.0': 'f_v1', 'g@1.0': 'g_v1',`);
    const given = moduleOfParts({ '1.0': plain, '2.0': labelled }).text;
    expect(entry(given, 'alternatives')).toBe(slots);
    expect(entry(given, 'symbols')).toBe(`f: 'f_v1', 'f@1.0': 'f', g: 'g_v1', 'g@1.0': 'g',`);
  });

  test('an option whose number changed has no type of its own behind `...`', () => {
    const of = (enumerators: Readonly<Record<string, bigint>>): Parts => ({
      functions: { set: 'fn(option: {enum o}, ...) int' },
      enums: { 'enum o': enumerators },
    });
    const variadics = { set: { option: 'option', types: { int: ['KEPT', 'MOVED'] } } };
    const { text } = moduleOfParts(
      { '1.0': of({ KEPT: 1n, MOVED: 2n }), '2.0': of({ KEPT: 1n, OTHER: 2n, MOVED: 3n }) },
      { variadics },
    );
    expect(entry(text, 'variadics')).toBe("set: { parameter: 0, types: [ ['i32', { KEPT }], ], },");
  });

  test('a macro that becomes an enumerator, or the reverse, was always there', () => {
    const macro = (value: bigint): Parts => ({ constants: { ALWAYS: value } });
    const enumerator: Parts = { enums: { 'enum e': { ALWAYS: 1n } } };
    for (const versions of [
      { '1.0': macro(1n), '2.0': enumerator },
      { '1.0': enumerator, '2.0': macro(1n) },
    ])
      expect(moduleOfParts(versions).text).toMatch(/^\/\*\* [^.]*\(x\.h:1\) \*\/\nexport const ALWAYS = 1;/m);
    const { text } = moduleOfParts({ '1.0': macro(5n), '2.0': enumerator });
    expect(entry(text, 'constants')).toBe("ALWAYS: [['1.0', 5], ['2.0..', 1]],");
  });

  test('signatures that come and go are one slot each, with all their versions', () => {
    const two = { functions: { f: 'fn(a: int, b: int) int' } };
    const one = { functions: { f: 'fn(a: int) int' } };
    const { text } = moduleOfParts({ '1.0': one, '1.1': two, '1.2': one, '1.3': { functions: {} }, '1.4': one });
    expect(entry(text, 'alternatives')).toBe(
      `'f@1.1': { of: 'f', versions: '1.1' }, f: { of: 'f', versions: '1.0,1.2,1.4..' },`,
    );
    expect(text).toContain('Until 1.2 and since 1.4.');
  });

  test('a version that changes nothing changes nothing but the list of versions', () => {
    const [first, last] = [
      { functions: { f: 'fn(n: int) int' } },
      { functions: { f: 'fn(n: llong) int', g: 'fn() int' } },
    ];
    const without = moduleOfParts({ '1.0': first, '2.0': last }).text;
    const between = moduleOfParts({ '1.0': first, '1.5': first, '2.0': last }).text;
    const plain = (text: string): string => text.replace(/^ *(stamp|versions): .*\n/gm, '');
    expect(plain(between).replaceAll('1.0..1.5', '1.0').replaceAll('Until 1.5', 'Until 1.0')).toBe(plain(without));
  });

  test('targets whose histories have other versions are refused', async () => {
    const inputs = await Promise.all(
      (
        [
          [LINUX, ['1.0', '2.0']],
          [WINDOWS, ['2.0']],
        ] as const
      ).map(async ([target, versions]) => {
        let history = emptyHistory('liberas', target.name);
        for (const version of versions)
          history = addVersion(history, await apiOf(version, target), { source: 'a test' });
        return { api: unionApi(history, versions[0]), target, history };
      }),
    );
    expect(() => generateModule(inputs, { ...OPTIONS, features: {} })).toThrow(
      /other versions for x86_64-linux-gnu \(1\.0 2\.0\) than for x86_64-windows \(2\.0\)/,
    );
  });
});
