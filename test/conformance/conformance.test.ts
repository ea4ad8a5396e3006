// The conformance run, on a header of a page: it finds nothing where dlshim is right, and the one fact where it is not.

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named, noGcc } from '../needs.ts';
import { dlshim, node, root } from '../tools.ts';
import { compare, type Facts, type Truth } from './compare.mjs';
import { parseAssembly } from './constants.mjs';
import { readCorpus } from './corpus.mjs';
import { countReasons, gatherTruth } from './examine.mjs';
import { parseAuxInfo, parseBindgen } from './functions.mjs';
import { couldBeExpression, parseMacros } from './macros.mjs';
import { summary } from './report.mjs';

const HEADER = `
#include <stdarg.h>
enum tone { LOW = -1, HIGH = 0x7fffffff };
typedef struct { char tag; union { int whole; float part; }; unsigned low : 3, : 2, high : 5; } mixed;
struct point { double x; short y; };
#define LIMIT 0xffffffffffffffffu
#define BELOW (-7)
#define RATIO (1.0f / 3)
#define NAME "a\\tb" "\\303\\251\\n"
#define WIDE L"w\\x3b1"
#define HERE __LINE__
#define CALL twice
#define OPEN {
#define AGAIN 1
#undef AGAIN
extern int errors;
void (*choose(int which, void (*call)(const char *, ...)))(int);
int print(const char *format, ...);
int forward(const char *format, va_list list);
static inline int twice(int a) { return 2 * a; }
`;

describe.skipIf(noGcc)(named('a header that dlshim reads right', noGcc), () => {
  let folder: string;
  let truth: Truth;
  let text: string;

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'dlshim-conformance-')));
    const header = join(folder, 'x.h');
    writeFileSync(header, HEADER);
    const library = {
      name: 'x',
      headers: [header],
      files: { linux: [] },
      own: [header],
      headerPackages: { debian: [] },
    };
    truth = await gatherTruth(library, folder, false);
    text = dlshim('snapshot', '--facts', '--header', header, '--library', 'libx.so.1').stdout;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const facts = (): Facts => JSON.parse(text);

  test('has no differences, and gcc saw all of it', () => {
    expect(compare(facts(), truth)).toEqual({ missing: [], wrong: [], missedConstants: [] });
    expect([...truth.functions.keys()].sort()).toEqual(['choose', 'forward', 'print', 'twice']);
    expect([...truth.declarations.records.keys()].sort()).toEqual(['mixed', 'point']);
    expect(truth.alignments).toEqual(new Map(Object.entries({ mixed: 4, point: 8 })));
    expect(truth.declarations.variables).toEqual(new Set(['errors']));
    expect(Object.fromEntries(truth.constants)).toEqual({
      LIMIT: { kind: 'int', value: '18446744073709551615' },
      BELOW: { kind: 'int', value: '-7' },
      RATIO: { kind: 'float', value: String(Math.fround(1 / 3)) },
      NAME: { kind: 'string', value: 'a\tbé\n' },
      WIDE: { kind: 'string', value: 'wα' },
    });
  });

  /** One wrong fact each, and the words that the run has for it. */
  const mutations: readonly (readonly [string, (facts: Facts) => void, string])[] = [
    ['a function that is not listed', (f) => delete f.functions.choose, 'function choose: gcc sees it declared'],
    [
      'a function that is not there',
      (f) => (f.functions.extra = f.functions.print!),
      'function extra: gcc sees no decl',
    ],
    [
      'a body that counts as callable',
      (f) => (f.functions.twice!.unsupported = null),
      'function twice: its body is in',
    ],
    ['an inline that has no body', (f) => (f.functions.print!.inline = true), 'function print: it is listed as inline'],
    ['a lost ellipsis', (f) => (f.functions.print!.abi = 'i32(ptr)'), 'function print: variadic is true for gcc'],
    ['a record that is not listed', (f) => delete f.records.point, 'struct point: gcc sees it defined'],
    ['a struct that is a union', (f) => (f.records.point!.kind = 'union'), 'struct point: it is listed as a union'],
    ['a size', (f) => (f.records.point!.size = 12), 'struct point: sizeof is 16 for gcc, and 12 here'],
    ['an alignment', (f) => (f.records.mixed!.align = 8), 'struct mixed: _Alignof is 4 for gcc, and 8 here'],
    ['an offset', (f) => (f.records.point!.fields.y!.offset = 32), 'struct point.y: at bit 64'],
    ['a bit-field', (f) => (f.records.mixed!.fields.high!.width = 6), 'struct mixed.high: at bit 69, width 5 for gcc'],
    ['a member that is missing', (f) => delete f.records.mixed!.fields.part, 'the member part is missing'],
    ['a member too many', (f) => (f.records.point!.fields.z = { offset: 0, width: null }), 'gcc sees no member z'],
    ['an enumerator', (f) => (f.enumerators.LOW = '4294967295'), 'enumerator LOW: it is -1 for gcc'],
    ['an enumerator that is missing', (f) => delete f.enumerators.HIGH, 'enumerator HIGH'],
    ['a variable that is missing', (f) => delete f.variables.errors, 'variable errors'],
    ['an integer', (f) => (f.constants.LIMIT!.value = '-1'), 'constant LIMIT: int "18446744073709551615" for gcc'],
    ['the last digit of a float', (f) => (f.constants.RATIO!.value = String(1 / 3)), 'constant RATIO: float'],
    ['a string', (f) => (f.constants.NAME!.value = 'a\tb'), 'constant NAME: string'],
    [
      'a constant of another kind',
      (f) => (f.constants.BELOW!.kind = 'float'),
      'constant BELOW: int "-7" for gcc, float',
    ],
    [
      'a constant that is none',
      (f) => (f.constants.CALL = { kind: 'int', value: '1' }),
      'constant CALL: gcc gives it no',
    ],
  ];
  test.each(mutations)('%s gives one red line', (_, change, words) => {
    const changed = facts();
    change(changed);
    const { missing, wrong, missedConstants } = compare(changed, truth);
    expect([...missing, ...wrong, ...missedConstants]).toEqual([expect.stringContaining(words)]);
  });

  test('a constant without a value is counted as missed, by name', () => {
    const changed = facts();
    delete changed.constants.NAME;
    expect(compare(changed, truth).missedConstants).toEqual(['NAME']);
  });

  test('a function that only bindgen finds is missing', () => {
    const bindgen = new Map([
      ['other', { symbol: 'other' }],
      ['print_', { symbol: 'print' }],
    ]);
    expect(compare(facts(), { ...truth, bindgen }).missing).toEqual(['function other: bindgen finds it']);
  });
});

describe('what other tools print', () => {
  test('gcc -aux-info: own files, names behind nested declarators, ellipses of the function itself', () => {
    const text = [
      '/* compiled from: . */',
      '/* /own/a.h:3:NC */ extern void (*outer (int, int (*) (const char *, ...))) (int);',
      '/* /own/a.h:4:NF */ static int body (void); /* () */',
      '/* /own/a.h:5:NC */ extern handler_fn through_typedef;',
      '/* /else/b.h:5:NC */ extern int other (void);',
      '/* /own/a.h:6:NC */ extern int print (const char *, ...);',
    ].join('\n');
    const functions = parseAuxInfo(text, (path) => path.startsWith('/own/'));
    expect(Object.fromEntries(functions)).toEqual({
      outer: { variadic: false, defined: false },
      body: { variadic: false, defined: true },
      through_typedef: { variadic: false, defined: false },
      print: { variadic: true, defined: false },
    });
  });

  test("bindgen: foreign functions only, under the linker's name", () => {
    const rust =
      'extern "C" { # [link_name = "\\u{1}type"] pub fn type_ (a : :: std :: os :: raw :: c_int , ...) ; } ' +
      'impl x { pub fn get (& self) -> u32 { 1 } } extern "C" { pub fn plain (a : * mut [u8 ; 3usize]) ; }';
    expect(Object.fromEntries(parseBindgen(rust))).toEqual({ type_: { symbol: 'type' }, plain: { symbol: 'plain' } });
  });

  test('gcc -E -dD: what is defined at the end, by the file of its last definition', () => {
    const text = [
      '# 1 "/own/a.h" 1',
      '#define KEPT 1',
      '#define CALLED(x) x',
      '#define GONE 2',
      '# 1 "/else/b.h" 1',
      '#undef GONE',
      '#define FOREIGN 3',
      '#define TAKEN 4',
      '# 9 "/own/a.h" 2',
      '#define TAKEN 5',
    ].join('\n');
    expect([...parseMacros(text, (path) => path.startsWith('/own/'))]).toEqual(['KEPT', 'TAKEN']);
  });

  test('assembly: numbers in little-endian bytes, strings with escapes, addresses as symbols', () => {
    const { data, strings } = parseAssembly(
      'i_0:\n\t.long\t-2\n.LC0:\n\t.string\t"a\\"\\303\\251"\np_0:\n\t.quad\t.LC0\n',
    );
    expect(data.get('i_0')).toEqual([0xfe, 0xff, 0xff, 0xff]);
    expect(data.get('p_0')).toEqual(['.LC0']);
    expect(strings.get('.LC0')).toEqual([0x61, 0x22, 0xc3, 0xa9, 0]);
  });

  test('an expansion that would break the lines behind it is no expression', () => {
    const texts = ['(1)', '"("', "')'", 'f(a[1])', '({ 1; })', '', '{', ') + (', 'a; b', '(]'];
    expect(texts.filter(couldBeExpression)).toEqual(['(1)', '"("', "')'", 'f(a[1])', '({ 1; })']);
  });
});

describe('the run', () => {
  test('reasons are counted without the names in them', () => {
    const reasons = [
      'parameter ap is a va_list',
      'parameter 3 is a va_list',
      'its result is a long double',
      'inline: its body',
    ];
    expect(countReasons(reasons)).toEqual({ inline: 1, 'is a long double': 1, 'is a va_list': 2 });
  });

  test('is green only where nothing is wrong, missing or unreadable, and 99.9 % of the constants are there', () => {
    const row = {
      library: 'x',
      functions: 1,
      supported: 1,
      unsupported: {},
      compared: { gcc: 1, bindgen: 1, records: 0, enumerators: 0, variables: 0 },
      records: 0,
      constants: { found: 1000, all: 1000, missed: [] },
      milliseconds: 1,
      verify: { gcc: { held: 1, failed: [] } },
      missing: [],
      wrong: [],
    };
    expect(summary([row])).toEqual({
      text: '1 libraries: 0 wrong, 0 silently missing, constants 1000/1000 (100.00 %)\n',
      green: true,
    });
    expect(summary([row, { library: 'y', skipped: 'not installed: y-dev' }]).green).toBe(true);
    expect(summary([{ ...row, constants: { found: 998, all: 1000, missed: ['A', 'B'] } }]).text).toMatch('(99.80 %)');
    for (const bad of [
      { ...row, wrong: ['a'] },
      { ...row, missing: ['a'] },
      { ...row, verify: { gcc: { held: 0, failed: ['a'] } } },
      { ...row, constants: { found: 998, all: 1000, missed: ['A', 'B'] } },
      { library: 'y', error: 'no' },
    ]) {
      expect(summary([bad]).green).toBe(false);
    }
  });

  test('a library that the corpus does not have is a usage error that names those it has', () => {
    const run = node(join(root, 'test/conformance/run.mjs'), 'libnothing');
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('the corpus has no library libnothing; it has alsa blkid');
  });

  test('the corpus has 40 libraries, and dlshim takes it as a configuration', () => {
    expect(readCorpus([])).toHaveLength(40);
    const corpus = join(root, 'test/conformance/corpus.json');
    const run = dlshim('generate', '--config', corpus, 'libnothing');
    expect(run.stderr).toContain(
      `the configuration has no library libnothing; it has ${readCorpus([])
        .map((l) => l.name)
        .join(', ')}`,
    );
  });
});
