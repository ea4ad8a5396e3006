// A history file that is not one is refused in words that name the section and the line, and nothing of it is taken.

import { describe, expect, test } from 'vitest';
import { HistoryError } from '../../generator/src/history/error.ts';
import { historyFromJson, historyToJson } from '../../generator/src/history/json.ts';
import { addVersion, emptyHistory } from '../../generator/src/history/merge.ts';
import type { Api } from '../../generator/src/model/api.ts';
import { api, TARGET } from './histories.ts';

const exporting: Partial<Api> = {
  notExported: ['g'],
  exports: {
    sonames: ['libx.so.1'],
    undeclared: ['hidden'],
    symbolVersions: [{ symbol: 'f', version: 'X_1', isDefault: true }],
  },
};
const versions = [
  api('1.0', { functions: { f: 'fn() void' }, enums: { 'enum e': { A: 1n } }, constants: { M: 1n } }),
  api('1.1', { functions: { f: 'fn() void', g: 'fn() int' }, constants: { M: 2n }, more: exporting }),
  api('1.2', { functions: { f: 'fn(a: int) void' }, macros: ['m'] }),
];
const good = historyToJson(
  versions.reduce((history, one) => addVersion(history, one, { source: 'a tag' }), emptyHistory('libx', TARGET)),
);

/** The message for the file with one text in the place of another. */
function refusal(from: string | RegExp, to: string): string {
  const bad = good.replace(from, to);
  expect(bad).not.toBe(good);
  try {
    historyFromJson(bad);
  } catch (error) {
    expect(error).toBeInstanceOf(HistoryError);
    return (error as Error).message;
  }
  return 'nothing was wrong';
}

describe('refused', () => {
  test.each<[string, string | RegExp, string, string]>([
    ['cut off', /"constants"[\s\S]*/, '', 'not JSON'],
    ['not an object', /[\s\S]*/, '"history"', 'not a history'],
    ['null', /[\s\S]*/, 'null', 'not a history'],
    ['of another format', '"format": 1', '"format": 99', 'its format is 99; this dlshim reads 1'],
    ['without a section', '"enumerators"', '"other"', 'a section is missing or damaged: enumerators: it is not a list'],
    [
      'with a version that is none',
      '"version":"1.1"',
      '"version":"next"',
      'versions: [1] version: "next" is not a version',
    ],
    ['with a version twice', '"version":"1.1"', '"version":"1.0.0"', 'versions: 1.0.0 stands behind 1.0'],
    ['with versions in disorder', '"version":"1.0"', '"version":"1.1.5"', 'versions: 1.1 stands behind 1.1.5'],
    ['with a name that is none', '"name":"g"', '"name":"g()"', 'functions: [2] name: "g()" is not a name'],
    ['with a type that is none', '"fn() int"', '"fn( int"', 'functions: [2]'],
    ['with an unknown version in ranges', '"in":"1.2.."', '"in":"1.3.."', '"1.3.." names 1.3, which is not known here'],
    ['with ranges that are none', '"in":"1.2.."', '"in":"since 1.2"', 'names since 1.2, which is not known here'],
    ['with ranges in disorder', '"in":"1.0..1.1"', '"in":"1.1..1.0"', '"1.1..1.0" is no list of ranges, oldest first'],
    ['with three ends', '"in":"1.0..1.1"', '"in":"1.0..1.1..1.2"', 'is no list of ranges, oldest first'],
    [
      'with a function twice in one version',
      '"in":"1.0..1.1"',
      '"in":"1.0.."',
      'functions: [1] f is there twice in 1.2',
    ],
    ['with a function of no version', '"in":"1.2.."', '"in":""', 'functions: [1] it is of no version'],
    [
      'with an enumerator of nothing',
      '"of":"enum e"',
      '"of":"enum x"',
      'enumerators: A is of enum x, which is no enumeration',
    ],
    [
      'with a value that is no number',
      '"value":"1"',
      '"value":"one"',
      'enumerators: [0] value: "one" is not a decimal number',
    ],
    ['with a constant without a value', '"int":"2",', '', 'constants: [1] it has no value'],
    [
      'with an export of an unknown version',
      '"symbol":"g","in":""',
      '"symbol":"g","in":"1.2"',
      'names 1.2, which is not known here',
    ],
    ['with a target that is none', `"target": "${TARGET}"`, '"target": []', 'target: [] is not a target'],
  ])('%s', (_, from, to, message) => {
    expect(refusal(from, to)).toContain(message);
  });
});

test('what a later dlshim may add is passed over', () => {
  const more = good
    .replace('"library":', '"since": "2030",\n  "library":')
    .replace('"name":"g"', '"later":1,"name":"g"');
  expect(historyFromJson(more).versions).toHaveLength(3);
});
