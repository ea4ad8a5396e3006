// What the hostile tests share: the command line as a child process with limits of time and memory, on headers in a folder
// of its own, and what must be true of every answer.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { moduleProblem } from '../fuzz/module.ts';
import { root } from '../tools.ts';

const ANSWER_MS = 10_000;
const MEMORY_KB = 1_500_000;
/** A shared machine may be busy; then the limit is on the time that the process itself used. */
const PATIENCE_MS = 60_000;

export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The module that was written. */
  readonly module: string | undefined;
}

export type Files = Readonly<Record<string, string | Buffer>>;

export function folderOf(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-hostile-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** `dlshim generate --header x.h` in a folder; it must answer with a module or in words, in time, within its memory. */
export function generate(folder: string, ...flags: string[]): Answer {
  const out = join(folder, 'out');
  const cli = join(root, 'generator/dist/cli.js');
  const names = flags.includes('--header') ? [] : ['--header', 'x.h'];
  const args = [cli, 'generate', ...names, '-I', folder, '--library', 'libx.so.1', '--out', out, ...flags];
  // The report of what the process used is its last word, on a descriptor of its own.
  const probe = join(import.meta.dirname, 'usage.mjs');
  const run = spawnSync(process.execPath, ['--import', probe, ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 1 << 26,
  });
  expect(run.signal, `it was ended: ${run.stderr.slice(0, 500)}`).toBeNull();
  const { milliseconds, kilobytes } = JSON.parse(run.output[3]!) as { milliseconds: number; kilobytes: number };
  expect(milliseconds, 'milliseconds that the process used').toBeLessThan(ANSWER_MS);
  expect(kilobytes, 'kilobytes that the process grew to').toBeLessThan(MEMORY_KB);
  expect(run.stderr).not.toMatch(/defect|\n {4}at |UnhandledPromise/);
  const written = readdirSync(folder).includes('out') ? readdirSync(out) : [];
  expect(written.filter((name) => !name.endsWith('.ts'))).toEqual([]);
  const [file] = written;
  const module = run.status === 0 && file !== undefined ? readFileSync(join(out, file), 'utf8') : undefined;
  if (run.status !== 0) {
    expect(run.stderr).toContain('error');
    expect(written).toEqual([]);
  }
  return { status: run.status, stdout: run.stdout, stderr: run.stderr, module };
}

/** As above; a module must be TypeScript of declarations alone. */
export function generateModule(folder: string, ...flags: string[]): Answer {
  const answer = generate(folder, ...flags);
  if (answer.module !== undefined) expect(moduleProblem(answer.module)).toBeUndefined();
  return answer;
}
