// Debian's packages for scripts: which are installed, installing them as root, and unpacking them without root into a folder.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} command @param {readonly string[]} args @param {import('node:child_process').SpawnSyncOptions} [options] */
function run(command, args, options = {}) {
  const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  const result = spawnSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, env, encoding: 'utf8' });
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`;
  return {
    ok: result.status === 0,
    output,
    missing: /** @type {NodeJS.ErrnoException | undefined} */ (result.error)?.code === 'ENOENT',
  };
}

export function hasApt() {
  return !run('apt-get', ['--version']).missing && !run('dpkg-deb', ['--version']).missing;
}

export function isRoot() {
  return process.getuid?.() === 0;
}

/** The installed version of a package, or undefined. @param {string} name */
export function installedVersion(name) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own format, not a template
  const { ok, output } = run('dpkg-query', ['-W', '-f', '${db:Status-Abbrev} ${Version}', name]);
  return ok && output.startsWith('ii') ? output.split(' ').pop() : undefined;
}

/** `16.2.15+ds-0+deb12u2` is release 16.2.15. @param {string} version */
export function upstreamVersion(version) {
  return version.replace(/^\d+:/, '').replace(/[+~-].*$/, '');
}

/** Installs packages as root, without starting the services in them. Returns what went wrong, or undefined.
 *  @param {readonly string[]} names */
export function install(names) {
  const allowServices = forbidServices();
  try {
    const arguments_ = ['-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '--no-install-recommends', ...names];
    const first = run('apt-get', arguments_);
    if (first.ok) return undefined;
    const update = run('apt-get', ['update']);
    if (!update.ok) return update.output.trim();
    const second = run('apt-get', arguments_);
    return second.ok ? undefined : second.output.trim();
  } finally {
    allowServices();
  }
}

/** Packages ask policy-rc.d (invoke-rc.d(8)) whether their services may start: no, unless the machine has an answer of its own.
 *  Returns what takes that back. */
function forbidServices() {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return () => {};
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => rmSync(policy, { force: true });
}

/** The version of a package file below a folder of `unpack`, or undefined. @param {string} name @param {string} folder */
export function unpackedVersion(name, folder) {
  const file = readdirSync(join(folder, 'debs')).find((deb) => deb.startsWith(`${name}_`));
  return file && run('dpkg-deb', ['-f', join(folder, 'debs', file), 'Version']).output.trim();
}

/** Downloads packages and unpacks them below `folder`/root, without root. A second call finds them there.
 *  @param {readonly string[]} names @param {string} folder
 *  @returns {{ root: string } | { error: string }} */
export function unpack(names, folder) {
  const root = join(folder, 'root');
  if (existsSync(root)) return { root };
  if (!hasApt()) return { error: 'this is no Debian machine: apt-get or dpkg-deb is missing' };
  const debs = join(folder, 'debs');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(debs, { recursive: true });
  const result = download(names, folder, debs);
  if (!result.ok) return { error: `apt-get download: ${lastLine(result.output)}` };
  const fresh = join(folder, 'unpacking');
  for (const deb of readdirSync(debs).filter((name) => name.endsWith('.deb'))) {
    const { ok, output } = run('dpkg-deb', ['-x', join(debs, deb), fresh]);
    if (!ok) return { error: `dpkg-deb -x ${deb}: ${lastLine(output)}` };
  }
  renameSync(fresh, root);
  return { root };
}

/** With the machine's own package lists where they are there, else with lists of our own. @param {readonly string[]} names
 *  @param {string} folder @param {string} debs */
function download(names, folder, debs) {
  const direct = run('apt-get', ['download', ...names], { cwd: debs });
  if (direct.ok) return direct;
  const [lists, cache] = [join(folder, 'lists'), join(folder, 'cache')];
  for (const path of [lists, cache]) mkdirSync(join(path, 'partial'), { recursive: true });
  const own = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`, '-o', 'Debug::NoLocking=1'];
  const update = run('apt-get', [...own, 'update']);
  return update.ok ? run('apt-get', [...own, 'download', ...names], { cwd: debs }) : update;
}

/** @param {string} output */
function lastLine(output) {
  return (
    output
      .trim()
      .split('\n')
      .filter((line) => /^[EW]:/.test(line))
      .at(-1) ??
    output.trim().split('\n').at(-1) ??
    ''
  );
}
