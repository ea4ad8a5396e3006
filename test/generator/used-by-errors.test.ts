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
  const all = [...NOT_THERE, ...UNREADABLE, ...DYNAMIC].map(({ code = 'return 0;', ...one }) => ({
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
