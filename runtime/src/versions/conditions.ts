// Gates in, whether the installed library has what they ask for out: yes, no, or that it cannot be decided, each with the reason in words.
// Pure: what is there is asked of `Known`, which may stand for a loaded library or for a file that is only read.
// Follows Kleene's three-valued logic: a gate with a condition that does not hold is closed, whatever the others are.

import type { Gate, HistoryDescriptor, Ranges } from '../contract/descriptor.ts';
import { compareVersions, versionIn } from './compare.ts';
import { truthOf } from './eras.ts';
import { type Inference, rangesInWords } from './inference.ts';
import type { Truth } from './timeline.ts';

/** Whether something is so, and why; undefined where nothing decides it. */
export interface Verdict {
  readonly holds: boolean | undefined;
  readonly reason: string;
}

/** What is known of a library. */
export interface Known {
  /** Whether it has a function of the shim, or `symbol@VERSION`; in words, why nobody knows. */
  symbol(name: string): boolean | string;
  readonly history: HistoryDescriptor | undefined;
  /** Undefined without a history. */
  inference(): Inference | undefined;
  /** What the version call says. */
  reported(): string | undefined;
}

/** Whether a gate is open. */
export function judge(gate: Gate, known: Known): Verdict {
  if (isList(gate)) return symbolsOf(gate, known);
  const { symbols, versions, reported, facts, any, not } = gate;
  const verdicts: Verdict[] = [];
  if (symbols) verdicts.push(symbolsOf(symbols, known));
  if (any) verdicts.push(either(any.map((each) => judge(each, known))));
  if (not !== undefined) verdicts.push(opposite(judge(not, known)));
  // What needs the version comes last: where something else closes the gate, nobody has to ask for it.
  if (!verdicts.some(({ holds }) => holds === false)) {
    for (const [fact, ranges] of Object.entries<Ranges>(facts ?? {})) verdicts.push(factOf(fact, ranges, known));
    if (versions !== undefined) verdicts.push(versionOf(versions, known));
    if (reported !== undefined) verdicts.push(reportedOf(reported, known));
  }
  return every(verdicts);
}

/** All symbols that a gate names, those of alternatives and exceptions too. */
export function symbolsIn(gate: Gate): readonly string[] {
  if (isList(gate)) return gate;
  return [...(gate.symbols ?? []), ...(gate.any ?? []).flatMap(symbolsIn), ...(gate.not ? symbolsIn(gate.not) : [])];
}

function isList(gate: Gate): gate is readonly string[] {
  return Array.isArray(gate);
}

function symbolsOf(names: readonly string[], known: Known): Verdict {
  const missing: string[] = [];
  let open: string | undefined;
  for (const name of names) {
    const presence = known.symbol(name);
    if (presence === false) missing.push(name);
    else if (presence !== true) open ??= presence;
  }
  if (missing.length > 0) return { holds: false, reason: `lacks ${missing.join(', ')}` };
  if (open !== undefined) return { holds: undefined, reason: open };
  return { holds: true, reason: `has ${names.join(', ')}` };
}

function every(verdicts: readonly Verdict[]): Verdict {
  const [holds, decisive] = verdicts.some((verdict) => verdict.holds === false)
    ? [false, verdicts.filter((verdict) => verdict.holds === false)]
    : verdicts.some((verdict) => verdict.holds === undefined)
      ? [undefined, verdicts.filter((verdict) => verdict.holds === undefined)]
      : [true, verdicts];
  return { holds, reason: decisive.map(({ reason }) => reason).join('; ') || 'nothing is asked for' };
}

function either(verdicts: readonly Verdict[]): Verdict {
  const open = verdicts.find(({ holds }) => holds === true);
  if (open) return open;
  const undecided = verdicts.filter(({ holds }) => holds === undefined);
  if (undecided.length > 0) return { holds: undefined, reason: undecided.map(({ reason }) => reason).join('; ') };
  return { holds: false, reason: verdicts.map(({ reason }) => reason).join(', and ') || 'there is no choice' };
}

/** A reason that says what is there, or is not, says so of the opposite too; one that begins with a condition would say the condition. */
function opposite({ holds, reason }: Verdict): Verdict {
  const isPlain = /^(?:has|lacks) [^;]*$/.test(reason);
  return { holds: holds === undefined ? undefined : !holds, reason: isPlain ? reason : `not (${reason})` };
}

const HOLDS: Readonly<Record<Truth, boolean | undefined>> = { yes: true, no: false, maybe: undefined };

/** The versions that are possible, in words. */
export function interval({ timeline, fitting, places, exact }: Inference): string {
  return exact ?? timeline.describe(fitting.length > 0 ? fitting : places);
}

/** Why they leave something open: it may be one or another, or it is one that nobody has looked at. */
export function doubt(inference: Inference): string {
  const { timeline, fitting, exact } = inference;
  const isUnknown = exact !== undefined && timeline.versionAt(timeline.placeOf(exact)) === undefined;
  return isUnknown
    ? `is ${exact}, which the shim does not know (${timeline.describe(fitting)})`
    : `may be ${interval(inference)}`;
}

function verdictOf(holds: boolean | undefined, inferred: Inference, wants: string): Verdict {
  const what = holds === undefined ? doubt(inferred) : `is ${interval(inferred)}`;
  return { holds, reason: `${wants}, and it ${what}` };
}

function factOf(fact: string, ranges: Ranges, { inference }: Known): Verdict {
  const inferred = inference();
  const wants = `${fact}: ${rangesInWords(ranges)}`;
  if (!inferred) return { holds: undefined, reason: `${wants}, and nothing is known of its versions` };
  return verdictOf(HOLDS[truthOf(inferred, ranges)], inferred, wants);
}

function versionOf(text: string, known: Known): Verdict {
  const conditions = conditionsOf(text);
  const inferred = known.inference();
  const wants = `version ${text}`;
  const exact = inferred ? inferred.exact : known.reported();
  if (exact !== undefined && versionIn(exact) !== undefined)
    return { holds: conditions.every((condition) => meets(condition, exact)), reason: `${wants}, and it is ${exact}` };
  if (!inferred) return { holds: undefined, reason: `${wants}, and it does not tell its version` };
  const { timeline, fitting } = inferred;
  const truths = conditions.map((condition) =>
    oneOf(
      fitting.map((place) => {
        const version = timeline.versionAt(place);
        return version === undefined ? between(condition, ...timeline.around(place)) : truth(meets(condition, version));
      }),
    ),
  );
  return verdictOf(HOLDS[allOf(truths)], inferred, wants);
}

function reportedOf(text: string, known: Known): Verdict {
  const conditions = conditionsOf(text);
  const wants = `reported version ${text}`;
  const told = known.reported();
  if (told !== undefined && versionIn(told) !== undefined)
    return { holds: conditions.every((condition) => meets(condition, told)), reason: `${wants}, and it is ${told}` };
  const inferred = known.inference();
  if (!inferred) return { holds: undefined, reason: `${wants}, and it does not tell its version` };
  const { versions, reported } = known.history!;
  const words = inferred.fitting.map((place) =>
    place % 2 === 1 ? (reported ?? versions)[(place - 1) / 2] : undefined,
  );
  const truths = conditions.map((condition) =>
    oneOf(words.map((word) => (typeof word === 'string' ? truth(meets(condition, word)) : 'maybe'))),
  );
  return verdictOf(HOLDS[allOf(truths)], inferred, wants);
}

function truth(holds: boolean): Truth {
  return holds ? 'yes' : 'no';
}

/** What holds everywhere, or nowhere. */
function oneOf(truths: readonly Truth[]): Truth {
  return new Set(truths).size === 1 ? truths[0]! : 'maybe';
}

function allOf(truths: readonly Truth[]): Truth {
  if (truths.includes('no')) return 'no';
  return truths.includes('maybe') ? 'maybe' : 'yes';
}

interface Condition {
  readonly operator: string;
  readonly version: string;
}

/** `>=1.9.3 <6.0.0` -> its conditions. Throws a SyntaxError for what is none. */
export function conditionsOf(text: string): readonly Condition[] {
  const words = text
    .replace(/([<>=!])\s+/g, '$1')
    .split(/\s+/)
    .filter((word) => word !== '');
  return words.map((word) => {
    const [, operator = '=', version] = /^(>=|<=|>|<|!=|==?)?(\d\S*)$/.exec(word) ?? [];
    if (version !== undefined) return { operator: operator === '==' ? '=' : operator, version };
    throw new SyntaxError(`'${word}' of '${text}' is no condition on a version, such as >=1.9.3 or <6.0.0`);
  });
}

function meets({ operator, version }: Condition, installed: string): boolean {
  const order = compareVersions(installed, version);
  switch (operator) {
    case '>=':
      return order >= 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '<':
      return order < 0;
    case '!=':
      return order !== 0;
    default:
      return order === 0;
  }
}

/** Whether a condition holds for every version between two others. */
function between({ operator, version }: Condition, older: string | undefined, newer: string | undefined): Truth {
  const isAbove = older !== undefined && compareVersions(older, version) >= 0;
  const isBelow = newer !== undefined && compareVersions(newer, version) <= 0;
  if (!isAbove && !isBelow) return 'maybe';
  if (operator === '=' || operator === '!=') return truth(operator === '!=');
  return truth(isAbove === operator.startsWith('>'));
}
