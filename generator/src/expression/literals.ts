// In: the spelling of a number, character constant or string literal. Out: its value and C type (C11 6.4.4, 6.4.5;
// binary constants and digit separators as in C23; multi-character constants as GCC has them).

import type { CType } from '../model/ctype.ts';
import { type FloatType, type IntegerType, isSigned, sizeOf, type Target } from '../target.ts';
import { float, integer, type NumberValue } from './arithmetic.ts';
import { nearest } from './rounding.ts';

export type Prefix = '' | 'L' | 'u8' | 'u' | 'U';

export interface StringValue {
  readonly kind: 'string';
  /** Decoded. If the bytes are not UTF-8 (`exact` is false), one character per byte. */
  readonly text: string;
  readonly prefix: Prefix;
  readonly exact: boolean;
  /** How many bytes, or wide characters, without the terminating zero. */
  readonly length: number;
  /** These bytes, or wide characters. */
  readonly units: readonly number[];
  /** Behind a cast: the type of the pointer to it. */
  readonly pointer?: CType;
}

const INTEGER = /^(0[xX][\da-fA-F']+|0[bB][01']+|0[0-7']*|[1-9][\d']*)([uUlL]*|[uU]?[iI]\d+)$/;
/** `1i64`, `0xffui8`: Microsoft's way to say the size. */
const MICROSOFT_SUFFIX = /^(u?)i(8|16|32|64)$/;
const SIZED: Readonly<Record<string, IntegerType>> = {
  8: 'char',
  16: 'short',
  32: 'int',
  64: 'llong',
  u8: 'uchar',
  u16: 'ushort',
  u32: 'uint',
  u64: 'ullong',
};
const SUFFIX = /^(?:u?(?:ll?)?|ll?u)$/;
const FLOAT =
  /^((?:[\d']+\.[\d']*|\.[\d']+)(?:[eE][+-]?[\d']+)?|[\d']+[eE][+-]?[\d']+)([fFlL]|[fF](?:32|64|32x|64x))?$/;
const HEX_FLOAT = /^0[xX]([\da-fA-F']*)\.?([\da-fA-F']*)[pP]([+-]?\d+)([fFlL])?$/;

const FLOAT_SUFFIX: Readonly<Record<string, FloatType>> = {
  f: 'float',
  f32: 'float',
  f64: 'double',
  f32x: 'double',
  f64x: 'ldouble',
  l: 'ldouble',
};

/** The value of a number token; a string is the reason why it has none. */
export function parseNumber(text: string, target: Target): NumberValue | string {
  if (text.length === 1) return integer(BigInt(text.charCodeAt(0) - 48), 'int', target);
  const match = INTEGER.exec(text);
  if (match !== null) return parseInteger(match[1]!, match[2]!, target);
  const decimal = FLOAT.exec(text);
  if (decimal !== null) return decimalFloat(decimal[1]!.replaceAll("'", ''), floatType(decimal[2]));
  const hex = HEX_FLOAT.exec(text);
  if (hex !== null && hex[1]! + hex[2]! !== '') return hexFloat(hex[1]!, hex[2]!, Number(hex[3]), floatType(hex[4]));
  return odd(text) ?? `'${text}' is not a number`;
}

/** Constants that compilers have and JavaScript has no number for. */
function odd(text: string): string | undefined {
  const [, kind] = /^(?:0[xX][\da-fA-F.']+(?:[pP][+-]?\d+)?|[\d.']+(?:[eE][+-]?\d+)?)(\w+)$/.exec(text) ?? [];
  if (kind === undefined) return undefined;
  if (/^[uUlLfF]*[ijIJ][uUlLfF]*$/.test(kind)) return 'an imaginary constant';
  if (/^(d[fdl]|D[FDL])$/.test(kind)) return 'a decimal floating constant';
  if (/^([fF](16|128)x?|[qQwW]|bf16|BF16)$/.test(kind))
    return 'a floating constant of a format that JavaScript does not have';
  return /^([uU]?(wb|WB)|(wb|WB)[uU]?)$/.test(kind) ? 'a constant of type _BitInt' : undefined;
}

/** A long double holds more than a number of JavaScript's: other digits, and other exponents. */
function decimalFloat(digits: string, type: FloatType): NumberValue | string {
  const value = Number(digits);
  if (type === 'float') return float(decimalToFloat(digits), type);
  if (type !== 'ldouble') return float(value, type);
  const isZero = !/[1-9]/.test(digits.replace(/[eE].*$/, ''));
  if (!Number.isFinite(value) || (value === 0 && !isZero))
    return "a long double out of the range of JavaScript's numbers";
  return float(value, type, !isExactly(digits, value));
}

/** Beyond this exponent of ten a float is zero or infinite, whatever the digits are. */
const FAR = 5000;

function decimalToFloat(digits: string): number {
  const [, whole = '', fraction = '', exponent = '0'] = /^(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(digits) ?? [];
  const power = Number(exponent) - fraction.length;
  if (Math.abs(power) > FAR || digits.length > FAR) return Math.fround(Number(digits));
  const value = BigInt(whole + fraction);
  return power < 0
    ? nearest(value, 10n ** BigInt(-power), 'float')
    : nearest(value * 10n ** BigInt(power), 1n, 'float');
}

/** Whether a double is just what the decimal digits say. */
function isExactly(digits: string, value: number): boolean {
  const [, whole = '', fraction = '', exponent = '0'] = /^(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(digits) ?? [];
  const power = Number(exponent) - fraction.length;
  if (Math.abs(power) > 400) return false;
  // value = mantissa * 2 ** shift, compared with whole.fraction * 10 ** power.
  let shift = 0;
  let mantissa = value;
  for (; !Number.isInteger(mantissa); shift--) mantissa *= 2;
  const left = BigInt(mantissa) * 10n ** BigInt(Math.max(0, -power));
  const right = BigInt(whole + fraction) * 2n ** BigInt(-shift) * 10n ** BigInt(Math.max(0, power));
  return left === right;
}

function floatType(suffix: string | undefined): FloatType {
  return suffix === undefined ? 'double' : FLOAT_SUFFIX[suffix.toLowerCase()]!;
}

function hexFloat(whole: string, fraction: string, exponent: number, type: FloatType): NumberValue {
  const [high, low] = [whole.replaceAll("'", ''), fraction.replaceAll("'", '')];
  const digits = BigInt(`0x${high}${low}`);
  const power = exponent - low.length * 4;
  const format = type === 'float' ? 'float' : 'double';
  if (Math.abs(power) > FAR) return float(Number(digits) * 2 ** power, type);
  const shift = BigInt(Math.abs(power));
  return float(power < 0 ? nearest(digits, 1n << shift, format) : nearest(digits << shift, 1n, format), type);
}

/** C11 6.4.4.1p5: the first type of the list that can hold the value. */
function parseInteger(digits: string, suffix: string, target: Target): NumberValue | string {
  const lower = suffix.toLowerCase();
  const sized = MICROSOFT_SUFFIX.exec(lower);
  if (sized && target.abi === 'msvc') {
    const value = integerDigits(digits.replaceAll("'", ''));
    return integer(value, SIZED[`${sized[1]}${sized[2]}`]!, target);
  }
  if (!SUFFIX.test(lower) || /lL|Ll/.test(suffix)) return `invalid suffix "${suffix}" on an integer constant`;
  const value = integerDigits(digits.replaceAll("'", ''));
  if (value >= 1n << 64n) return `integer constant ${digits} is too large`;
  for (const type of candidates(lower, /^[1-9]/.test(digits))) {
    const fitted = integer(value, type, target);
    if (fitted.value === value) return fitted;
  }
  return `integer constant ${digits} is too large`;
}

function integerDigits(digits: string): bigint {
  return BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
}

/** A decimal constant without `u` never becomes unsigned; GCC gives it __int128 when no long long holds it. */
function candidates(suffix: string, decimal: boolean): readonly IntegerType[] {
  const longs = suffix.split('l').length - 1;
  const signed = (['int', 'long', 'llong'] as const).slice(longs);
  const unsigned = (['uint', 'ulong', 'ullong'] as const).slice(longs);
  if (suffix.includes('u')) return unsigned;
  return decimal ? [...signed, 'int128'] : signed.flatMap((type, index) => [type, unsigned[index]!]);
}

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
  E: 27,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};

const ESCAPE = /\\(?:([0-7]{1,3})|x([\da-fA-F]+)|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))|([^\\]+)/g;

interface Body {
  readonly prefix: Prefix;
  /** Bytes of the execution character set (UTF-8), or wide characters. */
  readonly units: readonly number[];
}

/** The characters between the quotes; a string is the reason why they are none. */
function parseBody(literal: string, target: Target): Body | string {
  const quote = literal.search(/["']/);
  const prefix = literal.slice(0, quote) as Prefix;
  const wide = prefix !== '' && prefix !== 'u8';
  const units: number[] = [];
  const limit = 2 ** (8 * unitSize(prefix, target));
  for (const match of literal.slice(quote + 1, -1).matchAll(ESCAPE)) {
    const [whole, octal, hex, short, long, simple, plain] = match;
    const numeric =
      octal !== undefined ? Number.parseInt(octal, 8) : hex !== undefined ? Number.parseInt(hex, 16) : undefined;
    if (numeric !== undefined) {
      if (numeric >= limit) return `escape sequence ${whole} is out of range`;
      units.push(numeric);
      continue;
    }
    const named = simple === undefined ? undefined : (ESCAPES[simple] ?? simple.codePointAt(0)!);
    const code = named ?? Number.parseInt(short ?? long ?? '', 16);
    if (code > 0x10ffff) return `${whole} is not a character`;
    for (const unit of encode(plain ?? String.fromCodePoint(code), prefix, wide)) units.push(unit);
  }
  return { prefix, units };
}

function encode(text: string, prefix: Prefix, wide: boolean): Iterable<number> {
  if (!wide) return Buffer.from(text, 'utf8');
  if (prefix === 'u') return text.split('').map((unit) => unit.charCodeAt(0));
  return Array.from(text, (character) => character.codePointAt(0)!);
}

/** The type of one character of a literal. */
export function unitType(prefix: Prefix, target: Target): IntegerType {
  const { aliases } = target;
  return { '': 'char' as const, u8: 'uchar' as const, L: aliases.wchar, u: aliases.char16, U: aliases.char32 }[prefix];
}

function unitSize(prefix: Prefix, target: Target): number {
  return sizeOf(unitType(prefix, target), target);
}

/** A character constant. Several characters in one make an int of their last four bytes. */
export function parseCharacter(literal: string, target: Target): NumberValue | string {
  const body = parseBody(literal, target);
  if (typeof body === 'string') return body;
  const { prefix, units } = body;
  if (units.length === 0) return 'empty character constant';
  if (prefix !== '') return integer(BigInt(units.at(-1)!), unitType(prefix, target), target);
  if (units.length === 1) return integer(integer(BigInt(units[0]!), 'char', target).value, 'int', target);
  return integer(
    units.reduce((value, unit) => (value << 8n) | BigInt(unit), 0n),
    'int',
    target,
  );
}

/** Adjacent string literals as one (C11 6.4.5p5); a string is the reason why they cannot be. */
export function parseStrings(literals: readonly string[], target: Target): StringValue | string {
  let prefix: Prefix = '';
  for (const literal of literals) {
    const own = literal.slice(0, literal.indexOf('"')) as Prefix;
    if (own !== '' && prefix !== '' && own !== prefix)
      return 'string literals with different prefixes cannot be joined';
    if (own !== '') prefix = own;
  }
  const units: number[] = [];
  for (const literal of literals) {
    const body = parseBody(prefix + literal.slice(literal.indexOf('"')), target);
    if (typeof body === 'string') return body;
    for (const unit of body.units) units.push(unit);
  }
  return { kind: 'string', ...decode(units, prefix), prefix, length: units.length, units };
}

function decode(units: readonly number[], prefix: Prefix): { text: string; exact: boolean } {
  let text = '';
  let exact = true;
  if (prefix === '' || prefix === 'u8') {
    const bytes = Buffer.from(units);
    text = bytes.toString('utf8');
    exact = Buffer.from(text, 'utf8').equals(bytes);
    return { text: exact ? text : bytes.toString('latin1'), exact };
  }
  for (const unit of units) {
    const valid = unit <= 0x10ffff;
    exact &&= valid;
    text += valid ? String.fromCodePoint(unit) : '\ufffd';
  }
  return { text, exact };
}

/** In #if every integer is an intmax_t or uintmax_t (C11 6.10.1p4). */
export function widen(value: NumberValue, target: Target): NumberValue {
  if (value.kind === 'float') return value;
  const { intmax, uintmax } = target.aliases;
  const small = isSigned(value.type, target) && integer(value.value, intmax, target).value === value.value;
  return integer(value.value, small ? intmax : uintmax, target);
}
