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

/** Those of the macros whose expansion could be an expression: not empty, brackets balanced, no directive and no semicolon. Any
 *  other one would break the lines that follow it in a file of probes.
 *  @param {import('./corpus.mjs').Library} library @param {ReadonlySet<string>} names @param {string} folder */
export async function expressionMacros(library, names, folder) {
  const source = join(folder, 'expansions.c');
  const list = [...names];
  const lines = list.map((name, at) => `\n"dlshim probe" ${at} ${name}`);
  writeFileSync(source, `${includes(library)}"dlshim probes"${lines.join('')}\n"dlshim probe" ${list.length}\n`);
  const text = await outputOf('gcc', ['-std=gnu17', '-w', '-E', '-P', ...compilerFlags(library), source]);
  const pieces = text.slice(text.indexOf('"dlshim probes"')).split('"dlshim probe" ').slice(1, -1);
  return pieces.flatMap((piece) => {
    const space = piece.search(/\s/);
    const name = list[Number(piece.slice(0, space))];
    return name !== undefined && couldBeExpression(piece.slice(space)) ? [name] : [];
  });
}

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
