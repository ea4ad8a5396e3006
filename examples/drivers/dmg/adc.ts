// Data compressed by ADC (Apple Data Compression) in, the data out. It is made of runs: bytes that stand there, and copies of what was
// before, near (2 bytes: 3 to 18 of them, up to 1,024 back) and far (3 bytes: 4 to 67 of them, up to 65,536 back).

import { setImmediate } from 'node:timers/promises';

/** Bytes that are made before the event loop has its turn: some milliseconds. */
const AT_ONCE = 1 << 18;

/** Undefined for what is no such data, or not of that size. */
export async function decompressAdc(source: Uint8Array, size: number): Promise<Uint8Array | undefined> {
  const target = Buffer.allocUnsafeSlow(size);
  let [from, to, pause] = [0, 0, AT_ONCE];
  while (from < source.length && to < size) {
    if (to >= pause) {
      await setImmediate();
      pause = to + AT_ONCE;
    }
    const head = source[from]!;
    const isPlain = (head & 0x80) !== 0;
    const isFar = (head & 0x40) !== 0;
    const length = isPlain ? (head & 0x7f) + 1 : isFar ? (head & 0x3f) + 4 : (head >> 2) + 3;
    const used = isPlain ? 1 + length : isFar ? 3 : 2;
    if (from + used > source.length || to + length > size) return undefined;
    if (isPlain) {
      target.set(source.subarray(from + 1, from + used), to);
    } else {
      const distance =
        1 + (isFar ? (source[from + 1]! << 8) | source[from + 2]! : ((head & 3) << 8) | source[from + 1]!);
      if (distance > to) return undefined;
      // Byte by byte: a copy may be of what it makes itself.
      for (let i = 0; i < length; i++) target[to + i] = target[to + i - distance]!;
    }
    from += used;
    to += length;
  }
  return to === size ? target : undefined;
}
