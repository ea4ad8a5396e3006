// In: two types. Out: whether C takes them for the same (C11 6.2.7), as __builtin_types_compatible_p and _Generic ask.

import type { CType } from '../model/ctype.ts';
import type { TypeQuestions } from './values.ts';

/** Whether the types are compatible; `qualified` says whether const and volatile on the outside count. */
export function compatible(a: CType, b: CType, types: TypeQuestions, qualified = true): boolean {
  const [x, y] = [types.resolve(a), types.resolve(b)];
  if (qualified && (x.const !== y.const || x.volatile !== y.volatile)) return false;
  if (x.kind === 'enum' && y.kind === 'integer') return types.underlying(x.key) === y.name;
  if (x.kind === 'integer' && y.kind === 'enum') return types.underlying(y.key) === x.name;
  switch (x.kind) {
    case 'void':
    case 'va_list':
      return y.kind === x.kind;
    case 'integer':
    case 'floating':
    case 'complex':
      return y.kind === x.kind && y.name === x.name;
    case 'record':
    case 'enum':
      return y.kind === x.kind && y.key === x.key;
    case 'pointer':
      return y.kind === 'pointer' && compatible(x.to, y.to, types);
    case 'array':
      if (y.kind !== 'array' || !compatible(x.of, y.of, types)) return false;
      return x.length === undefined || y.length === undefined || x.length === y.length;
    case 'function': {
      if (y.kind !== 'function' || !compatible(x.result, y.result, types, false)) return false;
      if (x.unprototyped || y.unprototyped) return true;
      if (x.variadic !== y.variadic || x.parameters.length !== y.parameters.length) return false;
      return x.parameters.every((p, at) => compatible(p.type, y.parameters[at]!.type, types, false));
    }
    default:
      return false;
  }
}
