// A shim and what to pretend in, a process in which its library is like that out, until it is restored: for tests of a driver's
// fallbacks, on any machine. @dlshim/runtime/testing; nothing of it is loaded by @dlshim/runtime.

import { descriptorOf, type ShimDescriptor } from './contract/descriptor.ts';
import {
  type ErrorFacts,
  LibraryAbsentError,
  LibraryRejectedError,
  LibraryUnreadableError,
  MissingDependencyError,
  NotALibraryError,
  type ShimError,
  TruncatedLibraryError,
  WrongMachineError,
} from './errors.ts';
import { symbolsOfGate } from './gates.ts';
import { adviceFor } from './loading/advice.ts';
import { failedAttempts, type LoadRequest, loadLibrary } from './loading/loader.ts';
import { libraryKey, type Resident, registry } from './loading/residency.ts';
import { type Disguise, type Pretence, pretences, standInAt } from './pretence.ts';
import { endEra } from './records/eras.ts';
import { linkerName, symbolsOf } from './survey.ts';
import type { AnyFunction, Pointer } from './types.ts';
import { timelineOf } from './versions/timeline.ts';

/** Any shim. */
export interface AnyShim {
  inspect(...options: never[]): { readonly present: readonly PropertyKey[]; readonly features: object };
  open(): { readonly fn: object };
}

/** The names of a shim's functions. */
type FunctionsOf<S extends AnyShim> = ReturnType<S['inspect']>['present'][number];
/** The names of its features. */
type FeaturesOf<S extends AnyShim> = keyof ReturnType<S['inspect']>['features'];
type TableOf<S> = S extends { open(): { readonly fn: infer Table } } ? Table : never;

/** Why a file cannot be loaded: an error class of the runtime's for each. `dependency`: a library that it needs, `librados.so.2`, is not
 *  there. */
export type Rejection =
  | 'unreadable'
  | 'not-a-library'
  | 'wrong-machine'
  | 'truncated'
  | 'other'
  | { readonly dependency: string };

/** What to pretend. `absent` and `rejected` stand alone; the others go together. */
export interface Pretended<S extends AnyShim> {
  /** It is not installed: `open()` throws a LibraryAbsentError, `tryOpen()` returns undefined. */
  readonly absent?: boolean;
  /** There is a file, and it cannot be loaded for this reason: `open()` throws the error that says so. */
  readonly rejected?: Rejection;
  /** It lacks these functions. Where one is required, `open()` throws a MissingSymbolsError. */
  readonly without?: readonly FunctionsOf<S>[];
  /** It lacks the functions of these features. */
  readonly withoutFeatures?: readonly FeaturesOf<S>[];
  /** It says that it is of this version. Nothing else changes by that. */
  readonly version?: string;
  /** It is this version, one of those that the shim knows: it lacks the weak functions that this one lacks, has its signatures and layouts,
   *  and says what this one says. What C has is still the library that is there: where that has other layouts or signatures, using
   *  them throws, unless `functions` stand for it. */
  readonly like?: string;
  /** There is no library: these functions stand for it. Weak functions that are not given are missing; required ones throw when
   *  they are called. They get what the driver passes and return what it gets; on the thread pool's table they run later, and may
   *  return a promise. Pointers to callbacks are no addresses there: `callbackAt` gives their functions. */
  readonly functions?: Partial<TableOf<S>>;
}

/** Ends a pretence; also at the end of a block: `using restored = pretend(…)`. */
export interface Restore {
  (): void;
  [Symbol.dispose](): void;
}

/**
 * Pretends that a shim's library is another one, for this thread, until restored: `open()`, `tryOpen()` and `inspect()` of the shim then
 * say so, with the errors that they would really throw. It does not matter whether the library was opened before. What `open()` has
 * returned before stays what it is, and so does what it returns now: a driver that keeps it for good does not notice.
 * The latest of several pretences about a library counts. Throws a TypeError for names that the shim does not have.
 */
export function pretend<S extends AnyShim>(shim: S, what: Pretended<S>): Restore {
  const descriptor = typeof shim === 'object' && shim !== null ? descriptorOf(shim) : undefined;
  if (!descriptor) throw new TypeError('pretend() takes a shim, from a generated module or defineShim()');
  if (typeof what !== 'object' || what === null)
    throw new TypeError('pretend() takes what to pretend: { absent: true }');
  const { library } = descriptor;
  const isReal = !what.absent && what.rejected === undefined && !what.functions;
  const pretence: Pretence = { residents: new Map(), tables: new Map(), load: loaderOf(descriptor, what), isReal };
  const all = pretences();
  const those = all.get(library) ?? [];
  all.set(library, those);
  those.push(pretence);
  const restore = () => {
    const index = those.indexOf(pretence);
    if (index >= 0) those.splice(index, 1);
    endEra(descriptor, pretence);
  };
  return Object.assign(restore, { [Symbol.dispose]: restore });
}

/** The JavaScript function behind a pointer that `callback()` made while `functions` stand for the library; undefined for any other
 *  pointer, and after its release. What a stand-in for C calls back. */
export function callbackAt<F extends AnyFunction>(pointer: Pointer<F> | null): F | undefined {
  return pointer === null ? undefined : (standInAt(pointer) as F | undefined);
}

function loaderOf<S extends AnyShim>(descriptor: ShimDescriptor, what: Pretended<S>): Pretence['load'] {
  const { absent, rejected, version, like } = what;
  const without = new Set([
    ...namesIn(descriptor, what.without),
    ...symbolsOfFeatures(descriptor, what.withoutFeatures),
    ...(like === undefined ? [] : symbolsNotIn(descriptor, like)),
  ]);
  const functions = what.functions as Disguise['functions'];
  namesIn(descriptor, Object.keys(functions ?? {}));
  const refuses = absent || rejected !== undefined;
  if (
    refuses &&
    (without.size > 0 || functions || version !== undefined || like !== undefined || (absent && rejected !== undefined))
  ) {
    throw new TypeError('pretend(): a library that is absent or rejected is nothing else besides');
  }
  if (like !== undefined && version !== undefined)
    throw new TypeError(
      'pretend(): `like` says which version it is, and what that says of itself: leave `version` out',
    );
  const disguise: Disguise = { without, version, like, functions };
  return (given, request) => {
    if (absent) throw absence(given, request);
    if (rejected !== undefined) throw rejection(given, request, rejected);
    if (functions) return { handle: 0n, path: undefined, deep: false, attempts: [], disguise };
    const real: Resident = registry().residents.get(libraryKey(given)) ?? loadLibrary(given, request);
    return { ...real, disguise };
  };
}

const NO_FILE = 'cannot open shared object file: No such file or directory';
const UNDEFINED = 'undefined symbol: of_no_library';

function absence(descriptor: ShimDescriptor, request: LoadRequest): ShimError {
  const attempts = failedAttempts(descriptor, request, NO_FILE);
  return new LibraryAbsentError({ library: descriptor.library, attempts, remedy: adviceFor(descriptor).absent() });
}

/** The error of a file that the loader refuses, with words like the loader's. */
function rejection(descriptor: ShimDescriptor, request: LoadRequest, reason: Rejection): ShimError {
  const { library } = descriptor;
  const advice = adviceFor(descriptor);
  const facts = (words: string, remedy: string): ErrorFacts & { file: string } => {
    const attempts = failedAttempts(descriptor, request, words);
    return { library, attempts, remedy, file: attempts[0]?.file ?? library };
  };
  if (typeof reason === 'object') {
    const { dependency } = reason;
    const given = facts(`${dependency}: ${NO_FILE}`, '');
    const remedy = advice.dependency(dependency, given.file);
    return new MissingDependencyError(given.file, dependency, { ...given, remedy });
  }
  switch (reason) {
    case 'unreadable': {
      const given = facts('cannot open shared object file: Permission denied', '');
      return new LibraryUnreadableError(given.file, { ...given, remedy: advice.unreadable(given.file) });
    }
    case 'not-a-library': {
      const given = facts('invalid ELF header', advice.notALibrary());
      return new NotALibraryError(given.file, 'is not a shared library', given);
    }
    case 'wrong-machine': {
      const given = facts('wrong ELF class: ELFCLASS32', advice.wrongMachine());
      return new WrongMachineError(given.file, 'is for another machine', given);
    }
    case 'truncated': {
      const given = facts('file too short', '');
      return new TruncatedLibraryError(given.file, 'it ends too early', {
        ...given,
        remedy: advice.truncated(given.file),
      });
    }
    default: {
      reason satisfies 'other';
      const given = facts(UNDEFINED, '');
      const why = `${given.file}: ${UNDEFINED}`;
      return new LibraryRejectedError(given.file, why, { ...given, remedy: advice.other(given.file) });
    }
  }
}

function namesIn(descriptor: ShimDescriptor, names: readonly PropertyKey[] = []): string[] {
  if (!Array.isArray(names)) throw new TypeError('pretend() takes a list of functions in `without`');
  const known = new Set(symbolsOf(descriptor));
  return names.map((name) => {
    if (known.has(String(name))) return String(name);
    throw new TypeError(`${descriptor.library} has no function '${String(name)}' to pretend about`);
  });
}

function symbolsOfFeatures({ library, features }: ShimDescriptor, names: readonly PropertyKey[] = []): string[] {
  return names.flatMap((name) => {
    if (Object.hasOwn(features, name)) return symbolsOfGate(features[String(name)]!);
    throw new TypeError(`${library} has no feature '${String(name)}' to pretend about`);
  });
}

/** What of a shim's symbols a known version lacks. */
function symbolsNotIn(descriptor: ShimDescriptor, version: string): string[] {
  const { history, library } = descriptor;
  if (!history) throw new TypeError(`${library}: its shim knows of no versions to pretend, like: '${version}'`);
  const timeline = timelineOf(history.versions);
  const place = timeline.placeOf(version);
  if (timeline.versionAt(place) === undefined)
    throw new TypeError(`${library} has no version '${version}' to pretend; it has: ${history.versions.join(', ')}`);
  const groups = Object.entries<readonly string[]>(history.symbols);
  const lacking = new Set(
    groups.flatMap(([ranges, names]) => (timeline.truthsOf(ranges)[place] === 'no' ? names : [])),
  );
  return symbolsOf(descriptor).filter((name) => lacking.has(linkerName(descriptor, name)));
}
