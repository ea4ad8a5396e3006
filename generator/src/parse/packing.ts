// In: a translation unit's `#pragma` lines about layout. Out: what is in force at each `{`, for records whose body it opens.
// GCC's manual, "Structure-Layout Pragmas": pack(n), pack(), pack(push[, label][, n]), pack(pop[, label][, n]);
// ms_struct on, off, reset; scalar_storage_order big-endian, little-endian, default.

import type { Token, TranslationUnit } from '../token.ts';

/** What pragmas ask of a record. */
export interface LayoutPragmas {
  /** In bytes. */
  readonly pack?: number;
  readonly msStruct?: true;
  readonly byteOrder?: string;
}

/** By the token of the opening brace; braces under no such pragma are not in it. */
export function pragmasAtBraces({ tokens, pragmas }: TranslationUnit): ReadonlyMap<Token, LayoutPragmas> {
  const found = new Map<Token, LayoutPragmas>();
  let pack: number | undefined;
  let msStruct = false;
  let byteOrder: string | undefined;
  const stack: { label: string | undefined; value: number | undefined }[] = [];
  for (const [at, pragma] of pragmas.entries()) {
    const [name, ...operands] = pragma.tokens.map((token) => token.text);
    if (name === 'ms_struct') msStruct = operands[0] === 'on';
    else if (name === 'scalar_storage_order') byteOrder = operands[0] === 'default' ? undefined : operands.join('');
    else pack = apply(pragma.tokens, pack, stack);
    if (pack === undefined && !msStruct && byteOrder === undefined) continue;
    const current: LayoutPragmas = {
      ...(pack === undefined ? {} : { pack }),
      ...(msStruct ? { msStruct } : {}),
      ...(byteOrder === undefined ? {} : { byteOrder }),
    };
    const end = pragmas[at + 1]?.index ?? tokens.length;
    for (let i = pragma.index; i < end; i++) {
      const token = tokens[i]!;
      if (token.text === '{') found.set(token, current);
    }
  }
  return found;
}

function apply(
  pragma: readonly Token[],
  current: number | undefined,
  stack: { label: string | undefined; value: number | undefined }[],
): number | undefined {
  const words = pragma.map((t) => t.text).filter((w) => /^\w+$/.test(w));
  if (words[0] !== 'pack') return current;
  const number = words.slice(1).find((w) => /^\d/.test(w));
  const value = number === undefined ? undefined : Number(number) || undefined;
  const label = words.slice(2).find((w) => !/^\d/.test(w));
  switch (words[1]) {
    case 'push':
      stack.push({ label, value: current });
      return number === undefined ? current : value;
    case 'pop': {
      const found = label === undefined ? stack.length - 1 : stack.findLastIndex((entry) => entry.label === label);
      if (found < 0) return number === undefined ? undefined : value;
      const [restored] = stack.splice(found);
      return number === undefined ? restored?.value : value;
    }
    default:
      return value;
  }
}
