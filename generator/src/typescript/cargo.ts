// In: types of sources. Out: what they hold of libraries: a table, a loaded library, a shim, a module as a whole, or a promise, list, object
// or function that gives one; and whether another type, which a value of it goes to, still shows that.

import type { Morph, ts } from './morph.ts';
import type { Tables } from './tables.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What is held: of a library; or by a type parameter, whatever it stands for where it is given. */
export type Held = Vocabulary | ts.Symbol;

/** What comes of a value that goes to a type. */
export interface Passage {
  /** What nobody can follow from there. */
  readonly lost: Set<Held>;
  /** What is followed by the name that another type gives it. */
  readonly named: Map<Vocabulary, Set<string>>;
  /** What goes to a type parameter. */
  readonly given: Map<ts.Symbol, Set<Held>>;
}

/** Members of a loaded library that are tables. */
const PARTS = new Set(['fn', 'async', 'data']);

/** How deep lists, objects and functions are looked into. */
const DEPTH = 4;

const NOTHING: ReadonlySet<Held> = new Set();

export class Cargo {
  readonly #checker: ts.TypeChecker;
  readonly #tables: Tables;
  readonly #ts: Morph['ts'];
  readonly #held = new Map<ts.Type, ReadonlySet<Held>>();

  constructor(checker: ts.TypeChecker, tables: Tables, own: Morph['ts']) {
    this.#checker = checker;
    this.#tables = tables;
    this.#ts = own;
  }

  /** What a type holds. */
  heldBy(type: ts.Type): ReadonlySet<Held> {
    return this.#heldBy(type, 0, new Set());
  }

  /** What it is itself. */
  atomOf(type: ts.Type): Vocabulary | undefined {
    const plain = this.#checker.getNonNullableType(type);
    if (!(plain.flags & (this.#ts.TypeFlags.Object | this.#ts.TypeFlags.Intersection))) return undefined;
    const module = this.#tables.namespaceIn(plain);
    if (module) return module;
    const owner = this.#tables.ownerOf(plain);
    if (owner) return owner.kind === 'record' ? undefined : owner.module;
    return this.#isOfRuntime(plain) ? this.#tables.libraryOf(plain) : undefined;
  }

  /** Whether it says nothing of what it holds. */
  isBlind(type: ts.Type): boolean {
    const { Any, Unknown, NonPrimitive } = this.#ts.TypeFlags;
    if ((type.flags & (Any | Unknown | NonPrimitive)) !== 0 || this.#isEmpty(type)) return true;
    return /^(?:Function|Object)$/.test(type.symbol?.name ?? '') && this.#isOthers(type);
  }

  /** A value of type `from` goes where `to` is known of it. */
  pass(from: ts.Type, to: ts.Type): Passage {
    const passage: Passage = { lost: new Set(), named: new Map(), given: new Map() };
    this.#pass(from, to, passage, DEPTH, new Map());
    return passage;
  }

  /** `Loaded`, `Shim`. */
  #isOfRuntime(type: ts.Type): boolean {
    const parts = type.isIntersection() ? type.types : [type];
    return parts.some(({ symbol }) => symbol !== undefined && /^(?:Loaded|Shim)$/.test(symbol.name));
  }

  #heldBy(type: ts.Type, depth: number, within: Set<ts.Type>): ReadonlySet<Held> {
    const known = this.#held.get(type);
    if (known) return known;
    if (depth > DEPTH || within.has(type)) return NOTHING;
    within.add(type);
    const held = new Set<Held>();
    for (const one of this.#directly(type)) held.add(one);
    if (held.size === 0)
      for (const inner of this.#insides(type)) for (const one of this.#heldBy(inner, depth + 1, within)) held.add(one);
    within.delete(type);
    if (depth === 0 || held.size > 0) this.#held.set(type, held);
    return held;
  }

  #directly(type: ts.Type): readonly Held[] {
    const atom = this.atomOf(type);
    if (atom) return [atom];
    if (!(type.flags & this.#ts.TypeFlags.TypeParameter) || !type.symbol) return [];
    const constraint = this.#checker.getBaseConstraintOfType(type);
    const known = constraint && constraint !== type ? [...this.heldBy(constraint)] : [];
    return known.length > 0 ? known : [type.symbol];
  }

  /** The types of what can be got of it. */
  #insides(type: ts.Type): readonly ts.Type[] {
    if (type.isUnionOrIntersection()) return type.types;
    if (!(type.flags & this.#ts.TypeFlags.Object) || this.#tables.ownerOf(type)) return [];
    const given = this.#tables.argumentsOf(type);
    // What others declare holds what it is told to, and has too many members to look at.
    if (this.#isOthers(type)) return given;
    const members = this.#checker
      .getPropertiesOfType(type)
      .filter((property) => !this.#isPrivate(property))
      .map((property) => this.#checker.getTypeOfSymbol(property));
    const results = [...type.getCallSignatures(), ...type.getConstructSignatures()].map((one) => one.getReturnType());
    const indexed = [type.getStringIndexType(), type.getNumberIndexType()].filter((one) => one !== undefined);
    return [...members, ...results, ...indexed];
  }

  /** `#rbd`, which nobody else can ask for. */
  #isPrivate({ valueDeclaration }: ts.Symbol): boolean {
    const name = valueDeclaration && this.#ts.getNameOfDeclaration(valueDeclaration);
    return name !== undefined && this.#ts.isPrivateIdentifier(name);
  }

  #isOthers({ symbol }: ts.Type): boolean {
    const isType = symbol && symbol.flags & (this.#ts.SymbolFlags.Interface | this.#ts.SymbolFlags.Class);
    return !!isType && symbol.declarations?.some((one) => one.getSourceFile().isDeclarationFile) === true;
  }

  #pass(from: ts.Type, to: ts.Type, passage: Passage, depth: number, seen: Map<ts.Type, Set<ts.Type>>): void {
    if (from === to || depth < 0 || seen.get(from)?.has(to)) return;
    seen.set(from, (seen.get(from) ?? new Set()).add(to));
    const again = (inner: ts.Type, wanted: ts.Type) => this.#pass(inner, wanted, passage, depth - 1, seen);
    if (from.isUnion()) {
      for (const part of from.types) this.#pass(part, to, passage, depth, seen);
      return;
    }
    const held = this.heldBy(from);
    const { Never, Void, TypeParameter, Object: Structure } = this.#ts.TypeFlags;
    if (to.flags & (Never | Void)) return;
    if (this.isBlind(to)) {
      for (const one of held) passage.lost.add(one);
      return;
    }
    if (to.flags & TypeParameter && to.symbol) {
      if (held.size > 0) passage.given.set(to.symbol, new Set([...(passage.given.get(to.symbol) ?? []), ...held]));
      const constraint = this.#checker.getBaseConstraintOfType(to);
      if (constraint && constraint !== to && !this.isBlind(constraint)) again(from, constraint);
      return;
    }
    if (to.isUnionOrIntersection()) {
      this.#best(from, to.types, passage, depth, seen);
      return;
    }
    const module = this.atomOf(from);
    if (module) {
      this.#atom(module, from, to, passage, again);
      return;
    }
    if (from.flags & TypeParameter && to.getStringIndexType()) for (const one of held) passage.lost.add(one);
    if (!(from.flags & Structure && to.flags & Structure)) return;
    const [own, wanted] = [this.#tables.argumentsOf(from), this.#tables.argumentsOf(to)];
    if (this.#isOthers(from) && this.#isOthers(to)) {
      if (from.symbol === to.symbol) {
        for (const [at, one] of own.entries()) again(one, wanted[at] ?? one);
      }
      // `Promise<T>` as `PromiseLike<T>`, `T[]` as `Iterable<T>`.
      else if (wanted.length > 0) for (const one of own) this.#best(one, wanted, passage, depth - 1, seen);
      return;
    }
    this.#structure(from, to, again);
  }

  /** The type that shows most of what is held. */
  #best(
    from: ts.Type,
    types: readonly ts.Type[],
    passage: Passage,
    depth: number,
    seen: Map<ts.Type, Set<ts.Type>>,
  ): void {
    const isData = ({ flags }: ts.Type) =>
      (flags & (this.#ts.TypeFlags.Object | this.#ts.TypeFlags.Instantiable)) !== 0;
    const fitting = types.filter((one) => isData(one) || this.isBlind(one));
    const tried = fitting.map((to) => {
      const one: Passage = { lost: new Set(), named: new Map(), given: new Map() };
      this.#pass(from, to, one, depth, new Map(seen));
      return { one, to };
    });
    const showing = tried.filter(({ one }) => one.lost.size === 0);
    const exact = showing.filter(
      ({ to, one }) => !(to.flags & this.#ts.TypeFlags.TypeParameter) && one.given.size === 0,
    );
    for (const { one } of exact.length > 0 ? exact : showing.length > 0 ? showing : tried) this.#add(passage, one);
  }

  #add(passage: Passage, { lost, named, given }: Passage): void {
    for (const one of lost) passage.lost.add(one);
    for (const [module, names] of named)
      passage.named.set(module, new Set([...(passage.named.get(module) ?? []), ...names]));
    for (const [symbol, held] of given)
      passage.given.set(symbol, new Set([...(passage.given.get(symbol) ?? []), ...held]));
  }

  /** A table, a loaded library, a shim, a module as a whole. */
  #atom(
    module: Vocabulary,
    from: ts.Type,
    to: ts.Type,
    passage: Passage,
    again: (inner: ts.Type, wanted: ts.Type) => void,
  ): void {
    if (this.#tables.ownerOf(to) || this.#tables.namespaceIn(to)) return;
    if (this.#isOfRuntime(to)) {
      if (this.#tables.argumentsOf(to).some(({ flags }) => (flags & this.#ts.TypeFlags.Any) !== 0))
        passage.lost.add(module);
      return;
    }
    if (to.getStringIndexType()) {
      passage.lost.add(module);
      return;
    }
    const isTable = this.#tables.ownerOf(from) !== undefined || this.#tables.namespaceIn(from) !== undefined;
    const names = passage.named.get(module) ?? new Set();
    passage.named.set(module, names);
    for (const property of this.#checker.getPropertiesOfType(to)) {
      const own = this.#checker.getPropertyOfType(from, property.name);
      if (isTable) names.add(property.name);
      const isPart = isTable ? module.always.has(property.name) : own !== undefined;
      if (!own || !isPart) continue;
      const [inner, wanted] = [own, property].map((one) => this.#checker.getTypeOfSymbol(one)) as [ts.Type, ts.Type];
      if (isTable || PARTS.has(property.name)) again(inner, wanted);
      else this.#method(module, property.name, inner, wanted, passage, again);
    }
  }

  /** `has`, `open` as another type has it: it gives what it gives, and takes the names that the type says. */
  #method(
    module: Vocabulary,
    name: string,
    from: ts.Type,
    to: ts.Type,
    passage: Passage,
    again: (inner: ts.Type, wanted: ts.Type) => void,
  ): void {
    if (this.isBlind(to)) {
      passage.lost.add(module);
      return;
    }
    for (const wanted of to.getCallSignatures()) {
      const [own] = from.getCallSignatures().slice(-1);
      if (own) again(own.getReturnType(), wanted.getReturnType());
      const [first] = wanted.getParameters();
      if (!first || !/^(?:has|constant|callback|functionAt|addressOf)$/.test(name)) continue;
      const texts = this.#tables.textsOf(this.#checker.getTypeOfSymbol(first));
      if (!texts) passage.lost.add(module);
      for (const text of texts ?? []) passage.named.get(module)!.add(text);
    }
  }

  #structure(from: ts.Type, to: ts.Type, again: (inner: ts.Type, wanted: ts.Type) => void): void {
    for (const kind of [this.#ts.SignatureKind.Call, this.#ts.SignatureKind.Construct]) {
      const [[own], [wanted]] = [from, to].map((one) => this.#checker.getSignaturesOfType(one, kind).slice(-1)) as [
        ts.Signature[],
        ts.Signature[],
      ];
      if (own && wanted) this.#signature(own, wanted, again);
    }
    const all = to.getStringIndexType();
    const list = to.getNumberIndexType();
    const items = list && (from.getNumberIndexType() ?? from.getStringIndexType());
    if (items) again(items, list);
    // What others declare has members of their own, which their arguments say all of.
    if (this.#isOthers(from)) return;
    const wanted = all ? this.#checker.getPropertiesOfType(from) : this.#checker.getPropertiesOfType(to);
    for (const { name } of wanted) {
      const own = this.#checker.getPropertyOfType(from, name);
      const there = this.#checker.getPropertyOfType(to, name);
      const inner = there ? this.#checker.getTypeOfSymbol(there) : all;
      if (own && inner) again(this.#checker.getTypeOfSymbol(own), inner);
    }
    const rest = from.getStringIndexType();
    if (all && rest) again(rest, all);
  }

  /** What a function gives goes out, what it is called with goes in. */
  #signature(own: ts.Signature, wanted: ts.Signature, again: (inner: ts.Type, wanted: ts.Type) => void): void {
    again(own.getReturnType(), wanted.getReturnType());
    const [takes, gets] = [own, wanted].map((one) => one.getParameters()) as [ts.Symbol[], ts.Symbol[]];
    gets.forEach((given, at) => {
      const parameter = takes[at] ?? takes.at(-1);
      if (!parameter || (!takes[at] && !this.#isRest(parameter))) return;
      const type = this.#checker.getTypeOfSymbol(parameter);
      const isList = this.#isRest(parameter) && !this.#isRest(given);
      again(this.#checker.getTypeOfSymbol(given), (isList ? type.getNumberIndexType() : undefined) ?? type);
    });
  }

  #isRest({ valueDeclaration }: ts.Symbol): boolean {
    return (
      !!valueDeclaration && this.#ts.isParameter(valueDeclaration) && valueDeclaration.dotDotDotToken !== undefined
    );
  }

  /** `{}`: whatever there is. */
  #isEmpty(type: ts.Type): boolean {
    const isObject = (type.flags & this.#ts.TypeFlags.Object) !== 0;
    if (!isObject || type.getProperties().length > 0) return false;
    return [type.getStringIndexType(), type.getNumberIndexType()].every((one) => !one) && this.#isNoFunction(type);
  }

  #isNoFunction(type: ts.Type): boolean {
    return type.getCallSignatures().length + type.getConstructSignatures().length === 0;
  }
}
