// A generated module's descriptor in, the shim that a driver opens out. Nothing native is touched before open().
// The order of open(): contract check, load, presence of every symbol, required ones and those of `require`, then the table, which
// is kept for the thread; a library that fails any of this is not kept, so that a later open() may succeed.

import type { ShimDescriptor } from './descriptor.ts';
import { PathError, RequireError, ShimError, UnsupportedCallError } from './errors.ts';
import { type Binder, createBinder } from './ffi.ts';
import { checkNames, missingOfFeature, unmet } from './gates.ts';
import { inspect } from './inspect.ts';
import { isSame, loadLibrary } from './loader.ts';
import { registry, tableKey } from './residency.ts';
import { checkFormat, checkSymbols, factsOf, type Survey, surveyOf } from './survey.ts';
import { buildAsyncTable, buildTable, type NativeFunction } from './table.ts';
import { pick } from './targets.ts';
import type { Loaded, OpenOptions, Shim } from './types.ts';

interface Table {
  readonly survey: Survey;
  readonly loaded: Loaded<object, object, object>;
}

/** Makes the shim of a generated module. Maps no native code and does no work: all of it is in `open()`. */
export function defineShim<R, W, F extends { [K in keyof F]: keyof W }>(descriptor: ShimDescriptor): Shim<R, W, F> {
  const open = (options?: OpenOptions<PropertyKey>): unknown => {
    const require = options?.require ?? [];
    if (!Array.isArray(require)) throw new TypeError('open({ require }) takes a list of functions and features');
    return openTable(descriptor, options?.path, require.map(String)).loaded;
  };
  const shim = {
    open,
    tryOpen(options?: OpenOptions<PropertyKey>): unknown {
      try {
        return open(options);
      } catch (error) {
        if (error instanceof ShimError && error.code === 'DLSHIM_ABSENT') return undefined;
        throw error;
      }
    },
    inspect: () => inspect(descriptor),
  };
  return shim as Shim<R, W, F>;
}

function openTable(descriptor: ShimDescriptor, path: string | undefined, require: readonly string[]): Table {
  checkFormat(descriptor);
  checkNames(descriptor, require);
  const { residents, tables } = registry();
  const key = tableKey(descriptor.library, descriptor.stamp);
  const resident = residents.get(descriptor.library);
  if (resident && path !== undefined && !isSame(descriptor, path, resident.handle)) {
    const remedy = 'One process has one copy of a library: give the same path everywhere, or use another process.';
    const what = `${descriptor.library} is already loaded from ${resident.path}, so that it cannot be opened from ${path}.`;
    throw new PathError(what, { library: descriptor.library, attempts: resident.attempts, remedy });
  }
  const known = tables.get(key) as Table | undefined;
  if (known) {
    checkRequired(descriptor, known.survey, require);
    return known;
  }
  const survey = surveyOf(descriptor, resident ?? loadLibrary(descriptor, path));
  checkSymbols(descriptor, survey);
  checkRequired(descriptor, survey, require);
  const table: Table = { survey, loaded: createLoaded(descriptor, survey) };
  residents.set(descriptor.library, survey.resident);
  tables.set(key, table);
  return table;
}

function checkRequired(descriptor: ShimDescriptor, survey: Survey, names: readonly string[]): void {
  const lacking = unmet(descriptor, (symbol) => survey.addresses.has(symbol), names);
  if (lacking.length > 0) throw new RequireError(lacking, factsOf(descriptor, survey));
}

function createLoaded(descriptor: ShimDescriptor, { addresses }: Survey): Table['loaded'] {
  const binder = createBinder(descriptor.records);
  const fn = buildTable(addresses.keys(), (symbol) => bind(descriptor, binder, symbol, addresses.get(symbol)!));
  const checkAsync = (symbol: string) => {
    if (signatureOf(descriptor, symbol).endsWith('...)')) throw unsupported(descriptor, symbol, 'it is variadic');
  };
  return Object.freeze({
    fn,
    async: buildAsyncTable(addresses.keys(), fn, checkAsync),
    has: (feature: string) => missingOfFeature(descriptor, (symbol) => addresses.has(symbol), feature).length === 0,
    callback: (symbol: string, parameter: number, callback: (...args: never[]) => unknown) =>
      binder.register(signatureOf(descriptor, symbol), parameter, callback),
    release: (pointer: bigint) => binder.unregister(pointer),
  }) as unknown as Table['loaded'];
}

function bind(descriptor: ShimDescriptor, binder: Binder, symbol: string, address: bigint): NativeFunction {
  try {
    return binder.bind(address, signatureOf(descriptor, symbol));
  } catch (error) {
    throw unsupported(descriptor, symbol, error instanceof Error ? error.message : String(error));
  }
}

function unsupported({ library }: ShimDescriptor, symbol: string, why: string): UnsupportedCallError {
  return new UnsupportedCallError(symbol, why, { library });
}

function signatureOf({ library, required, weak }: ShimDescriptor, symbol: string): string {
  for (const signatures of [required, weak]) {
    if (Object.hasOwn(signatures, symbol)) return pick(signatures[symbol]!);
  }
  throw new TypeError(`${library} has no function '${symbol}'`);
}
