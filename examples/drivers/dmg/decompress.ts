// What is compressed in a chunk in, its data out, on the thread pool: zlib by node:zlib, bzip2 by libbz2 where that is installed, ADC by
// adc.ts. Other compressions are named, and refused.

import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import {
  BZ_DATA_ERROR,
  BZ_DATA_ERROR_MAGIC,
  BZ_MEM_ERROR,
  BZ_OK,
  BZ_OUTBUFF_FULL,
  BZ_UNEXPECTED_EOF,
  libbz2,
} from '@dlshim/shims/libbz2';
import { refusal } from '../block.ts';
import { inLane } from '../shared/lanes.ts';
import { decompressAdc } from './adc.ts';
import { ADC, BZIP2, LZFSE, LZMA, ZLIB } from './chunks.ts';

type Libbz2 = ReturnType<typeof libbz2.open>;

/** Undefined where the data is damaged; may reject with the reason. */
type Decompress = (source: Uint8Array, size: number) => Promise<Uint8Array | undefined>;

export interface Compressions {
  /** By name, those that are read. */
  readonly read: readonly string[];
  /** Rejects with EIO for data that is damaged or has another size, and with ENOTSUP for what is not read. */
  decompress(type: number, source: Uint8Array, size: number): Promise<Uint8Array>;
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [ADC, 'adc'],
  [ZLIB, 'zlib'],
  [BZIP2, 'bzip2'],
  [LZFSE, 'lzfse'],
  [LZMA, 'lzma'],
]);

export function compressionName(type: number): string {
  return NAMES.get(type) ?? `type 0x${type.toString(16).padStart(8, '0')}`;
}

export function compressions(bz2: Libbz2 | undefined): Compressions {
  const lacks = whyNot(bz2);
  const by = new Map<number, Decompress>([
    [ADC, decompressAdc],
    [ZLIB, unzip],
  ]);
  if (bz2 && lacks === undefined) by.set(BZIP2, (source, size) => bunzip(bz2, source, size));
  return {
    read: [...by.keys()].map(compressionName),
    async decompress(type, source, size) {
      const run = by.get(type);
      if (!run) throw unsupported(type, lacks);
      const data = await run(source, size);
      if (data?.length !== size)
        throw refusal('EIO', `its ${compressionName(type)} data is damaged, or not of ${size} bytes`);
      return data;
    },
  };
}

/** Why bzip2 is not read; undefined where it is. */
function whyNot(bz2: Libbz2 | undefined): string | undefined {
  if (!bz2) return libbz2.inspect().error?.message ?? 'libbz2 was not there when the driver was loaded';
  // CVE-2010-0405: a file from a stranger could write beyond the buffers of the library.
  if (!bz2.has('checked_run_lengths', false))
    return `libbz2 ${libbz2.inspect().version} does not check the lengths of runs; 1.0.6 does`;
  return undefined;
}

function unsupported(type: number, lacks: string | undefined): Error {
  const name = compressionName(type);
  return type === BZIP2
    ? refusal('ENOTSUP', `it is compressed by bzip2, and that is not read: ${lacks}`)
    : refusal('ENOTSUP', `it is compressed by ${name}, which this driver does not read`);
}

const inflated = promisify<Uint8Array, { chunkSize: number; maxOutputLength: number }, Buffer>(inflate);

/** What a file says of a size is believed a megabyte at a time. */
const PIECE = 1 << 20;

function unzip(source: Uint8Array, size: number): Promise<Uint8Array> {
  return inflated(source, { chunkSize: Math.min(Math.max(size, 64), PIECE), maxOutputLength: size }).catch((error) => {
    throw refusal('EIO', `its zlib data is damaged: ${(error as Error).message}`);
  });
}

async function bunzip(bz2: Libbz2, source: Uint8Array, size: number): Promise<Uint8Array> {
  const [target, length] = [Buffer.allocUnsafeSlow(size), new Uint32Array([size])];
  const result = await inLane(() => bz2.async.BZ2_bzBuffToBuffDecompress(target, length, source, source.length, 0, 0));
  if (result === BZ_OK) return target.subarray(0, length[0]);
  const error =
    result === BZ_MEM_ERROR
      ? refusal('ENOMEM', 'libbz2 has no memory')
      : refusal('EIO', `its bzip2 data is damaged: ${WORDS.get(result) ?? `error ${result}`}`);
  throw Object.assign(error, { syscall: 'BZ2_bzBuffToBuffDecompress' });
}

const WORDS: ReadonlyMap<number, string> = new Map([
  [BZ_DATA_ERROR, 'a checksum or a table in it is wrong'],
  [BZ_DATA_ERROR_MAGIC, 'it is none'],
  [BZ_OUTBUFF_FULL, 'it is longer than the chunk'],
  [BZ_UNEXPECTED_EOF, 'it is cut short'],
]);
