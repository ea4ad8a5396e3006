// In: the type of a parameter. Out: what it points to, as far as calling it is concerned. C11 6.7.6.3p7 and p8: arrays and functions
// are passed as pointers.

import type { TypedefDecl } from './api.ts';
import type { CType } from './ctype.ts';
import type { TypeTable } from './types.ts';

/** `text`: plain char; `bytes`: signed and unsigned char; `void`: memory of any kind; `opaque`: what has no size, or
 *  none that a table knows; `addresses`: pointers and handles. */
export type PointeeKind = 'function' | 'text' | 'bytes' | 'void' | 'numbers' | 'record' | 'opaque' | 'addresses';

export interface Pointee {
  readonly kind: PointeeKind;
  /** As it is declared, with the names of its typedefs. */
  readonly to: CType;
  readonly isConst: boolean;
  /** The length of `T x[n]`. */
  readonly length?: number;
}

/** Undefined for what is no pointer. */
export function pointeeOf(type: CType, table: TypeTable): Pointee | undefined {
  const resolved = table.resolve(type);
  const to = resolved.kind === 'pointer' ? resolved.to : resolved.kind === 'array' ? resolved.of : resolved;
  if (to === resolved && resolved.kind !== 'function') return undefined;
  const behind = table.resolve(to);
  const length = resolved.kind === 'array' ? resolved.length : undefined;
  return {
    kind: pointeeKind(to, behind, table),
    to,
    isConst: behind.const === true,
    ...(length ? { length } : {}),
  };
}

function pointeeKind(to: CType, behind: CType, table: TypeTable): PointeeKind {
  switch (behind.kind) {
    case 'function':
      return 'function';
    case 'void':
      return opaqueName(to, table) === undefined ? 'void' : 'opaque';
    case 'integer':
      return behind.name === 'char' ? 'text' : /^[su]char$/.test(behind.name) ? 'bytes' : 'numbers';
    case 'record':
      return table.record(behind.key)?.fields ? 'record' : 'opaque';
    case 'pointer':
      return 'addresses';
    case 'floating':
    case 'enum':
      return 'numbers';
    default:
      return 'opaque';
  }
}

/** `typedef void CURL`: the name of something that only the library knows. `typedef void GLvoid` is void under another name. */
export function opaqueName(type: CType, table: TypeTable): string | undefined {
  if (type.kind !== 'typedef' || /void/i.test(type.name)) return undefined;
  return table.resolve(type).kind === 'void' ? type.name : undefined;
}

/** `typedef void *rbd_image_t`, or another name for one. `typedef void *voidp` and pointers to const are not: they take anything. */
export function isHandleType(declaration: TypedefDecl, table: TypeTable): boolean {
  if (declaration.handle !== undefined) return declaration.handle;
  const resolved = table.resolve(declaration.type);
  if (resolved.kind !== 'pointer' || /void|^ptr|pointer/i.test(declaration.name)) return false;
  const to = table.resolve(resolved.to);
  return to.kind === 'void' && !to.const && opaqueName(resolved.to, table) === undefined;
}
