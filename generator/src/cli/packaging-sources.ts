// In: what `dlshim packaging` is given: drivers, shims, or nothing but the configuration. Out: what they need of a system. Drivers' sources are
// read and not executed; shims are imported, which maps no native code.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importModule } from '../config/config.ts';
import type { Diagnostic } from '../diagnostics.ts';
import type { Dependency, Priority } from '../packaging/dependency.ts';
import { filesThatServe, type ShimFacts } from '../packaging/shim.ts';
import { type DriverFile, type DriverShim, type ReadDriver, readDrivers } from '../typescript/drivers.ts';
import { Modules } from '../typescript/modules.ts';
import { UsageError } from './output.ts';
import type { PackagingFlags } from './packaging.ts';
import { findModules, type ShimModule } from './probe.ts';
import { progress } from './progress.ts';
import { shortPath } from './source.ts';
import { loadMorph } from './typescript.ts';

const DEFAULT_PRIORITY: Priority = 'recommended';

export interface Needed {
  readonly dependencies: readonly Dependency[];
  /** What is wrong with drivers, each at its place. */
  readonly problems: readonly Diagnostic[];
}

export async function dependenciesOf(names: readonly string[], flags: PackagingFlags): Promise<Needed> {
  const { drivers, shims, others } = sorted(names);
  const ofDrivers = drivers.length > 0 ? await fromDrivers(drivers) : { dependencies: [], problems: [] };
  const modules = names.length === 0 || shims.length > 0 ? await findModules(shims, flags) : [];
  const named = (await Promise.all(modules.map(shimsOf))).flat();
  const ofShims = named.map((shim) => ofShim(shim, flags.priority ?? DEFAULT_PRIORITY));
  const isNothing = drivers.length + shims.length === 0 && others.length > 0;
  if (isNothing) throw new UsageError(`${others.map(shortPath).join(', ')}: no driver and no shim is in there`);
  return { ...ofDrivers, dependencies: [...ofDrivers.dependencies, ...ofShims] };
}

interface Sorted {
  readonly drivers: readonly string[];
  /** Modules, libraries of the configuration, packages. */
  readonly shims: readonly string[];
  /** Files beside those that a pattern named as well. */
  readonly others: readonly string[];
}

function sorted(names: readonly string[]): Sorted {
  const all = { drivers: [] as string[], shims: [] as string[], others: [] as string[] };
  for (const name of names) {
    const isFile = existsSync(name) && statSync(name).isFile();
    const text = isFile ? readFileSync(name, 'utf8') : '';
    if (/\bdefineDriver\b/.test(text)) all.drivers.push(resolve(name));
    else if (!isFile || /\bdefineShim\b|dlshim\/descriptor/.test(text)) all.shims.push(name);
    else all.others.push(resolve(name));
  }
  return all;
}

async function fromDrivers(paths: readonly string[]): Promise<Needed> {
  const modules = new Modules(loadMorph(), shortPath);
  progress.step('reading drivers');
  // One that is named alone is to have one.
  const files = paths.map((file): DriverFile => ({ file, isNamed: paths.length === 1 }));
  const { drivers, problems } = readDrivers(files, modules);
  progress.clear();
  if (problems.some(({ severity }) => severity === 'error')) return { dependencies: [], problems };
  if (drivers.length === 0) throw new UsageError(`${paths.map(shortPath).join(', ')}: no driver is in there`);
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
  return shims;
}
