// Packagers' tools of a Debian suite, unpacked into .cache/suites (scripts/suites.mjs): a suite in, what runs them out; and a made-up package
// for them. At the first run some 11 MB are downloaded, mostly the suite's list of packages.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AptError } from '../scripts/apt.mjs';
import { suiteRoot } from '../scripts/suites.mjs';
import { dlshim, type Run } from './tools.ts';

const PACKAGES = ['dh-dlopenlibdeps', 'debhelper', 'libdebhelper-perl', 'python3-pyelftools'];
/** What these are written in, or call. */
const COMMANDS = ['perl', 'python3', 'file', 'dpkg-query', 'dpkg-gencontrol', 'dpkg-deb', 'apt-get', 'make'];

export interface PackagingTools {
  /** Why they are not there; then nothing else counts. */
  readonly missing?: string;
  /** apt-get's options for the suite's own packages, as if nothing were installed. */
  readonly apt: readonly string[];
  /** Runs a command, with the tools before the machine's. */
  readonly run: (cwd: string, command: string, ...args: string[]) => Run;
}

export async function packagingTools(suite: string, packages: readonly string[] = PACKAGES): Promise<PackagingTools> {
  const absent = COMMANDS.filter((command) => spawnSync('which', [command]).status !== 0);
  if (absent.length > 0) return toolsIn('', `${absent.join(', ')} is not installed`);
  try {
    return toolsIn((await suiteRoot(suite, packages, { dependencies: false })).root);
  } catch (error) {
    if (!(error instanceof AptError)) throw error;
    return toolsIn('', error.message.split('\n')[0]);
  }
}

function toolsIn(root: string, missing?: string): PackagingTools {
  const env = {
    ...process.env,
    LC_ALL: 'C.UTF-8',
    PATH: `${join(root, 'usr/bin')}:${process.env.PATH}`,
    PERL5LIB: join(root, 'usr/share/perl5'),
    PYTHONPATH: join(root, 'usr/lib/python3/dist-packages'),
  };
  const run = (cwd: string, command: string, ...args: string[]): Run => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  // <suite>/roots/<root>, <suite>/apt
  const apt = ['-c', join(dirname(dirname(root)), 'apt/apt.conf')];
  return { run, apt, ...(missing === undefined ? {} : { missing }) };
}

/** A source package `blockimg` as dh has it before dh_gencontrol, with a file in its tree. */
export function packageTree(object: Uint8Array): string {
  const tree = mkdtempSync(join(tmpdir(), 'packaging-tree-'));
  const files = {
    'debian/control': `Source: blockimg
Maintainer: Nobody <nobody@example.org>
Rules-Requires-Root: no
Build-Depends: debhelper-compat (= 13)

Package: blockimg
Architecture: any
Depends: \${misc:Depends}, \${dlopen:Depends}
Recommends: \${dlopen:Recommends}
Suggests: \${dlopen:Suggests}
Description: copies images
 A program that opens libraries at run time.
`,
    'debian/changelog': `blockimg (1.0) unstable; urgency=low

  * First.

 -- Nobody <nobody@example.org>  Sat, 21 Nov 2026 00:00:00 +0000
`,
    'debian/blockimg/usr/lib/blockimg/dlopen-notes.so': object,
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  }
  return tree;
}

/** What its file of substitution variables says. */
export function variables(tree: string): Record<string, string> {
  const lines = readFileSync(join(tree, 'debian/blockimg.substvars'), 'utf8').trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** A package that depends on these, simulated to be installed. */
export function install({ run }: PackagingTools, depends: string, ...options: string[]): Run {
  const folder = mkdtempSync(join(tmpdir(), 'packaging-deb-'));
  const architecture = spawnSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).stdout.trim();
  mkdirSync(join(folder, 'tree/DEBIAN'), { recursive: true });
  writeFileSync(
    join(folder, 'tree/DEBIAN/control'),
    `Package: blockimg-everything
Version: 1.0
Architecture: ${architecture}
Maintainer: Nobody <nobody@example.org>
Depends: ${depends}
Description: copies images
`,
  );
  const built = run(folder, 'dpkg-deb', '--root-owner-group', '-b', 'tree', 'blockimg.deb');
  if (built.status !== 0) return built;
  return run(folder, 'apt-get', ...options, '-s', 'install', './blockimg.deb');
}

/** All fields as one, so that what cannot be had is an error and not passed over. */
export function dependsOf(...names: string[]): string {
  const { stdout, status, stderr } = dlshim('packaging', '--format', 'debian', ...names);
  if (status !== 0) throw new Error(stderr);
  const fields = stdout.trimEnd().split('\n');
  return fields.map((line) => line.slice(line.indexOf(':') + 2)).join(', ');
}
