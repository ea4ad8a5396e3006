// A generated module's descriptor in, the shim that a driver opens out. Nothing native is touched before open().
// The order of open(): contract check, load, presence of every symbol, required ones and those of `require`, then the table, which
// is kept for the thread; a library that fails any of this is not kept, so that a later open() may succeed.

import type { CallbackError } from './calls/call-errors.ts';
import { type Bound, createCalls } from './calls/calls.ts';
import { functionType, parameterType } from './calls/function-types.ts';
import { variadicFunction } from './calls/variadics.ts';
import { labelOf } from './calls/with-callbacks.ts';
import { type ShimDescriptor, setDescriptor } from './contract/descriptor.ts';
import { parseSignature } from './contract/signature.ts';
import { pick } from './contract/targets.ts';
import { type Modes, modesOf } from './debug/modes.ts';
import { PathError, RequireError, ShimError, UnsupportedCallError } from './errors.ts';
import { type Binder, createBinder } from './ffi.ts';
import { checkNames, missingOfFeature, unmet } from './gates.ts';
import { inspect } from './inspect.ts';
import { uninterrupted } from './loading/exit-gate.ts';
import { isSame, type LoadRequest, loadLibrary, ONE_COPY } from './loading/loader.ts';
import { libraryKey, type Resident, registry, setIdle, tableKey } from './loading/residency.ts';
import { pretenceOf, standIn, standInAt } from './pretence.ts';
import { buildData } from './records/data.ts';
import {
  addressOf,
  checkFormat,
  checkSymbols,
  factsOf,
  functionsOf,
  isPresent,
  type Survey,
  surveyOf,
} from './survey.ts';
import { buildAsyncTable, buildTable } from './table.ts';
import type { InspectOptions, Loaded, OpenOptions, Shim } from './types.ts';

interface Table {
  readonly survey: Survey;
  readonly loaded: Loaded<object, object, object>;
}

/** Makes the shim of a generated module. Maps no native code and does no work: all of it is in `open()`. */
export function defineShim<R, W, F extends { [K in keyof F]: keyof W }, C = object, D = object>(
  descriptor: ShimDescriptor,
): Shim<R, W, F, C, D> {
  const open = (options?: OpenOptions<PropertyKey>): unknown => {
    if (options !== undefined && (typeof options !== 'object' || options === null))
      throw new TypeError('open() takes an object of options');
    const require = options?.require ?? [];
    if (!Array.isArray(require)) throw new TypeError('open({ require }) takes a list of functions and features');
    const modes = modesOf(descriptor.library, options);
    return uninterrupted(() => openTable(descriptor, options ?? {}, require.map(String), modes)).loaded;
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
    inspect: (options?: InspectOptions) => uninterrupted(() => inspect(descriptor, options)),
  };
  setDescriptor(shim, descriptor);
  return shim as Shim<R, W, F, C, D>;
}

function openTable(descriptor: ShimDescriptor, request: LoadRequest, require: readonly string[], modes: Modes): Table {
  checkFormat(descriptor);
  checkNames(descriptor, require);
  const pretence = pretenceOf(descriptor.library);
  const { residents, tables } = pretence ?? registry();
  const key = tableKey(descriptor) + modes.key;
  const resident = residents.get(libraryKey(descriptor));
  if (resident && !pretence) checkSame(descriptor, request.path, resident);
  const known = tables.get(key) as Table | undefined;
  if (known) {
    checkRequired(descriptor, known.survey, require);
    return known;
  }
  const survey = surveyOf(descriptor, resident ?? pretence?.load(descriptor, request) ?? loadNow(descriptor, request));
  checkSymbols(descriptor, survey);
  checkRequired(descriptor, survey, require);
  const table: Table = { survey, loaded: createLoaded(descriptor, survey, modes) };
  registry().idle.delete(survey.resident.handle);
  residents.set(libraryKey(descriptor), survey.resident);
  tables.set(key, table);
  return table;
}

function checkSame(descriptor: ShimDescriptor, path: string | undefined, resident: Resident): void {
  if (path === undefined || isSame(descriptor, path, resident.handle)) return;
  const { library } = descriptor;
  const what = `${library} is already loaded from ${resident.path}, so that it cannot be opened from ${path}.`;
  throw new PathError(what, { library, attempts: resident.attempts, remedy: ONE_COPY });
}

function checkRequired(descriptor: ShimDescriptor, survey: Survey, names: readonly string[]): void {
  const lacking = unmet(descriptor, (symbol) => isPresent(descriptor, survey, symbol), names);
  if (lacking.length > 0) throw new RequireError(lacking, factsOf(descriptor, survey));
}

function loadNow(descriptor: ShimDescriptor, request: LoadRequest): Resident {
  const loaded = loadLibrary(descriptor, request);
  setIdle(loaded);
  return loaded;
}

function createLoaded(descriptor: ShimDescriptor, survey: Survey, modes: Modes): Table['loaded'] {
  const { disguise } = survey.resident;
  const binder = disguise?.functions ? undefined : createBinder(descriptor.records);
  const slots = {
    has: (name: string) => isPresent(descriptor, survey, name),
    names: () => functionsOf(descriptor).filter((name) => !survey.missing.has(name)),
  };
  const { bind, wrap, callbacks, events } = createCalls(descriptor, binder, modes, (symbol) =>
    binder
      ? bound(descriptor, binder, symbol, addressOf(descriptor, survey, symbol))
      : { native: standIn(descriptor.library, disguise!, symbol), signature: signatureOf(descriptor, symbol) },
  );
  const bindAsync = (symbol: string) => {
    if (signatureOf(descriptor, symbol).endsWith('...)')) throw unsupported(descriptor, symbol, 'it is variadic');
    return bind(symbol);
  };
  return Object.freeze({
    fn: buildTable(slots, bind),
    async: buildAsyncTable(slots, bindAsync),
    has: (feature: string) => missingOfFeature(descriptor, slots.has, feature).length === 0,
    callback: (name: string, ...rest: [Callback] | [parameter: number, callback: Callback]) =>
      rest.length === 1
        ? callbacks.make(functionType(descriptor, name), `the callback ${name}`, rest[0])
        : callbacks.make(parameterType(name, signatureOf(descriptor, name), rest[0]), labelOf(name, rest[0]), rest[1]),
    release: (pointer: bigint) => callbacks.release(pointer),
    functionAt: (name: string, pointer: bigint | null) => {
      if (typeof pointer !== 'bigint' || pointer === 0n)
        throw new TypeError(`functionAt('${name}'): not an address: ${pointer}`);
      const signature = functionType(descriptor, name).text.slice('fn<'.length, -1);
      return binder ? wrap(name, { native: binder.bind(pointer, signature), signature }).sync : standInAt(pointer);
    },
    data: buildData(descriptor, survey.missing, (name) => addressOf(descriptor, survey, name)),
    addressOf: (name: string) => addressOf(descriptor, survey, name),
    on: (event: string, listener: (error: CallbackError) => void) => events.on(event, listener),
    off: (event: string, listener: (error: CallbackError) => void) => events.off(event, listener),
  }) as unknown as Table['loaded'];
}

type Callback = (...args: never[]) => unknown;

function bound(descriptor: ShimDescriptor, binder: Binder, symbol: string, address: bigint): Bound {
  const signature = signatureOf(descriptor, symbol);
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
