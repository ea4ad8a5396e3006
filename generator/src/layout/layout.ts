// In: a type and a target. Out: its size and alignment, and for records the place of every member.
// The rules are the ABI's; the file of its family has them (sysv.ts, msvc.ts).

import type { RecordDecl } from '../model/api.ts';
import { type CType, unreachable } from '../model/ctype.ts';
import type { TypeTable } from '../model/types.ts';
import { scalarLayout } from '../scalars.ts';
import type { Target } from '../target.ts';
import { layOutMicrosoftRecord } from './msvc.ts';
import { layOutSystemVRecord } from './sysv.ts';
import type { Layout, RecordLayout } from './types.ts';

export type { FieldLayout, Layout, RecordLayout } from './types.ts';

/** A type that has no size: incomplete, a function, or not supported. The message says which. */
export class LayoutError extends Error {}

/** The size and alignment of a type on a target. */
export function typeLayout(type: CType, table: TypeTable, target: Target): Layout {
  switch (type.kind) {
    case 'integer':
    case 'floating':
      return scalarLayout(target, type.name);
    case 'complex': {
      const part = scalarLayout(target, type.name);
      return { size: part.size * 2, align: part.align };
    }
    case 'pointer':
      return scalarLayout(target, 'pointer');
    case 'va_list':
      return target.vaList;
    case 'enum': {
      const declaration = table.enumeration(type.key);
      if (!declaration) return scalarLayout(target, 'uint');
      return scalarLayout(target, declaration.underlying);
    }
    case 'typedef':
      return typedefLayout(type.name, table, target);
    case 'array': {
      const element = typeLayout(type.of, table, target);
      return { size: element.size * (type.length ?? 0), align: element.align };
    }
    case 'record': {
      const declaration = table.record(type.key);
      if (!declaration?.fields) throw new LayoutError(`${type.key} is incomplete`);
      return recordLayout(declaration, table, target);
    }
    case 'void':
      throw new LayoutError('void has no size');
    case 'function':
      throw new LayoutError('a function has no size');
    case 'unsupported':
      throw new LayoutError(type.reason);
    default:
      return unreachable(type);
  }
}

/** An `aligned` attribute on a typedef changes the alignment under that name, and no size. */
function typedefLayout(name: string, table: TypeTable, target: Target): Layout {
  const declaration = table.typedef(name);
  if (!declaration) throw new LayoutError(`the type ${name} is not declared`);
  const layout = typeLayout(declaration.type, table, target);
  return declaration.align === undefined ? layout : { size: layout.size, align: declaration.align };
}

/** Records whose layout is being computed: one that is met again contains itself. */
const inProgress = new Set<RecordDecl>();

const cache = new WeakMap<TypeTable, Map<string, RecordLayout>>();

/** The alignment of a record under the name that it is known by: a typedef may ask for more than the record itself. */
export function namedAlign(declaration: RecordDecl, layout: Layout, table: TypeTable): number {
  const asked = declaration.tag === undefined ? table.typedef(declaration.key)?.align : undefined;
  return asked ?? layout.align;
}

/** The layout of a complete record. Throws a LayoutError where a member has no size. */
export function recordLayout(declaration: RecordDecl, table: TypeTable, target: Target): RecordLayout {
  const known = cache.get(table) ?? new Map<string, RecordLayout>();
  cache.set(table, known);
  const key = `${target.name} ${declaration.key}`;
  let layout = known.get(key);
  if (!layout) {
    if (inProgress.has(declaration)) throw new LayoutError(`${declaration.key} contains itself`);
    inProgress.add(declaration);
    try {
      layout = layOutRecord(declaration, table, target);
    } finally {
      inProgress.delete(declaration);
    }
    known.set(key, layout);
  }
  return layout;
}

function layOutRecord(declaration: RecordDecl, table: TypeTable, target: Target): RecordLayout {
  const layoutOf = (type: CType): Layout => typeLayout(type, table, target);
  if (declaration.byteOrder) throw new LayoutError(`its members are stored ${declaration.byteOrder}`);
  const isMicrosoft = declaration.msStruct && declaration.fields?.some((field) => field.bits !== undefined);
  if (isMicrosoft && isAttributed(declaration, table))
    throw new LayoutError('ms_struct together with alignment, packing or a union, where compilers disagree');
  if (target.abi === 'msvc' || isMicrosoft) return layOutMicrosoftRecord(declaration, layoutOf, table);
  return layOutSystemVRecord(declaration, layoutOf, table, target.abi);
}

/** Whether more than the types of its members has a part in its layout. */
function isAttributed({ record, packed, pack, align, fields = [] }: RecordDecl, table: TypeTable): boolean {
  if (record === 'union' || packed || pack !== undefined || align !== undefined) return true;
  return fields.some((field) => field.packed || field.align !== undefined || isAlignedType(field.type, table));
}

function isAlignedType(type: CType, table: TypeTable): boolean {
  if (type.kind === 'array') return isAlignedType(type.of, table);
  if (type.kind !== 'typedef') return false;
  const declaration = table.typedef(type.name);
  return declaration !== undefined && (declaration.align !== undefined || isAlignedType(declaration.type, table));
}
