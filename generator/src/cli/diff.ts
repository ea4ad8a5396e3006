// dlshim diff: what changed between two versions of a library, and what becomes of programs that were written for the older one.

import type { Diagnostic } from '../diagnostics.ts';
import type { ApiDiff, Rating } from '../diff/change.ts';
import { diffApis } from '../diff/diff.ts';
import { diffMarkdown } from '../diff/markdown.ts';
import { diffText, type Paint, type Style } from '../diff/text.ts';
import { DEFAULT_TARGET, findTarget } from '../targets/targets.ts';
import { colors, ExitCode, report, UsageError } from './output.ts';
import type { SourceFlags } from './source.ts';
import { namedVersion } from './versions.ts';

export interface DiffFlags extends Omit<SourceFlags, 'target'> {
  readonly target?: string;
  readonly markdown?: true;
  readonly breaks?: true;
  readonly failOn?: 'break' | 'any' | 'never';
}

export async function diff(older: string, newer: string, flags: DiffFlags): Promise<void> {
  if (flags.json && flags.markdown) throw new UsageError('--json and --markdown do not go together');
  const target = flags.target === undefined ? DEFAULT_TARGET : findTarget(flags.target);
  if (!target) throw new UsageError(`there is no target ${flags.target}`);
  const { target: _, ...others } = flags;
  const diagnostics: Diagnostic[] = [];
  const a = await namedVersion(older, target, others, diagnostics);
  const b = await namedVersion(newer, target, others, diagnostics);
  if (report(diagnostics) || !a || !b) {
    process.exitCode = ExitCode.headers;
    return;
  }
  if (a.library !== b.library) {
    process.stderr.write(`note: ${older} is of ${a.library}, and ${newer} of ${b.library}\n`);
  }
  const all = diffApis(a, b, target);
  const shown = flags.breaks ? { ...all, changes: all.changes.filter(isBreak) } : all;
  process.stdout.write(rendered(shown, flags));
  if (isFailure(all, flags.failOn ?? 'break')) process.exitCode = ExitCode.failed;
}

function isBreak({ rating }: { readonly rating: Rating }): boolean {
  return rating !== 'compatible';
}

function isFailure({ changes }: ApiDiff, on: 'break' | 'any' | 'never'): boolean {
  if (on === 'never') return false;
  return on === 'any' ? changes.length > 0 : changes.some(isBreak);
}

function rendered(found: ApiDiff, flags: DiffFlags): string {
  if (flags.json) return `${JSON.stringify(found, undefined, 2)}\n`;
  return flags.markdown ? diffMarkdown(found) : diffText(found, paint());
}

function paint(): Paint {
  const c = colors(process.stdout);
  const styles: Record<Style, (text: string) => string> = {
    'silent break': (text) => c.bold(c.red(text)),
    break: c.red,
    recompile: c.yellow,
    compatible: c.green,
    bold: c.bold,
    dim: c.dim,
    added: c.green,
    removed: c.red,
  };
  return (text, style) => styles[style](text);
}
