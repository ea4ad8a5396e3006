// In: C text that the grammar knows. Out: a plain syntax tree. The only importer of tree-sitter.
//
// The tree is copied out of WebAssembly memory in one cursor walk, named nodes only, and freed at once: reading node by
// node through the binding costs more than the parse.

import { readFileSync } from 'node:fs';
import { Language, Parser, type TreeCursor } from 'web-tree-sitter';
import { Shapes, type SyntaxNode, type SyntaxProblem, type SyntaxTree } from './shapes.ts';

export type { SyntaxNode, SyntaxTree };

let ready: Promise<Language> | undefined;

/** Loads the grammar once. `grammar` is the path of tree-sitter-c.wasm, `engine` that of web-tree-sitter.wasm. */
export function loadGrammar(paths: { readonly grammar: string; readonly engine: string }): Promise<Language> {
  ready ??= (async () => {
    await Parser.init({ locateFile: () => paths.engine });
    return Language.load(readFileSync(paths.grammar));
  })();
  return ready;
}

/** The trees of declarations that stand one on a line. */
export function* parseSyntax(language: Language, text: string): Generator<SyntaxTree> {
  const parser = new Parser();
  parser.setLanguage(language);
  shapes ??= new Shapes(keywordsOf(language));
  try {
    yield* shapes.read(text, (piece, base) => parsePiece(parser, piece, base));
  } finally {
    parser.delete();
  }
}

/** What was learned from one library helps with the next. */
let shapes: Shapes | undefined;

/** Every word that the grammar has a name or a token for. */
function keywordsOf(language: Language): ReadonlySet<string> {
  const words = new Set([
    ...['bool', 'char', 'int', 'float', 'double', 'void'],
    ...['TRUE', 'true', 'FALSE', 'false', 'NULL', 'nullptr'],
  ]);
  for (let id = 0; id < language.nodeTypeCount; id++) words.add(language.nodeTypeForId(id) ?? '');
  return words;
}

function parsePiece(parser: Parser, text: string, base: number): SyntaxTree {
  const tree = parser.parse(text);
  if (!tree) throw new Error('tree-sitter returned no tree');
  const errors: SyntaxProblem[] = [];
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
function copyNode(cursor: TreeCursor, base: number, errors: SyntaxProblem[] | undefined): SyntaxNode {
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
