// In: an expression that is plain data, or whose type says which: options, a driver's descriptor. Out: the names in a list of it, each with
// its place.

import type { Morph, ts } from './morph.ts';

/** What stands at one place of a list. */
export interface Named {
  /** Undefined where only a running program knows. */
  readonly texts: readonly string[] | undefined;
  readonly at: ts.Node;
}

/** The list behind a path of properties; nothing where there is none. */
export function namesIn(
  node: ts.Expression,
  path: readonly string[],
  checker: ts.TypeChecker,
  own: Morph['ts'],
): readonly Named[] {
  return new Data(checker, own).names(node, path);
}

class Data {
  readonly #checker: ts.TypeChecker;
  readonly #ts: Morph['ts'];

  constructor(checker: ts.TypeChecker, own: Morph['ts']) {
    this.#checker = checker;
    this.#ts = own;
  }

  names(node: ts.Expression, path: readonly string[]): readonly Named[] {
    const data = this.#behind(node);
    const [key, ...rest] = path;
    if (key === undefined) return this.#list(data);
    if (!this.#ts.isObjectLiteralExpression(data)) return this.#typed(data, path);
    // As in JavaScript, the last one counts.
    for (const property of [...data.properties].reverse()) {
      if (this.#ts.isSpreadAssignment(property)) {
        const found = this.names(property.expression, path);
        if (found.length) return found;
        continue;
      }
      if (this.#textOf(property.name) !== key) continue;
      if (this.#ts.isPropertyAssignment(property)) return this.names(property.initializer, rest);
      if (this.#ts.isShorthandPropertyAssignment(property)) return this.names(property.name, rest);
      return [{ texts: undefined, at: property }];
    }
    return [];
  }

  /** What a constant stands for, without what TypeScript adds to it. */
  #behind(node: ts.Expression): ts.Expression {
    const { isAsExpression, isSatisfiesExpression, isParenthesizedExpression, isIdentifier } = this.#ts;
    if (isAsExpression(node) || isSatisfiesExpression(node) || isParenthesizedExpression(node))
      return this.#behind(node.expression);
    if (!isIdentifier(node)) return node;
    const shorthand = this.#ts.isShorthandPropertyAssignment(node.parent)
      ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
      : this.#checker.getSymbolAtLocation(node);
    const symbol =
      shorthand && shorthand.flags & this.#ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(shorthand) : shorthand;
    const declaration = symbol?.valueDeclaration;
    const isConstant =
      declaration &&
      this.#ts.isVariableDeclaration(declaration) &&
      (this.#ts.getCombinedNodeFlags(declaration) & this.#ts.NodeFlags.Const) !== 0;
    // A list that can grow is no plain data.
    const isOpen = isConstant && declaration.type !== undefined && this.#ts.isArrayTypeNode(declaration.type);
    return isConstant && !isOpen && declaration.initializer ? this.#behind(declaration.initializer) : node;
  }

  #list(node: ts.Expression): readonly Named[] {
    if (!this.#ts.isArrayLiteralExpression(node)) return this.#typed(node, []);
    return node.elements.flatMap((element): readonly Named[] => {
      if (this.#ts.isSpreadElement(element)) return this.#list(this.#behind(element.expression));
      const data = this.#behind(element);
      if (this.#ts.isStringLiteralLike(data)) return [{ texts: [data.text], at: element }];
      return [{ texts: this.#textsOf(this.#checker.getTypeAtLocation(element)), at: element }];
    });
  }

  /** What the type of something else says: of a list that is computed, of one that a parameter is. */
  #typed(node: ts.Expression, path: readonly string[]): readonly Named[] {
    let type: ts.Type | undefined = this.#checker.getTypeAtLocation(node);
    for (const name of path) {
      const symbol: ts.Symbol | undefined = this.#checker.getPropertyOfType(
        this.#checker.getNonNullableType(type),
        name,
      );
      type = symbol && this.#checker.getTypeOfSymbolAtLocation(symbol, node);
      if (!type) return [];
    }
    const list = this.#checker.getNonNullableType(type);
    if (list.flags & this.#ts.TypeFlags.Never) return [];
    const element = list.getNumberIndexType();
    if (element && element.flags & this.#ts.TypeFlags.Never) return [];
    return [{ texts: element && this.#textsOf(element), at: node }];
  }

  #textsOf(type: ts.Type): readonly string[] | undefined {
    const texts: string[] = [];
    for (const one of type.isUnion() ? type.types : [type]) {
      if (!one.isStringLiteral()) return undefined;
      texts.push(one.value);
    }
    return texts;
  }

  #textOf(name: ts.PropertyName | undefined): string | undefined {
    return name && (this.#ts.isIdentifier(name) || this.#ts.isStringLiteralLike(name)) ? name.text : undefined;
  }
}
