// In: syntax nodes of specifiers and declarators (C11 6.7.2, 6.7.6). Out: CTypes; records and enums join the context.

import type { Field, RecordDecl } from '../model/api.ts';
import type { CType, Parameter } from '../model/ctype.ts';
import type { Token } from '../token.ts';
import { alignment, attributedType, attributesOf, functionAttributes, layoutRules } from './attributes.ts';
import type { ParseContext } from './context.ts';
import { enumType } from './enums.ts';
import { constantInteger, isBeyond, typeInParentheses } from './environment.ts';
import type { TypeofOperand } from './normalised.ts';
import type { SyntaxNode } from './syntax.ts';

/** A declarator read to its end: the type, and the token of the name where it has one. */
export interface Declarator {
  readonly type: CType;
  readonly name: Token | undefined;
}

const NAME_NODES: ReadonlySet<string> = new Set([
  'identifier',
  'type_identifier',
  'field_identifier',
  'primitive_type',
]);

/** The declarators of a declaration, without the nodes that only wrap them. */
export function declaratorsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => child.field === 'declarator');
}

/** The type that a declaration's specifiers name. `hint` names a record or enum that has no tag. */
export function specifierType(context: ParseContext, node: SyntaxNode, hint: string): CType {
  const type = node.children.find((child) => child.field === 'type');
  const base = type ? baseType(context, type, hint) : ({ kind: 'integer', name: 'int' } as const);
  return qualified(base, node.children, context);
}

function qualified(type: CType, children: readonly SyntaxNode[], context: ParseContext): CType {
  let result = type;
  for (const child of children) {
    if (child.type !== 'type_qualifier') continue;
    const word = context.text(child);
    if (word === 'const') result = { ...result, const: true };
    else if (word === 'volatile') result = { ...result, volatile: true };
    else if (word === 'restrict') result = { ...result, restrict: true };
    else if (word === '_Atomic') result = { kind: 'unsupported', reason: 'the qualifier _Atomic' };
  }
  return result;
}

export function baseType(context: ParseContext, node: SyntaxNode, hint: string): CType {
  switch (node.type) {
    case 'struct_specifier':
      return recordType(context, node, 'struct', hint);
    case 'union_specifier':
      return recordType(context, node, 'union', hint);
    case 'enum_specifier':
      return enumType(context, node, hint);
    case 'primitive_type':
    case 'type_identifier':
      return namedType(context, node);
    default:
      return { kind: 'unsupported', reason: `the type \`${spelling(context, node)}\`` };
  }
}

function spelling(context: ParseContext, node: SyntaxNode): string {
  return context
    .tokensOf(node)
    .map((t) => t.text)
    .join(' ');
}

function namedType(context: ParseContext, node: SyntaxNode): CType {
  const index = context.indexAt(node.start);
  const scalar = context.source.scalars.get(index);
  if (scalar) return scalar;
  if (context.source.implicit.has(index)) {
    const name = context.text(node);
    context.warn(
      'implicit-int',
      `\`${name}\` is declared without a type; C before C99 takes int`,
      context.firstToken(node),
    );
    return { kind: 'integer', name: 'int' };
  }
  const operand = context.source.typeofs.get(index);
  if (operand) return typeofType(context, operand);
  const token = context.source.tokens[index]!;
  if (token.text === '__builtin_va_list') return { kind: 'va_list' };
  if (FOREIGN_TYPES.test(token.text) && !context.typedefs.has(token.text))
    return { kind: 'unsupported', reason: `the type ${token.text}` };
  if (!context.usedTypeNames.has(token.text)) context.usedTypeNames.set(token.text, token);
  return { kind: 'typedef', name: token.text };
}

/** Types that compilers declare themselves and dlshim does not model. */
const FOREIGN_TYPES = /^(__builtin_(ms|sysv)_va_list|__SV\w+|__clang_sv\w+|__bf16|__fp16|__mfp8|__ibm128)$/;

function typeofType(context: ParseContext, { tokens, isUnqualified }: TypeofOperand): CType {
  const type = typeInParentheses(context, tokens);
  if (typeof type === 'string') return { kind: 'unsupported', reason: `its typeof: ${type}` };
  if (!isUnqualified) return type;
  const { const: _, volatile: __, ...plain } = context.table.resolve(type);
  return plain;
}

/** Follows a declarator from the outside in, so that each layer wraps the type of the one before. */
export function readDeclarator(
  context: ParseContext,
  node: SyntaxNode | undefined,
  base: CType,
  hint: string,
): Declarator {
  let type = base;
  let current = node;
  while (current) {
    if (NAME_NODES.has(current.type)) {
      const index = context.indexAt(current.start);
      const isPlaceholder = context.source.placeholders.has(index);
      return { type: unrestricted(type), name: isPlaceholder ? undefined : context.source.tokens[index]! };
    }
    switch (current.type) {
      case 'pointer_declarator':
      case 'abstract_pointer_declarator':
        type = context.source.blocks.has(context.indexAt(current.start))
          ? { kind: 'unsupported', reason: 'a block' }
          : qualified({ kind: 'pointer', to: type }, current.children, context);
        break;
      case 'function_declarator':
      case 'abstract_function_declarator': {
        const inner = parenthesised(context, current);
        if (inner) return { ...readDeclarator(context, inner.declarator, type, hint), name: inner.name };
        type = functionType(context, current, type, hint);
        break;
      }
      case 'array_declarator':
      case 'abstract_array_declarator':
        type = arrayType(context, current, type, hint.includes('::parameter'));
        break;
      default:
        break;
    }
    current = innerDeclarator(current);
  }
  return { type: unrestricted(type), name: undefined };
}

/** On the outside `restrict` is a promise of the function's, and no part of its type. */
function unrestricted(type: CType): CType {
  if (!type.restrict) return type;
  const { restrict: _, ...plain } = type;
  return plain;
}

/** The x of `int (x)` and `int (x[3])`, which the grammar takes for a parameter's type: it is one only if x is a typedef
 *  (C11 6.7.6.3p11). */
function parenthesised(
  context: ParseContext,
  node: SyntaxNode,
): { name: Token; declarator: SyntaxNode | undefined } | undefined {
  const [list, ...others] = node.children;
  const [parameter, ...more] = list?.children ?? [];
  const [type, declarator, ...rest] = parameter?.children ?? [];
  if (others.length + more.length + rest.length > 0 || type?.type !== 'type_identifier') return undefined;
  const name = context.firstToken(type);
  return context.typedefs.has(name.text) ? undefined : { name, declarator };
}

function innerDeclarator(node: SyntaxNode): SyntaxNode | undefined {
  return (
    node.children.find((child) => child.field === 'declarator') ??
    node.children.find((child) => child.type.endsWith('_declarator') || NAME_NODES.has(child.type))
  );
}

/** A parameter's array may have a size that is known at the call only (C11 6.7.6.2p4): it is a pointer all the same. */
function arrayType(context: ParseContext, node: SyntaxNode, of: CType, inParameter: boolean): CType {
  const size = node.children.find((child) => child.field === 'size');
  if (!size) return { kind: 'array', of };
  const value = constantInteger(context, context.tokensOf(size));
  if (typeof value === 'string' && inParameter) return { kind: 'array', of };
  if (typeof value === 'string' && isBeyond(value))
    return { kind: 'unsupported', reason: `an array whose size ${value}` };
  if (typeof value === 'string') {
    context.error('array-size', `the size of this array is not a constant: ${value}`, context.firstToken(size));
    return { kind: 'array', of };
  }
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    context.error('array-size', `an array cannot have ${value} elements`, context.firstToken(size));
    return { kind: 'array', of };
  }
  return { kind: 'array', of, length: Number(value) };
}

function functionType(context: ParseContext, node: SyntaxNode, result: CType, hint: string): CType {
  const list = node.children.find((child) => child.field === 'parameters');
  const parameters: Parameter[] = [];
  let variadic = false;
  for (const child of list?.children ?? []) {
    if (child.type === 'variadic_parameter') variadic = true;
    else if (child.type === 'parameter_declaration')
      parameters.push(parameter(context, child, hint, parameters.length));
    else if (child.type === 'identifier') {
      context.error('parameter', 'a parameter without a type', context.firstToken(child));
    }
  }
  const isVoid = parameters.length === 1 && !parameters[0]!.name && isVoidType(context, parameters[0]!.type);
  return {
    kind: 'function',
    result,
    parameters: isVoid ? [] : parameters,
    ...(variadic ? { variadic } : {}),
    ...(parameters.length === 0 && !variadic ? { unprototyped: true } : {}),
  } as CType;
}

function isVoidType(context: ParseContext, type: CType): boolean {
  let current: CType | undefined = type;
  while (current?.kind === 'typedef') current = context.typedefs.get(current.name)?.type;
  return current?.kind === 'void';
}

/** A parameter, adjusted as C11 6.7.6.3p7 says: arrays and functions are pointers. */
function parameter(context: ParseContext, node: SyntaxNode, hint: string, at: number): Parameter {
  const declarator = declaratorsOf(node)[0];
  const attributes = attributesOf(context, node, declarator);
  const base = attributedType(context, specifierType(context, node, `${hint}::parameter${at}`), attributes);
  const read = readDeclarator(context, declarator, base, `${hint}::parameter${at}`);
  const { name } = read;
  const type = functionAttributes(context, read.type, attributes);
  const adjusted: CType =
    type.kind === 'array'
      ? { kind: 'pointer', to: type.of }
      : type.kind === 'function'
        ? { kind: 'pointer', to: type }
        : type;
  return name ? { name: name.text, type: adjusted } : { type: adjusted };
}

function recordType(context: ParseContext, node: SyntaxNode, record: 'struct' | 'union', hint: string): CType {
  const nameNode = node.children.find((child) => child.field === 'name');
  const body = node.children.find((child) => child.field === 'body');
  const tag = nameNode && context.text(nameNode);
  const key = tag ? `${record} ${tag}` : hint;
  const isLocal = tag !== undefined && hint.includes('::parameter') && !context.visibleTags.has(key);
  if (!isLocal) context.visibleTags.add(key);
  let known = context.records.get(key);
  if (known?.local && !isLocal) {
    const { local: _, ...rest } = known;
    known = rest;
    context.records.set(key, known);
  }
  if (!known || (body && !known.fields)) {
    const first = context.firstToken(node);
    const declaration: RecordDecl = {
      kind: 'record',
      key,
      name: tag ?? hint,
      record,
      origin: context.origins.at(first.file, first.offset),
      ...(tag ? { tag } : {}),
      ...(isLocal ? { local: true as const } : {}),
      ...(body ? recordBody(context, node, body, key) : {}),
    };
    const doc = body && context.doc(node);
    context.records.set(key, doc ? { ...declaration, doc } : declaration);
  }
  return { kind: 'record', key, ...(isLocal ? { local: true as const } : {}) };
}

function recordBody(
  context: ParseContext,
  node: SyntaxNode,
  body: SyntaxNode,
  key: string,
): Omit<RecordDecl, 'kind' | 'key' | 'name' | 'record' | 'origin' | 'tag'> {
  const open = context.indexAt(body.start);
  const close = context.indexAt(body.end - 1);
  const attributes = [
    ...context.attributes(context.indexAt(node.start) + 1, open),
    ...context.attributes(close + 1, close + 1),
  ];
  const fields = body.children
    .filter((child) => child.type === 'field_declaration')
    .flatMap((child, at) => readFields(context, child, key, at));
  if (fields.some((f) => f.bits !== undefined && isAlignedName(context, f.type))) {
    const message = `${key}: GCC and Clang place bit-fields of an aligned type differently; \`dlshim verify\` tells what yours does`;
    context.warn('bit-field-alignment', message, context.firstToken(node));
  }
  const pragmas = context.pragmas.get(context.source.tokens[open]!);
  if (pragmas?.disputed) context.warn('pragma-pack', `${key}: ${pragmas.disputed}`, context.firstToken(node));
  return {
    fields,
    ...alignment(context, attributes),
    ...layoutRules(context, attributes, pragmas),
    ...(attributes.some((a) => a.name === 'transparent_union') ? { transparent: true as const } : {}),
  };
}

/** Without a declarator only a record is a member (C11 6.7.2.1p13); with a tag it declares just the tag, but is one for
 *  Microsoft, where a typedef of a record is one too. */
function isUnnamedMember(context: ParseContext, type: CType): boolean {
  const isMicrosoft = context.target.abi === 'msvc';
  let of: CType | undefined = type;
  while (isMicrosoft && of?.kind === 'typedef') of = context.typedefs.get(of.name)?.type;
  return of?.kind === 'record' && (isMicrosoft || context.records.get(of.key)?.tag === undefined);
}

function readFields(context: ParseContext, node: SyntaxNode, key: string, at: number): Field[] {
  const declarators = declaratorsOf(node);
  const firstName = declarators[0] && nameIn(context, declarators[0]);
  const specified = specifierType(context, node, `${key}::${firstName ?? `anonymous#${at}`}`);
  const doc = context.doc(node);
  const extra = (declarator: SyntaxNode | undefined): Omit<Field, 'type'> => ({
    ...alignment(context, attributesOf(context, node, declarator)),
    ...(doc ? { doc } : {}),
  });
  // What is not understood has no layout; it is not nothing.
  if (declarators.length === 0)
    return isUnnamedMember(context, specified) || specified.kind === 'unsupported'
      ? [{ type: specified, ...extra(undefined) }]
      : [];
  return declarators.map((declarator) => {
    const base = attributedType(context, specified, attributesOf(context, node, declarator));
    const { type: read, name } = readDeclarator(context, declarator, base, `${key}::${firstName}`);
    const type = functionAttributes(context, read, attributesOf(context, node, declarator));
    // A bit-field's width follows its declarator as a sibling.
    const next = node.children[node.children.indexOf(declarator) + 1];
    const width = next?.type === 'bitfield_clause' ? bitWidth(context, next, type) : undefined;
    const named = name ? { name: name.text } : {};
    return { ...named, type, ...(width === undefined ? {} : { bits: width }), ...extra(declarator) };
  });
}

/** Whether a typedef on the way to the type asks for a larger alignment than the type has. */
function isAlignedName(context: ParseContext, type: CType): boolean {
  for (let current: CType | undefined = type; current?.kind === 'typedef'; ) {
    const typedef = context.typedefs.get(current.name);
    const natural = typedef && context.layoutOf(typedef.type, context.table)?.align;
    if (typedef?.align !== undefined && natural !== undefined && typedef.align > natural) return true;
    current = typedef?.type;
  }
  return false;
}

function nameIn(context: ParseContext, declarator: SyntaxNode): string | undefined {
  let node: SyntaxNode | undefined = declarator;
  while (node && !NAME_NODES.has(node.type)) node = innerDeclarator(node);
  return node && context.text(node);
}

/** Not more than its type has (C11 6.7.2.1p4); `_Bool` has one. */
function bitWidth(context: ParseContext, clause: SyntaxNode, type: CType): number {
  const tokens = context.tokensOf(clause).filter((t, i) => i > 0 || t.text !== ':');
  const value = constantInteger(context, tokens);
  if (typeof value === 'string') {
    context.error(
      'bit-field-width',
      `the width of this bit-field is not a constant: ${value}`,
      context.firstToken(clause),
    );
    return 0;
  }
  const resolved = context.table.resolve(type);
  const isBool = resolved.kind === 'integer' && resolved.name === 'bool';
  const most = isBool ? 1 : (context.layoutOf(type, context.table)?.size ?? 16) * 8;
  if (value > most) {
    const message = `a bit-field of ${value} bits in a type of ${most} on ${context.target.name}`;
    context.error('bit-field-width', message, context.firstToken(clause));
    return 0;
  }
  if (value < 0n) {
    context.error('bit-field-width', `a bit-field cannot have ${value} bits`, context.firstToken(clause));
    return 0;
  }
  return Number(value);
}
