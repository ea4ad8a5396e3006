// A shim and what to pretend in, a process in which its library is like that out, until it is restored: for tests of a driver's
// fallbacks, on any machine. @dlshim/runtime/testing; nothing of it is loaded by @dlshim/runtime.

import { descriptorOf, type ShimDescriptor } from './descriptor.ts';
import {
  type ErrorFacts,
  LibraryRejectedError,
  LibraryUnreadableError,
  MissingDependencyError,
  NotALibraryError,
  type ShimError,
  TruncatedLibraryError,
  WrongMachineError,
} from './errors.ts';
import { absenceOf, loadLibrary } from './loader.ts';
import { type Disguise, type Pretence, pretences, standInAt } from './pretence.ts';
import { type Resident, registry } from './residency.ts';
import { symbolsOf } from './survey.ts';
import type { AnyFunction, Pointer } from './types.ts';

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
  const descriptor = descriptorOf(shim);
  if (!descriptor) throw new TypeError('pretend() takes a shim, from a generated module or defineShim()');
  const { library } = descriptor;
  const pretence: Pretence = { residents: new Map(), tables: new Map(), load: loaderOf(descriptor, what) };
  const all = pretences();
  const those = all.get(library) ?? [];
  all.set(library, those);
  those.push(pretence);
  const restore = () => {
    const index = those.indexOf(pretence);
    if (index >= 0) those.splice(index, 1);
  };
  return Object.assign(restore, { [Symbol.dispose]: restore });
}

/** The JavaScript function behind a pointer that `callback()` made while `functions` stand for the library; undefined for any other
 *  pointer, and after its release. What a stand-in for C calls back. */
export function callbackAt<F extends AnyFunction>(pointer: Pointer<F> | null): F | undefined {
  return pointer === null ? undefined : (standInAt(pointer) as F | undefined);
}

function loaderOf<S extends AnyShim>(descriptor: ShimDescriptor, what: Pretended<S>): Pretence['load'] {
  const { absent, rejected, version } = what;
  const without = new Set([
    ...namesIn(descriptor, what.without),
    ...symbolsOfFeatures(descriptor, what.withoutFeatures),
  ]);
  const functions = what.functions as Disguise['functions'];
  namesIn(descriptor, Object.keys(functions ?? {}));
  const refuses = absent || rejected !== undefined;
  if (refuses && (without.size > 0 || functions || version !== undefined || (absent && rejected !== undefined))) {
    throw new TypeError('pretend(): a library that is absent or rejected is nothing else besides');
  }
  const disguise: Disguise = { without, version, functions };
  return (given, path) => {
    if (absent) throw absenceOf(given, path, 'cannot open shared object file: No such file or directory');
    if (rejected !== undefined) throw rejection(given, path, rejected);
    if (functions) return { handle: 0n, path: undefined, attempts: [], disguise };
    const real: Resident = registry().residents.get(given.library) ?? loadLibrary(given, path);
    return { ...real, disguise };
  };
}

const UNDEFINED = 'undefined symbol: of_no_library';

/** The error of a file that the loader refuses, with words like the loader's. */
function rejection(descriptor: ShimDescriptor, path: string | undefined, reason: Rejection): ShimError {
  const refused = (words: string, make: (file: string, facts: ErrorFacts) => ShimError) => {
    const { library, attempts, remedy } = absenceOf(descriptor, path, words);
    return make(attempts[0]?.file ?? library, { library, attempts, remedy });
  };
  if (typeof reason === 'object') {
    const { dependency } = reason;
    const words = `${dependency}: cannot open shared object file: No such file or directory`;
    return refused(words, (file, facts) => new MissingDependencyError(file, dependency, facts));
  }
  switch (reason) {
    case 'unreadable':
      return refused(
        'cannot open shared object file: Permission denied',
        (file, facts) => new LibraryUnreadableError(file, facts),
      );
    case 'not-a-library':
      return refused(
        'invalid ELF header',
        (file, facts) => new NotALibraryError(file, 'is not a shared library', facts),
      );
    case 'wrong-machine':
      return refused(
        'wrong ELF class: ELFCLASS32',
        (file, facts) => new WrongMachineError(file, 'is for another machine', facts),
      );
    case 'truncated':
      return refused('file too short', (file, facts) => new TruncatedLibraryError(file, 'it ends too early', facts));
    default:
      reason satisfies 'other';
      return refused(UNDEFINED, (file, facts) => new LibraryRejectedError(file, `${file}: ${UNDEFINED}`, facts));
  }
}

function namesIn(descriptor: ShimDescriptor, names: readonly PropertyKey[] = []): string[] {
  const known = new Set(symbolsOf(descriptor));
  return names.map((name) => {
    if (known.has(String(name))) return String(name);
    throw new TypeError(`${descriptor.library} has no function '${String(name)}' to pretend about`);
  });
}

function symbolsOfFeatures({ library, features }: ShimDescriptor, names: readonly PropertyKey[] = []): string[] {
  return names.flatMap((name) => {
    if (Object.hasOwn(features, name)) return features[String(name)]!;
    throw new TypeError(`${library} has no feature '${String(name)}' to pretend about`);
  });
}
