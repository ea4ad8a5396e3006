// In: the tokens inside `__attribute__((…))`, `[[…]]` or `__declspec(…)`. Out: the attributes they list (GCC manual, "Attribute Syntax").

import type { Token } from '../token.ts';
import { skipGroup } from './split.ts';

/** An attribute, an asm label (`asm`), or an alignment specifier (`aligned`). Names without their underscores. */
export interface Attribute {
  readonly name: string;
  readonly arguments: readonly Token[];
}

/** Reads `packed, aligned(8), __format__(printf, 1, 2)`; one more pair of parentheses around it, as GCC has, is opened. */
export function readAttributes(tokens: readonly Token[], start: number, end: number): Attribute[] {
  const list: Attribute[] = [];
  for (let i = start; i < end; ) {
    const token = tokens[i]!;
    if (token.text === '(') {
      const after = skipGroup(tokens, i, end);
      for (const attribute of readAttributes(tokens, i + 1, after - 1)) list.push(attribute);
      i = after;
    } else if (token.kind === 'identifier') {
      let name = token.text;
      i++;
      if (tokens[i]?.text === '::' || (tokens[i]?.text === ':' && tokens[i + 1]?.text === ':')) {
        i += tokens[i]!.text === '::' ? 1 : 2;
        name = tokens[i++]?.text ?? name;
      }
      let args: readonly Token[] = [];
      if (i < end && tokens[i]!.text === '(') {
        const after = skipGroup(tokens, i, end);
        args = tokens.slice(i + 1, after - 1);
        i = after;
      }
      list.push({ name: name.replace(/^__(.*)__$/, '$1'), arguments: args });
    } else i++;
  }
  return list;
}
