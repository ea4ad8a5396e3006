// In: text from anywhere. Out: HTML in which it is text and nothing else (HTML Living Standard, 13.1.2 to 13.1.4). What `html` is given
// is escaped unless `html` itself has made it, so that no place can forget to.

/** Text that is HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = Html | string | number | undefined | readonly Html[];

/** `html\`<p>${anything}</p>\``: what is put in is escaped, in text and in attributes with quotes alike. Undefined is nothing. */
export function html(literal: TemplateStringsArray, ...values: readonly Content[]): Html {
  let text = literal[0]!;
  for (let at = 0; at < values.length; at++) text += contentText(values[at]) + literal[at + 1]!;
  return new Html(text);
}

function contentText(value: Content): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map((part) => part.text).join('');
  return escapeHtml(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What a reader would not see, or that would turn what follows around: controls, formats (the directions of writing among them), separators
 *  of lines and halves of characters. */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

function escapeHtml(text: string): string {
  return text
    .replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** HTML of several parts, with something between them. */
export function joined(parts: readonly Html[], between: string): Html {
  return new Html(parts.map((part) => part.text).join(between));
}

/** 12345 as `12,345`: the same in every locale. */
export function counted(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 function`, `2 functions`. */
export function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${counted(count)} ${count === 1 ? noun : several}`;
}
