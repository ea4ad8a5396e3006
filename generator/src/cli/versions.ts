// In: the words by which a person names one version of a library: a snapshot, a version out of a history, a header. Out: its Api.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { LoadedLibrary } from '../config/config.ts';
import { type Diagnostic, Diagnostics } from '../diagnostics.ts';
import type { Api } from '../model/api.ts';
import type { Target } from '../target.ts';
import { apiOfVersion } from './history-files.ts';
import { UsageError } from './output.ts';
import { configuredLibrary, type SourceFlags, shortPath } from './source.ts';

/** As it is named in messages. */
interface Place {
  readonly spec: string;
  readonly target: Target;
  readonly flags: SourceFlags;
  readonly diagnostics: Diagnostic[];
}

/** `headers/librbd/16.2.15.json`, `headers/librbd/history.json@14.2.21`, `librbd@14.2.21`, `librbd`, `old/foo.h`. Undefined where a
 *  header is not understood; why is among the diagnostics then. */
export async function namedVersion(
  spec: string,
  target: Target,
  flags: SourceFlags,
  diagnostics: Diagnostic[],
): Promise<Api | undefined> {
  const place = { spec, target, flags, diagnostics };
  if (isFile(spec)) return spec.endsWith('.json') ? fromFile(resolve(spec), undefined, place) : fromHeader(place);
  const at = spec.lastIndexOf('@');
  const [name, version] = at > 0 ? [spec.slice(0, at), spec.slice(at + 1)] : [spec, undefined];
  if (at > 0 && isFile(name)) return fromFile(resolve(name), version, place);
  if (/[/\\]|\.(h|json)$/.test(name)) throw new UsageError(`${name}: no such file`);
  return fromConfiguration(await configuredLibrary(name, flags), version, place);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

async function fromConfiguration(library: LoadedLibrary, version: string | undefined, place: Place): Promise<Api> {
  const { config, dir } = library;
  const { history, snapshot } = config;
  if (version !== undefined && history) return apiOfVersion(library, place.target, version);
  if (version === undefined && snapshot)
    return fromFile(beside(resolve(dir, snapshot), place.target), undefined, place);
  if (version === undefined && history) {
    throw new UsageError(
      `${place.spec}: which version? ${config.name} has a history: name one as ${config.name}@1.2.3`,
    );
  }
  const what = version === undefined ? '`snapshot`' : '`history`';
  throw new UsageError(`${place.spec}: ${config.name} has no ${what} in its configuration; name a file instead`);
}

/** The file of the target, where it has one of its own. */
function beside(main: string, target: Target): string {
  const other = main.replace(/(\.json)?$/, `.${target.name}.json`);
  return existsSync(other) ? other : main;
}

async function fromFile(path: string, version: string | undefined, { spec, target }: Place): Promise<Api> {
  const text = readFileSync(path, 'utf8');
  const { snapshotFromJson, SnapshotError } = await import('../history/snapshot.ts');
  const { HistoryError } = await import('../history/error.ts');
  try {
    const api = isHistory(text) ? await fromHistory(text, version, target, spec) : snapshotFromJson(text, target.name);
    if (api.target === target.name) return api;
    throw new UsageError(`${spec} is of ${api.target}, and not of ${target.name}; name the target with --target`);
  } catch (error) {
    if (error instanceof SnapshotError || error instanceof HistoryError)
      throw new UsageError(`${shortPath(path)}: ${error.message}`);
    throw error;
  }
}

/** Both are JSON of dlshim's; only a history has several versions. */
function isHistory(text: string): boolean {
  return /^\s*"versions": \[/m.test(text.slice(0, 4096));
}

async function fromHistory(text: string, version: string | undefined, target: Target, spec: string): Promise<Api> {
  const { historyFromJson } = await import('../history/json.ts');
  const { apiAt } = await import('../history/select.ts');
  const history = historyFromJson(text, target.name);
  if (version !== undefined) return apiAt(history, version);
  const known = history.versions.map((one) => one.version).join(', ');
  throw new UsageError(
    `${spec}: which version? It has ${known}; name one as ${spec}@${history.versions.at(-1)?.version}`,
  );
}

/** A header that is not installed: what it includes is looked for beside it first. */
async function fromHeader({ spec, target, flags, diagnostics }: Place): Promise<Api | undefined> {
  if (readFileSync(spec).includes(0)) throw new UsageError(`${spec}: it is neither a header nor a snapshot`);
  const { readHeaders } = await import('../pipeline.ts');
  const found = new Diagnostics();
  const name = basename(spec).replace(/\.\w+$/, '');
  const api = await readHeaders(
    {
      library: flags.name ?? name,
      version: dirname(spec) === '.' ? basename(spec) : spec,
      headers: [basename(spec)],
      includeDirs: [dirname(resolve(spec)), ...(flags.includeDir ?? []).map((folder) => resolve(folder))],
      defines: flags.define ?? [],
      own: flags.own,
      ownDirs: [process.cwd()],
      sysroots: flags.sysroot,
      files: [],
      target,
      docs: false,
    },
    found,
  );
  diagnostics.push(...found.all);
  return found.hasErrors ? undefined : api;
}
