// In: the tokens of external declarations. Out: those whose brackets or declarators nest so deep that the readers of this
// folder, which follow nesting by recursion, could not. C11 5.2.4.1 asks for 63 levels of each; clang ends at 256 brackets.

import type { Token } from '../token.ts';
import { type ExternalDeclaration, skipGroup } from './split.ts';

export const NESTING_LIMIT = 256;

/** The token at which a declaration nests too deep; undefined where none does. */
export function tooDeep(tokens: readonly Token[], { start, end, bodyStart }: ExternalDeclaration): Token | undefined {
  let brackets = 0;
  // Each star and each dimension wraps one type around another, until the next declarator begins.
  let layers = 0;
  let isValue = false;
  for (let i = start; i < (bodyStart ?? end); i++) {
    const token = tokens[i]!;
    if (token.kind !== 'punctuator') continue;
    switch (token.text) {
      case '*':
        if (!isValue) layers++;
        break;
      case '[':
        layers++;
        i = skipGroup(tokens, i, end) - 1;
        break;
      case '(':
      case '{':
        brackets++;
        break;
      case ')':
      case '}':
        brackets--;
        break;
      case '=':
        isValue = true;
        break;
      case ',':
      case ';':
        isValue = false;
        layers = 0;
        break;
    }
    if (brackets > NESTING_LIMIT || layers > NESTING_LIMIT) return token;
  }
  return undefined;
}
