// In: what `dlshim packaging` is given: drivers, shims, or nothing but the configuration. Out: what they need of a system. Drivers' sources are
// read and not executed; shims are imported, which maps no native code.

import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findConfig, importModule, type LoadedConfig } from '../config/config.ts';
import type { Diagnostic } from '../diagnostics.ts';
import type { Dependency, Priority } from '../packaging/dependency.ts';
import { filesThatServe, misnamed, type ShimFacts } from '../packaging/shim.ts';
import { type DriverShim, type ReadDriver, readDrivers } from '../typescript/drivers.ts';
import { Modules, textOf } from '../typescript/modules.ts';
import { driverFiles } from './driver-files.ts';
import { glob, isGlob } from './glob.ts';
import { UsageError } from './output.ts';
import type { PackagingFlags } from './packaging.ts';
import { findModules, type ShimModule } from './probe.ts';
import { progress } from './progress.ts';
import { loadedConfiguration, shortPath } from './source.ts';
import { loadMorph } from './typescript.ts';

const DEFAULT_PRIORITY: Priority = 'recommended';

export interface Needed {
  readonly dependencies: readonly Dependency[];
  /** What is wrong with drivers, each at its place. */
  readonly problems: readonly Diagnostic[];
}

export async function dependenciesOf(names: readonly string[], flags: PackagingFlags): Promise<Needed> {
  const config = await loadedConfiguration(flags.config);
  const { lists, shims } = names.length > 0 ? await sorted(names, config) : inConfig(config);
  const configFile = flags.config ?? findConfig(process.cwd());
  if (configFile !== undefined) spare(configFile, flags.out);
  const ofDrivers = lists.length > 0 ? await fromDrivers(lists, flags.out) : { dependencies: [], problems: [] };
  const isConfig = names.length === 0 && lists.length === 0;
  if (isConfig && !config)
    throw new UsageError(
      "there is no dlshim.config.ts here: name a configuration, sources of drivers such as 'src/drivers/*.ts', or modules of shims",
    );
  if (flags.priority !== undefined && !isConfig && shims.length === 0)
    throw new UsageError(
      '--priority is of shims that are named by themselves: a driver says its own, `priority` in its descriptor',
    );
  const modules = isConfig || shims.length > 0 ? await findModules(shims, flags) : [];
  const named = (await Promise.all(modules.map(shimsOf))).flat();
  const ofShims = named.map((shim) => ofShim(shim, flags.priority ?? DEFAULT_PRIORITY));
  return { ...ofDrivers, dependencies: [...ofDrivers.dependencies, ...ofShims] };
}

/** What is read is not written over, by whatever name. */
function spare(file: string, out: string | undefined): void {
  if (out !== undefined && existsSync(out) && realpathSync(out) === realpathSync(file))
    throw new UsageError(`-o ${out}: that is what it would be made from, and is left as it is: name another file`);
}

/** Sources of drivers, and where they start from. */
interface Sources {
  readonly sources: readonly string[];
  /** Files that a pattern matched: they may hold no driver. */
  readonly matched?: readonly string[];
  readonly folder: string;
  /** The known list that is made of them, which is no driver. */
  readonly out?: string;
}

interface Sorted {
  readonly lists: readonly Sources[];
  /** Modules, libraries of the configuration, packages. */
  readonly shims: readonly string[];
}

/** Without names: the drivers of the configuration's programs, or where it has none, its libraries. */
function inConfig(config: LoadedConfig | undefined): Sorted {
  const lists = config?.drivers ?? [];
  return { lists: lists.map((list) => ({ ...list, out: resolve(list.folder, list.out) })), shims: [] };
}

/** Files that are neither, which a pattern may match as well, are passed over where there are others. */
async function sorted(names: readonly string[], config: LoadedConfig | undefined): Promise<Sorted> {
  const folder = process.cwd();
  const nots = names.filter((name) => name.startsWith('!')).map((name) => name.slice(1));
  const left = new Set(nots.flatMap((pattern) => glob(pattern, folder)));
  const found = { sources: [] as string[], matched: [] as string[], shims: [] as string[] };
  for (const name of names.filter((one) => !one.startsWith('!'))) {
    const isPattern = isGlob(name) && !isFile(name);
    for (const file of isPattern ? filesOf(name, folder).filter((one) => !left.has(one)) : [name]) {
      const kind = await kindOf(file, folder, config);
      if (kind === 'shim') found.shims.push(file);
      else if (kind === 'driver') found[isPattern ? 'matched' : 'sources'].push(file);
    }
  }
  const { sources, matched, shims } = found;
  const hasDrivers = sources.length + matched.length > 0;
  if (!hasDrivers && shims.length === 0) throw new UsageError(`${names.join(', ')}: no driver and no shim is in there`);
  return { lists: hasDrivers ? [{ sources, matched, folder }] : [], shims };
}

/** Of a file what its text mentions, of other names what an import gets. */
async function kindOf(
  name: string,
  folder: string,
  config: LoadedConfig | undefined,
): Promise<'driver' | 'shim' | undefined> {
  if (config?.libraries.some((library) => library.config.name === name)) return 'shim';
  if (!isFile(name)) return (await isDriverPackage(name, folder)) ? 'driver' : 'shim';
  const text = textOf(name) ?? '';
  if (/\bdefineDriver\b/.test(text)) return 'driver';
  return /\bdefineShim\b|dlshim\/descriptor/.test(text) ? 'shim' : undefined;
}

function isFile(name: string): boolean {
  return existsSync(name) && statSync(name).isFile();
}

function filesOf(pattern: string, folder: string): readonly string[] {
  const files = glob(pattern, folder).filter((file) => /\.[cm]?[jt]s$/.test(file) && !/\.d\.[cm]?ts$/.test(file));
  if (files.length === 0) throw new UsageError(`${pattern}: no file matches it`);
  return files;
}

/** What an import of the name gets is a driver's module. */
async function isDriverPackage(name: string, folder: string): Promise<boolean> {
  if (/^\.{0,2}[\\/]/.test(name)) return false;
  const modules = new Modules(loadMorph(), shortPath);
  progress.clear();
  const file = modules.resolve(name, join(folder, 'any.ts'));
  return file !== undefined && file !== 'builtin' && /\bdefineDriver\b/.test(textOf(file) ?? '');
}

async function fromDrivers(lists: readonly Sources[], written: string | undefined): Promise<Needed> {
  const modules = new Modules(loadMorph(), shortPath);
  progress.step('reading drivers');
  const read = lists.map(({ sources, matched = [], folder, out }) => {
    const named = driverFiles(sources, folder, modules, out);
    const others = matched.filter((file) => !named.some((one) => one.file === file));
    const files = [...named, ...others.map((file) => ({ file, isNamed: false }))];
    for (const { file } of files) spare(file, written);
    return readDrivers(files, modules);
  });
  progress.clear();
  const problems = read.flatMap((one) => one.problems);
  if (problems.some(({ severity }) => severity === 'error')) return { dependencies: [], problems };
  const drivers = read.flatMap((one) => one.drivers);
  const found = await Promise.all(drivers.flatMap((driver) => driver.shims.map((shim) => ofDriver(driver, shim))));
  return {
    dependencies: found.flatMap((one) => ('library' in one ? [one] : [])),
    problems: [...problems, ...found.flatMap((one) => ('library' in one ? [] : [one]))],
  };
}

/** What works without a library is a feature of its own: one feature needs all that is said of it. */
async function ofDriver({ descriptor, name }: ReadDriver, shim: DriverShim): Promise<Dependency | Diagnostic> {
  const { key, optional, requires, place } = shim;
  const facts = await factsOf(shim);
  const given = descriptor.priority ?? DEFAULT_PRIORITY;
  const priority = shim.priority ?? (optional ? 'suggested' : given);
  const { library } = facts;
  const feature = optional ? `${name}-${key}` : name;
  const description = optional ? `${descriptor.description} (with ${library})` : descriptor.description;
  const files = filesThatServe(facts, requires);
  if (files.length > 0) return { feature, description, priority, library, files };
  const message = facts.files.linux
    ? `no version of ${library} that its shim knows has all of ${requires.join(', ')}`
    : `the shim of ${library} names no file for Linux`;
  return { code: 'unserved', severity: 'error', place, message };
}

async function factsOf({ key, file, facts }: DriverShim): Promise<ShimFacts> {
  const shims = await shimsOf({ name: shortPath(file!), specifier: pathToFileURL(file!).href });
  const shim = shims.find(({ library }) => library === facts!.library);
  if (!shim) throw new UsageError(`${shortPath(file!)} exports no shim of ${key}`);
  return shim;
}

/** Nothing is known of what uses it: all that the shim is for serves. */
function ofShim(shim: ShimFacts, priority: Priority): Dependency {
  const { library } = shim;
  const files = filesThatServe(shim, []);
  if (files.length === 0) throw new UsageError(`the shim of ${library} names no file for Linux`);
  return { feature: library, description: `use of ${library}`, priority, library, files };
}

const DESCRIPTOR = Symbol.for('@dlshim/descriptor/1');

/** What all shims of a module say. */
async function shimsOf({ name, specifier }: ShimModule): Promise<readonly ShimFacts[]> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await importModule(specifier)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new UsageError(`${name} cannot be imported: ${(error as Error).message}`);
  }
  const shims = Object.values(exported).flatMap((value) => {
    const facts = typeof value === 'object' && value !== null ? Reflect.get(value, DESCRIPTOR) : undefined;
    return facts === undefined ? [] : [facts as ShimFacts];
  });
  if (shims.length === 0) throw new UsageError(`${name} exports no shim: generate one with dlshim generate`);
  for (const shim of shims) {
    const wrong = misnamed(shim);
    if (wrong !== undefined) throw new UsageError(`${name}: its shim cannot be packaged: ${wrong}`);
  }
  return shims;
}
