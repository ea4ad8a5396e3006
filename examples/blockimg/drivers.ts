// The drivers that the program knows in, what a person wants to know of them out. Nothing is loaded for it; whether they could be used here
// (`--check`) is told by their modules and by the libraries' files, which are looked at and not loaded.

import { kindInWords, type OptionDescriptor } from '@dlshim/runtime/drivers';
import type { BlockOpener } from '../drivers/open.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { sizeText } from './progress.ts';

type Driver = BlockOpener['drivers']['known'][number];

/** The list, or all about one. */
export async function driversText(drivers: BlockOpener['drivers'], options: Arguments): Promise<string> {
  const [name] = options.images;
  const wanted = name === undefined ? drivers.known : drivers.known.filter((driver) => driver.name === name);
  if (wanted.length === 0)
    throw new UsageError(`no driver '${name}'; there are ${drivers.known.map((each) => each.name).join(', ')}`);
  if (options.check) return checkText(drivers, wanted, options.json);
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
    ...(uses.length ? [['uses', `${uses.join(', ')}, where the library has them`]] : []),
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
  const standard = option.default === undefined ? '' : ` (default: ${valueText(option, option.default)})`;
  return `${kindInWords(option)}: ${option.description}${standard}`;
}

function valueText({ type }: OptionDescriptor, value: string | number | boolean): string {
  if (type === 'boolean') return value ? 'on' : 'off';
  return type === 'size' ? sizeText(Number(value)) : String(value);
}

type Check = Awaited<ReturnType<BlockOpener['drivers']['check']>>;

/** What can be used on this machine, and what there is to do for the rest. */
async function checkText(drivers: BlockOpener['drivers'], wanted: readonly Driver[], json: boolean): Promise<string> {
  const checks: Check[] = [];
  for (const { name } of wanted) checks.push(await drivers.check(name));
  if (json) return `${JSON.stringify(checks.map(plainCheck), undefined, 2)}\n`;
  const rows = checks.map(({ driver, kind, libraries }) => [
    driver,
    IN_WORDS[kind],
    libraries.map(libraryText).join(', '),
  ]);
  const errors = checks.flatMap(({ error, libraries }) =>
    [error ?? libraries.find((each) => each.error)?.error]
      .filter((each) => !!each)
      .map(({ message }) => `\n${message}\n`),
  );
  return table([['DRIVER', 'HERE', 'LIBRARY'], ...rows]) + errors.join('');
}

const IN_WORDS: Readonly<Record<Check['kind'], string>> = {
  usable: 'usable',
  unsure: 'only loading tells',
  absent: 'not installed',
  refused: 'refused',
  version: 'of another version',
  failed: 'failed',
  unknown: 'unknown',
  options: 'failed',
  aborted: 'given up',
};

function libraryText({ library, version, optional, error }: Check['libraries'][number]): string {
  if (error) return `${library} ${optional ? 'cannot be used: it does less' : 'cannot be used'}`;
  return version === undefined ? library : `${library} ${version}`;
}

/** Errors as what they say. */
function plainCheck({ error, libraries, ...rest }: Check): object {
  const say = (one: Check['error']) => one && { kind: one.kind, message: one.message, remedy: one.remedy };
  return { ...rest, error: say(error), libraries: libraries.map((each) => ({ ...each, error: say(each.error) })) };
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
