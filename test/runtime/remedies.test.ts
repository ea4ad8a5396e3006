// What the reader of an error can do: the command for the system at hand first, and a remedy for each kind of failure. And the words of
// loaders that are not at hand, each as the kind of failure that it tells.
// Run: npx vitest run test/runtime/remedies.test.ts

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineShim, FORMAT } from '@dlshim/runtime';
import { describe, expect, it } from 'vitest';
import type { MissingDependencyError } from '../../runtime/src/errors.ts';
import { adviceFor, familyOf } from '../../runtime/src/loading/advice.ts';
import { classify } from '../../runtime/src/loading/classify.ts';
import { root } from '../native/build.ts';
import { library } from '../needs.ts';
import { descriptorOf } from './descriptors.ts';

const rbd = descriptorOf({
  library: 'librbd',
  version: '16.2.15',
  files: { [process.platform]: ['librbd.so.1'] },
  packages: { debian: 'librbd1', fedora: 'librbd1', alpine: 'librbd', arch: 'ceph-libs', homebrew: 'ceph' },
});

describe('the remedy for an absent library', () => {
  it('begins with the command of the system at hand', () => {
    const first = (at: string) => adviceFor(rbd, at).absent().split('.')[0];
    expect(first('debian')).toBe('Install it: apt install librbd1');
    expect(first('fedora')).toBe('Install it: dnf install librbd1');
    expect(first('alpine')).toBe('Install it: apk add librbd');
    expect(first('arch')).toBe('Install it: pacman -S ceph-libs');
    expect(first('homebrew')).toBe('Install it: brew install ceph');
  });

  it('has the commands of the others behind it, and the override', () => {
    expect(adviceFor(rbd, 'alpine').absent()).toBe(
      'Install it: apk add librbd. Elsewhere: apt install librbd1 (Debian), dnf install librbd1 (Fedora), ' +
        "pacman -S ceph-libs (Arch), brew install ceph (Homebrew). Or set DLSHIM_LIBRBD to the absolute path of the library's file.",
    );
  });

  it('has all of them on a system that is none of these, and names that it does not know as they are', () => {
    const strange = adviceFor({ ...rbd, packages: { debian: 'librbd1', haiku: 'rbd' } }, 'gentoo');
    expect(strange.absent()).toMatch(/^Install it: apt install librbd1 \(Debian\), rbd \(haiku\)\. Or set /);
  });

  it('is the override alone where no package is known', () => {
    expect(adviceFor({ ...rbd, packages: {} }, 'debian').absent()).toBe(
      "Set DLSHIM_LIBRBD to the absolute path of the library's file.",
    );
  });
});

describe('the system at hand', () => {
  it('is read from os-release: its own name, or what it is like', () => {
    expect(familyOf('NAME="Debian GNU/Linux"\nID=debian\n')).toBe('debian');
    expect(familyOf('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toBe('debian');
    expect(familyOf('ID="rocky"\nID_LIKE="rhel centos fedora"\n')).toBe('fedora');
    expect(familyOf("ID='alpine'\nVERSION_ID=3.20\n")).toBe('alpine');
    expect(familyOf('ID=manjaro\nID_LIKE=arch')).toBe('arch');
    expect(familyOf('ID=gentoo\n')).toBeUndefined();
    expect(familyOf('')).toBeUndefined();
    expect(familyOf('ID=constructor\nID_LIKE=__proto__')).toBeUndefined();
  });
});

describe('the remedy for a library that was rejected', () => {
  const advice = adviceFor(rbd, 'debian');

  it('fits its kind', () => {
    expect(advice.unreadable('/opt/librbd.so.1')).toContain('chmod a+r /opt/librbd.so.1');
    expect(advice.notALibrary()).toContain('librbd.so.1');
    expect(advice.wrongMachine()).toContain(process.arch);
    expect(advice.truncated('/opt/librbd.so.1')).toMatch(/put it in place again.*apt install --reinstall librbd1/);
    expect(advice.incompatible()).toContain('one; the shim follows 16.2.15. Or generate');
  });

  it('does not name a version that a shim does not have', () => {
    const plain = adviceFor({ ...rbd, version: 'unversioned' }, 'debian').incompatible();
    expect(plain).toContain(
      'Install another version of it, or set DLSHIM_LIBRBD to the absolute path of one. Or generate',
    );
  });

  it('for a missing dependency says how to find what provides it', () => {
    const find = (at: string) => adviceFor(rbd, at).dependency('librados.so.2', '/usr/lib/librbd.so.1');
    expect(find('debian')).toContain('apt-file search librados.so.2');
    expect(find('fedora')).toContain("dnf provides '*/librados.so.2'");
    expect(find('alpine')).toContain('apk add so:librados.so.2');
    expect(find('none')).toContain('Install what provides librados.so.2');
    expect(find('debian')).toContain('apt install librbd1');
  });

  it('for a dependency that is too old says which one it is', () => {
    expect(advice.dependency('libc.so.6 version GLIBC_2.99', '/opt/librbd.so.1')).toMatch(
      /^\/opt\/librbd\.so\.1 was built for a newer system.*libc\.so\.6/,
    );
  });
});

describe('the words of a loader that is not at hand', () => {
  const advice = adviceFor(rbd, undefined);
  const judge = (words: string, file = '/opt/libx.dylib') => {
    const verdict = classify(file, words, [], advice);
    return verdict.kind === 'absent' ? 'absent' : verdict.error({ library: 'librbd' });
  };

  it('are understood from macOS', () => {
    const tried = "dlopen(/opt/libx.dylib, 0x0086): tried: '/opt/libx.dylib'";
    expect(judge(`${tried} (no such file), '/System/Volumes/Preboot/Cryptexes/OS/opt/libx.dylib' (no such file)`)).toBe(
      'absent',
    );
    expect(judge('dlopen(/opt/libx.dylib, 0x0086): image not found')).toBe('absent');
    expect(
      judge(`${tried} (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))`),
    ).toMatchObject({
      code: 'DLSHIM_WRONG_MACHINE',
      message: expect.stringContaining('is a library for x86_64, and this process runs on arm64'),
    });
    expect(judge(`${tried} (not a mach-o file)`)).toMatchObject({ code: 'DLSHIM_NOT_A_LIBRARY' });
    expect(judge('dlopen(/opt/libx.dylib, 0x0086): open() failed with errno=13')).toMatchObject({
      code: 'DLSHIM_UNREADABLE',
    });
    const needs = judge(
      'dlopen(/opt/libx.dylib, 0x0086): Library not loaded: @rpath/liby.2.dylib\n  Referenced from: /opt/libx.dylib\n  Reason: no such file',
    );
    expect((needs as MissingDependencyError).dependency).toBe('@rpath/liby.2.dylib');
    expect(judge('dlopen(/opt/libx.dylib, 0x0086): code signature invalid')).toMatchObject({ code: 'DLSHIM_REJECTED' });
  });

  it('are understood from Windows, by their numbers, which are the same in every language', () => {
    const words = (code: number) => `x.dll: error ${code}: Das angegebene Modul wurde nicht gefunden.`;
    expect(judge(words(126), 'x.dll')).toBe('absent');
    expect(judge(words(2), 'x.dll')).toBe('absent');
    expect(judge(words(193), 'x.dll')).toMatchObject({ code: 'DLSHIM_NOT_A_LIBRARY' });
    expect(judge(words(5), 'x.dll')).toMatchObject({ code: 'DLSHIM_UNREADABLE' });
    expect(judge(words(1114), 'x.dll')).toMatchObject({ code: 'DLSHIM_REJECTED' });
    // A file that is there, and yet is not found, needs another one.
    expect(judge(words(126), process.execPath)).toMatchObject({ code: 'DLSHIM_DEPENDENCY' });
  });
});

describe('a contract that cannot be read', () => {
  it('says which side is old and what to do, before anything is loaded', () => {
    const open = (format: number) => defineShim(descriptorOf({ library: 'stale', format })).open();
    expect(() => open(FORMAT + 1)).toThrow(
      expect.objectContaining({
        code: 'DLSHIM_STALE',
        remedy: 'Update @dlshim/runtime to the version that the shim was generated for.',
      }),
    );
    expect(() => open(0)).toThrow(
      expect.objectContaining({ code: 'DLSHIM_STALE', remedy: expect.stringMatching(/^Generate the shim again/) }),
    );
    for (let format = 1; format <= FORMAT; format++) {
      expect(() => open(format), `format ${format}`).toThrow(expect.objectContaining({ code: 'DLSHIM_ABSENT' }));
    }
  });
});

describe('the packages of the libraries of this repository', () => {
  it('are there for Debian and Fedora, and under names that the runtime has commands for', () => {
    const names = readFileSync(join(root, 'dlshim.config.ts'), 'utf8').match(/headers\/\w+/g) ?? [];
    expect(names.length).toBeGreaterThanOrEqual(14);
    for (const name of names.map((path) => path.slice('headers/'.length))) {
      const { packages } = library(name) as unknown as { packages: Record<string, string> };
      expect(Object.keys(packages), name).toEqual(expect.arrayContaining(['debian', 'fedora']));
      for (const family of Object.keys(packages)) {
        const text = adviceFor({ ...rbd, packages }, family).absent();
        expect(text, name).toMatch(/^Install it: (apt install|dnf install|apk add|pacman -S|brew install) /);
      }
    }
  });
});
