// A generated module, written by hand: the shim of the shapes library (test/native/shapes.c), for its versions 1.0 to 1.2.

import { defineShim, type Handle, type Shim } from '@dlshim/runtime';

export type shapes_t = Handle<'shapes_t'>;

export interface ShapesRequired {
  /** The area of a rectangle. */
  shapes_area(width: number, height: number): number;
  shapes_scale(size: number, factor: number): number;
}

export interface ShapesWeak {
  /** Since 1.1. */
  shapes_rotate(degrees: number): number;
  /** Since 1.2. */
  shapes_rotate_exact(degrees: number, seconds: number): number;
  /** Since 1.2. */
  shapes_mirror(size: number): number;
  /** Never exported by any version. */
  shapes_imaginary(): number;
}

export interface ShapesFeatures {
  rotate: 'shapes_rotate';
  exact: 'shapes_rotate_exact' | 'shapes_mirror';
}

/** The shapes library, of which 1.0 and all later 1.x will do. */
export const shapes: Shim<ShapesRequired, ShapesWeak, ShapesFeatures> = defineShim({
  format: 1,
  library: 'shapes',
  version: '1.2',
  stamp: 'shapes-by-hand',
  target: ['x86_64-linux-gnu', 'aarch64-linux-gnu'],
  files: { linux: ['libshapes.so.1', 'libshapes.so'] },
  packages: { debian: 'libshapes1', fedora: 'shapes-libs' },
  required: {
    shapes_area: 'i32(i32,i32)',
    shapes_scale: 'i32(i32,i32)',
  },
  weak: {
    shapes_rotate: 'i32(i32)',
    shapes_rotate_exact: 'i32(i32,i32)',
    shapes_mirror: 'i32(i32)',
    shapes_imaginary: 'i32()',
    shapes_version: 'void(inout:i32,inout:i32,inout:i32)',
  },
  features: {
    rotate: ['shapes_rotate'],
    exact: ['shapes_rotate_exact', 'shapes_mirror'],
  },
  records: {},
  versionCall: { symbol: 'shapes_version', kind: 'triple' },
});
