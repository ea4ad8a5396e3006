// In: C text that the grammar knows. Out: a plain syntax tree. The only importer of tree-sitter.
//
// The tree is copied out of WebAssembly memory in one cursor walk, named nodes only, and freed at once: reading node by
// node through the binding costs more than the parse.

import { readFileSync } from 'node:fs';
import { Language, Parser, type TreeCursor } from 'web-tree-sitter';

/** A named node of tree-sitter-c. Offsets are UTF-16 code units into the parsed text. */
export interface SyntaxNode {
  readonly type: string;
  /** The grammar's field that it fills in its parent: `type`, `declarator`, `name`, `body` … */
  readonly field: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly children: readonly SyntaxNode[];
}

/** A node that the grammar could not make sense of, or a token that it had to invent. */
interface SyntaxError {
  readonly start: number;
  readonly end: number;
  readonly missing: string | undefined;
}

export interface SyntaxTree {
  readonly root: SyntaxNode;
  readonly errors: readonly SyntaxError[];
}

/** Characters that are parsed at a time. */
const PIECE = 32_768;

let ready: Promise<Language> | undefined;

/** Loads the grammar once. `grammar` is the path of tree-sitter-c.wasm, `engine` that of web-tree-sitter.wasm. */
export function loadGrammar(paths: { readonly grammar: string; readonly engine: string }): Promise<Language> {
  ready ??= (async () => {
    await Parser.init({ locateFile: () => paths.engine });
    return Language.load(readFileSync(paths.grammar));
  })();
  return ready;
}

/** One tree for each piece of the text, so that neither C's memory nor ours ever holds the syntax of all of it. The pieces end with
 *  lines; no declaration stands on two. */
export function* parseSyntax(language: Language, text: string): Generator<SyntaxTree> {
  const parser = new Parser();
  parser.setLanguage(language);
  try {
    for (let start = 0; start < text.length; ) {
      const newLine = text.indexOf('\n', start + PIECE);
      const end = newLine < 0 ? text.length : newLine + 1;
      yield parsePiece(parser, text.slice(start, end), start);
      start = end;
    }
  } finally {
    parser.delete();
  }
}

function parsePiece(parser: Parser, text: string, base: number): SyntaxTree {
  const tree = parser.parse(text);
  if (!tree) throw new Error('tree-sitter returned no tree');
  const errors: SyntaxError[] = [];
  const cursor = tree.walk();
  try {
    const hasError = tree.rootNode.hasError;
    const root = copyNode(cursor, base, hasError ? errors : undefined);
    return { root, errors };
  } finally {
    cursor.delete();
    tree.delete();
  }
}

interface MutableNode extends SyntaxNode {
  readonly children: SyntaxNode[];
}

/** Copies the node under the cursor and everything below it. Iterative: nesting costs no stack. */
function copyNode(cursor: TreeCursor, base: number, errors: SyntaxError[] | undefined): SyntaxNode {
  const make = (): MutableNode => ({
    type: cursor.nodeType,
    field: cursor.currentFieldName ?? undefined,
    start: base + cursor.startIndex,
    end: base + cursor.endIndex,
    children: [],
  });
  const note = (): void => {
    if (!errors) return;
    const missing = cursor.nodeIsMissing;
    if (missing || cursor.nodeType === 'ERROR') {
      errors.push({
        start: base + cursor.startIndex,
        end: base + cursor.endIndex,
        missing: missing ? cursor.nodeType : undefined,
      });
    }
  };
  const root = make();
  note();
  const path: MutableNode[] = [root];
  if (!cursor.gotoFirstChild()) return root;
  for (;;) {
    note();
    let descended = false;
    if (cursor.nodeIsNamed) {
      const node = make();
      path.at(-1)!.children.push(node);
      if (cursor.gotoFirstChild()) {
        path.push(node);
        descended = true;
      }
    }
    if (descended) continue;
    while (!cursor.gotoNextSibling()) {
      if (path.length === 1 || !cursor.gotoParent()) return root;
      path.pop();
      if (path.length === 0) return root;
    }
  }
}
