// Where an evaluator stands among its tokens, and the brackets and commas around it.

import type { ExpressionToken } from './evaluate.ts';

/** What the reasons of expressions begin with that may have a value in C and are not evaluated here. */
export const BEYOND = 'is not evaluated here: ';

/** Thrown inside the evaluator; no Error, because its stack is not wanted and costs more than the evaluation. */
export class Failure {
  readonly reason: string;
  readonly index: number;

  constructor(reason: string, index: number) {
    this.reason = reason;
    this.index = index;
  }
}

/** A place in a range of tokens. */
export class Cursor<T extends ExpressionToken> {
  protected readonly tokens: readonly T[];
  protected index = 0;
  protected end: number;

  constructor(tokens: readonly T[]) {
    this.tokens = tokens;
    this.end = tokens.length;
  }

  protected fail(reason: string, index: number = this.index): never {
    throw new Failure(reason, index);
  }

  protected peek(): string {
    return this.index < this.end ? this.tokens[this.index]!.text : '';
  }

  protected accept(text: string): boolean {
    if (this.peek() !== text) return false;
    this.index += 1;
    return true;
  }

  protected expect(text: string): void {
    if (this.accept(text)) return;
    const found = this.peek();
    this.fail(`expected '${text}' ${found === '' ? 'at the end' : `before '${found}'`}`);
  }

  /** The index of the bracket that closes the one at `open`. */
  protected closing(open: number): number {
    let nesting = 0;
    for (let index = open; index < this.end; index += 1) {
      const { text } = this.tokens[index]!;
      if (text === '(' || text === '[' || text === '{') nesting += 1;
      else if (text === ')' || text === ']' || text === '}') nesting -= 1;
      if (nesting === 0) return index;
    }
    return this.fail(`missing '${{ '(': ')', '[': ']', '{': '}' }[this.tokens[open]!.text]}'`, open);
  }

  protected split(start: number, end: number, separator = ','): [number, number][] {
    const parts: [number, number][] = [];
    let from = start;
    for (let index = start; index < end; index += 1) {
      const { text } = this.tokens[index]!;
      if (text === '(' || text === '[' || text === '{') index = this.closing(index);
      else if (text === separator) {
        parts.push([from, index]);
        from = index + 1;
      }
    }
    if (from < end) parts.push([from, end]);
    return parts;
  }
}
