// What `generate --used-by` carries of a library with something of every kind: each way to use something, and each thing that this reaches.
// There is no shim when the sources are read.

import { beforeAll, describe, expect, test } from 'vitest';
import { render } from '../../generator/src/diagnostics.ts';
import { carriedBy, trimEach, wholePlans } from './used-by-library.ts';

interface Case {
  readonly what: string;
  /** Of a function with `box`, an open libbox, and `eras`, an open liberas. */
  readonly code: string;
  /** Statements beside it. */
  readonly beside?: string;
  /** Instead of the usual imports. */
  readonly imports?: string;
  /** Of libbox, by kind; what is left out has nothing. */
  readonly box?: Readonly<Record<string, readonly string[]>>;
  readonly eras?: Readonly<Record<string, readonly string[]>>;
}

const IMPORTS = "import { libbox } from '../shims/libbox.ts';\nimport { liberas } from '@acme/shims/liberas';\n";

/** The sources of a case. */
function sourceOf({ code, beside = '', imports = '' }: Pick<Case, 'code' | 'beside' | 'imports'>): string {
  return `${IMPORTS}${imports}
type Box = ReturnType<typeof libbox.open>;
type Eras = ReturnType<typeof liberas.open>;
${beside}
export async function run(box: Box, eras: Eras): Promise<unknown> {
  ${code}
}
`;
}

/** What nothing but the version call carries. */
const NOTHING_OF_BOX = { functions: ['box_version'] };
const NOTHING_OF_ERAS = { functions: ['eras_version'] };

function expected(nothing: { readonly functions: readonly string[] }, more: Case['box']): object {
  const kinds = ['features', 'callbacks', 'data', 'types', 'records', 'aliases', 'constants', 'options'];
  const empty = Object.fromEntries(kinds.map((kind) => [kind, []]));
  const own = Object.entries(more ?? {}).map(([kind, names]) => [kind, [...names].sort()]);
  const functions = [...nothing.functions, ...(more?.functions ?? [])].sort();
  return { ...empty, ...Object.fromEntries(own), functions };
}

const FREE = { functions: ['box_free'], types: ['box'] };
const DRAWING = { functions: ['box_draw', 'box_draw_all'], features: ['drawing'], types: ['box'] };

const CASES: readonly Case[] = [
  { what: 'nothing', code: 'return 0;' },
  { what: 'a call', code: 'return box.fn.box_free(null as never);', box: FREE },
  { what: 'a call on the pool', code: 'return box.async.box_free(null as never);', box: FREE },
  { what: 'a name in brackets', code: "return box.fn['box_free'](null as never);", box: FREE },
  {
    what: 'a name of few',
    code: "for (const name of ['box_free', 'box_print'] as const) await box.async[name]?.(null as never);",
    box: { functions: ['box_free', 'box_print'], types: ['box'] },
  },
  { what: 'destructuring', code: 'const { box_free: free } = box.fn; return free(null as never);', box: FREE },
  {
    what: 'nested destructuring',
    code: 'const { fn: { box_free } } = box; return box_free(null as never);',
    box: FREE,
  },
  { what: 'a function as a value', code: 'return [1].map(() => box.fn.box_free);', box: FREE },
  {
    what: 'another name of the table',
    code: 'const { fn } = box; const all = fn; return all.box_free(null as never);',
    box: FREE,
  },
  {
    what: 'a member of a class',
    code: 'return new Keeper(box).free();',
    beside:
      "class Keeper { readonly #fn: Box['fn']; constructor(box: Box) { this.#fn = box.fn; } free() { return this.#fn.box_free(null as never); } }",
    box: FREE,
  },
  {
    what: 'a generic function',
    code: 'return freeWith(box);',
    beside: 'function freeWith<T extends Box>(box: T) { return box.fn.box_free(null as never); }',
    box: FREE,
  },
  {
    what: 'a part of the table by its type',
    code: 'return freeWith(box.fn);',
    beside: "function freeWith(fn: Pick<Box['fn'], 'box_free'>) { return fn.box_free(null as never); }",
    box: FREE,
  },
  {
    what: 'a type of its own that the table goes to',
    code: 'return freeWith(box.fn);',
    beside:
      'interface Frees { box_free(box: never): number } function freeWith(fn: Frees) { return fn.box_free(null as never); }',
    box: FREE,
  },
  {
    what: 'a type of its own that the library goes to',
    code: 'return freeWith(box);',
    beside:
      'interface Frees { fn: { box_free(box: never): number } } function freeWith(box: Frees) { return box.fn.box_free(null as never); }',
    box: FREE,
  },
  {
    what: 'a type by its path',
    code: 'return 0;',
    beside: "export type Free = Box['fn']['box_free'];",
    box: FREE,
  },
  { what: 'its address', code: "return box.addressOf('box_free');", box: FREE },
  {
    what: 'a name among those that are there',
    code: "return libbox.inspect().present.includes('box_free');",
    box: FREE,
  },
  { what: 'has()', code: "return box.has('drawing');", box: DRAWING },
  { what: 'has() with a constant', code: "const feature = 'drawing'; return box.has(feature);", box: DRAWING },
  {
    what: 'a weak function by itself',
    code: 'return box.fn.box_print?.(null as never);',
    box: { functions: ['box_print'], types: ['box'] },
  },
  { what: 'what inspect() says of a feature', code: 'return libbox.inspect().features.drawing;', box: DRAWING },
  { what: 'require', code: "libbox.open({ require: ['drawing'] }); return 0;", box: DRAWING },
  {
    what: 'require, of a function',
    code: "libbox.tryOpen({ require: ['box_print'] }); return 0;",
    box: { functions: ['box_print'], types: ['box'] },
  },
  {
    what: 'require, by a constant',
    code: 'await libbox.openAsync({ require: NEEDED }); return 0;',
    beside: "const NEEDED = ['drawing'] as const;",
    box: DRAWING,
  },
  {
    what: "a driver's descriptor",
    code: 'return 0;',
    imports: "import { defineDriver } from '@dlshim/runtime/drivers';\n",
    beside: `export const driver = defineDriver(
      { name: 'x', description: 'x', protocols: ['x'], shims: { libbox: { requires: ['box_free'], uses: ['drawing'] } } },
      { shims: { libbox }, load: () => ({ open: async () => 0 }) },
    );`,
    box: { ...DRAWING, functions: ['box_draw', 'box_draw_all', 'box_free'] },
  },
  {
    what: "a driver's descriptor that is a constant, and what its code calls",
    code: 'return 0;',
    imports: "import { defineDriver } from '@dlshim/runtime/drivers';\n",
    beside: `const NEEDS = { libbox: { uses: ['drawing'] } } as const;
    const descriptor = { name: 'x', description: 'x', protocols: ['x'], shims: NEEDS } as const;
    export const driver = defineDriver(descriptor, {
      shims: { libbox },
      load: (_host: object, libraries) => ({ open: async () => libraries.libbox.fn.box_free(null as never) }),
    });`,
    box: { ...DRAWING, functions: ['box_draw', 'box_draw_all', 'box_free'] },
  },
  {
    what: 'an imported constant',
    code: 'return BOX_MAX;',
    imports: "import { BOX_MAX } from '../shims/libbox.ts';\n",
    box: { constants: ['BOX_MAX'] },
  },
  {
    what: 'an enumerator by another name',
    code: 'return small;',
    imports: "import { BOX_SMALL as small } from '../shims/libbox.js';\n",
    box: { constants: ['BOX_SMALL'] },
  },
  {
    what: 'a type',
    code: 'return null as Kind | null;',
    imports: "import type { box_kind as Kind } from '../shims/libbox.ts';\n",
    box: { types: ['box_kind'] },
  },
  {
    what: 'a module as a whole',
    code: 'return [all.BOX_MAX, null as all.box_kind | null];',
    imports: "import * as all from '../shims/libbox.ts';\n",
    box: { constants: ['BOX_MAX'], types: ['box_kind'] },
  },
  {
    what: 'a module that is imported when it is needed',
    code: "const { BOX_MAX } = await import('../shims/libbox.ts'); return [BOX_MAX, (await import('../shims/libbox.ts')).BOX_TEXT];",
    box: { constants: ['BOX_MAX', 'BOX_TEXT'] },
  },
  {
    what: 'what is exported on',
    code: 'return 0;',
    imports: "export { BOX_MAX } from '../shims/libbox.ts';\n",
    box: { constants: ['BOX_MAX'] },
  },
  {
    what: 'a record with what lies in it; what it points to is opaque',
    code: 'return box_corner.at(null as never).at.x;',
    imports: "import { box_corner } from '../shims/libbox.ts';\n",
    box: { records: ['box_corner', 'box_point'], types: ['box_style'] },
  },
  {
    what: 'a record by its other name',
    code: 'return box_size_t.alloc();',
    imports: "import { box_size_t } from '../shims/libbox.ts';\n",
    box: { records: ['box_size_s'], aliases: ['box_size_t'], types: ['box_size_t'] },
  },
  {
    what: 'a function that takes a record by its address',
    code: 'return box.fn.box_corner(null as never, null);',
    box: { functions: ['box_corner'], types: ['box_corner', 'box'] },
  },
  {
    what: 'a function that returns a record',
    code: 'return box.fn.box_center(null as never);',
    box: { functions: ['box_center'], records: ['box_point'], types: ['box'] },
  },
  {
    what: 'a function that calls back',
    code: "return box.callback('box_each', 1, () => 0);",
    box: { functions: ['box_each'], types: ['box_corner', 'box', 'box_visit_t'] },
  },
  {
    what: 'a function type by its name',
    code: "return box.callback('box_visit_t', () => 0);",
    box: { callbacks: ['box_visit_t'], types: ['box_corner', 'box', 'box_visit_t'] },
  },
  {
    what: 'a function type that takes a record',
    code: "return box.functionAt('box_told_t', null as never);",
    box: { callbacks: ['box_told_t'], records: ['box_point'], types: ['box_told_t'] },
  },
  {
    what: 'a member that points to a function',
    code: "return box.callback('box_ops.open', () => 0);",
    box: { records: ['box_ops'], types: ['box_style', 'box'] },
  },
  { what: 'a variable', code: 'return box.data.box_debug;', box: { data: ['box_debug'] } },
  {
    what: 'a variable that is a record',
    code: 'return box.data.box_origin.x;',
    box: { data: ['box_origin'], records: ['box_point'] },
  },
  { what: 'the address of a variable', code: "return box.addressOf('box_debug');", box: { data: ['box_debug'] } },
  {
    what: 'an option of a variadic function',
    code: "return box.fn.box_set(null as never, BOX_OPT_NAME, 'x');",
    imports: "import { BOX_OPT_NAME } from '../shims/libbox.ts';\n",
    box: { functions: ['box_set'], types: ['box'], constants: ['BOX_OPT_NAME'], options: ['BOX_OPT_NAME'] },
  },
  {
    what: 'an option by its number',
    code: 'return box.fn.box_set(null as never, 2, 7);',
    box: { functions: ['box_set'], types: ['box'], constants: ['BOX_OPT_SIZE'], options: ['BOX_OPT_SIZE'] },
  },
  {
    what: 'an option that is not known',
    code: 'const option: number = Number(process); return box.fn.box_set(null as never, option);',
    beside: 'declare const process: unknown;',
    box: {
      functions: ['box_set'],
      types: ['box_corner', 'box'],
      constants: ['BOX_OPT_CORNER', 'BOX_OPT_NAME', 'BOX_OPT_SIZE'],
      options: ['BOX_OPT_CORNER', 'BOX_OPT_NAME', 'BOX_OPT_SIZE'],
    },
  },
  {
    what: 'a signature of its own, with the others of the function',
    code: "return eras.fn['eras_truncate@1.0']?.(null as never, 1);",
    eras: { functions: ['eras_truncate', 'eras_truncate@1.0'], types: ['eras_point', 'eras'] },
  },
  {
    what: 'a record with its older layouts, and those of what lies in it',
    code: 'return eras_reply.alloc();',
    imports: "import { eras_reply } from '@acme/shims/liberas';\n",
    eras: { records: ['eras_reply', 'eras_reply@1.0', 'eras_sense', 'eras_sense@1.0'] },
  },
  {
    what: 'a feature with functions in its conditions',
    code: "return eras.has('append');",
    eras: { functions: ['eras_flush'], features: ['append'], types: ['eras'] },
  },
  {
    what: 'a feature about a version of a symbol, with the signatures that have it',
    code: "return eras.has('old_truncate');",
    eras: {
      functions: ['eras_truncate', 'eras_truncate@1.0'],
      features: ['old_truncate'],
      types: ['eras_point', 'eras'],
    },
  },
  {
    what: 'a constant of several values',
    code: "return eras.constant('ERAS_LIMIT');",
    eras: { constants: ['ERAS_LIMIT'] },
  },
];

const nameOf = (at: number): string => `src/case${at}.ts`;
let trimmed: ReturnType<typeof trimEach>;
beforeAll(async () => {
  const files = CASES.map((one, at) => [nameOf(at), sourceOf(one)] as const);
  trimmed = trimEach(await wholePlans(), Object.fromEntries(files));
}, 60_000);

interface Mistake {
  readonly what: string;
  /** As of a case; what is wrong stands between « and ». */
  readonly code?: string;
  readonly beside?: string;
  readonly imports?: string;
  readonly says: string;
}

const NOT_THERE: readonly Mistake[] = [
  {
    what: 'a function',
    code: 'return box.fn.«box_fre»(null as never);',
    says: 'libbox has no function box_fre; did you mean box_free?',
  },
  {
    what: 'a function on the pool',
    code: 'return box.async.«box_draws»();',
    says: 'libbox has no function box_draws; did you mean box_draw?',
  },
  {
    what: 'a function in brackets',
    code: "return box.fn[«'box_fre'»];",
    says: 'libbox has no function box_fre; did you mean box_free?',
  },
  {
    what: 'a function that is destructured',
    code: 'const { «box_fre» } = box.fn; return box_fre;',
    says: 'libbox has no function box_fre; did you mean box_free?',
  },
  {
    what: 'a function in a type',
    code: 'return 0;',
    beside: "export type Free = Box['fn'][«'box_fre'»];",
    says: 'libbox has no function box_fre; did you mean box_free?',
  },
  {
    what: 'a function whose address is asked for',
    code: "return box.addressOf(«'box_fre'»);",
    says: 'libbox has no function or variable box_fre; did you mean box_free?',
  },
  {
    what: 'a signature',
    code: "return eras.fn[«'eras_truncate@1.1'»];",
    says: 'liberas has no function eras_truncate@1.1; did you mean eras_truncate@1.0?',
  },
  {
    what: 'a function that no table can carry',
    code: 'return box.fn.«box_precise»(1);',
    says: 'box_precise of libbox cannot be used: its result is a long double',
  },
  {
    what: 'a feature',
    code: "return box.has(«'drawng'»);",
    says: 'libbox has no feature drawng; did you mean drawing?',
  },
  {
    what: 'a feature that inspect() is asked for',
    code: 'return libbox.inspect().features.«drawng»;',
    says: 'libbox has no feature drawng; did you mean drawing?',
  },
  {
    what: 'what is required',
    code: "libbox.open({ require: ['drawing', «'drawng'»] }); return 0;",
    says: 'libbox has no function or feature drawng; did you mean drawing?',
  },
  {
    what: 'what a driver requires',
    code: 'return 0;',
    imports: "import { defineDriver } from '@dlshim/runtime/drivers';\n",
    beside: `export const driver = defineDriver(
      { name: 'x', description: 'x', protocols: ['x'], shims: { libbox: { requires: [«'box_fre'»] } } },
      { shims: { libbox }, load: () => ({ open: async () => 0 }) },
    );`,
    says: 'libbox has no function or feature box_fre; did you mean box_free?',
  },
  {
    what: 'a constant',
    imports: "import { «BOX_MAXX» } from '../shims/libbox.ts';\n",
    code: 'return BOX_MAXX;',
    says: 'libbox has no type, record or constant BOX_MAXX; did you mean BOX_MAX?',
  },
  {
    what: 'a macro with parameters',
    imports: "import { «BOX_AREA» } from '../shims/libbox.ts';\n",
    code: 'return BOX_AREA;',
    says: 'BOX_AREA of libbox cannot be used: with parameters, it has no value',
  },
  {
    what: 'a type',
    imports: "import { type «box_kin» as Kind } from '../shims/libbox.ts';\n",
    code: 'return 0 as Kind;',
    says: 'libbox has no type, record or constant box_kin; did you mean box_kind?',
  },
  {
    what: 'what is exported on',
    imports: "export { «box_kin» as Kind } from '../shims/libbox.ts';\n",
    code: 'return 0;',
    says: 'libbox has no type, record or constant box_kin; did you mean box_kind?',
  },
  {
    what: 'a member of the module as a whole',
    imports: "import * as all from '../shims/libbox.ts';\n",
    code: 'return [all.«BOX_MAXX», 0 as all.«box_kin»];',
    says: 'libbox has no type, record or constant BOX_MAXX; did you mean BOX_MAX? | libbox has no type, record or constant box_kin; did you mean box_kind?',
  },
  {
    what: 'a member of a record',
    imports: "import { box_corner } from '../shims/libbox.ts';\n",
    code: 'return box_corner.alloc().at.«z»;',
    says: 'libbox has no member of box_point z',
  },
  {
    what: 'a function type',
    code: "return box.functionAt(«'box_visit'», null as never);",
    says: 'libbox has no function type box_visit; did you mean box_visit_t?',
  },
  {
    what: 'a variable',
    code: 'return box.data.«box_debag»;',
    says: 'libbox has no variable box_debag; did you mean box_debug?',
  },
  {
    what: 'a constant whose value differs',
    code: "return eras.constant(«'ERAS_LIMITS'»);",
    says: 'liberas has no constant whose value differs between versions ERAS_LIMITS; did you mean ERAS_LIMIT?',
  },
];

const UNTOLD = 'of libbox is known at run time only';
const LOST = 'nobody can tell what is used of libbox from here on';

const DYNAMIC: readonly Mistake[] = [
  {
    what: 'a function by any name of the table',
    code: "let name = 'box_free' as keyof Box['fn']; return box.fn[«name»];",
    says: `which function this is ${UNTOLD}`,
  },
  {
    what: 'a feature by any name',
    code: 'return 0;',
    beside: "export const ask = (box: Box, name: Parameters<Box['has']>[0]) => box.has(«name»);",
    says: `which feature this is ${UNTOLD}`,
  },
  {
    what: 'a feature by a text',
    code: 'const name = String(0); return box.has(«name as never»);',
    says: `which feature this is ${UNTOLD}`,
  },
  {
    what: 'the rest of the table',
    code: 'const { box_free, «...rest» } = box.fn; void [box_free, rest]; return 0;',
    says: `the rest of a table ${UNTOLD}`,
  },
  { what: 'a copy of the table', code: 'const all = { ...«box.fn» }; void all; return 0;', says: LOST },
  { what: 'the names of the table', code: 'return Object.keys(«box.fn»);', says: LOST },
  { what: 'each name of the table', code: 'for (const name in «box.fn») console.log(name); return 0;', says: LOST },
  { what: 'a table without a type', code: "const all: any = «box.fn»; return all['box_free'];", says: LOST },
  { what: 'a library without a type', code: 'return («box» as any).fn.box_free;', says: LOST },
  {
    what: 'a parameter without a type',
    code: 'return take(«box»);',
    beside: 'function take(box: any) { return box.fn.box_free; }',
    says: LOST,
  },
  {
    what: 'a table by text',
    code: 'return take(«box.fn»);',
    beside: 'function take(fn: Record<string, unknown>) { return fn; }',
    says: LOST,
  },
  {
    what: 'what is required, by a list of texts',
    code: 'const list: string[] = []; libbox.open({ require: «list» as never }); return 0;',
    says: `which functions and features these are ${UNTOLD}`,
  },
  {
    what: 'a constant by a text',
    code: 'return eras.constant(«String(0)»);',
    says: 'which constant this is of liberas is known at run time only',
  },
];

/** Without the marks, and the places that they mark. */
function marked(text: string): { readonly text: string; readonly places: readonly string[] } {
  const places: string[] = [];
  let bare = '';
  for (const [, before, wrong] of text.matchAll(/([^«]*)(?:«([^»]*)»)?/gs)) {
    bare += before;
    if (wrong === undefined) continue;
    const lines = bare.split('\n');
    places.push(`${lines.length}:${lines.at(-1)!.length + 1}:${wrong.length}`);
    bare += wrong;
  }
  return { text: bare, places };
}

describe('an error at its place, before any shim is there', () => {
  const all = [...NOT_THERE, ...DYNAMIC].map(({ code = 'return 0;', ...one }) => ({
    ...one,
    ...marked(sourceOf({ code, ...one })),
  }));
  let read: ReturnType<typeof trimEach>;
  let kept: ReturnType<typeof trimEach>;
  beforeAll(async () => {
    const files = Object.fromEntries(all.map(({ text }, at) => [nameOf(at), text]));
    const whole = await wholePlans();
    read = trimEach(whole, files);
    kept = trimEach(whole, files, ['box_print', 'ERAS_LIMIT']);
  }, 60_000);

  test.each(all.map((one, at) => ({ ...one, at })))('$what', ({ at, places, says }) => {
    const { problems } = read.get(nameOf(at))!;
    expect(problems.map(({ message }) => message).join(' | ')).toBe(says);
    const found = problems.map(({ place }) => `${place!.line}:${place!.column}:${place!.length}`);
    expect(found).toEqual(places);
    expect(problems.map(({ place }) => place!.file)).toEqual(places.map(() => nameOf(at)));
    for (const { severity } of problems) expect(severity).toBe('error');
  });

  test('what a running program knows alone is none where names are kept; what no header has is', () => {
    for (const [at, { what }] of all.entries()) {
      const isDynamic = at >= NOT_THERE.length;
      expect([what, kept.get(nameOf(at))!.problems.length > 0]).toEqual([what, !isDynamic]);
    }
  });
});

describe('a shim carries', () => {
  test.each(CASES.map((one, at) => ({ ...one, at })))('$what', ({ at, box, eras }) => {
    const { plans, problems } = trimmed.get(nameOf(at))!;
    expect(problems.map((d) => render(d))).toEqual([]);
    expect(carriedBy(plans[0]!)).toEqual(expected(NOTHING_OF_BOX, box));
    expect(carriedBy(plans[1]!)).toEqual(expected(NOTHING_OF_ERAS, eras));
  });
});
