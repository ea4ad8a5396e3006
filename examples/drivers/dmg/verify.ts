// A disk image in, nothing out where its checksums are right: of its tables, and of all that is compressed in the file. Those of another
// kind than CRC-32 are not looked at.

import { crc32 } from 'node:zlib';
import { type BlockDriver, refusal } from '../block.ts';
import { readBytes } from '../shared/unaligned.ts';
import type { Chunks } from './chunks.ts';
import type { Trailer } from './trailer.ts';

const PIECE = 1 << 20;

/** Rejects with EIO. Reads the file once, and decompresses nothing. Gives what was checked. */
export async function verify(file: BlockDriver, trailer: Trailer, { checksums }: Chunks): Promise<string[]> {
  const checked: string[] = [];
  const { masterChecksum, dataChecksum, data } = trailer;
  const known = checksums.filter((checksum) => checksum !== undefined);
  if (masterChecksum !== undefined && known.length > 0 && known.length === checksums.length) {
    const all = Buffer.alloc(4 * known.length);
    for (const [at, checksum] of known.entries()) all.writeUInt32BE(checksum, 4 * at);
    compare('of the tables', crc32(all), masterChecksum);
    checked.push('tables');
  }
  if (dataChecksum !== undefined) {
    let sum = 0;
    for (let done = 0; done < data.length; done += PIECE)
      sum = crc32(await readBytes(file, data.offset + done, Math.min(PIECE, data.length - done)), sum);
    compare('of its data', sum, dataChecksum);
    checked.push('data');
  }
  return checked;
}

function compare(what: string, is: number, wanted: number): void {
  const hex = (sum: number) => sum.toString(16).padStart(8, '0');
  if (is !== wanted)
    throw refusal('EIO', `it is damaged: the checksum ${what} is ${hex(is)}, and should be ${hex(wanted)}`);
}
