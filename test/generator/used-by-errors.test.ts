// What `generate --used-by` says is wrong in sources, and where: names that no header has, names that only a running program knows, tables
// that go where nobody can follow. There is no shim when the sources are read.

import { beforeAll, describe, expect, test } from 'vitest';
import { sourceOf, trimEach, wholePlans } from './used-by-library.ts';

const nameOf = (at: number): string => `src/case${at}.ts`;

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

const UNREADABLE: readonly Mistake[] = [
  {
    what: 'a part of the runtime',
    code: 'return 0;',
    imports: "import { defineDriver } from «'@dlshim/runtime/driver'»;\nvoid defineDriver;\n",
    says: '@dlshim/runtime/driver is not found: nobody can tell what is used through it',
  },
  { what: 'what is no TypeScript', code: 'return box.«;»', says: 'it cannot be parsed: Identifier expected.' },
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
  { what: 'a promise that is awaited', code: 'const m: any = «await libbox.openAsync()»; return m;', says: LOST },
  { what: 'a choice', code: 'const m: any = Math.random() > 0 ? «libbox.open()» : 0; return m;', says: LOST },
  { what: 'what is there otherwise', code: 'const m: any = «libbox.tryOpen()» ?? 0; return m;', says: LOST },
  { what: 'a list', code: 'const all = [«box»] as any[]; return all;', says: LOST },
  { what: 'a list that grows', code: 'const all: any[] = []; all.push(«box»); return all;', says: LOST },
  { what: 'a list that is spread', code: 'const all: any[] = [...«[box].slice()»]; return all;', says: LOST },
  { what: 'a list in a list', code: 'const all: unknown = [0, [«box»]]; return all;', says: LOST },
  { what: 'what a parameter is unless given', code: 'const take = (m: any = «box») => m; return take();', says: LOST },
  { what: 'what a part is unless given', code: 'const { m = «box» }: { m?: any } = {}; return m;', says: LOST },
  {
    what: 'what a generator gives',
    code: 'function* all(): Generator<any> { yield «box»; } return all();',
    says: LOST,
  },
  { what: 'what a function gives', code: 'const give = (): any => «box»; return give();', says: LOST },
  {
    what: 'what a function gives, in braces',
    code: 'function give(): unknown { return «box.fn»; } return give();',
    says: LOST,
  },
  {
    what: 'what a function promises',
    code: 'const give = async (): Promise<any> => «libbox.openAsync()»; return give();',
    says: LOST,
  },
  { what: 'a function that gives it', code: 'const give: () => any = «libbox.open»; return give;', says: LOST },
  {
    what: 'a function of its own that gives it',
    code: 'const give = () => box; const blind: () => unknown = «give»; return blind;',
    says: LOST,
  },
  { what: 'a function without a type that gives it', code: 'const give: any = «() => box»; return give;', says: LOST },
  {
    what: 'a map by its type',
    code: "const all = new Map<string, any>(); all.set('box', «box»); return all.size;",
    says: LOST,
  },
  {
    what: 'a map',
    code: "const all = new Map([['box', box]] as const); const blind: Map<string, any> = «all»; return blind;",
    says: LOST,
    imports: "import * as all from '../shims/libbox.ts';\n",
  },
  { what: 'a map that begins with it', code: "return new Map<string, any>([['box', «box»]]);", says: LOST },
  { what: 'a promise', code: 'const m: Promise<any> = «libbox.openAsync()»; return m;', says: LOST },
  {
    what: 'what comes of a promise',
    code: 'return libbox.openAsync().then((«m»: any) => m.fn.box_free());',
    says: LOST,
  },
  {
    what: 'several promises',
    code: 'const all: any[] = «await Promise.all([libbox.openAsync(), 1])»; return all;',
    says: LOST,
  },
  { what: 'an object', code: 'const m: any = { box: «box» }; return m;', says: LOST },
  { what: 'an object that holds it', code: 'const o = { inner: { box } }; const m: any = «o»; return m;', says: LOST },
  { what: 'an object of its own type', code: 'const m: { inner: any } = { inner: «box» }; return m;', says: LOST },
  {
    what: 'an object that loses it',
    code: 'const o = { box }; const m: { box: unknown } = «o»; return m;',
    says: LOST,
  },
  {
    what: 'a class that holds it',
    code: 'class Keeper { constructor(readonly box: Box) {} } const m: any = «new Keeper(box)»; return m;',
    says: LOST,
  },
  {
    what: 'a member of a class',
    code: 'class Keeper { box: any = «libbox.open()»; } return new Keeper();',
    says: LOST,
  },
  {
    what: 'a member that is set',
    code: 'const o: { m?: any } = {}; o.m = «box»; o.m ??= «box.fn»; return o;',
    says: `${LOST} | ${LOST}`,
  },
  { what: 'a parameter of any type', code: 'const blind = <T,>(x: T) => x as any; return blind(«box»);', says: LOST },
  {
    what: 'a parameter of any type, two calls away',
    code: 'function a<T>(x: T) { return b([x]); } function b<U>(x: readonly U[]): any { return x[0]; } return a(«box.fn»);',
    says: LOST,
  },
  { what: 'a type that is given', code: 'const same = <T,>(x: T): T => x; return same<any>(«box»);', says: LOST },
  { what: 'a shim', code: 'const m: any = «libbox»; return m;', says: LOST },
  { what: 'shims by their names', code: 'const m: Record<string, any> = { «libbox» }; return m;', says: LOST },
  {
    what: 'a shim of any library',
    code: 'const take = (m: Shim<any, any, any, any, any>) => m.open(); return take(«libbox»);',
    says: LOST,
    imports: "import type { Shim } from '@dlshim/runtime';\n",
  },
  { what: 'a shim of no type', code: 'const take = (m: unknown) => m; return take(«libbox»);', says: LOST },
  { what: "a shim by a type of one's own", code: 'const m: { open(): any } = «libbox»; return m;', says: LOST },
  {
    what: 'a library that takes any name',
    code: 'const m: { has(name: string): boolean } = «box»; return m;',
    says: LOST,
  },
  {
    what: 'a module as a whole',
    code: 'const m: any = «all»; return m;',
    says: LOST,
    imports: "import * as all from '../shims/libbox.ts';\n",
  },
  {
    what: 'a module by texts',
    code: 'const m: Record<string, unknown> = «all»; return m;',
    says: LOST,
    imports: "import * as all from '../shims/libbox.ts';\n",
  },
  {
    what: 'the names of a module',
    code: 'return Object.keys(«all»);',
    says: LOST,
    imports: "import * as all from '../shims/libbox.ts';\n",
  },
  {
    what: 'a module that is imported when it is needed',
    code: "const m: any = «await import('../shims/libbox.ts')»; return m;",
    says: LOST,
  },
  {
    what: 'what is taken apart',
    code: 'let m: any; const o: { m: any } = { m }; ({ fn: o.m } = «box»); return o;',
    says: LOST,
  },
  { what: 'what is thrown', code: 'throw «box»;', says: LOST },
  { what: 'variables', code: 'const m: any = «box.data»; return m;', says: LOST },
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

/** By their text. */
const FURTHER: readonly Mistake[] = [
  'function take(...all: any[]) { return all; } return take(...[«box»]);',
  'let m: any; for (m of «[box]») m.fn.box_free(); return 0;',
  'const m: any = { get: «() => box» }; return m;',
  'const m: { f(): any } = { f() { return «box»; } }; return m;',
  'return Reflect.get(«box.fn», String(0));',
  'const m: { x: any } = { x: 0 }; Object.assign(m, { x: «box» }); return m;',
  'const copy = <T extends object>(x: T): Record<string, any> => ({ ...x }); return copy(«box.fn»);',
  'const pick = <T,>(x: T, key: keyof T) => x[key]; return pick(«box.fn», String(0) as never);',
  'const list = <T extends object>(x: T) => { for (const key in x) console.log(key); }; return list(«box.fn»);',
  'const m: Function = «libbox.open»; return m;',
  'const m: any = box && «box.fn»; return m;',
  'class K<T> { constructor(readonly x: T) {} any(): any { return this.x; } } return new K(«box»).any();',
  "const m = «require('../shims/libbox.ts')»; return m; declare const require: (name: string) => any;",
].map((code) => ({ what: code.replace(/[«»]/g, ''), code, says: LOST }));

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
  const all = [...NOT_THERE, ...UNREADABLE, ...DYNAMIC, ...FURTHER].map(({ code = 'return 0;', ...one }) => ({
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
      const isDynamic = at >= NOT_THERE.length + UNREADABLE.length;
      expect([what, kept.get(nameOf(at))!.problems.length > 0]).toEqual([what, !isDynamic]);
    }
  });
});
