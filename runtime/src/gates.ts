// Names of features and functions in, whether the installed library has them out: yes, no, or that it cannot be decided. Unknown names are a
// mistake of the caller's, hence a TypeError and not `false`. How gates are judged is in versions/conditions.ts.

import type { Gate, ShimDescriptor } from './contract/descriptor.ts';
import { assumptionName, UndecidedError, type Unmet } from './errors.ts';
import { isVersionIn } from './presence.ts';
import { factsOf, type Survey } from './survey.ts';
import { doubt, judge, type Known, symbolsIn, type Verdict } from './versions/conditions.ts';
import { truthOf, valuesOf } from './versions/eras.ts';
import { listOf } from './versions/inference.ts';

/** What is known of a library, and the features that were judged by it. */
interface Judged {
  readonly known: Known;
  readonly verdicts: Map<string, Verdict>;
}

const judged = new WeakMap<Survey, Judged>();

/** Whether the installed library has a feature, and why. Found out once. */
export function featureOf(descriptor: ShimDescriptor, survey: Survey, feature: string): Verdict {
  const { known, verdicts } = judged.get(survey) ?? { known: knownOf(descriptor, survey), verdicts: new Map() };
  judged.set(survey, { known, verdicts });
  const verdict = verdicts.get(feature) ?? judge(gateOf(descriptor, feature), known);
  verdicts.set(feature, verdict);
  return verdict;
}

/** The answer of `has()`. */
export function hasFeature(
  descriptor: ShimDescriptor,
  survey: Survey,
  feature: string,
  otherwise: boolean | undefined,
): boolean {
  if (otherwise !== undefined && typeof otherwise !== 'boolean')
    throw new TypeError(`has('${feature}', …) takes true or false for what cannot be decided`);
  const { holds, reason } = featureOf(descriptor, survey, feature);
  if (holds !== undefined) return holds;
  if (otherwise !== undefined) return otherwise;
  const remedy = `${waysOut(descriptor, survey)} Or say what to take for it: has('${feature}', false).`;
  throw undecided(descriptor, survey, `whether it has the feature '${feature}'`, feature, reason, remedy);
}

/** What cannot be decided, as an error. */
export function undecided(
  descriptor: ShimDescriptor,
  survey: Survey,
  what: string,
  subject: string,
  reason: string,
  remedy: string = waysOut(descriptor, survey),
): UndecidedError {
  const { library, path } = factsOf(descriptor, survey);
  const where = path === undefined ? library : `${library} (${path})`;
  return new UndecidedError(`${where}: ${what} cannot be decided: ${reason}.`, subject, { library, remedy });
}

/** What decides it. */
export function waysOut({ library }: ShimDescriptor, { installed }: Survey): string {
  const inference = installed.inference();
  const known = inference?.fitting.flatMap((place) => inference.timeline.versionAt(place) ?? []) ?? [];
  const variable = assumptionName(library);
  if (known.length === 0) return 'Nothing that is known of its versions decides it: a newer shim may.';
  const example = known.at(-1)!;
  return `If you know which of ${listOf(known)} is installed, say so: open({ assumeVersion: '${example}' }), or ${variable}=${example}.`;
}

/** The symbols that a gate names. */
export function symbolsOfGate(gate: Gate): readonly string[] {
  return symbolsIn(gate);
}

/** Throws a TypeError for names to require that are neither functions nor features of the shim. */
export function checkNames(descriptor: ShimDescriptor, names: readonly string[]): void {
  for (const name of names) {
    if (!isFunction(descriptor, name) && !Object.hasOwn(descriptor.features, name)) {
      throw new TypeError(`${descriptor.library} has no function or feature '${name}' to require`);
    }
  }
}

/** What of `require` is not met. What cannot be decided is not met. */
export function unmet(descriptor: ShimDescriptor, survey: Survey, names: readonly string[]): Unmet[] {
  const result: Unmet[] = [];
  for (const name of names) {
    // A name may be both: then both have to be there.
    const presence = isFunction(descriptor, name) ? survey.presenceOf(name) : true;
    const lacking = new Set(presence === false ? [name] : []);
    const reasons = typeof presence === 'string' ? [`cannot be decided: ${presence}`] : [];
    if (Object.hasOwn(descriptor.features, name)) {
      const { holds, reason } = featureOf(descriptor, survey, name);
      if (holds === undefined) reasons.push(`cannot be decided: ${reason}`);
      if (holds === false) {
        reasons.push(reason);
        for (const symbol of symbolsIn(gateOf(descriptor, name)))
          if (isFunction(descriptor, symbol) && survey.presenceOf(symbol) === false) lacking.add(symbol);
      }
    }
    if (lacking.size === 0 && reasons.length === 0) continue;
    const reason = reasons.join('; ') || `lacks ${[...lacking].join(', ')}`;
    result.push({ name, symbols: [...lacking], reason });
  }
  return result;
}

/** The value of a constant in the installed version; undefined where it has no such constant. */
export function constantOf(
  descriptor: ShimDescriptor,
  survey: Survey,
  name: string,
): number | bigint | string | undefined {
  const { constants = {}, history, library } = descriptor;
  if (!Object.hasOwn(constants, name) || !history) {
    const known = Object.keys(constants).join(', ') || 'none';
    throw new TypeError(`${library} has no constant '${name}' whose value differs between versions; it has: ${known}`);
  }
  const inference = survey.installed.slots()!;
  const values = valuesOf<number | bigint | string | undefined>(inference, history, constants[name]!, undefined);
  if (values.length === 1) return values[0];
  const reason = `it ${doubt(inference)}, and there it is ${values.map((value) => value ?? 'not defined').join(' or ')}`;
  throw undecided(descriptor, survey, `the value of ${name}`, name, reason);
}

function gateOf({ library, features }: ShimDescriptor, feature: string): Gate {
  if (Object.hasOwn(features, feature)) return features[feature]!;
  const known = Object.keys(features).join(', ') || 'none';
  throw new TypeError(`${library} has no feature '${feature}'; it has: ${known}`);
}

function knownOf(descriptor: ShimDescriptor, survey: Survey): Known {
  const { installed } = survey;
  return {
    history: descriptor.history,
    inference: () => installed.inference(),
    reported: () => installed.reported(),
    symbol: (name) => symbolOf(descriptor, survey, name),
  };
}

function symbolOf(descriptor: ShimDescriptor, survey: Survey, name: string): boolean | string {
  if (isFunction(descriptor, name)) {
    const presence = survey.presenceOf(name);
    return typeof presence === 'string' ? `${name}: ${presence}` : presence;
  }
  return name.includes('@') && versionOfSymbol(descriptor, survey, name);
}

/** `symbol@VERSION`: the loader knows, or the slot that stands for this version, in the versions that have it. */
function versionOfSymbol(
  { alternatives = {} }: ShimDescriptor,
  { resident, installed }: Survey,
  name: string,
): boolean | string {
  const { disguise } = resident;
  const isThere = disguise ? undefined : isVersionIn(resident, name);
  if (isThere !== undefined) return isThere;
  const slot = Object.values(alternatives).find(({ of, symbolVersion }) => `${of}@${symbolVersion}` === name);
  const inference = installed.slots();
  const truth = slot && inference ? truthOf(inference, slot.versions) : 'maybe';
  return truth === 'maybe' ? `${name}: versions of symbols cannot be asked for here` : truth === 'yes';
}

/** Whether the shim knows a function, or a slot for one of its signatures. */
export function isFunction({ required, weak }: ShimDescriptor, name: string): boolean {
  return Object.hasOwn(required, name) || Object.hasOwn(weak, name);
}
