// What a program that opens libraries at run time needs of a system: one entry for each library of each feature. What cli/packaging.ts makes
// of shims and drivers, and what notes.ts, debian.ts and rpm.ts write.

/** The words of the UAPI group's ELF dlopen metadata, the weakest first. */
export const PRIORITIES = ['suggested', 'recommended', 'required'] as const;

export type Priority = (typeof PRIORITIES)[number];

export interface Dependency {
  /** What needs it: a driver's name. Entries of one feature are all needed for it. */
  readonly feature: string;
  readonly description: string;
  readonly priority: Priority;
  /** The shim's name. */
  readonly library: string;
  /** The files that serve, in order of preference: one is enough. */
  readonly files: readonly LibraryFile[];
}

/** A library by one of its SONAMEs. */
export interface LibraryFile {
  readonly soname: string;
  /** The packages that have it, by distribution: one is enough. A distribution that is not named has none that is known. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
  /** The oldest version under this name that serves, where older ones may have the name. */
  readonly from?: string;
  /** The first version that serves no longer. */
  readonly before?: string;
}

/** The weakest first; else as they came. Readers of the notes before package-notes 0.16 take the last word on a library. */
export function byPriority(dependencies: readonly Dependency[]): readonly Dependency[] {
  return PRIORITIES.flatMap((priority) => dependencies.filter((one) => one.priority === priority));
}
