// In: tokens at which a type name may stand. Out: the type it names (C11 6.7.7), with abstract declarators of any depth,
// `typeof`, and GNU's attributes between. Array sizes and the operands of `typeof` are evaluated by whoever asks.

import type { CType, Parameter } from '../model/ctype.ts';
import { BEYOND } from './cursor.ts';
import { ARITHMETIC, arithmeticType, QUALIFIERS, startsType, TYPEOF } from './type-names.ts';

interface Word {
  readonly kind: string;
  readonly text: string;
}

export interface TypeSource {
  /** What a typedef's name stands for as a type. */
  typedef(name: string): CType | undefined;
  /** An array's size, as a number or the reason why it is none. */
  size(start: number, end: number): bigint | string;
  /** The type of the expression in `typeof (…)`, or the reason why it has none. */
  typeOf(start: number, end: number): CType | string;
}

/** Why there is a type name that cannot be read. */
export interface NoType {
  readonly kind: 'no-type';
  readonly reason: string;
}

type Wrap = (base: CType) => CType;

/** Reads the type name that is all of [start, end); undefined if something else stands there. */
export function readTypeName(
  tokens: readonly Word[],
  start: number,
  end: number,
  source: TypeSource,
): CType | NoType | undefined {
  const first = tokens[start];
  if (first?.kind !== 'identifier' || start >= end) return undefined;
  const known = startsType(first.text);
  if (!known && source.typedef(first.text) === undefined) return undefined;
  const reader = new TypeReader(tokens, start, end, source);
  try {
    const type = reader.typeName();
    if (reader.at === end) return type;
    return known ? { kind: 'no-type', reason: `'${spell(tokens, start, end)}' is not a type` } : undefined;
  } catch (error) {
    if (error instanceof Refused) return { kind: 'no-type', reason: error.reason };
    throw error;
  }
}

function spell(tokens: readonly Word[], start: number, end: number): string {
  return tokens
    .slice(start, end)
    .map((t) => t.text)
    .join(' ');
}

/** Thrown inside the reader only; no Error, whose stack would cost more than the reading. */
class Refused {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

const DEPTH_LIMIT = 200;

class TypeReader {
  at: number;
  readonly #tokens: readonly Word[];
  readonly #end: number;
  readonly #source: TypeSource;
  #depth = 0;

  constructor(tokens: readonly Word[], start: number, end: number, source: TypeSource) {
    this.#tokens = tokens;
    this.at = start;
    this.#end = end;
    this.#source = source;
  }

  typeName(): CType {
    if (++this.#depth > DEPTH_LIMIT) throw new Refused(`a type nested more than ${DEPTH_LIMIT} deep`);
    const base = this.#specifiers();
    const type = this.#declarator()(base);
    this.#depth--;
    return type;
  }

  #peek(ahead = 0): string {
    return this.at + ahead < this.#end ? this.#tokens[this.at + ahead]!.text : '';
  }

  #accept(text: string): boolean {
    if (this.#peek() !== text) return false;
    this.at++;
    return true;
  }

  /** Passes over a parenthesised or bracketed group; where its inside starts and ends. */
  #group(): { start: number; end: number } {
    const start = this.at + 1;
    let depth = 0;
    for (; this.at < this.#end; this.at++) {
      const text = this.#peek();
      if (text === '(' || text === '[' || text === '{') depth++;
      else if ((text === ')' || text === ']' || text === '}') && --depth === 0) return { start, end: this.at++ };
    }
    throw new Refused('a bracket that is never closed');
  }

  #specifiers(): CType {
    const words: string[] = [];
    const qualifiers: { const?: true; volatile?: true } = {};
    let type: CType | undefined;
    for (; this.at < this.#end && this.#tokens[this.at]!.kind === 'identifier'; ) {
      const text = this.#peek();
      if (this.#qualifier(qualifiers)) continue;
      if (ARITHMETIC.has(text)) {
        words.push(text);
        this.at++;
      } else if (type !== undefined || words.length > 0) break;
      else type = this.#otherSpecifier(text);
    }
    if (type === undefined && words.length === 0) throw new Refused(`a type is missing before '${this.#peek()}'`);
    return { ...(type ?? arithmeticType(words)), ...qualifiers };
  }

  #otherSpecifier(text: string): CType {
    this.at++;
    if (text === 'struct' || text === 'union' || text === 'enum') {
      this.#qualifier({});
      const tag = this.#peek();
      this.at++;
      if (tag === '{' || this.#peek() === '{') throw new Refused(`${BEYOND}a ${text} defined inside an expression`);
      return text === 'enum' ? { kind: 'enum', key: `enum ${tag}` } : { kind: 'record', key: `${text} ${tag}` };
    }
    if (TYPEOF.has(text)) return this.#typeof(text.includes('unqual'));
    if (text === '_BitInt') {
      const { start, end } = this.#group();
      return { kind: 'unsupported', reason: `the type _BitInt(${spell(this.#tokens, start, end)})` };
    }
    if (/^__builtin_(ms_|sysv_)?va_list$/.test(text)) return { kind: 'va_list' };
    const type = this.#source.typedef(text);
    if (type === undefined) throw new Refused(`the type ${text} is not declared`);
    return type;
  }

  #typeof(isUnqualified: boolean): CType {
    if (this.#peek() !== '(') throw new Refused("typeof without '('");
    const { start, end } = this.#group();
    const named = readTypeName(this.#tokens, start, end, this.#source);
    if (named?.kind === 'no-type') throw new Refused(named.reason);
    const type = named ?? this.#source.typeOf(start, end);
    if (typeof type === 'string') throw new Refused(type);
    if (!isUnqualified) return type;
    const { const: _, volatile: __, ...plain } = type;
    return plain as CType;
  }

  /** Takes a qualifier, or an attribute, which changes nothing that an expression could ask. */
  #qualifier(found: { const?: true; volatile?: true }): boolean {
    const text = this.#peek();
    if (/^__attribute(__)?$/.test(text) && this.#peek(1) === '(') {
      this.at++;
      const { start, end } = this.#group();
      if (/vector_size|\bmode\b|__mode__/.test(spell(this.#tokens, start, end)))
        throw new Refused(`${BEYOND}a type with such an attribute`);
      return true;
    }
    if (!QUALIFIERS.has(text)) return false;
    if (text === '_Atomic') throw new Refused(`${BEYOND}the qualifier _Atomic`);
    if (/const/.test(text)) found.const = true;
    else if (/volatile/.test(text)) found.volatile = true;
    this.at++;
    return true;
  }

  /** Reads a declarator from the outside in and returns what it makes of the type in front of it. */
  #declarator(): Wrap {
    if (this.#accept('^')) throw new Refused('a block');
    if (this.#accept('*')) {
      const qualifiers: { const?: true; volatile?: true } = {};
      while (this.#qualifier(qualifiers));
      const inner = this.#declarator();
      return (base) => inner({ kind: 'pointer', to: base, ...qualifiers });
    }
    let inner: Wrap = (base) => base;
    if (this.#peek() === '(' && this.#opensDeclarator()) {
      this.at++;
      inner = this.#declarator();
      if (!this.#accept(')')) throw new Refused(`expected ')' before '${this.#peek()}'`);
    } else if (this.#isName()) this.at++;
    const suffixes: Wrap[] = [];
    while (this.#peek() === '[' || this.#peek() === '(')
      suffixes.push(this.#peek() === '[' ? this.#array() : this.#function());
    return (base) => inner(suffixes.reduceRight((type, wrap) => wrap(type), base));
  }

  /** Whether the `(` here groups a declarator, and is no parameter list. */
  #opensDeclarator(): boolean {
    const next = this.#tokens[this.at + 1];
    if (!next || next.text === ')') return false;
    if (next.kind !== 'identifier')
      return next.text === '*' || next.text === '(' || next.text === '[' || next.text === '^';
    return !startsType(next.text) && this.#source.typedef(next.text) === undefined;
  }

  /** A parameter inside a type name may have a name. */
  #isName(): boolean {
    return this.at < this.#end && this.#tokens[this.at]!.kind === 'identifier';
  }

  #array(): Wrap {
    const { start, end } = this.#group();
    if (start === end) return (of) => ({ kind: 'array', of });
    const size = this.#source.size(start, end);
    if (typeof size === 'string') throw new Refused(`the size of an array is not a constant: ${size}`);
    return (of) => ({ kind: 'array', of, length: Number(size) });
  }

  #function(): Wrap {
    this.at++;
    const parameters: Parameter[] = [];
    let variadic = false;
    const isEmpty = this.#accept(')');
    if (!isEmpty) {
      do {
        if (this.#accept('...')) variadic = true;
        else parameters.push({ type: adjusted(this.typeName()) });
      } while (this.#accept(','));
      if (!this.#accept(')')) throw new Refused(`expected ')' before '${this.#peek()}'`);
    }
    const isVoid = parameters.length === 1 && parameters[0]!.type.kind === 'void';
    return (result) => ({
      kind: 'function',
      result,
      parameters: isVoid ? [] : parameters,
      ...(variadic ? { variadic } : {}),
      ...(isEmpty ? { unprototyped: true } : {}),
    });
  }
}

/** Arrays and functions among parameters are pointers (C11 6.7.6.3p7). */
function adjusted(type: CType): CType {
  if (type.kind === 'array') return { kind: 'pointer', to: type.of };
  return type.kind === 'function' ? { kind: 'pointer', to: type } : type;
}
