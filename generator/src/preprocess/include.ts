// In: an #include, #include_next or #import line. Out: the file it names, opened (C11 6.10.2).

import { posix } from 'node:path';
import { PpToken } from '../token.ts';
import { readLine } from './directives.ts';
import type { SourceRecord } from './files.ts';
import { nearNames } from './near.ts';
import type { Run } from './run.ts';
import { enterFile } from './sources.ts';

interface HeaderName {
  readonly name: string;
  readonly quoted: boolean;
  readonly at: PpToken;
}

/** Leaves the new file on top of the stack; a missing one is reported and passed over. */
export function includeDirective(run: Run, directive: PpToken): void {
  const { lexer } = run.frame;
  const header = readHeaderName(run);
  lexer.endDirective();
  if (header === undefined) {
    run.error('include-name', `#${directive.text} needs "name" or <name>`, directive);
    return;
  }
  const found = findHeader(run, header.name, header.quoted, directive.text === 'include_next');
  if (found === undefined) {
    reportMissing(run, header);
    return;
  }
  if (directive.text === 'import') found.once = true;
  enterFile(run, found, header.at);
}

/** The file that a header name means here. */
export function findHeader(run: Run, name: string, quoted: boolean, next: boolean): SourceRecord | undefined {
  const { file } = run.frame;
  if (name === '') return undefined;
  if (next) return run.files.search(name, quoted ? 'quote' : 'angle', file, file.searchIndex + 1);
  return quoted ? run.files.quote(name, file) : run.files.search(name, 'angle', file, 0);
}

function readHeaderName(run: Run): HeaderName | undefined {
  const { lexer } = run.frame;
  const angle = lexer.headerName();
  if (angle !== undefined) {
    const text = `<${angle}>`;
    const at = new PpToken('other', text, lexer.file, lexer.at - text.length, true, false);
    return { name: angle, quoted: false, at };
  }
  const line = readLine(run);
  const first = line[0];
  if (first?.kind === 'string') return quotedName(first);
  const expanded = run.expander.expandAll(line);
  if (expanded[0]?.kind === 'string') return quotedName(expanded[0]);
  if (first === undefined || expanded[0]?.text !== '<') return undefined;
  const close = expanded.findIndex((token) => token.text === '>');
  if (close === -1) return undefined;
  const name = expanded.slice(1, close).map((token, index) => (token.space && index > 0 ? ' ' : '') + token.text);
  return { name: name.join(''), quoted: false, at: first };
}

function quotedName(at: PpToken): HeaderName | undefined {
  return at.text.startsWith('"') ? { name: at.text.slice(1, -1), quoted: true, at } : undefined;
}

function reportMissing(run: Run, header: HeaderName): void {
  const beside = header.quoted ? [posix.dirname(run.frame.file.path)] : [];
  const notes = whyMissing(run, header.name, beside);
  run.error('include-not-found', `header "${header.name}" not found`, header.at, notes);
}

/** Files that were passed over, where the header was looked for, and what stands there that is spelled almost so. */
export function whyMissing(run: Run, name: string, beside: readonly string[]): string[] {
  const { searchDirs, unreadable } = run.files;
  const searched = [...beside, ...searchDirs];
  const near = run.mayLookAround() ? nearNames(name, searched) : [];
  return [
    ...unreadable.splice(0),
    searched.length === 0 ? 'no folder was searched' : `searched: ${searched.join(', ')}`,
    ...(near.length === 0 ? [] : [`did you mean ${near.join(' or ')}?`]),
  ];
}
