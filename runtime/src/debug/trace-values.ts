// Arguments and results of a call in, how a trace shows them out. Only memory of JavaScript's is looked into: an address of C's is shown
// and never followed, because a trace must not crash where the call did not.

import { constants } from 'node:os';
import { typedArgument } from '../calls/arguments.ts';
import { isDetached, quote } from '../calls/values.ts';
import type { RecordDescriptor } from '../contract/descriptor.ts';
import { parseFieldType, type SignatureNode, type TypeNode } from '../contract/signature.ts';
import { layoutOf } from '../contract/targets.ts';
import { ambiguousMembers, createAccessor, type NestedRecord } from '../records/fields.ts';

type Records = Readonly<Record<string, RecordDescriptor>>;

const TEXT = 64;
const ELEMENTS = 8;
const BYTES = 16;

export interface Show {
  /** The arguments, separated by commas; `before` the call what C is to write is not shown. */
  showArguments(signature: SignatureNode, args: readonly unknown[], when: 'before' | 'after'): string;
  showResult(type: TypeNode, value: unknown): string;
}

export function createShow(records: Records): Show {
  function argument(type: TypeNode | undefined, value: unknown, when: 'before' | 'after'): string {
    if (type === undefined) return plain(value);
    if (type.kind !== 'to') return show(type, value);
    if (when === 'before' && type.direction === 'out' && typeof value === 'object' && value !== null) return 'out';
    if (Array.isArray(value)) return list(value, (element) => show(type.to, element));
    if (type.to.kind === 'record' && ArrayBuffer.isView(value)) return recordsIn(type.to.name, value);
    if (isNumbers(value) && !isDetached(value)) return list(value, (element) => show(type.to, element));
    return plain(value);
  }

  function show(type: TypeNode, value: unknown): string {
    if (type.kind === 'handle' && typeof value === 'bigint') return `${type.name}:${hex(value)}`;
    if (type.kind === 'pointer' && typeof value === 'bigint') return `${type.name}*:${hex(value)}`;
    if (type.kind === 'pointer' && ArrayBuffer.isView(value)) return recordsIn(type.name, value);
    if (type.kind === 'record') return byValue(type.name, value);
    if (type.kind === 'scalar' && type.name !== 'ptr' && type.name !== 'str' && typeof value === 'bigint')
      return String(value);
    return plain(value);
  }

  /** A record that JavaScript has as an object; a getter that throws is shown as that. */
  function byValue(name: string, value: unknown): string {
    const layout = layoutOf(records, name);
    if (typeof value !== 'object' || value === null || !layout) return plain(value);
    // Of a union that C made nobody knows which member is set: reading one that leads to a string would follow what is no address.
    const unread = Object.keys(value).length > 0 ? NONE : ambiguousMembers(layout.fields, sizeOnly);
    const members = Object.entries(layout.fields).map(([member, [text]]) => {
      if (unread.has(member)) return [`${member}: …`];
      try {
        const got = (value as Readonly<Record<string, unknown>>)[member];
        const type = parseFieldType(text);
        return got === undefined ? [] : [`${member}: ${isObject(got) ? nested(type, got) : show(type, got)}`];
      } catch (error) {
        return [`${member}: <throws ${String(error)}>`];
      }
    });
    return `{${members.flat().join(', ')}}`;
  }

  function sizeOnly(name: string): NestedRecord {
    return { size: layoutOf(records, name)?.size ?? 0, viewOf: noNested, assign: noNested };
  }

  function nested(type: TypeNode, value: object): string {
    if (type.kind === 'record') return byValue(type.name, value);
    if (type.kind !== 'array' || typeof (value as ArrayLike<unknown>).length !== 'number') return plain(value);
    return list(value as ArrayLike<unknown>, (element) => show(type.of, element));
  }

  /** The records that JavaScript's memory holds. */
  function recordsIn(name: string, memory: ArrayBufferView): string {
    const layout = layoutOf(records, name);
    if (!layout || layout.size === 0 || isDetached(memory) || memory.byteLength < layout.size) return plain(memory);
    const count = Math.floor(memory.byteLength / layout.size);
    const shown = Array.from({ length: Math.min(count, 2) }, (_, index) =>
      recordAt(name, new DataView(memory.buffer, memory.byteOffset + index * layout.size, layout.size)),
    );
    return count === 1 ? shown[0]! : `[${shown.join(', ')}${count > 2 ? `, … ${count} records` : ''}]`;
  }

  function recordAt(name: string, view: DataView): string {
    const members = Object.entries(layoutOf(records, name)!.fields).map(([member, [text, offset, bits]]) => {
      const type = parseFieldType(text);
      if (bits !== undefined) {
        return `${member}: ${plain(createAccessor(member, [text, offset, bits], noNested).get(view))}`;
      }
      return `${member}: ${memberAt(type, offset, view)}`;
    });
    return `{${members.join(', ')}}`;
  }

  function memberAt(type: TypeNode, offset: number, view: DataView): string {
    const size = sizeOf(type, records);
    switch (type.kind) {
      case 'record':
        return recordAt(type.name, new DataView(view.buffer, view.byteOffset + offset, size));
      case 'array': {
        if (type.of.kind === 'scalar' && type.of.name === 'char') {
          return quote(String(createAccessor('', [`char[${type.length}]`, offset], noNested).get(view)), TEXT);
        }
        const elements = Array.from({ length: type.length }, (_, index) => index);
        return list(elements, (index) =>
          memberAt(type.of, offset + (index as number) * sizeOf(type.of, records), view),
        );
      }
      case 'scalar': {
        if (type.name === 'ptr' || type.name === 'str') return hex(view.getBigUint64(offset, true));
        return String(createAccessor('', [type.name, offset], noNested).get(view));
      }
      default:
        return hex(view.getBigUint64(offset, true));
    }
  }

  return {
    showArguments: ({ parameters }, args, when) =>
      args.map((value, index) => argument(parameters[index], value, when)).join(', '),
    showResult: (type, value) => show(type, value) + errnoHint(type, value),
  };
}

/** A value that needs no type: what a variadic argument is, for example. */
function plain(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quote(value, TEXT);
    case 'bigint':
      return hex(value);
    case 'function':
      return `function ${value.name || '(anonymous)'}`;
    case 'object':
      return value === null ? 'null' : object(value);
    default:
      return String(value);
  }
}

/** A number of whatever size; text and memory as ever. */
function number(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : plain(value);
}

function object(value: object): string {
  const typed = typedArgument(value);
  if (typed) return `${typed[0]}:${typed[0] === 'ptr' ? plain(typed[1]) : number(typed[1])}`;
  if (Array.isArray(value)) return list(value, plain);
  if (!ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) return '{…}';
  if (isDetached(value)) return '<detached>';
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
  const shown = Array.from(bytes.subarray(0, BYTES), (byte) => byte.toString(16).padStart(2, '0'));
  if (bytes.length > BYTES) shown.push('…');
  return `<${bytes.length} bytes${shown.length > 0 ? `: ${shown.join(' ')}` : ''}>`;
}

function list(values: ArrayLike<unknown>, show: (value: unknown) => string): string {
  const shown = Array.from({ length: Math.min(values.length, ELEMENTS) }, (_, index) => show(values[index]));
  if (values.length > ELEMENTS) shown.push(`… ${values.length} elements`);
  return `[${shown.join(', ')}]`;
}

function hex(address: bigint): string {
  return address === 0n ? 'null' : `0x${address.toString(16)}`;
}

const ERRNO = new Map(Object.entries(constants.errno).map(([name, value]) => [value, name]));

/** Many functions return a negative errno; whether this one does is not known, hence the question mark. */
function errnoHint(type: TypeNode, value: unknown): string {
  if (type.kind !== 'scalar' || (type.name !== 'i32' && type.name !== 'i64') || typeof value !== 'number') return '';
  const name = value < 0 && value > -4096 ? ERRNO.get(-value) : undefined;
  return name === undefined ? '' : ` (-${name}?)`;
}

/** A typed array of more than bytes. */
function isNumbers(value: unknown): value is ArrayBufferView & ArrayLike<unknown> {
  return ArrayBuffer.isView(value) && 'BYTES_PER_ELEMENT' in value && Number(value.BYTES_PER_ELEMENT) > 1;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const SIZES: Readonly<Record<string, number>> = {
  bool: 1,
  char: 1,
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  f32: 4,
};

function sizeOf(type: TypeNode, records: Records): number {
  if (type.kind === 'record') return layoutOf(records, type.name)?.size ?? 0;
  if (type.kind === 'array') return type.length * sizeOf(type.of, records);
  return (type.kind === 'scalar' && SIZES[type.name]) || 8;
}

const NONE: ReadonlySet<string> = new Set();

function noNested(name: unknown): never {
  throw new TypeError(`no record '${String(name)}' here`);
}
