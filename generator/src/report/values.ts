// In: the enumerators, constants and typedefs of a history. Out: their rows: which versions have each, and every value or type it stood for.

import type { DeclEra, History, HistoryEntry } from '../history/history.ts';
import type { ConstantDecl, ConstantValue, Enumerator, Origin, TypedefDecl } from '../model/api.ts';
import { cDeclaration } from '../model/c-text.ts';
import { marked } from './differences.ts';
import { type Html, html } from './html.ts';
import type { Cell, MatrixRow } from './matrix.ts';
import { presence, VersionNames } from './runs.ts';

/** One thing with a value by versions. */
interface Valued {
  readonly id: string;
  readonly name: string;
  /** The enumeration that it is of. */
  readonly of?: string;
  readonly eras: readonly { readonly versions: readonly number[]; readonly text: string }[];
}

/** Enumerators and macros, by name. */
export function constantRows(history: History): readonly MatrixRow[] {
  const typedefs = new Set(history.typedefs.map(({ key }) => key));
  const enumerators = history.enums.filter(isOwn).flatMap(({ key, eras, enumerators }) =>
    enumerators.map((entry): Valued => {
      const { tag } = eras.at(-1)!.decl;
      const of = tag !== undefined ? `enum ${tag}` : typedefs.has(key) ? key : 'enum';
      const text = ({ value }: Enumerator): string => value.toString();
      return { id: `c.${entry.key}`, name: entry.key, of, eras: texts(entry.eras, text) };
    }),
  );
  const macros = history.constants.filter(isOwn).map((entry): Valued => {
    const text = ({ value }: ConstantDecl): string => valueText(value);
    return { id: `c.${entry.key}`, name: entry.key, eras: texts(entry.eras, text) };
  });
  return rowsOf([...enumerators, ...macros], history);
}

export function typedefRows(history: History): readonly MatrixRow[] {
  const text = ({ type }: TypedefDecl): string => cDeclaration(type, '');
  return rowsOf(
    history.typedefs
      .filter(isOwn)
      .map((entry) => ({ id: `t.${entry.key}`, name: entry.key, eras: texts(entry.eras, text) })),
    history,
  );
}

/** Whether the library's own headers declare it. */
function isOwn({ eras }: HistoryEntry<{ readonly origin: Origin }>): boolean {
  return eras.at(-1)!.decl.origin.header !== '';
}

function texts<T>(eras: readonly DeclEra<T>[], text: (decl: T) => string): Valued['eras'] {
  return eras.map(({ versions, decl }) => ({ versions, text: text(decl) }));
}

/** As C spells it, so far as that says it. */
function valueText(value: ConstantValue): string {
  if (value.kind === 'int') return value.value.toString();
  if (value.kind === 'float') return Object.is(value.value, -0) ? '-0' : String(value.value);
  return (value.wide ?? '') + JSON.stringify(value.value);
}

function rowsOf(list: readonly Valued[], history: History): readonly MatrixRow[] {
  const names = new VersionNames(history);
  return [...list]
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map((one) => valuedRow(one, history.versions.length, names));
}

const YES: Cell = { css: 'p', text: 'yes' };
/** What fits into the cell of one version. */
const SHORT = 5;
/** What fits into the column of values. */
const FITS = 20;

function valuedRow({ id, name, of, eras }: Valued, count: number, names: VersionNames): MatrixRow {
  // What two eras have the same value for differs in nothing that is told here.
  const distinct = [...new Set(eras.map(({ text }) => text))];
  const cells = new Array<Cell | undefined>(count).fill(undefined);
  for (const [era, { versions, text }] of eras.entries()) {
    const cell = distinct.length === 1 ? YES : eraCell(era, text, `${names.span(versions)}: ${text}`);
    for (const at of versions) cells[at] = cell;
  }
  const present = presence(eras);
  const newest = eras.at(-1)!.text;
  return {
    id,
    name,
    badge: of === undefined ? undefined : html` <small>${of}</small>`,
    details: distinct.length > 1 ? erasOf(eras, names) : undefined,
    since: names.since(present),
    until: names.until(present),
    extra: html`<code${newest.length > FITS ? html` title="${newest}"` : undefined}>${newest}</code>`,
    cells,
    isChanged: distinct.length > 1 || present.length < count,
  };
}

function eraCell(era: number, text: string, hint: string): Cell {
  return { css: `p p${era % 3}`, text: text.length <= SHORT ? text : `${era + 1}`, shown: true, hint };
}

function erasOf(eras: Valued['eras'], names: VersionNames): Html {
  return html`<dl>${eras.map(
    ({ versions, text }, at) =>
      html`<dt>${at + 1}. ${names.span(versions)}<dd>${at > 0 ? marked(eras[at - 1]!.text, text) : text}`,
  )}</dl>`;
}
