// One pass of precedence climbing over the tokens of an expression that evaluates as it goes (C11 6.5); an operand that C does not
// evaluate is computed for its type only. Operators, builtins and type names are files of their own beside this one.

import type { CType } from '../model/ctype.ts';
import { isSigned, type Target } from '../target.ts';
import { binary, commonType, convert, integer, type NumberValue } from './arithmetic.ts';
import { builtinNamed, type Caller } from './builtins.ts';
import { BEYOND, Cursor, Failure } from './cursor.ts';
import type { Environment, ExpressionToken } from './evaluate.ts';
import { parseCharacter, parseNumber, parseStrings, type StringValue, widen } from './literals.ts';
import * as operators from './operators.ts';
import { startsType } from './type-names.ts';
import { readTypeName } from './type-reader.ts';
import { arithmeticName, NO_TYPES, typeOf, type Value } from './values.ts';

const DEPTH_LIMIT = 256;

const ALIGNOF = /^(?:_Alignof|__alignof__|__alignof|alignof)$/;

type Prefix = string | { readonly cast: CType };

export class Evaluator<T extends ExpressionToken> extends Cursor<T> {
  private readonly facts: operators.Facts;
  private readonly env: Environment;
  /** Whether this is an #if. */
  private readonly condition: boolean;
  private depth = 0;
  /** Above 0 while an operand is parsed that is not evaluated. */
  private unevaluated: number;

  constructor(
    tokens: readonly T[],
    target: Target,
    env: Environment,
    mode: { readonly condition?: true; readonly unevaluated?: true } = {},
  ) {
    super(tokens);
    this.env = env;
    this.facts = { types: env.types ?? NO_TYPES, target };
    this.condition = mode.condition === true;
    this.unevaluated = mode.unevaluated ? 1 : 0;
  }

  /** The value of all of the tokens. */
  whole(): Value {
    // A constant expression has no comma at its top (C11 6.6p3); GCC lets #if have one.
    const value = this.condition ? this.comma() : this.conditional();
    if (this.index < this.end) this.fail(`unexpected '${this.peek()}'`);
    return value;
  }

  /** The type that a type name at [start, end) names; undefined if none is there. */
  typeAt(start: number, end: number): CType | undefined {
    const type = readTypeName(this.tokens, start, end, {
      typedef: (name) => this.env.typedef?.(name),
      size: (from, to) => {
        const value = this.range(from, to);
        return value.kind === 'int' ? value.value : this.reasonOf(value);
      },
      typeOf: (from, to) =>
        typeOf(
          this.inert(true, () => this.range(from, to)),
          this.facts.target,
        ),
    });
    return type?.kind === 'no-type' ? this.fail(type.reason, start) : type;
  }

  private reasonOf(value: Value): string {
    return value.kind === 'typed'
      ? value.reason
      : `it is a ${value.kind === 'float' ? 'floating' : value.kind} constant`;
  }

  private get target(): Target {
    return this.facts.target;
  }

  /** Evaluates a range of the tokens by itself. */
  private range(start: number, end: number): Value {
    const [index, outer] = [this.index, this.end];
    this.index = start;
    this.end = end;
    const value = this.conditional();
    if (this.index < end) this.fail(`unexpected '${this.peek()}'`);
    this.index = index;
    this.end = outer;
    return value;
  }

  /** The value of a range; undefined where it has none. */
  private attempt(start: number, end: number): Value | undefined {
    const { index, end: outer, depth, unevaluated } = this;
    try {
      return this.range(start, end);
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      Object.assign(this, { index, end: outer, depth, unevaluated });
      return undefined;
    }
  }

  private comma(): Value {
    let value = this.conditional();
    while (this.peek() === ',') {
      if (!this.condition && this.unevaluated === 0) this.fail('a comma operator');
      this.index += 1;
      value = this.conditional();
    }
    return value;
  }

  private conditional(): Value {
    this.depth += 1;
    if (this.depth > DEPTH_LIMIT) this.fail(`nested more than ${DEPTH_LIMIT} deep`);
    const condition = this.binary(1);
    const value = this.peek() === '?' ? this.choose(condition) : condition;
    this.depth -= 1;
    return value;
  }

  /** `? then : else`, with GNU's `?:`; the type is common to both arms. */
  private choose(condition: Value): Value {
    const truth = this.truth(condition);
    this.index += 1;
    const first = this.peek() === ':' ? condition : this.inert(!truth, () => this.comma());
    this.expect(':');
    const second = this.inert(truth, () => this.conditional());
    const [a, b] = [this.plain(first, truth), this.plain(second, !truth)];
    if (isNumber(a) && isNumber(b)) {
      const chosen = truth ? a : b;
      return convert(chosen, commonType(a, b, this.target), this.target) ?? this.fail('no common type');
    }
    return this.checked(operators.chooseTyped(truth, a, b, this.facts), this.index - 1);
  }

  /** An operand that is not evaluated counts as a number of its type. */
  private plain(value: Value, isEvaluated: boolean): Value {
    if (value.kind !== 'typed' || arithmeticName(value.type, this.facts.types) === undefined) return value;
    const number = operators.asNumber(value, this.facts, isEvaluated && this.unevaluated === 0);
    return typeof number === 'string' ? this.fail(number) : number;
  }

  /** Runs `parse`; its operand is not evaluated if `skip`. */
  private inert<R>(skip: boolean, parse: () => R): R {
    this.unevaluated += skip ? 1 : 0;
    const value = parse();
    this.unevaluated -= skip ? 1 : 0;
    return value;
  }

  private binary(lowest: number): Value {
    let left = this.unary();
    for (;;) {
      const operator = this.peek();
      const precedence = operators.PRECEDENCE.get(operator);
      if (precedence === undefined || precedence < lowest) return left;
      const at = this.index;
      this.index += 1;
      if (operator === '&&' || operator === '||') left = this.logical(operator, this.truth(left), precedence);
      else left = this.operate(operator, left, this.binary(precedence + 1), at);
    }
  }

  private logical(operator: string, left: boolean, precedence: number): NumberValue {
    const decided = left === (operator === '||');
    const right = this.inert(decided, () => this.truth(this.binary(precedence + 1)));
    return this.int(decided ? left : right);
  }

  private operate(operator: string, left: Value, right: Value, at: number): Value {
    if (left.kind === 'typed' || right.kind === 'typed') {
      const result = operators.pointerBinary(operator, left, right, this.facts);
      if (result !== undefined) return this.checked(result, at);
    }
    return this.compute(operator, this.number(left, at), this.number(right, at), at);
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
    const pending: Prefix[] = [];
    const start = this.index;
    for (;;) {
      const text = this.peek();
      if (text === '!' || text === '-' || text === '+' || text === '~') pending.push(text);
      else if (this.condition) break;
      else if (text === '(') {
        const type = this.castType();
        if (type === undefined) break;
        if (this.peek() === '{') return this.applyAll(pending, this.postfix(this.compoundLiteral(type)), start);
        pending.push({ cast: type });
        continue;
      } else if (text === '*' || text === '&') pending.push(text);
      else if (text !== '__extension__') break;
      this.index += 1;
    }
    return this.applyAll(pending, this.postfix(this.primary()), start);
  }

  private applyAll(pending: Prefix[], operand: Value, at: number): Value {
    let value = operand;
    const isEvaluated = this.unevaluated === 0;
    for (let prefix = pending.pop(); prefix !== undefined; prefix = pending.pop()) {
      value = this.checked(
        typeof prefix === 'object'
          ? operators.cast(prefix.cast, value, this.facts, isEvaluated)
          : operators.unary(prefix, value, this.facts, isEvaluated),
        at,
      );
      if (this.condition && prefix === '!') value = this.int(isTrue(value as NumberValue));
    }
    return value;
  }

  private checked(value: Value | string, at: number): Value {
    return typeof value === 'string' ? this.fail(value, at) : value;
  }

  /** At `(`: if a type name follows, passes over it and the `)`. */
  private castType(): CType | undefined {
    const first = this.tokens[this.index + 1];
    if (first?.kind !== 'identifier') return undefined;
    if (!startsType(first.text) && this.env.typedef?.(first.text) === undefined) return undefined;
    const close = this.closing(this.index);
    const type = this.typeAt(this.index + 1, close);
    if (type !== undefined) this.index = close + 1;
    return type;
  }

  /** `(type){ … }`: an object. Without a length, an array has as many elements as there are values. */
  private compoundLiteral(type: CType): Value {
    const close = this.closing(this.index);
    const values = this.split(this.index + 1, close);
    const resolved = this.facts.types.resolve(type);
    const isOpen = resolved.kind === 'array' && resolved.length === undefined;
    if (isOpen && values.some(([start]) => this.tokens[start]!.text === '['))
      this.fail(`${BEYOND}a compound literal with designators`);
    this.index = close + 1;
    const counted = isOpen ? ({ ...resolved, length: values.length } as CType) : type;
    return { kind: 'typed', type: counted, isObject: true, reason: 'a compound literal' };
  }

  private primary(): Value {
    const token = this.index < this.end ? this.tokens[this.index] : undefined;
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
    if (this.peek() === '{') return this.fail(`${BEYOND}a statement expression`, this.index - 1);
    const value = this.comma();
    this.expect(')');
    return value;
  }

  private postfix(operand: Value): Value {
    let value = operand;
    if (this.condition) return value;
    for (;;) {
      const at = this.index;
      const text = this.peek();
      if (text === '.' || text === '->') {
        value = this.checked(operators.member(value, this.tokens[at + 1]?.text ?? '', text === '->', this.facts), at);
        this.index += 2;
      } else if (text === '[') {
        const close = this.closing(at);
        value = this.checked(operators.subscript(value, this.range(at + 1, close), this.facts), at);
        this.index = close + 1;
      } else if (text === '(' && value.kind === 'typed') {
        value = this.called(value, at);
      } else return value;
    }
  }

  private called(value: Value, at: number): Value {
    const { types } = this.facts;
    let type = types.resolve(typeOf(value, this.target));
    if (type.kind === 'pointer') type = types.resolve(type.to);
    if (type.kind !== 'function') this.fail(`unexpected '('`, at);
    this.index = this.closing(at) + 1;
    const name = this.tokens[at - 1]!;
    const what = name.kind === 'identifier' ? `a call of '${name.text}'` : 'the result of a call';
    return { kind: 'typed', type: type.result, isObject: false, reason: `${what} is not a constant` };
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
    for (; this.index < this.end && this.tokens[this.index]!.kind === 'string'; this.index += 1)
      literals.push(this.peek());
    const value = parseStrings(literals, this.target);
    return typeof value === 'string' ? this.fail(value, this.index - 1) : value;
  }

  private named(name: string): Value {
    const at = this.index - 1;
    if (name === 'sizeof') return this.size(at, true);
    if (ALIGNOF.test(name)) return this.size(at, false);
    const value = this.env.identifier?.(name);
    if (value !== undefined) return value;
    if (this.peek() !== '(') return this.fail(`'${name}' is not a constant`, at);
    const close = this.closing(this.index);
    const result = builtinNamed(name)?.(this.caller(), this.split(this.index + 1, close), at);
    if (result === undefined) return this.fail(`a call of '${name}' is not a constant`, at);
    this.index = close + 1;
    return result;
  }

  private caller(): Caller {
    return {
      facts: this.facts,
      evaluate: (start, end) => this.range(start, end),
      inspect: (start, end) => this.inert(true, () => this.range(start, end)),
      attempt: (start, end) => this.attempt(start, end),
      type: (start, end) => this.typeAt(start, end) ?? this.fail('a type is missing', start),
      text: (at) => this.tokens[at]?.text ?? '',
      split: (start, end, separator) => this.split(start, end, separator),
      fail: (reason, at) => this.fail(reason, at),
    };
  }

  /** After `sizeof` or `_Alignof`: of a type name in parentheses, or of an operand, which is not evaluated. */
  private size(at: number, size: boolean): NumberValue {
    const type = this.peek() === '(' ? this.castType() : undefined;
    const operand =
      type !== undefined && this.peek() !== '{'
        ? type
        : this.operandType(() => (type ? this.postfix(this.compoundLiteral(type)) : this.unary()));
    if (operand === undefined) this.fail('the size of a bit-field', at);
    const layout = operators.layoutOf(operand, this.facts);
    if (layout === undefined) this.fail(`the ${size ? 'size' : 'alignment'} of this type is not known`, at + 1);
    return integer(BigInt(size ? layout.size : layout.align), this.target.aliases.size, this.target);
  }

  /** The type of an operand that is not evaluated; undefined for a bit-field (C11 6.5.3.4p1). */
  private operandType(parse: () => Value): CType | undefined {
    const value = this.inert(true, parse);
    return value.kind === 'typed' && value.isBitField ? undefined : typeOf(value, this.target);
  }

  private truth(value: Value): boolean {
    if (value.kind !== 'typed') return isTrue(this.number(value));
    const denied = operators.unary('!', value, this.facts, this.unevaluated === 0);
    return typeof denied === 'string' ? this.fail(denied) : !isTrue(denied as NumberValue);
  }

  private number(value: Value, at = this.index - 1): NumberValue {
    const number = operators.asNumber(value, this.facts, this.unevaluated === 0);
    return typeof number === 'string' ? this.fail(number, at) : number;
  }

  /** The result of a comparison: int, or intmax_t in #if. */
  private int(truth: boolean): NumberValue {
    return integer(truth ? 1n : 0n, this.condition ? this.target.aliases.intmax : 'int', this.target);
  }
}

function isNumber(value: Value): value is NumberValue {
  return value.kind === 'int' || value.kind === 'float';
}

function isTrue(value: NumberValue): boolean {
  return value.kind === 'int' ? value.value !== 0n : value.value !== 0;
}
