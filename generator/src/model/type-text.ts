// CType <-> one line of text, for snapshots: reads left to right, needs no precedence, keeps every fact.
//
//   type = 'const ' type | 'volatile ' type | 'restrict ' type | 'noreturn ' type | 'local ' type | '*' type | '[' [digits] ']' type
//        | 'fn(' [parameter {', ' parameter}] ') ' type       parameter = [name ': '] type | '...' | '?' (not declared)
//        | '@' typedef-name | '<' record-key '>' | '{' enum-key '}' | '!' '"' reason '"'
//        | 'complex ' floating | 'va_list' | 'void' | the name of an arithmetic type

import { type CType, type FloatingName, type IntegerName, type Parameter, unreachable } from './ctype.ts';

const INTEGERS: readonly IntegerName[] = [
  ...(['bool', 'char', 'schar', 'uchar', 'short', 'ushort', 'int', 'uint'] as const),
  ...(['long', 'ulong', 'llong', 'ullong', 'int128', 'uint128'] as const),
];
const FLOATS: readonly FloatingName[] = [
  'float',
  'double',
  'ldouble',
  'float16',
  'float128',
  'float32',
  'float64',
  'float32x',
  'float64x',
];

export function typeToText(type: CType): string {
  let text = (type.const ? 'const ' : '') + (type.volatile ? 'volatile ' : '') + (type.restrict ? 'restrict ' : '');
  if (type.kind === 'function' && type.noreturn) text += 'noreturn ';
  if (type.kind === 'record' && type.local) text += 'local ';
  return text + plainText(type);
}

function plainText(type: CType): string {
  switch (type.kind) {
    case 'void':
    case 'va_list':
      return type.kind;
    case 'integer':
    case 'floating':
      return type.name;
    case 'complex':
      return `complex ${type.name}`;
    case 'pointer':
      return `*${typeToText(type.to)}`;
    case 'array':
      return `[${type.length ?? ''}]${typeToText(type.of)}`;
    case 'function': {
      const list = type.parameters.map((p) => (p.name ? `${p.name}: ` : '') + typeToText(p.type));
      if (type.variadic) list.push('...');
      if (type.unprototyped) list.push('?');
      return `fn(${list.join(', ')}) ${typeToText(type.result)}`;
    }
    case 'record':
      return `<${type.key}>`;
    case 'enum':
      return `{${type.key}}`;
    case 'typedef':
      return `@${type.name}`;
    case 'unsupported':
      return `!${JSON.stringify(type.reason)}`;
    default:
      return unreachable(type);
  }
}

/** The inverse of typeToText. Throws a SyntaxError that shows the place. */
export function typeFromText(text: string): CType {
  const reader = new Reader(text);
  const type = reader.type();
  reader.end();
  return type;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  type(): CType {
    if (this.#take('const ')) return { ...this.type(), const: true };
    if (this.#take('restrict ')) return { ...this.type(), restrict: true };
    if (this.#take('noreturn ')) return { ...this.type(), noreturn: true } as CType;
    if (this.#take('local ')) return { ...this.type(), local: true } as CType;
    if (this.#take('volatile ')) return { ...this.type(), volatile: true };
    if (this.#take('*')) return { kind: 'pointer', to: this.type() };
    if (this.#take('[')) return this.#array();
    if (this.#take('fn(')) return this.#function();
    if (this.#take('@')) return { kind: 'typedef', name: this.#match(/[\w$\u0080-\uffff]+/y) };
    if (this.#take('<')) return { kind: 'record', key: this.#until('>') };
    if (this.#take('{')) return { kind: 'enum', key: this.#until('}') };
    if (this.#take('!'))
      return { kind: 'unsupported', reason: JSON.parse(this.#match(/"(?:[^"\\]|\\.)*"/y)) as string };
    if (this.#take('complex ')) return { kind: 'complex', name: this.#arithmetic(FLOATS) };
    const word = this.#match(/\w+/y);
    if (word === 'va_list' || word === 'void') return { kind: word };
    const floating = FLOATS.find((name) => name === word);
    if (floating) return { kind: 'floating', name: floating };
    const name = INTEGERS.find((known) => known === word);
    return name ? { kind: 'integer', name } : this.#fail('a type');
  }

  end(): void {
    if (this.#at !== this.#text.length) this.#fail('the end');
  }

  #array(): CType {
    const digits = this.#until(']');
    const of = this.type();
    return digits === '' ? { kind: 'array', of } : { kind: 'array', of, length: Number(digits) };
  }

  #function(): CType {
    const parameters: Parameter[] = [];
    const flags: { variadic?: true; unprototyped?: true } = {};
    while (!this.#take(') ')) {
      if (this.#take('...')) flags.variadic = true;
      else if (this.#take('?')) flags.unprototyped = true;
      else {
        const name = this.#tryMatch(/([\w$\u0080-\uffff]+): /y);
        const type = this.type();
        parameters.push(name === undefined ? { type } : { name, type });
      }
      this.#take(', ');
    }
    return { kind: 'function', result: this.type(), parameters, ...flags };
  }

  #take(prefix: string): boolean {
    if (!this.#text.startsWith(prefix, this.#at)) return false;
    this.#at += prefix.length;
    return true;
  }

  #arithmetic<T extends string>(names: readonly T[]): T {
    const word = this.#match(/\w+/y);
    return names.find((name) => name === word) ?? this.#fail('a type');
  }

  #until(close: string): string {
    const end = this.#text.indexOf(close, this.#at);
    if (end < 0) this.#fail(`\`${close}\``);
    const inside = this.#text.slice(this.#at, end);
    this.#at = end + close.length;
    return inside;
  }

  #match(pattern: RegExp): string {
    return this.#tryMatch(pattern) ?? this.#fail('a name');
  }

  #tryMatch(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) return undefined;
    this.#at += match[0].length;
    return match[1] ?? match[0];
  }

  #fail(expected: string): never {
    throw new SyntaxError(`expected ${expected} at column ${this.#at + 1} of the type \`${this.#text}\``);
  }
}
