// Packages of Debian's suites, each with all that it needs, unpacked beside each other without touching the system: what older and newer
// versions of libraries are tried with. A suite and names of packages in, a folder that looks like that suite's root out, in
// .cache/suites (or DLSHIM_SUITES): what has been unpacked once is taken from there, without a network.
//
//   node scripts/suites.mjs trixie libiscsi7 librbd-dev     prints the folder; without packages: those that are tested
//   node scripts/suites.mjs all                             all suites at once
//
//   <suite>/apt        the suite's package lists (apt.mjs)
//   <suite>/packages   each package by itself, whole or not there
//   <suite>/roots      what was asked for, of hard links to these; the layout is of one kind: /lib is /usr/lib in all suites
//   <suite>/asked      what was asked for, and which root has it

import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AptError, download, fetchLists, resolve, unpackDeb } from './apt.mjs';

/** @typedef {import('./apt.mjs').Package} Package */

/** `downloaded`: bytes that this call fetched; `note`: what is not as it should be.
 *  @typedef {{ readonly suite: string, readonly root: string, readonly packages: readonly Package[], readonly downloaded: number,
 *    readonly note?: string | undefined }} SuiteRoot */

/** Oldest first. */
export const SUITES = ['bullseye', 'bookworm', 'trixie', 'forky'];

/** The packages of the libraries whose versions are tested side by side: in some suite each has the first name that the suite knows. */
export const LIBRARY_PACKAGES = {
  librados: 'librados2',
  librbd: 'librbd1',
  libiscsi: 'libiscsi7',
  libcurl: 'libcurl4t64 | libcurl4',
  libssh2: 'libssh2-1t64 | libssh2-1',
  libssh: 'libssh-4',
  libgfapi: 'libgfapi0',
  libnfs: 'libnfs14 | libnfs13',
};

const CACHE = process.env.DLSHIM_SUITES || join(dirname(fileURLToPath(import.meta.url)), '../.cache/suites');
/** How many packages are fetched by one command; these are unpacked while the next are fetched. */
const AT_ONCE = 16;
/** What nobody needs who compiles or runs. */
const USELESS = ['usr/share/doc', 'usr/share/man', 'usr/share/info', 'usr/share/locale', 'usr/share/lintian'];

/** Unpacks packages of a suite with all that they need; names may be alternatives, `libcurl4t64 | libcurl4`. Throws an AptError where
 *  the suite cannot be reached or lacks one. @param {string} suite @param {readonly string[]} names
 *  @param {{ dependencies?: boolean, anew?: boolean }} [options] `dependencies: false`: these alone; `anew`: as the suite is today
 *  @returns {Promise<SuiteRoot>} */
export async function suiteRoot(suite, names, { dependencies = true, anew = false } = {}) {
  if (!/^[a-z][a-z0-9-]*$/.test(suite)) throw new AptError(`'${suite}' is not the name of a suite`);
  const folder = join(CACHE, suite);
  const asked = join(folder, 'asked', `${digest([...names].sort(), String(dependencies))}.json`);
  const known = anew ? undefined : readAsked(asked);
  if (known && existsSync(join(folder, 'roots', known.root)))
    return { suite, root: join(folder, 'roots', known.root), packages: known.packages, downloaded: 0 };
  for (const name of ['asked', 'packages', 'roots', 'unfinished']) mkdirSync(join(folder, name), { recursive: true });
  sweep(join(folder, 'unfinished'));
  const work = mkdtempSync(join(folder, 'unfinished', `${process.pid}-`));
  try {
    const { packages, downloaded, note } = await unpackAll(suite, names, { folder, work, dependencies, anew });
    const name = digest(packages.map(({ file }) => file).sort());
    const root = join(folder, 'roots', name);
    if (!existsSync(root)) {
      const fresh = join(work, 'root');
      for (const { file } of packages) merge(join(folder, 'packages', file), fresh);
      place(fresh, root);
    }
    writeFileSync(join(work, 'asked'), `${JSON.stringify({ names, root: name, packages }, undefined, 1)}\n`);
    renameSync(join(work, 'asked'), asked);
    return { suite, root, packages, downloaded, note };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The files of a package that was unpacked, as paths in a root. @param {string} suite @param {Package} package_ */
export function filesOf(suite, { file }) {
  const folder = join(CACHE, suite, 'packages', file);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => merged(join(entry.parentPath, entry.name).slice(folder.length)));
}

/** @typedef {{ readonly folder: string, readonly work: string, readonly dependencies: boolean, readonly anew: boolean }} Task */

/** The packages that are asked for, all unpacked. The archive keeps no files that its lists no longer name: where one cannot be had, the lists
 *  are fetched again; and the updates of suites that are no longer supported go before the suites do. @param {string} suite
 *  @param {readonly string[]} names @param {Task} task
 *  @returns {Promise<{ packages: readonly Package[], downloaded: number, note?: string }>} */
async function unpackAll(suite, names, task) {
  const apt = join(task.folder, 'apt');
  /** @type {string[]} */
  const failures = [];
  for (const lists of ['there', 'updated', 'original']) {
    if (lists === 'there' && (task.anew || !existsSync(apt))) continue;
    if (lists !== 'there') await fetchLists(suite, apt, task.work, lists === 'updated');
    try {
      const packages = await resolve(apt, names, task.dependencies);
      const downloaded = await unpackMissing(apt, packages, task);
      const note = `without security updates, which cannot be had: ${failures.at(-1)}`;
      return { packages, downloaded, ...(lists === 'original' ? { note } : {}) };
    } catch (error) {
      if (!(error instanceof AptError)) throw error;
      failures.push(error.message);
    }
  }
  throw new AptError(failures.at(-1));
}

/** Fetches and unpacks what is not there yet; gives how many bytes that were. @param {string} apt @param {readonly Package[]} packages
 *  @param {Task} task */
async function unpackMissing(apt, packages, { folder, work }) {
  const missing = packages.filter(({ file }) => !existsSync(join(folder, 'packages', file)));
  let unpacking = Promise.resolve();
  for (let at = 0; at < missing.length; at += AT_ONCE) {
    const some = missing.slice(at, at + AT_ONCE);
    await Promise.all([download(apt, some, work), unpacking]);
    unpacking = inParallel(some, ({ file }) => unpackOne(file, folder, work));
    unpacking.catch(() => {}); // Told of below, when the next ones are there.
  }
  await unpacking;
  return missing.reduce((sum, { size }) => sum + size, 0);
}

/** @param {string} file @param {string} folder @param {string} work */
async function unpackOne(file, folder, work) {
  const fresh = join(work, `${file}.unpacked`);
  await unpackDeb(join(work, file), fresh);
  for (const path of USELESS) rmSync(join(fresh, path), { recursive: true, force: true });
  place(fresh, join(folder, 'packages', file));
  rmSync(join(work, file));
}

/** As many at a time as there are processors. @template T @param {readonly T[]} items @param {(item: T) => Promise<void>} act
 *  @returns {Promise<void>} */
async function inParallel(items, act) {
  const queue = items.values();
  const lanes = Array.from({ length: availableParallelism() }, async () => {
    for (const item of queue) await act(item);
  });
  await Promise.all(lanes);
}

/** Moves a folder that is complete to where it is looked for, unless another process was first. @param {string} fresh @param {string} to */
function place(fresh, to) {
  try {
    renameSync(fresh, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/** Links the files of a package into a root. @param {string} from @param {string} root */
function merge(from, root) {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    const source = join(entry.parentPath, entry.name);
    const inside = source.slice(from.length);
    const to = join(root, merged(inside));
    if (entry.isDirectory() || lstatSync(to, { throwIfNoEntry: false })) continue;
    mkdirSync(dirname(to), { recursive: true });
    if (!entry.isSymbolicLink()) linkSync(source, to);
    else {
      // It names what is in the root, wherever that stands.
      const target = merged(resolvePath(dirname(inside), readlinkSync(source)));
      symlinkSync(relative(merged(dirname(inside)), target), to);
    }
  }
  for (const name of ['lib', 'lib64', 'bin', 'sbin']) {
    if (!existsSync(join(root, name)) && existsSync(join(root, 'usr', name)))
      symlinkSync(`usr/${name}`, join(root, name));
  }
}

/** /lib is /usr/lib, as newer suites have it. @param {string} path */
function merged(path) {
  return path.replace(/^\/(?=(lib|lib64|bin|sbin)(\/|$))/, '/usr/');
}

/** What processes left that were ended. @param {string} folder */
function sweep(folder) {
  for (const name of readdirSync(folder)) {
    const [pid = ''] = name.split('-');
    if (!existsSync(join('/proc', pid))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** @param {string} file @returns {{ root: string, packages: Package[] } | undefined} */
function readAsked(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** @param {unknown[]} words */
function digest(...words) {
  return createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 16);
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

const HELP = `Usage: node scripts/suites.mjs <suite>[,<suite>…]|all [package…] [options]

Unpacks packages of Debian suites (${SUITES.join(', ')}, or any other) with all that they need into .cache/suites, without
touching the system, and prints the folder of each. Without packages: those of ${Object.keys(LIBRARY_PACKAGES).join(', ')}.
A package may be several with '|' between them: the first that the suite has is meant.

  --only     the packages alone, without what they need (headers, say)
  --anew     as the suite is today, though it was unpacked before
  --json     suite, root, packages with their versions, bytes downloaded
`;

async function main() {
  const options = /** @type {const} */ ({
    only: { type: 'boolean' },
    anew: { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  });
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [which, ...names] = positionals;
  if (values.help || which === undefined) {
    (values.help ? process.stdout : process.stderr).write(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const packages = names.length > 0 ? names : Object.values(LIBRARY_PACKAGES);
  const suites = which === 'all' ? SUITES : which.split(',');
  const started = performance.now();
  const made = await Promise.allSettled(
    suites.map(async (suite) => {
      const result = await suiteRoot(suite, packages, { dependencies: !values.only, anew: values.anew === true });
      if (!values.json) tell(result, (performance.now() - started) / 1000);
      return result;
    }),
  );
  const roots = made.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  if (values.json) process.stdout.write(`${JSON.stringify(roots, undefined, 2)}\n`);
  made.forEach((each, i) => {
    if (each.status === 'fulfilled') return;
    if (!(each.reason instanceof AptError)) throw each.reason;
    process.stderr.write(`suites: ${suites[i]}: ${each.reason.message}\n`);
    process.exitCode = 1;
  });
}

/** @param {SuiteRoot} made @param {number} seconds */
function tell({ suite, root, packages, downloaded, note }, seconds) {
  const what = downloaded > 0 ? `${megabytes(downloaded)} downloaded, ${seconds.toFixed(1)} s` : 'from the cache';
  process.stdout.write(`${suite}: ${packages.length} packages (${what})\n  ${root}\n${note ? `  ${note}\n` : ''}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    const isUsage = /** @type {NodeJS.ErrnoException} */ (error).code?.startsWith('ERR_PARSE_ARGS');
    process.stderr.write(`suites: ${isUsage ? `${error.message}\n\n${HELP}` : error.stack}\n`);
    process.exitCode = isUsage ? 2 : 1;
  });
}
