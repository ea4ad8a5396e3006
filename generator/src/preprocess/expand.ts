// In: tokens from the open file. Out: tokens with every macro expanded (C11 6.10.3.4).
// The tokens still to be rescanned are a stack, so that expansion does not recurse; only the arguments of a
// function-like macro, which are expanded by themselves first, do. For each macro in the course of replacement the
// height of the stack below it is kept: until it is reached, the macro's own name is painted and never replaced again.
// Prosser's hidesets (X3J11/86-196) decide the same for nested replacement, but they also forbid what GCC, clang and
// MSVC all allow: a name that comes back after its replacement was rescanned as an argument (deferred recursion).

import { PpToken } from '../token.ts';
import { runDirective } from './directives.ts';
import type { MacroDefinition } from './macro.ts';
import { runPragmaOperator } from './pragma.ts';
import type { Run } from './run.ts';
import { leaveFile } from './sources.ts';
import { type Argument, substitute } from './substitute.ts';

const ARGUMENT_DEPTH_LIMIT = 400;

export class Expander {
  private readonly run: Run;
  /** Tokens to be read before the file, the next one last. */
  private pending: PpToken[] = [];
  /** The macros whose replacements are in `pending`, and how many tokens are left there when each is done. */
  private replacing: MacroDefinition[] = [];
  private heights: number[] = [];
  /** The last of `heights`; -1 if there is none. */
  private height = -1;
  /** Whether the tokens end with `pending`: arguments and directives. */
  private isolated = false;
  /** An expansion to nothing leaves the white space before it to the next token. */
  private carriedSpace = false;
  private depth = 0;
  /** Files that may not be left: the macro name stands in the last of them. */
  private floor = 0;

  constructor(run: Run) {
    this.run = run;
  }

  /** The next token with macros expanded, or `marks.end`. */
  next(): PpToken {
    const { run } = this;
    for (;;) {
      let token = this.read();
      if (this.carriedSpace) {
        this.carriedSpace = false;
        if (token !== run.marks.end) token = token.spaced(true);
      }
      if (token.kind !== 'identifier') return token;
      const macro = run.macros.get(token.text);
      if (macro === undefined) {
        if (token.text !== '_Pragma' || this.isolated || !this.opensParenthesis()) return token;
        runPragmaOperator(run, token);
      } else if (token.painted) return token;
      else if (macro.replacing) return token.paint();
      else if (!this.expand(token, macro)) return token;
    }
  }

  /** The next token as it stands: from a pending expansion, else from the file, running directives on the way. */
  read(): PpToken {
    const { pending, run } = this;
    if (pending.length === this.height) this.endReplacements();
    if (pending.length > 0) return pending.pop()!;
    if (this.isolated) return run.marks.end;
    while (run.frames.length > 0) {
      const found = run.frame.lexer.next();
      if (found === run.marks.directive) runDirective(run);
      else if (found !== run.marks.end) return found;
      else if (run.frames.length > this.floor) leaveFile(run);
      else break;
    }
    return run.marks.end;
  }

  /** Expands a list of tokens by itself. */
  expandAll(tokens: readonly PpToken[]): readonly PpToken[] {
    return this.isolate(tokens, (result) => {
      const { end } = this.run.marks;
      for (let token = this.next(); token !== end; token = this.next()) result.push(token);
    });
  }

  /** Runs `body` with `tokens` as all there is to read. */
  isolate(tokens: readonly PpToken[], body: (result: PpToken[]) => void): readonly PpToken[] {
    const { pending, isolated, carriedSpace, replacing, heights, height } = this;
    this.checkDepth(tokens[0]);
    this.depth += 1;
    this.pending = tokens.toReversed();
    this.replacing = [];
    this.heights = [];
    this.height = -1;
    this.isolated = true;
    this.carriedSpace = false;
    const result: PpToken[] = [];
    try {
      body(result);
    } finally {
      for (const macro of this.replacing) macro.replacing = false;
      this.pending = pending;
      this.replacing = replacing;
      this.heights = heights;
      this.height = height;
      this.isolated = isolated;
      this.carriedSpace = carriedSpace;
      this.depth -= 1;
    }
    return result;
  }

  /** Names of the macros whose replacements are being read, the outermost first. */
  macrosBeingReplaced(): string[] {
    return this.replacing.map((macro) => macro.name);
  }

  private checkDepth(at: PpToken | undefined): void {
    if (this.depth < ARGUMENT_DEPTH_LIMIT) return;
    this.run.stop(
      'macro-nesting',
      `macro invocations nest more than ${ARGUMENT_DEPTH_LIMIT} deep`,
      at ?? this.run.marks.end,
    );
  }

  /** Replaces the invocation that begins with `name`; false if it is none. */
  private expand(name: PpToken, macro: MacroDefinition): boolean {
    if (macro.dynamic !== undefined) {
      if (macro.dynamic === 'operator') return false;
      this.pending.push(macro.dynamic(name));
    } else if (macro.parameters === undefined) {
      const tokens = macro.mayHaveOperators ? substitute(this.run, macro, [], identity) : macro.body;
      this.push(tokens, name, macro);
    } else {
      if (!this.opensParenthesis()) return false;
      const args = this.readArguments(name, macro);
      if (args === undefined) return false;
      this.push(
        substitute(this.run, macro, args, (tokens) => this.expandAll(tokens)),
        name,
        macro,
      );
    }
    return true;
  }

  /** Every token of the innermost replacements has been read. */
  private endReplacements(): void {
    while (this.pending.length === this.height) {
      this.replacing.pop()!.replacing = false;
      this.heights.pop();
      this.height = this.heights.at(-1) ?? -1;
    }
  }

  /** Makes the expansion the next thing to read, placed where the macro was invoked. */
  private push(tokens: readonly PpToken[], name: PpToken, macro: MacroDefinition): void {
    const { pending } = this;
    this.run.countWork(tokens.length + 1, name);
    if (tokens.length === 0) {
      this.carriedSpace = this.carriedSpace || name.space;
      return;
    }
    macro.replacing = true;
    this.replacing.push(macro);
    this.height = pending.length;
    this.heights.push(this.height);
    for (let index = tokens.length - 1; index >= 0; index -= 1) {
      const { kind, text, space, painted } = tokens[index]!;
      pending.push(new PpToken(kind, text, name.file, name.offset, index === 0 ? name.space : space, true, painted));
    }
  }

  private opensParenthesis(): boolean {
    const { pending } = this;
    if (pending.length === this.height) this.endReplacements();
    if (pending.length > 0) return pending[pending.length - 1]!.text === '(';
    return !this.isolated && this.run.frame.lexer.peekParenthesis();
  }

  /** Reads `( argument , … )`; undefined after an error, which was reported. */
  private readArguments(name: PpToken, macro: MacroDefinition): Argument[] | undefined {
    const { run } = this;
    const floor = this.floor;
    this.floor = run.frames.length;
    const count = macro.parameters!.length;
    const args: Argument[] = [];
    let raw: PpToken[] = [];
    let nesting = 0;
    let token = this.read();
    for (token = this.read(); token !== run.marks.end; token = this.read()) {
      if (token.kind === 'punctuator') {
        if (token.text === '(') nesting += 1;
        else if (token.text === ')') {
          if (nesting === 0) break;
          nesting -= 1;
        } else if (token.text === ',' && nesting === 0 && !(macro.variadic && args.length === count - 1)) {
          args.push({ raw, absent: false, expanded: undefined });
          raw = [];
          continue;
        }
      }
      raw.push(token);
      if (!this.isolated) run.countWork(1, name);
    }
    this.floor = floor;
    if (token === run.marks.end) {
      run.error('macro-unterminated', `unterminated argument list invoking macro "${macro.name}"`, name);
      return undefined;
    }
    if (count > 0 || raw.length > 0 || args.length > 0)
      args.push({ raw, absent: count === 1 && raw.length === 0, expanded: undefined });
    return this.checkCount(name, macro, args) ? args : undefined;
  }

  /** The variable arguments may be left out altogether. */
  private checkCount(name: PpToken, macro: MacroDefinition, args: Argument[]): boolean {
    const count = macro.parameters!.length;
    if (macro.variadic && args.length === count - 1) args.push({ raw: [], absent: true, expanded: undefined });
    if (args.length === count) return true;
    const given = `${args.length} ${args.length === 1 ? 'was' : 'were'} given`;
    const message = `macro "${macro.name}" takes ${count} argument${count === 1 ? '' : 's'}, but ${given}`;
    this.run.error('macro-arguments', message, name);
    return false;
  }
}

function identity(tokens: readonly PpToken[]): readonly PpToken[] {
  return tokens;
}
