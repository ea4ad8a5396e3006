// A generated module's descriptor in, the shim that a driver opens out. Nothing native is touched before open().
// The order of open(): contract check, load, presence of every symbol, required ones and those of `require`, then the table, which
// is kept for the thread; a library that fails any of this is not kept, so that a later open() may succeed.

import type { CallbackError } from './call-errors.ts';
import { createCalls } from './calls.ts';
import { type ShimDescriptor, setDescriptor } from './descriptor.ts';
import { PathError, RequireError, ShimError, UnsupportedCallError } from './errors.ts';
import { createBinder } from './ffi.ts';
import { checkNames, missingOfFeature, unmet } from './gates.ts';
import { inspect } from './inspect.ts';
import { isSame, loadLibrary } from './loader.ts';
import { type Modes, modesOf } from './modes.ts';
import { pretenceOf, standIn } from './pretence.ts';
import { registry, tableKey } from './residency.ts';
import { parseSignature } from './signature.ts';
import { checkFormat, checkSymbols, factsOf, type Survey, surveyOf } from './survey.ts';
import { buildAsyncTable, buildTable } from './table.ts';
import { pick } from './targets.ts';
import type { Loaded, OpenOptions, Shim } from './types.ts';
import { labelOf } from './with-callbacks.ts';

interface Table {
  readonly survey: Survey;
  readonly loaded: Loaded<object, object, object>;
}

/** Makes the shim of a generated module. Maps no native code and does no work: all of it is in `open()`. */
export function defineShim<R, W, F extends { [K in keyof F]: keyof W }>(descriptor: ShimDescriptor): Shim<R, W, F> {
  const open = (options?: OpenOptions<PropertyKey>): unknown => {
    const require = options?.require ?? [];
    if (!Array.isArray(require)) throw new TypeError('open({ require }) takes a list of functions and features');
    return openTable(descriptor, options?.path, require.map(String), modesOf(descriptor.library, options)).loaded;
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
  setDescriptor(shim, descriptor);
  return shim as Shim<R, W, F>;
}

function openTable(
  descriptor: ShimDescriptor,
  path: string | undefined,
  require: readonly string[],
  modes: Modes,
): Table {
  checkFormat(descriptor);
  checkNames(descriptor, require);
  const pretence = pretenceOf(descriptor.library);
  const { residents, tables } = pretence ?? registry();
  const key = tableKey(descriptor.library, descriptor.stamp) + modes.key;
  const resident = residents.get(descriptor.library);
  if (resident && !pretence && path !== undefined && !isSame(descriptor, path, resident.handle)) {
    const remedy = 'One process has one copy of a library: give the same path everywhere, or use another process.';
    const what = `${descriptor.library} is already loaded from ${resident.path}, so that it cannot be opened from ${path}.`;
    throw new PathError(what, { library: descriptor.library, attempts: resident.attempts, remedy });
  }
  const known = tables.get(key) as Table | undefined;
  if (known) {
    checkRequired(descriptor, known.survey, require);
    return known;
  }
  const survey = surveyOf(descriptor, resident ?? pretence?.load(descriptor, path) ?? loadLibrary(descriptor, path));
  checkSymbols(descriptor, survey);
  checkRequired(descriptor, survey, require);
  const table: Table = { survey, loaded: createLoaded(descriptor, survey, modes) };
  residents.set(descriptor.library, survey.resident);
  tables.set(key, table);
  return table;
}

function checkRequired(descriptor: ShimDescriptor, survey: Survey, names: readonly string[]): void {
  const lacking = unmet(descriptor, (symbol) => survey.addresses.has(symbol), names);
  if (lacking.length > 0) throw new RequireError(lacking, factsOf(descriptor, survey));
}

function createLoaded(descriptor: ShimDescriptor, { addresses, resident }: Survey, modes: Modes): Table['loaded'] {
  const { disguise } = resident;
  const binder = disguise?.functions ? undefined : createBinder(descriptor.records);
  const { bind, callbacks, events } = createCalls(descriptor, binder, modes, (symbol) => {
    const signature = signatureOf(descriptor, symbol);
    if (!binder) return { native: standIn(descriptor.library, disguise!, symbol), signature };
    try {
      return { native: binder.bind(addresses.get(symbol)!, signature), signature };
    } catch (error) {
      throw unsupported(descriptor, symbol, error instanceof Error ? error.message : String(error));
    }
  });
  const bindAsync = (symbol: string) => {
    if (signatureOf(descriptor, symbol).endsWith('...)')) throw unsupported(descriptor, symbol, 'it is variadic');
    return bind(symbol);
  };
  return Object.freeze({
    fn: buildTable(addresses.keys(), bind),
    async: buildAsyncTable(addresses.keys(), bindAsync),
    has: (feature: string) => missingOfFeature(descriptor, (symbol) => addresses.has(symbol), feature).length === 0,
    callback: (symbol: string, parameter: number, callback: (...args: never[]) => unknown) => {
      const type = parseSignature(signatureOf(descriptor, symbol)).parameters[parameter];
      if (type?.kind !== 'function') throw new TypeError(`parameter ${parameter} of '${symbol}' is not a function`);
      return callbacks.make(type, labelOf(symbol, parameter), callback);
    },
    release: (pointer: bigint) => callbacks.release(pointer),
    on: (event: string, listener: (error: CallbackError) => void) => events.on(event, listener),
    off: (event: string, listener: (error: CallbackError) => void) => events.off(event, listener),
  }) as unknown as Table['loaded'];
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
