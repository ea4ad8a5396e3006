// In: a run. Out: the macros whose expansion depends on where they stand (C11 6.10.8.1, and GCC's).
// Dates are fixed, so that the output depends on the headers alone.

import { lineAt } from '../diagnostics.ts';
import { DEFINED_OPERATORS } from './condition.ts';
import { type Dynamic, MacroDefinition } from './macro.ts';
import type { Run } from './run.ts';
import { PpToken, type TokenKind } from './token.ts';

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
  for (const name of DEFINED_OPERATORS) define(name, 'operator');
}

function replacement(at: PpToken, kind: TokenKind, text: string): PpToken {
  return new PpToken(kind, text, at.file, at.offset, at.space, true);
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
