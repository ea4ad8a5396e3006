// In: the tokens and the place of a #define. Out: the macro, its body lexed when first needed (C11 6.10.3).
// Most macros of a translation unit are never used, so a body that is plain text is kept as two offsets.

import type { Macro, PpToken, SourceFile } from '../token.ts';
import { Lexer, TOKEN_LENGTH_LIMIT } from './lex.ts';
import type { Run } from './run.ts';

/** How to compute the expansion of `__LINE__` and its like; an `operator` such as `__has_include` works in #if only. */
export type Dynamic = 'operator' | ((token: PpToken) => PpToken);

/** A body that may not have been lexed yet. */
export interface BodyReader {
  readonly read: () => readonly PpToken[];
  readonly mayHaveOperators: boolean;
}

export class MacroDefinition implements Macro {
  readonly name: string;
  readonly parameters: readonly string[] | undefined;
  readonly variadic: boolean;
  readonly offset: number;
  /** Undefined for predefined and command-line macros. */
  readonly file: SourceFile | undefined;
  readonly dynamic: Dynamic | undefined;
  private tokens: readonly PpToken[] | undefined;
  private readonly lexBody: () => readonly PpToken[];
  /** False only if the body has no `#`, `##` or `__VA_OPT__`. */
  readonly mayHaveOperators: boolean;
  /** Whether tokens of its replacement are still to be rescanned. */
  replacing = false;
  private operands: readonly number[] | undefined;

  constructor(
    name: string,
    form: { parameters: readonly string[] | undefined; variadic: boolean },
    place: { file: SourceFile | undefined; offset: number },
    body: BodyReader,
    dynamic?: Dynamic,
  ) {
    this.name = name;
    this.parameters = form.parameters;
    this.variadic = form.variadic;
    this.file = place.file;
    this.offset = place.offset;
    this.lexBody = body.read;
    this.mayHaveOperators = body.mayHaveOperators;
    this.dynamic = dynamic;
  }

  get body(): readonly PpToken[] {
    this.tokens ??= this.lexBody();
    return this.tokens;
  }

  /** For each token of the body: the index of the parameter it names, or -1. */
  get parameterOf(): readonly number[] {
    this.operands ??= this.body.map((token) =>
      token.kind === 'identifier' && this.parameters !== undefined ? this.parameters.indexOf(token.text) : -1,
    );
    return this.operands;
  }
}

export function isHash(token: PpToken): boolean {
  return token.kind === 'punctuator' && (token.text === '#' || token.text === '%:');
}

export function isPaste(token: PpToken): boolean {
  return token.kind === 'punctuator' && (token.text === '##' || token.text === '%:%:');
}

/** Reads the rest of a #define line from the lexer; undefined after an error, which was reported. */
export function readDefine(run: Run): MacroDefinition | undefined {
  const lexer = run.frame.lexer;
  const name = lexer.next();
  if (!isMacroName(run, name)) return undefined;
  const open = lexer.at;
  const functionLike = run.frame.file.text.charCodeAt(open) === 40;
  const form = functionLike ? readParameters(run, name) : { parameters: undefined, variadic: false };
  if (form === undefined) return undefined;
  const file = run.isSynthetic(run.frame.file) ? undefined : lexer.file;
  return new MacroDefinition(name.text, form, { file, offset: name.offset }, bodyReader(run, name, form));
}

/** Reports and returns false unless the token can name a macro. */
export function isMacroName(run: Run, name: PpToken): boolean {
  if (name === run.marks.line) run.error('macro-name', 'macro name missing', run.frame.directive);
  else if (name.kind !== 'identifier') run.error('macro-name', 'macro names must be identifiers', name);
  else if (name.text === 'defined' || name.text === '__VA_ARGS__' || name.text === '__VA_OPT__')
    run.error('macro-name', `"${name.text}" cannot be used as a macro name`, name);
  else return true;
  return false;
}

interface Form {
  parameters: readonly string[] | undefined;
  variadic: boolean;
}

/** Reads `(a, b, ...)`, with GNU's `rest...`. */
function readParameters(run: Run, name: PpToken): Form | undefined {
  const lexer = run.frame.lexer;
  const parameters: string[] = [];
  const fail = (at: PpToken): undefined => {
    run.error(
      'macro-parameters',
      `malformed parameter list of macro "${name.text}"`,
      at === run.marks.line ? name : at,
    );
    return undefined;
  };
  lexer.next();
  let token = lexer.next();
  if (token.text === ')') return { parameters, variadic: false };
  for (;;) {
    if (token.text === '...') {
      parameters.push('__VA_ARGS__');
      token = lexer.next();
      return token.text === ')' ? { parameters, variadic: true } : fail(token);
    }
    if (token.kind !== 'identifier' || parameters.includes(token.text)) return fail(token);
    parameters.push(token.text);
    token = lexer.next();
    if (token.text === '...') {
      token = lexer.next();
      return token.text === ')' ? { parameters, variadic: true } : fail(token);
    }
    if (token.text === ')') return { parameters, variadic: false };
    if (token.text !== ',') return fail(token);
    token = lexer.next();
  }
}

/** A body that may be wrong by itself is lexed and checked at once, any other is lexed when it is first asked for. */
function bodyReader(run: Run, name: PpToken, form: Form): BodyReader {
  const { lexer, file } = run.frame;
  const start = lexer.at;
  const end = lexer.endOfLine();
  const origin = lexer.file;
  lexer.at = end;
  const read = (): readonly PpToken[] => readBody(run, origin, start, end);
  const text = file.text.slice(start, end);
  const hashes = text.includes('#') || text.includes('%:');
  const mayHaveOperators = hashes || text.includes('__VA_OPT__');
  const openComment = end === file.text.length && text.includes('/*');
  const short = end - start <= TOKEN_LENGTH_LIMIT;
  if (short && !hashes && !openComment && !text.includes('"') && !text.includes("'")) return { read, mayHaveOperators };
  const tokens = read();
  checkOperators(run, name, form, tokens);
  return { read: () => tokens, mayHaveOperators };
}

/** The tokens of a body that stands in a file from `start` to `end`. */
export function readBody(run: Run, file: SourceFile, start: number, end: number): readonly PpToken[] {
  const lexer = new Lexer(file, file.text, run.marks, run.lexProblem('warning', file), start, end);
  lexer.startDirective();
  const tokens: PpToken[] = [];
  for (let token = lexer.next(); token !== run.marks.line; token = lexer.next()) tokens.push(token);
  if (tokens[0] !== undefined) tokens[0] = tokens[0].spaced(false);
  return tokens;
}

/** C11 6.10.3.2p1 and 6.10.3.3p1: where `#` and `##` may stand. */
function checkOperators(run: Run, name: PpToken, form: Form, body: readonly PpToken[]): void {
  const first = body[0];
  const last = body.at(-1);
  if ((first !== undefined && isPaste(first)) || (last !== undefined && isPaste(last)))
    run.error('macro-paste', "'##' cannot appear at either end of a macro expansion", name);
  const { parameters } = form;
  if (parameters === undefined) return;
  for (const [index, token] of body.entries()) {
    const operand = body[index + 1]?.text ?? '';
    const valid = parameters.includes(operand) || (form.variadic && operand === '__VA_OPT__');
    if (isHash(token) && !valid) run.error('macro-stringify', "'#' is not followed by a macro parameter", token);
  }
}

/** C11 6.10.3p1: whether a second definition says the same as the first. */
export function sameDefinition(a: MacroDefinition, b: MacroDefinition): boolean {
  if (a.parameters?.join() !== b.parameters?.join() || a.variadic !== b.variadic || a.body.length !== b.body.length)
    return false;
  return a.body.every((token, index) => token.text === b.body[index]?.text && token.space === b.body[index].space);
}
