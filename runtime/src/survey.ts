// A resident library and a shim's descriptor in, which of its symbols are there out; and the checks that open() and inspect()
// share. Presence is asked of dlsym(3), which costs a fifth of a microsecond per symbol and binds nothing.

import { dataNames } from './data.ts';
import { FORMAT, type ShimDescriptor } from './descriptor.ts';
import {
  IncompatibleLibraryError,
  type LoadedFacts,
  MissingSymbolsError,
  overrideName,
  StaleShimError,
} from './errors.ts';
import { systemLoader } from './ffi.ts';
import type { Resident } from './residency.ts';
import { pick } from './targets.ts';
import { versionOf } from './version.ts';

/** Which symbols a loaded library has, and where. */
export interface Survey {
  readonly resident: Resident;
  readonly addresses: ReadonlyMap<string, bigint>;
  readonly missing: readonly string[];
  readonly missingRequired: readonly string[];
}

/** Refuses a descriptor of another version of the contract. */
export function checkFormat({ format, library }: ShimDescriptor): void {
  if (format >= 1 && format <= FORMAT) return;
  const remedy =
    format > FORMAT
      ? 'Update @dlshim/runtime to the version that the shim was generated for.'
      : 'Generate the shim again with the dlshim version that belongs to this @dlshim/runtime.';
  throw new StaleShimError(format, FORMAT, { library, remedy });
}

/** Asks for every symbol of the shim. */
export function surveyOf(descriptor: ShimDescriptor, resident: Resident): Survey {
  const addresses = new Map<string, bigint>();
  const missing: string[] = [];
  const isRequired = new Set(requiredOf(descriptor));
  for (const name of symbolsOf(descriptor)) {
    const address = addressIn(descriptor, resident, name);
    if (address === null) missing.push(name);
    else addresses.set(name, address);
  }
  const missingRequired = missing.filter((name) => isRequired.has(name));
  return { resident, addresses, missing, missingRequired };
}

/** Where a symbol stands; what stands for it in a test is at no address, and counts as there all the same. */
function addressIn(descriptor: ShimDescriptor, { handle, disguise }: Resident, name: string): bigint | null {
  if (disguise?.without.has(name)) return null;
  if (!disguise?.functions) return systemLoader().dlsym(handle, linkerName(descriptor, name));
  return Object.hasOwn(disguise.functions, name) || requiredOf(descriptor).includes(name) ? 0n : null;
}

/** The symbol behind a function: its name, unless the header gives it another one. */
function linkerName({ symbols }: ShimDescriptor, name: string): string {
  return symbols && Object.hasOwn(symbols, name) ? pick(symbols[name]!) : name;
}

/** Refuses a library that is known not to fit, or that lacks required symbols, naming all of them. */
export function checkSymbols(descriptor: ShimDescriptor, survey: Survey): void {
  for (const { symbol, reason } of descriptor.incompatible ?? []) {
    if (addressIn(descriptor, survey.resident, symbol) === null) continue;
    throw new IncompatibleLibraryError(symbol, reason, factsOf(descriptor, survey));
  }
  if (survey.missingRequired.length > 0) {
    throw new MissingSymbolsError(survey.missingRequired, factsOf(descriptor, survey));
  }
}

/** What errors tell of a library that loaded. */
export function factsOf(descriptor: ShimDescriptor, { resident }: Survey): LoadedFacts {
  const variable = overrideName(descriptor.library);
  return {
    library: descriptor.library,
    attempts: resident.attempts,
    version: versionOf(descriptor, resident),
    path: resident.path,
    remedy: `Install another version of it, or set ${variable} to the absolute path of one; the shim follows ${descriptor.version}.`,
  };
}

/** Every symbol that the shim knows. */
export function symbolsOf(descriptor: ShimDescriptor): string[] {
  return [...functionsOf(descriptor), ...dataNames(descriptor)];
}

/** Every function that the shim knows. */
export function functionsOf({ required, weak }: ShimDescriptor): string[] {
  return [...Object.keys(required), ...Object.keys(weak)];
}

/** Every symbol without which `open()` fails. */
export function requiredOf({ required, data }: ShimDescriptor): string[] {
  return [...Object.keys(required), ...Object.keys(data ?? {})];
}
