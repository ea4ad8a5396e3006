// argv -> one command. The only place, with its neighbours in this folder, that prints and sets exit codes.
// 0 done · 1 drift, or a check that failed · 2 usage or configuration · 3 headers, or drivers, that cannot be understood · 70 a defect.

import { Command, CommanderError, Option } from 'commander';
import { ConfigError } from '../config/error.ts';
import { PlanError } from '../emit/module.ts';
import { ExportListError } from '../exports/list.ts';
import { HistoryError } from '../history/error.ts';
import { SnapshotError } from '../history/snapshot.ts';
import { CorrectionError } from '../passes/corrections.ts';
import { version } from '../version.ts';
import type { DiffFlags } from './diff.ts';
import type { DriversFlags } from './drivers.ts';
import * as help from './help.ts';
import type { HistoryFlags } from './history.ts';
import type { LintFlags } from './lint.ts';
import { ExitCode, fail, UsageError } from './output.ts';
import type { PackagingFlags } from './packaging.ts';
import type { ProbeFlags } from './probe.ts';
import { progress } from './progress.ts';
import type { ReportFlags } from './report.ts';
import type { SourceFlags } from './source.ts';

const collect = (value: string, list: string[] | undefined): string[] => [...(list ?? []), value];

const CONFIG = [
  '-c, --config <file>',
  'configuration file (default: dlshim.config.{ts,mts,js,mjs,json} in this folder)',
] as const;

/** The flags that say where declarations come from; the same for every command. */
function withSources(command: Command): Command {
  command
    .argument('[libraries...]', 'libraries of the configuration; all of them when none is named')
    .option(...CONFIG)
    .addOption(
      new Option('--header <name>', 'a header, as in #include <name>; repeat for several, in order').argParser(collect),
    )
    .addOption(
      new Option(
        '--library <file>',
        'file name of the library (its SONAME), for example librbd.so.1; goes with --header, and generate needs it; one for each system',
      ).argParser(collect),
    )
    .option(
      '--name <identifier>',
      'name of the exported shim (default: from --library, librbd.so.1 makes librbd, else from the first header)',
    );
  return withHeaders(command)
    .addOption(
      new Option(
        '--target <name>',
        "platform to generate for (default: the configuration's, else x86_64-linux-gnu); may be repeated",
      ).argParser(collect),
    )
    .option('--from-snapshot', 'use the committed snapshots or histories instead of headers')
    .option('--at <version>', "use what the library's history says of this version instead of headers")
    .option('--docs', "carry the headers' doc comments over; their text is their authors'");
}

/** Where headers are, and what else is to be known to read them. */
function withHeaders(command: Command): Command {
  return command
    .option('--library-version <version>', 'version of the headers, for the record')
    .addOption(
      new Option('-I, --include-dir <dir>', 'search this folder for headers first; may be repeated').argParser(collect),
    )
    .addOption(new Option('-D, --define <macro>', 'define NAME or NAME=VALUE; may be repeated').argParser(collect))
    .addOption(
      new Option(
        '--pkg-config <module>',
        'add the include folders and macros that pkg-config names for this module; may be repeated',
      ).argParser(collect),
    )
    .addOption(
      new Option(
        '--own <path>',
        "a folder or file whose declarations are the library's own; may be repeated",
      ).argParser(collect),
    )
    .addOption(
      new Option(
        '--sysroot <dir>',
        'where the system is, for headers and libraries (default: /); may be repeated; builtin: the C library headers that come with dlshim, and the system for all other headers',
      ).argParser(collect),
    )
    .option(
      '--export-list <file>',
      'what the library exports, where it is not installed: its file, or names one a line, or a version script',
    );
}

/** `dlshim history …`: versions of one library in one file. */
function historyCommand(): Command {
  const history = new Command('history')
    .description('What is known of all versions of a library: the `history` file of its configuration.')
    .addHelpText('after', help.HISTORY);
  withHeaders(history.command('add'))
    .description('Add the version of the headers, for all targets of the configuration.')
    .argument('<library>', 'a library of the configuration, with a `history`')
    .option(...CONFIG)
    .option('--source <text>', 'where the headers come from, for whoever reads the history; needed')
    .addOption(
      new Option('--snapshot <file>', 'add what this snapshot says, and read no headers; may be repeated').argParser(
        collect,
      ),
    )
    .addOption(
      new Option(
        '--soname <name>',
        'what a file of this version calls itself, besides what the library at hand says; may be repeated',
      ).argParser(collect),
    )
    .option('--docs', "keep the headers' doc comments; their text is their authors'")
    .option('--replace', 'put this in the place of what the history says of the version')
    .action(async (library: string, flags: HistoryFlags) => (await import('./history.ts')).add(library, flags));
  history
    .command('remove')
    .description('Take a version out.')
    .argument('<library>')
    .argument('<version>')
    .option(...CONFIG)
    .action(async (library: string, version: string, flags: SourceFlags) =>
      (await import('./history.ts')).remove(library, version, flags),
    );
  history
    .command('list')
    .description('The versions of each library, where they come from, and what each changes.')
    .argument('[libraries...]', 'all with a `history` when none is named')
    .option(...CONFIG)
    .option('--json', 'print them as JSON')
    .action(async (libraries: string[], flags: SourceFlags) => (await import('./history.ts')).list(libraries, flags));
  history
    .command('show')
    .description('One name through all versions: since when, until when, and what it was in each.')
    .argument('<library>')
    .argument('<name>', 'of a function, a type, a constant: rbd_open, scsi_task, RBD_MAX_IMAGE_NAME_SIZE')
    .option(...CONFIG)
    .addOption(new Option('--target <name>', 'platform whose sizes and offsets are shown').argParser(collect))
    .option('--json', 'print it as JSON')
    .action(async (library: string, name: string, flags: SourceFlags) =>
      (await import('./history-show.ts')).show(library, name, flags),
    );
  history
    .command('suggest')
    .description(
      'Features that the history suggests beside those of the configuration: functions that came with a macro such as LIBRBD_SUPPORTS_…, or with one version. The shim has them.',
    )
    .argument('<library>')
    .option(...CONFIG)
    .option('--json', 'print them as JSON')
    .action(async (library: string, flags: SourceFlags) =>
      (await import('./history-suggest.ts')).suggest(library, flags),
    );
  return history;
}

function program(): Command {
  const main = new Command('dlshim')
    .description('Typed TypeScript function tables for native libraries that may be old, new or absent.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', help.MAIN);
  withSources(main.command('generate'))
    .description('Write a typed shim for each library.')
    .option('-o, --out <dir>', "folder for the shims (default: the configuration's, else the current folder)")
    .option('--runtime <module>', 'module that shims import the runtime from')
    .addOption(
      new Option(
        '--used-by <glob>',
        "carry only what these TypeScript sources use, in quotes: 'src/**/*.ts'; may be repeated",
      ).argParser(collect),
    )
    .addOption(
      new Option(
        '--keep <name>',
        'with --used-by: carry this function, feature, type, record or constant, too (* for any characters); may be repeated',
      ).argParser(collect),
    )
    .option('--check', 'write nothing; exit 1 when the files on disk differ')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', help.GENERATE)
    .action(async (libraries: string[], flags: SourceFlags) =>
      (await import('./generate.ts')).generate(libraries, flags),
    );
  withSources(main.command('snapshot'))
    .description('Write everything that the headers declare as canonical JSON: facts only, unless --docs.')
    .option('-o, --out <file>', 'write to this file instead of standard output')
    .option('--save', "write to the `snapshot` file of each library's configuration")
    .option('--facts', 'flat, sorted JSON of sizes, offsets, values and how the ABI passes each parameter')
    .action(async (libraries: string[], flags: SourceFlags) =>
      (await import('./snapshot.ts')).snapshot(libraries, flags),
    );
  withSources(main.command('verify'))
    .description('Let a C compiler check every size, offset, signature, enumerator and constant.')
    .option('--cc <compiler>', 'the C compiler', 'cc')
    .option('--emit <file>', 'also keep the C file of assertions')
    .option('--json', 'print the result as JSON')
    .action(async (libraries: string[], flags: SourceFlags) => (await import('./verify.ts')).verify(libraries, flags));
  diffCommand(main);
  reportCommand(main);
  lintCommand(main);
  driversCommand(main);
  probeCommand(main);
  packagingCommand(main);
  main.addCommand(historyCommand());
  for (const command of [main, ...main.commands, ...main.commands.flatMap((one) => one.commands)])
    command.exitOverride();
  return main;
}

function probeCommand(main: Command): void {
  main
    .command('probe')
    .description('Say what is installed of the libraries that shims are for, without loading it.')
    .argument('[libraries...]', 'of the configuration (default: all of it), paths of shim modules, or packages')
    .option(...CONFIG)
    .option('--load', 'load the libraries, each in a process of its own: their own word on their versions')
    .option('--path <file>', 'look at this file, or name for the loader to search, in place of what the shim names')
    .option('--json', 'print what was found as JSON')
    .addOption(new Option('--report').hideHelp())
    .addHelpText('after', help.PROBE)
    .action(async (libraries: string[], flags: ProbeFlags) => (await import('./probe.ts')).probe(libraries, flags));
}

function packagingCommand(main: Command): void {
  main
    .command('packaging')
    .description('Write what a program needs of a system that opens its libraries at run time, for packages of it.')
    .argument(
      '[names...]',
      "sources of drivers or patterns of such, modules of shims, packages of either, or libraries of the configuration (default: the configuration's drivers, else its libraries)",
    )
    .option(...CONFIG)
    .addOption(
      new Option('--format <format>', 'what is written')
        .choices(['text', 'json', 'debian', 'substvars', 'rpm', 'elf'])
        .default('text'),
    )
    .option('-o, --out <file>', 'write to this file instead of standard output')
    .option('--target <name>', 'machine of the object of --format elf (default: x86_64-linux-gnu)')
    .addOption(
      new Option('--priority <priority>', 'of shims that are named by themselves (default: recommended)').choices([
        'required',
        'recommended',
        'suggested',
      ]),
    )
    .option('--no-versions', 'leave out which versions of the libraries are needed')
    .option('--check', 'write nothing; exit 1 when the file of -o differs')
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', help.PACKAGING)
    .action(async (names: string[], flags: PackagingFlags) => (await import('./packaging.ts')).packaging(names, flags));
}

function diffCommand(main: Command): void {
  main
    .command('diff')
    .description(
      'Say what changed between two versions of a library, and what becomes of programs written for the older one.',
    )
    .argument('<older>', 'a snapshot, a header, history.json@VERSION, or library@VERSION of the configuration')
    .argument('<newer>', 'the same of the newer version')
    .option('-c, --config <file>', 'configuration file (default: dlshim.config.{ts,mts,js,mjs,json} in this folder)')
    .option('--target <name>', 'platform whose layouts are compared', 'x86_64-linux-gnu')
    .addOption(
      new Option('-I, --include-dir <dir>', 'of headers: search this folder too; may be repeated').argParser(collect),
    )
    .addOption(
      new Option('-D, --define <macro>', 'of headers: define NAME or NAME=VALUE; may be repeated').argParser(collect),
    )
    .option('--breaks', 'leave out what is compatible')
    .addOption(
      new Option('--fail-on <what>', 'when to exit with 1').choices(['break', 'any', 'never']).default('break'),
    )
    .option('--json', 'print the changes as JSON')
    .option('--markdown', 'print them as Markdown')
    .addHelpText('after', help.DIFF)
    .action(async (older: string, newer: string, flags: DiffFlags) =>
      (await import('./diff.ts')).diff(older, newer, flags),
    );
}

function reportCommand(main: Command): void {
  main
    .command('report')
    .description('Write an HTML page for each library: what each of its versions has, and which one is installed.')
    .argument('[libraries...]', 'libraries of the configuration; all of them when none is named')
    .option('-c, --config <file>', 'configuration file (default: dlshim.config.{ts,mts,js,mjs,json} in this folder)')
    .option('-o, --out <dir>', 'folder for the pages, LIBRARY.html each', 'report')
    .option('--target <name>', "platform that is told of (default: the first of the library's)")
    .addOption(
      new Option('--sysroot <dir>', 'where installed libraries are looked for (default: /); may be repeated').argParser(
        collect,
      ),
    )
    .option('--no-machine', 'leave out what is installed here: the same bytes on every machine')
    .option('--json', 'print what was written as JSON')
    .addHelpText('after', help.REPORT)
    .action(async (libraries: string[], flags: ReportFlags) => (await import('./report.ts')).report(libraries, flags));
}

function lintCommand(main: Command): void {
  main
    .command('lint')
    .description(
      "Say which versions of their libraries a driver's TypeScript sources run on, and what fails on older ones.",
    )
    .argument('[files...]', 'sources; those of the project when none is named')
    .option('-p, --project <tsconfig>', 'tsconfig.json of the sources (default: the nearest one)')
    .option('-c, --config <file>', 'configuration file (default: dlshim.config.{ts,mts,js,mjs,json} in this folder)')
    .addOption(
      new Option(
        '--baseline <library=version>',
        "the oldest version to run on (default: the shim's baseline); one for each library",
      ).argParser(collect),
    )
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', help.LINT)
    .action(async (files: string[], flags: LintFlags) => (await import('./lint.ts')).lint(files, flags));
}

function driversCommand(main: Command): void {
  main
    .command('drivers')
    .description(
      "Write a program's known list of drivers from their sources: what each is, and where, loaded on first use.",
    )
    .argument(
      '[sources...]',
      "files, patterns such as 'src/drivers/*.ts', or modules of packages (default: `drivers` of the configuration)",
    )
    .option(...CONFIG)
    .option('-o, --out <file>', "the list (default: the configuration's)")
    .option('--check', 'write nothing; exit 1 when the list on disk says anything else')
    .option('--list', 'write nothing; print what each driver opens, and what it asks of its libraries')
    .option('--json', 'print what was read and done as JSON')
    .addHelpText('after', help.DRIVERS)
    .action(async (sources: string[], flags: DriversFlags) => (await import('./drivers.ts')).drivers(sources, flags));
}

/** Runs the command line and sets `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onStreamError);
  try {
    await program().parseAsync(argv, { from: 'user' });
  } catch (error) {
    report(error);
  }
}

/** The reader of a pipe has seen enough: that is no failure of ours. Anything else is, for example a full disk. */
function onStreamError(this: NodeJS.WriteStream, error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? ExitCode.done);
  process.exitCode = ExitCode.usage;
  if (this !== process.stderr) fail(`the output cannot be written: ${error.message}`, ExitCode.usage);
}

function report(error: unknown): void {
  progress.clear();
  if (error instanceof CommanderError) {
    // Of a help that could not be written it is known already.
    if (error.exitCode !== 0) process.exitCode = ExitCode.usage;
  } else if (isOfUser(error)) fail(error.message, ExitCode.usage);
  else if (!process.env.DLSHIM_DEBUG && error instanceof RangeError && /call stack/.test(error.message)) {
    fail('the headers nest declarations deeper than can be followed', ExitCode.headers);
  } else {
    const text = error instanceof Error ? (process.env.DLSHIM_DEBUG ? error.stack : error.message) : String(error);
    fail(
      `this is a defect of dlshim: ${text}\n  DLSHIM_DEBUG=1 shows where; please report it with the header`,
      ExitCode.defect,
    );
  }
}

function isOfUser(error: unknown): error is Error {
  const known = [
    UsageError,
    ConfigError,
    CorrectionError,
    PlanError,
    SnapshotError,
    HistoryError,
    ExportListError,
  ].some((type) => error instanceof type);
  return known || (error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string');
}
