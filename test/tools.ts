// What tests share: the root of the checkout, and running the built command line.

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
  const options = { cwd: root, encoding: 'utf8', env, maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
  return { status, stdout, stderr };
}
