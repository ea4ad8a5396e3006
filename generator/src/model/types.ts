// Questions about types that need the Api: what a typedef stands for, which record a key names.

import type { Api, EnumDecl, RecordDecl, TypedefDecl } from './api.ts';
import type { CType } from './ctype.ts';

/** Look-up tables over one Api, made once per stage. */
export class TypeTable {
  readonly #typedefs: ReadonlyMap<string, TypedefDecl>;
  readonly #records: ReadonlyMap<string, RecordDecl>;
  readonly #enums: ReadonlyMap<string, EnumDecl>;

  constructor(api: Pick<Api, 'typedefs' | 'records' | 'enums'>) {
    this.#typedefs = new Map(api.typedefs.map((d) => [d.name, d]));
    this.#records = new Map(api.records.map((d) => [d.key, d]));
    this.#enums = new Map(api.enums.map((d) => [d.key, d]));
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
