// What the preprocessor's tests share: running it on text in memory, and running gcc on the same headers.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Diagnostic, Diagnostics } from '../../generator/src/diagnostics.ts';
import { preprocess } from '../../generator/src/preprocess/preprocess.ts';
import type { Target } from '../../generator/src/target.ts';
import { DEFAULT_TARGET } from '../../generator/src/targets/targets.ts';
import type { TranslationUnit } from '../../generator/src/token.ts';

export const target: Target = DEFAULT_TARGET;
export const ownHeaders: string = join(import.meta.dirname, '../../generator/include');
export const systemDirs: readonly string[] = [ownHeaders, ...target.systemDirs];

export interface Result {
  readonly unit: TranslationUnit;
  readonly diagnostics: readonly Diagnostic[];
  /** The spellings of all tokens. */
  readonly words: readonly string[];
}

/** Preprocesses files that exist in memory only; `main.h` is the entry. */
export function run(
  files: Readonly<Record<string, string>> | string,
  options: { defines?: string[]; undefines?: string[]; includeDirs?: string[]; systemDirs?: string[] } = {},
): Result {
  const all = typeof files === 'string' ? { 'main.h': files } : files;
  const readFile = (path: string): string | undefined => (Object.hasOwn(all, path) ? all[path] : undefined);
  const input = { headers: ['main.h'], includeDirs: [], systemDirs: [], defines: [], ...options, target, readFile };
  return result(new Diagnostics(), (diagnostics) => preprocess(input, diagnostics));
}

/** Preprocesses headers of this machine. */
export function runHeaders(headers: readonly string[], dirs: readonly string[] = systemDirs): Result {
  return result(new Diagnostics(), (diagnostics) =>
    preprocess({ headers, includeDirs: [], systemDirs: dirs, defines: [], target }, diagnostics),
  );
}

function result(diagnostics: Diagnostics, body: (diagnostics: Diagnostics) => TranslationUnit): Result {
  const unit = body(diagnostics);
  return { unit, diagnostics: diagnostics.all, words: unit.tokens.map((token) => token.text) };
}

/** The tokens of a text that is already preprocessed; `#pragma` lines are left out. */
export function tokensOf(preprocessed: string): readonly string[] {
  const text = preprocessed.replace(/^#.*$/gm, '');
  const readFile = (path: string): string | undefined => (path === 'main.h' ? text : undefined);
  const bare = { ...target, macros: [] };
  const input = { headers: ['main.h'], includeDirs: [], systemDirs: [], defines: [], target: bare, readFile };
  return preprocess(input, new Diagnostics()).tokens.map((token) => token.text);
}

/** Runs gcc on a C file with this text and returns its output. */
export function gcc(text: string, args: readonly string[]): string {
  return inTemporaryFolder((folder) => {
    const file = join(folder, 'main.c');
    writeFileSync(file, text);
    const { status, stdout, stderr } = spawnSync('gcc', [...args, file], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  });
}

/** What gcc's preprocessor makes of a text, as tokens, with the headers that we see. */
export function gccTokens(text: string): readonly string[] {
  const args = ['-E', '-P', '-std=gnu17', '-nostdinc', ...systemDirs.flatMap((dir) => ['-isystem', dir])];
  return tokensOf(gcc(text, args));
}

export function inTemporaryFolder<T>(body: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-'));
  try {
    return body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
