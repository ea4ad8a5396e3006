// The trailer of a disk image in, its tables of chunks out: from the property list, or the resource fork where there is no list.

import { type BlockDriver, refusal } from '../block.ts';
import { readBytes } from '../shared/unaligned.ts';
import { type Plist, parsePlist } from './plist.ts';
import { resourcesOf } from './resources.ts';
import type { Range, Trailer } from './trailer.ts';

/** Of a property list or resource fork, in bytes: tables for a hundred gigabytes. QEMU has the same limit. */
const LONGEST = 16 << 20;

/** Rejects with EINVAL where there are none. */
export async function readTables(file: BlockDriver, { plist, resources }: Trailer): Promise<readonly Uint8Array[]> {
  if (plist.length > 0) {
    const bytes = Buffer.from(await readLimited(file, 'property list', plist));
    return tablesIn(parsePlist(bytes.toString('utf8')));
  }
  if (resources.length === 0) throw refusal('EINVAL', 'it has neither a property list nor a resource fork');
  const tables = resourcesOf(await readLimited(file, 'resource fork', resources), 'blkx');
  if (tables.length === 0) throw refusal('EINVAL', 'its resource fork has no tables of chunks (blkx)');
  return tables;
}

async function readLimited(file: BlockDriver, what: string, { offset, length }: Range): Promise<Uint8Array> {
  if (length > LONGEST)
    throw refusal('EINVAL', `its ${what} has ${length} bytes, and ${LONGEST} is what is read at most`);
  return readBytes(file, offset, length);
}

/** `resource-fork`, `blkx`, and of each `Data`. */
function tablesIn(plist: Plist): Uint8Array[] {
  const blkx = member(member(plist, 'resource-fork'), 'blkx');
  if (!Array.isArray(blkx) || blkx.length === 0)
    throw refusal('EINVAL', 'its property list has no tables of chunks (resource-fork, blkx)');
  return (blkx as readonly Plist[]).map((entry, at) => {
    const data = member(entry, 'Data');
    if (!Buffer.isBuffer(data)) throw refusal('EINVAL', `table ${at} of chunks: it has no data`);
    return data;
  });
}

function member(value: Plist | undefined, key: string): Plist | undefined {
  return value instanceof Map ? (value as ReadonlyMap<string, Plist>).get(key) : undefined;
}
