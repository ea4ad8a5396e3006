// In: a record and the layouts of its members' types. Out: size, alignment, and every member's bit offset, by the rules of the
// System V ABI (x86-64 psABI 3.1.2 "Aggregates and Unions" and "Bit-Fields") with GCC's packed, aligned and #pragma pack. AAPCS64
// (8.1.8 "Bit-fields") has one rule more: bit-fields without a name raise the record's alignment too. Apple's arm64 has not.

import type { Field, RecordDecl } from '../model/api.ts';
import type { CType } from '../model/ctype.ts';
import type { TypeTable } from '../model/types.ts';
import type { Abi } from '../target.ts';
import type { FieldLayout, Layout, RecordLayout } from './types.ts';

export function layOutSystemVRecord(
  record: RecordDecl,
  layoutOf: (type: CType) => Layout,
  table: TypeTable,
  abi: Abi,
): RecordLayout {
  const fields: FieldLayout[] = [];
  const isUnion = record.record === 'union';
  let bits = 0; // first free bit
  let end = 0; // the record's size so far, in bits
  let align = record.align ?? 1;
  (record.fields ?? []).forEach((field, at) => {
    const last = at === (record.fields ?? []).length - 1;
    const type = memberLayout(field, layoutOf, table, last);
    const natural = fieldAlign(record, field, type);
    if (isUnion) bits = 0;
    if (field.bits === undefined) {
      bits = roundUp(bits, natural * 8);
      fields.push({ offset: bits });
      bits += type.size * 8;
      align = Math.max(align, natural);
    } else {
      bits = placeBitField(record, field, field.bits, type, bits);
      fields.push({ offset: bits, width: field.bits });
      bits += field.bits;
      if (field.name !== undefined) align = Math.max(align, natural);
      // Neither packed nor #pragma pack lowers what one of width zero asks for.
      else if (abi === 'aapcs64') align = Math.max(align, field.bits === 0 ? (field.align ?? type.align) : natural);
    }
    end = Math.max(end, bits);
  });
  return { size: roundUp(Math.ceil(end / 8), align), align, fields };
}

/** A flexible array member adds nothing to the size (C11 6.7.2.1p18). */
function memberLayout(field: Field, layoutOf: (type: CType) => Layout, table: TypeTable, last: boolean): Layout {
  const type = table.resolve(field.type);
  if (last && type.kind === 'array' && type.length === undefined) {
    return { size: 0, align: layoutOf(type.of).align };
  }
  return layoutOf(field.type);
}

/** `packed` lowers the type's alignment, an `aligned` of the member raises it, and `#pragma pack` caps the result. */
function fieldAlign(record: RecordDecl, field: Field, type: Layout): number {
  const isPacked = record.packed === true || field.packed === true;
  const isBitField = field.bits !== undefined;
  // GCC asks about `packed` for a bit-field only where no #pragma pack is in force.
  let align = isPacked && !(isBitField && record.pack !== undefined) ? 1 : type.align;
  if (field.align !== undefined) align = Math.max(align, field.align);
  return record.pack === undefined ? align : Math.min(align, record.pack);
}

/** A bit-field may not span more units of its type than one of that type would, unless packed in any way; width zero closes the
 *  unit. The unit is that of the type's alignment: an aligned typedef has another one than its size says. */
function placeBitField(record: RecordDecl, field: Field, width: number, type: Layout, bits: number): number {
  if (width === 0) return roundUp(bits, (field.align ?? type.align) * 8);
  const asked = field.align === undefined ? 1 : Math.min(field.align, record.pack ?? field.align) * 8;
  const start = roundUp(bits, asked);
  if (record.packed || field.packed || record.pack !== undefined) return start;
  const unit = type.align * 8;
  const spans = Math.ceil(((start % unit) + width) / unit) > Math.floor((type.size * 8) / unit);
  return spans ? roundUp(start, unit) : start;
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
