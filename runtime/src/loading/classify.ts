// The loader's words on one file in, the kind of failure out. Words are read for the file they complain of, which is either
// the one that was asked for or a dependency; what is wrong with a file is then seen from the file itself, since words differ
// between systems and versions. Follows the messages of glibc's elf/dl-load.c and musl's ldso/dynlink.c as they are printed.

import { existsSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import {
  type ErrorFacts,
  LibraryRejectedError,
  LibraryUnreadableError,
  MissingDependencyError,
  NotALibraryError,
  type ShimError,
  TruncatedLibraryError,
  WrongMachineError,
} from '../errors.ts';
import type { Advice } from './advice.ts';
import { type FileKind, inspectFile } from './elf.ts';
import type { Place } from './search.ts';

/** What one failed attempt means. */
export type Verdict =
  | { readonly kind: 'absent' }
  | { readonly kind: 'rejected'; readonly error: (facts: ErrorFacts) => ShimError };

/** Judges why the loader would not have `file`, of which `places` are the copies it may have seen. */
export function classify(file: string, words: string, places: readonly Place[], advice: Advice): Verdict {
  const foreign = foreignVerdict(file, words, advice);
  if (foreign) return foreign;
  const complaint = readWords(words);
  const path = places[0]?.path;
  if (complaint.version) {
    return dependency(path ?? file, `${basename(complaint.subject)} version ${complaint.version}`, advice);
  }
  if (complaint.subject !== '' && basename(complaint.subject) !== basename(file)) {
    return dependency(path ?? file, complaint.subject, advice);
  }
  const found = isAbsolute(complaint.subject) ? complaint.subject : path;
  return found === undefined ? { kind: 'absent' } : judgeFile(found, inspectFile(found), words, advice);
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

/** The verdict on a file that needs what is not there. */
export function dependency(file: string, name: string, advice: Advice): Verdict {
  const remedy = advice.dependency(name, file);
  return { kind: 'rejected', error: (facts) => new MissingDependencyError(file, name, { ...facts, remedy }) };
}

/** A verdict on one file: the class of its error, and the remedy that fits. */
function rejected(make: (facts: ErrorFacts) => ShimError, remedy: string): Verdict {
  return { kind: 'rejected', error: (facts) => make({ ...facts, remedy }) };
}

/** The verdict on a file that was looked at. */
export function judgeFile(path: string, found: FileKind, words: string, advice: Advice): Verdict {
  switch (found.kind) {
    case 'absent':
      return { kind: 'absent' };
    case 'unreadable':
      return rejected((facts) => new LibraryUnreadableError(path, facts), advice.unreadable(path));
    case 'not-a-library':
      return rejected((facts) => new NotALibraryError(path, found.why, facts), advice.notALibrary());
    case 'wrong-machine':
      return rejected((facts) => new WrongMachineError(path, found.why, facts), advice.wrongMachine());
    case 'truncated':
      return rejected((facts) => new TruncatedLibraryError(path, found.why, facts), advice.truncated(path));
    case 'library':
      return rejected((facts) => new LibraryRejectedError(path, words, facts), advice.other(path));
    default:
      return found satisfies never;
  }
}

/** The same from the words of dyld and of Windows, which say what is wrong with a file; undefined for those of other loaders.
 *  Windows says of an absent dependency what it says of an absent file, and does not name it. */
function foreignVerdict(file: string, words: string, advice: Advice): Verdict | undefined {
  const needed = /Library not loaded: (\S+)/.exec(words)?.[1];
  if (needed !== undefined) return dependency(file, needed, advice);
  const code = Number(/: error (\d+): /.exec(words)?.[1]);
  if (code === 126 && isAbsolute(file) && existsSync(file))
    return dependency(file, 'a library that Windows does not name', advice);
  if (code === 126 || code === 2 || code === 3 || /\(no such file|image not found/.test(words))
    return { kind: 'absent' };
  if (
    code === 193 ||
    /not a mach-o file|mach-o file, but|no matching architecture|incompatible architecture/.test(words)
  ) {
    const machines = /have '([^']+)'.*?need '([^']+)'/.exec(words);
    if (!machines)
      return rejected(
        (facts) => new NotALibraryError(file, 'is not a library for this system', facts),
        advice.notALibrary(),
      );
    const why = `is a library for ${machines[1]}, and this process runs on ${machines[2]}`;
    return rejected((facts) => new WrongMachineError(file, why, facts), advice.wrongMachine());
  }
  if (code === 5 || (/\(?(errno=13|Permission denied)\)?$/.test(words.trim()) && /dlopen\(/.test(words))) {
    return rejected((facts) => new LibraryUnreadableError(file, facts), advice.unreadable(file));
  }
  if (Number.isInteger(code) || words.startsWith('dlopen(')) {
    return rejected((facts) => new LibraryRejectedError(file, words, facts), advice.other(file));
  }
  return undefined;
}
