// In: #pragma lines and _Pragma operators (C11 6.10.6, 6.10.9). Out: `once`, `push_macro` and `pop_macro` done, `pack` and what
// else changes layouts recorded for the parser, every other pragma ignored.

import type { PpToken } from '../token.ts';
import { readLine } from './directives.ts';
import { Lexer } from './lex.ts';
import type { Run } from './run.ts';

/** After the word `pragma`. */
export function pragmaDirective(run: Run): void {
  const name = run.frame.lexer.next();
  if (isKnown(name.text)) runPragma(run, name, readLine(run));
}

/** `_Pragma ( "text" )`: its parenthesis comes next. */
export function runPragmaOperator(run: Run, at: PpToken): void {
  const { expander } = run;
  expander.read();
  const literal = expander.read();
  if (literal.kind !== 'string' || expander.read().text !== ')') {
    run.error('pragma-operator', '_Pragma takes a string literal in parentheses', at);
    return;
  }
  const text = literal.text.replace(/^[A-Za-z0-9]*"|"$/g, '').replace(/\\(["\\])/g, '$1');
  const lexer = new Lexer(at.file, text, run.marks, () => {});
  lexer.startDirective();
  const name = lexer.next();
  if (!isKnown(name.text)) return;
  const tokens: PpToken[] = [];
  for (let token = lexer.next(); token !== run.marks.line; token = lexer.next()) tokens.push(token);
  runPragma(run, name, tokens);
}

/** What changes the layout of the records behind it: the parser's to apply. */
const OF_LAYOUT: ReadonlySet<string> = new Set(['pack', 'ms_struct', 'scalar_storage_order']);

function isKnown(name: string): boolean {
  return name === 'once' || OF_LAYOUT.has(name) || name === 'push_macro' || name === 'pop_macro' || name === 'GCC';
}

function runPragma(run: Run, name: PpToken, operands: readonly PpToken[]): void {
  const { frame } = run;
  if (name.text === 'once') frame.file.once = true;
  else if (OF_LAYOUT.has(name.text)) {
    const tokens = [name, ...run.expander.expandAll(operands)];
    run.pragmas.push({ index: run.output.length, tokens });
  } else if (name.text === 'GCC') {
    if (operands[0]?.text === 'system_header') frame.system = true;
  } else saveMacro(run, name, operands[1]?.text.slice(1, -1) ?? '');
}

/** `push_macro("X")` and `pop_macro("X")`. */
function saveMacro(run: Run, name: PpToken, macro: string): void {
  const saved = run.pushed.get(macro) ?? [];
  run.pushed.set(macro, saved);
  if (name.text === 'push_macro') {
    saved.push(run.macros.get(macro));
    return;
  }
  if (saved.length === 0) return;
  const definition = saved.pop();
  if (definition === undefined) run.macros.delete(macro);
  else run.macros.set(macro, definition);
}
