// In: tokens of the chosen external declarations. Out: text that tree-sitter's C grammar knows, a map from that text back
// to the tokens, and beside it everything that was taken out: attributes, asm labels, the exact arithmetic types.
//
// What the grammar trips over is rewritten here and nowhere else:
//   attributes, asm labels, `_Alignas`     -> recorded in front of the token they preceded
//   `unsigned long int` and the like       -> one `int`, its real type recorded
//   unnamed bit-fields `int : 3`           -> a placeholder name
//   array sizes, widths, enumerators' values -> one number, the expression recorded; initialisers -> nothing
//   bodies of inline functions             -> `;`
//   `__extension__`, `restrict`, nullability and the like -> nothing

import type { CType, FloatingName, IntegerName } from '../model/ctype.ts';
import type { Token } from '../token.ts';
import { type ExternalDeclaration, skipGroup } from './split.ts';

/** An attribute, an asm label (`asm`), or an alignment specifier (`aligned`). Names without their underscores. */
export interface Attribute {
  readonly name: string;
  readonly arguments: readonly Token[];
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
  /** The tokens that a kept `int` stands for, where they are several or other ones. */
  readonly folded: ReadonlyMap<number, readonly Token[]>;
  /** Kept tokens that stand for no name: unnamed bit-fields. */
  readonly placeholders: ReadonlySet<number>;
  /** Function definitions: the kept index of their first token. */
  readonly definitions: ReadonlySet<number>;
}

const ATTRIBUTE_WORDS: ReadonlySet<string> = new Set(['__attribute__', '__attribute', '__declspec']);
const ASM_WORDS: ReadonlySet<string> = new Set(['__asm__', '__asm', 'asm']);
const ALIGN_WORDS: ReadonlySet<string> = new Set(['_Alignas', 'alignas']);
const DROPPED: ReadonlySet<string> = new Set([
  '__extension__',
  'restrict',
  '__restrict',
  '__restrict__',
  '_Noreturn',
  'noreturn',
  '_Nonnull',
  '_Nullable',
  '_Null_unspecified',
  ...['__cdecl', '__stdcall', '__fastcall', '__ptr32', '__ptr64', '__unaligned', '__w64'],
]);
const SPELLED: ReadonlyMap<string, string> = new Map([
  ['__const', 'const'],
  ['__const__', 'const'],
  ['__volatile', 'volatile'],
  ['__volatile__', 'volatile'],
  ['__inline', 'inline'],
  ['__inline__', 'inline'],
  ['__forceinline', 'inline'],
  ['_Thread_local', 'static'],
  ['__thread', 'static'],
]);
const ARITHMETIC: ReadonlySet<string> = new Set([
  ...['void', 'char', 'short', 'int', 'long', 'float', 'double', 'signed', 'unsigned', '__signed', '__signed__'],
  ...[
    '__int8',
    '__int16',
    '__int32',
    '__int64',
    '_Bool',
    '_Complex',
    '__complex__',
    '__complex',
    '__int128',
    '__int128_t',
    '__uint128_t',
  ],
  ...['_Float16', '_Float32', '_Float64', '_Float32x', '_Float64x', '_Float128', '__float128'],
]);

export function normalise(tokens: readonly Token[], declarations: readonly ExternalDeclaration[]): Normalised {
  const writer = new Writer();
  for (const { start, end, bodyStart } of declarations) {
    const first = tokens[start]!;
    if (first.text === '_Static_assert' || first.text === 'static_assert') continue;
    if (ASM_WORDS.has(first.text)) continue;
    writer.startDeclaration(bodyStart !== undefined);
    copy(tokens, start, bodyStart ?? end, writer);
    if (bodyStart !== undefined) writer.keep({ ...tokens[bodyStart]!, kind: 'punctuator', text: ';' });
    writer.newLine();
  }
  return writer.finish();
}

function copy(tokens: readonly Token[], start: number, end: number, writer: Writer): void {
  for (let i = start; i < end; ) {
    const token = tokens[i]!;
    const text = token.text;
    if (token.kind === 'identifier') {
      if (tokens[i + 1]?.text === '(') {
        if (ATTRIBUTE_WORDS.has(text)) {
          const after = skipGroup(tokens, i + 1, end);
          writer.attributes(readAttributes(tokens, i + 2, after - 1));
          i = after;
          continue;
        }
        if (ASM_WORDS.has(text) || ALIGN_WORDS.has(text)) {
          const after = skipGroup(tokens, i + 1, end);
          const name = ASM_WORDS.has(text) ? 'asm' : 'aligned';
          writer.attributes([{ name, arguments: tokens.slice(i + 2, after - 1) }]);
          i = after;
          continue;
        }
        if (text === '_Static_assert' || text === 'static_assert') {
          i = skipGroup(tokens, i + 1, end);
          if (tokens[i]?.text === ';') i++;
          continue;
        }
      }
      if (text === '_Atomic' && tokens[i + 1]?.text === '(') {
        const after = skipGroup(tokens, i + 1, end);
        writer.keep(token);
        copy(tokens, i + 2, after - 1, writer);
        i = after;
        continue;
      }
      if (DROPPED.has(text)) {
        i++;
        continue;
      }
      if (ARITHMETIC.has(text)) {
        i = copyArithmetic(tokens, i, end, writer);
        continue;
      }
    } else if (text === '[' && tokens[i + 1]?.text === '[') {
      const after = skipGroup(tokens, i, end);
      writer.attributes(readAttributes(tokens, i + 2, after - 2));
      i = after;
      continue;
    } else if (text === '[') {
      const after = skipGroup(tokens, i, end);
      writer.keep(token);
      writer.expression(tokens.slice(i + 1, after - 1));
      if (after > i + 1 && tokens[after - 1]!.text === ']') writer.keep(tokens[after - 1]!);
      i = after;
      continue;
    } else if (text === '=') {
      const after = skipExpression(tokens, i + 1, end);
      // Initialisers of variables say nothing about the interface.
      if (writer.insideEnum) {
        writer.keep(token);
        writer.expression(tokens.slice(i + 1, after));
      }
      i = after;
      continue;
    } else if (text === ':' && isBitField(writer, tokens[i + 1])) {
      if (isUnnamedBitField(writer)) writer.placeholder(token);
      const after = skipExpression(tokens, i + 1, end);
      writer.keep(token);
      writer.expression(tokens.slice(i + 1, after));
      i = after;
      continue;
    }
    if (text === ';' && writer.depth > 0 && (writer.last(0) === ';' || writer.last(0) === '{')) {
      i++; // GCC lets a stray semicolon stand among members.
      continue;
    }
    const spelled = SPELLED.get(text);
    writer.keep(spelled === undefined ? token : { ...token, text: spelled });
    i++;
  }
}

/** The index of the `,`, `;`, `}` or attribute that ends the expression at `start`. */
function skipExpression(tokens: readonly Token[], start: number, end: number): number {
  let i = start;
  while (i < end) {
    const { text } = tokens[i]!;
    if (text === ',' || text === ';' || text === '}' || ATTRIBUTE_WORDS.has(text)) break;
    i = text === '(' || text === '[' || text === '{' ? skipGroup(tokens, i, end) : i + 1;
  }
  return i;
}

/** Reads `packed, aligned(8), __format__(printf, 1, 2)`; one more pair of parentheses around it, as GCC has, is opened. */
function readAttributes(tokens: readonly Token[], start: number, end: number): Attribute[] {
  const list: Attribute[] = [];
  for (let i = start; i < end; ) {
    const token = tokens[i]!;
    if (token.text === '(') {
      const after = skipGroup(tokens, i, end);
      list.push(...readAttributes(tokens, i + 1, after - 1));
      i = after;
    } else if (token.kind === 'identifier') {
      let name = token.text;
      i++;
      if (tokens[i]?.text === '::' || (tokens[i]?.text === ':' && tokens[i + 1]?.text === ':')) {
        i += tokens[i]!.text === '::' ? 1 : 2;
        name = tokens[i++]?.text ?? name;
      }
      let args: readonly Token[] = [];
      if (i < end && tokens[i]!.text === '(') {
        const after = skipGroup(tokens, i, end);
        args = tokens.slice(i + 1, after - 1);
        i = after;
      }
      list.push({ name: name.replace(/^__(.*)__$/, '$1'), arguments: args });
    } else i++;
  }
  return list;
}

/** Folds a run of arithmetic keywords, in any order and with qualifiers between them, into one `int`. */
function copyArithmetic(tokens: readonly Token[], start: number, end: number, writer: Writer): number {
  const words: string[] = [];
  const qualifiers: Token[] = [];
  let i = start;
  let after = start;
  for (; i < end; i++) {
    const text = tokens[i]!.text;
    if (ARITHMETIC.has(text)) {
      words.push(text);
      after = i + 1;
    } else if (text === 'const' || text === 'volatile' || text === '__const') qualifiers.push(tokens[i]!);
    else if (!DROPPED.has(text)) break;
  }
  const inside = qualifiers.filter((q) => tokens.indexOf(q, start) < after);
  for (const q of inside) writer.keep({ ...q, text: q.text === '__const' ? 'const' : q.text });
  writer.scalar(tokens.slice(start, after), arithmeticType(words));
  return after;
}

/** The type that a multiset of arithmetic specifiers names (C11 6.7.2p2). */
export function arithmeticType(words: readonly string[]): CType {
  const count = (...spellings: string[]): number => words.filter((w) => spellings.includes(w)).length;
  if (count('void')) return { kind: 'void' };
  const longs = count('long');
  const floating = floatingName(words, longs);
  if (floating) {
    return count('_Complex', '__complex__', '__complex')
      ? { kind: 'complex', name: floating }
      : { kind: 'floating', name: floating };
  }
  const unsigned = count('unsigned', '__uint128_t') > 0;
  const integer = (signedName: IntegerName, unsignedName: IntegerName): CType => ({
    kind: 'integer',
    name: unsigned ? unsignedName : signedName,
  });
  if (count('_Bool')) return { kind: 'integer', name: 'bool' };
  if (count('__int128', '__int128_t', '__uint128_t')) return integer('int128', 'uint128');
  if (count('char', '__int8')) {
    return count('signed', '__signed', '__signed__') ? { kind: 'integer', name: 'schar' } : integer('char', 'uchar');
  }
  if (count('short', '__int16')) return integer('short', 'ushort');
  if (longs >= 2 || count('__int64')) return integer('llong', 'ullong');
  if (longs === 1) return integer('long', 'ulong');
  return integer('int', 'uint');
}

function floatingName(words: readonly string[], longs: number): FloatingName | undefined {
  if (words.includes('double')) return longs ? 'ldouble' : 'double';
  for (const word of words) {
    if (word === 'float' || word === '_Float32') return 'float';
    if (word === '_Float64' || word === '_Float32x') return 'double';
    if (word === '_Float64x') return 'ldouble';
    if (word === '_Float16') return 'float16';
    if (word === '_Float128' || word === '__float128') return 'float128';
  }
  return words.some((w) => /complex/i.test(w)) ? 'double' : undefined;
}

/** Whether the `:` that comes next is that of a bit-field, and not that of `enum name : type`. */
function isBitField(writer: Writer, next: Token | undefined): boolean {
  if (writer.depth === 0 || writer.insideEnum || writer.last(0) === 'enum') return false;
  return writer.last(1) !== 'enum' || next?.kind === 'number';
}

/** Whether the `:` that comes next is that of a bit-field without a name, seen from the tokens kept so far. */
function isUnnamedBitField(writer: Writer): boolean {
  const last = writer.last(0);
  if (writer.lastIsScalar() || last === ',') return !writer.insideEnum && writer.depth > 0;
  const before = writer.last(1);
  return (
    writer.depth > 0 &&
    !writer.insideEnum &&
    /^\w/.test(last) &&
    (before === ';' || before === '{' || before === 'const' || before === 'enum')
  );
}

/** Collects kept tokens and their text. */
class Writer {
  readonly #pieces: string[] = [];
  readonly #tokens: Token[] = [];
  readonly #starts: number[] = [];
  readonly #attributes = new Map<number, Attribute[]>();
  readonly #scalars = new Map<number, CType>();
  readonly #folded = new Map<number, readonly Token[]>();
  readonly #placeholders = new Set<number>();
  readonly #definitions = new Set<number>();
  readonly #enumDepths: number[] = [];
  #length = 0;
  /** How many braces are open. */
  depth = 0;

  get insideEnum(): boolean {
    return this.#enumDepths.at(-1) === this.depth;
  }

  startDeclaration(isDefinition: boolean): void {
    this.depth = 0;
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
    }
    this.#push(token, token.text);
  }

  scalar(words: readonly Token[], type: CType): void {
    this.#scalars.set(this.#tokens.length, type);
    this.#folded.set(this.#tokens.length, words);
    this.#push(words[0]!, type.kind === 'void' ? 'void' : 'int');
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
    this.#attributes.set(at, [...(this.#attributes.get(at) ?? []), ...list]);
  }

  newLine(): void {
    this.#pieces.push('\n');
    this.#length++;
  }

  last(back: number): string {
    return this.#tokens[this.#tokens.length - 1 - back]?.text ?? '';
  }

  lastIsScalar(): boolean {
    return this.#scalars.has(this.#tokens.length - 1);
  }

  finish(): Normalised {
    return {
      text: this.#pieces.join(''),
      tokens: this.#tokens,
      starts: this.#starts,
      attributes: this.#attributes,
      scalars: this.#scalars,
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
