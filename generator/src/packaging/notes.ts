// Dependencies in, the JSON of the ELF dlopen metadata out. Follows the UAPI group's specification UAPI.12, "dlopen() Metadata for ELF Files", version 1.0.

import { byPriority, type Dependency, type Priority } from './dependency.ts';

/** One entry of a note's array. */
export interface DlopenNote {
  readonly soname: readonly string[];
  readonly feature: string;
  readonly description: string;
  readonly priority: Priority;
}

export function notesOf(dependencies: readonly Dependency[]): readonly DlopenNote[] {
  return byPriority(dependencies).map(({ files, feature, description, priority }) => ({
    soname: files.map(({ soname }) => plain(soname)),
    feature: plain(feature),
    description: plain(description),
    priority,
  }));
}

/** Strings of notes have no control characters, nor escapes of such. Half of a surrogate pair would be escaped, too. */
function plain(text: string): string {
  return Buffer.from(text)
    .toString()
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
}
