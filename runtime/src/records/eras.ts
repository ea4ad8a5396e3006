// The records of a shim in, those of the installed version out: what open() has chosen, by the object that defineRecord and the descriptor
// share. Views that exist stay as they are; new ones are of the layout that was chosen last.

import type { RecordDescriptor, ShimDescriptor } from '../contract/descriptor.ts';
import { UndecidedError } from '../errors.ts';
import { recordsWithEras } from '../versions/chosen.ts';

type Records = Readonly<Record<string, RecordDescriptor>>;

interface Choice {
  readonly descriptor: ShimDescriptor;
  /** Records that are not the same in all versions; found when a record is first used. */
  names: ReadonlySet<string> | undefined;
  /** What open() has chosen for the library that is there. */
  real: Records | undefined;
  /** What it has chosen for what a test pretends, and which pretence that is. */
  pretended: { readonly records: Records; readonly by: object } | undefined;
}

const choices = new WeakMap<Records, Choice>();

/** Notes that records have eras: from now on they are used after open() only. */
export function noteEras(descriptor: ShimDescriptor): void {
  const { layouts, records } = descriptor;
  if (!layouts || choices.has(records)) return;
  choices.set(records, { descriptor, names: undefined, real: undefined, pretended: undefined });
}

/** The layouts that hold from now on. `by`: the pretence that they belong to. */
export function setEra(records: Records, chosen: Records, by: object | undefined): void {
  const choice = choices.get(records);
  if (!choice) return;
  if (by === undefined) choice.real = chosen;
  choice.pretended = by === undefined ? undefined : { records: chosen, by };
}

/** What was chosen for a pretence is over. */
export function endEra({ records }: ShimDescriptor, by: object): void {
  const choice = choices.get(records);
  if (choice?.pretended?.by === by) choice.pretended = undefined;
}

/** The records among which one of this name has its layout: these, or those of the era. */
export function eraOf(records: Records, name: string): Records {
  const choice = choices.get(records);
  if (!choice) return records;
  choice.names ??= recordsWithEras(choice.descriptor);
  if (!choice.names.has(name)) return records;
  const chosen = choice.pretended?.records ?? choice.real;
  if (chosen) return chosen;
  const { library } = choice.descriptor;
  throw new UndecidedError(`The record ${name} was used before open().`, name, {
    library,
    remedy: `It is not laid out in the same way in all versions of ${library}: open() finds out which one is installed, and has to come first.`,
  });
}
