// Every stage in order: headers -> preprocess -> parse -> passes -> Api -> plan -> module.
// Stages know nothing of each other; what one needs of another is handed over here.

import { readFileSync } from 'node:fs';
import type { Diagnostics } from './diagnostics.ts';
import type { Ambiguity } from './emit/eras.ts';
import { planForTargets } from './emit/merge.ts';
import type { ModuleOptions, ModulePlan } from './emit/module.ts';
import { printModule } from './emit/print.ts';
import { elfMachine } from './exports/elf.ts';
import { exportsOfFile, findExports } from './exports/find.ts';
import { ExportListError, readExportList } from './exports/list.ts';
import { VersionTables, versionContexts, withLeftOut } from './history/contexts.ts';
import type { History } from './history/history.ts';
import { versionIndex } from './history/ranges.ts';
import { LayoutError, typeLayout } from './layout/layout.ts';
import type { Api } from './model/api.ts';
import type { ConfiguredVersionCall } from './model/version-call.ts';
import { ownership, unmatchedOwn } from './ownership.ts';
import { loadGrammar, parse } from './parse/parse.ts';
import type { Spellings } from './passes/corrections.ts';
import { dedupe } from './passes/dedupe.ts';
import { type DirectionOptions, directions, directionsOfVersions } from './passes/directions.ts';
import { markExports, type SymbolFacts } from './passes/exports.ts';
import { select } from './passes/select.ts';
import { shown } from './passes/shown.ts';
import { support } from './passes/support.ts';
import { preprocess } from './preprocess/preprocess.ts';
import { resources } from './resources.ts';
import { prerequisites, searchPath } from './search.ts';
import type { Target } from './target.ts';

export interface HeaderInput {
  readonly library: string;
  readonly version: string;
  readonly headers: readonly string[];
  /** Folders searched before the system's. */
  readonly includeDirs: readonly string[];
  readonly defines: readonly string[];
  /** See LibraryConfig.own; undefined for the default rule. */
  readonly own: readonly string[] | undefined;
  /** Where relative entries of `own` may start from, besides the search folders. */
  readonly ownDirs: readonly string[];
  /** Roots below which the system's headers and libraries stand, in order of preference: `/`, or where packages were unpacked;
   *  `builtin` for the C library that comes with dlshim. Undefined for this machine's own. */
  readonly sysroots: readonly string[] | undefined;
  /** The library's file names, to look up what it exports below the system roots. */
  readonly files: readonly string[];
  /** A file that says what it exports instead: the library itself, names, or a version script. */
  readonly exportList?: string | undefined;
  readonly target: Target;
  readonly docs: boolean;
  /** Told what is about to be done. */
  readonly onStage?: ((stage: 'preprocessing' | 'parsing' | 'looking up exports') => void) | undefined;
}

/** Headers to Api. What is wrong with them is added to `diagnostics`; with an error among these the Api is not to be used. */
export async function readHeaders(input: HeaderInput, diagnostics: Diagnostics): Promise<Api> {
  const { target, onStage } = input;
  const search = searchPath(input.includeDirs, input.sysroots, target, resources);
  const searchDirs = [...search.includeDirs, ...search.systemDirs];
  const ownRoots = input.own ? [...searchDirs, ...input.ownDirs] : searchDirs;
  const grammar = loadGrammar(resources);
  onStage?.('preprocessing');
  const unit = preprocess(
    {
      headers: input.headers,
      includeDirs: search.includeDirs,
      systemDirs: [...search.shippedDirs, ...search.systemDirs],
      isHidden: search.isHidden,
      defines: input.defines,
      target,
    },
    diagnostics,
  );
  for (const entry of unmatchedOwn(input.own ?? [], ownRoots, unit.files)) {
    diagnostics.report({
      code: 'own-not-included',
      severity: 'error',
      message: `own: no header that was included is ${entry}, or below it`,
      notes: [`a path is absolute, or below one of: ${ownRoots.join(', ')}`],
    });
  }
  onStage?.('parsing');
  const api = await parse(
    {
      unit,
      target,
      isOwn: ownership(input.own, ownRoots, prerequisites(unit.files, search)),
      searchDirs: [...search.shippedDirs, ...searchDirs],
      docs: input.docs,
      layoutOf: (type, table) => {
        try {
          return typeLayout(type, table, target);
        } catch (error) {
          if (error instanceof LayoutError) return undefined;
          throw error;
        }
      },
      library: input.library,
      version: input.version,
      grammar,
    },
    diagnostics,
  );
  warnIfEmpty(api, diagnostics);
  onStage?.('looking up exports');
  const declared = support(dedupe(select(api)));
  const marked = markExports(declared, (symbols) => exportedSymbols(symbols, input, search.roots, diagnostics));
  warnIfForeign(marked, input.exportList === undefined ? input.files : [input.exportList], diagnostics);
  return marked;
}

/** What is known of the library's exports. */
export function exportedSymbols(
  symbols: readonly string[],
  { files, exportList, target }: Pick<HeaderInput, 'files' | 'exportList' | 'target'>,
  roots: readonly string[],
  diagnostics: Diagnostics,
): SymbolFacts | undefined {
  const { elf } = target;
  const isElf = exportList !== undefined && elfMachine(exportList) !== undefined;
  if (exportList !== undefined && !isElf) {
    try {
      return readExportList(readFileSync(exportList, 'utf8'), symbols);
    } catch (error) {
      if (!(error instanceof ExportListError)) throw error;
      throw new ExportListError(`${exportList}: ${error.message}`);
    }
  }
  const found = elf && (isElf ? exportsOfFile(exportList, symbols, elf) : findExports(files, symbols, roots, elf));
  if (found && found.missing.length > 0 && found.notFound.length > 0) {
    const [name] = found.missing;
    diagnostics.report({
      code: 'dependency-not-found',
      severity: 'warning',
      message: `${found.notFound.join(', ')}: not found, and needed by ${exportList ?? files.join(', ')}: what it may export counts as missing, as ${name} does`,
      notes: ['unpack the packages of what the library needs beside it, or below the same root'],
    });
  }
  return found;
}

/** A file that has none of the functions is hardly the library that the headers are of. */
function warnIfForeign(api: Api, files: readonly string[], diagnostics: Diagnostics): void {
  const callable = api.functions.filter((d) => !d.unsupported).length;
  const carried = callable + api.variables.filter((d) => !d.unsupported).length;
  if (callable === 0 || api.notExported?.length !== carried) return;
  diagnostics.report({
    code: 'not-this-library',
    severity: 'warning',
    message: `${files.join(', ')} exports none of the ${callable} functions that ${api.headers.join(', ')} declares`,
    notes: ['all of them are weak, and any file would pass for the library: is it the one that the headers are of?'],
  });
}

/** Headers that only include others declare nothing of their own, which is seldom what was meant. */
function warnIfEmpty(api: Api, diagnostics: Diagnostics): void {
  if (api.functions.length > 0 || diagnostics.hasErrors) return;
  diagnostics.report({
    code: 'nothing-declared',
    severity: 'warning',
    message: `${api.headers.join(', ')} declares no function of its own`,
    notes: [
      `counted as its own: ${api.ownHeaders.join(', ')}`,
      'name the folder or file that does with --own, for example --own bits',
    ],
  });
}

type GenerateOptions = Omit<ModuleOptions, 'versionCall' | 'versionConstants'> &
  DirectionOptions & {
    readonly versionCall?: ConfiguredVersionCall | undefined;
    readonly baseline?: string | undefined;
  };

/** The Api of each target to the plan of one module. */
export function planOf(
  inputs: readonly ModuleInput[],
  { versionCall: configured, ...rest }: GenerateOptions,
): { readonly plan: ModulePlan; readonly ambiguities: readonly Ambiguity[] } {
  const { constants: versionConstants, ...versionCall } = configured ?? { kind: undefined };
  const options = { ...rest, versionConstants, versionCall: versionCall.kind ? versionCall : undefined };
  return planForTargets(
    inputs.map((input) => prepared(input, options)),
    options,
  );
}

export { printModule };

/** The text of a module, and what is in it. */
export function moduleOf(
  plan: ModulePlan,
  inputs: readonly ModuleInput[],
): { readonly text: string; readonly counts: ModuleCounts } {
  return {
    text: printModule(plan),
    counts: {
      required: plan.required.length,
      weak: plan.weak.length,
      unsupported: plan.unsupported.filter((u) => u.kind === 'function').length,
      records: plan.records.length,
      constants: plan.constants.length,
      features: plan.features.length,
      notCarried: plan.unsupported.length,
      exportsChecked: inputs.some(
        ({ api, history }) => api.notExported !== undefined || history?.versions.some((one) => one.exportsKnown),
      ),
    },
  };
}

/** The Api of each target to the text of one module. */
export function generateModule(
  inputs: readonly ModuleInput[],
  options: GenerateOptions,
): { text: string; counts: ModuleCounts; ambiguities: readonly Ambiguity[] } {
  const { plan, ambiguities } = planOf(inputs, options);
  return { ...moduleOf(plan, inputs), ambiguities };
}

/** With a `history`, the Api has the newest declaration of everything in it from the baseline on (`unionApi`). */
export interface ModuleInput {
  readonly api: Api;
  readonly target: Target;
  readonly history?: History;
}

/** What the module shows of the declarations, and what C does with their parameters: of the newest, and of what older versions have
 *  otherwise. */
function prepared(
  { api, target, history }: ModuleInput,
  options: DirectionOptions & { readonly baseline?: string | undefined },
): Parameters<typeof planForTargets>[0][number] {
  if (!history) return { api: directions(shown(api), options), target };
  const from = options.baseline === undefined ? 0 : versionIndex(history.versions, options.baseline);
  const union = withLeftOut(api, history, from);
  const tables = new VersionTables(history, from, union);
  const contexts = versionContexts(history, from, union, tables, target);
  const { newest, older } = directionsOfVersions(
    shown(union),
    contexts.map((context) => shown(context.api)),
    options,
    spellings(history),
  );
  const known = contexts.map((context, at) => ({ ...context, api: older[at]! }));
  return { api: newest, target, versions: { history, from, contexts: known, tables } };
}

/** The names of parameters, where versions give them other ones. */
function spellings({ functions }: History): Spellings {
  const several = functions.filter(({ eras }) => eras.length > 1);
  return new Map(
    several.map(({ key, eras }) => [
      key,
      [...eras].reverse().map(({ decl }) => decl.type.parameters.map((parameter) => parameter.name)),
    ]),
  );
}

/** How many of each a module carries. */
export interface ModuleCounts {
  readonly required: number;
  readonly weak: number;
  /** Functions that cannot be called. */
  readonly unsupported: number;
  readonly records: number;
  /** Enumerators and macros. */
  readonly constants: number;
  readonly features: number;
  /** Everything that is listed as not carried: functions, variables, macros without a value. */
  readonly notCarried: number;
  /** Whether the library's file was at hand, so that it is known what it exports. */
  readonly exportsChecked: boolean;
}
