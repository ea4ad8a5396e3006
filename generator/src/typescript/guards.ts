// In: a place in a driver's source. Out: what is known to be there when control comes to it: the conditions around it, and those before it
// that leave where they do not hold. Conditions are read as the checker narrows types (TypeScript Handbook, "Narrowing"), for what it
// cannot see: constants, `!`, and answers of inspect().

import type { Expression, Morph, Node } from './morph.ts';
import type { Guard } from './use.ts';

/** What one condition says; undefined where it is none about a library. */
export type Reading = (condition: Expression) => Guard | undefined;

export class Guards {
  readonly #morph: Morph;
  readonly #read: Reading;

  constructor(morph: Morph, read: Reading) {
    this.#morph = morph;
    this.#read = read;
  }

  /** Outermost first. */
  around(node: Node): readonly Guard[] {
    const found: Guard[][] = [];
    for (let [child, parent] = [node, node.getParent()]; parent; [child, parent] = [parent, parent.getParent()]) {
      found.unshift(this.#between(parent, child));
    }
    return found.flat();
  }

  /** What holds in `child` because of how it lies in `parent`. */
  #between(parent: Node, child: Node): Guard[] {
    const { Node: Kind, SyntaxKind } = this.#morph;
    if (Kind.isIfStatement(parent)) {
      if (child === parent.getThenStatement()) return this.#holds(parent.getExpression(), true);
      return child === parent.getElseStatement() ? this.#holds(parent.getExpression(), false) : [];
    }
    if (Kind.isConditionalExpression(parent)) {
      if (child === parent.getWhenTrue()) return this.#holds(parent.getCondition(), true);
      return child === parent.getWhenFalse() ? this.#holds(parent.getCondition(), false) : [];
    }
    if (Kind.isWhileStatement(parent)) {
      return child === parent.getStatement() ? this.#holds(parent.getExpression(), true) : [];
    }
    if (Kind.isBinaryExpression(parent) && child === parent.getRight()) {
      const operator = parent.getOperatorToken().getKind();
      if (operator === SyntaxKind.AmpersandAmpersandToken) return this.#holds(parent.getLeft(), true);
      return operator === SyntaxKind.BarBarToken ? this.#holds(parent.getLeft(), false) : [];
    }
    if (!Kind.isStatemented(parent) && !Kind.isBlock(parent)) return [];
    const before = parent.getStatements().filter((statement) => statement.getEnd() <= child.getPos());
    return before.flatMap((statement) => {
      if (!Kind.isIfStatement(statement) || !this.#leaves(statement.getThenStatement())) return [];
      return this.#holds(statement.getExpression(), false);
    });
  }

  /** Whether control never comes out at the end of a statement. */
  #leaves(statement: Node): boolean {
    const { Node: Kind } = this.#morph;
    if (Kind.isBlock(statement)) {
      const last = statement.getStatements().at(-1);
      return last !== undefined && this.#leaves(last);
    }
    return (
      Kind.isReturnStatement(statement) ||
      Kind.isThrowStatement(statement) ||
      Kind.isContinueStatement(statement) ||
      Kind.isBreakStatement(statement)
    );
  }

  /** What is there where a condition is true, or false. */
  #holds(condition: Expression, isTrue: boolean): Guard[] {
    const { Node: Kind, SyntaxKind } = this.#morph;
    if (Kind.isParenthesizedExpression(condition)) return this.#holds(condition.getExpression(), isTrue);
    if (Kind.isPrefixUnaryExpression(condition)) {
      if (condition.getOperatorToken() !== SyntaxKind.ExclamationToken) return [];
      return this.#holds(condition.getOperand() as Expression, !isTrue);
    }
    if (Kind.isBinaryExpression(condition)) {
      const operator = condition.getOperatorToken().getKind();
      const [left, right] = [condition.getLeft(), condition.getRight()];
      const joins = isTrue ? SyntaxKind.AmpersandAmpersandToken : SyntaxKind.BarBarToken;
      if (operator === joins) return [...this.#holds(left, isTrue), ...this.#holds(right, isTrue)];
      return this.#compared(operator, left, right, isTrue);
    }
    if (!isTrue) return [];
    const said = this.#read(condition);
    if (said) return [said];
    const value = this.#constantValue(condition);
    return value ? this.#holds(value, true) : [];
  }

  /** `x !== undefined`, `typeof x === 'function'`, `x === true`. */
  #compared(operator: number, left: Expression, right: Expression, isTrue: boolean): Guard[] {
    const { Node: Kind, SyntaxKind } = this.#morph;
    const isEqual = [SyntaxKind.EqualsEqualsToken, SyntaxKind.EqualsEqualsEqualsToken].includes(operator);
    const isUnequal = [SyntaxKind.ExclamationEqualsToken, SyntaxKind.ExclamationEqualsEqualsToken].includes(operator);
    if (!isEqual && !isUnequal) return [];
    const subject = Kind.isTypeOfExpression(left) ? left.getExpression() : left;
    const text = right.getText().replace(/['"]/g, '');
    const saysAbsent = text === 'undefined' || text === 'null' || text === 'false';
    const saysPresent = text === 'function' || text === 'true';
    if (!saysAbsent && !saysPresent) return [];
    return isEqual === (saysPresent === isTrue) ? this.#holds(subject as Expression, true) : [];
  }

  /** What a name stands for that is never assigned again: `const canZero = rbd.has('write_zeroes')`. */
  #constantValue(condition: Expression): Expression | undefined {
    const { Node: Kind, VariableDeclarationKind } = this.#morph;
    if (!Kind.isIdentifier(condition)) return undefined;
    const declaration = condition.getSymbol()?.getValueDeclaration();
    if (!Kind.isVariableDeclaration(declaration)) return undefined;
    const isConstant = declaration.getVariableStatement()?.getDeclarationKind() === VariableDeclarationKind.Const;
    return isConstant ? declaration.getInitializer() : undefined;
  }
}
