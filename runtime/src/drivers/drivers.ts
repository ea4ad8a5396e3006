// One program's known list in, what opens addresses and files with it out. Nothing outside the list is ever loaded, no folder is read, and
// a driver's module and its libraries are loaded when it is first needed, once.

import { compareVersions } from '../versions/compare.ts';
import { type AnyShim, DRIVER_FORMAT, type Driver, type LoadedDriver } from './define.ts';
import type { DriverDescriptor, Host } from './descriptor.ts';
import { DriverError, kindOf } from './errors.ts';
import { type GivenOptions, optionValues } from './options.ts';
import { type Candidate, CERTAIN, probeData, type Source } from './probe.ts';

/** A driver on a program's list: its descriptor, and where its code is. `dlshim drivers` writes these. */
export interface KnownDriver<M = unknown> extends DriverDescriptor {
  readonly module: () => Promise<{ readonly default: M }>;
}

type ModuleOf<K extends readonly KnownDriver[]> = Awaited<ReturnType<K[number]['module']>>['default'];
/** What all drivers of a list ask of the program: of each its own. */
type HostOf<K extends readonly KnownDriver[]> = [K[number]] extends [never]
  ? unknown
  : ModuleOf<K> extends Driver<infer H, infer _T, infer _R, infer _V, infer _O>
    ? H
    : never;
type RequestOf<K extends readonly KnownDriver[]> = [K[number]] extends [never]
  ? unknown
  : ModuleOf<K> extends Driver<infer _H, infer _T, infer R, infer _V, infer _O>
    ? R
    : never;
type OpenedOf<K extends readonly KnownDriver[]> =
  ModuleOf<K> extends Driver<infer _H, infer _T, infer _R, infer _V, infer O> ? O : never;

/** What a program hears of drivers that it does not hear by an error. */
export type DriverReport =
  /** A driver that was merely available has failed, and was passed over. */
  | { readonly kind: 'passed-over'; readonly driver: string; readonly error: DriverError }
  /** Something takes long: it goes on. */
  | { readonly kind: 'slow'; readonly driver: string; readonly what: string; readonly seconds: number };

export interface DriversSettings<H> {
  readonly host: H;
  /** Unless given: a process warning (`process.emitWarning`) for each. */
  readonly report?: (report: DriverReport) => void;
  /** After how many milliseconds a step is reported as slow (5,000), and again after twice that, and so on. */
  readonly slow?: number;
}

/** What a driver is opened by besides its name. */
export interface OpenHow {
  readonly options?: GivenOptions;
}

export interface Drivers<H, R, O> {
  readonly host: H;
  /** The descriptors, in the order of the list. */
  readonly known: readonly DriverDescriptor[];
  /** The scheme of an address, where it has one: two characters at least, so that `C:\` is none. */
  protocolOf(address: string): string | undefined;
  /** Opens an address by the driver of its protocol. */
  open(address: string, request: R, how?: OpenHow): Promise<O>;
  /** The formats that a file may have, the surest first. Data decides as far as it can, and loads nothing; only where nothing is certain,
   *  drivers are asked that need their code for it, and those that cannot be loaded are reported and passed over. */
  probe(source: Source): Promise<Candidate[]>;
  /** Opens a file, which is open, in a format. The format was asked for or is what the file's bytes say: the driver has to work. */
  openFormat(format: string, source: Source, request: R, how?: OpenHow): Promise<O>;
  /** Loads a driver with its libraries, once. */
  load(name: string): Promise<LoadedDriver<never, R, never, O>>;
  /** Loads what is configured, all of which has to work, and rejects with the first that does not. */
  prepare(configured: readonly string[]): Promise<void>;
}

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

type AnyLoaded = LoadedDriver<unknown, unknown, unknown, unknown>;
type AnyDriver = Driver<unknown, unknown, unknown, unknown, unknown>;

const SCHEME = /^([a-z][a-z0-9+.-]+):/i;

class Registry implements Drivers<Host, unknown, unknown> {
  readonly host: Host;
  readonly known: readonly KnownDriver[];
  readonly #settings: DriversSettings<Host>;
  readonly #loading = new Map<string, Promise<AnyLoaded>>();

  constructor(known: readonly KnownDriver[], settings: DriversSettings<Host>) {
    this.known = known;
    this.host = settings.host;
    this.#settings = settings;
  }

  protocolOf(address: string): string | undefined {
    return SCHEME.exec(address)?.[1]?.toLowerCase();
  }

  async open(address: string, request: unknown, how: OpenHow = {}): Promise<unknown> {
    const protocol = this.protocolOf(address);
    if (protocol === undefined)
      throw new TypeError(`${address}: no protocol, such as ${this.#protocols()[0] ?? 'rbd'}:`);
    const driver = this.known.find(({ protocols = [] }) => protocols.includes(protocol));
    if (!driver)
      throw new DriverError(
        'unknown',
        undefined,
        `${address}: no driver for ${protocol}: is known.`,
        `Known: ${this.#protocols().join(', ')}.`,
      );
    return this.#openWith(driver, address, request, how);
  }

  async openFormat(format: string, source: Source, request: unknown, how: OpenHow = {}): Promise<unknown> {
    const driver = this.known.find(({ formats = [] }) => formats.includes(format));
    const formats = this.known.flatMap((each) => each.formats ?? []);
    if (!driver)
      throw new DriverError(
        'unknown',
        undefined,
        `no driver for the format '${format}' is known.`,
        `Known: ${formats.join(', ')}.`,
      );
    return this.#openWith(driver, source, request, how);
  }

  async probe(source: Source): Promise<Candidate[]> {
    const found = await probeData(this.known, source);
    if (found[0]?.score === CERTAIN) return found;
    for (const driver of this.known) {
      if (!driver.needsCode) continue;
      try {
        const score = await (await this.#load(driver)).probe?.(source);
        if (score) found.push({ driver: driver.name, format: driver.formats?.[0] ?? driver.name, score });
      } catch (error) {
        this.#report({ kind: 'passed-over', driver: driver.name, error: error as DriverError });
      }
    }
    return found.sort((a, b) => b.score - a.score);
  }

  async load(name: string): Promise<LoadedDriver<never, unknown, never, unknown>> {
    const driver = this.known.find((each) => each.name === name);
    if (!driver)
      throw new DriverError(
        'unknown',
        name,
        `no driver '${name}' is known.`,
        `Known: ${this.known.map((each) => each.name).join(', ')}.`,
      );
    return this.#load(driver);
  }

  async prepare(configured: readonly string[]): Promise<void> {
    for (const name of configured) await this.load(name);
  }

  #protocols(): string[] {
    return this.known.flatMap(({ protocols = [] }) => protocols.map((each) => `${each}:`));
  }

  async #openWith(driver: KnownDriver, target: unknown, request: unknown, { options }: OpenHow): Promise<unknown> {
    const values = optionValues(driver, options);
    return (await this.#load(driver)).open(target, request, values);
  }

  /** Whoever comes first loads, for all; what failed may be tried again. */
  #load(driver: KnownDriver): Promise<AnyLoaded> {
    const known = this.#loading.get(driver.name);
    if (known) return known;
    const loading = this.#loadNow(driver).catch((error: unknown) => {
      this.#loading.delete(driver.name);
      throw error;
    });
    this.#loading.set(driver.name, loading);
    return loading;
  }

  async #loadNow(known: KnownDriver): Promise<AnyLoaded> {
    const { name } = known;
    const fail = (kind: DriverError['kind'], what: string, error: unknown): never => {
      const { message, remedy } = error as Partial<DriverError>;
      throw new DriverError(
        kind,
        name,
        `${name}: ${what}: ${message ?? String(error)}`,
        message?.includes(remedy ?? '') ? '' : remedy,
        error,
      );
    };
    if (known.host !== undefined && compareVersions(this.host.version, known.host) < 0)
      throw new DriverError(
        'version',
        name,
        `${name} needs ${this.host.name} ${known.host}, and this is ${this.host.version}.`,
      );
    const { default: driver } = (await known
      .module()
      .catch((error: unknown) => fail('failed', 'its module', error))) as { default: AnyDriver };
    if (driver?.format !== DRIVER_FORMAT)
      throw new DriverError(
        'version',
        name,
        `${name} was built for another runtime: its format is ${driver?.format}, and ${DRIVER_FORMAT} is wanted.`,
      );
    const libraries: Record<string, unknown> = {};
    for (const [library, shim] of Object.entries<AnyShim>(driver.shims)) {
      const { requires = [], optional } = driver.descriptor.shims?.[library] ?? {};
      try {
        libraries[library] = optional
          ? shim.tryOpen({ require: requires as never })
          : shim.open({ require: requires as never });
      } catch (error) {
        fail(kindOf(error), library, error);
      }
    }
    try {
      return await driver.load(this.host, libraries as never);
    } catch (error) {
      return fail(
        (error as DriverError).code === ('DLSHIM_DRIVER_REFUSAL' as string) ? 'refused' : 'failed',
        'refuses',
        error,
      );
    }
  }

  #report(report: DriverReport): void {
    if (this.#settings.report) this.#settings.report(report);
    else process.emitWarning(report.kind === 'slow' ? `${report.driver}: ${report.what}` : report.error.message);
  }
}
