// In: the text of a file that says what a library exports: names, one a line, or a GNU ld version script (ld(1), VERSION). Out: what it says of
// symbols. Without the library itself this is what is known of its exports.

import { compareSymbolVersions, type LibraryExports, type SymbolVersion } from '../model/api.ts';

/** What is wrong with such a file. */
export class ExportListError extends Error {}

export interface ExportList {
  /** Of these symbols, in their order, those that it does not export. */
  readonly missing: readonly string[];
  readonly exports: LibraryExports;
}

/** A node of a version script: its name (none in a script without versions) and patterns of what it exports. */
interface Node {
  readonly version: string | undefined;
  readonly patterns: readonly string[];
}

/** What a list says of symbols. */
export function readExportList(text: string, symbols: readonly string[]): ExportList {
  const nodes = text.includes('{') ? scriptNodes(text) : [{ version: undefined, patterns: listedNames(text) }];
  if (nodes.every((node) => node.patterns.length === 0))
    throw new ExportListError('it names no symbol that is exported');
  const exact = nodes.map((node) => new Set(node.patterns.filter((pattern) => !isWild(pattern))));
  const wild = nodes.map((node) => node.patterns.filter(isWild).map(toRegExp));
  const missing: string[] = [];
  const symbolVersions: SymbolVersion[] = [];
  for (const symbol of symbols) {
    // As the linker does: a name that is spelled out beats patterns.
    const spelled = nodes.filter((_, at) => exact[at]!.has(symbol));
    const found =
      spelled.length > 0 ? spelled : nodes.filter((_, at) => wild[at]!.some((one) => one.test(symbol))).slice(0, 1);
    if (found.length === 0) missing.push(symbol);
    const versions = found.flatMap(({ version }) => version ?? []);
    // A symbol of several versions is one whose newest is the default: nodes stand in the order in which they came.
    symbolVersions.push(...versions.map((version, at) => ({ symbol, version, isDefault: at === versions.length - 1 })));
  }
  // A name may stay in a list when its function goes, and a function when no header declares it any more: listed, it says nothing.
  const asked = new Set(symbols);
  const undeclared = [...new Set(exact.flatMap((set) => [...set]))].filter((name) => !asked.has(name)).sort();
  return {
    missing,
    exports: { sonames: [], undeclared, symbolVersions: symbolVersions.sort(compareSymbolVersions) },
  };
}

function listedNames(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, '').trim());
  for (const [at, line] of lines.entries()) {
    if (!/^[A-Za-z_]?\w*$/.test(line))
      throw new ExportListError(
        `line ${at + 1} is ${JSON.stringify(line)}, and neither a name nor part of a version script`,
      );
  }
  return lines.filter((line) => line !== '');
}

function isWild(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

function toRegExp(pattern: string): RegExp {
  const text = pattern
    .replaceAll(/[\\^$.|+(){}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  return new RegExp(`^${text}$`);
}

/** `NAME { global: a; b; local: *; } PARENT;` and so on. Names of C++ (`extern "C++" { … }`) are none that headers of C declare. */
function scriptNodes(text: string): readonly Node[] {
  const plain = text.replaceAll(/\/\*[\s\S]*?\*\//g, ' ').replaceAll(/^\s*#.*$/gm, ' ');
  const words = plain.match(/"[^"]*"|[{};]|[\w.@*?[\]!$+-]+|:/g) ?? [];
  const nodes: Node[] = [];
  let at = 0;
  const fail = (what: string): never => {
    throw new ExportListError(`it is no version script: ${what}, and not ${words[at] ?? 'the end'}`);
  };
  const take = (word: string): boolean => {
    if (words[at] !== word) return false;
    at++;
    return true;
  };
  while (at < words.length) {
    const version = words[at] === '{' ? undefined : words[at++];
    if (!take('{')) fail('`{` was expected');
    nodes.push({ version, patterns: members() });
    while (at < words.length && !take(';')) at++;
  }
  return nodes;

  function members(): string[] {
    const patterns: string[] = [];
    let isGlobal = true;
    while (!take('}')) {
      if (at >= words.length) fail('`}` was expected');
      if (words[at + 1] === ':') {
        isGlobal = words[at] !== 'local';
        at += 2;
      } else if (take('extern')) {
        const isC = words[at++] === '"C"';
        if (!take('{')) fail('`{` was expected');
        const inner = members();
        if (isC && isGlobal) patterns.push(...inner);
        take(';');
      } else if (!take(';')) {
        if (isGlobal) patterns.push(words[at]!.replaceAll('"', ''));
        at++;
      }
    }
    return patterns;
  }
}
