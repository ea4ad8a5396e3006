// In: an expression of a module. Out: the plain data that it says, with the place of each part: literals, lists, objects, and constants that are
// such, of this or of imported modules. Anything else is reported at its place; nothing is executed.

import type { Place } from '../diagnostics.ts';
import type { Module, Modules } from './modules.ts';
import type { Morph, ts } from './morph.ts';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** A value with its place. */
export interface Datum {
  /** Undefined for what is `undefined`, and for what could not be read, which is reported already. */
  readonly value: Json | undefined;
  readonly place: Place;
  /** Of an object, by name. */
  readonly members?: ReadonlyMap<string, Member>;
  /** Of a list. */
  readonly items?: readonly Datum[];
  /** It, or a part of it, could not be read. */
  readonly isUnreadable?: true;
}

export interface Member extends Datum {
  /** Where its name stands. */
  readonly namePlace: Place;
}

/** What is not plain data, in words, at its place. */
export type Refuse = (place: Place, message: string) => void;

export class PlainReader {
  readonly #modules: Modules;
  readonly #ts: Morph['ts'];
  readonly #refuse: Refuse;
  /** Constants that are being read. */
  readonly #open = new Set<ts.Node>();
  /** How deep the reader is, and how many values it has seen of the whole. */
  #depth = 0;
  #count = 0;

  constructor(modules: Modules, refuse: Refuse) {
    this.#modules = modules;
    this.#ts = modules.morph.ts;
    this.#refuse = refuse;
  }

  /** `path`: what it is, for messages: `options.timeout.default`. */
  read(expression: ts.Expression, module: Module, path: string): Datum {
    if (this.#depth === 0) this.#count = 0;
    this.#count++;
    // What is beyond the limits is said once.
    if (this.#count > MOST || this.#depth >= DEEPEST) {
      const place = module.placeOf(expression);
      if (this.#count > MOST + 1) return { value: undefined, place, isUnreadable: true };
      if (this.#count <= MOST) return this.#unreadable(place, path, `it nests deeper than ${DEEPEST} levels`);
      return this.#unreadable(place, path, `with what stands before, it is more than ${MOST} values`);
    }
    this.#depth++;
    try {
      return this.#readHere(expression, module, path);
    } finally {
      this.#depth--;
    }
  }

  #readHere(expression: ts.Expression, module: Module, path: string): Datum {
    const ts = this.#ts;
    const node = bare(expression, ts);
    const place = module.placeOf(node);
    const literal = literalOf(node, ts);
    if (literal) return { ...literal, place };
    if (ts.isArrayLiteralExpression(node)) return this.#list(node, module, path);
    if (ts.isObjectLiteralExpression(node)) return this.#object(node, module, path);
    if (ts.isIdentifier(node)) return this.#constant(node, module, path);
    if (ts.isPropertyAccessExpression(node)) return this.#member(node, module, path);
    return this.#unreadable(place, path, wordsFor(node, ts));
  }

  #unreadable(place: Place, path: string, why: string): Datum {
    this.#refuse(place, `${path} is not plain data: ${why}`);
    return { value: undefined, place, isUnreadable: true };
  }

  #list(node: ts.ArrayLiteralExpression, module: Module, path: string): Datum {
    const ts = this.#ts;
    const items = node.elements.flatMap((element, at): Datum[] => {
      if (ts.isOmittedExpression(element))
        return [this.#unreadable(module.placeOf(node), path, 'a list with a hole in it')];
      if (!ts.isSpreadElement(element)) return [this.read(element, module, `${path}[${at}]`)];
      const spread = this.read(element.expression, module, path);
      if (spread.items || spread.isUnreadable) return [...(spread.items ?? [spread])];
      return [this.#unreadable(module.placeOf(element), path, 'what is spread here is no list')];
    });
    return {
      value: items.map(({ value }) => value ?? null),
      items,
      place: module.placeOf(node),
      ...unreadable(items),
    };
  }

  #object(node: ts.ObjectLiteralExpression, module: Module, path: string): Datum {
    const ts = this.#ts;
    const members = new Map<string, Member>();
    const strays: Datum[] = [];
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) {
        const spread = this.read(property.expression, module, path);
        for (const [name, member] of spread.members ?? []) members.set(name, member);
        if (!spread.members)
          strays.push(
            spread.isUnreadable
              ? spread
              : this.#unreadable(module.placeOf(property), path, 'what is spread here is no object'),
          );
        continue;
      }
      const name = property.name && nameOf(property.name, ts);
      const place = module.placeOf(property.name ?? property);
      if (name === undefined) strays.push(this.#unreadable(place, path, 'a computed name'));
      else if (name === '__proto__') strays.push(this.#unreadable(place, path, 'a prototype'));
      else {
        const inner = path === DESCRIPTOR ? name : `${path}.${name}`;
        const value = ts.isPropertyAssignment(property)
          ? this.read(property.initializer, module, inner)
          : ts.isShorthandPropertyAssignment(property)
            ? this.#constant(property.name, module, inner)
            : this.#unreadable(place, inner, `a function${EXECUTED}`);
        members.set(name, { ...value, namePlace: place });
      }
    }
    const said = [...members].filter(([, { value }]) => value !== undefined) as [string, Member & { value: Json }][];
    return {
      value: Object.fromEntries(said.map(([name, { value }]) => [name, value])),
      members,
      place: module.placeOf(node),
      ...unreadable([...members.values(), ...strays]),
    };
  }

  /** A name: `TIMEOUT`. */
  #constant(node: ts.Identifier, module: Module, path: string): Datum {
    const place = module.placeOf(node);
    const found = this.#modules.find(module, node.text);
    if (!found) {
      if (node.text === 'undefined') return { value: undefined, place };
      return this.#unreadable(place, path, `nothing here says what ${node.text} is`);
    }
    const { declared } = found;
    if (declared.kind === 'import') {
      const what = declared.name === '*' ? 'a module' : `it is not found in '${declared.from}'`;
      return this.#unreadable(place, path, `${node.text}: ${what}`);
    }
    if (declared.kind === 'other') return this.#unreadable(place, path, `${node.text}, ${declared.what}`);
    if (this.#open.has(declared.node)) return this.#unreadable(place, path, `${node.text} is made of itself`);
    this.#open.add(declared.node);
    try {
      return this.read(declared.value, found.module, path);
    } finally {
      this.#open.delete(declared.node);
    }
  }

  /** A member of a constant, or of a module: `SIZES.block`. */
  #member(node: ts.PropertyAccessExpression, module: Module, path: string): Datum {
    const ts = this.#ts;
    const place = module.placeOf(node);
    const owner = bare(node.expression, ts);
    if (!ts.isIdentifier(owner) && !ts.isPropertyAccessExpression(owner))
      return this.#unreadable(place, path, wordsFor(owner, ts));
    const namespace = ts.isIdentifier(owner) ? module.names.get(owner.text) : undefined;
    if (namespace?.kind === 'import' && namespace.name === '*') {
      const found = this.#modules.findFrom(namespace.from, module, node.name.text);
      if (found?.declared.kind === 'constant') return this.read(found.declared.value, found.module, path);
      return this.#unreadable(place, path, `it is not found in '${namespace.from}'`);
    }
    const data = this.read(owner, module, path);
    if (data.isUnreadable) return data;
    const member = data.members?.get(node.name.text);
    return member ?? this.#unreadable(place, path, `there is no such member`);
  }
}

/** Constants within constants are soon more than any memory holds. */
const MOST = 10_000;
const DEEPEST = 100;

/** How the whole is called in messages; its members go by their names alone. */
export const DESCRIPTOR = 'the descriptor';
const EXECUTED = '; nothing is executed';

function unreadable(parts: readonly Datum[]): { readonly isUnreadable?: true } {
  return parts.some((part) => part.isUnreadable) ? { isUnreadable: true } : {};
}

/** Without parentheses and what only types see. */
export function bare(node: ts.Expression, ts: Morph['ts']): ts.Expression {
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node)
  )
    return bare(node.expression, ts);
  return node;
}

/** `!0` and `void 0` are how minifiers write true and undefined. */
function literalOf(node: ts.Expression, ts: Morph['ts']): { readonly value: Json | undefined } | undefined {
  const { SyntaxKind } = ts;
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return { value: node.text };
  if (ts.isNumericLiteral(node)) return { value: Number(node.text) };
  if (node.kind === SyntaxKind.TrueKeyword) return { value: true };
  if (node.kind === SyntaxKind.FalseKeyword) return { value: false };
  if (node.kind === SyntaxKind.NullKeyword) return { value: null };
  if (ts.isVoidExpression(node) && ts.isNumericLiteral(node.expression)) return { value: undefined };
  if (!ts.isPrefixUnaryExpression(node) || !ts.isNumericLiteral(node.operand)) return undefined;
  const number = Number(node.operand.text);
  if (node.operator === SyntaxKind.MinusToken) return { value: -number };
  if (node.operator === SyntaxKind.PlusToken) return { value: number };
  return node.operator === SyntaxKind.ExclamationToken ? { value: number === 0 } : undefined;
}

/** The name of a member, where it stands there. */
export function nameOf(node: ts.PropertyName, ts: Morph['ts']): string | undefined {
  if (ts.isIdentifier(node) || ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isNumericLiteral(node)) return String(Number(node.text));
  if (!ts.isComputedPropertyName(node)) return undefined;
  const literal = literalOf(bare(node.expression, ts), ts);
  return typeof literal?.value === 'string' ? literal.value : undefined;
}

function wordsFor(node: ts.Expression, ts: Morph['ts']): string {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return `a call${EXECUTED}`;
  if (ts.isTaggedTemplateExpression(node)) return `a call${EXECUTED}`;
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return `a function${EXECUTED}`;
  if (ts.isTemplateExpression(node)) return `text that is put together${EXECUTED}`;
  if (ts.isBinaryExpression(node) || ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return `it has to be computed${EXECUTED}`;
  if (ts.isConditionalExpression(node)) return `a choice${EXECUTED}`;
  if (ts.isAwaitExpression(node)) return `something to wait for${EXECUTED}`;
  if (ts.isRegularExpressionLiteral(node)) return 'a regular expression, which JSON does not have';
  if (ts.isBigIntLiteral(node)) return 'a bigint, which JSON does not have';
  if (ts.isClassExpression(node)) return 'a class';
  return `${ts.SyntaxKind[node.kind]}${EXECUTED}`;
}
