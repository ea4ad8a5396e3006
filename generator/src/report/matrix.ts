// In: rows of names, with what each version has. Out: a table of names against versions, in which neighbours that have the same are one
// cell. All such tables of a page have columns of the same widths, so that the mark of the installed version (`here`) goes through them all.

import { type Column, cellIn, columnName, columnsOf, extent, type Place } from './columns.ts';
import { type Html, html } from './html.ts';
import { sameInARow, type VersionNames } from './runs.ts';

// End tags that HTML lets out are left out, and a page of thousands of rows is a third smaller.

/** What one version has; neighbours with the very same object become one cell. */
export interface Cell {
  /** Classes of the style sheet. */
  readonly css: string;
  /** Read in place of the colour. */
  readonly text: string;
  /** Whether the text is to be seen, and not only to be read aloud. */
  readonly shown?: true;
  /** More, where the pointer rests. */
  readonly hint?: string;
}

export interface MatrixRow {
  /** Of links; unlike any other of the page. */
  readonly id?: string;
  readonly name: string;
  /** Behind the name. */
  readonly badge?: Html | undefined;
  /** What is below the name once it is opened: elements. */
  readonly details?: Html | undefined;
  readonly since: string;
  readonly until: string;
  /** What the column before the versions has. */
  readonly extra?: Html | undefined;
  /** One for each version; undefined is nothing. */
  readonly cells: readonly (Cell | undefined)[];
  readonly isChanged: boolean;
  readonly isWeak?: boolean;
}

export interface MatrixColumns {
  readonly names: VersionNames;
  /** Of the first column. */
  readonly what: string;
  /** Of the column before the versions; none where there is none. */
  readonly extra?: string | undefined;
  readonly place?: Place | undefined;
  /** The oldest version that the shim is for. */
  readonly baseline?: number | undefined;
  /** Where a version comes from. */
  readonly sources: readonly string[];
}

/** A table, and what the style sheet has to know of it. */
export interface Matrix {
  readonly content: Html;
  readonly columns: number;
  /** How many characters the longest head of a column has. */
  readonly longest: number;
  /** The installed version, in columns from the left. */
  readonly mark?: { readonly left: number; readonly right: number } | undefined;
}

/** `filters` are the letters of those that the table knows: `c` changed, `w` weak. */
export function matrix(described: MatrixColumns, rows: readonly MatrixRow[], filters: string, caption: string): Matrix {
  const { names, what, extra, place, baseline } = described;
  const columns = columnsOf(rows, names.count, baseline === undefined ? [] : [baseline]);
  const heads = columns.map((column) => versionHead(described, column));
  const content = html`<div class="m${extra === undefined ? '' : ' x'}"><table class="f" data-k="${filters}"><caption class="a">${caption}</caption>
<colgroup><col class=n><col class=s span=2>${extra === undefined ? undefined : html`<col class=e>`}<col class=v span="${columns.length}"></colgroup>
<thead><tr><th scope=col class=n>${what}<th scope=col>Since<th scope=col>Until${
    extra === undefined ? undefined : html`<th scope=col class=e>${extra}`
  }${heads}</thead>
<tbody>
${rows.map((row) => matrixRow(row, columns, extra !== undefined))}</tbody></table>${place ? html`<div class="here" aria-hidden="true"></div>` : undefined}</div>
`;
  return {
    content,
    columns: columns.length,
    longest: Math.max(...columns.map((column) => columnName(column, names).length)),
    mark: place && extent(place, columns),
  };
}

function versionHead({ names, place, baseline, sources }: MatrixColumns, column: Column): Html {
  const { first, last } = column;
  const isHere = place !== undefined && place.first <= 2 * last + 1 && 2 * first + 1 <= place.last;
  const isOld = baseline !== undefined && first < baseline;
  const css = ['v', ...(isHere ? ['i'] : []), ...(isOld ? ['o'] : []), ...(first === baseline ? ['b'] : [])].join(' ');
  const notes = [
    ...(isHere ? ['installed on this machine'] : []),
    ...(isOld ? ['older than the baseline'] : []),
    ...(first === baseline ? ['the baseline'] : []),
  ];
  const from = first === last ? sources[first]! : `${last - first + 1} versions`;
  const aloud = notes.map((note) => html`<span class="a">, ${note}</span>`);
  return html`<th scope=col class="${css}" title="${[from, ...notes].join('; ')}"><span>${columnName(column, names)}${aloud}</span>`;
}

function matrixRow(row: MatrixRow, columns: readonly Column[], hasExtra: boolean): Html {
  const cells = sameInARow(columns.map((column) => cellIn(row, column)));
  const css = (row.isChanged ? 'c' : '') + (row.isWeak ? ' w' : '');
  const name = html`${row.name}${row.badge}`;
  return html`<tr${css ? html` class="${css}"` : undefined}${row.id === undefined ? undefined : html` id="${row.id}"`}><th scope=row>${
    row.details ? html`<details><summary>${name}</summary>${row.details}</details>` : name
  }<td>${row.since}<td>${row.until}${hasExtra ? html`<td>${row.extra}` : undefined}${cells.map(
    ({ first, last, value }) => matrixCell(value, last - first + 1),
  )}
`;
}

function matrixCell(cell: Cell | undefined, span: number): Html {
  const colspan = span === 1 ? undefined : html` colspan="${span}"`;
  if (!cell) return html`<td${colspan}>`;
  const hint = cell.hint === undefined ? undefined : html` title="${cell.hint}"`;
  return html`<td class="${cell.css}${cell.shown ? ' t' : ''}"${colspan}${hint}>${cell.text}`;
}
