// In: an Api. Out: a C file in which every fact of it is one static assertion on one line, labelled with the fact.
// A compiler that accepts the file has proved the Api for its own target.

import { LayoutError, namedAlign, type RecordLayout, recordLayout, typeLayout } from '../layout/layout.ts';
import {
  type Api,
  type ConstantDecl,
  type EnumDecl,
  type FunctionDecl,
  isReserved,
  type RecordDecl,
} from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import type { CType } from '../model/ctype.ts';
import { TypeTable } from '../model/types.ts';
import type { Target } from '../target.ts';

export interface AssertionFile {
  readonly text: string;
  /** The label of each assertion, by its 1-based line. */
  readonly labels: ReadonlyMap<number, string>;
  /** The line of the one assertion that must fail. */
  readonly canary: number;
  /** Facts that C has no way to assert, with the reason. */
  readonly unasserted: readonly string[];
}

export function assertionFile(api: Api, target: Target): AssertionFile {
  const table = new TypeTable(api);
  const writer = new AssertionWriter(api);
  for (const header of api.headers) writer.line(`#include <${header}>`);
  writer.canary();
  for (const d of api.functions) assertFunction(writer, d);
  for (const d of api.constants) assertConstant(writer, d);
  // Enumerators, tags and members may have the names of macros, and no macro is needed any more.
  for (const name of namesBehindMacros(api)) writer.line(`#undef ${name}`);
  for (const d of api.enums) assertEnumerators(writer, d);
  for (const d of api.records) assertRecord(writer, d, table, target);
  return writer.finish();
}

function namesBehindMacros(api: Api): ReadonlySet<string> {
  const names = new Set([
    ...api.enums.flatMap((d) => [...(d.tag ? [d.tag] : []), ...d.enumerators.map((e) => e.name)]),
    ...api.records.flatMap((d) => [...(d.tag ? [d.tag] : []), ...(d.fields ?? []).flatMap((f) => f.name ?? [])]),
  ]);
  names.delete('defined'); // The one name that #undef does not take.
  return names;
}

function assertEnumerators(writer: AssertionWriter, d: EnumDecl): void {
  for (const e of d.enumerators) {
    writer.assert(`(${e.name}) == ${integerLiteral(e.value)}`, `enumerator ${e.name} is ${e.value}`);
  }
}

class AssertionWriter {
  readonly #lines: string[] = [];
  readonly #labels = new Map<number, string>();
  readonly unasserted: string[] = [];
  readonly #api: Api;
  #canary = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  isOwn(d: RecordDecl): boolean {
    return this.#api.ownHeaders.includes(d.origin.header);
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  assert(condition: string, label: string): void {
    this.#lines.push(`_Static_assert(${condition}, "dlshim: ${label.replaceAll(/["\\]/g, "'")}");`);
    this.#labels.set(this.#lines.length, label);
  }

  /** An assertion that must fail: a compiler that accepts it has not looked. */
  canary(): void {
    this.#lines.push('_Static_assert(0, "dlshim: canary");');
    this.#canary = this.#lines.length;
  }

  /** How C names a record or enum; one without a tag or a typedef is reached through the member that has its type. */
  typeName(key: string): string | undefined {
    if (/^(struct|union|enum) \w+$/.test(key)) return key;
    const at = key.lastIndexOf('::');
    if (at < 0) return this.#api.typedefs.some((d) => d.name === key) ? key : undefined;
    const [outer, member] = [key.slice(0, at), key.slice(at + 2)];
    const outerName = this.typeName(outer);
    const owner = this.#api.records.find((d) => d.key === outer);
    const field = owner?.fields?.find((f) => f.name === member);
    if (outerName === undefined || !field) return undefined;
    let path = `((${outerName} *)0)->${member}`;
    for (
      let type: CType = field.type;
      type.kind === 'array' || type.kind === 'pointer';
      type = type.kind === 'array' ? type.of : type.to
    )
      path += '[0]';
    return `__typeof__(${path})`;
  }

  finish(): AssertionFile {
    return {
      text: `${this.#lines.join('\n')}\n`,
      labels: this.#labels,
      canary: this.#canary,
      unasserted: this.unasserted,
    };
  }
}

function assertRecord(writer: AssertionWriter, d: RecordDecl, table: TypeTable, target: Target): void {
  if (!d.fields) return;
  const name = writer.typeName(d.key);
  let layout: RecordLayout;
  try {
    layout = recordLayout(d, table, target);
  } catch (error) {
    if (!(error instanceof LayoutError)) throw error;
    writer.unasserted.push(`${d.key}: ${error.message}`);
    return;
  }
  if (name === undefined) {
    writer.unasserted.push(`${d.key}: it has no name in C; its members are asserted through the record around it`);
    return;
  }
  writer.assert(`sizeof(${name}) == ${layout.size}`, `sizeof ${d.key} is ${layout.size}`);
  const align = namedAlign(d, layout, table);
  writer.assert(`_Alignof(${name}) == ${align}`, `alignment of ${d.key} is ${align}`);
  assertFields(writer, d, layout, name, d.key, 0, table, target);
}

function assertFields(
  writer: AssertionWriter,
  d: RecordDecl,
  layout: RecordLayout,
  name: string,
  label: string,
  base: number,
  table: TypeTable,
  target: Target,
): void {
  for (const [at, field] of (d.fields ?? []).entries()) {
    const place = layout.fields[at]!;
    const offset = base + place.offset;
    if (field.name === undefined) {
      const type = table.resolve(field.type);
      const inner = type.kind === 'record' ? table.record(type.key) : undefined;
      if (inner?.fields)
        assertFields(writer, inner, recordLayout(inner, table, target), name, label, offset, table, target);
    } else if (isReserved(field.name) && !writer.isOwn(d)) {
      // Another C library than the one that was read may call its padding something else.
    } else if (place.width !== undefined) {
      writer.unasserted.push(`${label}.${field.name}: the position of a bit-field is no constant expression in C`);
    } else {
      writer.assert(
        `__builtin_offsetof(${name}, ${field.name}) == ${offset / 8}`,
        `offset of ${label}.${field.name} is ${offset / 8}`,
      );
      const resolved = table.resolve(field.type);
      if (resolved.kind === 'array' && resolved.length === undefined) continue;
      const { size } = typeLayout(field.type, table, target);
      writer.assert(`sizeof(((${name} *)0)->${field.name}) == ${size}`, `size of ${label}.${field.name} is ${size}`);
    }
  }
}

function assertFunction(writer: AssertionWriter, d: FunctionDecl): void {
  // Inline and static functions are the header's own affair, and differ between compilers: no table carries them.
  if (d.unsupported?.startsWith('inline:') || d.unsupported?.startsWith('static:')) return;
  const type = cDeclaration(d.type, '', (key) => writer.typeName(key) ?? key);
  if (d.type.unprototyped || /[⟨…]/.test(type) || d.unsupported?.startsWith('the calling convention')) {
    writer.unasserted.push(`${d.name}: its type cannot be written again in C`);
    return;
  }
  writer.assert(`__builtin_types_compatible_p(__typeof__(${d.name}), ${type})`, `${cDeclaration(d.type, d.name)}`);
}

function assertConstant(writer: AssertionWriter, d: ConstantDecl): void {
  const { value } = d;
  switch (value.kind) {
    case 'int':
      writer.assert(`(${d.name}) == ${integerLiteral(value.value)}`, `constant ${d.name} is ${value.value}`);
      break;
    case 'string':
      if (value.wide) {
        writer.unasserted.push(`${d.name}: a wide string`);
        break;
      }
      writer.assert(`sizeof(${d.name}) == ${new TextEncoder().encode(value.value).length + 1}`, `length of ${d.name}`);
      break;
    case 'float':
      writer.unasserted.push(`${d.name}: a floating constant`);
  }
}

/** A literal whose type holds the value; the least 64-bit value cannot be written directly. */
function integerLiteral(value: bigint): string {
  if (value > 9223372036854775807n) return `${value}ULL`;
  if (value === -9223372036854775808n) return '(-9223372036854775807LL - 1)';
  return `${value}LL`;
}
