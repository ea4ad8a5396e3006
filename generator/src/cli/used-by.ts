// In: plans of whole modules, and globs of the sources that use them. Out: plans of what these use, and what is wrong in the sources. Each
// library has globs of its own, those of the whole configuration, or those of the command line.

import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import type { Diagnostic } from '../diagnostics.ts';
import { besidesNames, interfaceNames, type ModulePlan } from '../emit/module.ts';
import { callbackNames } from '../emit/print-besides.ts';
import { tablesOf, trimmed, type Wanted } from '../emit/trim.ts';
import { didYouMean } from '../model/near.ts';
import { printModule } from '../pipeline.ts';
import type { Morph } from '../typescript/morph.ts';
import { readUses } from '../typescript/used.ts';
import { nothingUsed, type Table, type UsedNames, type Vocabulary } from '../typescript/vocabulary.ts';
import { nearestProject, wholeProject } from '../typescript/whole-modules.ts';
import { UsageError } from './output.ts';
import { progress } from './progress.ts';
import { type Sources, shortPath } from './source.ts';
import { loadMorph } from './typescript.ts';

/** Globs, and the folder that they start from. */
export interface UsedBy {
  readonly globs: readonly string[];
  readonly dir: string;
}

/** A library to be trimmed. */
export interface Untrimmed {
  readonly plan: ModulePlan;
  /** Where its module goes. */
  readonly path: string;
  readonly usedBy: UsedBy;
  /** Names and patterns of its own configuration. */
  readonly keep: readonly string[];
}

export interface Trimming {
  /** In the order of the libraries. */
  readonly plans: readonly ModulePlan[];
  readonly diagnostics: readonly Diagnostic[];
}

export async function trimAll(libraries: readonly Untrimmed[], { trim, runtime }: Sources): Promise<Trimming> {
  progress.step('loading the TypeScript checker');
  const morph = loadMorph();
  const kept = libraries.map(({ plan, keep: own }) => keptOf(plan, own, trim?.keep ?? []));
  checkExpected(
    trim?.expected ?? [],
    libraries.map(({ plan }) => plan),
  );
  const vocabularies = libraries.map((one, at) => vocabularyOf(one, kept[at]!.entries.length > 0));
  const diagnostics: Diagnostic[] = [];
  const used = new Map<string, UsedNames>();
  for (const group of groupsOf(libraries)) {
    const paths = filesOf(group[0]!.usedBy, morph).filter((path) => !libraries.some((one) => one.path === path));
    if (paths.length === 0)
      throw new UsageError(
        `--used-by ${group[0]!.usedBy.globs.join(' ')}: no TypeScript source matches below ${shortPath(group[0]!.usedBy.dir)}`,
      );
    progress.step(`reading ${paths.length} source${paths.length === 1 ? '' : 's'}`);
    const own = vocabularies.filter((_, at) => group.includes(libraries[at]!));
    for (const [tsconfig, files] of byProject(paths)) {
      const project = projectOf({ paths: files, vocabularies: own, runtime, tsconfig }, morph);
      if (!project.hasRuntime) {
        throw new UsageError(
          `${runtime} cannot be found from ${shortPath(files[0]!)}: its types say where tables of functions go; install it first`,
        );
      }
      const reading = readUses(project, morph, shortPath);
      diagnostics.push(...reading.problems);
      for (const [library, names] of reading.used) used.set(library, joined(used.get(library), names));
    }
  }
  const isRead = diagnostics.length === 0;
  const plans = libraries.map(({ plan, usedBy }, at): ModulePlan => {
    const { entries, names } = kept[at]!;
    const wanted = wantedOf(plan, used.get(plan.name) ?? nothingUsed(), names);
    if (isRead && !used.has(plan.name) && names.size === 0) diagnostics.push(nothingOf(plan, usedBy));
    return trimmed(plan, wanted, { usedBy: sorted(usedBy.globs), keep: entries });
  });
  return { plans, diagnostics };
}

function nothingOf({ name }: ModulePlan, { globs }: UsedBy): Diagnostic {
  return {
    code: 'nothing-used',
    severity: 'warning',
    message: `nothing of ${name} is used by ${globs.join(' ')}: its shim is empty`,
    notes: [`it counts as used where a module is imported whose name ends in ${name}, such as ./shims/${name}.ts`],
  };
}

function projectOf(setting: Parameters<typeof wholeProject>[0], morph: Morph): ReturnType<typeof wholeProject> {
  try {
    return wholeProject(setting, morph);
  } catch (error) {
    if (setting.tsconfig === undefined) throw error;
    throw new UsageError(`${shortPath(setting.tsconfig)}: it cannot be read: ${(error as Error).message}`);
  }
}

/** Libraries of the same globs are read at once. */
function groupsOf(libraries: readonly Untrimmed[]): readonly (readonly Untrimmed[])[] {
  const groups = new Map<string, Untrimmed[]>();
  for (const one of libraries) {
    const key = [one.usedBy.dir, ...sorted(one.usedBy.globs)].join('\0');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function filesOf({ globs, dir }: UsedBy, morph: Morph): readonly string[] {
  const system = new morph.Project({ skipLoadingLibFiles: true, compilerOptions: {} }).getFileSystem();
  const absolute = globs.map((glob) => {
    const [, not, pattern] = /^(!?)(.*)$/s.exec(glob)!;
    return not + (isAbsolute(pattern!) ? pattern! : `${dir}/${pattern!.replace(/^\.\//, '')}`);
  });
  const found = system.globSync(absolute).map((path) => resolve(path));
  const isSource = (path: string): boolean =>
    /\.[mc]?[jt]sx?$/.test(path) && !/\.d\.[mc]?ts$/.test(path) && !/\/node_modules\//.test(path.slice(dir.length));
  return sorted(found.filter(isSource));
}

/** Sources by the project that they belong to: its options say how modules are found. */
function byProject(paths: readonly string[]): ReadonlyMap<string | undefined, readonly string[]> {
  const projects = new Map<string | undefined, string[]>();
  for (const path of paths) {
    const tsconfig = nearestProject(dirname(path), existsSync);
    projects.set(tsconfig, [...(projects.get(tsconfig) ?? []), path]);
  }
  return projects;
}

const TABLES = ['functions', 'features', 'callbacks', 'data'] as const satisfies readonly Table[];

/** What sources are checked against. `isKept`: names of it are kept whatever they say. */
export function vocabularyOf({ plan, path }: Pick<Untrimmed, 'plan' | 'path'>, isKept: boolean): Vocabulary {
  const { required, weak, features, data, types, records, recordAliases, constants, variadics, unsupported } = plan;
  const [callbacks, variables] = besidesNames(plan.name);
  const [requiredName, weakName, featuresName] = interfaceNames(plan.name);
  return {
    library: plan.name,
    module: path.replaceAll(sep, '/'),
    text: printModule(plan),
    functions: namesOf([...required, ...weak]),
    features: namesOf(features),
    callbacks: new Set(callbackNames(plan)),
    data: namesOf(data),
    records: namesOf(records),
    exports: namesOf([...types, ...records.filter(({ of }) => of === undefined), ...recordAliases, ...constants]),
    changing: namesOf(constants.filter(({ eras }) => eras !== undefined)),
    always: new Set(tablesOf(plan)),
    tables: new Map<string, Table>([
      [requiredName, 'functions'],
      [weakName, 'functions'],
      [featuresName, 'features'],
      [callbacks, 'callbacks'],
      [variables, 'data'],
    ]),
    options: new Map(variadics.map((one) => [one.function, one.parameter])),
    notCarried: new Map(unsupported.map(({ name, reason }) => [name, reason])),
    isKept,
  };
}

function namesOf(list: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(list.map(({ name }) => name));
}

/** What stays whatever the sources say: the entries that are of this library, and the names that they stand for. */
interface Kept {
  readonly entries: readonly string[];
  readonly names: ReadonlySet<string>;
}

function keptOf(plan: ModulePlan, own: readonly string[], shared: readonly string[]): Kept {
  const all = keepable(plan);
  const matched = (entry: string): readonly string[] => all.filter(isLike(entry));
  for (const entry of own) {
    if (matched(entry).length === 0)
      throw new UsageError(
        `${plan.name}: \`keep\` names ${entry}, which its headers do not have${didYouMean(entry, all)}`,
      );
  }
  const entries = sorted([...new Set([...own, ...shared])].filter((entry) => matched(entry).length > 0));
  return { entries, names: new Set(entries.flatMap(matched)) };
}

function checkExpected(entries: readonly string[], plans: readonly ModulePlan[]): void {
  const all = plans.flatMap(keepable);
  const unknown = entries.find((entry) => !all.some(isLike(entry)));
  if (unknown !== undefined)
    throw new UsageError(`--keep ${unknown}: no library that is generated has that${didYouMean(unknown, all)}`);
}

/** `*` stands for any characters. */
function isLike(entry: string): (name: string) => boolean {
  const pattern = new RegExp(`^${entry.replaceAll(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`);
  return (name) => pattern.test(name);
}

function keepable({
  required,
  weak,
  features,
  callbacks,
  data,
  types,
  records,
  recordAliases,
  constants,
}: ModulePlan): readonly string[] {
  const lists = [required, weak, features, callbacks, data, types, records, recordAliases, constants];
  return [...new Set(lists.flat().map(({ name }) => name))];
}

export function wantedOf(plan: ModulePlan, used: UsedNames, kept: ReadonlySet<string>): Wanted {
  const withKept = (names: ReadonlySet<string>): ReadonlySet<string> => new Set([...names, ...kept]);
  return {
    functions: withKept(used.functions),
    features: withKept(used.features),
    callbacks: withKept(used.callbacks),
    data: withKept(used.data),
    exports: withKept(used.exports),
    options: new Map(
      plan.variadics.map(({ function: name }) => [name, kept.has(name) ? 'all' : (used.options.get(name) ?? 'all')]),
    ),
  };
}

function joined(one: UsedNames | undefined, other: UsedNames): UsedNames {
  if (!one) return other;
  for (const kind of [...TABLES, 'exports'] as const) for (const name of other[kind]) one[kind].add(name);
  for (const [name, values] of other.options) {
    const known = one.options.get(name) ?? new Set<bigint>();
    one.options.set(name, known === 'all' || values === 'all' ? 'all' : new Set([...known, ...values]));
  }
  return one;
}

/** By code units, whatever the locale. */
function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
