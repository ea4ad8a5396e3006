// The command line on one version of a library, whose headers and library file stand below a root: its Api into the history, or what the
// history says of it to C compilers, with these headers.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** What a compiler said of one version for one target; `skipped` says why none was asked.
 *  @typedef {{ readonly target: string, readonly held: number, readonly wrong: readonly string[], readonly skipped?: string }} Verified */

/** Puts a version into the history, or in the place of what that has of it. Returns what was printed, and throws what went wrong.
 *  @param {string} library @param {string} version @param {{ root: string, source: string, sonames: readonly string[] }} filled */
export function add(library, version, { root, source, sonames }) {
  const facts = ['--library-version', version, '--source', source, ...sonames.flatMap((name) => ['--soname', name])];
  const { status, stdout, stderr } = run([
    'history',
    'add',
    library,
    '--replace',
    ...facts,
    ...sysroots(library, root),
  ]);
  if (status !== 0) throw new Error(stderr.trim());
  return stdout;
}

/** Lets compilers check the facts of a version: cc, and clang for the targets that it does not compile for.
 *  @param {string} library @param {string} version @param {string} root @returns {readonly Verified[]} */
export function verify(library, version, root) {
  const asked = ask('cc', library, version, root);
  if (asked.every(({ skipped }) => skipped === undefined)) return asked;
  const other = ask('clang', library, version, root);
  return asked.map(
    (one) => (one.skipped === undefined ? one : other.find(({ target }) => target === one.target)) ?? one,
  );
}

/** @param {string} cc @param {string} library @param {string} version @param {string} root @returns {readonly Verified[]} */
function ask(cc, library, version, root) {
  const { stdout, stderr } = run([
    'verify',
    library,
    '--at',
    version,
    '--cc',
    cc,
    ...sysroots(library, root),
    '--json',
  ]);
  if (!stdout.startsWith('[')) {
    if (cc === 'clang') return [];
    throw new Error(stderr.trim());
  }
  /** @type {{ target: string, skipped?: string, result?: { held: number, failed: string[], errors: string[] } }[]} */
  const results = JSON.parse(stdout);
  return results.map(({ target, skipped, result }) => ({
    target,
    held: result?.held ?? 0,
    wrong: [...(result?.failed ?? []), ...(result?.errors ?? [])],
    ...(skipped === undefined ? {} : { skipped }),
  }));
}

/** Where headers are read from: the C library of the library's configuration, and the root. @param {string} library @param {string} root */
function sysroots(library, root) {
  const file = readFileSync(join(checkout, 'headers', library, 'library.json'), 'utf8');
  /** @type {{ sysroots?: readonly string[] }} */
  const { sysroots: configured = [] } = JSON.parse(file);
  return [...configured, root].flatMap((each) => ['--sysroot', each]);
}

/** @param {readonly string[]} args */
function run(args) {
  const env = { ...process.env, NO_COLOR: '1' };
  const program = join(checkout, 'generator/dist/cli.js');
  return spawnSync(process.execPath, [program, ...args], { cwd: checkout, encoding: 'utf8', env, maxBuffer: 1 << 28 });
}
