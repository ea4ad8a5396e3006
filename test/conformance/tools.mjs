// Running other programs for the conformance run: without a shell, in C's locale, with what they print as text.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const cli = join(root, 'generator/dist/cli.js');

/** @typedef {{ status: number | null, stdout: string, stderr: string, milliseconds: number }} Run */

/** @param {string} command @param {readonly string[]} args @param {{ cwd?: string }} [options] @returns {Promise<Run>} */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const env = { ...process.env, LC_ALL: 'C', NO_COLOR: '1' };
    const child = spawn(command, args, { ...options, env, stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {{ stdout: Buffer[], stderr: Buffer[] }} */
    const chunks = { stdout: [], stderr: [] };
    child.stdout.on('data', (chunk) => chunks.stdout.push(chunk));
    child.stderr.on('data', (chunk) => chunks.stderr.push(chunk));
    child.on('error', (error) => reject(new Error(`${command} cannot be run: ${error.message}`)));
    child.on('close', (status) => {
      const text = (/** @type {Buffer[]} */ list) => Buffer.concat(list).toString('utf8');
      const milliseconds = performance.now() - start;
      resolve({ status, stdout: text(chunks.stdout), stderr: text(chunks.stderr), milliseconds });
    });
  });
}

/** The output of a program that must succeed. @param {string} command @param {readonly string[]} args */
export async function outputOf(command, args) {
  const { status, stdout, stderr } = await run(command, args);
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${firstLines(stderr)}`);
  return stdout;
}

/** @param {string} text */
export function firstLines(text) {
  return text.trim().split('\n').slice(0, 3).join('\n');
}

/** Runs `work` with a folder of its own, which is gone afterwards. @template T @param {string} name
 *  @param {(folder: string) => Promise<T>} work @param {boolean} [keep] */
export async function inFolder(name, work, keep = false) {
  const parent = join(root, 'build/conformance');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `${name}-`));
  try {
    return await work(folder);
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

/** `work` on every item, as many at a time as there are processors; results in the order of the items.
 *  @template T, R @param {readonly T[]} items @param {number} atOnce @param {(item: T) => Promise<R>} work */
export async function inParallel(items, atOnce, work) {
  /** @type {R[]} */
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(/** @type {T} */ (items[at]));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
