// A library with something of every kind, and sources that use it: what the tests of trimmed shims share.

import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import * as morph from 'ts-morph';
import { vocabularyOf, wantedOf } from '../../generator/src/cli/used-by.ts';
import { type Diagnostic, Diagnostics, render } from '../../generator/src/diagnostics.ts';
import type { ModulePlan } from '../../generator/src/emit/module.ts';
import { trimmed } from '../../generator/src/emit/trim.ts';
import { unionApi } from '../../generator/src/history/select.ts';
import { planOf, readHeaders } from '../../generator/src/pipeline.ts';
import { readUses } from '../../generator/src/typescript/used.ts';
import { nothingUsed } from '../../generator/src/typescript/vocabulary.ts';
import { wholeProject } from '../../generator/src/typescript/whole-modules.ts';
import { root } from '../tools.ts';
import { historyOf, LINUX, OPTIONS, WINDOWS } from './eras-library.ts';

export const BOX_HEADER = `
typedef struct box box_t;
enum box_kind { BOX_SMALL = 1, BOX_LARGE };
enum box_option { BOX_OPT_NAME = 1, BOX_OPT_SIZE, BOX_OPT_CORNER };
struct box_style { int color; };
struct box_point { int x, y; };
struct box_corner { struct box_point at; struct box_corner *next; struct box_style *style; };
typedef struct box_size_s { int w, h; } box_size_t;
typedef int (*box_visit_t)(box_t *box, struct box_corner *corner, void *data);
typedef void (*box_told_t)(struct box_point where);
struct box_ops { int (*open)(box_t *box, struct box_style *style); };
#define BOX_MAX 10
#define BOX_TEXT "text"
#define BOX_AREA(w, h) ((w) * (h))
const char *box_version(void);
box_t *box_new(enum box_kind kind);
int box_free(box_t *box);
int box_corner(box_t *box, struct box_corner *corner);
struct box_point box_center(box_t *box);
int box_each(box_t *box, box_visit_t visit, void *data);
int box_set(box_t *box, enum box_option option, ...);
box_size_t *box_size(box_t *box);
int box_draw(box_t *box);
int box_draw_all(void);
int box_print(box_t *box);
long double box_precise(long double value);
extern int box_debug;
extern struct box_point box_origin;
`;

export const BOX = {
  name: 'libbox',
  files: { linux: ['libbox.so.1'] },
  versionCall: { kind: 'string', symbol: 'box_version' },
  features: { drawing: ['box_draw', 'box_draw_all'], printing: ['box_print'] },
  variadics: {
    box_set: {
      option: 'option',
      types: { 'const char *': ['BOX_OPT_NAME'], int: ['BOX_OPT_SIZE'], 'struct box_corner *': ['BOX_OPT_CORNER'] },
    },
  },
} as const;

const RUNTIME = '@dlshim/runtime';

async function boxPlan(): Promise<ModulePlan> {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-box-'));
  writeFileSync(join(folder, 'box.h'), BOX_HEADER);
  const diagnostics = new Diagnostics();
  const api = await readHeaders(
    {
      ...{ library: 'libbox', version: '1.0', headers: ['box.h'], includeDirs: [folder], defines: [], own: undefined },
      ...{ ownDirs: [], sysroots: undefined, files: [], target: LINUX, docs: false },
    },
    diagnostics,
  );
  if (diagnostics.hasErrors) throw new Error(diagnostics.all.map((d) => render(d)).join('\n'));
  return planOf([{ api, target: LINUX }], { ...BOX, runtime: RUNTIME }).plan;
}

/** Of all versions, on two targets. */
async function erasPlan(): Promise<ModulePlan> {
  const inputs = await Promise.all(
    [LINUX, WINDOWS].map(async (target) => {
      const history = await historyOf(target);
      return { api: unionApi(history, '1.0'), target, history };
    }),
  );
  return planOf(inputs, OPTIONS).plan;
}

export type Plans = Readonly<Record<'libbox' | 'liberas', ModulePlan>>;

/** The whole modules. */
export async function wholePlans(): Promise<Plans> {
  return { libbox: await boxPlan(), liberas: await erasPlan() };
}

/** A folder with these files, in which the runtime is installed. */
export function projectOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-sources-'));
  mkdirSync(join(folder, 'node_modules/@dlshim'), { recursive: true });
  symlinkSync(join(root, 'runtime'), join(folder, 'node_modules/@dlshim/runtime'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** What each of these files uses by itself, read in one project; no shim is there. By file. */
export function trimEach(
  whole: Plans,
  files: Readonly<Record<string, string>>,
  keep: readonly string[] = [],
): ReadonlyMap<string, { readonly plans: readonly ModulePlan[]; readonly problems: readonly Diagnostic[] }> {
  const folder = projectOf(files);
  const libraries = Object.values(whole).map((plan) => ({ plan, path: join(folder, 'shims', `${plan.name}.ts`) }));
  const vocabularies = libraries.map((one) => vocabularyOf(one, keep.length > 0));
  const paths = Object.keys(files).map((name) => join(folder, name));
  const project = wholeProject({ paths, vocabularies, runtime: RUNTIME, tsconfig: undefined }, morph);
  return new Map(
    Object.keys(files).map((name) => {
      const own = project.files.filter(({ fileName }) => fileName === join(folder, name));
      const { used, problems } = readUses({ ...project, files: own }, morph, (path) => relative(folder, path));
      const source = { usedBy: [name], keep };
      const plans = libraries.map(({ plan }) =>
        trimmed(plan, wantedOf(plan, used.get(plan.name) ?? nothingUsed(), new Set(keep)), source),
      );
      return [name, { plans, problems }];
    }),
  );
}

/** What a module carries, by name, sorted. */
export function carriedBy(plan: ModulePlan): Readonly<Record<string, readonly string[]>> {
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();
  return {
    functions: names([...plan.required, ...plan.weak]),
    features: names(plan.features),
    callbacks: names(plan.callbacks),
    data: names(plan.data),
    types: names(plan.types),
    records: names(plan.records),
    aliases: names(plan.recordAliases),
    constants: names(plan.constants),
    options: plan.variadics.flatMap(({ options }) => names(options)),
  };
}

const IMPORTS = "import { libbox } from '../shims/libbox.ts';\nimport { liberas } from '../shims/liberas.ts';\n";

/** A use of the libraries. */
export interface Use {
  readonly what: string;
  /** Of a function with `box`, an open libbox, and `eras`, an open liberas. */
  readonly code: string;
  /** Statements beside it. */
  readonly beside?: string;
  /** Further ones. */
  readonly imports?: string;
}

/** The source of one; the shims are in a folder beside its own. */
export function sourceOf({ code, beside = '', imports = '' }: Omit<Use, 'what'>): string {
  return `${IMPORTS}${imports}
type Box = ReturnType<typeof libbox.open>;
type Eras = ReturnType<typeof liberas.open>;
${beside}
export async function run(box: Box, eras: Eras): Promise<unknown> {
  ${code}
}
`;
}
