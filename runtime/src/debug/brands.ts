// Addresses that C has handed out under a name in, under which names an address is known out. Only checked calls keep this book. An
// address may have several names, because memory is used again and C casts; one that C never handed out has none.

import type { TypeNode } from '../contract/signature.ts';

const names = new Map<bigint, Set<string>>();
/** So many addresses are remembered, the latest. */
const MOST = 100_000;

/** The name that a type gives an address: `@rbd_image_t` of a handle, `*iscsi_context` of a pointer to a record. */
export function brandOf(type: TypeNode): string | undefined {
  if (type.kind === 'handle') return `@${type.name}`;
  return type.kind === 'pointer' ? `*${type.name}` : undefined;
}

/** Notes that C has handed out an address as being of a type. */
export function learn(type: TypeNode, address: unknown): void {
  const brand = brandOf(type);
  if (brand === undefined || typeof address !== 'bigint' || address === 0n) return;
  const known = names.get(address) ?? new Set<string>();
  names.delete(address); // and put last
  names.set(address, known.add(brand));
  if (names.size > MOST) names.delete(names.keys().next().value!);
}

/** As what an address is known, where that is something else than the type wants. Pointers to records are cast into each other in C
 *  (GTK hands out a GtkWidget for everything), handles are not. */
export function otherBrand(type: TypeNode, address: bigint): string | undefined {
  const wanted = brandOf(type);
  const known = names.get(address);
  if (wanted === undefined || known === undefined || known.has(wanted)) return undefined;
  const others = [...known].filter((brand) => wanted.startsWith('@') || brand.startsWith('@'));
  return others.length > 0 ? others.map((brand) => brand.slice(1)).join(' or ') : undefined;
}
