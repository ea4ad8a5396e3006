// A known driver in, whether it can be used here out: without loading a library. Its module is imported, which maps no native code, and its
// shims look at the files of their libraries (inspect({ load: false })).

import type { Inspection } from '../types.ts';
import type { AnyShim } from './define.ts';
import type { Host, ShimNeeds } from './descriptor.ts';
import { DriverError, type DriverFailure, driverErrorOf } from './errors.ts';
import { importDriver, type KnownDriver, libraryError, withoutWords } from './load.ts';
import type { Steps } from './waiting.ts';

export interface DriverCheck {
  readonly driver: string;
  /** `unsure` where only loading tells; otherwise what opening with it would fail with. */
  readonly kind: 'usable' | 'unsure' | DriverFailure;
  /** With its remedy. */
  readonly error: DriverError | undefined;
  readonly libraries: readonly LibraryCheck[];
}

export interface LibraryCheck {
  readonly library: string;
  readonly optional: boolean;
  readonly status: Inspection<object, object, object>['status'];
  /** In words, as far as files tell. */
  readonly version: string | undefined;
  readonly path: string | undefined;
  /** Of what the driver requires and uses: whether it is there; undefined where only loading tells. */
  readonly features: Readonly<Record<string, boolean | undefined>>;
  /** Why it cannot be used. */
  readonly error: DriverError | undefined;
}

export async function checkDriver(known: KnownDriver, host: Host, steps: Steps): Promise<DriverCheck> {
  const { name } = known;
  try {
    const { shims, descriptor } = await importDriver(known, host, steps);
    const libraries = Object.entries<AnyShim>(shims).map(([library, shim]) => {
      const needs = descriptor.shims?.[library] ?? {};
      try {
        return checkLibrary(name, library, shim, needs);
      } catch (error) {
        return faultyLibrary(name, library, needs, error);
      }
    });
    const needed = libraries.filter(({ optional }) => !optional);
    const error = needed.find((each) => each.error)?.error;
    const isSure = needed.every(
      ({ library, status, features }) =>
        status !== 'unknown' && (descriptor.shims?.[library]?.requires ?? []).every((each) => features[each]),
    );
    return { driver: name, kind: error?.kind ?? (isSure ? 'usable' : 'unsure'), error, libraries };
  } catch (error) {
    const failure = driverErrorOf(name, error);
    return { driver: name, kind: failure.kind, error: failure, libraries: [] };
  }
}

function checkLibrary(
  driver: string,
  library: string,
  shim: AnyShim,
  { requires = [], uses = [], optional = false }: ShimNeeds,
): LibraryCheck {
  const seen = shim.inspect({ load: false }) as Inspection<object, object, Record<string, string>>;
  const features = Object.fromEntries([...requires, ...uses].map((each) => [each, presence(seen, each)]));
  const lacking = requires.filter((each) => features[each] === false);
  const isUnknown = seen.status === 'unknown';
  const error =
    seen.error && !isUnknown
      ? libraryError(driver, library, seen.error, optional)
      : lacking.length > 0
        ? lackingError(driver, library, seen, lacking, optional)
        : undefined;
  const version = seen.version ?? seen.versions?.text ?? seen.fileVersion;
  return { library, optional, status: seen.status, version, path: seen.path, features, error };
}

/** A shim that cannot be asked is none. */
function faultyLibrary(driver: string, library: string, { optional = false }: ShimNeeds, cause: unknown): LibraryCheck {
  const error = libraryError(driver, library, cause, optional);
  return { library, optional, status: 'unknown', version: undefined, path: undefined, features: {}, error };
}

function presence(seen: Inspection<object, object, Record<string, string>>, name: string): boolean | undefined {
  if (seen.status === 'unknown') return undefined;
  if (Object.hasOwn(seen.features, name)) return seen.features[name];
  if ((seen.undecided as readonly string[]).includes(name)) return undefined;
  return (seen.present as readonly string[]).includes(name);
}

function lackingError(
  driver: string,
  library: string,
  { path, reasons }: Inspection<object, object, Record<string, string>>,
  lacking: readonly string[],
  isOptional: boolean,
): DriverError {
  const lines = lacking.map((each) => `  ${each}${Object.hasOwn(reasons, each) ? ` (${reasons[each]})` : ''}`);
  const what = `${withoutWords(driver, library, isOptional)}: ${library}${path === undefined ? '' : ` (${path})`} is installed, and lacks what it requires:`;
  return new DriverError('refused', driver, [what, ...lines].join('\n'), `Install a newer ${library}.`);
}
