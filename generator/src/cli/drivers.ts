// dlshim drivers: sources of drivers -> a program's known list. Nothing is executed, and nothing is written unless every driver is understood.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from '../diagnostics.ts';
import { type DriversRead, readDrivers } from '../typescript/drivers.ts';
import { type Entry, entriesFor, isList, listDifference, listText, saysTheSame } from '../typescript/known-list.ts';
import { Modules } from '../typescript/modules.ts';
import type { Morph } from '../typescript/morph.ts';
import { driverFiles } from './driver-files.ts';
import { driversTable } from './drivers-text.ts';
import { checkFile, colors, ExitCode, report, UsageError, writeFiles } from './output.ts';
import { progress } from './progress.ts';
import { loadedConfiguration, shortPath } from './source.ts';
import { textDifference } from './text-difference.ts';
import { loadMorph } from './typescript.ts';

export interface DriversFlags {
  readonly config?: string;
  readonly out?: string;
  readonly check?: true;
  readonly list?: true;
  readonly json?: true;
}

/** A known list that is asked for. */
interface Wanted {
  readonly sources: readonly string[];
  /** Where they start from. */
  readonly folder: string;
  readonly out?: string;
}

/** One that is made. */
interface Made {
  readonly wanted: Wanted;
  readonly read: DriversRead;
  readonly entries: readonly Entry[];
  readonly text: string;
  readonly status: Status;
  /** Of one that differs: lines of a diff. */
  readonly difference: readonly string[];
}

/** Of a file on disk, beside what it should be. `wrong`: the drivers have problems, and it was not looked at. */
type Status = 'same' | 'differs' | 'missing' | 'written' | 'wrong' | 'listed';

export async function drivers(sources: readonly string[], flags: DriversFlags): Promise<void> {
  if (flags.list && flags.check) throw new UsageError('--list writes nothing, and has nothing to check');
  const wanted = await wantedLists(sources, flags);
  const morph = loadMorph();
  progress.step('reading drivers');
  const modules = new Modules(morph, shortPath);
  const lists = wanted.map((one) => make(one, flags, modules));
  progress.clear();
  const problems = lists.flatMap(({ read }) => read.problems);
  const isWrong = problems.some(({ severity }) => severity === 'error');
  const isWritten = !isWrong && !flags.check && !flags.list;
  if (isWritten) writeFiles(lists.filter(isStale).map(({ wanted, text }) => ({ path: wanted.out!, text })));
  const shown = isWritten
    ? lists.map((list) => (isStale(list) ? { ...list, status: 'written' as const } : list))
    : lists;
  if (flags.json) process.stdout.write(`${JSON.stringify(shown.map(facts), undefined, 2)}\n`);
  else if (flags.list) process.stdout.write(tables(lists));
  else if (!isWrong) for (const list of shown) process.stdout.write(summary(list));
  // All of them at once: who wrote several wants to see several.
  if (report(problems, Number.POSITIVE_INFINITY, !flags.check && !flags.list)) process.exitCode = ExitCode.headers;
  else if (flags.check && lists.some(isStale)) {
    process.stderr.write('run `dlshim drivers` with the same options and commit what it writes\n');
    process.exitCode = ExitCode.failed;
  }
}

async function wantedLists(sources: readonly string[], flags: DriversFlags): Promise<readonly Wanted[]> {
  const out = flags.out === undefined ? undefined : outFrom(flags.out, process.cwd());
  if (sources.length > 0) {
    if (out === undefined && !flags.list)
      throw new UsageError(
        'where is the list to go? Name it with -o, such as -o src/known.ts, or ask for --list, which writes nothing',
      );
    return [{ sources, folder: process.cwd(), ...(out !== undefined && { out }) }];
  }
  const config = await loadedConfiguration(flags.config);
  const lists = config?.drivers ?? [];
  if (lists.length === 0)
    throw new UsageError(
      'no drivers: neither are sources named, nor has the configuration `drivers`\n' +
        "  in dlshim.config.ts: drivers: [{ sources: ['src/drivers/*.ts'], out: 'src/known.ts' }]\n" +
        "  or here: dlshim drivers 'src/drivers/*.ts' -o src/known.ts",
    );
  if (out !== undefined && lists.length > 1)
    throw new UsageError(`-o names one file, and the configuration has ${lists.length} lists of drivers`);
  return lists.map((list) => ({ ...list, out: out ?? outFrom(list.out, list.folder) }));
}

function outFrom(path: string, folder: string): string {
  if (/\.([cm]?js|m?ts)$/.test(path) && !/\.d\.[cm]?ts$/.test(path)) return resolve(folder, path);
  throw new UsageError(`${path}: a list of drivers is a module: .ts, .mts, .js or .mjs`);
}

function make(wanted: Wanted, flags: DriversFlags, modules: Modules): Made {
  const { sources, folder, out } = wanted;
  const read = readDrivers(driverFiles(sources, folder, modules, out), modules);
  const isWrong = read.problems.some(({ severity }) => severity === 'error');
  // Only listed, they are named as from here.
  const entries = entriesFor(read.drivers, out ?? resolve(folder, 'known.ts'), modules);
  const nothing = { wanted, read, entries, text: '', difference: [] };
  if (isWrong) return { ...nothing, status: 'wrong' };
  if (read.drivers.length === 0)
    throw new UsageError(
      `${sources.join(', ')}: no driver is in there, from ${shortPath(folder)}\n  a driver's module has \`export default defineDriver({ … }, { … })\``,
    );
  if (flags.list || out === undefined) return { ...nothing, status: 'listed' };
  const text = listText(entries, shownSources(wanted, out), out);
  return { ...nothing, text, ...compared(text, entries, out, modules, modules.morph) };
}

/** As seen from the list: the same wherever the checkout is. */
function shownSources({ sources, folder }: Wanted, out: string): string[] {
  return sources.map((source) => {
    const [, not = '', path = ''] = /^(!?)(.*)$/s.exec(source)!;
    const isPackage = !/[*?[{]/.test(path) && !existsSync(resolve(folder, path));
    if (isPackage) return source;
    const shown = relative(dirname(out), resolve(folder, path)).split(sep).join('/');
    return `${not}${shown.startsWith('../') ? shown : `./${shown}`}`;
  });
}

function compared(
  text: string,
  entries: readonly Entry[],
  out: string,
  modules: Modules,
  morph: Morph,
): Pick<Made, 'status' | 'difference'> {
  if (!existsSync(out)) return { status: 'missing', difference: [] };
  checkFile(out);
  const onDisk = readFileSync(out, 'utf8');
  if (saysTheSame(text, onDisk, morph)) return { status: 'same', difference: [] };
  if (onDisk.trim() !== '' && !isList(onDisk))
    throw new UsageError(
      `${shortPath(out)} is no list that dlshim has written, and is left as it is: name another file, or remove it first`,
    );
  const module = modules.read(out);
  return { status: 'differs', difference: module ? listDifference(entries, module, modules) : [] };
}

function tables(lists: readonly Made[]): string {
  const some = lists.filter(({ read }) => read.drivers.length > 0);
  return some.map(({ read }) => driversTable(read.drivers)).join('\n');
}

function isStale({ status }: Made): boolean {
  return status === 'differs' || status === 'missing';
}

/** The lines that a person reads after a run. */
function summary({ wanted, read, text, status, difference }: Made): string {
  const c = colors(process.stdout);
  const { drivers, without } = read;
  const counted = `${drivers.length} driver${drivers.length === 1 ? '' : 's'}`;
  const names = `${counted}: ${drivers.map(({ name }) => name).join(', ')}`;
  const passed = without.length > 0 ? c.dim(` (${without.length} other file${without.length === 1 ? '' : 's'})`) : '';
  const path = shortPath(wanted.out!);
  if (!isStale({ status } as Made)) {
    const mark = status === 'written' ? c.green('written') : c.green('same   ');
    return `${mark}  ${path}  ${names}${passed}\n`;
  }
  const why = difference.length === 0 ? `: ${textDifference(wanted.out!, text)}` : '';
  const lines = difference.map((line) => {
    const paint = line.startsWith('+') ? c.green : line.startsWith('-') ? c.red : c.bold;
    return `  ${paint(line)}\n`;
  });
  return `${c.red('differs')}  ${path}${why}\n${lines.join('')}`;
}

function facts({ wanted, read, entries, status, difference }: Made): object {
  const specifiers = new Map(entries.map(({ name, specifier }) => [name, specifier]));
  return {
    ...(wanted.out !== undefined && { out: shortPath(wanted.out) }),
    status,
    ...(difference.length > 0 && { difference }),
    drivers: read.drivers.map(({ name, descriptor, file, place, shims }) => ({
      name,
      file: shortPath(file),
      line: place.line,
      module: specifiers.get(name),
      descriptor,
      shims: shims.map(({ key, requires, uses, optional, priority, specifier, facts: shim }) => ({
        name: key,
        ...(shim && { library: shim.library, version: shim.version }),
        ...(specifier !== undefined && { module: specifier }),
        requires,
        uses,
        optional,
        ...(priority && { priority }),
      })),
    })),
    others: read.without.map(shortPath),
    problems: read.problems.map(problemFacts),
  };
}

function problemFacts({ code, severity, message, place, notes = [] }: Diagnostic): object {
  const { file, line, column } = place ?? {};
  return { code, severity, message, ...(place && { file, line, column }), notes };
}
