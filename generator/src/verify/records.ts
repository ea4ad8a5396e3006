// The facts of a record: size, alignment, and each member's type, offset and size; of a bit-field the bits that it fills.

import { type RecordLayout, recordLayout, typeLayout } from '../layout/layout.ts';
import { type Field, isReserved, type RecordDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import { assertType, layoutOf, type Subject } from './assertions.ts';

/** A record around the members that are asserted: its own, and those of its anonymous members. */
interface Around {
  /** As C writes it. */
  readonly name: string;
  readonly label: string;
  readonly layout: RecordLayout;
}

export function assertRecord(subject: Subject, d: RecordDecl): void {
  if (!d.fields) return;
  const { writer } = subject;
  const name = subject.names.of(d.key);
  if (name === undefined && /::anonymous#\d+$/.test(d.key)) return; // Its members are the outer record's.
  const layout = layoutOf(subject, d);
  if (!layout) return;
  if (name === undefined || d.local) {
    writer.unasserted.push(`${d.key}: C has no name for it outside of its declaration`);
    return;
  }
  const { size, align } = layout;
  writer.assert('size', `sizeof(${name}) == ${size}`, `sizeof ${d.key} is ${size}`);
  writer.assert('alignment', `_Alignof(${name}) == ${align}`, `alignment of ${d.key} is ${align}`);
  assertFields(subject, d, { name, label: d.key, layout }, recordLayout(d, subject.table, subject.target), 0);
}

function assertFields(subject: Subject, d: RecordDecl, around: Around, layout: RecordLayout, base: number): void {
  const { table, target } = subject;
  for (const [at, field] of (d.fields ?? []).entries()) {
    const { offset, width } = layout.fields[at]!;
    if (field.name === undefined) {
      const type = table.resolve(field.type);
      const inner = type.kind === 'record' ? table.record(type.key) : undefined;
      if (inner?.fields) assertFields(subject, inner, around, recordLayout(inner, table, target), base + offset);
    } else if (isReserved(field.name) && !subject.isOwn(d)) {
      // Another C library than the one that was read may call its padding something else.
    } else if (width !== undefined) probeBitField(subject, around, field.name, base + offset, width);
    else assertMember(subject, around, field, field.name, base + offset);
  }
}

function assertMember(subject: Subject, { name, label }: Around, field: Field, member: string, offset: number): void {
  const { writer, table, target } = subject;
  const path = `${label}.${member}`;
  const bytes = offset / 8;
  writer.assert('offset', `__builtin_offsetof(${name}, ${member}) == ${bytes}`, `offset of ${path} is ${bytes}`);
  const resolved = table.resolve(field.type);
  const object = `((${name} *)0)->${member}`;
  if (resolved.kind === 'unsupported') return;
  assertType(subject, 'member', object, field.type, `${path} is ${cDeclaration(field.type, '')}`);
  if (resolved.kind === 'array' && resolved.length === undefined) return;
  const { size } = typeLayout(field.type, table, target);
  writer.assert('size', `sizeof(${object}) == ${size}`, `size of ${path} is ${size}`);
}

/** No constant expression tells where a bit-field is; the bytes of a record in which it alone is set do. */
function probeBitField(subject: Subject, around: Around, member: string, offset: number, width: number): void {
  const { size, align } = around.layout;
  const bytes = new Uint8Array(size);
  for (let bit = offset; bit < offset + width; bit++) {
    // A wrong fact may point outside of the record; it is wrong all the same.
    const at = bit >> 3;
    if (at < size) bytes[at]! |= 1 << (bit & 7);
  }
  subject.writer.probe(
    'bit-field',
    `${around.label}.${member} is in bits ${offset} to ${offset + width - 1}`,
    { type: around.name, initialiser: `{ .${member} = -1 }`, align },
    { bytes },
  );
}
