// What normalise.ts hands over, and the writer that gathers it: kept tokens, their text, and what was taken out beside them.

import type { CType } from '../model/ctype.ts';
import type { Token } from '../token.ts';
import type { Attribute } from './attribute-list.ts';

export interface TypeofOperand {
  readonly tokens: readonly Token[];
  /** Of `typeof_unqual`. */
  readonly isUnqualified: boolean;
}

export interface Normalised {
  readonly text: string;
  /** The kept tokens, in order of the text. */
  readonly tokens: readonly Token[];
  /** Where each kept token starts in `text`. */
  readonly starts: readonly number[];
  /** Attributes that stood in front of the kept token with that index. */
  readonly attributes: ReadonlyMap<number, readonly Attribute[]>;
  /** The real arithmetic type of a kept `int`. */
  readonly scalars: ReadonlyMap<number, CType>;
  /** What stands in the parentheses of the `typeof` that a kept `int` stands for. */
  readonly typeofs: ReadonlyMap<number, TypeofOperand>;
  /** Names in front of which an `int` stands that the header leaves out. */
  readonly implicit: ReadonlySet<number>;
  /** Kept `*` that stand for the `^` of a block. */
  readonly blocks: ReadonlySet<number>;
  /** The tokens that a kept `int` stands for, where they are several or other ones. */
  readonly folded: ReadonlyMap<number, readonly Token[]>;
  /** Kept tokens that stand for no name: unnamed bit-fields. */
  readonly placeholders: ReadonlySet<number>;
  /** Function definitions: the kept index of their first token. */
  readonly definitions: ReadonlySet<number>;
}

/** Collects kept tokens and their text. */
export class Writer {
  readonly #pieces: string[] = [];
  readonly #tokens: Token[] = [];
  readonly #starts: number[] = [];
  readonly #attributes = new Map<number, Attribute[]>();
  readonly #scalars = new Map<number, CType>();
  readonly #folded = new Map<number, readonly Token[]>();
  readonly #typeofs = new Map<number, TypeofOperand>();
  readonly #implicit = new Set<number>();
  readonly #blocks = new Set<number>();
  readonly #placeholders = new Set<number>();
  readonly #definitions = new Set<number>();
  readonly #enumDepths: number[] = [];
  #length = 0;
  /** How many braces are open. */
  depth = 0;
  /** How many parentheses are open. */
  parentheses = 0;

  get insideEnum(): boolean {
    return this.#enumDepths.at(-1) === this.depth;
  }

  startDeclaration(isDefinition: boolean): void {
    this.depth = 0;
    this.parentheses = 0;
    this.#enumDepths.length = 0;
    if (isDefinition) this.#definitions.add(this.#tokens.length);
  }

  keep(token: Token): void {
    if (token.text === '{') {
      this.depth++;
      if (this.#opensEnum()) this.#enumDepths.push(this.depth);
    } else if (token.text === '}') {
      if (this.insideEnum) this.#enumDepths.pop();
      this.depth--;
    } else if (token.text === '(') this.parentheses++;
    else if (token.text === ')') this.parentheses--;
    this.#push(token, token.text);
  }

  scalar(words: readonly Token[], type: CType): void {
    this.#scalars.set(this.#tokens.length, type);
    this.#folded.set(this.#tokens.length, words);
    this.#push(words[0]!, type.kind === 'void' ? 'void' : 'int');
  }

  typeOf(word: Token, operand: readonly Token[]): void {
    const at = this.#tokens.length;
    this.#typeofs.set(at, { tokens: operand, isUnqualified: word.text.includes('unqual') });
    this.#folded.set(at, [word]);
    this.#push(word, 'int');
  }

  /** The `int` that C before C99 takes where a declaration of this name has no type. */
  implicitInt(name: Token): void {
    this.#implicit.add(this.#tokens.length);
    this.#push(name, 'int');
  }

  /** The `^` of a block. */
  block(token: Token): void {
    this.#blocks.add(this.#tokens.length);
    this.keep(token);
  }

  /** A constant expression: the grammar sees a number, the evaluator what stands there. */
  expression(list: readonly Token[]): void {
    const [first] = list;
    if (!first) return;
    this.#folded.set(this.#tokens.length, list);
    this.#push(first, '0');
  }

  placeholder(token: Token): void {
    this.#placeholders.add(this.#tokens.length);
    this.#push(token, '_');
  }

  attributes(list: readonly Attribute[]): void {
    if (list.length === 0) return;
    const at = this.#tokens.length;
    const here = this.#attributes.get(at);
    if (here === undefined) this.#attributes.set(at, [...list]);
    else for (const attribute of list) here.push(attribute);
  }

  newLine(): void {
    this.#pieces.push('\n');
    this.#length++;
  }

  last(back: number): string {
    return this.#tokens[this.#tokens.length - 1 - back]?.text ?? '';
  }

  lastIsScalar(): boolean {
    const last = this.#tokens.length - 1;
    return this.#scalars.has(last) || this.#typeofs.has(last);
  }

  finish(): Normalised {
    return {
      text: this.#pieces.join(''),
      tokens: this.#tokens,
      starts: this.#starts,
      attributes: this.#attributes,
      scalars: this.#scalars,
      typeofs: this.#typeofs,
      implicit: this.#implicit,
      blocks: this.#blocks,
      folded: this.#folded,
      placeholders: this.#placeholders,
      definitions: this.#definitions,
    };
  }

  #opensEnum(): boolean {
    for (let back = 0; back < 5; back++) {
      const text = this.last(back);
      if (text === 'enum') return true;
      if (text === ';' || text === '{' || text === '}' || text === 'struct' || text === 'union') return false;
    }
    return false;
  }

  #push(token: Token, text: string): void {
    this.#tokens.push(token);
    this.#starts.push(this.#length);
    this.#pieces.push(text, ' ');
    this.#length += text.length + 1;
  }
}
