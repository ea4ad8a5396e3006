// Pairs of types as headers write them, an older and a newer one, and whether what was compiled for the one works with the other.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { snapshotFromJson } from '../../generator/src/history/snapshot.ts';
import type { Api } from '../../generator/src/model/api.ts';
import { compareTypes, type TypeComparison } from '../../generator/src/model/compatibility.ts';
import { TypeTable } from '../../generator/src/model/types.ts';
import { DEFAULT_TARGET, findTarget } from '../../generator/src/targets/targets.ts';
import { dlshim } from '../tools.ts';

type Row = readonly [older: string, newer: string, kind: TypeComparison['kind'], reason: RegExp];

/** Each declares `int f_N(…)` or the like; the number is put in for `F`. */
const ROWS: readonly Row[] = [
  ['int F(int a);', 'int F(int b);', 'same', /^$/],
  ['int F(struct r *p);', 'int F(struct r *p);', 'same', /^$/],
  ['int F(char *p);', 'int F(const char *p);', 'spelling', /const now/],
  ['int F(char **p);', 'int F(char *const *p);', 'spelling', /const now/],
  ['int F(volatile int *p);', 'int F(int *p);', 'spelling', /no longer volatile/],
  ['int F(char **p);', 'int F(char *restrict *p);', 'spelling', /restrict now/],
  ['int F(unsigned long n);', 'int F(size n);', 'spelling', /written size, not unsigned long/],
  ['int F(unsigned long *n);', 'int F(size *n);', 'spelling', /written size, not unsigned long/],
  ['int F(void *p);', 'int F(struct r *p);', 'spelling', /a pointer to struct r, not void/],
  ['int F(long *p);', 'int F(void *p);', 'spelling', /a pointer to void, not long/],
  ['int F(void *p);', 'int F(void (*p)(int));', 'spelling', /a pointer to/],
  ['int F(char *p);', 'int F(unsigned char *p);', 'spelling', /a pointer to unsigned char, not char/],
  ['int F(byte *p);', 'int F(char *p);', 'spelling', /a pointer to char, not byte/],
  ['int F(long n);', 'int F(long long n);', 'spelling', /long long, not long/],
  ['int F(int *p);', 'int F(int p[4]);', 'same', /^$/],
  ['int F(void f(int));', 'int F(void (*f)(int));', 'same', /^$/],
  ['int F(enum e v);', 'int F(unsigned v);', 'spelling', /unsigned int, not enum e/],
  ['int F(image a);', 'int F(void *a);', 'spelling', /written void \*, not image/],
  ['int F();', 'int F(void);', 'spelling', /\(\)/],
  ['int F(int n);', 'int F(long n);', 'different', /parameter 1 \(n\) is long, not int: 8 bytes and not 4/],
  ['int F(int n);', 'int F(unsigned n);', 'different', /unsigned now/],
  ['int F(word n);', 'int F(word n);', 'same', /^$/],
  ['int F(int *n);', 'int F(long *n);', 'different', /a pointer to long, not int/],
  ['int F(int (*a)[4]);', 'int F(int (*a)[8]);', 'different', /int \[8\], not int \[4\]/],
  ['int F(int n);', 'int F(int n, int m);', 'different', /2 parameters and not 1/],
  ['int F(int n);', 'int F(int n, ...);', 'different', /more arguments may follow/],
  ['int F(int n);', 'void F(int n);', 'different', /no result/],
  ['void F(int n);', 'int F(int n);', 'different', /there is a result, int/],
  ['int F(int n);', 'long F(int n);', 'different', /the result is long, not int/],
  ['int F(long n);', 'int F(void *n);', 'different', /void \*, not long/],
  ['int F(double n);', 'int F(float n);', 'different', /float, not double/],
  ['int F(long n);', 'int F(double n);', 'different', /double, not long/],
  ['int F(_Bool n);', 'int F(unsigned char n);', 'different', /unsigned char, not _Bool/],
  ['int F(image a);', 'int F(pool a);', 'different', /pool, not image/],
  ['int F(CURL *a);', 'int F(CURLM *a);', 'different', /CURLM, not CURL/],
  ['int F(struct r *p);', 'int F(struct q *p);', 'different', /struct q, not struct r/],
  ['int F(struct r p);', 'int F(struct r *p);', 'different', /struct r \*, not struct r/],
  [
    'int F(void (*cb)(int));',
    'int F(void (*cb)(int, int));',
    'different',
    /callback where there are 2 parameters and not 1/,
  ],
  ['int F(void (*cb)(int));', 'int F(int (*cb)(int));', 'different', /callback where there is a result/],
  ['int F(done cb);', 'int F(void (*cb)(int));', 'spelling', /written/],
  ['int F(done cb);', 'int F(void (*cb)(long));', 'different', /callback where parameter 1 is long, not int/],
  ['int F(int (*cb)(void (*inner)(int)));', 'int F(int (*cb)(void (*inner)(short)));', 'different', /short, not int/],
];

const COMMON = `
typedef unsigned long size; typedef unsigned char byte; typedef void *image; typedef void *pool;
typedef void CURL; typedef void CURLM; typedef void (*done)(int); typedef int word;
struct r { int a; long b; }; struct q { int a; }; enum e { ONE = 1, TWO };
int keep(size, byte, image, pool, CURL *, CURLM *, done, struct r, struct q, enum e, word);
`;

function apiOf(header: string, target = DEFAULT_TARGET.name): Api {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-compatibility-'));
  writeFileSync(join(folder, 'x.h'), header);
  const run = dlshim('snapshot', '--header', 'x.h', '-I', folder, '--target', target);
  expect(run.stderr).toBe('');
  return snapshotFromJson(run.stdout, target);
}

/** Compares what two headers declare under each name. */
function comparisons(older: string, newer: string, target = DEFAULT_TARGET.name): Map<string, TypeComparison> {
  const [a, b] = [apiOf(older, target), apiOf(newer, target)];
  const [tableA, tableB] = [new TypeTable(a), new TypeTable(b)];
  const options = { target: findTarget(target)! };
  return new Map(
    a.functions.map((d) => {
      const other = b.functions.find(({ name }) => name === d.name)!;
      return [d.name, compareTypes(d.type, tableA, other.type, tableB, options)];
    }),
  );
}

describe('what was compiled for the older type', () => {
  const side = (at: 0 | 1): string => COMMON + ROWS.map((row, n) => row[at].replace('F', `f_${n}`)).join('\n');
  const found = comparisons(side(0), side(1));
  test.each(ROWS.map((row, n) => [...row, n] as const))('%s -> %s: %s', (_, _newer, kind, reason, n) => {
    const comparison = found.get(`f_${n}`)!;
    expect(`${comparison.kind}: ${comparison.reason}`).toMatch(new RegExp(`^${kind}: `));
    expect(comparison.reason).toMatch(reason);
    expect(comparison.aspects.length === 0).toBe(kind === 'same');
  });
});

test('a typedef of one name that stands for another type makes another function', () => {
  const found = comparisons('typedef int n_t; void f(n_t n);', 'typedef long n_t; void f(n_t n);');
  expect(found.get('f')).toMatchObject({ kind: 'different', aspects: ['size'] });
  expect(found.get('f')!.reason).toContain('long, not int');
});

test('a handle or a record that has been replaced by one of another name is only named otherwise', () => {
  const found = comparisons(
    'typedef void *img; struct old { int a; }; int f(img i); int g(struct old *p);',
    'typedef void *image; struct new_name { int a; }; int f(image i); int g(struct new_name *p);',
  );
  expect(found.get('f')).toMatchObject({ kind: 'spelling', aspects: ['name'] });
  expect(found.get('g')).toMatchObject({ kind: 'spelling', aspects: ['name'] });
});

test('sizes are those of the target: long is int on Windows, and twice as long on Linux', () => {
  const [older, newer] = ['int f(int n);', 'int f(long n);'];
  expect(comparisons(older, newer).get('f')!.kind).toBe('different');
  expect(comparisons(older, newer, 'x86_64-windows').get('f')!.kind).toBe('spelling');
});

test('the caller is asked about records of one key, by value and behind pointers, and decides', () => {
  const header = 'struct r { int a; }; int f(struct r v, struct r *p);';
  const [a, b] = [apiOf(header), apiOf(header)];
  const asked: string[] = [];
  const compare = (isOther: boolean) =>
    compareTypes(a.functions[0]!.type, new TypeTable(a), b.functions[0]!.type, new TypeTable(b), {
      target: DEFAULT_TARGET,
      record: ({ a: { key }, byValue }) => {
        asked.push(`${key} ${byValue}`);
        return isOther && byValue
          ? { kind: 'different', aspects: ['record'], reason: 'struct r is larger' }
          : undefined;
      },
    });
  expect(compare(false).kind).toBe('same');
  expect(asked).toEqual(['struct r true', 'struct r false']);
  expect(compare(true)).toMatchObject({ kind: 'different', aspects: ['record'] });
  expect(compare(true).reason).toContain('struct r is larger');
});
