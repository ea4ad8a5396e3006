// The dmg driver, on files: disk images of two tables with chunks of every kind that is read, bzip2 among them. 7-Zip reads them back.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pretend } from '@dlshim/runtime/testing';
import { libbz2 } from '@dlshim/shims/libbz2';
import { type ChunkPlan, chunked, dmg, noBzip2 } from '../dmg-writer.ts';
import type { Subject } from './subject.ts';

export const subject: Subject = {
  driver: 'dmg',
  needs: [],
  missing: noBzip2 ?? (spawnSync('7zz', ['--help']).error ? '7zz is not installed' : undefined),
  library: {
    name: 'libbz2',
    file: 'libbz2.so',
    required: false,
    pretendAbsent: () => pretend(libbz2, { absent: true }),
  },
  can: { write: false, resize: false, create: false, snapshots: false },
  alignment: 1,
  async start() {
    const folder = mkdtempSync(join(tmpdir(), 'dlshim-dmg-'));
    const address = (name: string) => join(folder, `${name}.dmg`);
    const damaged = (name: string, change: (image: Buffer) => Buffer) => {
      writeFileSync(address(name), change(imageOf(new Uint8Array(1 << 16))));
      return { what: name, address: address(name), code: 'EINVAL' };
    };
    return {
      address,
      async put(name, content) {
        writeFileSync(address(name), imageOf(content));
        return address(name);
      },
      get: async (name) => execFileSync('7zz', ['e', '-tdmg', '-so', address(name)], { maxBuffer: 1 << 28 }),
      // Debian's qemu-img has no bzip2 for these: drivers-dmg.test.ts compares with it what it reads.
      refused: [
        { what: 'no such file', address: address('nothing'), code: 'ENOENT' },
        damaged('cut short', (image) => image.subarray(0, image.length - 100)),
        damaged('without its list', (image) => Buffer.concat([image.subarray(0, 100), image.subarray(-512)])),
      ],
      stop: async () => rmSync(folder, { recursive: true }),
    };
  },
};

function imageOf(content: Uint8Array): Buffer {
  const middle = (content.length >> 10) << 9;
  const plain = chunked(content.subarray(middle), 1 << 17, 'zlib', 'adc', 'raw');
  // Zeroes have no data.
  const chunks = chunked(content.subarray(0, middle), 1 << 18, 'bzip2', 'zlib').map(
    (chunk): ChunkPlan => (chunk.content.some((byte) => byte !== 0) ? chunk : { ...chunk, kind: 'zero' }),
  );
  return dmg({ tables: [{ chunks }, { chunks: plain }] });
}
