// Questions about types that need the Api: what a typedef stands for, which record a key names.

import type { Api, EnumDecl, RecordDecl, TypedefDecl } from './api.ts';
import type { CType } from './ctype.ts';

interface DeclarationMaps {
  readonly typedefs: ReadonlyMap<string, TypedefDecl>;
  readonly records: ReadonlyMap<string, RecordDecl>;
  readonly enums: ReadonlyMap<string, EnumDecl>;
}

function byKey<T>(list: readonly T[] | ReadonlyMap<string, T>, key: (d: T) => string): ReadonlyMap<string, T> {
  return list instanceof Map ? list : new Map((list as readonly T[]).map((d) => [key(d), d]));
}

/** Look-up tables over one Api, made once per stage. */
export class TypeTable {
  readonly #typedefs: ReadonlyMap<string, TypedefDecl>;
  readonly #records: ReadonlyMap<string, RecordDecl>;
  readonly #enums: ReadonlyMap<string, EnumDecl>;

  /** Over an Api, or over maps that may still grow. */
  constructor(declared: Pick<Api, 'typedefs' | 'records' | 'enums'> | DeclarationMaps) {
    this.#typedefs = byKey(declared.typedefs, (d) => d.name);
    this.#records = byKey(declared.records, (d) => d.key);
    this.#enums = byKey(declared.enums, (d) => d.key);
  }

  typedef(name: string): TypedefDecl | undefined {
    return this.#typedefs.get(name);
  }

  record(key: string): RecordDecl | undefined {
    return this.#records.get(key);
  }

  enumeration(key: string): EnumDecl | undefined {
    return this.#enums.get(key);
  }

  /** The type that a parameter is passed as: a transparent union is passed as its first member (GCC manual, "Common Type Attributes"). */
  passed(type: CType): CType {
    const resolved = this.resolve(type);
    const record = resolved.kind === 'record' ? this.#records.get(resolved.key) : undefined;
    return (record?.transparent && record.fields?.[0]?.type) || type;
  }

  /** The type behind a chain of typedefs (C11 6.7.8: a typedef name is a synonym). `const` of the chain is kept. */
  resolve(type: CType): CType {
    let current = type;
    let isConst = type.const;
    for (let depth = 0; current.kind === 'typedef'; depth++) {
      const target = this.#typedefs.get(current.name);
      if (!target || depth > 200) return { kind: 'unsupported', reason: `the type ${current.name} is not declared` };
      current = target.type;
      isConst ??= current.const;
    }
    return isConst && !current.const ? { ...current, const: true } : current;
  }
}
