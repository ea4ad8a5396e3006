// In: a translation unit's `#pragma pack` lines. Out: the packing in force at each `{`, for records whose body it opens.
// GCC's manual, "Structure-Layout Pragmas": pack(n), pack(), pack(push[, label][, n]), pack(pop[, label][, n]).

import type { Token, TranslationUnit } from '../token.ts';

/** Packing in bytes by the token of the opening brace; braces under no packing are not in it. */
export function packingAtBraces({ tokens, pragmas }: TranslationUnit): ReadonlyMap<Token, number> {
  const packing = new Map<Token, number>();
  let current: number | undefined;
  const stack: { label: string | undefined; value: number | undefined }[] = [];
  for (const [at, pragma] of pragmas.entries()) {
    current = apply(pragma.tokens, current, stack);
    if (current === undefined) continue;
    const end = pragmas[at + 1]?.index ?? tokens.length;
    for (let i = pragma.index; i < end; i++) {
      const token = tokens[i]!;
      if (token.text === '{') packing.set(token, current);
    }
  }
  return packing;
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
