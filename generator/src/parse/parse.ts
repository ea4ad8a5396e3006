// In: a translation unit and which of its files are the library's own. Out: its Api.
// split -> reachable -> normalise -> tree-sitter -> declarations -> constants; each step is a file beside this one.

import { type Diagnostics, placeAt } from '../diagnostics.ts';
import type { Api } from '../model/api.ts';
import type { Target } from '../target.ts';
import type { SourceFile, Token, TranslationUnit } from '../token.ts';
import { readConstants } from './constants.ts';
import { type LayoutOf, ParseContext } from './context.ts';
import { readDeclarations } from './declare.ts';
import { NESTING_LIMIT, tooDeep } from './nesting.ts';
import { normalise } from './normalise.ts';
import { Origins } from './origin.ts';
import { pragmasAtBraces } from './packing.ts';
import { reachableDeclarations, splitDeclarations } from './split.ts';
import { loadGrammar, parseSyntax } from './syntax.ts';

/** The grammar takes seconds and gigabytes beyond that. The headers of GTK and all that they include are 300,000. */
const TOKEN_LIMIT = 1_000_000;

export interface ParseInput {
  readonly unit: TranslationUnit;
  readonly target: Target;
  readonly isOwn: (file: SourceFile) => boolean;
  /** Folders that headers were searched in; origins are given relative to them. */
  readonly searchDirs: readonly string[];
  readonly docs: boolean;
  readonly layoutOf: LayoutOf;
  readonly library: string;
  readonly version: string;
  readonly grammar: Grammar;
}

/** The grammar, which may be on its way: it is compiled beside the main thread. */
export type Grammar = ReturnType<typeof loadGrammar>;
export { loadGrammar };

export async function parse(input: ParseInput, diagnostics: Diagnostics): Promise<Api> {
  const { target, isOwn, docs, layoutOf } = input;
  const unit = withPlainSpelling(input.unit);
  const declarations = splitDeclarations(unit.tokens);
  const chosen = reachableDeclarations(unit.tokens, declarations, isOwn, macroNames(unit, isOwn));
  const count = chosen.reduce((sum, { start, end, bodyStart }) => sum + (bodyStart ?? end) - start, 0);
  if (count > TOKEN_LIMIT) {
    diagnostics.report({
      code: 'too-many-declarations',
      severity: 'error',
      message: `the library's declarations are ${count} tokens long; ${TOKEN_LIMIT} are the most`,
      notes: ['name fewer headers, or say with --own which folders or files are the library'],
    });
    chosen.length = 0;
  }
  const nested = chosen.map((declaration) => tooDeep(unit.tokens, declaration)).find((token) => token !== undefined);
  if (nested !== undefined) {
    diagnostics.report({
      code: 'nesting',
      severity: 'error',
      message: `this nests more than ${NESTING_LIMIT} deep`,
      place: placeAt(nested.file, nested.offset),
    });
    chosen.length = 0;
  }
  const origins = new Origins(input.searchDirs);
  const context = new ParseContext(normalise(unit.tokens, chosen), target, origins, diagnostics, {
    docs,
    layoutOf,
    pragmas: pragmasAtBraces(unit, target),
  });
  readDeclarations(context, parseSyntax(await input.grammar, context.source.text));
  const { constants, unsupported } = readConstants(context, unit, isOwn);
  return {
    library: input.library,
    version: input.version,
    target: target.name,
    headers: unit.files.filter((file) => file.included === 'entry').map((file) => origins.header(file)),
    ownHeaders: unit.files.filter(isOwn).map((file) => origins.header(file)),
    functions: context.functions,
    records: [...context.records.values()],
    enums: [...context.enums.values()],
    typedefs: [...context.typedefs.values()],
    variables: context.variables,
    constants,
    unsupported: [...context.unsupported, ...unsupported],
  };
}

const DIGRAPHS: ReadonlyMap<string, string> = new Map([
  ['<:', '['],
  [':>', ']'],
  ['<%', '{'],
  ['%>', '}'],
]);

/** Digraphs are other spellings of punctuators (C11 6.4.6p3), universal character names of the characters of identifiers. */
function withPlainSpelling(unit: TranslationUnit): TranslationUnit {
  const isOther = ({ kind, text }: Token): boolean =>
    (text.length === 2 && DIGRAPHS.has(text)) || (kind === 'identifier' && text.includes('\\'));
  if (!unit.tokens.some(isOther)) return unit;
  const tokens = unit.tokens.map((token) =>
    isOther(token) ? { ...token, text: DIGRAPHS.get(token.text) ?? withCharacters(token.text) } : token,
  );
  return { ...unit, tokens, expand: unit.expand };
}

/** Universal character names in an identifier are the characters (C11 6.4.3); symbols are in UTF-8. */
function withCharacters(name: string): string {
  return name.replace(/\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8}))/g, (_, short, long) =>
    String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(short ?? long, 16))),
  );
}

/** Type names and enumerators that the library's macros mention, so that their values can be computed. */
function* macroNames(unit: TranslationUnit, isOwn: (file: SourceFile) => boolean): Generator<string> {
  for (const macro of unit.macros.values()) {
    if (!macro.file || !isOwn(macro.file) || macro.parameters) continue;
    for (const token of macro.body) if (token.kind === 'identifier') yield token.text;
  }
}
