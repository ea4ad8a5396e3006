// In: the records of a history. Out: for each its members against the versions between which its layout differs: what type each has
// there, and where it stands. What counts is the layout: a member's own record that grows moves what comes behind it.

import type { History } from '../history/history.ts';
import type { Api, Field, RecordDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import { TypeTable } from '../model/types.ts';
import { counted, type Html, html } from './html.ts';
import type { LayoutOf } from './input.ts';
import { VersionNames } from './runs.ts';

interface Member {
  readonly name: string;
  readonly type: string;
  /** In bytes, of a bit-field with its bits. */
  readonly place: string;
}

interface RecordView {
  readonly kind: 'struct' | 'union';
  /** In bytes; undefined where the headers do not say what is in it, or its layout is not known. */
  readonly size: number | undefined;
  readonly align: number | undefined;
  readonly isOpaque: boolean;
  readonly members: readonly Member[];
}

interface LayoutEra {
  readonly versions: number[];
  readonly view: RecordView;
}

export interface RecordsInput {
  readonly history: History;
  readonly apiAt: (version: string) => Api;
  readonly layoutOf: LayoutOf;
}

/** A record over all versions. */
export interface RecordHistory {
  readonly key: string;
  readonly eras: readonly LayoutEra[];
}

export function recordHistories({ history, apiAt, layoutOf }: RecordsInput): readonly RecordHistory[] {
  const found = new Map<string, { text: string; era: LayoutEra }[]>();
  for (const [at, { version }] of history.versions.entries()) {
    const api = apiAt(version);
    const table = new TypeTable(api);
    for (const record of api.records) {
      if (record.local || record.origin.header === '' || record.key.includes('::')) continue;
      const view = viewOf(record, table, layoutOf);
      const text = JSON.stringify(view);
      const eras = found.get(record.key) ?? [];
      found.set(record.key, eras);
      const known = eras.find((one) => one.text === text);
      if (known) known.era.versions.push(at);
      else eras.push({ text, era: { versions: [at], view } });
    }
  }
  return [...found]
    .map(([key, eras]) => ({ key, eras: eras.map(({ era }) => era) }))
    .filter(({ eras }) => eras.some(({ view }) => !view.isOpaque))
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}

/** Without the word before it: that is how one looks for it. */
function nameOf({ key }: RecordHistory): string {
  return key.replace(/^(struct|union) /, '');
}

function viewOf(record: RecordDecl, table: TypeTable, layoutOf: LayoutOf): RecordView {
  const layout = record.fields && layoutOf(record, table);
  return {
    kind: record.record,
    size: layout?.size,
    align: layout?.align,
    isOpaque: record.fields === undefined,
    members: (record.fields ?? []).flatMap((field, at) => membersOf(field, layout?.fields[at], 0, table, layoutOf)),
  };
}

/** A member; of one without a name, what is in it (C11 6.7.2.1p13). */
function membersOf(
  field: Field,
  at: { readonly offset: number; readonly width?: number } | undefined,
  base: number,
  table: TypeTable,
  layoutOf: LayoutOf,
): readonly Member[] {
  const offset = at === undefined ? undefined : base + at.offset;
  if (field.name !== undefined)
    return [{ name: field.name, type: cDeclaration(field.type, ''), place: placeText(offset, field.bits) }];
  const inner = field.type.kind === 'record' ? table.record(field.type.key) : undefined;
  if (!inner?.fields) return [];
  const layout = layoutOf(inner, table);
  return inner.fields.flatMap((one, index) => {
    const place = offset === undefined ? undefined : layout?.fields[index];
    return membersOf(one, place, offset ?? 0, table, layoutOf);
  });
}

function placeText(offset: number | undefined, bits: number | undefined): string {
  if (offset === undefined) return '?';
  if (bits === undefined) return String(offset / 8);
  return `${Math.floor(offset / 8)}:${offset % 8}+${bits}`;
}

/** All records, those that changed first open. */
export function recordsSection(records: readonly RecordHistory[], history: History): Html {
  const names = new VersionNames(history);
  return html`${records.map((record) => oneRecord(record, names))}`;
}

function oneRecord(record: RecordHistory, names: VersionNames): Html {
  const { eras } = record;
  const versions = eras.flatMap((era) => era.versions);
  const hasChanged = eras.length > 1 || versions.length < names.count;
  const newest = eras.at(-1)!.view;
  const sizes = [...new Set(eras.map(({ view }) => sizeText(view)))];
  const said = eras.length > 1 ? `${eras.length} layouts: ${sizes.join(' → ')}` : sizes[0]!;
  const span = versions.length < names.count ? `; ${names.span(versions.sort((a, b) => a - b))}` : '';
  return html`<details class="u${hasChanged ? ' c' : ''}" id="r.${record.key.replaceAll(' ', '.')}"${
    eras.length > 1 ? html` open` : undefined
  }><summary><b>${newest.kind} ${nameOf(record)}</b> <small>${said}${span}</small></summary>
${newest.isOpaque && eras.length === 1 ? undefined : layoutTable(record, names)}</details>
`;
}

function sizeText({ size, isOpaque }: RecordView): string {
  if (isOpaque) return 'opaque';
  return size === undefined ? 'layout not known' : `${counted(size)} bytes`;
}

function layoutTable({ key, eras }: RecordHistory, names: VersionNames): Html {
  const order = memberOrder(eras);
  const heads = eras.map(
    ({ versions, view }) =>
      html`<th scope=col colspan=2>${names.span(versions)}<br><small>${sizeText(view)}${view.align === undefined ? '' : `, align ${view.align}`}</small>`,
  );
  const rows = order.map((name) => {
    const cells = eras.map(({ view }, at) => {
      const member = view.members.find((one) => one.name === name);
      const before = at > 0 ? eras[at - 1]!.view.members.find((one) => one.name === name) : member;
      const isNew = at > 0 && JSON.stringify(member) !== JSON.stringify(before);
      const css = isNew ? html` class="d"` : undefined;
      if (!member) return isNew ? html`<td class="gone"><td class="gone">` : html`<td><td>`;
      return html`<td${isNew && member.place !== before?.place ? css : undefined}>${member.place}<td${
        isNew && member.type !== before?.type ? css : undefined
      }>${member.type}`;
    });
    return html`<tr><th scope=row>${name}${cells}\n`;
  });
  return html`<table class="l o"><caption class="a">Members of ${key}</caption><thead><tr><th scope=col>Member${heads}</thead><tbody>
${rows}</tbody></table>`;
}

/** Members in the order of the newest layout; what that lacks stands behind what it stood behind. */
function memberOrder(eras: readonly LayoutEra[]): readonly string[] {
  const order: string[] = [];
  for (const { view } of eras.toReversed()) {
    let after = -1;
    for (const { name } of view.members) {
      const at = order.indexOf(name);
      if (at >= 0) after = at;
      else order.splice(++after, 0, name);
    }
  }
  return order;
}
