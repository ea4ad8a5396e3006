// What `generate --used-by` carries of a library with something of every kind: each way to use something, and each thing that this reaches.
// There is no shim when the sources are read.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { render } from '../../generator/src/diagnostics.ts';
import { printModule } from '../../generator/src/emit/print.ts';
import { root } from '../tools.ts';
import { carriedBy, projectOf, sourceOf, trimEach, type Use, wholePlans } from './used-by-library.ts';

interface Case extends Use {
  /** Of libbox, by kind; what is left out has nothing. */
  readonly box?: Readonly<Record<string, readonly string[]>>;
  readonly eras?: Readonly<Record<string, readonly string[]>>;
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
/** Whatever can be imported by name. */
const EXPORTS = {
  constants: ['BOX_LARGE', 'BOX_MAX', 'BOX_OPT_CORNER', 'BOX_OPT_NAME', 'BOX_OPT_SIZE', 'BOX_SMALL', 'BOX_TEXT'],
  records: ['box_corner', 'box_ops', 'box_point', 'box_size_s', 'box_style'],
  types: ['box', 'box_kind', 'box_option', 'box_size_t', 'box_t', 'box_told_t', 'box_visit_t'],
  aliases: ['box_size_t'],
};
const DRAWING = { functions: ['box_draw', 'box_draw_all'], features: ['drawing'], types: ['box'] };

const CASES: readonly Case[] = [
  { what: 'nothing', code: 'return 0;' },
  { what: 'a call', code: 'return box.fn.box_free(null as never);', box: FREE },
  { what: 'a call on the pool', code: 'return box.async.box_free(null as never);', box: FREE },
  { what: 'a name in brackets', code: "return box.fn['box_free'](null as never);", box: FREE },
  {
    what: 'a name of few',
    code: "for (const name of ['box_free', 'box_print'] as const) await box.async[name]?.(null as never); return 0;",
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
    what: "a driver's descriptor that calls a shim by another name",
    code: 'return 0;',
    imports: "import { defineDriver } from '@dlshim/runtime/drivers';\n",
    beside: `export const driver = defineDriver(
      { name: 'x', description: 'x', protocols: ['x'], shims: { box: { uses: ['drawing'] } } },
      { shims: { box: libbox }, load: () => ({ open: async () => 0 }) },
    );`,
    box: DRAWING,
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
  ...[
    "return all['BOX_MAX'];",
    "const name = 'BOX_MAX'; return all[name];",
    "return null as (typeof all)['BOX_MAX'] | null;",
    "return null as (typeof import('../shims/libbox.ts'))['BOX_MAX'] | null;",
    "const { ['BOX_MAX']: most } = all; return most;",
    "let most: unknown; ({ ['BOX_MAX']: most } = all); return most;",
    "return 'BOX_MAX' in all;",
    "const most: Pick<typeof all, 'BOX_MAX'> = all; return most;",
    "return (await import('../shims/libbox.ts'))['BOX_MAX'];",
  ].map((code) => ({
    what: `a member of a module as a whole: ${code}`,
    code,
    imports: "import * as all from '../shims/libbox.ts';\nvoid (0 as unknown as typeof all);\n",
    box: { constants: ['BOX_MAX'] },
  })),
  ...[
    "const { fn: { ['box_free']: free } } = libbox.open(); return free;",
    "const name = 'box_free'; const { fn: { [name]: free } } = box; return free;",
    "let free: unknown; ({ fn: { ['box_free']: free } } = box); return free;",
    "let free: unknown; ({ ['box_free']: free } = box.fn); return free;",
    "return 'box_free' in box.fn;",
    "return null as Box['fn'][Name] | null;",
  ].map((code) => ({
    what: `a name that is computed: ${code}`,
    code,
    beside: "export type Name = 'box_free';",
    box: FREE,
  })),
  ...[
    "const all = new Map([['a', box]]); return all.get('a')?.fn.box_free(null as never);",
    'const all = await Promise.all([libbox.openAsync(), 1]); return all[0].fn.box_free(null as never);',
    'let m; m = box; return m.fn.box_free(null as never);',
    'const all: Box[] = []; all.push(box); return all.map((one) => one.fn.box_free(null as never));',
    "const m: Box | number = Math.random() > 0 ? box : 0; return typeof m === 'number' ? m : m.fn.box_free(null as never);",
    'console.log(box, { box }, [libbox]); return box.fn.box_free(null as never);',
    'const same = <T,>(x: T): T => x; return same({ box }).box.fn.box_free(null as never);',
    'const seen = new WeakMap<object, Box>(); seen.set(box, box); return seen.get(box)?.fn.box_free(null as never);',
    'const o: { m?: Box | undefined } = { m: box }; return o.m?.fn.box_free(null as never);',
    'return libbox.openAsync().then(({ fn }) => fn.box_free(null as never)).then((n: unknown) => n);',
    'const give: () => { fn: { box_free(box: never): number } } = libbox.open; return give;',
    'class Keeper { #box = box; free() { return this.#box.fn.box_free(null as never); } } const m: unknown = new Keeper(); return m;',
    'const all: Promise<unknown>[] = []; all.push(Promise.resolve(box.fn.box_free(null as never))); return all;',
    'const o = Object.freeze({ ...{ box } }); return o.box.fn.box_free(null as never);',
    'const run: (use: (box: Box) => unknown) => unknown = (use) => use(box); return run((one) => one.fn.box_free(null as never));',
    'const first = <T extends { fn: unknown }>(x: T, _y?: T): T => x; return first(box).fn.box_free(null as never);',
    'const o = { get box() { return box; }, take(one: Box) { return one; } }; return o.take(o.box).fn.box_free(null as never);',
    'const open = libbox.open.bind(libbox); return open().fn.box_free(null as never);',
    'const memo = <T,>(make: () => T) => { let v: T | undefined; return () => (v ??= make()); }; return memo(() => libbox.open())().fn.box_free(null as never);',
    "const pick = <T, K extends keyof T>(x: T, key: K): T[K] => x[key]; return pick(box, 'fn').box_free(null as never);",
    "type L = Pick<typeof libbox, 'open' | 'inspect'>; const take = (l: L) => l.open().fn.box_free(null as never); return take(libbox);",
    'const undo: (() => void)[] = []; undo.push(() => box); return box.fn.box_free(null as never);',
    'return libbox.openAsync().then(({ fn }) => fn).then((fn) => fn.box_free(null as never));',
  ].map((code) => ({ what: `what keeps its type: ${code}`, code, box: FREE })),
  {
    what: 'a module that is exported on as a whole, which may be all of it',
    code: 'return 0;',
    imports: "export * from '../shims/libbox.ts';\n",
    box: EXPORTS,
  },
  {
    what: 'a module that is exported on by a name, which may be all of it',
    code: 'return 0;',
    imports: "import * as all from '../shims/libbox.ts';\nexport { all };\n",
    box: EXPORTS,
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
    imports: "import { eras_reply } from '../shims/liberas.ts';\n",
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

const nameOf = (at: number): string => `case${at}/src/driver.ts`;
const files = Object.fromEntries(CASES.map((one, at) => [nameOf(at), sourceOf(one)]));
let trimmed: ReturnType<typeof trimEach>;
beforeAll(async () => {
  trimmed = trimEach(await wholePlans(), files);
}, 120_000);

describe('a shim carries', () => {
  test.each(CASES.map((one, at) => ({ ...one, at })))('$what', ({ at, box, eras }) => {
    const { plans, problems } = trimmed.get(nameOf(at))!;
    expect(problems.map((d) => render(d))).toEqual([]);
    expect(carriedBy(plans[0]!)).toEqual(expected(NOTHING_OF_BOX, box));
    expect(carriedBy(plans[1]!)).toEqual(expected(NOTHING_OF_ERAS, eras));
  });
});

test('all of these compile, each against shims of its own uses', () => {
  const shims = [...trimmed].flatMap(([name, { plans }]) =>
    plans.map((plan) => [name.replace('src/driver', `shims/${plan.name}`), printModule(plan)]),
  );
  const options = { strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: [] };
  const modules = { target: 'es2023', module: 'nodenext', verbatimModuleSyntax: true, erasableSyntaxOnly: true };
  const project = { compilerOptions: { ...options, ...modules, paths: {} }, include: ['**/*.ts'] };
  const folder = projectOf({
    ...files,
    ...Object.fromEntries(shims),
    'tsconfig.json': JSON.stringify(project),
  });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
}, 60_000);
