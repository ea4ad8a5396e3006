// Api -> Api: a prototype is not an export. Records which declared functions and variables the library's file does not export; the plan
// makes them weak, with that reason in their doc comment.

import type { Api } from '../model/api.ts';

/** `missing` answers which of these symbols no file of the library exports; undefined where no file is at hand. */
export function markExports(api: Api, missing: (symbols: readonly string[]) => readonly string[] | undefined): Api {
  const carried = [...api.functions, ...api.variables].filter((d) => !d.unsupported);
  const absent = missing(carried.map((d) => d.symbol ?? d.name));
  if (!absent) return api;
  const set = new Set(absent);
  return { ...api, notExported: carried.filter((d) => set.has(d.symbol ?? d.name)).map((d) => d.name) };
}

/** The Apis of one library for machines of one system. What is known of the exports on one machine holds on those whose library is not
 *  at hand: it is built from the same sources. */
export function shareExports(apis: readonly Api[]): readonly Api[] {
  const known = apis.find((api) => api.notExported !== undefined)?.notExported;
  return known ? apis.map((api) => (api.notExported ? api : { ...api, notExported: known })) : apis;
}
