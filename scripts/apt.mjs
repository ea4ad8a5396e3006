// The package lists of a Debian suite, apart from the machine's own: a suite's name and a folder in; which packages of it some names stand
// for, with all that they need, and their files out. Nothing outside of the folder changes. Follows apt.conf(5), sources.list(5).

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One package in one version. `file` is its name as Debian's archive has it: `name_version_arch.deb`.
 *  @typedef {{ readonly name: string, readonly version: string, readonly file: string, readonly size: number }} Package */

/** Where suites are looked for when the machine's own mirror has them no more, or is none of Debian's. */
const ARCHIVES = ['http://deb.debian.org/debian', 'http://archive.debian.org/debian'];
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** What went wrong, in words for whoever asked. */
export class AptError extends Error {}

/** Fetches a suite's lists into the folder `apt`, whole or not at all, by way of `work`. @param {string} suite @param {string} apt
 *  @param {string} work @param {boolean} isUpdated whether security updates are among them, where the suite has any */
export async function fetchLists(suite, apt, work, isUpdated) {
  const architecture = (await run('dpkg', ['--print-architecture'])).trim();
  const fresh = join(work, 'apt');
  const failures = [];
  for (const mirror of await mirrors()) {
    const main = `deb ${optionsOf(architecture)} ${mirror} ${suite} main\n`;
    const updates = `deb ${optionsOf(architecture)} ${mirror}-security ${suite}-security main\n`;
    try {
      const sources = await fetchFirst(fresh, isUpdated ? [main + updates, main] : [main]);
      configure(fresh, apt, sources);
      rmSync(apt, { recursive: true, force: true });
      renameSync(fresh, apt);
      return;
    } catch (error) {
      if (!(error instanceof AptError)) throw error;
      failures.push(`  ${mirror}: ${error.message}`);
    }
  }
  throw new AptError(`Debian's suite '${suite}' cannot be had:\n${failures.join('\n')}`);
}

/** Fetches the lists of the first of these sources whose suites are all there: very old ones have no security updates any more.
 *  @param {string} folder @param {readonly string[]} choices @returns {Promise<string>} */
async function fetchFirst(folder, [sources = '', ...others]) {
  rmSync(folder, { recursive: true, force: true });
  configure(folder, folder, sources);
  try {
    await apts(folder, 'apt-get', ['update', '--error-on=any']);
    return sources;
  } catch (error) {
    const isAbsent = error instanceof AptError && /-security Release' does not have a Release file/.test(error.message);
    if (!isAbsent || others.length === 0) throw error;
    return fetchFirst(folder, others);
  }
}

/** The packages that names stand for; each is a package's, or several with ` | ` between them, of which the first that the suite has is
 *  meant. With `dependencies`, all that they need, as if nothing were installed. @param {string} apt @param {readonly string[]} names
 *  @param {boolean} dependencies @returns {Promise<Package[]>} */
export async function resolve(apt, names, dependencies) {
  const known = new Set();
  for (const line of (await apts(apt, 'apt-cache', ['madison', ...names.flatMap(alternatives)])).split('\n'))
    known.add(line.split('|', 1)[0]?.trim());
  const chosen = names.map((name) => alternatives(name).find((each) => known.has(each)));
  const absent = names.filter((_, i) => chosen[i] === undefined);
  if (absent.length > 0) throw new AptError(`the suite has no package ${absent.join(', ')}`);
  const packages = /** @type {string[]} */ (chosen);
  const what = dependencies ? ['install', '-y', '-qq'] : ['download', '-qq'];
  const uris = await apts(apt, 'apt-get', [...what, '--print-uris', ...packages]);
  return uris.split('\n').filter(Boolean).map(parseUri);
}

/** Downloads packages into a folder that is there, and checks them against the suite's signed lists. @param {string} apt
 *  @param {readonly Package[]} packages @param {string} folder */
export async function download(apt, packages, folder) {
  const names = packages.map(({ name, version }) => `${name}=${version}`);
  await apts(apt, 'apt-get', ['download', '-qq', ...names], folder);
}

/** @param {string} deb @param {string} folder */
export async function unpackDeb(deb, folder) {
  await run('dpkg-deb', ['-x', deb, folder]);
}

/** @param {string} name */
function alternatives(name) {
  return name.split('|').map((each) => each.trim());
}

/** `'URI' file size hash`. @param {string} line @returns {Package} */
function parseUri(line) {
  const [, file = '', size] = /^'[^']*' (\S+) (\d+) /.exec(line) ?? [];
  const [name, version] = file.split('_').map(decodeURIComponent);
  if (!name || !version) throw new AptError(`apt-get says what is not understood: ${line}`);
  return { name, version, file, size: Number(size) };
}

/** The mirror that the machine's sources name for Debian, and those to fall back to. */
async function mirrors() {
  const format = '$(REPO_URI) $(COMPONENT)';
  const targets = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const own = targets.split('\n').flatMap((line) => /^(\S+\/debian)\/? main$/.exec(line)?.[1] ?? []);
  return [...new Set([...own, ...ARCHIVES])];
}

/** @param {string} architecture */
function optionsOf(architecture) {
  const keys = existsSync(KEYS) ? ` signed-by=${KEYS}` : '';
  return `[arch=${architecture} lang=none target=Packages${keys}]`;
}

/** Writes into `folder` how apt is to work in `place`, where the folder will stand: with the machine's proxies, and without its
 *  packages, lists, preferences and hooks. @param {string} folder @param {string} place @param {string} source */
function configure(folder, place, source) {
  for (const path of ['lists/partial', 'cache/archives/partial', 'state', 'none'])
    mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(join(folder, 'sources.list'), source);
  const settings = {
    'Dir::State': 'state',
    'Dir::State::Lists': 'lists',
    'Dir::State::status': 'status',
    'Dir::Cache': 'cache',
    'Dir::Etc::SourceList': 'sources.list',
    'Dir::Etc::SourceParts': 'none',
    'Dir::Etc::Preferences': 'none/preferences',
    'Dir::Etc::PreferencesParts': 'none',
  };
  const hooks = ['Pre-Invoke', 'Post-Invoke', 'Post-Invoke-Success'].map((hook) => `APT::Update::${hook}`);
  const lines = [
    ...Object.entries(settings).map(([key, path]) => `${key} "${join(place, path)}";`),
    ...[...hooks, 'APT::Default-Release', 'APT::Architectures'].map((key) => `#clear ${key};`),
    'APT::Install-Recommends "false";',
    'APT::Get::AllowUnauthenticated "false";',
    'APT::Sandbox::User "root";',
    'Acquire::Retries "3";',
  ];
  writeFileSync(join(folder, 'apt.conf'), `${lines.join('\n')}\n`);
}

/** @param {string} apt @param {string} command @param {readonly string[]} args @param {string} [cwd] */
function apts(apt, command, args, cwd) {
  return run(command, ['-c', join(apt, 'apt.conf'), ...args], cwd);
}

/** @param {string} command @param {readonly string[]} args @param {string} [cwd] @returns {Promise<string>} */
function run(command, args, cwd) {
  const env = { ...process.env, LC_ALL: 'C' };
  return new Promise((done, fail) => {
    execFile(command, args, { cwd, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (!error) return done(stdout);
      if (error.code === 'ENOENT') return fail(new AptError(`${command} is not there: this is no Debian machine`));
      const words = stderr.split('\n').filter((line) => /^E:/.test(line));
      fail(new AptError(`${command} ${args.find((each) => /^[a-z]/.test(each))}: ${words.join(' ') || stderr.trim()}`));
    });
  });
}
