// In: what a driver's sources use of a shim, and which versions of the library have that. Out: the versions that they run on, and what is
// wrong: used without a check where some version lacks it, asked for in vain, gone or deprecated.

import type { Guard, ShimUse, SourcePlace, Use } from './use.ts';

export type Sort = 'function' | 'constant' | 'member' | 'feature';

/** What is known of a library's versions, as indexes into `versions`, oldest first. */
export interface LibraryFacts {
  readonly versions: readonly string[];
  /** The versions that have it; undefined where that is not known. */
  readonly having: (sort: Sort, name: string) => ReadonlySet<number> | undefined;
  /** The versions in which a constant has another value than in the shim's module. */
  readonly changed: (constant: string) => ReadonlySet<number>;
  /** Why a function is deprecated, or that it is; undefined for one that is not. */
  readonly deprecated: (name: string) => string | undefined;
}

export type Rule =
  | 'unguarded'
  | 'below-baseline'
  | 'absent-constant'
  | 'changed-constant'
  | 'absent-member'
  | 'any'
  | 'unused-feature'
  | 'deprecated'
  | 'removed';

export interface Problem {
  readonly rule: Rule;
  /** An error fails on some version; a warning is worth a look. */
  readonly severity: 'error' | 'warning';
  readonly library: string;
  readonly name: string;
  readonly message: string;
  readonly place: SourcePlace;
}

/** A function, constant or member that is used, with all its places. */
export interface UsedName {
  readonly name: string;
  readonly kind: Use['kind'];
  /** `required`: every version that the shim fits has it. `guarded`: used where it is known to be there. */
  readonly state: 'required' | 'guarded' | 'unguarded';
  /** `has('writesame')`, `check`, `?.`, `require`, `inspect`. */
  readonly guards: readonly string[];
  /** In words; undefined where it is not known, or all have it. */
  readonly versions?: string;
  readonly places: readonly SourcePlace[];
}

export interface ShimReport {
  readonly library: string;
  readonly specifier: string;
  readonly module: string;
  readonly known?: { readonly versions: number; readonly oldest: string; readonly newest: string };
  /** What is judged against: the oldest version that the sources are meant to run on. */
  readonly baseline?: string;
  /** The oldest known version that has all that is used without a check, with what asks for that one; undefined where none has, or it is
   *  not known. */
  readonly lowest?: { readonly version: string; readonly because: readonly string[] };
  /** The last known version that has it too, with what the next one lacks; undefined where all newer ones have it. */
  readonly highest?: { readonly version: string; readonly because: readonly string[] };
  /** The shim's own baseline, where it refuses versions that are otherwise in question: older ones than it. */
  readonly refusedBefore?: string;
  /** Why there is no lowest version, where it is known. */
  readonly impossible?: string;
  readonly used: readonly UsedName[];
  readonly features: readonly string[];
  /** Modules with declarations only, which use the shim as well: what these need is not told here. */
  readonly unseen: readonly string[];
  readonly problems: readonly Problem[];
}

/** Forms that fail where the thing is not there. */
const BOLD: ReadonlySet<Use['form']> = new Set(['assertion', 'cast', 'call', 'named', 'write']);

export class Judge {
  readonly #shim: ShimUse;
  readonly #facts: LibraryFacts | undefined;
  readonly #from: number;
  readonly #isAsked: boolean;
  readonly #own: number;

  /** `own`: the index of the shim's baseline; `asked`: of the one that was asked for. */
  constructor(shim: ShimUse, facts: LibraryFacts | undefined, own: number, asked?: number) {
    this.#shim = shim;
    this.#facts = facts;
    this.#own = own;
    this.#from = asked ?? own;
    this.#isAsked = asked !== undefined;
  }

  report(): ShimReport {
    const { library, specifier, module, uses, unseen } = this.#shim;
    const versions = this.#facts?.versions ?? [];
    const things = uses.filter(({ kind }) => kind !== 'feature' && kind !== 'table');
    const used = byName(things).map((list) => this.#usedName(list));
    return {
      library,
      specifier,
      module,
      ...(versions.length > 0
        ? {
            known: { versions: versions.length, oldest: versions[0]!, newest: versions.at(-1)! },
            baseline: versions[this.#from]!,
          }
        : {}),
      ...this.#lowest(things),
      used,
      features: [...new Set(uses.filter(({ kind }) => kind === 'feature').map(({ name }) => name))],
      unseen,
      problems: uses.flatMap((use) => this.#problems(use)).sort(byPlace),
    };
  }

  #usedName(list: readonly Use[]): UsedName {
    const [{ name, kind }] = list as [Use];
    const having = this.#having(list[0]!);
    const isUnguarded = list.some((use) => this.#isUnguarded(use));
    const state =
      kind === 'required'
        ? 'required'
        : isUnguarded
          ? 'unguarded'
          : this.#isEverywhere(having)
            ? 'required'
            : 'guarded';
    const words = having && !this.#isAlways(having) ? { versions: this.#words(having) } : {};
    return {
      name,
      kind,
      state,
      guards: [...new Set(list.flatMap((use) => this.#guardWords(use)))],
      ...words,
      places: list.map(({ place }) => place),
    };
  }

  /** The oldest version that has all that has to be there, and how long that goes on; whatever the baseline is. */
  #lowest(things: readonly Use[]): Pick<ShimReport, 'lowest' | 'highest' | 'impossible' | 'refusedBefore'> {
    const versions = this.#facts?.versions ?? [];
    const needed = byName(things)
      .filter((list) => list.some((use) => this.#isNeeded(use, 0)))
      .flatMap((list) => {
        const having = this.#having(list[0]!);
        return having ? [{ name: list[0]!.name, having }] : [];
      });
    if (versions.length === 0) return {};
    const lacking = versions.map((_, at) => needed.filter(({ having }) => !having.has(at)).map(({ name }) => name));
    const lowest = lacking.findIndex((names) => names.length === 0);
    if (lowest < 0) {
      const fewest = [...lacking].sort((x, y) => x.length - y.length)[0]!;
      const nearest = versions[lacking.indexOf(fewest)];
      return { impossible: `no known version has all of it: ${nearest} lacks ${some(fewest)}` };
    }
    const end = lacking.findIndex((names, at) => at > lowest && names.length > 0);
    const isRefused = Math.min(lowest, this.#from) < this.#own;
    return {
      lowest: { version: versions[lowest]!, because: lacking[lowest - 1] ?? [] },
      ...(end < 0 ? {} : { highest: { version: versions[end - 1]!, because: lacking[end]! } }),
      ...(isRefused ? { refusedBefore: versions[this.#own]! } : {}),
    };
  }

  #isNeeded(use: Use, from = this.#from): boolean {
    return use.kind === 'required' || use.form === 'require' || this.#isUnguarded(use, from);
  }

  /** Whether it fails on a version, of those from one on, that lacks it. */
  #isUnguarded(use: Use, from = this.#from): boolean {
    if (use.kind === 'required' || use.form === 'require' || use.kind === 'feature' || use.kind === 'table')
      return false;
    const having = this.#having(use);
    const isBold =
      BOLD.has(use.form) || (use.kind === 'constant' || use.kind === 'member' ? use.form === 'plain' : false);
    if (!isBold) return false;
    // A constant of which nothing is known has always been there.
    if (use.kind !== 'weak' && (!having || this.#isEverywhere(having, from))) return false;
    return !use.guards.some((guard) => this.#covers(guard, use, having, from));
  }

  #problems(use: Use): Problem[] {
    const { kind, name } = use;
    if (kind === 'table') {
      return [
        this.#problem(
          use,
          'any',
          'error',
          `\`${name}\` is any here: what is used of ${this.#shim.library} through it cannot be checked`,
        ),
      ];
    }
    if (kind === 'feature') return this.#unusedFeature(use);
    const having = this.#having(use);
    const words = having ? this.#words(having) : '';
    const found: Problem[] = [];
    if (this.#isUnguarded(use) && !this.#isEverywhere(having)) found.push(this.#unguarded(use, words));
    else if (this.#isAsked && this.#isNeeded(use) && having && !this.#isEverywhere(having)) {
      const why = use.form === 'require' ? 'open() asks for it' : 'the shim requires it';
      found.push(
        this.#problem(
          use,
          'below-baseline',
          'error',
          `${name} is there ${words}, and ${why}: other versions are refused`,
        ),
      );
    }
    if (kind === 'constant') found.push(...this.#changedConstant(use));
    const deprecated = kind === 'required' || kind === 'weak' ? this.#facts?.deprecated(name) : undefined;
    if (deprecated !== undefined) {
      found.push(
        this.#problem(use, 'deprecated', 'warning', `${name} is deprecated${deprecated ? `: ${deprecated}` : ''}`),
      );
    }
    return found;
  }

  #changedConstant(use: Use): Problem[] {
    const changed = new Set([...(this.#facts?.changed(use.name) ?? [])].filter((at) => at >= this.#from));
    const isGuard = (guard: Guard): boolean => {
      const where = this.#whereHolds(guard);
      return where !== undefined && ![...where].some((at) => changed.has(at));
    };
    if (changed.size === 0 || use.guards.some(isGuard)) return [];
    const message = `${use.name} has another value ${this.#words(changed)} than the module's: constant('${use.name}') of what open() returns has that of the installed version`;
    return [this.#problem(use, 'changed-constant', 'error', message)];
  }

  #unguarded(use: Use, words: string): Problem {
    const { kind, name, form } = use;
    if (kind === 'constant') {
      const message = `${name} is there ${words}, and stands here without a check: other versions do not know its value`;
      return this.#problem(use, 'absent-constant', 'error', message);
    }
    if (kind === 'member') {
      const message = `${name} is there ${words}, and is used here without a check`;
      return this.#problem(use, 'absent-member', 'error', message);
    }
    const isGone = words !== '' && !this.#having(use)?.has(this.#facts!.versions.length - 1);
    const features = [...this.#shim.features].filter(([, names]) => names.includes(name)).map(([feature]) => feature);
    const ask = features.length > 0 ? `has('${features[0]}')` : `whether \`fn.${name}\` is undefined`;
    const since = words ? `is there ${words}` : 'may be missing';
    const message = `${name} ${since}, and is used here ${FORMS[form] ?? 'without a check'}: ask ${ask} first, or open({ require: ['${name}'] })`;
    return this.#problem(use, isGone ? 'removed' : 'unguarded', 'error', message);
  }

  /** Asked for, and nothing is done with the answer that it could be for. */
  #unusedFeature(use: Use): Problem[] {
    const functions = this.#shim.features.get(use.name) ?? [];
    const isUsed = this.#shim.uses.some(({ kind, name }) => kind !== 'feature' && functions.includes(name));
    if (functions.length === 0 || isUsed) return [];
    const message = `'${use.name}' is asked for, and none of its functions is used: ${some(functions)}`;
    return [this.#problem(use, 'unused-feature', 'warning', message)];
  }

  #problem({ name, place }: Use, rule: Rule, severity: Problem['severity'], message: string): Problem {
    return { rule, severity, library: this.#shim.library, name, message, place };
  }

  #covers(guard: Guard, { name }: Use, having: ReadonlySet<number> | undefined, from = this.#from): boolean {
    if (guard.name === name) return true;
    if (guard.feature !== undefined && this.#shim.features.get(guard.feature)?.includes(name)) return true;
    const where = this.#whereHolds(guard);
    // What nothing is known of is taken for what it is there for.
    if (!where)
      return (
        having !== undefined && guard.feature !== undefined && this.#shim.features.get(guard.feature)?.length === 0
      );
    return having !== undefined && [...where].every((at) => at < from || having.has(at));
  }

  #whereHolds({ feature, name }: Guard): ReadonlySet<number> | undefined {
    if (feature !== undefined) return this.#facts?.having('feature', feature);
    return name === undefined ? undefined : this.#facts?.having(name.includes('.') ? 'member' : 'function', name);
  }

  #having({ kind, name }: Use): ReadonlySet<number> | undefined {
    return this.#facts?.having(kind === 'constant' || kind === 'member' ? kind : 'function', name);
  }

  /** In every version from the baseline on. */
  #isEverywhere(having: ReadonlySet<number> | undefined, from = this.#from): boolean {
    if (!having) return false;
    return this.#facts!.versions.every((_, at) => at < from || having.has(at));
  }

  #isAlways(having: ReadonlySet<number>): boolean {
    return having.size === this.#facts!.versions.length;
  }

  #words(having: ReadonlySet<number>): string {
    return versionWords(having, this.#facts!.versions);
  }

  #guardWords(use: Use): string[] {
    const having = this.#having(use);
    const covering = use.guards.filter((guard) => this.#covers(guard, use, having));
    const words = covering.map(({ by, feature }) => (feature === undefined ? by : `${by}('${feature}')`));
    if (use.form === 'optional') words.push('?.');
    if (use.form === 'check') words.push('check');
    if (use.form === 'require') words.push('require');
    return words.length === 0 && use.kind === 'weak' && use.form === 'plain' ? ['its type'] : words;
  }
}

const FORMS: Partial<Record<Use['form'], string>> = {
  assertion: 'behind `!`',
  cast: 'behind `as`',
  call: 'without a check',
  named: 'by its name',
};

/** `since 1.5.0`, `until 1.8.0`, `from 1.2.0 to 1.4.0 and since 1.6.0`. */
export function versionWords(having: ReadonlySet<number>, versions: readonly string[]): string {
  const ranges: [number, number][] = [];
  for (let at = 0; at < versions.length; at += 1) {
    if (!having.has(at)) continue;
    const last = ranges.at(-1);
    if (last?.[1] === at - 1) last[1] = at;
    else ranges.push([at, at]);
  }
  if (ranges.length === 0) return 'in no known version';
  const words = ranges.map(([first, last]) => {
    if (last === versions.length - 1) return first === 0 ? 'always' : `since ${versions[first]}`;
    if (first === 0) return `until ${versions[last]}`;
    return first === last ? `in ${versions[first]}` : `from ${versions[first]} to ${versions[last]}`;
  });
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : words[0]!;
}

function byName(uses: readonly Use[]): readonly (readonly Use[])[] {
  const found = new Map<string, Use[]>();
  for (const use of uses) {
    const key = `${use.kind} ${use.name}`;
    found.set(key, [...(found.get(key) ?? []), use]);
  }
  return [...found.values()].sort(([x], [y]) => (x!.name < y!.name ? -1 : 1));
}

function byPlace({ place: x }: Problem, { place: y }: Problem): number {
  return x.file < y.file ? -1 : x.file > y.file ? 1 : x.line - y.line || x.column - y.column;
}

function some(names: readonly string[], most = 4): string {
  return names.length > most + 1
    ? `${names.slice(0, most).join(', ')} and ${names.length - most} more`
    : names.join(', ');
}
