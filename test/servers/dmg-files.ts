// Disk images for the tests of the dmg driver: as files, and as sources that are open and tell what was asked of them.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished } from 'vitest';
import type { BlockDriver } from '../../examples/dist/drivers/block.js';
import { blockOpener, drivers } from '../../examples/dist/drivers/open.js';
import { bytes } from './content.ts';
import { type DmgPlan, dmg } from './dmg-writer.ts';

export const SECTOR = 512;
export const MIB = 1 << 20;

export const folder = mkdtempSync(join(tmpdir(), 'dlshim-dmg-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** A file of an image, or of what was made of it. */
export function file(image: DmgPlan | Uint8Array): string {
  const path = join(folder, `${files++}.dmg`);
  writeFileSync(path, image instanceof Uint8Array ? image : dmg(image));
  return path;
}

export type Options = Record<string, string | number | boolean>;

export async function opened(image: DmgPlan | Uint8Array, options: Options = {}): Promise<BlockDriver> {
  const driver = await blockOpener().open(file(image), { readOnly: true }, { options });
  onTestFinished(() => driver.close());
  return driver;
}

/** Half of it can be compressed, some is zeroes, and no two sectors are the same. */
export function sample(length: number): Uint8Array<ArrayBuffer> {
  const content = bytes(length, 9);
  for (let at = 0; at < length; at++) if ((at >> 12) % 2 === 0) content[at] = (at >> 7) & 0xff;
  return content;
}

/** As a source that is open already, and what was asked of it. */
export function source(image: Uint8Array, alignment = 1) {
  const reads: [offset: number, length: number][] = [];
  let [closed, failing] = [false, undefined as Error | undefined];
  const close = async (): Promise<void> => {
    closed = true;
  };
  const read = async (offset: number, target: Uint8Array | number): Promise<Uint8Array> => {
    const buffer = typeof target === 'number' ? new Uint8Array(target) : target;
    reads.push([offset, buffer.length]);
    expect([closed, offset % alignment, buffer.length % alignment]).toEqual([false, 0, 0]);
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (failing) throw failing;
    buffer.set(image.subarray(offset, offset + buffer.length));
    return buffer;
  };
  const driver = { name: 'memory', size: image.length, alignment, read, close };
  return {
    driver: driver as unknown as BlockDriver,
    reads,
    isClosed: () => closed,
    fail: (error: Error) => {
      failing = error;
    },
  };
}

export const openSource = (driver: BlockDriver, options: Options = {}): Promise<BlockDriver> =>
  drivers.openFormat('dmg', driver, { readOnly: true }, { options }) as Promise<BlockDriver>;
