// In: expanded tokens. Out: the value of the C constant expression they make, with its C type, or the reason why they
// make none (C11 6.6; 6.10.1p4 for #if). What the headers declare is asked of the environment.

import type { CType } from '../model/ctype.ts';
import type { Target } from '../target.ts';
import type { NumberValue } from './arithmetic.ts';
import { Failure } from './cursor.ts';
import { Evaluator } from './evaluator.ts';
import type { StringValue } from './literals.ts';
import { type Value as Operand, type TypeQuestions, typeOf } from './values.ts';

export type { FloatValue, IntegerValue, NumberValue } from './arithmetic.ts';
export type { StringValue } from './literals.ts';
export type { MemberPlace, TypedValue, TypeQuestions, Value as Operand } from './values.ts';

/** What an expression can be worth. */
export type Value = NumberValue | StringValue;

/** As much of a preprocessing token as evaluation needs. */
export interface ExpressionToken {
  readonly kind: string;
  readonly text: string;
}

export interface NotConstant<T extends ExpressionToken = ExpressionToken> {
  readonly kind: 'not-constant';
  readonly reason: string;
  readonly at?: T;
}

/** What the expression may refer to. Each hook returns undefined for what it does not know. */
export interface Environment {
  /** Enumerators, and functions and variables for their types. */
  identifier?(name: string): Operand | undefined;
  /** The type that a typedef's name stands for. */
  typedef?(name: string): CType | undefined;
  readonly types?: TypeQuestions;
}

/** Evaluates a constant expression. All tokens must belong to it. */
export function evaluate<T extends ExpressionToken>(
  tokens: readonly T[],
  target: Target,
  env: Environment = {},
): Value | NotConstant<T> {
  const value = run(new Evaluator(tokens, target, env), tokens);
  return value.kind === 'typed' ? { kind: 'not-constant', reason: value.reason } : value;
}

/** Evaluates the expression of an #if, in which `defined` has been answered and macros are expanded. */
export function evaluateCondition<T extends ExpressionToken>(
  tokens: readonly T[],
  target: Target,
): boolean | NotConstant<T> {
  if (tokens.length === 1 && (tokens[0]!.text === '0' || tokens[0]!.text === '1')) return tokens[0]!.text === '1';
  const result = run(new Evaluator(tokens, target, {}, { condition: true }), tokens);
  if (result.kind === 'not-constant') return result;
  if (result.kind === 'int') return result.value !== 0n;
  const what = result.kind === 'float' ? 'a floating constant' : result.kind === 'string' ? 'a string' : result.reason;
  return { kind: 'not-constant', reason: `${what} is no condition` };
}

/** The type in the parentheses of `typeof` or of an alignment: that of a type name, or of an expression that is not evaluated. */
export function typeNamed<T extends ExpressionToken>(
  tokens: readonly T[],
  target: Target,
  env: Environment,
): CType | NotConstant<T> {
  const evaluator = new Evaluator(tokens, target, env, { unevaluated: true });
  const type = attempt(() => evaluator.typeAt(0, tokens.length), tokens);
  if (type !== undefined) return type;
  const value = run(evaluator, tokens);
  return value.kind === 'not-constant' ? value : typeOf(value, target);
}

function run<T extends ExpressionToken>(evaluator: Evaluator<T>, tokens: readonly T[]): Operand | NotConstant<T> {
  return attempt(() => evaluator.whole(), tokens);
}

function attempt<R, T extends ExpressionToken>(work: () => R, tokens: readonly T[]): R | NotConstant<T> {
  try {
    return work();
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const at = tokens[failure.index];
    return { kind: 'not-constant', reason: failure.reason, ...(at === undefined ? {} : { at }) };
  }
}
