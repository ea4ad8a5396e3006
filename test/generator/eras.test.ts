// Shims from a history: the library of test/cases/eras, and what differs between its versions.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../tools.ts';
import { LINUX, moduleOf, WINDOWS } from './eras-library.ts';

test('the module of five versions on two targets is the golden one', async () => {
  const { text } = await moduleOf([LINUX, WINDOWS]);
  const golden = join(root, 'test/golden/liberas.ts');
  if (process.env.UPDATE_GOLDENS) writeFileSync(golden, text);
  expect(text).toBe(readFileSync(golden, 'utf8'));
});
