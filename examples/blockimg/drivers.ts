// The drivers that the program knows in, what a person wants to know of them out. Nothing is loaded for it; whether they could be used here
// (`--check`) is told by their modules and by the libraries' files, which are looked at and not loaded.

import { kindInWords, type OptionDescriptor } from '@dlshim/runtime/drivers';
import type { BlockOpener } from '../drivers/open.ts';
import { type Arguments, UsageError } from './arguments.ts';

type Driver = BlockOpener['drivers']['known'][number];

/** The list, or all about one. */
export async function driversText(drivers: BlockOpener['drivers'], options: Arguments): Promise<string> {
  const [name] = options.images;
  const wanted = name === undefined ? drivers.known : drivers.known.filter((driver) => driver.name === name);
  if (wanted.length === 0)
    throw new UsageError(`no driver '${name}'; there are ${drivers.known.map((each) => each.name).join(', ')}`);
  if (options.json) return `${JSON.stringify(name === undefined ? wanted : wanted[0], undefined, 2)}\n`;
  return name === undefined ? listText(wanted) : wanted.map(describe).join('\n');
}

function listText(drivers: readonly Driver[]): string {
  const rows = drivers.map((driver) => [driver.name, opens(driver), Object.keys(driver.shims ?? {}).join(', ')]);
  return table([['DRIVER', 'OPENS', 'LIBRARY'], ...rows]);
}

/** `http:, https:`, `files of format dmg`. */
function opens({ protocols = [], formats = [] }: Driver): string {
  return formats.length ? `files of format ${formats.join(', ')}` : protocols.map((each) => `${each}:`).join(', ');
}

function describe(driver: Driver): string {
  const shims = Object.entries(driver.shims ?? {}).flatMap(([library, { requires = [], uses = [], optional }]) => [
    ['library', `${library}${optional ? ', where it is installed' : ''}`],
    ...(requires.length ? [['requires', requires.join(', ')]] : []),
    ...(uses.length ? [['uses', `${uses.join(', ')}, where they are there`]] : []),
  ]);
  const options = Object.entries(driver.options ?? {}).map(([name, option]) => [`  ${name}`, optionText(option)]);
  return [
    `${driver.name}: ${driver.description}`,
    table([['opens', opens(driver)], ...shims]).trimEnd(),
    options.length ? `options, by --option NAME=VALUE:\n${table(options).trimEnd()}` : 'no options',
    '',
  ].join('\n');
}

function optionText(option: OptionDescriptor): string {
  const standard =
    option.default === undefined
      ? ''
      : ` (default: ${option.default === true ? 'on' : option.default === false ? 'off' : option.default})`;
  return `${kindInWords(option)}: ${option.description}${standard}`;
}

/** Columns side by side; the last is as wide as it is. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, at) => Math.max(all[at] ?? 0, cell.length)), []);
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at]! + 2)))
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}
