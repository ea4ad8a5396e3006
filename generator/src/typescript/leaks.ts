// In: a place in a source. Out: whether a table of functions, or a loaded library, goes from there where its type is lost, so that nobody
// can tell what is used of it; and the functions that a type of the source's own, which it goes to, has of it.

import type { Morph, ts } from './morph.ts';
import type { Tables } from './tables.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface Leak {
  readonly module: Vocabulary;
  /** Functions that the type has that it goes to. */
  readonly names: readonly string[];
  readonly isLost: boolean;
}

/** Members of a loaded library that are tables. */
const PARTS = ['fn', 'async', 'data'];

export class Leaks {
  readonly #checker: ts.TypeChecker;
  readonly #tables: Tables;
  readonly #ts: Morph['ts'];

  constructor(checker: ts.TypeChecker, tables: Tables, own: Morph['ts']) {
    this.#checker = checker;
    this.#tables = tables;
    this.#ts = own;
  }

  at(node: ts.Node): Leak | undefined {
    const { isIdentifier, isPropertyAccessExpression, isCallExpression, isParenthesizedExpression } = this.#ts;
    if (!isIdentifier(node) && !isPropertyAccessExpression(node) && !isCallExpression(node)) return undefined;
    let outer: ts.Expression = node;
    while (isParenthesizedExpression(outer.parent) || this.#ts.isNonNullExpression(outer.parent)) outer = outer.parent;
    const { parent } = outer;
    if (!parent || !this.#isHandedOn(outer, parent)) return undefined;
    const module = this.#tableIn(this.#checker.getTypeAtLocation(node));
    if (!module) return undefined;
    if (this.#ts.isSpreadAssignment(parent) || this.#ts.isForInStatement(parent)) return lost(module);
    const wanted = this.#wanted(outer, parent);
    return wanted && this.#judge(module, wanted, parent);
  }

  /** Whether an expression's value goes somewhere, and is not just asked for a member. */
  #isHandedOn(node: ts.Expression, parent: ts.Node): boolean {
    const is = this.#ts;
    if (is.isCallExpression(parent) || is.isNewExpression(parent)) return parent.expression !== node;
    if (is.isForInStatement(parent)) return parent.expression === node;
    if (is.isVariableDeclaration(parent)) return parent.initializer === node && parent.type !== undefined;
    if (is.isPropertyAssignment(parent)) return parent.initializer === node;
    if (is.isBinaryExpression(parent))
      return parent.right === node && parent.operatorToken.kind === is.SyntaxKind.EqualsToken;
    return (
      is.isAsExpression(parent) ||
      is.isTypeAssertionExpression(parent) ||
      is.isSpreadAssignment(parent) ||
      is.isShorthandPropertyAssignment(parent) ||
      is.isReturnStatement(parent) ||
      is.isArrowFunction(parent) ||
      (is.isPropertyDeclaration(parent) && parent.type !== undefined)
    );
  }

  /** The library, where a type is its table or that with all its tables. */
  #tableIn(type: ts.Type): Vocabulary | undefined {
    const plain = this.#checker.getNonNullableType(type);
    const owner = this.#tables.ownerOf(plain);
    if (owner) return owner.kind === 'functions' ? owner.module : undefined;
    const isLoaded = this.#partsOf(plain).some(({ symbol }) => symbol?.name === 'Loaded');
    return isLoaded ? this.#tables.libraryOf(plain) : undefined;
  }

  #partsOf(type: ts.Type): readonly ts.Type[] {
    return type.isUnionOrIntersection() ? type.types : [type];
  }

  /** The type of where it goes; undefined where it keeps its own. */
  #wanted(node: ts.Expression, parent: ts.Node): ts.Type | undefined {
    if (this.#ts.isAsExpression(parent) || this.#ts.isTypeAssertionExpression(parent)) {
      return this.#ts.isConstTypeReference(parent.type) ? undefined : this.#checker.getTypeFromTypeNode(parent.type);
    }
    return this.#checker.getContextualType(node);
  }

  #judge(module: Vocabulary, wanted: ts.Type, parent: ts.Node): Leak | undefined {
    const { Any, Unknown, NonPrimitive, TypeParameter } = this.#ts.TypeFlags;
    const isBlind = (wanted.flags & (Any | Unknown | NonPrimitive)) !== 0 || this.#isEmpty(wanted);
    if (isBlind) {
      // What other packages do with a table they do to all of them: they print and compare, and call none of its functions by name.
      return this.#isElsewhere(parent) && !this.#isReflection(parent) ? undefined : lost(module);
    }
    if (wanted.flags & TypeParameter || this.#tables.ownerOf(wanted)) return undefined;
    const loaded = this.#partsOf(this.#checker.getNonNullableType(wanted)).find(
      ({ symbol }) => symbol?.name === 'Loaded',
    );
    if (loaded) {
      const isBlindInside = this.#tables.argumentsOf(loaded).some(({ flags }) => (flags & Any) !== 0);
      return isBlindInside && !this.#isElsewhere(parent) ? lost(module) : undefined;
    }
    if (wanted.getStringIndexType()) return lost(module);
    return { module, names: this.#namesOf(wanted, module), isLost: false };
  }

  /** `{}`: whatever there is. */
  #isEmpty(type: ts.Type): boolean {
    const isObject = (type.flags & this.#ts.TypeFlags.Object) !== 0;
    return isObject && type.getProperties().length === 0 && !type.getStringIndexType();
  }

  /** The functions that a type of the source's own has. */
  #namesOf(type: ts.Type, module: Vocabulary): readonly string[] {
    return this.#checker.getPropertiesOfType(this.#checker.getNonNullableType(type)).flatMap((property) => {
      if (module.functions.has(property.name)) return [property.name];
      if (!PARTS.includes(property.name)) return [];
      const inner = this.#checker.getTypeOfSymbol(property);
      return this.#tables.ownerOf(inner) ? [] : this.#namesOf(inner, module);
    });
  }

  /** Whether this is a call of what is only declared. */
  #isElsewhere(node: ts.Node): boolean {
    if (!this.#ts.isCallExpression(node) && !this.#ts.isNewExpression(node)) return false;
    return this.#checker.getResolvedSignature(node)?.declaration?.getSourceFile().isDeclarationFile === true;
  }

  /** `Object.keys(rbd.fn)`. */
  #isReflection(node: ts.Node): boolean {
    return this.#ts.isCallExpression(node) && /^(?:Object|Reflect)\b/.test(node.expression.getText());
  }
}

function lost(module: Vocabulary): Leak {
  return { module, names: [], isLost: true };
}
