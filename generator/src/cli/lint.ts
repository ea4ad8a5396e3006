// dlshim lint: what a driver's sources use of its shims, on which versions of the libraries they run, and what fails on older ones.

import { existsSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { LoadedConfig } from '../config/config.ts';
import { Judge, type ShimReport } from '../typescript/judge.ts';
import { lintText, type Paint, type Style } from '../typescript/lint-text.ts';
import type { Morph, Project, SourceFile } from '../typescript/morph.ts';
import type { ShimUse } from '../typescript/use.ts';
import { usesOf } from '../typescript/uses.ts';
import { indexFrom, knownVersions } from './lint-facts.ts';
import { colors, ExitCode, UsageError } from './output.ts';
import { progress } from './progress.ts';
import { loadedConfiguration } from './source.ts';
import { loadMorph } from './typescript.ts';

export interface LintFlags {
  readonly config?: string;
  readonly project?: string;
  readonly baseline?: readonly string[];
  readonly json?: true;
}

export async function lint(names: readonly string[], flags: LintFlags): Promise<void> {
  const paths = names.map((name) => resolve(name));
  for (const path of paths) {
    if (!existsSync(path) || !statSync(path).isFile()) throw new UsageError(`${relative('.', path)}: no such file`);
  }
  const baselines = new Map((flags.baseline ?? []).map(baselineFrom));
  const morph = loadMorph();
  const project = projectFor(paths, flags, morph);
  const files = paths.length > 0 ? paths.map((path) => project.addSourceFileAtPath(path)) : ownFiles(project);
  for (const file of files) checkSyntax(file, project);
  progress.step(`reading ${files.length} file${files.length === 1 ? '' : 's'}`);
  const shims = usesOf(project, files, morph);
  for (const library of baselines.keys()) {
    if (!shims.some((shim) => shim.library === library)) {
      const used = shims.map((shim) => shim.library).join(', ') || 'none';
      throw new UsageError(`--baseline ${library}: the sources use no shim of that name; they use ${used}`);
    }
  }
  const config = await loadedConfiguration(flags.config);
  const reports: ShimReport[] = [];
  for (const shim of shims) reports.push(await judged(shim, config, baselines.get(shim.library)));
  progress.clear();
  process.stdout.write(
    flags.json ? `${JSON.stringify(reports, undefined, 2)}\n` : lintText(reports, shortName, paint()),
  );
  if (reports.some(({ problems }) => problems.some(({ severity }) => severity === 'error'))) {
    process.exitCode = ExitCode.failed;
  }
}

/** `librbd=14.2.21`. */
function baselineFrom(text: string): [string, string] {
  const [, library, version] = /^([^=]+)=(\d\S*)$/.exec(text) ?? [];
  if (!library || !version)
    throw new UsageError(`--baseline ${text}: a baseline is LIBRARY=VERSION, for example librbd=14.2.21`);
  return [library, version];
}

async function judged(
  shim: ShimUse,
  config: LoadedConfig | undefined,
  wanted: string | undefined,
): Promise<ShimReport> {
  const known = await knownVersions(shim, config);
  if (!known) {
    if (wanted !== undefined) {
      throw new UsageError(
        `--baseline ${shim.library}=${wanted}: nothing is known of the versions of ${shim.library}: neither has the configuration a history of it, nor says its shim anything`,
      );
    }
    return new Judge(shim, undefined, 0).report();
  }
  const { versions } = known.facts;
  const own = Math.max(0, indexFrom(versions, known.baseline ?? versions[0]!));
  if (wanted === undefined) return new Judge(shim, known.facts, own).report();
  const asked = indexFrom(versions, wanted);
  if (asked >= 0) return new Judge(shim, known.facts, own, asked).report();
  throw new UsageError(
    `--baseline ${shim.library}=${wanted} is newer than every version that is known, which end with ${versions.at(-1)}`,
  );
}

/** The checker over the driver's own project, and always strict: without null checks nothing could be told. */
function projectFor(paths: readonly string[], flags: LintFlags, morph: Morph): Project {
  const path =
    flags.project === undefined ? nearestProject(paths[0] ? dirname(paths[0]) : process.cwd()) : resolve(flags.project);
  if (flags.project !== undefined && !existsSync(path!)) throw new UsageError(`${flags.project}: no such file`);
  const { ModuleKind, ModuleResolutionKind, ScriptTarget } = morph;
  const named = paths.length > 0 ? { allowJs: true } : {};
  const strict = { strict: true, strictNullChecks: true, noEmit: true, skipLibCheck: true, ...named };
  if (path === undefined) {
    if (paths.length === 0) throw new UsageError('no files are named, and there is no tsconfig.json that names some');
    const modules = { module: ModuleKind.NodeNext, moduleResolution: ModuleResolutionKind.NodeNext };
    const allowImportingTsExtensions = true;
    return new morph.Project({
      compilerOptions: { ...strict, ...modules, target: ScriptTarget.ES2023, allowImportingTsExtensions },
    });
  }
  try {
    return new morph.Project({
      tsConfigFilePath: path,
      skipAddingFilesFromTsConfig: paths.length > 0,
      compilerOptions: strict,
    });
  } catch (error) {
    throw new UsageError(`${shortName(path)}: it cannot be read: ${(error as Error).message}`);
  }
}

function nearestProject(folder: string): string | undefined {
  const path = resolve(folder, 'tsconfig.json');
  if (existsSync(path)) return path;
  return dirname(folder) === folder ? undefined : nearestProject(dirname(folder));
}

/** Of what is not TypeScript nobody can tell what it uses. */
function checkSyntax(file: SourceFile, project: Project): void {
  const [first] = project.getProgram().getSyntacticDiagnostics(file);
  if (!first) return;
  const message = first.getMessageText();
  const text = typeof message === 'string' ? message : message.getMessageText();
  throw new UsageError(`${shortName(file.getFilePath())}:${first.getLineNumber()}: it cannot be parsed: ${text}`);
}

function ownFiles(project: Project): SourceFile[] {
  const files = project.getSourceFiles().filter((file) => !file.isDeclarationFile() && !file.isInNodeModules());
  if (files.length === 0) throw new UsageError('the project has no source files; name some');
  return files;
}

function shortName(path: string): string {
  const here = relative(process.cwd(), path);
  return here.startsWith('..') ? path : here;
}

function paint(): Paint {
  const c = colors(process.stdout);
  const styles: Record<Style, (text: string) => string> = {
    bold: c.bold,
    dim: c.dim,
    error: c.red,
    warning: c.yellow,
    good: c.green,
  };
  return (text, style) => styles[style](text);
}
