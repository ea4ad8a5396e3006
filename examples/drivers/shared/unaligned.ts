// Ranges of any bytes in, reads and writes of whole blocks out: what is beyond the range in its first and last block is read, and
// written back as it was. Not for two writers of one block.

import type { BlockDriver } from '../block.ts';

/** The bytes of any range of a device. */
export async function readBytes(driver: BlockDriver, offset: number, length: number): Promise<Uint8Array> {
  const { start, end } = wholeBlocks(driver, offset, length);
  const blocks = await driver.read(start, end - start);
  return blocks.subarray(offset - start, offset - start + length);
}

/** Writes at any place of a device. */
export async function writeBytes(driver: BlockDriver, offset: number, data: Uint8Array): Promise<void> {
  const { start, end } = wholeBlocks(driver, offset, data.length);
  if (start === offset && end - start === data.length) return driver.write(offset, data);
  const blocks = await driver.read(start, end - start);
  blocks.set(data, offset - start);
  return driver.write(start, blocks);
}

function wholeBlocks({ alignment }: BlockDriver, offset: number, length: number): { start: number; end: number } {
  const start = offset - (offset % alignment);
  return { start, end: Math.ceil((offset + length) / alignment) * alignment };
}
