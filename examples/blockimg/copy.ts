// A device in, its content on another one out. Several pieces are under way at a time; zeroes are found and not sent.

import type { BlockDriver } from '../drivers/block.ts';
import { writeBytes } from '../drivers/shared/unaligned.ts';

/** What one piece is, in bytes, and how many are under way. */
const PIECE = 1 << 20;
const PIECES = 16;
/** The shortest run of zeroes that is told from data, in bytes. */
const UNIT = 64 << 10;
const ZEROES = Buffer.alloc(UNIT);

export interface CopyResult {
  /** Bytes that were written, and that were found to be zero. */
  readonly written: number;
  readonly zero: number;
}

/** Copies everything. `onProgress` gets the number of bytes done so far. Where `signal` is aborted, it stops after the pieces that are
 *  under way, and rejects with the signal's reason; so it does upon the first error. */
export async function copy(
  source: BlockDriver,
  target: BlockDriver,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<CopyResult> {
  let [next, done, written] = [0, 0, 0];
  let failed = false;
  const work = async (): Promise<void> => {
    const buffer = Buffer.allocUnsafe(PIECE);
    while (next < source.size && !failed) {
      signal.throwIfAborted();
      const offset = next;
      next += PIECE;
      const piece = buffer.subarray(0, Math.min(PIECE, source.size - offset));
      await source.read(offset, piece);
      const data = await put(target, offset, piece);
      written += data;
      done += piece.length;
      onProgress(done);
    }
  };
  const workers = Array.from({ length: PIECES }, () =>
    work().catch((error) => {
      failed = true;
      throw error;
    }),
  );
  for (const result of await Promise.allSettled(workers)) if (result.status === 'rejected') throw result.reason;
  await target.flush();
  return { written, zero: source.size - written };
}

/** Writes a piece run by run. Resolves to how many bytes of it were data. */
async function put(target: BlockDriver, offset: number, piece: Buffer): Promise<number> {
  let data = 0;
  for (let at = 0; at < piece.length; ) {
    const zero = isZero(piece, at);
    let end = at + UNIT;
    while (end < piece.length && isZero(piece, end) === zero) end += UNIT;
    const run = piece.subarray(at, Math.min(end, piece.length));
    if (!zero) {
      await writeBytes(target, offset + at, run);
      data += run.length;
    } else if (!target.blank) {
      await clear(target, offset + at, run);
    }
    at = end;
  }
  return data;
}

function isZero(piece: Buffer, at: number): boolean {
  const unit = piece.subarray(at, at + UNIT);
  return unit.equals(ZEROES.subarray(0, unit.length));
}

/** A run that ends within a block, which only the last can, is written. */
function clear(target: BlockDriver, offset: number, run: Buffer): Promise<void> {
  return run.length % target.alignment === 0 ? target.writeZeroes(offset, run.length) : writeBytes(target, offset, run);
}
