// A resident library and a shim's descriptor in, which of its symbols are there out; and the checks that open() and inspect()
// share. Presence is asked of dlsym(3), of all symbols at once, and binds nothing.

import { FORMAT, type ShimDescriptor } from './contract/descriptor.ts';
import { pick } from './contract/targets.ts';
import {
  IncompatibleLibraryError,
  type LoadedFacts,
  MissingSymbolsError,
  overrideName,
  StaleShimError,
} from './errors.ts';
import { systemLoader } from './ffi.ts';
import { adviceFor } from './loading/advice.ts';
import { identityOf } from './loading/provenance.ts';
import type { Resident } from './loading/residency.ts';
import { dataNames } from './records/data.ts';
import { versionOf } from './version.ts';

/** Which symbols a loaded library has. */
export interface Survey {
  readonly resident: Resident;
  /** Those that it lacks, in the shim's order. */
  readonly missing: ReadonlySet<string>;
  readonly missingRequired: readonly string[];
}

/** Whether the shim knows a function and the library has it. */
export function isPresent({ required, weak }: ShimDescriptor, { missing }: Survey, name: string): boolean {
  return (Object.hasOwn(required, name) || Object.hasOwn(weak, name)) && !missing.has(name);
}

/** Where a function or a data symbol stands. */
export function addressOf(descriptor: ShimDescriptor, { resident, missing }: Survey, name: string): bigint {
  if (resident.disguise?.functions)
    throw new TypeError(`'${name}' of ${descriptor.library} is pretended, and at no address`);
  const isKnown = isSymbol(descriptor, name) && !missing.has(name);
  const address = isKnown ? systemLoader().dlsym(resident.handle, linkerName(descriptor, name)) : null;
  if (address === null) throw new TypeError(`${descriptor.library} has no symbol '${name}'`);
  return address;
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
  const names = symbolsOf(descriptor);
  const missing = lackingOf(descriptor, resident, names);
  const missingRequired = [...missing].filter((name) => isRequired(descriptor, name));
  return { resident, missing, missingRequired };
}

/** What is missing of these functions. Those that stand for a library in a test are there, and so are all that it requires. */
function lackingOf(descriptor: ShimDescriptor, { handle, disguise }: Resident, names: readonly string[]): Set<string> {
  const given = disguise?.functions;
  if (given) {
    const isThere = (name: string) => Object.hasOwn(given, name) || isRequired(descriptor, name);
    return new Set(names.filter((name) => disguise.without.has(name) || !isThere(name)));
  }
  const asked = descriptor.symbols ? names.map((name) => linkerName(descriptor, name)) : names;
  const lacking = new Set(systemLoader().lacking(handle, asked));
  if (lacking.size === 0 && !disguise) return lacking;
  return new Set(names.filter((name, index) => lacking.has(asked[index]!) || disguise?.without.has(name)));
}

/** Whether the library has a symbol, of the shim's or not. */
function hasSymbol({ handle, disguise }: Resident, symbol: string): boolean {
  if (disguise?.without.has(symbol)) return false;
  if (disguise?.functions) return Object.hasOwn(disguise.functions, symbol);
  return systemLoader().dlsym(handle, symbol) !== null;
}

/** The symbol behind a function: its name, unless the header gives it another one. */
export function linkerName({ symbols }: ShimDescriptor, name: string): string {
  return symbols && Object.hasOwn(symbols, name) ? pick(symbols[name]!) : name;
}

/** Refuses a library that is known not to fit, or that lacks required symbols, naming all of them. */
export function checkSymbols(descriptor: ShimDescriptor, survey: Survey): void {
  for (const { symbol, reason } of descriptor.incompatible ?? []) {
    if (!hasSymbol(survey.resident, symbol)) continue;
    throw new IncompatibleLibraryError({ symbol, reason }, factsOf(descriptor, survey));
  }
  if (survey.missingRequired.length > 0) {
    const facts = factsOf(descriptor, survey);
    const other = otherLibrary(descriptor, survey.resident.path);
    throw new MissingSymbolsError(survey.missingRequired, other ? { ...facts, remedy: other } : facts);
  }
}

/** Where the file is of another library altogether: what to say then. */
function otherLibrary({ library, files }: ShimDescriptor, path: string | undefined): string | undefined {
  const { soname } = identityOf(path);
  const names = Object.hasOwn(files, process.platform) ? (files[process.platform] ?? []) : [];
  const stem = (name: string): string => name.replace(/\.so\b.*$/, '');
  if (soname === undefined || names.length === 0 || names.some((name) => stem(name) === stem(soname))) return undefined;
  return `This file calls itself ${soname}, and the shim is of ${names.join(', ')}: correct the path, or ${overrideName(library)}.`;
}

/** What errors tell of a library that loaded. */
export function factsOf(descriptor: ShimDescriptor, { resident }: Survey): LoadedFacts {
  return {
    library: descriptor.library,
    attempts: resident.attempts,
    version: versionOf(descriptor, resident),
    path: resident.path,
    remedy: adviceFor(descriptor).incompatible(),
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

/** Whether the shim knows a symbol of this name. */
function isSymbol(descriptor: ShimDescriptor, name: string): boolean {
  const { weak, weakData = {} } = descriptor;
  return isRequired(descriptor, name) || Object.hasOwn(weak, name) || Object.hasOwn(weakData, name);
}

/** Whether `open()` fails without a symbol. */
function isRequired({ required, data }: ShimDescriptor, name: string): boolean {
  return Object.hasOwn(required, name) || (data !== undefined && Object.hasOwn(data, name));
}
