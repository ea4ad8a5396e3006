// In: the rows of a matrix, one cell for each version. Out: its columns: neighbouring versions in which no row differs share one. A history of a
// hundred releases has a few dozen in which something happened.

import type { Cell, MatrixRow } from './matrix.ts';
import { sameInARow, type VersionNames } from './runs.ts';

/** Where the installed library stands among the known versions, from 0 to twice their number: version i is 2i + 1, what lies before it 2i. */
export interface Place {
  readonly first: number;
  readonly last: number;
}

/** Versions that share a column, by index, both included. */
export interface Column {
  readonly first: number;
  readonly last: number;
}

/** A row that differs more often tells its version and nothing else, as LIBCURL_VERSION does: columns are not made for it. */
const CALM = 8;

/** `edges`: versions that begin a column in any case. */
export function columnsOf(rows: readonly MatrixRow[], count: number, edges: readonly number[]): readonly Column[] {
  const starts = new Set([0, ...edges]);
  for (const { cells } of rows) {
    const runs = sameInARow(cells);
    if (runs.length <= CALM) for (const { first } of runs) starts.add(first);
  }
  const sorted = [...starts].filter((at) => at < count).sort((a, b) => a - b);
  return sorted.map((first, index) => ({ first, last: (sorted[index + 1] ?? count) - 1 }));
}

/** The cell of a row in a column. */
export function cellIn({ cells }: MatrixRow, { first, last }: Column): Cell | undefined {
  const runs = sameInARow(cells.slice(first, last + 1));
  if (runs.length === 1) return runs[0]!.value;
  const hints = runs.flatMap(({ value }) => value?.hint ?? value?.text ?? []);
  return { css: 'p p1', text: '…', shown: true, hint: hints.join('; ') };
}

export function columnName({ first, last }: Column, names: VersionNames): string {
  return first === last ? names.name(first) : `${names.name(first)} – ${names.name(last)}`;
}

/** From where to where a place goes, in columns; what lies between two is a little to both sides of the line. */
export function extent({ first, last }: Place, columns: readonly Column[]): { left: number; right: number } {
  return { left: edge(first, columns, 0), right: edge(last, columns, 1) };
}

const BESIDE = 0.15;

function edge(slot: number, columns: readonly Column[], side: 0 | 1): number {
  const of = (version: number): number =>
    columns.findIndex((column) => column.first <= version && version <= column.last);
  if (slot % 2 === 1) return of((slot - 1) / 2) + side;
  const after = of(slot / 2);
  const line = after < 0 ? columns.length : after;
  const isInside = after >= 0 && slot > 0 && of(slot / 2 - 1) === after;
  return isInside ? line + side : line + (side === 0 ? -BESIDE : BESIDE);
}
