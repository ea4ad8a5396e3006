// In: the syntax trees of the chosen external declarations. Out: functions, variables, typedefs, records and enums in the
// context, in order of appearance.

import type { FunctionDecl, VariableDecl } from '../model/api.ts';
import type { CType, FunctionType } from '../model/ctype.ts';
import type { Token } from '../token.ts';
import type { Attribute } from './attribute-list.ts';
import { alignment, attributedType, attributesOf, callingConvention, functionAttributes } from './attributes.ts';
import type { ParseContext } from './context.ts';
import { documentedDirections } from './documented.ts';
import { areDifferent } from './environment.ts';
import type { SyntaxNode, SyntaxTree } from './syntax.ts';
import { declaratorsOf, readDeclarator, specifierType } from './types.ts';

export function readDeclarations(context: ParseContext, trees: Iterable<SyntaxTree>): void {
  for (const tree of trees) readTree(context, tree);
  reportUnknownTypes(context);
}

function readTree(context: ParseContext, tree: SyntaxTree): void {
  reportErrors(context, tree);
  for (const node of tree.root.children) {
    switch (node.type) {
      case 'declaration':
        readDeclaration(context, node);
        break;
      case 'type_definition':
        readTypedef(context, node);
        break;
      case 'struct_specifier':
      case 'union_specifier':
      case 'enum_specifier':
        specifierType(context, { ...node, children: [{ ...node, field: 'type' }] }, anonymousName(context, node));
        break;
      case 'ERROR':
        break;
      default:
        context.error('declaration', 'this is not a declaration', context.firstToken(node));
    }
  }
}

function reportErrors(context: ParseContext, tree: SyntaxTree): void {
  let lastEnd = -1;
  for (const { start, end, missing } of tree.errors) {
    if (start < lastEnd) continue;
    lastEnd = end;
    const token = context.source.tokens[context.indexAt(start)];
    if (!token) continue;
    const previous = context.source.tokens[context.indexAt(start) - 1];
    if (missing) context.error('syntax', `expected \`${missing}\``, previous ?? token);
    else context.error('syntax', `C cannot be understood from \`${token.text}\` on`, token);
  }
}

function reportUnknownTypes(context: ParseContext): void {
  for (const [name, token] of context.usedTypeNames) {
    if (context.typedefs.has(name)) continue;
    context.error('unknown-type', `the type \`${name}\` is not declared`, token, [
      'is a header missing that declares it? Name it with --header before this one.',
    ]);
  }
}

/** A name for a record or enum that has none, from its place: stable as long as the header is. */
function anonymousName(context: ParseContext, node: SyntaxNode): string {
  const first = context.firstToken(node);
  const { header, line } = context.origins.at(first.file, first.offset);
  const name = `${header.slice(header.lastIndexOf('/') + 1).replace(/\W/g, '_')}_${line}`;
  // Several may stand on one line, and headers of one name in several folders.
  let unique = name;
  for (let n = 2; context.enums.has(unique) || context.records.has(unique); n++) unique = `${name}_${n}`;
  return unique;
}

function readTypedef(context: ParseContext, node: SyntaxNode): void {
  const declarators = declaratorsOf(node);
  const first = declarators[0];
  if (!first) return;
  const hint = typedefHint(context, first) ?? anonymousName(context, node);
  const specified = specifierType(context, node, hint);
  for (const declarator of declarators) {
    const attributes = attributesOf(context, node, declarator);
    const base = attributedType(context, specified, attributes);
    const { align } = alignment(context, attributes);
    const { type: read, name } = readDeclarator(context, declarator, base, hint);
    const type = functionAttributes(context, read, attributes);
    const record = type.kind === 'record' ? context.records.get(type.key) : undefined;
    if (record && attributes.some((a) => a.name === 'transparent_union'))
      context.records.set(record.key, { ...record, transparent: true });
    const known = name && context.typedefs.get(name.text);
    if (known && areDifferent(context, known.type, type))
      context.warn(
        'conflicting-types',
        `the type \`${name.text}\` is defined again as another one; the first one counts`,
        name,
      );
    if (!name || known) continue;
    if (type.kind === 'typedef' && type.name === name.text) {
      context.error('declaration', `the type \`${name.text}\` is declared without a type`, name);
      continue;
    }
    const common = commonFacts(context, node, name, []);
    const declaration = { kind: 'typedef', ...common, type, ...(align === undefined ? {} : { align }) } as const;
    context.typedefs.set(name.text, declaration);
  }
}

/** `typedef struct { … } name;` names the record; behind a pointer it is what `name` points to. */
function typedefHint(context: ParseContext, declarator: SyntaxNode): string | undefined {
  let node: SyntaxNode | undefined = declarator;
  let suffix = '';
  while (node && node.children.length > 0) {
    if (node.type === 'pointer_declarator') suffix = '::target';
    node = node.children.find((c) => c.field === 'declarator') ?? node.children.at(-1);
  }
  return node && context.text(node) + suffix;
}

function readDeclaration(context: ParseContext, node: SyntaxNode): void {
  const words = node.children
    .filter((c) => c.type === 'storage_class_specifier' || c.type === 'function_specifier')
    .map((c) => context.text(c));
  const start = context.indexAt(node.start);
  const isDefinition = context.source.definitions.has(start);
  const declarators = declaratorsOf(node);
  const hint = declarators[0] ? typedefHint(context, declarators[0]) : undefined;
  const specified = specifierType(context, node, hint ? `${hint}::result` : anonymousName(context, node));
  for (const declarator of declarators) {
    const attributes = attributesOf(context, node, declarator);
    const base = attributedType(context, specified, attributes);
    const { type, name } = readDeclarator(context, declarator, base, hint ?? '');
    if (!name) continue;
    declareType(context, name, type);
    const resolved = functionBehind(context, type);
    const declaration = resolved
      ? functionDecl(context, node, name, resolved, attributes, words, isDefinition)
      : variableDecl(context, node, name, functionAttributes(context, type, attributes), attributes, words);
    if (!declaration) continue;
    if (declaration.kind === 'function') context.functions.push(declaration);
    else context.variables.push(declaration);
  }
}

/** Remembers the type of a name; a later declaration may complete it, and may not be of another type (C11 6.7p4). */
function declareType(context: ParseContext, name: Token, type: CType): void {
  const known = context.declared.get(name.text);
  const isOpen = known?.kind === 'array' && known.length === undefined;
  if (!known || isOpen || (known.kind === 'function' && known.unprototyped)) context.declared.set(name.text, type);
  if (known && areDifferent(context, known, type))
    context.warn(
      'conflicting-types',
      `\`${name.text}\` is declared again with another type; the first one counts`,
      name,
    );
}

/** A declaration through a typedef of a function type, `handler_t on_exit;`, declares a function too. */
function functionBehind(context: ParseContext, type: CType): FunctionType | undefined {
  let current: CType | undefined = type;
  while (current?.kind === 'typedef') current = context.typedefs.get(current.name)?.type;
  return current?.kind === 'function' ? current : undefined;
}

function functionDecl(
  context: ParseContext,
  node: SyntaxNode,
  name: Token,
  type: FunctionType,
  attributes: readonly Attribute[],
  words: readonly string[],
  isDefinition: boolean,
): FunctionDecl {
  const reason = notExported(words, isDefinition, attributes) ?? callingConvention(context, attributes);
  return {
    kind: 'function',
    ...commonFacts(context, node, name, attributes),
    type,
    ...symbolOf(attributes),
    ...documented(context, node, type),
    ...(attributes.some((a) => a.name === 'weak') ? { weak: true } : {}),
    ...(reason ? { unsupported: reason } : {}),
  };
}

/** What its comment says of its parameters. */
function documented(context: ParseContext, node: SyntaxNode, type: FunctionType): Pick<FunctionDecl, 'documented'> {
  const comment = type.parameters.length ? context.comment(node) : undefined;
  const said = comment && /param|@\w+:/.test(comment) ? documentedDirections(comment) : undefined;
  const own = Object.entries(said ?? {}).filter(([name]) => type.parameters.some((p) => p.name === name));
  return own.length ? { documented: Object.fromEntries(own) } : {};
}

function isHidden({ name, arguments: list }: Attribute): boolean {
  return name === 'visibility' && list.some(({ text }) => /^"(hidden|internal)"$/.test(text));
}

function notExported(
  words: readonly string[],
  isDefinition: boolean,
  attributes: readonly Attribute[],
): string | undefined {
  if (words.includes('inline')) return 'inline: its body is in the header and no library exports it';
  if (words.includes('static')) return 'static: no library exports it';
  if (isDefinition) return 'defined in the header: no library exports it';
  return attributes.some(isHidden) ? 'hidden: no library exports it' : undefined;
}

function variableDecl(
  context: ParseContext,
  node: SyntaxNode,
  name: Token,
  type: CType,
  attributes: readonly Attribute[],
  words: readonly string[],
): VariableDecl | undefined {
  if (words.includes('static')) {
    const origin = context.origins.at(name.file, name.offset);
    context.unsupported.push({ kind: 'variable', name: name.text, reason: 'static: no library exports it', origin });
    return undefined;
  }
  return {
    kind: 'variable',
    ...commonFacts(context, node, name, attributes),
    type,
    ...symbolOf(attributes),
    ...(attributes.some((a) => a.name === 'weak') ? { weak: true } : {}),
    ...(attributes.some(isHidden) ? { unsupported: 'hidden: no library exports it' } : {}),
  };
}

function symbolOf(attributes: readonly Attribute[]): { symbol?: string } {
  const label = attributes.find((a) => a.name === 'asm');
  if (!label) return {};
  const text = label.arguments
    .filter((t) => t.kind === 'string')
    .map((t) => t.text.replace(/^"|"$/g, ''))
    .join('');
  return text ? { symbol: text } : {};
}

function commonFacts(
  context: ParseContext,
  node: SyntaxNode,
  name: Token,
  attributes: readonly Attribute[],
): { name: string; origin: { header: string; line: number }; doc?: string; deprecated?: string } {
  const doc = context.doc(node);
  const deprecated = attributes.find((a) => a.name === 'deprecated');
  const text = deprecated?.arguments.map((t) => t.text.replace(/^"|"$/g, '')).join('');
  return {
    name: name.text,
    origin: context.origins.at(name.file, name.offset),
    ...(doc ? { doc } : {}),
    ...(deprecated ? { deprecated: text ?? '' } : {}),
  };
}
