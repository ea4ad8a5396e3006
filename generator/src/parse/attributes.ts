// In: where a declaration and its declarators stand. Out: the attributes that apply to one declarator, and what they make of its type.
// GCC manual, "Attribute Syntax": those among the specifiers apply to every declarator, those behind a declarator to that one alone.

import type { RecordDecl } from '../model/api.ts';
import type { CType, FloatingName, IntegerName } from '../model/ctype.ts';
import { integerLimits } from '../scalars.ts';
import type { Token } from '../token.ts';
import type { Attribute } from './attribute-list.ts';
import type { ParseContext } from './context.ts';
import { constantInteger, typeInParentheses } from './environment.ts';
import type { LayoutPragmas } from './packing.ts';
import type { SyntaxNode } from './syntax.ts';

/** The attributes of one declarator of a declaration, or of a declaration without any. */
export function attributesOf(context: ParseContext, node: SyntaxNode, declarator: SyntaxNode | undefined): Attribute[] {
  const first = node.children.find((child) => child.field === 'declarator');
  // A parameter ends with its type, in front of what stands behind its attributes; all others end with their `;`.
  const end = context.indexAt(node.end - 1) + (node.type === 'parameter_declaration' ? 1 : 0);
  const list = specifierAttributes(context, node, first ? context.indexAt(first.start) : end);
  if (!declarator) return list;
  const next = node.children[node.children.indexOf(declarator) + 1];
  const behind = next?.type === 'bitfield_clause' ? next.end : declarator.end;
  const inside = parameterLists(declarator).map((n) => [context.indexAt(n.start), context.indexAt(n.end - 1)] as const);
  const last = context.indexAt(behind - 1) + 1;
  for (let at = context.indexAt(declarator.start) + 1; at <= last; at++) {
    // An attribute in front of a parameter list's `(` is not in it; one in front of its `)` is.
    if (inside.some(([open, close]) => at > open && at <= close)) continue;
    for (const attribute of context.attributes(at, at)) list.push(attribute);
  }
  return list;
}

/** Those in front of the first declarator, without those inside and right behind a record's or an enumeration's body. */
function specifierAttributes(context: ParseContext, node: SyntaxNode, last: number): Attribute[] {
  const start = context.indexAt(node.start);
  const specifier = node.children.find((child) => child.field === 'type');
  if (!specifier?.children.some((child) => child.field === 'body')) return context.attributes(start, last);
  const behindBody = context.indexAt(specifier.end - 1) + 2;
  return [...context.attributes(start, context.indexAt(specifier.start)), ...context.attributes(behindBody, last)];
}

function parameterLists(node: SyntaxNode): SyntaxNode[] {
  return node.children.flatMap((child) => (child.type === 'parameter_list' ? [child] : parameterLists(child)));
}

/** GCC's machine modes (manual, "Machine Modes") as arithmetic types of their size. */
const MODES: Readonly<Record<string, readonly [signed: IntegerName, unsigned: IntegerName]>> = {
  QI: ['schar', 'uchar'],
  HI: ['short', 'ushort'],
  SI: ['int', 'uint'],
  DI: ['llong', 'ullong'],
  TI: ['int128', 'uint128'],
  byte: ['schar', 'uchar'],
  word: ['llong', 'ullong'],
  unwind_word: ['llong', 'ullong'],
  pointer: ['llong', 'ullong'],
};
const FLOAT_MODES: Readonly<Record<string, FloatingName>> = {
  SF: 'float',
  DF: 'double',
  XF: 'ldouble',
  TF: 'float128',
};

/** The type that `vector_size` and `mode` make of another one. */
export function attributedType(context: ParseContext, type: CType, attributes: readonly Attribute[]): CType {
  for (const { name, arguments: args } of attributes) {
    if (name === 'vector_size' || name === 'ext_vector_type') return { kind: 'unsupported', reason: 'a vector type' };
    if (name !== 'mode') continue;
    const mode = args[0]?.text.replace(/^__(.*)__$/, '$1') ?? '';
    const floating = Object.hasOwn(FLOAT_MODES, mode) ? FLOAT_MODES[mode] : undefined;
    if (floating) return { kind: 'floating', name: floating };
    const integers = Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
    if (!integers || type.kind !== 'integer') return { kind: 'unsupported', reason: `the machine mode ${mode}` };
    const chosen = integers[integerLimits(context.target, type.name).min === 0n ? 1 : 0];
    // Where long has the size, it is the one that is meant.
    const isLong = chosen.endsWith('llong') && context.target.sizes.long === context.target.sizes.llong;
    return { ...type, name: isLong ? (chosen.replace('llong', 'long') as IntegerName) : chosen };
  }
  return type;
}

/** Attributes under which arguments travel otherwise than the platform's ABI has it. On 64-bit machines stdcall and its like change nothing. */
const CONVENTIONS =
  /^(ms_abi|sysv_abi|regparm|vectorcall|regcall|preserve_most|preserve_all|pcs|aarch64_vector_pcs|swiftcall|swiftasynccall)$/;

/** Why a function, or what a pointer to one points to, cannot be called as others are. */
export function callingConvention(context: ParseContext, attributes: readonly Attribute[]): string | undefined {
  const found = attributes.find((a) => CONVENTIONS.test(a.name));
  const isUsual = found?.name === (context.target.abi === 'msvc' ? 'ms_abi' : 'sysv_abi');
  return found && !isUsual ? `the calling convention ${found.name}` : undefined;
}

/** What attributes behind a declarator make of its type: those of the function that a pointer points to. A typedef for one gives its
 *  name up, because it is another type. Further inside Clang has the calling convention and GCC neither; `layers` lie around it. */
export function functionAttributes(
  context: ParseContext,
  type: CType,
  attributes: readonly Attribute[],
  layers = 0,
): CType {
  if (attributes.length === 0) return type;
  const inside = (inner: CType): CType => functionAttributes(context, inner, attributes, layers + 1);
  switch (type.kind) {
    case 'typedef': {
      const resolved = context.table.resolve(type);
      return through(type, resolved, functionAttributes(context, resolved, attributes, layers), (made) => made);
    }
    case 'pointer':
      return through(type, type.to, inside(type.to), (to) => ({ ...type, to }));
    case 'array':
      return through(type, type.of, inside(type.of), (of) => ({ ...type, of }));
    case 'function': {
      const reason = callingConvention(context, attributes);
      if (reason !== undefined) return { kind: 'unsupported', reason };
      const isNoreturn = layers <= 1 && attributes.some((a) => a.name === 'noreturn');
      return isNoreturn && !type.noreturn ? { ...type, noreturn: true } : type;
    }
    default:
      return type;
  }
}

function through(type: CType, before: CType, after: CType, made: (inner: CType) => CType): CType {
  return before === after ? type : made(after);
}

/** `_Alignas` takes a type as well. */
function typeAlignment(context: ParseContext, tokens: readonly Token[]): number | undefined {
  const type = typeInParentheses(context, tokens);
  return typeof type === 'string' ? undefined : context.layoutOf(type, context.table)?.align;
}

/** What `packed` and `aligned` ask for. */
export function alignment(context: ParseContext, attributes: readonly Attribute[]): { packed?: true; align?: number } {
  const found: { packed?: true; align?: number } = {};
  for (const attribute of attributes) {
    if (attribute.name === 'packed') found.packed = true;
    // `__declspec(align(8))` is Microsoft's way to say it.
    if (attribute.name === 'aligned' || attribute.name === 'align') {
      const { arguments: args } = attribute;
      const value = args.length ? constantInteger(context, args) : BigInt(context.target.maxAlignment);
      const align = typeof value === 'bigint' ? Number(value) : typeAlignment(context, args);
      if (align === undefined) context.error('alignment', `this alignment is not a constant: ${value}`, args[0]!);
      else found.align = Math.max(found.align ?? 0, align);
    }
  }
  return found;
}

/** What attributes of a record and the pragmas around it say of its layout beside alignment, where the target's compiler listens. */
export function layoutRules(
  { target }: ParseContext,
  attributes: readonly Attribute[],
  pragmas: LayoutPragmas = {},
): Pick<RecordDecl, 'pack' | 'msStruct' | 'byteOrder'> {
  let { msStruct = false, byteOrder }: { msStruct?: boolean; byteOrder?: string } = pragmas;
  for (const { name, arguments: args } of attributes) {
    if (name === 'ms_struct') msStruct = true;
    if (name === 'gcc_struct') msStruct = false;
    if (name === 'scalar_storage_order') byteOrder = args[0]?.text.slice(1, -1);
  }
  const hasMsStruct = target.compiler === 'clang' || target.abi === 'sysv';
  const isOther = byteOrder !== undefined && byteOrder !== `${target.endianness}-endian`;
  return {
    ...(pragmas.pack === undefined ? {} : { pack: pragmas.pack }),
    ...(msStruct && hasMsStruct && target.abi !== 'msvc' ? { msStruct } : {}),
    ...(isOther && target.compiler === 'gcc' ? { byteOrder: byteOrder! } : {}),
  };
}
