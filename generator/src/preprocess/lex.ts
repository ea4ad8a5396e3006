// In: the text of a source file. Out: preprocessing tokens, one at a time (C11 5.1.1.2 phases 2 and 3, 6.4).
// The lexer is pulled, not run: groups that a false #if leaves out are passed line by line and never lexed, and
// macro bodies are lexed when first needed. Line splices are rare inside tokens, so the fast paths know nothing of
// them: a token that touches a splice is lexed again from a copy of its logical line (`lexSpliced`).

import { PpToken, type SourceFile, type TokenKind } from '../token.ts';
import { IDENTIFIER_PART, isBlank, isDigit, isIdentifierPart } from './characters.ts';
import { afterSplice, closingComment, endOfLine, unspliced } from './lines.ts';
import { punctuatorLength } from './punctuators.ts';

/** Hears what is wrong with the text itself. */
export type LexProblem = (code: string, message: string, offset: number) => void;

/** Punctuators of one character that never begin a longer one, by character code. */
const SINGLES: readonly (string | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return '(),;?[]{}~'.includes(character) ? character : undefined;
});

/** No token of a header is this long, but a file that is no header may be one token. */
export const TOKEN_LENGTH_LIMIT: number = 4 << 20;

const NEWLINE = 10;
const BACKSLASH = 92;

/** What `next` returns besides tokens: compare by identity. */
export interface Marks {
  /** The file has ended. */
  readonly end: PpToken;
  /** Inside a directive: its line has ended. */
  readonly line: PpToken;
  /** A `#` that begins a directive; `startDirective` was called. */
  readonly directive: PpToken;
}

export class Lexer {
  /** The file that tokens claim as their origin: line markers replace it by a twin with another path. */
  file: SourceFile;
  /** Offset of the next character. */
  at: number;
  /** Whether a token outside directives has been returned; include guards are found with it. */
  sawToken = false;
  private readonly text: string;
  private readonly end: number;
  private readonly marks: Marks;
  private readonly problem: LexProblem;
  private inDirective = false;
  private atLineStart = true;
  private space = true;

  constructor(file: SourceFile, text: string, marks: Marks, problem: LexProblem, start = 0, end: number = text.length) {
    this.file = file;
    this.text = text;
    this.end = end;
    this.at = start === 0 && text.charCodeAt(0) === 0xfeff ? 1 : start;
    this.marks = marks;
    this.problem = problem;
  }

  /** The next token, or one of the marks. */
  next(): PpToken {
    const code = this.skipBlank();
    if (code === -1) return this.inDirective ? this.marks.line : this.marks.end;
    if (code === NEWLINE) return this.marks.line;
    if (this.atLineStart) {
      if ((code === 35 || code === 37) && this.startsDirective(code)) return this.marks.directive;
      this.atLineStart = false;
    }
    if (!this.inDirective) this.sawToken = true;
    const token = this.lexToken(code);
    this.space = false;
    return token;
  }

  /** Whether the next token is `(`, looking across lines but not across directives. */
  peekParenthesis(): boolean {
    return this.skipBlank() === 40;
  }

  /** From here on a new line ends the directive. */
  startDirective(): void {
    this.inDirective = true;
    this.atLineStart = false;
    this.space = false;
  }

  /** Leaves the directive: what is left of its line is passed over. */
  endDirective(): void {
    this.at = Math.min(endOfLine(this.text, this.at), this.end);
    this.inDirective = false;
  }

  /** Where the line of a directive ends, comments and splices considered. */
  endOfLine(): number {
    return Math.min(endOfLine(this.text, this.at), this.end);
  }

  /** Inside #include: the text between `<` and `>` if that is what comes next. */
  headerName(): string | undefined {
    if (this.skipBlank() !== 60) return undefined;
    const stop = this.endOfLine();
    const length = this.text.slice(this.at, stop).indexOf('>');
    if (length === -1) return undefined;
    const name = this.text.slice(this.at + 1, this.at + length);
    this.at += length + 1;
    return unspliced(name);
  }

  /** The rest of a directive's line as written, for #error. */
  restOfLine(): string {
    return unspliced(this.text.slice(this.at, this.endOfLine())).trim();
  }

  /** Passes over lines until one begins with `#`; then it is inside that directive. False at the end of the file. */
  skipToDirective(): boolean {
    const { text, end } = this;
    let at = this.at;
    while (at < end) {
      let start = at;
      while (isBlank(text.charCodeAt(start))) start += 1;
      const code = text.charCodeAt(start);
      this.at = start;
      if (code === 47 || code === BACKSLASH) this.skipBlankInLine();
      if (this.at < end && this.startsDirective(text.charCodeAt(this.at))) return true;
      at = code === NEWLINE ? start + 1 : endOfLine(text, this.at) + 1;
    }
    this.at = end;
    return false;
  }

  private skipBlankInLine(): void {
    this.inDirective = true;
    this.skipBlank();
    this.inDirective = false;
  }

  private startsDirective(code: number): boolean {
    if (this.inDirective) return false;
    if (code === 35) this.at += 1;
    else if (code === 37 && this.text.charCodeAt(this.at + 1) === 58) this.at += 2;
    else return false;
    this.startDirective();
    return true;
  }

  /** Moves to the next character that is not white space or comment and returns it; -1 at the end. */
  private skipBlank(): number {
    const { text, end } = this;
    let at = this.at;
    for (;;) {
      if (at >= end) {
        this.at = end;
        return -1;
      }
      const code = text.charCodeAt(at);
      if (code > 47 && code !== BACKSLASH) break;
      if (code === 32 || code === 9) at += 1;
      else if (code === NEWLINE) {
        if (this.inDirective) break;
        at += 1;
        this.atLineStart = true;
      } else if (code === 47) {
        const after = this.afterComment(at);
        if (after === -1) break;
        at = after;
      } else if (code === BACKSLASH) {
        const after = afterSplice(text, at);
        if (after === -1) break;
        at = after;
        continue;
      } else if (isBlank(code)) at += 1;
      else break;
      this.space = true;
    }
    this.at = at;
    return text.charCodeAt(at);
  }

  /** The offset after the comment that begins at `at`; -1 if none does. */
  private afterComment(at: number): number {
    const { text } = this;
    let second = at + 1;
    while (text.charCodeAt(second) === BACKSLASH) {
      const after = afterSplice(text, second);
      if (after === -1) return -1;
      second = after;
    }
    const code = text.charCodeAt(second);
    if (code === 47) return Math.min(endOfLine(text, at), this.end);
    if (code !== 42) return -1;
    const close = closingComment(text, second + 1);
    if (close !== -1) return Math.min(close, this.end);
    this.problem('unterminated-comment', 'unterminated comment', at);
    return this.end;
  }

  private lexToken(code: number): PpToken {
    const start = this.at;
    const single = code < 128 ? SINGLES[code] : undefined;
    if (single !== undefined) {
      this.at = start + 1;
      return new PpToken('punctuator', single, this.file, start, this.space, false);
    }
    const { text } = this;
    if (IDENTIFIER_PART[code] === 1 && !isDigit(code)) {
      let at = start + 1;
      while (IDENTIFIER_PART[text.charCodeAt(at)] === 1) at += 1;
      const after = text.charCodeAt(at);
      if (after === BACKSLASH) return this.lexBackslash(start, at);
      if ((after === 34 || after === 39) && isPrefix(text, start, at)) return this.lexQuoted(start, at, after);
      return this.make('identifier', start, at);
    }
    if (isDigit(code) || (code === 46 && isDigit(text.charCodeAt(start + 1)))) return this.lexNumber(start);
    if (code === 34 || code === 39) return this.lexQuoted(start, start, code);
    const length = punctuatorLength(text, start, code);
    if (length === 0) return this.lexOther(start, code);
    if (text.charCodeAt(start + length) === BACKSLASH) return this.lexBackslash(start, start + length);
    return this.make('punctuator', start, start + length);
  }

  /** A pp-number: C11 6.4.8, with C23's digit separators. */
  private lexNumber(start: number): PpToken {
    const { text } = this;
    let at = start + 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (isIdentifierPart(code)) {
        at += 1;
        const lower = code | 32;
        if (lower === 101 || lower === 112) {
          const sign = text.charCodeAt(at);
          if (sign === 43 || sign === 45) at += 1;
        }
      } else if (code === 46) at += 1;
      else if (code === 39 && isIdentifierPart(text.charCodeAt(at + 1))) at += 2;
      else if (code === BACKSLASH) return this.lexBackslash(start, at);
      else return this.make('number', start, Math.min(at, this.end));
    }
  }

  /** A string or character constant whose quote is at `open`. */
  private lexQuoted(start: number, open: number, quote: number): PpToken {
    const { text, end } = this;
    let at = open + 1;
    let spliced = false;
    for (;;) {
      const code = at < end ? text.charCodeAt(at) : NEWLINE;
      if (code === quote) break;
      if (code === NEWLINE) return this.unterminated(start, at, quote, spliced);
      at += 1;
      if (code !== BACKSLASH) continue;
      const after = afterSplice(text, at - 1);
      if (after !== -1) {
        at = after;
        spliced = true;
      } else if (text.charCodeAt(at) !== NEWLINE) at += 1;
    }
    return this.make(quote === 34 ? 'string' : 'character', start, at + 1, spliced);
  }

  /** Compilers take the rest of the line as one stray token. */
  private unterminated(start: number, at: number, quote: number, spliced: boolean): PpToken {
    const character = String.fromCharCode(quote);
    this.problem('unterminated-literal', `missing terminating ${character} character`, start);
    return this.make('other', start, at, spliced);
  }

  private lexOther(start: number, code: number): PpToken {
    if (code === BACKSLASH) return this.lexBackslash(start, start);
    return this.make('other', start, start + (code >= 0xd800 && code < 0xdc00 ? 2 : 1));
  }

  /** At `at` a backslash follows a token that could go on: a splice, a universal character name, or a stray one. */
  private lexBackslash(start: number, at: number): PpToken {
    const { text } = this;
    if (afterSplice(text, at) !== -1) return this.lexSpliced(start);
    let stop = at;
    let name = universalName(text, stop);
    while (name !== 0 && start < text.length) {
      stop += name;
      while (isIdentifierPart(text.charCodeAt(stop))) stop += 1;
      name = universalName(text, stop);
    }
    if (stop > at) return this.make(isDigit(text.charCodeAt(start)) ? 'number' : 'identifier', start, stop);
    if (at === start) return this.make('other', start, start + 1);
    const code = text.charCodeAt(start);
    if (isIdentifierPart(code)) return this.make(isDigit(code) ? 'number' : 'identifier', start, at);
    return this.make(
      code === 46 && at - start > 1 && isDigit(text.charCodeAt(start + 1)) ? 'number' : 'punctuator',
      start,
      at,
    );
  }

  /** Lexes one token from a copy of the logical line that has no splices: of its beginning, and of more where the token
   *  may go on behind that. */
  private lexSpliced(start: number): PpToken {
    for (let length = 32; ; length *= 4) {
      const stop = logicalEnd(this.text, start, this.end, length);
      const clean = unspliced(this.text.slice(start, stop));
      const problems: [code: string, message: string][] = [];
      const inner = new Lexer(this.file, clean, this.marks, (code, message) => problems.push([code, message]));
      inner.startDirective();
      const token = inner.next();
      if (stop === start + length && token.text.length + 4 > clean.length) continue;
      for (const [code, message] of problems) this.problem(code, message, start);
      this.at = physicalEnd(this.text, start, token.text.length);
      return new PpToken(token.kind, token.text, this.file, start, this.space, false);
    }
  }

  private make(kind: TokenKind, start: number, stop: number, spliced = false): PpToken {
    this.at = stop;
    const length = stop - start;
    if (length > TOKEN_LENGTH_LIMIT)
      this.problem('token-length', `a token of ${length} characters; ${TOKEN_LENGTH_LIMIT} are the most`, start);
    const text = this.text.slice(start, stop);
    return new PpToken(kind, spliced ? unspliced(text) : text, this.file, start, this.space, false);
  }
}

/** The end of the logical line from `start` on, or `length` characters further where that comes first. */
function logicalEnd(text: string, start: number, end: number, length: number): number {
  const limit = start + length;
  for (let stop = start; stop < limit; ) {
    const newline = text.indexOf('\n', stop);
    if (newline === -1) return Math.min(end, limit);
    if (!/\\[ \t\r]*$/.test(text.slice(Math.max(start, newline - 80), newline))) return Math.min(newline, limit);
    stop = newline + 1;
  }
  return limit;
}

/** The offset after `count` characters that are not part of splices. */
function physicalEnd(text: string, start: number, count: number): number {
  let at = start;
  for (let left = count; left > 0; left -= 1) {
    for (let after = afterSplice(text, at); after !== -1; after = afterSplice(text, at)) at = after;
    at += 1;
  }
  return at;
}

function isPrefix(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (end - start === 1) return first === 76 || first === 117 || first === 85;
  return end - start === 2 && first === 117 && text.charCodeAt(start + 1) === 56;
}

/** The length of `\uXXXX` or `\UXXXXXXXX` at `at`; 0 if there is none. */
function universalName(text: string, at: number): number {
  const match = /^\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})/.exec(text.slice(at, at + 10));
  return match === null ? 0 : match[0].length;
}
