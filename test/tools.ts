// What tests share: the root of the checkout, running the built command line, which C compilers are there.

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built `dlshim` without colours. */
export function dlshim(...args: string[]): Run {
  return node(join(root, 'generator/dist/cli.js'), ...args);
}

/** Runs Node on a script of the checkout. */
export function node(...args: string[]): Run {
  const env = { ...process.env, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env });
  return { status, stdout, stderr };
}

/** The C compilers of this machine. In CI there must be one; elsewhere tests that need one are then not run, and say so. */
export const compilers: readonly string[] = ['gcc', 'clang'].filter((cc) => !spawnSync(cc, ['--version']).error);

if (compilers.length === 0) {
  if (process.env.CI) throw new Error('no C compiler: npm run setup installs one');
  console.warn('SKIPPED: what only a C compiler can check, because neither gcc nor clang is installed');
}
