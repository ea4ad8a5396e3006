// In: the tokens of an #if. Out: the same with `defined`, `__has_include` and their like answered and macros expanded
// (C11 6.10.1p4; C23 6.10.1; GCC and clang for the rest), ready for evaluation.

import type { Target } from '../target.ts';
import { PpToken } from '../token.ts';
import { answerAttribute, answerBuiltin, answerStandardAttribute } from './answers.ts';
import { clangDeclspec, clangExtension, clangFeature, isTargetPart } from './answers-clang.ts';
import { findHeader } from './include.ts';
import type { Run } from './run.ts';

type Answer = (run: Run, argument: readonly PpToken[]) => number;

/** Names that are operators in an #if. Those that a compiler lacks are not `defined`, but answer 0. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  __has_include: (run, argument) => Number(hasHeader(run, argument, false)),
  __has_include_next: (run, argument) => Number(hasHeader(run, argument, true)),
  __has_attribute: (run, argument) => answerAttribute(spelling(argument), run.target),
  __has_c_attribute: (run, argument) => answerStandardAttribute(spelling(argument), run.target),
  __has_cpp_attribute: (run, argument) => answerStandardAttribute(spelling(argument), run.target),
  __has_builtin: (run, argument) => answerBuiltin(spelling(argument), run.target),
  __has_feature: ofClang(clangFeature),
  __has_extension: ofClang(clangExtension),
  __has_declspec_attribute: ofClang(clangDeclspec),
  // Every warning is off in the headers of others; which there are is the compiler's own affair.
  __has_warning: () => 0,
  __has_embed: () => 0,
  __is_identifier: ofClang((name) => !KEYWORDS.has(name)),
  __building_module: () => 0,
  __is_target_arch: ofClang((name, target) => isTargetPart('arch', name, target)),
  __is_target_vendor: ofClang((name, target) => isTargetPart('vendor', name, target)),
  __is_target_os: ofClang((name, target) => isTargetPart('os', name, target)),
  __is_target_environment: ofClang((name, target) => isTargetPart('environment', name, target)),
};

function ofClang(answer: (name: string, target: Target) => boolean): Answer {
  return (run, argument) => Number(run.target.compiler === 'clang' && answer(plain(spelling(argument)), run.target));
}

/** `__blocks__` is `blocks`. */
function plain(name: string): string {
  return /^__\w+__$/.test(name) ? name.slice(2, -2) : name;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  `auto break case char const continue default do double else enum extern float for goto if inline int long register
  restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Alignas _Alignof
  _Atomic _Bool _Complex _Generic _Imaginary _Noreturn _Static_assert _Thread_local asm typeof`.split(/\s+/),
);

const OF_BOTH = ['__has_include', '__has_include_next', '__has_attribute', '__has_c_attribute', '__has_builtin'];
const OF_CLANG = [
  ...['__has_feature', '__has_extension', '__has_warning', '__has_declspec_attribute', '__is_identifier'],
  ...['__building_module', '__is_target_arch', '__is_target_vendor', '__is_target_os', '__is_target_environment'],
];

/** Those of the operators that #ifdef sees. */
export function definedOperators(target: Target): readonly string[] {
  return target.compiler === 'clang' ? [...OF_BOTH, ...OF_CLANG] : [...OF_BOTH, '__has_cpp_attribute'];
}

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
  if (!token.text.startsWith('__') || !Object.hasOwn(ANSWERS, token.text)) return undefined;
  const argument = readArgument(run, token);
  return argument === undefined ? 0 : ANSWERS[token.text]!(run, argument);
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
