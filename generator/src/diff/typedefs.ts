// In: the typedefs of two versions. Out: names that came, went, or stand for another type. What is only another name of a record or an
// enumeration is told with that.

import type { TypedefDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import type { TypeTable } from '../model/types.ts';
import type { Change } from './change.ts';
import type { Reach } from './reach.ts';
import { isOwn, paired, placeOf, type Sides } from './sides.ts';

export function compareTypedefs(sides: Sides, reach: Reach): Change[] {
  return paired(sides.a.typedefs, sides.b.typedefs, ({ name }) => name).flatMap(({ a, b }): Change[] => {
    if (a && b) return changed(a, b, sides, reach);
    const [decl, table] = a ? [a, sides.tableA] : [b!, sides.tableB];
    if (!isOwn(decl) || isNameOfAnother(decl, table)) return [];
    const common = { kind: 'typedef', name: decl.name, ...placeOf(decl.origin) } as const;
    const text = cDeclaration(decl.type, decl.name);
    return a
      ? [
          {
            ...common,
            change: 'removed',
            rating: 'break',
            reason: 'programs that name it do not compile',
            before: text,
          },
        ]
      : [{ ...common, change: 'added', rating: 'compatible', reason: 'no older program names it', after: text }];
  });
}

function changed(a: TypedefDecl, b: TypedefDecl, sides: Sides, reach: Reach): Change[] {
  const types = sides.types(a.type, b.type);
  const isRecord = sides.tableA.resolve(a.type).kind === 'record' && sides.tableB.resolve(b.type).kind === 'record';
  const isOnlyInside = types.aspects.length > 0 && types.aspects.every((aspect) => aspect === 'record');
  if (types.kind === 'same' || (isRecord && (isOnlyInside || types.kind === 'spelling'))) return [];
  const isOpaque = [isUnknown(a, sides.tableA), isUnknown(b, sides.tableB)].every(Boolean);
  return [
    {
      kind: 'typedef',
      name: b.name,
      change: 'changed',
      rating: isOpaque ? 'compatible' : types.rating,
      reason: `it is ${types.reason}${isOpaque ? ', of which only the library knows more' : ''}`,
      before: cDeclaration(a.type, a.name),
      after: cDeclaration(b.type, b.name),
      ...reach.words('typedef', a.name),
      ...placeOf(b.origin),
    },
  ];
}

/** `typedef void CURL`, `typedef struct Curl_easy CURL`: there are only pointers to it. */
function isUnknown({ type }: TypedefDecl, table: TypeTable): boolean {
  const resolved = table.resolve(type);
  return resolved.kind === 'void' || (resolved.kind === 'record' && !table.record(resolved.key)?.fields);
}

/** `typedef struct x x;`, or the only name of a record or an enumeration without a tag. */
function isNameOfAnother({ name, type }: TypedefDecl, table: TypeTable): boolean {
  const resolved = table.resolve(type);
  if (resolved.kind !== 'record' && resolved.kind !== 'enum') return false;
  return (
    resolved.key.replace(/^(struct|union|enum) /, '').replace(/_(t|s|e|st)$/, '') === name.replace(/_(t|s|e|st)$/, '')
  );
}
