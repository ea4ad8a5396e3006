// In: an Api. Out: its facts as flat, sorted JSON, for comparison with what other tools say of the same headers.
// One declaration a line. Sizes and alignments are in bytes, offsets and widths of members in bits.

import { LayoutError, namedAlign, recordLayout } from '../layout/layout.ts';
import type { Api, ConstantValue, FunctionDecl, RecordDecl } from '../model/api.ts';
import { TypeTable } from '../model/types.ts';
import type { Target } from '../target.ts';
import { AbiText } from './abi.ts';

/** The version of this format. */
const FACTS_FORMAT = 1;

type Entry = readonly [name: string, value: unknown];

export function factsToJson(api: Api, target: Target): string {
  const table = new TypeTable(api);
  const abi = new AbiText(table, target);
  const sections: [string, Entry[]][] = [
    ['functions', api.functions.map((d) => [d.name, functionFacts(d, abi)])],
    ['records', recordEntries(api, table, target)],
    ['enumerators', api.enums.flatMap((d) => d.enumerators.map((e): Entry => [e.name, String(e.value)]))],
    ['constants', api.constants.map((d) => [d.name, constantFacts(d.value)])],
    ['variables', api.variables.map((d) => [d.name, { type: abi.value(d.type) }])],
  ];
  const body = sections.map(([name, entries]) => `  ${JSON.stringify(name)}: ${sectionText(entries)}`);
  return `{\n  "format": ${FACTS_FORMAT},\n  "target": ${JSON.stringify(target.name)},\n${body.join(',\n')}\n}\n`;
}

/** An object of one entry a line, sorted by code units. */
function sectionText(entries: readonly Entry[]): string {
  if (entries.length === 0) return '{}';
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{\n${sorted.map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(',\n')}\n  }`;
}

function functionFacts(d: FunctionDecl, abi: AbiText): object {
  return {
    abi: abi.functionType(d.type),
    symbol: d.symbol ?? d.name,
    inline: d.unsupported?.startsWith('inline:') ?? false,
    unsupported: d.unsupported ?? null,
  };
}

function constantFacts(value: ConstantValue): object {
  if (value.kind === 'float') return { kind: 'float', value: floatText(value.value) };
  return { kind: value.kind, value: String(value.value) };
}

/** As C's `printf` names what is no number; else the shortest decimal text that gives the value back. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The complete records that C can name by themselves; one inside another without a tag is told through its members. */
function recordEntries(api: Api, table: TypeTable, target: Target): Entry[] {
  const tags = new Set(api.records.flatMap((d) => d.tag ?? []));
  return api.records.flatMap((d): Entry[] => {
    if (!d.fields || d.key.includes('::')) return [];
    if (d.tag === undefined && !table.typedef(d.key)) return [];
    // A tag and a typedef of one name may be two records: C has a namespace for each (C11 6.2.3).
    const name = d.tag ?? (tags.has(d.key) ? `typedef ${d.key}` : d.key);
    try {
      const layout = recordLayout(d, table, target);
      const fields = fieldEntries(d, table, target, 0);
      const align = namedAlign(d, layout, table);
      return [[name, { kind: d.record, size: layout.size, align, fields: Object.fromEntries(fields) }]];
    } catch (error) {
      if (!(error instanceof LayoutError)) throw error;
      return [[name, { kind: d.record, size: null, align: null, fields: {}, unsupported: error.message }]];
    }
  });
}

/** Members of anonymous members stand in the outer record (C11 6.7.2.1p13). */
function fieldEntries(d: RecordDecl, table: TypeTable, target: Target, base: number): Entry[] {
  const layout = recordLayout(d, table, target);
  return (d.fields ?? []).flatMap((field, at): Entry[] => {
    const place = layout.fields[at]!;
    const offset = base + place.offset;
    if (field.name !== undefined) return [[field.name, { offset, width: place.width ?? null }]];
    const type = table.resolve(field.type);
    const inner = type.kind === 'record' ? table.record(type.key) : undefined;
    return inner?.fields ? fieldEntries(inner, table, target, offset) : [];
  });
}
