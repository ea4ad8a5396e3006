// In: places in sources. Out: where something that holds a table of a library (see cargo.ts) goes to where its type is lost, so that nobody
// can tell what is used of it; and the names that a type of the source's own, which it goes to, has of it.

import { Cargo, type Held, type Passage } from './cargo.ts';
import type { Morph, ts } from './morph.ts';
import type { Tables } from './tables.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface Leak {
  readonly at: ts.Node;
  readonly module: Vocabulary;
  /** What the type that it goes to has. */
  readonly names: readonly string[];
  readonly isLost: boolean;
}

/** What keeps nothing of what it is given: it compares. */
const COMPARING = new Set(['get', 'has', 'delete', 'includes', 'indexOf', 'lastIndexOf']);

export class Leaks {
  readonly #checker: ts.TypeChecker;
  readonly #tables: Tables;
  readonly #cargo: Cargo;
  readonly #ts: Morph['ts'];
  /** What goes to type parameters of the sources' own, and where. */
  readonly #given: { readonly at: ts.Node; readonly to: ts.Symbol; readonly held: ReadonlySet<Held> }[] = [];
  /** Type parameters of which a value goes where nobody can follow. */
  readonly #leaking = new Set<ts.Symbol>();
  #found: Leak[] = [];

  constructor(checker: ts.TypeChecker, tables: Tables, own: Morph['ts']) {
    this.#checker = checker;
    this.#tables = tables;
    this.#cargo = new Cargo(checker, tables, own);
    this.#ts = own;
  }

  at(node: ts.Node): readonly Leak[] {
    this.#found = [];
    this.#node(node);
    return this.#found;
  }

  /** What goes to type parameters that lose it, when all is read. */
  throughParameters(): readonly Leak[] {
    this.#found = [];
    for (let before = -1; before < this.#leaking.size; ) {
      before = this.#leaking.size;
      for (const { to, held } of this.#given) {
        if (!this.#leaking.has(to)) continue;
        for (const one of held) if (!isModule(one)) this.#leaking.add(one);
      }
    }
    for (const { at, to, held } of this.#given) if (this.#leaking.has(to)) this.#lose(at, held);
    return this.#found;
  }

  #node(node: ts.Node): void {
    const is = this.#ts;
    if (is.isVariableDeclaration(node) || is.isParameter(node) || is.isPropertyDeclaration(node))
      this.#declared(node.initializer, node.name, node.type !== undefined);
    else if (is.isBindingElement(node)) this.#declared(node.initializer, node.name, true);
    else if (is.isBinaryExpression(node)) this.#assigned(node);
    else if (is.isAsExpression(node) || is.isTypeAssertionExpression(node)) {
      if (!is.isConstTypeReference(node.type))
        this.#check(node.expression, this.#checker.getTypeFromTypeNode(node.type));
    } else if (is.isReturnStatement(node) || is.isYieldExpression(node)) this.#returned(node.expression);
    else if (is.isArrowFunction(node) && !is.isBlock(node.body)) this.#returned(node.body);
    else if (is.isCallExpression(node) || is.isNewExpression(node)) this.#call(node, node.arguments ?? []);
    else if (is.isTaggedTemplateExpression(node) && is.isTemplateExpression(node.template))
      for (const { expression } of node.template.templateSpans) this.#returned(expression);
    else if (is.isThrowStatement(node)) this.#lose(node.expression, this.#heldBy(node.expression));
    else if (is.isSpreadAssignment(node) || is.isForInStatement(node)) this.#copied(node.expression);
    else if (is.isForOfStatement(node) && !is.isVariableDeclarationList(node.initializer)) {
      const items = this.#typeOf(node.expression).getNumberIndexType();
      if (items) this.#passes(node.expression, items, this.#typeOf(node.initializer));
    } else if (is.isElementAccessExpression(node)) this.#picked(node);
    else if (is.isJsxSpreadAttribute(node)) this.#lose(node.expression, this.#heldBy(node.expression));
    else if (is.isJsxExpression(node) && node.expression) this.#returned(node.expression);
  }

  #typeOf(node: ts.Node): ts.Type {
    return this.#checker.getTypeAtLocation(node);
  }

  #heldBy(node: ts.Node): ReadonlySet<Held> {
    return this.#cargo.heldBy(this.#typeOf(node));
  }

  #declared(value: ts.Expression | undefined, name: ts.Node, isTyped: boolean): void {
    if (value && isTyped) this.#check(value, this.#typeOf(name));
  }

  #assigned({ left, right, operatorToken: { kind } }: ts.BinaryExpression): void {
    const { EqualsToken, QuestionQuestionEqualsToken, BarBarEqualsToken, AmpersandAmpersandEqualsToken } =
      this.#ts.SyntaxKind;
    const operators = [EqualsToken, QuestionQuestionEqualsToken, BarBarEqualsToken, AmpersandAmpersandEqualsToken];
    if (!operators.includes(kind as typeof EqualsToken)) return;
    if (this.#ts.isObjectLiteralExpression(left) || this.#ts.isArrayLiteralExpression(left))
      this.#taken(left, right, this.#typeOf(right));
    else if (!this.#isInferred(left)) this.#check(right, this.#typeOf(left));
  }

  /** `({ fn } = rbd)`: each part goes to a type of its own. */
  #taken(to: ts.ObjectLiteralExpression | ts.ArrayLiteralExpression, at: ts.Node, from: ts.Type): void {
    const is = this.#ts;
    const part = (target: ts.Expression, name: string, otherwise?: ts.Type): void => {
      const plain = is.isBinaryExpression(target) ? target.left : target;
      const property = this.#checker.getPropertyOfType(this.#checker.getNonNullableType(from), name);
      const type = property ? this.#checker.getTypeOfSymbol(property) : otherwise;
      if (!type) return;
      if (is.isObjectLiteralExpression(plain) || is.isArrayLiteralExpression(plain)) this.#taken(plain, at, type);
      else if (!this.#isInferred(plain)) this.#passes(at, type, this.#typeOf(plain));
    };
    if (is.isArrayLiteralExpression(to)) {
      for (const [index, element] of to.elements.entries())
        if (!is.isSpreadElement(element)) part(element, String(index), from.getNumberIndexType());
      return;
    }
    for (const property of to.properties) {
      if (is.isShorthandPropertyAssignment(property)) part(property.name, property.name.text);
      else if (is.isPropertyAssignment(property)) {
        const { name } = property;
        const key = is.isComputedPropertyName(name) ? name.expression : name;
        if (is.isIdentifier(key) && key === name) part(property.initializer, key.text);
        else for (const text of this.#tables.textsOf(this.#typeOf(key)) ?? []) part(property.initializer, text);
      }
    }
  }

  /** `let table;`: it has the type of what it is given. */
  #isInferred(node: ts.Expression): boolean {
    const declaration = this.#ts.isIdentifier(node)
      ? this.#checker.getSymbolAtLocation(node)?.valueDeclaration
      : undefined;
    if (!declaration || !this.#ts.isVariableDeclaration(declaration) || declaration.type) return false;
    const value = declaration.initializer;
    return (
      (!value && this.#ts.isVariableStatement(declaration.parent.parent)) ||
      (value !== undefined && this.#ts.isArrayLiteralExpression(value) && value.elements.length === 0)
    );
  }

  /** What goes where its context says of which type it is. */
  #returned(value: ts.Expression | undefined): void {
    const wanted = value && this.#checker.getContextualType(value);
    if (wanted) this.#check(value, wanted);
  }

  /** `{ ...rbd.fn }`, `for (const name in rbd.fn)`. */
  #copied(node: ts.Expression): void {
    const module = this.#cargo.atomOf(this.#typeOf(node));
    if (module) this.#lose(node, new Set([module]));
    else if (this.#ts.isForInStatement(node.parent)) this.#loseParameter(node);
  }

  /** `table[name]`, where the table is of any type that it is given. */
  #picked({ expression, argumentExpression }: ts.ElementAccessExpression): void {
    const index = this.#typeOf(argumentExpression);
    // A name of a type of its own is one that the caller writes.
    if (index.flags & this.#ts.TypeFlags.TypeParameter || this.#tables.textsOf(index)) return;
    this.#loseParameter(expression);
  }

  #loseParameter(node: ts.Expression): void {
    const type = this.#typeOf(node);
    if (type.flags & this.#ts.TypeFlags.TypeParameter) this.#lose(node, this.#cargo.heldBy(type));
  }

  #call(node: ts.CallExpression | ts.NewExpression, given: readonly ts.Expression[]): void {
    const signature = this.#checker.getResolvedSignature(node);
    const declaration = signature?.declaration;
    if (!signature || given.length === 0) return;
    const general =
      declaration && !this.#ts.isJSDocSignature(declaration)
        ? this.#checker.getSignatureFromDeclaration(declaration)
        : undefined;
    const isElsewhere = declaration?.getSourceFile().isDeclarationFile === true;
    for (const [index, argument] of given.entries()) {
      const isSpread = this.#ts.isSpreadElement(argument);
      const wanted = this.#parameter(signature, index, isSpread, node);
      const written = general && this.#parameter(general, index, isSpread, node);
      if (!wanted) continue;
      // What other packages do with a table they do to all of them: they print and compare, and call none of its functions by name.
      if (isElsewhere && (wanted === written || this.#keepsNothing(node, index)) && !this.#isReflection(node)) continue;
      const value = isSpread ? argument.expression : argument;
      this.#check(value, wanted);
      if (isElsewhere && this.#isReflection(node)) this.#reflected(node, value, index);
      if (!isElsewhere && written && written !== wanted) this.#generic(value, this.#typeOf(value), written);
    }
  }

  #parameter({ parameters }: ts.Signature, index: number, isSpread: boolean, at: ts.Node): ts.Type | undefined {
    const last = parameters.at(-1);
    const symbol = parameters[index] ?? last;
    if (!symbol) return undefined;
    const type = this.#checker.getTypeOfSymbolAtLocation(symbol, at);
    const declaration = symbol.valueDeclaration;
    const isRest = declaration && this.#ts.isParameter(declaration) && declaration.dotDotDotToken !== undefined;
    if (symbol === last && isRest && !isSpread) {
      const items = this.#checker.getPropertyOfType(type, String(index - parameters.length + 1));
      return (items && this.#checker.getTypeOfSymbol(items)) ?? type.getNumberIndexType() ?? type;
    }
    return parameters[index] || isRest ? type : undefined;
  }

  /** `seen.has(rbd)`; the keys of a WeakMap, which cannot be listed. */
  #keepsNothing(node: ts.CallExpression | ts.NewExpression, index: number): boolean {
    const { expression } = node;
    if (!this.#ts.isPropertyAccessExpression(expression)) return false;
    if (COMPARING.has(expression.name.text)) return true;
    if (index === 0 && /^(?:bind|call|apply)$/.test(expression.name.text)) return true;
    return index === 0 && /^Weak(?:Map|Set)$/.test(this.#typeOf(expression.expression).symbol?.name ?? '');
  }

  /** `Object.keys(rbd.fn)`. */
  #isReflection(node: ts.CallExpression | ts.NewExpression): boolean {
    return this.#ts.isCallExpression(node) && /^(?:Object|Reflect)\b/.test(node.expression.getText());
  }

  /** `Reflect.get(rbd.fn, name)`, `Object.assign(anything, { rbd })`. */
  #reflected(
    { expression, arguments: given }: ts.CallExpression | ts.NewExpression,
    value: ts.Expression,
    index: number,
  ): void {
    const name = expression.getText();
    const first = given?.[0];
    if (name.startsWith('Reflect')) this.#copied(value);
    else if (name === 'Object.assign' && index > 0 && first && !this.#ts.isObjectLiteralExpression(first))
      this.#check(value, this.#typeOf(first));
  }

  /** An expression goes where `to` is known of it: the part of it that does not fit. */
  #check(node: ts.Expression, to: ts.Type): void {
    const is = this.#ts;
    if (is.isParenthesizedExpression(node) || is.isNonNullExpression(node) || is.isSatisfiesExpression(node)) {
      this.#check(node.expression, to);
    } else if (is.isConditionalExpression(node)) {
      this.#check(node.whenTrue, to);
      this.#check(node.whenFalse, to);
    } else if (is.isBinaryExpression(node) && this.#isChoice(node)) {
      const { QuestionQuestionToken, BarBarToken } = is.SyntaxKind;
      if ([QuestionQuestionToken, BarBarToken].some((one) => one === node.operatorToken.kind))
        this.#check(node.left, to);
      this.#check(node.right, to);
    } else if (is.isObjectLiteralExpression(node)) this.#object(node, to);
    else if (is.isArrayLiteralExpression(node)) this.#list(node, to);
    else if ((is.isArrowFunction(node) || is.isFunctionExpression(node)) && !this.#cargo.isBlind(to))
      this.#function(node, to);
    else this.#passes(node, this.#typeOf(node), to);
  }

  #isChoice({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
    const { QuestionQuestionToken, BarBarToken, AmpersandAmpersandToken, CommaToken } = this.#ts.SyntaxKind;
    return [QuestionQuestionToken, BarBarToken, AmpersandAmpersandToken, CommaToken].some((one) => one === kind);
  }

  #object(node: ts.ObjectLiteralExpression, to: ts.Type): void {
    const is = this.#ts;
    for (const property of node.properties) {
      if (is.isSpreadAssignment(property)) {
        // A copy of a table is an error in itself.
        if (!this.#cargo.atomOf(this.#typeOf(property.expression))) this.#check(property.expression, to);
        continue;
      }
      const value = is.isPropertyAssignment(property) ? property.initializer : property.name;
      const wanted = this.#cargo.isBlind(to) ? to : this.#member(to, property.name);
      if (!wanted) continue;
      if (is.isPropertyAssignment(property)) this.#check(property.initializer, wanted);
      else if (is.isShorthandPropertyAssignment(property)) {
        const symbol = this.#checker.getShorthandAssignmentValueSymbol(property);
        if (symbol) this.#passes(value, this.#checker.getTypeOfSymbolAtLocation(symbol, value), wanted);
      } else if (is.isMethodDeclaration(property) && !this.#cargo.isBlind(wanted)) this.#function(property, wanted);
      else this.#passes(value, this.#typeOf(value), wanted);
    }
  }

  #member(type: ts.Type, name: ts.PropertyName): ts.Type | undefined {
    const text = this.#ts.isComputedPropertyName(name)
      ? [...(this.#tables.textsOf(this.#typeOf(name.expression)) ?? [])][0]
      : name.text;
    // Of a choice of types, the one that shows it.
    const parts = this.#checker.getNonNullableType(type);
    const types = (parts.isUnion() ? parts.types : [parts]).flatMap((one) => {
      const property = text === undefined ? undefined : this.#checker.getPropertyOfType(one, text);
      const found = property ? this.#checker.getTypeOfSymbol(property) : one.getStringIndexType();
      return found ? [found] : [];
    });
    return types.find((one) => !this.#cargo.isBlind(one)) ?? types[0];
  }

  #list(node: ts.ArrayLiteralExpression, to: ts.Type): void {
    for (const element of node.elements) {
      if (this.#ts.isSpreadElement(element)) this.#check(element.expression, to);
      else {
        const wanted = this.#cargo.isBlind(to) ? to : this.#checker.getContextualType(element);
        const items = wanted ?? to.getNumberIndexType();
        if (items) this.#check(element, items);
      }
    }
  }

  /** What it gives is looked at where it gives it. */
  #function(node: ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration, to: ts.Type): void {
    const [wanted] = this.#checker.getNonNullableType(to).getCallSignatures().slice(-1);
    for (const [index, parameter] of node.parameters.entries()) {
      const given = wanted && this.#parameter(wanted, index, parameter.dotDotDotToken !== undefined, node);
      if (given && parameter.type) this.#passes(parameter.name, given, this.#typeOf(parameter));
    }
    if (node.type && wanted) this.#passes(node, this.#typeOf(node.type), wanted.getReturnType());
  }

  #passes(at: ts.Node, from: ts.Type, to: ts.Type): void {
    const passage = this.#cargo.pass(from, to);
    this.#lose(at, passage.lost);
    for (const [module, names] of passage.named) this.#found.push({ at, module, names: [...names], isLost: false });
    this.#give(at, passage);
  }

  /** The same of a parameter as it is written, for what its type parameters are given. */
  #generic(at: ts.Node, from: ts.Type, to: ts.Type): void {
    this.#give(at, this.#cargo.pass(from, to));
  }

  #give(at: ts.Node, { given }: Passage): void {
    for (const [to, held] of given) this.#given.push({ at, to, held });
  }

  #lose(at: ts.Node, held: ReadonlySet<Held>): void {
    for (const one of held) {
      if (isModule(one)) this.#found.push({ at, module: one, names: [], isLost: true });
      else this.#leaking.add(one);
    }
  }
}

function isModule(held: Held): held is Vocabulary {
  return 'library' in held;
}
