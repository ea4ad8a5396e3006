// In: the content of a snapshot or a history file. Out: what in it is not as these have it, with its place. It may come from
// anywhere, and what it says becomes text of a module: names must be names and numbers numbers. Keys that are not known are passed over.

import { type Check, count, list, map, matching, object, optional, text, yes } from './checks.ts';
import { isVersion } from './compare.ts';

/** As the preprocessor has identifiers: universal character names may be in them. */
const name = matching(/^[A-Za-z_$\\\u0080-\uffff][\w$\\\u0080-\uffff]*$/, 'a name');
const key = matching(/^(?:struct |union |enum )?[\w$\\:.#\u0080-\uffff]+$/, "a record's or an enumeration's key");
const target = matching(/^[\w.-]+$/, 'a target');
const place = matching(/^[\s\S]*:\d+$/, 'a place');
const decimal = matching(/^-?\d+$/, 'a decimal number');
const arithmetic = matching(/^[a-z]\w*$/, 'an arithmetic type');
/** What is not the library's own has no place. */
const declared = { name, at: optional(place), doc: optional(text), deprecated: optional(text) };
const layout = { packed: optional(yes), align: optional(count) };
const field = object({ name: optional(name), type: text, bits: optional(count), doc: optional(text), ...layout });
const enumerator: Check = (value) =>
  Array.isArray(value) ? object({ 0: name, 1: decimal, 2: optional(text) })(value) : 'it is not a list';
const tagged = {
  at: optional(place),
  doc: optional(text),
  deprecated: optional(text),
  tag: optional(name),
  key: optional(key),
};

const functionLine = {
  ...declared,
  type: text,
  documented: optional(map(name, matching(/^(out|inout)$/, 'a direction'))),
  symbol: optional(text),
  weak: optional(yes),
  unsupported: optional(text),
};
const recordLine = {
  ...tagged,
  ...layout,
  record: matching(/^(struct|union)$/, 'struct or union'),
  transparent: optional(yes),
  local: optional(yes),
  pack: optional(count),
  msStruct: optional(yes),
  byteOrder: optional(matching(/^[a-z-]+$/, 'a byte order')),
  fields: optional(list(field)),
};
const enumLine = { ...tagged, underlying: arithmetic };
const typedefLine = { ...declared, type: text, align: optional(count) };
const variableLine = {
  ...declared,
  type: text,
  symbol: optional(text),
  weak: optional(yes),
  unsupported: optional(text),
};
const constantLine = {
  ...declared,
  int: optional(decimal),
  float: optional(text),
  string: optional(text),
  wide: optional(matching(/^[LuU]$/, 'a prefix of wide strings')),
  pointer: optional(yes),
  type: optional(arithmetic),
};
const unsupportedLine = { name, at: place, reason: text, kind: matching(/^[a-z]+$/, 'a kind of declaration') };

/** One target, or several. */
const targets: Check = (value) => (Array.isArray(value) && value.length > 0 ? list(target)(value) : target(value));
const symbol = matching(/^[^\s@]+$/, 'a symbol');
const symbolsByVersion = optional(map(symbol, list(symbol)));

const snapshot = object({
  library: text,
  version: text,
  target: targets,
  headers: list(text),
  ownHeaders: list(text),
  notExported: optional(list(text)),
  exports: optional(
    object({ sonames: list(text), undeclared: list(symbol), versions: symbolsByVersion, hidden: symbolsByVersion }),
  ),
  functions: list(object(functionLine)),
  records: list(object(recordLine)),
  enums: list(object({ ...enumLine, enumerators: list(enumerator) })),
  typedefs: list(object(typedefLine)),
  variables: list(object(variableLine)),
  constants: list(object(constantLine)),
  unsupported: list(object(unsupportedLine)),
});

/** What is wrong, as `functions: [3] name: …`; undefined for a snapshot. */
export function snapshotProblem(data: unknown): string | undefined {
  return snapshot(data);
}

const version: Check = (value) =>
  typeof value === 'string' && isVersion(value) ? undefined : `${JSON.stringify(value)} is not a version`;
/** Which versions have it; `json.ts` reads the text. */
const since = { in: optional(text) };

const history = object({
  library: text,
  target: targets,
  versions: list(
    object({
      version,
      source: text,
      headers: list(text),
      ownHeaders: list(text),
      sonames: list(text),
      exports: optional(yes),
    }),
  ),
  functions: list(object({ ...functionLine, ...since })),
  records: list(object({ ...recordLine, ...since })),
  enums: list(object({ ...enumLine, ...since })),
  enumerators: list(object({ of: key, name, value: decimal, doc: optional(text), ...since })),
  typedefs: list(object({ ...typedefLine, ...since })),
  variables: list(object({ ...variableLine, ...since })),
  constants: list(object({ ...constantLine, ...since })),
  unsupported: list(object({ ...unsupportedLine, ...since })),
  exports: list(
    object({
      symbol,
      ...since,
      versions: optional(list(object({ name: symbol, ...since, hidden: optional(text) }))),
    }),
  ),
});

/** The same for a history. */
export function historyProblem(data: unknown): string | undefined {
  return history(data);
}
