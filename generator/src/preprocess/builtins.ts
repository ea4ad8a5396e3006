// In: a run. Out: the macros that the target predefines, and those whose expansion depends on where they stand (C11 6.10.8.1, and GCC's).
// Dates are fixed, so that the output depends on the headers alone.

import { lineAt } from '../diagnostics.ts';
import { PpToken, type TokenKind } from '../token.ts';
import { definedOperators } from './condition.ts';
import { type Dynamic, MacroDefinition, readBody } from './macro.ts';
import { type Run, syntheticFile } from './run.ts';

const FIXED: Readonly<Record<string, string>> = {
  __DATE__: '"Jan  1 1970"',
  __TIME__: '"00:00:00"',
  __TIMESTAMP__: '"Thu Jan  1 00:00:00 1970"',
};

/** Adds `__LINE__`, `__FILE__`, … and the operators of #if to the macro table. */
export function defineBuiltins(run: Run): void {
  const define = (name: string, dynamic: Dynamic): void => {
    const form = { parameters: undefined, variadic: false };
    const body = { read: () => [], mayHaveOperators: false };
    run.macros.set(name, new MacroDefinition(name, form, { file: undefined, offset: 0 }, body, dynamic));
  };
  const number = (name: string, value: (at: PpToken) => number): void =>
    define(name, (at) => replacement(at, 'number', String(value(at))));
  const string = (name: string, value: () => string): void =>
    define(name, (at) => replacement(at, 'string', quote(value())));
  const delta = (): number => (run.frames.length === 0 ? 0 : run.frame.lineDelta);

  number('__LINE__', (at) => Math.max(0, lineAt(at.file, at.offset) + delta()));
  number('__COUNTER__', () => run.counter++);
  // The synthetic main file that compilers put around a header is level 0.
  number('__INCLUDE_LEVEL__', () => run.frames.length);
  string('__FILE__', () => (run.frames.length === 0 ? run.base : (run.frame.presumed ?? run.frame.file.path)));
  string('__BASE_FILE__', () => run.base);
  for (const [name, text] of Object.entries(FIXED)) define(name, (at) => replacement(at, 'string', text));
  for (const name of definedOperators(run.target)) define(name, 'operator');
}

/** Adds the target's macros, each given as `NAME text` or `NAME(parameter) text`. They do not go through the lexer:
 *  there are hundreds, and few of them are used. */
export function definePredefined(run: Run, lines: readonly string[]): void {
  const file = syntheticFile('<built-in>', `${lines.join('\n')}\n`);
  let offset = 0;
  for (const line of lines) {
    const [space, open] = [line.indexOf(' '), line.indexOf('(')];
    const functionLike = open !== -1 && open < space;
    const name = line.slice(0, functionLike ? open : space);
    const parameters = functionLike ? [line.slice(open + 1, space - 1)] : undefined;
    const [start, end] = [offset + space, offset + line.length];
    const body = { read: () => readBody(run, file, start, end), mayHaveOperators: functionLike };
    run.macros.set(name, new MacroDefinition(name, { parameters, variadic: false }, { file: undefined, offset }, body));
    offset = end + 1;
  }
}

function replacement(at: PpToken, kind: TokenKind, text: string): PpToken {
  return new PpToken(kind, text, at.file, at.offset, at.space, true);
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
