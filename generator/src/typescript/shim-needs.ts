// In: the `shims` of a driver's descriptor, and the shims that its code passes. Out: what it needs of each; and what does not fit: a name that the
// shim does not have, a shim that only one of the two knows.

import { didYouMean } from '../model/near.ts';
import { PRIORITIES, type Report, Rules } from './driver-rules.ts';
import type { DriverShim, PassedShim, Priority } from './drivers.ts';
import type { Datum, Member } from './plain-data.ts';
import type { ShimFacts } from './shim-facts.ts';

const KEYS = ['requires', 'uses', 'optional', 'priority'];

/** `passed`: undefined where it could not be read. */
export function checkNeeds(
  descriptor: Datum,
  passed: ReadonlyMap<string, PassedShim> | undefined,
  report: Report,
): readonly DriverShim[] {
  const rules = new Rules(report);
  const data = descriptor.members?.get('shims');
  if (data?.value !== undefined && !data.members) rules.wrong(data.place, 'shims is no object');
  const named = data?.members ?? new Map<string, Member>();
  const shims = [...named].map(([key, needs]) => needsOf(key, needs, passed, rules));
  for (const [key, { place }] of passed ?? []) {
    if (!named.has(key) && !descriptor.isUnreadable)
      rules.wrong(place, `the code passes ${key}, which the descriptor does not name${didYouMean(key, named.keys())}`, [
        `write \`shims: { ${key}: {} }\` in the descriptor, with what it requires and uses`,
      ]);
  }
  return shims;
}

function needsOf(
  key: string,
  needs: Member,
  passed: ReadonlyMap<string, PassedShim> | undefined,
  rules: Rules,
): DriverShim {
  const members = rules.object(needs, `shims.${key}`, KEYS) ?? new Map<string, Member>();
  const own = passed?.get(key);
  if (passed && !own)
    rules.wrong(
      needs.namePlace,
      `the descriptor names ${key}, which the code does not pass${didYouMean(key, passed.keys())}`,
      [`write \`shims: { ${key} }\` in the code, beside \`load\``],
    );
  const requires = rules.texts(members.get('requires'), `shims.${key}.requires`);
  const uses = rules.texts(members.get('uses'), `shims.${key}.uses`);
  for (const { text, place } of uses) {
    if (requires.some((one) => one.text === text))
      rules.wrong(place, `shims.${key} requires '${text}', and what it requires it need not ask for`);
  }
  const facts = own?.facts;
  if (facts) {
    for (const { text, place } of [...requires, ...uses]) {
      const why = lacks(facts, text);
      if (why !== undefined) rules.wrong(place, why);
    }
  }
  const optional = rules.value(members.get('optional'), `shims.${key}.optional`, 'boolean') === true;
  const priority = rules.among(members.get('priority'), `shims.${key}.priority`, PRIORITIES) as Priority | undefined;
  return {
    key,
    requires: requires.map(({ text }) => text),
    uses: uses.map(({ text }) => text),
    optional,
    ...(priority && { priority }),
    place: needs.namePlace,
    ...(own?.specifier !== undefined && { specifier: own.specifier }),
    ...(own?.file !== undefined && { file: own.file }),
    ...(facts && { facts }),
  };
}

/** Why a shim cannot answer for a name; undefined where it can. */
function lacks({ library, required, weak, features }: ShimFacts, name: string): string | undefined {
  if (required.has(name) || weak.has(name) || features.has(name)) return undefined;
  const near = didYouMean(name, [...features.keys(), ...weak, ...required]);
  return `the shim of ${library} has no function and no feature '${name}'${near}`;
}
