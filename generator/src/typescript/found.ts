// In: what is found in sources, one thing after the other. Out: the names that are used, by library, and the errors, one for each place.

import { type Diagnostic, placeAt } from '../diagnostics.ts';
import { didYouMean } from '../model/near.ts';
import type { Leak } from './leaks.ts';
import type { ts } from './morph.ts';
import { nothingUsed, type Table, type UsedNames, type Vocabulary } from './vocabulary.ts';

const KEEP =
  'write it as a literal, give the variable a type of the literals that it may be, or name what may be used with --keep or `keep` of the configuration';

const LOST =
  'give it the type of the table, `ReturnType<typeof LIBRARY.open>`, or name what may be used with --keep or `keep` of the configuration';

export class Found {
  readonly used: Map<string, UsedNames> = new Map();
  /** By place, one each. */
  readonly problems: Map<string, Diagnostic> = new Map();
  readonly #show: (path: string) => string;

  constructor(show: (path: string) => string) {
    this.#show = show;
  }

  leaked(leaks: readonly Leak[]): void {
    for (const { at, module, names, isLost } of leaks) {
      for (const name of names) this.nameOf(module, name);
      if (isLost && !module.isKept)
        this.problem(at, 'name-not-known', `nobody can tell what is used of ${module.library} from here on`, [LOST]);
    }
  }

  nameOf(module: Vocabulary, name: string): void {
    for (const kind of ['functions', 'features', 'callbacks', 'data', 'exports'] as const)
      if (module[kind].has(name)) this.use(module, kind, name);
  }

  use(module: Vocabulary, kind: Table | 'exports', name: string): void {
    const known = this.used.get(module.library) ?? nothingUsed();
    this.used.set(module.library, known);
    known[kind].add(name);
  }

  untold(module: Vocabulary, at: ts.Node, what: string): void {
    if (module.isKept) return;
    this.problem(at, 'name-not-known', `${what} of ${module.library} is known at run time only`, [KEEP]);
  }

  unknown(module: Vocabulary, at: ts.Node, name: string, what: string, known: ReadonlySet<string>): void {
    const reason = module.notCarried.get(name);
    const message =
      reason === undefined
        ? `${module.library} has no ${what} ${name}${didYouMean(name, known)}`
        : `${name} of ${module.library} cannot be used: ${reason}`;
    this.problem(at, 'not-in-headers', message, []);
  }

  problem(at: ts.Node, code: string, message: string, notes: readonly string[]): void {
    const start = at.getStart();
    this.problemAt(at.getSourceFile(), start, at.getEnd() - start, code, message, notes);
  }

  problemAt(
    file: ts.SourceFile,
    start: number,
    length: number,
    code: string,
    message: string,
    notes: readonly string[],
  ): void {
    const place = placeAt({ path: this.#show(file.fileName), text: file.text }, start, length);
    this.problems.set(`${file.fileName} ${start} ${code}`, { code, severity: 'error', message, place, notes });
  }
}
