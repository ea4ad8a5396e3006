// In: header names, search folders, macro definitions, a target. Out: one translation unit: expanded tokens with their
// places, pragmas that matter, surviving macros (C11 5.1.1.2 phases 1 to 4). Everything that is wrong is reported, not
// thrown; what follows it is still processed, except after a limit: then nothing is handed on.

import type { Diagnostics } from '../diagnostics.ts';
import { predefinedMacros } from '../predefined.ts';
import type { Target } from '../target.ts';
import { type Macro, PpToken, type SourceFile, type Token, type TranslationUnit } from '../token.ts';
import { defineBuiltins, definePredefined } from './builtins.ts';
import { FileTable, type ReadFile, type SourceRecord } from './files.ts';
import { whyMissing } from './include.ts';
import { Run, Stop, syntheticFile } from './run.ts';
import { enterFile } from './sources.ts';

export interface PreprocessInput {
  /** Each an existing path, or a name searched like `#include <name>`; processed in order, in one translation unit. */
  readonly headers: readonly string[];
  /** Searched first (`-I`). */
  readonly includeDirs: readonly string[];
  /** Searched next (`-isystem`); warnings in their files are dropped. */
  readonly systemDirs: readonly string[];
  /** Files that are as good as not there. */
  readonly isHidden?: (path: string) => boolean;
  /** `NAME`, `NAME=text` or `NAME(x)=text`. */
  readonly defines: readonly string[];
  /** Names to undefine after that. */
  readonly undefines?: readonly string[];
  readonly target: Target;
  /** Returns undefined for what is not a file, throws for what cannot be read. The disk if absent. */
  readonly readFile?: ReadFile;
}

/** Preprocesses the headers as if a file that only #includes them had been given. */
export function preprocess(input: PreprocessInput, diagnostics: Diagnostics): TranslationUnit {
  const files = new FileTable(input.includeDirs, input.systemDirs, input.readFile, input.isHidden);
  const run = new Run(files, input.target, diagnostics, input.headers[0] ?? '');
  definePredefined(run, predefinedMacros(input.target));
  defineBuiltins(run);
  try {
    readAll(run, syntheticFile('<command-line>', commandLine(input)));
    for (const name of input.headers) readEntry(run, name);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { files: files.files, tokens: [], pragmas: [], macros: new Map(), expand: () => [] };
  }
  const macros = new Map<string, Macro>();
  for (const [name, macro] of run.macros) if (macro.dynamic === undefined) macros.set(name, macro);
  const { output: tokens, pragmas } = run;
  return { files: files.files, tokens, pragmas, macros, expand: (name) => expandName(run, name) };
}

function readEntry(run: Run, name: string): void {
  const file = run.files.entry(name);
  if (file !== undefined) {
    readAll(run, file);
    return;
  }
  const at = new PpToken('other', name, syntheticFile('<command-line>', ''), 0, false, false);
  run.error('include-not-found', `header "${name}" not found`, at, whyMissing(run, name, []));
}

function readAll(run: Run, file: SourceRecord): void {
  const { expander, output, marks } = run;
  enterFile(run, file, marks.end);
  for (let token = expander.next(); token !== marks.end; token = expander.next()) {
    output.push(token);
    run.countWork(1, token);
  }
}

function commandLine(input: PreprocessInput): string {
  const defines = input.defines.map((define) => {
    const equals = define.indexOf('=');
    return equals === -1 ? `#define ${define} 1` : `#define ${define.slice(0, equals)} ${define.slice(equals + 1)}`;
  });
  const undefines = (input.undefines ?? []).map((name) => `#undef ${name}`);
  return [...defines, ...undefines, ''].join('\n');
}

function expandName(run: Run, name: string): readonly Token[] {
  const macro = run.macros.get(name);
  if (macro === undefined) return [];
  const file: SourceFile = macro.file ?? syntheticFile('<built-in>', '');
  const token = new PpToken('identifier', name, file, macro.offset, false, false);
  return run.attempt(() => run.expander.expandAll([token])) ?? [];
}
