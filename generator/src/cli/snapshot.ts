// dlshim snapshot: headers -> canonical JSON of everything that they declare; with --facts, flat JSON for comparison.

import { resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics.ts';
import { factsToJson } from '../facts/facts.ts';
import { snapshotToJson } from '../history/snapshot.ts';
import { ExitCode, report, UsageError, writeFiles } from './output.ts';
import { progress } from './progress.ts';
import { findSources, readApi, type SourceFlags, shortPath, targetsOf } from './source.ts';

export async function snapshot(names: readonly string[], flags: SourceFlags): Promise<void> {
  const sources = await findSources(names, flags);
  if (sources.libraries.length > 1 && !flags.save) {
    throw new UsageError(`one library at a time, or --save: ${sources.libraries.map((l) => l.config.name).join(', ')}`);
  }
  if (flags.facts && flags.save) throw new UsageError('--save keeps snapshots; write facts with --out');
  const diagnostics: Diagnostic[] = [];
  const files: { path: string | undefined; text: string }[] = [];
  for (const library of sources.libraries) {
    const path = flags.save
      ? library.config.snapshot && resolve(library.dir, library.config.snapshot)
      : flags.out && resolve(flags.out);
    if (flags.save && !path)
      throw new UsageError(`${library.config.name} has no \`snapshot\` in its configuration to save to`);
    const [target] = targetsOf(library, flags);
    const api = await readApi(library, target!, sources, flags, diagnostics);
    if (api) files.push({ path, text: flags.facts ? factsToJson(api, target!) : snapshotToJson(api) });
  }
  progress.clear();
  if (report(diagnostics)) {
    process.exitCode = ExitCode.headers;
    return;
  }
  const toDisk = files.flatMap(({ path, text }) => (path ? [{ path, text }] : []));
  writeFiles(toDisk);
  for (const { path } of toDisk) process.stdout.write(`${shortPath(path)}\n`);
  for (const { path, text } of files) if (!path) process.stdout.write(text);
}
