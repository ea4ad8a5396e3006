// The trailer of a disk image of macOS (UDIF, "koly") in, where everything is out. 512 bytes, all numbers big-endian: at the end of the file,
// at its start in some, and before what fills up the last block where the file is a disk.

import type { BlockDriver } from '../block.ts';
import { refusal } from '../block.ts';
import { readBytes } from '../shared/unaligned.ts';

export const TRAILER = 512;
/** Bytes of a sector. */
export const SECTOR = 512;

/** A part of the file, in bytes. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

export interface Trailer {
  /** Where it stands. */
  readonly at: number;
  /** What chunks' offsets count from. */
  readonly data: Range;
  /** The property list, and the resource fork of older files: where the tables of chunks are. Empty where there is none. */
  readonly plist: Range;
  readonly resources: Range;
  /** The image's. */
  readonly sectors: number;
  /** CRC-32 of the data fork, and of the checksums of all tables; undefined where there is none, or another kind. */
  readonly dataChecksum: number | undefined;
  readonly masterChecksum: number | undefined;
}

/** Rejects with EINVAL where there is none, or one that points out of the file, and with ENOTSUP for what is no whole image. */
export async function readTrailer(file: BlockDriver): Promise<Trailer> {
  const at = await findTrailer(file);
  const bytes = await readBytes(file, at, TRAILER);
  const view = viewOf(bytes);
  const [version, size] = [view.getUint32(4), view.getUint32(8)];
  if (version !== 4) throw refusal('ENOTSUP', `its trailer is of version ${version}, and 4 is read`);
  if (size !== TRAILER) throw refusal('EINVAL', `its trailer, at ${at}, says that it has ${size} bytes`);
  const segments = view.getUint32(60);
  if (segments > 1)
    throw refusal('ENOTSUP', `it is one of ${segments} files of one image (.dmgpart), and only whole images are read`);
  const range = (what: string, place: number): Range => {
    const [offset, length] = [u64(view, place), u64(view, place + 8)];
    if (offset + length > file.size)
      throw refusal('EINVAL', `its ${what}, ${length} bytes at ${offset}, is beyond the end of the file, ${file.size}`);
    return { offset, length };
  };
  const sectors = u64(view, 492);
  if (!Number.isSafeInteger(sectors * SECTOR)) throw refusal('EINVAL', `it would have ${sectors} sectors`);
  return {
    at,
    data: range('data fork', 24),
    resources: range('resource fork', 40),
    plist: range('property list', 216),
    sectors,
    dataChecksum: crc32At(view, 80),
    masterChecksum: crc32At(view, 352),
  };
}

/** A checksum that has a type (2 is CRC-32), a size in bits, and room for 128 bytes. */
export function crc32At(view: DataView, at: number): number | undefined {
  return view.getUint32(at) === 2 && view.getUint32(at + 4) === 32 ? view.getUint32(at + 8) : undefined;
}

async function findTrailer(file: BlockDriver): Promise<number> {
  if (file.size < TRAILER) throw refusal('EINVAL', `${file.size} bytes are no disk image`);
  // The last block of a disk may be filled up with anything: the trailer starts up to 511 bytes earlier.
  const tail = Math.min(file.size, 2 * TRAILER - 1);
  const end = Buffer.from(await readBytes(file, file.size - tail, tail));
  for (let at = tail - TRAILER; at >= 0; at--) if (isTrailer(end.subarray(at))) return file.size - tail + at;
  if (isTrailer(Buffer.from(await readBytes(file, 0, 4)))) return 0;
  if (Buffer.from(await readBytes(file, 0, 8)).toString('latin1') === 'encrcdsa')
    throw refusal('ENOTSUP', 'it is encrypted');
  throw refusal(
    'EINVAL',
    'it has no trailer (koly), so it is cut short, no disk image, or a raw one, which the format raw opens as it is',
  );
}

function isTrailer(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 4) === 'koly';
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Above 2^53 it is no longer exact, and still larger than any place in a file. */
export function u64(view: DataView, at: number): number {
  return view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
}
