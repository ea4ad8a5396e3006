// The state of one preprocessing run, which the files of this folder work on: macro table, open files, output.
// Reports diagnostics with the include stack, and stops a run that would never end.

import type { Diagnostics, Severity } from '../diagnostics.ts';
import { lineAt, placeAt } from '../diagnostics.ts';
import type { Target } from '../target.ts';
import { PpToken, type SourceFile } from '../token.ts';
import { Expander } from './expand.ts';
import { type FileTable, type SourceRecord, sourceRecord } from './files.ts';
import type { Lexer, LexProblem, Marks } from './lex.ts';
import type { MacroDefinition } from './macro.ts';

/** An #if that is open. */
export interface Conditional {
  readonly directive: PpToken;
  /** Whether one of its groups was kept. */
  taken: boolean;
  sawElse: boolean;
}

/** A file being read. */
export interface Frame {
  readonly file: SourceRecord;
  readonly lexer: Lexer;
  readonly conditionals: Conditional[];
  /** The name of the directive being run: its place is where an #include stands. */
  directive: PpToken;
  /** The include guard, if everything so far is inside `#ifndef guard`. */
  guard: string | undefined;
  guardState: 'possible' | 'open' | 'closed' | 'none';
  /** What #line adds to physical line numbers, and the name it gives. */
  lineDelta: number;
  presumed: string | undefined;
  system: boolean;
}

/** Thrown to end a run that exceeds a limit; the diagnostic has been reported. */
export class Stop extends Error {}

/** How many tokens a run may make or read. GTK's headers need less than a tenth. */
const WORK_LIMIT = 4_000_000;
/** What a directive counts: the memory that a macro takes. */
const DIRECTIVE_WORK = 16;
const ATTEMPT_LIMIT = 100_000;
const ERROR_LIMIT = 1000;
const STACK_NOTES = 8;

export class Run {
  readonly marks: Marks;
  readonly macros: Map<string, MacroDefinition> = new Map();
  readonly pushed: Map<string, (MacroDefinition | undefined)[]> = new Map();
  /** The open files, the innermost last. */
  readonly frames: Frame[] = [];
  /** The last of them; not valid when there is none. */
  declare frame: Frame;
  readonly opened: Set<SourceRecord> = new Set();
  readonly output: PpToken[] = [];
  readonly pragmas: { index: number; tokens: readonly PpToken[] }[] = [];
  readonly files: FileTable;
  readonly target: Target;
  readonly expander: Expander;
  readonly base: string;
  counter = 0;
  private readonly diagnostics: Diagnostics;
  private work = 0;
  private limit = WORK_LIMIT;
  private errors = 0;
  private quiet = false;

  constructor(files: FileTable, target: Target, diagnostics: Diagnostics, base: string) {
    this.files = files;
    this.target = target;
    this.diagnostics = diagnostics;
    this.base = base;
    const nowhere: SourceFile = syntheticFile('<built-in>', '');
    const mark = (): PpToken => new PpToken('other', '', nowhere, 0, false, false);
    this.marks = { end: mark(), line: mark(), directive: mark() };
    this.expander = new Expander(this);
  }

  isSynthetic(file: SourceFile): boolean {
    return file.path.startsWith('<');
  }

  error(code: string, message: string, at: PpToken, notes: readonly string[] = []): void {
    this.report('error', code, message, at, notes);
  }

  /** Dropped in system headers, as compilers do. */
  warning(code: string, message: string, at: PpToken, notes: readonly string[] = []): void {
    if (this.frames.length === 0 || !this.frame.system) this.report('warning', code, message, at, notes);
  }

  lexProblem(severity: Severity, file: SourceFile): LexProblem {
    return (code, message, offset) => {
      const at = new PpToken('other', '', file, offset, false, false);
      if (code === 'token-length') this.stop(code, message, at);
      if (severity === 'error' || code === 'unterminated-comment') this.error(code, message, at);
      else this.warning(code, message, at);
    };
  }

  /** Counts tokens made and read, which a small header can make many; stops the run at the limit. */
  countWork(amount: number, at: PpToken): void {
    this.work += amount;
    if (this.work <= this.limit) return;
    const macros = this.expander.macrosBeingReplaced();
    const notes = macros.length === 0 ? [] : [`in the expansion of ${listed(macros)}`];
    this.stop('expansion-limit', `the headers make more than ${WORK_LIMIT} tokens`, at, notes);
  }

  countDirective(): void {
    this.countWork(DIRECTIVE_WORK, this.frame.directive);
  }

  /** Whether a missing header is worth a look at folders: the first few are, a thousand are not. */
  mayLookAround(): boolean {
    return this.errors < 20;
  }

  /** Reports an error after which nothing more is read. */
  stop(code: string, message: string, at: PpToken, notes: readonly string[] = []): never {
    this.error(code, message, at, notes);
    throw new Stop();
  }

  /** Runs `body` with a small allowance of its own and no diagnostics; undefined if it does not suffice. */
  attempt<T>(body: () => T): T | undefined {
    const { work, limit, quiet } = this;
    this.work = 0;
    this.limit = ATTEMPT_LIMIT;
    this.quiet = true;
    try {
      return body();
    } catch (error) {
      if (error instanceof Stop) return undefined;
      throw error;
    } finally {
      this.work = work;
      this.limit = limit;
      this.quiet = quiet;
    }
  }

  private report(severity: Severity, code: string, message: string, at: PpToken, notes: readonly string[]): void {
    if (this.quiet) return;
    if (severity === 'error') this.errors += 1;
    if (this.errors > ERROR_LIMIT) throw new Stop();
    const all = [...notes, ...this.includeStack()];
    const place = this.isSynthetic(at.file) ? undefined : placeAt(at.file, at.offset, at.text.length);
    this.diagnostics.report({
      code,
      severity,
      message,
      ...(place === undefined ? {} : { place }),
      ...(all.length === 0 ? {} : { notes: all }),
    });
  }

  private includeStack(): string[] {
    const stack: string[] = [];
    for (let index = this.frames.length - 2; index >= 0; index -= 1) {
      const { file, directive } = this.frames[index]!;
      stack.push(`included from ${file.path}:${lineAt(file, directive.offset)}`);
    }
    const hidden = stack.length - STACK_NOTES;
    return hidden > 0 ? [...stack.slice(0, STACK_NOTES), `and ${hidden} files further out`] : stack;
  }
}

/** The outermost and the innermost of many names. */
function listed(names: readonly string[]): string {
  if (names.length <= 8) return names.join(', ');
  return [...names.slice(0, 4), `… (${names.length - 8} more)`, ...names.slice(-4)].join(', ');
}

/** A file that exists only in memory: predefined macros, `-D` options. */
export function syntheticFile(path: string, text: string): SourceRecord {
  return sourceRecord(path, text, 'entry', undefined, undefined, -1, true);
}
