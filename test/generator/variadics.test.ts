// `variadics` of a configuration: which option takes what, as types and for the runtime; and what is wrong with one, in words.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dlshim, node, type Run, root } from '../tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlshim-variadics-'));
writeFileSync(
  join(folder, 'options.h'),
  `#include <stdint.h>
typedef struct opaque opaque;
struct pair { int first, second; };
typedef enum { OPT_LEVEL = 1, OPT_COUNT = 2, OPT_SMALL = 3, OPT_NAME = 101, OPT_NAME_AGAIN = 101, OPT_DATA = 102,
  OPT_BLOB = 103, OPT_DONE = 104, OPT_SIZE = 105, OPT_RATIO = 106, OPT_MODE = 107, OPT_BACK = 108, OPT_FREE = 900 } option_t;
enum mode { MODE_A, MODE_B };
typedef int (*done_t)(long status, void *user);
int set(opaque *o, option_t option, ...);
int fixed(opaque *o, option_t option);
int plain(opaque *o, int option, ...);
int control(int fd, unsigned long request, ...);
int fractional(double option, ...);
#define PLAIN_BASE 1000
#define PLAIN_NAME (PLAIN_BASE + 0)
#define PLAIN_LEVEL 1001
#define PLAIN_LEVEL_AGAIN 1001
#define PLAIN_LESS -7
#define PLAIN_MORE 1010
#define PLAIN_TEXT "text"
#define OTHER 1001
#define TOO_GREAT 0x7fffffffffffffff
enum { PLAIN_ENUM = 1003 };
`,
);

interface Types {
  readonly [type: string]: readonly string[];
}

const types: Types = {
  long: ['1..99'],
  short: ['OPT_SMALL'],
  'const char *': ['0x64..199'],
  'void *': ['OPT_D*A'],
  'in const struct pair *': ['OPT_BLOB'],
  done_t: ['OPT_DONE'],
  int64_t: ['OPT_SIZE'],
  float: ['OPT_RATIO'],
  'enum mode': ['OPT_MODE'],
  'out unsigned long *': ['OPT_BACK'],
};

function configure(variadics: object, more: object = {}): Run {
  const library = { name: 'libopt', headers: ['options.h'], includeDirs: ['.'], files: { linux: ['libopt.so.1'] } };
  const file = join(folder, 'dlshim.config.json');
  writeFileSync(file, JSON.stringify({ out: '.', libraries: [{ ...library, variadics, ...more }] }));
  return dlshim('generate', '--config', file);
}

/** The lines of a program over the module that TypeScript refuses. */
function typeErrors(program: string): number[] {
  const module = `${written()}\n`;
  const path = join(folder, 'program.ts');
  writeFileSync(path, module + program);
  const flags = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--typeRoots', folder];
  // The runtime is found as the module's own package finds it.
  const paths = { paths: { '@dlshim/runtime': [join(root, 'runtime/dist/index.d.ts')] } };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...paths, types: [] }, files: ['program.ts'] }),
  );
  const { stdout } = node('node_modules/typescript/bin/tsc', '-p', folder, ...flags);
  const before = module.split('\n').length - 1;
  return [...stdout.matchAll(/program\.ts\((\d+),/g)].map(([, line]) => Number(line) - before);
}

const written = () => readFileSync(join(folder, 'libopt.ts'), 'utf8');

describe('an option', () => {
  test('takes what its name says, else a pattern, else a range', () => {
    expect(configure({ set: { option: 'option', types } })).toMatchObject({ status: 0, stderr: '' });
    const text = written();
    expect(/export interface set_values \{\n([^}]*)\}/.exec(text)![1]).toBe(`  // long
  [OPT_LEVEL]: c.Int64;
  [OPT_COUNT]: c.Int64;
  // short
  [OPT_SMALL]: number;
  // const char *
  [OPT_NAME]: c.CString;
  // void *
  [OPT_DATA]: c.Address;
  // in const struct pair *
  [OPT_BLOB]: c.PointerTo<pair>;
  // done_t
  [OPT_DONE]: c.KeptCallback<done_t>;
  // int64_t
  [OPT_SIZE]: c.Int64;
  // float
  [OPT_RATIO]: number;
  // enum mode
  [OPT_MODE]: mode;
  // out unsigned long *
  [OPT_BACK]: c.Out<c.Int64, BigUint64Array>;
`);
    expect(text).toContain(
      '  set<const O extends number>(o: c.Pointer<opaque> | null, option: O, ...value: c.OptionValue<set_values, O>): number;',
    );
    expect(text).toContain(`    set: {
      parameter: 1,
      types: [
        ['i64', { OPT_LEVEL, OPT_COUNT, OPT_SIZE }],
        ['i32', { OPT_SMALL }],
        ['str', { OPT_NAME }],
        ['ptr', { OPT_DATA }],
        ['in:{pair}', { OPT_BLOB }],
        ['fn<i32(i64,ptr)>', { OPT_DONE }],
        ['f64', { OPT_RATIO }],
        ['u32', { OPT_MODE }],
        ['out:u64', { OPT_BACK }],
      ],
    },`);
  });

  test('has the type of each target', () => {
    const more = {
      targets: ['x86_64-linux-gnu', 'x86_64-windows'],
      files: { linux: ['libopt.so.1'], win32: ['opt.dll'] },
    };
    expect(configure({ set: { option: 'option', types } }, more)).toMatchObject({ status: 0, stderr: '' });
    const text = written();
    expect(text).toContain("[{ '*': 'i64', 'x86_64-windows': 'i32' }, { OPT_LEVEL, OPT_COUNT }],");
    expect(text).toContain("[{ '*': 'u32', 'x86_64-windows': 'i32' }, { OPT_MODE }],");
    expect(text).toContain("[{ '*': 'out:u64', 'x86_64-windows': 'out:u32' }, { OPT_BACK }],");
    expect(text).toContain('[OPT_BACK]: c.Out<c.Int64, never>;');
  });

  test('may be an integer: constants of the headers, and numbers', () => {
    const plain = {
      option: 'option',
      types: {
        'const char *': ['PLAIN_NAME'],
        int: ['PLAIN_L*'],
        'out int *': ['PLAIN_ENUM', '0x3ec'],
        long: ['-9'],
        'int, out int *,const char *': ['PLAIN_MORE'],
      },
    };
    const control = { option: 'request', types: { 'void *': ['21505'] } };
    expect(configure({ plain, control })).toMatchObject({ status: 0, stderr: '' });
    const text = written();
    expect(/export interface plain_values \{\n([^}]*)\}/.exec(text)![1]).toBe(`  // out int *
  [PLAIN_ENUM]: c.Out<number, Int32Array>;
  [1004]: c.Out<number, Int32Array>;
  // const char *
  [PLAIN_NAME]: c.CString;
  // int
  [PLAIN_LEVEL]: number;
  [PLAIN_LESS]: number;
  // int, out int *,const char *
  [PLAIN_MORE]: c.Values<[number, c.Out<number, Int32Array>, c.CString]>;
  // long
  [-9]: c.Int64;
`);
    expect(text).toContain(`    plain: {
      parameter: 1,
      types: [
        ['out:i32', { PLAIN_ENUM, '1004': 1004 }],
        ['str', { PLAIN_NAME }],
        ['i32', { PLAIN_LEVEL, PLAIN_LESS }],
        ['i32, out:i32, str', { PLAIN_MORE }],
        ['i64', { '-9': -9 }],
      ],
    },`);
    expect(text).toMatch(/control<const O extends number>\(fd: number, request: O, \.\.\.value: /);
    expect(
      typeErrors(`
      const { fn } = libopt.open();
      fn.plain(null, PLAIN_NAME, 'text'); fn.plain(null, PLAIN_LESS, 3); fn.plain(null, -9, 3n); fn.plain(null, 1004, [0]);
      fn.plain(null, 77, 'any'); fn.control(0, 21505, null);
      fn.plain(null, PLAIN_LEVEL, 'text');
      fn.plain(null, -9, 'text');
      fn.plain(null, PLAIN_MORE, 1, [0], 'text');
      fn.plain(null, PLAIN_MORE, 1);
    `),
    ).toEqual([5, 6, 8]);
  });

  test('changes the stamp when its type does', () => {
    const stamp = () => /stamp: '(\w+)'/.exec(written())![1];
    configure({ set: { option: 'option', types } });
    const first = stamp();
    configure({ set: { option: 'option', types: { ...types, 'unsigned long': ['OPT_COUNT'] } } });
    expect(stamp()).not.toBe(first);
  });
});

describe('a configuration that does not fit is refused by name', () => {
  test.each<[string, object, string]>([
    [
      'a function that is not there',
      { nothing: { option: 'option', types } },
      '`variadics.nothing`: the headers declare no such variadic function',
    ],
    ['one that is not variadic', { fixed: { option: 'option', types } }, '`variadics.fixed`'],
    [
      'a parameter that is not there',
      { set: { option: 'choice', types } },
      'names the parameter choice, which set does not have',
    ],
    [
      'an option that is neither an enumeration nor an integer',
      { fractional: { option: 'option', types } },
      'libopt: `variadics.fractional`: its option is double; name a parameter that is an enumeration or an integer',
    ],
    [
      'a range of integers',
      { plain: { option: 'option', types: { int: ['1000..1003'] } } },
      'has the range 1000..1003, but its option is no enumeration, and constants of all kinds have such numbers: name the options',
    ],
    [
      'a constant that is not there',
      { plain: { option: 'option', types: { int: ['PLAIN_LEVL'] } } },
      'names PLAIN_LEVL, which is neither a number nor an integer constant of the headers; did you mean PLAIN_LEVEL?',
    ],
    ['a constant that is text', { plain: { option: 'option', types: { int: ['PLAIN_TEXT'] } } }, 'names PLAIN_TEXT'],
    [
      'two types for one number',
      { plain: { option: 'option', types: { int: ['PLAIN_LEVEL'], 'const char *': ['OTHER'] } } },
      'PLAIN_LEVEL is int and OTHER const char *, and both are 1001',
    ],
    [
      'a number beyond those of JavaScript',
      { control: { option: 'request', types: { int: ['TOO_GREAT'] } } },
      "TOO_GREAT is 9223372036854775807, and no number of JavaScript's has that value",
    ],
    [
      'an enumerator that is misspelled',
      { set: { option: 'option', types: { long: ['OPT_LEVL'] } } },
      'names OPT_LEVL, which no enumerator of its option is; did you mean OPT_LEVEL?',
    ],
    [
      'an enumerator that is not there',
      { set: { option: 'option', types: { long: ['OPT_NONE'] } } },
      'names OPT_NONE, which no enumerator',
    ],
    ['a pattern that matches none', { set: { option: 'option', types: { long: ['NO_*'] } } }, 'names NO_*'],
    ['a range with nothing in it', { set: { option: 'option', types: { long: ['5000..6000'] } } }, '5000..6000'],
    [
      'two types for one',
      { set: { option: 'option', types: { long: ['OPT_SIZE'], int: ['OPT_SIZE'] } } },
      'OPT_SIZE is long by OPT_SIZE and int by OPT_SIZE',
    ],
    [
      'a type that is not declared',
      { set: { option: 'option', types: { nothing_t: ['OPT_SIZE'] } } },
      "has the type 'nothing_t': the headers declare no such type",
    ],
    [
      'a record by value',
      { set: { option: 'option', types: { 'struct pair': ['OPT_SIZE'] } } },
      'no such value can be passed',
    ],
    [
      'a direction without a pointer',
      { set: { option: 'option', types: { 'out long': ['OPT_SIZE'] } } },
      'a direction is for pointers',
    ],
    [
      'memory of unknown size',
      { set: { option: 'option', types: { 'in opaque *': ['OPT_SIZE'] } } },
      'its memory has no known size',
    ],
    ['no types', { set: { option: 'option' } }, 'types'],
  ])('%s', (_, variadics, message) => {
    const run = configure(variadics);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
  });
});

describe('versionCall', () => {
  test.each<[string, object, string]>([
    [
      'the number of parameters',
      { kind: 'string', symbol: 'fixed' },
      '`versionCall` of the kind string takes a function with 0 parameters; fixed has 2',
    ],
    ['each of its functions', { kind: 'functions', symbol: 'fixed', others: ['nothing'] }, 'fixed has 2'],
    ['a key that is not of its kind', { kind: 'triple', symbol: 'fixed', argument: 0 }, 'argument'],
  ])('is held to %s', (_, versionCall, message) => {
    const run = configure({}, { versionCall });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
  });
});
