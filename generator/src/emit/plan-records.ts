// In: the records that the headers declare. Out: a RecordPlan of each that has a layout to show, and their other names.

import { namedAlign } from '../layout/layout.ts';
import type { Api, RecordDecl, Unsupported } from '../model/api.ts';
import { describe, type Since } from './describe.ts';
import type { Lowering } from './lower.ts';
import type { RecordAliasPlan, RecordPlan } from './module.ts';
import { planFields } from './records.ts';

export function planRecords(api: Api, lowering: Lowering, since: Since, broken: Unsupported[]): RecordPlan[] {
  return api.records.flatMap((d) => {
    if (d.layoutOnly) return [];
    const layout = d.fields && lowering.layout(d);
    if (typeof layout === 'string') broken.push({ kind: 'record', name: d.name, reason: layout, origin: d.origin });
    return planRecord(d, lowering, since) ?? [];
  });
}

/** Undefined for what has no layout, or none to show. */
export function planRecord(d: RecordDecl, lowering: Lowering, since: Since): RecordPlan | undefined {
  if (d.layoutOnly || !d.fields || !lowering.isComplete(d.key) || isAnonymousMember(d)) return undefined;
  const layout = lowering.layout(d);
  if (typeof layout === 'string') return undefined;
  const what = `${recordText(d)}, ${layout.size} bytes.`;
  return {
    name: lowering.names.record.get(d.key)!,
    record: d.record,
    size: layout.size,
    align: namedAlign(d, layout, lowering.table),
    fields: planFields(d, layout, lowering),
    doc: describe(d, what, since('record', d.key), d.doc ?? lowering.table.typedef(d.name)?.doc),
    origin: d.origin,
  };
}

/** A record without a name in another: its members stand in that one. */
function isAnonymousMember(d: RecordDecl): boolean {
  return /::anonymous#\d+$/.test(d.key);
}

function recordText(d: RecordDecl): string {
  const at = d.key.lastIndexOf('::');
  if (at >= 0) return `The ${d.record} \`${d.key.slice(at + 2)}\` of \`${d.key.slice(0, at)}\``;
  return d.tag ? `\`${d.key}\`` : `\`typedef ${d.record} ${d.name}\``;
}

export function planRecordAliases(api: Api, lowering: Lowering, carried: ReadonlySet<string>): RecordAliasPlan[] {
  return api.typedefs.flatMap((d) => {
    const resolved = lowering.table.resolve(d.type);
    if (!lowering.isOwn(d) || resolved.kind !== 'record') return [];
    const [name, record] = [lowering.names.typedef.get(d.name)!, lowering.names.record.get(resolved.key)!];
    return name !== record && carried.has(record) ? [{ name, record }] : [];
  });
}
