// dlshim report: for each library an HTML page of what its versions have, with the installed one marked.

import { basename, join, resolve } from 'node:path';
import type { LoadedLibrary } from '../config/config.ts';
import { diffApis } from '../diff/diff.ts';
import { reportedIn } from '../emit/evidence.ts';
import type { History } from '../history/history.ts';
import { addVersion, emptyHistory } from '../history/merge.ts';
import { apiAt } from '../history/select.ts';
import { LayoutError, recordLayout } from '../layout/layout.ts';
import type { Api } from '../model/api.ts';
import type { Feature } from '../model/features.ts';
import type { Machine } from '../report/input.ts';
import { reportPage } from '../report/page.ts';
import type { Target } from '../target.ts';
import { readHistory } from './history-files.ts';
import { suggestionsFor } from './history-suggest.ts';
import { installed } from './installed.ts';
import { colors, UsageError, writeFiles } from './output.ts';
import { progress } from './progress.ts';
import { findSources, numbered, readApi, type SourceFlags, shortPath, targetsOf } from './source.ts';

export interface ReportFlags extends Omit<SourceFlags, 'target' | 'out'> {
  readonly out: string;
  readonly target?: string;
  /** False with --no-machine. */
  readonly machine: boolean;
}

interface Page {
  readonly library: string;
  readonly file: string;
  readonly target: string;
  readonly versions: readonly string[];
  readonly bytes: number;
  readonly machine?: Machine;
  readonly text: string;
}

export async function report(names: readonly string[], flags: ReportFlags): Promise<void> {
  const { target: named, out, machine, ...others } = flags;
  const shared: SourceFlags = { ...others, ...(named === undefined ? {} : { target: [named] }), fromSnapshot: true };
  const sources = await findSources(names, shared);
  const folder = resolve(out);
  const pages: Page[] = [];
  for (const library of sources.libraries) {
    progress.step(numbered(library, sources));
    const target = targetsOf(library, shared)[0]!;
    const { versionCall } = library.config;
    const history = library.config.history ? readHistory(library, target) : await fromSnapshot(library, target, shared);
    const here = machine ? await installed(library, history, target, shared, sources.out) : undefined;
    const text = reportPage({
      history,
      baseline: library.config.baseline,
      features: { ...library.config.features, ...suggested(library, history) },
      reported: reportedIn(history, [...history.versions.keys()], versionCall, versionCall?.constants),
      ...comparisons(history, target),
      layoutOf(record, table) {
        try {
          return recordLayout(record, table, target);
        } catch (error) {
          if (error instanceof LayoutError) return undefined;
          throw error;
        }
      },
      machine: here,
    });
    pages.push({
      library: library.config.name,
      file: join(folder, `${library.config.name}.html`),
      target: target.name,
      versions: history.versions.map(({ version }) => version),
      bytes: Buffer.byteLength(text),
      ...(here ? { machine: here } : {}),
      text,
    });
  }
  progress.clear();
  writeFiles(pages.map(({ file, text }) => ({ path: file, text })));
  if (flags.json) process.stdout.write(`${JSON.stringify(pages.map(asJson), undefined, 2)}\n`);
  else for (const page of pages) print(page);
}

/** The shim of a history has these too. */
function suggested(library: LoadedLibrary, history: History): Readonly<Record<string, Feature>> {
  if (!library.config.history) return {};
  return Object.fromEntries(suggestionsFor(library, history).map(({ name, symbols }) => [name, symbols]));
}

/** The Api of each version, and what changed from each to the next. */
function comparisons(history: History, target: Target) {
  const apis = new Map(history.versions.map(({ version }) => [version, apiAt(history, version)]));
  const steps = history.versions
    .slice(1)
    .map(({ version }, at) => diffApis(apis.get(history.versions[at]!.version)!, apis.get(version)!, target));
  return { steps, apiAt: (version: string): Api => apis.get(version)! };
}

/** Of a library without a history: the one version of its snapshot. */
async function fromSnapshot(library: LoadedLibrary, target: Target, flags: SourceFlags): Promise<History> {
  const { name, snapshot } = library.config;
  if (!snapshot) {
    throw new UsageError(
      `${name} has neither a \`history\` nor a \`snapshot\` in its configuration: dlshim history add makes the one, dlshim snapshot --save the other`,
    );
  }
  const api = await readApi(library, target, { libraries: [library], out: '.', docs: false, runtime: '' }, flags, []);
  return addVersion(emptyHistory(name, target.name), api!, { source: `the snapshot ${basename(snapshot)}` });
}

function asJson({ text: _, machine, ...page }: Page): object {
  if (!machine) return page;
  if (machine.absent !== undefined) return { ...page, machine: { installed: false, reason: machine.absent } };
  const { file, soname, version, reasons } = machine;
  return { ...page, machine: { installed: true, file, soname, version, reasons } };
}

function print({ library, file, versions, bytes, machine }: Page): void {
  const c = colors(process.stdout);
  const size = bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const count = versions.length === 1 ? '1 version' : `${versions.length} versions`;
  const here = !machine ? '' : `, here: ${machine.absent === undefined ? machine.version : 'not installed'}`;
  process.stdout.write(`${c.bold(library)} ${shortPath(file)} ${c.dim(`(${size})`)}: ${count}${here}\n`);
}
