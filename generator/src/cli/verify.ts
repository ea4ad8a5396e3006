// dlshim verify: the user's own C compiler checks what dlshim understood of the headers.

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics.ts';
import { assertionFile } from '../verify/assertions.ts';
import { CompilerError, verify as runCompiler, type VerifyResult } from '../verify/run.ts';
import { colors, ExitCode, report, UsageError, writeFiles } from './output.ts';
import { progress } from './progress.ts';
import { findSources, numbered, readApi, type SourceFlags } from './source.ts';

export async function verify(names: readonly string[], flags: SourceFlags): Promise<void> {
  const sources = await findSources(names, flags);
  const diagnostics: Diagnostic[] = [];
  const results: { library: string; result: VerifyResult }[] = [];
  if (flags.cc === '') throw new UsageError('--cc needs the name of a C compiler');
  if (flags.emit && sources.libraries.length > 1) throw new UsageError('--emit takes one library at a time');
  for (const library of sources.libraries) {
    const api = await readApi(library, sources, flags, diagnostics);
    if (!api) continue;
    const file = assertionFile(api, sources.target);
    if (flags.emit) writeFiles([{ path: resolve(flags.emit), text: file.text }]);
    const includes = [
      ...(flags.includeDir ?? []),
      ...(library.config.includeDirs ?? []).map((d) => resolve(library.dir, d)),
    ];
    // A header that was named by its path is found under its last name.
    for (const header of library.config.headers) if (existsSync(header)) includes.push(dirname(resolve(header)));
    const roots = (flags.sysroot ?? []).flatMap((root) =>
      sources.target.systemDirs.map((dir) => `-isystem${resolve(root)}${dir}`),
    );
    const defines = [...(library.config.defines ?? []), ...(flags.define ?? [])].map((d) => `-D${d}`);
    progress.step(`${numbered(library, sources)}: the compiler is at work`);
    try {
      results.push({
        library: library.config.name,
        result: runCompiler(file, flags.cc ?? 'cc', [...includes.map((d) => `-I${d}`), ...roots, ...defines]),
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
  if (flags.json) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
  else for (const { library, result } of results) print(library, result);
  if (results.some(({ result }) => result.failed.length + result.errors.length > 0)) process.exitCode = ExitCode.failed;
}

function print(library: string, { held, failed, errors, unasserted }: VerifyResult): void {
  const c = colors(process.stdout);
  const wrong = failed.length + errors.length;
  process.stdout.write(
    `${c.bold(library)}: ${wrong ? c.red(`${wrong} failed`) : c.green('all hold')}, ${held} assertions held\n`,
  );
  for (const label of failed) process.stdout.write(`  ${c.red('wrong')}: ${label}\n`);
  for (const line of errors) process.stdout.write(`  ${c.red('error')}: ${line}\n`);
  for (const line of unasserted) process.stdout.write(`  not asserted: ${line}\n`);
}
