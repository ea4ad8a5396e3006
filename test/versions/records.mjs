// The records of a shim's module in, where each has its members out: as it is seen from outside, by writing into a member and looking
// which byte has changed. Nothing is read that could be followed as an address.

import { bytesOf } from '@dlshim/runtime';

/** Offsets by the members' paths: null for a member that this version lacks. What cannot be decided is the name of the error, and what
 *  says nothing of its place (a flexible array, a member that is text by address) is not there.
 *  @typedef {{ size: number | string, members: Record<string, number | string | null> }} Seen */

/** @param {Record<string, any>} module @returns {Record<string, Seen>} */
export function layoutsOf(module) {
  const records = Object.entries(module).filter(([, value]) => typeof value?.alloc === 'function');
  return Object.fromEntries(records.map(([name, record]) => [name, layoutOf(record)]));
}

/** @param {any} record @returns {Seen} */
function layoutOf(record) {
  const view = ask(() => record.alloc());
  // This version has no such record.
  if (typeof view === 'string') return { size: view, members: {} };
  /** @type {Seen['members']} */
  const members = {};
  visit(view, bytesOf(view), '', members);
  return { size: ask(() => record.size), members };
}

/** @param {any} view @param {Uint8Array} bytes @param {string} path @param {Seen['members']} members */
function visit(view, bytes, path, members) {
  for (const name in view) {
    const inner = `${path}${name}`;
    // Memory of zeroes: an address is null there, and not followed.
    /** @type {any} */
    const value = ask(() => view[name]);
    if (value === undefined) members[inner] = null;
    else if (Array.isArray(value)) visitElement(value, bytes, inner, members);
    else if (isNumbers(value) && value.length === 0) continue;
    else if (isNumbers(value)) note(inner, () => Object.assign(value, { 0: typeof value[0] === 'bigint' ? 1n : 1 }));
    else if (typeof value === 'object' && value !== null) visit(value, bytes, `${inner}.`, members);
    else if (typeof value === 'string' && value !== '') members[inner] = value;
    else note(inner, () => Object.assign(view, { [name]: sampleOf(value) }));
  }

  /** @param {string} inner @param {() => void} write */
  function note(inner, write) {
    bytes.fill(0);
    const failure = ask(write);
    const at = bytes.findIndex((byte) => byte !== 0);
    bytes.fill(0);
    if (at >= 0) members[inner] = at;
    else if (typeof failure === 'string') members[inner] = failure;
  }
}

/** @param {any} value @returns {value is Uint8Array | BigInt64Array} */
function isNumbers(value) {
  return ArrayBuffer.isView(value);
}

/** The first element tells where all are. @param {readonly unknown[]} value @param {Uint8Array} bytes @param {string} path
 *  @param {Seen['members']} members */
function visitElement([first], bytes, path, members) {
  if (typeof first === 'object' && first !== null && !Array.isArray(first)) visit(first, bytes, `${path}[0].`, members);
}

/** A value that a member takes which holds `value`, with a one in its first byte. @param {unknown} value */
function sampleOf(value) {
  if (typeof value === 'boolean') return true;
  if (typeof value === 'string') return 'A';
  return typeof value === 'number' ? 1 : 1n;
}

/** An answer, or the error's name. @template T @param {() => T} question @returns {T | string} */
function ask(question) {
  try {
    return question();
  } catch (error) {
    return /** @type {Error} */ (error).name;
  }
}
