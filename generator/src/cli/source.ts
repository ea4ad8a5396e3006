// In: the flags that all commands share. Out: the libraries to work on, and their Apis from headers or snapshots.

import { existsSync, readFileSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import type { LoadedConfig, LoadedLibrary } from '../config/config.ts';
import { DEFAULT_RUNTIME } from '../config/define.ts';
import { type Diagnostic, Diagnostics } from '../diagnostics.ts';
import type { History } from '../history/history.ts';
import type { Api } from '../model/api.ts';
import { shareExports } from '../passes/exports.ts';
import { BUILTIN } from '../search.ts';
import { sysrootHint } from '../sysroot.ts';
import type { Target } from '../target.ts';
import { allTargets, DEFAULT_TARGET, findTarget } from '../targets/targets.ts';
import { UsageError } from './output.ts';
import { pkgConfig } from './pkg-config.ts';
import { progress } from './progress.ts';

/** As commander hands them over. */
export interface SourceFlags {
  readonly config?: string;
  readonly header?: readonly string[];
  readonly library?: readonly string[];
  readonly name?: string;
  readonly libraryVersion?: string;
  readonly includeDir?: readonly string[];
  readonly define?: readonly string[];
  readonly pkgConfig?: readonly string[];
  readonly own?: readonly string[];
  readonly sysroot?: readonly string[];
  readonly target?: readonly string[];
  readonly fromSnapshot?: true;
  readonly at?: string;
  readonly exportList?: string;
  /** The library on this machine is not of the headers' version: set by a command. */
  readonly noExports?: true;
  readonly docs?: true;
  readonly out?: string;
  readonly runtime?: string;
  readonly check?: true;
  readonly json?: true;
  readonly save?: true;
  readonly facts?: true;
  readonly usedBy?: readonly string[];
  readonly keep?: readonly string[];
  readonly cc?: string;
  readonly emit?: string;
}

/** What a command works on. */
export interface Sources {
  readonly libraries: readonly LoadedLibrary[];
  readonly out: string;
  readonly docs: boolean;
  readonly runtime: string;
  readonly trim?: TrimSetting;
}

/** How shims are trimmed that have no such setting of their own. */
export interface TrimSetting {
  /** Globs of sources, and the folder that they start from. */
  readonly usedBy: { readonly globs: readonly string[]; readonly dir: string } | undefined;
  /** Names that stay besides, */
  readonly keep: readonly string[];
  /** and those of them that must be of one of the libraries. */
  readonly expected: readonly string[];
}

/** `readsHeaders`: whether the command is about to read those of a library. */
export async function findSources(
  names: readonly string[],
  flags: SourceFlags,
  readsHeaders: (library: LoadedLibrary) => boolean = () => !flags.fromSnapshot,
): Promise<Sources> {
  checkFlags(flags);
  if (flags.header || flags.library) {
    if (names.length)
      throw new UsageError(
        `libraries are named either by a configuration (${names.join(', ')}) or with --header, not both`,
      );
    if (!flags.header) throw new UsageError('--library needs --header: which header declares its functions?');
    return {
      libraries: [withPkgConfig(libraryFromFlags(flags, flags.header), flags)],
      out: resolve(flags.out ?? '.'),
      docs: flags.docs ?? false,
      runtime: flags.runtime ?? DEFAULT_RUNTIME,
      trim: trimSetting(flags, undefined),
    };
  }
  const config = await configuration(flags);
  return {
    libraries: choose(config, names).map((library) =>
      readsHeaders(library) ? withPkgConfig(library, flags) : library,
    ),
    out: flags.out ? resolve(flags.out) : config.out,
    docs: flags.docs ?? config.docs,
    runtime: flags.runtime ?? config.runtime,
    trim: trimSetting(flags, config, names.length === 0),
  };
}

/** Of a configuration of which some libraries are left out, names may be theirs. */
function trimSetting(flags: SourceFlags, config: LoadedConfig | undefined, isAll = true): TrimSetting {
  const given = flags.keep ?? [];
  const keep = [...(config?.keep ?? []), ...given];
  const usedBy = config?.usedBy && { globs: config.usedBy, dir: config.dir };
  return { usedBy, keep, expected: isAll ? keep : given };
}

/** What a library is generated for: what the command line names, else its configuration, else one. */
export function targetsOf({ config }: LoadedLibrary, flags: SourceFlags): readonly Target[] {
  const names = flags.target ?? config.targets;
  if (!names) return [DEFAULT_TARGET];
  const found = names.map((name) => {
    const target = findTarget(name);
    if (target) return target;
    const list = allTargets.map((t) => t.name).join(', ');
    throw new UsageError(`${config.name}: there is no target ${name}; there are ${list}`);
  });
  return allTargets.filter((target) => found.includes(target));
}

/** What does not go together, or names nothing, is said and not ignored. */
function checkFlags(flags: SourceFlags): void {
  const conflict = (a: string, b: string): never => {
    throw new UsageError(`${a} and ${b} do not go together`);
  };
  if (flags.header && flags.config) conflict('--header', '--config');
  if (flags.header && flags.fromSnapshot) conflict('--header', '--from-snapshot');
  if (flags.header && flags.at) conflict('--header', '--at');
  if (!flags.header && flags.name)
    throw new UsageError('--name goes with --header; a configuration names its libraries itself');
  if (flags.save && flags.out) conflict('--save', '--out');
  for (const [name, given] of [
    ['--docs', flags.docs],
    ['-I', flags.includeDir],
    ['-D', flags.define],
    ['--pkg-config', flags.pkgConfig],
    ['--own', flags.own],
    ['--export-list', flags.exportList],
  ] as const) {
    if (flags.fromSnapshot && given) throw new UsageError(`${name} is about headers, and --from-snapshot reads none`);
  }
  for (const folder of [...(flags.includeDir ?? []), ...(flags.sysroot ?? []).filter((root) => root !== BUILTIN)]) {
    if (!existsSync(folder)) throw new UsageError(`${folder}: no such folder`);
  }
  const list = flags.exportList;
  if (list !== undefined && !existsSync(list)) throw new UsageError(`${list}: no such file`);
  for (const define of flags.define ?? []) {
    if (!/^[A-Za-z_]\w*(\([^)]*\))?(=[\s\S]*)?$/.test(define))
      throw new UsageError(`-D ${define}: a macro is NAME or NAME=VALUE`);
  }
}

async function configuration(flags: SourceFlags): Promise<LoadedConfig> {
  const found = await loadedConfiguration(flags.config);
  if (found) return found;
  throw new UsageError(
    'nothing to work on: there is no dlshim.config.ts in this folder, and neither --config nor --header was given\n' +
      '  generate, verify and snapshot do without: dlshim generate --header zlib.h --library libz.so.1 --out shims',
  );
}

/** The configuration that is named, else the one in this folder, if there is one. */
export async function loadedConfiguration(named: string | undefined): Promise<LoadedConfig | undefined> {
  const { findConfig, loadConfig } = await import('../config/config.ts');
  const path = named ?? findConfig(process.cwd());
  return path === undefined ? undefined : loadConfig(path);
}

/** One library of the configuration. */
export async function configuredLibrary(name: string, flags: SourceFlags): Promise<LoadedLibrary> {
  return choose(await configuration(flags), [name])[0]!;
}

function choose(config: LoadedConfig, names: readonly string[]): readonly LoadedLibrary[] {
  if (config.libraries.length === 0)
    throw new UsageError('the configuration has no libraries: it is one of drivers alone (`dlshim drivers`)');
  const unknown = names.filter((name) => !config.libraries.some((l) => l.config.name === name));
  if (unknown.length) {
    throw new UsageError(
      `the configuration has no library ${unknown.join(', ')}; it has ${config.libraries.map((l) => l.config.name).join(', ')}`,
    );
  }
  return names.length ? config.libraries.filter((l) => names.includes(l.config.name)) : config.libraries;
}

function libraryFromFlags(flags: SourceFlags, headers: readonly string[]): LoadedLibrary {
  const { library = [] } = flags;
  const files: Record<string, string[]> = {};
  for (const file of library) {
    if (file === '') throw new UsageError('--library needs a file name');
    if (file.includes('/'))
      throw new UsageError(`--library takes a file name, not a path: ${basename(file)} and not ${file}`);
    const platform = platformOf(file, flags);
    files[platform] = [...(files[platform] ?? []), file];
  }
  const base = library[0]?.replace(/\.(so|dylib|dll)\b.*$/, '') ?? basename(headers[0]!).replace(/\.\w+$/, '');
  const name = flags.name ?? base.replace(/\W+/g, '_').replace(/^(?=\d)/, '_');
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new UsageError(`${name} is not an identifier; name the shim with --name`);
  return {
    dir: process.cwd(),
    config: { name, headers, files },
  };
}

/** Which system has libraries of such a name; where the name does not say it, the target does. */
function platformOf(file: string, flags: SourceFlags): string {
  if (/\.so(\.|$)/.test(file)) return 'linux';
  if (file.endsWith('.dylib')) return 'darwin';
  if (file.toLowerCase().endsWith('.dll')) return 'win32';
  const [target] = (flags.target ?? []).map((name) => findTarget(name));
  return (target ?? DEFAULT_TARGET).platform;
}

/** The library with what pkg-config knows of it: folders behind its own, macros before its own. */
function withPkgConfig(library: LoadedLibrary, flags: SourceFlags): LoadedLibrary {
  const modules = [...(library.config.pkgConfig ?? []), ...(flags.pkgConfig ?? [])];
  if (modules.length === 0) return library;
  const { includeDirs, defines, version } = pkgConfig(modules, sysrootsOf(library, flags));
  const { config } = library;
  return {
    ...library,
    config: {
      ...config,
      includeDirs: [...(config.includeDirs ?? []), ...includeDirs],
      defines: [...defines, ...(config.defines ?? [])],
      version: config.version ?? version,
    },
  };
}

export interface TargetApi {
  readonly api: Api;
  readonly target: Target;
  /** Where the Api is of all its versions from the baseline on. */
  readonly history?: History;
}

/** The Api of one library on each of its targets; undefined where one of them could not be read. */
export async function readApis(
  library: LoadedLibrary,
  sources: Sources,
  flags: SourceFlags,
  diagnostics: Diagnostic[],
): Promise<readonly TargetApi[] | undefined> {
  const targets = targetsOf(library, flags);
  const found: TargetApi[] = [];
  for (const target of targets) {
    const api = await readApi(library, target, sources, flags, diagnostics);
    if (api) found.push({ api, target });
  }
  if (found.length < targets.length) return undefined;
  return found.map((one) => {
    const sameSystem = found.filter(({ target }) => target.platform === one.target.platform);
    return { ...one, api: shareExports(sameSystem.map(({ api }) => api))[sameSystem.indexOf(one)]! };
  });
}

/** The Api of one library on one target; diagnostics are gathered, and with an error among them there is none. */
export async function readApi(
  library: LoadedLibrary,
  target: Target,
  sources: Sources,
  flags: SourceFlags,
  diagnostics: Diagnostic[],
): Promise<Api | undefined> {
  const { config, dir } = library;
  if (flags.at !== undefined || (flags.fromSnapshot && !config.snapshot && config.history !== undefined)) {
    const { apiOfVersion } = await import('./history-files.ts');
    return apiOfVersion(library, target, flags.at);
  }
  if (flags.fromSnapshot) return readSnapshot(library, target);
  const { readHeaders } = await import('../pipeline.ts');
  const found = new Diagnostics();
  const api = await readHeaders(
    {
      library: config.name,
      version: flags.libraryVersion ?? config.version ?? 'unversioned',
      headers: config.headers,
      includeDirs: [
        ...(flags.includeDir ?? []).map((d) => resolve(d)),
        ...(config.includeDirs ?? []).map((d) => resolve(dir, d)),
      ],
      defines: [...(config.defines ?? []), ...(flags.define ?? [])],
      own: flags.own ?? config.own,
      ownDirs: [flags.own ? process.cwd() : dir],
      sysroots: sysrootsOf(library, flags),
      files: flags.noExports ? [] : (config.files[target.platform] ?? []),
      exportList: flags.exportList,
      target,
      docs: sources.docs,
      onStage: (stage) => progress.step(`${numbered(library, sources)}: ${stage}`),
    },
    found,
  );
  const several = targetsOf(library, flags).length > 1;
  for (const diagnostic of found.all) {
    const notes = [
      ...(diagnostic.code === 'include-not-found' ? notesOfMissing(library, target, flags) : []),
      ...(several ? [`while reading for ${target.name}`] : []),
    ];
    diagnostics.push(notes.length ? { ...diagnostic, notes: [...(diagnostic.notes ?? []), ...notes] } : diagnostic);
  }
  return found.hasErrors ? undefined : api;
}

/** `gtk3 (11 of 13)`. */
export function numbered({ config }: LoadedLibrary, { libraries }: Sources): string {
  if (libraries.length === 1) return config.name;
  return `${config.name} (${libraries.findIndex((l) => l.config === config) + 1} of ${libraries.length})`;
}

/** What the command line names, else the configuration. `builtin` stays the word that it is; folders become absolute. */
export function sysrootsOf({ config, dir }: LoadedLibrary, flags: SourceFlags): readonly string[] | undefined {
  const absolute = (from: string) => (root: string) => (root === BUILTIN ? root : resolve(from, root));
  return flags.sysroot?.map(absolute('.')) ?? config.sysroots?.map(absolute(dir));
}

/** A private header of the system's C library was not looked for beside the one that comes with dlshim. */
const LIBC_HINT = `with --sysroot ${BUILTIN} the system's own C library is left alone, and what its headers include is not looked for; without the option this header is found where the system has it`;

/** A header that is not there comes in a package, of which the configuration may know; or is another system's. */
function notesOfMissing(library: LoadedLibrary, target: Target, flags: SourceFlags): readonly string[] {
  const { config } = library;
  const sysroots = sysrootsOf(library, flags);
  const packages = Object.entries(config.headerPackages ?? {}).map(([system, list]) => `${system}: ${list.join(' ')}`);
  const hint = sysroots?.includes(BUILTIN) ? LIBC_HINT : sysrootHint(target, sysroots);
  return [
    ...(packages.length ? [`packages with the headers of ${config.name}: ${packages.join('; ')}`] : []),
    ...(hint ? [hint] : []),
  ];
}

/** The Api of a target, from the snapshot file or one beside it. */
async function readSnapshot({ config, dir }: LoadedLibrary, target: Target): Promise<Api> {
  if (!config.snapshot) throw new UsageError(`${config.name} has no \`snapshot\` in its configuration`);
  const { snapshotFromJson, SnapshotError } = await import('../history/snapshot.ts');
  const main = resolve(dir, config.snapshot);
  for (const path of [main, ...snapshotsBeside(main).filter((file) => existsSync(file))]) {
    try {
      const api = snapshotFromJson(readFileSync(path, 'utf8'), target.name);
      if (api.target === target.name) return api;
    } catch (error) {
      if (error instanceof SnapshotError)
        throw new UsageError(`${shortPath(path)}: this snapshot cannot be read: ${error.message}`);
      throw error;
    }
  }
  throw new UsageError(
    `${config.name}: neither ${shortPath(main)} nor a file beside it is of ${target.name}; \`dlshim snapshot --save\` writes them`,
  );
}

/** Where the snapshots of targets stand whose Apis differ from that in the main file: `1.2.3.x86_64-windows.json`. */
export function snapshotsBeside(main: string): readonly string[] {
  return allTargets.map((target) => main.replace(/(\.json)?$/, `.${target.name}.json`));
}

/** A path as a person would type it from here. */
export function shortPath(path: string): string {
  const here = relative(process.cwd(), path);
  return here.startsWith('..') ? path : here || '.';
}
