// In: an Api. Out: the TypeScript name of everything that the module exports. C has one namespace for tags and one for the
// rest (C11 6.2.3); a module has one, shared with what it imports, so some names move aside: `struct_stat`, `delete_`.

import type { Api } from '../model/api.ts';
import { KEYWORDS } from '../model/parameter-names.ts';
import { quote } from './print-text.ts';

/** And what the generated module itself uses: its imports, its own bindings, TypeScript's predefined types and globals. */
const RESERVED: ReadonlySet<string> = new Set([
  ...KEYWORDS,
  ...['c', 'records', 'defineShim', 'defineRecord', 'async', 'type', 'of', 'declare', 'as'],
  ...['keyof', 'infer', 'unique', 'readonly', 'asserts', 'intrinsic', 'require', 'exports'],
  ...['any', 'unknown', 'never', 'object', 'string', 'number', 'bigint', 'boolean', 'symbol'],
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
]);

export interface ExportNames {
  /** Enumerators and macros. */
  readonly constant: ReadonlyMap<string, string>;
  readonly record: ReadonlyMap<string, string>;
  readonly enum: ReadonlyMap<string, string>;
  readonly typedef: ReadonlyMap<string, string>;
}

/** A C identifier as a method's name: a bare `new` would be a construct signature. */
export function methodName(name: string): string {
  return name === 'new' ? "'new'" : propertyName(name);
}

/** Whether a shim may have this name. */
export function isShimName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !RESERVED.has(name);
}

/** A C identifier as a property's name: every identifier is one, but `__proto__` needs brackets in object literals. */
export function propertyName(name: string): string {
  return name === '__proto__' ? `['__proto__']` : /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

export function exportNames(api: Api, moduleNames: readonly string[]): ExportNames {
  const taken = new Set([...moduleNames, ...RESERVED]);
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
  // Constants come first: their names are used bare, as in C.
  const constant = new Map<string, string>();
  for (const { name } of [...api.enums.flatMap((d) => d.enumerators), ...api.constants]) {
    if (!constant.has(name)) constant.set(name, claim(name, `${name}_`));
  }
  // A typedef that only repeats the tag (`typedef struct x x;`) shares its name.
  const record = new Map<string, string>();
  const known = typedefNames(api);
  for (const d of api.records) {
    if (d.layoutOnly) continue;
    const plain = known.get(d.key) ?? baseName(d.key);
    record.set(d.key, claim(plain, `${d.record}_${plain.replace(/\W+/g, '_')}`));
  }
  const enums = new Map<string, string>();
  for (const d of api.enums) {
    const plain = known.get(d.key) ?? baseName(d.key);
    enums.set(d.key, claim(plain, `enum_${plain.replace(/\W+/g, '_')}`));
  }
  const typedef = new Map<string, string>();
  for (const d of api.typedefs) {
    const { type } = d;
    const shared =
      type.kind === 'record' ? record.get(type.key) : type.kind === 'enum' ? enums.get(type.key) : undefined;
    typedef.set(d.name, shared === d.name ? shared : claim(d.name, `${d.name}_`));
  }
  return { constant, record, enum: enums, typedef };
}

/** `typedef struct _GtkWidget GtkWidget`: a tag that begins with `_` is nobody's name for it, the typedef's name is. Of several, the
 *  one that is the tag without its `_`, else the first. */
function typedefNames(api: Api): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, type } of api.typedefs) {
    if (type.kind !== 'record' && type.kind !== 'enum') continue;
    if (!/^\w+ _/.test(type.key) || name.startsWith('_')) continue;
    if (!names.has(type.key) || type.key.endsWith(` _${name}`)) names.set(type.key, name);
  }
  return names;
}

/** `struct x::y` is `x::y`. */
function baseName(key: string): string {
  return key.replace(/^(struct|union|enum) /, '');
}
