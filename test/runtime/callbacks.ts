// A generated module, written by hand: the shim of the callbacks library (test/native/callbacks.c), with signatures of format 3.

import { type Argument, defineShim, type Handle, type Pointer, type ShimDescriptor } from '@dlshim/runtime';

export type file_t = Handle<'file_t'>;
export type other_t = Handle<'other_t'>;
type Visit = (index: number, context: Pointer | null) => number;

export interface CallbacksRequired {
  cb_each(count: number, visit: Visit | Pointer<Visit> | null, context: Pointer | null): number;
  cb_keep(visit: Visit | Pointer<Visit> | null): void;
  cb_call_kept(value: number): number;
  cb_both(visit: Visit | Pointer<Visit> | null): number;
  cb_bool(ask: () => boolean): boolean;
  cb_double(ask: (value: number) => number): number;
  cb_u64(ask: (value: number | bigint) => number | bigint, value: number | bigint): number | bigint;
  cb_void(tell: (text: Pointer | null) => void, text: string): void;
  cb_text(ask: () => string | Pointer | null): number;
  cb_pointer(ask: () => Pointer | null): Pointer | null;
  cb_pair(ask: () => { a: number; b: number }): number;
  cb_wide(ask: () => { values: readonly number[] }): number;
  cb_fill(fill: (bytes: Pointer, length: Pointer) => number): number;
  cb_lone(ask: ((value: number) => number) | Pointer): number;
  cb_alone(ask: ((value: number) => number) | Pointer): number;
  cb_from_threads(threads: number, count: number): number;
  cb_sum(): number;
  cb_calls(): number;
  cb_wait(milliseconds: number, value: number): number;
  cb_order(value: number): number;
  cb_ordered(at: number): number;
  cb_total(bytes: Uint8Array | Pointer | null, length: number): number;
  cb_open(name: string, handle: [file_t | null]): number;
  cb_other(handle: [other_t | null]): number;
  cb_close(handle: file_t): number;
  cb_use(handle: file_t, flag: boolean): number;
  cb_read(handle: file_t, length: number, bytes: Uint8Array | null): number;
  cb_list(names: Uint8Array, size: [number]): number;
  cb_item(item: Uint8Array, size: number): void;
  cb_fixed(values: Uint16Array | number[]): number;
  cb_sum_of(count: number, ...rest: Argument[]): number;
  cb_sum_pair(pair: { a: number; b: number }): number;
  cb_small(byte: number, number: number, real: number): number;
  cb_texts(texts: string[], count: number): number;
}

export const descriptor: ShimDescriptor = {
  format: 3,
  library: 'callbacks',
  version: '1',
  stamp: 'callbacks-by-hand',
  target: 'x86_64-linux-gnu',
  files: {},
  packages: {},
  required: {
    cb_each: 'i32(i32,fn<i32(i32,ptr)>,ptr)',
    cb_keep: 'void(fn<i32(i32,ptr)>)',
    cb_call_kept: 'i32(i32)',
    cb_both: 'i32(fn<i32(i32,ptr)>)',
    cb_bool: 'bool(fn<bool()>)',
    cb_double: 'f64(fn<f64(f32)>)',
    cb_u64: 'u64(fn<u64(u64)>,u64)',
    cb_void: 'void(fn<void(ptr)>,str)',
    cb_text: 'u64(fn<str()>)',
    cb_pointer: 'ptr(fn<ptr()>)',
    cb_pair: 'f64(fn<{pair}()>)',
    cb_wide: 'i64(fn<{wide}()>)',
    cb_fill: 'i32(fn<i32(out:u8,inout:u64)>)',
    cb_lone: 'i32(fn<i32(i16)>)',
    cb_alone: 'i32(fn<i32(i8)>)',
    cb_from_threads: 'i32(i32,i32)',
    cb_sum: 'i64()',
    cb_calls: 'i64()',
    cb_wait: 'i32(i32,i32)',
    cb_order: 'i32(i32)',
    cb_ordered: 'i32(i32)',
    cb_total: 'i64(in:u8[1],u64)',
    cb_open: 'i32(str,out:@file_t)',
    cb_other: 'i32(out:@other_t)',
    cb_close: 'i32(@file_t)',
    cb_use: 'i32(@file_t,bool)',
    cb_read: 'i32(@file_t,u64,out:char[1])',
    cb_list: 'i32(out:char[1],inout:u64)',
    cb_item: 'void(out:{item}[1b],u64)',
    cb_fixed: 'i32(in:u16[=16])',
    cb_sum_of: 'i32(i32,...)',
    cb_sum_pair: 'f64({pair})',
    cb_small: 'i32(u8,i16,f32)',
    cb_texts: 'i32(in:str[1],i32)',
  },
  weak: {},
  features: {},
  records: {
    pair: { kind: 'struct', size: 16, align: 8, fields: { a: ['i32', 0], b: ['f64', 8] } },
    wide: { kind: 'struct', size: 40, align: 8, fields: { values: ['i64[5]', 0] } },
    item: {
      kind: 'struct',
      size: 48,
      align: 8,
      fields: {
        id: ['u32', 0],
        low: ['u32', 32, 4],
        high: ['u32', 36, 12],
        name: ['char[12]', 6],
        text: ['str', 24],
        pair: ['{pair}', 32],
      },
    },
  },
};

/** The callbacks library. */
export const callbacks = defineShim<CallbacksRequired, object, object>(descriptor);
