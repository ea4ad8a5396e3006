// What a configuration says of parameters, by the names that the module shows; and what is wrong with one, in words that name the library,
// the key, and what was meant.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dlshim, type Run } from '../tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlshim-configured-'));
writeFileSync(
  join(folder, 'box.h'),
  `#include <stddef.h>
typedef struct box box;
void box_ticker(box *, int, int (*)(void *), void *);
int box_fill(box *, char *, size_t);
int box_rename(box *b, char *new, int in);
int box_many(const char ***, int);
const char *box_version(void);
void box_log(box *b, int level, ...);
box *box_create_now(int (*tell)(int));
int box_lines(char **lines, const char **names, int *levels);
`,
);
const library = { name: 'libbox', headers: ['box.h'], includeDirs: ['.'], files: { linux: ['libbox.so.1'] } };
const file = join(folder, 'dlshim.config.json');

function configure(more: object, besides: object = {}): Run {
  writeFileSync(file, JSON.stringify({ out: '.', libraries: [{ ...library, ...more }], ...besides }));
  return dlshim('generate', '--config', file);
}

/** The module's lines that have a text. */
function written(text: string): string[] {
  return readFileSync(join(folder, 'libbox.ts'), 'utf8')
    .split('\n')
    .filter((line) => line.includes(text))
    .map((line) => line.trim());
}

describe('a correction', () => {
  test('names a parameter as the module does, where the header has no name for it, or one that TypeScript does not take', () => {
    const parameters = {
      box_ticker: { arg2: 'kept' },
      box_fill: { arg1: 'out[arg2]' },
      box_rename: { new_: 'in[in_]' },
    };
    expect(configure({ parameters })).toMatchObject({ status: 0, stderr: '' });
    expect(written('arg2: c.KeptCallback<')).toHaveLength(1);
    expect(written('box_fill:')).toEqual(["box_fill: 'i32(*box,out:char[2],u64)',"]);
    expect(written('box_rename:')).toEqual(["box_rename: 'i32(*box,in:char[2],i32)',"]);
  });

  test('makes an address of a pointer to pointers or numbers, and behind a direction of what stands there', () => {
    expect(
      configure({ parameters: { box_lines: { lines: 'address', names: 'out address', levels: 'address' } } }),
    ).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(written('box_lines:')).toEqual(["box_lines: 'i32(ptr,out:ptr,ptr)',"]);
    expect(written('  lines: ')).toEqual(['lines: c.Pointer<c.Pointer<number>> | null,']);
    expect(written('  names: ')).toEqual(['names: c.Out<c.Pointer<number>>,']);
    expect(written('  levels: ')).toEqual(['levels: c.Pointer<number> | null,']);
  });

  test('makes a function that seems to be kept one for the time of the call', () => {
    expect(configure({})).toMatchObject({ status: 0 });
    expect(written('tell: c.KeptCallback<')).toHaveLength(1);
    expect(configure({ parameters: { box_create_now: { tell: 'in' } } })).toMatchObject({ status: 0, stderr: '' });
    expect(written('tell: c.Callback<')).toHaveLength(1);
  });

  test('may also have the name of the header', () => {
    expect(configure({ parameters: { box_rename: { new: 'inout[in]' } } })).toMatchObject({ status: 0 });
    expect(written('box_rename:')).toEqual(["box_rename: 'i32(*box,inout:char[2],i32)',"]);
  });
});

describe('what is wrong is said with the name of the library, and what is near', () => {
  test.each<[string, object, string]>([
    [
      'a parameter',
      { parameters: { box_fill: { buf: 'out' } } },
      'libbox: `parameters.box_fill.buf`: there is no such parameter; it has arg0, arg1, arg2',
    ],
    [
      'a parameter of a pattern',
      { parameters: { 'box_*': { leve: 'in' } } },
      'libbox: `parameters.box_*.leve`: no function has a parameter that this fits; did you mean level?',
    ],
    [
      'an extent',
      { parameters: { box_fill: { arg1: 'out[arg9]' } } },
      'no parameter is arg9, its length; did you mean arg0 or arg1 or arg2?',
    ],
    [
      'a function',
      { parameters: { box_fil: { arg1: 'out' } } },
      'libbox: `parameters.box_fil`: the headers declare no such function; did you mean box_fill?',
    ],
    [
      'weak',
      { weak: ['box_renam'] },
      'libbox: `weak` names box_renam, which the headers do not declare as a callable function; did you mean box_rename?',
    ],
    [
      'require',
      { require: ['bix_*'] },
      'libbox: `require` has the pattern bix_*, which matches no callable function of the headers',
    ],
    [
      'a feature',
      { features: { fills: ['box_filll'] } },
      'libbox: `features.fills` names box_filll, which the headers do not declare as a callable function; did you mean box_fill?',
    ],
    [
      'versionCall',
      { versionCall: { kind: 'string', symbol: 'box_versoin' } },
      'libbox: `versionCall` names box_versoin, which the headers do not declare as a callable function; did you mean box_version?',
    ],
    [
      'variadics',
      { variadics: { box_lug: { option: 'level', types: { int: ['1'] } } } },
      'libbox: `variadics.box_lug`: the headers declare no such variadic function; did you mean box_log?',
    ],
    [
      'an option',
      { variadics: { box_log: { option: 'lvl', types: { int: ['1'] } } } },
      'libbox: `variadics.box_log` names the parameter lvl, which box_log does not have; it has b, level',
    ],
    ['a key', { featurs: {} }, 'libraries.0: there is no key `featurs`; did you mean features?'],
    [
      'a key of all libraries',
      { docs: true },
      'libraries.0: `docs` stands at the top level of dlshim.config.ts, beside `libraries`: it is for all of them',
    ],
  ])('%s', (_, more, message) => {
    const run = configure(more);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
  });

  test('a key beside the libraries', () => {
    const run = configure({}, { doc: true });
    expect(run.stderr).toContain('(top level): there is no key `doc`; did you mean docs?');
  });

  test('a key of a library.json', () => {
    writeFileSync(join(folder, 'library.json'), JSON.stringify({ ...library, runtime: 'x' }));
    writeFileSync(file, JSON.stringify({ out: '.', libraries: ['library.json'] }));
    const run = dlshim('generate', '--config', file);
    expect(run.stderr).toMatch(/library\.json: .*\n {2}\(top level\): `runtime` stands at the top level of dlshim/);
  });
});
