// dlshim verify: the user's own C compiler checks what dlshim understood of the headers.

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { LoadedLibrary } from '../config/config.ts';
import type { Diagnostic } from '../diagnostics.ts';
import type { Target } from '../target.ts';
import { DEFAULT_TARGET } from '../targets/targets.ts';
import { assertionFile } from '../verify/assertions.ts';
import { CompilerError, verify as runCompiler, type VerifyResult } from '../verify/run.ts';
import { type Compiler, compilerFor, ForeignTargetError } from './compiler.ts';
import { colors, ExitCode, report, UsageError, writeFiles } from './output.ts';
import { progress } from './progress.ts';
import { findSources, numbered, readApi, type SourceFlags, sysrootsOf, targetsOf } from './source.ts';

interface Skipped {
  readonly library: string;
  readonly target: string;
  /** Why. */
  readonly skipped: string;
}

interface Verified {
  readonly library: string;
  readonly target: string;
  readonly result: VerifyResult;
}

export async function verify(names: readonly string[], flags: SourceFlags): Promise<void> {
  const sources = await findSources(names, flags);
  const diagnostics: Diagnostic[] = [];
  const results: Verified[] = [];
  const skipped: Skipped[] = [];
  if (flags.cc === '') throw new UsageError('--cc needs the name of a C compiler');
  const work = sources.libraries.flatMap((library) => targetsOf(library, flags).map((target) => ({ library, target })));
  if (flags.emit && work.length > 1) throw new UsageError('--emit takes one library and one target at a time');
  for (const { library, target } of work) {
    const api = await readApi(library, target, sources, flags, diagnostics);
    if (!api) continue;
    const file = assertionFile(api, target);
    if (flags.emit) writeFiles([{ path: resolve(flags.emit), text: file.text }]);
    const includes = [
      ...(flags.includeDir ?? []),
      ...(library.config.includeDirs ?? []).map((d) => resolve(library.dir, d)),
    ];
    // A header that was named by its path is found under its last name.
    for (const header of library.config.headers) if (existsSync(header)) includes.push(dirname(resolve(header)));
    const compiler = compilerOf(library, target, includes, flags);
    if (typeof compiler === 'string') {
      skipped.push({ library: library.config.name, target: target.name, skipped: compiler });
      continue;
    }
    const defines = [...(library.config.defines ?? []), ...(flags.define ?? [])].map((d) => `-D${d}`);
    progress.step(`${numbered(library, sources)}: the compiler is at work`);
    try {
      results.push({
        library: library.config.name,
        target: target.name,
        result: runCompiler(file, compiler.program, [...compiler.flags, ...defines]),
      });
    } catch (error) {
      if (error instanceof CompilerError) throw new UsageError(`${error.message}\n  name a C compiler with --cc`);
      throw error;
    }
  }
  progress.clear();
  if (report(diagnostics)) {
    process.exitCode = ExitCode.headers;
    return;
  }
  if (flags.json) process.stdout.write(`${JSON.stringify([...results, ...skipped], undefined, 2)}\n`);
  else
    for (const result of results)
      print(
        result,
        results.some((r) => r.target !== DEFAULT_TARGET.name),
      );
  if (!flags.json)
    for (const s of skipped) process.stdout.write(`${s.library} for ${s.target}: not verified: ${s.skipped}\n`);
  if (results.some(({ result }) => result.failed.length + result.errors.length > 0)) process.exitCode = ExitCode.failed;
}

/** For a target that only the configuration names, a compiler of another machine is no error as long as there is another target. */
function compilerOf(
  library: LoadedLibrary,
  target: Target,
  includes: readonly string[],
  flags: SourceFlags,
): Compiler | string {
  try {
    return compilerFor(flags.cc ?? 'cc', target, includes, sysrootsOf(library, flags));
  } catch (error) {
    if (error instanceof ForeignTargetError && !flags.target && targetsOf(library, flags).length > 1)
      return error.message;
    throw error;
  }
}

function print({ library, target, result }: Verified, namesTarget: boolean): void {
  const { held, kinds, failed, errors, byCompiler, unasserted } = result;
  const c = colors(process.stdout);
  const wrong = failed.length + errors.length;
  process.stdout.write(
    `${c.bold(library)}${namesTarget ? ` for ${target}` : ''}: ${wrong ? c.red(`${wrong} failed`) : c.green('all hold')}, ${held} facts held\n`,
  );
  const counts = Object.entries(kinds).map(([kind, count]) => `${count} ${plural(kind, count)}`);
  if (counts.length > 0) process.stdout.write(`  held: ${counts.join(', ')}\n`);
  for (const label of failed) process.stdout.write(`  ${c.red('wrong')}: ${label}\n`);
  for (const line of errors) process.stdout.write(`  ${c.red('error')}: ${line}\n`);
  for (const label of byCompiler) process.stdout.write(`  depends on which compiler asks: ${label}\n`);
  for (const line of unasserted) process.stdout.write(`  not asserted: ${line}\n`);
}

function plural(kind: string, count: number): string {
  return count === 1 ? kind : `${kind}s`;
}
