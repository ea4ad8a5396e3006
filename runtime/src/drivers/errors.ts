// Why a driver cannot be used, told apart, each with its remedy. `code` is for programs, the message for people.

import type { ShimError } from '../errors.ts';

/** `unknown`: not on the program's list. `absent`: a library, or the driver's own module, is not installed. `refused`: installed, and not
 *  good enough, or the driver refuses the program. `version`: built for another version of the program or of the runtime. `failed`: it
 *  threw. `options`: what it was given is not what it takes. */
export type DriverFailure = 'unknown' | 'absent' | 'refused' | 'version' | 'failed' | 'options';

export class DriverError extends Error {
  override readonly name: string = 'DriverError';
  /** `DLSHIM_DRIVER_ABSENT` and the like. */
  readonly code: `DLSHIM_DRIVER_${Uppercase<DriverFailure>}`;
  readonly kind: DriverFailure;
  /** The driver, where there is one. */
  readonly driver: string | undefined;
  /** What the reader can do about it. */
  readonly remedy: string;

  constructor(kind: DriverFailure, driver: string | undefined, what: string, remedy = '', cause?: unknown) {
    super(remedy ? `${what}\n${remedy}` : what, cause === undefined ? undefined : { cause });
    this.code = `DLSHIM_DRIVER_${kind.toUpperCase() as Uppercase<DriverFailure>}`;
    this.kind = kind;
    this.driver = driver;
    this.remedy = remedy;
  }
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

const STALE = new Set(['DLSHIM_STALE']);

/** The kind of what was thrown while a driver's libraries were opened. By `code`: several copies of the runtime may be installed. */
export function kindOf(error: unknown): DriverFailure {
  const { code } = error as Partial<ShimError>;
  if (typeof code !== 'string') return 'failed';
  if (code === 'DLSHIM_ABSENT') return 'absent';
  if (STALE.has(code)) return 'version';
  return code.startsWith('DLSHIM_') ? 'refused' : 'failed';
}
