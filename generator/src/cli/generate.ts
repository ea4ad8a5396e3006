// dlshim generate: headers or snapshots -> shims/<library>.ts. Nothing is written unless every library is understood.

import { join } from 'node:path';
import type { LoadedLibrary } from '../config/config.ts';
import type { Diagnostic } from '../diagnostics.ts';
import type { Ambiguity } from '../emit/eras.ts';
import { generateModule, type ModuleCounts } from '../pipeline.ts';
import { readUnions } from './history-files.ts';
import { colors, ExitCode, report, UsageError, writeFiles } from './output.ts';
import { progress } from './progress.ts';
import { findSources, numbered, readApis, type SourceFlags, shortPath, type TargetApi, targetsOf } from './source.ts';
import { textDifference } from './text-difference.ts';

interface Result {
  readonly library: string;
  readonly version: string;
  readonly path: string;
  readonly text: string;
  readonly counts: ModuleCounts;
  readonly milliseconds: number;
}

export async function generate(names: readonly string[], flags: SourceFlags): Promise<void> {
  const sources = await findSources(
    names,
    flags,
    (library) => !flags.fromSnapshot && !flags.at && !hasHistory(library),
  );
  for (const library of sources.libraries) if (hasHistory(library)) checkHistoryFlags(library, flags);
  if (flags.header && !flags.library)
    throw new UsageError('--header needs --library: the file name to load, for example librbd.so.1');
  const diagnostics: Diagnostic[] = [];
  const results: Result[] = [];
  for (const library of sources.libraries) {
    const start = performance.now();
    const inputs =
      hasHistory(library) && !flags.at
        ? readUnions(library, targetsOf(library, flags))
        : await readApis(library, sources, flags, diagnostics);
    if (!inputs) continue;
    diagnostics.push(...namelessPlatforms(library, inputs));
    progress.step(`${numbered(library, sources)}: writing the module`);
    const { text, counts, ambiguities } = generateModule(inputs, { ...library.config, runtime: sources.runtime });
    const { name } = library.config;
    diagnostics.push(...ambiguities.map((ambiguity) => ambiguousVersions(name, ambiguity, inputs)));
    const milliseconds = Math.round(performance.now() - start);
    results.push({
      library: name,
      version: inputs[0]!.api.version,
      path: join(sources.out, `${name}.ts`),
      text,
      counts,
      milliseconds,
    });
  }
  progress.clear();
  if (report(diagnostics)) {
    process.exitCode = ExitCode.headers;
    return;
  }
  if (flags.check) check(results, flags);
  else {
    writeFiles(results);
    if (flags.json) printJson(results.map((r) => ({ ...facts(r), status: 'written' })));
    else for (const result of results) process.stdout.write(summary(result, `-> ${shortPath(result.path)}`));
  }
}

/** A library with a history is generated from it: its headers have said there what they say. */
function hasHistory({ config }: LoadedLibrary): boolean {
  return config.history !== undefined;
}

function checkHistoryFlags({ config }: LoadedLibrary, flags: SourceFlags): void {
  for (const [option, given] of [
    ['-I', flags.includeDir],
    ['-D', flags.define],
    ['--own', flags.own],
    ['--pkg-config', flags.pkgConfig],
    ['--sysroot', flags.sysroot],
    ['--docs', flags.docs],
  ] as const) {
    if (given) {
      throw new UsageError(
        `${option} is about headers, and ${config.name} is generated from its history, ${config.history}: \`dlshim history add ${config.name}\` reads headers`,
      );
    }
  }
}

/** Where open() is told no version and finds none, it refuses what differs between these. */
function ambiguousVersions(library: string, { versions, names }: Ambiguity, inputs: readonly TargetApi[]): Diagnostic {
  const [last, ...others] = [...versions].reverse();
  const most = names.slice(0, 5).join(', ');
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  const verb = names.length > 1 ? 'differ' : 'differs';
  const seen = inputs[0]?.history?.versions ?? [];
  const dark = versions.filter((name) => seen.some(({ version, exportsKnown }) => version === name && !exportsKnown));
  return {
    code: 'versions-alike',
    severity: 'warning',
    message: `nothing tells ${library} ${others.reverse().join(', ')} from ${last}, where ${most}${more} ${verb}: there open() needs \`assumeVersion\``,
    notes: [
      'what their files export, their SONAMEs and what the version call says are looked at',
      ...(dark.length > 0
        ? [
            `the history does not know what ${dark.join(', ')} export${dark.length > 1 ? '' : 's'}: \`dlshim history add --export-list\` tells it`,
          ]
        : []),
    ],
  };
}

/** A shim that knows no file name on a platform that it is for would find nothing there. */
function namelessPlatforms({ config }: LoadedLibrary, inputs: readonly TargetApi[]): Diagnostic[] {
  const platforms = new Set(inputs.map(({ target }) => target.platform));
  return [...platforms].flatMap((platform) => {
    if (config.files[platform]?.length) return [];
    const notes = [`name the file in \`files.${platform}\` of its configuration, or with --library`];
    const message = `${config.name} has no file name for ${platform}: there, open() finds it by path only`;
    return [{ code: 'no-file-name', severity: 'warning', message, notes }];
  });
}

function check(results: readonly Result[], flags: SourceFlags): void {
  const outcomes = results.map((result) => ({ result, difference: textDifference(result.path, result.text) }));
  if (flags.json) {
    printJson(
      outcomes.map(({ result, difference }) => ({
        ...facts(result),
        status: difference ? 'differs' : 'same',
        difference,
      })),
    );
  } else {
    for (const { result, difference } of outcomes) {
      const c = colors(process.stdout);
      const mark = difference ? c.red('differs') : c.green('same   ');
      process.stdout.write(`${mark}  ${shortPath(result.path)}${difference ? `: ${difference}` : ''}\n`);
    }
  }
  if (outcomes.some((o) => o.difference)) {
    process.stderr.write('run `dlshim generate` with the same options and commit what it writes\n');
    process.exitCode = ExitCode.failed;
  }
}

function facts({ library, version, path, counts, milliseconds }: Result): object {
  return { library, version, path: shortPath(path), ...counts, milliseconds };
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** The lines that a person reads after a run. */
function summary({ library, version, counts, milliseconds }: Result, where: string): string {
  const c = colors(process.stdout);
  const row = (label: string, value: number, rest = ''): string =>
    `  ${label.padEnd(10)} ${String(value).padStart(5)}${rest}\n`;
  const functions = counts.required + counts.weak + counts.unsupported;
  return (
    `${c.bold(library)} ${version} ${where}\n` +
    row(
      'functions',
      functions,
      `: ${counts.required} required, ${counts.weak} weak, ${counts.unsupported} unsupported`,
    ) +
    row('records', counts.records) +
    row('constants', counts.constants) +
    row('features', counts.features) +
    row('time', milliseconds, ' ms') +
    (counts.exportsChecked || functions === counts.unsupported
      ? ''
      : `  exports   not checked: the library's file is not on this machine\n`)
  );
}
