// `dlshim snapshot --facts`: flat, sorted JSON for comparison with other tools, as a user gets it from the command line.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { dlshim, root } from '../tools.ts';

interface Facts {
  readonly format: number;
  readonly target: string;
  readonly functions: Record<string, { abi: string; symbol: string; inline: boolean; unsupported: string | null }>;
  readonly records: Record<
    string,
    { kind: string; size: number; align: number; fields: Record<string, { offset: number; width: number | null }> }
  >;
  readonly enumerators: Record<string, string>;
  readonly constants: Record<string, { kind: string; value: string }>;
  readonly variables: Record<string, { type: string }>;
}

const HEADER = `
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
enum tone { LOW = -1, HIGH = 0x7fffffff };
enum wide { BIG = 0x100000000LL };
typedef struct { uint8_t tag; union { int whole; struct { unsigned low : 3, : 2, high : 5; }; }; double rest[]; } anonymous;
struct __proto__ { char constructor; long double wide; };
union either { int i; double d; };
struct opaque;
typedef int handler(void *, struct opaque *);
#define LIMIT 0xffffffffu
#define RATIO (1 / 4.0)
#define NAME "a\\tb"
#define NOTHING
extern const char *const names[4];
extern int errors __asm__("lib_errors");
void plain(void);
_Bool truth(signed char a, unsigned char b, short c, unsigned short d, int e, unsigned f, int64_t g, size_t h);
float real(double a, long double b);
enum tone pitched(enum wide a, const char *text, int list[4], handler call, handler *called);
struct __proto__ by_value(union either a, anonymous *b);
int print(const char *format, ...);
int forward(const char *format, va_list list);
int old();
int renamed(int) __asm__("lib_renamed");
static inline int twice(int a) { return 2 * a; }
static int hidden(int a) { return a; }
void *__proto__(void);
`;

let folder: string;
let text: string;
let facts: Facts;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dlshim-facts-'));
  writeFileSync(join(folder, 'x.h'), HEADER);
  const run = dlshim('snapshot', '--facts', '--header', 'x.h', '--include-dir', folder);
  expect(run.stderr).toBe('');
  text = run.stdout;
  facts = JSON.parse(text) as Facts;
});

describe('dlshim snapshot --facts', () => {
  test('needs no --library, and says its format and target', () => {
    expect([facts.format, facts.target]).toEqual([1, 'x86_64-linux-gnu']);
  });

  test('lowers every type of a function to what the ABI passes', () => {
    const abi = Object.fromEntries(Object.entries(facts.functions).map(([name, f]) => [name, f.abi]));
    expect(abi).toEqual({
      ['__proto__']: 'ptr()',
      by_value: 'struct(32,16)(union(8,8),ptr)',
      forward: 'i32(ptr,ptr)',
      hidden: 'i32(i32)',
      old: 'i32()',
      pitched: 'i32(u64,ptr,ptr,ptr,ptr)',
      plain: 'void()',
      print: 'i32(ptr,...)',
      real: 'f32(f64,f80)',
      renamed: 'i32(i32)',
      truth: 'bool(i8,u8,i16,u16,i32,u32,i64,u64)',
      twice: 'i32(i32)',
    });
  });

  test('names the symbol, what is inline, and what cannot be called with the reason', () => {
    expect(facts.functions.renamed).toEqual({
      abi: 'i32(i32)',
      symbol: 'lib_renamed',
      inline: false,
      unsupported: null,
    });
    expect(facts.functions.twice).toMatchObject({ inline: true, unsupported: expect.stringMatching(/^inline: /) });
    expect(facts.functions.hidden).toMatchObject({ inline: false, unsupported: expect.stringMatching(/^static: /) });
    expect(facts.functions.forward!.unsupported).toBe('parameter list is a va_list');
    expect(facts.functions.real!.unsupported).toBe('parameter b is a long double');
  });

  test('gives records by tag, or by typedef where they have none, with members of anonymous ones among their own', () => {
    expect(Object.keys(facts.records)).toEqual(['__proto__', 'anonymous', 'either']);
    expect(facts.records.anonymous).toEqual({
      kind: 'struct',
      size: 8,
      align: 8,
      fields: {
        tag: { offset: 0, width: null },
        whole: { offset: 32, width: null },
        low: { offset: 32, width: 3 },
        high: { offset: 37, width: 5 },
        rest: { offset: 64, width: null },
      },
    });
    expect(facts.records.either).toMatchObject({ kind: 'union', size: 8, align: 8 });
  });

  test('gives enumerators, constants and variables', () => {
    expect(facts.enumerators).toEqual({ BIG: '4294967296', HIGH: '2147483647', LOW: '-1' });
    expect(facts.constants).toEqual({
      LIMIT: { kind: 'int', value: '4294967295' },
      NAME: { kind: 'string', value: 'a\tb' },
      RATIO: { kind: 'float', value: '0.25' },
    });
    expect(facts.variables).toEqual({ errors: { type: 'i32' }, names: { type: 'ptr[4]' } });
  });

  test('is sorted, one declaration a line', () => {
    const names = [...text.matchAll(/^ {4}"([^"]+)": /gm)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(20);
    const sections = text.split(/^ {2}\}/m).map((part) => [...part.matchAll(/^ {4}"([^"]+)": /gm)].map(([, n]) => n!));
    for (const section of sections) expect(section).toEqual([...section].sort());
  });

  test('goes to a file with --out, and does not go with --save', () => {
    const out = join(folder, 'facts.json');
    expect(dlshim('snapshot', '--facts', '--header', 'x.h', '-I', folder, '--out', out).status).toBe(0);
    const run = dlshim('snapshot', '--facts', '--save', '--header', 'x.h', '-I', folder);
    expect([run.status, run.stderr]).toEqual([2, expect.stringContaining('write facts with --out')]);
  });
});

describe('--own', () => {
  test('is not needed for a header that only includes its neighbours', () => {
    mkdirSync(join(folder, 'umbrella'));
    writeFileSync(join(folder, 'umbrella', 'all.h'), '#include <umbrella/one.h>\n#include <stdint.h>\n');
    writeFileSync(join(folder, 'umbrella', 'one.h'), 'int one(void);\n');
    const run = dlshim('snapshot', '--facts', '--header', 'umbrella/all.h', '-I', folder);
    expect(run.stderr).toBe('');
    expect(Object.keys((JSON.parse(run.stdout) as Facts).functions)).toEqual(['one']);
  });

  test('takes a file or a folder, more than once', () => {
    mkdirSync(join(folder, 'lib'));
    writeFileSync(join(folder, 'lib', 'a.h'), 'int a(void);\n#include <lib/b.h>\n#include <other.h>\n');
    writeFileSync(join(folder, 'lib', 'b.h'), 'int b(void);\n');
    writeFileSync(join(folder, 'other.h'), 'int other(void);\n');
    const names = (...own: string[]): string[] => {
      const run = dlshim('snapshot', '--facts', '--header', 'lib/a.h', '-I', folder, ...own);
      return Object.keys((JSON.parse(run.stdout) as Facts).functions);
    };
    expect(names('--own', join(folder, 'lib'))).toEqual(['a', 'b']);
    expect(names('--own', join(folder, 'lib/b.h'), '--own', join(folder, 'other.h'))).toEqual(['b', 'other']);
    expect(names('--own', 'lib')).toEqual(['a', 'b']);
    expect(names()).toEqual(['a', 'b']);
    expect(names('--own', relative(root, join(folder, 'other.h')))).toEqual(['other']);
  });
});
