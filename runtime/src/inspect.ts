// A shim's descriptor in, what is installed and what it offers out. It may load the library, but keeps nothing of it for open(),
// and never throws: what open() would throw is in the result.

import type { ShimDescriptor } from './contract/descriptor.ts';
import { checkTarget } from './contract/targets.ts';
import { ShimError } from './errors.ts';
import { systemLoader } from './ffi.ts';
import { missingOfFeature } from './gates.ts';
import { loadLibrary } from './loading/loader.ts';
import { identityOf, sourcesOf } from './loading/provenance.ts';
import { libraryKey, type Resident, registry, setIdle } from './loading/residency.ts';
import { pretenceOf } from './pretence.ts';
import { checkFormat, checkSymbols, linkerName, requiredOf, type Survey, surveyOf, symbolsOf } from './survey.ts';
import type { Attempt, Inspection, InspectOptions, SymbolSource } from './types.ts';
import { versionOf } from './version.ts';

const INCOMPATIBLE = new Set(['DLSHIM_SYMBOLS', 'DLSHIM_INCOMPATIBLE', 'DLSHIM_STALE', 'DLSHIM_PLATFORM']);

/** The report behind `shim.inspect()`. */
export function inspect(descriptor: ShimDescriptor, options: InspectOptions = {}): Inspection<object, object, object> {
  let attempts: readonly Attempt[] = [];
  let survey: Survey | undefined;
  let error: Error | undefined;
  try {
    checkFormat(descriptor);
    survey = surveyOf(descriptor, residentOf(descriptor));
    attempts = survey.resident.attempts;
    checkSymbols(descriptor, survey);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (thrown instanceof ShimError) attempts = thrown.attempts;
  }
  const all = symbolsOf(descriptor);
  const isThere = (symbol: string) => survey !== undefined && !survey.missing.has(symbol);
  const features = Object.keys(descriptor.features).map((feature) => [
    feature,
    survey !== undefined && missingOfFeature(descriptor, isThere, feature).length === 0,
  ]);
  const resident = survey?.resident;
  return {
    library: descriptor.library,
    status: statusOf(error),
    version: resident && versionOf(descriptor, resident),
    shimVersion: descriptor.version,
    path: resident?.path,
    ...identityOf(resident?.path),
    deepBound: resident?.deep,
    attempts,
    present: all.filter(isThere) as never[],
    missing: all.filter((symbol) => !isThere(symbol)) as never[],
    missingRequired: requiredOf(descriptor).filter((symbol) => !isThere(symbol)) as never[],
    features: Object.fromEntries(features),
    ...(options.symbols ? whereFrom(descriptor, resident, all) : {}),
    error,
  };
}

function residentOf(descriptor: ShimDescriptor): Resident {
  const pretence = pretenceOf(descriptor.library);
  if (pretence) return pretence.load(descriptor, {});
  const known = registry().residents.get(libraryKey(descriptor));
  if (known) return known;
  const loaded = loadLibrary(descriptor, {});
  setIdle(loaded);
  return loaded;
}

function whereFrom(
  descriptor: ShimDescriptor,
  resident: Resident | undefined,
  names: readonly string[],
): { symbols: Readonly<Record<string, SymbolSource>>; unexpected: readonly never[] } {
  if (!resident || resident.disguise?.functions) return { symbols: {}, unexpected: [] };
  const pairs = names.map((name) => [name, linkerName(descriptor, name)] as const);
  const symbols = sourcesOf(systemLoader(), resident, checkTarget(descriptor), pairs);
  const isOdd = ({ from, shadowedBy }: SymbolSource) => from === 'unexpected' || shadowedBy !== undefined;
  return {
    symbols,
    unexpected: names.filter((name) => Object.hasOwn(symbols, name) && isOdd(symbols[name]!)) as never[],
  };
}

function statusOf(error: Error | undefined): Inspection<object, object, object>['status'] {
  if (!error) return 'loaded';
  const code = error instanceof ShimError ? error.code : '';
  if (code === 'DLSHIM_ABSENT') return 'absent';
  return INCOMPATIBLE.has(code) ? 'incompatible' : 'rejected';
}
