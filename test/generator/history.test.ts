// Histories: the facts of each version come out as they went in, whatever was added before or after, in whatever order.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eraAt, versionsOf } from '../../generator/src/history/entries.ts';
import type { History } from '../../generator/src/history/history.ts';
import { historyFromJson, historyToJson } from '../../generator/src/history/json.ts';
import { stableKeys } from '../../generator/src/history/keys.ts';
import { addVersion, emptyHistory, removeVersion } from '../../generator/src/history/merge.ts';
import { rangesText } from '../../generator/src/history/ranges.ts';
import { apiAt, unionApi } from '../../generator/src/history/select.ts';
import { snapshotFromJson } from '../../generator/src/history/snapshot.ts';
import { type Api, ELSEWHERE } from '../../generator/src/model/api.ts';
import { root } from '../tools.ts';
import { api, facts, type Parts, randomApi, TARGET } from './histories.ts';

function merged(...apis: readonly Api[]): History {
  return apis.reduce(
    (history, one) => addVersion(history, one, { source: `tag ${one.version}` }),
    emptyHistory('libx', TARGET),
  );
}

const VERSIONS = ['0.9', '1.0-rc1', '1.0.0', '1.2', '1.9', '1.10', '2.0.0'];
const someApis = fc
  .shuffledSubarray(VERSIONS, { minLength: 1 })
  .chain((versions) => fc.tuple(...versions.map((version) => randomApi(version))));

test('what was added is what a history says of that version, and so does its file', () => {
  fc.assert(
    fc.property(someApis, (apis) => {
      const history = merged(...apis);
      const read = historyFromJson(historyToJson(history));
      for (const one of apis) {
        expect(facts(apiAt(history, one.version))).toBe(facts(one));
        expect(facts(apiAt(read, one.version))).toBe(facts(one));
      }
      expect(historyToJson(read)).toBe(historyToJson(history));
      expect(read).toEqual(history);
    }),
    { numRuns: 300 },
  );
});

test('any order of adding gives the same bytes', () => {
  fc.assert(
    fc.property(
      someApis.chain((apis) => fc.tuple(fc.constant(apis), fc.shuffledSubarray(apis, { minLength: apis.length }))),
      ([apis, shuffled]) => {
        expect(historyToJson(merged(...shuffled))).toBe(historyToJson(merged(...apis)));
      },
    ),
    { numRuns: 200 },
  );
});

test('a version that is added changes nothing that is said of others, and taken out again it leaves no trace but places', () => {
  fc.assert(
    fc.property(someApis, ([added, ...apis]) => {
      const before = merged(...apis);
      const after = addVersion(before, added!, { source: 'a tag' });
      for (const { version } of apis) expect(facts(apiAt(after, version))).toBe(facts(apiAt(before, version)));
      const without = removeVersion(after, added!.version);
      const places = /"at":"[^"]*",?/g;
      expect(historyToJson(without).replace(places, '')).toBe(historyToJson(before).replace(places, ''));
    }),
    { numRuns: 200 },
  );
});

test.each(['librbd/16.2.15.json', 'libiscsi/1.19.0.json', 'libcurl/7.88.1.json', 'gtk3/3.24.38.json'])(
  'a history of one version says what the snapshot %s does',
  (file) => {
    const snapshot = snapshotFromJson(readFileSync(join(root, 'headers', file), 'utf8'));
    const history = addVersion(emptyHistory(snapshot.library, snapshot.target), snapshot, { source: 'a package' });
    const back = apiAt(historyFromJson(historyToJson(history)), snapshot.version);
    // Of several on one line, which one macro declares, the order is that of names.
    expect(back.functions.map((d) => d.origin)).toEqual(snapshot.functions.map((d) => d.origin));
    expect(facts(back)).toBe(facts(stableKeys(snapshot)));
    expect(historyToJson(history)).not.toMatch(/_h_\d+"/);
  },
);

/** In which versions a function is, as ranges. */
function where(history: History, name: string): string {
  const entry = history.functions.find(({ key }) => key === name)!;
  const all = history.versions.map((_, at) => at);
  return rangesText(versionsOf(entry), all, (index) => history.versions[index]!.version);
}

describe('since and until', () => {
  const f = 'fn() void';
  const having = (version: string, ...names: string[]): Api =>
    api(version, { functions: Object.fromEntries(names.map((name) => [name, f])) });

  test('a version that is inserted in the middle divides what was one range', () => {
    const two = merged(having('1.0', 'f', 'g'), having('3.0', 'f', 'g'));
    expect(where(two, 'g')).toBe('1.0..');
    const three = addVersion(two, having('2.0', 'f'), { source: 'a tag' });
    expect(three.versions.map((v) => v.version)).toEqual(['1.0', '2.0', '3.0']);
    expect([where(three, 'f'), where(three, 'g')]).toEqual(['1.0..', '1.0,3.0..']);
  });

  test('an x.0 is the version without it, and neither is the next minor one', () => {
    const history = merged(having('1.9', 'f'), having('2.0', 'f', 'g'), having('1.10', 'f'));
    expect(history.versions.map((v) => v.version)).toEqual(['1.9', '1.10', '2.0']);
    expect(where(history, 'g')).toBe('2.0..');
    expect(facts(apiAt(history, '2.0.0'))).toBe(facts(having('2.0', 'f', 'g')));
    expect(() => addVersion(history, having('2.0.0', 'f'), { source: 'again' })).toThrow(
      'version 2.0.0 is in the history of libx already, as 2.0, from tag 2.0',
    );
  });

  test('an empty version ends everything, and what comes after it begins again', () => {
    const history = merged(having('1.0', 'f'), api('1.1', {}), having('1.2', 'f'));
    expect(where(history, 'f')).toBe('1.0,1.2..');
    expect(apiAt(history, '1.1').functions).toEqual([]);
  });

  test('a symbol that was removed and restored has one era with a gap where it is the same, else two', () => {
    const changed = api('1.2', { functions: { f: 'fn(a: int) void' } });
    const same = merged(having('1.0', 'f'), having('1.1', 'g'), having('1.2', 'f'));
    expect(same.functions.find(({ key }) => key === 'f')!.eras).toHaveLength(1);
    const other = merged(having('1.0', 'f'), having('1.1', 'g'), changed, having('1.3', 'f'));
    const { eras } = other.functions.find(({ key }) => key === 'f')!;
    expect(eras.map((era) => era.versions)).toEqual([[0, 3], [2]]);
  });

  test('a release candidate stands before its release', () => {
    const history = merged(having('2.0', 'f', 'g'), having('2.0-rc1', 'f', 'g'), having('1.9', 'f'));
    expect(history.versions.map((v) => v.version)).toEqual(['1.9', '2.0-rc1', '2.0']);
    expect(where(history, 'g')).toBe('2.0-rc1..');
  });

  test('a version that changes nothing adds its own line to the file and no other, wherever it stands', () => {
    const parts = [having('1.0', 'f'), having('1.2', 'f', 'g'), having('1.4', 'f', 'g', 'h')];
    const before = historyToJson(merged(...parts)).split('\n');
    for (const [version, like] of [
      ['1.1', 0],
      ['1.3', 1],
      ['1.5', 2],
    ] as const) {
      const after = historyToJson(merged(...parts, { ...parts[like]!, version })).split('\n');
      const plain = (lines: readonly string[]) => lines.map((line) => line.replace(/,$/, ''));
      const added = plain(after).filter((line) => !plain(before).includes(line));
      expect(added).toEqual([expect.stringContaining(`{"version":"${version}"`)]);
      expect(after).toHaveLength(before.length + 1);
    }
  });
});

describe('eras', () => {
  const places = (version: string, line: number): Api => {
    const { functions, ...rest } = api(version, { functions: { f: 'fn(a: *int) void' } });
    const doc = `as of ${version}`;
    return {
      ...rest,
      functions: functions.map((d) => ({
        ...d,
        origin: { header: 'x.h', line },
        doc,
        documented: { a: line === 30 ? 'out' : 'inout' },
      })),
    };
  };

  test('other places and comments are no other declaration; those of the newest version stay', () => {
    for (const order of [
      [1, 2, 3],
      [3, 1, 2],
      [2, 3, 1],
    ]) {
      const history = merged(...order.map((n) => places(`1.${n}`, n * 10)));
      expect(history.functions[0]!.eras).toHaveLength(1);
      expect(apiAt(history, '1.1').functions[0]).toMatchObject({ origin: { line: 30 }, doc: 'as of 1.3' });
    }
  });

  test('enumerators and constants change for themselves', () => {
    const parts = (n: bigint): Parts => ({ enums: { 'enum e': { A: 0n, LAST: n } }, constants: { MAX: n, MIN: 0n } });
    const history = merged(api('1', parts(1n)), api('2', parts(2n)), api('3', parts(2n)));
    const values = (name: string): readonly (readonly [readonly number[], bigint])[] =>
      history.enums[0]!.enumerators.find(({ key }) => key === name)!.eras.map(({ versions, decl }) => [
        versions,
        decl.value,
      ]);
    expect(values('LAST')).toEqual([
      [[0], 1n],
      [[1, 2], 2n],
    ]);
    expect(values('A')).toEqual([[[0, 1, 2], 0n]]);
    expect(history.enums[0]!.eras).toHaveLength(1);
    const constants = history.constants.map(({ key, eras }) => [key, eras.map((era) => era.versions)]);
    expect(constants).toEqual([
      ['MAX', [[0], [1, 2]]],
      ['MIN', [[0, 1, 2]]],
    ]);
  });

  test("a record that was the library's own and now stands elsewhere is not the same", () => {
    const own = api('1', { records: { 'struct r': { a: 'int' } } });
    const elsewhere = { ...own, version: '2', records: own.records.map((d) => ({ ...d, origin: ELSEWHERE })) };
    const history = merged(own, elsewhere);
    expect(apiAt(history, '1').records[0]!.origin.header).toBe('x.h');
    expect(apiAt(history, '2').records[0]!.origin).toBe(ELSEWHERE);
  });

  test('64-bit values are kept to the last digit', () => {
    const history = merged(
      api('1', { enums: { e: { BIG: 2n ** 63n } }, constants: { M: -(2n ** 63n), F: 0.1, Z: -0 } }),
    );
    const read = historyFromJson(historyToJson(history));
    expect(read).toEqual(history);
    expect(eraAt(read.enums[0]!.enumerators[0]!, 0)!.decl.value).toBe(9223372036854775808n);
  });

  test('an enumeration without a name is known by its first enumerator, and not by its line', () => {
    const anonymous = (version: string, line: number, more: Record<string, bigint> = {}): Api => {
      const made = api(version, { enums: { [`x_h_${line}`]: { A: 0n, B: 1n, ...more } } });
      return {
        ...made,
        enums: made.enums.map((d) => ({ ...d, origin: { header: 'sub/x.h', line } })),
        ownHeaders: ['sub/x.h'],
      };
    };
    const history = merged(anonymous('1', 7), anonymous('2', 12, { C: 2n }));
    expect(history.enums.map(({ key, eras }) => [key, eras.length])).toEqual([['x_h_A', 1]]);
    expect(history.enums[0]!.enumerators.map(({ key, eras }) => [key, eras[0]!.versions])).toEqual([
      ['A', [0, 1]],
      ['B', [0, 1]],
      ['C', [1]],
    ]);
  });

  test('a record without a name has one key too, wherever it is mentioned', () => {
    const made = (version: string, line: number): Api =>
      api(version, {
        records: { [`x_h_${line}`]: { a: 'int', in: `<x_h_${line}::in>` }, [`x_h_${line}::in`]: { b: 'int' } },
        variables: { v: `[2]<x_h_${line}>` },
        functions: { f: `fn(a: *<x_h_${line}>) *<x_h_${line}::in>` },
      });
    const at = (one: Api, line: number): Api => ({
      ...one,
      records: one.records.map((d) => ({ ...d, origin: { header: 'x.h', line } })),
    });
    const history = merged(at(made('1', 3), 3), at(made('2', 9), 9));
    const eras = [...history.records, ...history.variables, ...history.functions].map((entry) => entry.eras.length);
    expect(history.records.map(({ key }) => key)).toEqual(['x_h_a', 'x_h_a::in']);
    expect(eras).toEqual([1, 1, 1, 1]);
  });
});

describe('the union of versions', () => {
  const old = {
    functions: { gone: 'fn(a: @t) void', f: 'fn() void' },
    typedefs: { t: 'int' },
    constants: { M: 1n, N: 1n },
  };
  const now = {
    functions: { f: 'fn(a: int) void', fresh: 'fn() void' },
    typedefs: { t: 'long' },
    enums: { 'enum e': { M: 2n } },
  };
  const history = merged(api('1.0', { functions: { first: 'fn() void' } }), api('1.1', old), api('1.2', now));

  test('has everything that a version from the baseline on has, as the newest of them has it', () => {
    const all = unionApi(history, '1.1');
    expect(all.version).toBe('1.2');
    expect(all.functions.map((d) => d.name).sort()).toEqual(['f', 'fresh', 'gone']);
    expect(all.functions.find((d) => d.name === 'f')!.type.parameters).toHaveLength(1);
    expect(all.typedefs.map((d) => d.type)).toEqual([{ kind: 'integer', name: 'long' }]);
    expect(unionApi(history, '1.0').functions.map((d) => d.name)).toContain('first');
    expect(unionApi(history, '1.2').functions.map((d) => d.name)).not.toContain('gone');
  });

  test('has what was taken back to what it had been as the newest version has it', () => {
    const f = (version: string, type: string): Api => api(version, { functions: { f: type } });
    const back = merged(f('1', 'fn() void'), f('2', 'fn(a: int) void'), f('3', 'fn() void'));
    expect(unionApi(back, '1').functions[0]!.type.parameters).toEqual([]);
    const changed = merged(f('1', 'fn() void'), f('2', 'fn(a: int) void'));
    expect(unionApi(changed, '1').functions[0]!.type.parameters).toHaveLength(1);
  });

  test('has a name once: a macro that became an enumerator is an enumerator', () => {
    const all = unionApi(history, '1.0');
    expect(all.constants.map((d) => d.name)).toEqual(['N']);
    expect(all.enums.flatMap((d) => d.enumerators)).toEqual([{ name: 'M', value: 2n }]);
  });

  test('leaves out a record whose typedef has come to name another one, and what lay in it', () => {
    const plain = api('1', { typedefs: { r: '<r>' }, records: { r: { in: '<r::in>' }, 'r::in': { a: 'int' } } });
    const tagged = api('2', { typedefs: { r: '<struct r>' }, records: { 'struct r': { a: 'int' } } });
    const inside = api('3', {
      typedefs: { r: '<struct r>' },
      records: { 'struct r': { in: '<struct r::in>' }, 'struct r::in': { a: 'int' } },
    });
    const outside = api('4', { typedefs: { r: '<struct r>' }, records: { 'struct r': { a: 'int' } } });
    expect(unionApi(merged(plain, tagged), '1').records.map((d) => d.key)).toEqual(['struct r']);
    expect(
      unionApi(merged(plain, tagged, inside), '1')
        .records.map((d) => d.key)
        .sort(),
    ).toEqual(['struct r', 'struct r::in']);
    expect(unionApi(merged(inside, outside), '3').records.map((d) => d.key)).toEqual(['struct r']);
  });

  test('says of exports what the newest version that declares a function and whose file is known does', () => {
    const exporting = (version: string, names: readonly string[], missing: readonly string[] | undefined): Api =>
      api(version, {
        functions: Object.fromEntries(names.map((name) => [name, 'fn() void'])),
        ...(missing
          ? { more: { notExported: missing, exports: { sonames: [], undeclared: [], symbolVersions: [] } } }
          : {}),
      });
    const of = merged(
      exporting('1', ['f', 'g', 'h'], ['f', 'g']),
      exporting('2', ['f', 'h'], ['h']),
      exporting('3', ['f', 'g', 'h'], undefined),
    );
    expect(unionApi(of, '1').notExported).toEqual(['g', 'h']);
    expect(apiAt(of, '3').notExported).toBeUndefined();
    expect(apiAt(of, '1').notExported).toEqual(['f', 'g']);
    // The file of version 2 may still export what its headers do not declare any more; that it does not is known as well.
    expect(of.exports.map(({ symbol, versions }) => [symbol, versions])).toEqual([
      ['f', [1]],
      ['h', [0]],
    ]);
  });
});

test('what no table can carry is not said to be exported, in a file of one version or of several', () => {
  const inline = (version: string): Api => {
    const made = api(version, { functions: { f: 'fn() void', g: 'fn() void' }, more: { notExported: [] } });
    return { ...made, functions: made.functions.map((d) => (d.name === 'f' ? { ...d, unsupported: 'inline' } : d)) };
  };
  const history = merged(inline('1'), inline('2'));
  expect(history.exports.map(({ symbol }) => symbol)).toEqual(['g']);
  expect(historyToJson(history)).toContain('"exports": []');
  expect(historyFromJson(historyToJson(history))).toEqual(history);
});

test('a history is of one library and one target, and of versions that have an order', () => {
  const history = merged(api('1', {}));
  const add = (more: Partial<Api>) => () => addVersion(history, { ...api('2', {}), ...more }, { source: 'a tag' });
  expect(add({ library: 'liby' })).toThrow('this is the history of libx for x86_64-linux-gnu, and not of liby');
  expect(add({ target: 'x86_64-windows' })).toThrow('and not of libx for x86_64-windows');
  expect(add({ version: 'unversioned' })).toThrow('"unversioned" is not a version that stands in an order');
  expect(() => apiAt(history, '7')).toThrow('the history of libx has no version 7; it has 1');
});
