// In: the content of a snapshot file. Out: what in it is not as snapshots have it, with its place. A snapshot may come from
// anywhere, and what it says becomes text of a module: names must be names and numbers numbers. Keys that are not known are passed over.

type Check = (value: unknown) => string | undefined;

const isText = (value: unknown): value is string => typeof value === 'string';
const matching =
  (pattern: RegExp, what: string): Check =>
  (value) =>
    isText(value) && pattern.test(value) ? undefined : `${JSON.stringify(value)?.slice(0, 80)} is not ${what}`;

const text: Check = (value) => (isText(value) ? undefined : 'it is not a string');
const yes: Check = (value) => (value === true ? undefined : 'it can only be true');
const count: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : 'it is not a number of bits or bytes';
/** As the preprocessor has identifiers: universal character names may be in them. */
const name = matching(/^[A-Za-z_$\\\u0080-\uffff][\w$\\\u0080-\uffff]*$/, 'a name');
const key = matching(/^(?:struct |union |enum )?[\w$\\:.#\u0080-\uffff]+$/, "a record's or an enumeration's key");
const target = matching(/^[\w.-]+$/, 'a target');
const place = matching(/^[\s\S]*:\d+$/, 'a place');
const decimal = matching(/^-?\d+$/, 'a decimal number');
const arithmetic = matching(/^[a-z]\w*$/, 'an arithmetic type');
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

function list(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return 'it is not a list';
    for (const [at, item] of value.entries()) {
      const wrong = check(item);
      if (wrong !== undefined) return `[${at}] ${wrong}`;
    }
    return undefined;
  };
}

function object(checks: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (typeof value !== 'object' || value === null) return 'it is not an object';
    for (const [field, check] of Object.entries(checks)) {
      const wrong = check(Object.hasOwn(value, field) ? (value as Record<string, unknown>)[field] : undefined);
      if (wrong !== undefined) return `${field}: ${wrong}`;
    }
    return undefined;
  };
}

/** Values under names of C's. */
function named(check: Check): Check {
  return (value) => {
    if (typeof value !== 'object' || value === null) return 'it is not an object';
    for (const [of, item] of Object.entries(value)) {
      const wrong = name(of) ?? check(item);
      if (wrong !== undefined) return `${of}: ${wrong}`;
    }
    return undefined;
  };
}

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

const snapshot = object({
  library: text,
  version: text,
  target: (value) => (Array.isArray(value) ? list(target)(value) : target(value)),
  headers: list(text),
  ownHeaders: list(text),
  notExported: optional(list(text)),
  functions: list(
    object({
      ...declared,
      type: text,
      documented: optional(named(matching(/^(out|inout)$/, 'a direction'))),
      symbol: optional(text),
      weak: optional(yes),
      unsupported: optional(text),
    }),
  ),
  records: list(
    object({
      ...tagged,
      ...layout,
      record: matching(/^(struct|union)$/, 'struct or union'),
      pack: optional(count),
      msStruct: optional(yes),
      byteOrder: optional(matching(/^[a-z-]+$/, 'a byte order')),
      fields: optional(list(field)),
    }),
  ),
  enums: list(object({ ...tagged, underlying: arithmetic, enumerators: list(enumerator) })),
  typedefs: list(object({ ...declared, type: text, align: optional(count) })),
  variables: list(
    object({ ...declared, type: text, symbol: optional(text), weak: optional(yes), unsupported: optional(text) }),
  ),
  constants: list(
    object({
      ...declared,
      int: optional(decimal),
      float: optional(text),
      string: optional(text),
      wide: optional(matching(/^[LuU]$/, 'a prefix of wide strings')),
      pointer: optional(yes),
      type: optional(arithmetic),
    }),
  ),
  unsupported: list(
    object({
      name,
      at: place,
      reason: text,
      kind: matching(/^[a-z]+$/, 'a kind of declaration'),
    }),
  ),
});

/** What is wrong, as `functions: [3] name: …`; undefined for a snapshot. */
export function snapshotProblem(data: unknown): string | undefined {
  return snapshot(data);
}
