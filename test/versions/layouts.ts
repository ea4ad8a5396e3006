// Records by name and members by path in, where the installed library's own headers have them out, as a C compiler lays them out.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Truth } from './truth.ts';

/** A record: a member is at an offset, or null where there is none of that name. Members that have no offset, or tell nothing of it by their
 *  first byte (bit-fields, floating point), are left out. */
export interface CLayout {
  readonly size: number;
  readonly members: Readonly<Record<string, number | null>>;
}

/** Of the records that the headers define, each with the members that were asked for. */
export function layoutsInC(truth: Truth, asked: Readonly<Record<string, readonly string[]>>): Map<string, CLayout> {
  const types = typesOf(truth, Object.keys(asked));
  const questions = [...types].flatMap(([name, type]) => asked[name]!.map((path) => ({ name, type, path })));
  const lines = questions.map(({ type, path }) => `long asked_%d = __builtin_offsetof(${type}, ${path});`);
  const refused = refusalsOf(truth, lines);
  const isAnswered = (_: unknown, i: number) => !refused.has(i);
  const known = questions.filter(isAnswered);
  const numbers = print(truth, [
    ...[...types.values()].map((type) => `sizeof(${type})`),
    ...known.map(
      ({ type, path }) => `FLOATING((*(${type} *)0).${path}) ? -1 : (long)__builtin_offsetof(${type}, ${path})`,
    ),
  ]);
  const layouts = new Map(
    [...types.keys()].map((name, i) => [name, { size: numbers[i]!, members: {} as Record<string, number | null> }]),
  );
  known.forEach(({ name, path }, i) => {
    const offset = numbers[types.size + i]!;
    if (offset >= 0) layouts.get(name)!.members[path] = offset;
  });
  questions.forEach(({ name, path }, i) => {
    if (/has no member|no member named/.test(refused.get(i) ?? '')) layouts.get(name)!.members[path] = null;
  });
  return layouts;
}

/** How C calls each record, of those that it knows: with a tag, or by a typedef. */
function typesOf(truth: Truth, names: readonly string[]): Map<string, string> {
  const spellings = names.flatMap((name) => [`struct ${name}`, `union ${name}`, name]);
  const refused = refusalsOf(
    truth,
    spellings.map((type) => `long asked_%d = sizeof(${type});`),
  );
  const found = new Map<string, string>();
  spellings.forEach((type, i) => {
    const name = names[Math.floor(i / 3)]!;
    if (!refused.has(i) && !found.has(name)) found.set(name, type);
  });
  return found;
}

/** The lines that the compiler refuses, with its words; `%d` is the line's number. */
function refusalsOf(truth: Truth, lines: readonly string[]): Map<number, string> {
  const text = lines.map((line, i) => `${line.replace('%d', String(i))}\n`).join('');
  const { stderr } = truth.compile(text, '-fsyntax-only', '-fmax-errors=0');
  const refused = new Map<number, string>();
  for (const [, line, words] of stderr.matchAll(/^asked:(\d+):\d+: error: (.*)$/gm))
    refused.set(Number(line) - 1, words!);
  return refused;
}

/** The values of integer expressions. */
function print(truth: Truth, expressions: readonly string[]): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-layouts-'));
  try {
    const program = join(folder, 'asked');
    const body = expressions.map((expression) => `  printf("%ld\\n", (long)(${expression}));\n`).join('');
    const floating = '#define FLOATING(x) (__builtin_classify_type(x) == 8)\n';
    const { status, stderr } = truth.compile(
      `#include <stdio.h>\n${floating}int main(void) {\n${body}  return 0;\n}\n`,
      '-o',
      program,
    );
    if (status !== 0) throw new Error(`the headers do not compile: ${stderr}`);
    return execFileSync(program, { encoding: 'utf8' }).trim().split('\n').map(Number);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
