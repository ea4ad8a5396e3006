// In: parts of a module as data. Out: their text through a writer: comments, lists on one line or several, objects, literals.

import type { Variants } from './variants.ts';
import type { Writer } from './writer.ts';

/** Of a line, in characters. */
export const WIDTH = 120;

export function section(writer: Writer, title: string): void {
  writer.blankLine();
  writer.writeLine(`// ${title}`);
  writer.blankLine();
}

/** A key and its value; where targets differ, an object with the value of each. */
export function printEntry(
  writer: Writer,
  key: string,
  value: string,
  variants: Variants | undefined,
  text = (value: string): string => value,
  suffix = '',
): void {
  if (!variants) {
    writer.writeLine(`${key}: ${text(value)}${suffix},`);
    return;
  }
  const each = [...variants].map(([target, own]) => `'${target}': ${text(own)}`);
  printList(writer, `${key}: { `, each, ', ', ` }${suffix},`);
}

/** A string literal that no character can break out of. */
export function quote(text: string): string {
  const body = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${body.replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;
}

/** On one line where there is room, else one item a line. */
export function printList(
  writer: Writer,
  head: string,
  items: readonly string[],
  separator: ', ' | ' | ',
  tail: string,
): void {
  const line = head + items.join(separator) + tail;
  if (line.length + writer.indentation <= WIDTH) {
    writer.writeLine(line);
    return;
  }
  const isUnion = separator === ' | ';
  writer.writeLine(head.trimEnd());
  writer.indent(() => {
    for (const [at, item] of items.entries()) {
      const end = at === items.length - 1 ? tail : '';
      writer.writeLine(isUnion ? `| ${item}${end}` : `${item},`);
    }
  });
  if (!isUnion) writer.writeLine(tail.trimStart());
}

/** On as few lines as have room for them: for long lists of short items. */
export function printFilled(writer: Writer, head: string, items: readonly string[], tail: string): void {
  const line = head + items.join(', ') + tail;
  if (line.length + writer.indentation <= WIDTH) {
    writer.writeLine(line);
    return;
  }
  writer.writeLine(head);
  writer.indent(() => {
    for (const part of wrap(`${items.join(', ')},`, WIDTH - writer.indentation)) writer.writeLine(part.trim());
  });
  writer.writeLine(tail);
}

export function printObject<T>(writer: Writer, key: string, items: readonly T[], print: (item: T) => void): void {
  if (items.length === 0) {
    writer.writeLine(`${key}: {},`);
    return;
  }
  writer.write(`${key}: `).inlineBlock(() => {
    for (const item of items) print(item);
  });
  writer.write(',').newLine();
}

export function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ');
}

/** A TSDoc comment. No text can end it; tags of the header's own comments (`@param`, `@deprecated`) stay tags. */
export function printDoc(writer: Writer, lines: readonly string[]): void {
  const room = WIDTH - writer.indentation - 3;
  const safe = lines
    .flatMap((line) => line.split(/[\r\n\u2028\u2029]+/))
    .map((line) => line.replaceAll('*/', '*\u200b/').trimEnd())
    .flatMap((line) => wrap(line, room));
  if (safe.length === 0) return;
  if (safe.length === 1 && safe[0]!.length + 4 <= room) {
    writer.writeLine(`/** ${safe[0]} */`);
    return;
  }
  writer.writeLine('/**');
  for (const line of safe) writer.writeLine(` * ${line}`.trimEnd());
  writer.writeLine(' */');
}

/** Breaks a line at spaces; words that are longer than a line stay whole. What is broken off is indented by two. */
export function wrap(line: string, room: number): string[] {
  if (line.length <= room) return [line];
  const indent = /^ */.exec(line)![0];
  const lines: string[] = [];
  let current = '';
  for (const word of line.trim().split(/ +/)) {
    const margin = lines.length === 0 ? indent : `${indent}  `;
    if (current === '') current = margin + word;
    else if (current.length + 1 + word.length <= room) current += ` ${word}`;
    else {
      lines.push(current);
      current = `${indent}  ${word}`;
    }
  }
  return [...lines, current];
}
