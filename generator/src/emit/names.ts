// In: an Api. Out: the TypeScript name of everything that the module exports. C has one namespace for tags and one for the
// rest (C11 6.2.3); a module has one, shared with what it imports, so some names move aside: `struct_stat`, `delete_`.

import type { Api } from '../model/api.ts';

/** What the generated module itself uses, and TypeScript's predefined type names and reserved words. */
const TAKEN: readonly string[] = [
  ...['c', 'records', 'defineShim', 'defineRecord'],
  ...[
    'any',
    'unknown',
    'never',
    'void',
    'undefined',
    'null',
    'object',
    'string',
    'number',
    'bigint',
    'boolean',
    'symbol',
  ],
  ...[
    'break',
    'case',
    'catch',
    'class',
    'const',
    'continue',
    'debugger',
    'default',
    'delete',
    'do',
    'else',
    'enum',
    'export',
  ],
  ...[
    'extends',
    'false',
    'finally',
    'for',
    'function',
    'if',
    'import',
    'in',
    'instanceof',
    'new',
    'return',
    'super',
    'switch',
  ],
  ...[
    'this',
    'throw',
    'true',
    'try',
    'typeof',
    'var',
    'while',
    'with',
    'yield',
    'let',
    'static',
    'implements',
    'interface',
  ],
  ...[
    'package',
    'private',
    'protected',
    'public',
    'await',
    'async',
    'arguments',
    'eval',
    'type',
    'of',
    'declare',
    'as',
  ],
  ...[
    'Array',
    'Record',
    'Promise',
    'Int8Array',
    'Uint8Array',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
  ],
  ...[
    'Float32Array',
    'Float64Array',
    'BigInt64Array',
    'BigUint64Array',
    'globalThis',
    'Infinity',
    'NaN',
    'Object',
    'Symbol',
  ],
];
const RESERVED: ReadonlySet<string> = new Set(TAKEN);

export interface ExportNames {
  readonly record: ReadonlyMap<string, string>;
  readonly enum: ReadonlyMap<string, string>;
  readonly typedef: ReadonlyMap<string, string>;
}

/** A C identifier as a parameter's name. */
export function parameterName(name: string): string {
  return RESERVED.has(name) ? `${name}_` : name;
}

/** A C identifier as a property's name: every identifier is one, but `__proto__` needs brackets in object literals. */
export function propertyName(name: string): string {
  return name === '__proto__' ? `['__proto__']` : /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

export function exportNames(api: Api, moduleNames: readonly string[]): ExportNames {
  const values = new Set([
    ...moduleNames,
    ...api.constants.map((d) => d.name),
    ...api.enums.flatMap((d) => d.enumerators.map((e) => e.name)),
  ]);
  const taken = new Set([...values, ...RESERVED]);
  const claim = (wanted: string, fallback: string): string => {
    const plain = wanted.replace(/::/g, '_').replace(/[^\w$]/g, '_');
    for (const candidate of [plain, fallback, `${fallback}_`]) {
      if (!taken.has(candidate)) {
        taken.add(candidate);
        return candidate;
      }
    }
    for (let n = 2; ; n++) {
      const numbered = `${fallback}_${n}`;
      if (taken.has(numbered)) continue;
      taken.add(numbered);
      return numbered;
    }
  };
  // A typedef that only repeats the tag (`typedef struct x x;`) shares its name.
  const record = new Map<string, string>();
  for (const d of api.records) {
    const plain = baseName(d.key);
    record.set(d.key, claim(plain, `${d.record}_${plain.replace(/\W+/g, '_')}`));
  }
  const enums = new Map<string, string>();
  for (const d of api.enums) {
    const plain = baseName(d.key);
    enums.set(d.key, claim(plain, `enum_${plain.replace(/\W+/g, '_')}`));
  }
  const typedef = new Map<string, string>();
  for (const d of api.typedefs) {
    const { type } = d;
    const shared =
      type.kind === 'record' ? record.get(type.key) : type.kind === 'enum' ? enums.get(type.key) : undefined;
    typedef.set(d.name, shared === d.name ? shared : claim(d.name, `${d.name}_`));
  }
  return { record, enum: enums, typedef };
}

/** `struct x::y` is `x::y`. */
function baseName(key: string): string {
  return key.replace(/^(struct|union|enum) /, '');
}
