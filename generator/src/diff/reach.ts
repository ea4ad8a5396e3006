// In: an Api and one of its types. Out: the functions and variables whose types reach it, by value or through pointers, callbacks and
// records.

import type { Api } from '../model/api.ts';
import { type CType, innerTypes } from '../model/ctype.ts';
import type { TypeTable } from '../model/types.ts';

/** Records and enumerations by their keys, typedefs by their names. */
type Sort = 'record' | 'enum' | 'typedef';

export class Reach {
  readonly #api: Api;
  readonly #table: TypeTable;
  /** What each function and variable mentions; known once it is asked for. */
  #mentions: readonly { readonly name: string; readonly types: ReadonlySet<string> }[] | undefined;
  /** The records that have a member which mentions a type. */
  readonly #holders = new Map<string, string[]>();

  constructor(api: Api, table: TypeTable) {
    this.#api = api;
    this.#table = table;
    for (const { key, fields = [] } of api.records) {
      for (const inner of mentionedBy(
        fields.map(({ type }) => type),
        table,
      )) {
        this.#holders.set(inner, [...(this.#holders.get(inner) ?? []), named('record', key)]);
      }
    }
  }

  /** In the order of the headers. */
  of(sort: Sort, key: string): readonly string[] {
    const types = new Set([named(sort, key)]);
    for (const type of types) for (const holder of this.#holders.get(type) ?? []) types.add(holder);
    this.#mentions ??= [...this.#api.functions, ...this.#api.variables].map(({ name, type }) => {
      return { name, types: mentionedBy([type], this.#table) };
    });
    return this.#mentions.filter((one) => [...one.types].some((type) => types.has(type))).map(({ name }) => name);
  }

  /** As a change has it; nothing for what is no type, and for what nothing reaches. */
  words(sort: Sort, key: string | undefined): { readonly reachedBy?: readonly string[] } {
    const names = key === undefined ? [] : this.of(sort, key);
    return names.length > 0 ? { reachedBy: names } : {};
  }
}

const named = (sort: Sort, key: string): string => `${sort} ${key}`;

/** What some types mention, through typedefs, pointers and functions, but not through the members of records. */
function mentionedBy(types: readonly CType[], table: TypeTable): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [...types];
  for (let type = pending.pop(); type !== undefined; type = pending.pop()) {
    if (type.kind === 'record' || type.kind === 'enum') found.add(named(type.kind, type.key));
    else if (type.kind !== 'typedef') pending.push(...innerTypes(type));
    else if (!found.has(named('typedef', type.name))) {
      found.add(named('typedef', type.name));
      const behind = table.typedef(type.name)?.type;
      if (behind) pending.push(behind);
    }
  }
  return found;
}
