// In: a History, and the newest declarations of all its versions (`unionApi`). Out: where older versions differ from these: each group of
// versions with the same differences, what its declarations are there, and which of them mean another thing because of it. So what is
// the same in all versions is looked at once.

import type { Api, EnumDecl, FunctionDecl, RecordDecl, TypedefDecl } from '../model/api.ts';
import { type CType, innerTypes } from '../model/ctype.ts';
import { newestEra, versionsOf } from './entries.ts';
import type { DeclEra, History, HistoryEntry, VersionSet } from './history.ts';

/** Names and keys of declarations that are other ones than the newest, or reach such. */
export interface Touched {
  readonly functions: ReadonlySet<string>;
  readonly records: ReadonlySet<string>;
  readonly typedefs: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
}

export interface VersionContext {
  readonly versions: VersionSet;
  /** Of the functions and variables only those that are touched; of the types those that these versions have. */
  readonly api: Api;
  readonly touched: Touched;
}

/** Only groups that differ from `union` in something. */
export function versionContexts(history: History, from: number, union: Api): readonly VersionContext[] {
  const groups = new Map<string, { readonly versions: number[]; readonly differences: Differences }>();
  for (const [at, differences] of differencesFrom(history, from)) {
    const key = [...differences.changed].map(([id, era]) => `${id}@${era.versions[0]}`).join('\n');
    const absent = [...differences.absent].join('\n');
    if (key === '' && absent === '') continue;
    const group = groups.get(`${key}\n-\n${absent}`) ?? { versions: [], differences };
    groups.set(`${key}\n-\n${absent}`, group);
    group.versions.push(at);
  }
  const users = usersOf(union);
  return [...groups.values()].map(({ versions, differences }) => {
    const touched = touchedBy(differences, users, union);
    const { version } = history.versions[versions.at(-1)!]!;
    return { versions, touched, api: apiWith(union, version, differences, touched) };
  });
}

/** What one version has otherwise: `function f`, `record struct x`. */
interface Differences {
  readonly changed: Map<string, DeclEra<object>>;
  /** Types that it does not have. */
  readonly absent: Set<string>;
}

const TYPES = ['records', 'enums', 'typedefs'] as const;
const OTHERS = ['functions', 'variables'] as const;

function differencesFrom(history: History, from: number): ReadonlyMap<number, Differences> {
  const all = new Map<number, Differences>();
  for (let at = from; at < history.versions.length; at++) all.set(at, { changed: new Map(), absent: new Set() });
  for (const kind of [...TYPES, ...OTHERS]) {
    for (const entry of history[kind] as readonly HistoryEntry<object>[]) {
      const newest = newestEra(entry, from);
      if (!newest) continue;
      const id = `${kind} ${entry.key}`;
      const present = new Set(versionsOf(entry));
      for (const era of entry.eras) {
        if (era !== newest) for (const at of era.versions) all.get(at)?.changed.set(id, era);
      }
      if (!isType(kind)) continue;
      for (const [at, { absent }] of all) if (!present.has(at)) absent.add(id);
    }
  }
  return all;
}

function isType(kind: (typeof TYPES)[number] | (typeof OTHERS)[number]): boolean {
  return (TYPES as readonly string[]).includes(kind);
}

/** With the records and enumerations that older versions reach and the newest declarations have left out, because a newer one took their
 *  name. */
export function withLeftOut(union: Api, history: History, from: number): Api {
  const [records, enums] = [new Set(union.records.map((d) => d.key)), new Set(union.enums.map((d) => d.key))];
  const older = <T>(entries: readonly HistoryEntry<T>[], known: ReadonlySet<string>): T[] =>
    entries.flatMap((entry) => (known.has(entry.key) ? [] : (newestEra(entry, from)?.decl ?? [])));
  return {
    ...union,
    records: [...union.records, ...older(history.records, records)],
    enums: [...union.enums, ...older(history.enums, enums).map((d): EnumDecl => ({ ...d, enumerators: [] }))],
  };
}

/** Who mentions what. Behind a pointer to a record only whether it is known counts, and not what its members are. */
function usersOf(union: Api): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  const note = (user: string, type: CType): void => {
    for (const id of mentionsOf(type)) {
      const known = users.get(id);
      if (known) known.push(user);
      else users.set(id, [user]);
    }
  };
  for (const kind of [...OTHERS, 'typedefs'] as const) {
    for (const d of union[kind]) note(`${kind} ${d.name}`, d.type);
  }
  for (const d of union.records) for (const field of d.fields ?? []) note(`records ${d.key}`, field.type);
  return users;
}

function* mentionsOf(type: CType, isPointee = false): Generator<string> {
  if (type.kind === 'typedef') yield `typedefs ${type.name}`;
  if (type.kind === 'enum') yield `enums ${type.key}`;
  if (type.kind === 'record') yield isPointee ? `known ${type.key}` : `records ${type.key}`;
  for (const inner of innerTypes(type)) yield* mentionsOf(inner, type.kind === 'pointer');
}

function touchedBy({ changed }: Differences, users: ReadonlyMap<string, readonly string[]>, union: Api): Touched {
  const newest = new Map(union.records.map((d) => [d.key, d]));
  const found = new Set(changed.keys());
  const work = [...found];
  for (const [id, { decl }] of changed) {
    if (!id.startsWith('records ')) continue;
    const [older, newer] = [decl as RecordDecl, newest.get((decl as RecordDecl).key)];
    if ((older.fields === undefined) !== (newer?.fields === undefined) || older.record !== newer?.record)
      work.push(`known ${older.key}`);
  }
  for (let id = work.pop(); id !== undefined; id = work.pop()) {
    for (const user of users.get(id) ?? []) {
      if (found.has(user)) continue;
      found.add(user);
      work.push(user);
    }
  }
  const of = (kind: string): ReadonlySet<string> =>
    new Set([...found].filter((id) => id.startsWith(`${kind} `)).map((id) => id.slice(kind.length + 1)));
  return {
    functions: of('functions'),
    records: of('records'),
    typedefs: of('typedefs'),
    variables: of('variables'),
  };
}

function apiWith(union: Api, version: string, { changed, absent }: Differences, touched: Touched): Api {
  const older = <T>(kind: string, key: string, newest: T): T =>
    (changed.get(`${kind} ${key}`)?.decl as T | undefined) ?? newest;
  return {
    ...union,
    version,
    functions: union.functions
      .filter((d) => touched.functions.has(d.name))
      .map((d): FunctionDecl => older('functions', d.name, d)),
    variables: union.variables.filter((d) => touched.variables.has(d.name)).map((d) => older('variables', d.name, d)),
    records: union.records
      .filter((d) => !absent.has(`records ${d.key}`))
      .map((d): RecordDecl => older('records', d.key, d)),
    enums: union.enums
      .filter((d) => !absent.has(`enums ${d.key}`))
      .map((d): EnumDecl => ({ ...d, ...older<Omit<EnumDecl, 'enumerators'>>('enums', d.key, d) })),
    typedefs: union.typedefs
      .filter((d) => !absent.has(`typedefs ${d.name}`))
      .map((d): TypedefDecl => older('typedefs', d.name, d)),
    constants: [],
    unsupported: [],
  };
}
