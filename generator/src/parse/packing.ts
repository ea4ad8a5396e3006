// In: a translation unit's `#pragma` lines about layout. Out: what is in force for each record, by the `{` of its body.
// GCC's manual, "Structure-Layout Pragmas": pack(n), pack(), pack(push[, label][, n]), pack(pop[, label][, n]);
// ms_struct on, off, reset; scalar_storage_order big-endian, little-endian, default.

import type { Target } from '../target.ts';
import type { Token, TranslationUnit } from '../token.ts';

/** What pragmas ask of a record. */
export interface LayoutPragmas {
  /** In bytes. */
  readonly pack?: number;
  readonly msStruct?: true;
  readonly byteOrder?: string;
  /** Where compilers read the pragmas around this record differently: how. */
  readonly disputed?: string;
}

const NONE: LayoutPragmas = {};

/** By the token of the opening brace; braces under no such pragma are not in it. */
export function pragmasAtBraces(
  { tokens, pragmas }: TranslationUnit,
  { compiler }: Target,
): ReadonlyMap<Token, LayoutPragmas> {
  const found = new Map<Token, LayoutPragmas>();
  if (pragmas.length === 0) return found;
  const reader = new PragmaReader(compiler);
  const open: { readonly brace: Token; readonly inForce: LayoutPragmas }[] = [];
  let next = 0;
  for (const [at, token] of tokens.entries()) {
    for (; pragmas[next]?.index === at; next++) reader.read(pragmas[next]!.tokens);
    if (token.text === '{') open.push({ brace: token, inForce: reader.inForce });
    const opened = token.text === '}' ? open.pop() : undefined;
    const inForce = opened && between(opened.inForce, reader.inForce, compiler);
    if (inForce && inForce !== NONE) found.set(opened.brace, inForce);
  }
  return found;
}

/** Clang packs a record by what is in force where its body begins, GCC by what is where it ends. */
function between(start: LayoutPragmas, end: LayoutPragmas, compiler: Target['compiler']): LayoutPragmas {
  if (start === end || start.pack === end.pack) return start;
  const disputed = '`#pragma pack` changes inside of it: GCC packs it by the last one, Clang by the one in front of it';
  return { ...(compiler === 'gcc' ? end : start), disputed };
}

/** Reads pragmas in their order; `inForce` is the same object as long as nothing changes. */
class PragmaReader {
  inForce: LayoutPragmas = NONE;
  readonly #compiler: Target['compiler'];
  readonly #stack: { label: string | undefined; value: number | undefined }[] = [];

  constructor(compiler: Target['compiler']) {
    this.#compiler = compiler;
  }

  read(pragma: readonly Token[]): void {
    const [name, ...operands] = pragma.map((token) => token.text);
    const { pack, msStruct, byteOrder, disputed } = this.inForce;
    if (name === 'ms_struct') this.#set(pack, operands[0] === 'on', byteOrder, disputed);
    else if (name === 'scalar_storage_order')
      this.#set(pack, msStruct, operands[0] === 'default' ? undefined : operands.join(''), disputed);
    else if (!pragma.some((token) => token.fromMacro))
      this.#set(apply(pragma, pack, this.#stack), msStruct, byteOrder, undefined);
    else {
      const how = 'a macro stands in the `#pragma pack` in front of it: Clang expands it, GCC ignores the pragma';
      this.#set(this.#compiler === 'gcc' ? pack : apply(pragma, pack, this.#stack), msStruct, byteOrder, how);
    }
  }

  #set(pack?: number, msStruct?: boolean, byteOrder?: string, disputed?: string): void {
    const isNone = pack === undefined && !msStruct && byteOrder === undefined && disputed === undefined;
    this.inForce = isNone
      ? NONE
      : {
          ...(pack === undefined ? {} : { pack }),
          ...(msStruct ? { msStruct } : {}),
          ...(byteOrder === undefined ? {} : { byteOrder }),
          ...(disputed === undefined ? {} : { disputed }),
        };
  }
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
