// In: the tokens of a translation unit. Out: its external declarations (C11 6.9) as token ranges, and of those
// the ones that matter: the library's own and whatever they reach. The rest is never parsed.

import { startsType, TYPEOF } from '../expression/type-names.ts';
import type { SourceFile, Token } from '../token.ts';

/** One external declaration: tokens [start, end). For a function definition `bodyStart` is its `{`. */
export interface ExternalDeclaration {
  readonly start: number;
  readonly end: number;
  readonly bodyStart: number | undefined;
  /** The parentheses of a K&R definition's identifier list (C11 6.9.1p6). */
  readonly oldStyle?: { readonly open: number; readonly close: number };
  /** The file that its first token stands in. */
  readonly file: SourceFile;
}

/** Words that open a parenthesised group which is no part of the declarator. */
const GROUP_WORDS: ReadonlySet<string> = new Set([
  ...TYPEOF,
  '_Atomic',
  '_BitInt',
  '__attribute__',
  '__attribute',
  '__asm__',
  '__asm',
  'asm',
  '__declspec',
  '_Alignas',
  'alignas',
]);

const OPENERS: ReadonlySet<string> = new Set(['(', '[', '{']);
const CLOSERS: ReadonlySet<string> = new Set([')', ']', '}']);

/** The index after the bracket that closes the one at `open`, or `limit` where it is never closed. */
export function skipGroup(tokens: readonly Token[], open: number, limit: number = tokens.length): number {
  let depth = 0;
  for (let i = open; i < limit; i++) {
    const token = tokens[i]!;
    if (token.kind !== 'punctuator') continue;
    if (OPENERS.has(token.text)) depth++;
    else if (CLOSERS.has(token.text) && --depth === 0) return i + 1;
  }
  return limit;
}

/** Cuts the tokens into external declarations. Text that never ends with `;` or a body is the last one, as it stands. */
export function splitDeclarations(tokens: readonly Token[]): ExternalDeclaration[] {
  const found: ExternalDeclaration[] = [];
  let i = 0;
  while (i < tokens.length) {
    const start = i;
    let previous = '';
    let assigned = false;
    let bodyStart: number | undefined;
    let oldStyle: ExternalDeclaration['oldStyle'];
    let open = i;
    for (;;) {
      const token = tokens[i];
      if (!token) break;
      const text = token.text;
      if (token.kind === 'identifier' && GROUP_WORDS.has(text) && tokens[i + 1]?.text === '(') {
        i = skipGroup(tokens, i + 1);
      } else if (previous === ')' && token.kind === 'identifier' && !assigned) {
        const brace = oldStyleBody(tokens, open, i);
        previous = text;
        if (brace === undefined) {
          i++;
          continue;
        }
        oldStyle = { open, close: i - 1 };
        bodyStart = brace;
        i = skipGroup(tokens, brace);
        break;
      } else if (text === '{' && previous === ')' && !assigned) {
        bodyStart = i;
        i = skipGroup(tokens, i);
        break;
      } else if (token.kind === 'punctuator' && OPENERS.has(text)) {
        open = i;
        i = skipGroup(tokens, i);
        previous = tokens[i - 1]!.text;
      } else {
        i++;
        if (text === ';') break;
        if (text === '=') assigned = true;
        previous = text;
      }
    }
    if (i > start + 1 || tokens[start]!.text !== ';') {
      found.push({ start, end: i, bodyStart, ...(oldStyle ? { oldStyle } : {}), file: tokens[start]!.file });
    }
  }
  return found;
}

/** The `{` of a K&R definition whose identifier list opens at `open` and whose parameters are declared from `at` on. */
function oldStyleBody(tokens: readonly Token[], open: number, at: number): number | undefined {
  let names = 0;
  for (let i = open + 1; i < at - 1; i++) {
    const { kind, text } = tokens[i]!;
    const isName = kind === 'identifier' && !startsType(text);
    if ((i - open) % 2 === 1 ? !isName : text !== ',') return undefined;
    if (isName) names++;
  }
  // There are no more declarations than names.
  let i = at;
  for (let semicolons = 0; semicolons < names && i < tokens.length; i++) {
    const { text } = tokens[i]!;
    if (text === ';') {
      semicolons++;
      if (tokens[i + 1]?.text === '{') return i + 1;
    } else if (text === '{' || text === '}' || text === '=') return undefined;
  }
  return undefined;
}

/** The own declarations and those that they reach through type names, tags and enumerators, in order of appearance. */
export function reachableDeclarations(
  tokens: readonly Token[],
  declarations: readonly ExternalDeclaration[],
  isOwn: (file: SourceFile) => boolean,
  extraNames: Iterable<string> = [],
): ExternalDeclaration[] {
  const index = new Map<string, number[]>();
  const chosen = new Set<number>();
  const work: number[] = [];
  declarations.forEach((declaration, at) => {
    if (isOwn(declaration.file)) {
      chosen.add(at);
      work.push(at);
    } else {
      for (const name of declaredNames(tokens, declaration)) {
        const places = index.get(name);
        if (places) places.push(at);
        else index.set(name, [at]);
      }
    }
  });
  const reach = (name: string): void => {
    const places = index.get(name);
    if (!places) return;
    index.delete(name);
    for (const at of places) {
      if (chosen.has(at)) continue;
      chosen.add(at);
      work.push(at);
    }
  };
  for (const name of extraNames) reach(name);
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    const { start, end, bodyStart } = declarations[at]!;
    for (let i = start; i < (bodyStart ?? end); i++) {
      const token = tokens[i]!;
      if (token.kind === 'identifier') reach(token.text);
    }
  }
  return [...chosen].sort((a, b) => a - b).map((at) => declarations[at]!);
}

/** The names that a declaration may introduce: typedef names, tags of bodies, enumerators. It errs on the generous side;
 *  what is parsed without need is dropped again by the select pass. */
function declaredNames(tokens: readonly Token[], { start, end, bodyStart }: ExternalDeclaration): Set<string> {
  const names = new Set<string>();
  if (bodyStart !== undefined) return names;
  const isTypedef = tokens[start]!.text === 'typedef' || tokens[start + 1]?.text === 'typedef';
  let braces = 0;
  const enumBraces: number[] = [];
  for (let i = start; i < end; i++) {
    const token = tokens[i]!;
    const next = tokens[i + 1]?.text;
    if (token.text === '{') {
      braces++;
      if (isEnumBody(tokens, i, start)) enumBraces.push(braces);
    } else if (token.text === '}') {
      if (enumBraces.at(-1) === braces) enumBraces.pop();
      braces--;
    } else if (token.kind === 'identifier') {
      const previous = tokens[i - 1]?.text;
      if (next === '{' || (next === ':' && previous === 'enum')) names.add(token.text);
      else if (enumBraces.at(-1) === braces && (previous === '{' || previous === ',')) names.add(token.text);
      else if (
        isTypedef &&
        braces === 0 &&
        (next === ';' || next === ',' || next === ')' || next === '[' || next === '(')
      ) {
        names.add(token.text);
      } else if (isTypedef && braces === 0 && next !== undefined && GROUP_WORDS.has(next)) names.add(token.text);
      else if (next !== undefined && GROUP_WORDS.has(next) && isTagWord(previous)) names.add(token.text);
    }
  }
  return names;
}

function isTagWord(text: string | undefined): boolean {
  return text === 'struct' || text === 'union' || text === 'enum';
}

/** Whether the `{` at `brace` opens an enumerator list: `enum {`, `enum tag {`, `enum tag : type {`. */
function isEnumBody(tokens: readonly Token[], brace: number, start: number): boolean {
  for (let i = brace - 1; i >= start && i > brace - 8; i--) {
    const text = tokens[i]!.text;
    if (text === 'enum') return true;
    if (text === ';' || text === '{' || text === '}' || text === 'struct' || text === 'union') return false;
  }
  return false;
}
