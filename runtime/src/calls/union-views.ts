// A call whose records by value hold unions in, one that takes views of them too out. koffi wants an object with the one member of a
// union that is meant. A view has all of them; which one is meant does not matter as long as every byte gets there, so it is
// passed by a member that is as large as the union and whose bytes JavaScript carries as they are.

import type { FieldDescriptor, RecordDescriptor } from '../contract/descriptor.ts';
import { parseFieldType, type SignatureNode, type TypeNode } from '../contract/signature.ts';
import { layoutOf } from '../contract/targets.ts';
import { sizeOf } from '../records/fields.ts';
import { isView, recordsOf } from '../records/layouts.ts';
import type { Call } from './call.ts';

type Records = Readonly<Record<string, RecordDescriptor>>;

/** Whether a parameter is a record by value with a union in it: only such calls get anything around them. */
export function passesUnions({ parameters }: SignatureNode, records: Records): boolean {
  return parameters.some((type) => holdsUnion(type, records));
}

function holdsUnion(type: TypeNode, records: Records): boolean {
  if (type.kind === 'array') return holdsUnion(type.of, records);
  const layout = type.kind === 'record' ? layoutOf(records, type.name) : undefined;
  if (!layout) return false;
  return layout.kind === 'union' || fieldsOf(layout.fields).some(([, field]) => holdsUnion(field, records));
}

/** Wraps a call that `passesUnions`. */
export function withUnionViews(call: Call, symbol: string, { parameters }: SignatureNode, records: Records): Call {
  const places = parameters.flatMap((type, index) => (holdsUnion(type, records) ? [{ type, index }] : []));
  const lowered = (given: readonly unknown[]): unknown[] => {
    const args = [...given];
    for (const { type, index } of places) {
      args[index] = plain(type, args[index], records, `${symbol}: parameter ${index + 1}`);
    }
    return args;
  };
  return {
    sync: (...args) => call.sync(...lowered(args)),
    async: (args, done) => call.async(lowered(args), done),
  };
}

/** Views as plain objects; what is none stays as it is. */
function plain(type: TypeNode, value: unknown, records: Records, label: string): unknown {
  if (!holdsUnion(type, records) || typeof value !== 'object' || value === null) return value;
  if (type.kind === 'array') {
    return Array.isArray(value) ? value.map((element) => plain(type.of, element, records, label)) : value;
  }
  const layout = type.kind === 'record' ? layoutOf(records, type.name) : undefined;
  if (!layout || type.kind !== 'record') return value;
  const fields = fieldsOf(layout.fields);
  const given = value as Readonly<Record<string, unknown>>;
  if (!isView(value)) {
    // What C has returned is an object of koffi's, which it takes back.
    if (layout.kind === 'union' && Object.keys(given).length === 0) return value;
    const types = new Map(fields);
    const inner = ([name, member]: [string, unknown]) =>
      [name, types.has(name) ? plain(types.get(name)!, member, records, label) : member] as const;
    return Object.fromEntries(Object.entries(given).map(inner));
  }
  const chosen = layout.kind === 'struct' ? fields : [carrier(type.name, fields, records, label)];
  return Object.fromEntries(chosen.map(([name, field]) => [name, plain(field, given[name], records, label)]));
}

function fieldsOf(fields: Readonly<Record<string, FieldDescriptor>>): [name: string, type: TypeNode][] {
  return Object.entries<FieldDescriptor>(fields).map(([name, [text]]) => [name, parseFieldType(text)]);
}

/** The largest member of a union, if its bytes arrive unchanged: text ends at its NUL, and a string is followed to where it is. */
function carrier(name: string, fields: [string, TypeNode][], records: Records, label: string): [string, TypeNode] {
  const size = (type: TypeNode) => sizeOf(type, recordsOf(records));
  const largest = Math.max(...fields.map(([, type]) => size(type)));
  const able = fields.filter(([, type]) => size(type) === largest && isExact(type, records));
  // A NaN may lose its other bits on the way through JavaScript, which are another member's value.
  const isAllFloating = fields.every(([, type]) => floating(type, records, 'every'));
  const best = able.find(([, type]) => !floating(type, records, 'some')) ?? (isAllFloating ? able[0] : undefined);
  if (best) return best;
  const choice = fields.map(([member]) => member).join(', ');
  throw new TypeError(
    `${label}: a view does not say which member of the union ${name} is meant: pass an object with one of ${choice}`,
  );
}

function isExact(type: TypeNode, records: Records): boolean {
  switch (type.kind) {
    case 'scalar':
      return type.name !== 'str' && type.name !== 'char' && type.name !== 'bool';
    case 'array':
      return isExact(type.of, records);
    case 'record': {
      const layout = layoutOf(records, type.name);
      const fields = layout ? fieldsOf(layout.fields) : [];
      // Of a struct with gaps, what another member has there would be lost.
      const sum = fields.reduce((bytes, [, field]) => bytes + sizeOf(field, recordsOf(records)), 0);
      return layout?.kind === 'struct' && sum === layout.size && fields.every(([, field]) => isExact(field, records));
    }
    default:
      return true;
  }
}

/** Whether some of a type's numbers are floating, or every one. */
function floating(type: TypeNode, records: Records, which: 'some' | 'every'): boolean {
  if (type.kind === 'array') return floating(type.of, records, which);
  if (type.kind !== 'record') return type.kind === 'scalar' && type.name.startsWith('f');
  const layout = layoutOf(records, type.name);
  return layout !== undefined && fieldsOf(layout.fields)[which](([, field]) => floating(field, records, which));
}
