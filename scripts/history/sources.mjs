// headers/<library>/sources.json in, where the headers of each known version of the library come from out. A file that says something
// else, or says it twice, is refused with the place in it.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the files of a public repository belong, as an installed library has them.
 *  `headers`: include path of a file or a folder -> path in the repository; of a folder, the *.h in it. What a tag lacks is left out.
 *  `exports`: what the library is linked with to say what it exports, a list or a version script; the first of these that a tag has.
 *  `substitute`: include path -> pattern -> text, what its build does to a header; {version}, {major}, {minor}, {patch}, {hex} are the version's.
 *  `written`: path below usr -> the lines of a file that only its build writes.
 *  @typedef {{ readonly headers: Readonly<Record<string, string>>, readonly exports?: readonly string[],
 *    readonly substitute?: Readonly<Record<string, Readonly<Record<string, string>>>>,
 *    readonly written?: Readonly<Record<string, readonly string[]>> }} Repository */

/** `headers`: packages with headers; `libraries`: those with the library's file. A name may be several, with ` | ` between them.
 *  @typedef {{ readonly headers: readonly string[], readonly libraries: readonly string[] }} DebianPackages */

/** A version is in suites of Debian, oldest first, or at a tag or a commit of a repository. `sonames`: what the library calls itself where
 *  that is not read from the suites' files. `commit` names what `tag` does not, or stands alone.
 *  @typedef {{ readonly version: string, readonly debian: readonly string[], readonly sonames?: readonly string[] }} DebianVersion */
/** @typedef {{ readonly version: string, readonly repository: string, readonly tag?: string, readonly commit?: string,
 *    readonly sonames?: readonly string[] }} RepositoryVersion */

/** @typedef {{ readonly debian?: DebianPackages, readonly repositories?: Readonly<Record<string, Repository>>,
 *    readonly versions: readonly (DebianVersion | RepositoryVersion)[] }} Sources */

const KEYS = {
  file: ['debian', 'repositories', 'versions'],
  debian: ['headers', 'libraries'],
  repository: ['headers', 'exports', 'substitute', 'written'],
  debianVersion: ['version', 'debian', 'sonames'],
  repositoryVersion: ['version', 'repository', 'tag', 'commit', 'sonames'],
};

/** @param {string} folder headers/<library> @returns {Sources | undefined} undefined where the library has no sources.json */
export function readSources(folder) {
  const file = join(folder, 'sources.json');
  if (!existsSync(file)) return undefined;
  const data = /** @type {Sources} */ (JSON.parse(readFileSync(file, 'utf8')));
  const problem = problemOf(data);
  if (problem) throw new Error(`${file}: ${problem}`);
  return data;
}

/** What is wrong, or undefined. @param {Sources} data @returns {string | undefined} */
export function problemOf(data) {
  const { debian, repositories = {}, versions } = data;
  if (!Array.isArray(versions) || versions.length === 0) return 'versions: there are none';
  return (
    foreign('the file', data, KEYS.file) ??
    (debian && foreign('debian', debian, KEYS.debian)) ??
    first(Object.entries(repositories), ([name, repository]) =>
      /^[\w.-]+\/[\w.-]+$/.test(name)
        ? foreign(`repositories: ${name}`, repository, KEYS.repository)
        : `repositories: ${name} is not owner/name`,
    ) ??
    first(versions, (version) => problemOfVersion(version, data)) ??
    first(versions, ({ version }, at) =>
      versions.findIndex((other) => other.version === version) < at ? `versions: ${version} is there twice` : undefined,
    )
  );
}

/** @param {DebianVersion | RepositoryVersion} version @param {Sources} sources */
function problemOfVersion(version, { debian, repositories = {} }) {
  const place = `versions: ${version.version}`;
  if (!/^\d[\w.+~-]*$/.test(version.version ?? '')) return `${place} is no version`;
  if ('debian' in version) {
    if (!debian) return `${place}: the file names no packages of Debian`;
    if (!Array.isArray(version.debian) || version.debian.length === 0) return `${place}: debian is a list of suites`;
    return foreign(place, version, KEYS.debianVersion);
  }
  if (!repositories[version.repository]) return `${place}: the file has no repository ${version.repository}`;
  if (version.tag === undefined && !/^[0-9a-f]{40}$/.test(version.commit ?? ''))
    return `${place} has neither a tag nor a whole commit id`;
  return foreign(place, version, KEYS.repositoryVersion);
}

/** @param {string} place @param {object} data @param {readonly string[]} keys */
function foreign(place, data, keys) {
  const other = Object.keys(data).find((key) => !keys.includes(key));
  return other && `${place}: there is no key ${other}`;
}

/** @template T @param {readonly T[]} list @param {(item: T, at: number) => string | undefined} problem */
function first(list, problem) {
  for (const [at, item] of list.entries()) {
    const found = problem(item, at);
    if (found) return found;
  }
  return undefined;
}

/** The words by which a history names where a version's headers come from. @param {DebianVersion | RepositoryVersion} version
 *  @param {string} [packages] of Debian: the packages with their versions */
export function sourceText(version, packages = '') {
  if ('debian' in version) return `Debian ${version.debian.at(-1)}${packages && `, ${packages}`}`;
  const at = version.tag === undefined ? `commit ${version.commit?.slice(0, 12)}` : `tag ${version.tag}`;
  return `github.com/${version.repository}, ${at}`;
}
