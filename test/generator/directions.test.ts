// What C does with the memory behind each pointer parameter. The tables in test/golden/directions/ were read against the headers' comments
// and what the functions do; they hold every function that has such a parameter of librbd, librados and libiscsi. Handles, objects
// that the library hands out and text are named by their types alone.
// UPDATE_GOLDENS=1 rewrites the tables: read the difference before you commit it.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { snapshotFromJson } from '../../generator/src/history/snapshot.ts';
import type { Api, FunctionDecl } from '../../generator/src/model/api.ts';
import { isHandleType, pointeeOf } from '../../generator/src/model/pointers.ts';
import { TypeTable } from '../../generator/src/model/types.ts';
import { useFromText, useToText } from '../../generator/src/model/uses.ts';
import { CorrectionError, type ParameterCorrections } from '../../generator/src/passes/corrections.ts';
import { type DirectionOptions, directions } from '../../generator/src/passes/directions.ts';
import { shown } from '../../generator/src/passes/shown.ts';
import { root } from '../tools.ts';

const goldens = join(root, 'test/golden/directions');

interface Configuration {
  readonly snapshot: string;
  readonly parameters?: ParameterCorrections;
  readonly handles?: Readonly<Record<string, boolean>>;
}

function read(library: string): { api: Api; options: DirectionOptions } {
  const dir = join(root, 'headers', library);
  const { snapshot, parameters, handles } = JSON.parse(
    readFileSync(join(dir, 'library.json'), 'utf8'),
  ) as Configuration;
  return { api: shown(snapshotFromJson(readFileSync(join(dir, snapshot), 'utf8'))), options: { parameters, handles } };
}

/** `rbd_read(image handle, buf out[len])`: the pointers of a function, in order. */
function line({ name, type, uses = [] }: FunctionDecl, table: TypeTable): string | undefined {
  const names = type.parameters.map((p) => p.name);
  const list = type.parameters.flatMap((p, at) => {
    const to = pointeeOf(table.passed(p.type), table);
    if (!to) return [];
    const declared = p.type.kind === 'typedef' ? table.typedef(p.type.name) : undefined;
    const use = uses[at];
    if (use) return [`${names[at]} ${to.kind === 'function' ? 'callback ' : ''}${useToText(use, names)}`];
    if (declared && isHandleType(declared, table)) return [`${names[at]} handle`];
    if (to.kind === 'text') return [`${names[at]} ${to.isConst ? 'string' : 'inout'}`];
    return [
      `${names[at]} ${to.kind === 'function' ? 'callback' : to.kind === 'opaque' || to.kind === 'record' ? 'object' : '?'}`,
    ];
  });
  return list.length ? `${name}(${list.join(', ')})` : undefined;
}

describe.each(['librbd', 'librados', 'libiscsi'])('%s', (library) => {
  test('every pointer parameter of every function has the direction that was reviewed', () => {
    const { api, options } = read(library);
    const known = directions(api, options);
    const table = new TypeTable(known);
    const text = `${known.functions.flatMap((d) => line(d, table) ?? []).join('\n')}\n`;
    const golden = join(goldens, `${library}.txt`);
    if (process.env.UPDATE_GOLDENS) {
      mkdirSync(goldens, { recursive: true });
      writeFileSync(golden, text);
    }
    expect(text).toBe(readFileSync(golden, 'utf8'));
    expect(text, 'a pointer of which nothing is known').not.toMatch(/ \?/);
  });
});

test('librbd says of the functions of librados what librados says', () => {
  const [rbd, rados] = [read('librbd'), read('librados')];
  const table = (given: ReturnType<typeof read>) => {
    const api = directions(given.api, given.options);
    return new Map(api.functions.map((d) => [d.name, line(d, new TypeTable(api))]));
  };
  const shared = table(rbd);
  const all = [...table(rados)];
  expect(all.length).toBe(239);
  for (const [name, said] of all) expect(shared.get(name)).toBe(said);
});

describe('what library.json says of parameters', () => {
  const wrong: readonly (readonly [what: string, parameters: ParameterCorrections, says: RegExp])[] = [
    [
      'a function that is not there',
      { rbd_nothing: { buf: 'out' } },
      /`parameters\.rbd_nothing`: the headers declare no such/,
    ],
    [
      'a pattern that fits nothing',
      { 'rbd_nothing_*': { buf: 'out' } },
      /`parameters\.rbd_nothing_\*`: the headers declare no/,
    ],
    [
      'a parameter that is not there',
      { rbd_read: { bug: 'out' } },
      /`parameters\.rbd_read\.bug`: there is no such parameter/,
    ],
    [
      'a parameter of no function of a pattern',
      { 'rbd_r*': { bug: 'out' } },
      /rbd_r\*\.bug`: no function has a parameter/,
    ],
    ['a length that is not there', { rbd_read: { buf: 'out[size]' } }, /rbd_read\.buf`: .*no parameter is size/],
    [
      'a word that says nothing',
      { rbd_read: { buf: 'output' } },
      /'output' says no use; one is 'in', 'out' or 'inout'/,
    ],
    ['an extent of nothing', { rbd_read: { buf: 'out[=0]' } }, /'out\[=0\]' says no use/],
    [
      'a parameter that is no pointer',
      { rbd_read: { len: 'out' } },
      /rbd_read\.len`: 'out': the parameter is no pointer/,
    ],
    ['C writing what is const', { rbd_write: { buf: 'out[len]' } }, /C cannot write what is const/],
    ['a callback with a direction', { rbd_diff_iterate: { cb: 'out' } }, /a function pointer can only be 'kept'/],
    ['a string that is no text', { rbd_get_size: { size: 'in string' } }, /only a 'char \*' is a string/],
    ['a string that is kept', { rbd_write: { buf: 'in string kept' } }, /a string is copied for the call/],
    ["the user's memory that C looks at", { rbd_diff_iterate: { arg: 'in user' } }, /only a 'void \*' is the user's/],
    ['a result that is no text', { rbd_read: { return: 'address' } }, /all that can be said of a result/],
    ['a direction of a result', { rbd_read: { return: 'out' } }, /all that can be said of a result/],
  ];
  test.each(wrong)('is refused where it is %s', (_, parameters, says) => {
    const { api } = read('librbd');
    expect(() => directions(api, { parameters })).toThrow(CorrectionError);
    expect(() => directions(api, { parameters })).toThrow(says);
  });

  test('overrules what is concluded, and what names a function overrules what is said of many', () => {
    const { api } = read('librbd');
    const known = directions(api, {
      parameters: { 'rbd_read*': { buf: 'inout kept' }, rbd_read2: { buf: 'out[=16]' } },
    });
    const useOf = (name: string) => known.functions.find((d) => d.name === name)?.uses?.[3];
    expect(useOf('rbd_read')).toEqual({ direction: 'inout', kept: true });
    expect(useOf('rbd_read2')).toEqual({ direction: 'out', extent: { count: 16 } });
  });

  test('makes an address of a result that looks like text', () => {
    const { api, options } = read('libssh2');
    const addresses = directions(api, options).functions.filter((d) => d.resultAs === 'address');
    expect(addresses.map(({ name }) => name)).toEqual(['libssh2_hostkey_hash', 'libssh2_session_hostkey']);
  });

  test("makes a string of a char * that stays the library's", () => {
    const { api, options } = read('libnfs');
    const strings = directions(api, options).functions.filter((d) => d.resultAs === 'string');
    expect(strings.map(({ name }) => name)).toEqual(['nfs_get_error']);
  });

  test('is read as it is written', () => {
    const names = ['buf', 'len'];
    for (const text of [
      'out[len]',
      'in[len bytes] kept',
      'inout[=8]',
      'in',
      'in string',
      'address',
      'kept',
      'user',
      'out address',
    ]) {
      const use = useFromText(text, names);
      expect(typeof use === 'string' ? use : useToText(use, names)).toBe(text);
    }
    expect(useFromText('out[1]', names)).toEqual({ direction: 'out', extent: { parameter: 1, unit: 'elements' } });
  });
});

describe('what library.json says of handles', () => {
  test('makes a void * one, or none', () => {
    const { api } = read('librbd');
    const isHandle = (handles: Readonly<Record<string, boolean>>, name: string) => {
      const known = directions(api, { handles });
      const table = new TypeTable(known);
      return isHandleType(table.typedef(name)!, table);
    };
    expect(isHandle({}, 'rbd_encryption_options_t')).toBe(true);
    expect(isHandle({ rbd_encryption_options_t: false }, 'rbd_encryption_options_t')).toBe(false);
    expect(isHandle({ rbd_image_t: true }, 'rbd_image_t')).toBe(true);
  });

  test('is refused where there is no such type, or where it is no void *', () => {
    const { api } = read('librbd');
    expect(() => directions(api, { handles: { rbd_nothing_t: true } })).toThrow(
      /`handles\.rbd_nothing_t`: .* no such type/,
    );
    expect(() => directions(api, { handles: { rbd_image_info_t: true } })).toThrow(/only a 'typedef void \*'/);
  });
});
