// In: what a stage found wrong, and where. Out: Diagnostic values, and text with the source line and a caret.
// Stages gather diagnostics and go on where they can; the pipeline decides whether an error ends the run.

/** How bad a diagnostic is. An `error` means that nothing is written; the others let generation go on. */
export type Severity = 'error' | 'warning' | 'note';

/** A place in a source file. */
export interface Place {
  /** The path as it was opened. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
  /** How many code units the caret underlines; at least 1. */
  readonly length: number;
  /** The physical source line, without its line end. */
  readonly sourceLine: string;
}

/** One finding: what happened, where, and (in the notes) how control came there and what to do. */
export interface Diagnostic {
  /** A stable kebab-case name, for example `include-not-found`. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly place?: Place;
  /** Lines printed below: the include stack, where a file was looked for, the remedy. */
  readonly notes?: readonly string[];
}

/** Collects the diagnostics of a run, in the order they were reported. */
export class Diagnostics {
  readonly all: Diagnostic[] = [];

  get hasErrors(): boolean {
    return this.all.some((diagnostic) => diagnostic.severity === 'error');
  }

  report(diagnostic: Diagnostic): void {
    this.all.push(diagnostic);
  }
}

/** A file as far as a place needs it. */
export interface PlacedText {
  readonly path: string;
  readonly text: string;
}

/** The place of `offset` in a file. The line and column are computed when first read. */
export function placeAt(file: PlacedText, offset: number, length = 1): Place {
  return new LazyPlace(file, offset, length);
}

/** The 1-based line of an offset. */
export function lineAt(file: PlacedText, offset: number): number {
  const starts = lineStarts(file);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  let line = low * LINES_APART + 1;
  const { text } = file;
  for (let at = text.indexOf('\n', starts[low]!); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** A file of empty lines is no reason to keep a number for each of its bytes. */
const LINES_APART = 32;

const tables = new WeakMap<PlacedText, readonly number[]>();

/** Offsets at which every 32nd physical line of a file begins. */
function lineStarts(file: PlacedText): readonly number[] {
  let starts = tables.get(file);
  if (starts === undefined) {
    const found = [0];
    let lines = 0;
    for (let at = file.text.indexOf('\n'); at !== -1; at = file.text.indexOf('\n', at + 1)) {
      lines += 1;
      if (lines % LINES_APART === 0) found.push(at + 1);
    }
    starts = found;
    tables.set(file, starts);
  }
  return starts;
}

class LazyPlace implements Place {
  readonly #file: PlacedText;
  readonly #offset: number;
  readonly #length: number;

  constructor(file: PlacedText, offset: number, length: number) {
    this.#file = file;
    this.#offset = Math.max(0, Math.min(offset, file.text.length));
    this.#length = length;
  }

  get file(): string {
    return this.#file.path;
  }

  get line(): number {
    return lineAt(this.#file, this.#offset);
  }

  get column(): number {
    return this.#offset - this.#lineStart() + 1;
  }

  /** At least 1, and not past the end of the line. */
  get length(): number {
    return Math.max(1, Math.min(this.#length, this.sourceLine.length - this.column + 1));
  }

  get sourceLine(): string {
    const start = this.#lineStart();
    const end = this.#file.text.indexOf('\n', start);
    const line = this.#file.text.slice(start, end === -1 ? undefined : end);
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  toJSON(): Place {
    const { file, line, column, length, sourceLine } = this;
    return { file, line, column, length, sourceLine };
  }

  #lineStart(): number {
    return this.#offset === 0 ? 0 : this.#file.text.lastIndexOf('\n', this.#offset - 1) + 1;
  }
}

const COLOURS: Record<Severity | 'caret' | 'bold' | 'off', string> = {
  error: '\x1b[1;31m',
  warning: '\x1b[1;35m',
  note: '\x1b[1;36m',
  caret: '\x1b[1;32m',
  bold: '\x1b[1m',
  off: '\x1b[0m',
};

/** Prints a diagnostic the way C compilers do: place, severity, message, source line, caret, notes.
 *  The text ends without a line end and holds escape sequences only when `color` is true. */
export function render(diagnostic: Diagnostic, options: { readonly color?: boolean } = {}): string {
  const paint = (text: string, colour: keyof typeof COLOURS): string =>
    options.color === true ? COLOURS[colour] + text + COLOURS.off : text;
  const { place, severity, message, code } = diagnostic;
  const where = place === undefined ? '' : `${paint(`${place.file}:${place.line}:${place.column}:`, 'bold')} `;
  const lines = [`${where}${paint(`${severity}:`, severity)} ${paint(printable(message), 'bold')} [${code}]`];
  if (place !== undefined) {
    const { text, before } = excerpt(place);
    lines.push(printable(text), indent(before) + paint(caret(place, text.length - before.length), 'caret'));
  }
  for (const note of diagnostic.notes ?? []) lines.push(`  ${paint('note:', 'note')} ${printable(note)}`);
  return lines.join('\n');
}

/** How much of a long line is shown on either side of the column. */
const AROUND = 160;

/** The source line, or what stands around the column of one that no terminal could show; and of it what is before the column. */
function excerpt({ sourceLine, column }: Place): { text: string; before: string } {
  const at = column - 1;
  if (sourceLine.length <= 2 * AROUND) return { text: sourceLine, before: sourceLine.slice(0, at) };
  const [start, end] = [Math.max(0, at - AROUND), Math.min(sourceLine.length, at + AROUND)];
  const head = start > 0 ? '…' : '';
  const before = head + sourceLine.slice(start, at);
  return { text: before + sourceLine.slice(at, end) + (end < sourceLine.length ? '…' : ''), before };
}

function caret({ length }: Place, room: number): string {
  return `^${'~'.repeat(Math.max(0, Math.min(length, room) - 1))}`;
}

/** White space as wide as the text before the column: tabs stay tabs, wide characters count two. */
function indent(before: string): string {
  let space = '';
  for (const character of before) {
    if (character === '\t') space += '\t';
    else space += isWide(character.codePointAt(0)!) ? '  ' : ' ';
  }
  return space;
}

/** In columns of a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += isWide(character.codePointAt(0)!) ? 2 : 1;
  return width;
}

function isWide(code: number): boolean {
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xd7a3) || (code >= 0xff00 && code <= 0xff60);
}

/** Control characters of what was read must not drive the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is replaced
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '\ufffd');
}
