// dlshim's facts against what others say of the same headers. In: the facts, and the truth. Out: each difference by name.
// Nothing is run here.

/**
 * @typedef {object} Facts What `dlshim snapshot --facts` writes.
 * @property {Record<string, { abi: string, symbol: string, inline: boolean, unsupported: string | null }>} functions
 * @property {Record<string, { kind: string, size: number | null, align: number | null, unsupported?: string,
 *   fields: Record<string, { offset: number, width: number | null }> }>} records
 * @property {Record<string, string>} enumerators
 * @property {Record<string, { kind: string, value: string }>} constants
 * @property {Record<string, object>} variables
 *
 * @typedef {object} Truth
 * @property {ReadonlyMap<string, import('./functions.mjs').Declared>} functions
 * @property {ReadonlyMap<string, { symbol: string }> | undefined} bindgen
 * @property {import('./records.mjs').Declarations} declarations
 * @property {ReadonlyMap<string, number>} alignments
 * @property {ReadonlyMap<string, import('./constants.mjs').Constant>} constants
 *
 * @typedef {object} Differences
 * @property {string[]} missing What others see in the library's own headers, and dlshim neither has nor lists.
 * @property {string[]} wrong Facts that are not so.
 * @property {string[]} missedConstants Macros that gcc evaluates and dlshim does not.
 */

/** @param {Facts} facts @param {Truth} truth @returns {Differences} */
export function compare(facts, truth) {
  /** @type {Differences} */
  const found = { missing: [], wrong: [], missedConstants: [] };
  compareFunctions(facts, truth, found);
  compareRecords(facts, truth, found);
  compareNames(facts, truth, found);
  compareConstants(facts, truth, found);
  return found;
}

/** @param {Facts} facts @param {Truth} truth @param {Differences} found */
function compareFunctions(facts, { functions, bindgen }, found) {
  const ours = new Map(Object.entries(facts.functions));
  for (const [name, { defined, variadic }] of functions) {
    const fact = ours.get(name);
    if (!fact) found.missing.push(`function ${name}: gcc sees it declared`);
    else if (defined && fact.unsupported === null)
      found.wrong.push(`function ${name}: its body is in the header, and it is not listed as not callable`);
    else if (fact.inline && !defined)
      found.wrong.push(`function ${name}: it is listed as inline, and gcc sees no body`);
    else if (variadic !== isVariadic(fact)) found.wrong.push(`function ${name}: variadic is ${variadic} for gcc`);
  }
  for (const name of ours.keys()) {
    if (!functions.has(name))
      found.wrong.push(`function ${name}: gcc sees no declaration of it in the library's own headers`);
  }
  const symbols = new Set([...ours.values()].map(({ symbol }) => symbol));
  for (const [name, { symbol }] of bindgen ?? []) {
    if (!ours.has(name) && !ours.has(symbol) && !symbols.has(symbol))
      found.missing.push(`function ${name}: bindgen finds it`);
  }
}

/** @param {{ abi: string }} fact */
function isVariadic({ abi }) {
  return /[(,]\.\.\.\)$/.test(abi);
}

/** @param {Facts} facts @param {Truth} truth @param {Differences} found */
function compareRecords(facts, { declarations, alignments }, found) {
  const ours = new Map(Object.entries(facts.records));
  for (const [name, { kind, size, fields }] of declarations.records) {
    const fact = ours.get(name) ?? ours.get(`typedef ${name}`);
    if (!fact) {
      found.missing.push(`${kind} ${name}: gcc sees it defined`);
      continue;
    }
    if (fact.unsupported !== undefined) continue;
    if (fact.kind !== kind) found.wrong.push(`${kind} ${name}: it is listed as a ${fact.kind}`);
    if (fact.size !== size) found.wrong.push(`${kind} ${name}: sizeof is ${size} for gcc, and ${fact.size} here`);
    const align = alignments.get(name);
    if (align !== undefined && fact.align !== align)
      found.wrong.push(`${kind} ${name}: _Alignof is ${align} for gcc, and ${fact.align} here`);
    compareFields(`${kind} ${name}`, fact.fields, fields, found);
  }
}

/** @param {string} name @param {Facts['records'][string]['fields']} facts
 *  @param {ReadonlyMap<string, import('./records.mjs').FieldFact>} fields @param {Differences} found */
function compareFields(name, facts, fields, found) {
  const ours = new Map(Object.entries(facts));
  for (const [field, { offset, width }] of fields) {
    const fact = ours.get(field);
    if (!fact) found.wrong.push(`${name}: the member ${field} is missing`);
    else if (fact.offset !== offset || fact.width !== width)
      found.wrong.push(
        `${name}.${field}: at bit ${offset}, width ${width} for gcc; at ${fact.offset}, ${fact.width} here`,
      );
  }
  for (const field of ours.keys()) if (!fields.has(field)) found.wrong.push(`${name}: gcc sees no member ${field}`);
}

/** Enumerators and variables. @param {Facts} facts @param {Truth} truth @param {Differences} found */
function compareNames(facts, { declarations }, found) {
  const enumerators = new Map(Object.entries(facts.enumerators));
  for (const [name, value] of declarations.enumerators) {
    const fact = enumerators.get(name);
    if (fact === undefined) found.missing.push(`enumerator ${name}`);
    else if (fact !== String(value)) found.wrong.push(`enumerator ${name}: it is ${value} for gcc, and ${fact} here`);
  }
  for (const name of declarations.variables) {
    if (!Object.hasOwn(facts.variables, name)) found.missing.push(`variable ${name}`);
  }
}

/** @param {Facts} facts @param {Truth} truth @param {Differences} found */
function compareConstants(facts, { constants }, found) {
  const enumerators = new Map(Object.entries(facts.enumerators));
  const ours = new Map(Object.entries(facts.constants));
  for (const [name, constant] of constants) {
    // A macro may stand before an enumerator of its own name: one name in the module carries both.
    const value =
      ours.get(name) ??
      (enumerators.has(name) && { kind: 'int', value: /** @type {string} */ (enumerators.get(name)) });
    if (!value) found.missedConstants.push(name);
    else if (!isSame(value, constant))
      found.wrong.push(
        `constant ${name}: ${constant.kind} ${quoted(constant.value)} for gcc, ${value.kind} ${quoted(value.value)} here`,
      );
  }
  for (const [name, { kind, value }] of ours) {
    if (!constants.has(name))
      found.wrong.push(`constant ${name}: gcc gives it no value, and here it is ${kind} ${quoted(value)}`);
  }
}

/** @param {{ kind: string, value: string }} a @param {{ kind: string, value: string }} b */
function isSame(a, b) {
  if (a.kind !== b.kind) return false;
  return a.kind === 'float' ? Object.is(floatOf(a.value), floatOf(b.value)) : a.value === b.value;
}

/** @param {string} text */
function floatOf(text) {
  return Number(text.replace(/inf$/, 'Infinity'));
}

/** @param {string} text */
function quoted(text) {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
