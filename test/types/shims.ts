// The shims that the type-level tests use: declarations only, nothing here runs.

import type {
  Callback,
  Cell,
  CString,
  Handle,
  Int64,
  Opaque,
  Pointer,
  PointerTo,
  RecordType,
  Shim,
} from '@dlshim/runtime';

export type image_t = Handle<'image_t'>;
export type pool_t = Handle<'pool_t'>;
export type context = Opaque<'context'>;
export interface info {
  size: Int64;
}
export interface stat {
  size: Int64;
}

export interface Required {
  open(pool: pool_t, name: CString, image: Cell<image_t>): number;
  close(image: image_t): number;
  stat(image: image_t, info: PointerTo<info>): number;
  create_context(): Pointer<context> | null;
  use_context(context: Pointer<context> | null): void;
  walk(visit: Callback<(index: number, data: Pointer | null) => number>, data: Pointer | null): number;
  size(image: image_t): Int64;
}
export interface Weak {
  flatten(image: image_t): number;
  writesame(image: image_t, length: Int64): Int64;
  writesame_aio(image: image_t, done: Callback<(result: number) => void>): number;
  discard(image: image_t): number;
}
export interface Features {
  writesame: 'writesame' | 'writesame_aio';
  discard: 'discard';
}
/** Of a library whose versions differ: features that stand for no function, and a function with one slot for each signature. */
export interface DatedWeak extends Weak {
  resize(image: image_t, size: Int64, flags: number): number;
  'resize@1.0'(image: image_t, size: Int64): number;
}
export interface DatedFeatures extends Features {
  fast_diff: never;
  resize3: 'resize';
  resize2: 'resize@1.0';
}

export declare const library: Shim<Required, Weak, Features>;
export declare const dated: Shim<Required, DatedWeak, DatedFeatures>;
export declare const info: RecordType<info>;
export declare const image: image_t;
export declare const pool: pool_t;
