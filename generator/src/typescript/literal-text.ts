// In: plain data. Out: it as a TypeScript literal, laid out as Biome and Prettier do with single quotes, two blanks and 120 columns, so that a
// generated file is left as it is by `biome check`.

import { textWidth } from '../diagnostics.ts';
import type { Json } from './plain-data.ts';

const WIDTH = 120;

/** Lines of a literal that begins at column `used` of a line with this indentation, and has `after` behind it on its last one. */
export function literalText(value: Json, indent: string, used: number, after = 0): string {
  const flat = breaks(value) ? undefined : flatText(value);
  if (flat !== undefined && used + textWidth(flat) + after <= WIDTH) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    if (items.length === 0) return '[]';
    const lines = items.every((item) => typeof item === 'number')
      ? filled(items, inner)
      : items.map((item) => `${inner}${literalText(item, inner, inner.length, 1)},`);
    return `[\n${lines.join('\n')}\n${indent}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, each]) => memberText(name, each, inner));
    return members.length === 0 ? '{}' : `{\n${members.join('\n')}\n${indent}}`;
  }
  return flatText(value);
}

/** A line of an object, or several. */
export function memberText(name: string, value: Json, indent: string): string {
  const key = `${indent}${keyText(name)}:`;
  const text = literalText(value, indent, textWidth(key) + 1, 1);
  // Text that has no room goes to a line of its own, unless that would not gain three columns.
  const isLong = typeof value === 'string' && textWidth(key) + 1 + textWidth(text) + 1 > WIDTH;
  const isShort = textWidth(keyText(name)) < 2 + 3;
  return isLong && !isShort ? `${key}\n${indent}  ${text},` : `${key} ${text},`;
}

/** Lists of objects, or of lists, that have several members each take a line for each, and so does all around them. */
function breaks(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const parts: readonly Json[] = Object.values(value);
  if (parts.some(breaks)) return true;
  if (!Array.isArray(value) || parts.length < 2) return false;
  const several = (part: Json): boolean => typeof part === 'object' && part !== null && Object.keys(part).length > 1;
  return parts.every((part) => several(part) && Array.isArray(part) === Array.isArray(parts[0]));
}

function flatText(value: Json): string {
  if (typeof value === 'string') return textLiteral(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(flatText).join(', ')}]`;
  const members = Object.entries(value).map(([name, each]) => `${keyText(name)}: ${flatText(each)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Numbers stand beside each other. */
function filled(numbers: readonly Json[], indent: string): string[] {
  const lines: string[] = [];
  for (const number of numbers) {
    const text = `${flatText(number)},`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= WIDTH) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(`${indent}${text}`);
  }
  return lines;
}

function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : textLiteral(name);
}

function numberText(value: number): string {
  return (Object.is(value, -0) ? '-0' : String(value)).replace('e+', 'e');
}

/** In single quotes, unless that takes more backslashes than double ones. */
export function textLiteral(text: string): string {
  const count = (quote: string): number => text.split(quote).length - 1;
  const quote = count("'") > count('"') ? '"' : "'";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they have to be escaped
  const inner = text.replace(/[\\\x00-\x1f\x7f\u2028\u2029\ufeff]/g, escaped).replaceAll(quote, `\\${quote}`);
  return `${quote}${inner}${quote}`;
}

/** A name as a comment of one line can hold it: nothing in it ends the line, or shows it in another order. */
export function commentText(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, escaped);
}

function escaped(character: string): string {
  const short = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
