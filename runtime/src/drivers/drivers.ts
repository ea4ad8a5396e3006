// One program's known list in, what opens addresses and files with it out. Nothing outside the list is ever loaded, no folder is read, and
// a driver's module and its libraries are loaded when it is first needed, once.
//
// What is configured, because a user has named its protocol or format or the program prepares it, stops what needs it when it fails. What is merely
// available, as drivers are that could tell a file's format, is reported and passed over.

import type { DriverCheck } from './check.ts';
import type { Driver, LoadedDriver } from './define.ts';
import type { DriverDescriptor, Host } from './descriptor.ts';
import { DriverError, faultIn, isDriverError, thrownWords } from './errors.ts';
import { checkHost, checkList } from './known.ts';
import type { AnyLoaded, KnownDriver } from './load.ts';
import { knownWords } from './near.ts';
import { type GivenOptions, optionValues } from './options.ts';
import { type Candidate, Candidates, CERTAIN, probeData, type Source } from './probe.ts';
import { inSeconds, Steps, unlessAborted } from './waiting.ts';

export type { KnownDriver };

type ModuleOf<K extends readonly KnownDriver[]> = Awaited<ReturnType<K[number]['module']>>['default'];
/** Whether nothing is known of the drivers' types: of none, and of a list that is made while the program runs. */
type IsPlain<K extends readonly KnownDriver[]> = [K[number]] extends [never]
  ? true
  : unknown extends ModuleOf<K>
    ? true
    : false;
/** What all drivers of a list ask of the program: of each its own. */
type HostOf<K extends readonly KnownDriver[]> =
  IsPlain<K> extends true
    ? unknown
    : ModuleOf<K> extends Driver<infer H, infer _T, infer _R, infer _V, infer _O>
      ? H
      : never;
type RequestOf<K extends readonly KnownDriver[]> =
  IsPlain<K> extends true
    ? unknown
    : ModuleOf<K> extends Driver<infer _H, infer _T, infer R, infer _V, infer _O>
      ? R
      : never;
type OpenedOf<K extends readonly KnownDriver[]> =
  IsPlain<K> extends true
    ? unknown
    : ModuleOf<K> extends Driver<infer _H, infer _T, infer _R, infer _V, infer O>
      ? O
      : never;

/** What a program hears of drivers that it does not hear by an error. */
export type DriverReport =
  /** A driver that was merely available has failed, and was passed over. */
  | { readonly kind: 'passed-over'; readonly driver: string; readonly error: DriverError }
  /** A library that a driver can do without is there and cannot be used: it does less. */
  | { readonly kind: 'without'; readonly driver: string; readonly library: string; readonly error: DriverError }
  /** A configured driver has failed, beside the one whose error `prepare` rejects with. */
  | { readonly kind: 'failed'; readonly driver: string; readonly error: DriverError }
  /** Something takes long: it goes on. `what`: `loading librbd from /usr/lib/librbd.so.1, …`. */
  | { readonly kind: 'slow'; readonly driver: string; readonly what: string; readonly seconds: number };

export interface DriversSettings<H> {
  readonly host: H;
  /** Unless given: a process warning (`process.emitWarning`) for each. */
  readonly report?: (report: DriverReport) => void;
  /** After how many milliseconds a step is reported as slow (5,000), and again after twice that, four times that, and so on. Infinity: never. */
  readonly slow?: number;
}

/** How long somebody waits for a driver. */
export interface LoadHow {
  /** Gives up waiting, with a DriverError of kind `aborted`: `AbortSignal.timeout(30_000)`. What is being loaded goes on being loaded, for whoever
   *  asks for it later. */
  readonly signal?: AbortSignal | undefined;
}

/** What a driver is opened by besides its name. */
export interface OpenHow extends LoadHow {
  readonly options?: GivenOptions | undefined;
}

/** What has become of a driver so far. */
export interface DriverStatus {
  readonly driver: string;
  readonly state: 'idle' | 'loading' | 'loaded' | 'failed';
  /** What it waits for, and how long it has. */
  readonly waiting?: { readonly what: string; readonly seconds: number };
  /** Why it failed when it was last tried. */
  readonly error?: DriverError;
}

export interface Drivers<H, R, O> {
  readonly host: H;
  /** The descriptors, in the order of the list. */
  readonly known: readonly DriverDescriptor[];
  /** The scheme of an address (RFC 3986, section 3.1) in lower case, where it has one: two characters at least, so that `C:\` is none. */
  protocolOf(address: string): string | undefined;
  /** Opens an address by the driver of its protocol, which has to work. */
  open(address: string, request: R, how?: OpenHow): Promise<O>;
  /** The formats that a file may have, the surest first. Data decides as far as it can, and loads nothing; only where nothing is certain,
   *  drivers are asked that need their code for it, and those that cannot be loaded are reported and passed over. */
  probe(source: Source, how?: LoadHow): Promise<Candidate[]>;
  /** Opens a file, which is open, in a format. The format was asked for or is what the file's bytes say: the driver has to work. */
  openFormat(format: string, source: Source, request: R, how?: OpenHow): Promise<O>;
  /** Loads a driver with its libraries, once: whoever asks while it is being loaded waits for the same. A failure is not kept. */
  load(name: string, how?: LoadHow): Promise<LoadedDriver<never, R, never, O>>;
  /** Loads what is configured, all of which has to work: rejects with the error of the first on this list that does not, and reports
   *  the others: when all have ended, or when one takes long (`slow`), which may be for ever. */
  prepare(configured: readonly string[], how?: LoadHow): Promise<void>;
  /** Whether a driver can be used here, as far as that can be told without loading a library. */
  check(name: string, how?: LoadHow): Promise<DriverCheck>;
  /** What has become of each driver so far. */
  status(): DriverStatus[];
}

/** A program's known list, from what `dlshim drivers` writes. Loads nothing. Throws a TypeError for a list that cannot be right. */
export function defineDrivers<const K extends readonly KnownDriver[]>(
  known: K,
  settings: DriversSettings<HostOf<K> & Host>,
): Drivers<HostOf<K> & Host, RequestOf<K>, OpenedOf<K>> {
  return new Registry(known, settings as DriversSettings<Host>) as unknown as Drivers<
    HostOf<K> & Host,
    RequestOf<K>,
    OpenedOf<K>
  >;
}

/** What looks like a path, as it is; anything else may have a password in it. */
function shownAddress(address: string): string {
  return /[@=?#]/.test(address) ? 'The address' : `'${address}'`;
}

/** As in RFC 3986, section 3.1, but for those of one letter. */
const SCHEME = /^([a-z][a-z0-9+.-]+):/i;
/** In milliseconds. */
const SLOW = 5000;

class Registry implements Drivers<Host, unknown, unknown> {
  readonly host: Host;
  readonly known: readonly KnownDriver[];
  readonly #settings: DriversSettings<Host>;
  readonly #steps: Steps;
  readonly #loading = new Map<string, Promise<AnyLoaded>>();
  readonly #ends = new Map<string, 'loaded' | DriverError>();

  constructor(known: readonly KnownDriver[], settings: DriversSettings<Host>) {
    checkList(known);
    const { host, slow = SLOW } = settings;
    checkHost(host);
    if (typeof slow !== 'number' || !(slow > 0))
      throw new TypeError(`defineDrivers(): slow is a number of milliseconds, and not ${slow}`);
    this.known = known;
    this.host = host;
    this.#settings = settings;
    this.#steps = new Steps(slow, (driver, what, seconds) => this.#report({ kind: 'slow', driver, what, seconds }));
  }

  protocolOf(address: string): string | undefined {
    return SCHEME.exec(address)?.[1]?.toLowerCase();
  }

  async open(address: string, request: unknown, how: OpenHow = {}): Promise<unknown> {
    const protocol = this.protocolOf(address);
    const driver = this.known.find(({ protocols = [] }) => protocol !== undefined && protocols.includes(protocol));
    if (driver) return this.#openWith(driver, address, request, how);
    const all = this.known.flatMap(({ protocols = [] }) => protocols);
    const known = knownWords(protocol ?? '', all, 'Known protocols');
    if (protocol === undefined) {
      const example = all[0] === undefined ? '' : `, such as '${all[0]}:'`;
      const what = `${shownAddress(address)} has no protocol: an address begins with one${example}.`;
      throw new DriverError('unknown', undefined, what, known);
    }
    // Not the address: it may have a password in it.
    const what = `No driver for the protocol '${protocol}:' is known.`;
    // Who opens files knows them by having no protocol.
    const opensFiles = this.known.some(({ formats = [] }) => formats.length > 0);
    const remedy = opensFiles ? `${known} A file of such a name is ./${protocol}:…` : known;
    throw new DriverError('unknown', undefined, what, remedy);
  }

  async openFormat(format: string, source: Source, request: unknown, how: OpenHow = {}): Promise<unknown> {
    const driver = this.known.find(({ formats = [] }) => formats.includes(format));
    if (driver) return this.#openWith(driver, source, request, how);
    const all = this.known.flatMap(({ formats = [] }) => formats);
    const remedy = knownWords(format, all, 'Known formats');
    throw new DriverError('unknown', undefined, `No driver for the format '${format}' is known.`, remedy);
  }

  async probe(source: Source, { signal }: LoadHow = {}): Promise<Candidate[]> {
    const candidates = new Candidates();
    const read = () => probeData(this.known, source, candidates, signal);
    if (await unlessAborted(undefined, signal, read, () => undefined)) return candidates.all();
    for (const known of this.known) {
      if (!known.needsCode) continue;
      const { name: driver } = known;
      const format = known.formats?.[0] ?? driver;
      try {
        const score = await this.#probeWith(known, source, signal);
        if (score > 0 && candidates.add({ driver, format, score })) break;
      } catch (error) {
        if (!isDriverError(error) || error.kind === 'aborted') throw error;
        this.#report({ kind: 'passed-over', driver, error });
      }
    }
    return candidates.all();
  }

  async load(name: string, { signal }: LoadHow = {}): Promise<LoadedDriver<never, unknown, never, unknown>> {
    return this.#load(this.#find(name), signal);
  }

  async prepare(configured: readonly string[], { signal }: LoadHow = {}): Promise<void> {
    const drivers = configured.map((name) => this.#find(name));
    const ends: (DriverError | 'ready' | undefined)[] = drivers.map(() => undefined);
    const told = new Set<DriverError>();
    /** The failures behind the first driver that is not ready: it rejects, if it fails. */
    const tell = (): void => {
      const first = ends.findIndex((end) => end !== 'ready');
      for (const [at, error] of ends.entries()) {
        if (at <= first || typeof error !== 'object' || error.kind === 'aborted' || told.has(error)) continue;
        told.add(error);
        this.#report({ kind: 'failed', driver: drivers[at]!.name, error });
      }
    };
    let isSlow = false;
    const forget = this.#steps.whenSlow(() => {
      isSlow = true;
      tell();
    });
    const wait = async (driver: KnownDriver, at: number): Promise<void> => {
      ends[at] = await this.#load(driver, signal).then(
        () => 'ready' as const,
        (error: DriverError) => error,
      );
      if (isSlow) tell();
    };
    await Promise.all(drivers.map(wait));
    forget();
    tell();
    const first = ends.find((end) => end !== 'ready');
    if (first !== undefined) throw first;
  }

  async check(name: string, { signal }: LoadHow = {}): Promise<DriverCheck> {
    const driver = this.#find(name);
    const { checkDriver } = await import('./check.ts');
    return this.#unlessAborted(driver, signal, () => checkDriver(driver, this.host, this.#steps));
  }

  status(): DriverStatus[] {
    return this.known.map(({ name: driver }) => {
      const end = this.#ends.get(driver);
      if (end === 'loaded') return { driver, state: 'loaded' };
      if (!this.#loading.has(driver)) return end ? { driver, state: 'failed', error: end } : { driver, state: 'idle' };
      const step = this.#steps.of(driver);
      if (!step) return { driver, state: 'loading' };
      const waiting = { what: step.what(), seconds: (performance.now() - step.since) / 1000 };
      return { driver, state: 'loading', waiting };
    });
  }

  #find(name: string): KnownDriver {
    const driver = this.known.find((each) => each.name === name);
    if (driver) return driver;
    const all = this.known.map((each) => each.name);
    throw new DriverError('unknown', name, `No driver '${name}' is known.`, knownWords(name, all, 'Known drivers'));
  }

  async #openWith(driver: KnownDriver, target: unknown, request: unknown, how: OpenHow): Promise<unknown> {
    const values = optionValues(driver, how.options);
    return (await this.#load(driver, how.signal)).open(target, request, values);
  }

  /** Its score, within limits. */
  async #probeWith(known: KnownDriver, source: Source, signal: AbortSignal | undefined): Promise<number> {
    const loaded = await this.#load(known, signal);
    const { name } = known;
    try {
      const what = () => `asking it what ${source.name ?? 'the file'} is`;
      const ask = () => this.#steps.run(name, what, () => loaded.probe!(source));
      const score = await this.#unlessAborted(known, signal, ask);
      if (typeof score === 'number' && score >= 0) return Math.min(score, CERTAIN);
      throw new TypeError(`its probe gave ${score}, which is no score`);
    } catch (error) {
      const text = `The driver '${name}' failed when it was asked for a file's format:\n  ${thrownWords(error)}`;
      throw isDriverError(error) ? error : faultIn(name, text, error);
    }
  }

  #unlessAborted<T>(driver: KnownDriver, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    return unlessAborted(driver.name, signal, work, () => this.#steps.of(driver.name));
  }

  #load(driver: KnownDriver, signal: AbortSignal | undefined): Promise<AnyLoaded> {
    return this.#unlessAborted(driver, signal, () => this.#loadOnce(driver));
  }

  /** Whoever comes first loads, for all; what failed may be tried again. */
  #loadOnce(driver: KnownDriver): Promise<AnyLoaded> {
    const { name } = driver;
    const known = this.#loading.get(name);
    if (known) return known;
    const without = (library: string, error: DriverError) =>
      this.#report({ kind: 'without', driver: name, library, error });
    const loading = this.#loadNow(driver, without).then(
      (loaded) => {
        this.#ends.set(name, 'loaded');
        return loaded;
      },
      (error: DriverError) => {
        this.#loading.delete(name);
        this.#ends.set(name, error);
        throw error;
      },
    );
    this.#loading.set(name, loading);
    return loading;
  }

  /** What loads is itself loaded by then: a program that knows drivers starts without it. */
  async #loadNow(driver: KnownDriver, without: (library: string, error: DriverError) => void): Promise<AnyLoaded> {
    const { loadDriver } = await import('./load.ts');
    return loadDriver(driver, this.host, this.#steps, without);
  }

  #report(report: DriverReport): void {
    if (this.#settings.report) this.#settings.report(report);
    else process.emitWarning(reportInWords(report), { type: 'DriverWarning', code: CODES[report.kind] });
  }
}

const CODES = {
  slow: 'DLSHIM_DRIVER_SLOW',
  'passed-over': 'DLSHIM_DRIVER_PASSED_OVER',
  without: 'DLSHIM_DRIVER_WITHOUT',
  failed: 'DLSHIM_DRIVER_ALSO_FAILED',
};

/** A report as a line or more for people: what is said unless a program has its own `report`. */
export function reportInWords(report: DriverReport): string {
  switch (report.kind) {
    case 'slow':
      return `The driver '${report.driver}' still waits after ${inSeconds(report.seconds)}: ${report.what}`;
    case 'passed-over':
      return `Passed over: ${report.error.message}`;
    case 'without':
    case 'failed':
      return report.error.message;
    default:
      return report satisfies never;
  }
}
