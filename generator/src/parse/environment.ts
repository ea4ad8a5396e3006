// In: tokens that should be a constant expression, or name a type. Out: its value, or its type, with everything that the headers
// have declared up to there; or the reason why it has none.

import { compatible } from '../expression/compatible.ts';
import { BEYOND } from '../expression/cursor.ts';
import {
  type Environment,
  evaluate,
  type MemberPlace,
  type Operand,
  type TypeQuestions,
  typeNamed,
} from '../expression/evaluate.ts';
import { type CType, innerTypes } from '../model/ctype.ts';
import type { Token } from '../token.ts';
import type { ParseContext } from './context.ts';

/** An integer constant expression's value, or the reason why it is none. */
export function constantInteger(context: ParseContext, tokens: readonly Token[]): bigint | string {
  const value = evaluate(tokens, context.target, environment(context));
  if (value.kind === 'int') return value.value;
  return value.kind === 'not-constant'
    ? value.reason
    : `it is a ${value.kind === 'float' ? 'floating' : value.kind} constant`;
}

/** Whether a reason is one of dlshim's: a compiler may know a value all the same. */
export function isBeyond(reason: string): boolean {
  return reason.startsWith(BEYOND);
}

/** The type in the parentheses of `typeof` and `_Alignas`, of a name or of an expression; a string is the reason why it is none. */
export function typeInParentheses(context: ParseContext, tokens: readonly Token[]): CType | string {
  const type = typeNamed(tokens, context.target, environment(context));
  return type.kind === 'not-constant' ? type.reason : type;
}

/** What expressions may refer to: everything that the context knows by now. */
export function environment(context: ParseContext): Environment {
  return {
    identifier: (name) => identifier(context, name),
    typedef: (name) => {
      if (/^__builtin_(ms_|sysv_)?va_list$/.test(name)) return { kind: 'va_list' };
      return context.typedefs.has(name) ? { kind: 'typedef', name } : undefined;
    },
    types: questions(context),
  };
}

function questions(context: ParseContext): TypeQuestions {
  return {
    resolve: (type) => context.table.resolve(type),
    layout: (type) => context.layoutOf(type, context.table),
    underlying: (key) => context.enums.get(key)?.underlying,
    member: (key, name) => member(context, key, name),
  };
}

/** Whether C takes two types for different ones; what is not modelled is taken for the same. */
export function areDifferent(context: ParseContext, a: CType, b: CType): boolean {
  return !mentionsUnknown(context, a) && !mentionsUnknown(context, b) && !compatible(a, b, questions(context), false);
}

function mentionsUnknown(context: ParseContext, type: CType): boolean {
  const resolved = context.table.resolve(type);
  return resolved.kind === 'unsupported' || innerTypes(resolved).some((inner) => mentionsUnknown(context, inner));
}

function identifier(context: ParseContext, name: string): Operand | undefined {
  const enumerator = context.enumerators.get(name);
  if (enumerator?.type.kind === 'integer') return { kind: 'int', value: enumerator.value, type: enumerator.type.name };
  const type = context.declared.get(name);
  return type && { kind: 'typed', type, isObject: type.kind !== 'function', reason: `'${name}' is not a constant` };
}

/** A member of a record, looked up through its anonymous members (C11 6.7.2.1p13). */
function member(context: ParseContext, key: string, name: string): MemberPlace | undefined {
  const record = context.records.get(key);
  const places = record?.fields && context.layoutOf({ kind: 'record', key }, context.table)?.fields;
  for (const [at, field] of (record?.fields ?? []).entries()) {
    const offset = places?.[at]?.offset;
    if (field.name === name) return { type: field.type, offset, isBitField: field.bits !== undefined };
    const inner = field.name === undefined ? context.table.resolve(field.type) : undefined;
    const found = inner?.kind === 'record' ? member(context, inner.key, name) : undefined;
    if (!found) continue;
    return {
      ...found,
      offset: offset === undefined || found.offset === undefined ? undefined : offset + found.offset,
    };
  }
  return undefined;
}
