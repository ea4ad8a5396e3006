// Tables of chunks ("mish", the resources of type blkx) in, one list of all chunks out, in the order of the image, checked: each is within the
// image, the file and limits, and none overlaps another. What no chunk has reads as zeroes.

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

export interface Chunk {
  readonly index: number;
  readonly type: number;
  /** In the image, in bytes. */
  readonly start: number;
  readonly size: number;
  /** In the file. */
  readonly offset: number;
  readonly length: number;
}

/** All chunks of an image. There may be hundreds of thousands: they are columns of numbers. */
export class Chunks {
  readonly count: number;
  /** The image's, in bytes. */
  readonly size: number;
  readonly tables: number;
  /** Checksums of the tables, in their order; undefined for one that is no CRC-32. */
  readonly checksums: readonly (number | undefined)[];
  readonly #types: Uint32Array;
  readonly #starts: Float64Array;
  readonly #sizes: Float64Array;
  readonly #offsets: Float64Array;
  readonly #lengths: Float64Array;

  /** Throws EINVAL for a table that is wrong, with its number and the chunk's. */
  constructor(tables: readonly Uint8Array[], trailer: Trailer, fileSize: number) {
    const views = tables.map(viewOf);
    const counts = views.map(countOf);
    const most = counts.reduce((sum, count) => sum + count, 0);
    const [types, starts, sizes, offsets, lengths] = [
      new Uint32Array(most),
      new Float64Array(most),
      new Float64Array(most),
      new Float64Array(most),
      new Float64Array(most),
    ];
    const limit = trailer.sectors > 0 ? trailer.sectors * SECTOR : Number.MAX_SAFE_INTEGER;
    let [count, end, isSorted] = [0, 0, true];
    for (const [t, view] of views.entries()) {
      const [first, base] = [u64(view, 8), trailer.data.offset + u64(view, 24)];
      for (let c = 0; c < counts[t]!; c++) {
        const at = HEADER + ENTRY * c;
        const type = view.getUint32(at);
        const size = u64(view, at + 16) * SECTOR;
        if (type === COMMENT || type === END || size === 0) continue;
        const start = (first + u64(view, at + 8)) * SECTOR;
        const [offset, length] = [base + u64(view, at + 24), u64(view, at + 32)];
        const wrong = problemOf({ index: c, type, start, size, offset, length }, limit, fileSize);
        if (wrong !== undefined)
          throw refusal('EINVAL', `chunk ${c} of table ${t}, for sector ${start / SECTOR}: ${wrong}`);
        isSorted &&= start >= end;
        end = start + size;
        [types[count], starts[count], sizes[count], offsets[count], lengths[count]] = [
          type,
          start,
          size,
          offset,
          length,
        ];
        count++;
      }
    }
    const order = Uint32Array.from({ length: count }, (_, at) => at);
    if (!isSorted) order.sort((a, b) => starts[a]! - starts[b]!);
    this.#types = types.subarray(0, count).map((_, at) => types[order[at]!]!);
    [this.#starts, this.#sizes, this.#offsets, this.#lengths] = [starts, sizes, offsets, lengths].map((column) =>
      column.subarray(0, count).map((_, at) => column[order[at]!]!),
    ) as [Float64Array, Float64Array, Float64Array, Float64Array];
    for (let at = 1; at < count; at++) {
      const before = this.#starts[at - 1]! + this.#sizes[at - 1]!;
      if (this.#starts[at]! < before)
        throw refusal(
          'EINVAL',
          `two chunks have sector ${this.#starts[at]! / SECTOR}: one goes on to ${before / SECTOR}`,
        );
    }
    const last = count === 0 ? 0 : this.#starts[count - 1]! + this.#sizes[count - 1]!;
    this.count = count;
    this.size = trailer.sectors > 0 ? limit : last;
    this.tables = tables.length;
    this.checksums = views.map((view) => crc32At(view, 64));
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
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! + this.#sizes[middle]! > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The types that there are. */
  types(): ReadonlySet<number> {
    return new Set(this.#types);
  }
}

function countOf(view: DataView, table: number): number {
  const wrong = (what: string) => refusal('EINVAL', `table ${table} of chunks: ${what}`);
  if (view.byteLength < HEADER || view.getUint32(0) !== 0x6d697368) throw wrong('it is none (mish)');
  const count = view.getUint32(200);
  if (HEADER + ENTRY * count > view.byteLength) throw wrong(`${count} chunks in ${view.byteLength} bytes`);
  return count;
}

/** Numbers that are beyond 2^53 are beyond these limits. */
function problemOf({ type, start, size, offset, length }: Chunk, limit: number, fileSize: number): string | undefined {
  if (start + size > limit) return `${size} bytes are beyond the end of the image, ${limit}`;
  if (type === ZERO || type === IGNORED) return undefined;
  if (offset + length > fileSize) return `its ${length} bytes at ${offset} are beyond the end of the file, ${fileSize}`;
  if (type === RAW) return length === size ? undefined : `${length} bytes for ${size}, and it is not compressed`;
  if (size > LARGEST || length > LARGEST)
    return `${Math.max(size, length)} bytes, where a chunk has at most ${LARGEST}`;
  return undefined;
}
