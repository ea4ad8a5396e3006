// Shims from a history on the command line: what generate warns of, what history suggest lists, and what a configuration may say of features.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { historyToJson } from '../../generator/src/history/json.ts';
import { dlshim, type Run } from '../tools.ts';
import { historyOf, LINUX, OPTIONS } from './eras-library.ts';

const project = mkdtempSync(join(tmpdir(), 'dlshim-eras-'));
const config = join(project, 'dlshim.config.json');

function run(more: object, ...args: string[]): Run {
  const { name, files, versionCall, features } = OPTIONS;
  const library = { name, files, versionCall, features, headers: ['2.0.h'], history: 'history.json', ...more };
  writeFileSync(config, JSON.stringify({ out: 'shims', libraries: ['library.json'] }));
  writeFileSync(join(project, 'library.json'), JSON.stringify(library));
  return dlshim(...args, '--config', config);
}

beforeAll(async () => {
  writeFileSync(join(project, 'history.json'), historyToJson(await historyOf(LINUX)));
});

test('generate names the versions that nothing tells apart, and writes the shim', () => {
  const ended = run({}, 'generate');
  expect(ended.status).toBe(0);
  expect(ended.stderr).toContain(
    'warning: nothing tells liberas 1.2 from 1.3, where eras_sense, eras_task, eras_reply differ: there open() needs `assumeVersion`',
  );
  expect(readFileSync(join(project, 'shims', 'liberas.ts'), 'utf8')).toContain("baseline: '1.0',");
  expect(run({ versionCall: { kind: 'string', symbol: 'eras_version' } }, 'generate').stderr).toBe('');
});

test('history suggest lists features with their reasons, but not those that there are', () => {
  expect(run({}, 'history', 'suggest', 'liberas')).toEqual({
    status: 0,
    stderr: '',
    stdout:
      'flush: came with ERAS_SUPPORTS_FLUSH in 1.1\n  eras_flush\n  eras_flush_all\n' +
      'since_1_1: came with 1.1\n  eras_flush\n  eras_flush_all\nsince_2_0: came with 2.0\n  eras_rotate\n',
  });
  const json = run(
    { baseline: '1.1', features: { since_2_0: ['eras_open'] } },
    'history',
    'suggest',
    'liberas',
    '--json',
  );
  expect(JSON.parse(json.stdout)).toEqual({ library: 'liberas', baseline: '1.1', features: [] });
  expect(run({ baseline: '2.0' }, 'history', 'suggest', 'liberas').stdout).toBe(
    'liberas: after 2.0 nothing came that is not in a feature already\n',
  );
});

describe('a feature in library.json', () => {
  test.each([
    ['no condition', {}, 'features.x: a feature without a condition would always be there'],
    ['an empty list', [], 'features.x'],
    ['another key', { symbol: ['f'] }, 'features.x: there is no key `symbol`; did you mean symbols?'],
    [
      'another key inside',
      { any: [{ version: '>=1' }] },
      'features.x.any.0: there is no key `version`; did you mean versions?',
    ],
    ['a number', { versions: 1.2 }, 'features.x.versions'],
  ])('with %s is refused with its place', (_, feature, message) => {
    const ended = run({ features: { x: feature } }, 'generate');
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain(message);
  });

  test('that names nothing is refused with what is near', () => {
    const ended = run({ features: { x: { not: ['eras_flsh'] } } }, 'generate');
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain('liberas: `features.x.not` names eras_flsh');
    expect(ended.stderr).toContain('did you mean eras_flush?');
  });
});
