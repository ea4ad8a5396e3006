// Api -> Api: a function or variable that is declared again is one declaration (C11 6.2.7); what the later ones add stays.

import type { Api, FunctionDecl, VariableDecl } from '../model/api.ts';

export function dedupe(api: Api): Api {
  return {
    ...api,
    functions: mergeByName(api.functions, mergeFunctions),
    variables: mergeByName(api.variables, (a) => a),
  };
}

function mergeByName<T extends FunctionDecl | VariableDecl>(
  list: readonly T[],
  merge: (a: T, b: T) => T,
): readonly T[] {
  const byName = new Map<string, T>();
  for (const d of list) {
    const known = byName.get(d.name);
    byName.set(d.name, known ? merge(known, d) : d);
  }
  return [...byName.values()];
}

function mergeFunctions(a: FunctionDecl, b: FunctionDecl): FunctionDecl {
  const type = a.type.unprototyped && !b.type.unprototyped ? b.type : a.type;
  const doc = a.doc ?? b.doc;
  const symbol = a.symbol ?? b.symbol;
  const deprecated = a.deprecated ?? b.deprecated;
  const unsupported = a.unsupported ?? b.unsupported;
  return {
    ...a,
    type,
    ...(doc === undefined ? {} : { doc }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(unsupported === undefined ? {} : { unsupported }),
    ...(a.weak || b.weak ? { weak: true } : {}),
  };
}
