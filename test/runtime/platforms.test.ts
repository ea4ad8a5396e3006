// What cannot be run here is data, and is checked as such: the flags of other systems, the words of another loader.
// Run: npx vitest run test/runtime/platforms.test.ts

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { overrideName } from '../../runtime/src/errors.ts';
import { adviceFor } from '../../runtime/src/loading/advice.ts';
import { classify } from '../../runtime/src/loading/classify.ts';
import { inspectFile } from '../../runtime/src/loading/elf.ts';
import { descriptorOf } from './descriptors.ts';

describe('the name of an override', () => {
  it('is the library in capitals, with everything else as underscores', () => {
    expect(overrideName('librbd')).toBe('DLSHIM_LIBRBD');
    expect(overrideName('gtk+-3.0')).toBe('DLSHIM_GTK__3_0');
  });
});

describe('the words of a loader', () => {
  const advice = adviceFor(descriptorOf({ library: 'x' }), undefined);
  const judge = (words: string, file = 'libx.so.1') => {
    const verdict = classify(file, words, [], advice);
    return verdict.kind === 'absent' ? 'absent' : verdict.error({ library: 'x' }).message;
  };

  it('tell an absent library from an absent dependency, with glibc and with musl', () => {
    expect(judge('libx.so.1: cannot open shared object file: No such file or directory')).toBe('absent');
    expect(judge('liby.so.2: cannot open shared object file: No such file or directory')).toMatch(/needs liby\.so\.2/);
    expect(judge('Error loading shared library libx.so.1: No such file or directory')).toBe('absent');
    expect(
      judge('Error loading shared library liby.so.2: No such file or directory (needed by /lib/libx.so.1)'),
    ).toMatch(/needs liby\.so\.2/);
  });

  it('name a dependency that is too old', () => {
    const words = "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.99' not found (required by /opt/libx.so.1)";
    expect(judge(words, '/opt/libx.so.1')).toMatch(/needs libc\.so\.6 version GLIBC_2\.99/);
  });
});

describe('a file that is no library', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dlshim-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const kindOf = (bytes: Uint8Array | string) => {
    writeFileSync(join(folder, 'file'), bytes);
    return inspectFile(join(folder, 'file'));
  };

  it('is described for what it is', () => {
    expect(kindOf('/* GNU ld script */\nINPUT(libx.so.1)')).toMatchObject({
      why: expect.stringContaining('linker script'),
    });
    expect(kindOf('!<arch>\n')).toMatchObject({ why: expect.stringContaining('static archive') });
    expect(kindOf('hello')).toMatchObject({ why: expect.stringContaining('text file') });
    expect(kindOf(Uint8Array.of(1, 2, 3))).toMatchObject({ kind: 'not-a-library' });
    expect(inspectFile(folder)).toMatchObject({ why: 'is not a regular file' });
    expect(inspectFile(join(folder, 'none'))).toEqual({ kind: 'absent' });
  });

  it('is truncated at every length of an ELF header', () => {
    for (let length = 0; length < 64; length++) {
      const bytes = new Uint8Array(64);
      bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
      const { kind } = kindOf(bytes.subarray(0, length));
      expect(kind, `${length} bytes`).toBe(length === 0 || length >= 4 ? 'truncated' : 'not-a-library');
    }
  });
});
