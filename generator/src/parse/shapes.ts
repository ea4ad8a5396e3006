// In: declarations, one a line, each token followed by a space. Out: the syntax tree of each, in their order.
//
// Most declarations of a library differ from others in nothing but names, and names that are no keywords decide nothing in the grammar.
// So each shape is given to the grammar once, and its tree is put over every line that has it. In GTK 9,100 lines have 900 shapes.

/** A named node of tree-sitter-c. Offsets are UTF-16 code units into the text. */
export interface SyntaxNode {
  readonly type: string;
  /** The grammar's field that it fills in its parent: `type`, `declarator`, `name`, `body` … */
  readonly field: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly children: readonly SyntaxNode[];
}

/** A node that the grammar could not make sense of, or a token that it had to invent. */
export interface SyntaxProblem {
  readonly start: number;
  readonly end: number;
  readonly missing: string | undefined;
}

export interface SyntaxTree {
  readonly root: SyntaxNode;
  readonly errors: readonly SyntaxProblem[];
}

/** What the grammar makes of a text that stands at `base`. */
export type ParseText = (text: string, base: number) => SyntaxTree;

/** Longer lines hardly ever have the shape of another one. */
const LONGEST = 512;

/** Characters that are parsed at a time. */
const PIECE = 32_768;

/** A node whose ends are numbers of words: a word is what stands between spaces. */
interface Shape {
  readonly type: string;
  readonly field: string | undefined;
  readonly first: number;
  readonly last: number;
  readonly children: readonly Shape[];
}

export class Shapes {
  /** By the line with `x` for each name; undefined where the grammar sees an error. */
  private readonly shapes = new Map<string, readonly Shape[] | undefined>();
  /** What stands for a word in the key of a shape. */
  private readonly keyWords = new Map<string, string>();
  private readonly keywords: ReadonlySet<string>;

  /** `keywords`: the words that the grammar tells from names. */
  constructor(keywords: ReadonlySet<string>) {
    this.keywords = keywords;
  }

  *read(text: string, parse: ParseText): Generator<SyntaxTree> {
    const lines = this.split(text);
    this.learn(text, lines, parse);
    for (const line of lines) {
      const shape = line.key === undefined ? undefined : this.shapes.get(line.key);
      if (shape) yield { root: over(shape, text, line), errors: [] };
      else yield parse(text.slice(line.start, line.end), line.start);
    }
  }

  private split(text: string): Line[] {
    const lines: Line[] = [];
    for (let start = 0; start < text.length; ) {
      const newLine = text.indexOf('\n', start);
      const end = newLine < 0 ? text.length : newLine;
      lines.push({ start, end, key: end - start > LONGEST ? undefined : this.keyOf(text.slice(start, end)) });
      start = end + 1;
    }
    return lines;
  }

  private keyOf(line: string): string {
    let key = '';
    for (const word of line.split(' ')) {
      let keyWord = this.keyWords.get(word);
      if (keyWord === undefined) {
        keyWord = this.isName(word) ? 'x ' : `${word} `;
        this.keyWords.set(word, keyWord);
      }
      key += keyWord;
    }
    return key;
  }

  /** The grammar has a token for names of types such as `size_t`, too. */
  private isName(word: string): boolean {
    return /^[A-Za-z_]\w*$/.test(word) && !this.keywords.has(word) && !word.endsWith('_t');
  }

  /** Has the grammar parse one line of each shape that is not known. */
  private learn(text: string, lines: readonly Line[], parse: ParseText): void {
    let batch: Line[] = [];
    let size = 0;
    for (const line of lines) {
      if (line.key === undefined || this.shapes.has(line.key)) continue;
      this.shapes.set(line.key, undefined);
      batch.push(line);
      size += line.end - line.start;
      if (size < PIECE) continue;
      this.learnBatch(text, batch, parse);
      batch = [];
      size = 0;
    }
    if (batch.length > 0) this.learnBatch(text, batch, parse);
  }

  private learnBatch(text: string, lines: readonly Line[], parse: ParseText): void {
    const { root, errors } = parse(lines.map(({ start, end }) => text.slice(start, end)).join('\n'), 0);
    let at = 0;
    let base = 0;
    for (const line of lines) {
      const end = base + line.end - line.start;
      const from = at;
      while (at < root.children.length && root.children[at]!.start < end) at++;
      const isWrong = errors.some((error) => error.start <= end && error.end >= base);
      const words = wordsOf(text, line, base - line.start);
      const shape = isWrong ? undefined : shapesOf(root.children.slice(from, at), words);
      this.shapes.set(line.key!, shape);
      base = end + 1;
    }
  }
}

interface Line {
  readonly start: number;
  readonly end: number;
  /** Undefined for a long line. */
  readonly key: string | undefined;
}

interface Words {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Where the words of a line stand, moved by `shift`. */
function wordsOf(text: string, { start, end }: Line, shift = 0): Words {
  const starts: number[] = [];
  const ends: number[] = [];
  for (let at = start; at < end; ) {
    const space = text.indexOf(' ', at);
    const stop = space < 0 || space > end ? end : space;
    starts.push(at + shift);
    ends.push(stop + shift);
    at = stop + 1;
  }
  return { starts, ends };
}

/** Undefined where a node does not begin or end with a word. */
function shapesOf(nodes: readonly SyntaxNode[], words: Words): readonly Shape[] | undefined {
  const shapes: Shape[] = [];
  for (const { type, field, start, end, children } of nodes) {
    const first = words.starts.indexOf(start);
    const last = words.ends.indexOf(end, first);
    const inner = first < 0 || last < 0 ? undefined : shapesOf(children, words);
    if (!inner) return undefined;
    shapes.push({ type, field, first, last, children: inner });
  }
  return shapes;
}

function over(shapes: readonly Shape[], text: string, line: Line): SyntaxNode {
  const { start, end } = line;
  const children = nodesOver(shapes, wordsOf(text, line));
  return { type: 'translation_unit', field: undefined, start, end, children };
}

function nodesOver(shapes: readonly Shape[], words: Words): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  for (const { type, field, first, last, children } of shapes) {
    nodes.push({
      type,
      field,
      start: words.starts[first]!,
      end: words.ends[last]!,
      children: children.length === 0 ? NONE : nodesOver(children, words),
    });
  }
  return nodes;
}

const NONE: readonly SyntaxNode[] = [];
