// In: paths and the specifiers of imports. Out: modules as they are written: what names stand for at their top level, what they export, and
// where that is declared. Nothing is executed, and the checker is not asked: syntax and the resolution of modules are enough
// (TypeScript's, with the project's tsconfig.json; of packages the JavaScript, which has the values that declarations lack). Follows ECMA-262, 16.2.

import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { type Place, type PlacedText, placeAt } from '../diagnostics.ts';
import type { Morph, ts } from './morph.ts';

/** What a name is at the top level of a module. */
export type Declared =
  /** A constant, or a `var` of a compiler's output, which nobody assigns again. */
  | { readonly kind: 'constant'; readonly value: ts.Expression; readonly node: ts.Node }
  /** `name` of another module; `*` is all of it. */
  | {
      readonly kind: 'import';
      readonly from: string;
      readonly name: string;
      readonly node: ts.Node;
      readonly typeOnly: boolean;
    }
  /** Anything else, in words. */
  | { readonly kind: 'other'; readonly what: string; readonly node: ts.Node };

/** What a name is, found through imports and re-exports. */
export interface Found {
  readonly module: Module;
  readonly declared: Declared;
}

type Export =
  | { readonly local: string }
  | { readonly value: ts.Expression }
  | { readonly from: string; readonly name: string };

export class Module {
  readonly names: ReadonlyMap<string, Declared>;
  readonly exports: ReadonlyMap<string, Export>;
  /** Modules that are exported as a whole. */
  readonly stars: readonly string[];
  readonly file: string;
  readonly source: ts.SourceFile;
  readonly #text: PlacedText;

  constructor(file: string, source: ts.SourceFile, shown: string, morph: Morph) {
    this.file = file;
    this.source = source;
    this.#text = { path: shown, text: source.text };
    const { names, exports, stars } = topLevel(source, morph);
    this.names = names;
    this.exports = exports;
    this.stars = stars;
  }

  placeOf(node: ts.Node): Place {
    const start = node.getStart(this.source);
    return placeAt(this.#text, start, node.getEnd() - start);
  }

  /** Where the parser gave up, if it did. */
  get damage(): { readonly place: Place; readonly message: string } | undefined {
    const { parseDiagnostics: [first] = [] } = this.source as ts.SourceFile & {
      readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[];
    };
    if (!first) return undefined;
    const { messageText } = first;
    return {
      place: placeAt(this.#text, first.start, first.length),
      message: typeof messageText === 'string' ? messageText : messageText.messageText,
    };
  }
}

export class Modules {
  readonly morph: Morph;
  readonly #shown: (path: string) => string;
  readonly #modules = new Map<string, Module | undefined>();
  readonly #options = new Map<string, ts.CompilerOptions>();

  /** `shown`: how messages name a file. */
  constructor(morph: Morph, shown: (path: string) => string = (path) => path) {
    this.morph = morph;
    this.#shown = shown;
  }

  /** Undefined for what cannot be read. */
  read(file: string): Module | undefined {
    if (this.#modules.has(file)) return this.#modules.get(file);
    const text = textOf(file);
    const { ts } = this.morph;
    const module =
      text === undefined
        ? undefined
        : new Module(
            file,
            ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true),
            this.#shown(file),
            this.morph,
          );
    this.#modules.set(file, module);
    return module;
  }

  /** The file that an import gets; `builtin` for Node's own modules, undefined where there is none. */
  resolve(specifier: string, from: string): string | 'builtin' | undefined {
    if (isBuiltin(specifier)) return 'builtin';
    const { ts } = this.morph;
    // Declarations have types, and no values.
    const options = { ...this.options(dirname(from)), noDtsResolution: true, allowJs: true, resolveJsonModule: true };
    const found = ts.resolveModuleName(specifier, from, options, ts.sys, undefined, undefined, ts.ModuleKind.ESNext);
    if (found.resolvedModule) return found.resolvedModule.resolvedFileName;
    const asset = join(dirname(from), specifier);
    return /^\.\.?\//.test(specifier) && existsSync(asset) ? asset : undefined;
  }

  /** Whether an import is one of something: of declarations, too, where only types are imported. */
  exists(specifier: string, from: string): boolean {
    if (this.resolve(specifier, from) !== undefined) return true;
    const { ts } = this.morph;
    const options = this.options(dirname(from));
    return (
      ts.resolveModuleName(specifier, from, options, ts.sys, undefined, undefined, ts.ModuleKind.ESNext)
        .resolvedModule !== undefined
    );
  }

  /** What the nearest tsconfig.json says; without one, Node's way. */
  options(folder: string): ts.CompilerOptions {
    const known = this.#options.get(folder);
    if (known) return known;
    const options = this.#readOptions(folder);
    this.#options.set(folder, options);
    return options;
  }

  #readOptions(folder: string): ts.CompilerOptions {
    const { ts } = this.morph;
    const file = join(folder, 'tsconfig.json');
    if (existsSync(file)) {
      // Which files a project has is not asked.
      const host = { ...ts.sys, readDirectory: () => [] };
      const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
      const { options } = ts.parseJsonConfigFileContent(error ? {} : config, host, folder, undefined, file);
      return options.module === undefined && options.moduleResolution === undefined
        ? { ...NODE(ts), ...options }
        : options;
    }
    return dirname(folder) === folder ? NODE(ts) : this.options(dirname(folder));
  }

  /** What a name of a module is, wherever it is declared; undefined where nothing is. A default export may have no name: its value is
   *  found as a constant. */
  find(module: Module, name: string): Found | undefined {
    return this.#local(module, name, new Set());
  }

  /** What another module exports. */
  findFrom(specifier: string, importer: Module, name: string): Found | undefined {
    const target = this.#target(specifier, importer);
    return target && this.#exported(target, name, new Set());
  }

  findExport(module: Module, name: string): Found | undefined {
    return this.#exported(module, name, new Set());
  }

  #target(specifier: string, importer: Module): Module | undefined {
    const file = this.resolve(specifier, importer.file);
    return file === undefined || file === 'builtin' ? undefined : this.read(file);
  }

  #local(module: Module, name: string, seen: Set<string>): Found | undefined {
    const declared = module.names.get(name);
    if (!declared) return undefined;
    if (declared.kind !== 'import' || declared.name === '*') return { module, declared };
    const target = this.#target(declared.from, module);
    return (target && this.#exported(target, declared.name, seen)) ?? { module, declared };
  }

  #exported(module: Module, name: string, seen: Set<string>): Found | undefined {
    const key = `${module.file} ${name}`;
    if (seen.has(key)) return undefined;
    seen.add(key);
    const exported = module.exports.get(name);
    if (exported && 'local' in exported) return this.#local(module, exported.local, seen);
    if (exported && 'value' in exported)
      return { module, declared: { kind: 'constant', value: exported.value, node: exported.value } };
    const targets = exported ? [exported] : name === 'default' ? [] : module.stars.map((from) => ({ from, name }));
    for (const { from, name: its } of targets) {
      const target = this.#target(from, module);
      const found = target && this.#exported(target, its, seen);
      if (found) return found;
    }
    return undefined;
  }
}

const NODE = (ts: Morph['ts']): ts.CompilerOptions => ({
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
});

/** A source's text, in the encodings that TypeScript reads: UTF-8, and UTF-16 by its mark. */
export function textOf(file: string): string | undefined {
  try {
    const bytes = readFileSync(file);
    const mark = bytes.length >= 2 ? bytes.readUInt16LE(0) : 0;
    if (mark === 0xfffe) bytes.subarray(0, bytes.length & ~1).swap16();
    return bytes.toString(mark === 0xfeff || mark === 0xfffe ? 'utf16le' : 'utf8');
  } catch {
    return undefined;
  }
}

interface TopLevel {
  readonly names: Map<string, Declared>;
  readonly exports: Map<string, Export>;
  readonly stars: string[];
}

function topLevel(source: ts.SourceFile, { ts }: Morph): TopLevel {
  const names = new Map<string, Declared>();
  const exports = new Map<string, Export>();
  const stars: string[] = [];
  const isJs = /\.[cm]?jsx?$/.test(source.fileName);
  const isJson = source.fileName.endsWith('.json');
  const isExported = (node: ts.Node): boolean => hasModifier(node, ts.SyntaxKind.ExportKeyword, ts);
  const name = (text: string, declared: Declared, exported: boolean): void => {
    names.set(text, declared);
    if (exported) exports.set(text, { local: text });
  };
  for (const node of source.statements) {
    if (isJson) {
      if (ts.isExpressionStatement(node)) exports.set('default', { value: node.expression });
    } else if (ts.isVariableStatement(node)) {
      const { flags } = node.declarationList;
      for (const declaration of node.declarationList.declarations) {
        const isConstant = (flags & ts.NodeFlags.Const) !== 0 || (isJs && (flags & ts.NodeFlags.Let) === 0);
        const { name: id, initializer: value } = declaration;
        if (!ts.isIdentifier(id)) {
          for (const text of boundNames(id, ts))
            name(text, { kind: 'other', what: 'a part of something', node: declaration }, isExported(node));
        } else if (isConstant && value) name(id.text, { kind: 'constant', value, node: declaration }, isExported(node));
        else name(id.text, { kind: 'other', what: 'a variable', node: declaration }, isExported(node));
      }
    } else if (ts.isImportDeclaration(node))
      for (const [text, declared] of importedBy(node, ts)) names.set(text, declared);
    else if (ts.isExportDeclaration(node)) {
      const from =
        node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : undefined;
      const clause = node.exportClause;
      if (!clause) {
        if (from !== undefined) stars.push(from);
      } else if (ts.isNamedExports(clause)) {
        for (const each of clause.elements) {
          const local = (each.propertyName ?? each.name).text;
          exports.set(each.name.text, from === undefined ? { local } : { from, name: local });
        }
      }
    } else if (ts.isExportAssignment(node)) exports.set('default', { value: node.expression });
    else if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isEnumDeclaration(node)) {
      const what = ts.isFunctionDeclaration(node)
        ? 'a function'
        : ts.isClassDeclaration(node)
          ? 'a class'
          : 'an enumeration';
      const isDefault = hasModifier(node, ts.SyntaxKind.DefaultKeyword, ts);
      const text = node.name?.text ?? ' default';
      name(text, { kind: 'other', what, node }, isExported(node) && !isDefault);
      if (isDefault) exports.set('default', { local: text });
    }
  }
  // `export default NAME`: an import of the name may stand further down.
  const standard = exports.get('default');
  if (standard && 'value' in standard && ts.isIdentifier(standard.value) && names.has(standard.value.text))
    exports.set('default', { local: standard.value.text });
  return { names, exports, stars };
}

function importedBy(node: ts.ImportDeclaration, ts: Morph['ts']): [string, Declared][] {
  const clause = node.importClause;
  if (!clause || !ts.isStringLiteral(node.moduleSpecifier)) return [];
  const from = node.moduleSpecifier.text;
  const all = clause.isTypeOnly;
  const found: [string, Declared][] = [];
  if (clause.name) found.push([clause.name.text, { kind: 'import', from, name: 'default', node, typeOnly: all }]);
  const bindings = clause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) {
    found.push([bindings.name.text, { kind: 'import', from, name: '*', node: bindings, typeOnly: all }]);
  } else if (bindings) {
    for (const each of bindings.elements) {
      const { text } = each.propertyName ?? each.name;
      found.push([each.name.text, { kind: 'import', from, name: text, node: each, typeOnly: all || each.isTypeOnly }]);
    }
  }
  return found;
}

function boundNames(pattern: ts.BindingPattern, ts: Morph['ts']): string[] {
  return pattern.elements.flatMap((element) => {
    if (ts.isOmittedExpression(element)) return [];
    return ts.isIdentifier(element.name) ? [element.name.text] : boundNames(element.name, ts);
  });
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind, ts: Morph['ts']): boolean {
  return ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((one) => one.kind === kind) === true;
}
