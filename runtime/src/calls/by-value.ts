// A record that is passed by value, as JavaScript gives it, in; a plain object with nothing but checked values out. koffi reads
// members while it builds the call, and a getter that throws there ends the process: so what is read here is all that it sees.

import type { RecordDescriptor } from '../contract/descriptor.ts';
import { parseFieldType, type TypeNode } from '../contract/signature.ts';
import { type Layout, layoutOf } from '../contract/targets.ts';
import { isView } from '../records/layouts.ts';
import { inWords, wantedInstead } from './values.ts';

type Records = Readonly<Record<string, RecordDescriptor>>;

/** A plain copy of a record's value. Throws a TypeError that names the member; and whatever a getter of the value throws. */
export function plainRecord(records: Records, name: string, value: unknown): object {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`an object for the record ${name} is wanted, and got ${inWords(value)}`);
  }
  const layout = known(records, name);
  if (layout.kind === 'union' && isFromC(layout, value)) return value;
  const source = value as Readonly<Record<string, unknown>>;
  const members = layout.kind === 'union' ? [memberOfUnion(name, layout, source)] : Object.keys(layout.fields);
  const copy: Record<string, unknown> = Object.create(null);
  for (const member of members) {
    const type = parseFieldType(layout.fields[member]![0]);
    copy[member] = plainMember(records, `${name}.${member}`, type, source[member]);
  }
  return copy;
}

/** The record of which every byte is zero. */
export function zeroRecord(records: Records, name: string): object {
  const { kind, fields } = known(records, name);
  const members = Object.entries(fields).map(([member, [type]]) => [member, zero(records, parseFieldType(type))]);
  return Object.fromEntries(kind === 'union' ? members.slice(0, 1) : members);
}

function zero(records: Records, type: TypeNode): unknown {
  if (type.kind === 'record') return zeroRecord(records, type.name);
  if (type.kind === 'array') {
    if (isText(type)) return '';
    return Array.from({ length: type.length }, () => plainElement(records, '', type.of, zero(records, type.of)));
  }
  return zeroOf(type);
}

/** Zero as a scalar, an address or text has it. */
export function zeroOf(type: TypeNode): unknown {
  if (type.kind !== 'scalar' || type.name === 'ptr' || type.name === 'str') return null;
  if (type.name === 'void') return undefined;
  return type.name === 'bool' ? false : 0;
}

function plainMember(records: Records, label: string, type: TypeNode, value: unknown): unknown {
  if (type.kind === 'record') return plainRecord(records, type.name, value);
  if (type.kind === 'array') return plainArray(records, label, type, value);
  if (type.kind === 'scalar' && type.name === 'str') {
    if (typeof value !== 'string') return checked(label, { kind: 'scalar', name: 'ptr' }, value);
    if (value.includes('\0')) throw new TypeError(`${label} takes a string without NUL characters`);
    return value;
  }
  return checked(label, type, value);
}

function checked(label: string, type: TypeNode, value: unknown): unknown {
  const wanted = wantedInstead(type, value);
  if (wanted !== undefined) throw new TypeError(`${label} takes ${wanted}, and got ${inWords(value)}`);
  return value;
}

function plainArray(records: Records, label: string, type: TypeNode & { kind: 'array' }, value: unknown): unknown {
  if (isText(type) && typeof value === 'string') {
    const bytes = Buffer.byteLength(value);
    if (bytes < type.length) return value;
    throw new TypeError(`${label} has room for ${type.length - 1} bytes and a NUL, and got a string of ${bytes} bytes`);
  }
  const values = value as ArrayLike<unknown> | null | undefined;
  if (typeof values !== 'object' || values === null || values.length !== type.length) {
    throw new TypeError(`${label} takes ${type.length} elements, and got ${inWords(value)}`);
  }
  return Array.from(values, (element, index) => plainElement(records, `${label}[${index}]`, type.of, element));
}

/** Arrays of booleans and of addresses are typed arrays, of numbers. */
function plainElement(records: Records, label: string, type: TypeNode, value: unknown): unknown {
  const name = type.kind === 'scalar' ? type.name : '';
  if (name === 'ptr') return value === 0n ? value : (checked(label, type, value) ?? 0n);
  if (name === 'bool') return Number(checked(label, type, value === 0 || value === 1 ? value === 1 : value));
  return plainMember(records, label, type, value);
}

function isText(type: TypeNode & { kind: 'array' }): boolean {
  return type.of.kind === 'scalar' && type.of.name === 'char';
}

/** Whether a union is as C has handed it over: an object of koffi's, which holds its bytes and has the members as accessors. koffi takes
 *  it back; a copy would lose which member is meant, which nobody knows. */
function isFromC({ fields }: Layout, value: object): boolean {
  if (Object.keys(value).length > 0 || isView(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && Object.keys(fields).every((member) => hasGetter(prototype as object, member));
}

function hasGetter(object: object, name: string): boolean {
  return Object.getOwnPropertyDescriptor(object, name)?.get !== undefined;
}

function memberOfUnion(name: string, { fields }: Layout, value: object): string {
  const [member, ...more] = Object.keys(value);
  if (member === undefined || more.length > 0 || !Object.hasOwn(fields, member)) {
    const choice = Object.keys(fields).join(', ');
    throw new TypeError(
      `an object with one member of the union ${name} is wanted: ${choice}; it has ${Object.keys(value).join(', ') || 'none'}`,
    );
  }
  return member;
}

function known(records: Records, name: string): Layout {
  const layout = layoutOf(records, name);
  if (!layout) throw new TypeError(`the layout of '${name}' is not known`);
  if (layout.era && !layout.era.isDecided) throw layout.era.refuse(`the layout of ${name}, a record by value,`);
  return layout;
}
