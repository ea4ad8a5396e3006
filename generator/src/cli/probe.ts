// dlshim probe: what is installed of the libraries that shims are for. The shims say it themselves, `inspect({ load: false })` of their
// own runtime: this imports their modules and prints what comes of it. With --load each library gets a process of its own.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findConfig, importModule, loadConfig } from '../config/config.ts';
import { didYouMean } from '../model/near.ts';
import { ExitCode, UsageError } from './output.ts';
import { inOwnProcess, send } from './probe-process.ts';
import { details, table } from './probe-text.ts';

export interface ProbeFlags {
  readonly config?: string;
  readonly load?: true;
  readonly json?: true;
  readonly path?: string;
  /** What a process of its own is started with. */
  readonly report?: true;
}

/** What a shim says, as JSON carries it. Of runtimes before or after this one some of it may be missing. */
export interface Probed {
  readonly library: string;
  /** As `inspect()` has it; `crashed` where the process ended while it loaded the library. */
  readonly status: string;
  readonly version?: string | undefined;
  readonly versions?: {
    readonly text: string;
    readonly since?: string | undefined;
    readonly until?: string | undefined;
    readonly evidence: readonly { readonly from: string; readonly says: string; readonly allows: string }[];
    readonly warnings: readonly string[];
  };
  readonly shimVersion: string;
  readonly path?: string | undefined;
  readonly soname?: string | undefined;
  readonly buildId?: string | undefined;
  readonly fileVersion?: string;
  readonly attempts: readonly { readonly file: string; readonly error?: string; readonly note?: string }[];
  readonly present: readonly string[];
  readonly missing: readonly string[];
  readonly undecided?: readonly string[];
  readonly missingRequired: readonly string[];
  /** null where it cannot be decided. */
  readonly features: Readonly<Record<string, boolean | null>>;
  readonly reasons?: Readonly<Record<string, string>>;
  readonly layouts?: Readonly<Record<string, string>>;
  readonly signatures?: Readonly<Record<string, string>>;
  readonly undetermined?: readonly string[];
  readonly error?: { readonly name: string; readonly code?: string; readonly message: string } | undefined;
}

/** A module that exports shims. */
export interface ShimModule {
  /** As it was named. */
  readonly name: string;
  /** A URL or a path to import. */
  readonly specifier: string;
}

interface Shim {
  inspect(options: { load?: boolean; dependencies?: boolean; path?: string }): object;
}

export async function probe(names: readonly string[], flags: ProbeFlags): Promise<void> {
  if (flags.report) return send(await probeModule({ name: '', specifier: names[0]! }, flags));
  const modules = await findModules(names, flags);
  if (flags.path !== undefined && modules.length !== 1) throw new UsageError('--path takes one library at a time');
  const results: Probed[] = [];
  for (const module of modules) {
    const found = flags.load ? await inOwnProcess(module, flags) : await probeModule(module, flags);
    results.push(...found);
  }
  if (flags.json) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
  else process.stdout.write(results.length === 1 ? details(results[0]!) : table(results));
  if (!results.every(isUsable)) process.exitCode = ExitCode.failed;
}

export function isUsable({ status }: Pick<Probed, 'status'>): boolean {
  return status === 'loadable' || status === 'loaded';
}

/** What a library's shim in a folder says without loading anything; undefined where there is none that can be imported. */
export async function probeShim(library: string, folder: string): Promise<Probed | undefined> {
  try {
    const found = await probeModule(ofConfig(library, folder), {});
    return found.find((one) => one.library === library);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** What all shims of a module say. */
async function probeModule({ name, specifier }: ShimModule, { load, path }: ProbeFlags): Promise<Probed[]> {
  let exported: Record<string, unknown>;
  try {
    exported = (await importModule(specifier)) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`${name || specifier} cannot be imported: ${(error as Error).message}`);
  }
  const shims = Object.values(exported).filter(isShim);
  if (shims.length === 0)
    throw new UsageError(`${name || specifier} exports no shim: generate one with dlshim generate`);
  return shims.map((shim) =>
    plain(
      shim.inspect({
        load: load === true,
        dependencies: true,
        ...(path === undefined ? {} : { path: resolvedPath(path) }),
      }),
    ),
  );
}

function isShim(value: unknown): value is Shim {
  const shim = value as { inspect?: unknown; tryOpen?: unknown } | null;
  return typeof shim === 'object' && typeof shim?.inspect === 'function' && typeof shim.tryOpen === 'function';
}

/** A path may be relative here, where it is plain to what; a bare name is for the loader to search. */
function resolvedPath(path: string): string {
  return /[\\/]/.test(path) || existsSync(path) ? resolve(path) : path;
}

/** Errors and what is undefined do not stand in JSON by themselves. */
function plain(inspection: object): Probed {
  const { error, features, ...rest } = inspection as Omit<Probed, 'error' | 'features'> & {
    error?: Error & { code?: string };
    features: Record<string, boolean | undefined>;
  };
  return {
    ...rest,
    features: Object.fromEntries(Object.entries(features).map(([name, has]) => [name, has ?? null])),
    ...(error && { error: { name: error.name, ...(error.code && { code: error.code }), message: error.message } }),
  };
}

/** The modules of these libraries: of the configuration, by path, or by package. */
export async function findModules(names: readonly string[], flags: Pick<ProbeFlags, 'config'>): Promise<ShimModule[]> {
  const path = flags.config ?? findConfig('.');
  if (names.length > 0 && names.every(isPath)) return names.map(atPath);
  if (path === undefined) {
    if (names.length === 0)
      throw new UsageError('there is no dlshim.config.ts here: name a configuration, or modules of shims');
    return names.map((name) => (isPath(name) ? atPath(name) : inPackage(name, [])));
  }
  const { out, libraries } = await loadConfig(path);
  const known = libraries.map(({ config }) => config.name);
  return (names.length > 0 ? names : known).map((name) => {
    if (isPath(name)) return atPath(name);
    return known.includes(name) ? ofConfig(name, out) : inPackage(name, known);
  });
}

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];

function isPath(name: string): boolean {
  return (
    /^\.{0,2}[\\/]|^[A-Za-z]:[\\/]/.test(name) || (EXTENSIONS.some((end) => name.endsWith(end)) && existsSync(name))
  );
}

function atPath(name: string): ShimModule {
  if (!existsSync(name)) throw new UsageError(`${name}: no such file`);
  return { name, specifier: pathToFileURL(resolve(name)).href };
}

function ofConfig(name: string, out: string): ShimModule {
  const files = EXTENSIONS.map((end) => join(out, `${name}${end}`));
  const file = files.find((path) => existsSync(path));
  if (file === undefined)
    throw new UsageError(`${name} has no shim yet: there is no ${files[0]}; run dlshim generate ${name}`);
  return { name, specifier: pathToFileURL(file).href };
}

/** A package's module, as this folder would import it; a bare name is one of the published shims. */
function inPackage(name: string, known: readonly string[]): ShimModule {
  const require = createRequire(join(resolve('.'), 'dlshim'));
  for (const specifier of name.includes('/') ? [name] : [`@dlshim/shims/${name}`, name]) {
    try {
      return { name, specifier: pathToFileURL(require.resolve(specifier)).href };
    } catch (error) {
      if (specifier === name && (error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED')
        throw notExported(name, require);
    }
  }
  const hint = didYouMean(name, known);
  throw new UsageError(
    `${name} is no library of the configuration, no path, and no package that is installed here${hint}`,
  );
}

/** The package is installed, and this is none of its modules. */
function notExported(name: string, require: NodeJS.Require): UsageError {
  const own = /^(@[^/]+\/)?[^/]+/.exec(name)![0];
  const folders = require.resolve.paths(own) ?? [];
  const manifest = folders.map((folder) => join(folder, own, 'package.json')).find((path) => existsSync(path));
  const { exports = {} } = manifest ? (JSON.parse(readFileSync(manifest, 'utf8')) as { exports?: object }) : {};
  const paths = Object.keys(exports);
  // `require` passes over what is there under the condition `import` alone.
  if (paths.includes(`.${name.slice(own.length)}`) || (name === own && paths.some((path) => !path.startsWith('.'))))
    return new UsageError(
      `${name} is there for \`import\` alone: name its file, such as ${join('node_modules', own, 'index.js')}`,
    );
  const modules = paths
    .filter((path) => path.startsWith('./') && !/\*|\.json$/.test(path))
    .map((path) => own + path.slice(1));
  const what = name === own ? `${own} is installed, and has no module of its own name` : `${own} has no module ${name}`;
  const instead = modules.length > 0 ? `: name a module of it, such as ${modules[0]}${didYouMean(name, modules)}` : '';
  return new UsageError(`${what}${instead}`);
}
