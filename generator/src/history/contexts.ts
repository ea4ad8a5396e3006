// In: a History, and the newest declarations of all its versions (`unionApi`). Out: where older versions differ from these: each group of
// versions with the same differences, what its declarations are there, and which of them mean another thing because of it. So what is
// the same in all versions is looked at once.

import type { Api, EnumDecl, FunctionDecl, RecordDecl, TypedefDecl } from '../model/api.ts';
import { compareTypes } from '../model/compatibility.ts';
import { type CType, innerTypes } from '../model/ctype.ts';
import { TypeTable } from '../model/types.ts';
import type { Target } from '../target.ts';
import { newestEra, versionsOf } from './entries.ts';
import type { DeclEra, History, HistoryEntry, VersionSet } from './history.ts';

/** Versions whose types differ from the newest ones in the same way. */
export interface VersionContext {
  readonly versions: VersionSet;
  /** The functions that are called otherwise there than now, and what these and `records` reach. */
  readonly api: Api;
  /** Whose they are and where, in the order of `api.functions`: a function may be there in several ways. */
  readonly functions: readonly { readonly name: string; readonly versions: VersionSet }[];
  /** Keys of records, names of typedefs and variables that are other ones there, or reach such. */
  readonly records: ReadonlySet<string>;
  readonly typedefs: ReadonlySet<string>;
  /** Of these typedefs, those of functions and of pointers to functions. */
  readonly callbacks: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
}

/** Only those in which something is called or laid out otherwise, or may be. */
export function versionContexts(
  history: History,
  from: number,
  union: Api,
  tables: VersionTables,
  target: Target,
): readonly VersionContext[] {
  const groups = new Map<string, { readonly versions: number[]; readonly differences: Differences }>();
  for (const [at, differences] of tables.differences) {
    const key = [...differences.changed].map(([id, era]) => `${id}@${era.versions[0]}`).join('\n');
    const group = groups.get(key) ?? { versions: [], differences };
    groups.set(key, group);
    group.versions.push(at);
  }
  const users = usersOf(union);
  const newest = new TypeTable(union);
  const names = new Set(union.functions.map(({ name }) => name));
  const entries = history.functions.filter(({ key }) => names.has(key));
  return [...groups.values()].flatMap(({ versions, differences }) => {
    const touched = touchedBy(differences, users, union);
    const functions = entries.flatMap((entry) =>
      othersIn(entry, versions, from, touched.has(`functions ${entry.key}`), tables, target),
    );
    const of = (kind: string): ReadonlySet<string> =>
      new Set([...touched].filter((id) => id.startsWith(`${kind} `)).map((id) => id.slice(kind.length + 1)));
    const [records, variables, typedefs] = [of('records'), of('variables'), of('typedefs')];
    const callbacks = new Set([...typedefs].filter((name) => isFunction({ kind: 'typedef', name }, newest)));
    if (functions.length + records.size + variables.size + callbacks.size === 0) return [];
    const decls = functions.map(({ decl }) => decl);
    return [
      {
        versions,
        api: reduced(union, differences, decls, records, callbacks),
        functions,
        records,
        typedefs,
        callbacks,
        variables,
      },
    ];
  });
}

function isFunction(type: CType, table: TypeTable): boolean {
  const resolved = table.resolve(type);
  return (resolved.kind === 'pointer' ? table.resolve(resolved.to) : resolved).kind === 'function';
}

/** What a function is in these versions, where it is called otherwise than in the newest version that has it. */
function othersIn(
  entry: HistoryEntry<FunctionDecl>,
  versions: VersionSet,
  from: number,
  isTouched: boolean,
  tables: VersionTables,
  target: Target,
): { name: string; versions: VersionSet; decl: FunctionDecl }[] {
  const newest = newestEra(entry, from);
  if (!newest || (!isTouched && entry.eras.length === 1)) return [];
  const last = newest.versions.at(-1)!;
  return entry.eras.flatMap((era) => {
    const own = era.versions.filter((at) => versions.includes(at));
    if (own.length === 0 || (era === newest && !isTouched)) return [];
    const [a, b] = [era.decl, newest.decl];
    const isOther =
      own.includes(last) ||
      a.symbol !== b.symbol ||
      a.unsupported !== b.unsupported ||
      compareTypes(a.type, tables.at(own.at(-1)!), b.type, tables.at(last), { target }).kind === 'different';
    return isOther ? [{ name: entry.key, versions: own, decl: era.decl }] : [];
  });
}

/** What one version has otherwise. */
interface Differences {
  /** Types and variables: `records struct x`. */
  readonly changed: Map<string, DeclEra<object>>;
  /** Types that it does not have. */
  readonly absent: Set<string>;
}

const TYPES = ['records', 'enums', 'typedefs'] as const;

/** The types of each version, as its headers have them. */
export class VersionTables {
  /** Of each version from a first one on. */
  readonly differences: ReadonlyMap<number, Differences>;
  readonly #union: Api;
  readonly #known = new Map<number, TypeTable>();

  constructor(history: History, from: number, union: Api) {
    this.#union = union;
    this.differences = differencesFrom(history, from);
  }

  at(version: number): TypeTable {
    const known = this.#known.get(version);
    if (known) return known;
    const { changed, absent } = this.differences.get(version)!;
    const { records, enums, typedefs } = typesWith(this.#union, changed);
    const table = new TypeTable({
      records: records.filter((d) => !absent.has(`records ${d.key}`)),
      enums: enums.filter((d) => !absent.has(`enums ${d.key}`)),
      typedefs: typedefs.filter((d) => !absent.has(`typedefs ${d.name}`)),
    });
    this.#known.set(version, table);
    return table;
  }
}

function differencesFrom(history: History, from: number): ReadonlyMap<number, Differences> {
  const all = new Map<number, Differences>();
  for (let at = from; at < history.versions.length; at++) all.set(at, { changed: new Map(), absent: new Set() });
  for (const kind of [...TYPES, 'variables'] as const) {
    for (const entry of history[kind] as readonly HistoryEntry<object>[]) {
      const newest = newestEra(entry, from);
      if (!newest) continue;
      const id = `${kind} ${entry.key}`;
      for (const era of entry.eras) {
        if (era !== newest) for (const at of era.versions) all.get(at)?.changed.set(id, era);
      }
      const present = versionsOf(entry);
      if (kind === 'variables' || present.length === history.versions.length) continue;
      const known = new Set(present);
      for (const [at, { absent }] of all) if (!known.has(at)) absent.add(id);
    }
  }
  return all;
}

function typesWith(union: Api, changed: Differences['changed']): Pick<Api, 'records' | 'enums' | 'typedefs'> {
  if (changed.size === 0) return union;
  const older = <T>(kind: string, key: string, newest: T): T =>
    (changed.get(`${kind} ${key}`)?.decl as T | undefined) ?? newest;
  return {
    records: union.records.map((d): RecordDecl => older('records', d.key, d)),
    enums: union.enums.map((d): EnumDecl => ({ ...d, ...older<Omit<EnumDecl, 'enumerators'>>('enums', d.key, d) })),
    typedefs: union.typedefs.map((d): TypedefDecl => older('typedefs', d.name, d)),
  };
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

/** Functions, and the types that they, these records and these typedefs reach. */
function reduced(
  union: Api,
  { changed }: Differences,
  functions: readonly FunctionDecl[],
  keys: ReadonlySet<string>,
  callbacks: ReadonlySet<string>,
): Api {
  const types = typesWith(union, changed);
  const table = new TypeTable(types);
  const kept = new Set<string>();
  const work: CType[] = [
    ...functions.map((d) => d.type),
    ...[...keys].map((key): CType => ({ kind: 'record', key })),
    ...[...callbacks].map((name): CType => ({ kind: 'typedef', name })),
  ];
  for (let type = work.pop(); type; type = work.pop()) {
    work.push(...innerTypes(type));
    if (type.kind !== 'typedef' && type.kind !== 'record' && type.kind !== 'enum') continue;
    const id = `${type.kind} ${type.kind === 'typedef' ? type.name : type.key}`;
    if (kept.has(id)) continue;
    kept.add(id);
    if (type.kind === 'typedef') {
      const target = table.typedef(type.name)?.type;
      if (target) work.push(target);
    } else {
      // One without a tag has its name from a typedef.
      work.push({ kind: 'typedef', name: type.key });
      if (type.kind === 'record') work.push(...(table.record(type.key)?.fields ?? []).map((field) => field.type));
    }
  }
  return {
    ...union,
    functions,
    variables: [],
    records: types.records.filter((d) => kept.has(`record ${d.key}`)),
    enums: types.enums.filter((d) => kept.has(`enum ${d.key}`)),
    typedefs: types.typedefs.filter((d) => kept.has(`typedef ${d.name}`)),
    constants: [],
    unsupported: [],
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
  for (const kind of ['functions', 'variables', 'typedefs'] as const) {
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

/** What is another thing, or reaches one. */
function touchedBy(
  { changed }: Differences,
  users: ReadonlyMap<string, readonly string[]>,
  union: Api,
): ReadonlySet<string> {
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
  return found;
}
