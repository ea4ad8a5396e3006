// One member of a record in, its getter and setter over a DataView out: arrays, text and nested records here, single values in
// scalars.ts. Arrays and nested records are views of the same memory.

import type { FieldDescriptor } from '../contract/descriptor.ts';
import { parseFieldType, type TypeNode } from '../contract/signature.ts';
import { type Accessor, bitField, pointer, scalar, unsupported } from './scalars.ts';

/** What nested records need: their size, and a view of them at some memory. */
export interface NestedRecord {
  readonly size: number;
  viewOf(view: DataView, offset: number): object;
  assign(view: DataView, offset: number, value: unknown): void;
}

/** Looks up a nested record by the name in `{name}`. */
export type Nested = (name: string) => NestedRecord;

/** The accessor of a field; `label` is for messages. */
export function createAccessor(label: string, [text, offset, bits]: FieldDescriptor, nested: Nested): Accessor {
  const type = parseFieldType(text);
  if (bits !== undefined) return bitField(label, type, offset, bits);
  return accessorOf(label, type, offset, nested);
}

type NumericArray = new (
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
) => ArrayBufferView & ArrayLike<unknown>;
const ARRAYS: Readonly<Record<string, NumericArray>> = {
  bool: Uint8Array,
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
  ptr: BigUint64Array,
};

function accessorOf(label: string, type: TypeNode, offset: number, nested: Nested): Accessor {
  switch (type.kind) {
    case 'scalar':
      return scalar(label, type.name, offset);
    case 'function':
      return pointer(label, offset);
    case 'record': {
      const record = lazy(() => nested(type.name));
      return {
        get: (view) => record().viewOf(view, offset),
        set: (view, value) => record().assign(view, offset, value),
      };
    }
    case 'array':
      return array(label, type, offset, nested);
    default:
      return unsupported(label, type.kind);
  }
}

function array(label: string, type: TypeNode & { kind: 'array' }, offset: number, nested: Nested): Accessor {
  const { of, length } = type;
  if (type.flexible) return flexible(label, of, offset, nested);
  if (of.kind === 'scalar' && of.name === 'char') return text(label, length, offset);
  const name = of.kind === 'scalar' ? of.name : of.kind === 'function' ? 'ptr' : '';
  const make = Object.hasOwn(ARRAYS, name) ? ARRAYS[name] : undefined;
  if (make) return numbers(label, make, of, length, offset, nested);

  const elements = lazy(() => {
    const size = sizeOf(of, nested);
    return Array.from({ length }, (_, index) => accessorOf(`${label}[${index}]`, of, offset + index * size, nested));
  });
  return {
    get: (view) => Object.freeze(elements().map((element) => element.get(view))),
    set: (view, value) => {
      const values = checkLength(label, value, length);
      for (let index = 0; index < values.length; index++) elements()[index]!.set(view, values[index]);
    },
  };
}

/** A flexible array member (C11 6.7.2.1p18): an array of as many elements as the view was made with. */
function flexible(label: string, of: TypeNode, offset: number, nested: Nested): Accessor {
  let last: { readonly count: number; readonly accessor: Accessor } | undefined;
  const ofCount = (count: number): Accessor => {
    if (last?.count !== count)
      last = { count, accessor: accessorOf(label, { kind: 'array', of, length: count }, offset, nested) };
    return last.accessor;
  };
  return {
    get: (view, count = 0) => ofCount(count).get(view),
    set: (view, value, count = 0) => ofCount(count).set(view, value),
  };
}

/** The flexible array member of a record, if it has one: where it starts, and the size of an element. */
export function flexibleMember(
  fields: Readonly<Record<string, FieldDescriptor>>,
  nested: Nested,
): { readonly offset: number; readonly size: number } | undefined {
  for (const [text, offset] of Object.values<FieldDescriptor>(fields)) {
    if (!text.includes('[]')) continue;
    const type = parseFieldType(text);
    if (type.kind === 'array' && type.flexible) return { offset, size: sizeOf(type.of, nested) };
  }
  return undefined;
}

/** Numbers as a typed array over the same memory. Where a packed record has them at an address that no typed array can have, it is
 *  a copy: write such a member as a whole. */
function numbers(
  label: string,
  make: NumericArray,
  of: TypeNode,
  length: number,
  offset: number,
  nested: Nested,
): Accessor {
  const size = (make as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
  const elements = lazy(() =>
    Array.from({ length }, (_, index) => accessorOf(`${label}[${index}]`, of, offset + index * size, nested)),
  );
  return {
    get: (view) => {
      const at = view.byteOffset + offset;
      if (at % size === 0) return new make(view.buffer, at, length);
      return new make(view.buffer.slice(at, at + length * size), 0, length);
    },
    set: (view, value) => {
      const values = checkLength(label, value, length);
      for (let index = 0; index < values.length; index++) elements()[index]!.set(view, values[index]);
    },
  };
}

/** The members that share bytes with another one and may lead to a string: reading one that is not the one in use would follow
 *  what is no address. Those of a union, named or not. */
export function ambiguousMembers(
  fields: Readonly<Record<string, FieldDescriptor>>,
  nested: Nested,
): ReadonlySet<string> {
  const spans = Object.entries<FieldDescriptor>(fields).map(([name, [text, offset, bits]]) => {
    const type = parseFieldType(text);
    const [start, end] =
      bits === undefined ? [offset * 8, (offset + sizeOf(type, nested)) * 8] : [offset, offset + bits];
    return { name, start, end, leads: bits === undefined && mayLeadToText(type) };
  });
  const shares = (one: (typeof spans)[number]) =>
    spans.some((other) => other !== one && other.start < one.end && one.start < other.end);
  return new Set(spans.filter((span) => span.leads && shares(span)).map(({ name }) => name));
}

function mayLeadToText(type: TypeNode): boolean {
  if (type.kind === 'array') return mayLeadToText(type.of);
  return type.kind === 'record' || (type.kind === 'scalar' && type.name === 'str');
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

function text(label: string, length: number, offset: number): Accessor {
  const bytesOf = (view: DataView) => new Uint8Array(view.buffer, view.byteOffset + offset, length);
  return {
    get: (view) => {
      const bytes = bytesOf(view);
      const end = bytes.indexOf(0);
      return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
    },
    set: (view, value) => {
      if (typeof value !== 'string') throw new TypeError(`${label} takes a string`);
      const encoded = encoder.encode(value);
      if (encoded.includes(0)) throw new RangeError(`${label} takes a string without NUL characters`);
      if (encoded.length >= length) {
        throw new RangeError(
          `${label} has room for ${length - 1} bytes and a NUL; the string has ${encoded.length} bytes`,
        );
      }
      bytesOf(view).fill(0).set(encoded);
    },
  };
}

/** The size of a member in bytes. */
export function sizeOf(type: TypeNode, nested: Nested): number {
  switch (type.kind) {
    case 'record':
      return nested(type.name).size;
    case 'array':
      return type.length * sizeOf(type.of, nested);
    case 'scalar':
      if (type.name === 'char') return 1;
      return (ARRAYS[type.name] as { BYTES_PER_ELEMENT?: number } | undefined)?.BYTES_PER_ELEMENT ?? 8;
    default:
      return 8;
  }
}

function checkLength(label: string, value: unknown, length: number): ArrayLike<unknown> {
  const values = value as ArrayLike<unknown> | null | undefined;
  if (typeof values !== 'object' || values === null || typeof values.length !== 'number') {
    throw new TypeError(`${label} takes an array`);
  }
  if (values.length > length) throw new RangeError(`${label} has ${length} elements, and got ${values.length}`);
  return values;
}

function lazy<T>(make: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= make();
    return value;
  };
}
