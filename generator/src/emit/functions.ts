// In: functions that the headers declare. Out: a FunctionPlan of each: its signature, its TypeScript type and what stands above it.

import type { FunctionDecl, TypedefDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import type { Target } from '../target.ts';
import { describe, withLines } from './describe.ts';
import type { Lowering } from './lower.ts';
import type { CallbackPlan, FunctionPlan, VariadicPlan } from './module.ts';
import { usesInWords } from './parameters.ts';
import { functionSignature } from './records.ts';

function resultTypescript({ type, resultAs }: FunctionDecl, lowering: Lowering): string {
  if (resultAs === 'string') return 'string | null';
  return lowering.typescript(type.result, resultAs === 'address' ? 'callback' : 'result');
}

/** `reasons` say in words why it may be missing. */
export function planFunction(d: FunctionDecl, lowering: Lowering, reasons: readonly string[] = []): FunctionPlan {
  const doc = [
    ...withLines(describe(d, `\`${cDeclaration(d.type, d.name)}\``), usesInWords(d, lowering)),
    ...reasons,
    ...(d.type.variadic ? [VARIADIC] : []),
    ...(d.deprecated === undefined ? [] : [`@deprecated ${d.deprecated || 'The header says so, without a reason.'}`]),
  ];
  return {
    name: d.name,
    symbol: d.symbol && loaderName(d.symbol, lowering.target),
    signature: lowering.signature(d.type, false, d.uses, d.resultAs),
    parameters: lowering.parameters(d.type, false, d.uses),
    result: resultTypescript(d, lowering),
    doc,
    origin: d.origin,
  };
}

/** A function whose option decides what stands behind `...`. */
export function withOptions(plan: FunctionPlan, variadic: VariadicPlan | undefined): FunctionPlan {
  if (!variadic) return plan;
  const parameters = plan.parameters.map((text, at) =>
    at === variadic.parameter
      ? `${text.slice(0, text.indexOf(':'))}: O`
      : text.startsWith('...')
        ? `...value: c.OptionValue<${variadic.typeName}, O>`
        : text,
  );
  const typed = `What each option takes is in {@link ${variadic.typeName}}; others take values with their C type: \`int(1)\`.`;
  const doc = plan.doc.map((line) => (line === VARIADIC ? typed : line));
  return { ...plan, typeParameters: '<const O extends number>', parameters, doc };
}

/** What a reader must know of `...`. */
const VARIADIC = 'Behind `...`: strings and addresses as they are, numbers with their C type, `int(1)`, `double(1.5)`.';

/** Typedefs of functions and of pointers to them. */
export function planCallbacks(typedefs: readonly TypedefDecl[], lowering: Lowering): CallbackPlan[] {
  return typedefs.flatMap((d) => {
    const resolved = lowering.table.resolve(d.type);
    const type = resolved.kind === 'pointer' ? lowering.table.resolve(resolved.to) : resolved;
    if (!lowering.isOwn(d) || type.kind !== 'function') return [];
    const signature = functionSignature(type, lowering);
    return signature === undefined ? [] : [{ name: lowering.names.typedef.get(d.name)!, signature, origin: d.origin }];
  });
}

/** An asm label is the name that the assembler sees; the loader adds what the target puts before every name of C's. */
export function loaderName(label: string, target: Target): string {
  const isPrefixed = target.macros.includes('__USER_LABEL_PREFIX__ _');
  return isPrefixed && label.startsWith('_') ? label.slice(1) : label;
}
