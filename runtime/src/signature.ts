// Signature text in, a small tree out. No koffi here: the text is the contract's (see descriptor.ts for its grammar).
// A recursive-descent parser, one function per rule of that grammar.

/** A type of the contract. `array` occurs in record members only. */
export type TypeNode =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'in' | 'inout'; readonly to: TypeNode }
  | { readonly kind: 'function'; readonly text: string; readonly signature: SignatureNode }
  | { readonly kind: 'record'; readonly name: string }
  | { readonly kind: 'array'; readonly of: TypeNode; readonly length: number };

/** A function's type. */
export interface SignatureNode {
  readonly result: TypeNode;
  readonly parameters: readonly TypeNode[];
  readonly variadic: boolean;
}

/** `i32(ptr,in:u8,...)` -> its tree. Throws a SyntaxError that points into the text. */
export function parseSignature(text: string): SignatureNode {
  const reader = new Reader(text);
  const signature = reader.signature();
  reader.end();
  return signature;
}

/** The type of a record's member, `u8[2][3]` or `{timeval}` or `char[16]`, -> its tree. */
export function parseFieldType(text: string): TypeNode {
  const reader = new Reader(text);
  const type = reader.fieldType();
  reader.end();
  return type;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  signature(): SignatureNode {
    const result = this.#type();
    const parameters: TypeNode[] = [];
    let variadic = false;
    this.#expect('(');
    while (!this.#take(')')) {
      if (variadic || parameters.length > 0) this.#expect(',');
      if (variadic) this.#fail("')' after '...'");
      if (this.#take('...')) variadic = true;
      else parameters.push(this.#parameter());
      if (variadic) {
        this.#expect(')');
        break;
      }
    }
    return { result, parameters, variadic };
  }

  fieldType(): TypeNode {
    let type = this.#type();
    const lengths: number[] = [];
    while (this.#take('[')) {
      lengths.push(Number(this.#match(/\d*/y)));
      this.#expect(']');
    }
    for (const length of lengths.reverse()) type = { kind: 'array', of: type, length };
    return type;
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) this.#fail('the end');
  }

  #parameter(): TypeNode {
    if (this.#take('in:')) return { kind: 'in', to: this.#type() };
    if (this.#take('inout:')) return { kind: 'inout', to: this.#type() };
    return this.#type();
  }

  #type(): TypeNode {
    this.#space();
    const start = this.#at;
    if (this.#take('fn<')) {
      const signature = this.signature();
      this.#expect('>');
      return { kind: 'function', text: this.#text.slice(start, this.#at), signature };
    }
    if (this.#take('{')) {
      const name = this.#match(/[^}]+/y) || this.#fail('a name');
      this.#expect('}');
      return { kind: 'record', name };
    }
    return { kind: 'scalar', name: this.#match(/[a-z]\w*/y) || this.#fail('a type') };
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #take(word: string): boolean {
    this.#space();
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #expect(word: string): void {
    if (!this.#take(word)) this.#fail(`'${word}'`);
  }

  #space(): void {
    while (this.#text[this.#at] === ' ') this.#at++;
  }

  #fail(wanted: string): never {
    throw new SyntaxError(`${wanted} expected at column ${this.#at + 1} of the signature '${this.#text}'`);
  }
}
