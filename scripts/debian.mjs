// Debian's packages for scripts: which are installed, and installing them as root. suites.mjs unpacks packages beside each other.

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

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
