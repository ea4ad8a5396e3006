// In: #if, #ifdef, #ifndef, #elif…, #else, #endif. Out: which groups of lines are kept (C11 6.10.1; C23's #elifdef).
// Groups that are left out are passed line by line: only names of directives are lexed there.

import { evaluateCondition } from '../expression/evaluate.ts';
import type { PpToken } from '../token.ts';
import { readCondition } from './condition.ts';
import { readLine } from './directives.ts';
import { isMacroName } from './macro.ts';
import type { Conditional, Run } from './run.ts';

export function ifDirective(run: Run, name: PpToken): void {
  const { frame } = run;
  const tokens = readLine(run);
  if (frame.conditionals.length === 0 && frame.guardState === 'possible') openGuard(run, guardOf(tokens));
  open(run, name, conditionHolds(run, name, tokens));
}

export function ifdefDirective(run: Run, name: PpToken): void {
  const macro = run.frame.lexer.next();
  const valid = isMacroName(run, macro);
  if (run.frame.conditionals.length === 0) openGuard(run, valid && name.text === 'ifndef' ? macro.text : undefined);
  open(run, name, valid && run.macros.has(macro.text) === (name.text === 'ifdef'));
}

/** #else and the #elif family, met while their #if's group is being kept: the rest is left out. */
export function elseDirective(run: Run, name: PpToken): void {
  const { conditionals, lexer } = run.frame;
  const current = conditionals.at(-1);
  if (current === undefined) stray(run, name);
  else noteElse(run, current, name);
  lexer.endDirective();
  if (current !== undefined) skipGroups(run);
}

export function endifDirective(run: Run, name: PpToken): void {
  const { frame } = run;
  if (frame.conditionals.length === 0) stray(run, name);
  else close(run);
  frame.lexer.endDirective();
}

function open(run: Run, directive: PpToken, taken: boolean): void {
  const { conditionals, lexer } = run.frame;
  conditionals.push({ directive, taken, sawElse: false });
  lexer.endDirective();
  if (!taken) skipGroups(run);
}

function close(run: Run): void {
  const { frame } = run;
  frame.conditionals.pop();
  if (frame.conditionals.length > 0 || frame.guardState !== 'open') return;
  frame.guardState = 'closed';
  frame.lexer.sawToken = false;
}

function stray(run: Run, name: PpToken): void {
  run.error('stray-conditional', `#${name.text} without #if`, name);
}

/** Passes over lines until a group of the innermost #if is to be kept, or its #endif. */
function skipGroups(run: Run): void {
  const { conditionals, lexer } = run.frame;
  const current = conditionals.at(-1)!;
  let nested = 0;
  for (; lexer.skipToDirective(); lexer.endDirective()) {
    const name = lexer.next();
    if (name.text === 'if' || name.text === 'ifdef' || name.text === 'ifndef') nested += 1;
    else if (name.text === 'endif') {
      if (nested === 0) {
        close(run);
        break;
      }
      nested -= 1;
    } else if (nested === 0 && ELSES.has(name.text) && takesOver(run, current, name)) break;
  }
  lexer.endDirective();
}

const ELSES: ReadonlySet<string> = new Set(['else', 'elif', 'elifdef', 'elifndef']);

/** Whether the group after this #else or #elif is kept. */
function takesOver(run: Run, current: Conditional, name: PpToken): boolean {
  run.frame.directive = name;
  noteElse(run, current, name);
  if (current.taken || !elseHolds(run, name)) return false;
  current.taken = true;
  return true;
}

function elseHolds(run: Run, name: PpToken): boolean {
  if (name.text === 'else') return true;
  if (name.text === 'elif') return conditionHolds(run, name, readLine(run));
  const macro = run.frame.lexer.next();
  return isMacroName(run, macro) && run.macros.has(macro.text) === (name.text === 'elifdef');
}

function noteElse(run: Run, current: Conditional, name: PpToken): void {
  const { frame } = run;
  if (current.sawElse) run.error('else-after-else', `#${name.text} after #else`, name);
  if (name.text === 'else') current.sawElse = true;
  if (frame.conditionals.length === 1 && frame.guardState === 'open') frame.guardState = 'none';
}

function conditionHolds(run: Run, name: PpToken, tokens: readonly PpToken[]): boolean {
  if (tokens.length === 0) {
    run.error('if-expression', `#${name.text} with no expression`, name);
    return false;
  }
  const result = evaluateCondition(readCondition(run, tokens), run.target);
  if (typeof result === 'boolean') return result;
  const at = result.at === undefined ? tokens[0]! : (result.at as PpToken);
  run.error('if-expression', `#${name.text}: ${result.reason}`, at);
  return false;
}

/** `guard` is undefined if the conditional is not of the form that guards have. */
function openGuard(run: Run, guard: string | undefined): void {
  const { frame } = run;
  if (frame.guardState !== 'possible') return;
  frame.guard = guard;
  frame.guardState = guard === undefined ? 'none' : 'open';
}

/** The X of `#if !defined(X)`. */
function guardOf(tokens: readonly PpToken[]): string | undefined {
  if (tokens.length > 5) return undefined;
  const text = tokens.map((token) => token.text).join(' ');
  return /^! defined (?:\( (\w+) \)|(\w+))$/
    .exec(text)
    ?.slice(1)
    .find((name) => name !== undefined);
}
