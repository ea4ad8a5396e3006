// A resident library and a shim's descriptor in, which of its symbols are there out; and the checks that open() and inspect()
// share. Presence is asked of dlsym(3), of all symbols at once, and binds nothing. A slot that stands for one signature of a function is
// there where the library has that version of the symbol (dlvsym(3)), or is of a version that has the signature.

import { FORMAT, type ShimDescriptor } from './contract/descriptor.ts';
import { pick } from './contract/targets.ts';
import {
  AssumedVersionError,
  assumptionName,
  IncompatibleLibraryError,
  type LoadedFacts,
  MissingSymbolsError,
  overrideName,
  StaleShimError,
} from './errors.ts';
import { Installed } from './installed.ts';
import { adviceFor } from './loading/advice.ts';
import { rememberSymbols, symbolOf } from './loading/remembered.ts';
import type { Resident } from './loading/residency.ts';
import { addressIn, isIn, isVersionIn, lackingIn, selfOf } from './presence.ts';
import { dataNames } from './records/data.ts';
import { doubt } from './versions/conditions.ts';
import { truthOf } from './versions/eras.ts';
import { rangesInWords } from './versions/inference.ts';

/** Which symbols a loaded library has. */
export interface Survey {
  readonly resident: Resident;
  /** The symbols that it lacks, in the shim's order. */
  readonly missing: ReadonlySet<string>;
  readonly missingRequired: readonly string[];
  /** Whether it has a symbol of the shim's, or what a slot stands for; in words, why nobody knows. */
  presenceOf(name: string): boolean | string;
  /** What can be found out about its version. */
  readonly installed: Installed;
}

/** Whether the shim knows a function and the library has it. */
export function isPresent({ required, weak }: ShimDescriptor, survey: Survey, name: string): boolean {
  return (Object.hasOwn(required, name) || Object.hasOwn(weak, name)) && survey.presenceOf(name) === true;
}

/** Where a function or a data symbol stands. */
export function addressOf(descriptor: ShimDescriptor, { resident, presenceOf }: Survey, name: string): bigint {
  if (resident.disguise?.functions)
    throw new TypeError(`'${name}' of ${descriptor.library} is pretended, and at no address`);
  const isKnown = isSymbol(descriptor, name) && presenceOf(name) === true;
  const address = isKnown
    ? (versionedAddress(descriptor, resident, name) ?? symbolOf(resident.handle, linkerName(descriptor, name)))
    : null;
  if (address === null) throw new TypeError(`${descriptor.library} has no symbol '${name}'`);
  return address;
}

/** Looks up what is there, for a time when nobody can be asked. */
export function rememberAll(descriptor: ShimDescriptor, { resident, missing }: Survey): void {
  if (resident.disguise || resident.image) return;
  const { alternatives = {}, versionCall } = descriptor;
  const names = symbolsOf(descriptor).filter((name) => !missing.has(name) && !Object.hasOwn(alternatives, name));
  rememberSymbols(
    resident.handle,
    names.map((name) => linkerName(descriptor, name)),
  );
  if (versionCall) rememberSymbols(resident.handle, [versionCall.symbol]);
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

/** Asks for every symbol of the shim. `assumed`: the version that the library is said to be. */
export function surveyOf(descriptor: ShimDescriptor, resident: Resident, assumed: string | undefined): Survey {
  const names = symbolsOf(descriptor);
  const missing = lackingOf(descriptor, resident, names);
  const installed = new Installed(descriptor, resident, assumed);
  const missingRequired = [...missing].filter((name) => isRequired(descriptor, name));
  const { alternatives = {} } = descriptor;
  const known = new Map<string, boolean | string>();
  // Which version it is matters to these alone, and is found out when one is asked for.
  const presenceOf = (name: string): boolean | string => {
    if (!Object.hasOwn(alternatives, name)) return !missing.has(name);
    const presence = known.get(name) ?? alternativeOf(descriptor, resident, installed, name, missing.has(name));
    known.set(name, presence);
    return presence;
  };
  return { resident, missing, missingRequired, presenceOf, installed };
}

/** Whether a slot that stands for one signature is there, or why nobody knows. */
function alternativeOf(
  descriptor: ShimDescriptor,
  resident: Resident,
  installed: Installed,
  name: string,
  isMissing: boolean,
): boolean | string {
  const { of, versions } = descriptor.alternatives![name]!;
  const { disguise } = resident;
  if (disguise?.without.has(name) || (isMissing && disguise?.functions)) return false;
  if (disguise?.like === undefined && !disguise?.functions) {
    const isThere = hasVersioned(descriptor, resident, name);
    if (isThere !== undefined) return isThere;
  }
  if (isMissing) return false;
  const inference = installed.slots();
  const truth = inference ? truthOf(inference, versions) : 'maybe';
  if (truth !== 'maybe') return truth === 'yes';
  const place = inference ? `, and it ${doubt(inference)}` : '';
  return `${of} has this signature in some versions (${rangesInWords(versions)})${place}`;
}

/** Whether a slot stands for what the library has that is there. What is called is that one, whatever a test pretends that it is. */
export function isReal(descriptor: ShimDescriptor, { resident, installed }: Survey, name: string): boolean {
  const { alternatives = {} } = descriptor;
  if (!Object.hasOwn(alternatives, name) || resident.disguise?.like === undefined) return true;
  if (hasVersioned(descriptor, resident, name)) return true;
  const eras = installed.eras();
  return eras !== undefined && truthOf(eras, alternatives[name]!.versions) === 'yes';
}

/** Where the version of a symbol stands that has an alternative's signature, whatever the default is: null where the library has no such
 *  version, undefined where that is not known. */
function versionedAddress(descriptor: ShimDescriptor, { handle }: Resident, name: string): bigint | null | undefined {
  const versioned = versionedName(descriptor, name);
  return versioned === undefined ? undefined : addressIn(handle, versioned);
}

/** Whether it is there. */
function hasVersioned(descriptor: ShimDescriptor, resident: Resident, name: string): boolean | undefined {
  const versioned = versionedName(descriptor, name);
  return versioned === undefined ? undefined : isVersionIn(resident, versioned);
}

/** `symbol@VERSION` of an alternative, where it has one. */
export function versionedName(descriptor: ShimDescriptor, name: string): string | undefined {
  const { alternatives } = descriptor;
  const version = alternatives && Object.hasOwn(alternatives, name) ? alternatives[name]!.symbolVersion : undefined;
  return version === undefined ? undefined : `${linkerName(descriptor, name)}@${version}`;
}

/** What is missing of these functions. Those that stand for a library in a test are there, and so are all that it requires. */
function lackingOf(descriptor: ShimDescriptor, resident: Resident, names: readonly string[]): Set<string> {
  const { disguise } = resident;
  const given = disguise?.functions;
  if (given) {
    const isThere = (name: string) => Object.hasOwn(given, name) || isRequired(descriptor, name);
    return new Set(names.filter((name) => disguise.without.has(name) || !isThere(name)));
  }
  const asked =
    descriptor.symbols || descriptor.alternatives ? names.map((name) => linkerName(descriptor, name)) : names;
  const lacking = new Set(lackingIn(resident, asked));
  if (lacking.size === 0 && !disguise) return lacking;
  return new Set(names.filter((name, index) => lacking.has(asked[index]!) || disguise?.without.has(name)));
}

/** Whether the library has a symbol, of the shim's or not. */
export function hasSymbol(resident: Resident, symbol: string): boolean {
  const { disguise } = resident;
  if (disguise?.without.has(symbol)) return false;
  if (disguise?.functions) return Object.hasOwn(disguise.functions, symbol);
  return isIn(resident, symbol);
}

/** The symbol behind a function: its name, unless the header gives it another one. */
export function linkerName({ symbols, alternatives }: ShimDescriptor, slot: string): string {
  const isOwn = symbols !== undefined && Object.hasOwn(symbols, slot);
  const name = !isOwn && alternatives && Object.hasOwn(alternatives, slot) ? alternatives[slot]!.of : slot;
  return symbols && Object.hasOwn(symbols, name) ? pick(symbols[name]!) : name;
}

/** Refuses a library that is known not to fit, or that lacks required symbols, naming all of them. */
export function checkSymbols(descriptor: ShimDescriptor, survey: Survey): void {
  for (const { symbol, reason } of descriptor.incompatible ?? []) {
    if (!hasSymbol(survey.resident, symbol)) continue;
    throw new IncompatibleLibraryError({ symbol, reason }, factsOf(descriptor, survey));
  }
  checkVersion(descriptor, survey);
  if (survey.missingRequired.length > 0) {
    const facts = factsOf(descriptor, survey);
    const other = otherLibrary(descriptor, selfOf(survey.resident).soname);
    throw new MissingSymbolsError(survey.missingRequired, other ? { ...facts, remedy: other } : facts);
  }
}

/** Refuses a library that is older than the shim fits, and one that is not what it is said to be. */
function checkVersion(descriptor: ShimDescriptor, survey: Survey): void {
  const { installed, resident, missingRequired } = survey;
  const { history, library } = descriptor;
  const refusal = installed.assumed === undefined ? undefined : installed.inference()?.refusal;
  if (refusal !== undefined) {
    const remedy = `Correct assumeVersion, or ${assumptionName(library)}; or leave it out.`;
    throw new AssumedVersionError(installed.assumed!, refusal, { ...factsOf(descriptor, survey), remedy });
  }
  const isThere = (symbol: string) => hasSymbol(resident, symbol);
  if (!history || !installed.isTooOld(isThere)) return;
  const lacks = missingRequired.length > 0 ? `, lacks ${missingRequired.join(', ')}` : '';
  const evidence = installed.inference()!.evidence.map(({ says }) => says);
  const because = evidence.length > 0 ? ` (it ${evidence.join('; ')})` : '';
  const reason = `it is ${installed.interval()}${because}${lacks}, and the shim fits ${history.baseline} and later`;
  throw new IncompatibleLibraryError({ reason }, factsOf(descriptor, survey));
}

/** Where the file is of another library altogether: what to say then. */
function otherLibrary({ library, files }: ShimDescriptor, soname: string | undefined): string | undefined {
  const names = Object.hasOwn(files, process.platform) ? (files[process.platform] ?? []) : [];
  const stem = (name: string): string => name.replace(/\.so\b.*$/, '');
  if (soname === undefined || names.length === 0 || names.some((name) => stem(name) === stem(soname))) return undefined;
  return `This file calls itself ${soname}, and the shim is of ${names.join(', ')}: correct the path, or ${overrideName(library)}.`;
}

/** What errors tell of a library that loaded. */
export function factsOf(descriptor: ShimDescriptor, { resident, installed }: Survey): LoadedFacts {
  return {
    library: descriptor.library,
    attempts: resident.attempts,
    version: installed.reported(),
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
