// Files of public repositories at a tag or a commit: from bare copies in a folder that the user names, else fetched from GitHub into
// .cache/repositories, no more of them than is asked for.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What could not be had, in words. */
export class RepositoryError extends Error {}

/** One repository at one place in its history. @typedef {{ readonly gitDir: string, readonly commit: string }} Checkout */

/** @param {string} name owner/name @param {{ readonly tag?: string, readonly commit?: string }} at
 *  @param {{ readonly mirror?: string | undefined, readonly cache: string }} where @returns {Checkout} */
export function checkout(name, { tag, commit }, { mirror, cache }) {
  const ref = commit ?? `refs/tags/${tag}`;
  const copy = mirror && copyBelow(mirror, name);
  if (copy) {
    const found = commitOf(copy, ref);
    if (found) return { gitDir: copy, commit: found };
    throw new RepositoryError(`${copy} has no ${ref}`);
  }
  const gitDir = join(cache, name.replace('/', '+'));
  const known = existsSync(gitDir) && commitOf(gitDir, ref);
  if (known) return { gitDir, commit: known };
  if (!existsSync(gitDir)) {
    mkdirSync(gitDir, { recursive: true });
    git(gitDir, ['init', '--quiet', '--bare']);
    git(gitDir, ['remote', 'add', 'origin', `https://github.com/${name}.git`]);
  }
  // The tree of one commit, and of its files those that are shown.
  const spec = commit ?? `${ref}:${ref}`;
  git(gitDir, ['fetch', '--quiet', '--depth=1', '--filter=blob:none', '--no-tags', 'origin', spec]);
  const fetched = commitOf(gitDir, ref);
  if (!fetched) throw new RepositoryError(`github.com/${name} has no ${ref}`);
  return { gitDir, commit: fetched };
}

/** The files at these paths, and of folders those directly in them. Links are no files of their own.
 *  @param {Checkout} checkout @param {readonly string[]} paths @returns {readonly string[]} */
export function filesAt({ gitDir, commit }, paths) {
  const names = paths.flatMap((path) => [path, `${path}/`]);
  const lines = git(gitDir, ['ls-tree', commit, '--', ...names])
    .split('\n')
    .filter(Boolean);
  return lines.filter((line) => line.startsWith('100')).map((line) => line.slice(line.indexOf('\t') + 1));
}

/** @param {Checkout} checkout @param {string} path */
export function textAt({ gitDir, commit }, path) {
  return git(gitDir, ['show', `${commit}:${path}`]);
}

/** A bare copy of a repository, called owner+name, owner/name or either with .git; or a folder with one in it.
 *  @param {string} mirror @param {string} name */
function copyBelow(mirror, name) {
  const called = [name.replace('/', '+'), name].flatMap((each) => [each, `${each}.git`]);
  const folders = called.flatMap((each) =>
    ['', '.git', 'repo', 'repo/.git'].map((inner) => resolve(mirror, each, inner)),
  );
  return folders.find((folder) => existsSync(join(folder, 'HEAD')) && existsSync(join(folder, 'objects')));
}

/** @param {string} gitDir @param {string} ref */
function commitOf(gitDir, ref) {
  const { status, stdout } = run(gitDir, ['rev-parse', '--quiet', '--verify', `${ref}^{commit}`]);
  return status === 0 ? stdout.trim() : undefined;
}

/** @param {string} gitDir @param {readonly string[]} args */
function git(gitDir, args) {
  const { error, status, stdout, stderr } = run(gitDir, args);
  if (error) throw new RepositoryError(`git cannot be run: ${error.message}`);
  if (status !== 0) throw new RepositoryError(`git ${args[0]}: ${stderr.trim().split('\n').at(-1)}`);
  return stdout;
}

/** Without asking anybody for a password. @param {string} gitDir @param {readonly string[]} args */
function run(gitDir, args) {
  const env = { ...process.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
  return spawnSync('git', [`--git-dir=${gitDir}`, ...args], { encoding: 'utf8', env, maxBuffer: 1 << 26 });
}
