// Histories: the facts of each version come out as they went in, whatever was added before or after, in whatever order.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { History } from '../../generator/src/history/history.ts';
import { historyFromJson, historyToJson } from '../../generator/src/history/json.ts';
import { stableKeys } from '../../generator/src/history/keys.ts';
import { addVersion, emptyHistory, removeVersion } from '../../generator/src/history/merge.ts';
import { apiAt } from '../../generator/src/history/select.ts';
import { snapshotFromJson } from '../../generator/src/history/snapshot.ts';
import type { Api } from '../../generator/src/model/api.ts';
import { root } from '../tools.ts';
import { facts, randomApi, TARGET } from './histories.ts';

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
