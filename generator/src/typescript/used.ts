// In: a project whose modules are whole. Out: every name that its sources use of them, and what is wrong with that: names that no header
// has, names that only a running program knows, tables that go where the checker cannot follow. A name is told by where it is declared,
// whatever types stand between (mapped, generic, imported by another name); a name in a string by the type that is wanted there.

import { type Named, namesIn } from './described.ts';
import { Found } from './found.ts';
import { Leaks } from './leaks.ts';
import type { Morph, ts } from './morph.ts';
import { Tables } from './tables.ts';
import type { Reading, Table, Vocabulary } from './vocabulary.ts';
import type { Unseen, WholeProject } from './whole-modules.ts';

/** `show`: a path as a person would type it. */
export function readUses(project: WholeProject, morph: Morph, show: (path: string) => string): Reading {
  const reader = new Reader(project, morph.ts, show);
  for (const file of project.files) reader.read(file);
  return reader.finish();
}

/** Methods of a loaded library that take a name, and what it is a name of. */
const BY_NAME: Readonly<Record<string, (count: number) => readonly Table[]>> = {
  has: () => ['features'],
  functionAt: () => ['callbacks'],
  callback: (count) => (count > 2 ? ['functions'] : ['callbacks']),
  addressOf: () => ['functions', 'data'],
};

/** Those of a shim that take `require`. */
const OPENING = new Set(['open', 'tryOpen', 'openAsync', 'tryOpenAsync']);

const WORDS: Readonly<Record<Table, string>> = {
  functions: 'function',
  features: 'feature',
  callbacks: 'function type',
  data: 'variable',
};

class Reader {
  readonly #found: Found;
  readonly #ts: Morph['ts'];
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  readonly #modules: ReadonlyMap<string, Vocabulary>;
  readonly #tables: Tables;
  readonly #leaks: Leaks;
  readonly #unseen: readonly Unseen[];

  constructor({ program, modules, unseen }: WholeProject, own: Morph['ts'], show: (path: string) => string) {
    this.#ts = own;
    this.#program = program;
    this.#checker = program.getTypeChecker();
    this.#modules = modules;
    this.#unseen = unseen;
    this.#tables = new Tables(this.#checker, modules, own);
    this.#leaks = new Leaks(this.#checker, this.#tables, own);
    this.#found = new Found(show);
  }

  read(file: ts.SourceFile): void {
    for (const { start, length, messageText } of this.#program.getSyntacticDiagnostics(file)) {
      const text = this.#ts.flattenDiagnosticMessageText(messageText, ' ');
      this.#found.problemAt(file, start, length, 'not-typescript', `it cannot be parsed: ${text}`, []);
    }
    const visit = (node: ts.Node): void => {
      this.#node(node);
      this.#ts.forEachChild(node, visit);
    };
    visit(file);
    for (const one of this.#unseen) if (one.importer === file.fileName) this.#unseenIn(file, one);
  }

  /** What of a module is used by a helper that cannot be read, nobody knows. */
  #unseenIn(file: ts.SourceFile, { specifier, library }: Unseen): void {
    const module = [...this.#modules.values()].find((one) => one.library === library);
    if (module?.isKept) return;
    const find = (node: ts.Node): ts.Node | undefined =>
      this.#ts.isStringLiteralLike(node) && node.text === specifier ? node : this.#ts.forEachChild(node, find);
    const at = find(file) ?? file;
    if (module) {
      const message = `${specifier} uses ${library}, too, and only its declarations are here`;
      const remedy = 'add its sources to --used-by, or name what it uses with --keep or `keep` of the configuration';
      this.#found.problem(at, 'source-not-found', message, [remedy]);
    } else
      this.#found.problem(
        at,
        'module-not-found',
        `${specifier} is not found: nobody can tell what is used through it`,
        [],
      );
  }

  #node(node: ts.Node): void {
    const { isIdentifier, isStringLiteralLike, isBindingElement, isCallExpression } = this.#ts;
    if (isIdentifier(node)) this.#identifier(node);
    else if (isStringLiteralLike(node)) this.#text(node);
    else if (isBindingElement(node)) this.#binding(node);
    else if (isCallExpression(node)) this.#call(node);
    else if (this.#ts.isElementAccessExpression(node)) this.#element(node);
    else if (this.#ts.isIndexedAccessTypeNode(node)) this.#indexed(node);
    else if (this.#ts.isObjectLiteralExpression(node)) this.#given(node);
    else if (this.#ts.isBinaryExpression(node)) this.#asked(node);
    else if (this.#ts.isExportDeclaration(node)) this.#handedOut(node);
    this.#found.leaked(this.#leaks.at(node));
  }

  /** After the last file. */
  finish(): Reading {
    this.#found.leaked(this.#leaks.throughParameters());
    return { used: this.#found.used, problems: [...this.#found.problems.values()] };
  }

  #identifier(node: ts.Identifier): void {
    const symbol = this.#checker.getSymbolAtLocation(node);
    const meaning = symbol && this.#tables.meaningOf(symbol);
    if (meaning) {
      this.#found.use(meaning.module, meaning.kind, meaning.name);
      if (meaning.kind === 'functions' && meaning.module.options.has(meaning.name) && !this.#calleeOf(node))
        this.#option(meaning.module, meaning.name, 'all');
      return;
    }
    const parent = node.parent;
    const { isImportSpecifier, isExportSpecifier, isPropertyAccessExpression, isQualifiedName } = this.#ts;
    if (isImportSpecifier(parent) || isExportSpecifier(parent)) {
      if ((parent.propertyName ?? parent.name) === node) this.#imported(parent, node);
    } else if (isPropertyAccessExpression(parent) && parent.name === node)
      this.#absent(parent.expression, node, node.text);
    else if (isQualifiedName(parent) && parent.right === node) this.#absent(parent.left, node, node.text);
  }

  /** `import { x } from` a module that has no x. */
  #imported({ parent: { parent } }: ts.ImportSpecifier | ts.ExportSpecifier, node: ts.Identifier): void {
    const declaration = this.#ts.isImportClause(parent) ? parent.parent : parent;
    const from = declaration.moduleSpecifier;
    const file = from && this.#checker.getSymbolAtLocation(from)?.declarations?.[0];
    const module = file && this.#modules.get(file.getSourceFile().fileName);
    if (module && !module.always.has(node.text)) this.#unknownExport(module, node, node.text);
  }

  /** `export * from` a module, `export * as rbd from` it: whoever imports that may use all of it. */
  #handedOut({ exportClause, moduleSpecifier }: ts.ExportDeclaration): void {
    const parts = exportClause && this.#ts.isNamedExports(exportClause) ? exportClause.elements : [moduleSpecifier];
    for (const part of parts) {
      const at = part && this.#ts.isExportSpecifier(part) ? (part.propertyName ?? part.name) : part;
      const module = at && this.#tables.namespaceOf(at);
      for (const name of module?.exports ?? []) this.#found.use(module!, 'exports', name);
    }
  }

  #unknownExport(module: Vocabulary, at: ts.Node, name: string): void {
    if (module.exports.has(name) || module.always.has(name)) return;
    this.#found.unknown(module, at, name, 'type, record or constant', module.exports);
  }

  /** A member that what stands before it does not have. */
  #absent(owner: ts.Node, at: ts.Node, name: string): void {
    const namespace = this.#tables.namespaceOf(owner);
    if (namespace) {
      this.#unknownExport(namespace, at, name);
      return;
    }
    const type = this.#checker.getTypeAtLocation(owner);
    const found = this.#tables.ownerOf(type);
    if (!found || this.#checker.getPropertyOfType(this.#checker.getNonNullableType(type), name)) return;
    if (found.kind === 'record') {
      const { record, members } = found;
      this.#found.unknown(found.module, at, name, `member of ${record}`, members);
    } else this.#found.unknown(found.module, at, name, WORDS[found.kind], found.module[found.kind]);
  }

  /** `const { rbd_open } = rbd.fn`. */
  #binding(node: ts.BindingElement): void {
    const pattern = node.parent;
    if (!this.#ts.isObjectBindingPattern(pattern)) return;
    const type = this.#checker.getTypeAtLocation(pattern);
    const owner = this.#tables.ownerOf(type);
    if (node.dotDotDotToken) {
      if (owner && owner.kind !== 'record') this.#found.untold(owner.module, node, 'the rest of a table');
      return;
    }
    const property = node.propertyName ?? node.name;
    if (this.#ts.isComputedPropertyName(property)) {
      this.#member(type, property.expression);
      return;
    }
    if (!this.#ts.isIdentifier(property) && !this.#ts.isStringLiteralLike(property)) return;
    const symbol = this.#checker.getPropertyOfType(type, property.text);
    const meaning = symbol && this.#tables.meaningOf(symbol);
    if (meaning) {
      this.#found.use(meaning.module, meaning.kind, meaning.name);
      if (meaning.kind === 'functions' && meaning.module.options.has(meaning.name))
        this.#option(meaning.module, meaning.name, 'all');
    } else if (owner && !symbol) {
      const initializer = this.#ts.isVariableDeclaration(pattern.parent) ? pattern.parent.initializer : undefined;
      if (initializer) this.#absent(initializer, property, property.text);
    }
  }

  /** `rbd.fn[name]`. */
  #element(node: ts.ElementAccessExpression): void {
    this.#member(this.#checker.getTypeAtLocation(node.expression), node.argumentExpression);
  }

  /** `Rbd['fn']['rbd_open']`, as a type. One of any name is erased with the names that nobody uses. */
  #indexed({ objectType, indexType }: ts.IndexedAccessTypeNode): void {
    const isName = this.#ts.isLiteralTypeNode(indexType);
    const index = this.#checker.getTypeFromTypeNode(indexType);
    if (!isName && (index.flags & this.#ts.TypeFlags.TypeParameter || this.#ts.isTypeOperatorNode(indexType))) return;
    if (!isName && !this.#tables.textsOf(index)) return;
    this.#member(this.#checker.getTypeFromTypeNode(objectType), indexType);
  }

  /** `'rbd_open' in rbd.fn`. */
  #asked(node: ts.BinaryExpression): void {
    if (node.operatorToken.kind === this.#ts.SyntaxKind.InKeyword)
      this.#member(this.#checker.getTypeAtLocation(node.right), node.left);
  }

  /** A member of a table or of a module as a whole, by a name that is computed. */
  #member(type: ts.Type, at: ts.Node): void {
    const module = this.#tables.namespaceIn(type);
    const owner = module ? undefined : this.#tables.ownerOf(type);
    if (owner && owner.kind !== 'record') this.#named(owner.module, [owner.kind], at);
    if (!module) return;
    const names = this.#tables.textsOf(this.#checker.getTypeAtLocation(at));
    if (!names) this.#found.untold(module, at, 'which export this is');
    for (const name of names ?? []) {
      if (module.exports.has(name)) this.#found.use(module, 'exports', name);
      else this.#unknownExport(module, at, name);
    }
  }

  /** `{ rbd_open: … }` where a table is wanted; `({ [name]: x } = rbd.fn)`. */
  #given(node: ts.ObjectLiteralExpression): void {
    const taken = this.#tables.takenApart(node);
    if (taken) {
      for (const { name } of node.properties)
        if (name && this.#ts.isComputedPropertyName(name)) this.#member(taken, name.expression);
      return;
    }
    const wanted = this.#checker.getContextualType(node);
    if (!wanted) return;
    for (const { name } of node.properties) {
      const text = name && (this.#ts.isIdentifier(name) || this.#ts.isStringLiteralLike(name)) ? name.text : undefined;
      const symbol = text === undefined ? undefined : this.#checker.getPropertyOfType(wanted, text);
      const meaning = symbol && this.#tables.meaningOf(symbol);
      if (meaning && meaning.kind !== 'exports') this.#found.use(meaning.module, meaning.kind, meaning.name);
    }
  }

  /** A text where a name of a library's is wanted. */
  #text(node: ts.StringLiteralLike): void {
    const isType = this.#ts.isLiteralTypeNode(node.parent);
    if (!isType && !this.#ts.isExpressionStatement(node.parent)) {
      const wanted = this.#checker.getContextualType(node);
      const names = wanted && this.#tables.textsOf(wanted);
      if (names?.has(node.text)) this.#anyTable(node.text);
    } else if (isType && this.#isArgument(node.parent)) this.#anyTable(node.text);
  }

  /** `Pick<LibrbdRequired, 'rbd_open'>`. */
  #isArgument(node: ts.Node): boolean {
    let part = node.parent;
    while (this.#ts.isUnionTypeNode(part) || this.#ts.isParenthesizedTypeNode(part)) part = part.parent;
    return this.#ts.isTypeReferenceNode(part) || this.#ts.isIndexedAccessTypeNode(part);
  }

  #anyTable(name: string): void {
    for (const module of this.#modules.values()) this.#found.nameOf(module, name);
  }

  #call(node: ts.CallExpression): void {
    this.#loaded(node);
    const callee = this.#callee(node.expression);
    const symbol = this.#checker.getSymbolAtLocation(callee);
    const meaning = symbol && this.#tables.meaningOf(symbol);
    if (meaning?.kind === 'functions') this.#optionOf(meaning.module, meaning.name, node);
    if (symbol && this.#tables.nameOf(symbol) === 'defineDriver') this.#driver(node);
    const method = symbol && this.#tables.methodOf(symbol);
    if (!method || !this.#ts.isPropertyAccessExpression(node.expression)) return;
    const module = this.#tables.libraryOf(this.#checker.getTypeAtLocation(node.expression.expression));
    const [argument] = node.arguments;
    if (!module || !argument) return;
    if (OPENING.has(method)) this.#required(module, argument);
    else if (method === 'constant') this.#changing(module, argument);
    else if (Object.hasOwn(BY_NAME, method)) this.#named(module, BY_NAME[method]!(node.arguments.length), argument);
  }

  /** `require('./librbd.js')` where that has no type. */
  #loaded(node: ts.CallExpression): void {
    const [argument] = node.arguments;
    if (!/(?:^|\.)require$/.test(node.expression.getText()) || !argument || !this.#ts.isStringLiteralLike(argument))
      return;
    if (!(this.#checker.getTypeAtLocation(node).flags & this.#ts.TypeFlags.Any)) return;
    const name = argument.text.replace(/^.*\//, '').replace(/\.[mc]?[jt]s$/, '');
    for (const module of this.#modules.values())
      if (module.library === name) this.#found.leaked([{ at: node, module, names: [], isLost: true }]);
  }

  /** What stands before the parentheses, as a name. */
  #callee(node: ts.Expression): ts.Node {
    if (this.#ts.isParenthesizedExpression(node) || this.#ts.isNonNullExpression(node))
      return this.#callee(node.expression);
    return this.#ts.isPropertyAccessExpression(node) ? node.name : node;
  }

  /** The call of what a name stands for. */
  #calleeOf(node: ts.Identifier): ts.CallExpression | undefined {
    let part: ts.Node = this.#ts.isPropertyAccessExpression(node.parent) ? node.parent : node;
    while (this.#ts.isParenthesizedExpression(part.parent) || this.#ts.isNonNullExpression(part.parent))
      part = part.parent;
    return this.#ts.isCallExpression(part.parent) && part.parent.expression === part ? part.parent : undefined;
  }

  #optionOf(module: Vocabulary, name: string, call: ts.CallExpression): void {
    const at = module.options.get(name);
    const argument = at === undefined ? undefined : call.arguments[at];
    if (!argument) return;
    this.#option(module, name, this.#tables.numbersOf(this.#checker.getTypeAtLocation(argument)) ?? 'all');
  }

  #option(module: Vocabulary, name: string, values: ReadonlySet<bigint> | 'all'): void {
    this.#found.use(module, 'functions', name);
    const { options } = this.#found.used.get(module.library)!;
    const known = options.get(name) ?? new Set();
    options.set(name, values === 'all' || known === 'all' ? 'all' : new Set([...known, ...values]));
  }

  /** `open({ require: ['write_zeroes'] })`. */
  #required(module: Vocabulary, argument: ts.Expression): void {
    for (const name of namesIn(argument, ['require'], this.#checker, this.#ts)) this.#require(module, name);
  }

  /** What a driver's descriptor says of its libraries. */
  #driver({ arguments: [descriptor, code] }: ts.CallExpression): void {
    if (!descriptor) return;
    const given = code && this.#tables.propertyOf(code, ['shims']);
    for (const { name: shim } of given ? this.#checker.getPropertiesOfType(given) : []) {
      const module = this.#tables.libraryOf(this.#tables.propertyOf(code!, ['shims', shim])!);
      if (!module) continue;
      for (const key of ['requires', 'uses']) {
        for (const name of namesIn(descriptor, ['shims', shim, key], this.#checker, this.#ts))
          this.#require(module, name);
      }
    }
  }

  #require(module: Vocabulary, { texts, at }: Named): void {
    if (texts === undefined) this.#found.untold(module, at, 'which functions and features these are');
    else for (const text of texts) this.#oneOf(module, ['functions', 'features'], text, at);
  }

  #changing(module: Vocabulary, argument: ts.Expression): void {
    const names = this.#tables.textsOf(this.#checker.getTypeAtLocation(argument));
    if (!names) this.#found.untold(module, argument, 'which constant this is');
    for (const name of names ?? []) {
      if (module.changing.has(name)) this.#found.use(module, 'exports', name);
      else
        this.#found.unknown(module, argument, name, 'constant whose value differs between versions', module.changing);
    }
  }

  /** A name that is given at run time: by a type of literals at most. */
  #named(module: Vocabulary, kinds: readonly Table[], at: ts.Node): void {
    const names = this.#tables.textsOf(this.#checker.getTypeAtLocation(at));
    const all = new Set(kinds.flatMap((kind) => [...module[kind]]));
    // A variable that may be each of them says nothing.
    const isAny = !names || (names.size > 1 && [...all].every((name) => names.has(name)));
    if (isAny) this.#found.untold(module, at, `which ${kinds.map((kind) => WORDS[kind]).join(' or ')} this is`);
    else for (const name of names) this.#oneOf(module, kinds, name, at);
  }

  #oneOf(module: Vocabulary, kinds: readonly Table[], name: string, at: ts.Node): void {
    const having = kinds.filter((kind) => module[kind].has(name));
    for (const kind of having) this.#found.use(module, kind, name);
    if (having.length > 0) return;
    const words = kinds.map((kind) => WORDS[kind]).join(' or ');
    this.#found.unknown(module, at, name, words, new Set(kinds.flatMap((kind) => [...module[kind]])));
  }
}
