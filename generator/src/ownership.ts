// In: the library's `own` list, or nothing. Out: the test whether a file's declarations are the library's own.

import { realpathSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import type { SourceFile } from './token.ts';

/** With a list: files that an entry names or holds, absolutely or below one of `roots`; links count as what they lead to.
 *  Without: the entry headers but for `prerequisites`, what they include with quotes, at any depth, and what stands in an entry
 *  header's folder unless that is one of `roots` itself. */
export function ownership(
  own: readonly string[] | undefined,
  roots: readonly string[],
  prerequisites: ReadonlySet<SourceFile> = new Set(),
): (file: SourceFile) => boolean {
  const known = new Map<SourceFile, boolean>();
  const test = own ? byList(own, roots) : byInclusion(roots, prerequisites);
  const answer = (file: SourceFile): boolean => {
    let result = known.get(file);
    if (result === undefined) {
      known.set(file, false); // Guards against cycles of inclusion.
      result = test(file, answer);
      known.set(file, result);
    }
    return result;
  };
  return answer;
}

/** The entries of an `own` list that no file matches. */
export function unmatchedOwn(
  own: readonly string[],
  roots: readonly string[],
  files: readonly SourceFile[],
): readonly string[] {
  return own.filter((entry) => {
    const isOwn = ownership([entry], roots);
    return !files.some((file) => isOwn(file));
  });
}

type Test = (file: SourceFile, isOwn: (file: SourceFile) => boolean) => boolean;

function byList(own: readonly string[], roots: readonly string[]): Test {
  const paths = own.flatMap((entry) => (isAbsolute(entry) ? [entry] : roots.map((dir) => join(dir, entry))));
  const clean = paths.map((path) => normalize(path).replace(/\/$/, ''));
  const isNamed = (path: string): boolean => clean.some((entry) => path === entry || path.startsWith(`${entry}/`));
  return (file) => isNamed(file.path) || isNamed(real(file.path));
}

/** The path without symbolic links; a file that only exists by a line marker stays as it is. */
function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

function entryOf(file: SourceFile): SourceFile {
  let entry = file;
  while (entry.includedFrom) entry = entry.includedFrom;
  return entry;
}

function byInclusion(searchDirs: readonly string[], prerequisites: ReadonlySet<SourceFile>): Test {
  const roots = new Set(searchDirs.map((dir) => dir.replace(/\/$/, '')));
  const folders = new Set<string>();
  const folderOf = (file: SourceFile): string => file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')));
  return (file, isOwn) => {
    if (prerequisites.has(file)) return false;
    if (file.included === 'entry') {
      const folder = folderOf(file);
      if (!roots.has(folder)) folders.add(folder);
      return true;
    }
    // Its own folder is known when the entry header has been asked about, and what it includes may stand before anything of its own.
    isOwn(entryOf(file));
    if (folders.has(folderOf(file))) return true;
    return file.included === 'quote' && file.includedFrom !== undefined && isOwn(file.includedFrom);
  };
}
