// The records of a shim in, those of the installed version out: what open() has chosen, by the object that defineRecord and the descriptor
// share. Views that exist stay as they are; new ones are of the layout that was chosen last. Nothing is looked at before a record is used:
// a module's records and descriptor are text until then.

import type { RecordDescriptor, ShimDescriptor } from '../contract/descriptor.ts';
import { UndecidedError } from '../errors.ts';
import { type Chosen, holdersOf } from '../versions/chosen.ts';

type Records = Readonly<Record<string, RecordDescriptor>>;

interface Choice {
  /** Before open(), the records that are not the same in all versions; found when one is first used. */
  names: ReadonlySet<string> | undefined;
  /** What open() has chosen for the library that is there. */
  real: Chosen | undefined;
  /** What it has chosen for what a test pretends, and which pretence that is. */
  pretended: { readonly chosen: Chosen; readonly by: object } | undefined;
}

const choices = new WeakMap<Records, Choice>();

function choiceOf(records: Records): Choice {
  let choice = choices.get(records);
  if (!choice) {
    choice = { names: undefined, real: undefined, pretended: undefined };
    choices.set(records, choice);
  }
  return choice;
}

/** What holds from now on. `by`: the pretence that it belongs to. */
export function setEra({ records }: ShimDescriptor, chosen: Chosen, by: object | undefined): void {
  const choice = choiceOf(records);
  if (by === undefined) choice.real = chosen;
  choice.pretended = by === undefined ? undefined : { chosen, by };
}

/** What was chosen for a pretence is over. */
export function endEra({ records }: ShimDescriptor, by: object): void {
  const choice = choices.get(records);
  if (choice?.pretended?.by === by) choice.pretended = undefined;
}

/** The records among which one of this name has its layout: these, or those of the era. */
export function eraOf(records: Records, name: string): Records {
  const choice = choiceOf(records);
  const chosen = choice.pretended?.chosen ?? choice.real;
  if (chosen) return chosen.names.has(name) ? chosen.records : records;
  choice.names ??= holdersOf(records, namesWithOlderLayouts(records));
  if (!choice.names.has(name)) return records;
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
