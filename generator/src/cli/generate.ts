// dlshim generate: headers or snapshots -> shims/<library>.ts. Nothing is written unless every library is understood.

import { join } from 'node:path';
import type { LoadedLibrary } from '../config/config.ts';
import type { Diagnostic } from '../diagnostics.ts';
import type { Ambiguity } from '../emit/eras.ts';
import type { ModulePlan, TrimmedPlan } from '../emit/module.ts';
import { ambiguitiesOf } from '../emit/trim.ts';
import { type ModuleCounts, moduleOf, planOf } from '../pipeline.ts';
import { readUnions } from './history-files.ts';
import { colors, ExitCode, report, UsageError, writeFiles } from './output.ts';
import { progress } from './progress.ts';
import {
  findSources,
  numbered,
  readApis,
  type SourceFlags,
  type Sources,
  shortPath,
  type TargetApi,
  targetsOf,
} from './source.ts';
import { textDifference } from './text-difference.ts';
import type { UsedBy } from './used-by.ts';

interface Result {
  readonly library: string;
  readonly version: string;
  readonly path: string;
  readonly text: string;
  readonly counts: ModuleCounts;
  readonly trimmed: TrimmedPlan | undefined;
  readonly milliseconds: number;
}

export async function generate(names: readonly string[], flags: SourceFlags): Promise<void> {
  if (flags.usedBy) checkGlobs(names);
  const sources = await findSources(
    names,
    flags,
    (library) => !flags.fromSnapshot && !flags.at && !hasHistory(library),
  );
  for (const library of sources.libraries) if (hasHistory(library)) checkHistoryFlags(library, flags);
  if (flags.header && !flags.library)
    throw new UsageError('--header needs --library: the file name to load, for example librbd.so.1');
  const diagnostics: Diagnostic[] = [];
  const planned: Planned[] = [];
  for (const library of sources.libraries) {
    const start = performance.now();
    const inputs =
      hasHistory(library) && !flags.at
        ? readUnions(library, targetsOf(library, flags))
        : await readApis(library, sources, flags, diagnostics);
    if (!inputs) continue;
    diagnostics.push(...namelessPlatforms(library, inputs));
    progress.step(`${numbered(library, sources)}: planning the module`);
    const { plan, ambiguities } = planOf(inputs, { ...library.config, runtime: sources.runtime });
    const path = join(sources.out, `${library.config.name}.ts`);
    planned.push({ library, inputs, plan, ambiguities, path, milliseconds: performance.now() - start });
  }
  const isRead = !diagnostics.some(({ severity }) => severity === 'error');
  const trimming = isRead ? await trimmedPlans(planned, sources, flags) : { plans: planned, diagnostics: [] };
  diagnostics.push(...trimming.diagnostics);
  const results = trimming.plans.map((one): Result => {
    const start = performance.now();
    const { library, inputs, plan, ambiguities, path } = one;
    const { name } = library.config;
    progress.step(`${numbered(library, sources)}: writing the module`);
    const { text, counts } = moduleOf(plan, inputs);
    const carried = plan.trimmed ? ambiguitiesOf(plan, ambiguities) : ambiguities;
    diagnostics.push(...carried.map((ambiguity) => ambiguousVersions(name, ambiguity, inputs)));
    const milliseconds = Math.round(one.milliseconds + performance.now() - start);
    const { version } = inputs[0]!.api;
    return { library: name, version, path, text, counts, trimmed: plan.trimmed, milliseconds };
  });
  progress.clear();
  if (report(diagnostics)) {
    process.exitCode = isRead ? ExitCode.failed : ExitCode.headers;
    return;
  }
  if (flags.check) check(results, flags);
  else {
    writeFiles(results);
    if (flags.json) printJson(results.map((r) => ({ ...facts(r), status: 'written' })));
    else for (const result of results) process.stdout.write(summary(result, `-> ${shortPath(result.path)}`));
  }
}

/** A library on its way to its module. */
interface Planned {
  readonly library: LoadedLibrary;
  readonly inputs: readonly TargetApi[];
  readonly plan: ModulePlan;
  readonly ambiguities: readonly Ambiguity[];
  readonly path: string;
  readonly milliseconds: number;
}

/** A shell that meets a glob without quotes makes files of it, and the first one is all that the option gets. */
function checkGlobs(names: readonly string[]): void {
  const file = names.find((name) => /\.[mc]?[jt]sx?$/.test(name));
  if (file === undefined) return;
  throw new UsageError(`${file} is no library: put what --used-by takes in quotes, --used-by 'src/**/*.ts'`);
}

/** Those that are to be trimmed become what their sources use. */
async function trimmedPlans(
  planned: readonly Planned[],
  sources: Sources,
  flags: SourceFlags,
): Promise<{ readonly plans: readonly Planned[]; readonly diagnostics: readonly Diagnostic[] }> {
  const given = flags.usedBy && { globs: flags.usedBy, dir: process.cwd() };
  const usedByOf = ({ library: { config, dir } }: Planned): UsedBy | undefined =>
    given ?? (config.usedBy ? { globs: config.usedBy, dir } : sources.trim?.usedBy);
  const chosen = planned.filter((one) => usedByOf(one) !== undefined);
  if (chosen.length === 0) {
    if (flags.keep) throw new UsageError('--keep goes with --used-by: nothing is left out without it');
    return { plans: planned, diagnostics: [] };
  }
  const { trimAll } = await import('./used-by.ts');
  const { plans, diagnostics } = await trimAll(
    chosen.map((one) => ({ ...one, usedBy: usedByOf(one)!, keep: one.library.config.keep ?? [] })),
    sources,
  );
  return {
    diagnostics,
    plans: planned.map((one) => ({ ...one, plan: plans[chosen.indexOf(one)] ?? one.plan })),
  };
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

function facts({ library, version, path, counts, trimmed, milliseconds }: Result): object {
  const { usedBy, keep, counts: carried } = trimmed ?? {};
  const of = carried && Object.fromEntries(carried.map(([what, own, all]) => [what, { carried: own, of: all }]));
  return {
    library,
    version,
    path: shortPath(path),
    ...counts,
    ...(trimmed ? { trimmed: { usedBy, keep, ...of } } : {}),
    milliseconds,
  };
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** The lines that a person reads after a run. */
function summary({ library, version, counts, trimmed, milliseconds }: Result, where: string): string {
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
    (trimmed
      ? `  trimmed    ${trimmed.counts.map(([what, own, all]) => `${own} of ${all} ${what}`).join(', ')}\n`
      : '') +
    row('time', milliseconds, ' ms') +
    (counts.exportsChecked || functions === counts.unsupported
      ? ''
      : `  exports   not checked: the library's file is not on this machine\n`)
  );
}
