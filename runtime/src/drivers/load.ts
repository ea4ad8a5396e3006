// A known driver and the program in, the driver at work out: its module imported, its libraries open with what it requires, and
// the program accepted by it. Or a DriverError that tells what is not installed from what is refused, was built for another version, or failed.

import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareVersions } from '../versions/compare.ts';
import { type AnyShim, DRIVER_FORMAT, type Driver, type LoadedDriver } from './define.ts';
import type { DriverDescriptor, Host } from './descriptor.ts';
import {
  codeOf,
  DriverError,
  type DriverFailure,
  driverErrorOf,
  faultIn,
  isDriverError,
  kindOf,
  messageOf,
  remedyOf,
  thrownWords,
} from './errors.ts';
import { loadingWords, type Steps } from './waiting.ts';

export type AnyLoaded = LoadedDriver<unknown, unknown, unknown, unknown>;
export type AnyDriver = Driver<unknown, unknown, unknown, unknown, unknown>;

/** A driver on a program's list: its descriptor, and where its code is. `dlshim drivers` writes these. */
export interface KnownDriver<M = unknown> extends DriverDescriptor {
  readonly module: () => Promise<{ readonly default: M }>;
}

type Without = (library: string, error: DriverError) => void;

/** Does all of it, and throws nothing but a DriverError. `without` hears of optional libraries that are there and cannot be used. */
export async function loadDriver(known: KnownDriver, host: Host, steps: Steps, without: Without): Promise<AnyLoaded> {
  try {
    return await makeReady(known, host, steps, without);
  } catch (error) {
    throw driverErrorOf(known.name, error);
  }
}

async function makeReady(known: KnownDriver, host: Host, steps: Steps, without: Without): Promise<AnyLoaded> {
  const driver = await importDriver(known, host, steps);
  const libraries = await openLibraries(driver, steps, without);
  const { name } = known;
  const me = `${host.name} ${host.version}`;
  let loaded: AnyLoaded;
  try {
    loaded = await steps.run(
      name,
      () => `making it ready for ${me}`,
      () => driver.load(host, libraries as never),
    );
  } catch (error) {
    if (isDriverError(error)) throw error;
    throw refusalOf(name, me, error);
  }
  const lacks = faultOfLoaded(known, loaded);
  if (lacks !== undefined) throw faultIn(name, `The driver '${name}' failed: its load() gave ${lacks}.`);
  return loaded;
}

function refusalOf(name: string, host: string, error: unknown): DriverError {
  const remedy = remedyOf(error);
  switch (kindOf(error)) {
    case 'refused':
      return new DriverError(
        'refused',
        name,
        `The driver '${name}' refuses ${host}: ${messageOf(error)}`,
        remedy,
        error,
      );
    case 'absent':
      return new DriverError('absent', name, `The driver '${name}' cannot be used: ${messageOf(error)}`, remedy, error);
    case 'version':
      return new DriverError(
        'version',
        name,
        `The driver '${name}' was built for another version.\n${messageOf(error)}`,
        remedy,
        error,
      );
    default: {
      const what = `The driver '${name}' failed when it was made ready for ${host}:\n  ${thrownWords(error)}`;
      return faultIn(name, what, error);
    }
  }
}

function faultOfLoaded({ needsCode }: DriverDescriptor, loaded: AnyLoaded): string | undefined {
  if (typeof loaded?.open !== 'function') return 'nothing that opens';
  return needsCode && typeof loaded.probe !== 'function' ? 'no probe, and its descriptor says `needsCode`' : undefined;
}

/** Imports a driver's module, and checks that it is the driver that the list means. Maps no native code. */
export async function importDriver(known: KnownDriver, host: Host, steps: Steps): Promise<AnyDriver> {
  const { name } = known;
  if (known.host !== undefined && compareVersions(host.version, known.host) < 0)
    throw new DriverError(
      'version',
      name,
      `The driver '${name}' was built for ${host.name} ${known.host} or newer, and this is ${host.name} ${host.version}.`,
      `Update ${host.name}, or install a driver '${name}' that was made for ${host.name} ${host.version}.`,
    );
  const specifier = specifierOf(known);
  const module = specifier === undefined ? 'its module' : `its module ${specifier}`;
  let driver: AnyDriver | undefined;
  try {
    const imported = await steps.run(
      name,
      () => `importing ${module}`,
      async () => known.module(),
    );
    driver = imported?.default as AnyDriver | undefined;
  } catch (error) {
    if (isDriverError(error)) throw error;
    throw importError(name, host, module, specifier, error);
  }
  checkExport(known, driver, module, host);
  return driver as AnyDriver;
}

function importError(
  name: string,
  host: Host,
  module: string,
  specifier: string | undefined,
  error: unknown,
): DriverError {
  if (specifier !== undefined && isAbsent(error, specifier))
    return new DriverError(
      'absent',
      name,
      `The driver '${name}' is not installed: there is no module ${specifier}.`,
      installing(specifier, host),
      error,
    );
  const other = OTHER_RUNTIME.exec(messageOf(error))?.[1];
  if (error instanceof SyntaxError && other !== undefined) {
    const what = `The driver '${name}' was built for another version of ${other}: ${messageOf(error)}.`;
    return new DriverError('version', name, what, sameVersions(other, name), error);
  }
  const kind = kindOf(error);
  const what = `The driver '${name}' ${WORDS[kind] ?? 'failed'} when ${module} was imported:`;
  if (kind !== 'failed') return new DriverError(kind, name, `${what}\n${messageOf(error)}`, remedyOf(error), error);
  return faultIn(name, `${what}\n  ${thrownWords(error)}`, error);
}

const WORDS: Readonly<Record<string, string>> = {
  absent: 'found no library',
  refused: 'found its library refused',
  version: 'turned out to be built for another version',
};

/** What an import says of a name that the installed version of a module does not have. */
const OTHER_RUNTIME = /requested module '(@dlshim\/[^'/]+)[^']*'/;

function sameVersions(module: string, name: string): string {
  return `Install versions of ${module} and the driver '${name}' that belong together: npm ls ${module}`;
}

/** The module's name as the list has it, from the text of its function. */
export function specifierOf({ module }: KnownDriver): string | undefined {
  return /(?:import|require)\(\s*(?:\/\*.*?\*\/\s*)*(["'`])([^"'`$]+)\1/.exec(String(module))?.[2];
}

/** Whether it is that very module that is not there, and not one that it imports. */
export function isAbsent(error: unknown, specifier: string): boolean {
  const code = codeOf(error);
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return false;
  const message = messageOf(error).replaceAll('\\', '/');
  const target = pathOf(/Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1] ?? '');
  const importer = pathOf(/imported from ["']?(.+?)["']?$/m.exec(message)?.[1] ?? '');
  if (target === specifier) return true;
  if (/^\.\.?\//.test(specifier)) return target === join(importer, '..', specifier).replaceAll('\\', '/');
  if (isAbsolute(specifier) || specifier.startsWith('file:')) return target === pathOf(specifier);
  const [packageName = ''] = /^(@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  const folder = `/node_modules/${packageName}/`;
  return target === packageName || (target.includes(folder) && !importer.includes(folder));
}

function pathOf(place: string): string {
  return (place.startsWith('file:') ? fileURLToPath(place) : place).replaceAll('\\', '/');
}

function installing(specifier: string, host: Host): string {
  if (/^\.|^\/|:/.test(specifier))
    return `It should have come with ${host.name}: install that again. Where the driver was taken out, run 'dlshim drivers'.`;
  const [packageName] = /^(@[^/]+\/)?[^/]+/.exec(specifier) ?? [specifier];
  return `Install it: npm install ${packageName}`;
}

function checkExport(known: KnownDriver, driver: AnyDriver | undefined, module: string, host: Host): void {
  const { name } = known;
  if (!isDriver(driver))
    throw new DriverError(
      'failed',
      name,
      `The driver '${name}' failed: ${module} exports no driver by default.`,
      'Write `export default defineDriver(…)`.',
    );
  const { format, descriptor, shims } = driver;
  if (format !== DRIVER_FORMAT) {
    const which = format > DRIVER_FORMAT ? 'Update @dlshim/runtime' : `Update the driver '${name}'`;
    const what = `The driver '${name}' was built for another version of @dlshim/runtime: its format is ${format}, and this one reads ${DRIVER_FORMAT}.`;
    throw new DriverError('version', name, what, `${which}: both have to be of versions that belong together.`);
  }
  const other = difference(known, descriptor);
  if (other !== undefined)
    throw new DriverError(
      'version',
      name,
      `The driver '${name}' is of another version than ${host.name}'s list of drivers: they do not say the same of ${other}.`,
      "The list is stale: run 'dlshim drivers', and build again.",
    );
  const [asked, given] = [Object.keys(descriptor.shims ?? {}), Object.keys(shims)];
  const odd = asked.find((each) => !given.includes(each)) ?? given.find((each) => !asked.includes(each));
  if (odd === undefined) return;
  const which = asked.includes(odd)
    ? 'its descriptor names it, and its code has no such shim'
    : 'its descriptor does not name it';
  throw faultIn(name, `The driver '${name}' failed: ${odd}: ${which}.`);
}

function isDriver(driver: AnyDriver | undefined): driver is AnyDriver {
  const isData = (data: unknown) => typeof data === 'object' && data !== null;
  if (typeof driver?.format !== 'number' || typeof driver.load !== 'function') return false;
  // One of another format may be made of something else.
  return driver.format !== DRIVER_FORMAT || (isData(driver.descriptor) && isData(driver.shims));
}

/** What counts: words for people may change. */
const FACTS = ['name', 'protocols', 'formats', 'probes', 'needsCode', 'shims', 'host', 'options', 'priority'] as const;

/** The first of a descriptor's keys of which a list says otherwise. */
function difference(known: DriverDescriptor, own: DriverDescriptor): string | undefined {
  return FACTS.find((key) => !isSame(known[key], own[key]));
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [a, b] as Readonly<Record<string, unknown>>[];
  const isWords = (key: string) =>
    key === 'description' && typeof left![key] === 'string' && typeof right![key] === 'string';
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every(
    (key) => isWords(key) || isSame(left![key], right![key]),
  );
}

async function openLibraries(
  { descriptor, shims }: AnyDriver,
  steps: Steps,
  without: Without,
): Promise<Record<string, unknown>> {
  const libraries: Record<string, unknown> = {};
  for (const [library, shim] of Object.entries<AnyShim>(shims)) {
    const { requires = [], optional = false } = descriptor.shims?.[library] ?? {};
    try {
      libraries[library] = await steps.run(
        descriptor.name,
        () => loadingWords(library),
        () => openShim(shim, { require: requires as never[] }),
      );
    } catch (error) {
      if (isDriverError(error) && !optional) throw error;
      const failure = libraryError(descriptor.name, library, error, optional);
      if (!optional) throw failure;
      libraries[library] = undefined;
      if (failure.kind !== 'absent') without(library, failure);
    }
  }
  return libraries;
}

/** A shim may be of another copy of the runtime, which is older. */
function openShim(shim: AnyShim, options: { readonly require: never[] }): unknown {
  return typeof shim.openAsync === 'function' ? shim.openAsync(options) : shim.open(options);
}

/** Why a library cannot be used, for a driver that needs it or does less without it. */
export function libraryError(driver: string, library: string, error: unknown, isOptional: boolean): DriverError {
  const kind = isDriverError(error) ? error.kind : kindOf(error);
  const why = whyNot(library, kind, codeOf(error), isOptional);
  const what = `${withoutWords(driver, library, isOptional)}: ${why ?? `opening ${library} failed`}.`;
  if (why !== undefined) return new DriverError(kind, driver, `${what}\n${messageOf(error)}`, remedyOf(error), error);
  return faultIn(driver, `${what}\n  ${thrownWords(error)}`, error);
}

/** What it is for a driver that a library cannot be used. */
export function withoutWords(driver: string, library: string, isOptional: boolean): string {
  return isOptional
    ? `The driver '${driver}' works without ${library}, and does less`
    : `The driver '${driver}' cannot be used`;
}

function whyNot(
  library: string,
  kind: DriverFailure,
  code: string | undefined,
  isOptional: boolean,
): string | undefined {
  // Of neither has a file been looked at.
  if (code === 'DLSHIM_PATH') return `the path of ${library} is refused`;
  if (code === 'DLSHIM_PLATFORM') return `${library} cannot be opened on this system`;
  if (kind === 'absent')
    return isOptional ? `${library} is not installed` : `it needs ${library}, which is not installed`;
  if (kind === 'refused') return `${library} is installed, and refused`;
  return kind === 'version' ? `its shim of ${library} was built for another version` : undefined;
}
