// The records of a shim in, those of the installed version out: what open() has chosen, by the object that defineRecord and the descriptor
// share. Views that exist stay as they are; new ones are of the layout that was chosen last. Nothing is looked at before a record is used:
// a module's records and descriptor are text until then.

import type { RecordDescriptor, ShimDescriptor } from '../contract/descriptor.ts';
import { UndecidedError } from '../errors.ts';
import { type Chosen, holdersOf } from '../versions/chosen.ts';

type Records = Readonly<Record<string, RecordDescriptor>>;

interface Choice {
  /** Records that are not the same in all versions; found when a record is first used. */
  names: ReadonlySet<string> | undefined;
  /** What open() has chosen for the library that is there. */
  real: Records | undefined;
  /** What it has chosen for what a test pretends, and which pretence that is. */
  pretended: { readonly records: Records; readonly by: object } | undefined;
}

const choices = new WeakMap<Records, Choice>();

function choiceOf(records: Records): Choice {
  const choice = choices.get(records) ?? { names: undefined, real: undefined, pretended: undefined };
  choices.set(records, choice);
  return choice;
}

/** The layouts that hold from now on. `by`: the pretence that they belong to. */
export function setEra(given: ShimDescriptor, { descriptor, names }: Chosen, by: object | undefined): void {
  const choice = choiceOf(given.records);
  choice.names = names;
  if (by === undefined) choice.real = descriptor.records;
  choice.pretended = by === undefined ? undefined : { records: descriptor.records, by };
}

/** What was chosen for a pretence is over. */
export function endEra({ records }: ShimDescriptor, by: object): void {
  const choice = choices.get(records);
  if (choice?.pretended?.by === by) choice.pretended = undefined;
}

/** The records among which one of this name has its layout: these, or those of the era. */
export function eraOf(records: Records, name: string): Records {
  const choice = choiceOf(records);
  choice.names ??= holdersOf(records, namesWithOlderLayouts(records));
  if (!choice.names.has(name)) return records;
  const chosen = choice.pretended?.records ?? choice.real;
  if (chosen) return chosen;
  throw new UndecidedError(`The record ${name} was used before open().`, name, {
    library: name,
    remedy:
      'It is not laid out in the same way in all versions of its library: open() finds out which one is installed, and comes first.',
  });
}

/** Older layouts stand beside the newest: `scsi_task@1.8.0`. */
function namesWithOlderLayouts(records: Records): string[] {
  return Object.keys(records).flatMap((key) => (key.includes('@') ? [key.slice(0, key.indexOf('@'))] : []));
}
