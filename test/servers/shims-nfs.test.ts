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
    const { fn } = libnfs.open();
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
      const count = fn.nfs_read(nfs, handle, whole.length - at, whole.subarray(at));
      expect(count, why()).toBeGreaterThan(0);
      at += count;
    }
    expect(same(whole, content)).toBe(true);
    const part = new Uint8Array(1000);
    expect(fn.nfs_pread(nfs, handle, 123_456, part.length, part)).toBe(1000);
    expect(same(part, content.subarray(123_456, 124_456))).toBe(true);
    expect(fn.nfs_close(nfs, handle)).toBe(0);
  });

  test('writes a file, and it is in the folder', () => {
    const { fn } = libnfs.open();
    const { nfs, why } = mount(server.url('new'));
    const cell: Cell<Pointer<nfsfh>> = [null];
    expect(fn.nfs_open2(nfs, '/new', constants.O_CREAT | constants.O_WRONLY, 0o644, cell), why()).toBe(0);
    // libnfs 4.0.0 cannot write much more at once over NFSv4.
    const content = bytes(1000);
    expect(fn.nfs_write(nfs, cell[0], content.length, content), why()).toBe(content.length);
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
