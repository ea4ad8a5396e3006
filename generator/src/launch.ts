// In: the folder of the built bundle. Out: the program, ready to run. Start-up is most of a short run, so V8 gets the code that it
// made of the bundle when that was built (scripts/code-cache.mjs); where it is another V8 it takes no notice and compiles.

import { readFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import v8 from 'node:v8';
import { Script } from 'node:vm';

export interface Program {
  readonly main: (argv: readonly string[]) => Promise<void>;
  /** See config/loader.ts. */
  readonly loader: { load: (specifier: string) => Promise<unknown> };
}

export const BUNDLE = 'program.js';
export const CODE_CACHE = 'program.cache';

/** Flags are V8's own and come and go with its versions: only Nodes on which they were measured get them. */
function tuneEngine(): void {
  const major = Number(process.versions.node.split('.', 1)[0]);
  // The optimising compiler of WebAssembly would compete for the cores with a parse of a few milliseconds.
  if (major >= 20 && major <= 26) v8.setFlagsFromString('--liftoff-only');
  // And that of JavaScript: a run is over before optimised code pays for itself.
  if (major === 20) v8.setFlagsFromString('--interrupt-budget=400000');
}

export function launch(folder: string): Program {
  tuneEngine();
  const file = join(folder, BUNDLE);
  const { enableCompileCache } = module as { enableCompileCache?: () => unknown };
  if (enableCompileCache) {
    enableCompileCache();
    return module.createRequire(file)(file) as Program;
  }
  return runScript(file, compile(file, readIfThere(join(folder, CODE_CACHE))));
}

/** The program as the code cache is made of it. */
export function launchForCache(folder: string): { readonly program: Program; readonly script: Script } {
  tuneEngine();
  const file = join(folder, BUNDLE);
  const script = compile(file, undefined);
  return { script, program: runScript(file, script) };
}

/** Node's own wrapper of a CommonJS module. The build sees to it that the bundle is ASCII, so that a byte is a character. */
function compile(file: string, cachedData: Buffer | undefined): Script {
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`;
  // The cache holds this name: it must not say where the bundle was built.
  return new Script(source, { filename: `dlshim/${BUNDLE}`, ...(cachedData && { cachedData }) });
}

function runScript(file: string, script: Script): Program {
  const loaded = { exports: {} as Program };
  script.runInThisContext()(loaded.exports, module.createRequire(file), loaded, file, dirname(file));
  // Node lets no script import.
  loaded.exports.loader.load = (specifier) => import(specifier);
  return loaded.exports;
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
