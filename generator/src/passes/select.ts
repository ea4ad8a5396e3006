// Api -> Api: keeps the library's own declarations and the types that they reach; the rest came along by name only. Where a type
// stands that is not the library's own is forgotten.

import { type Api, ELSEWHERE, type Origin } from '../model/api.ts';
import { type CType, innerTypes } from '../model/ctype.ts';
import { TypeTable } from '../model/types.ts';

export function select(api: Api): Api {
  const own = new Set(api.ownHeaders);
  const table = new TypeTable(api);
  const kept = new Set<string>();
  const work: CType[] = [];
  const isOwn = (d: { origin: { header: string } }): boolean => own.has(d.origin.header);
  for (const d of [...api.functions, ...api.variables]) if (isOwn(d)) work.push(d.type);
  for (const d of api.typedefs) if (isOwn(d)) work.push({ kind: 'typedef', name: d.name });
  for (const d of api.records) if (isOwn(d)) work.push({ kind: 'record', key: d.key });
  for (const d of api.enums) if (isOwn(d)) work.push({ kind: 'enum', key: d.key });
  for (let type = work.pop(); type; type = work.pop()) {
    for (const inner of innerTypes(type)) work.push(inner);
    if (type.kind !== 'typedef' && type.kind !== 'record' && type.kind !== 'enum') continue;
    const id = `${type.kind} ${type.kind === 'typedef' ? type.name : type.key}`;
    if (kept.has(id)) continue;
    kept.add(id);
    if (type.kind === 'typedef') {
      const target = table.typedef(type.name)?.type;
      if (target) work.push(target);
    } else if (type.kind === 'record') {
      for (const field of table.record(type.key)?.fields ?? []) work.push(field.type);
    }
  }
  const placed = <T extends { readonly origin: Origin }>(d: T): T => (isOwn(d) ? d : { ...d, origin: ELSEWHERE });
  return {
    ...api,
    functions: api.functions.filter(isOwn),
    variables: api.variables.filter(isOwn),
    records: api.records.filter((d) => kept.has(`record ${d.key}`)).map(placed),
    enums: api.enums.filter((d) => kept.has(`enum ${d.key}`)).map(placed),
    typedefs: api.typedefs.filter((d) => kept.has(`typedef ${d.name}`)).map(placed),
  };
}
