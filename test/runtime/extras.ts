// A generated module, written by hand: the shim of the extras library (test/native/extras.c).

import {
  type Address,
  type AnyPointer,
  type Bytes,
  type CString,
  defineRecord,
  defineShim,
  type Int64,
  type KeptCallback,
  type Opaque,
  type OptionValue,
  type Out,
  type Pointer,
  type PointerTo,
  type RecordDescriptor,
  type RecordType,
  type Shim,
  type ShimDescriptor,
  type Values,
  type Variadic,
} from '@dlshim/runtime';

export type hidden = Opaque<'hidden'>;
export type hook_t = (value: number) => number;

export interface pair {
  first: number;
  second: number;
}
export interface stream {
  read: Pointer<(self: Pointer<stream> | null, out: Pointer<number> | null, length: Int64) => number> | null;
  close: Pointer<(self: Pointer<stream> | null) => number> | null;
  closed: number;
}
export interface list {
  count: number;
  kind: number;
  items: Uint16Array;
}
export interface named {
  id: Int64;
  length: number;
  text: string;
}
export interface group {
  count: number;
  pairs: readonly pair[];
}

const records: Record<string, RecordDescriptor> = {
  pair: { kind: 'struct', size: 8, align: 4, fields: { first: ['i32', 0], second: ['i32', 4] } },
  stream: {
    kind: 'struct',
    size: 24,
    align: 8,
    fields: { read: ['fn<i32(ptr,ptr,u64)>', 0], close: ['fn<i32(ptr)>', 8], closed: ['i32', 16] },
  },
  list: { kind: 'struct', size: 8, align: 4, fields: { count: ['u32', 0], kind: ['u8', 4], items: ['u16[]', 6] } },
  named: { kind: 'struct', size: 16, align: 8, fields: { id: ['u64', 0], length: ['u32', 8], text: ['char[]', 12] } },
  group: { kind: 'struct', size: 4, align: 4, fields: { count: ['i32', 0], pairs: ['{pair}[]', 4] } },
  version: { kind: 'struct', size: 3, align: 1, fields: { major: ['u8', 0], minor: ['u8', 1], patch: ['u8', 2] } },
  about: { kind: 'struct', size: 16, align: 8, fields: { age: ['i32', 0], version: ['str', 8] } },
};

export const pair: RecordType<pair> = defineRecord('pair', records);
export const stream: RecordType<stream> = defineRecord('stream', records);
export const list: RecordType<list> = defineRecord('list', records);
export const named: RecordType<named> = defineRecord('named', records);
export const group: RecordType<group> = defineRecord('group', records);

export const SET_LONG = 100;
export const SET_TEXT = 200;
export const SET_ADDRESS = 300;
export const SET_FUNCTION = 400;
export const SET_INT64 = 500;
export const SET_DOUBLE = 600;
export const SET_PAIR = 700;
export const SET_BOTH = 800;
export const GET_LONG = 1;
export const GET_TEXT = 2;
export const GET_DOUBLE = 3;
export const GET_INT64 = 4;
export const GET_ADDRESS = 5;

export interface extras_set_values {
  [SET_LONG]: Int64;
  [SET_TEXT]: CString;
  [SET_ADDRESS]: Address;
  [SET_FUNCTION]: KeptCallback<hook_t>;
  [SET_INT64]: Int64;
  [SET_DOUBLE]: number;
  [SET_PAIR]: PointerTo<pair>;
  [SET_BOTH]: Values<[number, Out<number, Int32Array>, CString]>;
}
export interface extras_get_values {
  [GET_LONG]: [Int64] | BigInt64Array | Pointer;
  [GET_TEXT]: [string | null] | Pointer;
  [GET_DOUBLE]: [number] | Float64Array | Pointer;
  [GET_INT64]: [Int64] | BigInt64Array | Pointer;
  [GET_ADDRESS]: [Pointer | null] | Pointer;
}

export interface ExtrasRequired {
  extras_seen(): string | null;
  extras_format(format: CString, ...rest: Variadic[]): number;
  extras_kinds(kinds: CString, ...rest: Variadic[]): number;
  extras_set<const O extends number>(
    handle: AnyPointer,
    option: O,
    ...value: OptionValue<extras_set_values, O>
  ): number;
  extras_get<const O extends number>(
    handle: AnyPointer,
    option: O,
    ...value: OptionValue<extras_get_values, O>
  ): number;
  extras_count_now(): number;
  extras_pair_sum(): number;
  extras_call_hook(value: number): number;
  extras_inside(hidden: Pointer<hidden> | null): number;
  extras_stream(): Pointer<stream> | null;
  extras_read(stream: PointerTo<stream>, out: Bytes, length: Int64): number;
  extras_list_sum(list: PointerTo<list>): number;
  extras_list_make(count: number): Pointer<list> | null;
  extras_free(memory: AnyPointer): void;
  extras_sizes(which: number): Int64;
  extras_group_sum(group: PointerTo<group>): number;
  extras_fail(number: number): number;
  extras_words(): Pointer<Pointer<number>> | null;
  extras_list_names(out: Bytes, length: Int64): number;
}
export interface ExtrasCallbacks {
  hook_t: hook_t;
  'stream.read': stream['read'];
  'stream.close': stream['close'];
  'stream_t.read': stream['read'];
}
export interface ExtrasData {
  extras_count: number;
  readonly extras_half: number;
  get extras_name(): string | null;
  set extras_name(address: Pointer | null);
  extras_text: string;
  extras_grid: readonly Uint16Array[];
  extras_pair: pair;
  readonly extras_fixed: pair;
  readonly extras_names: Pointer<Pointer<number>>;
  extras_hook: Pointer<hook_t> | null;
  readonly extras_hidden: Pointer<hidden>;
  extras_missing: number | undefined;
}

export const descriptor: ShimDescriptor = {
  format: 3,
  library: 'extras',
  version: '1',
  stamp: 'extras-by-hand',
  target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
  files: { linux: ['libextras.so'] },
  packages: {},
  required: {
    extras_seen: 'str()',
    extras_format: 'i32(str,...)',
    extras_kinds: 'i32(str,...)',
    extras_set: 'i32(ptr,i32,...)',
    extras_get: 'i32(ptr,i32,...)',
    extras_count_now: 'i32()',
    extras_pair_sum: 'i32()',
    extras_call_hook: 'i32(i32)',
    extras_inside: 'i32(*hidden)',
    extras_stream: '*stream()',
    extras_read: 'i32(inout:{stream},out:char[2],u64)',
    extras_list_sum: 'i32(in:{list})',
    extras_list_make: '*list(i32)',
    extras_free: 'void(ptr)',
    extras_sizes: 'u64(i32)',
    extras_group_sum: 'i32(in:{group})',
    extras_fail: 'i32(i32)',
    extras_words: 'ptr()',
    extras_list_names: 'i32(out:char[1],u64)',
  },
  weak: {},
  features: {},
  records,
  callbacks: { hook_t: 'i32(i32)' },
  aliases: { stream_t: 'stream' },
  data: {
    extras_count: 'i32',
    extras_half: 'const f64',
    extras_name: 'str',
    extras_text: 'char[16]',
    extras_grid: 'u16[2][3]',
    extras_pair: '{pair}',
    extras_fixed: 'const {pair}',
    extras_names: 'void',
    extras_hook: 'fn<i32(i32)>',
    extras_hidden: 'void',
  },
  weakData: { extras_missing: 'i32' },
  variadics: {
    extras_set: {
      parameter: 1,
      types: [
        [{ '*': 'i64', 'x86_64-windows': 'i32' }, { SET_LONG }],
        ['str', { SET_TEXT }],
        ['ptr', { SET_ADDRESS }],
        ['fn<i32(i32)>', { SET_FUNCTION }],
        ['i64', { SET_INT64 }],
        ['f64', { SET_DOUBLE }],
        ['in:{pair}', { SET_PAIR }],
        ['i32, out:i32, str', { SET_BOTH }],
      ],
    },
    extras_get: {
      parameter: 1,
      types: [
        ['out:i64', { GET_LONG, GET_INT64 }],
        ['out:str', { GET_TEXT }],
        ['out:f64', { GET_DOUBLE }],
        ['out:ptr', { GET_ADDRESS }],
      ],
    },
  },
};

export const extras: Shim<ExtrasRequired, object, object, ExtrasCallbacks, ExtrasData> = defineShim(descriptor);
