// In: a file to read next. Out: frames on the stack of open files: entering, leaving, include guards (C11 6.10.2).

import type { PpToken } from '../token.ts';
import type { SourceRecord } from './files.ts';
import { Lexer } from './lex.ts';
import type { Frame, Run } from './run.ts';

const DEPTH_LIMIT = 200;

/** Opens a file unless its guard or `#pragma once` says that nothing would come of it. */
export function enterFile(run: Run, file: SourceRecord, at: PpToken): void {
  if (run.opened.has(file)) {
    if (file.once || (file.guard !== undefined && run.macros.has(file.guard))) return;
    run.countWork(16 + (file.text.length >> 2), at);
  }
  if (run.frames.length >= DEPTH_LIMIT) {
    run.stop('include-depth', `#include nested ${DEPTH_LIMIT} deep: ${file.path} is probably part of a cycle`, at);
  }
  run.opened.add(file);
  run.frame = newFrame(run, file);
  run.frames.push(run.frame);
}

function newFrame(run: Run, file: SourceRecord): Frame {
  return {
    file,
    lexer: new Lexer(file, file.text, run.marks, run.lexProblem('error', file)),
    conditionals: [],
    directive: run.marks.end,
    guard: undefined,
    guardState: 'possible',
    lineDelta: 0,
    presumed: undefined,
    system: file.system,
  };
}

/** Closes the file being read: reports its open #ifs, remembers its guard. */
export function leaveFile(run: Run): void {
  const { frame } = run;
  for (const { directive } of frame.conditionals)
    run.error('unterminated-conditional', `unterminated #${directive.text}`, directive);
  if (frame.guardState === 'closed' && !frame.lexer.sawToken) frame.file.guard = frame.guard;
  run.frames.pop();
  run.frame = run.frames[run.frames.length - 1] ?? frame;
}
