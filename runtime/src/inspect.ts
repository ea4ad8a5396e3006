// A shim's descriptor in, what is installed and what it offers out. It may load the library, but keeps nothing of it for open(),
// and never throws: what open() would throw is in the result.

import type { ShimDescriptor } from './contract/descriptor.ts';
import { checkTarget } from './contract/targets.ts';
import { ShimError } from './errors.ts';
import { systemLoader } from './ffi.ts';
import { featureOf } from './gates.ts';
import { loadLibrary } from './loading/loader.ts';
import { identityOf, sourcesOf } from './loading/provenance.ts';
import { libraryKey, type Resident, registry, setIdle } from './loading/residency.ts';
import { pretenceOf } from './pretence.ts';
import { checkFormat, checkSymbols, linkerName, requiredOf, type Survey, surveyOf, symbolsOf } from './survey.ts';
import type { Attempt, Inspection, InspectOptions, InstalledVersions, SymbolSource } from './types.ts';
import { chooseEras } from './versions/chosen.ts';
import { interval } from './versions/conditions.ts';
import { timelineOf } from './versions/timeline.ts';

const INCOMPATIBLE = new Set([
  ...['DLSHIM_SYMBOLS', 'DLSHIM_INCOMPATIBLE', 'DLSHIM_ASSUMED', 'DLSHIM_STALE', 'DLSHIM_PLATFORM'],
]);

/** The report behind `shim.inspect()`. `assumed`: the version that the library is said to be. */
export function inspect(
  descriptor: ShimDescriptor,
  options: InspectOptions = {},
  assumed: string | undefined = undefined,
): Inspection<object, object, object> {
  let attempts: readonly Attempt[] = [];
  let survey: Survey | undefined;
  let error: Error | undefined;
  try {
    checkFormat(descriptor);
    survey = surveyOf(descriptor, residentOf(descriptor), assumed);
    attempts = survey.resident.attempts;
    checkSymbols(descriptor, survey);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (thrown instanceof ShimError) attempts = thrown.attempts;
  }
  const all = symbolsOf(descriptor);
  const isThere = (symbol: string) =>
    survey !== undefined && !survey.missing.has(symbol) && !survey.undecided.has(symbol);
  const verdicts = Object.keys(descriptor.features).map((feature) => {
    const absent = { holds: false, reason: 'the library is not there' };
    return [feature, survey ? featureOf(descriptor, survey, feature) : absent] as const;
  });
  const resident = survey?.resident;
  return {
    library: descriptor.library,
    status: statusOf(error),
    version: survey?.installed.reported(),
    versions: survey && versionsOf(survey),
    ...(survey ? erasOf(descriptor, survey) : { layouts: {}, signatures: {} }),
    shimVersion: descriptor.version,
    path: resident?.path,
    ...identityOf(resident?.path),
    ...sonameOf(descriptor, resident),
    deepBound: resident?.deep,
    attempts,
    present: all.filter(isThere) as never[],
    missing: all.filter((symbol) => !isThere(symbol) && !survey?.undecided.has(symbol)) as never[],
    undecided: [...(survey?.undecided.keys() ?? [])] as never[],
    missingRequired: requiredOf(descriptor).filter((symbol) => !isThere(symbol)) as never[],
    features: Object.fromEntries(verdicts.map(([feature, { holds }]) => [feature, holds])),
    reasons: Object.fromEntries(verdicts.map(([feature, { reason }]) => [feature, reason])),
    ...(options.symbols ? whereFrom(descriptor, resident, all) : {}),
    error,
  };
}

function versionsOf({ installed }: Survey): InstalledVersions | undefined {
  const inference = installed.inference();
  if (!inference) return undefined;
  const { timeline, places, exact, evidence, warnings } = inference;
  const [first, last] = [places[0]!, places.at(-1)!];
  return {
    text: interval(inference),
    exact,
    since: timeline.versionAt(first) ?? timeline.around(first)[0],
    until: timeline.versionAt(last) ?? timeline.around(last)[1],
    evidence,
    warnings,
  };
}

/** What open() chooses, in words. */
function erasOf(descriptor: ShimDescriptor, { installed }: Survey): { layouts: Words; signatures: Words } {
  const refuse = (what: string) => new TypeError(what);
  const chosen = chooseEras(descriptor, installed.eras(), refuse);
  return { layouts: chosen?.layouts ?? {}, signatures: chosen?.signatures ?? {} };
}

type Words = Readonly<Record<string, string>>;

/** What the file of the version that is pretended calls itself. */
function sonameOf({ history }: ShimDescriptor, resident: Resident | undefined): { soname?: string } {
  const like = resident?.disguise?.like;
  if (like === undefined || !history?.sonames) return {};
  const [soname] = history.sonames[(timelineOf(history.versions).placeOf(like) - 1) / 2] ?? [];
  return soname === undefined ? {} : { soname };
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
