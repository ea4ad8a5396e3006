// What every command needs to speak: exit codes, colours, errors, files that are written whole or not at all.

import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import pc from 'picocolors';
import { type Diagnostic, render } from '../diagnostics.ts';

export const ExitCode = { done: 0, failed: 1, usage: 2, headers: 3, defect: 70 } as const;

/** A command line that cannot be carried out; exit code 2. */
export class UsageError extends Error {}

/** Colours for a stream, only where it is a terminal (and NO_COLOR, FORCE_COLOR and the like say otherwise). */
export function colors(stream: NodeJS.WriteStream): ReturnType<typeof pc.createColors> {
  const forced = process.env.FORCE_COLOR !== undefined && process.env.FORCE_COLOR !== '0';
  return pc.createColors(forced || (stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'));
}

export function fail(message: string, code: number): void {
  const c = colors(process.stderr);
  process.stderr.write(`${c.bold(c.red('error:'))} ${message}\n`);
  process.exitCode = code;
}

/** Prints diagnostics to standard error; true when one of them is an error. At most `most` of them, and says how many more. `writes`: whether
 *  files would have been written without errors. */
export function report(diagnostics: readonly Diagnostic[], most = 20, writes = true): boolean {
  const color = colors(process.stderr).isColorSupported;
  const isError = (d: Diagnostic): boolean => d.severity === 'error';
  const errors = diagnostics.filter(isError).length;
  // With errors, warnings are seldom what matters: they are shown only where there is room.
  const shown = [...diagnostics.filter(isError), ...diagnostics.filter((d) => !isError(d))].slice(0, most);
  for (const diagnostic of shown) process.stderr.write(`${render(diagnostic, { color })}\n`);
  if (diagnostics.length > most) process.stderr.write(`… and ${diagnostics.length - most} more\n`);
  if (errors)
    process.stderr.write(`${errors} error${errors === 1 ? '' : 's'}${writes ? '; nothing was written' : ''}\n`);
  return errors > 0;
}

/** With its parents, one by one: Node's `recursive` never ends where a file system refuses them in its own way (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another run may have been quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Where a file is to be, there may be one already, and nothing else. */
export function checkFile(path: string): void {
  if (existsSync(path) && !statSync(path).isFile()) throw new UsageError(`${path} is in the way: it is no file`);
}

/** Writes all files or none: each goes to a temporary name first and takes its place when every one is complete. */
export function writeFiles(files: readonly { readonly path: string; readonly text: string | Uint8Array }[]): void {
  const pending: { temporary: string; path: string }[] = [];
  try {
    for (const { path, text } of files) {
      const temporary = `${path}.${process.pid}.tmp`;
      pending.push({ temporary, path });
      makeFolder(dirname(path));
      writeFileSync(temporary, text);
    }
    // What a rename could fail of is asked before the first one.
    for (const { path } of files) checkFile(path);
    for (const { temporary, path } of pending) renameSync(temporary, path);
  } catch (error) {
    for (const { temporary } of pending) if (existsSync(temporary)) rmSync(temporary);
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `${pending.at(-1)?.path ?? ''} cannot be written: ${(error as Error).message}; no file was changed`,
    );
  }
}
