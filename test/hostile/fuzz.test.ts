// A short run of `npm run fuzz`, with one seed, so that a failure is of the change at hand; other seeds are the long run's.
// Run: npx vitest run test/hostile/fuzz.test.ts

import { expect, test } from 'vitest';
import { named, noGcc } from '../needs.ts';
import { node } from '../tools.ts';

const seed = '22';

test.skipIf(noGcc)(named(`random headers of every kind find nothing (seed ${seed})`, noGcc), () => {
  const run = node('test/fuzz/run.mjs', '--count', '40', '--time', '4', '--seed', seed);
  expect(run.stdout + run.stderr).toMatch(
    /^grammar: \d+ inputs, nothing found .*\nmutation: \d+ inputs, nothing found .*\npreprocessor: \d+ inputs, nothing found .*\n$/,
  );
  expect(run.status).toBe(0);
});

test('wrong options are errors in words, and --help lists the right ones', () => {
  expect(node('test/fuzz/run.mjs', '--only', 'nothing').stderr).toContain(
    'the kinds are grammar, mutation, preprocessor',
  );
  expect(node('test/fuzz/run.mjs', '--count', 'many')).toMatchObject({ status: 2, stdout: '' });
  const help = node('test/fuzz/run.mjs', '--help');
  expect(help.status).toBe(0);
  for (const flag of ['--count', '--time', '--seed', '--only']) expect(help.stdout).toContain(flag);
});
