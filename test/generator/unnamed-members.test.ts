// Member declarations without a declarator: a record without a tag is a member, all others declare no member. Microsoft's
// compilers take every record for one. The compiler has the last word.

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderOf } from '../hostile/support.ts';
import { compilers, named } from '../needs.ts';
import { dlshim } from '../tools.ts';

const HEADER = `typedef struct named { int n; } T;
struct s {
  char a;
  enum { ONE = 1 };
  int;
  struct tagged { int b; };
  T;
  const struct { int c; };
  int : 3;
  char d;
};
int f(struct s *);
`;

function sizeOn(target: string): unknown {
  const run = dlshim('snapshot', '--facts', '--header', join(folderOf({ 'x.h': HEADER }), 'x.h'), '--target', target);
  expect(run.status, run.stderr).toBe(0);
  return JSON.parse(run.stdout).records.s;
}

test('a tag, an enumeration and a plain type are no members', () => {
  expect(sizeOn('x86_64-linux-gnu')).toMatchObject({ size: 12, fields: { a: { offset: 0 }, c: { offset: 32 } } });
});

test('a record with a tag is a member for Microsoft', () => {
  expect(sizeOn('x86_64-windows')).toMatchObject({ size: 24, fields: { b: { offset: 32 }, n: { offset: 64 } } });
});

for (const { cc, missing } of compilers) {
  test.skipIf(missing)(named(`${cc} agrees`, missing), () => {
    const run = dlshim('verify', '--header', join(folderOf({ 'x.h': HEADER }), 'x.h'), '--cc', cc);
    expect(run.status, run.stdout + run.stderr).toBe(0);
  });
}
