// The object-like macros of a library's own headers. In: what `gcc -E -dD` prints. Out: their names, as they stand at the end.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilerFlags, includes, isOwnFile } from './corpus.mjs';
import { outputOf } from './tools.mjs';

/** @param {import('./corpus.mjs').Library} library @param {string} folder */
export async function ownMacros(library, folder) {
  const source = join(folder, 'macros.c');
  writeFileSync(source, includes(library));
  const text = await outputOf('gcc', ['-std=gnu17', '-w', '-E', '-dD', ...compilerFlags(library), source]);
  return parseMacros(text, isOwnFile(library));
}

/** Directives and line markers of a preprocessed file. A macro whose last definition stands in an own file, and that is still
 *  defined at the end, is listed. @param {string} text @param {(path: string) => boolean} isOwn */
export function parseMacros(text, isOwn) {
  /** @type {Set<string>} */
  const names = new Set();
  let own = false;
  for (const line of text.split('\n')) {
    if (!line.startsWith('#')) continue;
    const marker = /^# \d+ "((?:[^"\\]|\\.)*)"/.exec(line);
    if (marker) {
      own = isOwn(/** @type {string} */ (marker[1]).replace(/\\(.)/g, '$1'));
      continue;
    }
    const directive = /^#(define|undef) ([^\s(]+)(\()?/.exec(line);
    if (!directive) continue;
    const [, kind, name, parenthesis] = /** @type {RegExpExecArray & [string, string, string]} */ (directive);
    if (kind === 'define' && own && parenthesis === undefined) names.add(name);
    else names.delete(name);
  }
  return names;
}

/** The expansions of those macros that could be constants: an expression, and the same wherever it stands.
 *  @param {import('./corpus.mjs').Library} library @param {ReadonlySet<string>} names @param {string} folder */
export async function expressionMacros(library, names, folder) {
  const source = join(folder, 'expansions.c');
  const list = [...names];
  const lines = list.map((name, at) => `"dlshim probe" ${at} ${name}\n`).join('');
  writeFileSync(source, `${includes(library)}\n${lines}"dlshim elsewhere"\n#line 1 "elsewhere"\n${lines}`);
  const text = await outputOf('gcc', ['-std=gnu17', '-w', '-E', '-P', ...compilerFlags(library), source]);
  const [here = [], there = []] = text
    .split('"dlshim elsewhere"')
    .map((part) => part.split('"dlshim probe" ').slice(1));
  /** @type {Map<string, string>} */
  const expansions = new Map();
  for (const [at, name] of list.entries()) {
    const expansion = (here[at] ?? '').replace(/^\d+/, '').trim();
    if (couldBeExpression(expansion) && here[at]?.trim() === there[at]?.trim()) expansions.set(name, expansion);
  }
  return expansions;
}

/** Not empty, brackets balanced, no directive and no semicolon: any other text would break the probes that follow it. */
/** @param {string} expansion */
export function couldBeExpression(expansion) {
  const bare = expansion.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '0').trim();
  if (bare === '' || /^\s*#/m.test(bare)) return false;
  /** @type {string[]} */
  const open = [];
  for (const c of bare) {
    if ('([{'.includes(c)) open.push(c);
    else if (')]}'.includes(c) && `${open.pop()}${c}` !== { ')': '()', ']': '[]', '}': '{}' }[c]) return false;
    else if (c === ';' && open.length === 0) return false;
  }
  return open.length === 0 && !/["']/.test(bare);
}
