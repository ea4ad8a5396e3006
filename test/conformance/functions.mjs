// Which functions a library's headers declare, according to others. In: flags and headers. Out: names.
// gcc writes every declaration with its place (-aux-info, GCC manual 3.5); bindgen gives those that it can carry over to Rust.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilerFlags, includes, isOwnFile } from './corpus.mjs';
import { outputOf } from './tools.mjs';

/** @typedef {{ variadic: boolean, defined: boolean }} Declared */

/** The functions that gcc sees declared in the library's own headers.
 *  @param {import('./corpus.mjs').Library} library @param {string} folder */
export async function gccFunctions(library, folder) {
  const [source, listing] = [join(folder, 'functions.c'), join(folder, 'functions.aux')];
  writeFileSync(source, includes(library));
  await outputOf('gcc', ['-std=gnu17', '-w', '-fsyntax-only', '-aux-info', listing, ...compilerFlags(library), source]);
  return parseAuxInfo(readFileSync(listing, 'utf8'), isOwnFile(library));
}

/** One declaration a line: its place, `N` or `O` for new or old style, `C` or `F` for declared or defined, and the declaration.
 *  @param {string} text @param {(path: string) => boolean} isOwn */
export function parseAuxInfo(text, isOwn) {
  /** @type {Map<string, Declared>} */
  const functions = new Map();
  for (const line of text.split('\n')) {
    const match = /^\/\* (.*):\d+:[NO]([CF]) \*\/ (.*)$/.exec(line);
    if (!match || !isOwn(/** @type {string} */ (match[1]))) continue;
    const declaration = /** @type {string} */ (match[3]);
    // The declarator's name stands before the first parenthesis that does not open a nested declarator.
    // One that is declared through a typedef of a function type has none.
    const declarator = /([A-Za-z_$][\w$]*) \((?!\*)/.exec(declaration) ?? /([A-Za-z_$][\w$]*);$/.exec(declaration);
    if (!declarator) throw new Error(`gcc -aux-info: this line is not understood: ${line}`);
    const name = /** @type {string} */ (declarator[1]);
    functions.set(name, {
      variadic: parameters(declaration.slice(declarator.index + declarator[0].length)).endsWith('...'),
      defined: match[2] === 'F' || (functions.get(name)?.defined ?? false),
    });
  }
  return functions;
}

/** What stands before the parenthesis that closes the list. @param {string} text */
function parameters(text) {
  let depth = 1;
  for (const [at, c] of [...text].entries()) {
    if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return text.slice(0, at);
  }
  return text;
}

/** The functions that bindgen finds, by their names in C. @param {import('./corpus.mjs').Library} library @param {string} folder */
export async function bindgenFunctions(library, folder) {
  const source = join(folder, 'bindgen.h');
  writeFileSync(source, includes(library));
  const args = [
    source,
    ...bindgenAllowlist(library),
    '--no-layout-tests',
    '--no-doc-comments',
    '--no-rustfmt-bindings',
  ];
  const text = await outputOf('bindgen', [...args, '--', '-std=gnu17', ...compilerFlags(library)]);
  return parseBindgen(text);
}

/** The options that keep bindgen to the library's own files. @param {import('./corpus.mjs').Library} library */
export function bindgenAllowlist({ own }) {
  return own.flatMap((entry) => [
    '--allowlist-file',
    `${entry.replace(/[.+*?^$()[\]{}|\\]/g, '\\$&')}${/\.h$/.test(entry) ? '' : '/.*'}`,
  ]);
}

/** The foreign functions of a Rust module, each with its symbol. @param {string} text As bindgen prints it without rustfmt. */
export function parseBindgen(text) {
  const attribute = String.raw`#\s*\[[^\]]*\]\s*`;
  const pattern = new RegExp(String.raw`extern "[^"]+" \{\s*((?:${attribute})*)pub fn (?:r#)?(\w+)`, 'g');
  /** @type {Map<string, { symbol: string }>} */
  const functions = new Map();
  for (const [, attributes = '', name = ''] of text.matchAll(pattern)) {
    const symbol = /link_name\s*=\s*"(?:\\u\{1\})?([^"]*)"/.exec(attributes)?.[1] ?? name;
    functions.set(name, { symbol });
  }
  return functions;
}
