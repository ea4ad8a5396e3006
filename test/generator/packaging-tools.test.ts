// What packagers' own tools make of dlshim packaging: dh_dlopenlibdeps of Debian 13 and dlopen-notes read the object in a made-up package tree,
// dpkg-gencontrol the variables, and apt resolves the dependencies on this machine and on Debian 13, as if nothing were installed there.
// The tools are unpacked into .cache/suites (scripts/suites.mjs) at the first run: some 11 MB, mostly the suite's list of packages.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Dependency, LibraryFile, Priority } from '../../generator/src/packaging/dependency.ts';
import { elfObject } from '../../generator/src/packaging/elf.ts';
import { notesOf } from '../../generator/src/packaging/notes.ts';
import { AptError } from '../../scripts/apt.mjs';
import { suiteRoot } from '../../scripts/suites.mjs';
import { named } from '../needs.ts';
import { dlshim, type Run, root } from '../tools.ts';

const SUITE = 'trixie';
const PACKAGES = ['dh-dlopenlibdeps', 'debhelper', 'libdebhelper-perl', 'python3-pyelftools'];
/** What these are written in, or call. */
const COMMANDS = ['perl', 'python3', 'file', 'dpkg-query', 'dpkg-gencontrol', 'dpkg-deb', 'apt-get', 'make'];

interface Tools {
  readonly root: string;
  readonly missing?: string;
}

async function tools(): Promise<Tools> {
  const absent = COMMANDS.filter((command) => spawnSync('which', [command]).status !== 0);
  if (absent.length > 0) return { root: '', missing: `${absent.join(', ')} is not installed` };
  try {
    return await suiteRoot(SUITE, PACKAGES, { dependencies: false });
  } catch (error) {
    if (!(error instanceof AptError)) throw error;
    return { root: '', missing: error.message.split('\n')[0]! };
  }
}

const { root: unpacked, missing } = await tools();
const apt = join(dirname(dirname(unpacked)), 'apt/apt.conf');

/** With the unpacked tools before the machine's. */
function run(cwd: string, command: string, ...args: string[]): Run {
  const env = {
    ...process.env,
    LC_ALL: 'C.UTF-8',
    PATH: `${join(unpacked, 'usr/bin')}:${process.env.PATH}`,
    PERL5LIB: join(unpacked, 'usr/share/perl5'),
    PYTHONPATH: join(unpacked, 'usr/lib/python3/dist-packages'),
  };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** A source package `blockimg` as dh has it before dh_gencontrol, with a file in its tree. */
function packageTree(object: Uint8Array): string {
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

function variables(tree: string): Record<string, string> {
  const lines = readFileSync(join(tree, 'debian/blockimg.substvars'), 'utf8').trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** The control file that the package gets. */
function control(tree: string): Run {
  return run(tree, 'dpkg-gencontrol', '-pblockimg', '-Pdebian/blockimg', '-Tdebian/blockimg.substvars', '-O');
}

function dhDlopenlibdeps(object: Uint8Array): { readonly tree: string; readonly found: Record<string, string> } {
  const tree = packageTree(object);
  const { status, stderr } = run(tree, 'dh_dlopenlibdeps');
  expect([status, stderr.replace(/^dpkg-query: no path found matching pattern .*\n/gm, '')]).toEqual([0, '']);
  return { tree, found: variables(tree) };
}

function needs(feature: string, priority: Priority, ...sonames: string[]): Dependency {
  const files = sonames.map((soname): LibraryFile => ({ soname, packages: {} }));
  return { feature, description: `what ${feature} does…`, priority, library: feature, files };
}

function object(...dependencies: Dependency[]): Uint8Array {
  return elfObject(notesOf(dependencies), 'x86_64-linux-gnu');
}

function written(...args: string[]): Buffer {
  const path = join(mkdtempSync(join(tmpdir(), 'packaging-object-')), 'dlopen-notes.so');
  expect(dlshim('packaging', '--format', 'elf', '-o', path, ...args)).toEqual({ status: 0, stdout: '', stderr: '' });
  return readFileSync(path);
}

/** The example's drivers, and what stands beside them. */
const drivers = readdirSync(join(root, 'examples/drivers'), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory()
    ? readdirSync(join(root, 'examples/drivers', entry.name))
        .filter((name) => name.endsWith('.ts'))
        .map((name) => `examples/drivers/${entry.name}/${name}`)
    : [],
);

describe.skipIf(missing !== undefined)(named('dh_dlopenlibdeps of Debian 13', missing), () => {
  test('finds the packages of the libraries in the object, by priority', () => {
    const { found } = dhDlopenlibdeps(
      object(
        needs('rbd', 'required', 'librbd.so.1'),
        needs('iscsi', 'recommended', 'libiscsi.so.7', 'libiscsi.so.6'),
        needs('ssh', 'suggested', 'libssh.so.4'),
      ),
    );
    expect(found).toEqual({
      'dlopen:Depends': 'librbd1',
      'dlopen:Recommends': 'libiscsi7',
      'dlopen:Suggests': 'libssh-4',
    });
  });

  test('takes the strongest of several priorities of one library, in whatever order the features are', () => {
    const some = [
      needs('a', 'suggested', 'librbd.so.1'),
      needs('b', 'required', 'librbd.so.1'),
      needs('c', 'recommended', 'librbd.so.1'),
    ];
    for (const order of [some, some.toReversed()]) {
      const { found } = dhDlopenlibdeps(object(...order));
      expect(found).toEqual({ 'dlopen:Depends': 'librbd1', 'dlopen:Recommends': '', 'dlopen:Suggests': '' });
    }
  });

  test('finds nothing in an object that says nothing', () => {
    const { found } = dhDlopenlibdeps(object());
    expect(Object.values(found)).toEqual(['', '', '']);
  });

  test("finds the libraries of the examples' drivers in what the command writes, and dpkg writes them into the package", () => {
    const { tree, found } = dhDlopenlibdeps(written(...drivers));
    expect(found['dlopen:Recommends']?.split(', ')).toEqual(expect.arrayContaining(['libiscsi7', 'librbd1']));
    const { stdout, stderr, status } = control(tree);
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('{dlopen:')]);
    expect(stdout).toMatch(/^Recommends: .*\blibrbd1\b/m);
  });

  test("is part of the recipe in the command's help, which builds a package without a warning", () => {
    const recipe =
      /debian\/rules: +(#!.*?)\n {2}debian\/control:/s.exec(dlshim('packaging', '--help').stdout)?.[1] ?? '';
    const lines = recipe.split('\n').map((line) => line.trimStart().replace(/^(?=dh_|dh |dlshim )/, '\t'));
    const tree = packageTree(new Uint8Array());
    const bin = join(tree, 'bin');
    mkdirSync(bin);
    const command = [join(root, 'generator/dist/cli.js'), 'packaging', '--config', join(root, 'dlshim.config.ts')];
    const script = `#!/bin/sh\nshift\nexec '${process.execPath}' '${command.join("' '")}' "$@" librbd libiscsi\n`;
    writeFileSync(join(bin, 'dlshim'), script, { mode: 0o755 });
    // Of what is not unpacked here there is nothing to do.
    const others = 'override_dh_strip_nondeterminism override_dh_dwz:\n\t@:\n';
    const rules = `${lines.join('\n').replace('--with dlopenlibdeps', '$& --without autoreconf')}\n${others}`;
    writeFileSync(join(tree, 'debian/rules'), rules.replaceAll('\tdlshim', `\t${join(bin, 'dlshim')}`), {
      mode: 0o755,
    });
    const { stdout, stderr, status } = run(tree, 'make', '-f', 'debian/rules', 'binary');
    const words = stderr.replace(/^(dpkg-query: no path found|using Dpkg::).*\n/gm, '');
    expect([status, words]).toEqual([0, '']);
    expect(stdout).toMatch(/dh_strip\b[\s\S]*dh_shlibdeps\b[\s\S]*dh_dlopenlibdeps\b/);
    const made = readFileSync(join(tree, 'debian/blockimg/DEBIAN/control'), 'utf8');
    expect(made).toMatch(/^Recommends: libiscsi7, librbd1$/m);
  }, 60_000);

  test('has its variables written by the command where it is not at hand', () => {
    const tree = packageTree(new Uint8Array());
    const path = join(tree, 'debian/blockimg.substvars');
    expect(dlshim('packaging', '--format', 'substvars', '-o', path, ...drivers).status).toBe(0);
    expect(Object.keys(variables(tree))).toEqual(['dlopen:Depends', 'dlopen:Recommends', 'dlopen:Suggests']);
    const { stdout, status } = control(tree);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Recommends: .*\blibrbd1 \(>= 12\.2\.1\)/m);
  });

  test('reads with dlopen-notes what the command prints as JSON', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'packaging-notes-')), 'dlopen-notes.so');
    writeFileSync(path, written('librbd', 'libnfs'));
    const { stdout, status } = run('.', 'dlopen-notes', '--raw', path);
    expect(status).toBe(0);
    expect(JSON.parse(stdout.replace(/^#.*\n/, ''))).toEqual(
      JSON.parse(dlshim('packaging', '--format', 'json', 'librbd', 'libnfs').stdout),
    );
    const { stdout: features } = run('.', 'dlopen-notes', '--features', 'libnfs', path);
    expect(features).toContain('"libnfs.so.14": "recommended"');
  });
});

/** A package that depends on these, simulated to be installed. */
function install(depends: string, ...config: string[]): Run {
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
  expect([built.status, built.stderr]).toEqual([0, '']);
  return run(folder, 'apt-get', ...config, '-s', 'install', './blockimg.deb');
}

/** All fields as one, so that what cannot be had is an error and not passed over. */
function dependsOf(...names: string[]): string {
  const { stdout, status } = dlshim('packaging', '--format', 'debian', ...names);
  expect(status).toBe(0);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(line.indexOf(':') + 2))
    .join(', ');
}

describe.skipIf(missing !== undefined)(named('apt', missing), () => {
  test("resolves what the examples' drivers and all shims depend on, on this machine and by the names of Debian 13", () => {
    const names = readdirSync(join(root, 'shims')).filter((name) => name.endsWith('.ts'));
    const depends = dependsOf(...drivers, ...names.map((name) => join('shims', name)));
    const here = install(depends);
    expect([here.status, here.stderr]).toEqual([0, expect.not.stringMatching(/^E:/m)]);
    expect(here.stdout).toMatch(/^Inst blockimg-everything /m);
    const newer = install(depends, '-c', apt);
    expect([newer.status, newer.stderr]).toEqual([0, expect.not.stringMatching(/^E:/m)]);
    for (const name of ['libcurl4t64', 'libssh2-1t64', 'libgtk-3-0t64', 'libnfs14', 'librbd1', 'libbz2-1.0'])
      expect(newer.stdout).toMatch(new RegExp(`^Inst ${name.replace('.', '\\.')} `, 'm'));
  }, 180_000);

  test('refuses what no suite has: this check can fail', () => {
    const { status, stderr } = install('librbd1 (>= 999)');
    expect([status, stderr]).toEqual([100, expect.stringMatching(/^E: /m)]);
  });
});
