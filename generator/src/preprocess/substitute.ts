// In: a macro with operators or parameters, and its arguments. Out: the tokens that replace the invocation, before
// rescanning (C11 6.10.3.1 to 6.10.3.3; named after Prosser's `subst`, `stringize` and `glue`; GNU's `, ## __VA_ARGS__`;
// C23's __VA_OPT__). Placemarkers are tokens with an empty text and never leave this file.

import { PpToken } from '../token.ts';
import { Lexer } from './lex.ts';
import { isHash, isPaste, type MacroDefinition } from './macro.ts';
import type { Run } from './run.ts';

/** One argument as written, and fully expanded when first needed. */
export interface Argument {
  readonly raw: readonly PpToken[];
  /** Whether variable arguments were left out together with their comma. */
  readonly absent: boolean;
  expanded: readonly PpToken[] | undefined;
}

/** What a substitution works on. */
interface Substitution {
  readonly run: Run;
  readonly macro: MacroDefinition;
  readonly args: readonly Argument[];
  readonly expand: (tokens: readonly PpToken[]) => readonly PpToken[];
}

/** The replacement of an invocation of `macro` by the name token `at`. */
export function substitute(
  run: Run,
  macro: MacroDefinition,
  args: readonly Argument[],
  expand: (tokens: readonly PpToken[]) => readonly PpToken[],
): readonly PpToken[] {
  if (!macro.mayHaveOperators) return args.length === 0 ? macro.body : substitutePlain(macro, args, expand);
  const tokens = substituteRange({ run, macro, args, expand }, 0, macro.body.length);
  return tokens.filter((token) => token.text !== '');
}

/** Without operators every argument is expanded and put in. */
function substitutePlain(
  macro: MacroDefinition,
  args: readonly Argument[],
  expand: (tokens: readonly PpToken[]) => readonly PpToken[],
): PpToken[] {
  const { body, parameterOf } = macro;
  const output: PpToken[] = [];
  for (let index = 0; index < body.length; index += 1) {
    const parameter = parameterOf[index]!;
    if (parameter === -1) {
      output.push(body[index]!);
      continue;
    }
    const arg = args[parameter]!;
    arg.expanded ??= expand(arg.raw);
    for (let at = 0; at < arg.expanded.length; at += 1) {
      const token = arg.expanded[at]!;
      output.push(at === 0 ? token.spaced(body[index]!.space) : token);
    }
  }
  return output;
}

/** Prosser's subst over body[from..to). */
function substituteRange(subst: Substitution, from: number, to: number): PpToken[] {
  const { body } = subst.macro;
  const output: PpToken[] = [];
  for (let index = from; index < to; ) {
    const token = body[index]!;
    if (isPaste(token) && index > from && index + 1 < to) {
      const operand = operandAt(subst, index + 1, to, true);
      if (!isGnuComma(subst, index, from)) glue(subst.run, output, operand.tokens);
      else if (subst.args.at(-1)!.absent) output.pop();
      else append(output, operand.tokens);
      index = operand.next;
    } else {
      const operand = operandAt(subst, index, to, false);
      append(output, operand.tokens);
      index = operand.next;
    }
  }
  return output;
}

/** `, ## __VA_ARGS__`: the comma goes if the argument was left out, and is not pasted otherwise. */
function isGnuComma(subst: Substitution, paste: number, from: number): boolean {
  const { macro } = subst;
  if (!macro.variadic || paste - 1 < from || macro.body[paste - 1]!.text !== ',') return false;
  return macro.parameterOf[paste + 1] === macro.parameters!.length - 1;
}

/** The tokens that stand for what begins at body[index], and where to go on. Beside `##` arguments stay raw and an
 *  empty one is a placemarker. */
function operandAt(
  subst: Substitution,
  index: number,
  to: number,
  pasted: boolean,
): { tokens: readonly PpToken[]; next: number } {
  const { run, macro } = subst;
  const token = macro.body[index]!;
  const following = index + 1 < to ? macro.body[index + 1] : undefined;
  if (macro.parameters !== undefined && isHash(token) && following !== undefined) {
    const parameter = macro.parameterOf[index + 1]!;
    if (parameter !== -1) return { tokens: [stringize(run, token, subst.args[parameter]!.raw)], next: index + 2 };
    if (isVaOpt(macro, index + 1, to)) {
      const inner = vaOpt(subst, index + 1, to);
      return { tokens: [stringize(run, token, inner.tokens)], next: inner.next };
    }
  }
  if (isVaOpt(macro, index, to)) return vaOpt(subst, index, to);
  const parameter = macro.parameterOf[index]!;
  if (parameter === -1) return { tokens: [token], next: index + 1 };
  const arg = subst.args[parameter]!;
  const raw = pasted || (following !== undefined && isPaste(following));
  return { tokens: spaceFirst(argumentTokens(subst, arg, raw, token), token.space), next: index + 1 };
}

function argumentTokens(subst: Substitution, arg: Argument, raw: boolean, at: PpToken): readonly PpToken[] {
  if (raw) return arg.raw.length === 0 ? [placemarker(at)] : arg.raw;
  arg.expanded ??= subst.expand(arg.raw);
  return arg.expanded;
}

function isVaOpt(macro: MacroDefinition, index: number, to: number): boolean {
  return (
    macro.variadic && macro.body[index]!.text === '__VA_OPT__' && index + 1 < to && macro.body[index + 1]!.text === '('
  );
}

/** `__VA_OPT__ ( tokens )`: the tokens if the variable arguments expand to anything, else a placemarker. */
function vaOpt(subst: Substitution, index: number, to: number): { tokens: readonly PpToken[]; next: number } {
  const { body } = subst.macro;
  let depth = 0;
  let close = index + 1;
  for (; close < to; close += 1) {
    if (body[close]!.text === '(') depth += 1;
    else if (body[close]!.text === ')') depth -= 1;
    if (depth === 0) break;
  }
  if (close === to) {
    subst.run.error('va-opt', 'unterminated __VA_OPT__', body[index]!);
    return { tokens: [], next: to };
  }
  const variable = argumentTokens(subst, subst.args.at(-1)!, false, body[index]!);
  const tokens = variable.length === 0 ? [] : substituteRange(subst, index + 2, close);
  const result = tokens.length === 0 ? [placemarker(body[index]!)] : spaceFirst(tokens, body[index]!.space);
  return { tokens: result, next: close + 1 };
}

function placemarker(at: PpToken): PpToken {
  return new PpToken('other', '', at.file, at.offset, at.space, true);
}

function spaceFirst(tokens: readonly PpToken[], space: boolean): readonly PpToken[] {
  const first = tokens[0];
  if (first === undefined || first.space === space) return tokens;
  return [first.spaced(space), ...tokens.slice(1)];
}

function append(output: PpToken[], tokens: readonly PpToken[]): void {
  for (const token of tokens) output.push(token);
}

/** C11 6.10.3.2: a string literal that spells the tokens. */
function stringize(run: Run, hash: PpToken, tokens: readonly PpToken[]): PpToken {
  let text = '';
  for (const token of tokens) {
    if (token.text === '') continue;
    if (token.space && text !== '') text += ' ';
    const literal = token.kind === 'string' || token.kind === 'character';
    text += literal ? token.text.replace(/["\\]/g, '\\$&') : token.text;
  }
  run.countWork(text.length >> 1, hash);
  return new PpToken('string', `"${text}"`, hash.file, hash.offset, hash.space, true);
}

/** Prosser's glue: pastes the last token of `output` and the first operand token, then appends the others. */
function glue(run: Run, output: PpToken[], operand: readonly PpToken[]): void {
  const right = operand[0];
  if (right === undefined) return;
  const left = output.pop();
  if (left === undefined || left.text === '') output.push(right.spaced(left?.space ?? right.space));
  else if (right.text === '') output.push(left);
  else output.push(...paste(run, left, right));
  for (let index = 1; index < operand.length; index += 1) output.push(operand[index]!);
}

/** One token from two; both, and an error, if their text is not one token. */
function paste(run: Run, left: PpToken, right: PpToken): readonly PpToken[] {
  const text = left.text + right.text;
  run.countWork(text.length >> 1, left);
  // The lexer is fastest if the text ends in a new line.
  const lexer = new Lexer(left.file, `${text}\n`, run.marks, () => {}, 0, text.length);
  lexer.startDirective();
  const token = lexer.next();
  if (token === run.marks.line || token.text.length !== text.length || token.kind === 'other') {
    run.error('invalid-paste', `pasting "${left.text}" and "${right.text}" does not give one token`, left);
    return [left, right];
  }
  return [new PpToken(token.kind, text, left.file, left.offset, left.space, true)];
}
