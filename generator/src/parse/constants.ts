// In: tokens that should be a constant expression. Out: its value with enumerators, typedef names and sizeof resolved, or
// the reason why it has none. The library's macros become ConstantDecls here, or are named as none.

import { evaluate, type Value } from '../expression/evaluate.ts';
import type { ConstantDecl, ConstantValue, Unsupported } from '../model/api.ts';
import type { Macro, SourceFile, Token, TranslationUnit } from '../token.ts';
import { docComment } from './comments.ts';
import type { ParseContext } from './context.ts';
import { environment } from './environment.ts';

/** Evaluates the library's macros, in order of definition. Those with an empty body are conditions of headers, and no constants. */
export function readConstants(
  context: ParseContext,
  unit: TranslationUnit,
  isOwn: (file: SourceFile) => boolean,
): { constants: ConstantDecl[]; unsupported: Unsupported[] } {
  const constants: ConstantDecl[] = [];
  const unsupported: Unsupported[] = [];
  const env = environment(context);
  const order = new Map(unit.files.map((file, at) => [file, at]));
  const own = [...unit.macros.values()]
    .filter((m) => m.file && isOwn(m.file) && m.body.length > 0)
    .sort((a, b) => order.get(a.file!)! - order.get(b.file!)! || a.offset - b.offset);
  for (const macro of own) {
    const file = macro.file!;
    const origin = context.origins.at(file, macro.offset);
    if (macro.parameters) {
      unsupported.push({ kind: 'macro', name: macro.name, reason: 'with parameters, it has no value', origin });
      continue;
    }
    const place = placeMacro(unit, macro);
    if (place !== undefined) {
      unsupported.push({
        kind: 'constant',
        name: macro.name,
        reason: `it depends on where it stands: ${place}`,
        origin,
      });
      continue;
    }
    const value = evaluate(withoutWarnings(unit.expand(macro.name)), context.target, env);
    if (value.kind === 'not-constant') {
      unsupported.push({ kind: 'constant', name: macro.name, reason: value.reason, origin });
      continue;
    }
    if (value.kind === 'string' && !value.exact) {
      unsupported.push({ kind: 'constant', name: macro.name, reason: 'a string whose bytes are not UTF-8', origin });
      continue;
    }
    const doc = context.docs ? macroDoc(file, macro.offset) : undefined;
    constants.push({
      kind: 'constant',
      name: macro.name,
      value: constantValue(value),
      origin,
      ...(doc ? { doc } : {}),
    });
  }
  return { constants, unsupported };
}

/** Without `_Pragma("GCC warning …")`, which the preprocessor does and the expression around it never sees: headers deprecate macros so. */
function withoutWarnings(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some((token) => token.text === '_Pragma')) return tokens;
  const isWarning = (at: number): boolean =>
    tokens[at]?.text === '_Pragma' &&
    tokens[at + 1]?.text === '(' &&
    /^(?:L|u8)?"\s*GCC\s+warning\b/.test(tokens[at + 2]?.text ?? '') &&
    tokens[at + 3]?.text === ')';
  const kept: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    if (isWarning(at)) at += 3;
    else kept.push(tokens[at]!);
  }
  return kept;
}

const PLACE_MACROS: ReadonlySet<string> = new Set([
  ...[
    '__LINE__',
    '__FILE__',
    '__DATE__',
    '__TIME__',
    '__TIMESTAMP__',
    '__COUNTER__',
    '__INCLUDE_LEVEL__',
    '__BASE_FILE__',
  ],
]);

/** The macro of place or time that this one leads to, if any: its value is another one at each use. */
function placeMacro(unit: TranslationUnit, macro: Macro, seen: Set<string> = new Set()): string | undefined {
  seen.add(macro.name);
  for (const { kind, text } of macro.body) {
    if (kind !== 'identifier' || seen.has(text)) continue;
    if (PLACE_MACROS.has(text)) return text;
    const inner = unit.macros.get(text);
    const found = inner && placeMacro(unit, inner, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function constantValue(value: Exclude<Value, { kind: 'not-constant' }>): ConstantValue {
  switch (value.kind) {
    case 'int':
      return { kind: 'int', value: value.value, type: value.type };
    case 'float':
      return { kind: 'float', value: value.value, type: value.type };
    case 'string':
      return {
        kind: 'string',
        value: value.text,
        ...(value.prefix === '' || value.prefix === 'u8' ? {} : { wide: value.prefix }),
        ...(value.pointer ? { pointer: true as const } : {}),
      };
  }
}

function macroDoc(file: SourceFile, offset: number): string | undefined {
  const lineStart = file.text.lastIndexOf('\n', offset) + 1;
  const lineEnd = file.text.indexOf('\n', offset);
  const comment = file.text.slice(offset, lineEnd < 0 ? undefined : lineEnd).search(/\/\*[*!]<|\/\/\/</);
  return docComment(file.text, lineStart, comment < 0 ? file.text.length : offset + comment);
}
