// Why a driver cannot be used, told apart, each with its remedy. `code` is for programs, the message for people.

import type { ShimError } from '../errors.ts';

/** `unknown`: not on the program's list. `absent`: a library, or the driver's own module, is not installed. `refused`: installed, and not
 *  good enough, or the driver refuses the program. `version`: built for another version of the program or of the runtime. `failed`: it
 *  threw. `options`: what it was given is not what it takes. `aborted`: whoever waited for it has given up. */
export type DriverFailure = 'unknown' | 'absent' | 'refused' | 'version' | 'failed' | 'options' | 'aborted';

export class DriverError extends Error {
  override readonly name: string = 'DriverError';
  /** `DLSHIM_DRIVER_ABSENT` and the like. */
  readonly code: `DLSHIM_DRIVER_${Uppercase<DriverFailure>}`;
  readonly kind: DriverFailure;
  /** The driver, where there is one. */
  readonly driver: string | undefined;
  /** What the reader can do about it. */
  readonly remedy: string;

  /** The message ends with the remedy. */
  constructor(kind: DriverFailure, driver: string | undefined, what: string, remedy = '', cause?: unknown) {
    const message = remedy === '' || what.includes(remedy) ? what : `${what}\n${remedy}`;
    super(message, cause === undefined ? undefined : { cause });
    this.code = `DLSHIM_DRIVER_${kind.toUpperCase() as Uppercase<DriverFailure>}`;
    this.kind = kind;
    this.driver = driver;
    this.remedy = remedy;
  }
}

/** A driver does what it should not. `cause`: what it threw, where it threw something. */
export function faultIn(driver: string, what: string, cause?: unknown): DriverError {
  const thrown = cause === undefined ? '' : ': `cause` says what was thrown';
  return new DriverError('failed', driver, what, `This is for whoever maintains the driver${thrown}.`, cause);
}

/** What a driver's `load` throws to refuse the program: the message says what is lacking. */
export class DriverRefusal extends Error {
  override readonly name: string = 'DriverRefusal';
  readonly code = 'DLSHIM_DRIVER_REFUSAL';
  readonly remedy: string;
  constructor(why: string, remedy = '') {
    super(why);
    this.remedy = remedy;
  }
}

/** What opening a library that is there fails with. Other codes are of wrong uses of one that is open. */
const REFUSALS: ReadonlySet<string | undefined> = new Set(
  [
    ...['REJECTED', 'UNREADABLE', 'NOT_A_LIBRARY', 'WRONG_MACHINE', 'TRUNCATED', 'DEPENDENCY', 'UNSEEN', 'SYMBOLS'],
    ...['INCOMPATIBLE', 'UNDECIDED', 'ASSUMED', 'REQUIRE', 'PLATFORM', 'PATH', 'DRIVER_REFUSAL'],
  ].map((code) => `DLSHIM_${code}`),
);

/** The kind of what was thrown while a driver's libraries were opened. By `code`: several copies of the runtime may be installed. */
export function kindOf(error: unknown): DriverFailure {
  const code = codeOf(error);
  if (code === 'DLSHIM_ABSENT') return 'absent';
  if (code === 'DLSHIM_STALE') return 'version';
  return REFUSALS.has(code) ? 'refused' : 'failed';
}

// A driver may throw anything, also what throws again when it is looked at.

export function codeOf(error: unknown): string | undefined {
  return attempt(() => textOf((error as Partial<ShimError> | undefined)?.code));
}

export function messageOf(error: unknown): string {
  return attempt(() => (error instanceof Error ? textOf(error.message) : undefined)) ?? inWords(error);
}

export function remedyOf(error: unknown): string {
  return attempt(() => textOf((error as Partial<ShimError> | undefined)?.remedy)) ?? '';
}

/** What was thrown and where, in one line: `TypeError: x is not a function (at /srv/driver.js:12:5)`. */
export function thrownWords(error: unknown): string {
  return attempt(() => errorWords(error)) ?? `${inWords(error)}, which is no Error, was thrown`;
}

/** Whatever came out of a driver's code, as what a program gets. */
export function driverErrorOf(driver: string, error: unknown): DriverError {
  return isDriverError(error)
    ? error
    : faultIn(driver, `The driver '${driver}' failed:\n  ${thrownWords(error)}`, error);
}

export function isDriverError(error: unknown): error is DriverError {
  return attempt(() => error instanceof DriverError) === true;
}

/** Anything, as text. */
export function inWords(value: unknown): string {
  return attempt(() => String(value)) ?? `what has no text (${typeof value})`;
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function errorWords(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const place = /^\s+at (?:.*\()?((?:file:|\/|[A-Za-z]:[\\/]).*?:\d+(?::\d+)?)\)?$/m.exec(error.stack ?? '')?.[1];
  // Node puts the place of a syntax error in front of the stack.
  const first = /^(?:file:)?\/\S+:\d+$/m.exec(error.stack?.split('\n')[0] ?? '')?.[0];
  const where = first ?? place;
  return `${error.name}: ${error.message}${where === undefined ? '' : ` (at ${where})`}`;
}
