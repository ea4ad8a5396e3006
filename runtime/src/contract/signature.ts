// Signature text in, a small tree out. No koffi here: the text is the contract's (see descriptor.ts for its grammar).
// A recursive-descent parser, one function per rule of that grammar.

/** How many elements C touches behind a pointer: what parameter number `parameter` says (its value, or what it points to), or always
 *  `count`. */
export type Extent =
  | { readonly parameter: number; readonly unit: 'elements' | 'bytes' }
  | { readonly count: number; readonly unit: 'elements' };

/** Whether C reads what a pointer points to, writes it, or both. */
export type Direction = 'in' | 'out' | 'inout';

/** A type of the contract. `to`, a pointer with a direction, occurs as a parameter only; `array` in record members only,
 *  `flexible` where its length is another one for each record. A `pointer`
 *  is one to a named record, a `handle` one of a name of its own. */
export type TypeNode =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'handle' | 'pointer'; readonly name: string }
  | { readonly kind: 'to'; readonly direction: Direction; readonly to: TypeNode; readonly extent?: Extent }
  | { readonly kind: 'function'; readonly text: string; readonly signature: SignatureNode }
  | { readonly kind: 'record'; readonly name: string }
  | { readonly kind: 'array'; readonly of: TypeNode; readonly length: number; readonly flexible?: true };

/** A function's type. */
export interface SignatureNode {
  readonly result: TypeNode;
  readonly parameters: readonly TypeNode[];
  readonly variadic: boolean;
}

/** `i32(@rbd_image_t,in:char[2],...)` -> its tree. Throws a SyntaxError that points into the text. */
export function parseSignature(text: string): SignatureNode {
  const reader = new Reader(text);
  const signature = reader.signature();
  reader.end();
  return signature;
}

/** `out:i64` or `fn<i32(ptr)>`, a parameter by itself, -> its tree. */
export function parseParameter(text: string): TypeNode {
  const reader = new Reader(text);
  const type = reader.parameter();
  reader.end();
  return type;
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
      else parameters.push(this.parameter());
      if (variadic) {
        this.#expect(')');
        break;
      }
    }
    return { result, parameters, variadic };
  }

  fieldType(): TypeNode {
    let type = this.#type();
    const lengths: string[] = [];
    while (this.#take('[')) {
      lengths.push(this.#match(/\d*/y));
      this.#expect(']');
    }
    for (const length of lengths.reverse()) {
      type = { kind: 'array', of: type, length: Number(length), ...(length === '' ? { flexible: true } : {}) };
    }
    return type;
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) this.#fail('the end');
  }

  parameter(): TypeNode {
    for (const direction of ['inout', 'in', 'out'] as const) {
      if (!this.#take(`${direction}:`)) continue;
      const to = this.#type();
      const extent = this.#take('[') ? this.#extent() : undefined;
      return extent ? { kind: 'to', direction, to, extent } : { kind: 'to', direction, to };
    }
    return this.#type();
  }

  #extent(): Extent {
    const isFixed = this.#take('=');
    const number = Number(this.#match(/\d+/y) || this.#fail('a number'));
    const unit = !isFixed && this.#take('b') ? 'bytes' : 'elements';
    this.#expect(']');
    return isFixed ? { count: number, unit: 'elements' } : { parameter: number, unit };
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
    if (this.#take('@')) return { kind: 'handle', name: this.#name() };
    if (this.#take('*')) return { kind: 'pointer', name: this.#name() };
    return { kind: 'scalar', name: this.#match(/[a-z]\w*/y) || this.#fail('a type') };
  }

  #name(): string {
    return this.#match(/[\p{ID_Start}_$][\p{ID_Continue}$]*/uy) || this.#fail('a name');
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
