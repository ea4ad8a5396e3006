// What packagers' own tools make of dlshim packaging: dh_dlopenlibdeps of Debian 13 and dlopen-notes read the object in a made-up package tree,
// dpkg-gencontrol the variables, and apt resolves the dependencies on this machine and on Debian 13, as if nothing were installed there.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Dependency, LibraryFile, Priority } from '../../generator/src/packaging/dependency.ts';
import { elfObject } from '../../generator/src/packaging/elf.ts';
import { notesOf } from '../../generator/src/packaging/notes.ts';
import { named } from '../needs.ts';
import { dependsOf, install, packageTree, packagingTools, variables } from '../packages.ts';
import { dlshim, type Run, root } from '../tools.ts';

const debian13 = await packagingTools('trixie');
const { missing } = debian13;

/** The control file that the package gets. */
function control(tree: string): Run {
  return debian13.run(tree, 'dpkg-gencontrol', '-pblockimg', '-Pdebian/blockimg', '-Tdebian/blockimg.substvars', '-O');
}

function dhDlopenlibdeps(object: Uint8Array): { readonly tree: string; readonly found: Record<string, string> } {
  const tree = packageTree(object);
  const { status, stderr } = debian13.run(tree, 'dh_dlopenlibdeps');
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
    const { tree, found } = dhDlopenlibdeps(written());
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
    const { stdout, stderr, status } = debian13.run(tree, 'make', '-f', 'debian/rules', 'binary');
    const words = stderr.replace(/^(dpkg-query: no path found|using Dpkg::).*\n/gm, '');
    expect([status, words]).toEqual([0, '']);
    expect(stdout).toMatch(/dh_strip\b[\s\S]*dh_shlibdeps\b[\s\S]*dh_dlopenlibdeps\b/);
    const made = readFileSync(join(tree, 'debian/blockimg/DEBIAN/control'), 'utf8');
    expect(made).toMatch(/^Recommends: libiscsi7, librbd1$/m);
  }, 60_000);

  test('has its variables written by the command where it is not at hand', () => {
    const tree = packageTree(new Uint8Array());
    const path = join(tree, 'debian/blockimg.substvars');
    expect(dlshim('packaging', '--format', 'substvars', '-o', path).status).toBe(0);
    expect(Object.keys(variables(tree))).toEqual(['dlopen:Depends', 'dlopen:Recommends', 'dlopen:Suggests']);
    const { stdout, status } = control(tree);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Recommends: .*\blibrbd1 \(>= 12\.2\.1\)/m);
  });

  test('reads with dlopen-notes what the command prints as JSON', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'packaging-notes-')), 'dlopen-notes.so');
    writeFileSync(path, written('librbd', 'libnfs'));
    const { stdout, status } = debian13.run('.', 'dlopen-notes', '--raw', path);
    expect(status).toBe(0);
    expect(JSON.parse(stdout.replace(/^#.*\n/, ''))).toEqual(
      JSON.parse(dlshim('packaging', '--format', 'json', 'librbd', 'libnfs').stdout),
    );
    const { stdout: features } = debian13.run('.', 'dlopen-notes', '--features', 'libnfs', path);
    expect(features).toContain('"libnfs.so.14": "recommended"');
  });
});

describe.skipIf(missing !== undefined)(named('apt', missing), () => {
  test("resolves what the examples' drivers and all shims depend on, on this machine and by the names of Debian 13", () => {
    const names = readdirSync(join(root, 'shims')).filter((name) => name.endsWith('.ts'));
    const depends = dependsOf('examples/drivers/*/*.ts', ...names.map((name) => join('shims', name)));
    const here = install(debian13, depends);
    expect([here.status, here.stderr]).toEqual([0, expect.not.stringMatching(/^E:/m)]);
    expect(here.stdout).toMatch(/^Inst blockimg-everything /m);
    const newer = install(debian13, depends, ...debian13.apt);
    expect([newer.status, newer.stderr]).toEqual([0, expect.not.stringMatching(/^E:/m)]);
    for (const name of ['libcurl4t64', 'libssh2-1t64', 'libgtk-3-0t64', 'libnfs14', 'librbd1', 'libbz2-1.0'])
      expect(newer.stdout).toMatch(new RegExp(`^Inst ${name.replace('.', '\\.')} `, 'm'));
  }, 180_000);

  test('refuses what no suite has: this check can fail', () => {
    const { status, stderr } = install(debian13, 'librbd1 (>= 999)');
    expect([status, stderr]).toEqual([100, expect.stringMatching(/^E: /m)]);
  });
});
