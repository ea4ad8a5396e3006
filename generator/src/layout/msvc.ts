// In: a record and the layouts of its members' types. Out: size, alignment, and every member's bit offset, by Microsoft's rules
// (Microsoft, "x64 ABI conventions: Types and storage" and "C bit fields"; `align`, `#pragma pack`), as Clang applies them to
// `packed` and `aligned` too. What a `__declspec(align)` asks for is required: no pack lowers it, wherever the record is nested.

import type { Field, RecordDecl } from '../model/api.ts';
import type { CType } from '../model/ctype.ts';
import type { TypeTable } from '../model/types.ts';
import type { FieldLayout, Layout, RecordLayout } from './types.ts';

/** In C a record without members has this size, unless an alignment of at least as much is asked for. */
const EMPTY_SIZE = 4;

/** A pack of more is ignored. */
const MOST_PACK = 8;

export function layOutMicrosoftRecord(
  record: RecordDecl,
  layoutOf: (type: CType) => Layout,
  table: TypeTable,
): RecordLayout {
  const isUnion = record.record === 'union';
  const pack = packing(record);
  const fields: FieldLayout[] = [];
  let size = 0; // in bytes
  let align = 1;
  let required = 1;
  /** The unit that the last bit-field was placed in: its size in bytes, and how many bits of it are free. */
  let unit: { readonly size: number; free: number } | undefined;
  const grow = (at: number, bytes: number): void => {
    size = Math.max(size, at + bytes);
  };

  for (const field of record.fields ?? []) {
    const type = memberType(field, layoutOf, table);
    const asked = Math.max(field.align ?? 1, type.required);
    if (field.bits === undefined) {
      required = Math.max(required, asked);
      const own = Math.max(lowered(type.align, field, pack), asked);
      const at = isUnion ? 0 : roundUp(size, own);
      align = Math.max(align, own);
      fields.push({ offset: at * 8 });
      grow(at, type.size);
      unit = undefined;
      continue;
    }
    const own = Math.max(lowered(Math.max(type.align, asked), field, pack), asked);
    const width = field.bits;
    if (width === 0) {
      // It counts behind a bit-field only, and then ends its unit.
      const at = unit === undefined || isUnion ? size : roundUp(size, own);
      fields.push({ offset: isUnion ? 0 : at * 8, width });
      if (unit !== undefined) {
        if (isUnion) grow(0, type.size);
        else {
          size = at;
          align = Math.max(align, own);
        }
      }
      unit = undefined;
    } else if (isUnion) {
      // The alignment of a bit-field's type is nothing to a union.
      fields.push({ offset: 0, width });
      grow(0, type.size);
      unit = { size: type.size, free: 0 };
    } else if (unit !== undefined && unit.size === type.size && width <= unit.free) {
      fields.push({ offset: size * 8 - unit.free, width });
      unit.free -= width;
    } else {
      const at = roundUp(size, own);
      fields.push({ offset: at * 8, width });
      size = at + type.size;
      align = Math.max(align, own);
      unit = { size: type.size, free: type.size * 8 - width };
    }
  }

  size = roundUp(size, align);
  required = Math.max(required, record.align ?? 1);
  align = Math.max(align, required);
  size = roundUp(size, Math.max(Math.min(align, pack ?? align), required));
  if (size === 0) size = required >= EMPTY_SIZE ? align : EMPTY_SIZE;
  return { size, align, required, fields };
}

function packing(record: RecordDecl): number | undefined {
  if (record.packed) return 1;
  return record.pack !== undefined && record.pack <= MOST_PACK ? record.pack : undefined;
}

function lowered(align: number, field: Field, pack: number | undefined): number {
  return field.packed ? 1 : Math.min(align, pack ?? align);
}

/** Size and alignment without what a typedef asks for, and the alignment that is asked for. An open array has no size. */
function memberType(
  field: Field,
  layoutOf: (type: CType) => Layout,
  table: TypeTable,
): { readonly size: number; readonly align: number; readonly required: number } {
  const resolved = table.resolve(field.type);
  const isOpen = resolved.kind === 'array' && resolved.length === undefined;
  const { size, align } = isOpen ? { size: 0, align: layoutOf(resolved.of).align } : layoutOf(resolved);
  return { size, align, required: requiredOf(field.type, layoutOf, table) };
}

function requiredOf(type: CType, layoutOf: (type: CType) => Layout, table: TypeTable): number {
  switch (type.kind) {
    case 'typedef': {
      const declaration = table.typedef(type.name);
      const inner = declaration ? requiredOf(declaration.type, layoutOf, table) : 1;
      return Math.max(declaration?.align ?? 1, inner);
    }
    case 'array':
      return requiredOf(type.of, layoutOf, table);
    case 'record':
      return (layoutOf(type) as RecordLayout).required ?? 1;
    default:
      return 1;
  }
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
