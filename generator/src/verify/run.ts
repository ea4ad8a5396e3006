// In: a file of assertions and a compiler. Out: which of them failed. The compiler only checks; nothing is built.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AssertionFile } from './assertions.ts';

export interface VerifyResult {
  readonly held: number;
  /** Labels of the assertions that failed. */
  readonly failed: readonly string[];
  /** What the compiler said that is not a failed assertion; with any of this nothing is proved. */
  readonly errors: readonly string[];
  readonly unasserted: readonly string[];
}

/** The compiler could not be started. */
export class CompilerError extends Error {}

export function verify(file: AssertionFile, compiler: string, flags: readonly string[]): VerifyResult {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-verify-'));
  const path = join(folder, 'assertions.c');
  try {
    writeFileSync(path, file.text);
    const args = ['-std=gnu17', '-fsyntax-only', '-w', '-fmax-errors=0', ...flags, path];
    const isClang = /clang/.test(compiler);
    const run = spawnSync(
      compiler,
      isClang ? args.map((a) => (a === '-fmax-errors=0' ? '-ferror-limit=0' : a)) : args,
      {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        env: { ...process.env, LC_ALL: 'C' },
      },
    );
    if (run.error) throw new CompilerError(`${compiler}: ${run.error.message}`);
    return judge(file, path, run.stderr, run.status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge(file: AssertionFile, path: string, output: string, status: number | null): VerifyResult {
  const failed: string[] = [];
  const errors: string[] = [];
  const denied = new Set<string>();
  let canary = false;
  for (const line of output.split('\n')) {
    if (!/\berror:/.test(line)) continue;
    const at = line.startsWith(`${path}:`) ? Number(line.slice(path.length + 1).split(':', 1)[0]) : Number.NaN;
    if (at === file.canary) {
      canary = true;
      continue;
    }
    const label = file.labels.get(at);
    if (label !== undefined) denied.add(label);
    if (label !== undefined && /static assertion failed|static_assert failed/.test(line)) failed.push(label);
    else errors.push(label === undefined ? line : `${label}: ${line.slice(line.indexOf('error:'))}`);
  }
  // With an error of any other kind, or with a compiler that lets the canary live, nothing is proved.
  if (!canary)
    errors.unshift(output.trim() || `the compiler accepts an assertion that is false; it ended with ${status}`);
  return {
    held: canary ? file.labels.size - denied.size : 0,
    failed,
    errors,
    unasserted: file.unasserted,
  };
}
