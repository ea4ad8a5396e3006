// npm start, as a person runs it, on what is installed here: what it says of functions that have several signatures.

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { libiscsi } from '../shims/dist/libiscsi.js';
import { named, noLibrary } from './needs.ts';
import { node, root } from './tools.ts';

const noIscsi = noLibrary('libiscsi.so.7');

test.skipIf(noIscsi)(named('npm start counts functions, not the slots of their signatures', noIscsi), () => {
  const { status, stdout } = node(join(root, 'scripts/start.mjs'));
  expect(status).toBe(0);
  const { present, missing } = libiscsi.inspect({ load: false });
  const slots: readonly string[] = [...present, ...missing];
  const all = new Set(slots.map((slot) => slot.split('@')[0]));
  expect(slots.length).toBeGreaterThan(all.size);
  const said = stdout.slice(stdout.indexOf('libiscsi on this machine'));
  expect(said).toMatch(
    new RegExp(`^ {2}${new Set(present.map((slot) => slot.split('@')[0])).size} of ${all.size} functions$`, 'm'),
  );
  expect(/^ {2}missing: (.*)$/m.exec(said)?.[1]).not.toContain('@');
});
