// Drivers that were read in, a table for people out: what each opens, by which libraries, and what it asks of those.

import { printable } from '../diagnostics.ts';
import type { DriverShim, ReadDriver } from '../typescript/drivers.ts';
import { colors } from './output.ts';

const NONE = '-';
const HEAD = ['driver', 'protocols', 'formats', 'library', 'requires', 'uses'];

/** One line for each library of a driver, and under each driver what it says of itself. */
export function driversTable(drivers: readonly ReadDriver[]): string {
  const c = colors(process.stdout);
  const rows = drivers.map((driver) => rowsOf(driver));
  const widths = HEAD.map((title, column) => Math.max(title.length, ...rows.flat().map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  const lines = drivers.flatMap(({ descriptor }, at) => [
    ...rows[at]!.map(line),
    c.dim(`  ${printable(descriptor.description)}`),
  ]);
  return `${[c.bold(line(HEAD)), ...lines].join('\n')}\n`;
}

function rowsOf({ name, descriptor: { protocols = [], formats = [] }, shims }: ReadDriver): string[][] {
  const first = [name, list(protocols.map((protocol) => `${protocol}:`)), list(formats)];
  if (shims.length === 0) return [[...first, NONE, NONE, NONE]];
  return shims.map((shim, at) => [...(at === 0 ? first : ['', '', '']), ...needs(shim)]);
}

function needs({ key, optional, requires, uses }: DriverShim): string[] {
  return [`${printable(key)}${optional ? ' (optional)' : ''}`, list(requires), list(uses)];
}

function list(texts: readonly string[]): string {
  return texts.length > 0 ? printable(texts.join(', ')) : NONE;
}
