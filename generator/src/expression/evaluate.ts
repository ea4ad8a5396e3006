// In: expanded tokens. Out: the value of the C constant expression they make, with its C type, or the reason why they
// make none (C11 6.6; 6.10.1p4 for #if). One pass of precedence climbing that evaluates as it goes; an operand that C
// does not evaluate is computed for its type only. Names, types and builtins beyond the language come from hooks.

import { type FloatType, type IntegerType, isSigned, sizeName, sizeOf, type Target } from '../target.ts';
import { binary, commonType, convert, integer, type NumberValue, promote } from './arithmetic.ts';
import { parseCharacter, parseNumber, parseStrings, type StringValue, unitType, widen } from './literals.ts';
import { basicType, startsType } from './type-names.ts';

export type { FloatValue, IntegerValue, NumberValue } from './arithmetic.ts';
export type { StringValue } from './literals.ts';
export type Value = NumberValue | StringValue;

/** As much of a preprocessing token as evaluation needs. */
export interface ExpressionToken {
  readonly kind: string;
  readonly text: string;
}

export interface NotConstant<T extends ExpressionToken = ExpressionToken> {
  readonly kind: 'not-constant';
  readonly reason: string;
  readonly at?: T;
}

/** What the expression may refer to. Each hook returns undefined for what it does not know. */
export interface Environment<T extends ExpressionToken = ExpressionToken> {
  /** Enumerators. */
  identifier?(name: string): Value | undefined;
  /** Types other than C's own arithmetic ones, in casts. */
  typeName?(tokens: readonly T[]): IntegerType | FloatType | undefined;
  /** The operand of sizeof, without its parentheses. */
  sizeofType?(tokens: readonly T[]): bigint | undefined;
  alignofType?(tokens: readonly T[]): bigint | undefined;
  /** `name(argument)`, for example __builtin_offsetof. */
  call?(name: string, argument: readonly T[]): Value | undefined;
}

/** Evaluates a constant expression. All tokens must belong to it. */
export function evaluate<T extends ExpressionToken>(
  tokens: readonly T[],
  target: Target,
  env: Environment<T> = {},
): Value | NotConstant<T> {
  return new Evaluator(tokens, target, env, false).run();
}

/** Evaluates the expression of an #if, in which `defined` has been answered and macros are expanded. */
export function evaluateCondition<T extends ExpressionToken>(
  tokens: readonly T[],
  target: Target,
): boolean | NotConstant<T> {
  if (tokens.length === 1 && (tokens[0]!.text === '0' || tokens[0]!.text === '1')) return tokens[0]!.text === '1';
  const result = new Evaluator(tokens, target, {}, true).run();
  if (result.kind === 'not-constant') return result;
  if (result.kind === 'int') return result.value !== 0n;
  return {
    kind: 'not-constant',
    reason: `a ${result.kind === 'float' ? 'floating constant' : 'string'} is no condition`,
  };
}

const DEPTH_LIMIT = 256;

const PRECEDENCE: ReadonlyMap<string, number> = new Map(
  [
    ['||'],
    ['&&'],
    ['|'],
    ['^'],
    ['&'],
    ['==', '!='],
    ['<', '>', '<=', '>='],
    ['<<', '>>'],
    ['+', '-'],
    ['*', '/', '%'],
  ].flatMap((operators, index) => operators.map((operator) => [operator, index + 1] as const)),
);

/** Thrown inside the evaluator; no Error, because its stack is not wanted and costs more than the evaluation. */
class Failure {
  readonly reason: string;
  readonly index: number;

  constructor(reason: string, index: number) {
    this.reason = reason;
    this.index = index;
  }
}

class Evaluator<T extends ExpressionToken> {
  private readonly tokens: readonly T[];
  private readonly target: Target;
  private readonly env: Environment<T>;
  /** Whether this is an #if. */
  private readonly condition: boolean;
  private index = 0;
  private depth = 0;
  /** Above 0 while an operand is parsed that is not evaluated. */
  private unevaluated = 0;

  constructor(tokens: readonly T[], target: Target, env: Environment<T>, condition: boolean) {
    this.tokens = tokens;
    this.target = target;
    this.env = env;
    this.condition = condition;
  }

  run(): Value | NotConstant<T> {
    try {
      // A constant expression has no comma at its top (C11 6.6p3); GCC lets #if have one.
      const value = this.condition ? this.comma() : this.conditional();
      if (this.index < this.tokens.length) this.fail(`unexpected '${this.peek()}'`);
      return value;
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      const at = this.tokens[failure.index];
      return { kind: 'not-constant', reason: failure.reason, ...(at === undefined ? {} : { at }) };
    }
  }

  private fail(reason: string, index = this.index): never {
    throw new Failure(reason, index);
  }

  private peek(): string {
    return this.tokens[this.index]?.text ?? '';
  }

  private accept(text: string): boolean {
    if (this.peek() !== text) return false;
    this.index += 1;
    return true;
  }

  private expect(text: string): void {
    if (this.accept(text)) return;
    const found = this.peek();
    this.fail(`expected '${text}' ${found === '' ? 'at the end' : `before '${found}'`}`);
  }

  private comma(): Value {
    let value = this.conditional();
    while (this.accept(',')) value = this.conditional();
    return value;
  }

  private conditional(): Value {
    this.depth += 1;
    if (this.depth > DEPTH_LIMIT) this.fail(`nested more than ${DEPTH_LIMIT} deep`);
    const condition = this.binary(1);
    const value = this.peek() === '?' ? this.choose(this.number(condition)) : condition;
    this.depth -= 1;
    return value;
  }

  /** `? then : else`, with GNU's `?:`; the type is common to both arms. */
  private choose(condition: NumberValue): Value {
    this.index += 1;
    const truth = isTrue(condition);
    const first = this.peek() === ':' ? condition : this.inert(!truth, () => this.comma());
    this.expect(':');
    const second = this.inert(truth, () => this.conditional());
    const chosen = truth ? first : second;
    if (first.kind === 'string' || second.kind === 'string' || chosen.kind === 'string') {
      if (first.kind !== second.kind) this.fail('a string and a number in the arms of one conditional');
      return chosen;
    }
    return convert(chosen, commonType(first, second, this.target), this.target) ?? this.fail('no common type');
  }

  /** Runs `parse`; its operand is not evaluated if `skip`. */
  private inert(skip: boolean, parse: () => Value): Value {
    this.unevaluated += skip ? 1 : 0;
    const value = parse();
    this.unevaluated -= skip ? 1 : 0;
    return value;
  }

  private binary(lowest: number): Value {
    let left = this.unary();
    for (;;) {
      const operator = this.peek();
      const precedence = PRECEDENCE.get(operator);
      if (precedence === undefined || precedence < lowest) return left;
      const at = this.index;
      this.index += 1;
      const a = this.number(left, at);
      if (operator === '&&' || operator === '||') left = this.logical(operator, a, precedence);
      else left = this.compute(operator, a, this.number(this.binary(precedence + 1), at), at);
    }
  }

  private logical(operator: string, left: NumberValue, precedence: number): NumberValue {
    const decided = isTrue(left) === (operator === '||');
    const right = this.number(this.inert(decided, () => this.binary(precedence + 1)));
    return this.int(decided ? isTrue(left) : isTrue(right));
  }

  private compute(operator: string, a: NumberValue, b: NumberValue, at: number): NumberValue {
    const shifts = operator === '<<' || operator === '>>';
    const value = shifts && this.condition ? this.shift(operator, a, b) : binary(operator, a, b, this.target);
    if (typeof value !== 'string') return value;
    if (this.unevaluated === 0) this.fail(value, at);
    return convert(this.int(false), shifts ? a.type : commonType(a, b, this.target), this.target)!;
  }

  /** In #if compilers shift by any amount, to the other side if it is negative. */
  private shift(operator: string, a: NumberValue, b: NumberValue): NumberValue | string {
    if (a.kind === 'float' || b.kind === 'float') return `'${operator}' needs integers`;
    const amount = operator === '<<' ? b.value : -b.value;
    if (amount >= 64n) return integer(0n, a.type, this.target);
    return integer(amount >= 0n ? a.value << amount : a.value >> -amount, a.type, this.target);
  }

  /** Prefix operators and casts are gathered first, so that a long row of them does not recurse. */
  private unary(): Value {
    const pending: (string | { cast: IntegerType | FloatType })[] = [];
    const start = this.index;
    for (;;) {
      const text = this.peek();
      if (text === '!' || text === '-' || text === '+' || text === '~') pending.push(text);
      else if (text === '(' && !this.condition) {
        const cast = this.castType();
        if (cast === undefined) break;
        pending.push({ cast });
        continue;
      } else if (text !== '__extension__' || this.condition) break;
      this.index += 1;
    }
    let value = this.primary();
    for (let prefix = pending.pop(); prefix !== undefined; prefix = pending.pop())
      value = this.apply(prefix, value, start);
    return value;
  }

  private apply(prefix: string | { cast: IntegerType | FloatType }, value: Value, at: number): NumberValue {
    const operand = this.number(value, at);
    const { target } = this;
    if (typeof prefix === 'object')
      return convert(operand, prefix.cast, target) ?? this.fail('the value does not fit the type of the cast', at);
    if (prefix === '!') return this.int(!isTrue(operand));
    if (operand.kind === 'float') {
      if (prefix === '~') this.fail("'~' needs an integer", at);
      return prefix === '-' ? { ...operand, value: -operand.value } : operand;
    }
    const type = promote(operand.type, target);
    const result = prefix === '-' ? -operand.value : prefix === '~' ? ~operand.value : operand.value;
    return integer(result, type, target);
  }

  /** At `(`: if a type name follows, passes over it and the `)`. */
  private castType(): IntegerType | FloatType | undefined {
    const first = this.tokens[this.index + 1];
    if (first?.kind !== 'identifier') return undefined;
    const known = startsType(first.text);
    if (!known && (this.env.typeName === undefined || this.env.identifier?.(first.text) !== undefined))
      return undefined;
    const close = this.closing(this.index);
    const inner = this.tokens.slice(this.index + 1, close);
    const type = basicType(inner) ?? this.env.typeName?.(inner);
    if (type !== undefined) this.index = close + 1;
    else if (known)
      this.fail(`'${inner.map((token) => token.text).join(' ')}' is not an arithmetic type`, this.index + 1);
    return type;
  }

  /** The index of the parenthesis that closes the one at `open`. */
  private closing(open: number): number {
    let nesting = 0;
    for (let index = open; index < this.tokens.length; index += 1) {
      const token = this.tokens[index]!;
      if (token.text === '(') nesting += 1;
      else if (token.text === ')') nesting -= 1;
      if (nesting === 0) return index;
    }
    return this.fail("missing ')'", open);
  }

  private primary(): Value {
    const token = this.tokens[this.index];
    if (token === undefined) return this.fail('an operand is missing at the end');
    this.index += 1;
    switch (token.kind) {
      case 'number':
        return this.literal(parseNumber(token.text, this.target));
      case 'character':
        return this.literal(parseCharacter(token.text, this.target));
      case 'string':
        return this.strings();
      case 'identifier':
        return this.condition ? integer(0n, this.target.aliases.intmax, this.target) : this.named(token.text);
    }
    if (token.text !== '(') return this.fail(`an operand is missing before '${token.text}'`, this.index - 1);
    const value = this.comma();
    this.expect(')');
    return value;
  }

  private literal(value: NumberValue | string): NumberValue {
    if (typeof value === 'string') return this.fail(value, this.index - 1);
    if (!this.condition) return value;
    if (value.kind === 'float') return this.fail('floating constant in an #if', this.index - 1);
    const text = this.tokens[this.index - 1]!.text;
    const unsigned = /^\d\w*[uU]/.test(text) && !/^0[xX][\da-fA-F']*$/.test(text);
    const narrow = unsigned || !isSigned(value.type, this.target);
    const keepsSign = narrow && (unsigned || /^[uU]/.test(text));
    return keepsSign ? integer(value.value, this.target.aliases.uintmax, this.target) : widen(value, this.target);
  }

  private strings(): StringValue {
    const literals = [this.tokens[this.index - 1]!.text];
    for (; this.tokens[this.index]?.kind === 'string'; this.index += 1) literals.push(this.peek());
    const value = parseStrings(literals, this.target);
    return typeof value === 'string' ? this.fail(value, this.index - 1) : value;
  }

  private named(name: string): Value {
    const at = this.index - 1;
    if (name === 'sizeof') return this.size(at, true);
    if (/^(?:_Alignof|__alignof__|__alignof|alignof)$/.test(name)) return this.size(at, false);
    const value = this.env.identifier?.(name);
    if (value !== undefined) return value;
    if (this.peek() !== '(') return this.fail(`'${name}' is not a constant`, at);
    const close = this.closing(this.index);
    const result = this.env.call?.(name, this.tokens.slice(this.index + 1, close));
    if (result === undefined) return this.fail(`a call of '${name}' is not a constant`, at);
    this.index = close + 1;
    return result;
  }

  /** After `sizeof` or `_Alignof`. */
  private size(at: number, size: boolean): NumberValue {
    const { target } = this;
    const known = this.peek() === '(' ? this.typeSize(size) : undefined;
    if (known !== undefined) return integer(known, target.aliases.size, target);
    if (!size) return this.fail('the alignment of this type is not known', at);
    const operand = this.inert(true, () => this.unary());
    const bytes =
      operand.kind === 'string'
        ? (operand.length + 1) * sizeOf(unitType(operand.prefix, target), target)
        : sizeOf(operand.type, target);
    return integer(BigInt(bytes), target.aliases.size, target);
  }

  /** The size or alignment of the type in parentheses; undefined if no type is there. */
  private typeSize(size: boolean): bigint | undefined {
    const close = this.closing(this.index);
    const inner = this.tokens.slice(this.index + 1, close);
    const type = basicType(inner);
    const { env, target } = this;
    const table = size ? target.sizes : target.alignments;
    const pointer = type === undefined && inner.at(-1)?.text === '*' ? BigInt(table.pointer) : undefined;
    const hooked = size ? env.sizeofType?.(inner) : env.alignofType?.(inner);
    const bytes = type === undefined ? (pointer ?? hooked) : BigInt(table[sizeName(type)]);
    if (bytes !== undefined) this.index = close + 1;
    else if (inner[0] !== undefined && startsType(inner[0].text))
      this.fail('the size of this type is not known', this.index + 1);
    return bytes;
  }

  private number(value: Value, at = this.index - 1): NumberValue {
    return value.kind === 'string' ? this.fail('a string is not a number', at) : value;
  }

  /** The result of a comparison: int, or intmax_t in #if. */
  private int(truth: boolean): NumberValue {
    return integer(truth ? 1n : 0n, this.condition ? this.target.aliases.intmax : 'int', this.target);
  }
}

function isTrue(value: NumberValue): boolean {
  return value.kind === 'int' ? value.value !== 0n : value.value !== 0;
}
