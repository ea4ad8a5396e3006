// A file that is open in, the disk image of macOS in it (UDIF) as a block device out, for reading alone. Chunks are found by its tables, and
// decompressed when they are read; bzip2 is left to libbz2, without which everything else is read.

import { defineDriver } from '@dlshim/runtime/drivers';
import { libbz2 } from '@dlshim/shims/libbz2';
import { type BlockDriver, type BlockHost, type BlockInfo, checkRange, type OpenOptions, refusal } from '../block.ts';
import { about } from '../shared/about.ts';
import { readBytes } from '../shared/unaligned.ts';
import { ChunkCache } from './cache.ts';
import { type Chunk, Chunks, IGNORED, RAW, ZERO } from './chunks.ts';
import { type Compressions, compressionName, compressions } from './decompress.ts';
import { readTables } from './tables.ts';
import { readTrailer } from './trailer.ts';
import { verify } from './verify.ts';

export default defineDriver(
  {
    name: 'dmg',
    description: 'disk images of macOS (.dmg), for reading: zlib, ADC and uncompressed, and bzip2 by libbz2',
    formats: ['dmg'],
    probes: [
      { offset: -512, text: 'koly', score: 100 },
      // The version and the size of the trailer, which stands first in some files.
      { offset: 0, hex: '6b6f6c790000000400000200', score: 90 },
      { suffix: '.dmg', score: 10 },
    ],
    shims: { libbz2: { optional: true, uses: ['checked_run_lengths'] } },
    host: '1.0.0',
    options: {
      verify: {
        type: 'boolean',
        default: false,
        description: 'read the file once when it is opened, and compare its checksums',
      },
      cache: {
        type: 'size',
        default: 16777216,
        minimum: 0,
        maximum: 1073741824,
        description: 'how much of what was decompressed is kept',
      },
    },
  },
  {
    shims: { libbz2 },
    load: (_host: BlockHost, { libbz2: bz2 }) => {
      const known = compressions(bz2);
      const library = bz2 && `libbz2 ${libbz2.inspect().version}`;
      return {
        open: (file: BlockDriver, request: OpenOptions, options) =>
          openDmg(file, request, { ...options, known, library }),
      };
    },
  },
);

interface Settings {
  readonly verify: boolean;
  readonly cache: number;
  readonly known: Compressions;
  readonly library: string | undefined;
}

/** The file is the image's then, which closes it. Rejects with EROFS unless it is for reading alone, EINVAL for what is no such image or is
 *  damaged, ENOTSUP for parts of images and encrypted ones, EIO where a checksum is wrong, and what reading the file rejects with. */
async function openDmg(file: BlockDriver, request: OpenOptions, settings: Settings): Promise<BlockDriver> {
  if (request.readOnly !== true || request.create !== undefined)
    throw refusal(
      'EROFS',
      `${file.name} is a disk image of macOS, which nobody can write to here: open it for reading alone`,
    );
  try {
    const trailer = await readTrailer(file);
    const chunks = await Chunks.read(await readTables(file, trailer), trailer, file.size);
    const verified = settings.verify ? await verify(file, trailer, chunks) : undefined;
    return new DmgDriver(file, chunks, settings, verified);
  } catch (error) {
    throw about(file.name, error);
  }
}

/** Pieces of one read that are under way at once. */
const AT_ONCE = 8;

/** Bytes of a chunk, from `skip` on, and where they go. */
interface Piece {
  readonly chunk: Chunk;
  readonly skip: number;
  readonly target: Uint8Array;
}

class DmgDriver implements BlockDriver {
  readonly name: string;
  readonly alignment = 1;
  readonly blank = false;
  readonly size: number;
  readonly #file: BlockDriver;
  readonly #chunks: Chunks;
  readonly #cache: ChunkCache;
  readonly #settings: Settings;
  readonly #verified: readonly string[] | undefined;
  readonly #reads = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(file: BlockDriver, chunks: Chunks, settings: Settings, verified: readonly string[] | undefined) {
    this.name = file.name;
    this.size = chunks.size;
    this.#file = file;
    this.#chunks = chunks;
    this.#settings = settings;
    this.#verified = verified;
    this.#cache = new ChunkCache((chunk) => this.#decompress(chunk), settings.cache);
  }

  async read<B extends Uint8Array>(offset: number, target: B | number): Promise<B> {
    if (this.#closing) throw refusal('ESHUTDOWN', `${this.name} is closed`);
    const length = typeof target === 'number' ? target : target.length;
    checkRange(this, offset, length);
    const buffer = typeof target === 'number' ? (Buffer.allocUnsafe(target) as Uint8Array as B) : target;
    const reading = this.#fill(offset, buffer);
    this.#reads.add(reading);
    try {
      await reading;
    } finally {
      this.#reads.delete(reading);
    }
    return buffer;
  }

  /** Some pieces at a time, until one fails. None is under way when it settles: the buffer is the caller's again. */
  async #fill(offset: number, buffer: Uint8Array): Promise<void> {
    const pieces = this.#pieces(offset, buffer);
    const failures: unknown[] = [];
    const lane = async (): Promise<void> => {
      for (const { chunk, skip, target } of pieces) {
        await this.#copy(chunk, skip, target).catch((error) => failures.push(error));
        if (failures.length > 0) return;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    if (failures.length > 0) throw failures[0];
  }

  /** The pieces of a range that come from the file. What is between them reads as zeroes. */
  *#pieces(offset: number, buffer: Uint8Array): Generator<Piece, void> {
    const end = offset + buffer.length;
    const part = (from: number, to: number) => buffer.subarray(from - offset, to - offset);
    let done = offset;
    for (let index = this.#chunks.from(offset); index < this.#chunks.count; index++) {
      const chunk = this.#chunks.at(index);
      if (chunk.start >= end) break;
      if (chunk.type === ZERO || chunk.type === IGNORED) continue;
      const [from, to] = [Math.max(chunk.start, offset), Math.min(chunk.start + chunk.size, end)];
      part(done, from).fill(0);
      done = to;
      yield { chunk, skip: from - chunk.start, target: part(from, to) };
    }
    part(done, end).fill(0);
  }

  async #copy(chunk: Chunk, skip: number, target: Uint8Array): Promise<void> {
    if (chunk.type !== RAW) target.set((await this.#cache.get(chunk)).subarray(skip, skip + target.length));
    else if (this.#file.alignment === 1) await this.#file.read(chunk.offset + skip, target);
    else target.set(await readBytes(this.#file, chunk.offset + skip, target.length));
  }

  async #decompress({ type, start, size, offset, length }: Chunk): Promise<Uint8Array> {
    const { known } = this.#settings;
    try {
      const source = await readBytes(this.#file, offset, length);
      return await known.decompress(type, source, size);
    } catch (error) {
      throw about(
        `${this.name}, the chunk for ${size} bytes at ${start}, in ${length} bytes at ${offset} of the file`,
        error,
      );
    }
  }

  async write(): Promise<void> {
    throw this.#denied();
  }

  async discard(): Promise<void> {
    throw this.#denied();
  }

  async writeZeroes(): Promise<void> {
    throw this.#denied();
  }

  #denied(): Error {
    return refusal('EROFS', `${this.name} is a disk image of macOS, which nobody can write to here`);
  }

  async flush(): Promise<void> {}

  async info(): Promise<BlockInfo> {
    if (this.#closing) throw refusal('ESHUTDOWN', `${this.name} is closed`);
    const { known, library } = this.#settings;
    const compressed = [...this.#chunks.types()].filter((type) => ![ZERO, RAW, IGNORED].includes(type));
    const verified = this.#verified?.join(', ') || 'nothing: it has no checksums';
    return {
      driver: 'dmg',
      name: this.name,
      size: this.size,
      alignment: this.alignment,
      readOnly: true,
      features: known.read,
      details: {
        ...(library === undefined ? {} : { library }),
        tables: this.#chunks.checksums.length,
        chunks: this.#chunks.count,
        compressions: compressed.map(compressionName).sort().join(', ') || 'none',
        ...(this.#verified ? { verified } : {}),
      },
    };
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await Promise.allSettled(this.#reads);
      await this.#file.close();
    })();
    return this.#closing;
  }
}
