// In: an Api. Out: a C file in which every fact of it is an assertion or a probe, labelled with the fact.
// A compiler for which all of them hold has proved the Api for its own target.

import { LayoutError, namedAlign, recordLayout } from '../layout/layout.ts';
import {
  type Api,
  type EnumDecl,
  type FunctionDecl,
  isReserved,
  type RecordDecl,
  type TypedefDecl,
  type VariableDecl,
} from '../model/api.ts';
import { cDeclaration, SPELLINGS } from '../model/c-text.ts';
import { type CType, innerTypes } from '../model/ctype.ts';
import { TypeTable } from '../model/types.ts';
import type { Target } from '../target.ts';
import { declareExtendedTypes, probeConstant } from './constants.ts';
import { TypeNames } from './names.ts';
import { assertRecord } from './records.ts';
import { type AssertionFile, AssertionWriter, type FactKind } from './writer.ts';

export type { AssertionFile } from './writer.ts';

/** What writing the facts of one Api takes. */
export interface Subject {
  readonly writer: AssertionWriter;
  readonly names: TypeNames;
  readonly table: TypeTable;
  readonly target: Target;
  isOwn(d: { readonly origin: { readonly header: string } }): boolean;
}

export function assertionFile(api: Api, target: Target): AssertionFile {
  const own = new Set(api.ownHeaders);
  const subject: Subject = {
    writer: new AssertionWriter(),
    names: new TypeNames(api),
    table: new TypeTable(api),
    target,
    isOwn: (d) => own.has(d.origin.header),
  };
  const { writer } = subject;
  for (const header of api.headers) writer.line(`#include <${header}>`);
  writer.canary();
  // A macro that asks for an offset has its value wherever <stddef.h> is included as well.
  writer.line('#ifndef offsetof');
  writer.line('#define offsetof __builtin_offsetof');
  writer.line('#endif');
  if (api.constants.some((d) => d.value.kind === 'float')) declareExtendedTypes(subject);
  for (const d of api.constants) probeConstant(subject, d);
  writer.section();
  // Everything else may have the names of macros, and no macro is needed any more.
  for (const name of namesBehindMacros(api)) writer.line(`#undef ${name}`);
  for (const d of api.functions) assertFunction(subject, d);
  for (const d of api.variables) assertVariable(subject, d);
  for (const d of api.typedefs) assertTypedef(subject, d);
  for (const d of api.enums) assertEnumeration(subject, d);
  for (const d of api.records) assertRecord(subject, d);
  return writer.finish(target);
}

function namesBehindMacros(api: Api): ReadonlySet<string> {
  const names = new Set([
    ...[...api.functions, ...api.variables, ...api.typedefs].map((d) => d.name),
    ...api.enums.flatMap((d) => [...(d.tag ? [d.tag] : []), ...d.enumerators.map((e) => e.name)]),
    ...api.records.flatMap((d) => [...(d.tag ? [d.tag] : []), ...(d.fields ?? []).flatMap((f) => f.name ?? [])]),
  ]);
  names.delete('defined'); // The one name that #undef does not take.
  return names;
}

/** The type as C writes it, or undefined where it cannot. */
export function spelled({ names }: Pick<Subject, 'names'>, type: CType, name = ''): string | undefined {
  const text = cDeclaration(type, name, (key) => names.of(key) ?? '⟨without a name⟩');
  return text.includes('⟨') ? undefined : text;
}

/** The first record in a type that is declared in a prototype. */
function localTag(type: CType): string | undefined {
  if (type.kind === 'record') return type.local ? type.key : undefined;
  for (const inner of innerTypes(type)) {
    const found = localTag(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a type mentions a record whose tag is the C library's own affair: `struct _IO_FILE`. */
function hasPrivateTag(type: CType): boolean {
  if (type.kind === 'record' || type.kind === 'enum') return isReserved(type.key.slice(type.key.indexOf(' ') + 1));
  return innerTypes(type).some(hasPrivateTag);
}

/** An assertion that the expression has this type. */
export function assertType(subject: Subject, kind: FactKind, expression: string, type: CType, label: string): void {
  const text = spelled(subject, type);
  const local = localTag(type);
  if (local !== undefined)
    subject.writer.unasserted.push(
      `${label}: ${local} is declared inside a prototype, and C has no name for it outside`,
    );
  else if (text === undefined) subject.writer.unasserted.push(`${label}: its type has no name in C`);
  else {
    // A type name has no place for an attribute of its declarator; a typedef has.
    const isAttributed = text.includes('__attribute__');
    const name = isAttributed ? `dlshim_type_${subject.writer.nextName()}` : text;
    const typedef = isAttributed ? `typedef ${spelled(subject, type, name)}; ` : '';
    subject.writer.assert(kind, `__builtin_types_compatible_p(__typeof__(${expression}), ${name})`, label, { typedef });
  }
}

function assertFunction(subject: Subject, d: FunctionDecl): void {
  // Inline and static functions are the header's own affair, and differ between compilers: no table carries them.
  if (d.unsupported?.startsWith('inline:') || d.unsupported?.startsWith('static:')) return;
  const label = cDeclaration(d.type, d.name);
  if (d.unsupported?.startsWith('the calling convention')) {
    subject.writer.unasserted.push(`${label}: it has another calling convention`);
  } else assertType(subject, 'signature', d.name, d.type, label);
}

/** By its address: types are compared without their outermost qualifiers, and whether a variable is const is a fact of its own. */
function assertVariable(subject: Subject, d: VariableDecl): void {
  const pointer: CType = { kind: 'pointer', to: d.type };
  assertType(subject, 'variable', `&${d.name}`, pointer, `variable ${cDeclaration(d.type, d.name)}`);
}

/** A typedef for a record without a tag is that record's name; everything about it is asserted with the record. */
function assertTypedef(subject: Subject, d: TypedefDecl): void {
  const { type, name } = d;
  if ((type.kind === 'record' || type.kind === 'enum') && subject.names.of(type.key) === name) return;
  // Another C library than the one that was read may have another tag behind its types.
  if (!subject.isOwn(d) && hasPrivateTag(type)) return;
  assertType(subject, 'typedef', `*(${name} *)0`, type, `typedef ${cDeclaration(type, name)}`);
  if (d.align !== undefined)
    subject.writer.assert('alignment', `_Alignof(${name}) == ${d.align}`, `alignment of ${name} is ${d.align}`);
}

function assertEnumeration(subject: Subject, d: EnumDecl): void {
  const { writer, names } = subject;
  const name = names.of(d.key);
  const type = SPELLINGS[d.underlying];
  if (name !== undefined && d.enumerators.length > 0)
    writer.assert('enumeration', `__builtin_types_compatible_p(${name}, ${type})`, `${d.key} is held in ${type}`);
  for (const e of d.enumerators) {
    writer.assert('enumerator', isExactly(e.name, e.value), `enumerator ${e.name} is ${e.value}`);
  }
}

/** `==` converts both sides to one type, in which a negative value and a large one can be the same. */
function isExactly(expression: string, value: bigint): string {
  if (value < 0n) return `(${expression}) == ${integerLiteral(value)} && (${expression}) < 0`;
  return `(${expression}) == ${integerLiteral(value)} && (${expression}) >= 0`;
}

/** A literal whose type holds the value; the least 64-bit value cannot be written directly. */
function integerLiteral(value: bigint): string {
  if (value > 9223372036854775807n) return `${value}ULL`;
  if (value === -9223372036854775808n) return '(-9223372036854775807LL - 1)';
  return `${value}LL`;
}

/** The layout of a record and the alignment under its name, or undefined with the reason among what is not asserted. */
export function layoutOf(subject: Subject, d: RecordDecl): ReturnType<typeof recordLayout> | undefined {
  try {
    const layout = recordLayout(d, subject.table, subject.target);
    return { ...layout, align: namedAlign(d, layout, subject.table) };
  } catch (error) {
    if (!(error instanceof LayoutError)) throw error;
    subject.writer.unasserted.push(`${d.key}: ${error.message}`);
    return undefined;
  }
}
