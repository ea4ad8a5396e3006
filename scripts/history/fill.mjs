// One version of a library in, a folder that looks like the root of a system with its headers and its library file out:
// <cache>/<library>/<version>/usr. A folder is there whole or not at all, and is made anew where sources.json says something else of it.

import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { upstreamVersion } from '../debian.mjs';
import { suiteRoot } from '../suites.mjs';
import { checkout, filesAt, RepositoryError, textAt } from './repositories.mjs';
import { sourceText } from './sources.mjs';
import { parseExports, writeStandIn } from './stand-in.mjs';

/** @typedef {import('./sources.mjs').Sources} Sources */
/** @typedef {Sources['versions'][number]} Version */
/** What is known of the version besides the files. @typedef {{ readonly source: string, readonly sonames: readonly string[] }} Filled */
/** @typedef {{ readonly cache: string, readonly repositories: string, readonly mirror?: string | undefined }} Where */

/** Where Debian's packages for the machines that libraries are read from have them. */
const LIBRARIES = 'usr/lib/x86_64-linux-gnu';
/** Counted up when this file makes something else of the same sources. */
const RECIPE = 1;

/** Throws an error that says why where the version cannot be had. @param {string} library @param {Sources} sources @param {Version} version
 *  @param {Where} where @returns {Promise<Filled & { readonly root: string }>} */
export async function fill(library, sources, version, where) {
  const root = folderOf(library, version, where);
  const recipe = recipeOf(sources, version);
  const known = readNote(root);
  if (known?.recipe === recipe) return { root, source: known.source, sonames: known.sonames };
  const fresh = join(where.cache, '.unfinished', String(process.pid), library, version.version);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  try {
    const filled =
      'debian' in version ? await fromDebian(sources, version, fresh) : fromRepository(sources, version, fresh, where);
    writeFileSync(join(fresh, 'source.json'), `${JSON.stringify({ ...filled, recipe }, undefined, 2)}\n`);
    rmSync(root, { recursive: true, force: true });
    mkdirSync(dirname(root), { recursive: true });
    renameSync(fresh, root);
    return { root, ...filled };
  } finally {
    rmSync(join(where.cache, '.unfinished', String(process.pid)), { recursive: true, force: true });
  }
}

/** @param {string} library @param {Version} version @param {Where} where */
export function folderOf(library, { version }, { cache }) {
  return join(cache, library, version);
}

/** Whether the folder of a version is there, as sources.json has it now. @param {string} library @param {Sources} sources
 *  @param {Version} version @param {Where} where */
export function isFilled(library, sources, version, where) {
  return readNote(folderOf(library, version, where))?.recipe === recipeOf(sources, version);
}

/** @param {string} root @returns {(Filled & { readonly recipe: string }) | undefined} */
function readNote(root) {
  const file = join(root, 'source.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** @param {Sources} sources @param {Version} version */
function recipeOf({ debian, repositories = {} }, version) {
  return JSON.stringify([RECIPE, version, 'debian' in version ? debian : repositories[version.repository]]);
}

/** @param {Sources} sources @param {import('./sources.mjs').DebianVersion} version @param {string} fresh @returns {Promise<Filled>} */
async function fromDebian({ debian }, version, fresh) {
  if (!debian) throw new Error('sources.json names no packages of Debian');
  const suite = /** @type {string} */ (version.debian.at(-1));
  const headers = await suiteRoot(suite, debian.headers, { dependencies: false });
  const libraries = await suiteRoot(suite, debian.libraries, { dependencies: false });
  const main = /** @type {typeof headers.packages[number]} */ (libraries.packages[0]);
  const found = upstreamVersion(main.version);
  if (found !== version.version) throw new Error(`Debian ${suite} has ${main.name} ${found} now`);
  copy(join(headers.root, 'usr'), join(fresh, 'usr'), (path) => path.startsWith('/include/') || /\.(h|pc)$/.test(path));
  copy(join(libraries.root, LIBRARIES), join(fresh, LIBRARIES), (path) => /^\/[^/]+\.so(\.[\d.]+)?$/.test(path));
  flatten(join(fresh, 'usr/include'));
  withoutPrivateNeeds(fresh);
  return { source: sourceText(version, `${main.name} ${main.version}`), sonames: version.sonames ?? [] };
}

/** @param {Sources} sources @param {import('./sources.mjs').RepositoryVersion} version @param {string} fresh @param {Where} where
 *  @returns {Filled} */
function fromRepository({ repositories = {} }, version, fresh, where) {
  const {
    headers,
    exports = [],
    substitute = {},
    written = {},
  } = /** @type {NonNullable<typeof repositories[string]>} */ (repositories[version.repository]);
  const tree = checkout(version.repository, version, { mirror: where.mirror, cache: where.repositories });
  const put = (/** @type {string} */ path, /** @type {string} */ text) => {
    const file = join(fresh, 'usr', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  let count = 0;
  for (const [to, from] of Object.entries(headers)) {
    for (const path of filesAt(tree, [from])) {
      const name = path === from ? to : join(to, path.slice(from.length + 1));
      if (path !== from && !name.endsWith('.h')) continue;
      put(join('include', name), substituted(textAt(tree, path), substitute[name], version.version));
      count += 1;
    }
  }
  if (count === 0) throw new RepositoryError(`github.com/${version.repository} has none of the headers there`);
  for (const [path, lines] of Object.entries(written)) put(path, `${lines.join('\n')}\n`);
  const { sonames = [] } = version;
  const list = exports.find((path) => filesAt(tree, [path]).length > 0);
  const [soname] = sonames;
  if (list !== undefined && soname !== undefined) {
    mkdirSync(join(fresh, LIBRARIES), { recursive: true });
    const problem = writeStandIn(join(fresh, LIBRARIES, soname), soname, parseExports(textAt(tree, list)));
    if (problem) throw new Error(`no library could be made of ${list}: ${problem}`);
  }
  return { source: sourceText(version), sonames };
}

/** @param {string} text @param {Readonly<Record<string, string>> | undefined} patterns @param {string} version */
function substituted(text, patterns = {}, version) {
  const [major = '0', minor = '0', patch = '0'] = version.split('.');
  const hex = [major, minor, patch].map((part) => Number(part).toString(16).padStart(2, '0')).join('');
  const parts = { version, major, minor, patch, hex };
  const filled = (/** @type {string} */ to) =>
    to.replace(/\{(version|major|minor|patch|hex)\}/g, (_, part) => parts[/** @type {keyof typeof parts} */ (part)]);
  return Object.entries(patterns).reduce((done, [from, to]) => done.replace(new RegExp(from, 'gm'), filled(to)), text);
}

/** Files below a folder whose path in it is wanted; links stay links. @param {string} from @param {string} to
 *  @param {(path: string) => boolean} isWanted */
function copy(from, to, isWanted) {
  for (const path of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    const [source, target] = [join(from, path), join(to, path)];
    if (lstatSync(source).isDirectory() || !isWanted(`/${path}`)) continue;
    mkdirSync(dirname(target), { recursive: true });
    if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else copyFileSync(source, target);
  }
}

/** Headers that stand in a folder for one machine, though they are every machine's: with no C library beside them.
 *  @param {string} include */
function flatten(include) {
  const folder = join(include, 'x86_64-linux-gnu');
  if (!existsSync(folder) || existsSync(join(folder, 'bits'))) return;
  copy(folder, include, () => true);
  rmSync(folder, { recursive: true });
}

/** What a library needs for itself says nothing of its headers, and is not there. @param {string} root */
function withoutPrivateNeeds(root) {
  for (const folder of [`${LIBRARIES}/pkgconfig`, 'usr/lib/pkgconfig', 'usr/share/pkgconfig']) {
    const path = join(root, folder);
    if (!existsSync(path) || !statSync(path).isDirectory()) continue;
    for (const name of readdirSync(path)) {
      const text = readFileSync(join(path, name), 'utf8');
      writeFileSync(join(path, name), text.replace(/^(Requires|Libs)\.private:.*(\\\n.*)*\n?/gm, ''));
    }
  }
}
