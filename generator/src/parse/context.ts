// What the parser's files share while one translation unit is read: where tokens stand, and the declarations found so far.

import { type Diagnostics, placeAt } from '../diagnostics.ts';
import type { EnumDecl, FunctionDecl, RecordDecl, TypedefDecl, Unsupported, VariableDecl } from '../model/api.ts';
import type { CType } from '../model/ctype.ts';
import { TypeTable } from '../model/types.ts';
import type { Target } from '../target.ts';
import type { Token } from '../token.ts';
import type { Attribute } from './attribute-list.ts';
import { docComment } from './comments.ts';
import type { Normalised } from './normalised.ts';
import type { Origins } from './origin.ts';
import type { LayoutPragmas } from './packing.ts';
import type { SyntaxNode } from './syntax.ts';

/** An enumerator as an operand of later constant expressions: `int`, or its enumeration's type where it does not fit. */
export interface EnumeratorConstant {
  readonly value: bigint;
  readonly type: CType;
}

/** Size and alignment of a type in bytes, and of a record its members' places in bits, for constants; undefined where it has none. The layout stage provides it. */
export type LayoutOf = (
  type: CType,
  table: TypeTable,
) =>
  | { readonly size: number; readonly align: number; readonly fields?: readonly { readonly offset: number }[] }
  | undefined;

export class ParseContext {
  readonly source: Normalised;
  readonly target: Target;
  readonly origins: Origins;
  readonly docs: boolean;
  readonly layoutOf: LayoutOf;
  /** `#pragma pack` in force at a record's `{`. */
  readonly pragmas: ReadonlyMap<Token, LayoutPragmas>;
  readonly diagnostics: Diagnostics;

  readonly functions: FunctionDecl[] = [];
  readonly variables: VariableDecl[] = [];
  /** What no shim can carry, found on the way. */
  readonly unsupported: Unsupported[] = [];
  readonly typedefs: Map<string, TypedefDecl> = new Map();
  readonly records: Map<string, RecordDecl> = new Map();
  readonly enums: Map<string, EnumDecl> = new Map();
  readonly enumerators: Map<string, EnumeratorConstant> = new Map();
  /** Keys of the records whose tags are declared at file scope by now. */
  readonly visibleTags: Set<string> = new Set();
  /** The types of functions and variables, for expressions that mention these. */
  readonly declared: Map<string, CType> = new Map();
  /** Type names that were used, with the place of their first use. */
  readonly usedTypeNames: Map<string, Token> = new Map();
  /** What has been declared so far, for questions about types. */
  readonly table: TypeTable = new TypeTable(this);

  constructor(
    source: Normalised,
    target: Target,
    origins: Origins,
    diagnostics: Diagnostics,
    options: {
      readonly docs: boolean;
      readonly layoutOf: LayoutOf;
      readonly pragmas: ReadonlyMap<Token, LayoutPragmas>;
    },
  ) {
    this.source = source;
    this.target = target;
    this.origins = origins;
    this.diagnostics = diagnostics;
    this.docs = options.docs;
    this.layoutOf = options.layoutOf;
    this.pragmas = options.pragmas;
  }

  /** The index of the kept token at an offset of the normalised text. */
  indexAt(offset: number): number {
    const { starts } = this.source;
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The tokens that a node covers, as the header has them: arithmetic types with all of their words. */
  tokensOf(node: SyntaxNode): readonly Token[] {
    if (node.end <= node.start) return [];
    const { tokens, folded } = this.source;
    const list: Token[] = [];
    for (let i = this.indexAt(node.start); i <= this.indexAt(node.end - 1); i++)
      for (const token of folded.get(i) ?? [tokens[i]!]) list.push(token);
    return list;
  }

  firstToken(node: SyntaxNode): Token {
    return this.source.tokens[this.indexAt(node.start)]!;
  }

  text(node: SyntaxNode): string {
    return this.firstToken(node).text;
  }

  /** Attributes in front of the kept tokens [from, to]. */
  attributes(from: number, to: number): Attribute[] {
    const list: Attribute[] = [];
    if (this.source.attributes.size === 0) return list;
    for (let i = from; i <= to; i++) {
      for (const attribute of this.source.attributes.get(i) ?? []) list.push(attribute);
    }
    return list;
  }

  doc(node: SyntaxNode): string | undefined {
    return this.docs ? this.comment(node) : undefined;
  }

  /** The comment that documents a declaration. */
  comment(node: SyntaxNode): string | undefined {
    const tokens = this.tokensOf(node);
    const first = tokens[0];
    const last = tokens.at(-1);
    if (!first || !last) return undefined;
    const end = last.file === first.file ? last.offset + last.text.length : first.offset + first.text.length;
    return docComment(first.file.text, first.offset, end);
  }

  error(code: string, message: string, token: Token, notes?: readonly string[]): void {
    this.#report('error', code, message, token, notes);
  }

  /** Something that compilers disagree about. */
  warn(code: string, message: string, token: Token): void {
    this.#report('warning', code, message, token);
  }

  #report(severity: 'error' | 'warning', code: string, message: string, token: Token, notes?: readonly string[]): void {
    this.diagnostics.report({
      code,
      severity,
      message,
      place: placeAt(token.file, token.offset, Math.max(1, token.fromMacro ? 1 : token.text.length)),
      ...(notes ? { notes } : {}),
    });
  }
}
