// Api -> Api: a function or variable that is declared again is one declaration (C11 6.2.7); what the later ones add stays.

import type { Api, FunctionDecl, VariableDecl } from '../model/api.ts';

export function dedupe(api: Api): Api {
  return {
    ...api,
    functions: mergeByName(api.functions, mergeFunctions),
    variables: mergeByName(api.variables, mergeVariables),
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

/** A later declaration may say how long an array is. */
function mergeVariables(a: VariableDecl, b: VariableDecl): VariableDecl {
  const isOpen = a.type.kind === 'array' && a.type.length === undefined;
  return isOpen && b.type.kind === 'array' ? { ...a, type: b.type } : a;
}

function mergeFunctions(a: FunctionDecl, b: FunctionDecl): FunctionDecl {
  const type = a.type.unprototyped && !b.type.unprototyped ? b.type : a.type;
  const doc = a.doc ?? b.doc;
  const symbol = a.symbol ?? b.symbol;
  const deprecated = a.deprecated ?? b.deprecated;
  const unsupported = a.unsupported ?? b.unsupported;
  const documented = a.documented ?? b.documented;
  return {
    ...a,
    type,
    ...(doc === undefined ? {} : { doc }),
    ...(documented === undefined ? {} : { documented }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(unsupported === undefined ? {} : { unsupported }),
    ...(a.weak || b.weak ? { weak: true } : {}),
  };
}
