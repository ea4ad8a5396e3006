// In: the records of two versions. Out: which of them changed and how, and what of the older version's functions reaches those.

import type { RecordDecl } from '../model/api.ts';
import { typeToText } from '../model/type-text.ts';
import type { TypeTable } from '../model/types.ts';
import { type Change, type Detail, worstRating, worstTexts } from './change.ts';
import { compareLayouts, laidOut } from './layouts.ts';
import type { Reach } from './reach.ts';
import { isOwn, paired, placeOf, type Sides } from './sides.ts';

export class Records {
  readonly #sides: Sides;
  readonly #known = new Map<string, readonly Detail[]>();
  readonly #counterparts: ReadonlyMap<string, RecordDecl>;
  readonly #reach: Reach;

  constructor(sides: Sides, reach: Reach) {
    this.#sides = sides;
    this.#counterparts = counterparts(sides);
    this.#reach = reach;
    sides.askRecords = ({ a, b, byValue }) => {
      // Of one key, a pointer to a changed record is as it was; the record itself is reported.
      if (!byValue && a.key === b.key) return undefined;
      const [older, newer] = [sides.tableA.record(a.key), sides.tableB.record(b.key)];
      if (!older?.fields || !newer?.fields) return undefined;
      const details = this.#details(older, newer);
      const rating = worstRating(details.map((d) => d.rating));
      if (rating === 'compatible') return undefined;
      return { rating, reason: `${a.key} changed (${worstTexts(details, 2)})` };
    };
  }

  /** What lies in other records without a name of its own is told as part of those. */
  changes(): Change[] {
    const { a, b } = this.#sides;
    const isNamed = ({ key }: RecordDecl): boolean => !key.includes('::');
    const taken = new Set(this.#counterparts.values());
    const changes = a.records.filter(isNamed).flatMap((older) => this.#changesOf(older));
    const added = b.records.filter((newer) => isNamed(newer) && isOwn(newer) && !taken.has(newer));
    return [...changes, ...added.map(addedRecord)];
  }

  /** A record of another library's changes this one where it lies in something of its own, which tells of it. */
  #changesOf(older: RecordDecl): Change[] {
    if (!isOwn(older)) return [];
    const newer = this.#counterparts.get(older.key);
    if (!newer) return [removedRecord(older)];
    const common = { kind: 'record', name: older.key, change: 'changed', ...placeOf(newer.origin) } as const;
    if (!older.fields && newer.fields) {
      const reach = this.#reach.words('record', older.key);
      return isOwn(newer)
        ? [{ ...common, rating: 'compatible', reason: 'its members are declared now', ...reach }]
        : [];
    }
    if (older.fields && !newer.fields) {
      const reason = 'its members are declared no more: programs that use them, or its size, do not compile';
      return [{ ...common, rating: 'break', reason, ...this.#reach.words('record', older.key) }];
    }
    const details = this.#details(older, newer);
    if (details.length === 0) return [];
    return [
      {
        ...common,
        rating: worstRating(details.map((d) => d.rating)),
        reason: worstTexts(details),
        ...this.#sizes(older, newer),
        details,
        ...this.#reach.words('record', older.key),
      },
    ];
  }

  #details(older: RecordDecl, newer: RecordDecl): readonly Detail[] {
    const key = `${older.key}\0${newer.key}`;
    const known = this.#known.get(key);
    if (known) return known;
    // A record is met again while it is compared: in a callback among its members that takes it by value.
    this.#known.set(key, []);
    const details = this.#compare(older, newer);
    this.#known.set(key, details);
    return details;
  }

  #compare(older: RecordDecl, newer: RecordDecl): readonly Detail[] {
    if (!older.fields || !newer.fields) return [];
    if (older.record !== newer.record) {
      return [{ rating: 'silent break', text: `it is a ${newer.record} and was a ${older.record}` }];
    }
    const { tableA, tableB, target } = this.#sides;
    const [a, b] = [laidOut(older, tableA, target), laidOut(newer, tableB, target)];
    if (a && b) return compareLayouts(a, b, this.#sides);
    const text = (record: RecordDecl): string =>
      (record.fields ?? []).map(({ name, bits, type }) => `${name}:${bits}:${typeToText(type)}`).join(';');
    if (text(older) === text(newer)) return [];
    return [{ rating: 'silent break', text: 'its members differ, and where they lie cannot be told here' }];
  }

  #sizes(older: RecordDecl, newer: RecordDecl): { before?: string; after?: string } {
    const { tableA, tableB, target } = this.#sides;
    const [a, b] = [laidOut(older, tableA, target), laidOut(newer, tableB, target)];
    return a && b && a.size !== b.size ? { before: `${a.size} bytes`, after: `${b.size} bytes` } : {};
  }
}

function removedRecord(record: RecordDecl): Change {
  const reason = 'programs that name it do not compile';
  return { kind: 'record', name: record.key, change: 'removed', rating: 'break', reason, ...placeOf(record.origin) };
}

function addedRecord(record: RecordDecl): Change {
  const reason = 'no older program names it';
  return { kind: 'record', name: record.key, change: 'added', rating: 'compatible', reason, ...placeOf(record.origin) };
}

/** By the older key. A record without a tag may get one, or lose it, while its typedef stays. */
function counterparts({ a, b, tableA, tableB }: Sides): ReadonlyMap<string, RecordDecl> {
  const found = new Map<string, RecordDecl>();
  for (const { a: older, b: newer } of paired(a.records, b.records, ({ key }) => key)) {
    if (older && newer) found.set(older.key, newer);
  }
  for (const typedef of a.typedefs) {
    const [older, newer] = [recordNamed(typedef.name, tableA), recordNamed(typedef.name, tableB)];
    if (!older || !newer || found.has(older.key) || tableA.record(newer.key)) continue;
    found.set(older.key, newer);
  }
  return found;
}

/** The record that a typedef is a name of. */
function recordNamed(name: string, table: TypeTable): RecordDecl | undefined {
  const resolved = table.resolve({ kind: 'typedef', name });
  return resolved.kind === 'record' ? table.record(resolved.key) : undefined;
}
