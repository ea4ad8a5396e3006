// A resource fork in, its resources of one type out: where older disk images have their tables. Follows Apple's Inside Macintosh: More
// Macintosh Toolbox, "Resource File Format".

import { refusal } from '../block.ts';
import { viewOf } from './trailer.ts';

/** Throws EINVAL for a fork that points out of itself. */
export function resourcesOf(fork: Uint8Array, type: string): Uint8Array[] {
  const view = viewOf(fork);
  /** So many bytes must be there. */
  const within = (what: string, at: number, length: number): number => {
    if (at + length > fork.length)
      throw refusal('EINVAL', `its resource fork is wrong: ${what} at ${at} is beyond its end, ${fork.length}`);
    return at;
  };
  within('the header', 0, 16);
  const [data, map] = [view.getUint32(0), view.getUint32(4)];
  const types = map + view.getUint16(within('the map', map, 30) + 24);
  const wanted = Buffer.from(type, 'latin1').readUInt32BE();
  // Counts are one less than what they count; 0xffff stands for none.
  const count = (view.getUint16(within('the list of types', types, 2)) + 1) & 0xffff;
  for (let t = 0; t < count; t++) {
    const entry = within('a type', types + 2 + 8 * t, 8);
    if (view.getUint32(entry) === wanted)
      return resourcesAt(types + view.getUint16(entry + 6), view.getUint16(entry + 4) + 1);
  }
  return [];

  function resourcesAt(references: number, length: number): Uint8Array[] {
    let total = 0;
    return Array.from({ length }, (_, r) => {
      const reference = within('a resource', references + 12 * r, 12);
      const at = within('its data', data + (view.getUint32(reference + 4) & 0xffffff), 4);
      const size = view.getUint32(at);
      total += 4 + size;
      if (total > fork.length) throw refusal('EINVAL', 'its resource fork is wrong: resources share data');
      within('its data', at + 4, size);
      return fork.subarray(at + 4, at + 4 + size);
    });
  }
}
