// What `dlshim drivers` writes is laid out as Biome has it: any plain data goes through Biome's formatter unchanged.
// Run: npx vitest run test/generator/drivers-literals.test.ts

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memberText } from '../../generator/src/typescript/literal-text.ts';
import type { Json } from '../../generator/src/typescript/plain-data.ts';
import { root } from '../tools.ts';

/** Texts as they stand in descriptors, long ones and quotes among them. */
const words = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 20, maxLength: 60 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 98, maxLength: 120 }),
  fc.constantFrom(
    "it's",
    '"quoted"',
    `both ' and "`,
    'back\\slash',
    'tab\tend',
    'line\nend',
    'Größe …',
    '日本語',
    '$' + '{x}',
    '',
  ),
);
const keys = fc.oneof(
  fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,11}$/),
  fc.constantFrom('a', 'id', 'abc', 'with-dash', 'with space', "it's", 'class', 'rbd_open@1.0', '$x', '1a'),
);
const { data } = fc.letrec<{ data: Json }>((tie) => ({
  data: fc.oneof(
    { depthSize: 'small' },
    words,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.integer(), { maxLength: 60 }),
    fc.array(tie('data'), { maxLength: 6 }),
    // As probes are.
    fc.array(fc.dictionary(keys, fc.integer(), { minKeys: 1, maxKeys: 3, noNullPrototype: true }), { maxLength: 3 }),
    fc.array(fc.array(fc.integer(), { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
    fc.dictionary(keys, tie('data'), { maxKeys: 6, noNullPrototype: true }),
  ),
}));

test('any descriptor is laid out as Biome lays it out', () => {
  const samples = fc.sample(fc.dictionary(keys, data, { minKeys: 1, maxKeys: 6, noNullPrototype: true }), {
    numRuns: 400,
    seed: 6,
  });
  const text = samples
    .map((sample, at) => {
      const members = Object.entries(sample).map(([name, value]) => memberText(name, value, '  '));
      return `export const v${at} = {\n${members.join('\n')}\n};\n`;
    })
    .join('\n');
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout, stderr } = spawnSync(process.execPath, [biome, 'format', '--stdin-file-path=known.ts'], {
    cwd: root,
    encoding: 'utf8',
    input: text,
    maxBuffer: 1 << 28,
  });
  expect(stderr).not.toMatch(/error/i);
  expect(text).toBe(stdout);
});
