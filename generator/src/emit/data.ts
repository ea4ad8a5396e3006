// In: the variables that the headers declare. Out: a DataPlan of each: how the runtime reads it, as a member of a record, and its
// TypeScript type. What has no size here, an array whose length only the library knows or a record without members, is its address.

import { LayoutError, typeLayout } from '../layout/layout.ts';
import type { Api, VariableDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import type { CType } from '../model/ctype.ts';
import type { Lowering } from './lower.ts';
import type { DataPlan } from './module.ts';
import { fieldType, fieldTypescript } from './records.ts';

/** `describe` gives the comment of a declaration, `symbolOf` the loader's name behind an asm label. */
export function planData(
  api: Api,
  lowering: Lowering,
  isWeak: (d: VariableDecl) => boolean,
  describe: (d: VariableDecl, what: string) => readonly string[],
  symbolOf: (label: string) => string,
): DataPlan[] {
  return api.variables
    .filter((d) => !d.unsupported)
    .map((d) => {
      const isSized = hasSize(d.type, lowering);
      return {
        name: d.name,
        symbol: d.symbol === undefined ? undefined : symbolOf(d.symbol),
        type: isSized ? fieldType(d.type, lowering) : 'void',
        isConst: isConst(d.type, lowering),
        weak: isWeak(d),
        typescript: isSized ? fieldTypescript(d.type, lowering) : lowering.pointerTo(elementOf(d.type, lowering)),
        doc: describe(d, `\`extern ${cDeclaration(d.type, d.name)}\``),
        origin: d.origin,
      };
    });
}

function hasSize(type: CType, lowering: Lowering): boolean {
  const resolved = lowering.table.resolve(type);
  if (resolved.kind === 'record' && !lowering.isComplete(resolved.key)) return false;
  try {
    return typeLayout(type, lowering.table, lowering.target).size > 0;
  } catch (error) {
    if (error instanceof LayoutError) return false;
    throw error;
  }
}

function elementOf(type: CType, lowering: Lowering): CType {
  const resolved = lowering.table.resolve(type);
  return resolved.kind === 'array' ? resolved.of : type;
}

/** An array is const where its elements are (C11 6.7.3p9). */
function isConst(type: CType, lowering: Lowering): boolean {
  const resolved = lowering.table.resolve(type);
  if (resolved.const) return true;
  return resolved.kind === 'array' && isConst(resolved.of, lowering);
}
