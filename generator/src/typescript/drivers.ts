// In: files of drivers. Out: what each says of itself, as plain data with places, and the shims that its code passes, with what those know;
// and everything that is wrong, each at its place. Nothing is executed. Follows runtime/src/drivers/descriptor.ts and define.ts.

import { basename } from 'node:path';
import type { Diagnostic, Place } from '../diagnostics.ts';
import { checkList } from './driver-list.ts';
import { checkDescriptor } from './driver-rules.ts';
import type { Found, Module, Modules } from './modules.ts';
import type { ts } from './morph.ts';
import { bare, type Datum, DESCRIPTOR, type JsonObject, nameOf, PlainReader } from './plain-data.ts';
import { type ShimFacts, shimFacts } from './shim-facts.ts';
import { checkNeeds } from './shim-needs.ts';

/** A file that may hold a driver. */
export interface DriverFile {
  readonly file: string;
  /** Of a driver from a package: what imports it, `@acme/driver-x`. */
  readonly specifier?: string;
  /** It was asked for by name: without a driver it is an error. */
  readonly isNamed: boolean;
}

/** A driver, as its source has it. */
export interface ReadDriver {
  readonly name: string;
  /** The whole descriptor, in the order of its source. */
  readonly descriptor: DescriptorData;
  /** The same with places. */
  readonly data: Datum;
  readonly file: string;
  readonly specifier?: string;
  /** Of the descriptor. */
  readonly place: Place;
  /** In the order of the descriptor. */
  readonly shims: readonly DriverShim[];
}

/** A descriptor without problems; with some, as far as it could be read. */
export type DescriptorData = JsonObject & {
  readonly name: string;
  readonly description: string;
  readonly protocols?: readonly string[];
  readonly formats?: readonly string[];
  readonly needsCode?: boolean;
  readonly host?: string;
  readonly priority?: Priority;
};

export type Priority = 'required' | 'recommended' | 'suggested';

/** A shim that a driver uses. */
export interface DriverShim {
  /** What descriptor and code call it. */
  readonly key: string;
  readonly requires: readonly string[];
  readonly uses: readonly string[];
  readonly optional: boolean;
  readonly priority?: Priority;
  /** Where the descriptor names it. */
  readonly place: Place;
  /** What the driver imports it from, and the file of that which has the shim; without a specifier it is the driver's own. */
  readonly specifier?: string;
  readonly file?: string;
  /** Undefined where it could not be read, which is among the problems. */
  readonly facts?: ShimFacts;
}

export interface DriversRead {
  /** By name, those of one name in the order of the files. */
  readonly drivers: readonly ReadDriver[];
  /** Files that hold none. */
  readonly without: readonly string[];
  /** In the order of the files and their lines. */
  readonly problems: readonly Diagnostic[];
}

export function readDrivers(files: readonly DriverFile[], modules: Modules): DriversRead {
  const reader = new DriverReader(modules);
  for (const file of files) reader.read(file);
  const { without, problems } = reader;
  checkList(reader.drivers, (problem) => problems.push(problem));
  problems.sort(byPlace);
  const drivers = [...reader.drivers].sort((a, b) => byText(a.name, b.name));
  return { drivers, without, problems };
}

function byPlace({ place: a }: Diagnostic, { place: b }: Diagnostic): number {
  return byText(a?.file ?? '', b?.file ?? '') || (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

class DriverReader {
  readonly drivers: ReadDriver[] = [];
  readonly without: string[] = [];
  readonly problems: Diagnostic[] = [];
  readonly #modules: Modules;
  readonly #ts: Modules['morph']['ts'];

  constructor(modules: Modules) {
    this.#modules = modules;
    this.#ts = modules.morph.ts;
  }

  read(driver: DriverFile): void {
    try {
      this.#read(driver);
    } catch (error) {
      if (!(error instanceof RangeError && /call stack/.test(error.message))) throw error;
      this.#wrong('nested-too-deep', undefined, `${basename(driver.file)} nests deeper than can be followed`);
    }
  }

  #read({ file, specifier, isNamed }: DriverFile): void {
    const module = this.#modules.read(file);
    if (!module || (!isNamed && !module.source.text.includes('defineDriver'))) {
      this.without.push(file);
      if (!module) this.#wrong('unreadable-file', undefined, `${basename(file)} cannot be read`);
      return;
    }
    if (module.damage) {
      this.#wrong('syntax', module.damage.place, `it cannot be parsed: ${module.damage.message}`);
      return;
    }
    const found = this.#driverCall(module, isNamed);
    if (!found) {
      this.without.push(file);
      return;
    }
    this.#imports(module);
    if (found.module !== module) this.#imports(found.module);
    this.#driver(found.call, found.module, { file, ...(specifier !== undefined && { specifier }) });
  }

  /** The call of the default export, which may come from another module. */
  #driverCall(module: Module, isNamed: boolean): DriverCall | undefined {
    const exported = this.#modules.findExport(module, 'default');
    const value = exported && this.#valueOf(exported);
    if (value && this.#isDefineDriver(value, exported.module)) return { call: value, module: exported.module };
    const stray = this.#strayCall(module);
    const asks = "a driver's module has `export default defineDriver({ … }, { … })`";
    if (stray)
      this.#wrong('no-default-export', module.placeOf(stray), 'this driver is not the default export of its module', [
        asks,
      ]);
    else if (isNamed && exported) {
      const { node } = exported.declared;
      this.#wrong('no-driver', exported.module.placeOf(node), 'the default export is no call of defineDriver', [asks]);
    } else if (isNamed)
      this.#wrong('no-driver', module.placeOf(module.source), 'it holds no driver: it has no default export', [asks]);
    return undefined;
  }

  #valueOf({ declared }: Found): ts.Expression | undefined {
    return declared.kind === 'constant' ? bare(declared.value, this.#ts) : undefined;
  }

  /** By whatever name it was imported: `drivers.defineDriver(…)` too. */
  #isDefineDriver(node: ts.Node, module: Module): node is ts.CallExpression {
    const ts = this.#ts;
    if (!ts.isCallExpression(node)) return false;
    const callee = node.expression;
    if (ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression)) {
      const namespace = module.names.get(callee.expression.text);
      return callee.name.text === 'defineDriver' && namespace?.kind === 'import' && namespace.name === '*';
    }
    const declared = ts.isIdentifier(callee) ? module.names.get(callee.text) : undefined;
    return declared?.kind === 'import' && declared.name === 'defineDriver';
  }

  #strayCall(module: Module): ts.CallExpression | undefined {
    const find = (node: ts.Node): ts.CallExpression | undefined =>
      this.#isDefineDriver(node, module) ? node : this.#ts.forEachChild(node, find);
    return find(module.source);
  }

  /** What a module imports has to be there. */
  #imports(module: Module): void {
    const ts = this.#ts;
    for (const node of module.source.statements) {
      if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) continue;
      const { moduleSpecifier: target } = node;
      if (!target || !ts.isStringLiteral(target) || isTypeOnly(node, ts)) continue;
      if (!this.#modules.exists(target.text, module.file))
        this.#wrong('missing-module', module.placeOf(target), `there is no module '${target.text}'`);
    }
  }

  /** `from`: what a program imports. */
  #driver(call: ts.CallExpression, module: Module, from: Pick<ReadDriver, 'file' | 'specifier'>): void {
    const [descriptor, code] = call.arguments;
    if (!descriptor || !code) {
      this.#wrong('arguments', module.placeOf(call), 'defineDriver takes a descriptor and its code');
      return;
    }
    const reader = new PlainReader(this.#modules, (place, message) => this.#wrong('not-plain', place, message));
    const data = reader.read(descriptor, module, DESCRIPTOR);
    checkDescriptor(data, (problem) => this.problems.push(problem));
    const passed = this.#passed(code, module);
    const shims = checkNeeds(data, passed, (problem) => this.problems.push(problem));
    const name = data.members?.get('name')?.value;
    if (typeof name !== 'string') return;
    this.drivers.push({
      name,
      descriptor: data.value as DescriptorData,
      data,
      ...from,
      place: data.place,
      shims,
    });
  }

  /** The shims that the code passes: `{ shims: { librbd } }`; undefined where that cannot be read. */
  #passed(code: ts.Expression, module: Module): ReadonlyMap<string, PassedShim> | undefined {
    const ts = this.#ts;
    const object = this.#objectOf(code, module, 'the code');
    if (!object) return undefined;
    const property = object.node.properties.find((one) => one.name && nameOf(one.name, ts) === 'shims');
    if (!property) {
      const spread = object.node.properties.find(ts.isSpreadAssignment);
      if (!spread) return new Map();
      this.#unreadable(object.module.placeOf(spread), 'the code');
      return undefined;
    }
    const value = ts.isPropertyAssignment(property)
      ? property.initializer
      : ts.isShorthandPropertyAssignment(property)
        ? property.name
        : undefined;
    const shims = value && this.#objectOf(value, object.module, 'shims');
    if (!shims) return undefined;
    const passed = new Map<string, PassedShim>();
    for (const one of shims.node.properties) {
      const name = one.name && nameOf(one.name, ts);
      const expression = ts.isPropertyAssignment(one)
        ? one.initializer
        : ts.isShorthandPropertyAssignment(one)
          ? one.name
          : undefined;
      if (name === undefined || !expression) this.#unreadable(shims.module.placeOf(one), 'shims');
      else passed.set(name, this.#shim(expression, shims.module, one.name!));
    }
    return passed;
  }

  /** An object literal, there or behind a constant. */
  #objectOf(
    node: ts.Expression,
    module: Module,
    what: string,
  ): { readonly node: ts.ObjectLiteralExpression; readonly module: Module } | undefined {
    const ts = this.#ts;
    const inner = bare(node, ts);
    if (ts.isObjectLiteralExpression(inner)) return { node: inner, module };
    const found = ts.isIdentifier(inner) ? this.#modules.find(module, inner.text) : undefined;
    const value = found && this.#valueOf(found);
    if (value && ts.isObjectLiteralExpression(value)) return { node: value, module: found.module };
    this.#unreadable(module.placeOf(inner), what);
    return undefined;
  }

  #unreadable(place: Place, what: string): void {
    this.#wrong(
      'unreadable-shims',
      place,
      `which shims it passes cannot be read: ${what} is no object that stands here`,
      ['write `{ shims: { librbd }, load: … }`: nothing is executed'],
    );
  }

  #shim(expression: ts.Expression, module: Module, name: ts.Node): PassedShim {
    const ts = this.#ts;
    const place = module.placeOf(name);
    const node = bare(expression, ts);
    const [from, found] = this.#named(node, module);
    const facts =
      found?.declared.kind === 'constant' ? shimFacts(found.declared.value, found.module, this.#modules) : undefined;
    if (!facts) {
      // A module that is not there is said at its import.
      const isMissing = from !== undefined && !this.#modules.exists(from, module.file);
      if (!isMissing)
        this.#wrong(
          'no-shim',
          module.placeOf(node),
          `${node.getText(module.source)} is no shim that can be read${from === undefined ? '' : `: '${from}' says nothing of it`}`,
          ['a shim is what `dlshim generate` writes: `export const librbd = defineShim({ … })`'],
        );
    }
    return { place, ...(from !== undefined && { specifier: from }), ...(facts && { facts, file: found!.module.file }) };
  }

  /** What an identifier, or a member of a module, stands for; and what it was imported from. */
  #named(node: ts.Expression, module: Module): [from: string | undefined, found: Found | undefined] {
    const ts = this.#ts;
    if (ts.isIdentifier(node)) {
      const declared = module.names.get(node.text);
      return [declared?.kind === 'import' ? declared.from : undefined, this.#modules.find(module, node.text)];
    }
    if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return [undefined, undefined];
    const namespace = module.names.get(node.expression.text);
    if (namespace?.kind !== 'import' || namespace.name !== '*') return [undefined, undefined];
    return [namespace.from, this.#modules.findFrom(namespace.from, module, node.name.text)];
  }

  #wrong(code: string, place: Place | undefined, message: string, notes?: readonly string[]): void {
    this.problems.push({ code, severity: 'error', message, ...(place && { place }), ...(notes && { notes }) });
  }
}

interface DriverCall {
  readonly call: ts.CallExpression;
  readonly module: Module;
}

/** A shim that the code of a driver passes. */
export interface PassedShim {
  readonly place: Place;
  readonly specifier?: string;
  readonly file?: string;
  readonly facts?: ShimFacts;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration, ts: Modules['morph']['ts']): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const { namedBindings: bindings, name } = clause;
  if (name || !bindings || !ts.isNamedImports(bindings) || bindings.elements.length === 0) return false;
  return bindings.elements.every((one) => one.isTypeOnly);
}
