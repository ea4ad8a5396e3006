// dlshim snapshot: headers -> canonical JSON of everything that they declare; with --facts, flat JSON for comparison.

import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics.ts';
import { factsToJson } from '../facts/facts.ts';
import { snapshotToJson } from '../history/snapshot.ts';
import { allTargets } from '../targets/targets.ts';
import { ExitCode, report, UsageError, writeFiles } from './output.ts';
import { progress } from './progress.ts';
import { findSources, readApis, type SourceFlags, shortPath, snapshotsBeside, type TargetApi } from './source.ts';

export async function snapshot(names: readonly string[], flags: SourceFlags): Promise<void> {
  const sources = await findSources(names, flags);
  if (sources.libraries.length > 1 && !flags.save) {
    throw new UsageError(`one library at a time, or --save: ${sources.libraries.map((l) => l.config.name).join(', ')}`);
  }
  if (flags.facts && flags.save) throw new UsageError('--save keeps snapshots; write facts with --out');
  if (flags.target && flags.save)
    throw new UsageError('--save keeps the snapshots of all targets of the configuration; leave --target out');
  const diagnostics: Diagnostic[] = [];
  const files: { path: string | undefined; text: string }[] = [];
  const stale: string[] = [];
  for (const library of sources.libraries) {
    const { name } = library.config;
    const main = flags.save
      ? library.config.snapshot && resolve(library.dir, library.config.snapshot)
      : flags.out && resolve(flags.out);
    if (flags.save && !main) throw new UsageError(`${name} has no \`snapshot\` in its configuration to save to`);
    const inputs = await readApis(library, sources, flags, diagnostics);
    if (!inputs) continue;
    const texts = flags.facts
      ? inputs.map(({ api, target }) => ({ target: target.name, text: factsToJson(api, target) }))
      : snapshotTexts(inputs);
    if (texts.length > 1 && !flags.save) {
      const list = inputs.map(({ target }) => target.name).join(', ');
      throw new UsageError(`${name} differs between ${list}: name one with --target, or keep them all with --save`);
    }
    const [first, ...others] = texts.map(({ text }) => text);
    files.push({ path: main, text: first! });
    const beside = main ? snapshotsBeside(main) : [];
    const paths = texts.slice(1).map(({ target }) => beside[allTargets.findIndex((t) => t.name === target)]!);
    files.push(...others.map((text, at) => ({ path: paths[at], text })));
    if (flags.save) stale.push(...beside.filter((path) => !paths.includes(path) && existsSync(path)));
  }
  progress.clear();
  if (report(diagnostics)) {
    process.exitCode = ExitCode.headers;
    return;
  }
  const toDisk = files.flatMap(({ path, text }) => (path ? [{ path, text }] : []));
  writeFiles(toDisk);
  for (const path of stale) rmSync(path);
  for (const { path } of toDisk) process.stdout.write(`${shortPath(path)}\n`);
  for (const { path, text } of files) if (!path) process.stdout.write(text);
}

/** One text for each group of targets whose Apis are the same but for the target, with the first target of each. */
function snapshotTexts(inputs: readonly TargetApi[]): { target: string; text: string }[] {
  const groups = new Map<string, TargetApi[]>();
  for (const input of inputs) {
    const key = snapshotToJson(input.api, []);
    groups.set(key, [...(groups.get(key) ?? []), input]);
  }
  return [...groups.values()].map((group) => {
    const targets = group.map(({ target }) => target.name);
    return { target: targets[0]!, text: snapshotToJson(group[0]!.api, targets) };
  });
}
