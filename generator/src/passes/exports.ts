// Api -> Api: a prototype is not an export. Records which declared functions and variables the library's file does not export, and what else
// the file says; the plan makes weak what it lacks, with that reason in the doc comment.

import type { Api, LibraryExports } from '../model/api.ts';

/** What a file, or a list of what it exports, says of symbols. */
export interface SymbolFacts {
  /** Those that it does not export. */
  readonly missing: readonly string[];
  readonly exports: LibraryExports;
}

/** `ask` answers for symbols; undefined where no file is at hand. */
export function markExports(api: Api, ask: (symbols: readonly string[]) => SymbolFacts | undefined): Api {
  const carried = [...api.functions, ...api.variables].filter((d) => !d.unsupported);
  const answer = ask(carried.map((d) => d.symbol ?? d.name));
  if (!answer) return api;
  const set = new Set(answer.missing);
  const notExported = carried.filter((d) => set.has(d.symbol ?? d.name)).map((d) => d.name);
  return { ...api, notExported, exports: answer.exports };
}

/** The Apis of one library for machines of one system. What is known of the exports on one machine holds on those whose library is not
 *  at hand: it is built from the same sources. */
export function shareExports(apis: readonly Api[]): readonly Api[] {
  const { notExported, exports } = apis.find((api) => api.notExported !== undefined) ?? {};
  if (!notExported) return apis;
  return apis.map((api) => (api.notExported ? api : { ...api, notExported, ...(exports ? { exports } : {}) }));
}
