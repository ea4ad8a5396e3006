// A shim's descriptor in, what is installed and what it offers out. It may load the library, but keeps nothing of it for open(),
// and never throws: what open() would throw is in the result.

import type { ShimDescriptor } from './contract/descriptor.ts';
import { checkTarget } from './contract/targets.ts';
import { ShimError } from './errors.ts';
import { systemLoader } from './ffi.ts';
import { featureOf } from './gates.ts';
import type { Image } from './loading/images/image.ts';
import { checkSame, loadLibrary } from './loading/loader.ts';
import { sourcesOf } from './loading/provenance.ts';
import { libraryKey, type Resident, registry, setIdle } from './loading/residency.ts';
import { findUnloaded } from './loading/unloaded.ts';
import { selfOf } from './presence.ts';
import { pretenceOf } from './pretence.ts';
import {
  checkFormat,
  checkSymbols,
  linkerName,
  requiredOf,
  type Survey,
  surveyOf,
  symbolsOf,
  versionedName,
} from './survey.ts';
import type { Attempt, Inspection, InspectOptions, InstalledVersions, SymbolSource } from './types.ts';
import { Chosen, hasEras } from './versions/chosen.ts';
import { interval, symbolsIn } from './versions/conditions.ts';
import { shownBy } from './versions/shown.ts';

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
    survey = surveyOf(descriptor, residentOf(descriptor, options), assumed);
    attempts = survey.resident.attempts;
    checkSymbols(descriptor, survey);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (thrown instanceof ShimError) attempts = thrown.attempts;
  }
  const all = symbolsOf(descriptor);
  const isThere = (symbol: string) => survey !== undefined && survey.presenceOf(symbol) === true;
  const verdicts = Object.keys(descriptor.features).map((feature) => {
    const absent = { holds: false, reason: 'the library is not there' };
    return [feature, survey ? featureOf(descriptor, survey, feature) : absent] as const;
  });
  const resident = survey?.resident;
  return {
    library: descriptor.library,
    status: error ? statusOf(error) : resident?.image ? 'loadable' : 'loaded',
    version: survey?.installed.reported(),
    versions: survey && versionsOf(survey),
    ...(survey ? erasOf(descriptor, survey) : { layouts: {}, signatures: {} }),
    shimVersion: descriptor.version,
    path: resident?.path,
    ...selfOf(resident),
    ...(resident?.image?.fileVersion === undefined ? {} : { fileVersion: resident.image.fileVersion }),
    ...sonameOf(descriptor, resident),
    deepBound: resident?.deep,
    attempts,
    present: all.filter(isThere) as never[],
    missing: all.filter((symbol) => !survey || survey.presenceOf(symbol) === false) as never[],
    undecided: all.filter((symbol) => typeof survey?.presenceOf(symbol) === 'string') as never[],
    missingRequired: requiredOf(descriptor).filter((symbol) => !isThere(symbol)) as never[],
    features: Object.fromEntries(verdicts.map(([feature, { holds }]) => [feature, holds])),
    reasons: Object.fromEntries(verdicts.map(([feature, { reason }]) => [feature, reason])),
    ...(options.symbols && !resident?.image ? whereFrom(descriptor, resident, all) : {}),
    ...(resident?.image ? { undetermined: undetermined(descriptor, resident.image) } : {}),
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
  if (!hasEras(descriptor)) return { layouts: {}, signatures: {} };
  const chosen = new Chosen(
    descriptor,
    () => installed.eras()!,
    (what) => new TypeError(what),
  );
  return { layouts: chosen.layouts(), signatures: chosen.signatures() };
}

type Words = Readonly<Record<string, string>>;

/** What the file of the version that is pretended calls itself. */
function sonameOf({ history }: ShimDescriptor, resident: Resident | undefined): { soname?: string } {
  const like = resident?.disguise?.like;
  if (like === undefined || !history) return {};
  const { soname } = shownBy(history, like, false);
  return soname === undefined ? {} : { soname };
}

function residentOf(descriptor: ShimDescriptor, { load, path, dependencies }: InspectOptions): Resident {
  const pretence = pretenceOf(descriptor.library);
  if (pretence) return pretence.load(descriptor, { path });
  const known = registry().residents.get(libraryKey(descriptor));
  if (known && load !== false) {
    checkSame(descriptor, path, known);
    return known;
  }
  if (load !== false) {
    const loaded = loadLibrary(descriptor, { path });
    setIdle(loaded);
    return loaded;
  }
  // What this thread has open is looked at where it was opened.
  const required = requiredOf(descriptor);
  const sure = descriptor.symbols ? required.map((name) => linkerName(descriptor, name)) : required;
  const found = findUnloaded(
    descriptor,
    { path: path ?? known?.path },
    {
      names: namesOf(descriptor),
      sure: dependencies ? undefined : sure,
    },
  );
  return known && path === undefined ? { ...found, attempts: known.attempts } : found;
}

/** Every symbol that decides something, as the linker has it. */
function namesOf(descriptor: ShimDescriptor): Set<string> {
  const { alternatives = {}, features, history, incompatible = [] } = descriptor;
  const slots = symbolsOf(descriptor);
  const names = new Set(
    descriptor.symbols || descriptor.alternatives ? slots.map((name) => linkerName(descriptor, name)) : slots,
  );
  for (const { symbol } of incompatible) names.add(symbol);
  for (const symbols of Object.values<readonly string[]>(history?.symbols ?? {}))
    for (const symbol of symbols) names.add(symbol);
  for (const slot of Object.keys(alternatives))
    names.add(versionedName(descriptor, slot) ?? linkerName(descriptor, slot));
  for (const gate of Object.values(features))
    for (const symbol of symbolsIn(gate)) if (!names.has(symbol) && symbol.includes('@')) names.add(symbol);
  return names;
}

/** What only a loaded library tells, in words. */
function undetermined({ versionCall, history }: ShimDescriptor, { isWhole }: Image): string[] {
  const doubt = history ? ', and may contradict what its file shows, as a backport does' : '';
  return [
    ...(versionCall
      ? [`its own word on its version: ${versionCall.symbol}() is asked of a loaded library${doubt}`]
      : []),
    ...(isWhole ? [] : ['what stands behind the libraries that it names: `dependencies: true` reads all of them']),
    'whether every symbol that its files refer to is found, and whether their initialisers succeed: the loader tells',
  ];
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

function statusOf(error: Error): Inspection<object, object, object>['status'] {
  const code = error instanceof ShimError ? error.code : '';
  if (code === 'DLSHIM_ABSENT') return 'absent';
  if (code === 'DLSHIM_UNSEEN') return 'unknown';
  return INCOMPATIBLE.has(code) ? 'incompatible' : 'rejected';
}
