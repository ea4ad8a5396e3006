// In: a `#` that begins a line. Out: its effect on the run (C11 6.10). Conditionals, #include and #pragma have files
// of their own.

import { lineAt } from '../diagnostics.ts';
import type { PpToken } from '../token.ts';
import { elseDirective, endifDirective, ifDirective, ifdefDirective } from './conditional.ts';
import { includeDirective } from './include.ts';
import { isMacroName, readDefine, sameDefinition } from './macro.ts';
import { pragmaDirective } from './pragma.ts';
import type { Run } from './run.ts';

/** Runs the directive whose `#` was just read, to the end of its line. */
export function runDirective(run: Run): void {
  const { frame } = run;
  const name = frame.lexer.next();
  frame.directive = name;
  run.countDirective();
  noteForGuard(run, name);
  if (name !== run.marks.line) dispatch(run, name);
  // A conditional has ended its own line, and an #include has put its file on top.
  if (run.frame === frame && !CONDITIONALS.has(name.text)) frame.lexer.endDirective();
}

type Directive = (run: Run, name: PpToken) => void;

const IGNORED: Directive = () => {};

const DIRECTIVES: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['define', defineDirective],
  ['undef', undefDirective],
  ['include', includeDirective],
  ['include_next', includeDirective],
  ['import', includeDirective],
  ['if', ifDirective],
  ['ifdef', ifdefDirective],
  ['ifndef', ifdefDirective],
  ['elif', elseDirective],
  ['elifdef', elseDirective],
  ['elifndef', elseDirective],
  ['else', elseDirective],
  ['endif', endifDirective],
  ['line', (run) => lineDirective(run, run.frame.lexer.next(), false)],
  ['error', (run, name) => run.error('error-directive', `#error ${run.frame.lexer.restOfLine()}`, name)],
  ['warning', (run, name) => run.warning('warning-directive', `#warning ${run.frame.lexer.restOfLine()}`, name)],
  ['pragma', pragmaDirective],
  ['ident', IGNORED],
  ['sccs', IGNORED],
  ['assert', IGNORED],
  ['unassert', IGNORED],
]);

function dispatch(run: Run, name: PpToken): void {
  const directive = DIRECTIVES.get(name.text);
  if (directive !== undefined) directive(run, name);
  else if (name.kind === 'number') lineDirective(run, name, true);
  else run.error('unknown-directive', `invalid preprocessing directive #${name.text}`, name);
}

const CONDITIONALS: ReadonlySet<string> = new Set([
  'if',
  'ifdef',
  'ifndef',
  'elif',
  'elifdef',
  'elifndef',
  'else',
  'endif',
]);

/** A directive outside every #if means that the file is not wrapped in an include guard. */
function noteForGuard(run: Run, name: PpToken): void {
  const { frame } = run;
  if (frame.conditionals.length > 0 || name === run.marks.line) return;
  const mayOpen = frame.guardState === 'possible' && !frame.lexer.sawToken;
  if (!mayOpen || (name.text !== 'ifndef' && name.text !== 'if')) frame.guardState = 'none';
}

function defineDirective(run: Run): void {
  const macro = readDefine(run);
  if (macro === undefined) return;
  const previous = run.macros.get(macro.name);
  if (previous !== undefined && (previous.dynamic !== undefined || !sameDefinition(previous, macro))) {
    const where =
      previous.file === undefined
        ? []
        : [`previous definition: ${previous.file.path}:${lineAt(previous.file, previous.offset)}`];
    run.warning('macro-redefined', `"${macro.name}" redefined`, run.frame.directive, where);
  }
  run.macros.set(macro.name, macro);
}

function undefDirective(run: Run): void {
  const name = run.frame.lexer.next();
  if (isMacroName(run, name)) run.macros.delete(name.text);
}

/** The tokens up to the end of the directive's line. */
export function readLine(run: Run): PpToken[] {
  const { lexer } = run.frame;
  const tokens: PpToken[] = [];
  for (let token = lexer.next(); token !== run.marks.line; token = lexer.next()) {
    tokens.push(token);
    run.countWork(1, token);
  }
  return tokens;
}

/** `#line 12 "name"`, and the line markers `# 12 "name" flags` that compilers leave in preprocessed text. */
function lineDirective(run: Run, first: PpToken, marker: boolean): void {
  const { frame } = run;
  const rest = readLine(run);
  const [number, name, ...flags] = marker ? [first, ...rest] : run.expander.expandAll([first, ...rest]);
  if (number === undefined || number === run.marks.line || !/^[0-9]+$/.test(number.text)) {
    run.error('line-directive', '#line needs a line number', frame.directive);
    return;
  }
  frame.lineDelta = Number(number.text) - lineAt(frame.file, frame.directive.offset) - 1;
  if (name?.kind !== 'string') return;
  frame.presumed = name.text.slice(1, -1).replace(/\\(.)/g, '$1');
  if (!marker) return;
  const system = flags.some((flag) => flag.text === '3');
  frame.system = system;
  frame.lexer.file = run.files.twin(frame.presumed, frame.file, system);
}
