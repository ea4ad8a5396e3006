// Api -> Api: what C does with the memory behind each pointer parameter (see model/uses.ts): read it, write it, how much of it, keep it.
// Concluded from types, `const`, names and what the header's comments say; library.json corrects it. Where nothing is sure, nothing is
// said, and the parameter is in-out without an extent: a wrong `out` would lose what C is to read.

import type { Api, FunctionDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import type { FunctionType } from '../model/ctype.ts';
import { isHandleType, opaqueName, type Pointee, pointeeOf } from '../model/pointers.ts';
import { TypeTable } from '../model/types.ts';
import type { Direction, PointerUse } from '../model/uses.ts';
import { keepsCallback } from './callbacks.ts';
import {
  Corrections,
  type HandleCorrections,
  type ParameterCorrections,
  type Spellings,
  withHandles,
} from './corrections.ts';
import { type Length, lengthsOf } from './lengths.ts';
import * as words from './words.ts';

/** What library.json says. */
export interface DirectionOptions {
  readonly parameters?: ParameterCorrections | undefined;
  readonly handles?: HandleCorrections | undefined;
}

export function directions(api: Api, options: DirectionOptions = {}): Api {
  return directionsOfVersions(api, [], options).newest;
}

/** Of a library's newest declarations and of those that older versions have otherwise. What library.json says is about the newest; of the
 *  older ones what fits counts. */
export function directionsOfVersions(
  given: Api,
  olderOnes: readonly Api[],
  { parameters = {}, handles = {} }: DirectionOptions = {},
  spellings: Spellings = new Map(),
): { readonly newest: Api; readonly older: readonly Api[] } {
  const api = withHandles(given, handles);
  const table = new TypeTable(api);
  const handedOut: HandedOut = { objects: objects(api, table), lists: lists(api, table) };
  const corrected = new Corrections(api, table, parameters, spellings);
  const newest = withUses(api, table, handedOut, corrected);
  const older = olderOnes.map((one) => {
    const own = withHandles(one, handles, true);
    const ownTable = new TypeTable(own);
    return withUses(own, ownTable, handedOut, corrected.ofOlder(ownTable));
  });
  corrected.check();
  return { newest, older };
}

function withUses(api: Api, table: TypeTable, handedOut: HandedOut, corrected: Corrections): Api {
  const functions = api.functions.map((d): FunctionDecl => {
    const uses = new Inference(d, table, handedOut).uses();
    for (const [at, use] of corrected.of(d)) uses[at] = use;
    return {
      ...d,
      ...(uses.some((use) => use !== undefined) ? { uses } : {}),
      ...resultAs(corrected.resultOf(d)),
    };
  });
  return { ...api, functions };
}

/** Keys of the records that some function returns a pointer to. */
function objects(api: Api, table: TypeTable): ReadonlySet<string> {
  return new Set(
    api.functions.flatMap(({ type }) => {
      const to = pointeeOf(type.result, table);
      const record = to && table.resolve(to.to);
      return record?.kind === 'record' ? [record.key] : [];
    }),
  );
}

/** The elements of the lists, `T **`, that functions return or write into a `T ***`. */
function lists(api: Api, table: TypeTable): ReadonlySet<string> {
  return new Set(
    api.functions.flatMap(({ type }) => {
      const written = type.parameters.flatMap((p) => pointeeOf(table.passed(p.type), table)?.to ?? []);
      return [type.result, ...written].flatMap((each) => {
        const to = pointeeOf(each, table);
        return to?.kind === 'addresses' ? [elementText(to)] : [];
      });
    }),
  );
}

const elementText = ({ to }: Pointee): string => cDeclaration(to, '');

/** What the library gives out, and may take back. */
interface HandedOut {
  /** Keys of records. */
  readonly objects: ReadonlySet<string>;
  /** Texts of types. */
  readonly lists: ReadonlySet<string>;
}

class Inference {
  readonly #name: string;
  readonly #type: FunctionType;
  /** A map: C's names may be those of Object.prototype. */
  readonly #documented: ReadonlyMap<string, Direction>;
  readonly #table: TypeTable;
  readonly #handedOut: HandedOut;
  readonly #lengths: ReadonlyMap<number, Length>;
  readonly #pointees: readonly (Pointee | undefined)[];
  readonly #takesData: boolean;
  readonly #isAsync: boolean;

  constructor({ name, type, documented }: FunctionDecl, table: TypeTable, handedOut: HandedOut) {
    this.#name = name;
    this.#type = type;
    this.#documented = new Map(Object.entries(documented ?? {}));
    this.#table = table;
    this.#handedOut = handedOut;
    this.#lengths = lengthsOf(type.parameters, table);
    this.#pointees = type.parameters.map((p) => pointeeOf(table.passed(p.type), table));
    this.#takesData = this.#pointees.some((to) => to?.kind === 'function' && this.#isHandedData(to));
    const completes = type.parameters.some((p) => p.type.kind === 'typedef' && /completion/i.test(p.type.name));
    this.#isAsync = (completes || words.isAsync(name)) && !words.isMaker(name);
  }

  uses(): (PointerUse | undefined)[] {
    const uses = this.#pointees.map((to, at) => to && this.#use(to, at));
    // What says how much there is, in memory of its own, is read and written.
    for (const [at, length] of this.#lengths) {
      if (!length.isPointer || !uses[at]?.extent) continue;
      uses[length.parameter] = { ...kept(uses[at]), direction: 'inout' };
    }
    return uses;
  }

  #use(to: Pointee, at: number): PointerUse | undefined {
    const { name = '' } = this.#type.parameters[at]!;
    switch (to.kind) {
      case 'function':
        return keepsCallback(this.#name, this.#type.parameters, at, this.#table) ? { kept: true } : undefined;
      case 'void':
        return this.#memoryOrData(to, at, name);
      case 'text':
      case 'bytes':
        return this.#memory(to, at, name);
      case 'numbers':
        return this.#numbers(to, at, name);
      case 'addresses':
        return this.#addresses(to, at, name);
      case 'record':
        return this.#record(to, at, name);
      case 'opaque':
        return undefined;
    }
  }

  #memoryOrData(to: Pointee, at: number, name: string): PointerUse | undefined {
    if (this.#isHandle(at)) return undefined;
    if (!to.isConst && words.isUserData(name, this.#takesData)) return { user: true };
    const use = this.#memory(to, at, name);
    return use?.extent || use?.address || this.#documented.get(name) ? use : undefined;
  }

  #memory(to: Pointee, at: number, name: string): PointerUse | undefined {
    const extent = this.#extent(to, at);
    if (to.isConst) return extent || to.kind === 'bytes' ? { direction: 'in', ...extent, ...this.#kept() } : undefined;
    if (!extent && words.isFreer(this.#name)) return { address: true };
    const said = this.#documented.get(name) ?? (this.#saysOut(name) ? 'out' : undefined);
    const direction = said ?? (extent && words.isReader(this.#name) ? 'out' : 'inout');
    return { direction, ...extent, ...this.#kept() };
  }

  #numbers(to: Pointee, at: number, name: string): PointerUse {
    const extent = this.#extent(to, at);
    if (to.isConst) return { direction: 'in', ...extent, ...this.#kept() };
    const fills = words.tellsVersion(this.#name) || (at > 0 && words.isFiller(this.#name));
    const isAnswer = this.#saysOut(name) || (fills && !extent && !words.mayBeRead(name) && !words.isPlural(name));
    return { direction: this.#documented.get(name) ?? (isAnswer ? 'out' : 'inout'), ...extent, ...this.#kept() };
  }

  #addresses(to: Pointee, at: number, name: string): PointerUse {
    const extent = this.#extent(to, at);
    if (to.isConst) return { direction: 'in', ...extent, ...this.#kept() };
    const isTakenBack = words.takesBack(this.#name);
    if (isTakenBack && !this.#documented.get(name) && this.#handedOut.lists.has(elementText(to)))
      return { address: true };
    // A length that C writes is that of what it hands out; a plain one is how many there are.
    const own = this.#lengths.get(at)?.isPointer ? undefined : extent;
    const isText = this.#elementIsConstText(to);
    if (own && isText && words.saysArguments(name)) return { direction: 'in', ...own, ...this.#kept() };
    const makes = words.isMaker(this.#name) && !isTakenBack && !isText && !own;
    const isAnswer = this.#saysOut(name) || (makes && !words.mayBeRead(name) && !words.isPlural(name));
    return { direction: this.#documented.get(name) ?? (isAnswer ? 'out' : 'inout'), ...own, ...this.#kept() };
  }

  #record(to: Pointee, at: number, name: string): PointerUse | undefined {
    const record = this.#table.resolve(to.to);
    const isObject = record.kind === 'record' && this.#handedOut.objects.has(record.key);
    if (isObject && words.isFreer(this.#name)) return { address: true };
    const extent = this.#extent(to, at);
    if (to.isConst) return { direction: 'in', ...extent, ...this.#kept() };
    // A value of any type has to be given its type first: GValue and its like.
    const isFilled = words.isFiller(this.#name) && at > 0 && !isObject && !words.mayBeRead(name) && name !== 'value';
    const isAnswer = this.#saysOut(name) || isFilled;
    const direction = this.#documented.get(name) ?? (isAnswer ? 'out' : extent ? 'inout' : undefined);
    return direction && { direction, ...extent, ...this.#kept() };
  }

  #extent(to: Pointee, at: number): Pick<PointerUse, 'extent'> | undefined {
    if (to.length !== undefined) return { extent: { count: to.length } };
    const length = this.#lengths.get(at);
    return length && { extent: { parameter: length.parameter, unit: 'elements' } };
  }

  /** What is taken back is no answer, whatever its name. */
  #saysOut(name: string): boolean {
    return words.saysOut(name) && !words.takesBack(this.#name);
  }

  #kept(): { kept?: true } {
    return this.#isAsync ? { kept: true } : {};
  }

  #isHandle(at: number): boolean {
    const { type } = this.#type.parameters[at]!;
    const declaration = type.kind === 'typedef' ? this.#table.typedef(type.name) : undefined;
    return declaration !== undefined && isHandleType(declaration, this.#table);
  }

  #elementIsConstText(to: Pointee): boolean {
    const element = pointeeOf(to.to, this.#table);
    return element?.kind === 'text' && element.isConst;
  }

  /** A callback that is handed a pointer to whatever its maker wants. */
  #isHandedData(to: Pointee): boolean {
    const callback = this.#table.resolve(to.to);
    if (callback.kind !== 'function') return false;
    return callback.parameters.some((p) => {
      const data = pointeeOf(p.type, this.#table);
      return data?.kind === 'void' && !data.isConst && opaqueName(data.to, this.#table) === undefined;
    });
  }
}

function kept(use: PointerUse | undefined): { kept?: true } {
  return use?.kept ? { kept: true } : {};
}

const resultAs = (how: FunctionDecl['resultAs']): Pick<FunctionDecl, 'resultAs'> => (how ? { resultAs: how } : {});
