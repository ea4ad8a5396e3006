// In: the functions and data symbols of a history. Out: their rows: which versions declare and export each, and every signature that it
// had, with what has changed from one to the next.

import type { DeclEra, ExportEntry, History } from '../history/history.ts';
import type { FunctionDecl, VariableDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import { marked } from './differences.ts';
import { type Html, html } from './html.ts';
import type { Machine, Rating, Step } from './input.ts';
import type { Cell, MatrixRow } from './matrix.ts';
import { isChanged, presence, VersionNames } from './runs.ts';

type SymbolDecl = FunctionDecl | VariableDecl;

export interface SymbolContext {
  readonly history: History;
  readonly baseline: number;
  readonly steps: readonly Step[];
  readonly machine: Machine | undefined;
}

export function symbolRows(context: SymbolContext): readonly MatrixRow[] {
  const { history } = context;
  const names = new VersionNames(history);
  const exported = new Map(history.exports.map((entry) => [entry.symbol, entry]));
  const rated = ratingsOf(context.steps);
  return [...history.functions, ...history.variables]
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map((entry) => new SymbolRow(entry.key, entry.eras, exported, rated, names, context).row());
}

/** How the change of a symbol into a version is rated, by name and version. */
function ratingsOf(steps: readonly Step[]): ReadonlyMap<string, Rating> {
  const found = new Map<string, Rating>();
  for (const { after, changes } of steps) {
    for (const { kind, name, rating } of changes) {
      if (kind === 'function' || kind === 'variable') found.set(`${name} ${after}`, rating);
    }
  }
  return found;
}

/** The declaration as C has it, and what else is known of it, a line each. */
function linesOf(decl: SymbolDecl): readonly string[] {
  return [
    cDeclaration(decl.type, decl.name),
    ...(decl.symbol === undefined ? [] : [`symbol ${decl.symbol}`]),
    ...(decl.deprecated === undefined ? [] : [`deprecated${decl.deprecated ? `: ${decl.deprecated}` : ''}`]),
    ...(decl.weak ? ['declared weak'] : []),
    ...(decl.unsupported === undefined ? [] : [`not carried: ${decl.unsupported}`]),
  ];
}

class SymbolRow {
  readonly #key: string;
  readonly #eras: readonly DeclEra<SymbolDecl>[];
  readonly #exported: ReadonlyMap<string, ExportEntry>;
  readonly #rated: ReadonlyMap<string, Rating>;
  readonly #names: VersionNames;
  readonly #context: SymbolContext;
  readonly #cells = new Map<string, Cell>();

  constructor(
    key: string,
    eras: readonly DeclEra<SymbolDecl>[],
    exported: ReadonlyMap<string, ExportEntry>,
    rated: ReadonlyMap<string, Rating>,
    names: VersionNames,
    context: SymbolContext,
  ) {
    this.#key = key;
    this.#eras = eras;
    this.#exported = exported;
    this.#rated = rated;
    this.#names = names;
    this.#context = context;
  }

  row(): MatrixRow {
    const { history, baseline, machine } = this.#context;
    const present = presence(this.#eras);
    const cells = history.versions.map((_, at) => this.#cell(at));
    const later = cells.slice(baseline);
    const newest = this.#eras.at(-1)!.decl;
    const isCallable = newest.unsupported === undefined;
    return {
      id: `s.${this.#key}`,
      name: this.#key,
      badge: this.#badge(newest),
      details: this.#details(),
      since: this.#names.since(present),
      until: this.#names.until(present),
      extra:
        machine && machine.absent === undefined
          ? hereCell(machine.exports.has(symbolOf(newest)), isCallable)
          : undefined,
      cells,
      isChanged: isChanged(this.#eras, history.versions.length),
      isWeak: isCallable && later.some((cell) => cell === undefined || cell.css === 'x' || cell.css === 'y'),
    };
  }

  /** What a version has of it. */
  #cell(at: number): Cell | undefined {
    const era = this.#eras.findIndex(({ versions }) => versions.includes(at));
    const { exportsKnown } = this.#context.history.versions[at]!;
    const decl = this.#eras[era]?.decl;
    const isExported = this.#exported.get(symbolOf(decl ?? this.#eras.at(-1)!.decl))?.versions.includes(at) ?? false;
    const lacks = exportsKnown && !isExported && decl?.unsupported === undefined;
    if (decl === undefined && !isExported) return undefined;
    const key = `${era} ${lacks} ${decl?.unsupported === undefined}`;
    const known = this.#cells.get(key) ?? this.#newCell(era, decl, lacks);
    this.#cells.set(key, known);
    return known;
  }

  #newCell(era: number, decl: SymbolDecl | undefined, lacks: boolean): Cell {
    if (decl === undefined)
      return { css: 'y', text: 'exported, not declared', hint: 'exported, but no header declares it' };
    if (lacks) return { css: 'x', text: 'not exported', hint: 'declared, but the library does not export it' };
    if (decl.unsupported !== undefined) return { css: 'u', text: 'not carried', hint: decl.unsupported };
    if (this.#eras.length === 1) return YES;
    return {
      css: `p p${era % 3}${this.#isBreak(era) ? ' k' : ''}`,
      text: `${era + 1}`,
      shown: true,
      hint: `${this.#names.span(this.#eras[era]!.versions)}: ${linesOf(decl).join('; ')}`,
    };
  }

  /** Whether programs that were written for the era before are wrong in this one. */
  #isBreak(era: number): boolean {
    const first = this.#eras[era]!.versions[0];
    const rating = first === undefined ? undefined : this.#rated.get(`${this.#key} ${this.#names.name(first)}`);
    return era > 0 && (rating === 'break' || rating === 'silent break');
  }

  #badge(newest: SymbolDecl): Html | undefined {
    const words = [
      ...(this.#eras.length > 1 ? [`${this.#eras.length} declarations`] : []),
      ...(newest.kind === 'variable' ? ['data'] : []),
      ...(newest.deprecated === undefined ? [] : ['deprecated']),
    ];
    return words.length ? html` <small>${words.join(', ')}</small>` : undefined;
  }

  #details(): Html {
    if (this.#eras.length === 1) return html`<p>${declaration(linesOf(this.#eras[0]!.decl))}`;
    const eras = this.#eras.map(({ versions, decl }, at) => {
      const lines = linesOf(decl);
      const older = at > 0 ? linesOf(this.#eras[at - 1]!.decl) : undefined;
      return html`<dt>${at + 1}. ${this.#names.span(versions)}<dd>${declaration(lines, older)}`;
    });
    return html`<dl>${eras}</dl>`;
  }
}

const YES: Cell = { css: 'p', text: 'yes' };

function symbolOf(decl: SymbolDecl): string {
  return decl.symbol ?? decl.name;
}

/** The declaration, with what it has that an older one had not. */
function declaration([first, ...notes]: readonly string[], older?: readonly string[]): Html {
  const gone = older?.slice(1).filter((note) => !notes.includes(note)) ?? [];
  const isNew = (note: string): boolean => older !== undefined && !older.includes(note);
  return html`${older ? marked(older[0]!, first!) : first}${notes.map((note) =>
    isNew(note) ? html` <ins>${note}</ins>` : html` <i>${note}</i>`,
  )}${gone.map((note) => html` <del>${note}</del>`)}`;
}

/** Whether this machine's library has it. */
export function hereCell(has: boolean, isCallable: boolean): Html | undefined {
  if (!isCallable) return undefined;
  return has ? html`✓` : html`<b>✗</b>`;
}
