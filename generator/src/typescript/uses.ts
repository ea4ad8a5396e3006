// In: a driver's TypeScript sources. Out: every place where they use something of a shim, in which form, and what stands before it.

import { Guards } from './guards.ts';
import type {
  BindingElement,
  CallExpression,
  Expression,
  Identifier,
  Morph,
  Node,
  Project,
  SourceFile,
  Type,
} from './morph.ts';
import { type ShimModule, shimModule, shimsOf } from './shims.ts';
import { bySource, followed, sourceFinder } from './sources.ts';
import type { Form, Guard, ShimUse, Use, UseKind } from './use.ts';

/** What a name is of which shim. */
interface Meaning {
  readonly shim: ShimModule;
  readonly kind: UseKind;
  readonly name: string;
}

/** The shims that the files use, and what stands in the sources of their packages, by their libraries' names. */
export function usesOf(project: Project, files: readonly SourceFile[], morph: Morph): readonly ShimUse[] {
  const sourceOf = sourceFinder(morph);
  const { sources, unseen } = followed(project, files, (source) => shimModule(source, morph) !== undefined, sourceOf);
  const shims = shimsOf(project, morph);
  const reader = new Reader(bySource(shims, sourceOf), morph);
  for (const file of [...files, ...sources]) reader.read(file);
  return shims
    .map((shim) => {
      const specifier = reader.specifiers.get(shim) ?? shim.file;
      const { library, file: module, features } = shim;
      return {
        library,
        module,
        specifier,
        features,
        uses: reader.uses.get(shim) ?? [],
        unseen: unseen.get(module) ?? [],
      };
    })
    .filter(({ uses }) => uses.length > 0)
    .sort((a, b) => (a.library < b.library ? -1 : 1));
}

/** Methods of a loaded library that take a function by its name. */
const BY_NAME = new Set(['callback', 'addressOf']);

class Reader {
  readonly uses = new Map<ShimModule, Use[]>();
  readonly specifiers = new Map<ShimModule, string>();
  readonly #shims: ReadonlyMap<string, ShimModule>;
  readonly #morph: Morph;
  readonly #guards: Guards;

  constructor(shims: ReadonlyMap<string, ShimModule>, morph: Morph) {
    this.#shims = shims;
    this.#morph = morph;
    this.#guards = new Guards(morph, (condition) => this.#guardOf(condition));
  }

  read(file: SourceFile): void {
    const { Node: Kind } = this.#morph;
    for (const declaration of file.getImportDeclarations()) {
      const module = declaration.getModuleSpecifierSourceFile();
      const shim = this.#shims.get(module?.getFilePath() ?? '');
      if (shim && !this.specifiers.has(shim)) this.specifiers.set(shim, declaration.getModuleSpecifierValue());
    }
    file.forEachDescendant((node) => {
      if (Kind.isCallExpression(node)) this.#call(node);
      else if (Kind.isPropertyAccessExpression(node)) this.#access(node, node.getNameNode(), node.getName());
      else if (Kind.isElementAccessExpression(node)) {
        const argument = node.getArgumentExpression();
        for (const name of argument ? literals(argument.getType()) : []) this.#access(node, argument!, name);
      } else if (Kind.isBindingElement(node)) this.#binding(node);
      else if (Kind.isIdentifier(node)) this.#constant(node);
      else if (Kind.isVariableDeclaration(node) || Kind.isAsExpression(node)) this.#untyped(node);
    });
  }

  #add({ shim, kind, name }: Meaning, form: Form, at: Node): void {
    const { line, column } = at.getSourceFile().getLineAndColumnAtPos(at.getStart());
    const place = { file: at.getSourceFile().getFilePath(), line, column };
    const list = this.uses.get(shim) ?? [];
    if (list.length === 0) this.uses.set(shim, list);
    list.push({ kind, name, form, guards: this.#guards.around(at), place });
  }

  /** `rbd.fn.rbd_open`, `task.status`, `inspect().features.writesame`. */
  #access(node: Expression, nameNode: Node, name: string): void {
    const meaning = this.#meaning(nameNode, name) ?? this.#member(node, name) ?? this.#castAway(node, name);
    if (!meaning) return;
    if (meaning.kind === 'feature') {
      this.#add(meaning, 'plain', nameNode);
      return;
    }
    if (meaning.kind === 'constant') return; // Its identifier is met by itself.
    const isCast = meaning.kind === 'weak' && this.#isCast(node);
    if (isCast) {
      this.#add(meaning, isCast, nameNode);
      return;
    }
    this.#value(meaning, node, nameNode);
  }

  /** A value that may be undefined is followed into the name that it gets. */
  #value(meaning: Meaning, node: Node, at: Node): void {
    const { Node: Kind } = this.#morph;
    if (!mayBeUndefined(node.getType())) {
      this.#add(meaning, this.#isWritten(node) ? 'write' : 'plain', at);
      return;
    }
    const declaration = outside(node, this.#morph).getParent();
    if (Kind.isVariableDeclaration(declaration)) {
      const name = declaration.getNameNode();
      if (Kind.isIdentifier(name)) {
        this.#references(meaning, name, at);
        return;
      }
    }
    this.#add(meaning, this.#formOf(node), at);
  }

  #references(meaning: Meaning, name: Identifier, at: Node): void {
    this.#add(meaning, 'check', at);
    for (const reference of name.findReferencesAsNodes()) {
      if (reference === name || !mayBeUndefined(reference.getType())) continue;
      const form = this.#formOf(reference);
      if (form !== 'check' && form !== 'optional') this.#add(meaning, form, reference);
    }
  }

  /** `const { rbd_open } = rbd.fn`. */
  #binding(node: BindingElement): void {
    const { Node: Kind } = this.#morph;
    const property = node.getPropertyNameNode() ?? node.getNameNode();
    const name = property.getText().replace(/['"]/g, '');
    const source = node.getParent().getParent();
    const from = Kind.isVariableDeclaration(source) ? source.getInitializer()?.getType() : undefined;
    const symbol = (from ?? node.getParent().getType()).getProperty(name);
    const meaning = symbol && this.#declared(symbol.getDeclarations(), name);
    if (!meaning || meaning.kind === 'constant') return;
    const variable = node.getNameNode();
    if (Kind.isIdentifier(variable) && mayBeUndefined(variable.getType()))
      this.#references(meaning, variable, property);
    else this.#add(meaning, 'plain', property);
  }

  /** How a value that may be undefined is taken. */
  #formOf(node: Node): Form {
    const { Node: Kind } = this.#morph;
    const inner = outside(node, this.#morph);
    const parent = inner.getParent();
    if (Kind.isNonNullExpression(parent)) return 'assertion';
    if (Kind.isAsExpression(parent) || Kind.isTypeAssertion(parent)) return 'cast';
    if (Kind.isCallExpression(parent) && parent.getExpression() === inner) {
      return parent.hasQuestionDotToken() ? 'optional' : 'call';
    }
    if (Kind.isPropertyAccessExpression(parent) || Kind.isElementAccessExpression(parent)) {
      if (parent.getExpression() === inner) return parent.hasQuestionDotToken() ? 'optional' : 'call';
    }
    return this.#isWritten(node) ? 'write' : 'check';
  }

  #isWritten(node: Node): boolean {
    const { Node: Kind, SyntaxKind } = this.#morph;
    const parent = node.getParent();
    if (!Kind.isBinaryExpression(parent) || parent.getLeft() !== node) return false;
    const kind = parent.getOperatorToken().getKind();
    return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
  }

  /** `(rbd.fn as Everything).rbd_foo`: what the types say of it is what the driver says. */
  #isCast(node: Expression): Form | undefined {
    const { Node: Kind } = this.#morph;
    for (let part: Node = node; ; ) {
      if (Kind.isPropertyAccessExpression(part) || Kind.isElementAccessExpression(part)) part = part.getExpression();
      else if (Kind.isParenthesizedExpression(part) || Kind.isNonNullExpression(part)) part = part.getExpression();
      else return Kind.isAsExpression(part) || Kind.isTypeAssertion(part) ? 'cast' : undefined;
    }
  }

  /** `rbd.fn[name]`, where the type of the name says which ones it may be. */
  #member(node: Expression, name: string): Meaning | undefined {
    if (!this.#morph.Node.isElementAccessExpression(node)) return undefined;
    const symbol = node.getExpression().getType().getProperty(name);
    return symbol && this.#declared(symbol.getDeclarations(), name);
  }

  /** `(rbd.fn as any).rbd_foo`: a name of the table behind a cast that has lost it. */
  #castAway(node: Expression, name: string): Meaning | undefined {
    const { Node: Kind } = this.#morph;
    if (!Kind.isPropertyAccessExpression(node) && !Kind.isElementAccessExpression(node)) return undefined;
    let part: Node = node.getExpression();
    for (;;) {
      if (Kind.isParenthesizedExpression(part)) part = part.getExpression();
      else if (Kind.isAsExpression(part) || Kind.isTypeAssertion(part)) part = part.getExpression();
      else break;
    }
    const symbol = part === node.getExpression() ? undefined : part.getType().getProperty(name);
    return symbol && this.#declared(symbol.getDeclarations(), name);
  }

  /** A table, or a loaded library, that is kept as any: nobody can tell what is called through it. */
  #untyped(node: Node): void {
    const { Node: Kind } = this.#morph;
    const from = Kind.isVariableDeclaration(node)
      ? node.getTypeNode() && node.getInitializer()
      : Kind.isAsExpression(node)
        ? node.getExpression()
        : undefined;
    if (!from || !node.getType().isAny()) return;
    const parent = outside(node, this.#morph).getParent();
    const isNamed = Kind.isPropertyAccessExpression(parent) || Kind.isElementAccessExpression(parent);
    if (Kind.isAsExpression(node) && isNamed && this.#castAway(parent, nameIn(parent))) return;
    const shim = this.#shimOf(from.getType());
    if (shim) this.#add({ shim, kind: 'table', name: from.getText().replace(/\s+/g, ' ') }, 'any', node);
  }

  /** `ENUMERATOR`, by whatever name it was imported. */
  #constant(node: Identifier): void {
    const { Node: Kind } = this.#morph;
    const parent = node.getParent();
    if (Kind.isImportSpecifier(parent) || Kind.isExportSpecifier(parent)) return;
    if (Kind.isPropertyAccessExpression(parent) && parent.getNameNode() === node) {
      const imported = parent.getExpression().getSymbol();
      if (!imported?.getDeclarations().some(Kind.isNamespaceImport)) return;
    }
    const symbol = node.getSymbol();
    const origin = symbol?.isAlias() ? symbol.getAliasedSymbol() : symbol;
    const [declaration] = origin?.getDeclarations() ?? [];
    if (!Kind.isVariableDeclaration(declaration)) return;
    const shim = this.#shims.get(declaration.getSourceFile().getFilePath());
    if (!shim?.constants.has(declaration.getName())) return;
    this.#add(
      { shim, kind: 'constant', name: declaration.getName() },
      this.#isCompared(node) ? 'check' : 'plain',
      node,
    );
  }

  /** `mode === ERAS_APPEND`, `case ERAS_APPEND:`: where C does not know a value, it gives none that is equal. */
  #isCompared(node: Node): boolean {
    const { Node: Kind, SyntaxKind } = this.#morph;
    let outer = node;
    if (Kind.isPropertyAccessExpression(outer.getParent())) outer = outer.getParentOrThrow();
    const inner = outside(outer, this.#morph);
    const parent = inner.getParent();
    if (Kind.isCaseClause(parent)) return parent.getExpression() === inner;
    if (!Kind.isBinaryExpression(parent)) return false;
    const { EqualsEqualsEqualsToken, ExclamationEqualsEqualsToken, EqualsEqualsToken, ExclamationEqualsToken } =
      SyntaxKind;
    const comparisons = [
      EqualsEqualsEqualsToken,
      ExclamationEqualsEqualsToken,
      EqualsEqualsToken,
      ExclamationEqualsToken,
    ];
    return comparisons.some((kind) => kind === parent.getOperatorToken().getKind());
  }

  /** `has('x')`, `open({ require: [...] })`, `callback('f', 0, …)`, `addressOf('f')`. */
  #call(node: CallExpression): void {
    const { Node: Kind } = this.#morph;
    const callee = node.getExpression();
    if (!Kind.isPropertyAccessExpression(callee)) return;
    const method = callee.getName();
    const [argument] = node.getArguments();
    if (method === 'has' || BY_NAME.has(method)) {
      const shim = this.#shimOf(callee.getExpression().getType());
      if (!shim || !Kind.isStringLiteral(argument)) return;
      const name = argument.getLiteralValue();
      if (method === 'has') {
        this.#add({ shim, kind: 'feature', name }, 'plain', argument);
        return;
      }
      const kind = shim.weak.has(name) ? 'weak' : shim.required.has(name) ? 'required' : undefined;
      if (kind) this.#add({ shim, kind, name }, 'named', argument);
    } else if (method === 'open' || method === 'tryOpen') this.#required(callee.getExpression().getType(), argument);
  }

  #required(type: Type, argument: Node | undefined): void {
    const { Node: Kind } = this.#morph;
    const shim = this.#shimOf(type);
    if (!shim || !Kind.isObjectLiteralExpression(argument)) return;
    const property = argument.getProperty('require');
    const list = Kind.isPropertyAssignment(property) ? property.getInitializer() : undefined;
    if (!Kind.isArrayLiteralExpression(list)) return;
    for (const element of list.getElements().filter(Kind.isStringLiteral)) {
      const name = element.getLiteralValue();
      for (const each of shim.features.get(name) ?? [name]) {
        this.#add({ shim, kind: shim.required.has(each) ? 'required' : 'weak', name: each }, 'require', element);
      }
    }
  }

  /** The shim that a type of the runtime's is about: a shim itself, a loaded library, a table of functions. */
  #shimOf(type: Type): ShimModule | undefined {
    const types = [type, ...type.getIntersectionTypes(), ...type.getUnionTypes()];
    const all = types.flatMap((one) => [one, ...one.getTypeArguments(), ...one.getAliasTypeArguments()]);
    for (const one of all) {
      const file = one.getSymbol()?.getDeclarations()[0]?.getSourceFile().getFilePath();
      const shim = file === undefined ? undefined : this.#shims.get(file);
      if (shim && Object.values(shim.tables).includes(one.getSymbol()!.getName())) return shim;
    }
    return undefined;
  }

  #meaning(nameNode: Node, name: string): Meaning | undefined {
    const declarations = nameNode.getSymbol()?.getDeclarations() ?? [];
    return this.#declared(declarations, name);
  }

  /** By where a name is declared: whatever the types around it, mapped ones included, the declaration stays. */
  #declared(declarations: readonly Node[], name: string): Meaning | undefined {
    const { Node: Kind } = this.#morph;
    const found = declarations.flatMap((declaration): Meaning[] => {
      const shim = this.#shims.get(declaration.getSourceFile().getFilePath());
      const parent = declaration.getParent();
      if (!shim || !Kind.isInterfaceDeclaration(parent)) return [];
      const owner = parent.getName();
      const { required, weak, features } = shim.tables;
      if (owner === required) return [{ shim, kind: 'required', name }];
      if (owner === weak) return [{ shim, kind: 'weak', name }];
      if (owner === features) return [{ shim, kind: 'feature', name }];
      return shim.records.has(owner) ? [{ shim, kind: 'member', name: `${owner}.${name}` }] : [];
    });
    return found.find(({ kind }) => kind === 'required') ?? found[0];
  }

  /** What a condition says that is true. */
  #guardOf(condition: Expression): Guard | undefined {
    const { Node: Kind } = this.#morph;
    if (Kind.isCallExpression(condition)) {
      const callee = condition.getExpression();
      const [argument] = condition.getArguments();
      if (!Kind.isPropertyAccessExpression(callee) || !Kind.isStringLiteral(argument)) return undefined;
      const name = argument.getLiteralValue();
      if (callee.getName() === 'has' && this.#shimOf(callee.getExpression().getType()))
        return { by: 'has', feature: name };
      const isPresent = callee.getName() === 'includes' && /\bpresent$/.test(callee.getExpression().getText());
      return isPresent ? { by: 'inspect', name } : undefined;
    }
    if (!Kind.isPropertyAccessExpression(condition) && !Kind.isIdentifier(condition)) return undefined;
    const nameNode = Kind.isIdentifier(condition) ? condition : condition.getNameNode();
    const meaning = this.#meaning(nameNode, nameNode.getText()) ?? this.#bound(nameNode);
    if (meaning?.kind === 'feature') return { by: 'inspect', feature: meaning.name };
    return meaning?.kind === 'weak' || meaning?.kind === 'member' ? { by: 'check', name: meaning.name } : undefined;
  }

  /** What a variable was destructured from. */
  #bound(node: Node): Meaning | undefined {
    const { Node: Kind } = this.#morph;
    const [declaration] = node.getSymbol()?.getDeclarations() ?? [];
    if (!Kind.isBindingElement(declaration)) return undefined;
    const name = (declaration.getPropertyNameNode() ?? declaration.getNameNode()).getText();
    const symbol = declaration.getParent().getType().getProperty(name);
    return symbol && this.#declared(symbol.getDeclarations(), name);
  }
}

function nameIn(node: Expression): string {
  return /(?:\.|\[['"])([\w$@.]+)(?:['"]\])?$/.exec(node.getText())?.[1] ?? '';
}

/** The texts that a value of this type may be. */
function literals(type: Type): readonly string[] {
  const types = type.isUnion() ? type.getUnionTypes() : [type];
  return types.filter((one) => one.isStringLiteral()).map((one) => String(one.getLiteralValue()));
}

function mayBeUndefined(type: Type): boolean {
  return type.isUndefined() || type.getUnionTypes().some((one) => one.isUndefined());
}

/** A node, or the parentheses around it. */
function outside(node: Node, { Node: Kind }: Morph): Node {
  let outer = node;
  for (let parent = outer.getParent(); Kind.isParenthesizedExpression(parent); parent = outer.getParent())
    outer = parent;
  return outer;
}
