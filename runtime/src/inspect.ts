// A shim's descriptor in, what is installed and what it offers out. It may load the library, but keeps nothing of it for open(),
// and never throws: what open() would throw is in the result.

import type { ShimDescriptor } from './descriptor.ts';
import { ShimError } from './errors.ts';
import { missingOfFeature } from './gates.ts';
import { loadLibrary } from './loader.ts';
import { pretenceOf } from './pretence.ts';
import { type Resident, registry } from './residency.ts';
import { checkFormat, checkSymbols, requiredOf, type Survey, surveyOf, symbolsOf } from './survey.ts';
import type { Attempt, Inspection } from './types.ts';
import { versionOf } from './version.ts';

const INCOMPATIBLE = new Set(['DLSHIM_SYMBOLS', 'DLSHIM_INCOMPATIBLE', 'DLSHIM_STALE', 'DLSHIM_PLATFORM']);

/** The report behind `shim.inspect()`. */
export function inspect(descriptor: ShimDescriptor): Inspection<object, object, object> {
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
  const isPresent = (symbol: string) => survey?.addresses.has(symbol) ?? false;
  const features = Object.keys(descriptor.features).map((feature) => [
    feature,
    survey !== undefined && missingOfFeature(descriptor, isPresent, feature).length === 0,
  ]);
  return {
    library: descriptor.library,
    status: statusOf(error),
    version: survey && versionOf(descriptor, survey.resident),
    shimVersion: descriptor.version,
    path: survey?.resident.path,
    attempts,
    present: all.filter(isPresent) as never[],
    missing: all.filter((symbol) => !isPresent(symbol)) as never[],
    missingRequired: requiredOf(descriptor).filter((symbol) => !isPresent(symbol)) as never[],
    features: Object.fromEntries(features),
    error,
  };
}

function residentOf(descriptor: ShimDescriptor): Resident {
  const pretence = pretenceOf(descriptor.library);
  if (pretence) return pretence.load(descriptor, undefined);
  return registry().residents.get(descriptor.library) ?? loadLibrary(descriptor, undefined);
}

function statusOf(error: Error | undefined): Inspection<object, object, object>['status'] {
  if (!error) return 'loaded';
  const code = error instanceof ShimError ? error.code : '';
  if (code === 'DLSHIM_ABSENT') return 'absent';
  return INCOMPATIBLE.has(code) ? 'incompatible' : 'rejected';
}
