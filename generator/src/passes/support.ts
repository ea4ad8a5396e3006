// Api -> Api: names every function and variable that a table cannot carry, with the reason. Nothing is dropped.
// The limits are those of the foreign function interface: no long double, no complex, no 128-bit integers, no va_list,
// at most 64 parameters, no variadic callbacks; and in records that pass by value no bit-fields, no packing, no alignment above 8
// bytes and no arrays without a length.

import type { Api, FunctionDecl, RecordDecl, VariableDecl } from '../model/api.ts';
import { SPELLINGS } from '../model/c-text.ts';
import { type CType, unreachable } from '../model/ctype.ts';
import { TypeTable } from '../model/types.ts';
import { isNumberFormat } from '../scalars.ts';

const MOST_PARAMETERS = 64;
/** In bytes. */
const MOST_ALIGNMENT = 8;

export function support(api: Api): Api {
  const table = new TypeTable(api);
  const functions = api.functions.map((d): FunctionDecl => {
    const reason = d.unsupported ?? functionReason(d, table);
    return reason === undefined ? d : { ...d, unsupported: reason };
  });
  const variables = api.variables.map((d): VariableDecl => {
    const reason = d.unsupported ?? variableReason(d.type, table);
    return reason === undefined ? d : { ...d, unsupported: reason };
  });
  const refused = [...functions, ...variables].flatMap(({ kind, name, origin, unsupported: reason }) =>
    reason === undefined ? [] : [{ kind, name, origin, reason }],
  );
  return { ...api, functions, variables, unsupported: [...refused, ...api.unsupported] };
}

/** Why a variable of this type has no value and no address that would say anything. */
function variableReason(type: CType, table: TypeTable): string | undefined {
  const resolved = table.resolve(type);
  if (resolved.kind === 'array') return variableReason(resolved.of, table);
  return resolved.kind === 'unsupported' ? resolved.reason : undefined;
}

function functionReason({ type }: FunctionDecl, table: TypeTable): string | undefined {
  if (type.parameters.length > MOST_PARAMETERS)
    return `${type.parameters.length} parameters; at most ${MOST_PARAMETERS} can be passed`;
  const result = valueReason(type.result, table, 'its result');
  if (result) return result;
  for (const [at, p] of type.parameters.entries()) {
    const reason = valueReason(table.passed(p.type), table, `parameter ${p.name ?? at + 1}`);
    if (reason) return reason;
  }
  return undefined;
}

/** Why a value of this type cannot be passed or returned. */
function valueReason(type: CType, table: TypeTable, what: string, outer: readonly string[] = []): string | undefined {
  const resolved = table.resolve(type);
  switch (resolved.kind) {
    case 'void':
    case 'enum':
    case 'array':
    case 'function':
      return undefined;
    case 'pointer': {
      const to = table.resolve(resolved.to);
      if (to.kind !== 'function') return undefined;
      if (to.variadic) return `the callback of ${what} takes a variable number of arguments`;
      for (const inner of [to.result, ...to.parameters.map((p) => table.passed(p.type))]) {
        const reason = valueReason(inner, table, `the callback of ${what}`);
        if (reason) return reason;
      }
      return undefined;
    }
    case 'integer':
      return resolved.name.endsWith('int128') ? `${what} is a 128-bit integer` : undefined;
    case 'floating':
      return isNumberFormat(resolved.name) ? undefined : `${what} is a ${SPELLINGS[resolved.name]}`;
    case 'complex':
      return `${what} is a complex number`;
    case 'va_list':
      return `${what} is a va_list`;
    case 'typedef':
      return undefined;
    case 'unsupported':
      return `${what}: ${resolved.reason}`;
    case 'record':
      if (outer.includes(resolved.key)) return `${what} contains itself`;
      return recordReason(table.record(resolved.key), table, what, [...outer, resolved.key]);
    default:
      return unreachable(resolved);
  }
}

function recordReason(
  record: RecordDecl | undefined,
  table: TypeTable,
  what: string,
  outer: readonly string[],
): string | undefined {
  if (!record?.fields) return `${what} is an incomplete record by value`;
  if (record.fields.length === 0) return `${what} is an empty record by value`;
  if (record.packed || record.pack !== undefined) return `${what} is a packed record by value`;
  if ((record.align ?? 0) > MOST_ALIGNMENT)
    return `${what} is a record by value that is aligned to ${record.align} bytes`;
  for (const field of record.fields) {
    const name = `${what}, member ${field.name ?? '(unnamed)'}`;
    if (field.bits !== undefined) return `${name} is a bit-field in a record by value`;
    if (field.packed) return `${name} is packed in a record by value`;
    if ((field.align ?? 0) > MOST_ALIGNMENT) return `${name} is aligned to ${field.align} bytes in a record by value`;
    let type = table.resolve(field.type);
    while (type.kind === 'array') {
      if (!type.length) return `${name} is an array without a length in a record by value`;
      type = table.resolve(type.of);
    }
    const reason = type.kind === 'pointer' ? undefined : valueReason(type, table, name, outer);
    if (reason) return reason;
  }
  return undefined;
}
