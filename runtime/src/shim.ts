// A generated module's descriptor in, the shim that a driver opens out. Nothing native is touched before open().
// The order of open(): contract check, load, presence of every symbol, required ones and those of `require`, what is so in some versions
// only, then the table, which is kept for the thread; a library that fails any of this is not kept, so that a later open() may succeed.

import type { CallbackError } from './calls/call-errors.ts';
import { type Bound, createCalls } from './calls/calls.ts';
import { functionType, parameterType } from './calls/function-types.ts';
import { variadicFunction } from './calls/variadics.ts';
import { labelOf } from './calls/with-callbacks.ts';
import { type ShimDescriptor, setDescriptor } from './contract/descriptor.ts';
import { parseSignature } from './contract/signature.ts';
import { pick } from './contract/targets.ts';
import { type Modes, modesOf } from './debug/modes.ts';
import { assumptionName, PathError, RequireError, ShimError, UnsupportedCallError } from './errors.ts';
import { type Binder, createBinder } from './ffi.ts';
import { checkNames, constantOf, hasFeature, isFunction, undecided, unmet, waysOut } from './gates.ts';
import { inspect } from './inspect.ts';
import { uninterrupted } from './loading/exit-gate.ts';
import { canLoadLater, loadLater } from './loading/load-later.ts';
import { checkSame, type LoadRequest, loadLibrary } from './loading/loader.ts';
import { libraryKey, type Resident, registry, setIdle, tableKey } from './loading/residency.ts';
import { pretenceOf, standIn, standInAt } from './pretence.ts';
import { buildData } from './records/data.ts';
import { setEra } from './records/eras.ts';
import {
  addressOf,
  checkFormat,
  checkSymbols,
  factsOf,
  functionsOf,
  isPresent,
  isReal,
  rememberAll,
  type Survey,
  surveyOf,
} from './survey.ts';
import { buildAsyncTable, buildTable } from './table.ts';
import type { InspectOptions, Loaded, OpenOptions, Shim } from './types.ts';
import { Chosen, hasEras } from './versions/chosen.ts';
import { compareVersions, versionIn } from './versions/compare.ts';

interface Table {
  readonly survey: Survey;
  readonly loaded: Loaded<object, object, object>;
  /** Layouts and signatures, where they are not the same in all versions. */
  readonly chosen: Chosen | undefined;
  /** Looks up what the table may need of the loader. Absent in tables of an older copy of the runtime. */
  readonly remember?: () => void;
}

/** Makes the shim of a generated module. Maps no native code and does no work: all of it is in `open()`. */
export function defineShim<R, W, F extends { [K in keyof F]: keyof W }, C = object, D = object>(
  descriptor: ShimDescriptor,
): Shim<R, W, F, C, D> {
  const check = (options?: OpenOptions<PropertyKey>): Opening => {
    if (options !== undefined && (typeof options !== 'object' || options === null))
      throw new TypeError('open() takes an object of options');
    const require = options?.require ?? [];
    if (!Array.isArray(require)) throw new TypeError('open({ require }) takes a list of functions and features');
    const modes = modesOf(descriptor.library, options);
    const request = { ...options, assumeVersion: assumedVersion(descriptor, options?.assumeVersion) };
    return { request, require: require.map(String), modes };
  };
  const open = (options?: OpenOptions<PropertyKey>): unknown => {
    const opening = check(options);
    return uninterrupted(() => openTable(descriptor, opening)).loaded;
  };
  const openAsync = async (options?: OpenOptions<PropertyKey>): Promise<unknown> => {
    const opening = check(options);
    if (!isLoadedLater(descriptor, opening)) return uninterrupted(() => openTable(descriptor, opening)).loaded;
    const isThere = () => isResident(descriptor);
    return loadLater(descriptor, opening.request, { isThere, before: rememberTables }, (found) => {
      if (found) setIdle(found);
      return openTable(descriptor, opening, found).loaded;
    });
  };
  const unlessAbsent = (error: unknown): undefined => {
    if (error instanceof ShimError && error.code === 'DLSHIM_ABSENT') return undefined;
    throw error;
  };
  const shim = {
    open,
    tryOpen(options?: OpenOptions<PropertyKey>): unknown {
      try {
        return open(options);
      } catch (error) {
        return unlessAbsent(error);
      }
    },
    openAsync,
    tryOpenAsync: (options?: OpenOptions<PropertyKey>) => openAsync(options).catch(unlessAbsent),
    inspect: (options?: InspectOptions) => uninterrupted(() => inspectNow(descriptor, options)),
  };
  setDescriptor(shim, descriptor);
  return shim as Shim<R, W, F, C, D>;
}

/** With what open() was told of the version, or else the environment tells. */
function inspectNow(descriptor: ShimDescriptor, options: InspectOptions | undefined): ReturnType<typeof inspect> {
  const { tables } = pretenceOf(descriptor.library) ?? registry();
  const told = tables.get(assumedKey(descriptor)) as string | undefined;
  const variable = process.env[assumptionName(descriptor.library)];
  const assumed = told ?? (variable && versionIn(variable) !== undefined ? variable : undefined);
  return inspect(descriptor, options, assumed);
}

function assumedKey(descriptor: ShimDescriptor): string {
  return `${tableKey(descriptor)}\0\0assumed`;
}

/** The version that the library is said to be, by the option or the environment. */
function assumedVersion({ library, history }: ShimDescriptor, given: unknown): string | undefined {
  if (given !== undefined && !history)
    throw new TypeError(`${library}: its shim knows of no versions, and nothing depends on assumeVersion`);
  const variable = assumptionName(library);
  const version = given ?? (process.env[variable] || undefined);
  if (version === undefined || (typeof version === 'string' && versionIn(version) !== undefined)) return version;
  const source = given === undefined ? variable : 'open({ assumeVersion })';
  throw new TypeError(`${source} takes a version such as '1.2.3', and got '${String(version)}'`);
}

/** What somebody has said of the version counts for the thread. */
function agreedVersion(
  descriptor: ShimDescriptor,
  tables: Map<string, unknown>,
  given: string | undefined,
): string | undefined {
  const before = tables.get(assumedKey(descriptor)) as string | undefined;
  if (given === undefined || before === undefined || compareVersions(given, before) === 0) return before ?? given;
  const { library } = descriptor;
  throw new PathError(`${library} is open already, and was assumed to be ${before}: it cannot be ${given} as well.`, {
    library,
    remedy: `Give the same assumeVersion everywhere, or ${assumptionName(library)}.`,
  });
}

interface Request extends LoadRequest {
  readonly assumeVersion: string | undefined;
}

/** What open() was given, checked. */
interface Opening {
  readonly request: Request;
  readonly require: readonly string[];
  readonly modes: Modes;
}

/** What comes before loading. The order is that of open(). */
function prepare(descriptor: ShimDescriptor, { request, require }: Opening) {
  checkFormat(descriptor);
  checkNames(descriptor, require);
  const pretence = pretenceOf(descriptor.library);
  const { residents, tables } = pretence ?? registry();
  return { pretence, residents, tables, assumed: agreedVersion(descriptor, tables, request.assumeVersion) };
}

/** Whether openAsync() has to wait for its turn at the loader: what this thread has open needs none. */
function isLoadedLater(descriptor: ShimDescriptor, opening: Opening): boolean {
  const { pretence, residents } = uninterrupted(() => prepare(descriptor, opening));
  const isOpen = residents.has(libraryKey(descriptor)) && opening.request.path === undefined;
  return !isOpen && (pretence === undefined || pretence.isReal === true) && canLoadLater();
}

/** While a library is being loaded, those that are open are used without the loader. */
function rememberTables(): void {
  for (const table of registry().tables.values() as Iterable<Partial<Table>>) table?.remember?.();
}

function isResident(descriptor: ShimDescriptor): boolean {
  return [pretenceOf(descriptor.library), registry()].some((each) => each?.residents.has(libraryKey(descriptor)));
}

/** `loaded`: the library, where it has just been loaded. */
function openTable(descriptor: ShimDescriptor, opening: Opening, loaded?: Resident): Table {
  const { request, require, modes } = opening;
  const { pretence, residents, tables, assumed } = prepare(descriptor, opening);
  const key = tableKey(descriptor) + modes.key + (assumed === undefined ? '' : `\0\0${assumed}`);
  const resident = residents.get(libraryKey(descriptor));
  if (resident && !pretence) checkSame(descriptor, request.path, resident);
  const known = tables.get(key) as Table | undefined;
  if (known) {
    checkRequired(descriptor, known.survey, require);
    if (known.chosen) setEra(descriptor, known.chosen, pretence);
    return known;
  }
  const found = resident ?? pretence?.load(descriptor, request) ?? loaded ?? loadNow(descriptor, request);
  const survey = surveyOf(descriptor, found, assumed);
  checkSymbols(descriptor, survey);
  checkRequired(descriptor, survey, require);
  const chosen = chosenOnce(descriptor, survey, tables);
  const table: Table = {
    survey,
    loaded: createLoaded(descriptor, survey, modes, chosen),
    chosen,
    remember: () => rememberAll(descriptor, survey),
  };
  if (chosen) setEra(descriptor, chosen, pretence);
  registry().idle.delete(survey.resident.handle);
  residents.set(libraryKey(descriptor), survey.resident);
  tables.set(key, table);
  if (assumed !== undefined) tables.set(assumedKey(descriptor), assumed);
  return table;
}

/** The layouts and signatures of a library, for all of its tables: views of the one go with those of the other. */
function chosenOnce(descriptor: ShimDescriptor, survey: Survey, tables: Map<string, unknown>): Chosen | undefined {
  if (!hasEras(descriptor)) return undefined;
  const key = `${tableKey(descriptor)}\0\0eras\0${survey.installed.assumed ?? ''}`;
  const refuse = (what: string) => undecidedEra(descriptor, survey, what);
  const chosen =
    (tables.get(key) as Chosen | undefined) ?? new Chosen(descriptor, () => survey.installed.eras()!, refuse);
  tables.set(key, chosen);
  return chosen;
}

/** The error of what is not the same in all versions that are possible. */
function undecidedEra(descriptor: ShimDescriptor, survey: Survey, what: string): Error {
  const { resident, installed } = survey;
  const { like, functions } = resident.disguise ?? {};
  if (like === undefined || functions) {
    const reason = `it is not the same in all versions, and this ${installed.doubt()}`;
    return undecided(descriptor, survey, what, what, reason);
  }
  const reason = `the library is pretended to be ${like}, and what is called is another version`;
  return undecided(descriptor, survey, what, what, reason, 'Give pretend() the functions that are called.');
}

function checkRequired(descriptor: ShimDescriptor, survey: Survey, names: readonly string[]): void {
  const lacking = unmet(descriptor, survey, names);
  if (lacking.length === 0) return;
  const facts = factsOf(descriptor, survey);
  const isDark = lacking.some(({ reason }) => reason.startsWith('cannot be decided'));
  throw new RequireError(
    lacking,
    isDark ? { ...facts, remedy: `${waysOut(descriptor, survey)} ${facts.remedy}` } : facts,
  );
}

function loadNow(descriptor: ShimDescriptor, request: LoadRequest): Resident {
  const loaded = loadLibrary(descriptor, request);
  setIdle(loaded);
  return loaded;
}

function createLoaded(
  given: ShimDescriptor,
  survey: Survey,
  modes: Modes,
  chosen: Chosen | undefined,
): Table['loaded'] {
  const { disguise } = survey.resident;
  const descriptor = chosen ? { ...given, records: chosen.records } : given;
  const binder = disguise?.functions ? undefined : createBinder(descriptor.records);
  const signatureOf = (symbol: string): string => chosen?.signature(symbol) ?? plainSignature(given, symbol);
  const typeOf = (name: string) => functionType(descriptor, name, chosen?.signature(name));
  const slots = {
    has: (name: string) => {
      const presence = isFunction(given, name) && survey.presenceOf(name);
      if (typeof presence === 'string') throw undecided(given, survey, `whether it has ${name}`, name, presence);
      return presence;
    },
    names: () => functionsOf(given).filter((name) => isPresent(given, survey, name)),
  };
  const { bind, wrap, callbacks, events } = createCalls(descriptor, binder, modes, (symbol) =>
    binder
      ? bound(descriptor, binder, symbol, signatureOf(symbol), realAddressOf(given, survey, symbol))
      : { native: standIn(descriptor.library, disguise!, symbol), signature: signatureOf(symbol) },
  );
  const bindAsync = (symbol: string) => {
    if (signatureOf(symbol).endsWith('...)')) throw unsupported(descriptor, symbol, 'it is variadic');
    return bind(symbol);
  };
  return Object.freeze({
    fn: buildTable(slots, bind),
    async: buildAsyncTable(slots, bindAsync),
    has: (feature: string, otherwise?: boolean) => hasFeature(given, survey, feature, otherwise),
    constant: (name: string) => constantOf(given, survey, name),
    callback: (name: string, ...rest: [Callback] | [parameter: number, callback: Callback]) =>
      rest.length === 1
        ? callbacks.make(typeOf(name), `the callback ${name}`, rest[0])
        : callbacks.make(parameterType(name, signatureOf(name), rest[0]), labelOf(name, rest[0]), rest[1]),
    release: (pointer: bigint) => callbacks.release(pointer),
    functionAt: (name: string, pointer: bigint | null) => {
      if (typeof pointer !== 'bigint' || pointer === 0n)
        throw new TypeError(`functionAt('${name}'): not an address: ${pointer}`);
      const signature = typeOf(name).text.slice('fn<'.length, -1);
      return binder ? wrap(name, { native: binder.bind(pointer, signature), signature }).sync : standInAt(pointer);
    },
    data: buildData(descriptor, survey.missing, (name) => addressOf(descriptor, survey, name)),
    addressOf: (name: string) => addressOf(descriptor, survey, name),
    on: (event: string, listener: (error: CallbackError) => void) => events.on(event, listener),
    off: (event: string, listener: (error: CallbackError) => void) => events.off(event, listener),
  }) as unknown as Table['loaded'];
}

type Callback = (...args: never[]) => unknown;

/** The address of a function that is there as the shim says, and not only pretended to be. */
function realAddressOf(descriptor: ShimDescriptor, survey: Survey, symbol: string): bigint {
  if (isReal(descriptor, survey, symbol)) return addressOf(descriptor, survey, symbol);
  throw undecidedEra(descriptor, survey, `the signature of ${symbol}`);
}

function bound(descriptor: ShimDescriptor, binder: Binder, symbol: string, signature: string, address: bigint): Bound {
  const { variadics } = descriptor;
  try {
    const native = binder.bind(address, signature);
    if (!signature.endsWith('...)')) return { native, signature };
    const options = variadics && Object.hasOwn(variadics, symbol) ? variadics[symbol] : undefined;
    const { length } = parseSignature(signature).parameters;
    return {
      native: variadicFunction(symbol, native, length, binder.argumentType, options, descriptor.records),
      signature,
    };
  } catch (error) {
    if (error instanceof ShimError) throw error;
    throw unsupported(descriptor, symbol, error instanceof Error ? error.message : String(error));
  }
}

function unsupported({ library }: ShimDescriptor, symbol: string, why: string): UnsupportedCallError {
  return new UnsupportedCallError(symbol, why, { library });
}

function plainSignature({ library, required, weak }: ShimDescriptor, symbol: string): string {
  for (const signatures of [required, weak]) {
    if (Object.hasOwn(signatures, symbol)) return pick(signatures[symbol]!);
  }
  throw new TypeError(`${library} has no function '${symbol}'`);
}
