// The loading of dlshim.config.ts and library.json. In: a path. Out: validated data, or a ConfigError that
// names the file, the key and what is wrong with it.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DEFAULT_RUNTIME, type DriversConfig } from './define.ts';
import { ConfigError } from './error.ts';
import type { LibraryConfig } from './library.ts';
import { loader } from './loader.ts';
import { checkConfig, checkLibrary } from './schema.ts';

/** A library with the folder that its relative paths start from. */
export interface LoadedLibrary {
  readonly config: LibraryConfig;
  readonly dir: string;
}

export interface LoadedConfig {
  /** The folder that its relative paths start from. */
  readonly dir: string;
  readonly out: string;
  readonly docs: boolean;
  readonly runtime: string;
  readonly libraries: readonly LoadedLibrary[];
  readonly usedBy?: readonly string[] | undefined;
  readonly keep: readonly string[];
  readonly drivers: readonly LoadedDrivers[];
}

/** A known list of drivers with the folder that its relative paths start from. */
export interface LoadedDrivers extends DriversConfig {
  readonly folder: string;
}

const CONFIG_NAMES = [
  'dlshim.config.ts',
  'dlshim.config.mts',
  'dlshim.config.js',
  'dlshim.config.mjs',
  'dlshim.config.json',
];

/** The configuration file in a folder, if there is one. */
export function findConfig(dir: string): string | undefined {
  return CONFIG_NAMES.map((name) => resolve(dir, name)).find((path) => existsSync(path));
}

export async function loadConfig(path: string): Promise<LoadedConfig> {
  const dir = dirname(resolve(path));
  const config = checkConfig(await importConfig(resolve(path)), path);
  const libraries = (config.libraries ?? []).map((entry) =>
    typeof entry === 'string' ? loadLibrary(resolve(dir, entry)) : { config: entry, dir },
  );
  const names = libraries.map((library) => library.config.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new ConfigError(`${path}: two libraries are named ${twice}, and would be one file`);
  return {
    dir,
    out: resolve(dir, config.out ?? '.'),
    docs: config.docs ?? false,
    runtime: config.runtime ?? DEFAULT_RUNTIME,
    libraries,
    drivers: (config.drivers ?? []).map((list) => ({ ...list, folder: dir })),
    usedBy: config.usedBy,
    keep: config.keep ?? [],
  };
}

export function loadLibrary(path: string): LoadedLibrary {
  return { config: checkLibrary(readJson(path), path), dir: dirname(path) };
}

async function importConfig(path: string): Promise<unknown> {
  if (!existsSync(path)) throw new ConfigError(`${path}: no such file`);
  if (path.endsWith('.json')) return readJson(path);
  try {
    return await importModule(pathToFileURL(path).href, { default: true });
  } catch (error) {
    throw new ConfigError(`${path}: it cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A module that is known only now, or its default export. TypeScript goes through jiti where Node does not read it. */
export async function importModule(url: string, options: { readonly default?: true } = {}): Promise<unknown> {
  if (/\.m?ts$/.test(url) && !(process.features as { typescript?: unknown }).typescript) {
    const { createJiti } = (await loader.load('jiti')) as typeof import('jiti');
    return createJiti(url).import(fileURLToPath(url), options);
  }
  const module = (await loader.load(url)) as { default?: unknown };
  return options.default ? module.default : module;
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${path}: it cannot be read: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${path}: it is not JSON: ${(error as Error).message}`);
  }
}
