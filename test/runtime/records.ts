// A generated module, written by hand: the shim of the records library (test/native/records.c).

import {
  type Callback,
  defineRecord,
  defineShim,
  type Handle,
  type In,
  type InOut,
  type Int64,
  type Out,
  type Pointer,
  type PointerTo,
  type RecordDescriptor,
  type RecordType,
  type Shim,
  type Variadic,
} from '@dlshim/runtime';

export type records_t = Handle<'records_t'>;
export type visit_fn = (index: number, context: Pointer | null) => number;

export interface point {
  x: number;
  y: number;
}
export interface mixed {
  whole: Int64;
  real: number;
  bytes: Uint8Array;
}
export interface flags {
  a: number;
  b: number;
  wide: number;
  far: Int64;
  low: Int64;
}
export interface everything {
  yes: boolean;
  i8: number;
  u8: number;
  i16: number;
  u16: number;
  i32: number;
  u32: number;
  i64: Int64;
  u64: Int64;
  f32: number;
  f64: number;
  pointer: Pointer | null;
  text: string | null;
  name: string;
  numbers: Int32Array;
  grid: readonly Uint16Array[];
  point: point;
  points: readonly point[];
  number: mixed;
  flags: flags;
  call: Pointer<(value: number) => number> | null;
}
export interface tagged {
  number: { whole: Int64 } | { real: number } | mixed;
  tag: number;
}
export interface texts {
  text: string;
  short: number;
}
export interface floats {
  x: number;
  y: number;
  z: number;
}
export interface mixture {
  real: number;
  count: number;
  tail: number;
}
export interface large {
  values: BigInt64Array;
  last: point;
}
export interface packed {
  tag: number;
  value: number;
}

const records: Record<string, RecordDescriptor> = {
  point: { kind: 'struct', size: 16, align: 8, fields: { x: ['i32', 0], y: ['f64', 8] } },
  mixed: { kind: 'union', size: 8, align: 8, fields: { whole: ['i64', 0], real: ['f64', 0], bytes: ['u8[8]', 0] } },
  flags: {
    kind: 'struct',
    size: 16,
    align: 8,
    fields: { a: ['u32', 0, 3], b: ['i32', 3, 5], wide: ['u32', 8, 24], far: ['u64', 64, 40], low: ['i64', 104, 24] },
  },
  everything: {
    kind: 'struct',
    size: 176,
    align: 8,
    fields: {
      yes: ['bool', 0],
      i8: ['i8', 1],
      u8: ['u8', 2],
      i16: ['i16', 4],
      u16: ['u16', 6],
      i32: ['i32', 8],
      u32: ['u32', 12],
      i64: ['i64', 16],
      u64: ['u64', 24],
      f32: ['f32', 32],
      f64: ['f64', 40],
      pointer: ['ptr', 48],
      text: ['str', 56],
      name: ['char[8]', 64],
      numbers: ['i32[3]', 72],
      grid: ['u16[2][3]', 84],
      point: ['{point}', 96],
      points: ['{point}[2]', 112],
      number: ['{mixed}', 144],
      flags: ['{flags}', 152],
      call: ['fn<i32(i32)>', 168],
    },
  },
  tagged: { kind: 'struct', size: 16, align: 8, fields: { number: ['{mixed}', 0], tag: ['i32', 8] } },
  texts: { kind: 'union', size: 8, align: 2, fields: { text: ['char[8]', 0], short: ['i16', 0] } },
  floats: { kind: 'struct', size: 12, align: 4, fields: { x: ['f32', 0], y: ['f32', 4], z: ['f32', 8] } },
  mixture: { kind: 'struct', size: 16, align: 8, fields: { real: ['f64', 0], count: ['i32', 8], tail: ['f32', 12] } },
  large: { kind: 'struct', size: 40, align: 8, fields: { values: ['i64[3]', 0], last: ['{point}', 24] } },
  bytes: { kind: 'struct', size: 3, align: 1, fields: { bytes: ['u8[3]', 0] } },
  packed: { kind: 'struct', size: 5, align: 1, fields: { tag: ['u8', 0], value: ['u32', 1] } },
};

export const point: RecordType<point> = defineRecord('point', records);
export const mixed: RecordType<mixed> = defineRecord('mixed', records);
export const flags: RecordType<flags> = defineRecord('flags', records);
export const everything: RecordType<everything> = defineRecord('everything', records);
export const tagged: RecordType<tagged> = defineRecord('tagged', records);
export const texts: RecordType<texts> = defineRecord('texts', records);
export const packed: RecordType<packed> = defineRecord('packed', records);

export interface RecordsRequired {
  records_offsets(out: Out<number, Uint32Array>, count: number): number;
  records_fill(e: PointerTo<everything>): void;
  records_check(e: PointerTo<everything>): number;
  records_shared(): Pointer<everything> | null;
  records_move(p: point, dx: number): point;
  records_same(t: tagged): tagged;
  records_value(t: tagged): number;
  records_text(t: texts | { text: string }): number;
  records_floats(f: floats): number;
  records_mixture(m: mixture): mixture;
  records_large(l: large): large;
  records_bytes(b: { bytes: Uint8Array }): number;
  records_packed(p: packed): number;
  records_packed_make(tag: number, value: number): packed;
  records_flags(f: flags): number;
  records_sum(count: number, ...rest: Variadic[]): number;
  records_i64(value: Int64): Int64;
  records_u64(value: Int64): Int64;
  records_invert(value: InOut<boolean, Uint8Array>): void;
  records_not(value: boolean): boolean;
  records_char(value: number): number;
  records_echo(text: string | Uint8Array | Pointer | null): string | null;
  records_length(text: string | Uint8Array | Pointer | null): Int64;
  records_lengths(texts: (string | null)[], count: number): Int64;
  records_total(values: In<number, Int32Array>, count: number): number;
  records_split(value: number, quotient: Out<number, Int32Array>, rest: Out<number, Int32Array>): void;
  records_open(handle: Out<records_t>): number;
  records_close(handle: records_t | null): number;
  records_zero(bytes: Uint8Array | null, length: Int64): void;
  records_each(count: number, visit: Callback<visit_fn>, context: Pointer | null): number;
  records_keep(visit: Callback<visit_fn>): void;
  records_call_kept(value: number): number;
  records_call_from_threads(threads: number, count: number): number;
}

export const library: Shim<RecordsRequired, object, object> = defineShim({
  format: 1,
  library: 'records',
  version: '1',
  stamp: 'records-by-hand',
  target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
  files: { linux: ['librecords.so'] },
  packages: {},
  required: {
    records_offsets: 'i32(out:u32[1],i32)',
    records_fill: 'void(ptr)',
    records_check: 'i32(ptr)',
    records_shared: 'ptr()',
    records_move: '{point}({point},i32)',
    records_same: '{tagged}({tagged})',
    records_value: 'f64({tagged})',
    records_text: 'i32({texts})',
    records_floats: 'f32({floats})',
    records_mixture: '{mixture}({mixture})',
    records_large: '{large}({large})',
    records_bytes: 'i32({bytes})',
    records_packed: 'u32({packed})',
    records_packed_make: '{packed}(u8,u32)',
    records_flags: 'i32({flags})',
    records_sum: 'i32(i32,...)',
    records_i64: 'i64(i64)',
    records_u64: 'u64(u64)',
    records_invert: 'void(inout:bool)',
    records_not: 'bool(bool)',
    records_char: 'i8(i8)',
    records_echo: 'str(str)',
    records_length: 'u64(str)',
    records_lengths: 'u64(in:str,i32)',
    records_total: 'i32(in:i32[1],i32)',
    records_split: 'void(i32,out:i32,out:i32)',
    records_open: 'i32(out:ptr)',
    records_close: 'i32(ptr)',
    records_zero: 'void(inout:u8,u64)',
    records_each: 'i32(i32,fn<i32(i32,ptr)>,ptr)',
    records_keep: 'void(fn<i32(i32,ptr)>)',
    records_call_kept: 'i32(i32)',
    records_call_from_threads: 'i32(i32,i32)',
  },
  weak: {},
  features: {},
  records,
});
