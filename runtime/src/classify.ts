// The loader's words on one file in, the kind of failure out. Words are read for the file they complain of, which is either
// the one that was asked for or a dependency; what is wrong with a file is then seen from the file itself, since words differ
// between systems and versions. Follows the messages of glibc's elf/dl-load.c and musl's ldso/dynlink.c as they are printed.

import { basename, isAbsolute } from 'node:path';
import { inspectFile } from './elf.ts';
import {
  type ErrorFacts,
  LibraryRejectedError,
  LibraryUnreadableError,
  MissingDependencyError,
  NotALibraryError,
  type ShimError,
  TruncatedLibraryError,
  WrongMachineError,
} from './errors.ts';
import type { Place } from './search.ts';

/** What one failed attempt means. */
export type Verdict =
  | { readonly kind: 'absent' }
  | { readonly kind: 'rejected'; readonly error: (facts: ErrorFacts) => ShimError };

/** Judges why the loader would not have `file`, of which `places` are the copies it may have seen. */
export function classify(file: string, words: string, places: readonly Place[]): Verdict {
  const complaint = readWords(words);
  const path = places[0]?.path;
  if (complaint.version) {
    return dependency(path ?? file, `${basename(complaint.subject)} version ${complaint.version}`);
  }
  if (complaint.subject !== '' && basename(complaint.subject) !== basename(file)) {
    return dependency(path ?? file, complaint.subject);
  }
  const found = isAbsolute(complaint.subject) ? complaint.subject : path;
  return found === undefined ? { kind: 'absent' } : judgeFile(found, words);
}

interface Complaint {
  /** The file that the loader speaks of, or ''. */
  readonly subject: string;
  /** The symbol version that the subject lacks. */
  readonly version?: string;
}

function readWords(words: string): Complaint {
  const musl = /^Error loading shared library (.+?): /.exec(words);
  if (musl) return { subject: musl[1] ?? '' };
  const version = /^(.+?): version [`'](.+?)' not found/.exec(words);
  if (version) return { subject: version[1] ?? '', version: version[2] ?? '' };
  return { subject: /^(.+?): /.exec(words)?.[1] ?? '' };
}

function dependency(file: string, name: string): Verdict {
  return { kind: 'rejected', error: (facts) => new MissingDependencyError(file, name, facts) };
}

function judgeFile(path: string, words: string): Verdict {
  const found = inspectFile(path);
  switch (found.kind) {
    case 'absent':
      return { kind: 'absent' };
    case 'unreadable':
      return { kind: 'rejected', error: (facts) => new LibraryUnreadableError(path, facts) };
    case 'not-a-library':
      return { kind: 'rejected', error: (facts) => new NotALibraryError(path, found.why, facts) };
    case 'wrong-machine':
      return { kind: 'rejected', error: (facts) => new WrongMachineError(path, found.why, facts) };
    case 'truncated':
      return { kind: 'rejected', error: (facts) => new TruncatedLibraryError(path, found.why, facts) };
    case 'library':
      return { kind: 'rejected', error: (facts) => new LibraryRejectedError(path, words, facts) };
    default:
      return found satisfies never;
  }
}
