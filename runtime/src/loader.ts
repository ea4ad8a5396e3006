// A shim's file names in, a resident handle out; or the error that says most of why there is none. Each name is handed to the
// system's loader in turn and its own words are kept. Follows dlopen(3), ld.so(8).
//
// Which names: open({ path }) or else the environment's override, each of them alone; or else the shim's list. Names without
// a slash are searched by the loader, absolute paths are taken as they are, anything else is refused.

import { isAbsolute } from 'node:path';
import { classify, type Verdict } from './classify.ts';
import { type ClosureFile, closure } from './closure.ts';
import { copyClash } from './copied-data.ts';
import type { ShimDescriptor } from './descriptor.ts';
import { inspectFile } from './elf.ts';
import { LibraryAbsentError, overrideName, PathError, UnsupportedPlatformError } from './errors.ts';
import { type Loader, systemLoader } from './ffi.ts';
import { type Pinning, pinning, type Resident } from './residency.ts';
import { type Place, placesOf } from './search.ts';
import { checkTarget } from './targets.ts';
import type { Attempt } from './types.ts';

/** Loads a library to stay. Throws a ShimError. */
export function loadLibrary(descriptor: ShimDescriptor, path: string | undefined): Resident {
  const candidates = candidatesOf(descriptor, path);
  const target = checkTarget(descriptor);
  const { loader, pin } = platformLoader(descriptor);
  const attempts: Attempt[] = [];
  const verdicts: Verdict[] = [];
  for (const { file, from } of candidates) {
    const places = pin.system === 'darwin' ? [] : placesOf(file, target);
    const files = pin.system === 'darwin' ? [] : [...closure(file, target)];
    const clash = pin.deep === 0 ? undefined : copyClash(files);
    const result =
      refusal(places) ??
      truncatedDependency(files) ??
      tryOpen(loader, clash === undefined ? pin.flags | pin.deep : pin.flags, file);
    const note = noteOf(file, places[0], clash);
    if (typeof result === 'bigint') {
      attempts.push({ file, from, ...note });
      return { handle: result, path: pathOf(loader, pin, result, file), attempts };
    }
    attempts.push({ file, from, error: result, ...note });
    verdicts.push(classify(file, result, places));
  }
  const facts = { library: descriptor.library, attempts, remedy: remedyOf(descriptor) };
  for (const verdict of verdicts) {
    if (verdict.kind !== 'absent') throw verdict.error(facts);
  }
  throw new LibraryAbsentError(facts);
}

/** The error of a library of which no file is there; `words` are the loader's. */
export function absenceOf(descriptor: ShimDescriptor, path: string | undefined, words: string): LibraryAbsentError {
  const attempts = candidatesOf(descriptor, path).map(({ file, from }) => ({ file, from, error: `${file}: ${words}` }));
  return new LibraryAbsentError({ library: descriptor.library, attempts, remedy: remedyOf(descriptor) });
}

/** Whether a file is the very library behind a handle. Loads nothing. */
export function isSame(descriptor: ShimDescriptor, file: string, handle: bigint): boolean {
  checkPath(descriptor, file, 'open({ path })');
  const { loader, pin } = platformLoader(descriptor);
  return loader.dlopen(file, pin.probe) === handle;
}

/** What to do about an absent library: its packages, and the override. */
function remedyOf(descriptor: ShimDescriptor): string {
  const packages = Object.entries(descriptor.packages).map(([distribution, name]) => `${name} (${distribution})`);
  const install = packages.length > 0 ? `Install the package ${packages.join(', ')}; or set` : 'Set';
  return `${install} ${overrideName(descriptor.library)} to the absolute path of the library's file.`;
}

type Candidate = Pick<Attempt, 'file' | 'from'>;

function candidatesOf(descriptor: ShimDescriptor, path: string | undefined): Candidate[] {
  const variable = overrideName(descriptor.library);
  const override = process.env[variable];
  if (path !== undefined) {
    checkPath(descriptor, path, 'open({ path })');
    return [{ file: path, from: 'option' }];
  }
  if (override !== undefined && override !== '') {
    checkPath(descriptor, override, variable);
    return [{ file: override, from: 'environment' }];
  }
  const { files } = descriptor;
  const names = Object.hasOwn(files, process.platform) ? (files[process.platform] ?? []) : [];
  for (const file of names) checkPath(descriptor, file, 'the shim');
  return names.map((file) => ({ file, from: 'shim' }));
}

function checkPath(descriptor: ShimDescriptor, path: string, source: string): void {
  if (typeof path !== 'string') throw new TypeError(`${source} takes a string, and got ${String(path)}`);
  if (path.includes('\0')) refuse('contains a NUL character');
  if (isAbsolute(path)) return;
  if (path.includes('/')) refuse('is relative: it would depend on the current folder');
  if (path === '' || path === '.' || path === '..') refuse('names no file');

  function refuse(why: string): never {
    const remedy = 'Give an absolute path, or a bare file name for the system to search.';
    throw new PathError(`The path '${path}' for ${descriptor.library}, from ${source}, ${why}.`, {
      library: descriptor.library,
      remedy,
    });
  }
}

function platformLoader({ library }: ShimDescriptor): { loader: Loader; pin: Pinning } {
  const pin = pinning(process.platform, () => systemLoader().isGlibc);
  if (!pin) {
    const remedy = 'The runtime keeps libraries resident on Linux and macOS; other systems are not implemented yet.';
    throw new UnsupportedPlatformError(`the runtime has no loader for ${process.platform}`, { library, remedy });
  }
  return { loader: systemLoader(), pin };
}

/** The loader maps a file that is shorter than its segments, and then dies of SIGBUS: such a file is never handed to it.
 *  Of several places it takes the first that it does not skip, as it does unreadable files and those of other machines. */
function refusal(places: readonly Place[]): string | undefined {
  for (const { path } of places) {
    const found = inspectFile(path);
    if (found.kind === 'truncated' && found.deadly) {
      return `${path}: not handed to the loader, file truncated: ${found.why}`;
    }
    if (found.kind !== 'wrong-machine' && found.kind !== 'unreadable') return undefined;
  }
  return undefined;
}

/** The same for what the library needs, of which the loader maps all before it binds any. */
function truncatedDependency(files: readonly ClosureFile[]): string | undefined {
  for (const { path } of files.slice(1)) {
    const found = inspectFile(path);
    if (found.kind === 'truncated' && found.deadly)
      return `${path}: not handed to the loader, file truncated: ${found.why}`;
  }
  return undefined;
}

function tryOpen(loader: Loader, flags: number, file: string): bigint | string {
  const handle = loader.dlopen(file, flags);
  return handle ?? loader.dlerror() ?? `${file}: the loader gave no reason`;
}

function noteOf(
  file: string,
  place: { path: string; viaEnvironment: boolean } | undefined,
  clash: string | undefined,
): { note?: string } {
  const notes = [
    ...(place?.viaEnvironment ? [`${file} is in LD_LIBRARY_PATH: ${place.path}`] : []),
    ...(clash ? [`not bound deep: it shares C++ data with the executable (${clash})`] : []),
  ];
  return notes.length ? { note: notes.join('; ') } : {};
}

function pathOf(loader: Loader, pin: Pinning, handle: bigint, file: string): string | undefined {
  return pin.linkMap ? loader.linkMapPath(handle) : file;
}
