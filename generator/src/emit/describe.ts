// The first lines of what stands above a declaration in the module: what it is in C and where, since which version, and the header's
// own comment, where there is one.

import { ELSEWHERE, type Origin } from '../model/api.ts';

/** Words on the versions that have a declaration; none where all have it, or only one is known. */
export type Since = (
  kind: 'function' | 'record' | 'enum' | 'typedef' | 'variable' | 'constant' | 'enumerator',
  key: string,
) => readonly string[];

export const ALWAYS: Since = () => [];

/** What it is in C and where, and since when; below that the header's own comment, where there is one. */
export function describe(
  d: { readonly doc?: string; readonly origin: Origin },
  what: string,
  since: readonly string[] = [],
  doc: string | undefined = d.doc,
): readonly string[] {
  const head = [what + placeText(d.origin), ...since];
  return doc ? [...head, '', ...doc.split('\n')] : head;
}

/** ` (rbd/librbd.h:85)`; nothing for what is not the library's own. */
export function placeText(origin: Origin): string {
  return origin === ELSEWHERE ? '' : ` (${origin.header}:${origin.line})`;
}

/** With lines behind the first one. */
export function withLines([first, ...rest]: readonly string[], lines: readonly string[]): readonly string[] {
  return [first!, ...lines, ...rest];
}
