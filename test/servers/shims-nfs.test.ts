// libnfs through its shim, on a real NFS server: a file of the exported folder is read, and one is written that is there then.

import { constants, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, type Cell, type Pointer, stringAt } from '@dlshim/runtime';
import { libnfs, type nfs_context, nfs_stat_64, nfs_url, type nfsfh } from '@dlshim/shims/libnfs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { named } from '../needs.ts';
import { bytes, same } from './content.ts';
import { type Nfs, start } from './nfs.mjs';
import { noServer } from './servers.mjs';

const noNfs = noServer('nfs');

describe.skipIf(noNfs)(named('libnfs on a server', noNfs), () => {
  let server: Nfs;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());

  type File = Pointer<nfsfh> | null;

  /** libnfs 6 has the buffer before its size, older ones behind it: one name, two signatures, and the right one is called. */
  function transfers() {
    const { fn } = libnfs.open();
    return {
      read: (nfs: Pointer<nfs_context>, file: File, into: Uint8Array): number =>
        fn.nfs_read ? fn.nfs_read(nfs, file, into, into.length) : fn['nfs_read@1.9.3']!(nfs, file, into.length, into),
      readAt: (nfs: Pointer<nfs_context>, file: File, into: Uint8Array, offset: number): number =>
        fn.nfs_pread
          ? fn.nfs_pread(nfs, file, into, into.length, offset)
          : fn['nfs_pread@1.9.3']!(nfs, file, offset, into.length, into),
      write: (nfs: Pointer<nfs_context>, file: File, from: Uint8Array): number =>
        fn.nfs_write
          ? fn.nfs_write(nfs, file, from, from.length)
          : fn['nfs_write@1.9.3']!(nfs, file, from.length, from),
    };
  }

  /** Mounts what a URL says. Gives the context and the file's path. */
  function mount(url: string): { nfs: Pointer<nfs_context>; file: string; why: () => string } {
    const { fn } = libnfs.open();
    const nfs = fn.nfs_init_context()!;
    onTestFinished(() => fn.nfs_destroy_context(nfs));
    const why = (): string => fn.nfs_get_error(nfs) ?? '';
    const parsed = fn.nfs_parse_url_full(nfs, url);
    expect(parsed, why()).not.toBeNull();
    const parts = nfs_url.at(parsed);
    const file = stringAt(parts.file)!;
    expect(fn.nfs_mount(nfs, parts.server, parts.path), why()).toBe(0);
    fn.nfs_destroy_url(parsed);
    return { nfs, file, why };
  }

  test('reads a file: its size, all of it, and from an offset', () => {
    const { fn } = libnfs.open({ require: ['nfs_fstat64'] });
    const { read, readAt } = transfers();
    const content = bytes(200_000);
    writeFileSync(join(server.files, 'file'), content);
    const { nfs, file, why } = mount(server.url('file'));
    const cell: Cell<Pointer<nfsfh>> = [null];
    expect(fn.nfs_open(nfs, file, constants.O_RDONLY, cell), why()).toBe(0);
    const handle = cell[0];
    const status = nfs_stat_64.alloc();
    expect(fn.nfs_fstat64(nfs, handle, bytesOf(status)), why()).toBe(0);
    expect(status.nfs_size).toBe(content.length);

    const whole = new Uint8Array(content.length);
    for (let at = 0; at < whole.length; ) {
      const count = read(nfs, handle, whole.subarray(at));
      expect(count, why()).toBeGreaterThan(0);
      at += count;
    }
    expect(same(whole, content)).toBe(true);
    const part = new Uint8Array(1000);
    expect(readAt(nfs, handle, part, 123_456)).toBe(1000);
    expect(same(part, content.subarray(123_456, 124_456))).toBe(true);
    expect(fn.nfs_close(nfs, handle)).toBe(0);
  });

  test('writes a file, and it is in the folder', () => {
    const { fn } = libnfs.open({ require: ['nfs_open2'] });
    const { nfs, why } = mount(server.url('new'));
    const cell: Cell<Pointer<nfsfh>> = [null];
    expect(fn.nfs_open2(nfs, '/new', constants.O_CREAT | constants.O_WRONLY, 0o644, cell), why()).toBe(0);
    // libnfs 4.0.0 cannot write much more at once over NFSv4.
    const content = bytes(1000);
    expect(transfers().write(nfs, cell[0], content), why()).toBe(content.length);
    expect(fn.nfs_close(nfs, cell[0])).toBe(0);
    expect(same(readFileSync(join(server.files, 'new')), content)).toBe(true);
  });

  test('says that there is no such file', () => {
    const { fn } = libnfs.open();
    const { nfs, why } = mount(server.url('nobody'));
    const cell: Cell<Pointer<nfsfh>> = [null];
    expect(fn.nfs_open(nfs, '/nobody', constants.O_RDONLY, cell)).toBe(-2); // ENOENT
    expect(why()).toContain('NOENT');
  });
});
