// Api -> Api: what a module shows. What is not the library's own is there for what the ABI says of it, and not for how somebody's
// headers spell it: its typedefs are seen through, its private members hidden, and it stands behind the library's own, by name.
// So the module depends on the library's headers and the ABI alone, whichever C library's headers were read.

import { type Api, isReserved, type RecordDecl } from '../model/api.ts';
import { type CType, innerTypes } from '../model/ctype.ts';
import { TypeTable } from '../model/types.ts';

export function shown(api: Api): Api {
  const own = new Set(api.ownHeaders);
  const isOwn: IsOwn = (d) => own.has(d.origin.header);
  const plain = seeThrough(api, isOwn);
  const plainApi = {
    ...api,
    typedefs: api.typedefs.map((d) => (isOwn(d) ? d : { ...d, type: plain(d.type) })),
    records: api.records.map((d) =>
      isOwn(d) || !d.fields ? d : { ...d, fields: d.fields.map((f) => ({ ...f, type: plain(f.type) })) },
    ),
  };
  const reach = new Reach(plainApi, isOwn);
  return {
    ...plainApi,
    typedefs: ordered(plainApi.typedefs, isOwn, (d) => d.name).filter((d) => reach.others.has(`typedef ${d.name}`)),
    enums: ordered(plainApi.enums, isOwn, (d) => d.key).filter((d) => reach.others.has(`enum ${d.key}`)),
    records: ordered(plainApi.records, isOwn, (d) => d.key).flatMap((d) => reach.record(d)),
  };
}

type IsOwn = (d: { readonly origin: { readonly header: string } }) => boolean;

/** A type without the typedefs that are not the library's own. Those that align their type stay: that is a fact of its own. */
function seeThrough(api: Api, isOwn: IsOwn): (type: CType) => CType {
  const table = new TypeTable(api);
  const plain = (type: CType): CType => {
    switch (type.kind) {
      case 'typedef': {
        const d = table.typedef(type.name);
        if (!d || isOwn(d) || d.align !== undefined) return type;
        const target = plain(d.type);
        const isConst = type.const ?? target.const;
        const isVolatile = type.volatile ?? target.volatile;
        return { ...target, ...(isConst ? { const: true } : {}), ...(isVolatile ? { volatile: true } : {}) };
      }
      case 'pointer':
        return { ...type, to: plain(type.to) };
      case 'array':
        return { ...type, of: plain(type.of) };
      case 'function':
        return {
          ...type,
          result: plain(type.result),
          parameters: type.parameters.map((p) => ({ ...p, type: plain(p.type) })),
        };
      default:
        return type;
    }
  };
  return plain;
}

/** What the library's own declarations lead to. Private parts of what is not its own lead to what lies in them, for the layout's
 *  sake, and not to what they point to. */
class Reach {
  /** `typedef x`, `enum x`. */
  readonly others = new Set<string>();
  readonly #shown = new Set<string>();
  readonly #complete = new Set<string>();
  readonly #walked = new Set<string>();
  readonly #table: TypeTable;
  readonly #isOwn: IsOwn;

  constructor(api: Api, isOwn: IsOwn) {
    this.#table = new TypeTable(api);
    this.#isOwn = isOwn;
    for (const d of [...api.functions, ...api.variables]) this.#follow(d.type);
    for (const d of api.typedefs) if (isOwn(d)) this.#follow({ kind: 'typedef', name: d.name });
    for (const d of api.records) if (isOwn(d)) this.#follow({ kind: 'record', key: d.key });
    for (const d of api.enums) if (isOwn(d)) this.#follow({ kind: 'enum', key: d.key });
  }

  /** The record as it is to be kept: without its members where only pointers lead to it. */
  record(d: RecordDecl): readonly RecordDecl[] {
    const isShown = this.#shown.has(d.key);
    if (this.#complete.has(d.key)) return [isShown ? d : { ...d, layoutOnly: true }];
    if (!isShown) return [];
    const { fields: _, ...rest } = d;
    return [rest];
  }

  #follow(from: CType, isPointee = false): void {
    let type = from;
    // A loop, because a header may chain any number of typedefs.
    while (type.kind === 'typedef') {
      const d = this.#table.typedef(type.name);
      const walk = `${isPointee ? '*' : ''}${type.name}`;
      if (!d || this.#walked.has(walk)) return;
      this.#walked.add(walk);
      this.others.add(`typedef ${type.name}`);
      type = d.type;
    }
    switch (type.kind) {
      case 'enum':
        this.#enumeration(type.key);
        return;
      case 'record':
        this.#followRecord(type.key, isPointee);
        return;
      default:
        for (const inner of innerTypes(type)) this.#follow(inner, type.kind === 'pointer');
    }
  }

  /** The key of one without a tag is the typedef that names it, and without a name it would have no type. */
  #enumeration(key: string): void {
    this.others.add(`enum ${key}`).add(`typedef ${key}`);
  }

  #followRecord(key: string, isPointee: boolean): void {
    const d = this.#table.record(key);
    if (!d) return;
    if (!this.#isOwn(d) && /^\w+ _/.test(key)) {
      this.#shown.add(key);
      if (!isPointee) this.#contents(d);
      return;
    }
    if (this.#shown.has(key)) return;
    this.#shown.add(key);
    this.#complete.add(key);
    for (const field of d.fields ?? []) {
      if (field.name !== undefined && isReserved(field.name) && !this.#isOwn(d)) this.#lies(field.type);
      else this.#follow(field.type);
    }
  }

  /** What lies in a record: it is needed to lay that one out. */
  #contents(d: RecordDecl): void {
    if (this.#complete.has(d.key)) return;
    this.#complete.add(d.key);
    for (const field of d.fields ?? []) this.#lies(field.type);
  }

  #lies(type: CType): void {
    if (type.kind === 'array') this.#lies(type.of);
    else if (type.kind === 'enum') this.#enumeration(type.key);
    else if (type.kind === 'record') {
      const d = this.#table.record(type.key);
      if (d) this.#contents(d);
    } else if (type.kind === 'typedef') {
      const d = this.#table.typedef(type.name);
      this.others.add(`typedef ${type.name}`);
      if (d) this.#lies(d.type);
    }
  }
}

/** The library's own in the order of its headers, then the rest by name. */
function ordered<T extends { readonly origin: { readonly header: string } }>(
  list: readonly T[],
  isOwn: IsOwn,
  name: (d: T) => string,
): readonly T[] {
  const rest = list.filter((d) => !isOwn(d)).sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));
  return [...list.filter(isOwn), ...rest];
}
