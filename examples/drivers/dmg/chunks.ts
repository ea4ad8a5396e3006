// Tables of chunks ("mish", the resources of type blkx) in, one list of all chunks out, in the order of the image, checked: each is within the
// image, the file and limits, and none overlaps another. Tables may be in any order, the chunks of one are in that of the image.

import { setImmediate } from 'node:timers/promises';
import { refusal } from '../block.ts';
import { crc32At, SECTOR, type Trailer, u64, viewOf } from './trailer.ts';

export const ZERO = 0;
export const RAW = 1;
/** Sectors that nobody uses, and no checksum has. */
export const IGNORED = 2;
export const ADC = 0x80000004;
export const ZLIB = 0x80000005;
export const BZIP2 = 0x80000006;
export const LZFSE = 0x80000007;
export const LZMA = 0x80000008;
const COMMENT = 0x7ffffffe;
const END = 0xffffffff;

/** What a chunk may have at most, compressed or not, in bytes. QEMU has the same limit; macOS writes no more than a megabyte. */
export const LARGEST = 64 << 20;

const HEADER = 204;
const ENTRY = 40;

interface Entry {
  readonly type: number;
  /** In the image, in bytes. */
  readonly start: number;
  readonly size: number;
  /** In the file. */
  readonly offset: number;
  readonly length: number;
}

export interface Chunk extends Entry {
  readonly index: number;
}

/** Chunks that are checked before the event loop has its turn. */
const AT_ONCE = 1 << 14;

/** All chunks of an image. There may be hundreds of thousands: they are columns of numbers. */
export class Chunks {
  /** The image's, in bytes. */
  readonly size: number;
  /** Checksums of the tables, in their order; undefined for one that is no CRC-32. */
  readonly checksums: readonly (number | undefined)[];
  readonly #types: Uint32Array;
  readonly #starts: Float64Array;
  readonly #sizes: Float64Array;
  readonly #offsets: Float64Array;
  readonly #lengths: Float64Array;
  #count = 0;
  #end = 0;

  /** Rejects with EINVAL for a table that is wrong, with its number and the chunk's. */
  static async read(tables: readonly Uint8Array[], trailer: Trailer, fileSize: number): Promise<Chunks> {
    const views = tables.map(viewOf);
    const counts = views.map(countOf);
    const chunks = new Chunks(views, counts, trailer);
    const order = views.map((view, t) => ({ t, start: startOf(view, counts[t]!) })).sort((a, b) => a.start - b.start);
    let left = AT_ONCE;
    for (const { t } of order) {
      for (let c = 0; c < counts[t]!; c++) {
        const wrong = chunks.#add(entryAt(views[t]!, c, trailer), fileSize);
        if (wrong !== undefined) throw refusal('EINVAL', `chunk ${c} of table ${t}: ${wrong}`);
        if (--left > 0) continue;
        await setImmediate();
        left = AT_ONCE;
      }
    }
    return chunks;
  }

  private constructor(views: readonly DataView[], counts: readonly number[], { sectors }: Trailer) {
    const most = counts.reduce((sum, count) => sum + count, 0);
    this.#types = new Uint32Array(most);
    [this.#starts, this.#sizes, this.#offsets, this.#lengths] = [
      new Float64Array(most),
      new Float64Array(most),
      new Float64Array(most),
      new Float64Array(most),
    ];
    this.checksums = views.map((view) => crc32At(view, 64));
    this.size = sectors * SECTOR;
  }

  get count(): number {
    return this.#count;
  }

  /** What is wrong with it, in words. */
  #add({ type, start, size, offset, length }: Entry, fileSize: number): string | undefined {
    if (type === COMMENT || type === END || size === 0) return undefined;
    const wrong = problemOf({ type, start, size, offset, length }, this.size, fileSize);
    if (wrong !== undefined) return wrong;
    if (start < this.#end)
      return `it starts at ${start}, and what is before it ends at ${this.#end}: chunks overlap, or are not in order`;
    const at = this.#count++;
    this.#types[at] = type;
    this.#starts[at] = start;
    this.#sizes[at] = size;
    this.#offsets[at] = offset;
    this.#lengths[at] = length;
    this.#end = start + size;
    return undefined;
  }

  at(index: number): Chunk {
    return {
      index,
      type: this.#types[index]!,
      start: this.#starts[index]!,
      size: this.#sizes[index]!,
      offset: this.#offsets[index]!,
      length: this.#lengths[index]!,
    };
  }

  /** The first chunk that ends behind a place; `count` where none does. */
  from(offset: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! + this.#sizes[middle]! > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The types that there are. */
  types(): ReadonlySet<number> {
    return new Set(this.#types.subarray(0, this.#count));
  }
}

function countOf(view: DataView, table: number): number {
  const wrong = (what: string) => refusal('EINVAL', `table ${table} of chunks: ${what}`);
  if (view.byteLength < HEADER || view.getUint32(0) !== 0x6d697368) throw wrong('it is none (mish)');
  const count = view.getUint32(200);
  if (HEADER + ENTRY * count > view.byteLength) throw wrong(`${count} chunks in ${view.byteLength} bytes`);
  return count;
}

function entryAt(view: DataView, index: number, trailer: Trailer): Entry {
  const at = HEADER + ENTRY * index;
  return {
    type: view.getUint32(at),
    start: (u64(view, 8) + u64(view, at + 8)) * SECTOR,
    size: u64(view, at + 16) * SECTOR,
    offset: trailer.data.offset + u64(view, 24) + u64(view, at + 24),
    length: u64(view, at + 32),
  };
}

/** Where the first chunk of a table starts, in sectors. */
function startOf(view: DataView, count: number): number {
  for (let at = HEADER; at < HEADER + ENTRY * count; at += ENTRY)
    if (u64(view, at + 16) > 0) return u64(view, 8) + u64(view, at + 8);
  return 0;
}

/** Numbers that are beyond 2^53 are beyond these limits. */
function problemOf({ type, start, size, offset, length }: Entry, limit: number, fileSize: number): string | undefined {
  if (start + size > limit) return `${size} bytes are beyond the end of the image, ${limit}`;
  if (type === ZERO || type === IGNORED) return undefined;
  if (offset + length > fileSize) return `its ${length} bytes at ${offset} are beyond the end of the file, ${fileSize}`;
  if (type === RAW) return length === size ? undefined : `${length} bytes for ${size}, and it is not compressed`;
  if (size > LARGEST || length > LARGEST)
    return `${Math.max(size, length)} bytes, where a chunk has at most ${LARGEST}`;
  return undefined;
}
