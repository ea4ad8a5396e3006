// What drivers of this process have open, by identity: the same for all names of one device (links, spellings, options), another for each
// other one. What is made anew must not be among it: its content would go while somebody reads it.

import { refusal } from '../block.ts';

const inUse = new Map<string, number>();

/** Throws EBUSY where a driver has open what is about to be made, or emptied. */
export function checkUnused(name: string, identity: string): void {
  if (inUse.has(identity))
    throw refusal('EBUSY', `${name} is in use already, under this or another name, and would lose what it has`);
}

/** Returns what ends the use, once. */
export function use(identity: string): () => void {
  inUse.set(identity, (inUse.get(identity) ?? 0) + 1);
  return () => {
    const others = inUse.get(identity)! - 1;
    if (others > 0) inUse.set(identity, others);
    else inUse.delete(identity);
  };
}
