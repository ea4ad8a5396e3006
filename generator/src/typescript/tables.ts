// In: symbols and types of sources. Out: what they are of which library's module, by where they are declared.

import type { Morph, ts } from './morph.ts';
import type { Table, Vocabulary } from './vocabulary.ts';

/** What a name is. */
export interface Meaning {
  readonly module: Vocabulary;
  readonly kind: Table | 'exports';
  readonly name: string;
}

/** What a type's members are. */
export type Owner =
  | { readonly module: Vocabulary; readonly kind: Table }
  | {
      readonly module: Vocabulary;
      readonly kind: 'record';
      readonly record: string;
      readonly members: ReadonlySet<string>;
    };

export class Tables {
  readonly #checker: ts.TypeChecker;
  readonly #modules: ReadonlyMap<string, Vocabulary>;
  readonly #ts: Morph['ts'];
  readonly #owners = new Map<ts.Type, Owner | undefined>();
  readonly #texts = new Map<ts.Type, ReadonlySet<string> | undefined>();

  constructor(checker: ts.TypeChecker, modules: ReadonlyMap<string, Vocabulary>, own: Morph['ts']) {
    this.#checker = checker;
    this.#modules = modules;
    this.#ts = own;
  }

  /** What a symbol is of a module's, whatever it is called where it is used. */
  meaningOf(symbol: ts.Symbol): Meaning | undefined {
    for (const declaration of this.#origin(symbol).declarations ?? []) {
      const meaning = this.#declared(declaration);
      if (meaning) return meaning;
    }
    return undefined;
  }

  #origin(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & this.#ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  #declared(declaration: ts.Declaration): Meaning | undefined {
    const module = this.#modules.get(declaration.getSourceFile().fileName);
    const name = this.#ts.getNameOfDeclaration(declaration);
    if (!module || !name) return undefined;
    const text = this.#textOf(name);
    const { parent } = declaration;
    if (!this.#ts.isInterfaceDeclaration(parent)) {
      return module.exports.has(text) ? { module, kind: 'exports', name: text } : undefined;
    }
    const owner = parent.name.text;
    const kind = module.tables.get(owner);
    if (kind) return { module, kind, name: text };
    return module.records.has(owner) ? { module, kind: 'exports', name: owner } : undefined;
  }

  #textOf(name: ts.DeclarationName): string {
    if (this.#ts.isComputedPropertyName(name) && this.#ts.isStringLiteralLike(name.expression))
      return name.expression.text;
    return this.#ts.isIdentifier(name) || this.#ts.isStringLiteralLike(name) ? name.text : name.getText();
  }

  /** What the members of a type are: functions, features, data symbols, or those of a record. */
  ownerOf(type: ts.Type): Owner | undefined {
    const plain = this.#checker.getApparentType(this.#checker.getNonNullableType(type));
    if (this.#owners.has(plain)) return this.#owners.get(plain);
    this.#owners.set(plain, undefined);
    const owner = this.#findOwner(plain);
    this.#owners.set(plain, owner);
    return owner;
  }

  #findOwner(type: ts.Type): Owner | undefined {
    if (!(type.flags & (this.#ts.TypeFlags.Object | this.#ts.TypeFlags.Intersection))) return undefined;
    const members = this.#checker.getPropertiesOfType(type);
    const [first] = members;
    const meaning = first && this.meaningOf(first);
    if (!meaning || !first.declarations?.some(({ parent }) => this.#ts.isInterfaceDeclaration(parent)))
      return undefined;
    const { module, kind, name } = meaning;
    if (kind !== 'exports') return { module, kind };
    return { module, kind: 'record', record: name, members: new Set(members.map((one) => one.name)) };
  }

  /** The module that a name stands for as a whole: `import * as rbd`. */
  namespaceOf(node: ts.Node): Vocabulary | undefined {
    const symbol = this.#checker.getSymbolAtLocation(node);
    const [file] = (symbol && this.#origin(symbol).declarations) ?? [];
    return file && this.#ts.isSourceFile(file) ? this.#modules.get(file.fileName) : undefined;
  }

  /** The module that a type is, as a whole: `typeof import('./librbd.ts')`. */
  namespaceIn(type: ts.Type): Vocabulary | undefined {
    const [file] = type.symbol?.declarations ?? [];
    return file && this.#ts.isSourceFile(file) ? this.#modules.get(file.fileName) : undefined;
  }

  /** What `{ … }` or `[ … ]` takes apart, where it is no value: `({ rbd_open } = rbd.fn)`. */
  takenApart(node: ts.Node): ts.Type | undefined {
    const { parent } = node;
    const is = this.#ts;
    if (is.isBinaryExpression(parent)) {
      const isTarget = parent.operatorToken.kind === is.SyntaxKind.EqualsToken && parent.left === node;
      // Within a larger pattern, what stands on the right is for what is not there.
      return isTarget ? (this.takenApart(parent) ?? this.#checker.getTypeAtLocation(parent.right)) : undefined;
    }
    if (is.isForOfStatement(parent))
      return parent.initializer === node
        ? this.#checker.getTypeAtLocation(parent.expression).getNumberIndexType()
        : undefined;
    if (is.isParenthesizedExpression(parent)) return this.takenApart(parent);
    if (is.isArrayLiteralExpression(parent))
      return this.#partOf(this.takenApart(parent), String(parent.elements.indexOf(node as ts.Expression)));
    if (!is.isPropertyAssignment(parent) || parent.initializer !== node) return undefined;
    const { name } = parent;
    const [text] = is.isComputedPropertyName(name)
      ? (this.textsOf(this.#checker.getTypeAtLocation(name.expression)) ?? [])
      : [name.text];
    return text === undefined ? undefined : this.#partOf(this.takenApart(parent.parent), text);
  }

  #partOf(type: ts.Type | undefined, name: string): ts.Type | undefined {
    const plain = type && this.#checker.getNonNullableType(type);
    const symbol = plain && this.#checker.getPropertyOfType(plain, name);
    return symbol ? this.#checker.getTypeOfSymbol(symbol) : plain?.getNumberIndexType();
  }

  /** The library that a type of the runtime's is about: a shim, a loaded library, a table. */
  libraryOf(type: ts.Type): Vocabulary | undefined {
    const parts = type.isUnionOrIntersection() ? type.types : [type];
    for (const part of parts.flatMap((one) => [one, ...this.argumentsOf(one)])) {
      const [declaration] = part.symbol?.declarations ?? [];
      const module = declaration && this.#modules.get(declaration.getSourceFile().fileName);
      if (module?.tables.has(part.symbol.name)) return module;
    }
    return undefined;
  }

  argumentsOf(type: ts.Type): readonly ts.Type[] {
    const { ObjectFlags, TypeFlags } = this.#ts;
    const isReference = type.flags & TypeFlags.Object && (type as ts.ObjectType).objectFlags & ObjectFlags.Reference;
    const own = isReference ? this.#checker.getTypeArguments(type as ts.TypeReference) : [];
    return [...own, ...(type.aliasTypeArguments ?? [])];
  }

  /** `open` of a shim, `has` of a loaded library; undefined for what is no method of these. */
  methodOf(symbol: ts.Symbol): string | undefined {
    const isMethod = symbol.declarations?.some(
      ({ parent }) => this.#ts.isInterfaceDeclaration(parent) && /^(?:Shim|Loaded)$/.test(parent.name.text),
    );
    return isMethod ? symbol.name : undefined;
  }

  /** Its name where it is declared. */
  nameOf(symbol: ts.Symbol): string {
    return this.#origin(symbol).name;
  }

  /** The type of a property of properties. */
  propertyOf(node: ts.Expression, path: readonly string[]): ts.Type | undefined {
    let type: ts.Type | undefined = this.#checker.getTypeAtLocation(node);
    for (const name of path) {
      const symbol: ts.Symbol | undefined = type && this.#checker.getPropertyOfType(type, name);
      type = symbol && this.#checker.getTypeOfSymbolAtLocation(symbol, node);
    }
    return type;
  }

  /** The texts that a value of this type may be; undefined where it may be any. */
  textsOf(type: ts.Type): ReadonlySet<string> | undefined {
    if (!this.#texts.has(type)) this.#texts.set(type, this.#findTexts(type));
    return this.#texts.get(type);
  }

  #findTexts(type: ts.Type): ReadonlySet<string> | undefined {
    const bare = this.#checker.getNonNullableType(this.#checker.getBaseConstraintOfType(type) ?? type);
    const texts = new Set<string>();
    for (const one of bare.isUnion() ? bare.types : [bare]) {
      if (!one.isStringLiteral()) return undefined;
      texts.add(one.value);
    }
    return texts;
  }

  /** The same of whole numbers. */
  numbersOf(type: ts.Type): ReadonlySet<bigint> | undefined {
    const bare = this.#checker.getBaseConstraintOfType(type) ?? type;
    const numbers = new Set<bigint>();
    for (const one of bare.isUnion() ? bare.types : [bare]) {
      if (!one.isNumberLiteral() || !Number.isSafeInteger(one.value)) return undefined;
      numbers.add(BigInt(one.value));
    }
    return numbers;
  }
}
