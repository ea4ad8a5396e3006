// In: what a command line or configuration names as drivers' sources: files, patterns, modules of packages. Out: the files to read.

import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DriverFile } from '../typescript/drivers.ts';
import type { Modules } from '../typescript/modules.ts';
import { glob, isGlob } from './glob.ts';
import { UsageError } from './output.ts';
import { shortPath } from './source.ts';

/** Files of these kinds are looked into, where a pattern matches more. */
const SOURCE = /\.[cm]?[jt]sx?$/;
const DECLARATION = /\.d\.[cm]?ts$/;

/** `folder`: where paths start, and from where packages are looked for; `out`: the list that is made of them, which is no driver. What
 *  begins with `!` leaves out what other patterns match. Each file once, sorted. */
export function driverFiles(sources: readonly string[], folder: string, modules: Modules, out?: string): DriverFile[] {
  const found = new Map<string, DriverFile>();
  const list = out !== undefined && existsSync(out) ? realpathSync(out) : undefined;
  const add = (driver: DriverFile): void => {
    const path = realpathSync(driver.file);
    if (path === list && driver.isNamed)
      throw new UsageError(
        `${shortPath(out!)} is a source, and the list that is to be written: name another file for that`,
      );
    if (path !== list && !found.get(path)?.isNamed) found.set(path, driver);
  };
  if (sources.length > 0 && sources.every((source) => source.startsWith('!')))
    throw new UsageError(`${sources.join(', ')}: that only leaves files out; name what it leaves them out of, too`);
  const nots = sources.filter((source) => source.startsWith('!')).map((source) => source.slice(1));
  const left = new Set(nots.flatMap((pattern) => glob(pattern, folder)));
  for (const source of sources.filter((one) => !one.startsWith('!'))) {
    if (isGlob(source)) {
      const files = glob(source, folder).filter((file) => SOURCE.test(file) && !DECLARATION.test(file));
      if (files.length === 0) throw new UsageError(`${source}: no file matches it, from ${shortPath(folder)}`);
      for (const file of files) if (!left.has(file)) add({ file, isNamed: false });
    } else add(namedDriver(source, folder, modules));
  }
  return [...found.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

/** A file, or what an `import` of the program would get. */
function namedDriver(source: string, folder: string, modules: Modules): DriverFile {
  const path = resolve(folder, source);
  if (existsSync(path)) {
    if (statSync(path).isFile()) return { file: path, isNamed: true };
    throw new UsageError(`${source} is a folder: name its files, such as '${join(source, '**/*.ts')}'`);
  }
  const isPath = /^\.{0,2}\//.test(source);
  const file = isPath ? undefined : modules.resolve(source, join(folder, 'any.ts'));
  if (file !== undefined && file !== 'builtin') return { file, specifier: source, isNamed: true };
  const what = isPath || SOURCE.test(source) ? 'no such file' : 'neither a file nor a module that is installed';
  throw new UsageError(`${source}: ${what}, from ${shortPath(folder)}`);
}
