// A shim's file names in, a resident handle out; or the error that says most of why there is none. Each name is handed to the
// system's loader in turn and its own words are kept. Follows dlopen(3), ld.so(8).
//
// Which names: open({ path }) or else the environment's override, each of them alone; or else the shim's list. Names without
// a folder are searched by the platform (platforms/), absolute paths are taken as they are, anything else is refused.

import { isAbsolute } from 'node:path';
import type { ShimDescriptor } from '../contract/descriptor.ts';
import { checkTarget } from '../contract/targets.ts';
import { IncompatibleLibraryError, LibraryAbsentError, overrideName, PathError, type ShimError } from '../errors.ts';
import { systemLoader } from '../ffi.ts';
import type { Attempt } from '../types.ts';
import { adviceFor } from './advice.ts';
import { classify, type Verdict } from './classify.ts';
import { forgetCache } from './library-cache.ts';
import type { LoadOptions, Platform } from './platforms/platform.ts';
import { type Preflight, preflight, refusalToWait } from './preflight.ts';
import { identityOf } from './provenance.ts';
import { type Resident, registry } from './residency.ts';
import { libraryPath, placesOf } from './search.ts';

/** What `open()` was told about where and how to load. */
export interface LoadRequest {
  readonly path?: string | undefined;
  readonly deepBind?: boolean | undefined;
}

/** A file that the system's loader is to load. */
export interface LoadStep extends LoadOptions {
  readonly file: string;
  /** Where the loader will find it, as far as that can be told. */
  readonly path: string | undefined;
}

/** Loads a library to stay. Throws a ShimError. */
export function loadLibrary(descriptor: ShimDescriptor, request: LoadRequest): Resident {
  const steps = loadSteps(descriptor, request);
  let step = steps.next();
  while (!step.done) step = steps.next(systemLoader().load(step.value.file, step.value));
  return step.value;
}

/** What loading a library takes: each file that is yielded is to be loaded, and comes back as its handle or the loader's own words. */
export function* loadSteps(
  descriptor: ShimDescriptor,
  { path, deepBind }: LoadRequest,
): Generator<LoadStep, Resident, bigint | string> {
  const candidates = candidatesOf(descriptor, path);
  const target = checkTarget(descriptor);
  const platform = systemLoader();
  const attempts: Attempt[] = [];
  const verdicts: Verdict[] = [];
  forgetCache();
  for (const { file: given, from } of candidates) {
    for (const file of isAbsolute(given) ? [given] : platform.candidates(given)) {
      const seen = look(platform, file, target, descriptor, deepBind);
      const failed = (error: string): Attempt => ({ file, from, error, ...noteOf(file, target, seen.clash) });
      checkSoname(descriptor, file, seen.soname, () => [
        ...attempts,
        failed(`not loaded: its SONAME is ${seen.soname}`),
      ]);
      checkSingle(descriptor, platform, file, seen.soname, () => [...attempts, failed('not loaded')]);
      const result = seen.refusal ?? (yield { file, path: seen.path, deep: seen.deep === true });
      if (typeof result === 'bigint') {
        checkSingle(descriptor, platform, file, seen.soname, () => [...attempts, failed('loaded too late')]);
        attempts.push({ file, from, ...noteOf(file, target, seen.clash) });
        return { handle: result, path: platform.fileOf(result) ?? file, deep: seen.deep, attempts };
      }
      attempts.push(failed(result));
      verdicts.push(classify(file, result, isElf(platform) ? placesOf(file, target) : [], adviceFor(descriptor)));
    }
  }
  throw reasonOf(descriptor, attempts, verdicts);
}

/** What open() would try, and each attempt failed with these words of the loader's. */
export function failedAttempts(descriptor: ShimDescriptor, { path }: LoadRequest, words: string): Attempt[] {
  return candidatesOf(descriptor, path).map(({ file, from }) => ({ file, from, error: `${file}: ${words}` }));
}

/** Whether a file is the very library behind a handle. Loads nothing. */
export function isSame(descriptor: ShimDescriptor, file: string, handle: bigint): boolean {
  checkPath(descriptor, file, 'open({ path })');
  const platform = systemLoader();
  if (isElf(platform) && refusalToWait(file, checkTarget(descriptor)) !== undefined) return false;
  return (isAbsolute(file) ? [file] : platform.candidates(file)).some((each) => platform.find(each) === handle);
}

/** Refuses another file than the one that this thread has open. */
export function checkSame(descriptor: ShimDescriptor, path: string | undefined, resident: Resident): void {
  if (path === undefined || isSame(descriptor, path, resident.handle)) return;
  const { library } = descriptor;
  const what = `${library} is already loaded from ${resident.path}, so that it cannot be opened from ${path}.`;
  throw new PathError(what, { library, attempts: resident.attempts, remedy: ONE_COPY });
}

/** The error that says most: a file that was there comes before one that was not. */
export function reasonOf(
  descriptor: ShimDescriptor,
  attempts: readonly Attempt[],
  verdicts: readonly Verdict[],
): ShimError {
  const facts = { library: descriptor.library, attempts };
  for (const verdict of verdicts) {
    if (verdict.kind === 'rejected') return verdict.error(facts);
  }
  const advice = adviceFor(descriptor);
  const isGiven = attempts.some(({ from, file }) => from !== 'shim' && isAbsolute(file));
  return new LibraryAbsentError({ ...facts, remedy: isGiven ? advice.misnamed() : advice.absent() });
}

type Candidate = Pick<Attempt, 'file' | 'from'>;

export function candidatesOf(descriptor: ShimDescriptor, path: string | undefined): Candidate[] {
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
  const names = namesOf(descriptor.files);
  for (const file of names) checkPath(descriptor, file, 'the shim');
  return names.map((file) => ({ file, from: 'shim' }));
}

function namesOf(byPlatform: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return Object.hasOwn(byPlatform, process.platform) ? (byPlatform[process.platform] ?? []) : [];
}

function checkPath(descriptor: ShimDescriptor, path: string, source: string): void {
  if (typeof path !== 'string') throw new TypeError(`${source} takes a string, and got ${String(path)}`);
  if (path.includes('\0')) refuse('contains a NUL character');
  if (isAbsolute(path)) return;
  // A colon comes behind the drive of a path that is relative to the drive's current folder.
  if ((process.platform === 'win32' ? /[\\/:]/ : /\//).test(path))
    refuse('is relative: it would depend on the current folder');
  if (path === '' || path === '.' || path === '..') refuse('names no file');

  function refuse(why: string): never {
    const remedy = 'Give an absolute path, or a bare file name for the system to search.';
    throw new PathError(`The path '${path}' for ${descriptor.library}, from ${source}, ${why}.`, {
      library: descriptor.library,
      remedy,
    });
  }
}

const isElf = ({ system }: Platform): boolean => system === 'glibc' || system === 'musl';

/** What is known of a file before it is loaded. One that any thread has loaded has been looked at, and is bound as it is. */
function look(
  platform: Platform,
  file: string,
  target: string,
  { sonames }: ShimDescriptor,
  deepBind: boolean | undefined,
): Preflight & { readonly deep: boolean | undefined } {
  const seen: Preflight = { refusal: undefined, path: undefined, soname: undefined, clash: undefined };
  const refusal = isElf(platform) ? refusalToWait(file, target) : undefined;
  if (refusal !== undefined) return { ...seen, refusal, deep: undefined };
  const resident = platform.find(file);
  if (resident !== undefined) {
    const isAsked = sonames !== undefined || isAbsolute(file);
    return { ...seen, soname: isAsked ? identityOf(platform.fileOf(resident)).soname : undefined, deep: undefined };
  }
  const wanted = platform.bindsDeep && (deepBind ?? process.env.DLSHIM_DEEPBIND !== '0');
  const found = isElf(platform) ? preflight(file, target, wanted) : seen;
  return { ...found, deep: wanted && found.clash === undefined };
}

/** Refuses a file that calls itself otherwise than the shim allows: its interface is another one. */
export function checkSoname(
  descriptor: ShimDescriptor,
  file: string,
  soname: string | undefined,
  attempts: () => readonly Attempt[],
): void {
  const fitting = namesOf(descriptor.sonames ?? {});
  if (soname === undefined || fitting.length === 0 || fitting.includes(soname)) return;
  const what = { soname, reason: `its SONAME is ${soname}, and the shim fits ${fitting.join(', ')}` };
  const { library } = descriptor;
  const facts = {
    library,
    attempts: attempts(),
    version: undefined,
    path: file,
    remedy: adviceFor(descriptor).incompatible(),
  };
  throw new IncompatibleLibraryError(what, facts);
}

/** Refuses a second copy of a library, which shares names, locks and files with the first. The loader looks for a bare name among
 *  what any thread has loaded; a path is another matter. */
function checkSingle(
  { library }: ShimDescriptor,
  platform: Platform,
  file: string,
  soname: string | undefined,
  attempts: () => readonly Attempt[],
): void {
  if (soname === undefined || !isAbsolute(file)) return;
  const other = platform.find(soname);
  if (other === undefined || registry().idle.has(other) || platform.find(file) === other) return;
  throw new PathError(
    `${soname} is already in this process, from ${platform.fileOf(other) ?? 'another file'}, so that ${library} cannot be opened from ${file}.`,
    { library, attempts: attempts(), remedy: ONE_COPY },
  );
}

/** What to do where a second copy is refused. */
const ONE_COPY =
  'One process has one copy of a library: give the same path everywhere, in worker threads too, or use another process.';

export function noteOf(file: string, target: string, clash: string | undefined): { note?: string } {
  const place = libraryPath() ? placesOf(file, target)[0] : undefined;
  const notes = [
    ...(place?.viaEnvironment ? [`${file} is in LD_LIBRARY_PATH: ${place.path}`] : []),
    ...(clash ? [`not bound deep: it shares C++ data with the executable (${clash})`] : []),
  ];
  return notes.length ? { note: notes.join('; ') } : {};
}
