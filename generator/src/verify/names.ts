// In: the key of a record or enumeration. Out: how C writes it. One without a tag is reached through the typedef, variable, function or
// member that has its type.

import type { Api } from '../model/api.ts';
import type { CType } from '../model/ctype.ts';

export class TypeNames {
  readonly #typedefs: ReadonlyMap<string, CType>;
  readonly #variables: ReadonlyMap<string, CType>;
  readonly #fields: ReadonlyMap<string, CType>;

  constructor(api: Api) {
    this.#typedefs = new Map(api.typedefs.map((d) => [d.name, d.type]));
    this.#variables = new Map(api.variables.map((d) => [d.name, d.type]));
    // A bit-field leads to no type: C takes no `typeof` of one.
    this.#fields = new Map(
      api.records.flatMap((d) =>
        (d.fields ?? []).flatMap((f) => (f.name && f.bits === undefined ? [[`${d.key}::${f.name}`, f.type]] : [])),
      ),
    );
  }

  /** A type name of C's, or undefined where C has none for it. */
  of(key: string): string | undefined {
    if (/^(struct|union|enum) [^:]+$/.test(key)) return key;
    const typedef = this.#typedefs.get(key);
    if (typedef) return isNamed(typedef, key) ? key : through(`(*(${key} *)0)`, typedef, key);
    const at = key.lastIndexOf('::');
    if (at < 0) return undefined;
    const [outer, member] = [key.slice(0, at), key.slice(at + 2)];
    const alias = member === 'target' ? this.#typedefs.get(outer) : undefined;
    if (alias) return through(`(*(${outer} *)0)`, alias, key);
    const variable = member === 'result' ? this.#variables.get(outer) : undefined;
    if (variable) return through(outer, variable, key);
    const field = this.#fields.get(key);
    // Members of an anonymous member are members of the record around it.
    const owner = field && this.of(outer.replace(/(::anonymous#\d+)+$/, ''));
    return owner === undefined ? undefined : through(`((${owner} *)0)->${member}`, field!, key);
  }
}

function isNamed(type: CType, key: string): boolean {
  return (type.kind === 'record' || type.kind === 'enum') && type.key === key;
}

/** `__typeof__` of an expression of that type, followed through pointers and arrays down to the key's. */
function through(expression: string, type: CType, key: string): string | undefined {
  let path = expression;
  let inner = type;
  for (; inner.kind === 'array' || inner.kind === 'pointer'; inner = inner.kind === 'array' ? inner.of : inner.to)
    path += '[0]';
  return isNamed(inner, key) ? `__typeof__(${path})` : undefined;
}
