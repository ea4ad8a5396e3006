// Declarations of one shape share a syntax tree: what comes out is what tree-sitter makes of each line by itself.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { Language, type Node, Parser } from 'web-tree-sitter';
import type { SyntaxNode } from '../../generator/src/parse/shapes.ts';
import { loadGrammar, parseSyntax } from '../../generator/src/parse/syntax.ts';
import { resources } from '../../generator/src/resources.ts';

/** As `normalise` writes them: a space behind each token, names of many lengths, lines that differ in names alone. */
const LINES = [
  'extern int a ( int x , const char * name ) ; ',
  'extern int a_longer_name ( int y , const char * n ) ; ',
  'extern widget a ( widget x , const char * name ) ; ',
  'extern size_t a ( size_t x , const char * name ) ; ',
  'typedef struct point { int x ; int y ; } point ; ',
  'typedef struct p { int abscissa ; int ordinate ; } * pointer ; ',
  'typedef struct q { int a ; int b ; } * another_pointer ; ',
  'typedef void ( * handler ) ( void * data , int ) ; ',
  'typedef void ( * h ) ( void * closure , int ) ; ',
  'void ( * signal ( int which , void ( * call ) ( int ) ) ) ( int ) ; ',
  'void ( * s ( int w , void ( * c ) ( int ) ) ) ( int ) ; ',
  'enum tone { LOW = 0 , HIGH = 0 , } ; ',
  'enum t { A = 0 , B = 0 , } ; ',
  'union u { struct { int a : 0 ; int _ : 0 ; } ; int all [ 0 ] [ 0 ] ; } ; ',
  'union longer { struct { int first : 0 ; int _ : 0 ; } ; int every [ 0 ] [ 0 ] ; } ; ',
  'extern x x ( x ) ; ',
  'extern name other ( third ) ; ',
  `extern int wide ( ${Array.from({ length: 80 }, (_, i) => `int argument_${i}`).join(' , ')} ) ; `,
];

let language: Language;
let parser: Parser;

beforeAll(async () => {
  language = await loadGrammar(resources);
  parser = new Parser();
  parser.setLanguage(await Language.load(readFileSync(resources.grammar)));
});

/** tree-sitter's own tree of a line that stands at `base`. */
function expected(node: Node, field: string | null, base: number): SyntaxNode {
  const children = node.children.flatMap((child, at) =>
    child?.isNamed ? [expected(child, node.fieldNameForChild(at), base)] : [],
  );
  return {
    type: node.type,
    field: field ?? undefined,
    start: base + node.startIndex,
    end: base + node.endIndex,
    children,
  };
}

function check(lines: readonly string[]): void {
  const trees = [...parseSyntax(language, lines.map((line) => `${line}\n`).join(''))];
  let base = 0;
  for (const [at, line] of lines.entries()) {
    const root = parser.parse(line)!.rootNode;
    expect(trees[at]!.errors).toEqual([]);
    expect(trees[at]!.root.children).toEqual(expected(root, null, base).children);
    base += line.length + 1;
  }
  expect(trees).toHaveLength(lines.length);
}

describe('the syntax of declarations', () => {
  test('is what tree-sitter makes of each line alone', () => check(LINES));
  test('does not depend on what was read before', () => check([...LINES].reverse()));
  test('is told from the place of each line', () => check(LINES.flatMap((line) => [line, line])));

  test('keeps an error to its own line, and to its place', () => {
    const lines = ['int good ( void ) ; ', 'int bad ( ( ; ', 'int fine ( void ) ; '];
    const trees = [...parseSyntax(language, `${lines.join('\n')}\n`)];
    expect(trees.map(({ errors }) => errors.length > 0)).toEqual([false, true, false]);
    const [start, end] = [lines[0]!.length + 1, lines[0]!.length + 1 + lines[1]!.length];
    for (const error of trees[1]!.errors) {
      expect(error.start).toBeGreaterThanOrEqual(start);
      expect(error.end).toBeLessThanOrEqual(end);
    }
  });
});
