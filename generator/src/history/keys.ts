// Api -> Api: records and enumerations that have neither a tag nor a typedef's name are known by their line (`librbd_h_133`), which is
// another one in the next version. Here they are known by their header and what is in them, which stays.

import type { Api, EnumDecl, RecordDecl } from '../model/api.ts';
import type { CType, FunctionType } from '../model/ctype.ts';

export function stableKeys(api: Api): Api {
  const renamed = newKeys(api);
  if (renamed.size === 0) return api;
  const keyed = <T extends EnumDecl | RecordDecl>(d: T): T => {
    const key = rename(d.key, renamed);
    return key === d.key ? d : { ...d, key, name: d.name === d.key ? key : d.name };
  };
  const type = (from: CType): CType => retyped(from, renamed);
  return {
    ...api,
    functions: api.functions.map((d) => ({ ...d, type: retypedFunction(d.type, renamed) })),
    variables: api.variables.map((d) => ({ ...d, type: type(d.type) })),
    typedefs: api.typedefs.map((d) => ({ ...d, type: type(d.type) })),
    enums: api.enums.map(keyed),
    records: api.records.map(keyed).map((d) => {
      const fields = d.fields?.map((f) => ({ ...f, type: type(f.type) }));
      return fields ? { ...d, fields } : d;
    }),
  };
}

/** What the parser makes of a header's name and a line. */
const BY_LINE = /^(\w+)_\d+(?:_\d+)?$/;

function newKeys(api: Api): Map<string, string> {
  const found = new Map<string, string>();
  const taken = new Set([...api.enums, ...api.records].map((d) => d.key));
  const named = new Set(api.typedefs.map((d) => d.name));
  for (const d of [...api.enums, ...api.records]) {
    const [, header] = BY_LINE.exec(d.key) ?? [];
    if (d.tag !== undefined || header === undefined || named.has(d.key) || !isByLine(d)) continue;
    const first = d.kind === 'enum' ? d.enumerators[0]?.name : d.fields?.find((f) => f.name)?.name;
    const wanted = `${header}_${first ?? d.kind}`;
    let key = wanted;
    for (let n = 2; taken.has(key); n++) key = `${wanted}_${n}`;
    taken.add(key);
    found.set(d.key, key);
  }
  return found;
}

/** What stands elsewhere has no place to compare with. */
function isByLine({ key, origin: { header, line } }: EnumDecl | RecordDecl): boolean {
  const base = header.slice(header.lastIndexOf('/') + 1).replace(/\W/g, '_');
  return header === '' ? /_h_\d+(?:_\d+)?$/.test(key) : `${key}_`.startsWith(`${base}_${line}_`);
}

/** With the keys of what is inside: `librbd_h_133::member`. */
function rename(key: string, renamed: ReadonlyMap<string, string>): string {
  const [outer = '', ...inner] = key.split('::');
  const other = renamed.get(outer);
  return other === undefined ? key : [other, ...inner].join('::');
}

function retyped(type: CType, renamed: ReadonlyMap<string, string>): CType {
  switch (type.kind) {
    case 'record':
    case 'enum':
      return { ...type, key: rename(type.key, renamed) };
    case 'pointer':
      return { ...type, to: retyped(type.to, renamed) };
    case 'array':
      return { ...type, of: retyped(type.of, renamed) };
    case 'function':
      return retypedFunction(type, renamed);
    default:
      return type;
  }
}

function retypedFunction(type: FunctionType, renamed: ReadonlyMap<string, string>): FunctionType {
  const parameters = type.parameters.map((p) => ({ ...p, type: retyped(p.type, renamed) }));
  return { ...type, result: retyped(type.result, renamed), parameters };
}
