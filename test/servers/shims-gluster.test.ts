// libgfapi through its shim, on a real Gluster volume: a file is written and read, and the brick holds the same bytes.

import { constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { libgfapi } from '@dlshim/shims/libgfapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named } from '../needs.ts';
import { bytes, same } from './content.ts';
import { type Gluster, start } from './gluster.mjs';
import { noServer } from './servers.mjs';

const noGluster = noServer('gluster');

describe.skipIf(noGluster)(named('libgfapi on a volume', noGluster), () => {
  let server: Gluster;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());

  // In one test: glfs_fini() waits for ten seconds, whatever one does.
  test('writes and reads a file that the brick holds, and says that another one is not there', async () => {
    const { fn, async } = libgfapi.open();
    const fs = fn.glfs_new(server.volume);
    expect(fs).not.toBeNull();
    expect(fn.glfs_set_volfile_server(fs, 'tcp', server.host, server.port)).toBe(0);
    expect(fn.glfs_set_logging(fs, join(server.folder, 'client.log'), 7)).toBe(0);
    expect(await async.glfs_init(fs)).toBe(0);

    const content = bytes(300_000);
    const created = fn.glfs_creat(fs, '/file', constants.O_RDWR, 0o644);
    expect(created).not.toBeNull();
    expect(fn.glfs_write(created, content, content.length, 0)).toBe(content.length);
    expect(fn.glfs_close(created)).toBe(0);
    expect(same(readFileSync(join(server.brick, 'file')), content)).toBe(true);

    const file = fn.glfs_open(fs, '/file', constants.O_RDONLY);
    const buffer = new Uint8Array(content.length);
    expect(fn.glfs_read(file, buffer, buffer.length, 0)).toBe(content.length);
    expect(same(buffer, content)).toBe(true);
    expect(fn.glfs_lseek(file, 1000, 0)).toBe(1000);
    expect(fn.glfs_read(file, buffer, 10, 0)).toBe(10);
    expect(same(buffer.subarray(0, 10), content.subarray(1000, 1010))).toBe(true);
    expect(fn.glfs_close(file)).toBe(0);

    expect(fn.glfs_open(fs, '/nobody', constants.O_RDONLY)).toBeNull();
    expect(await async.glfs_fini(fs)).toBe(0);
  });
});
