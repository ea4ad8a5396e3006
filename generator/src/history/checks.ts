// What checks of files are made of. A check answers in words what is wrong with a value, with its place in it as `[3] name: …`; undefined
// where nothing is. Keys that an object's check does not know are passed over.

export type Check = (value: unknown) => string | undefined;

const isText = (value: unknown): value is string => typeof value === 'string';
export const matching =
  (pattern: RegExp, what: string): Check =>
  (value) =>
    isText(value) && pattern.test(value) ? undefined : `${JSON.stringify(value)?.slice(0, 80)} is not ${what}`;

export const text: Check = (value) => (isText(value) ? undefined : 'it is not a string');
export const yes: Check = (value) => (value === true ? undefined : 'it can only be true');
export const count: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : 'it is not a number of bits or bytes';
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

export function list(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return 'it is not a list';
    for (const [at, item] of value.entries()) {
      const wrong = check(item);
      if (wrong !== undefined) return `[${at}] ${wrong}`;
    }
    return undefined;
  };
}

export function object(checks: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (typeof value !== 'object' || value === null) return 'it is not an object';
    for (const [field, check] of Object.entries(checks)) {
      const wrong = check(Object.hasOwn(value, field) ? (value as Record<string, unknown>)[field] : undefined);
      if (wrong !== undefined) return `${field}: ${wrong}`;
    }
    return undefined;
  };
}

/** Values under keys that are not known before. */
export function map(key: Check, check: Check): Check {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is not an object';
    for (const [of, item] of Object.entries(value)) {
      const wrong = key(of) ?? check(item);
      if (wrong !== undefined) return `${of}: ${wrong}`;
    }
    return undefined;
  };
}
