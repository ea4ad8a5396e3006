// In: what a shim's module says of its library, and what is needed of it. Out: the files that serve, each with the versions and the packages that it
// takes. Follows the contract (runtime/src/contract/descriptor.ts).

import { compareVersions, isVersion } from '../history/compare.ts';
import { rangesFromText } from '../history/ranges.ts';
import type { LibraryFile } from './dependency.ts';

type Gate = readonly string[] | GateConditions;

interface GateConditions {
  readonly symbols?: readonly string[];
  readonly versions?: string;
  readonly reported?: string;
  readonly facts?: Readonly<Record<string, string>>;
  readonly any?: readonly Gate[];
  readonly not?: Gate;
}

/** As much of a descriptor as is asked for. */
export interface ShimFacts {
  readonly library: string;
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly packages: Readonly<Record<string, string>>;
  readonly filePackages?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly required: Readonly<Record<string, unknown>>;
  readonly symbols?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly features: Readonly<Record<string, Gate>>;
  readonly alternatives?: Readonly<Record<string, { readonly versions: string }>>;
  readonly history?: {
    readonly versions: readonly string[];
    readonly baseline: string;
    readonly reported?: readonly (string | null)[];
    readonly sonames?: readonly (readonly string[])[];
    readonly symbols: Readonly<Record<string, readonly string[]>>;
  };
}

/** Names as they stand in fields and tags, which end with a line: of libraries and their files; of Debian's packages (Debian Policy, 5.6.1);
 *  and of those of others, who have their own rules. */
const NAMES = {
  file: /^[\p{L}\p{N}_.+@:~/-]+$/u,
  debian: /^[a-z0-9][a-z0-9+.-]+$/,
  other: /^[^\p{Cc}\u2028\u2029]+$/u,
};

/** What a shim says that no package could, in words: text that is no name would be written as one. */
export function misnamed({ library, files, packages, filePackages = {}, history }: ShimFacts): string | undefined {
  const wrong = (texts: readonly string[], name: RegExp, what: string): string[] =>
    texts.filter((text) => !name.test(text)).map((text) => `${JSON.stringify(text)} is no ${what}`);
  const found = [
    ...wrong([library], NAMES.file, 'name of a library'),
    ...wrong(files[PLATFORM] ?? [], NAMES.file, "name of a library's file"),
    ...[...Object.entries(packages), ...Object.entries(filePackages)].flatMap(([distribution, said]) => [
      ...wrong([distribution], NAMES.file, 'name of a distribution'),
      ...wrong(
        typeof said === 'string' ? [said] : Object.values(said).flat(),
        distribution === 'debian' ? NAMES.debian : NAMES.other,
        `name of a package (${distribution})`,
      ),
    ]),
    ...(history?.versions ?? [])
      .filter((text) => !isVersion(text))
      .map((text) => `${JSON.stringify(text)} is no version`),
  ];
  return found[0];
}

/** What packages are of: files of other systems are none of a distribution's. */
const PLATFORM = 'linux';

/** The files of which some version has everything that is needed, in the shim's order; none where no known version has. Without a history every file serves.
 *  What is not known of a version is no reason against it. */
export function filesThatServe(shim: ShimFacts, needed: readonly string[]): readonly LibraryFile[] {
  const serves = shim.history ? versionsThatServe(shim, shim.history, needed) : [];
  return (shim.files[PLATFORM] ?? []).flatMap((soname) => {
    const packages = packagesOf(shim, soname);
    const limits = shim.history ? limitsOf(soname, shim.history, serves) : {};
    return limits ? [{ soname, packages, ...limits }] : [];
  });
}

/** The packages that the shim names for a file, or for all: these have the first one. */
function packagesOf({ files, packages, filePackages = {} }: ShimFacts, soname: string): LibraryFile['packages'] {
  const isFirst = files[PLATFORM]?.[0] === soname;
  const distributions = [...new Set([...Object.keys(packages), ...Object.keys(filePackages)])];
  const lists = distributions.map((name): [string, readonly string[]] => {
    const general = isFirst && packages[name] !== undefined ? [packages[name]] : [];
    return [name, filePackages[name]?.[soname] ?? general];
  });
  return Object.fromEntries(lists.filter(([, list]) => list.length > 0));
}

type History = NonNullable<ShimFacts['history']>;

/** Of a file, in which versions it serves, as far as its name does not say that; undefined where it never does. */
function limitsOf(
  soname: string,
  { versions, sonames = [] }: History,
  serves: readonly boolean[],
): Pick<LibraryFile, 'from' | 'before'> | undefined {
  // A name that no version is known by is one that distributions give: any version may have it.
  const isKnown = sonames.some((list) => list.includes(soname));
  const named = versions.map((_, at) => !isKnown || !sonames[at]?.length || sonames[at].includes(soname));
  const first = versions.findIndex((_, at) => named[at] && serves[at]);
  if (first < 0) return undefined;
  const last = versions.findLastIndex((_, at) => named[at] && serves[at]);
  const hasOlder = first === 0 || named.slice(0, first).includes(true);
  const newer = versions.findIndex((_, at) => at > last && named[at]);
  return {
    ...(hasOlder ? { from: versions[first]! } : {}),
    ...(newer < 0 ? {} : { before: versions[newer]! }),
  };
}

/** By known version, since the baseline. */
function versionsThatServe(shim: ShimFacts, history: History, needed: readonly string[]): readonly boolean[] {
  const facts = new VersionFacts(shim, history);
  return history.versions.map(
    (version, at) =>
      compareVersions(version, history.baseline) >= 0 && needed.every((name) => facts.has(name, at) !== false),
  );
}

/** Undefined: not known. */
type Verdict = boolean | undefined;

class VersionFacts {
  readonly #shim: ShimFacts;
  readonly #history: History;
  readonly #ranges: ReadonlyMap<string, ReadonlySet<number>>;

  constructor(shim: ShimFacts, history: History) {
    this.#shim = shim;
    this.#history = history;
    const lists = Object.entries(history.symbols);
    this.#ranges = new Map(lists.flatMap(([text, symbols]) => symbols.map((one) => [one, this.#within(text)])));
  }

  /** A feature's name, or a function's. */
  has(name: string, at: number): Verdict {
    const gate = Object.hasOwn(this.#shim.features, name) ? this.#shim.features[name] : undefined;
    return gate ? this.#gate(gate, at) : this.#symbol(name, at);
  }

  #gate(gate: Gate, at: number): Verdict {
    if (isList(gate)) return all(gate.map((name) => this.#symbol(name, at)));
    const { symbols = [], versions, reported, facts = {}, any, not } = gate;
    const verdicts = symbols.map((name) => this.#symbol(name, at));
    verdicts.push(...Object.values(facts).map((text) => this.#within(text).has(at)));
    const version = this.#history.versions[at]!;
    if (versions !== undefined) verdicts.push(meets(version, versions));
    if (reported !== undefined) {
      const told = this.#history.reported ? this.#history.reported[at] : version;
      verdicts.push(typeof told === 'string' ? meets(told, reported) : undefined);
    }
    if (any) verdicts.push(inverse(all(any.map((one) => inverse(this.#gate(one, at))))));
    if (not) verdicts.push(inverse(this.#gate(not, at)));
    return all(verdicts);
  }

  #symbol(name: string, at: number): Verdict {
    const alternative = this.#shim.alternatives?.[name];
    if (alternative) return this.#within(alternative.versions).has(at);
    const renamed = this.#shim.symbols?.[name];
    const symbol = typeof renamed === 'object' ? (Object.values(renamed)[0] ?? name) : (renamed ?? name);
    const known = this.#ranges.get(symbol);
    if (known) return known.has(at);
    return Object.hasOwn(this.#shim.required, name) ? true : undefined;
  }

  #within(text: string): ReadonlySet<number> {
    const { versions } = this.#history;
    return new Set(rangesFromText(text, [...versions.keys()], (at) => versions[at]!));
  }
}

function isList(gate: Gate): gate is readonly string[] {
  return Array.isArray(gate);
}

function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

function inverse(verdict: Verdict): Verdict {
  return verdict === undefined ? undefined : !verdict;
}

/** `>=1.9.3 <6.0.0`. */
function meets(version: string, conditions: string): Verdict {
  return all(
    conditions
      .trim()
      .split(/\s+/)
      .map((condition) => {
        const [, operator, limit = ''] = /^(>=|<=|>|<|==?)(.+)$/.exec(condition) ?? [];
        const order = compareVersions(version, limit);
        if (operator === '>=') return order >= 0;
        if (operator === '<=') return order <= 0;
        if (operator === '>') return order > 0;
        if (operator === '<') return order < 0;
        return operator === undefined ? undefined : order === 0;
      }),
  );
}
