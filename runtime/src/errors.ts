// What went wrong in, one typed error out: its message says what happened, every file that was tried with the loader's own
// words, and what to do about it. Test `error.code` rather than `instanceof` where two copies of the runtime may be installed.
// The loader's words are those of dlerror(3).

import type { Attempt } from './types.ts';

/** The facts that every error of a shim carries. */
export interface ErrorFacts {
  readonly library: string;
  readonly attempts?: readonly Attempt[];
  readonly remedy?: string;
}

/** Base of all errors of this package. Its message is made for people; `code` is made for programs. */
export class ShimError extends Error {
  override readonly name: string = 'ShimError';
  /** A constant such as `DLSHIM_ABSENT`, one per class. */
  readonly code: string;
  readonly library: string;
  /** Every file that was tried, and the loader's own words on it. */
  readonly attempts: readonly Attempt[];
  /** What the reader can do about it. */
  readonly remedy: string;

  constructor(code: string, what: string, facts: ErrorFacts) {
    const lines = [what];
    for (const attempt of facts.attempts ?? []) lines.push(describeAttempt(attempt));
    if (facts.remedy) lines.push(facts.remedy);
    super(lines.join('\n'));
    this.code = code;
    this.library = facts.library;
    this.attempts = facts.attempts ?? [];
    this.remedy = facts.remedy ?? '';
  }
}

const SOURCES = { shim: 'named by the shim', option: 'from open({ path })', environment: 'from the environment' };

function describeAttempt(attempt: Attempt): string {
  const words = attempt.error ?? (attempt.loaded === false ? 'found' : 'loaded');
  const note = attempt.note === undefined ? '' : `\n    (${attempt.note})`;
  return `  tried ${attempt.file} (${SOURCES[attempt.from]}): ${words}${note}`;
}

/** The library is nowhere to be found. `tryOpen()` turns this one error into `undefined`. */
export class LibraryAbsentError extends ShimError {
  override readonly name: string = 'LibraryAbsentError';
  constructor(facts: ErrorFacts) {
    super('DLSHIM_ABSENT', absence(facts), facts);
  }
}

/** A name that the user gave is said to be wrong; the shim's own names just were not found. */
function absence({ library, attempts = [] }: ErrorFacts): string {
  const given = attempts.find(({ from }) => from !== 'shim');
  if (given === undefined) return `${library} is not installed where the system's loader looks for it.`;
  const by = given.from === 'option' ? 'open({ path }) names' : `${overrideName(library)} is set to`;
  return `${library} is not there: ${by} ${given.file}, and there is no such file.`;
}

/** The environment variable that overrides where a library is loaded from: `DLSHIM_LIBRBD` for `librbd`. */
export function overrideName(library: string): string {
  return `DLSHIM_${library.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

/** The environment variable that says which version of a library is installed: `DLSHIM_LIBRBD_VERSION` for `librbd`. */
export function assumptionName(library: string): string {
  return `${overrideName(library)}_VERSION`;
}

/** A file is there, and the loader will not have it. Base of the reasons below; itself when the reason is another one. */
export class LibraryRejectedError extends ShimError {
  override readonly name: string = 'LibraryRejectedError';
  /** The file that was rejected. */
  readonly file: string;
  constructor(file: string, why: string, facts: ErrorFacts, code = 'DLSHIM_REJECTED') {
    super(code, `${facts.library} was found but not loaded: ${why}`, facts);
    this.file = file;
  }
}

/** The file may not be read by this user. */
export class LibraryUnreadableError extends LibraryRejectedError {
  override readonly name: string = 'LibraryUnreadableError';
  constructor(file: string, facts: ErrorFacts) {
    super(file, `${file} may not be read by this user.`, facts, 'DLSHIM_UNREADABLE');
  }
}

/** The file is not a shared library at all, for example a text file or a linker script. */
export class NotALibraryError extends LibraryRejectedError {
  override readonly name: string = 'NotALibraryError';
  constructor(file: string, why: string, facts: ErrorFacts) {
    super(file, `${file} ${why}.`, facts, 'DLSHIM_NOT_A_LIBRARY');
  }
}

/** The library was built for another machine than this process runs on. */
export class WrongMachineError extends LibraryRejectedError {
  override readonly name: string = 'WrongMachineError';
  constructor(file: string, why: string, facts: ErrorFacts) {
    super(file, `${file} ${why}.`, facts, 'DLSHIM_WRONG_MACHINE');
  }
}

/** The file ends before the library does. It is never handed to the loader, which would crash on it. */
export class TruncatedLibraryError extends LibraryRejectedError {
  override readonly name: string = 'TruncatedLibraryError';
  constructor(file: string, why: string, facts: ErrorFacts) {
    super(file, `${file} is incomplete: ${why}.`, facts, 'DLSHIM_TRUNCATED');
  }
}

/** The library is there, but another library that it needs is absent, too old, or itself rejected. */
export class MissingDependencyError extends LibraryRejectedError {
  override readonly name: string = 'MissingDependencyError';
  /** The dependency, for example `librados.so.2` or `libc.so.6 version GLIBC_2.38`. */
  readonly dependency: string;
  constructor(file: string, dependency: string, facts: ErrorFacts) {
    super(file, `${file} needs ${dependency}, which could not be loaded.`, facts, 'DLSHIM_DEPENDENCY');
    this.dependency = dependency;
  }
}

/** Only loading tells whether the library is there. `inspect({ load: false })` says so; nothing else does. */
export class UnseenLibraryError extends ShimError {
  override readonly name: string = 'UnseenLibraryError';
  constructor(why: string, facts: ErrorFacts) {
    super('DLSHIM_UNSEEN', `Whether ${facts.library} is there cannot be told without loading it: ${why}.`, facts);
  }
}

/** What is known of a library that loaded. */
export interface LoadedFacts extends ErrorFacts {
  readonly version: string | undefined;
  readonly path: string | undefined;
}

function identify(facts: LoadedFacts): string {
  return `${facts.library}${facts.version ? ` ${facts.version}` : ''}${facts.path ? ` (${facts.path})` : ''}`;
}

/** The library loaded, but lacks functions that the shim cannot do without: all of them are named. */
export class MissingSymbolsError extends ShimError {
  override readonly name: string = 'MissingSymbolsError';
  readonly symbols: readonly string[];
  /** The version that the library tells, when it tells one. */
  readonly version: string | undefined;
  /** The file that was loaded. */
  readonly path: string | undefined;
  constructor(symbols: readonly string[], facts: LoadedFacts) {
    super('DLSHIM_SYMBOLS', `${identify(facts)} lacks required functions: ${symbols.join(', ')}.`, facts);
    this.symbols = symbols;
    this.version = facts.version;
    this.path = facts.path;
  }
}

/** The library is of a version that the shim does not fit: a call could corrupt memory. */
export class IncompatibleLibraryError extends ShimError {
  override readonly name: string = 'IncompatibleLibraryError';
  /** The symbol that betrays the version, where one does. */
  readonly symbol: string | undefined;
  /** The SONAME that the shim does not fit, where it is that. */
  readonly soname: string | undefined;
  readonly version: string | undefined;
  readonly path: string | undefined;
  constructor(what: { symbol?: string; soname?: string; reason: string }, facts: LoadedFacts) {
    const sign = what.symbol === undefined ? '' : ` (it has ${what.symbol})`;
    super('DLSHIM_INCOMPATIBLE', `${identify(facts)} does not fit its shim: ${what.reason}${sign}.`, facts);
    this.symbol = what.symbol;
    this.soname = what.soname;
    this.version = facts.version;
    this.path = facts.path;
  }
}

/** Nothing tells which of several things holds in the installed version: whether a feature is there, how a record is laid out, what a
 *  function takes. `assumeVersion` decides it, where you know the version. */
export class UndecidedError extends ShimError {
  override readonly name: string = 'UndecidedError';
  /** The feature, member, record or function. */
  readonly subject: string;
  constructor(what: string, subject: string, facts: ErrorFacts) {
    super('DLSHIM_UNDECIDED', what, facts);
    this.subject = subject;
  }
}

/** `assumeVersion` names a version that the library is not, as it shows. */
export class AssumedVersionError extends ShimError {
  override readonly name: string = 'AssumedVersionError';
  /** What was assumed. */
  readonly assumed: string;
  readonly version: string | undefined;
  readonly path: string | undefined;
  constructor(assumed: string, why: string, facts: LoadedFacts) {
    super('DLSHIM_ASSUMED', `${identify(facts)} is not the version that was assumed: ${why}.`, facts);
    this.assumed = assumed;
    this.version = facts.version;
    this.path = facts.path;
  }
}

/** What of `require` is not met, and why. */
export interface Unmet {
  readonly name: string;
  /** The functions that it lacks. */
  readonly symbols: readonly string[];
  /** In words. */
  readonly reason: string;
}

/** `open({ require })` asked for functions or features that the installed library does not have. */
export class RequireError extends ShimError {
  override readonly name: string = 'RequireError';
  /** The names of `require` that are not met. */
  readonly unmet: readonly string[];
  /** The missing functions behind them. */
  readonly symbols: readonly string[];
  readonly version: string | undefined;
  readonly path: string | undefined;
  constructor(unmet: readonly Unmet[], facts: LoadedFacts) {
    const lines = unmet.map(({ name, symbols, reason }) =>
      symbols.length === 1 && symbols[0] === name ? `  ${name}` : `  ${name} (${reason})`,
    );
    super('DLSHIM_REQUIRE', `${identify(facts)} does not have what open() requires:\n${lines.join('\n')}`, facts);
    this.unmet = unmet.map(({ name }) => name);
    this.symbols = [...new Set(unmet.flatMap(({ symbols }) => symbols))];
    this.version = facts.version;
    this.path = facts.path;
  }
}

/** The generated module and this runtime speak different versions of their contract. */
export class StaleShimError extends ShimError {
  override readonly name: string = 'StaleShimError';
  constructor(theirs: number, ours: number, facts: ErrorFacts) {
    const old = theirs > ours ? 'the runtime is the older one' : 'the shim is the older one';
    super(
      'DLSHIM_STALE',
      `The shim of ${facts.library} has format ${theirs}, this runtime reads ${ours}: ${old}.`,
      facts,
    );
  }
}

/** This machine, or this kind of system, is not one that the shim or the runtime can serve. */
export class UnsupportedPlatformError extends ShimError {
  override readonly name: string = 'UnsupportedPlatformError';
  constructor(why: string, facts: ErrorFacts) {
    super('DLSHIM_PLATFORM', `${facts.library} cannot be opened here: ${why}.`, facts);
  }
}

/** A function is there, but its calling convention is beyond the backend. Thrown when the slot is first read. */
export class UnsupportedCallError extends ShimError {
  override readonly name: string = 'UnsupportedCallError';
  readonly symbol: string;
  constructor(symbol: string, why: string, facts: ErrorFacts) {
    super('DLSHIM_CALL', `${symbol} of ${facts.library} cannot be called from JavaScript: ${why}.`, facts);
    this.symbol = symbol;
  }
}

/** A path that is not taken: relative, empty, or not the one that this process already holds. */
export class PathError extends ShimError {
  override readonly name: string = 'PathError';
  constructor(what: string, facts: ErrorFacts) {
    super('DLSHIM_PATH', what, facts);
  }
}
