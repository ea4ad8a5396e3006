// Patterns of paths, as shells take them.
// Run: npx vitest run test/generator/glob.test.ts

import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { glob, isGlob } from '../../generator/src/cli/glob.ts';

const folder = join(realpathSync(mkdtempSync(join(tmpdir(), 'dlshim-glob-'))), 'a[b] (c)');
const FILES = [
  ...['a.ts', 'b.ts', 'b.js', 'ab.ts', '.hidden.ts', 'x/a.ts', 'x/y/a.ts', 'x/y/z.d.ts', '.dot/a.ts'],
  ...['node_modules/p/a.ts', 'x/node_modules/a.ts', 'odd+(1)/a.ts', 'x/a.ts.bak'],
];
for (const file of FILES) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), '');
}
symlinkSync('y', join(folder, 'x/link'));
symlinkSync('..', join(folder, 'x/up'));
symlinkSync('nowhere', join(folder, 'broken.ts'));
symlinkSync('circle.ts', join(folder, 'circle.ts'));
symlinkSync('a.ts/through', join(folder, 'through.ts'));

test.each([
  ['a.ts', ['a.ts']],
  ['./a.ts', ['a.ts']],
  ['*.ts', ['a.ts', 'ab.ts', 'b.ts']],
  ['?.ts', ['a.ts', 'b.ts']],
  ['[ab].ts', ['a.ts', 'b.ts']],
  ['[!a].ts', ['b.ts']],
  ['[a-z]*.{ts,js}', ['a.ts', 'ab.ts', 'b.js', 'b.ts']],
  ['{a,x/{a,y/a}}.ts', ['a.ts', 'x/a.ts', 'x/y/a.ts']],
  ['.*.ts', ['.hidden.ts']],
  ['*/a.ts', ['odd+(1)/a.ts', 'x/a.ts']],
  ['odd+(1)/*.ts', ['odd+(1)/a.ts']],
  ['**/a.ts', ['a.ts', 'odd+(1)/a.ts', 'x/a.ts', 'x/y/a.ts']],
  ['x/**', ['x/a.ts', 'x/a.ts.bak', 'x/y/a.ts', 'x/y/z.d.ts']],
  ['x/**/*.d.ts', ['x/y/z.d.ts']],
  ['x/*/a.ts', ['x/link/a.ts', 'x/up/a.ts', 'x/y/a.ts']],
  ['node_modules/*/a.ts', ['node_modules/p/a.ts']],
  ['x/../*.js', ['b.js']],
  ['none/*.ts', []],
  ['a.ts/*', []],
  ['{a,broken,circle,through}.ts', ['a.ts']],
  ['c*.ts', []],
  ['circle.ts/*', []],
])('%s', (pattern, expected) => {
  expect(glob(pattern, folder).map((file) => file.replace(`${folder}/`, ''))).toEqual(expected);
});

test('a pattern may be absolute, and a path without wildcards is none', () => {
  expect(glob(`${dirname(folder)}/*/a.ts`, '/')).toEqual([join(folder, 'a.ts')]);
  expect([isGlob('a/b.ts'), isGlob('@acme/driver-x'), isGlob('*.ts'), isGlob('a.{ts,js}')]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
