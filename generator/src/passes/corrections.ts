// In: what library.json says of parameters. Out: the uses of a function's parameters that it overrules. A function, a parameter or a
// pattern that the headers do not have is an error, and so is a use that its parameter cannot have.

import type { Api, FunctionDecl } from '../model/api.ts';
import { didYouMean } from '../model/near.ts';
import { parameterAt, parameterNames } from '../model/parameter-names.ts';
import { type Pointee, pointeeOf } from '../model/pointers.ts';
import { TypeTable } from '../model/types.ts';
import { type PointerUse, useFromText, useProblem } from '../model/uses.ts';

/** `{ rbd_read: { buf: 'out[len]' }, 'iscsi_*_task': { private_data: 'user' } }`; of several that match, later ones count. `return` is
 *  the result: a `const char *` can be an `address`, a `char *` that is not the caller's to free a `string`. */
export type ParameterCorrections = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The names that versions of a library give the parameters of a function, by its name. An entry may have any of them. */
export type Spellings = ReadonlyMap<string, readonly (readonly (string | undefined)[])[]>;

/** The result's place among the parameters: a word that cannot name one. */
const RESULT = 'return';

/** What is wrong with `parameters` in a configuration. */
export class CorrectionError extends Error {}

interface Entry {
  readonly pattern: string;
  readonly regexp: RegExp;
  readonly parameters: ReadonlyMap<string, string>;
  /** Names of its parameters that some function has. */
  readonly met: Set<string>;
  /** The parameters, as the module shows them, of the functions that it is about. */
  readonly shown: Set<string>;
  isMet: boolean;
}

export class Corrections {
  readonly #table: TypeTable;
  readonly #exact: Map<string, Entry>;
  readonly #patterns: Entry[];
  readonly #library: string;
  readonly #functions: readonly string[];
  readonly #spellings: Spellings;
  /** Whether what does not fit is passed over: the entries are about newer declarations. */
  readonly #isOlder: boolean = false;

  constructor(
    api: Api | Corrections,
    table: TypeTable,
    corrections: ParameterCorrections = {},
    spellings: Spellings = new Map(),
  ) {
    this.#table = table;
    this.#spellings = spellings;
    if (api instanceof Corrections) {
      this.#spellings = api.#spellings;
      this.#library = api.#library;
      this.#functions = api.#functions;
      this.#exact = api.#exact;
      this.#patterns = api.#patterns;
      this.#isOlder = true;
      return;
    }
    this.#exact = new Map();
    this.#patterns = [];
    this.#library = api.library;
    this.#functions = api.functions.map(({ name }) => name);
    for (const [pattern, parameters] of Object.entries(corrections)) {
      const regexp = new RegExp(`^${pattern.replaceAll(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`);
      for (const [name, text] of Object.entries(parameters)) {
        const wrong = useProblem(text);
        if (wrong) this.#fail(`${pattern}.${name}`, wrong);
      }
      const entry = {
        pattern,
        regexp,
        parameters: new Map(Object.entries(parameters)),
        met: new Set<string>(),
        shown: new Set<string>(),
        isMet: false,
      };
      if (pattern.includes('*')) this.#patterns.push(entry);
      else this.#exact.set(pattern, entry);
    }
  }

  /** The same entries for the declarations of an older version; what fits nothing but these is no error. */
  ofOlder(table: TypeTable): Corrections {
    return new Corrections(this, table);
  }

  /** Patterns first, then what names the function itself. */
  of(d: FunctionDecl): readonly (readonly [parameter: number, use: PointerUse])[] {
    return this.#entries(d).flatMap((entry) => this.#apply(entry, d));
  }

  /** How its result is given, where that is not what its type says. */
  resultOf(d: FunctionDecl): FunctionDecl['resultAs'] {
    return this.#entries(d)
      .filter(({ parameters }) => parameters.has(RESULT))
      .map((entry) => this.#applyToResult(entry, d))
      .findLast(Boolean);
  }

  #entries({ name }: FunctionDecl): readonly Entry[] {
    const exact = this.#exact.get(name);
    return [...this.#patterns.filter(({ regexp }) => regexp.test(name)), ...(exact ? [exact] : [])];
  }

  /** Throws where something has corrected nothing. */
  check(): void {
    for (const { pattern, parameters, met, shown, isMet } of [...this.#exact.values(), ...this.#patterns]) {
      if (!isMet) this.#fail(pattern, `the headers declare no such function${didYouMean(pattern, this.#functions)}`);
      for (const name of parameters.keys()) {
        if (met.has(name)) continue;
        const what = pattern.includes('*')
          ? `no function has a parameter that this fits${didYouMean(name, shown)}`
          : `there is no such parameter; ${shown.size ? `it has ${[...shown].join(', ')}` : 'it has none'}`;
        this.#fail(`${pattern}.${name}`, what);
      }
    }
  }

  #apply(entry: Entry, { name: called, type }: FunctionDecl): readonly (readonly [number, PointerUse])[] {
    entry.isMet = true;
    const own = type.parameters.map((p) => p.name);
    const spellings = (this.#spellings.get(called) ?? []).filter(({ length }) => length === own.length);
    for (const name of parameterNames(own)) entry.shown.add(name);
    return [...entry.parameters].flatMap(([name, text]): (readonly [number, PointerUse])[] => {
      const names = [own, ...spellings].find((list) => parameterAt(list, name) >= 0);
      if (!names) return [];
      const at = parameterAt(names, name);
      const to = pointeeOf(this.#table.passed(type.parameters[at]!.type), this.#table);
      const use = useFromText(text, names);
      const wrong = typeof use === 'string' ? use : misfit(use, to);
      // A pattern is about those that it fits.
      if (wrong && (this.#isOlder || entry.pattern.includes('*'))) return [];
      if (wrong) this.#fail(`${entry.pattern}.${name}`, `'${text}': ${wrong}`);
      entry.met.add(name);
      return [[at, use as PointerUse]];
    });
  }

  #applyToResult(entry: Entry, { type }: FunctionDecl): FunctionDecl['resultAs'] {
    const to = pointeeOf(type.result, this.#table);
    const how = to?.kind === 'text' ? (to.isConst ? 'address' : 'string') : undefined;
    if (how !== undefined && entry.parameters.get(RESULT) === how) {
      entry.met.add(RESULT);
      return how;
    }
    if (this.#isOlder || entry.pattern.includes('*')) return undefined;
    return this.#fail(
      `${entry.pattern}.${RESULT}`,
      "all that can be said of a result is that a 'const char *' is an 'address', and a 'char *' that stays C's a 'string'",
    );
  }

  #fail(where: string, what: string): never {
    throw new CorrectionError(`${this.#library}: \`parameters.${where}\`: ${what}`);
  }
}

/** Why a parameter of this kind cannot have such a use. */
function misfit(use: PointerUse, to: Pointee | undefined): string | undefined {
  if (to === undefined) return 'the parameter is no pointer';
  const { kind } = to;
  if (to.isConst && (use.direction === 'out' || use.direction === 'inout')) return 'C cannot write what is const';
  const isCalled = use.direction === 'in' && !use.extent && !use.kept;
  if (kind === 'function' && ((use.direction && !isCalled) || use.address || use.user || use.string))
    return "a function pointer can only be 'kept', or 'in' where C calls it until the function returns";
  if (use.string && kind !== 'text') return "only a 'char *' is a string";
  if (use.string && (use.kept || use.extent || use.direction === 'out' || use.direction === 'inout'))
    return "a string is copied for the call: it is 'in string', without an extent, and not kept";
  if (use.user && (kind !== 'void' || use.direction))
    return "only a 'void *' is the user's, and C does not look behind it";
  if (kind === 'opaque' && use.direction) return 'only the library knows what it points to';
  return undefined;
}

/** Which `typedef void *` are handles, where it is not as their names let one think: `{ case_options_t: false }`. */
export type HandleCorrections = Readonly<Record<string, boolean>>;

/** The Api with what library.json says of its handles. An older version may lack some. */
export function withHandles(api: Api, handles: HandleCorrections, isOlder = false): Api {
  const table = new TypeTable(api);
  for (const name of isOlder ? [] : Object.keys(handles)) {
    const declared = table.typedef(name);
    const where = `${api.library}: \`handles.${name}\``;
    if (!declared) throw new CorrectionError(`${where}: the headers define no such type`);
    if (pointeeOf(declared.type, table)?.kind !== 'void')
      throw new CorrectionError(`${where}: only a 'typedef void *' can be a handle`);
  }
  const typedefs = api.typedefs.map((d) => (Object.hasOwn(handles, d.name) ? { ...d, handle: handles[d.name]! } : d));
  return { ...api, typedefs };
}
