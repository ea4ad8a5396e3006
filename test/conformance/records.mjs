// What gcc makes of records, enumerators and variables, read from its debugging information. In: flags and headers.
// Out: those of the library's own headers. Follows DWARF 5, sections 5.7 (structures, unions), 5.8 (enumerations) and 7.5, as
// readelf prints them.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilerFlags, includes, isOwnFile } from './corpus.mjs';
import { outputOf } from './tools.mjs';

/**
 * @typedef {object} Entry
 * @property {string} tag
 * @property {Map<string, string>} attributes
 * @property {Entry[]} children
 *
 * @typedef {{ offset: number, width: number | null }} FieldFact In bits.
 * @typedef {{ kind: string, tagged: boolean, size: number, fields: Map<string, FieldFact> }} RecordTruth
 * @typedef {{ records: Map<string, RecordTruth>, enumerators: Map<string, bigint>, variables: Set<string> }} Declarations
 */

/** @param {import('./corpus.mjs').Library} library @param {string} folder */
export async function gccDeclarations(library, folder) {
  const [source, object] = [join(folder, 'records.c'), join(folder, 'records.o')];
  writeFileSync(source, includes(library));
  const everything = ['-fno-eliminate-unused-debug-types', '-fno-eliminate-unused-debug-symbols'];
  const flags = ['-std=gnu17', '-w', '-gdwarf-5', ...everything, ...compilerFlags(library)];
  await outputOf('gcc', [...flags, '-c', source, '-o', object]);
  return parseDwarf(await outputOf('readelf', ['--debug-dump=info,rawline', object]), isOwnFile(library));
}

/** @param {string} text @param {(path: string) => boolean} isOwn @returns {Declarations} */
export function parseDwarf(text, isOwn) {
  const { top, byOffset } = readEntries(text);
  const files = readFiles(text);
  const own = (/** @type {Entry} */ entry) => isOwn(files.get(entry.attributes.get('decl_file') ?? '') ?? '');
  const names = namesOfUntagged(byOffset);
  /** @type {Declarations} */
  const found = { records: new Map(), enumerators: new Map(), variables: new Set() };
  for (const entry of top) {
    if (!own(entry)) continue;
    const { tag, attributes, children } = entry;
    if (tag === 'structure_type' || tag === 'union_type') {
      const name = attributes.get('name') ?? names.get(entry);
      if (name !== undefined && !attributes.has('declaration')) found.records.set(name, record(entry, byOffset));
    } else if (tag === 'enumeration_type') {
      for (const { attributes: of } of children) {
        found.enumerators.set(/** @type {string} */ (of.get('name')), constant(of.get('const_value')));
      }
    } else if (tag === 'variable' && attributes.has('external')) {
      found.variables.add(/** @type {string} */ (attributes.get('name')));
    }
  }
  return found;
}

/** readelf's listing as a tree. @param {string} text */
function readEntries(text) {
  /** @type {Map<string, Entry>} */
  const byOffset = new Map();
  /** @type {Entry[]} */
  const open = [];
  /** @type {Entry | undefined} */
  let entry;
  for (const line of text.split('\n')) {
    const head = /^ <(\d+)><([0-9a-f]+)>: Abbrev Number: \d+ \(DW_TAG_(\w+)\)/.exec(line);
    if (head) {
      entry = { tag: /** @type {string} */ (head[3]), attributes: new Map(), children: [] };
      const depth = Number(head[1]);
      open.length = depth;
      open[depth - 1]?.children.push(entry);
      open[depth] = entry;
      byOffset.set(/** @type {string} */ (head[2]), entry);
      continue;
    }
    const attribute = /^ +<[0-9a-f]+> +DW_AT_(\w+) *: (.*)$/.exec(line);
    if (attribute) {
      const value = /** @type {string} */ (attribute[2]).replace(/^\((?:indirect|alt)[^)]*\): /, '');
      entry?.attributes.set(/** @type {string} */ (attribute[1]), value.replace(/^<0x([0-9a-f]+)>.*$/, '$1').trim());
    }
  }
  if (open[0]?.tag !== 'compile_unit') throw new Error('readelf: its listing is not understood');
  return { byOffset, top: open[0].children };
}

/** The paths of the file numbers. @param {string} text */
function readFiles(text) {
  /** @type {Map<string, string>[]} */
  const tables = [];
  for (const line of text.split('\n')) {
    if (/^ The (Directory|File Name) Table/.test(line)) tables.push(new Map());
    const row = /^ {2}(\d+)\t(?:(\d+)\t)?(?:\([^)]*\): )?(.+)$/.exec(line);
    const folder = row?.[2] === undefined ? undefined : tables[0]?.get(row[2]);
    if (row) tables.at(-1)?.set(/** @type {string} */ (row[1]), folder ? `${folder}/${row[3]}` : String(row[3]));
  }
  if (!tables[1]?.size) throw new Error('readelf: its table of file names is not understood');
  return tables[1];
}

/** The typedef's name of records that have no tag. @param {Map<string, Entry>} byOffset */
function namesOfUntagged(byOffset) {
  /** @type {Map<Entry, string>} */
  const names = new Map();
  for (const { tag, attributes } of byOffset.values()) {
    const target = tag === 'typedef' && byOffset.get(attributes.get('type') ?? '');
    if (target && !target.attributes.has('name') && !names.has(target))
      names.set(target, /** @type {string} */ (attributes.get('name')));
  }
  return names;
}

/** @param {Entry} entry @param {Map<string, Entry>} byOffset @returns {RecordTruth} */
function record(entry, byOffset) {
  /** @type {Map<string, FieldFact>} */
  const fields = new Map();
  addFields(entry, byOffset, 0, fields);
  const kind = entry.tag === 'union_type' ? 'union' : 'struct';
  return { kind, tagged: entry.attributes.has('name'), size: Number(entry.attributes.get('byte_size') ?? 0), fields };
}

/** Members of anonymous members are members of the outer record (C11 6.7.2.1p13).
 *  @param {Entry} entry @param {Map<string, Entry>} byOffset @param {number} base @param {Map<string, FieldFact>} fields */
function addFields(entry, byOffset, base, fields) {
  for (const { tag, attributes } of entry.children) {
    if (tag !== 'member') continue;
    const width = attributes.get('bit_size');
    const bits = attributes.get('data_bit_offset');
    const offset = base + (bits === undefined ? Number(attributes.get('data_member_location') ?? 0) * 8 : Number(bits));
    const name = attributes.get('name');
    if (name !== undefined) fields.set(name, { offset, width: width === undefined ? null : Number(width) });
    else {
      const inner = byOffset.get(attributes.get('type') ?? '');
      if (inner) addFields(inner, byOffset, offset, fields);
    }
  }
}

/** @param {string | undefined} text Decimal or hexadecimal, perhaps with what readelf adds in brackets. */
function constant(text = '') {
  const number = /^-?(0x[0-9a-f]+|\d+)/.exec(text);
  if (!number) throw new Error(`readelf: an enumerator's value is not understood: ${text}`);
  return number[0].startsWith('-') ? -BigInt(number[0].slice(1)) : BigInt(number[0]);
}
