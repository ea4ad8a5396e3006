// In: tokens of the chosen external declarations. Out: text that tree-sitter's C grammar knows, a map from that text back
// to the tokens, and beside it everything that was taken out: attributes, asm labels, the exact arithmetic types.
//
// What the grammar trips over is rewritten here and nowhere else:
//   attributes, asm labels, `_Alignas`     -> recorded in front of the token they preceded
//   `unsigned long int` and the like       -> one `int`, its real type recorded
//   unnamed bit-fields `int : 3`           -> a placeholder name
//   `type (name)`, as a declarator         -> `type name`
//   array sizes, widths, enumerators' values -> one number, the expression recorded; initialisers -> nothing
//   bodies of inline functions             -> `;`
//   `typeof (…)`, `_Atomic (…)`, `_BitInt(…)` -> one `int`, the operand recorded
//   K&R definitions `f(a, b) int a; …`      -> `f()`
//   blocks `(^name)`                       -> pointers, recorded
//   `__extension__`, nullability and the like -> nothing

import { ARITHMETIC, arithmeticType, startsType, TYPEOF } from '../expression/type-names.ts';
import type { CType } from '../model/ctype.ts';
import type { Token } from '../token.ts';
import { readAttributes } from './attribute-list.ts';
import { type Normalised, Writer } from './normalised.ts';
import { type ExternalDeclaration, skipGroup } from './split.ts';

const ATTRIBUTE_WORDS: ReadonlySet<string> = new Set(['__attribute__', '__attribute', '__declspec']);
const ASM_WORDS: ReadonlySet<string> = new Set(['__asm__', '__asm', 'asm']);
const ALIGN_WORDS: ReadonlySet<string> = new Set(['_Alignas', 'alignas']);
const DROPPED: ReadonlySet<string> = new Set([
  '__extension__',
  '_Noreturn',
  'noreturn',
  '_Nonnull',
  '_Nullable',
  '_Null_unspecified',
  ...['__ptr32', '__ptr64', '__unaligned', '__w64'],
]);
/** Microsoft's keywords for calling conventions. */
const CONVENTION = /^__?(cdecl|stdcall|fastcall|thiscall|vectorcall|regcall|pascal)$/;
const SPELLED: ReadonlyMap<string, string> = new Map([
  ['__const', 'const'],
  ['__const__', 'const'],
  ['__volatile', 'volatile'],
  ['__volatile__', 'volatile'],
  ['__restrict', 'restrict'],
  ['__restrict__', 'restrict'],
  ['__inline', 'inline'],
  ['__inline__', 'inline'],
  ['__forceinline', 'inline'],
  ['_Thread_local', 'static'],
  ['__thread', 'static'],
]);
export function normalise(tokens: readonly Token[], declarations: readonly ExternalDeclaration[]): Normalised {
  const writer = new Writer();
  for (const { start, end, bodyStart, oldStyle } of declarations) {
    const first = tokens[start]!;
    if (first.text === '_Static_assert' || first.text === 'static_assert') continue;
    if (ASM_WORDS.has(first.text)) continue;
    writer.startDeclaration(bodyStart !== undefined);
    const untyped = untypedName(tokens, start, end, bodyStart !== undefined);
    if (untyped !== undefined) {
      copy(tokens, start, untyped, writer);
      writer.implicitInt(tokens[untyped]!);
    }
    copy(tokens, untyped ?? start, oldStyle?.open ?? bodyStart ?? end, writer);
    if (oldStyle) for (const at of [oldStyle.open, oldStyle.close]) writer.keep(tokens[at]!);
    if (bodyStart !== undefined) writer.keep({ ...tokens[bodyStart]!, kind: 'punctuator', text: ';' });
    writer.newLine();
  }
  return writer.finish();
}

/** Words in front of a type, which say nothing of it. */
const BEFORE_TYPES =
  /^(extern|static|register|inline|__inline|__inline__|const|volatile|__const|__extension__|_Noreturn)$/;

/** Where a declaration's name is, if it has no type: `extern count;`, `handler(void);`, `main() { … }` (C90 6.5.2). */
function untypedName(tokens: readonly Token[], start: number, end: number, isDefinition: boolean): number | undefined {
  let at = start;
  while (at < end && BEFORE_TYPES.test(tokens[at]!.text)) at++;
  const name = tokens[at];
  const next = tokens[at + 1];
  if (name?.kind !== 'identifier' || !next || at + 1 >= end || startsType(name.text) || name.text === 'typedef')
    return undefined;
  if (next.text !== '(') return at > start && /^[;,=[]$/.test(next.text) ? at : undefined;
  if (ATTRIBUTE_WORDS.has(name.text) || ASM_WORDS.has(name.text) || /assert/i.test(name.text)) return undefined;
  const inside = tokens[at + 2]!;
  const after = tokens[skipGroup(tokens, at + 1, end)];
  // `type (*name)(…)` and `type (name)` have a type.
  if (after?.text === '(' || inside.text === '*') return undefined;
  return isDefinition || inside.text === ')' || startsType(inside.text) ? at : undefined;
}

function copy(tokens: readonly Token[], start: number, end: number, writer: Writer): void {
  for (let i = start; i < end; ) {
    const token = tokens[i]!;
    const after =
      token.kind === 'identifier' ? copyWord(tokens, i, end, writer) : copyPunctuator(tokens, i, end, writer);
    if (after !== undefined) {
      i = after;
      continue;
    }
    const spelled = SPELLED.get(token.text);
    writer.keep(spelled === undefined ? token : { ...token, text: spelled });
    i++;
  }
}

/** Rewrites what begins with the word at `i` and returns where it ends; undefined for words that stay as they are. */
function copyWord(tokens: readonly Token[], i: number, end: number, writer: Writer): number | undefined {
  const { text } = tokens[i]!;
  if (tokens[i + 1]?.text === '(') {
    const after = copyGroup(tokens, i, end, writer);
    if (after !== undefined) return after;
  }
  if (DROPPED.has(text)) {
    // What it leads to is no attribute, but the support pass asks for `noreturn` no more than C's type system does.
    if (/noreturn/i.test(text)) writer.attributes([{ name: 'noreturn', arguments: [] }]);
    return i + 1;
  }
  const convention = CONVENTION.exec(text)?.[1];
  if (convention !== undefined) {
    writer.attributes([{ name: convention, arguments: [] }]);
    return i + 1;
  }
  if (text === '__auto_type') {
    writer.scalar([tokens[i]!], { kind: 'unsupported', reason: 'the type of its initialiser' });
    return i + 1;
  }
  return ARITHMETIC.has(text) || text === '_BitInt' ? copyArithmetic(tokens, i, end, writer) : undefined;
}

/** A word with parentheses behind it that is no declarator. */
function copyGroup(tokens: readonly Token[], i: number, end: number, writer: Writer): number | undefined {
  const { text } = tokens[i]!;
  const after = (): number => skipGroup(tokens, i + 1, end);
  if (ATTRIBUTE_WORDS.has(text)) {
    writer.attributes(readAttributes(tokens, i + 2, after() - 1));
    return after();
  }
  if (ASM_WORDS.has(text) || ALIGN_WORDS.has(text)) {
    const name = ASM_WORDS.has(text) ? 'asm' : 'aligned';
    writer.attributes([{ name, arguments: tokens.slice(i + 2, after() - 1) }]);
    return after();
  }
  if (text === '_Static_assert' || text === 'static_assert') {
    const semicolon = after();
    return tokens[semicolon]?.text === ';' ? semicolon + 1 : semicolon;
  }
  if (text === '_Atomic') {
    writer.scalar(tokens.slice(i, after()), { kind: 'unsupported', reason: 'the qualifier _Atomic' });
    return after();
  }
  if (TYPEOF.has(text)) {
    writer.typeOf(tokens[i]!, tokens.slice(i + 2, after() - 1));
    return after();
  }
  return undefined;
}

/** Rewrites what begins with the punctuator at `i` and returns where it ends; undefined for those that stay as they are. */
function copyPunctuator(tokens: readonly Token[], i: number, end: number, writer: Writer): number | undefined {
  const token = tokens[i]!;
  const { text } = token;
  if (text === '(' && isNameInParentheses(tokens, i, writer)) {
    writer.keep(tokens[i + 1]!);
    return i + 3;
  }
  if (text === '[') {
    const after = skipGroup(tokens, i, end);
    if (tokens[i + 1]?.text === '[') {
      writer.attributes(readAttributes(tokens, i + 2, after - 2));
      return after;
    }
    writer.keep(token);
    writer.expression(tokens.slice(i + 1, after - 1));
    if (after > i + 1 && tokens[after - 1]!.text === ']') writer.keep(tokens[after - 1]!);
    return after;
  }
  if (text === '=') {
    const after = skipExpression(tokens, i + 1, end);
    // Initialisers of variables say nothing about the interface.
    if (writer.insideEnum) {
      writer.keep(token);
      writer.expression(tokens.slice(i + 1, after));
    }
    return after;
  }
  if (text === ':' && isBitField(writer, tokens[i + 1])) {
    if (isUnnamedBitField(writer)) writer.placeholder(token);
    const after = skipExpression(tokens, i + 1, end);
    writer.keep(token);
    writer.expression(tokens.slice(i + 1, after));
    return after;
  }
  if (text === ';' && writer.depth > 0 && (writer.last(0) === ';' || writer.last(0) === '{')) {
    return i + 1; // GCC lets a stray semicolon stand among members.
  }
  if (text !== '^') return undefined;
  writer.block({ ...token, text: '*' });
  return i + 1;
}

/** `type (name);`, `type (name)(void);`: the grammar takes a type that it does not know for a macro or a function that is called. */
function isNameInParentheses(tokens: readonly Token[], open: number, writer: Writer): boolean {
  const name = tokens[open + 1];
  if (writer.parentheses > 0 || writer.insideEnum || tokens[open + 2]?.text !== ')') return false;
  if (name?.kind !== 'identifier' || startsType(name.text) || DROPPED.has(name.text)) return false;
  if (writer.last(0) === ',') return true;
  // What stands in front is a type alone: in `int f(type)` there is more.
  let types = 0;
  for (let back = 0; ; back++) {
    const text = writer.last(back);
    if (text === '' || text === ';' || text === '{') return types === 1;
    if (BEFORE_TYPES.test(text) || text === 'typedef') continue;
    if (!/^[A-Za-z_$\u0080-\uffff]/.test(text)) return false;
    types++;
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

/** Folds a run of arithmetic keywords, in any order and with qualifiers between them, into one `int`. */
function copyArithmetic(tokens: readonly Token[], start: number, end: number, writer: Writer): number {
  const words: string[] = [];
  const qualifiers: { readonly at: number; readonly token: Token }[] = [];
  let bits: string | undefined;
  let after = start;
  for (let i = start; i < end; i++) {
    const { text } = tokens[i]!;
    if (text === '_BitInt' && tokens[i + 1]?.text === '(') {
      const close = skipGroup(tokens, i + 1, end);
      bits = tokens
        .slice(i + 2, close - 1)
        .map((t) => t.text)
        .join(' ');
      i = close - 1;
      after = close;
    } else if (ARITHMETIC.has(text)) {
      words.push(text);
      after = i + 1;
    } else if (/^(const|volatile)$/.test(SPELLED.get(text) ?? text)) qualifiers.push({ at: i, token: tokens[i]! });
    else if (!DROPPED.has(text)) break;
  }
  for (const { at, token } of qualifiers) {
    if (at < after) writer.keep({ ...token, text: SPELLED.get(token.text) ?? token.text });
  }
  const type: CType =
    bits === undefined ? arithmeticType(words) : { kind: 'unsupported', reason: `the type _BitInt(${bits})` };
  writer.scalar(tokens.slice(start, after), type);
  return after;
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
