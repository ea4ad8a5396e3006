// In: the tokens of an #if. Out: the same with `defined`, `__has_include` and their like answered and macros expanded
// (C11 6.10.1p4; C23 6.10.1; GCC and clang for the rest), ready for evaluation.

import { PpToken } from '../token.ts';
import { answerAttribute, answerBuiltin, answerStandardAttribute } from './answers.ts';
import { findHeader } from './include.ts';
import type { Run } from './run.ts';

/** Names that are operators in an #if. Those that GCC lacks are not `defined`, but answer 0. */
const ANSWERS: Readonly<Record<string, (run: Run, argument: readonly PpToken[], name: PpToken) => number>> = {
  __has_include: (run, argument) => Number(hasHeader(run, argument, false)),
  __has_include_next: (run, argument) => Number(hasHeader(run, argument, true)),
  __has_attribute: (_run, argument) => answerAttribute(spelling(argument)),
  __has_c_attribute: (_run, argument) => answerStandardAttribute(spelling(argument)),
  __has_cpp_attribute: (_run, argument) => answerStandardAttribute(spelling(argument)),
  __has_builtin: (_run, argument) => answerBuiltin(spelling(argument)),
  __has_feature: () => 0,
  __has_extension: () => 0,
  __has_warning: () => 0,
  __has_declspec_attribute: () => 0,
  __has_embed: () => 0,
};

/** Those of the operators that #ifdef sees. */
export const DEFINED_OPERATORS: readonly string[] = [
  '__has_include',
  '__has_include_next',
  '__has_attribute',
  '__has_c_attribute',
  '__has_cpp_attribute',
  '__has_builtin',
];

/** The expression of an #if, ready for evaluation. */
export function readCondition(run: Run, tokens: readonly PpToken[]): readonly PpToken[] {
  if (!tokens.some((token) => token.kind === 'identifier')) return tokens;
  const { expander, marks } = run;
  return expander.isolate(tokens, (result) => {
    for (let token = expander.next(); token !== marks.end; token = expander.next()) {
      const answer = token.kind !== 'identifier' ? undefined : answerOf(run, token);
      result.push(answer === undefined ? token : number(answer, token));
    }
  });
}

function answerOf(run: Run, token: PpToken): number | undefined {
  if (token.text === 'defined') return Number(readDefined(run, token));
  if (!token.text.startsWith('__has_') || !Object.hasOwn(ANSWERS, token.text)) return undefined;
  const argument = readArgument(run, token);
  return argument === undefined ? 0 : ANSWERS[token.text]!(run, argument, token);
}

function number(value: number, at: PpToken): PpToken {
  return new PpToken('number', String(value), at.file, at.offset, at.space, true);
}

/** `defined X` or `defined ( X )`; the operand is not expanded. */
function readDefined(run: Run, at: PpToken): boolean {
  const { expander } = run;
  let name = expander.read();
  const parenthesis = name.text === '(';
  if (parenthesis) name = expander.read();
  if (name.kind !== 'identifier') run.error('if-expression', "operator 'defined' needs a macro name", at);
  else if (parenthesis && expander.read().text !== ')') run.error('if-expression', "missing ')' after 'defined'", at);
  return run.macros.has(name.text);
}

/** The tokens between the parentheses, not expanded. */
function readArgument(run: Run, at: PpToken): readonly PpToken[] | undefined {
  const { expander, marks } = run;
  const argument: PpToken[] = [];
  let depth = 0;
  for (let token = expander.read(); token !== marks.end; token = expander.read()) {
    if (token.text === '(') depth += 1;
    else if (token.text === ')') depth -= 1;
    if (depth === 0) {
      if (token.text === ')') return argument.slice(1);
      break;
    }
    argument.push(token);
  }
  run.error('if-expression', `operator '${at.text}' needs an argument in parentheses`, at);
  return undefined;
}

function hasHeader(run: Run, argument: readonly PpToken[], next: boolean): boolean {
  const known = argument[0]?.kind === 'string' || argument[0]?.text === '<';
  const name = spelling(known ? argument : run.expander.expandAll(argument)).trim();
  if (/^"[^"]*"$/.test(name)) return findHeader(run, name.slice(1, -1), true, next) !== undefined;
  if (/^<[^>]*>$/.test(name)) return findHeader(run, name.slice(1, -1), false, next) !== undefined;
  if (argument[0] !== undefined) run.error('if-expression', '__has_include needs "name" or <name>', argument[0]);
  return false;
}

function spelling(tokens: readonly PpToken[]): string {
  return tokens.map((token, index) => (token.space && index > 0 ? ` ${token.text}` : token.text)).join('');
}
