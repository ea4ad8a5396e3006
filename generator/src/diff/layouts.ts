// In: two layouts of a record. Out: what became of each member, rated by what a program does that was compiled for the older one
// (System V psABI and Microsoft's ABI place members; so offsets of layout/ are what is compared).

import { LayoutError, recordLayout, typeLayout } from '../layout/layout.ts';
import type { RecordDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import type { CType } from '../model/ctype.ts';
import { typeToText } from '../model/type-text.ts';
import type { TypeTable } from '../model/types.ts';
import type { Target } from '../target.ts';
import type { Detail } from './change.ts';
import type { Sides } from './sides.ts';

/** A member by the name that C reaches it with: `data.in` for one of an unnamed record's. */
interface Member {
  readonly name: string;
  readonly type: CType;
  /** From the start of the record, in bits. */
  readonly offset: number;
  readonly size: number;
  readonly isBitField: boolean;
}

/** Two complete records as they lie in memory. */
export interface LaidOut {
  readonly size: number;
  readonly align: number;
  readonly members: readonly Member[];
}

/** Undefined for a record of which the size cannot be told. */
export function laidOut(record: RecordDecl, table: TypeTable, target: Target): LaidOut | undefined {
  try {
    const { size, align } = recordLayout(record, table, target);
    return { size, align, members: membersOf(record, table, target, '', 0) };
  } catch (error) {
    if (error instanceof LayoutError) return undefined;
    throw error;
  }
}

function membersOf(record: RecordDecl, table: TypeTable, target: Target, prefix: string, base: number): Member[] {
  const layout = recordLayout(record, table, target);
  return (record.fields ?? []).flatMap((field, at) => {
    const { offset, width } = layout.fields[at]!;
    const name = prefix + (field.name ?? '');
    const inner = field.type.kind === 'record' ? table.record(field.type.key) : undefined;
    // What has no name of its own is part of what it lies in.
    if (inner?.fields && (field.name === undefined || inner.key.includes('::'))) {
      return membersOf(inner, table, target, field.name === undefined ? prefix : `${name}.`, base + offset);
    }
    if (field.name === undefined) return [];
    const size = width ?? typeLayout(field.type, table, target).size * 8;
    return [{ name, type: field.type, offset: base + offset, size, isBitField: width !== undefined }];
  });
}

/** What differs; nothing where both lie in memory alike and have the same names. */
export function compareLayouts(a: LaidOut, b: LaidOut, sides: Sides): readonly Detail[] {
  const after = new Map(b.members.map((member) => [member.name, member]));
  const before = new Map(a.members.map((member) => [member.name, member]));
  const fresh = b.members.filter(({ name }) => !before.has(name));
  const renamed = new Map<Member, Member>();
  const details: Detail[] = [];
  for (const member of a.members) {
    const same = after.get(member.name);
    if (same || isReserve(member)) {
      const found = same ? movedOrChanged(member, same, a, sides) : [gone(member, b, before)];
      details.push(...(isReserve(member) ? found.map(harmless) : found));
      continue;
    }
    const successor = fresh.find((other) => isRenamed(member, other, sides));
    if (successor) {
      renamed.set(successor, member);
      details.push({ rating: 'break', text: `${member.name} is named ${successor.name} now` });
    } else details.push(gone(member, b, before));
  }
  for (const member of fresh) if (!renamed.has(member)) details.push(added(member, a, after));
  return [...details, ...wholeRecord(a, b, details)];
}

/** Room that is kept for later versions, and that nobody uses: `_reserved2`, `padding`, `pdummy`. */
function isReserve({ name }: Member): boolean {
  return /^_*(\w*_)?(p?dummy|reserved?|padding|pad|spare|unused)_?\d*$/i.test(name);
}

function harmless({ text }: Detail): Detail {
  return { rating: 'compatible', text: `${text} (a reserve)` };
}

function movedOrChanged(x: Member, y: Member, a: LaidOut, sides: Sides): Detail[] {
  const details: Detail[] = [];
  if (x.offset !== y.offset) {
    details.push({ rating: 'silent break', text: `${x.name} is at ${place(y)} and not ${place(x)}` });
  }
  const types = sides.types(x.type, y.type);
  if (types.kind === 'different') {
    const grows = isGrowingEnd(x, y, a, sides);
    const text = types.aspects.includes('record') ? `${x.name}: ${types.reason}` : `${x.name} is ${types.reason}`;
    details.push({ rating: grows ? 'recompile' : types.rating, text });
  } else if (types.kind === 'spelling') {
    details.push({ rating: 'compatible', text: `${x.name} is ${types.reason}` });
  }
  if (x.isBitField || y.isBitField) {
    const width = (m: Member): string => (m.isBitField ? `${m.size} bits wide` : 'no bit-field');
    if (width(x) !== width(y)) {
      details.push({ rating: 'silent break', text: `${x.name} is ${width(y)}, and was ${width(x)}` });
    }
  }
  return details;
}

/** The last member's array has more elements: what was compiled uses the first of them. */
function isGrowingEnd(x: Member, y: Member, a: LaidOut, { tableA, tableB }: Sides): boolean {
  const [older, newer] = [tableA.resolve(x.type), tableB.resolve(y.type)];
  if (older.kind !== 'array' || newer.kind !== 'array' || x.offset !== y.offset || y.size < x.size) return false;
  return typeToText(older.of) === typeToText(newer.of) && a.members.every(({ offset }) => offset <= x.offset);
}

function isRenamed(older: Member, newer: Member, sides: Sides): boolean {
  const isThere = older.offset === newer.offset && older.size === newer.size && older.isBitField === newer.isBitField;
  return isThere && sides.types(older.type, newer.type).kind !== 'different';
}

/** Members of one union lie in the same place, and did before. */
function gone(member: Member, b: LaidOut, before: ReadonlyMap<string, Member>): Detail {
  const successors = b.members.filter((other) => overlap(member, other) && !wasThere(other, before)).map((m) => m.name);
  if (successors.length > 0) {
    return { rating: 'silent break', text: `${member.name} is gone, and ${listed(successors)} where it was` };
  }
  if (member.offset + member.size > b.size * 8) {
    return {
      rating: 'silent break',
      text: `${member.name} is gone, and what was compiled reaches beyond the end for it`,
    };
  }
  return { rating: 'break', text: `${member.name} is gone` };
}

const listed = (names: readonly string[]): string =>
  names.length > 2
    ? `${names[0]} and ${names.length - 1} more are`
    : `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'}`;

function added(member: Member, a: LaidOut, after: ReadonlyMap<string, Member>): Detail {
  const text = `${cDeclaration(member.type, member.name)} at ${place(member)} is new`;
  if (member.offset + member.size > a.size * 8) {
    return { rating: 'recompile', text: `${text}: records that were compiled end before it` };
  }
  const taken = a.members.filter((other) => overlap(member, other));
  const left = taken.find((other) => !wasThere(other, after));
  const words = left ? `, where ${left.name} was` : taken.length > 0 ? '' : ', where nothing was';
  return { rating: 'compatible', text: text + words };
}

/** Whether a member of the one version lies where it does in the other as well. */
function wasThere(member: Member, other: ReadonlyMap<string, Member>): boolean {
  return other.get(member.name)?.offset === member.offset;
}

function wholeRecord(a: LaidOut, b: LaidOut, details: readonly Detail[]): Detail[] {
  const isExplained = details.some(({ rating }) => rating !== 'compatible');
  const found: Detail[] = [];
  if (a.size !== b.size) {
    found.push({ rating: isExplained ? 'compatible' : 'recompile', text: `${b.size} bytes and not ${a.size}` });
  }
  if (a.align !== b.align) {
    found.push({ rating: 'recompile', text: `aligned to ${b.align} and not ${a.align}` });
  }
  return found;
}

function overlap(x: Member, y: Member): boolean {
  return x.offset < y.offset + y.size && y.offset < x.offset + x.size;
}

/** `16`, in bytes; of a bit-field `16, bit 3`. */
function place({ offset, isBitField }: Member): string {
  return isBitField ? `${Math.floor(offset / 8)}, bit ${offset % 8}` : String(offset / 8);
}
