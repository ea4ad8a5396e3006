// In: headers of this machine, with their include folders and macros. Out: whether our preprocessor makes of them the
// tokens that `gcc -E -P` makes, and the first place where it does not. Both see the same search folders: the generator's
// own freestanding headers stand before the system's, in gcc's stead.
//
// What may differ, by name: `#pragma` lines, which gcc prints and we hand on as data or ignore; and the strings of
// `__DATE__`, `__TIME__` and `__TIMESTAMP__`, which are fixed here so that output does not depend on the day.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Diagnostics, render } from '../../generator/src/diagnostics.ts';
import { preprocess } from '../../generator/src/preprocess/preprocess.ts';
import { DEFAULT_TARGET } from '../../generator/src/targets/targets.ts';
import type { Token } from '../../generator/src/token.ts';

const target = DEFAULT_TARGET;
const ownHeaders = join(import.meta.dirname, '../../generator/include');

/** The folders that both preprocessors search after `includeDirs`. */
export const systemDirs: readonly string[] = [ownHeaders, ...target.systemDirs.filter((dir) => existsSync(dir))];

export interface PreprocessorInput {
  /** As in #include <name>, in order, in one translation unit. */
  readonly headers: readonly string[];
  readonly includeDirs?: readonly string[];
  /** `NAME` or `NAME=VALUE`. */
  readonly defines?: readonly string[];
}

export interface PreprocessorComparison {
  /** How many tokens gcc makes of the headers. */
  readonly tokens: number;
  /** The first difference, in words, or the error that only one of the two reports; undefined when they agree. */
  readonly difference: string | undefined;
  /** Why the headers cannot be preprocessed, which both say; tokens are not compared then, because gcc stops there. */
  readonly error: string | undefined;
}

/** Compares the preprocessors over headers of this machine, token by token. */
export function comparePreprocessor(input: PreprocessorInput): PreprocessorComparison {
  const { headers, includeDirs = [], defines = [] } = input;
  const diagnostics = new Diagnostics();
  const ours = preprocess({ headers, includeDirs, systemDirs, defines, target }, diagnostics);
  const theirs = runGcc(headers, includeDirs, defines);
  const found = diagnostics.all.find(({ severity }) => severity === 'error');
  const error = found && render(found);
  const tokens = theirs.tokens.length;
  if (error !== undefined && theirs.error !== undefined) return { tokens, difference: undefined, error };
  if (error !== undefined) return { tokens, difference: `only dlshim reports an error: ${error}`, error: undefined };
  if (theirs.error !== undefined)
    return { tokens, difference: `only gcc reports an error: ${theirs.error}`, error: undefined };
  return { tokens, difference: firstDifference(ours.tokens, theirs.tokens), error: undefined };
}

/** The first tokens that differ, with their surroundings and our place; undefined where the two lists are the same. */
export function firstDifference(ours: readonly Token[], theirs: readonly Token[]): string | undefined {
  const length = Math.max(ours.length, theirs.length);
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [ours[at], theirs[at]];
    if (left !== undefined && right !== undefined && left.text === right.text) continue;
    const around = (list: readonly Token[]): string =>
      list
        .slice(Math.max(0, at - 4), at + 6)
        .map((token) => token.text)
        .join(' ');
    const { path, text } = (left ?? ours.at(-1))?.file ?? { path: 'the end', text: '' };
    const line = text.slice(0, (left ?? ours.at(-1))?.offset ?? 0).split('\n').length;
    return `token ${at}, from ${path}:${line}: dlshim has \`${around(ours)}\`, gcc \`${around(theirs)}\``;
  }
  return undefined;
}

/** Reads text that is preprocessed already, as C tokens and nothing else. */
export function tokensOfPreprocessed(preprocessed: string): readonly Token[] {
  const text = preprocessed.replace(/^[ \t]*#.*$/gm, '');
  const readFile = (path: string): string | undefined => (path === 'main.h' ? text : undefined);
  const bare = { ...target, macros: [] };
  const input = { headers: ['main.h'], includeDirs: [], systemDirs: [], defines: [], target: bare, readFile };
  // Predefined names are no macros here: what gcc left standing is meant to stand.
  return preprocess({ ...input, undefines: PREDEFINED }, new Diagnostics()).tokens;
}

/** Names that the preprocessor always has, and that preprocessed text may still hold. */
const PREDEFINED: readonly string[] = (() => {
  const readFile = (path: string): string | undefined => (path === 'main.h' ? '' : undefined);
  const input = { headers: ['main.h'], includeDirs: [], systemDirs: [], defines: [], target, readFile };
  return [...preprocess(input, new Diagnostics()).macros.keys()];
})();

function runGcc(
  headers: readonly string[],
  includeDirs: readonly string[],
  defines: readonly string[],
): { tokens: readonly Token[]; error: string | undefined } {
  const args = [
    ...['-E', '-P', '-std=gnu17', '-w', '-nostdinc', '-x', 'c', '-'],
    ...includeDirs.map((dir) => `-I${dir}`),
    ...systemDirs.flatMap((dir) => ['-isystem', dir]),
    ...defines.map((define) => `-D${define}`),
    ...['__DATE__="Jan  1 1970"', '__TIME__="00:00:00"', '__TIMESTAMP__="Thu Jan  1 00:00:00 1970"'].map(
      (define) => `-D${define}`,
    ),
  ];
  const text = headers.map((header) => `#include ${existsSync(header) ? `"${header}"` : `<${header}>`}\n`).join('');
  const { status, stdout, stderr } = spawnSync('gcc', args, { input: text, encoding: 'utf8', maxBuffer: 1 << 30 });
  return {
    tokens: tokensOfPreprocessed(stdout),
    error: status === 0 ? undefined : (/^.*error:.*$/m.exec(stderr)?.[0] ?? stderr),
  };
}
